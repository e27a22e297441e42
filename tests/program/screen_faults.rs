//! What the full screen must not do to who talks there: keep what was erased, forget what was not
//! read, wait for an answer of the terminal, or take away what is being typed.

use std::fs::File;
use std::io::{Read, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Signal, kill_process};

use super::home::{Home, PATIENCE, ended, find, until};
use super::running::Node;

const ROOM: (u16, u16) = (24, 80);
const LEAST: (u16, u16) = (16, 60);
const CTRL_L: &str = "\u{c}";
const CTRL_Q: &str = "\u{11}";
const CTRL_X: &str = "\u{18}";
const PAGE_UP: &str = "\u{1b}[5~";
const PASSPHRASE: &str = "six mots tirés au hasard, dit-on";

/// Two friends whose nodes run.
fn friends() -> (Home, Home, [Node; 2]) {
    let (anne, zoe) = (Home::new(), Home::new());
    let up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    (anne, zoe, up)
}

/// The same; the first home has a passphrase, and is open. The file holds it.
fn sealed_friends() -> (Home, Home, [Node; 2], String) {
    let (anne, zoe) = (Home::sealed(PASSPHRASE), Home::new());
    let up = [anne.start(), zoe.start()];
    let file = anne.passphrase(PASSPHRASE);
    anne.kith(&["unlock", "--passphrase-file", &file]).done();
    anne.befriend("zoé", &zoe, "anne");
    (anne, zoe, up, file)
}

const CHAT: [&str; 4] = ["chat", "zoé", "--lang", "en"];

/// What is written from now on, until this is among it.
fn written(from: &mut File, until: &str) -> Vec<u8> {
    let (mut all, mut bytes) = (Vec::new(), [0; 4096]);
    let patience = Timespec::try_from(PATIENCE).unwrap();
    while find(&all, until.as_bytes()).is_none() {
        let mut ends = [PollFd::new(from, PollFlags::IN)];
        let heard = poll(&mut ends, Some(&patience)).unwrap();
        let drawn = String::from_utf8_lossy(&all);
        assert_ne!(heard, 0, "no {until:?} in {drawn:?}");
        let length = from.read(&mut bytes).unwrap();
        all.extend_from_slice(&bytes[..length]);
    }
    all
}

fn has(written: &[u8], what: &str) -> bool {
    find(written, what.as_bytes()).is_some()
}

/// What is drawn after a key, until this stands there: on an empty screen, and nothing is asked of the
/// terminal.
fn drawn_anew(keys: &mut File, key: &str, until: &str) -> Vec<u8> {
    written(keys, "not met) >");
    keys.write_all(key.as_bytes()).unwrap();
    let drawn = written(keys, until);
    let shown = String::from_utf8_lossy(&drawn);
    assert!(has(&drawn, "\u{1b}[2J"), "not wiped: {shown:?}");
    assert!(!has(&drawn, "\u{1b}[6n"), "asked: {shown:?}");
    drawn
}

#[test]
fn a_lock_wipes_what_is_seen_and_what_the_terminal_remembers_before_it_says_so() {
    let (anne, _zoe, _up, _file) = sealed_friends();
    let (mut child, mut keys) = anne.at_a_terminal(ROOM, &CHAT);
    let drawn = drawn_anew(&mut keys, CTRL_X, "is locked");
    assert!(has(&drawn, "\u{1b}[3J"), "remembered");
    keys.write_all(CTRL_Q.as_bytes()).unwrap();
    assert_eq!(ended(&mut child, PATIENCE), 0);
}

#[test]
fn everything_is_drawn_anew_without_a_question_to_the_terminal() {
    let (anne, _zoe, _up) = friends();
    let (mut child, mut keys) = anne.at_a_terminal(ROOM, &CHAT);
    drawn_anew(&mut keys, CTRL_L, "not met) >");
    keys.write_all(CTRL_Q.as_bytes()).unwrap();
    assert_eq!(ended(&mut child, PATIENCE), 0);
}

#[test]
fn it_ends_when_the_terminal_is_gone() {
    let (anne, _zoe, _up) = friends();
    // In the middle of nothing, of a drawing, and of a key.
    for last in ["", CTRL_L, "\u{1b}[200~un"] {
        let (mut child, mut keys) = anne.at_a_terminal(ROOM, &CHAT);
        written(&mut keys, "not met) >");
        keys.write_all(last.as_bytes()).unwrap();
        drop(keys);
        assert_ne!(ended(&mut child, PATIENCE), 0, "after {last:?}");
    }
}

#[test]
fn a_window_that_shrinks_and_grows_takes_nothing_from_what_is_typed() {
    let (anne, _zoe, _up) = friends();
    let mut chat = anne.terminal(ROOM, &CHAT);
    chat.shows("to zoé (not met) >");
    let typed = "abcdefghijklmnopqrstuvwxyz";
    for (letter, rows) in typed.chars().zip([16, 40, 3, 24].into_iter().cycle()) {
        for columns in [120, 60, 80, 20, 61, 200] {
            chat.resize((rows, columns));
            chat.types("x");
            chat.resize((rows + 1, columns + 7));
            chat.types("\u{7f}");
        }
        chat.types(&letter.to_string());
    }
    chat.resize(ROOM);
    chat.shows(&format!("to zoé (not met) > {typed}"));
    chat.types("\u{3}");
    assert_eq!(chat.ends(), 130);
}

