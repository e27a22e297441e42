//! A node that was told to forget opens with its passphrase only; one that was told to end leaves
//! nothing, or says what.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::home::{Home, PATIENCE, until};

const OLD: &str = "six mots tirés au hasard, dit-on";
const NEW: &str = "sept autres mots, et bien plus longs";

impl Home {
    /// A file with another passphrase, beside the home.
    fn another(&self, text: &[u8]) -> String {
        let path = self.beside("another");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn unlock(&self, file: &str) -> super::home::Said {
        self.kith_alone(&["unlock", "--passphrase-file", file])
    }
}

#[test]
fn a_locked_node_answers_nothing_but_its_passphrase() {
    let (anne, zoe) = (Home::sealed(OLD), Home::new());
    let (right, wrong) = (anne.passphrase(OLD), anne.another(NEW.as_bytes()));
    anne.kith(&["up", "--passphrase-file", &right]).done();
    let _zoe = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    let mut screen = anne.talk(&["chat", "zoé", "--plain", "--lang", "en"]);
    screen.hears("zoé");
    anne.kith(&["lock"]).done();
    anne.kith(&["lock"]).done();
    screen.hears("locked");
    zoe.sees(0);
    zoe.kith(&["send", "anne", "tu dors ?"]).done();
    for verb in [
        &["send", "zoé", "x"][..],
        &["inbox"],
        &["history", "zoé"],
        &["chat", "zoé"],
        &["contact", "list"],
        &["contact", "rm", "zoé", "--yes"],
        &["invite", "--as", "lise"],
        &["passphrase"],
    ] {
        let refused = anne.kith(&[verb, &["--lang", "en"]].concat());
        assert!(refused.refused(77).contains("kith unlock"), "{refused:?}");
    }
    let status = anne.kith(&["status", "--json"]);
    assert_eq!(status.code, 1, "{status:?}");
    assert_eq!(status.json()["locked"], true);

    anne.unlock(&wrong).refused(77);
    anne.unlock(&anne.another(b"un \xff")).refused(65);
    assert_eq!(anne.status()["locked"], true);
    anne.unlock(&right).done();
    anne.unlock(&right).done();
    screen.hears("tu dors ?");
    drop(screen);
    assert_eq!(anne.status()["friends"]["online"], 1);
}

#[test]
fn a_changed_passphrase_is_the_only_one() {
    let home = Home::sealed(OLD);
    let (old, new) = (home.passphrase(OLD), home.another(NEW.as_bytes()));
    home.kith(&["up", "--passphrase-file", &old]).done();
    let change = |from: &str, to: &str| {
        let files = ["--passphrase-file", from, "--new-file", to];
        home.kith_alone(&[&["passphrase", "--cheap"], &files[..]].concat())
    };
    change(&new, &new).refused(77);
    change(&old, &new).done();
    home.kith(&["lock"]).done();
    home.unlock(&old).refused(77);
    home.kith(&["up", "--passphrase-file", &old]).refused(77);
    let up = home.kith(&["up", "--passphrase-file", &new, "--lang", "en"]);
    assert!(up.done().contains("listening"));
    home.kith(&["down"]).done();
    home.kith(&["up", "--passphrase-file", &old]).refused(77);
    home.kith(&["up", "--passphrase-file", &new]).done();
}

#[test]
fn a_home_without_a_passphrase_gets_its_first() {
    let home = Home::new();
    home.kith(&["up"]).done();
    home.kith(&["lock"]).refused(77);
    let new = home.another(NEW.as_bytes());
    home.kith_alone(&["passphrase", "--cheap", "--new-file", &new])
        .done();
    assert!(!home.data("device.key").exists());
    home.kith(&["lock"]).done();
    home.unlock(&new).done();
    home.kith(&["down"]).done();
    let up = home.kith_alone(&["up", "--lang", "en"]).done();
    assert!(up.contains("locked"), "{up}");
    home.unlock(&new).done();
}

#[test]
fn a_wipe_that_left_something_says_so_and_is_repeated_at_the_next_start() {
    let home = Home::new();
    let (slot, stick) = (home.data("root.slot"), home.beside("stick"));
    fs::rename(&slot, home.beside("elsewhere")).unwrap();
    symlink(&stick, &slot).unwrap();
    let wiped = home.kith(&["wipe", "--all", "--now", "--lang", "en"]);
    assert_eq!(wiped.code, 74, "{wiped:?}");
    assert!(wiped.out.contains("root.slot"), "{wiped:?}");
    assert!(wiped.err.contains("NOT complete"), "{wiped:?}");
    assert!(wiped.err.contains("SD card"), "{wiped:?}");
    for verb in [&["up"][..], &["daemon"], &["init", "--no-passphrase"]] {
        let again = home.kith(&[verb, &["--lang", "en"]].concat());
        assert_eq!(again.code, 74, "{again:?}");
        assert!(again.err.contains("repeated just now"), "{again:?}");
        assert!(again.out.contains("root.slot"), "{again:?}");
    }
    let doctor = home.kith(&["doctor", "--disk", "--lang", "en"]);
    assert_eq!(doctor.code, 1, "{doctor:?}");
    assert!(doctor.out.contains("FAIL"), "{doctor:?}");

    fs::rename(home.beside("elsewhere"), &stick).unwrap();
    let before = fs::read(&stick).unwrap();
    let up = home.kith(&["up", "--lang", "en"]);
    assert_eq!(up.code, 69, "{up:?}");
    assert!(up.err.contains("nothing is left"), "{up:?}");
    assert_ne!(
        fs::read(&stick).unwrap(),
        before,
        "the stick was overwritten"
    );
    home.kith(&["init", "--no-passphrase"]).done();
    home.kith(&["up"]).done();
}

#[test]
fn a_doctor_looks_at_a_node_that_runs_is_locked_or_is_down() {
    let home = Home::sealed(OLD);
    let right = home.passphrase(OLD);
    home.kith(&["doctor", "--net"]).done();
    let doctor = || home.kith(&["doctor", "--json"]).json();
    let verdict = |name: &str| {
        let found = doctor();
        let checks = found["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name);
        check.map(|check| check["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(verdict("node").unwrap(), "warn");
    home.kith(&["up", "--passphrase-file", &right]).done();
    assert_eq!(verdict("node").unwrap(), "ok");
    for sound in ["opens", "kept", "socket", "clock", "dumps"] {
        assert_eq!(verdict(sound).unwrap(), "ok", "{sound}");
    }
    assert_eq!(verdict("listening").unwrap(), "warn", "this machine only");
    assert_eq!(doctor()["node"]["kept"]["friends"], 0);
    home.kith(&["lock"]).done();
    assert_eq!(verdict("node").unwrap(), "warn");
    assert!(doctor()["node"]["kept"].is_null());
    until(PATIENCE, || verdict("listening").is_none().then_some(())).expect("it is locked");
    let only = home.kith(&["doctor", "--time", "--lang", "en"]).done();
    assert!(only.lines().all(|line| line.starts_with("ok  ")), "{only}");
    for lang in ["fr", "en"] {
        let told = home.kith(&["doctor", "--json", "--lang", lang]).json();
        assert_eq!(told["checks"], doctor()["checks"], "in every language");
    }
    Home::empty().kith(&["doctor"]).refused(69);
}
