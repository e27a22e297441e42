//! Keys in, state out: nothing here needs a node or a terminal.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyModifiers};
use kith_node::control::shape::{Language, Line};
use kith_proto::limits::TYPED_LINE_BYTES_MAX;

use super::super::transcript::{Entry, Row};
use super::*;
use crate::search::Wanted;
use crate::view;
use crate::when::Clock;
use crate::words::Words;

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;

fn press(state: &mut State, with: KeyModifiers, code: KeyCode) -> Wish {
    state.press(KeyEvent::new(code, with))
}

fn ctrl(state: &mut State, letter: char) -> Wish {
    press(state, CTRL, KeyCode::Char(letter))
}

/// Types, and presses Enter.
fn say(state: &mut State, text: &str) -> Wish {
    for letter in text.chars() {
        assert_eq!(press(state, NONE, KeyCode::Char(letter)), Wish::Nothing);
    }
    press(state, NONE, KeyCode::Enter)
}

fn line(seq: u64, text: &str, mine: bool) -> Line {
    let line = serde_json::json!({
        "seq": seq, "mine": mine.then_some("delivered"), "time": "2026-11-21T13:03:00Z",
        "left_min": null, "limit_min": 0, "text": text,
    });
    serde_json::from_value(line).unwrap()
}

fn entry(seq: u64, text: &str) -> (u64, Entry) {
    let words = Words::new(Language::English);
    let spoken = view::spoken(&words, &Clock::now(), "zoé", &line(seq, text, false));
    (
        seq,
        Entry {
            spoken,
            ..Entry::default()
        },
    )
}

fn room(name: &str) -> Room {
    let name = name.to_owned();
    let shown = name.clone();
    Room {
        name,
        shown,
        ..Room::default()
    }
}

/// Two friends and a group; the first is open and has said so many things.
fn state(said: u64) -> State {
    let mut state = State {
        size: (80, 24),
        rooms: ["zoé", "zoltan", "local"].map(room).into(),
        prompt: "to zoé > ".to_owned(),
        head: "zoé — met in person".to_owned(),
        ..State::default()
    };
    state.switch("zoé".to_owned());
    let page = (1..=said)
        .map(|seq| entry(seq, &format!("ligne {seq}")))
        .collect();
    state
        .transcript
        .newest(page, true, |_| view::Spoken::default());
    state
}

/// What is seen of the conversation, without names and times.
fn seen(state: &State) -> Vec<String> {
    let (columns, height) = state.room();
    let rows = state.transcript.seen(columns, height).rows;
    let text = |row: Row| match row {
        Row::New => "new".to_owned(),
        Row::Said { text, head, .. } => text[head..].to_owned(),
    };
    rows.into_iter().map(text).collect()
}

#[test]
fn the_key_of_a_page_closes_it_and_another_takes_its_place() {
    let mut state = state(0);
    let f = |state: &mut State, number| press(state, NONE, KeyCode::F(number));
    assert_eq!(f(&mut state, 1), Wish::Help);
    state.show("aide".into());
    assert_eq!(f(&mut state, 1), Wish::Nothing);
    assert_eq!(state.page, None);
    f(&mut state, 1);
    state.show("aide".into());
    assert_eq!(f(&mut state, 2), Wish::Obey("/waiting".into()));
    state.say("personne".into());
    assert_eq!(state.page, None, "one below the other");
    assert_eq!(f(&mut state, 4), Wish::Obey("/doctor".into()));
    assert!(state.notices.is_empty());
    state.show("sain".into());
    assert_eq!(ctrl(&mut state, 'w'), Wish::Obey("/who zoé".into()));
    state.show("zoé".into());
    ctrl(&mut state, 'w');
    assert_eq!(state.page, None);
}

#[test]
fn a_question_stays_while_pages_come_and_go() {
    let mut state = state(0);
    state.asked = true;
    state.say("L'envoyer ?".into());
    press(&mut state, NONE, KeyCode::F(1));
    assert_eq!(state.notices, ["L'envoyer ?"]);
}

#[test]
fn what_is_typed_is_sent_and_can_be_had_again() {
    let mut state = state(0);
    assert_eq!(say(&mut state, "un"), Wish::Obey("un".into()));
    assert_eq!(say(&mut state, "deux"), Wish::Obey("deux".into()));
    assert_eq!(say(&mut state, "  "), Wish::Nothing);
    state.input.insert("à moitié");
    for wanted in ["deux", "un", "à moitié", "deux"] {
        ctrl(&mut state, 'r');
        assert_eq!(state.input.text(), wanted);
    }
    state.forget(Away::Locked);
    ctrl(&mut state, 'r');
    assert!(state.input.is_empty(), "a lock clears what was typed");
}

