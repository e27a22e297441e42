//! What people said to each other, line by line, and how long it stays.

use kith_node::config::Minutes;
use kith_node::control::shape::{Contact, Delivery, InGroup, KeptBy, Line, Message, SeenBy, Timer};
use kith_proto::text::clean_body;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::rows::{INDENT, broken};
use super::{name, span};
use crate::when::Clock;
use crate::words::{Msg, Words, msg};

/// Columns of what is left to be seen of a message that is folded.
const FOLDED_COLUMNS: usize = 40;

/// What somebody said, ready to be drawn: who and when, then the words, cleaned and indented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spoken {
    head: String,
    body: String,
}

impl Spoken {
    fn new(words: &Words, time: String, name: String, body: String) -> Self {
        let head = words.say(&msg!("line-message", time = time, name = name, text = ""));
        Self { head, body }
    }

    /// Who, when, and what is to be known of it.
    pub(crate) fn head(&self) -> &str {
        &self.head
    }

    /// What was said: no line of it but the first begins without an indent.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// In rows of so many columns: what goes on does so behind an indent.
    pub(crate) fn rows(&self, columns: usize) -> Vec<String> {
        let rows = broken(&self.whole(), columns);
        rows.split('\n').map(str::to_owned).collect()
    }

    fn whole(&self) -> String {
        format!("{}{}", self.head, self.body)
    }
}

/// `14:03 zoé: salut`, or `14:03 #local zoé: salut`
pub(crate) fn message(words: &Words, clock: &Clock, message: &Message) -> String {
    drawn(words, clock, message, indented(&message.text))
}

/// The same where one sees already in which conversation it is; of whom I muted in a group, the
/// beginning of it.
pub(crate) fn in_its_room(words: &Words, clock: &Clock, message: &Message) -> Spoken {
    let time = clock.arrival(words, &message.received, &message.claimed);
    let body = match message.group.is_some() && message.from.muted {
        true => beginning(&name(&message.text)),
        false => indented(&message.text),
    };
    Spoken::new(words, time, author(words, message), body)
}

/// The same, of whom I muted in a group: the beginning of it.
pub(crate) fn folded(words: &Words, clock: &Clock, message: &Message) -> String {
    drawn(words, clock, message, beginning(&name(&message.text)))
}

fn drawn(words: &Words, clock: &Clock, message: &Message, body: String) -> String {
    let time = clock.arrival(words, &message.received, &message.claimed);
    let from = match &message.group {
        Some(group) => format!("{} {}", super::group(&group.name), author(words, message)),
        None => author(words, message),
    };
    Spoken::new(words, time, from, body).whole()
}

/// Who wrote it, and what is to be known of it.
fn author(words: &Words, message: &Message) -> String {
    let mut marks = Vec::new();
    if let Some(InGroup { to_all: true, .. }) = message.group {
        marks.push(words.get("mark-to-all"));
    }
    if message.group.is_some() && message.from.muted {
        marks.push(words.get("mark-muted"));
    }
    if message.limit_min > 0 {
        let time = span(words, message.limit_min);
        marks.push(words.say(&msg!("mark-limit", time = time)));
    }
    name(&message.from.petname) + &marked(&marks)
}

/// As many columns as stay of something folded.
fn beginning(text: &str) -> String {
    let mut begins = String::new();
    for piece in text.graphemes(true) {
        if begins.width() + piece.width() > FOLDED_COLUMNS {
            return begins + "...";
        }
        begins.push_str(piece);
    }
    begins
}

/// `14:04 me (arrived): j'y serai`, of a conversation with `petname`.
pub(crate) fn line(words: &Words, clock: &Clock, petname: &str, said: &Line) -> String {
    spoken(words, clock, petname, said).whole()
}

/// The same, in its two parts.
pub(crate) fn spoken(words: &Words, clock: &Clock, petname: &str, line: &Line) -> Spoken {
    let mut marks = Vec::new();
    let author = match line.mine {
        None => name(line.from.as_deref().unwrap_or(petname)),
        Some(state) => {
            marks.push(match (state, &line.kept) {
                (Delivery::Kept, Some(kept)) => kept_mark(words, clock, kept),
                (Delivery::Seen, _) => words.say(&seen_by(line.seen)),
                (Delivery::Saved | Delivery::Kept, _) => words.get("mark-waiting"),
                (Delivery::Delivered, _) => words.get("mark-arrived"),
                (Delivery::NotArrived | Delivery::Unknown, _) => words.get("mark-not-arrived"),
            });
            words.get("line-me")
        }
    };
    if line.to_all {
        marks.push(words.get("mark-to-all"));
    }
    if let Some(left) = line.left_min.filter(|_| line.limit_min > 0) {
        marks.push(words.say(&msg!("mark-left", time = span(words, left))));
    }
    let name = author + &marked(&marks);
    Spoken::new(words, clock.stamp(&line.time), name, indented(&line.text))
}

