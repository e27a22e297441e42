//! What the full screen shows, and what a key changes of it. Pure: whatever needs the node is a
//! [`Wish`] that the loop fulfils.

mod complete;
mod rooms;
mod typing;

use std::collections::BTreeMap;

use crossterm::event::KeyEvent;
use kith_node::control::shape::Message;

use super::area::Area;
use super::input::Input;
use super::is_too_small;
use super::keys::{self, Act, Edit};
use super::transcript::Transcript;
use crate::exit::Exit;

/// Sentences that are shown at once, beside the conversation.
const NOTICES_MAX: usize = 3;

/// One conversation in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Room {
    /// As it is typed.
    pub(super) name: String,
    /// As it is shown.
    pub(super) shown: String,
    pub(super) unread: u32,
    pub(super) online: bool,
}

/// Something to read in the place of the conversation, until one closes it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) text: String,
    /// The key that opened it closes it.
    of: Option<Act>,
    /// Rows above what is seen.
    pub(super) above: usize,
}

/// What only the loop can do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Nothing,
    /// A line was typed.
    Obey(String),
    /// Another conversation is wanted.
    Open(String),
    /// Words are looked for, from the newest line on.
    Find(String),
    /// The same words, further on: older or newer.
    FindOn {
        older: bool,
    },
    /// More was typed than a line holds.
    SayTooLong,
    /// A paste was not taken.
    SayNotPasted,
    /// The oldest line is wanted.
    Oldest,
    Help,
    Redraw,
    Leave(Exit),
}

/// Why there is nothing to talk through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Away {
    Locked,
    Gone,
}

/// All that is shown.
#[derive(Default)]
pub(super) struct State {
    /// Columns and rows of the terminal.
    pub(super) size: (u16, u16),
    pub(super) status: String,
    pub(super) rooms: Vec<Room>,
    pub(super) open: Option<String>,
    /// Who it is, with the state of the trust in them.
    pub(super) head: String,
    /// Whether they were never met.
    pub(super) warns: bool,
    pub(super) prompt: String,
    pub(super) transcript: Transcript,
    /// What came and was not drawn, of all conversations.
    pub(super) pending: Vec<Message>,
    pub(super) input: Input,
    pub(super) page: Option<Page>,
    pub(super) notices: Vec<String>,
    /// A paste that waits for a yes.
    pub(super) paste: Option<String>,
    /// What is typed meanwhile.
    pub(super) answer: Input,
    /// Whether what is typed next answers a question.
    pub(super) asked: bool,
    /// What was looked for.
    pub(super) wanted: Option<String>,
    pub(super) away: Option<Away>,
    /// What was not sent yet, of other conversations.
    drafts: BTreeMap<String, Input>,
    /// The line that waits for a yes.
    doubted: String,
    recalled: Vec<String>,
    /// How far back one is in what was recalled, and what was being typed before.
    recalling: Option<(usize, Input)>,
    /// What stands in the input's place while something else is typed there.
    aside: Option<Input>,
    /// The key of the page that comes next.
    turns_to: Option<Act>,
}