#[test]
fn a_line_of_several_rows_is_one_message() {
    let mut state = state(0);
    state.input.insert("un");
    press(&mut state, ALT, KeyCode::Enter);
    assert_eq!(say(&mut state, "deux"), Wish::Obey("un\ndeux".into()));
}

#[test]
fn what_was_typed_for_one_is_never_sent_to_another() {
    let mut state = state(0);
    state.input.insert("pour zoé");
    assert_eq!(ctrl(&mut state, 'n'), Wish::Open("zoltan".into()));
    state.switch("zoltan".into());
    assert!(state.input.is_empty());
    state.input.insert("pour zoltan");
    assert_eq!(
        press(&mut state, ALT, KeyCode::Char('1')),
        Wish::Open("zoé".into())
    );
    state.switch("zoé".into());
    assert_eq!(state.input.text(), "pour zoé");
    assert_eq!(ctrl(&mut state, 'p'), Wish::Open("local".into()));
    assert_eq!(press(&mut state, ALT, KeyCode::Char('9')), Wish::Nothing);
}

#[test]
fn a_long_paste_is_asked_about_and_a_short_one_is_not() {
    let mut state = state(0);
    state.pasted("un\r\ndeux\r\ntrois\r\n");
    assert_eq!(state.input.text(), "un\ndeux\ntrois\n");
    state.input.take();
    let long = "un\ndeux\ntrois\nquatre\n";
    for (answer, kept, told) in [
        ("n", "", Wish::SayNotPasted),
        ("non", "", Wish::SayNotPasted),
        ("o", long.trim_end(), Wish::Nothing),
        ("oui", long.trim_end(), Wish::Nothing),
        ("yes", long.trim_end(), Wish::Nothing),
    ] {
        state.pasted(long);
        assert!(state.paste.is_some() && state.input.is_empty());
        assert_eq!(state.pasted("deux"), Wish::SayNotPasted, "one at a time");
        assert_eq!(say(&mut state, answer), told, "a word, then Enter");
        assert_eq!((state.input.take().as_str(), &state.paste), (kept, &None));
    }
    state.pasted(&long.replace('\n', "\r"));
    assert!(state.paste.is_some(), "a terminal ends lines as Enter does");
    let enter = press(&mut state, NONE, KeyCode::Enter);
    assert_eq!(enter, Wish::SayNotPasted, "Enter is a no");
    assert!(state.input.is_empty() && state.paste.is_none());
    state.pasted(long);
    assert_eq!(press(&mut state, NONE, KeyCode::Esc), Wish::SayNotPasted);
    assert!(state.input.is_empty() && state.paste.is_none());
}

#[test]
fn a_line_that_was_not_agreed_to_is_not_lost() {
    let mut state = state(0);
    say(&mut state, "un secret");
    state.asked = true;
    assert_eq!(say(&mut state, ""), Wish::Obey(String::new()));
    assert_eq!(state.input.text(), "un secret");
    state.input.take();
    say(&mut state, "un secret");
    state.asked = true;
    assert_eq!(say(&mut state, "o"), Wish::Obey("o".into()));
    assert!(state.input.is_empty() && !state.asked);
}

#[test]
fn each_key_of_the_table_has_its_command() {
    let mut state = state(3);
    for (typed, key) in [
        ("/next", (CTRL, KeyCode::Char('n'))),
        ("/previous", (CTRL, KeyCode::Char('p'))),
        ("/oldest", (NONE, KeyCode::Home)),
        ("/redraw", (CTRL, KeyCode::Char('l'))),
        ("/help", (NONE, KeyCode::F(1))),
        ("/waiting", (NONE, KeyCode::F(2))),
        ("/group", (NONE, KeyCode::F(3))),
        ("/doctor", (NONE, KeyCode::F(4))),
        ("/lock", (CTRL, KeyCode::Char('x'))),
    ] {
        let pressed = press(&mut state, key.0, key.1);
        assert_eq!(say(&mut state, typed), pressed, "{typed}");
        assert_ne!(pressed, Wish::Nothing, "{typed}");
    }
    assert_eq!(say(&mut state, "/find l'AG"), Wish::Find("l'AG".into()));
    assert_eq!(ctrl(&mut state, 'w'), Wish::Obey("/who zoé".into()));
    assert_eq!(ctrl(&mut state, 'q'), Wish::Leave(Exit::OK));
    assert_eq!(ctrl(&mut state, 'c'), Wish::Leave(Exit::INTERRUPTED));
}

