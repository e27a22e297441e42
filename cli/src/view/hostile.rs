//! Whatever a peer sends, wherever it shows: neither its bytes nor its cells on a terminal are those
//! of a name of mine, and it changes nothing around it.

use std::num::NonZeroU16;

use kith_node::control::shape::{
    Contact, Foreign, Language, Message, Motion, Nick, Somebody, Welcome,
};
use kith_proto::name as core;
use kith_proto::petname::Petname;
use proptest::prelude::*;
use serde_json::{Value, json};
use vt100::Parser;

use super::rows;
use super::*;
use crate::out::encode;
use crate::view::{card, contact_table};

/// The strings of proto's own tests, and names that others could try to get.
const HOSTILE: &str = include_str!("../../../proto/vectors/hostile_text.json");
const MORE: &[&str] = &[
    "zoé",
    "Zoe",
    "z0é",
    "zoe\u{301}",
    "zо\u{E9}",
    "ｚｏé",
    "zoé ",
    " zoé",
    "bob/zoé",
    "bob\u{2044}zoé",
    "bob\u{2215}zoé",
    "bob\u{FF0F}zoé",
    "~\"zoé\"",
    "\"zoé",
    "zoé\"",
    "?lune-tigre",
    "#local/zoé",
    "« zoé »",
    "zoé\u{200D}",
    "zoé\u{AD}",
    "\u{202E}éoz",
    "\u{2067}zoé",
    "zoé\u{E0041}",
    "𝐳𝐨é",
    "zoé (bloqué·e)",
    "zoé: salut",
    "14:03 zoé: salut",
    "zoé  par code",
    "👩\u{200D}👩\u{200D}👧",
    "🇫🇷",
    "✊🏿",
    "זואי",
    "زوي",
    "z\u{1b}[1Doé",
    "\u{1b}[Hzoé",
    "zoé\nzoé",
    "zoé\rbob",
    "\u{9b}31mzoé",
    "\t",
    "陽子",
];
const ROWS: u16 = 60;
const COLUMNS: u16 = 400;
/// A terminal on which lines break, as everybody knows it.
const NARROW: u16 = 80;

/// All of them.
pub(crate) fn hostile() -> Vec<String> {
    let cases: Vec<Value> = serde_json::from_str(HOSTILE).unwrap();
    let kept = cases
        .iter()
        .map(|case| case["text"].as_str().unwrap().to_owned());
    let more = MORE.iter().map(|text| (*text).to_owned());
    let long = [
        "z".repeat(10_000),
        "z\u{301}".repeat(5_000),
        "\u{202E}".repeat(10_000),
    ];
    kept.chain(more).chain(long).collect()
}

/// What stands in each row of a terminal, cell by cell, after this was written.
fn screen(text: &str) -> Vec<Vec<String>> {
    screen_of(COLUMNS, text)
}

fn screen_of(columns: u16, text: &str) -> Vec<Vec<String>> {
    let size = |n| NonZeroU16::new(n).unwrap();
    let mut terminal = Parser::new(size(ROWS), size(columns), 0);
    terminal.process(text.replace('\n', "\r\n").as_bytes());
    let screen = terminal.screen();
    let cell = |row, column| screen.cell(row, column).unwrap().contents().to_owned();
    let row = |row| (0..columns).map(|column| cell(row, column)).collect();
    (0..ROWS).map(row).collect()
}

/// The cells of one line, without the empty ones after it.
fn cells(text: &str) -> Vec<String> {
    let mut row = screen(text).swap_remove(0);
    while row.last().is_some_and(|cell| cell.trim().is_empty()) {
        row.pop();
    }
    row
}

/// Everything that can be shown of somebody who sends this.
fn foreign(text: &str) -> Vec<core::Foreign> {
    let nick = core::Nick::of(text).map(core::Foreign::Proposed);
    let edge = core::Label::received(text).map(|label| core::Foreign::Edge {
        by: Petname::parse("bob").unwrap(),
        label,
    });
    let words = core::Unknown::read(text).map(core::Foreign::Unknown);
    [nick, edge, words].into_iter().flatten().collect()
}

fn contact(petname: &str, nick: Option<&core::Nick>) -> Contact {
    let contact = json!({
        "petname": petname, "language": "fr", "reads": false, "nick": null, "state": "code", "online": true, "stopped": false,
        "last_seen": null, "since": "2026-11-21T13:03:00Z", "unread": 2, "outbox": 0, "full": false,
        "keep_min": 0, "timer": { "mine_min": 0, "theirs_min": 0, "agreed_min": 0 },
    });
    let mut contact: Contact = serde_json::from_value(contact).unwrap();
    contact.nick = nick.cloned().map(Nick);
    contact
}

fn every_language() -> [Words; 2] {
    [Language::French, Language::English].map(Words::new)
}

/// Shown as it is in lists and questions, with and without its warning.
fn assert_apart(text: &str, mine: &[&str]) {
    for called in foreign(text) {
        for looks_like in [None, Some("zoé".to_owned())] {
            let one = Somebody {
                called: Foreign(called.clone()),
                looks_like,
            };
            for words in every_language() {
                let shown = somebody(&words, &one);
                for mine in mine {
                    assert_ne!(shown, name(mine), "{text:?}");
                    assert_ne!(cells(&shown), cells(&name(mine)), "{text:?}");
                }
                assert_eq!(shown.lines().count(), 1, "{text:?}");
            }
            let written = String::from_utf8(encode(&one).unwrap()).unwrap();
            let read: Value = serde_json::from_str(&written).unwrap();
            assert!(read["petname"].is_null(), "{written}");
        }
    }
}

