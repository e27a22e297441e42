//! The name of a file that somebody else chose: made harmless before it stands on a screen or a disk.
//!
//! No path, no control, no direction, nothing hidden, no option of a program, no name that a system
//! keeps for itself. What is left may still lie: a name ends as its author likes. PROTOCOL §4.5 "Files".

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::limits::{FILE_NAME_BYTES_MAX, FILE_NAME_COLUMNS_MAX, MARKS_PER_LETTER_MAX};
use crate::text::{is_default_ignorable, is_mark};

/// What a file is called of whose name nothing can be shown.
const NAMELESS: &str = "kith-file";
/// Letters of an ending that is kept when a name is cut.
const ENDING_LETTERS_MAX: usize = 10;
/// Names that some systems open as a device, whatever ending they have.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// A name under which a file can be shown and saved: one line of at most
/// [`FILE_NAME_COLUMNS_MAX`] columns and [`FILE_NAME_BYTES_MAX`] bytes, never empty. Cleaning twice
/// changes nothing.
pub fn clean_name(text: &str) -> String {
    let last = text
        .rsplit(['/', '\\'])
        .find(|part| !part.trim().is_empty());
    let mut clean = String::new();
    let mut marks = 0;
    // What hides goes first: marks on both sides of it change places once they stand together.
    let seen = last.unwrap_or_default().chars();
    for c in seen.filter(|c| !is_default_ignorable(*c)).nfc() {
        let c = match c {
            c if c.is_whitespace() => ' ',
            c if !stands(c) => '_',
            c => c,
        };
        marks = if is_mark(c) { marks + 1 } else { 0 };
        let doubled = c == ' ' && clean.ends_with(' ');
        if !doubled && marks <= MARKS_PER_LETTER_MAX && !(is_mark(c) && clean.is_empty()) {
            clean.push(c);
        }
    }
    let begins = |c: char| matches!(c, ' ' | '.' | '-' | '~') || is_mark(c);
    let clean = clean.trim_start_matches(begins);
    let clean = cut(clean.trim_end_matches([' ', '.']));
    if clean.chars().all(|c| matches!(c, '_' | ' ' | '.')) {
        return NAMELESS.to_owned();
    }
    match is_device(&clean) {
        true => format!("_{clean}"),
        false => clean,
    }
}

/// Whether a character may be part of a name on every system that a stick goes to.
fn stands(c: char) -> bool {
    let kept = matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{FFFD}');
    let none = matches!(c, '\u{FDD0}'..='\u{FDEF}') || (c as u32 & 0xFFFE) == 0xFFFE;
    !c.is_control() && !kept && !none
}

/// The name within its bounds, with its ending if it has a short one.
fn cut(name: &str) -> String {
    // Room for what may be put before it.
    let fits =
        |name: &str| name.width() < FILE_NAME_COLUMNS_MAX && name.len() < FILE_NAME_BYTES_MAX;
    if fits(name) {
        return name.to_owned();
    }
    let ending = name
        .rfind('.')
        .map_or("", |at| name.get(at..).unwrap_or(""));
    let ending = if ending.chars().count() <= ENDING_LETTERS_MAX {
        ending
    } else {
        ""
    };
    let mut short = String::new();
    for letter in name.graphemes(true) {
        if !fits(&format!("{short}{letter}{ending}")) {
            break;
        }
        short.push_str(letter);
    }
    match short.trim_end_matches([' ', '.']) {
        // Its first letter alone is too long: some scripts join as many as one likes.
        "" => format!("{NAMELESS}{ending}"),
        short => format!("{short}{ending}"),
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    DEVICES.contains(&bare) && stem.len() <= bare.len() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_name_stays_as_it_is() {
        for name in [
            "poster.png",
            "Affiche de la manif (2).jpeg",
            "compte-rendu été.pdf",
            "日本語.txt",
            "تقرير.pdf",
            "a",
            "console.log",
        ] {
            assert_eq!(clean_name(name), name);
        }
    }

    #[test]
    fn no_name_leaves_its_directory_hides_or_acts() {
        for (said, clean) in [
            ("../../.ssh/authorized_keys", "authorized_keys"),
            ("/etc/passwd", "passwd"),
            ("C:\\Windows\\system.ini", "system.ini"),
            ("..", NAMELESS),
            (".", NAMELESS),
            ("", NAMELESS),
            ("///", NAMELESS),
            ("a/", "a"),
            (".bashrc", "bashrc"),
            ("-rf", "rf"),
            ("~", NAMELESS),
            ("a\nb\u{1b}[2J.png", "a b_[2J.png"),
            ("\u{202e}gpj.exe", "gpj.exe"),
            ("pic\u{202e}gpj.exe", "picgpj.exe"),
            ("a\u{200b}b\u{feff}.png", "ab.png"),
            ("a\0b", "a_b"),
            ("what? <b>|\"x\".txt", "what_ _b___x_.txt"),
            ("name. . .", "name"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("com1.png", "_com1.png"),
            ("com12.png", "com12.png"),
            ("a   b.png", "a b.png"),
            ("\u{301}\u{301}.png", "png"),
            ("\u{FFFF}\u{FFFF}", NAMELESS),
        ] {
            assert_eq!(clean_name(said), clean, "{said:?}");
        }
    }

    #[test]
    fn marks_beside_what_hides_stand_in_their_order_at_once() {
        let clean = clean_name("ي\u{65b}\u{34f}\u{64c}.png");
        assert_eq!(clean, "ي\u{64c}\u{65b}.png");
        assert_eq!(clean_name(&clean), clean);
    }

    #[test]
    fn a_name_of_one_endless_letter_does_not_become_a_hidden_one() {
        let letter = "\u{1100}".repeat(100);
        assert_eq!(clean_name(&format!("{letter}.png")), "kith-file.png");
        assert_eq!(clean_name(&letter), NAMELESS);
    }

    #[test]
    fn a_long_name_is_cut_before_its_ending() {
        let cut = clean_name(&format!("{}.png", "é".repeat(300)));
        assert!(cut.ends_with("éé.png") && cut.width() < FILE_NAME_COLUMNS_MAX);
        let wide = clean_name(&format!("{}.png", "日".repeat(300)));
        assert!(wide.ends_with("日.png") && wide.width() < FILE_NAME_COLUMNS_MAX);
        let many = clean_name(&"e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}".repeat(90));
        assert!(many.len() < FILE_NAME_BYTES_MAX && many.chars().count() > 10);
    }

    proptest::proptest! {
        #[test]
        fn whatever_was_said_is_one_harmless_component(said in ".{0,300}") {
            let clean = clean_name(&said);
            proptest::prop_assert!(!clean.is_empty() && clean.len() <= FILE_NAME_BYTES_MAX);
            proptest::prop_assert!(clean.width() <= FILE_NAME_COLUMNS_MAX);
            proptest::prop_assert!(!clean.contains(['/', '\\', '\0', '\n']));
            proptest::prop_assert!(!clean.starts_with(['.', '-', ' ', '~']));
            proptest::prop_assert!(clean.chars().all(|c| !c.is_control() && !is_default_ignorable(c)));
            proptest::prop_assert_eq!(clean_name(&clean), clean);
        }
    }
}
