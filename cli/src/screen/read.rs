//! What the full screen asks the node for: lines, page by page, and who there is.

use std::time::{Duration, Instant};

use kith_node::control::shape::{Contact, GroupRow, Line, Message, Status};
use kith_proto::limits::HISTORY_ANSWER_MAX;
use unicode_width::UnicodeWidthStr;

use super::Screen;
use super::state::Room;
use super::transcript::Entry;
use crate::exit::Failed;
use crate::group::is_of;
use crate::unmet::is_unmet;
use crate::view;
use crate::when::Clock;
use crate::words::{Words, msg};

/// As many lines as a conversation opens with: more than most screens have rows, and read at once on
/// a small computer.
const OPENING_LINES: u32 = 64;

impl Screen<'_> {
    /// The open conversation, from its newest lines.
    pub(super) fn fill(&mut self) -> Result<(), Failed> {
        self.state.transcript = Default::default();
        self.read_newest()?;
        self.show_pending();
        self.read_lists()?;
        let (columns, height) = self.state.room();
        self.state.transcript.mark_new();
        self.state.transcript.show_new(columns, height);
        Ok(())
    }

    pub(super) fn show_pending(&mut self) {
        let Some(open) = &self.state.open else {
            return;
        };
        let here = self
            .state
            .pending
            .iter()
            .filter(|message| is_of(message, open));
        for message in here {
            let entry = unread(&self.talk.context.words, message);
            self.state.transcript.arrived(message.seq, entry);
        }
    }

    pub(super) fn read_newest(&mut self) -> Result<(), Failed> {
        let most = match self.state.transcript.first() {
            Some(_) => HISTORY_ANSWER_MAX,
            None => OPENING_LINES,
        };
        let Some(lines) = self.page(None, most)? else {
            return Ok(());
        };
        let all = (lines.len() as u64) < u64::from(most) && !self.is_cut(&lines)?;
        let name = self.state.open.clone().unwrap_or_default();
        let words = &self.talk.context.words;
        let clock = Clock::now();
        let speak = |line: &Line| view::spoken(words, &clock, &name, line);
        let page = lines
            .into_iter()
            .map(|line| (line.seq, kept(line, speak)))
            .collect();
        self.state.transcript.newest(page, all, speak);
        Ok(())
    }

    /// Whether there are lines before these: an answer has a bound in bytes, too.
    fn is_cut(&mut self, lines: &[Line]) -> Result<bool, Failed> {
        match lines.first() {
            Some(first) => Ok(self
                .page(Some(first.seq), 1)?
                .is_some_and(|older| !older.is_empty())),
            None => Ok(false),
        }
    }

    fn page(&mut self, before: Option<u64>, most: u32) -> Result<Option<Vec<Line>>, Failed> {
        let Some(name) = self.state.open.clone() else {
            return Ok(None);
        };
        let page = self.talk.node.history(&name, before, most);
        Ok(self.reached(page)?.map(|page| page.lines))
    }

    /// A page of older lines; whether there was one.
    pub(super) fn read_older(&mut self) -> Result<bool, Failed> {
        if self.state.transcript.complete {
            return Ok(false);
        }
        let Some(lines) = self.page(self.state.transcript.first(), HISTORY_ANSWER_MAX)? else {
            return Ok(false);
        };
        let name = self.state.open.clone().unwrap_or_default();
        let words = &self.talk.context.words;
        let clock = Clock::now();
        let speak = |line: &Line| view::spoken(words, &clock, &name, line);
        let page: Vec<_> = lines
            .into_iter()
            .map(|line| (line.seq, kept(line, speak)))
            .collect();
        let some = !page.is_empty();
        self.state.transcript.older(page);
        Ok(some)
    }

    pub(super) fn read_older_if_seen(&mut self) -> Result<(), Failed> {
        let (columns, height) = self.state.room();
        while self.state.open.is_some()
            && !self.state.transcript.complete
            && self.state.transcript.seen(columns, height).at_top
            && self.read_older()?
        {}
        Ok(())
    }

    pub(super) fn read_lists(&mut self) -> Result<(), Failed> {
        let contacts = self.talk.node.contacts();
        let Some(contacts) = self.reached(contacts)? else {
            return Ok(());
        };
        let groups = self.talk.node.groups();
        let Some(groups) = self.reached(groups)? else {
            return Ok(());
        };
        let status = self.talk.node.status();
        let Some(status) = self.reached(status)? else {
            return Ok(());
        };
        let (contacts, groups) = (contacts.contacts, groups.groups);
        let people = contacts.iter().map(|contact| &contact.petname);
        let mut names = people.chain(groups.iter().map(|group| &group.name));
        let open = self.state.open.as_ref();
        if open.is_some_and(|open| names.all(|name| name != open)) {
            self.leave();
        }
        let words = &self.talk.context.words;
        self.state.status = self::status(words, &status, &groups);
        self.head(&contacts, &groups);
        let people = contacts.iter().map(|contact| person(words, contact));
        self.state.rooms = people.chain(groups.iter().map(circle)).collect();
        self.state.prompt = self.talk.prompt();
        Ok(())
    }

    /// Nobody is called so any more: nothing of it stays here, and nothing goes there.
    fn leave(&mut self) {
        self.state.leave();
        self.talk.doubt_no_more();
        self.talk.to = None;
        // What is still there comes again, under the name that it has now.
        self.state.pending.clear();
        self.talk.read_again();
        self.stale.inbox = true;
    }

    /// Who it is, where the trust in them comes from, and whether they are there.
    fn head(&mut self, contacts: &[Contact], groups: &[GroupRow]) {
        let words = &self.talk.context.words;
        let open = self.state.open.as_deref();
        let contact = contacts
            .iter()
            .find(|contact| Some(contact.petname.as_str()) == open);
        let group = groups
            .iter()
            .find(|group| Some(group.name.as_str()) == open);
        let clock = Clock::now();
        self.state.warns = contact.is_some_and(is_unmet) || group.is_some_and(|group| group.split);
        self.state.head = match (contact, group) {
            (Some(contact), _) => {
                let name = view::marked(words, contact);
                let how = view::how(words, &clock, contact);
                let limit = (contact.timer.agreed_min > 0).then(|| {
                    let time = view::span(words, contact.timer.agreed_min);
                    words.say(&msg!("mark-limit", time = time))
                });
                let head = |presence| {
                    let about = [Some(how.clone()), Some(presence), limit.clone()];
                    let about: Vec<_> = about.into_iter().flatten().collect();
                    format!("{name} — {}", about.join(", "))
                };
                let whole = head(view::since(words, &clock, contact));
                match whole.width() + 2 > self.state.size.0.into() {
                    true => head(view::since_in_short(words, &clock, contact)),
                    false => whole,
                }
            }
            (None, Some(group)) => view::group_row(words, group).join(" — "),
            (None, None) => words.get("screen-nobody"),
        };
    }
}

