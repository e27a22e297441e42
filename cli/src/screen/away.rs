//! While there is no node to talk through, and when there is one again: locked, ended, or found.

use std::time::Instant;

use kith_node::control::client::CallError;

use super::state::Away;
use super::{Screen, Stale, attend};
use crate::exit::Failed;

impl Screen<'_> {
    pub(super) fn lose(&mut self) {
        if self.lost.is_none() {
            self.lost = Some(Instant::now());
            self.state.away = Some(Away::Gone);
        }
    }

    /// Goes on where a node was started again.
    pub(super) fn find_node(&mut self) {
        let Ok(mut node) = self.talk.context.node() else {
            return;
        };
        let is_open = node.status().is_ok_and(|status| status.open.is_some());
        let heard = self
            .talk
            .context
            .node()
            .map(|node| attend(node, &self.news));
        if !matches!(heard, Ok(Ok(()))) {
            return;
        }
        self.lost = None;
        self.talk.go_on(node);
        match is_open {
            true => self.begin_again(),
            false => self.lock(),
        }
    }

    /// What the node answered, unless it is away: then that is shown.
    pub(super) fn reached<T>(&mut self, answer: Result<T, CallError>) -> Result<Option<T>, Failed> {
        match answer {
            Ok(answer) => return Ok(Some(answer)),
            Err(CallError::Locked) => self.lock(),
            Err(CallError::Lost | CallError::Down) => self.lose(),
            Err(error @ CallError::Refused(_)) => self.say_failed(&error.into()),
            Err(CallError::Garbled) => return Err(CallError::Garbled.into()),
        }
        Ok(None)
    }

    fn say_failed(&mut self, failed: &Failed) {
        let words = &self.talk.context.words;
        let said = [&failed.why, &failed.hint];
        for said in said.into_iter().flatten() {
            self.state.say(words.say(said));
        }
    }

    /// Nothing that was said stays on the screen, or in what the terminal remembers.
    pub(super) fn lock(&mut self) {
        if self.state.away != Some(Away::Locked) {
            let _ = self.paper.purge();
            self.state.forget(Away::Locked);
            self.talk.forget_doubts();
        }
    }

    /// The node is open, or there, again: everything is read anew.
    pub(super) fn begin_again(&mut self) {
        self.state.away = None;
        self.state.pending.clear();
        self.state.transcript = Default::default();
        self.talk.read_again();
        self.all_is_stale();
    }

    fn all_is_stale(&mut self) {
        self.stale = Stale {
            inbox: true,
            lists: true,
            talk: true,
        };
    }
}