/// `seen by 7 of 8`
fn seen_by(seen: Option<SeenBy>) -> Msg {
    let SeenBy { seen, of } = seen.unwrap_or(SeenBy { seen: 0, of: 0 });
    msg!("mark-seen", seen = seen, of = of)
}

/// `kept by bob until tomorrow at 18:00`
fn kept_mark(words: &Words, clock: &Clock, kept: &KeptBy) -> String {
    let until = clock.until(words, &kept.until);
    words.say(&match &kept.by {
        Some(by) => msg!("mark-kept", name = name(by), until = until),
        None => msg!("mark-kept-by-friend", until = until),
    })
}

/// ` (one, two)`
pub(super) fn marked(marks: &[String]) -> String {
    match marks.is_empty() {
        true => String::new(),
        false => format!(" ({})", marks.join(", ")),
    }
}

/// A body, cleaned, its lines after the first indented.
pub(crate) fn indented(text: &str) -> String {
    let clean = clean_body(text);
    let lines: Vec<&str> = clean.lines().collect();
    lines.join(&format!("\n{INDENT}"))
}

/// How long a conversation is kept here.
pub(crate) fn keeping(words: &Words, contact: &Contact) -> Msg {
    kept(words, contact.keep_min)
}

/// The same of so many minutes.
pub(crate) fn kept(words: &Words, minutes: u32) -> Msg {
    match minutes {
        0 => msg!("history-kept-none"),
        keep => msg!("history-kept", time = span(words, keep)),
    }
}

/// What both sides said of how long they keep what they say, and what of it holds.
pub(crate) fn timer(words: &Words, petname: &str, timer: &Timer) -> Vec<Msg> {
    let agreed = timer.agreed_min;
    let mut told = Vec::new();
    if agreed > 0 {
        let time = span(words, agreed);
        told.push(msg!("timer-holds", name = name(petname), time = time));
    }
    match timer.mine_min {
        mine if mine == agreed => {}
        0 => told.push(msg!("timer-mine-off", name = name(petname))),
        mine => {
            let time = span(words, mine);
            told.push(msg!("timer-mine", name = name(petname), time = time));
        }
    }
    match timer.theirs_min {
        theirs if theirs == agreed => {}
        0 => told.push(msg!("timer-theirs-off", name = name(petname))),
        theirs => told.push(msg!(
            "timer-theirs",
            name = name(petname),
            time = span(words, theirs),
            typed = String::from(Minutes(theirs))
        )),
    }
    told
}

/// The same, and that there is no timer if there is none.
pub(crate) fn timer_or_none(words: &Words, petname: &str, said: &Timer) -> Vec<Msg> {
    let told = timer(words, petname, said);
    match told.is_empty() {
        true => vec![msg!("timer-none")],
        false => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_node::control::shape::Language;

    #[test]
    fn a_body_never_starts_a_line() {
        let drawn = indented("salut\n14:06 bob: mensonge\n\n14:07 bob: encore");
        for line in drawn.lines().skip(1) {
            assert!(line.starts_with(INDENT), "{line}");
        }
    }

    #[test]
    fn a_timer_says_what_holds_and_what_is_proposed() {
        let told = |mine_min, theirs_min, agreed_min| {
            let said = Timer {
                mine_min,
                theirs_min,
                agreed_min,
            };
            let words = Words::new(Language::English);
            let told = timer(&words, "zoé", &said);
            told.iter().map(|msg| msg.key).collect::<Vec<_>>()
        };
        assert_eq!(told(0, 0, 0), [""; 0]);
        assert_eq!(told(60, 0, 0), ["timer-mine"]);
        assert_eq!(told(0, 60, 0), ["timer-theirs"]);
        assert_eq!(told(60, 60, 60), ["timer-holds"]);
        assert_eq!(told(0, 60, 60), ["timer-holds", "timer-mine-off"]);
        assert_eq!(told(60, 0, 60), ["timer-holds", "timer-theirs-off"]);
        assert_eq!(told(60, 90, 0), ["timer-mine", "timer-theirs"]);
    }
}
