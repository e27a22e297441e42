//! What stands in the cells: screens in both languages kept as text, and hostile words that change
//! nothing but their own place.

use std::fs;
use std::num::NonZeroU16;
use std::path::Path;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use kith_node::control::shape::{Language, Line, Message};
use proptest::prelude::*;
use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::json;

use super::super::state::Room;
use super::super::transcript::Entry;
use super::*;
use crate::view;
use crate::when::Clock;

const SIZE: (u16, u16) = (80, 24);

/// The rows of a terminal after this was drawn there.
fn rows(words: &Words, state: &mut State) -> Vec<String> {
    let (columns, height) = state.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, height)).unwrap();
    terminal
        .draw(|frame| drop(draw(frame, words, state)))
        .unwrap();
    let cells = terminal.backend().buffer();
    let cell = |x, y| cells.cell((x, y)).unwrap().symbol().to_owned();
    (0..height)
        .map(|y| (0..columns).map(|x| cell(x, y)).collect())
        .collect()
}

fn message(seq: u64, text: &str) -> Message {
    let message = json!({
        "seq": seq, "from": { "petname": "zoé", "state": "code" }, "text": text,
        "received": "2026-11-21T13:03:00Z", "claimed": "2026-11-21T13:03:00Z", "limit_min": 0,
    });
    serde_json::from_value(message).unwrap()
}

fn mine(seq: u64, text: &str) -> Line {
    let line = json!({
        "seq": seq, "mine": "delivered", "time": "2026-11-21T13:04:00Z", "left_min": null,
        "limit_min": 0, "text": text,
    });
    serde_json::from_value(line).unwrap()
}

/// A conversation in which somebody has just said `text`.
fn state(words: &Words, text: &str) -> State {
    let room = |name: &str, unread, online| Room {
        name: name.to_owned(),
        shown: view::name(name),
        unread,
        online,
    };
    let clock = Clock::at(&"2026-11-21T14:00:00+00:00[UTC]".parse().unwrap());
    let mut state = State::default();
    state.resize(SIZE);
    state.status = words.say(&msg!("screen-online", count = 2));
    state.rooms = vec![
        room("zoé", 2, true),
        room("bob", 0, true),
        room("#local", 11, false),
    ];
    state.head = format!("zoé — {}", words.get("how-code"));
    state.warns = true;
    state.prompt = words.say(&msg!("prompt-to-unmet", name = "zoé"));
    state.switch("zoé".to_owned());
    let line = mine(3, "j'y serai");
    let spoken = view::spoken(words, &clock, "zoé", &line);
    let before = Entry {
        spoken,
        ..Entry::default()
    };
    state
        .transcript
        .newest(vec![(3, before)], true, |_| view::Spoken::default());
    let spoken = view::in_its_room(words, &clock, &message(4, text));
    state.transcript.arrived(
        4,
        Entry {
            spoken,
            unread: true,
            ..Entry::default()
        },
    );
    state.transcript.mark_new();
    state
}

fn compare(words: &Words, name: &str, drawn: &[String]) {
    let lang = match words.language {
        Language::French => "fr",
        Language::English => "en",
    };
    let text: String = drawn
        .iter()
        .map(|row| format!("{}\n", row.trim_end()))
        .collect();
    let screens = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/screens");
    let path = screens.join(lang).join(format!("{name}.txt"));
    if std::env::var_os("KITH_BLESS").is_some() {
        return fs::write(path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "{}", path.display());
}

#[test]
fn the_full_screen_in_both_languages() {
    for words in crate::words::every_language() {
        let mut state = state(&words, "salut, l'AG est à 18 h\net après on mange");
        state.input.insert(
            "avec le café, et des chaises pour celles et ceux qui viennent de loin, bien sûr",
        );
        state.say(words.say(&msg!("state-online", name = "bob")));
        compare(&words, "fullscreen", &rows(&words, &mut state));
        state.pasted("un\ndeux\ntrois\nquatre");
        compare(&words, "fullscreen-paste", &rows(&words, &mut state));
        state.press(KeyEvent::new(KeyCode::Char('o'), KeyModifiers::NONE));
        assert!(rows(&words, &mut state).concat().contains("/N] o"));
        state.paste = None;
        state.show(super::super::wish::help(&words));
        compare(&words, "fullscreen-help", &rows(&words, &mut state));
        state.forget(Away::Locked);
        compare(&words, "fullscreen-locked", &rows(&words, &mut state));
    }
}

#[test]
fn everything_is_there_in_the_least_room() {
    for words in crate::words::every_language() {
        let mut state = state(&words, "salut");
        state.size = (60, 16);
        let drawn = rows(&words, &mut state);
        for part in ["zoé —", "salut", &state.prompt, "F1"] {
            assert!(
                drawn.iter().any(|row| row.contains(part.trim_end())),
                "{part}: {drawn:#?}"
            );
        }
        state.size = (59, 16);
        let drawn = rows(&words, &mut state).concat();
        assert!(!drawn.contains("salut") && drawn.contains("60"));
    }
}

#[test]
fn whatever_is_shown_is_drawn_in_whatever_room_there_is() {
    let words = Words::new(Language::French);
    let every: [fn(&mut State); 6] = [
        |_| {},
        |state| drop(state.pasted("un\ndeux\ntrois\nquatre")),
        |state| state.show("ligne\n".repeat(50)),
        |state| state.say("陽子 ".repeat(40)),
        |state| {
            state.input.insert(&"mot ".repeat(300));
        },
        |state| state.forget(Away::Gone),
    ];
    for change in every {
        let mut state = state(&words, &"long ".repeat(100));
        change(&mut state);
        for (columns, height) in (0..70).flat_map(|columns| (0..20).map(move |row| (columns, row)))
        {
            // It was laid out for other room.
            state.size = SIZE;
            let mut terminal = Terminal::new(TestBackend::new(columns, height)).unwrap();
            terminal
                .draw(|frame| drop(draw(frame, &words, &mut state)))
                .unwrap();
            assert_eq!(state.size, (columns, height));
        }
    }
}

#[test]
fn who_was_not_met_is_told_in_words_before_everything_that_is_typed() {
    for words in crate::words::every_language() {
        let mut state = state(&words, "salut");
        let drawn = rows(&words, &mut state);
        assert!(drawn[1].contains(&words.get("how-code")));
        assert!(
            drawn
                .iter()
                .any(|row| row.starts_with(state.prompt.trim_end()))
        );
    }
}

/// All that the program writes to a terminal to draw what was said in each, one after the other, and the
/// cells of the terminal then.
fn on_a_terminal(words: &Words, said: &[&str]) -> (Vec<u8>, Vec<Vec<String>>) {
    let (columns, height) = SIZE;
    let mut bytes = Vec::new();
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, height));
    let options = TerminalOptions { viewport };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(&mut bytes), options).unwrap();
    for text in said {
        let mut state = state(words, text);
        terminal
            .draw(|frame| drop(draw(frame, words, &mut state)))
            .unwrap();
    }
    drop(terminal);
    let size = |n| NonZeroU16::new(n).unwrap();
    let mut parser = vt100::Parser::new(size(height), size(columns), 0);
    parser.process(&bytes);
    let cell = |y, x| {
        parser
            .screen()
            .cell(y, x)
            .unwrap()
            .contents()
            .trim()
            .to_owned()
    };
    let row = |y| (0..columns).map(|x| cell(y, x)).collect();
    let rows = (0..height).map(row).collect();
    (bytes, rows)
}

