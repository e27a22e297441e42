//! A friendship from its invitation to its end, seen from the memory of the nodes that live through
//! it: sessions begin, turn, are replaced and doubted, secrets change. Of what is over nothing stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::home::{Home, PATIENCE, address, until};
use super::memory::{Memory, keys, quiet, read, write};
use super::running::Node;
use super::seizure::{Needles, Seized, canary};
use super::tap::Tap;

/// So much of each answer passes at first: six blocks make a link and greet on it, a parcel would be
/// five more. A2 does not come through.
const GREETED: usize = 9 * 512;
/// One line each way, and what acknowledges them, so often: then a KEM step is due.
const UNTIL_A_STEP: usize = 13;

/// A node, and every key that was ever seen on its disk.
struct Watched {
    home: Home,
    friend: &'static str,
    node: Option<Node>,
    passphrase: String,
    ever: BTreeSet<(&'static str, [u8; 32])>,
}

impl Watched {
    fn new(passphrase: &str, friend: &'static str) -> Self {
        Self {
            home: Home::sealed(passphrase),
            friend,
            node: None,
            passphrase: passphrase.to_owned(),
            ever: BTreeSet::new(),
        }
    }

    fn start(&mut self) {
        let file = self.home.passphrase(&self.passphrase);
        let line = ["daemon", "--foreground", "--passphrase-file", &file];
        self.node = Some(self.home.start_with(&mut self.home.command(&line)));
    }

    /// What is on its disk now.
    fn look(&mut self) -> Vec<(&'static str, [u8; 32])> {
        let seized = Seized::of(&self.home, self.node.as_ref().unwrap());
        let now = keys(&seized, &self.passphrase);
        self.ever.extend(&now);
        now
    }

    fn keys(&mut self, what: &str) -> BTreeSet<[u8; 32]> {
        let now = self.look().into_iter().filter(|(is, _)| *is == what);
        now.map(|(_, key)| key).collect()
    }

    fn says(&self) {
        write(&mut self.home.client(), self.friend);
    }

    fn reads(&self) {
        read(&mut self.home.client(), 1);
    }

    /// Nothing is in its memory that was on its disk and is not now. How many of each kind are gone.
    fn forgot(&mut self) -> BTreeMap<&'static str, usize> {
        let now: BTreeSet<_> = self.look().into_iter().map(|(_, key)| key).collect();
        let (mut gone, mut count) = (Needles::default(), BTreeMap::new());
        for (what, key) in self.ever.iter().filter(|(_, key)| !now.contains(key)) {
            // Some are shorter.
            let length = key.iter().rposition(|byte| *byte != 0).unwrap() + 1;
            gone.add(what, &key[..length]);
            *count.entry(*what).or_default() += 1;
        }
        let memory = || Memory::of(self.node.as_ref().unwrap()).unwrap();
        let mut found = BTreeMap::new();
        let clean = until(Duration::from_secs(20), || {
            found = memory().find(&gone);
            found.is_empty().then_some(())
        });
        assert!(clean.is_some(), "what is over is still there: {found:?}");
        let mut held = Needles::default();
        now.iter().for_each(|key| held.add("a key", key));
        let sees = now.is_empty() || !memory().find(&held).is_empty();
        assert!(sees, "the scan sees nothing");
        count
    }

    fn stop(&mut self) {
        self.node = None;
    }

