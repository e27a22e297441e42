//! What the node tells, and what was done: into what is shown.

use kith_node::control::params::Send;
use kith_node::control::shape::{Delivery, Event, FileNews, Message, Sent};

use super::Screen;
use super::read::unread;
use super::state::Away;
use crate::chat::{Said, sentence};
use crate::exit::{Exit, Failed};
use crate::group::is_of;
use crate::view;
use crate::when::Clock;
use crate::words::{Msg, msg};

impl Screen<'_> {
    /// Something happened: what shows it is asked for again, and what nothing shows is said.
    pub(super) fn tell(&mut self, event: &Event) {
        match event {
            Event::Locked => return self.lock(),
            Event::Unlocked => return self.begin_again(),
            Event::File {
                news: FileNews::Moved { .. },
                ..
            } => return,
            Event::Message { .. } => self.stale.inbox = true,
            Event::Names { .. }
            | Event::History
            | Event::Delivered { .. }
            | Event::Online { .. }
            | Event::Offline { .. }
            | Event::Kept { .. } => {}
            _ => self.say_state(&sentence(&self.talk.context.words, event)),
        }
        self.stale.lists = true;
        self.stale.talk = true;
    }

    fn say_state(&mut self, state: &Msg) {
        let words = &self.talk.context.words;
        let (time, state) = (Clock::now().hour(), words.say(state));
        let said = words.say(&msg!("line-state", time = time, state = state));
        self.state.say(said);
    }

    /// Asks for what is not known any more.
    pub(super) fn catch_up(&mut self) -> Result<(), Failed> {
        if self.state.away.is_some() {
            return Ok(());
        }
        // First of all, whether what is open is still there.
        if std::mem::take(&mut self.stale.lists) {
            self.read_lists()?;
        }
        if std::mem::take(&mut self.stale.inbox) {
            let read = self.talk.read_on();
            self.done(read)?;
            self.take_said()?;
        }
        if std::mem::take(&mut self.stale.talk) {
            self.read_newest()?;
        }
        if std::mem::take(&mut self.stale.lists) {
            self.read_lists()?;
        }
        self.read_older_if_seen()
    }

    /// What the conversation did; a node that is away is shown.
    pub(super) fn done<T>(&mut self, done: Result<T, Failed>) -> Result<Option<T>, Failed> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(failed) if failed.exit == Exit::UNAVAILABLE => {
                self.lose();
                Ok(None)
            }
            Err(failed) => Err(failed),
        }
    }

    /// Shows what was done.
    pub(super) fn take_said(&mut self) -> Result<(), Failed> {
        for said in self.talk.said() {
            match said {
                Said::Line(text) => self.state.say(text),
                Said::Page(text) => self.state.show(text),
                Said::Message(message) => self.came(message),
                Said::Sent(send, sent) => self.went(&send, &sent),
                Said::Writes(to) => self.open(to)?,
                Said::Asked => self.state.asked = true,
            }
        }
        Ok(())
    }

    /// What I said stands in its conversation; elsewhere that is said.
    fn went(&mut self, send: &Send, sent: &Sent) {
        self.stale.talk = true;
        let name = view::name(&send.to);
        if self.state.open.as_ref() == Some(&send.to) {
            self.state.transcript.mark_none();
            self.state.transcript.show_end();
        } else if sent.state == Delivery::Delivered {
            self.say_state(&msg!("state-delivered", name = name));
        } else {
            self.say_state(&msg!("state-saved", name = name));
        }
    }

    fn came(&mut self, message: Message) {
        self.stale.lists = true;
        let open = self.state.open.as_ref();
        if open.is_some_and(|open| is_of(&message, open)) {
            let entry = unread(&self.talk.context.words, &message);
            self.state.transcript.arrived(message.seq, entry);
        }
        self.state.pending.push(message);
    }

    /// Another conversation, with what is kept of it and what is new.
    pub(super) fn open(&mut self, name: String) -> Result<(), Failed> {
        self.talk.doubt_no_more();
        self.talk.to = Some(name.clone());
        self.state.switch(name);
        self.fill()
    }

    /// Whether the node can be talked to.
    pub(super) fn is_there(&self) -> bool {
        !matches!(self.state.away, Some(Away::Locked | Away::Gone))
    }
}
