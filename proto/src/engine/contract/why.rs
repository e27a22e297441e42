//! Why a message waits: what stands in its way, and what is being tried. One state at a time, the one that
//! a person can do most about.

use super::Delivery;

/// Of what a person asks why it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// A message of mine, by its number.
    Message(u64),
    /// The oldest that waits for this friend, by my name for them.
    Friend(String),
}

/// What became of a message, or why it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Its number; none if nothing waits for the friend that was asked about.
    pub id: Option<u64>,
    /// My name for whom it is for; empty if they are no friend any more.
    pub to: String,
    /// Where it is.
    pub state: Delivery,
    /// How things are with whom it is for, if it waits.
    pub outlook: Option<Outlook>,
}

/// How things are between a friend's computer and this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// What stands in the way.
    pub waits: Waits,
    /// When the link was last up, minutes since 1970; 0 for never.
    pub last_seen_min: u32,
    /// When the edge was made, minutes since 1970.
    pub since_min: u32,
    /// Addresses at which they are tried from here.
    pub addresses: u32,
    /// Whether this node listens for them on the networks around.
    pub near: bool,
    /// Friends who are here and are asked, by turns, whether they can put me through.
    pub through: u32,
    /// Whether something is being tried now.
    pub trying: bool,
    /// In how many minutes they are tried again; none if nothing can be.
    pub next_min: Option<u32>,
}

/// What stands in the way of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nothing: it is on its way, or would be.
    Nothing,
    /// I blocked them.
    Blocked,
    /// They have not confirmed that we know each other.
    Unpaired,
    /// The link is up, and a human has to compare words before anything goes.
    Check,
    /// The link is up and carries nothing: one side's disk went back in time.
    Stopped,
    /// The link is up, and the two computers are still agreeing on keys.
    Starting,
    /// Their computer has no room.
    Full,
    /// Their address takes connections and nobody answers there.
    Silent,
    /// They have never been reached.
    Never,
    /// Nothing can be tried from here: they have to come.
    NoAddress,
    /// My own settings allow none of their addresses to be called.
    Shut,
    /// They are not there.
    Away,
}
