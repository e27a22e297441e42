//! Whoever comes at night: takes a copy of the disk at any moment, and tries everything on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kith_node::store::Store;
use kith_proto::secret::Said;
use kith_proto::vault::{self, Cost, Lock, Name, Place, RecordKey, Vault, VaultError};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::home::Home;
use super::running::Node;

/// A copy of a home's data.
pub(super) struct Seized {
    dir: TempDir,
    store: Store,
}

impl Node {
    /// Not a step further until [`Node::go_on`].
    pub(super) fn hold(&self) {
        kill_process(self.process(), Signal::STOP).unwrap();
        let stopped = || {
            let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
            stat.rsplit(") ").next()?.starts_with('T').then_some(())
        };
        super::home::until(super::home::PATIENCE, stopped).unwrap();
    }

    pub(super) fn go_on(&self) {
        kill_process(self.process(), Signal::CONT).unwrap();
    }

    fn process(&self) -> Pid {
        Pid::from_raw(self.pid().try_into().unwrap()).unwrap()
    }
}

impl Seized {
    /// What is on the disk at this moment, in whatever the node is doing.
    pub(super) fn of(home: &Home, node: &Node) -> Self {
        let dir = tempfile::tempdir().unwrap();
        node.hold();
        copy(&home.data(""), dir.path());
        node.go_on();
        let store = Store::open(dir.path()).unwrap();
        Self { dir, store }
    }

    /// Every byte of it.
    pub(super) fn files(&self) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        super::home::gather(self.dir.path(), &mut files);
        files
    }

    /// What the project's own code opens with this passphrase, and every value of the key tree that
    /// it looked at. `swap` puts something else in the place of one of these.
    pub(super) fn open(
        &self,
        passphrase: &str,
        swap: Option<(&RecordKey, &[u8])>,
    ) -> Result<(Vault, BTreeMap<RecordKey, Vec<u8>>), VaultError> {
        let header = self.store.slot_header().unwrap();
        let [a, b] = self.store.slot_copies().unwrap();
        let lock = Lock::Passphrase {
            text: passphrase.as_bytes(),
            cost: Cost::FLOOR,
        };
        let mut tree = BTreeMap::new();
        let fetch = |key: &RecordKey| {
            let value = match swap {
                Some((swapped, value)) if swapped == key => value.to_vec(),
                _ => self.store.get(key).unwrap()?,
            };
            tree.insert(*key, value.clone());
            Some(value)
        };
        let (vault, _) = vault::open(&header, [&a, &b], &lock, [1; 32], fetch)?;
        Ok((vault, tree))
    }

    /// All records, sealed as they are.
    pub(super) fn records(&self) -> BTreeMap<RecordKey, Vec<u8>> {
        let places = [Place::State, Place::Body].into_iter();
        let records = places.flat_map(|place| self.store.records(place));
        records.map(Result::unwrap).collect()
    }

    /// The state, opened.
    pub(super) fn state(&self, vault: &Vault) -> Vec<(Name, Said)> {
        let records = self.store.states().map(Result::unwrap);
        let opened = records.map(|(key, sealed)| vault.open_record(&key, &sealed));
        opened.filter_map(Result::ok).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Bytes that nobody could guess, as text: made while the test runs, so that no program holds them.
pub(super) fn canary() -> String {
    let mut bytes = [0; 15];
    let mut random = fs::File::open("/dev/urandom").unwrap();
    std::io::Read::read_exact(&mut random, &mut bytes).unwrap();
    bytes
        .map(|byte| char::from(b'a' + byte % 26))
        .iter()
        .collect()
}

/// Secrets to look for, by what they are.
#[derive(Default)]
pub(super) struct Needles {
    all: Vec<(&'static str, Vec<u8>)>,
    /// By their first two bytes: whatever begins so may be one.
    begins: BTreeMap<[u8; 2], Vec<usize>>,
}

impl Needles {
    pub(super) fn add(&mut self, what: &'static str, secret: &[u8]) {
        let head = [secret[0], secret[1]];
        self.begins.entry(head).or_default().push(self.all.len());
        self.all.push((what, secret.to_vec()));
    }

    pub(super) fn count(&self, what: &str) -> usize {
        self.all.iter().filter(|(is, _)| *is == what).count()
    }

    pub(super) fn of_what(&self) -> Vec<&str> {
        self.all.iter().map(|(what, _)| *what).collect()
    }

    /// Tells of every place in `bytes` where one of them stands.
    pub(super) fn find(&self, bytes: &[u8], mut tell: impl FnMut(&'static str, usize)) {
        let mut heads = vec![false; 1 << 16];
        let index = |head: [u8; 2]| usize::from(u16::from_le_bytes(head));
        self.begins
            .keys()
            .for_each(|head| heads[index(*head)] = true);
        for (at, head) in bytes.windows(2).enumerate() {
            let head = [head[0], head[1]];
            if !heads[index(head)] {
                continue;
            }
            for needle in &self.begins[&head] {
                let (what, secret) = &self.all[*needle];
                if bytes[at..].starts_with(secret) {
                    tell(what, at);
                }
            }
        }
    }
}