#[test]
fn one_leaves_on_an_empty_line_only() {
    let mut state = state(0);
    state.input.insert("ab");
    state.input.go_left();
    assert_eq!(ctrl(&mut state, 'd'), Wish::Nothing);
    assert_eq!(state.input.take(), "a");
    assert_eq!(ctrl(&mut state, 'd'), Wish::Leave(Exit::OK));
}

#[test]
fn names_and_commands_are_completed_as_far_as_they_are_certain() {
    let mut state = state(0);
    for (typed, whole) in [
        ("@zol", "@zoltan "),
        ("@zo", "@zo"),
        ("#lo", "#local "),
        ("/doc", "/doctor "),
        ("/who lo", "/who local "),
        ("zo", "zo"),
        ("@x", "@x"),
    ] {
        state.input.take();
        state.input.insert(typed);
        press(&mut state, NONE, KeyCode::Tab);
        assert_eq!(state.input.text(), whole);
    }
    state.input.take();
    state.input.insert("@zo");
    press(&mut state, NONE, KeyCode::Tab);
    assert_eq!(state.notices.last().unwrap(), "zoé  zoltan");
}

#[test]
fn one_scrolls_to_both_ends_and_no_further() {
    let mut state = state(100);
    let (_, height) = state.room();
    assert_eq!(seen(&state).last().unwrap(), "ligne 100");
    press(&mut state, NONE, KeyCode::PageUp);
    let last = format!("ligne {}", 100 - (height - 1));
    assert_eq!(seen(&state).last().unwrap(), &last);
    for _ in 0..100 {
        press(&mut state, NONE, KeyCode::PageUp);
    }
    assert_eq!(seen(&state)[0], "ligne 1");
    assert_eq!(seen(&state).len(), height);
    press(&mut state, NONE, KeyCode::PageDown);
    assert_eq!(seen(&state)[0], format!("ligne {height}"));
    press(&mut state, NONE, KeyCode::End);
    assert_eq!(seen(&state).last().unwrap(), "ligne 100");
    let (_, come) = entry(101, "neuve");
    state.transcript.arrived(101, come);
    assert_eq!(seen(&state).last().unwrap(), "neuve", "the end is followed");
    press(&mut state, NONE, KeyCode::Up);
    let (_, come) = entry(102, "encore");
    state.transcript.arrived(102, come);
    assert_eq!(
        seen(&state).last().unwrap(),
        "ligne 100",
        "who reads above stays there"
    );
    for _ in 0..5 {
        press(&mut state, NONE, KeyCode::Down);
    }
    assert_eq!(seen(&state).last().unwrap(), "encore");
}

#[test]
fn a_message_longer_than_the_screen_is_read_row_by_row() {
    let mut state = state(2);
    let long: Vec<_> = (1..=60).map(|row| format!("rang {row}")).collect();
    let (_, mut come) = entry(3, &long.join("\n"));
    come.unread = true;
    state.transcript.arrived(3, come);
    state.transcript.mark_new();
    let (columns, height) = state.room();
    state.transcript.show_new(columns, height);
    assert_eq!(seen(&state)[0], "new");
    let read = |state: &mut State| {
        let seen = state.transcript.seen(columns, height);
        state.transcript.drawn(&seen)
    };
    assert!(read(&mut state).is_empty(), "its end was not drawn");
    for row in 0..60 {
        press(&mut state, NONE, KeyCode::Down);
        let rows = seen(&state);
        assert!(
            rows.last()
                .unwrap()
                .trim()
                .ends_with(&format!("rang {}", (height + row).min(60)))
        );
        let told = read(&mut state);
        let is_whole = height + row == 60;
        assert_eq!(told, [3].repeat(is_whole.into()), "a single time");
    }
}

#[test]
fn a_message_of_which_a_row_was_never_drawn_is_not_read() {
    let mut state = state(2);
    let long: Vec<_> = (1..=60).map(|row| format!("rang {row}")).collect();
    let (_, mut come) = entry(3, &long.join("\n"));
    come.unread = true;
    state.transcript.arrived(3, come);
    let (columns, height) = state.room();
    let read = |state: &mut State, columns| {
        let seen = state.transcript.seen(columns, height);
        state.transcript.drawn(&seen)
    };
    assert!(read(&mut state, columns).is_empty(), "its end alone");
    press(&mut state, NONE, KeyCode::Home);
    state.transcript.show_start(columns, height);
    assert!(
        read(&mut state, columns).is_empty(),
        "its start and its end"
    );
    let mut told = Vec::new();
    for _ in 0..59 {
        press(&mut state, NONE, KeyCode::Down);
        told.extend(read(&mut state, columns));
    }
    assert_eq!(told, [3]);
    // Where the rows are others, nothing says which words were drawn.
    let (_, mut come) = entry(4, &long.join("\n"));
    come.unread = true;
    state.transcript.arrived(4, come);
    state.transcript.show_end();
    for above in 0..60 {
        state.transcript.show_end();
        state.transcript.up(above, columns, height);
        let wide = columns - usize::from(above < 30);
        assert!(read(&mut state, wide).is_empty(), "row {above}");
    }
}

