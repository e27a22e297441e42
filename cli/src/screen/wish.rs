//! What a key asked for and only the node, or the terminal, can give.

use super::Screen;
use super::keys::KEYS;
use super::state::Wish;
use crate::exit::{Exit, Failed};
use crate::search::Wanted;
use crate::view;
use crate::words::Words;

impl Screen<'_> {
    /// Does it; how to leave, if that was asked.
    pub(super) fn fulfil(&mut self, wish: Wish) -> Result<Option<Exit>, Failed> {
        match wish {
            Wish::Nothing => {}
            Wish::Leave(exit) => return Ok(Some(exit)),
            Wish::Redraw => {
                let _ = self.paper.wipe();
            }
            Wish::SayTooLong => {
                let said = self.talk.context.words.get("refused-text-too-long");
                self.state.say(said);
            }
            Wish::SayNotPasted => {
                let said = self.talk.context.words.get("screen-not-pasted");
                self.state.say(said);
            }
            Wish::Help => self.state.show(help(&self.talk.context.words)),
            _ if !self.is_there() => {}
            Wish::Obey(line) => return self.obey(&line),
            Wish::Open(name) => {
                self.open(name)?;
                self.take_said()?;
            }
            Wish::Find(wanted) => {
                self.state.transcript.forget_found();
                self.state.wanted = Some(wanted);
                self.find(true)?;
            }
            Wish::FindOn { older } => self.find(older)?,
            Wish::Oldest => {
                while self.read_older()? {}
                let (columns, height) = self.state.room();
                self.state.transcript.show_start(columns, height);
            }
        }
        Ok(None)
    }

    /// A command may have erased what is shown: it is read anew.
    fn obey(&mut self, line: &str) -> Result<Option<Exit>, Failed> {
        let obeyed = self.talk.obey(line);
        let exit = self.done(obeyed)?.flatten();
        self.take_said()?;
        self.stale.lists = true;
        self.stale.talk = true;
        Ok(exit)
    }

    /// Looks where it is already read, then further back, page by page.
    fn find(&mut self, older: bool) -> Result<(), Failed> {
        let Some(wanted) = self.state.wanted.clone() else {
            return Ok(());
        };
        let wanted = Wanted::new(&wanted);
        loop {
            let room = self.state.room();
            if self.state.transcript.find(&wanted, older, room) {
                self.state.notices.clear();
                return Ok(());
            }
            if !older || !self.read_older()? {
                let said = match self.state.transcript.has_found() {
                    true => "screen-not-found",
                    false => "screen-found-nothing",
                };
                self.state.say(self.talk.context.words.get(said));
                return Ok(());
            }
        }
    }
}

/// What keys do, each with its command; then what else can be typed.
pub(super) fn help(words: &Words) -> String {
    let rows = KEYS.iter().map(|key| {
        let command = key.command.unwrap_or_default().to_owned();
        vec![words.get(key.shown), command, words.get(key.about)]
    });
    let rows: Vec<_> = rows.collect();
    let rest = [words.get("screen-marks"), words.get("chat-help")];
    [view::table(&rows), rest.join("\n\n")].join("\n\n")
}
