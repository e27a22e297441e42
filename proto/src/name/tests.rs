//! Names of others: against every hostile string kept, and whatever else a peer could send.

use proptest::prelude::*;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::limits::NICK_COLUMNS_MAX;

const HOSTILE: &str = include_str!("../../vectors/hostile_text.json");

fn mine(name: &str) -> Petname {
    Petname::parse(name).unwrap()
}

fn proposed(text: &str) -> Foreign {
    Foreign::Proposed(Nick::of(text).unwrap())
}

fn edge(by: &str, label: &str) -> Foreign {
    Foreign::Edge {
        by: mine(by),
        label: Label::parse(label).unwrap(),
    }
}

fn point() -> Point {
    let mut bytes = [0; 32];
    bytes[0] = 9;
    Point::parse(bytes).unwrap()
}

/// All that can be shown of somebody who sends this text wherever a name is sent.
fn all_of(text: &str, by: &Petname) -> Vec<Foreign> {
    let label = Label::received(text);
    let edge = label.map(|label| Foreign::Edge {
        by: by.clone(),
        label,
    });
    let called = Foreign::of(text, &point(), Language::French);
    [Some(called), edge].into_iter().flatten().collect()
}

/// What no text can make of a name: mine, several lines, or an order to the terminal.
fn assert_is_not_mine(shown: &str) {
    assert!(Petname::parse(shown).is_err(), "{shown:?}");
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    match shown.chars().next() {
        Some('~') => {
            let inner = shown.strip_prefix("~\"").and_then(|s| s.strip_suffix('"'));
            let inner = inner.unwrap();
            assert!(!inner.contains('"') && inner.width() <= NICK_COLUMNS_MAX);
        }
        Some('?') => assert!(Unknown::read(&shown[1..]).is_some(), "{shown:?}"),
        _ => {
            let (by, label) = shown.split_once('/').unwrap();
            assert!(Petname::parse(by).is_ok() && Label::received(label).is_some());
        }
    }
}

#[test]
fn each_form_has_its_mark() {
    assert_eq!(proposed(" Zoé 75").to_string(), "~\"Zoé 75\"");
    assert_eq!(edge("bob", "zoe\u{301}").to_string(), "bob/zoé");
    let unknown = Unknown::of(&point(), Language::French);
    assert_eq!(Foreign::Unknown(unknown).to_string(), "?innocent-licorne");
    let english = Unknown::of(&point(), Language::English);
    assert_eq!(english.as_str(), "list-mix");
    let nobody = Foreign::of("\u{200B}", &point(), Language::English);
    assert_eq!(nobody.to_string(), "?list-mix");
}

#[test]
fn a_label_is_a_name_and_comes_in_its_one_form() {
    for text in ["zoé", "Dédé 75", "陽子"] {
        assert_eq!(Label::received(text).unwrap().as_str(), text);
        assert_eq!(Label::from(&mine(text)).as_str(), text);
    }
    for text in [
        "zoe\u{301}",
        " zoé",
        "bob/zoé",
        "bob\u{2044}zoé",
        "bob\u{2215}zoé",
        "",
        "moi",
        "Zоé",
    ] {
        assert!(Label::received(text).is_none(), "{text}");
    }
}

#[test]
fn only_two_words_are_two_words() {
    assert_eq!(Unknown::read("lune-tigre").unwrap().as_str(), "lune-tigre");
    for text in [
        "lune",
        "lune-",
        "-tigre",
        "lune-tigre-x",
        "lune tigre",
        "l\u{1b}-x",
    ] {
        assert!(Unknown::read(text).is_none(), "{text:?}");
    }
}

/// Attack 54: who calls themselves as one of mine is called is told from them, in words too.
#[test]
fn who_looks_like_one_of_mine_is_marked_and_never_proposed() {
    let all = ["zoé", "marie", "la-deuxieme-carole-de-bob"].map(mine);
    for text in [
        "zoé",
        "Zoe",
        "z0e",
        "ZOÉ",
        "zoe\u{301}",
        "zo\u{200B}é",
        "zοé",
        "ｚｏé",
    ] {
        let found = proposed(text).look_alike(&all).unwrap();
        assert_eq!(found.as_str(), "zoé", "{text}");
        assert!(proposed(text).proposal(&all).is_none(), "{text}");
    }
    assert_eq!(edge("bob", "zoe").look_alike(&all).unwrap().as_str(), "zoé");
    assert_eq!(edge("bob", "zoe").proposal(&all), None);
    let cut = proposed("la deuxieme-carole").look_alike(&all);
    assert!(cut.is_none());
    let cut = proposed("la-deuxieme-carole-de-bob").look_alike(&all);
    assert_eq!(cut.unwrap().as_str(), "la-deuxieme-carole-de-bob");

    assert_eq!(proposed("carole").proposal(&all), Some(mine("carole")));
    assert_eq!(edge("bob", "carole").proposal(&all), Some(mine("carole")));
    for text in ["Zoé 75 !", "bob/anne", "moi", "Cаrole"] {
        assert!(proposed(text).look_alike(&all).is_none(), "{text}");
        assert!(proposed(text).proposal(&all).is_none(), "{text}");
    }
}

#[test]
fn no_hostile_text_makes_a_name_of_mine() {
    let cases: Vec<Value> = serde_json::from_str(HOSTILE).unwrap();
    assert!(cases.len() >= 60);
    for case in &cases {
        for foreign in all_of(case["text"].as_str().unwrap(), &mine("bob")) {
            assert_is_not_mine(&foreign.to_string());
        }
    }
}

#[test]
fn no_name_of_somebody_prints_itself() {
    let zoe = proposed("zoé");
    let Foreign::Proposed(nick) = &zoe else {
        panic!()
    };
    let label = Label::parse("zoé").unwrap();
    let unknown = Unknown::of(&point(), Language::French);
    assert_eq!(
        format!("{zoe:?} {nick:?} {label:?} {unknown:?}"),
        "Foreign(..) Nick(..) Label(..) Unknown(..)"
    );
}

proptest! {
    #[test]
    fn whatever_a_peer_sends_is_never_a_name_of_mine(
        text in any::<String>(),
        name in "[a-zé]{1,8}",
        like in "[~?/\"«a-zé \u{200D}\u{202E}-]{0,30}",
    ) {
        let Ok(petname) = Petname::parse(&name) else { return Ok(()) };
        for text in [text, name.clone(), format!("{name}{like}"), like] {
            for foreign in all_of(&text, &petname) {
                let shown = foreign.to_string();
                assert_is_not_mine(&shown);
                prop_assert_ne!(shown.as_str(), petname.as_str());
                prop_assert_ne!(shown, format!("{} ", petname.as_str()));
            }
        }
    }

    #[test]
    fn what_is_proposed_looks_like_nobody(text in "[a-zA-Zé01 ]{1,5}", others in "[a-zé ]{1,12}") {
        let mine: Vec<_> = others.split(' ').filter_map(|n| Petname::parse(n).ok()).collect();
        let Some(nick) = Nick::of(&text) else { return Ok(()) };
        if let Some(proposal) = Foreign::Proposed(nick).proposal(&mine) {
            prop_assert!(!mine.iter().any(|m| looks_like(m.as_str(), proposal.as_str())));
        }
    }
}