    /// Its files as they were.
    fn put_back(&self, files: &BTreeMap<PathBuf, Vec<u8>>) {
        fs::remove_dir_all(self.home.data("")).unwrap();
        for (path, bytes) in files {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}

/// One line each way, read and acknowledged.
fn exchange([a, b]: [&Watched; 2]) {
    a.says();
    b.reads();
    b.says();
    a.reads();
    quiet(&a.home);
    quiet(&b.home);
}

/// Friends who are linked, the tap between them: the one dials, and cannot be dialled.
fn pair(anne: &mut Watched, zoe: &mut Watched) -> Tap {
    fs::write(zoe.home.path().join("config.toml"), "[net]\nlisten = []\n").unwrap();
    anne.start();
    zoe.start();
    let gate = address();
    let tap = Tap::new(&gate, &anne.home.address);
    let code = anne
        .home
        .kith(&["invite", "--as", anne.friend, "--at", &gate]);
    assert_eq!(anne.keys("invitation secret").len(), 1);
    tap.pass_of_answers(GREETED);
    let accept = ["accept", "--as", zoe.friend];
    zoe.home.kith_reading(&accept, code.done()).done();
    // A session is offered, and nobody answers.
    let offered = until(PATIENCE, || zoe.keys("offer seed").pop_first());
    offered.expect("no session is offered");
    anne.look();
    tap.pass_of_answers(usize::MAX);
    tap.cut();
    for watched in [&*anne, &*zoe] {
        let mut client = watched.home.client();
        client.keep(watched.friend, Some(0)).unwrap();
    }
    tap
}

/// Whoever is due to offers a new key, while nobody answers.
fn step(anne: &mut Watched, zoe: &mut Watched) {
    (0..UNTIL_A_STEP).for_each(|_| exchange([anne, zoe]));
    for turn in 0..2 * UNTIL_A_STEP {
        let (one, other) = match turn % 2 {
            0 => (&mut *anne, &mut *zoe),
            _ => (&mut *zoe, &mut *anne),
        };
        // In a chain that what is said begins, or in one that its acknowledgement begins.
        other.node.as_ref().unwrap().hold();
        one.says();
        let mut offers = !one.keys("KEM seed").is_empty();
        other.node.as_ref().unwrap().go_on();
        other.reads();
        quiet(&one.home);
        offers |= !other.keys("KEM seed").is_empty();
        exchange([one, other]);
        if offers {
            return exchange([one, other]);
        }
    }
    panic!("nobody takes a step");
}

#[test]
fn no_key_that_was_used_stays_in_memory_in_all_the_life_of_a_friendship() {
    let passphrase = canary();
    let mut anne = Watched::new(&passphrase, "zoé");
    let mut zoe = Watched::new(&passphrase, "anne");
    let tap = pair(&mut anne, &mut zoe);
    if Memory::of(anne.node.as_ref().unwrap()).is_none() {
        eprintln!("skipped: this user may not read the memory of another process");
        return;
    }
    exchange([&anne, &zoe]);
    let first = anne.keys("epoch secret");
    let backup = zoe.home.beside("backup").to_str().unwrap().to_owned();
    let file = zoe.home.passphrase(&passphrase);
    let secret = ["--backup-passphrase-file", &file];
    let args = [&["backup", &backup, "--cheap"][..], &secret].concat();
    zoe.home.kith(&args).done();

    step(&mut anne, &mut zoe);
    let gone = [zoe.forgot(), anne.forgot()];
    for what in ["offer seed", "offer ephemeral", "KEM seed"] {
        assert!(gone.iter().any(|gone| gone.contains_key(what)), "{gone:?}");
    }

    // A disk goes back a little, twice: a session takes another's place, and the one before goes.
    for _ in 0..2 {
        zoe.stop();
        let copy = zoe.home.files();
        zoe.start();
        exchange([&anne, &zoe]);
        anne.look();
        zoe.stop();
        // Not as a second machine beside the first.
        anne.home.sees(0);
        zoe.put_back(&copy);
        zoe.start();
        exchange([&anne, &zoe]);
        anne.look();
    }
    anne.forgot();

    // All is lost but a backup: a session waits for a yes, and then the edge gets new secrets.
    zoe.stop();
    anne.home.sees(0);
    fs::remove_dir_all(zoe.home.path()).unwrap();
    fs::create_dir(zoe.home.path()).unwrap();
    fs::write(zoe.home.path().join("config.toml"), "[net]\nlisten = []\n").unwrap();
    let args = ["restore", &backup, "--cheap", "--passphrase-file", &file];
    zoe.home.kith(&[&args[..], &secret].concat()).done();
    zoe.start();
    let words = || {
        anne.home
            .client()
            .contact(anne.friend)
            .unwrap()
            .session_words
    };
    let words = until(PATIENCE, || Some(words()).filter(|words| !words.is_empty()));
    let words = words.expect("anne is asked").join(" ");
    anne.look();
    let mut client = anne.home.client();
    client.check(anne.friend, Some(words)).unwrap();
    exchange([&anne, &zoe]);
    let renewed = until(PATIENCE, || {
        tap.cut();
        exchange([&anne, &zoe]);
        (anne.keys("epoch secret").intersection(&first).count() == 1).then_some(())
    });
    renewed.expect("the edge keeps its secrets");
    zoe.forgot();
    anne.forgot();

    // The end of it.
    client.remove(anne.friend).unwrap();
    let gone = anne.forgot();
    assert!(anne.look().is_empty());
    for what in [
        "invitation secret",
        "root key",
        "ratchet scalar",
        "chain key",
        "message key",
        "header key",
        "next header key",
        "continuity value",
        "edge root",
        "epoch secret",
        "edge psk",
        "edge hint",
        "flight key",
        "wrap key",
        "handshake header key",
    ] {
        assert!(gone.contains_key(what), "{what}: {gone:?}");
    }
}