/// A line that is kept, ready to be drawn.
fn kept(line: Line, speak: impl Fn(&Line) -> view::Spoken) -> Entry {
    let left = line
        .left_min
        .map(|left| Duration::from_secs(u64::from(left) * 60));
    Entry {
        spoken: speak(&line),
        ends: left.and_then(|left| Instant::now().checked_add(left)),
        mine: line.mine.is_some().then_some(line),
        ..Entry::default()
    }
}

/// A message that nobody saw yet.
pub(super) fn unread(words: &Words, message: &Message) -> Entry {
    let limit = Duration::from_secs(u64::from(message.limit_min) * 60);
    let ends = (message.limit_min > 0).then(|| Instant::now().checked_add(limit));
    Entry {
        spoken: view::in_its_room(words, &Clock::now(), message),
        unread: true,
        of_now: true,
        ends: ends.flatten(),
        ..Entry::default()
    }
}

fn person(words: &Words, contact: &Contact) -> Room {
    Room {
        name: contact.petname.clone(),
        shown: view::marked(words, contact),
        unread: contact.unread,
        online: contact.online,
    }
}

fn circle(group: &GroupRow) -> Room {
    Room {
        name: group.name.clone(),
        shown: view::group(&group.name),
        unread: group.unread,
        online: false,
    }
}

/// `2 online, 3 unread messages, 1 at the door`
fn status(words: &Words, status: &Status, groups: &[GroupRow]) -> String {
    let Some(open) = &status.open else {
        return String::new();
    };
    let to_answer: u32 = groups
        .iter()
        .map(|group| group.to_answer)
        .fold(0, u32::saturating_add);
    let door = open.waiting.saturating_add(open.to_check);
    let counted = [
        (open.unread, msg!("waiting-unread", count = open.unread)),
        (to_answer, msg!("group-to-answer", count = to_answer)),
        (door, msg!("screen-door", count = door)),
    ];
    let mut told = vec![words.say(&msg!("screen-online", count = open.friends.online))];
    let counted = counted.iter().filter(|(count, _)| *count > 0);
    told.extend(counted.map(|(_, said)| words.say(said)));
    if open.full {
        told.push(words.get("screen-full"));
    }
    told.join(" · ")
}
