//! From one conversation to another: which is open, and what was typed in each and not sent.

use super::super::input::Input;
use super::super::transcript::Transcript;
use super::{State, Wish};

impl State {
    /// Where the open conversation stands in the list.
    pub(in crate::screen) fn place(&self) -> Option<usize> {
        let open = self.open.as_ref()?;
        self.rooms.iter().position(|room| room.name == *open)
    }

    pub(super) fn step(&self, by: isize) -> Wish {
        let count = self.rooms.len();
        let to = match (self.place(), by < 0) {
            _ if count == 0 => return Wish::Nothing,
            (None, false) => 0,
            (None, true) => count - 1,
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => (at + count - 1) % count,
        };
        self.nth(to)
    }

    pub(super) fn nth(&self, number: usize) -> Wish {
        match self.rooms.get(number) {
            Some(room) if self.open.as_ref() != Some(&room.name) => Wish::Open(room.name.clone()),
            _ => Wish::Nothing,
        }
    }

    pub(super) fn who(&self) -> Wish {
        match &self.open {
            Some(name) => Wish::Obey(format!("/who {name}")),
            None => Wish::Obey("/who".to_owned()),
        }
    }

    /// Another conversation is open from now on; what was typed for this one stays with it.
    pub(in crate::screen) fn switch(&mut self, to: String) {
        self.doubt_no_more();
        let typed = self.unsent();
        if let Some(before) = self.open.replace(to)
            && !typed.is_empty()
        {
            self.drafts.insert(before, typed);
        }
        let draft = self.open.as_ref().and_then(|open| self.drafts.remove(open));
        self.input = draft.unwrap_or_default();
        self.transcript = Transcript::default();
        (self.page, self.wanted, self.recalling) = (None, None, None);
        self.notices.clear();
    }

    /// What is open is there no more. What was being typed can be had again, and goes nowhere.
    pub(in crate::screen) fn leave(&mut self) {
        self.doubt_no_more();
        let typed = self.unsent().take();
        if !typed.is_empty() {
            self.remember(&typed);
        }
        self.transcript = Transcript::default();
        (self.open, self.wanted, self.recalling) = (None, None, None);
    }

    /// What was typed and not sent.
    fn unsent(&mut self) -> Input {
        let input = std::mem::take(&mut self.input);
        self.aside.take().unwrap_or(input)
    }
}
