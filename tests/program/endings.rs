//! However the program ends, whoever sits at the terminal finds it as it was; and a reader who went away
//! is no reason to complain.

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Signal, kill_process};

use super::home::{Home, PATIENCE, ended, find, until};
use super::members::{found, friends};
use super::terminal::Terminal;

const FULL: (u16, u16) = (24, 80);
/// Here one talks in lines, with an editor for them.
const SMALL: (u16, u16) = (12, 80);
const CTRL_C: &str = "\u{3}";
const END: &str = "\u{1b}[F";
const CTRL_F: &str = "\u{6}";
const CTRL_Q: &str = "\u{11}";

/// What the program wrote last may still be on its way to the screen.
fn is_as_it_was(terminal: &Terminal) {
    let is_given_back = |screen: &vt100::Screen| {
        !screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor()
    };
    let look = || terminal.look(is_given_back).then_some(());
    until(PATIENCE, look).expect("the screen is not given back");
    assert!(terminal.is_cooked());
}

#[test]
fn whatever_ends_a_conversation_the_terminal_is_as_it_was() {
    let home = Home::new();
    let _up = home.start();
    for room in [FULL, SMALL] {
        for signal in [Signal::HUP, Signal::INT, Signal::TERM] {
            let mut chat = home.terminal(room, &["chat", "--lang", "en"]);
            chat.shows("to nobody >");
            assert!(!chat.is_cooked(), "letters are read one by one");
            chat.types("un secret");
            chat.shows("un secret");
            kill_process(chat.foreground(), signal).unwrap();
            assert_eq!(chat.ends(), 128 + signal.as_raw(), "{room:?}");
            is_as_it_was(&chat);
        }
        let mut chat = home.terminal(room, &["chat", "--lang", "en"]);
        chat.shows("to nobody >");
        chat.types(CTRL_C);
        assert_eq!(chat.ends(), 130);
        is_as_it_was(&chat);
    }
}

#[test]
fn whatever_ends_a_question_for_a_passphrase_one_sees_again_what_one_types() {
    let asks = |home: &Home| {
        let asked = home.terminal(SMALL, &["init", "--lang", "en"]);
        asked.shows("New passphrase:");
        until(PATIENCE, || (!asked.is_cooked()).then_some(())).expect("it is shown");
        asked
    };
    for signal in [Signal::HUP, Signal::INT, Signal::TERM] {
        let home = Home::empty();
        let mut asked = asks(&home);
        kill_process(asked.foreground(), signal).unwrap();
        assert_eq!(asked.ends(), 128 + signal.as_raw());
        is_as_it_was(&asked);
    }
    let home = Home::empty();
    let mut asked = asks(&home);
    asked.types(CTRL_C);
    assert_eq!(asked.ends(), 130);
    is_as_it_was(&asked);
    assert!(!home.data("root.slot").exists());
    // Whoever goes on is asked again, and can still be ended by Ctrl-C.
    let mut asked = asks(&home);
    asked.types("un\r");
    asked.shows("Once more:");
    asked.types(CTRL_C);
    assert_eq!(asked.ends(), 130);
    is_as_it_was(&asked);
}

#[test]
fn a_terminal_that_is_gone_ends_a_conversation_though_no_signal_says_so() {
    let home = Home::new();
    let _up = home.start();
    for room in [FULL, SMALL] {
        let (mut child, mut keys) = home.at_a_loose_terminal(room, &["chat", "--lang", "en"]);
        let (mut drawn, mut bytes) = (Vec::new(), [0; 4096]);
        while find(&drawn, b"to nobody >").is_none() {
            let length = keys.read(&mut bytes).unwrap();
            drawn.extend_from_slice(&bytes[..length]);
        }
        drop(keys);
        ended(&mut child, Duration::from_secs(20));
    }
}

#[test]
fn a_reader_who_went_away_ends_a_command_without_a_word() {
    let home = Home::new();
    let _up = home.start();
    home.kith(&["invite", "--as", "zoé"]).done();
    for args in [
        &["contact", "list"][..],
        &["contact", "list", "--json"],
        &["help", "verbs"],
        &["help", "names"],
        &["completions", "bash"],
        &["status"],
        &["config", "list"],
        &["chat", "--plain"],
    ] {
        let mut command = home.command(args);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(ended(&mut child, PATIENCE), 0, "{args:?}");
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(!said.contains("error") && !said.contains("kith:"), "{said}");
    }
}

#[test]
fn a_group_talks_on_the_full_screen_and_what_was_said_is_found_there() {
    let people = friends(&["anne", "bob", "carole"]);
    found(&people);
    let (anne, bob) = (&people[0], &people[1]);
    bob.kith(&["send", "collectif", "le canal est gelé"]).done();
    for number in 0..30 {
        let text = format!("ligne {number:02}");
        bob.kith(&["send", "collectif", &text]).done();
    }
    until(PATIENCE, || {
        (anne.home.client().inbox(0, 50).ok()?.messages.len() == 31).then_some(())
    })
    .expect("not all arrived");
    let mut chat = anne
        .home
        .terminal(FULL, &["chat", "collectif", "--lang", "en"]);
    chat.shows("bob: le canal est gelé");
    chat.types(END);
    chat.shows("bob: ligne 29");
    chat.types("bonjour à vous deux\r");
    chat.shows("): bonjour à vous deux");
    chat.types(CTRL_F);
    chat.types("canal est\r");
    let seen = chat.shows("bob: le canal est gelé");
    assert!(seen.contains("F5 older"), "{seen}");
    assert!(!seen.contains("ligne 29"), "{seen}");
    chat.types(CTRL_Q);
    assert_eq!(chat.ends(), 0);
    is_as_it_was(&chat);
    assert!(!chat.contents().contains("canal"));
}
