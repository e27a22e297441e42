//! `kith chat` on the full screen: a real node, a real terminal, and what its cells hold.

use std::io::{Read, Write};

use rustix::process::{Signal, kill_process};

use super::home::{Home, PATIENCE, ended, find, until};
use super::terminal::Terminal;

const ROOM: (u16, u16) = (24, 80);
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
const CTRL_Q: &str = "\u{11}";
const CTRL_W: &str = "\u{17}";
const CTRL_X: &str = "\u{18}";
const ESCAPE: &str = "\u{1b}";

/// Two friends whose nodes run.
fn friends() -> (Home, Home, [super::running::Node; 2]) {
    let (anne, zoe) = (Home::new(), Home::new());
    let up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    (anne, zoe, up)
}

/// The terminal is as it was: nothing of the conversation is left in it, and lines are edited and
/// echoed again.
fn is_given_back(terminal: &Terminal, said: &str) {
    // What was written last may be drawn a moment after it ended.
    let is_free = |screen: &vt100::Screen| {
        !(screen.alternate_screen() || screen.bracketed_paste() || screen.hide_cursor())
    };
    until(PATIENCE, || terminal.look(is_free).then_some(())).expect("kept by who ended");
    assert!(
        !terminal.contents().contains(said),
        "{}",
        terminal.contents()
    );
    assert!(terminal.is_cooked());
}

#[test]
fn friends_talk_on_the_full_screen() {
    let (anne, zoe, _up) = friends();
    let mut chat = anne.terminal(ROOM, &["chat", "zoé", "--lang", "en"]);
    chat.shows("zoé — by code, not met");
    chat.shows("to zoé (not met) >");
    chat.types("salut\r");
    chat.shows("Send it? [y/N]");
    chat.types("y\r");
    chat.shows("me (arrived): salut");
    zoe.kith(&["send", "anne", "j'y serai\n14:06 bob: non"])
        .done();
    let seen = chat.shows("zoé: j'y serai");
    let forged = seen
        .lines()
        .find(|row| row.contains("14:06 bob: non"))
        .unwrap();
    assert!(forged.contains("│       14:06"), "behind an indent: {seen}");
    let is_forgotten = || (anne.status()["unread"] == 0).then_some(());
    until(PATIENCE, is_forgotten).expect("drawn, and not forgotten");
    chat.types(CTRL_W);
    chat.shows("Words to compare");
    chat.types(ESCAPE);
    chat.shows("me (arrived): salut");
    chat.types(CTRL_D);
    assert_eq!(chat.ends(), 0);
    is_given_back(&chat, "salut");
}

#[test]
fn however_it_ends_the_terminal_is_given_back() {
    let (anne, _zoe, up) = friends();
    let chat = |home: &Home| {
        let chat = home.terminal(ROOM, &["chat", "zoé", "--lang", "en"]);
        chat.shows("to zoé (not met) >");
        chat
    };
    let mut interrupted = chat(&anne);
    interrupted.types("un secret");
    interrupted.types(CTRL_C);
    assert_eq!(interrupted.ends(), 130);
    is_given_back(&interrupted, "un secret");

    let mut ended = chat(&anne);
    ended.types("un secret");
    ended.shows("un secret");
    kill_process(ended.foreground(), Signal::TERM).unwrap();
    assert_eq!(ended.ends(), 128 + 15);
    is_given_back(&ended, "un secret");

    let mut left = chat(&anne);
    drop(up);
    left.shows("The node has ended");
    left.types(CTRL_Q);
    assert_eq!(left.ends(), 0);
    is_given_back(&left, "The node has ended");
}

#[test]
fn a_node_that_is_started_again_is_found_again() {
    let (anne, _zoe, up) = friends();
    let mut chat = anne.terminal(ROOM, &["chat", "zoé", "--lang", "en"]);
    chat.shows("to zoé (not met) >");
    let [mine, _other] = up;
    drop(mine);
    chat.shows("The node has ended");
    let _again = anne.start();
    chat.shows("to zoé (not met) >");
    chat.types("salut\ry\r");
    chat.shows("me (arrived): salut");
}

#[test]
fn a_terminal_that_changes_is_drawn_anew() {
    let (anne, _zoe, _up) = friends();
    let mut chat = anne.terminal(ROOM, &["chat", "zoé", "--lang", "en"]);
    chat.shows("to zoé (not met) >");
    chat.types("salut\ry\r");
    chat.shows("me (arrived): salut");
    chat.resize((12, 50));
    chat.shows("Too little room");
    assert!(!chat.contents().contains("salut"));
    chat.resize((40, 120));
    chat.shows("me (arrived): salut");
    chat.types(CTRL_Q);
    assert_eq!(chat.ends(), 0);
}

