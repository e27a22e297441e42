//! Who waits at my door, and what I wait for: introductions, on either side of them, and files.

use super::{Somebody, Welcome};

/// Somebody who waits.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    /// By what a person names it; never used again.
    pub id: u32,
    /// Since when, minutes since 1970.
    pub since_min: u32,
    /// When it ends by itself, minutes since 1970.
    pub until_min: u32,
    /// Who, and for what.
    pub waits: WaitsAs,
}

/// For what somebody waits.
#[derive(Clone, PartialEq, Eq)]
pub enum WaitsAs {
    /// A friend introduces somebody: my yes or no.
    Introduced {
        /// My name for the friend.
        by: String,
        /// Whom, as the friend calls them.
        somebody: Somebody,
        /// What the friend says of them, as it came: not clean.
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
    Introducing([Introducing; 2]),
    /// A friend asks me into a group: my yes or no.
    Group(Box<Welcome>),
    /// A friend offers a file: my yes or no.
    File {
        /// My name for the friend.
        by: String,
        /// What it is called, clean.
        name: String,
        /// How long it is, in bytes.
        bytes: u64,
    },
}

/// One of two whom I introduce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introducing {
    /// My name for them.
    pub petname: String,
    /// Whether they said yes; no answer and "no" look the same.
    pub agreed: bool,
}