#[test]
fn what_is_typed_while_the_window_changes_is_heard_at_once() {
    let (anne, _zoe, _up) = friends();
    let mut chat = anne.terminal(ROOM, &CHAT);
    chat.shows("to zoé (not met) >");
    // More than is read at once, so that keys still wait when the new size is told.
    let much = "x\u{7f}".repeat(1000);
    for (count, letter) in ('a'..='z').enumerate() {
        // Half a key, the new size, and the other half.
        chat.types("\u{1b}[");
        chat.resize((24, 100 - u16::try_from(count).unwrap()));
        chat.types(&format!("C{much}{letter}"));
    }
    chat.shows("abcdefghijklmnopqrstuvwxyz");
}

#[test]
fn a_message_is_forgotten_only_once_each_row_of_it_was_drawn() {
    let (anne, zoe, _up) = friends();
    anne.kith(&["history", "zoé", "--keep", "none"]).done();
    let mut chat = anne.terminal(LEAST, &CHAT);
    chat.shows("to zoé (not met) >");
    let long: Vec<_> = (1..=40).map(|row| format!("rang {row}.")).collect();
    zoe.kith(&["send", "anne", &long.join("\n")]).done();
    chat.shows("rang 40.");
    assert!(!chat.contents().contains("rang 1."));
    // What was drawn is told before the next key is heard.
    chat.types("/nothing\r");
    chat.shows("There is no /nothing");
    assert_eq!(anne.status()["unread"], 1);
    // A page at a time, since only what is drawn counts.
    while !chat.contents().contains("rang 1.") {
        let before = chat.contents();
        chat.types(PAGE_UP);
        until(PATIENCE, || (chat.contents() != before).then_some(())).expect("nothing older");
    }
    let is_forgotten = || (anne.status()["unread"] == 0).then_some(());
    until(PATIENCE, is_forgotten).expect("all of it was drawn");
}

#[test]
fn what_was_erased_does_not_stay_on_the_screen() {
    let erases: [(&str, &[&str]); 3] = [
        ("/contact rm zoé --yes\r", &[]),
        ("/contact rename zoé léa\r", &[]),
        ("", &["history", "zoé", "--erase", "--yes"]),
    ];
    for (typed, elsewhere) in erases {
        let (anne, _zoe, _up) = friends();
        let mut chat = anne.terminal(ROOM, &CHAT);
        chat.shows("to zoé (not met) >");
        chat.types("un secret\r");
        chat.shows("Send it? [y/N]");
        chat.types("y\r");
        chat.shows("me (arrived): un secret");
        chat.types(typed);
        if !elsewhere.is_empty() {
            anne.kith(elsewhere).done();
        }
        let gone = || (!chat.contents().contains("un secret")).then_some(());
        until(PATIENCE, gone).unwrap_or_else(|| panic!("{typed:?}: {}", chat.contents()));
        if elsewhere.is_empty() {
            chat.shows("Nobody chosen yet");
            chat.types("pour qui ?\r");
            chat.shows("writing to nobody");
        }
    }
}

#[test]
fn a_line_that_waits_for_a_yes_does_not_outlive_a_lock() {
    let (anne, zoe, _up, file) = sealed_friends();
    let mut chat = anne.terminal(ROOM, &CHAT);
    chat.shows("to zoé (not met) >");
    chat.types("un secret\r");
    chat.shows("Send it? [y/N]");
    chat.types(CTRL_X);
    chat.shows("The node is locked");
    anne.kith(&["unlock", "--passphrase-file", &file]).done();
    chat.shows("to zoé (not met) >");
    chat.types("y\r");
    chat.shows("Send it? [y/N]");
    chat.types("y\r");
    chat.shows("me (arrived): y");
    let said = zoe.inbox();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0]["text"], "y", "and not the secret");
}

#[test]
fn what_would_wait_is_not_done_inside_a_conversation() {
    let (anne, _zoe, _up) = friends();
    let mut chat = anne.terminal(ROOM, &CHAT);
    chat.shows("to zoé (not met) >");
    chat.types("/status --wait-online 20s\r");
    chat.shows("--wait-online");
    chat.shows("another window");
}

#[test]
fn whatever_signal_ends_it_the_terminal_is_given_back() {
    let (anne, _zoe, _up) = friends();
    for signal in [Signal::INT, Signal::QUIT, Signal::TERM, Signal::HUP] {
        let mut chat = anne.terminal(ROOM, &CHAT);
        chat.shows("to zoé (not met) >");
        kill_process(chat.foreground(), signal).unwrap();
        assert_eq!(chat.ends(), 128 + signal.as_raw(), "{signal:?}");
        until(PATIENCE, || {
            (!chat.look(vt100::Screen::alternate_screen)).then_some(())
        })
        .unwrap_or_else(|| panic!("{signal:?}"));
        assert!(chat.is_cooked(), "{signal:?}");
    }
}
