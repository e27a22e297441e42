//! What keys change of what is being typed: lines that are sent, had again, typed aside or pasted.

use super::super::input::Input;
use super::super::keys::{self, Act, Edit};
use super::{State, Wish};
use crate::words::is_yes;

/// Lines that were sent and can be had again, in memory only.
const RECALLED_MAX: usize = 100;

/// A paste of more lines is asked about first.
const PASTE_LINES: usize = 3;

impl State {
    pub(super) fn edit(&mut self, edit: Edit) -> Wish {
        match edit {
            Edit::Up => self.scroll_up(1),
            Edit::Down => self.scroll_down(1),
            edit if !self.input.edit(edit) => return Wish::SayTooLong,
            _ => {}
        }
        Wish::Nothing
    }

    pub(super) fn insert(&mut self, text: &str) -> Wish {
        match self.input.insert(text) {
            true => Wish::Nothing,
            false => Wish::SayTooLong,
        }
    }

    /// What was typed is done.
    pub(super) fn enter(&mut self) -> Wish {
        let line = self.input.take();
        if let Some(before) = self.aside.take() {
            self.input = before;
        }
        self.notices.clear();
        // What only this screen does is no answer to a question, which stands as before.
        match keys::command(&line) {
            Some((Act::Find, "")) | None => {}
            Some((act, wanted)) => {
                self.remember(&line);
                self.page = None;
                return match act {
                    Act::Find => Wish::Find(wanted.to_owned()),
                    act => self.act(act),
                };
            }
        }
        if self.asked && !line.starts_with('/') {
            match is_yes(&line) {
                true => self.asked = false,
                // It was not sent, and is not lost.
                false => self.doubt_no_more(),
            }
            return Wish::Obey(line);
        }
        if line.trim().is_empty() {
            self.page = None;
            return Wish::Nothing;
        }
        self.page = None;
        // What is said to nobody yet stays, until somebody is chosen.
        if self.open.is_none() && !line.starts_with(['/', '@']) {
            self.input = Input::of(line.clone());
            return Wish::Obey(line);
        }
        self.remember(&line);
        if !self.asked {
            self.doubted.clone_from(&line);
        }
        Wish::Obey(line)
    }

    /// The line that waits for a yes gets none: it is there again, to be changed or deleted.
    pub(super) fn doubt_no_more(&mut self) {
        if !std::mem::take(&mut self.asked) {
            return;
        }
        let doubted = Input::of(std::mem::take(&mut self.doubted));
        let place = self.aside.as_mut().unwrap_or(&mut self.input);
        // Whatever else was begun meanwhile stays; then it can be recalled.
        if place.is_empty() {
            *place = doubted;
        }
    }

    pub(super) fn remember(&mut self, line: &str) {
        self.recalled.retain(|known| known != line);
        self.recalled.push(line.to_owned());
        let over = self.recalled.len().saturating_sub(RECALLED_MAX);
        self.recalled.drain(..over);
    }

    /// What was sent before, in the place of what is typed; once more, what was sent before that.
    pub(super) fn recall(&mut self) {
        let (back, before) = match self.recalling.take() {
            Some((back, before)) => (back + 1, before),
            None => (1, self.input.clone()),
        };
        let line = self
            .recalled
            .len()
            .checked_sub(back)
            .and_then(|at| self.recalled.get(at));
        match line {
            Some(line) => {
                self.input = Input::of(line.clone());
                self.recalling = Some((back, before));
            }
            // Once round.
            None => self.input = before,
        }
    }

    /// Lets a command be typed; what was typed comes back after it.
    pub(super) fn type_aside(&mut self, command: &str) {
        if self.aside.is_none() {
            self.aside = Some(self.input.clone());
        }
        self.input = Input::of(command);
    }

    pub(super) fn close(&mut self) {
        match (self.page.take(), self.aside.take()) {
            (Some(_), aside) => self.aside = aside,
            (None, Some(before)) => self.input = before,
            (None, None) => self.notices.clear(),
        }
        self.transcript.forget_found();
    }

    /// A paste: a long one is asked about, and none answers a question.
    pub(in crate::screen) fn pasted(&mut self, text: &str) -> Wish {
        if self.away.is_some() {
            return Wish::Nothing;
        }
        if self.paste.is_some() {
            return Wish::SayNotPasted;
        }
        if !self.input.has_room_for(text) {
            return Wish::SayTooLong;
        }
        // A terminal pastes the end of a line as Enter.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if text.trim_end().lines().count() <= PASTE_LINES {
            return self.insert(&text);
        }
        self.paste = Some(text.trim_end().to_owned());
        self.answer = Input::default();
        Wish::Nothing
    }

    /// What a key does while a paste waits for a yes: a word and Enter, as everywhere.
    pub(super) fn answer(&mut self, act: Act) -> Wish {
        match act {
            Act::Edit(edit) => {
                self.answer.edit(edit);
            }
            Act::LeaveOrDelete => self.answer.delete_after(),
            Act::Close => {
                self.paste = None;
                return Wish::SayNotPasted;
            }
            Act::Send => {
                let paste = self.paste.take().unwrap_or_default();
                return match is_yes(&self.answer.take()) {
                    true => self.insert(&paste),
                    false => Wish::SayNotPasted,
                };
            }
            _ => {}
        }
        Wish::Nothing
    }
}