#[test]
fn what_is_over_is_not_shown_again() {
    let mut state = state(1);
    let now = Instant::now();
    let over = |at: Instant| Entry {
        ends: Some(at),
        ..entry(2, "bientôt finie").1
    };
    let later = now + Duration::from_secs(60);
    assert_eq!(state.transcript.next_end(), None);
    let page = || vec![entry(1, "ligne 1"), (2, over(later))];
    state.transcript.arrived(2, over(now));
    state
        .transcript
        .newest(page(), true, |_| view::Spoken::default());
    assert_eq!(
        state.transcript.next_end(),
        Some(now),
        "the nearer one holds"
    );
    state.transcript.expire(now);
    assert_eq!(seen(&state), ["ligne 1"]);
    state
        .transcript
        .newest(page(), true, |_| view::Spoken::default());
    assert_eq!(seen(&state), ["ligne 1"], "the node counts in minutes");
    assert_eq!(state.transcript.next_end(), None);
}

#[test]
fn what_the_node_kept_and_erased_is_gone_and_what_it_never_kept_stays() {
    let mut state = state(2);
    let come = Entry {
        of_now: true,
        ..entry(3, "jamais gardée").1
    };
    state.transcript.arrived(3, come);
    let come = Entry {
        of_now: true,
        ..entry(4, "gardée").1
    };
    state.transcript.arrived(4, come);
    let newest = |state: &mut State, page| {
        state
            .transcript
            .newest(page, true, |_| view::Spoken::default());
    };
    newest(&mut state, vec![entry(2, "ligne 2"), entry(4, "gardée")]);
    assert_eq!(seen(&state), ["ligne 2", "jamais gardée", "gardée"]);
    newest(&mut state, Vec::new());
    assert_eq!(seen(&state), ["jamais gardée"]);
}

#[test]
fn what_is_open_no_longer_leaves_nothing_on_the_screen() {
    let mut state = state(3);
    state.input.insert("pour zoé");
    state.leave();
    assert_eq!((state.open.clone(), seen(&state)), (None, Vec::new()));
    assert!(state.input.is_empty(), "it goes to nobody else");
    ctrl(&mut state, 'r');
    assert_eq!(state.input.text(), "pour zoé");
}

#[test]
fn no_letter_of_a_message_looks_for_something() {
    let mut state = state(3);
    assert_eq!(say(&mut state, "/find ligne"), Wish::Find("ligne".into()));
    state.wanted = Some("ligne".into());
    assert_eq!(
        press(&mut state, NONE, KeyCode::F(5)),
        Wish::FindOn { older: true }
    );
    assert_eq!(say(&mut state, "nous"), Wish::Obey("nous".into()));
    assert_eq!(say(&mut state, "Non"), Wish::Obey("Non".into()));
}

#[test]
fn a_command_is_no_answer_and_loses_no_line() {
    let mut state = state(3);
    say(&mut state, "un secret");
    state.asked = true;
    assert_eq!(say(&mut state, "/find ligne"), Wish::Find("ligne".into()));
    assert!(state.asked, "the question stands");
    assert_eq!(ctrl(&mut state, 'w'), Wish::Obey("/who zoé".into()));
    assert!(!state.asked, "the line is not sent");
    assert_eq!(state.input.text(), "un secret", "and not lost");
    assert_eq!(
        say(&mut state, " encore"),
        Wish::Obey("un secret encore".into())
    );
    assert!(state.input.is_empty(), "it does not come back");
    state.asked = true;
    state.switch("zoltan".into());
    assert!(state.input.is_empty() && !state.asked);
    state.switch("zoé".into());
    assert_eq!(state.input.text(), "un secret encore");
}

#[test]
fn more_than_a_line_holds_is_not_taken() {
    let mut state = state(0);
    let most = usize::try_from(TYPED_LINE_BYTES_MAX).unwrap();
    assert_eq!(state.pasted(&"x".repeat(most + 1)), Wish::SayTooLong);
    assert_eq!(state.pasted(&"x\n".repeat(most)), Wish::SayTooLong);
    assert!(state.input.is_empty() && state.paste.is_none());
    assert_eq!(state.pasted(&"x".repeat(most)), Wish::Nothing);
    assert_eq!(
        press(&mut state, NONE, KeyCode::Char('y')),
        Wish::SayTooLong
    );
    assert_eq!(state.input.text().len(), most);
}

