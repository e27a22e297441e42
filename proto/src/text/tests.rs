//! Texts against the kept hostile strings: harmless, and nothing honest lost.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const HOSTILE: &str = include_str!("../../vectors/hostile_text.json");

fn assert_harmless(clean: &str) {
    for c in clean.chars() {
        assert!(!c.is_control() || matches!(c, '\n' | '\t'), "{c:?}");
        let kept = is_joiner(c) || is_direction(c);
        assert!(kept || !is_default_ignorable(c), "{c:?}");
    }
    for line in clean.split('\n') {
        let shown = line.trim_start_matches(is_direction);
        assert!(!shown.starts_with(is_mark), "a mark hangs in the air");
        let mut chars: Vec<char> = line.chars().collect();
        balance(&mut chars);
        assert!(!chars.contains(&DROPPED), "a direction leaves its line");
    }
}

#[test]
fn a_nick_has_one_spelling_whatever_stood_between_a_letter_and_its_mark() {
    for between in ["", "\u{200B}", "\u{200D}", "\u{AD}"] {
        let nick = clean_nick(&format!("ze{between}\u{301}")).unwrap();
        assert_eq!(nick.as_str(), "z\u{E9}", "{between:?}");
    }
}

/// Found by the fuzz target `decoders`: composing sorts marks, and a joiner stood before another one.
#[test]
fn a_joiner_goes_that_stands_before_another_mark_once_they_are_sorted() {
    let nick = clean_nick("\u{64A}\u{64B}\u{200D}\u{65B}\u{200D}\u{64B}").unwrap();
    assert_eq!(nick.as_str(), "\u{64A}\u{64B}\u{64B}\u{65B}");
    assert_eq!(clean_nick(nick.as_str()).unwrap().as_str(), nick.as_str());
}

#[test]
fn a_nick_that_was_cut_ends_in_no_joiner() {
    let nick = clean_nick(&"\u{628}\u{200D}".repeat(30)).unwrap();
    assert!(nick.as_str().ends_with("\u{628}…"));
    assert_eq!(clean_nick(nick.as_str()).unwrap().as_str(), nick.as_str());
}

#[test]
fn hostile_texts_come_out_as_written_down() {
    let cases: Vec<Value> = serde_json::from_str(HOSTILE).unwrap();
    assert!(cases.len() >= 60);
    for case in &cases {
        let what = case["what"].as_str().unwrap();
        let clean = clean_body(case["text"].as_str().unwrap());
        assert_eq!(clean.as_str(), case["body"].as_str().unwrap(), "{what}");
        assert_harmless(clean.as_str());
        let nick = clean_nick(case["text"].as_str().unwrap());
        assert_eq!(
            nick.as_ref().map(CleanText::as_str),
            case["nick"].as_str(),
            "{what}"
        );
    }
}

#[test]
fn honest_texts_stay_as_they_are() {
    for text in [
        "Salut Zoé, ça va ? — « oui »\n\tœuf, Ÿ, 12 €",
        "می\u{200C}خواهم",
        "ক্\u{200D}ষ র\u{200D}্যাব",
        "שָׁלוֹם \u{2067}עולם\u{2069}!",
        "Việt Nam, e\u{301}\u{323}, ẹ̀kọ́",
        "नमस्ते, สวัสดีครับ, 日本語 ア が",
        "각 \u{1100}\u{1161}\u{11A8}",
        "✊🏿 🏴 🇫🇷 ♥",
    ] {
        assert_eq!(clean_body(text).as_str(), text);
    }
}

#[test]
fn lines_are_never_fewer_than_one() {
    assert_eq!(clean_body("").lines().collect::<Vec<_>>(), [""]);
    let body = clean_body("a\r\nb\u{2028}c\n");
    assert_eq!(body.lines().collect::<Vec<_>>(), ["a", "b", "c", ""]);
}

#[test]
fn clean_text_does_not_print_itself() {
    assert_eq!(format!("{:?}", clean_body("secret")), "CleanText(..)");
}

#[test]
fn the_ignorable_are_those_that_a_skeleton_forgets() {
    for c in '\0'..=char::MAX {
        let forgotten = skeleton(c.encode_utf8(&mut [0; 4])).next().is_none();
        assert_eq!(is_default_ignorable(c), forgotten, "{c:?}");
    }
}

/// Mostly the characters that this file is about.
fn hostile_char() -> impl Strategy<Value = char> {
    prop_oneof![
        any::<char>(),
        prop::char::range('\0', '\u{A0}'),
        prop::char::range('\u{200B}', '\u{206F}'),
        prop::char::range('\u{300}', '\u{34F}'),
        prop::char::range('\u{621}', '\u{652}'),
        prop::char::range('\u{905}', '\u{94D}'),
        prop::sample::select(vec![
            '"', '\'', '“', '«', '\u{1100}', '\u{1161}', '\u{FEFF}'
        ]),
    ]
}

fn hostile_text() -> impl Strategy<Value = String> {
    prop::collection::vec(hostile_char(), 0..60).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn whatever_is_said_is_harmless_and_stays_so(text in hostile_text()) {
        let clean = clean_body(&text);
        assert_harmless(clean.as_str());
        prop_assert_eq!(clean_body(clean.as_str()), clean);
    }

    #[test]
    fn no_letter_carries_more_than_its_marks(text in hostile_text()) {
        let clean = clean_body(&text);
        let mut run = 0;
        for c in clean.as_str().chars().filter(|c| !is_joiner(*c) && !is_direction(*c)) {
            run = if is_mark(c) { run + 1 } else { 0 };
            prop_assert!(run <= MARKS_PER_LETTER_MAX);
        }
    }

    #[test]
    fn a_nick_is_one_short_line_that_cannot_close_its_quotes(text in hostile_text()) {
        if let Some(nick) = clean_nick(&text) {
            let nick = nick.as_str();
            assert_harmless(nick);
            prop_assert!(nick.width() <= NICK_COLUMNS_MAX && nick.width() > 0);
            prop_assert!(!nick.contains(is_direction) && !nick.contains(['\n', '\t', '"']));
            prop_assert!(!nick.contains(|c| c != '\'' && looks_like_quotes(c)));
            prop_assert!(!nick.contains("''"));
            prop_assert_eq!(nick.trim(), nick);
            let again = clean_nick(nick);
            prop_assert_eq!(again.as_ref().map(CleanText::as_str), Some(nick));
        }
    }
}
