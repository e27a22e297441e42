//! What a person asks about what was said: sent, read, kept, erased, and made up afterwards.

use super::{CallError, Client};
use crate::control::{params, shape};

impl Client {
    /// Writes to a friend.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn send(&mut self, send: &params::Send) -> Result<shape::Sent, CallError> {
        self.call("send", send)
    }

    /// What became of a message.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn send_state(&mut self, id: u64) -> Result<shape::Sent, CallError> {
        self.call("send.state", params::SendState { id })
    }

    /// Why a message waits.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn why(&mut self, of: params::Why) -> Result<shape::Why, CallError> {
        self.call("why", of)
    }

    /// Some messages after number `after`, at most `max`; none only if there are none.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn inbox(&mut self, after: u64, max: u32) -> Result<shape::Inbox, CallError> {
        self.call("inbox", params::Read { after, max })
    }

    /// Lets the node forget messages up to `up_to`, of one friend or of all.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn acknowledge(
        &mut self,
        up_to: u64,
        from: Option<String>,
    ) -> Result<shape::Acknowledged, CallError> {
        self.acknowledge_after(0, up_to, from)
    }

    /// The same, only those after `after`: what lies before was not read.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn acknowledge_after(
        &mut self,
        after: u64,
        up_to: u64,
        from: Option<String>,
    ) -> Result<shape::Acknowledged, CallError> {
        let params = params::Acknowledge { after, up_to, from };
        self.call("inbox.ack", params)
    }

    /// Lines of a conversation before a number, the newest `max` of them, oldest first.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn history(
        &mut self,
        name: &str,
        before: Option<u64>,
        max: u32,
    ) -> Result<shape::History, CallError> {
        let name = name.to_owned();
        self.call("history", params::History { name, before, max })
    }

    /// Erases what is kept of a conversation, or of all.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn erase_history(&mut self, name: Option<String>) -> Result<shape::Erased, CallError> {
        self.call("history.erase", params::EraseHistory { name })
    }

    /// Says how long a conversation is kept here, in minutes; nothing for as long as others.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn keep(&mut self, name: &str, keep_min: Option<u32>) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("history.keep", params::Keep { name, keep_min })
    }

    /// Says how long both sides should keep what they say, in minutes; 0 for no limit.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn timer(&mut self, name: &str, limit_min: u32) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("history.timer", params::Timer { name, limit_min })
    }

    /// Lets a line of the history have said something else.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn edit(&mut self, name: &str, seq: u64, text: &str) -> Result<(), CallError> {
        let (name, text) = (name.to_owned(), text.to_owned());
        self.call("history.edit", params::Edit { name, seq, text })
            .map(|params::Nothing {}| ())
    }

    /// Makes a session that never was; gives its file.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn forge(&mut self, forge: &params::Forge) -> Result<String, CallError> {
        self.call("forge.transcript", forge)
            .map(|shape::Transcript { transcript }| transcript)
    }

    /// Whether the node would have taken a transcript for what a friend and it said.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn verify(&mut self, name: &str, transcript: &str) -> Result<shape::Verified, CallError> {
        let (name, transcript) = (name.to_owned(), transcript.to_owned());
        self.call("forge.verify", params::Verify { name, transcript })
    }
}
