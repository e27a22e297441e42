//! The ways to others that a person opens and shuts, and what they hear of it.

use std::net::TcpStream;

use kith_node::control::shape::{Waits, Why};

use super::home::{Home, PATIENCE, until};

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
