//! A meeting on the local socket: how it stands, and why it is over. Words for programs, for which the
//! word files have sentences.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::Nick;

/// How a meeting stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Whether I opened it: then I read the words.
    pub mine: bool,
    /// Where the others find it, if I opened it.
    pub addrs: Vec<SocketAddr>,
    /// The words of its secret, if it has one and I opened it.
    pub secret: Vec<String>,
    /// What the others see of me.
    pub nick: Nick,
    /// The others.
    pub people: Vec<Person>,
    /// How many times it began again.
    pub again: u8,
    /// What it waits for.
    #[serde(flatten)]
    pub stage: Stage,
}

/// What a meeting waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The listener or the connection to be open.
    Opening,
    /// People to come, and everybody to count them.
    Gathering {
        /// What I counted, if I did.
        counted: Option<u8>,
    },
    /// The others' computers to agree.
    Agreeing,
    /// Me to say which of these lines was read aloud.
    Listening {
        /// Four lines of four words.
        lines: Vec<Vec<String>>,
    },
    /// Me to tick who said "same".
    Ticking {
        /// What I read aloud; empty if somebody else does.
        words: Vec<String>,
    },
    /// Me to say whom I keep, and the computers to find out the rest.
    Naming,
    /// Nothing: it is over.
    Over {
        /// Why.
        #[serde(flatten)]
        end: End,
    },
}

/// Somebody else at a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// By what they are named in an answer; another once the list is fixed.
    pub who: u8,
    /// What they call themselves.
    pub nick: Nick,
    /// My name for them, if I have one.
    pub petname: Option<String>,
    /// How it stands between us.
    pub standing: Standing,
}

/// How it stands with somebody at a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// They are there.
    There,
    /// I heard them say "same".
    Same,
    /// I keep them; the computers have not finished.
    Chosen,
    /// I kept them; they have not said.
    Waiting,
    /// Both kept each other.
    Met,
    /// I did not keep them.
    NotKept,
    /// They did not keep me.
    Declined,
    /// One of us has the other as a friend still, the other has not.
    OneSided,
    /// Their computer went before; nothing is stored.
    Gone,
}

/// Why a meeting is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum End {
    /// All is said.
    Done,
    /// I went.
    Left,
    /// Nobody answers there, or the secret is another one.
    NoAnswer,
    /// The listener could not be opened.
    NotOpened,
    /// Somebody has a nickname that looks like mine.
    NickTaken,
    /// As many are there as can be.
    Full,
    /// It began without me.
    Begun,
    /// Who opened it went.
    HostGone,
    /// More or fewer computers than I counted.
    CountDiffers {
        /// What I counted.
        counted: u8,
        /// How many there are.
        there: u8,
    },
    /// Two nicknames look alike.
    Alike {
        /// One of them.
        nick: Nick,
    },
    /// The host sent what no honest host sends.
    Broken,
    /// The words differed, or somebody was not ticked.
    NotSame,
    /// It broke off too often with all cards on the table.
    ChangePlace,
    /// Nobody went on for too long.
    Late,
}

/// Result of `meet.find`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meetings {
    /// Where somebody waits for others.
    pub found: Vec<SocketAddr>,
}
