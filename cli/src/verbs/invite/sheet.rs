//! An invitation on paper, a quarter of a sheet: the code in groups, for how long, what to do. No name
//! stands on it: whoever finds it learns from it neither who invites nor who is invited.

use kith_node::control::shape::Invitation;
use unicode_width::UnicodeWidthStr;

use crate::when::Clock;
use crate::words::{Words, msg};

/// What fits beside the margins of A6 in letters of ten points.
const COLUMNS: usize = 40;

/// Letters of a group, which can be kept in mind while typing.
const GROUP: usize = 4;

/// Groups of a row.
const GROUPS: usize = 8;

/// All of it.
pub(super) fn of(words: &Words, clock: &Clock, invitation: &Invitation) -> String {
    let until = clock.moment(words, &invitation.expires);
    let before = words.say(&msg!("invite-sheet-before", until = until));
    let after = words.get("invite-sheet-after");
    let code = grouped(&invitation.code);
    format!("{}\n\n{code}\n\n{}", narrow(&before), narrow(&after))
}

/// `KITH:`, and below it the rest in groups: blanks in a code count for nothing.
fn grouped(code: &str) -> String {
    let (mark, letters) = code.split_at(code.find(':').map_or(0, |at| at + 1));
    let letters: Vec<char> = letters.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(String::from_iter).collect();
    let rows = groups.chunks(GROUPS).map(|row| row.join(" "));
    let rows: Vec<String> = [mark.to_owned()].into_iter().chain(rows).collect();
    rows.join("\n")
}

/// In rows of whole words; what goes on stands under what it belongs to.
fn narrow(text: &str) -> String {
    let mut rows = Vec::new();
    for line in text.lines() {
        let hang = line.find(|c: char| !(c.is_ascii_digit() || ". ".contains(c)));
        let hang = " ".repeat(hang.unwrap_or(0));
        let mut row = String::new();
        for word in line.split(' ') {
            if !row.trim().is_empty() && row.width() + 1 + word.width() > COLUMNS {
                rows.push(std::mem::replace(&mut row, format!("{hang}{word}")));
                continue;
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(word);
        }
        rows.push(row);
    }
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::every_language;

    #[test]
    fn it_fits_a_quarter_of_a_sheet_and_the_code_on_it_is_whole() {
        // As long as a code gets.
        let code = format!("KITH:{}", "ABCDEFGHIJKLMNOP".repeat(10));
        let expires = "2026-11-28T17:00:00Z".to_owned();
        let invitation = Invitation { code, expires };
        for words in every_language() {
            let sheet = of(&words, &Clock::now(), &invitation);
            let rows: Vec<&str> = sheet.lines().collect();
            assert!(rows.len() <= 35, "{} rows:\n{sheet}", rows.len());
            for row in &rows {
                assert!(row.width() <= COLUMNS, "{row}");
            }
            let from = rows.iter().position(|row| *row == "KITH:").unwrap();
            let code = rows.iter().skip(from).take_while(|row| !row.is_empty());
            let code: String = code.flat_map(|row| row.split(' ')).collect();
            assert_eq!(code, invitation.code);
        }
    }

    #[test]
    fn a_step_stays_under_its_number() {
        let text = "1. Put the program on your own computer today.";
        let rows = "1. Put the program on your own computer\n   today.";
        assert_eq!(narrow(text), rows);
        let long = "x".repeat(50);
        assert_eq!(narrow(&long), long);
    }
}