impl State {
    /// The terminal has so many columns and rows now.
    pub(super) fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
    }

    /// What a pressed key does.
    pub(super) fn press(&mut self, pressed: KeyEvent) -> Wish {
        let Some(act) = keys::act(pressed) else {
            return Wish::Nothing;
        };
        match act {
            Act::Leave => return Wish::Leave(Exit::OK),
            Act::Interrupt => return Wish::Leave(Exit::INTERRUPTED),
            Act::Redraw => return Wish::Redraw,
            _ if self.paste.is_some() => return self.answer(act),
            Act::LeaveOrDelete if self.input.is_empty() => return Wish::Leave(Exit::OK),
            // Nothing else is there to be done.
            _ if self.away.is_some() => return Wish::Nothing,
            // Nobody sends what they cannot see.
            Act::Send if is_too_small(self.size) => return Wish::Nothing,
            _ => {}
        }
        if let (Act::Edit(Edit::Letter(_)) | Act::Close, Some(_)) = (act, &self.wanted) {
            self.find_no_more();
        }
        let wish = self.act(act);
        // A command is no answer: the line that waited for one is there again.
        if let Wish::Obey(line) = &wish
            && line.starts_with('/')
        {
            self.doubt_no_more();
        }
        wish
    }

    fn act(&mut self, act: Act) -> Wish {
        if act != Act::Recall {
            self.recalling = None;
        }
        self.turns_to = None;
        match act {
            Act::Send => return self.enter(),
            Act::NewLine => return self.insert("\n"),
            Act::Complete => self.complete(),
            Act::Previous => return self.step(-1),
            Act::Next => return self.step(1),
            Act::Nth(number) => return self.nth(number),
            Act::PageUp => self.scroll_up(self.page_height()),
            Act::PageDown => self.scroll_down(self.page_height()),
            Act::Oldest if self.page.is_none() => return Wish::Oldest,
            Act::Oldest => self.scroll_up(usize::MAX / 2),
            Act::Newest if self.page.is_none() => self.transcript.show_end(),
            Act::Newest => self.scroll_down(usize::MAX / 2),
            Act::Find => self.type_aside("/find "),
            Act::Timer => self.type_aside("/timer "),
            Act::FindOlder => return Wish::FindOn { older: true },
            Act::FindNewer => return Wish::FindOn { older: false },
            Act::Recall => self.recall(),
            Act::Who | Act::Waiting | Act::Group | Act::Doctor | Act::Help => {
                return self.turn_to(act);
            }
            Act::Lock => return Wish::Obey("/lock".to_owned()),
            Act::Close => self.close(),
            Act::LeaveOrDelete => self.input.delete_after(),
            Act::Edit(edit) => return self.edit(edit),
            Act::Redraw => return Wish::Redraw,
            Act::Leave => return Wish::Leave(Exit::OK),
            Act::Interrupt => return Wish::Leave(Exit::INTERRUPTED),
        }
        Wish::Nothing
    }

    /// What this key shows, in the place of what another showed; the same key again closes it.
    fn turn_to(&mut self, act: Act) -> Wish {
        let open = self.page.take().and_then(|page| page.of);
        // A question stays until it is answered.
        if !self.asked {
            self.notices.clear();
        }
        if open == Some(act) {
            return Wish::Nothing;
        }
        self.turns_to = Some(act);
        match act {
            Act::Who => self.who(),
            Act::Waiting => Wish::Obey("/waiting".to_owned()),
            Act::Group => Wish::Obey("/group".to_owned()),
            Act::Doctor => Wish::Obey("/doctor".to_owned()),
            _ => Wish::Help,
        }
    }

    fn find_no_more(&mut self) {
        self.wanted = None;
        self.transcript.forget_found();
    }

    /// Everything that somebody said is gone: nothing of it comes back before it is read again.
    pub(super) fn forget(&mut self, why: Away) {
        let (size, open) = (self.size, self.open.take());
        *self = Self {
            size,
            open,
            away: Some(why),
            ..Self::default()
        };
    }

    /// Shows something to read.
    pub(super) fn show(&mut self, text: String) {
        self.page = Some(Page {
            text,
            of: self.turns_to.take(),
            above: 0,
        });
    }

    /// Says something beside the conversation.
    pub(super) fn say(&mut self, text: String) {
        if self.notices.last() != Some(&text) {
            self.notices.push(text);
        }
        let over = self.notices.len().saturating_sub(NOTICES_MAX);
        self.notices.drain(..over);
    }

    /// Columns and rows in which the conversation is seen.
    pub(super) fn room(&self) -> (usize, usize) {
        let area = Area::of(self);
        (area.talk.width.into(), area.talk.height.into())
    }

    fn page_height(&self) -> usize {
        self.room().1.saturating_sub(1).max(1)
    }

    fn scroll_up(&mut self, rows: usize) {
        let (columns, height) = self.room();
        match &mut self.page {
            Some(page) => page.above = page.above.saturating_sub(rows),
            None => self.transcript.up(rows, columns, height),
        }
    }

    fn scroll_down(&mut self, rows: usize) {
        let area = Area::of(self);
        let (columns, _) = self.room();
        match &mut self.page {
            Some(page) => {
                let all = area.rows_of(&page.text).len();
                let most = all.saturating_sub(area.body.height.into());
                page.above = page.above.saturating_add(rows).min(most);
            }
            None => self.transcript.down(rows, columns),
        }
    }
}

#[cfg(test)]
mod tests;
