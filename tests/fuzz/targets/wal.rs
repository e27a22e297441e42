//! A write-ahead log with other contents: entries that are torn, older, out of order, changed under a
//! right sum, or none of ours. A store opens to an error, or to one that holds the same at the next
//! opening and goes on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use kith_node::store::{Store, StoreError};
use kith_proto::limits::{RECORD_BODY_BYTES_MAX, WAL_BYTES};
use kith_proto::secret::Said;
use kith_proto::vault::{
    self, Commit, Leaf, Lock, Name, Place, Put, RecordKey, Vault, Write, testing,
};

use super::script::Script;

const DEVICE_KEY: [u8; 32] = [7; 32];
const ORDERS_MAX: usize = 48;
/// Stands where the length of a value stands, if the key is removed.
const REMOVED: u16 = u16::MAX;

/// The files of a store that stopped with some commits in its log alone.
struct Base {
    files: Vec<(PathBuf, Vec<u8>)>,
    log: Vec<u8>,
    /// The number of the last commit that the database has.
    applied: u64,
    /// The body of each entry that ever was, oldest first.
    bodies: Vec<Vec<u8>>,
    keys: Vec<RecordKey>,
}

const COMMITS: u8 = 12;
/// How many of them the database has.
const APPLIED: u8 = 7;

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let dir = Dir::new();
        let lock = Lock::Device(&DEVICE_KEY);
        let (mut vault, header, first) = vault::create(&lock, [1; 32]).expect("a vault");
        let mut store = Store::create(&dir.0, &header, &first).expect("a store");
        let (mut bodies, mut keys) = (vec![body(&first.batch)], Vec::new());
        for n in 1..COMMITS {
            let commit = plan(&mut vault, n);
            bodies.push(body(&commit.batch));
            keys.extend(commit.batch.iter().map(|write| write.key));
            store.commit(&commit).expect("it is written");
            if n + 1 == APPLIED {
                // Whoever reads all has it all put into the database first.
                assert!(store.states().all(|record| record.is_ok()));
            }
        }
        drop(store);
        let mut files = Vec::new();
        read_all(&dir.0, Path::new(""), &mut files);
        let at = files.iter().position(|(name, _)| name == Path::new("wal"));
        let (_, log) = files.swap_remove(at.expect("a log"));
        let applied = APPLIED.into();
        Base {
            files,
            log,
            applied,
            bodies,
            keys,
        }
    })
}

/// What a node would write: a record of its own, one that changes, and one that moves under it.
fn plan(vault: &mut Vault, n: u8) -> Commit {
    let put = |name: &str, place, length: usize| Put {
        name: Name(name.into()),
        place,
        leaf: Leaf(name.into()),
        renew: place == Place::State,
        body: Said::new(vec![n; length.min(RECORD_BODY_BYTES_MAX)]),
    };
    let puts = vec![
        put(&format!("own {n}"), Place::Body, 200 * usize::from(n)),
        put("node", Place::State, 40),
    ];
    vault.plan([(puts, vec![])], [n; 32]).expect("a commit")
}

/// Runs the script.
pub fn wal(data: &[u8]) {
    let base = base();
    let mut script = Script(data);
    let mut log = base.log.clone();
    let written = written(&mut script);
    let length = written.len().min(log.len());
    log[..length].copy_from_slice(&written[..length]);
    if script.u8() == 255 {
        script.damage(&mut log);
    }
    let dir = Dir::new();
    for (name, bytes) in &base.files {
        let path = dir.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, bytes).expect("a file");
    }
    std::fs::write(dir.0.join("wal"), &log).expect("the log");
    let Ok(store) = Store::open(&dir.0) else {
        return;
    };
    assert_eq!(log.len(), WAL_BYTES);
    let before = held(&store);
    drop(store);
    goes_on(&dir.0, &before);
}