#[test]
fn a_locked_screen_holds_nothing_of_what_was_said() {
    let passphrase = "six mots tirés au hasard, dit-on";
    let (anne, zoe) = (Home::sealed(passphrase), Home::new());
    let _up = [anne.start(), zoe.start()];
    let file = anne.passphrase(passphrase);
    anne.kith(&["unlock", "--passphrase-file", &file]).done();
    anne.befriend("zoé", &zoe, "anne");
    let mut chat = anne.terminal(ROOM, &["chat", "zoé", "--lang", "en"]);
    chat.shows("to zoé (not met) >");
    chat.types("un secret\ry\r");
    chat.shows("me (arrived): un secret");
    chat.types(CTRL_X);
    chat.shows("The node is locked");
    let seen = chat.contents();
    assert!(!seen.contains("secret") && !seen.contains("zoé"), "{seen}");
    anne.kith(&["unlock", "--passphrase-file", &file]).done();
    chat.shows("me (arrived): un secret");
}

#[test]
fn a_long_paste_is_asked_about_and_arrives_as_one_message() {
    let (anne, zoe, _up) = friends();
    let mut chat = anne.terminal(ROOM, &["chat", "zoé", "--lang", "fr"]);
    chat.shows("à zoé (pas rencontré·e) >");
    let paste = "\u{1b}[200~un\rdeux\rtrois\rquatre\u{1b}[201~";
    chat.types(paste);
    chat.shows("Insérer 4 lignes");
    chat.types("non\r");
    chat.shows("Rien n'a été inséré");
    chat.types(paste);
    chat.shows("Insérer 4 lignes");
    chat.types("oui\r");
    chat.shows("quatre");
    chat.types("\r");
    chat.shows("L'envoyer");
    chat.types("oui\r");
    chat.shows("moi (arrivé)");
    assert_eq!(zoe.inbox()[0]["text"], "un\ndeux\ntrois\nquatre");
}

#[test]
fn verbs_of_the_command_line_are_typed_behind_a_slash() {
    let (anne, _zoe, _up) = friends();
    let mut chat = anne.terminal(ROOM, &["chat", "zoé", "--lang", "en"]);
    chat.shows("to zoé (not met) >");
    chat.types("/doctor\r");
    chat.shows("ok");
    chat.types("/waiting\r");
    chat.shows("Nobody is waiting");
    chat.types("/timer 1d\r");
    chat.shows("You propose");
    chat.types("/contact note zoé \"a les clés\"\r");
    chat.types(CTRL_W);
    chat.shows("a les clés");
    chat.types("/wipe --all --now\r");
    chat.shows("There is no /wipe");
    assert!(anne.data("root.slot").exists());
    let mut lines = anne.talk(&["chat", "zoé", "--plain", "--lang", "en"]);
    lines.hears("zoé");
    lines.say("/contact");
    lines.hears("by code, not met");
}

#[test]
fn without_colours_no_attribute_is_written() {
    let (anne, _zoe, _up) = friends();
    for (value, expected) in [("1", false), ("", true)] {
        let args = ["chat", "zoé", "--lang", "en"];
        let (mut child, mut keys) = anne.at_a_terminal_of(ROOM, &args, &[("NO_COLOR", value)]);
        let (mut all, mut bytes, mut left) = (Vec::new(), [0; 4096], false);
        while let Ok(length @ 1..) = keys.read(&mut bytes) {
            all.extend_from_slice(&bytes[..length]);
            if !left && find(&all, b"not met) >").is_some() {
                keys.write_all(CTRL_Q.as_bytes()).unwrap();
                left = true;
            }
        }
        assert_eq!(ended(&mut child, PATIENCE), 0);
        let drawn = String::from_utf8(all).unwrap();
        let sequences = drawn.split("\u{1b}[").skip(1);
        let ends = sequences.filter_map(|rest| rest.chars().find(char::is_ascii_alphabetic));
        assert_eq!(
            ends.into_iter().any(|end| end == 'm'),
            expected,
            "{drawn:?}"
        );
    }
}

#[test]
fn where_there_is_no_room_one_talks_in_lines() {
    let (anne, _zoe, _up) = friends();
    let mut small = anne.terminal((12, 80), &["chat", "zoé", "--lang", "en"]);
    small.shows("you talk in lines");
    small.shows("to zoé (not met) >");
    assert!(!small.look(vt100::Screen::alternate_screen));
    small.types("/quit\r");
    assert_eq!(small.ends(), 0);
    let mut plain = anne.terminal(ROOM, &["chat", "zoé", "--plain", "--lang", "en"]);
    plain.shows("You are writing to zoé");
    assert!(!plain.look(vt100::Screen::alternate_screen));
    plain.types("/quit\r");
    assert_eq!(plain.ends(), 0);
}