/// On a card the name is mine, and what they call themselves stands in its own line.
fn assert_card(text: &str) {
    let nick = core::Nick::of(text);
    for words in every_language() {
        let plain = screen(&card(&words, &contact("zoé", None)));
        let shown = card(&words, &contact("zoé", nick.as_ref()));
        let drawn = screen(&shown);
        let line = usize::from(nick.is_some());
        assert_eq!(drawn[..2], plain[..2], "{text:?}");
        assert_eq!(drawn[2 + line..][..10], plain[2..][..10], "{text:?}");
        if line == 1 {
            assert!(drawn[2].starts_with(&[" ".into(), " ".into()]), "{text:?}");
            assert!(shown.contains("~\""), "{text:?}");
        }
        let table = |nick| contact_table(&words, &[contact("zoé", nick)]);
        assert_eq!(table(nick.as_ref()), table(None), "{text:?}");
    }
    let written = encode(&contact("zoé", nick.as_ref())).unwrap();
    let read: Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(read["petname"], "zoé");
    assert_eq!(cells(std::str::from_utf8(&written).unwrap())[0], "{");
}

/// Words of a friend never stand where names do: only their first row begins at the left.
fn assert_said(text: &str) {
    let message = json!({
        "seq": 1, "from": { "petname": "zoé", "state": "code" }, "text": text,
        "received": "2026-11-21T13:03:00Z", "claimed": "2026-11-21T13:03:00Z", "limit_min": 0,
    });
    let message: Message = serde_json::from_value(message).unwrap();
    let clock = Clock::now();
    for words in every_language() {
        let shown = rows::broken(&super::message(&words, &clock, &message), NARROW.into());
        let before = "14:02 bob: là\n";
        let drawn = screen_of(NARROW, &format!("{before}{shown}"));
        assert_eq!(drawn[0], screen_of(NARROW, before)[0], "{text:?}");
        for row in &drawn[2..] {
            let begins = row[..6].iter().all(|cell| cell.trim().is_empty());
            assert!(begins, "{text:?}: {}", row.concat());
        }
    }
}

/// What somebody proposes, says of it or calls a group begins no row: not even of what stands below.
fn assert_proposed(text: &str) {
    let motion = json!({
        "id": 3, "words": ["lune", "tigre"], "by": { "petname": "zoé" }, "text": text,
        "what": { "type": "poll", "choices": [text, "oui"] }, "since": "2026-11-21T13:03:00Z",
        "until": "2026-11-21T14:03:00Z", "outcome": "open", "needs": 1, "agree": 0, "needed": 1,
        "of": 3, "mine": null, "open_to_me": true, "counts": [1, 0],
        "says": [{ "who": "me", "position": { "choice": 1 }, "reason": text, "last": true }],
    });
    let welcome = json!({
        "by": "zoé", "proposed": text, "charter": text, "people": ["me"], "spectator": true,
        "policy": { "preset": "consent", "add_hours": 24, "promote_hours": 72, "hours": 72,
            "spectator_days": 7, "silent_days": 7 },
    });
    let motion: Motion = serde_json::from_value(motion).unwrap();
    let welcome: Welcome = serde_json::from_value(welcome).unwrap();
    for words in every_language() {
        let mut lines = super::motion(&words, "local", &motion);
        lines.push(format!("      {}", super::welcome(&words, &welcome)));
        let shown = rows::hung(&lines.join("\n"), NARROW.into());
        for row in shown.lines().skip(1) {
            assert!(row.starts_with("      "), "{text:?}: {row}");
        }
        assert!(!shown.contains(['\u{1b}', '\u{9b}', '\r']), "{text:?}");
    }
}

#[test]
fn no_hostile_string_passes_for_a_name_of_mine_wherever_it_shows() {
    let all = hostile();
    assert!(all.len() >= 120);
    for text in &all {
        assert_apart(text, &["zoé", "Zoe", "bob", "lune-tigre", "陽子"]);
        assert_card(text);
        // Longer ones go off the screen.
        let short: String = text.chars().take(1000).collect();
        assert_said(&short);
        assert_proposed(&short);
        // Whoever knows the width begins a line where the terminal would.
        for before in 50..90 {
            assert_said(&format!("{}14:03 zoé: oui", "x".repeat(before)));
        }
    }
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[~?/\"' a-zé\u{200D}\u{202E}\u{1b}\u{9b}#\n-]{0,20}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_that_a_peer_sends_is_drawn_as_a_name_of_mine(text in any_name(), mine in any_name()) {
        assert_apart(&text, &["zoé"]);
        assert_card(&text);
        for called in [text.clone(), mine.clone(), format!("{mine}{text}")] {
            if let Ok(petname) = Petname::parse(&mine) {
                assert_apart(&called, &[petname.as_str()]);
            }
        }
    }

    #[test]
    fn nothing_that_a_friend_says_is_drawn_where_names_stand(text in any_name()) {
        assert_said(&text);
    }
}
