//! The shapes of what travels on the local socket, for both of its ends.
//!
//! Names and enum words are English in every locale and only ever grow. Times are RFC 3339, UTC, by
//! the minute. Text is exact, as its author sent it: whoever shows it must clean it first.

mod carry;
mod contact;
mod event;
mod file;
mod group;
mod mailbox;
mod meeting;
mod motion;
mod name;
mod refusal;
mod said;
mod waiting;
mod why;
mod zone;

use serde::{Deserialize, Serialize};

use crate::health::{HomeHealth, MachineHealth, ProcessHealth};
pub use crate::net::TorState;

pub use carry::*;
pub use contact::*;
pub use event::*;
pub use file::*;
pub use group::*;
pub use mailbox::*;
pub use meeting::*;
pub use motion::*;
pub use name::*;
pub use refusal::*;
pub use said::*;
pub use waiting::*;
pub use why::*;
pub use zone::*;

/// The version that every result and event carries as `"v"`.
pub const VERSION: u32 = 1;

/// A result or an event, with its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// [`VERSION`].
    pub v: u32,
    /// The rest of the object.
    #[serde(flatten)]
    pub body: T,
}

impl<T> Versioned<T> {
    /// `body`, in the version of this program.
    pub fn new(body: T) -> Self {
        Self { v: VERSION, body }
    }
}

/// A language, by its code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// French.
    #[default]
    #[serde(rename = "fr")]
    French,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// Result of `hello`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Of the program that runs the node.
    pub version: String,
    /// Its process.
    pub pid: u32,
}

/// Result of `status`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Always `up`: a node that is down does not answer.
    pub state: Up,
    /// Whether the passphrase must be given again before anything can be read.
    pub locked: bool,
    /// What only an open node knows: the fields are absent from that of a locked one.
    #[serde(flatten)]
    pub open: Option<Open>,
    /// What of it the engine does not know.
    #[serde(flatten)]
    pub shell: Shell,
}

/// What is around the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// What it takes on the disk.
    pub disk: Disk,
    /// How far its onion service is.
    #[serde(default)]
    pub tor: TorState,
}

/// What an open node says of itself.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// How many friends there are.
    pub friends: Friends,
    /// Invitations given or taken that nobody has completed.
    pub pending: u32,
    /// Messages not yet acknowledged by those they are for.
    pub outbox: u32,
    /// Messages that arrived and were not acknowledged here.
    pub unread: u32,
    /// Lines that were read, or are mine and arrived, and are kept.
    pub history: u32,
    /// How long they are, where nothing else was said, in minutes; 0 for not at all.
    pub keep_min: u32,
    /// Whether nothing new is taken for lack of room on the disk.
    pub full: bool,
    /// Friends of whom a session waits until its words were compared.
    pub to_check: u32,
    /// Introductions and files that wait for my yes or no.
    #[serde(default)]
    pub waiting: u32,
    /// Addresses the node listens at.
    pub addresses: u32,
}

/// The only state that can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Up {
    /// The node runs.
    Up,
}

/// Friends, counted.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friends {
    /// Their link is up.
    pub online: u32,
    /// Their link is down.
    pub offline: u32,
}

/// Disk use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// In bytes.
    pub used: u64,
    /// The most that it may be, in bytes.
    pub max: u64,
}

/// Result of `invite`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// `KITH:...`
    pub code: String,
    /// When it ends.
    pub expires: String,
}

/// Result of `accept`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// When the invitation ends; the node keeps trying until then.
    pub expires: String,
}

/// Result of `backup`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The bytes of the file, sealed, as base64.
    pub file: String,
    /// How many friends are in it.
    pub friends: u32,
}

/// Result of `forge.transcript`.
#[derive(Serialize, Deserialize)]
pub struct Transcript {
    /// The file.
    pub transcript: String,
}

/// Result of `forge.verify`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The parcel that this node would have refused, 0 for the first; none if it takes all.
    pub refused: Option<u32>,
}

/// Result of `wipe`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wiped {
    /// What could not be destroyed, by its place in the home; empty when all is gone.
    pub remains: Vec<String>,
}

/// Result of `doctor`: what was found, each as it is.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doctor {
    /// Whether the node is locked.
    pub locked: bool,
    /// Since when the process runs, in seconds.
    pub uptime_s: u64,
    /// Addresses the node listens at; none while it is locked.
    pub addresses: Option<u32>,
    /// What somebody would find who opened this disk now; none while the node is locked.
    pub kept: Option<Kept>,
    /// What the process says of itself.
    pub process: ProcessHealth,
    /// Where its files are.
    pub home: HomeHealth,
    /// What it runs on.
    pub machine: MachineHealth,
    /// How far its onion service is.
    #[serde(default)]
    pub tor: TorState,
}

/// `2026-11-21T13:03:00Z` for minutes since 1970; the last year it can write is 9999.
pub fn utc(minutes: u32) -> String {
    let time = jiff::Timestamp::from_second(i64::from(minutes) * 60);
    time.unwrap_or(jiff::Timestamp::MAX).to_string()
}
