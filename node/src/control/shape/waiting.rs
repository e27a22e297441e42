//! Who waits at my door, on the local socket.

use kith_proto::engine as core;
use serde::{Deserialize, Serialize};

use super::{Somebody, Welcome, utc};

/// Result of `waiting.list`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingList {
    /// Introductions and files, by number.
    pub waiting: Vec<Waiting>,
}

/// Somebody who waits.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// By what a person names it; never used again.
    pub id: u32,
    /// Since when.
    pub since: String,
    /// When it ends by itself.
    pub until: String,
    /// Who, and for what.
    #[serde(flatten)]
    pub waits: WaitsAs,
}

/// For what somebody waits.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WaitsAs {
    /// A friend introduces somebody: my yes or no.
    Introduced {
        /// My name for the friend.
        by: String,
        /// Whom, as the friend calls them.
        who: Somebody,
        /// What the friend says of them, as it came.
        said: String,
    },
    /// I said yes: theirs, or that the two computers find each other.
    Agreed {
        /// My name for the introducer.
        by: String,
        /// What I will call them.
        petname: String,
    },
    /// A friend asks me to keep parcels for them: my yes or no.
    Mailbox {
        /// My name for the friend.
        by: String,
        /// At most so many KiB.
        kib: u32,
    },
    /// I introduce two friends: the yes of each.
    Introducing {
        /// The two.
        friends: Vec<Introducing>,
    },
    /// A friend asks me into a group: my yes or no.
    Group(Welcome),
    /// A friend offers a file: my yes or no.
    File {
        /// My name for the friend.
        by: String,
        /// What it is called.
        name: String,
        /// How long it is.
        bytes: u64,
    },
}

/// One of two whom I introduce.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introducing {
    /// My name for them.
    pub petname: String,
    /// Whether they said yes.
    pub agreed: bool,
}

/// Result of `introduce`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduced {
    /// Its number among those that wait.
    pub id: u32,
}

impl From<core::Waiting> for Waiting {
    fn from(waiting: core::Waiting) -> Self {
        Self {
            id: waiting.id,
            since: utc(waiting.since_min),
            until: utc(waiting.until_min),
            waits: waiting.waits.into(),
        }
    }
}

impl From<core::WaitsAs> for WaitsAs {
    fn from(waits: core::WaitsAs) -> Self {
        match waits {
            core::WaitsAs::Introduced { by, somebody, said } => Self::Introduced {
                by,
                who: somebody.into(),
                said,
            },
            core::WaitsAs::Agreed { by, petname } => Self::Agreed { by, petname },
            core::WaitsAs::Mailbox { by, kib } => Self::Mailbox { by, kib },
            core::WaitsAs::Group(welcome) => Self::Group((*welcome).into()),
            core::WaitsAs::File { by, name, bytes } => Self::File { by, name, bytes },
            core::WaitsAs::Introducing(friends) => Self::Introducing {
                friends: friends.into_iter().map(Into::into).collect(),
            },
        }
    }
}

impl From<core::Introducing> for Introducing {
    fn from(one: core::Introducing) -> Self {
        Self {
            petname: one.petname,
            agreed: one.agreed,
        }
    }
}
