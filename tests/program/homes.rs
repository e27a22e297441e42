//! One node per home, opened by its own passphrase or key, and never made anew over a damaged one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use kith_proto::invite::Code;

use super::home::{Home, PATIENCE, find, until};

#[test]
fn a_second_daemon_is_refused_at_once_and_told_who_has_the_home() {
    let home = Home::new();
    let node = home.start();
    let began = Instant::now();
    let second = home.kith(&["daemon", "--foreground"]);
    assert!(second.refused(69).contains(&node.pid().to_string()));
    assert!(began.elapsed() < Duration::from_secs(20), "at once");
    // `up` finds it running, and commands go on working.
    let up = home.kith(&["up"]).done();
    assert!(up.contains(&node.pid().to_string()), "{up}");
    assert_eq!(home.status()["state"], "up");
    drop(node);
    home.start();
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_changes_nothing() {
    let home = Home::sealed("six mots tirés au hasard, dit-on");
    let right = home.passphrase("six mots tirés au hasard, dit-on");
    let before = home.files();
    let wrong = home.beside("wrong");
    fs::write(&wrong, "six mots tirés au hasard, dit-il").unwrap();
    fs::set_permissions(&wrong, PermissionsExt::from_mode(0o600)).unwrap();
    let wrong = wrong.to_str().unwrap();
    for verb in [&["up"][..], &["daemon", "--foreground"]] {
        let refused = home.kith(&[verb, &["--passphrase-file", wrong]].concat());
        refused.refused(77);
    }
    for (path, bytes) in home.files() {
        let same = path.ends_with("lock") || before.get(&path) == Some(&bytes);
        assert!(same, "{} changed", path.display());
    }
    home.kith(&["up", "--passphrase-file", &right]).done();
    home.kith(&["down"]).done();
}

#[test]
fn a_passphrase_is_asked_of_a_person_or_read_from_a_private_file_and_nowhere_else() {
    let home = Home::sealed("un deux trois quatre cinq six");
    let file = home.passphrase("un deux trois quatre cinq six");
    home.kith_alone(&["unlock"]).refused(69);
    let locked = home.kith_alone(&["up", "--lang", "en"]).done();
    assert!(locked.contains("kith unlock"), "{locked}");
    home.kith_alone(&["unlock"]).refused(66);
    home.kith(&["unlock", "--no-input"]).refused(66);
    home.kith(&["down"]).done();
    let fresh = Home::empty();
    fresh.kith_alone(&["init"]).refused(66);
    assert!(!fresh.data("root.slot").exists());

    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    home.kith(&["up", "--passphrase-file", &file]).refused(77);
    fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    let mut daemon = home.command(&["daemon", "--foreground", "--passphrase-file", &file]);
    home.start_with(&mut daemon);
}

/// A way of harming a file.
type Harm = fn(&Path);

const HARMS: [(&str, Harm); 4] = [
    ("empty", |path| fs::write(path, "").unwrap()),
    ("cut short", |path| {
        let whole = fs::read(path).unwrap();
        fs::write(path, &whole[..whole.len() / 2]).unwrap();
    }),
    ("other bytes", |path| {
        let flipped: Vec<u8> = fs::read(path).unwrap().iter().map(|b| b ^ 0x5A).collect();
        fs::write(path, flipped).unwrap();
    }),
    ("missing", |path| fs::remove_file(path).unwrap()),
];

#[test]
fn a_damaged_file_is_named_and_never_replaced_by_a_new_identity() {
    let parts = [
        ("root.slot", "root.slot"),
        ("device.key", "device.key"),
        ("db/db", "data/db"),
        ("db/conf", "data/db"),
    ];
    for (file, named) in parts {
        for (harm, damage) in HARMS {
            let what = format!("{file}, {harm}");
            let home = Home::new();
            let node = home.start();
            let before = identity(&home, "zoé");
            drop(node);
            damage(&home.data(file));
            let left = fs::read(home.data(file)).ok();
            let up = home.kith_alone(&["up"]);
            if up.code == 0 && named == "data/db" {
                // The end of a log is room for more: nothing was lost with it.
                let after = identity(&home, "lise");
                home.kith(&["down"]).done();
                assert_eq!(after, before, "{what}: another identity");
                continue;
            }
            assert!(up.refused(74).contains(named), "{what}: {up:?}");
            assert!(home.kith_alone(&["daemon"]).refused(74).contains(named));
            home.kith(&["init", "--no-passphrase"]).refused(73);
            let still = fs::read(home.data(file)).ok();
            assert_eq!(still, left, "{what}: it was written to");
        }
    }
}

/// Whose home it is, as an invitation says it.
fn identity(home: &Home, guest: &str) -> [u8; 32] {
    let code = home.kith(&["invite", "--as", guest]).done();
    Code::parse(&code)
        .unwrap_or_else(|_| panic!("no invitation"))
        .ik
}

#[test]
fn one_copy_of_the_slot_may_be_damaged() {
    let (anne, zoe) = (Home::new(), Home::new());
    let node = anne.start();
    let _zoe = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    drop(node);
    for page in [1, 2] {
        let path = anne.data("root.slot");
        let mut slot = fs::read(&path).unwrap();
        slot[page * 4096..(page + 1) * 4096].fill(0x5A);
        fs::write(&path, slot).unwrap();
        let node = anne.start();
        anne.kith(&["send", "zoé", "toujours moi", "--wait=60s"])
            .done();
        drop(node);
    }
    assert_eq!(zoe.inbox().len(), 2);
}

#[test]
fn an_init_that_was_cut_off_is_said_and_can_be_cleared() {
    let home = Home::empty();
    fs::create_dir_all(home.data("")).unwrap();
    fs::write(home.data("root.slot.new"), "").unwrap();
    home.kith(&["up"]).refused(69);
    let said = home.kith(&["init", "--no-passphrase"]);
    assert!(said.refused(73).contains("kith wipe --all"));
    home.kith(&["wipe", "--all", "--now"]).done();
    fs::create_dir_all(home.path()).unwrap();
    home.listen_at(&home.address);
    home.kith(&["init", "--no-passphrase"]).done();
    home.start();
}

#[test]
fn a_home_is_its_owners_alone_and_nothing_is_written_elsewhere() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "salut", "--wait=60s"]).done();
    zoe.inbox();
    for home in [&anne, &zoe] {
        private(&home.path(), home);
        let elsewhere = fs::read_dir(home.beside("nowhere")).unwrap().count();
        assert_eq!(elsewhere, 0, "something was written outside the home");
    }
}

