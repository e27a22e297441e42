//! Why a message waits, on the local socket.

use serde::{Deserialize, Serialize};

use super::{Delivery, KeptBy};

/// Result of `why`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The number of the message; none if nothing waits for the friend that was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// My name for whom it is for; empty if they are no friend any more.
    pub to: String,
    /// Where it is.
    pub state: Delivery,
    /// Who keeps it meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptBy>,
    /// How things are with them, if it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
}

/// How things are between a friend's computer and this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// What stands in the way.
    pub waits: Waits,
    /// When the link was last up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
    /// When we became friends.
    pub since: String,
    /// Addresses at which they are tried from here.
    pub addresses: u32,
    /// Whether this node listens for them on the networks around.
    pub near: bool,
    /// Friends who are here and are asked, by turns, whether they can put me through.
    #[serde(default)]
    pub through: u32,
    /// Whether something is being tried now.
    pub trying: bool,
    /// In how many minutes they are tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_min: Option<u32>,
}

/// What stands in the way of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
