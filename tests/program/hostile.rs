//! Whatever a friend writes: the journal of neither node holds it, even when asked to print all, and the
//! program that hears of new messages gets a number.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::home::{Home, PATIENCE, find, until};
use super::running::Node;

/// The strings of the core's own tests.
const HOSTILE: &str = include_str!("../../proto/vectors/hostile_text.json");

fn hostile() -> Vec<String> {
    let cases: Vec<Value> = serde_json::from_str(HOSTILE).unwrap();
    let texts = cases.iter().map(|case| case["text"].as_str().unwrap());
    texts.map(str::to_owned).collect()
}

/// With a node that prints all it may, and a program that keeps what it is told of new messages.
fn watched() -> (Home, Node) {
    let home = Home::new();
    let (script, heard) = (home.beside("hook"), home.beside("heard"));
    let text = format!("#!/bin/sh\n{{ echo $*; cat; }} >> {}\n", heard.display());
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, PermissionsExt::from_mode(0o700)).unwrap();
    home.set(&format!(
        "[hooks]\non_message = [\"{}\"]\n",
        script.display()
    ));
    let mut daemon = home.command(&["daemon", "--foreground"]);
    let node = home.start_with(daemon.env("KITH_LOG", "trace"));
    (home, node)
}

#[test]
fn no_hostile_string_reaches_the_journal_or_the_program_that_hears_of_messages() {
    let ((anne, here), (zoe, there)) = (watched(), watched());
    zoe.befriend("anne", &anne, "zoé");
    let all = hostile();
    // What is no text at all is refused, in a sentence that does not repeat it.
    let said = all.iter().filter(|text| anne.say("zoé", text).is_ok());
    let said: Vec<&String> = said.collect();
    assert!(said.len() >= 60, "{}", said.len());
    let mut read = Vec::new();
    until(PATIENCE, || {
        read.extend(zoe.read_all());
        (read.len() >= said.len()).then_some(())
    })
    .expect("not all arrived");
    // By way of the program, too: as a text, and as what is noted of somebody.
    for text in &all {
        zoe.kith_reading(&["contact", "note", "anne", "-"], text.as_str());
        zoe.kith_reading(&["send", "anne", "-"], text.as_str());
    }
    let told = until(PATIENCE, || {
        let told = fs::read_to_string(zoe.beside("heard")).ok()?;
        told.contains(|c: char| c.is_ascii_digit()).then_some(told)
    });
    let told = told.expect("nobody told the program");
    let digits = |c: char| c.is_ascii_digit() || c == '\n';
    assert!(told.chars().all(digits), "{told:?}");
    for home in [&anne, &zoe] {
        home.kith(&["down"]).done();
    }
    drop((here, there));
    for home in [&anne, &zoe] {
        let printed = fs::read(home.beside("printed")).unwrap();
        let journal = String::from_utf8(printed.clone()).unwrap();
        assert!(journal.contains("node is up"), "it is not open: {journal}");
        let plain = |c: char| c == '\n' || (c.is_ascii() && !c.is_ascii_control());
        let strange = journal.chars().find(|c| !plain(*c));
        assert_eq!(strange, None, "{journal}");
        // What is shorter may stand in any word.
        for text in all.iter().filter(|text| text.chars().count() > 6) {
            assert_eq!(find(&printed, text.as_bytes()), None, "{text:?}");
        }
    }
}