/// Directories 0700, files and the socket 0600; what the test made itself is not counted.
fn private(dir: &Path, home: &Home) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let about = fs::symlink_metadata(&path).unwrap();
        let mode = about.permissions().mode() & 0o777;
        let ours = path == home.path().join("config.toml");
        let good = if about.is_dir() { 0o700 } else { 0o600 };
        assert!(ours || mode == good, "{} is {mode:o}", path.display());
        if about.is_dir() {
            private(&path, home);
        }
    }
}

#[test]
fn after_a_wipe_no_word_is_left_and_the_passphrase_opens_nothing() {
    const CANARY: &str = "le canari chante à minuit";
    const PASSPHRASE: &str = "cheval batterie agrafe correct";
    let (anne, zoe) = (Home::sealed(PASSPHRASE), Home::new());
    let file = anne.passphrase(PASSPHRASE);
    let mut daemon = anne.command(&["daemon", "--foreground", "--passphrase-file", &file]);
    let node = anne.start_with(&mut daemon);
    let _zoe = zoe.start();
    anne.befriend("tante-zoé", &zoe, "cousine-anne");
    anne.kith(&["send", "tante-zoé", CANARY, "--wait=60s"])
        .done();
    zoe.kith(&["send", "cousine-anne", CANARY, "--wait=60s"])
        .done();
    anne.kith(&["send", "tante-zoé", CANARY]).done();
    for home in [&anne, &zoe] {
        for (path, bytes) in home.files() {
            for word in [CANARY, PASSPHRASE, "tante-zoé", "cousine-anne"] {
                let clear = find(&bytes, word.as_bytes());
                assert_eq!(clear, None, "{word} in {}", path.display());
            }
        }
    }
    // A second name for the slot shows what became of its bytes.
    let slot = anne.beside("slot");
    fs::hard_link(anne.data("root.slot"), &slot).unwrap();
    let header = fs::read(&slot).unwrap();
    anne.kith(&["wipe", "--all", "--now"]).done();
    assert_eq!(node.ends(), 0);
    assert!(!anne.path().exists(), "{:?}", anne.files().keys());
    let after = fs::read(&slot).unwrap();
    assert!(
        header
            .windows(32)
            .step_by(32)
            .all(|part| find(&after, part).is_none())
    );

    fs::create_dir_all(anne.data("")).unwrap();
    fs::copy(&slot, anne.data("root.slot")).unwrap();
    anne.kith(&["up", "--passphrase-file", &file]).refused(74);
    // Their friend is told nothing, and loses nothing.
    assert_eq!(zoe.kith(&["status"]).code, 0);
}