#[test]
fn what_is_found_is_shown_and_then_what_lies_further_back() {
    let mut state = state(100);
    let wanted = Wanted::new("ligne 4");
    let room = state.room();
    let mut found = Vec::new();
    while state.transcript.find(&wanted, true, room) {
        let rows = state.transcript.seen(room.0, room.1).rows;
        let hits = rows.iter().filter_map(|row| match row {
            Row::Said {
                text,
                head,
                found: true,
            } => Some(text[*head..].to_owned()),
            _ => None,
        });
        found.extend(hits);
    }
    assert_eq!(found[0], "ligne 49");
    assert_eq!(found.last().unwrap(), "ligne 4");
    assert_eq!(found.len(), 11);
    assert!(state.transcript.find(&wanted, false, room));
    state.wanted = Some("ligne 4".into());
    assert_eq!(
        press(&mut state, NONE, KeyCode::F(5)),
        Wish::FindOn { older: true }
    );
    let newer = press(&mut state, NONE, KeyCode::F(6));
    assert_eq!(newer, Wish::FindOn { older: false });
    press(&mut state, NONE, KeyCode::Char('a'));
    assert!(state.wanted.is_none());
    assert_eq!(state.input.text(), "a", "the rest is typed");
}

#[test]
fn what_is_looked_for_is_typed_aside_and_what_was_typed_comes_back() {
    let mut state = state(3);
    state.input.insert("à moitié");
    ctrl(&mut state, 'f');
    assert_eq!(state.input.text(), "/find ");
    assert_eq!(say(&mut state, "ligne"), Wish::Find("ligne".into()));
    assert_eq!(state.input.text(), "à moitié");
    ctrl(&mut state, 't');
    press(&mut state, NONE, KeyCode::Esc);
    assert_eq!(state.input.text(), "à moitié");
}

#[test]
fn what_went_from_the_node_goes_from_the_screen() {
    let mut state = state(5);
    let page = [1, 3, 5].map(|seq| entry(seq, &format!("ligne {seq}")));
    state
        .transcript
        .newest(page.into(), true, |_| view::Spoken::default());
    assert_eq!(seen(&state), ["ligne 1", "ligne 3", "ligne 5"]);
    let words = Words::new(Language::English);
    let clock = Clock::now();
    let speak = |line: &Line| view::spoken(&words, &clock, "zoé", line);
    let mut sent = line(6, "et moi", true);
    sent.mine = Some(kith_node::control::shape::Delivery::Saved);
    let entry = Entry {
        spoken: speak(&sent),
        mine: Some(sent),
        ..Entry::default()
    };
    state.transcript.newest(vec![(6, entry)], true, speak);
    state.transcript.newest(Vec::new(), true, speak);
    let (columns, height) = state.room();
    let rows = state.transcript.seen(columns, height).rows;
    let [Row::Said { text, .. }] = &rows[..] else {
        panic!("{rows:?}");
    };
    assert!(
        text.ends_with("me (arrived): et moi"),
        "mine and not kept: {text}"
    );
}

#[test]
fn ten_thousand_lines_are_broken_into_rows_only_where_they_are_seen() {
    let mut state = state(10_000);
    for _ in 0..1000 {
        press(&mut state, NONE, KeyCode::PageUp);
    }
    assert_eq!(seen(&state)[0], "ligne 1");
}

#[test]
fn what_is_said_to_nobody_yet_stays_where_it_was_typed() {
    let mut state = State::default();
    state.resize((80, 24));
    assert_eq!(say(&mut state, "salut"), Wish::Obey("salut".into()));
    assert_eq!(state.input.text(), "salut");
    assert_eq!(ctrl(&mut state, 'u'), Wish::Nothing);
    assert_eq!(say(&mut state, "@zoé"), Wish::Obey("@zoé".into()));
    assert!(state.input.is_empty());
}

#[test]
fn nothing_is_sent_that_the_window_is_too_small_to_show() {
    let mut state = state(1);
    state.resize((59, 15));
    assert_eq!(say(&mut state, "un brouillon"), Wish::Nothing);
    state.resize((60, 16));
    let sent = press(&mut state, NONE, KeyCode::Enter);
    assert_eq!(sent, Wish::Obey("un brouillon".into()));
}
