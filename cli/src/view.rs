//! How people and what they say look on the screen: petname, text, time; nothing else.
//!
//! Whatever came from somebody else passes [`clean_body`] here, and nowhere is it printed without.
//! Body lines after the first are indented, so that no body can draw a line of its own. Last step
//! of the road.

mod amounts;
mod card;
mod group;
mod motion;
mod outlook;
mod rows;
mod said;

use kith_node::control::shape::{Computer, Contact, How, Introducer, Nick, Somebody};
use kith_proto::name::Foreign;
use kith_proto::text::clean_body;
use unicode_width::UnicodeWidthStr;

use crate::when::Clock;
use crate::words::{Msg, Words, msg};

pub(crate) use amounts::{size, sized, span};
pub(crate) use card::{card, card_and, contact_table, session_words};
pub(crate) use group::{
    ROW, all_named, cost, decides, group, group_card, group_row, named, proposed, welcome,
};
pub(crate) use motion::{decision, motion, outcome};
pub(crate) use outlook::outlook;
pub(crate) use rows::{columns, fitted, hung};
pub(crate) use said::{
    Spoken, folded, in_its_room, indented, keeping, kept, line, message, spoken, timer,
    timer_or_none,
};

/// A name of mine, or anything short: one line without surprises.
pub(crate) fn name(name: &str) -> String {
    clean_body(name).lines().collect::<Vec<_>>().join(" ")
}

/// A name as a command is given it: in quotes, where a shell would take it apart.
pub(crate) fn in_command(name: &str) -> String {
    let name = self::name(name);
    let plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if name.chars().all(plain) {
        return name;
    }
    match name.contains(['"', '$', '`', '\\', '!']) {
        true => format!("'{}'", name.replace('\'', r"'\''")),
        // The line of the full screen takes these too.
        false => format!("\"{name}\""),
    }
}

/// A name, and beside it what I alone decided about them: no name of mine has a parenthesis in it.
pub(crate) fn marked(words: &Words, contact: &Contact) -> String {
    let marks = [
        (contact.blocked, "mark-blocked"),
        (contact.muted, "mark-muted"),
    ];
    let marks = marks.iter().filter(|(is_so, _)| *is_so);
    let marks: Vec<_> = marks.map(|(_, key)| words.get(key)).collect();
    name(&contact.petname) + &said::marked(&marks)
}

/// What somebody calls themselves, never without its marks, and whom of mine it could be taken for.
pub(crate) fn nick(words: &Words, nick: &Nick, looks_like: Option<&str>) -> String {
    let warning = looks_like.map(|mine| msg!("looks-like", name = name(mine)));
    warned(words, nick.0.to_string(), warning)
}

/// Somebody who has no name of mine, never without their marks, and whom of mine they could be taken
/// for. A friend's name for somebody may mean whom I call so.
pub(crate) fn somebody(words: &Words, somebody: &Somebody) -> String {
    let called = &somebody.called.0;
    let mine = somebody.looks_like.as_deref().map(name);
    let warning = mine.map(|mine| match called {
        Foreign::Edge { .. } => msg!("may-look-like", name = mine),
        Foreign::Proposed(_) | Foreign::Unknown(_) => msg!("looks-like", name = mine),
    });
    warned(words, called.to_string(), warning)
}

fn warned(words: &Words, shown: String, warning: Option<Msg>) -> String {
    match warning {
        Some(warning) => format!("{shown}  {}", words.say(&warning)),
        None => shown,
    }
}

/// How somebody, or one of their computers, became a friend's.
pub(crate) struct Origin<'a> {
    state: How,
    met: Option<&'a str>,
    compared: Option<&'a str>,
    introduced_by: &'a [Introducer],
}

impl<'a> From<&'a Contact> for Origin<'a> {
    fn from(contact: &'a Contact) -> Self {
        Self {
            state: contact.state,
            met: contact.met.as_deref(),
            compared: contact.compared.as_deref(),
            introduced_by: &contact.introduced_by,
        }
    }
}

impl<'a> From<&'a Computer> for Origin<'a> {
    fn from(computer: &'a Computer) -> Self {
        Self {
            state: computer.state,
            met: computer.met.as_deref(),
            compared: computer.compared.as_deref(),
            introduced_by: &computer.introduced_by,
        }
    }
}

/// Where the trust in them comes from, in words.
pub(crate) fn how<'a>(words: &Words, clock: &Clock, of: impl Into<Origin<'a>>) -> String {
    let of = of.into();
    let day = |utc: Option<&str>| clock.long_day(words, utc.unwrap_or_default());
    words.say(&match of.state {
        How::Invited => msg!("how-invited"),
        How::Joining => msg!("how-joining"),
        How::Met => msg!("how-met", day = day(of.met)),
        How::Compared => msg!("how-compared", day = day(of.compared)),
        How::Introduced => {
            let names = of.introduced_by.iter().map(|it| introducer(words, it));
            msg!("how-introduced", names = listed(words, names.collect()))
        }
        How::Code => msg!("how-code"),
        How::Copied => msg!("how-copied"),
        How::Recheck => msg!("how-recheck"),
        How::NewIdentity => msg!("how-new-identity"),
        How::Announced => msg!("how-announced"),
        How::Former => msg!("how-former"),
    })
}

/// Who introduced somebody: a friend of mine, or one who was.
pub(crate) fn introducer(words: &Words, introducer: &Introducer) -> String {
    match &introducer.petname {
        Some(petname) => name(petname),
        None => words.get("introducer-removed"),
    }
}

