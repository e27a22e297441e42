//! The parameters of the local socket's methods, for both of its ends.
//!
//! A field nobody knows is refused: a misspelt one would otherwise be a silent default.

mod carry;
mod file;
mod group;
mod meeting;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::shape::Language;

pub use carry::*;
pub use file::*;
pub use group::*;
pub use meeting::*;

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

/// Parameters of `contact.show` and `contact.rm`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// My petname for them.
    pub name: String,
}

/// Parameters of `contact.verify`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// My petname for them.
    pub name: String,
    /// The twelve words that were heard.
    pub heard: String,
}

/// Parameters of `introduce`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introduce {
    /// My petname for one.
    pub name: String,
    /// And for the other.
    pub to: String,
    /// What I say to each of the other.
    #[serde(default)]
    pub say: String,
}

/// Parameters of `mailbox.offer`, `mailbox.ask` and `mailbox.quota`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// My petname for them.
    pub name: String,
    /// At most so many KiB.
    pub kib: u32,
}

/// Parameters of `waiting.yes`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// Which.
    pub id: u32,
    /// What I will call them.
    pub name: String,
    /// The word list both will compare words in.
    pub language: Language,
}

/// Parameters of `waiting.no`, `file.take` and `file.rm`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decline {
    /// Which.
    pub id: u32,
}

/// Parameters of `backup`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// What shall open it.
    pub passphrase: String,
    /// Whether it may be cheap to guess.
    #[serde(default)]
    pub cheap: bool,
}

/// Parameters of `send`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// My petname for them.
    pub to: String,
    /// What to say, at most 32 KiB.
    pub text: String,
    /// How long either side keeps it once it was read, in minutes; 0 for no limit of its own.
    #[serde(default)]
    pub limit_min: u32,
}

/// Parameters of `send.state`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendState {
    /// The number that `send` gave.
    pub id: u64,
}

/// Parameters of `why`: the number that `send` gave, or a friend for whom something waits.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Why {
    /// A message.
    Id(u64),
    /// The oldest that waits for this friend.
    Name(String),
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
    /// Only messages after this number.
    #[serde(default)]
    pub after: u64,
    /// This message and all before it.
    pub up_to: u64,
    /// Only those of this friend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// Parameters of `history`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// My petname for the other.
    pub name: String,
    /// Only lines before this number; the newest if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// At most so many; an answer may hold fewer, and is empty only when there are none.
    pub max: u32,
}

/// Parameters of `history.erase`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseHistory {
    /// My petname for the other; all conversations if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Parameters of `history.keep`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// My petname for the other.
    pub name: String,
    /// In minutes, 0 for not at all; as with all others if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_min: Option<u32>,
}

/// Parameters of `history.timer`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// My petname for the other.
    pub name: String,
    /// How long both of us should keep what we say, in minutes; 0 for no limit.
    pub limit_min: u32,
}

/// Parameters of `contact.check`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// My petname for them.
    pub name: String,
    /// The four words, if both had the same; nothing if they differed.
    pub same: Option<String>,
}

/// Parameters of `history.edit`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// My petname for the other.
    pub name: String,
    /// The line's number, from `history`.
    pub seq: u64,
    /// What it shall have said, at most 32 KiB.
    pub text: String,
}

/// Parameters of `forge.transcript`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forge {
    /// My petname for the other.
    pub name: String,
    /// What is to have been said, in order.
    pub spoken: Vec<Spoken>,
}

/// A text of a script.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spoken {
    /// Whether I am to have said it.
    pub mine: bool,
    /// What, at most 32 KiB.
    pub text: String,
}

/// Parameters of `forge.verify`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// My petname for the other.
    pub name: String,
    /// The transcript's file.
    pub transcript: String,
}

/// Parameters of `contact.rename`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// My petname for them.
    pub name: String,
    /// The new one.
    pub to: String,
}

/// Parameters of `contact.note`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// My petname for them.
    pub name: String,
    /// What to remember, at most 1000 bytes; empty to erase it.
    pub note: String,
}

/// Parameters of `contact.mute`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mute {
    /// My petname for them.
    pub name: String,
    /// Whether they are muted from now on; else they are not any more.
    pub muted: bool,
}

/// Parameters of `contact.drop`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drop {
    /// My petname for the person.
    pub name: String,
    /// Which of their computers, as `contact.show` lists them: 1 for the first.
    pub computer: u32,
}

/// Parameters of `contact.block`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// My petname for them.
    pub name: String,
    /// Whether they are blocked from now on; else they are not any more.
    pub blocked: bool,
}

/// Parameters of `name.publish`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// My petname for whom I show.
    pub name: String,
    /// My petname for the friend who sees it.
    pub to: String,
    /// What I say about them, at most 64 bytes in one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How long an answer is believed, 1 to 7 days.
    pub days: u8,
}

/// Parameters of `name.unpublish`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpublish {
    /// My petname for whom I showed.
    pub name: String,
    /// My petname for the friend who saw it; all of them if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Parameters of `who`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// My petname for a friend; or `friend/name`, what that friend calls somebody; or `friend/`.
    pub name: String,
    /// Whether the friend is to be asked.
    #[serde(default)]
    pub ask: bool,
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
