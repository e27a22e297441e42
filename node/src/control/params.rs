//! The parameters of the local socket's methods, for both of its ends.
//!
//! A field nobody knows is refused: a misspelt one would otherwise be a silent default.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::shape::Language;

/// Parameters of `invite`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The petname they will have.
    pub name: String,
    /// How long it stays open, in seconds.
    pub lifetime_s: u64,
    /// `IP:PORT` at which they can reach us, if not where the node listens.
    #[serde(default)]
    pub addrs: Vec<SocketAddr>,
    /// The word list both will compare words in.
    pub language: Language,
}

/// Parameters of `accept`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// `KITH:...`
    pub code: String,
    /// What I call whoever gave it.
    pub name: String,
    /// What I want to be called; empty for nothing.
    #[serde(default)]
    pub nick: String,
}

/// Parameters of `contact.show`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// My petname for them.
    pub name: String,
}

/// Parameters of `send`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// My petname for them.
    pub to: String,
    /// What to say, at most 32 KiB.
    pub text: String,
}

/// Parameters of `send.state`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendState {
    /// The number that `send` gave.
    pub id: u64,
}

/// Parameters of `inbox`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Only messages after this number.
    #[serde(default)]
    pub after: u64,
    /// At most so many; an answer may hold fewer, and is empty only when there are none.
    pub max: u32,
}

/// Parameters of `inbox.ack`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledge {
    /// This message and all before it.
    pub up_to: u64,
    /// Only those of this friend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// Parameters of `unlock`. Never shown, not even to a programmer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The passphrase, as typed.
    pub passphrase: String,
}

/// Parameters of `passphrase`. Never shown, not even to a programmer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passphrase {
    /// The one that opens the home now; none if its device key does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The one that shall.
    pub new: String,
    /// Cheap to guess: for tests.
    #[serde(default)]
    pub cheap: bool,
}

/// A method without parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