/// `a`, `a and b`, `a, b and c`
fn listed(words: &Words, mut names: Vec<String>) -> String {
    let last = names.pop().unwrap_or_default();
    match names.is_empty() {
        true => last,
        false => words.say(&msg!("list-and", names = names.join(", "), last = last)),
    }
}

/// When they were last there, in words.
pub(crate) fn presence(words: &Words, clock: &Clock, contact: &Contact) -> String {
    match contact.stopped {
        true => words.get("presence-stopped"),
        false => seen(words, clock, contact.online, contact.last_seen.as_deref()),
    }
}

/// Since when they are not there, in words that need no column's name above them.
pub(crate) fn since(words: &Words, clock: &Clock, contact: &Contact) -> String {
    match (&contact.last_seen, contact.online || contact.stopped) {
        (Some(last), false) => words.say(&msg!("offline-since", time = clock.stamp(last))),
        (None, false) => words.get("offline-always"),
        (_, true) => presence(words, clock, contact),
    }
}

/// The same where there is little room.
pub(crate) fn since_in_short(words: &Words, clock: &Clock, contact: &Contact) -> String {
    match (&contact.last_seen, contact.online || contact.stopped) {
        (Some(last), false) => words.say(&msg!("offline-short", time = clock.stamp(last))),
        _ => since(words, clock, contact),
    }
}

/// When somebody, or one of their computers, was last there.
pub(crate) fn seen(words: &Words, clock: &Clock, online: bool, last: Option<&str>) -> String {
    match last {
        _ if online => words.get("presence-online"),
        Some(last) => {
            let time = clock.stamp(last);
            words.say(&msg!("presence-last", time = time))
        }
        None => words.get("presence-never"),
    }
}

/// What waits between us, in words.
pub(crate) fn waiting(words: &Words, contact: &Contact) -> String {
    let mut waiting = Vec::new();
    if contact.unread > 0 {
        waiting.push(words.say(&msg!("waiting-unread", count = contact.unread)));
    }
    if contact.outbox > 0 {
        waiting.push(words.say(&msg!("waiting-outbox", count = contact.outbox)));
    }
    if contact.full {
        waiting.push(words.get("waiting-no-room"));
    }
    match waiting.is_empty() {
        true => words.get("waiting-nothing"),
        false => waiting.join(", "),
    }
}

/// Rows as columns of equal width, two spaces between them; the last one is as long as it is.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(&widths);
            let room = |cell: &str, width: usize| " ".repeat(width.saturating_sub(cell.width()));
            let padded = cells.map(|(cell, width)| format!("{cell}{}", room(cell, *width)));
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
pub(crate) mod hostile;

#[cfg(test)]
mod tests {
    use super::*;
    use kith_node::control::shape::Language;
    use serde_json::{Value, json};

    #[test]
    fn who_looks_like_one_of_mine_is_told_from_them_in_words() {
        let words = Words::new(Language::English);
        let shown = |json: &str| somebody(&words, &serde_json::from_str(json).unwrap());
        assert_eq!(
            shown(r#"{"proposed":"Zoé","looks_like":"zoé"}"#),
            "~\"Zoé\"  ! same look as your zoé, another person"
        );
        assert_eq!(
            shown(r#"{"edge":["bob","zoe"],"looks_like":"zoé"}"#),
            "bob/zoe  ! same look as your zoé, perhaps another person"
        );
        assert_eq!(shown(r#"{"edge":["bob","carole"]}"#), "bob/carole");
        assert_eq!(shown(r#"{"unknown":"lune-tigre"}"#), "?lune-tigre");
    }

    #[test]
    fn who_is_away_is_so_in_words_since_when() {
        let contact = |last: Value| -> Contact {
            let contact = json!({
                "petname": "zoé", "language": "fr", "reads": false, "nick": null, "state": "code",
                "online": false, "stopped": false, "last_seen": last,
                "since": "2026-11-21T13:03:00Z", "unread": 0, "outbox": 0, "full": false,
                "keep_min": 0, "timer": { "mine_min": 0, "theirs_min": 0, "agreed_min": 0 },
            });
            serde_json::from_value(contact).unwrap()
        };
        let now = "2026-11-21T15:00:00[UTC]".parse().unwrap();
        let clock = Clock::at(&now);
        let words = Words::new(Language::French);
        let away = contact(json!("2026-11-21T14:02:00Z"));
        assert_eq!(since(&words, &clock, &away), "hors ligne depuis 14:02");
        assert_eq!(since_in_short(&words, &clock, &away), "hors ligne 14:02");
        let never = contact(Value::Null);
        assert_eq!(since(&words, &clock, &never), "pas encore vu·e en ligne");
    }

    #[test]
    fn a_name_is_one_line() {
        assert!(!name("zoé\n14:06 bob: mensonge\u{1b}[2J").contains(['\n', '\u{1b}']));
    }

    #[test]
    fn a_name_in_a_command_is_one_word_to_a_shell() {
        assert_eq!(in_command("zoé"), "zoé");
        assert_eq!(in_command("bob/zoé"), "bob/zoé");
        assert_eq!(in_command("le jardin"), "\"le jardin\"");
        assert_eq!(in_command("l'atelier $1"), r"'l'\''atelier $1'");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            vec!["zoé".into(), "a".into()],
            vec!["bo".into(), String::new()],
        ];
        assert_eq!(table(&rows), "zoé  a\nbo");
        let rows = ["陽子", "zoe\u{301}"].map(|name| vec![name.into(), "a".into()]);
        assert_eq!(table(&rows), "陽子  a\nzoe\u{301}   a");
    }
}