/// The entries that the script asks for, one behind the other.
fn written(script: &mut Script<'_>) -> Vec<u8> {
    let base = base();
    let (mut log, mut number) = (Vec::new(), base.applied);
    for _ in 0..ORDERS_MAX {
        if script.is_over() || log.len() > WAL_BYTES {
            break;
        }
        let order = script.u8();
        let next = usize::try_from(number).unwrap_or(0) % base.bodies.len();
        let mut body = base.bodies[next].clone();
        match order % 9 {
            0 => {}
            1 => script.damage(&mut body),
            2 => body = script.long().to_vec(),
            3 => body = base.bodies[script.index(base.bodies.len()).unwrap_or(0)].clone(),
            4 => number = script.u64() >> (script.u8() & 63),
            5 => number = number.wrapping_add_signed(i64::from(script.u8() as i8)),
            6 => {
                let key = *base.keys[script.index(base.keys.len()).unwrap_or(0)].as_bytes();
                let (length, with) = (script.u16(), script.u8());
                let value = vec![with; if length == REMOVED { 0 } else { length.into() }];
                body = [&key[..], &length.to_le_bytes(), &value].concat();
            }
            7 => {
                log.extend_from_slice(script.long());
                continue;
            }
            _ => {
                let mut all = base.bodies[next].clone();
                all.extend_from_slice(&body);
                body = all;
            }
        }
        number = number.wrapping_add(1);
        let mut entry = entry(number, &body);
        if order & 128 == 128 {
            script.damage(&mut entry);
        }
        log.extend(entry);
    }
    log
}

/// `BLAKE3 of the rest 32 | number u64 | length u32 | body`. PROTOCOL §8.
fn entry(number: u64, body: &[u8]) -> Vec<u8> {
    let length = body.len() as u32;
    let rest = [&number.to_le_bytes()[..], &length.to_le_bytes(), body].concat();
    [&testing::sum(&rest)[..], &rest].concat()
}

/// `n x (key 17 | length u16 | value)`
fn body(batch: &[Write]) -> Vec<u8> {
    let mut body = Vec::new();
    for Write { key, value } in batch {
        let length = value.as_ref().map_or(REMOVED, |value| value.len() as u16);
        body.extend_from_slice(key.as_bytes());
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(value.as_deref().unwrap_or_default());
    }
    body
}

type Held = BTreeMap<RecordKey, Vec<u8>>;

fn held(store: &Store) -> Held {
    let records = [Place::State, Place::Body].map(|place| store.records(place));
    let all: Result<_, StoreError> = records.into_iter().flatten().collect();
    all.expect("a store that opened can be read")
}

/// Opened again it holds the same; and if it is a vault still, what is written next is there then.
fn goes_on(dir: &Path, before: &Held) {
    let mut store = Store::open(dir).expect("what opened once opens again");
    assert!(held(&store) == *before, "another opening, other records");
    let header = store.slot_header().expect("the slot was not touched");
    let copies = store.slot_copies().expect("likewise");
    let copies = [copies[0].as_slice(), copies[1].as_slice()];
    let lock = Lock::Device(&DEVICE_KEY);
    let fetch = |key: &RecordKey| store.get(key).ok().flatten();
    let opened = vault::open(&header, copies, &lock, [5; 32], fetch);
    let Ok((mut vault, repair)) = opened else {
        return;
    };
    if let Some(repair) = repair {
        store.repair(&repair).expect("it can be mended");
    }
    let commit = plan(&mut vault, 99);
    store.commit(&commit).expect("it is written");
    drop(store);
    let store = Store::open(dir).expect("and opens again");
    for write in &commit.batch {
        let found = store.get(&write.key).expect("it can be read");
        assert!(found == write.value, "what was written last is not there");
    }
}

/// A directory that goes with its owner; in memory if there is such a place.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let memory = Path::new("/dev/shm");
        let place = match memory.is_dir() {
            true => memory.to_owned(),
            false => std::env::temp_dir(),
        };
        let (process, no) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = place.join(format!("kith-wal-{process}-{no}"));
        std::fs::create_dir(&path).expect("a directory");
        Self(path)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn read_all(dir: &Path, below: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir.join(below)).expect("a directory") {
        let entry = entry.expect("a name");
        let name = below.join(entry.file_name());
        match entry.file_type().expect("a kind").is_dir() {
            true => read_all(dir, &name, files),
            false => files.push((name, std::fs::read(entry.path()).expect("a file"))),
        }
    }
}
