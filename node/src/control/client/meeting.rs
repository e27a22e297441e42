//! What `kith meet` asks.

use super::{CallError, Client};
use crate::control::{params, shape};

impl Client {
    /// Where others wait for people; takes a few seconds.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn find_meetings(&mut self) -> Result<shape::Meetings, CallError> {
        self.call("meet.find", params::Nothing {})
    }

    /// Opens a meeting, or goes to one.
    ///
    /// # Errors
    /// [`CallError`]; `MeetingOpen`, `BadNick`, `BadSecret`, `NoSuchFriend`.
    pub fn meet(&mut self, meet: &params::Meet) -> Result<shape::Meeting, CallError> {
        self.call("meet", meet)
    }

    /// How the meeting stands.
    ///
    /// # Errors
    /// [`CallError`]; `NotNow` if there is none.
    pub fn meeting(&mut self) -> Result<shape::Meeting, CallError> {
        self.call("meet.show", params::Nothing {})
    }

    /// Says how many computers take part, mine included.
    ///
    /// # Errors
    /// [`CallError`]; `NotNow`.
    pub fn meet_count(&mut self, count: u8) -> Result<shape::Meeting, CallError> {
        self.call("meet.count", params::Count { count })
    }

    /// Says which line was read aloud, from 0, or that none was.
    ///
    /// # Errors
    /// [`CallError`]; `NotNow`.
    pub fn meet_picked(&mut self, line: Option<u8>) -> Result<shape::Meeting, CallError> {
        self.call("meet.picked", params::Picked { line })
    }

    /// Says that somebody said "same", or that they did not: then the meeting is over.
    ///
    /// # Errors
    /// [`CallError`]; `NotNow`.
    pub fn meet_heard(&mut self, who: u8, same: bool) -> Result<shape::Meeting, CallError> {
        self.call("meet.heard", params::Heard { who, same })
    }

    /// Says what somebody will be called here, or that they are not kept.
    ///
    /// # Errors
    /// [`CallError`]; `NotNow`, or what is wrong with the name.
    pub fn meet_keep(
        &mut self,
        who: u8,
        petname: Option<String>,
    ) -> Result<shape::Meeting, CallError> {
        self.call("meet.keep", params::KeepPerson { who, petname })
    }

    /// Goes; who was not kept by then is not.
    ///
    /// # Errors
    /// [`CallError`]; `NotNow`.
    pub fn meet_leave(&mut self) -> Result<shape::Meeting, CallError> {
        self.call("meet.leave", params::Nothing {})
    }
}
