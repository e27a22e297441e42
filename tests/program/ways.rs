//! The ways to others that a person opens and shuts, and what they hear of it.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;

use kith_node::control::shape::{Waits, Why};

use super::home::{Home, PATIENCE, to_the_end, until};

#[test]
fn settings_are_shown_and_changed_and_what_will_not_do_changes_nothing() {
    let home = Home::new();
    let get = |name| home.kith(&["config", "get", name]).done().trim().to_owned();
    assert_eq!(get("net.profile"), "normal");
    let set = home.kith(&["--lang", "en", "config", "set", "net.profile", "hostile"]);
    assert!(set.done().contains("hears no beacon"));
    assert_eq!(get("net.profile"), "hostile");
    assert_eq!(get("net.listen"), home.address, "what else stood there");
    for (wrong, code) in [
        (["net.profile", "secret"], 65),
        (["net.profil", "normal"], 65),
        (["net.socks", "10.0.0.1:9050"], 65),
    ] {
        let said = home.kith(&[&["config", "set"], &wrong[..]].concat());
        assert_eq!(said.code, code, "{said:?}");
    }
    assert_eq!(get("net.profile"), "hostile");
    assert_eq!(home.kith(&["config", "get", "net.who"]).code, 65);
    let all = home.kith(&["config", "list", "--json"]).json();
    assert_eq!(all["net.beacons"], "false");
}

#[test]
fn without_tor_a_node_behind_it_reaches_nobody_listens_to_nobody_and_says_so() {
    let [anne, zoe] = [Home::new(), Home::new()];
    let there = zoe.start();
    {
        let _here = anne.start();
        anne.befriend("zoé", &zoe, "anne");
        anne.sees(1);
    }
    let nowhere = anne.beside("no-tor").display().to_string();
    for (name, value) in [
        ("net.profile", "tor-only"),
        ("net.control", nowhere.as_str()),
        ("net.socks", "127.0.0.1:1"),
    ] {
        anne.kith(&["config", "set", name, value]).done();
    }
    let _here = anne.start();
    let is_missing = || (anne.status()["tor"]["state"] == "missing").then_some(());
    until(PATIENCE, is_missing).expect("Tor is not missed");
    assert!(TcpStream::connect(&anne.address).is_err(), "it listens");
    let said = anne.kith(&["--lang", "en", "status"]).out;
    assert!(
        said.contains("nobody answers at its control port"),
        "{said}"
    );
    let doctor = anne.kith(&["--lang", "en", "doctor", "--net"]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.out.contains("Nobody answers at 127.0.0.1:1"));
    let why = anne.kith(&["why", "zoé", "--json"]).done();
    let why: Why = serde_json::from_str(&why).unwrap();
    assert_eq!(why.outlook.unwrap().waits, Waits::Shut);
    drop(there);
}

#[test]
fn settings_are_edited_as_a_whole_or_stay_as_they_were() {
    let home = Home::new();
    let file = home.path().join("config.toml");
    let before = fs::read_to_string(&file).unwrap();
    let edit = |script: &str, more: &[&str]| {
        let editor = home.beside("editor");
        fs::write(&editor, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&editor, PermissionsExt::from_mode(0o700)).unwrap();
        let typed = [&["config", "edit", "--lang", "en"], more].concat();
        let mut command = home.command(&typed);
        // With words of its own, as a person may have it.
        command.env("EDITOR", format!("{} --wait", editor.display()));
        to_the_end(&mut command, Vec::new())
    };
    let left = || -> Vec<_> {
        let names = fs::read_dir(home.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("config")).collect()
    };
    assert!(edit("exit 0", &[]).done().contains("as they were"));
    let wrong = edit(r#"printf '[ui]\nplain = maybe\n' > "$2""#, &[]);
    let told = wrong.refused(78);
    assert!(
        told.contains("ine 2") && told.contains("not kept"),
        "{told}"
    );
    for (script, more) in [
        ("exit 1", &[][..]),
        (r#"rm "$2""#, &[]),
        ("exit 0", &["--no-input"]),
    ] {
        edit(script, more).refused(66);
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    assert_eq!(left(), ["config.toml"]);

    // As many editors do it: a new file in the place of the old one.
    let put = r#"[ "$1" = --wait ] && cat "$2" > "$2.new" &&
        printf '[ui]\nplain = true\n' >> "$2.new" && mv "$2.new" "$2""#;
    assert!(edit(put, &[]).done().contains("changed"));
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        before + "[ui]\nplain = true\n"
    );
    assert_eq!(left(), ["config.toml"]);
    // What nobody understands any more can be mended.
    fs::write(&file, "[net\n").unwrap();
    home.kith(&["config", "list"]).refused(78);
    edit(r#"echo > "$2""#, &[]).done();
    home.kith(&["config", "list"]).done();
}