/// An old copy of a whole home opens like any other; the first link shows it, before any parcel. Both
/// are asked to compare words, and go on when they have.
#[test]
fn a_home_that_went_back_in_time_is_noticed_said_and_goes_on_after_a_comparison() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _anne = anne.start();
    let node = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "avant", "--wait=60s"]).done();
    drop(node);
    let copy: Vec<_> = zoe.files().into_iter().collect();
    let node = zoe.start();
    // More turns than both remember.
    for _ in 0..6 {
        anne.kith(&["send", "zoé", "entre", "--wait=60s"]).done();
        zoe.kith(&["send", "anne", "deux", "--wait=60s"]).done();
    }
    drop(node);
    fs::remove_dir_all(zoe.path().join("data")).unwrap();
    for (path, bytes) in copy {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let _again = zoe.start();
    let words = [(&zoe, "anne"), (&anne, "zoé")].map(|(home, friend)| {
        let asked = || Some(home.client().contact(friend).unwrap().session_words);
        let words = until(PATIENCE, || asked().filter(|words| !words.is_empty()));
        let words = words.expect("both are asked").join(" ");
        let list = home.kith(&["contact", "list", "--lang", "en"]).done();
        assert!(list.contains("to be checked again"), "{list}");
        let check = home.kith(&["contact", "check", friend, "--lang", "en"]);
        assert_eq!(check.code, 1, "{check:?}");
        assert!(check.out.contains(&words), "{check:?}");
        let wrong = home.kith(&["contact", "check", friend, "--yes", "un", "deux"]);
        assert_eq!(wrong.code, 65, "{wrong:?}");
        words
    });
    assert_eq!(words[0], words[1], "the same on both screens");
    let sent = zoe.kith(&["send", "anne", "après", "--wait=2s"]);
    assert_eq!(sent.code, 75, "saved, and said so: {sent:?}");
    assert_eq!(anne.inbox().len(), 6, "nothing of the old copy came");
    for (home, friend) in [(&zoe, "anne"), (&anne, "zoé")] {
        home.kith(&["contact", "check", friend, "--yes", &words[0]])
            .done();
        assert_eq!(home.kith(&["contact", "check", friend]).code, 0);
    }
    anne.kith(&["send", "zoé", "nous revoilà", "--wait=60s"])
        .done();
    zoe.kith(&["send", "anne", "oui", "--wait=60s"]).done();
    let last: Vec<_> = anne.inbox().into_iter().rev().take(2).collect();
    assert_eq!(last.len(), 2, "what waited has come");
}
