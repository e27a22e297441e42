//! Names: which there can be, which look the same, and which are near.

use proptest::prelude::*;

use super::*;

fn refused(typed: &str) -> NameError {
    Petname::parse(typed).unwrap_err()
}

#[test]
fn names_of_many_scripts_are_names() {
    let names = "zoé Mïa bob jean-paul marie_l. Œuvre Straße Łucja Ẹ̀kọ́ Ɛ̃na Ƙofa Ɗan Siðr Ольга Ґаля \
        Νίκος مریم שִׂמְחָה יוסי Սաֆո नीतू สมชาย 陽子 ヨーコ アノ の山カ 지수 ⵜⴰⵙⴰ አማረ Ali Lou Emi";
    for name in names.split_whitespace().chain(["Dédé 75", "علی ۲"]) {
        let petname = Petname::parse(name);
        assert_eq!(petname.map(|p| p.0), Ok(name.nfc().collect()), "{name}");
    }
}

#[test]
fn a_name_has_one_canonical_form() {
    let composed = Petname::parse("zoé").unwrap();
    assert_eq!(Petname::parse("  zoe\u{301}\n").unwrap(), composed);
    assert_eq!(composed.as_str(), "zo\u{e9}");
    assert!(composed.is("zoé") && composed.is("  zoe\u{301}\n"));
    assert!(!composed.is("zo") && !composed.is("zoéé") && !composed.is("Zoé"));
}

#[test]
fn what_is_not_a_name_is_told_apart() {
    for (typed, why) in [
        ("", NameError::Empty),
        (" \t\n", NameError::Empty),
        (&"a".repeat(33), NameError::TooLong),
        (&"陽".repeat(17), NameError::TooLong),
        (&"a\u{301}".repeat(10_000), NameError::TooLong),
        ("Mаrk", NameError::MixedScripts),
        ("aлice", NameError::MixedScripts),
        ("Zοé", NameError::MixedScripts),
        ("moi", NameError::Reserved),
        ("MOI", NameError::Reserved),
        ("m0i", NameError::Reserved),
        ("môi", NameError::Reserved),
        ("Kith", NameError::Reserved),
        ("a11", NameError::Reserved),
    ] {
        assert_eq!(refused(typed), why, "{typed}");
    }
    assert!(Petname::parse(&"a".repeat(32)).is_ok());
    assert!(Petname::parse(&"陽".repeat(16)).is_ok());
}

#[test]
fn what_a_name_cannot_hold_is_refused() {
    let signs = "bob/zoé #local ~zoe zoe? a@b a:b a\"b a'b «a» a“b a’b a\\b a*b a(b a!b 1bob -bob \
        .bob _bob ✊ zoé🙂 ⓐlice ａlice 𝐛ob aʼb a⁄b a∕b zoé² Ⅷ aⳇb ꓽꓽ ʔa";
    let marks = "\u{301}a a-\u{301} a\u{338} a\u{20DD} a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}";
    let hidden = "a\u{200B}b a\u{200D}b a\u{202E}b a\u{2066}b a\u{AD}b a\u{34F}b a\u{E0041} a\u{FE0F} \
        a\u{3164} \u{115F}\u{1160} a\u{1b}[2J a\u{9b}2J";
    let blanks = ["a  b", "a\u{a0}b", "a\tb", "a\nb"];
    let lists = [signs, marks, hidden]
        .into_iter()
        .flat_map(|list| list.split(' '));
    for typed in lists.chain(blanks).filter(|typed| !typed.is_empty()) {
        assert_eq!(refused(typed), NameError::BadCharacter, "{typed:?}");
    }
}

#[test]
fn names_that_look_the_same_are_the_same() {
    let same = "zoé Zoe Mark Mаrk bob b0b alice a1ice marne mame alice a\u{200B}lice søren soren \
        ＺＯＥ zoe Łucja lucja Νίκος ΝΊΚΟΣ cœur coeur Iris lris İnci inci";
    let apart = "zoé zola bob bo-b がん かん कि का ali all";
    for (list, alike) in [(same, true), (apart, false)] {
        let names: Vec<_> = list.split_whitespace().collect();
        for pair in names.chunks(2) {
            assert_eq!(looks_like(pair[0], pair[1]), alike, "{pair:?}");
        }
    }
}

#[test]
fn no_name_prints_itself() {
    let zoe = Petname::parse("zoé").unwrap();
    assert_eq!(
        format!("{zoe:?} {:?}", zoe.skeleton()),
        "Petname(..) Skeleton(..)"
    );
}

#[test]
fn a_slip_of_the_finger_finds_the_name() {
    let all = [
        "zoé", "bob", "carole", "carol", "caroline", "karole", "dédé",
    ]
    .map(|name| Petname::parse(name).unwrap());
    let found = |typed| {
        near(typed, &all)
            .into_iter()
            .map(Petname::as_str)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("zeo"), ["zoé"]);
    assert_eq!(found("Carole"), ["carole", "carol", "karole"]);
    assert_eq!(found("carloe"), ["carole", "carol", "karole"]);
    assert_eq!(found("bobb"), ["bob"]);
    assert!(found("quentin").is_empty() && found("").is_empty());
    assert!(found(&"a".repeat(1_000_000)).is_empty());
}

#[test]
fn folding_a_third_time_changes_no_character() {
    for c in '\0'..=char::MAX {
        let once = Skeleton::of(c.encode_utf8(&mut [0; 4]));
        assert_eq!(folded(&once.0), once.0, "{c:?}");
    }
}

proptest! {
    #[test]
    fn a_petname_is_its_own_canonical_form(typed in "\\PC{0,40}|[a-zé0-9 ._-]{1,34}") {
        if let Ok(name) = Petname::parse(&typed) {
            prop_assert_eq!(Petname::parse(name.as_str()), Ok(name.clone()));
            prop_assert!(name.0.len() <= PETNAME_BYTES_MAX && name.0.width() <= PETNAME_COLUMNS_MAX);
            prop_assert!(!name.0.contains(['/', '#', '~', '?', '@', ':', '"', '\'', '«', '»']));
            let clean = crate::text::clean_body(&name.0);
            prop_assert_eq!(clean.as_str(), name.as_str());
        }
    }

    #[test]
    fn no_nick_in_quotes_is_a_petname(nick in any::<String>()) {
        let quoted = format!("~\"{nick}\"");
        prop_assert!(Petname::parse(&quoted).is_err());
    }

    #[test]
    fn slips_count_the_same_both_ways(a in "[abc]{0,6}", b in "[abc]{0,6}") {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        prop_assert_eq!(slips(&a, &b), slips(&b, &a));
        prop_assert_eq!(slips(&a, &b) == 0, a == b);
    }
}
