//! What keys change of what is being typed: lines that are sent, had again, typed aside or pasted.

use super::super::input::Input;
use super::super::keys::{self, Act, Edit};
use super::{State, Wish};
use crate::exit::Exit;
use crate::words::is_yes;

/// Lines that were sent and can be had again, in memory only.
const RECALLED_MAX: usize = 100;

/// A paste of more lines is asked about first.
const PASTE_LINES: usize = 3;

impl State {
    pub(super) fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Letter(letter) => self.input.type_letter(letter),
            Edit::DeleteBefore => self.input.delete_before(),
            Edit::DeleteAfter => self.input.delete_after(),
            Edit::DeleteLine => self.input.delete_line(),
            Edit::Left => self.input.go_left(),
            Edit::Right => self.input.go_right(),
            Edit::Up => self.scroll_up(1),
            Edit::Down => self.scroll_down(1),
            Edit::Start => self.input.go_to_start(),
            Edit::End => self.input.go_to_end(),
        }
    }

    /// What was typed is done.
    pub(super) fn enter(&mut self) -> Wish {
        let line = self.input.take();
        if let Some(before) = self.aside.take() {
            self.input = before;
        }
        self.notices.clear();
        if std::mem::take(&mut self.asked) {
            if !is_yes(&line) && !line.starts_with('/') {
                // It was not sent, and is not lost.
                self.input = Input::of(std::mem::take(&mut self.doubted));
            }
            return Wish::Obey(line);
        }
        if line.trim().is_empty() {
            self.page = None;
            return Wish::Nothing;
        }
        self.remember(&line);
        self.page = None;
        match keys::command(&line) {
            Some((Act::Find, "")) | None => {}
            Some((Act::Find, wanted)) => return Wish::Find(wanted.to_owned()),
            Some((act, _)) => return self.act(act),
        }
        self.doubted.clone_from(&line);
        Wish::Obey(line)
    }

    fn remember(&mut self, line: &str) {
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

    /// A paste: a long one is asked about.
    pub(in crate::screen) fn pasted(&mut self, text: &str) {
        if self.away.is_some() {
            return;
        }
        // A terminal pastes the end of a line as Enter.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        match text.trim_end().lines().count() > PASTE_LINES {
            true => self.paste = Some(text),
            false => self.input.insert(&text),
        }
    }

    pub(super) fn decide_paste(&mut self, act: Act, paste: &str) -> Wish {
        match act {
            Act::Edit(Edit::Letter(letter)) if is_yes(&letter.to_string()) => {
                self.input.insert(paste.trim_end());
            }
            Act::Leave => return Wish::Leave(Exit::OK),
            Act::Interrupt => return Wish::Leave(Exit::INTERRUPTED),
            _ => {}
        }
        Wish::Nothing
    }
}
