//! What a person asks of groups.

use super::{CallError, Client};
use crate::control::{params, shape};

impl Client {
    /// All groups.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn groups(&mut self) -> Result<shape::Groups, CallError> {
        self.call("group.list", params::Nothing {})
    }

    /// Founds one.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_new(&mut self, new: &params::NewGroup) -> Result<shape::Group, CallError> {
        self.call("group.new", new)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group(&mut self, name: &str) -> Result<shape::Group, CallError> {
        self.call("group.show", of(name))
    }

    /// Says how long a group's conversation is kept here, in minutes; nothing for as long as others.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn keep_group(
        &mut self,
        name: &str,
        keep_min: Option<u32>,
    ) -> Result<shape::Group, CallError> {
        let name = name.to_owned();
        self.call("history.keep", params::Keep { name, keep_min })
    }

    /// Takes part in one that asks me.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_join(&mut self, id: u32, name: &str) -> Result<shape::Group, CallError> {
        let name = name.to_owned();
        self.call("group.join", params::JoinGroup { id, name })
    }

    /// Writes to members and spectators.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_send(&mut self, send: &params::Send) -> Result<shape::Sent, CallError> {
        self.call("group.send", send)
    }

    /// Proposes something.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_propose(&mut self, propose: &params::Propose) -> Result<shape::Motion, CallError> {
        self.call("group.propose", propose)
    }

    /// Answers a motion.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_answer(
        &mut self,
        answer: &params::AnswerMotion,
    ) -> Result<shape::Motion, CallError> {
        self.call("group.answer", answer)
    }

    /// Takes a motion of mine back.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_withdraw(&mut self, name: &str, motion: u32) -> Result<shape::Motion, CallError> {
        self.call("group.withdraw", of_motion(name, motion))
    }

    /// Proposes the same in other words.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_amend(&mut self, amend: &params::Amend) -> Result<shape::Motion, CallError> {
        self.call("group.amend", amend)
    }

    /// One motion, with who said what.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_motion(&mut self, name: &str, motion: u32) -> Result<shape::Motion, CallError> {
        self.call("group.motion", of_motion(name, motion))
    }

    /// Leaves one; everything of it is erased here.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_leave(&mut self, name: &str) -> Result<shape::LeftGroup, CallError> {
        self.call("group.leave", of(name))
    }

    /// Begins one with some of the people of another.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_fork(&mut self, fork: &params::ForkGroup) -> Result<shape::Group, CallError> {
        self.call("group.fork", fork)
    }

    /// Says with whom I go on where a group has come apart.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_follow(
        &mut self,
        name: &str,
        side: Option<u8>,
    ) -> Result<shape::Group, CallError> {
        let name = name.to_owned();
        self.call("group.follow", params::Follow { name, side })
    }

    /// Lets what somebody says there arrive unannounced, or announces it again.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_mute(&mut self, mute: &params::MuteMember) -> Result<shape::Group, CallError> {
        self.call("group.mute", mute)
    }

    /// Lets another computer of mine speak for me there.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_voice(&mut self, voice: &params::HandVoice) -> Result<shape::Group, CallError> {
        self.call("group.voice", voice)
    }

    /// Tells the group that somebody's machine is in other hands.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn group_report(&mut self, report: &params::Report) -> Result<shape::Group, CallError> {
        self.call("group.report", report)
    }
}

fn of(name: &str) -> params::OfGroup {
    let name = name.to_owned();
    params::OfGroup { name }
}

fn of_motion(name: &str, motion: u32) -> params::OfMotion {
    let name = name.to_owned();
    params::OfMotion { name, motion }
}