/// The same on a terminal that gets the bytes: nothing is written but text, colours and places, and
/// nothing outside the conversation looks otherwise, drawn anew or over another conversation.
fn assert_contained_in_bytes(words: &Words, text: &str) {
    let (_, without) = on_a_terminal(words, &["x"]);
    let area = Area::of(&state(words, text)).talk;
    let (from, to) = (usize::from(area.x), usize::from(area.x + area.width));
    let (top, bottom) = (usize::from(area.y), usize::from(area.y + area.height));
    for said in [&[text][..], &["x", text]] {
        let (bytes, with) = on_a_terminal(words, said);
        let written = String::from_utf8(bytes).unwrap();
        let controls = written.char_indices().filter(|(_, c)| c.is_control());
        for (at, control) in controls {
            let begins = written[at..].starts_with("\u{1b}[");
            assert!(begins, "{text:?}: {control:?} in {written:?}");
        }
        for sequence in written.split("\u{1b}[").skip(1) {
            let end = sequence.find(|c: char| c.is_ascii_alphabetic()).unwrap();
            assert!("mHhlJ".contains(&sequence[end..=end]), "{sequence:?}");
        }
        for (y, (with, without)) in with.iter().zip(&without).enumerate() {
            if (top..bottom).contains(&y) {
                assert_eq!(with[..from], without[..from], "{text:?}");
                assert_eq!(with[to..], without[to..], "{text:?}");
            } else {
                assert_eq!(with, without, "{text:?}");
            }
        }
    }
}

/// Whatever is said, only the cells of the conversation change, and no row of it but the first begins
/// where names stand.
fn assert_contained(every: &[Words], text: &str) {
    for words in every {
        let mut said = state(words, text);
        let (with, without) = (rows(words, &mut said), rows(words, &mut state(words, "x")));
        let area = Area::of(&said).talk;
        let (from, to) = (usize::from(area.x), usize::from(area.x + area.width));
        for (at, (with, without)) in with.iter().zip(&without).enumerate() {
            assert!(!with.chars().any(char::is_control), "{text:?}: {with:?}");
            let outside = |row: &str| {
                let cells = cells(row);
                [cells[..from].concat(), cells[to..].concat()].concat()
            };
            let row = u16::try_from(at).unwrap();
            if (area.y..area.y + area.height).contains(&row) {
                assert_eq!(outside(with), outside(without), "{text:?}");
            } else {
                assert_eq!(with, without, "{text:?}");
            }
        }
        // Mine, the mark of what is new, and the first row of what was said begin at the left.
        let begins = with[usize::from(area.y)..usize::from(area.y + area.height)].iter();
        let begins = begins.filter(|row| cells(row)[from] != " ").count();
        assert!(begins <= 3, "{text:?}: {with:#?}");
    }
}

/// One cell each: what stands behind something wide is empty.
fn cells(row: &str) -> Vec<String> {
    let pieces = row.graphemes(true).map(str::to_owned);
    pieces.collect()
}

#[test]
fn no_hostile_string_leaves_its_place_on_the_full_screen() {
    let all = view::hostile::hostile();
    assert!(all.len() >= 120);
    let every = crate::words::every_language();
    for text in &all {
        let short: String = text.chars().take(1000).collect();
        assert_contained(&every, &short);
        assert_contained_in_bytes(&every[0], &short);
    }
    for before in 20..60 {
        assert_contained(&every, &format!("{}14:03 zoé: oui", "x".repeat(before)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_that_a_friend_says_leaves_its_place(text in any::<String>()) {
        assert_contained(&crate::words::every_language(), &text);
        assert_contained_in_bytes(&Words::new(Language::French), &text);
    }
}
