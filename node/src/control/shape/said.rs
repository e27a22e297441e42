//! What is said, on the local socket: what came, what goes and where it is, what is still kept. Text
//! is exact, as its author sent it.

use serde::{Deserialize, Serialize};

use super::{How, InGroup, KeptBy, SeenBy};

/// Result of `send` and `send.state`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The number of the message in my outbox.
    pub id: u64,
    /// Where it is.
    pub state: Delivery,
    /// Who keeps it meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptBy>,
    /// To how many it came, of a message to a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenBy>,
}

/// Where a message of mine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On this disk only.
    Saved,
    /// Sealed on somebody's disk until whom it is for fetches it.
    Kept,
    /// On the disks of some of those in the group.
    Seen,
    /// On the friend's disk; on everybody's, of a message to a group.
    Delivered,
    /// It did not arrive in the time that post may take, and was given up.
    NotArrived,
    /// No such message any more.
    Unknown,
}

/// Result of `inbox`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// In order of arrival.
    pub messages: Vec<Message>,
}

/// A message that arrived.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number here.
    pub seq: u64,
    /// Who wrote it.
    pub from: Author,
    /// In which group, if it came in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<InGroup>,
    /// Exactly as it came.
    pub text: String,
    /// When it was committed here.
    pub received: String,
    /// When its author claims to have written it.
    pub claimed: String,
    /// How long its author wants it kept once it was read, in minutes; 0 for no limit.
    pub limit_min: u32,
}

/// Who wrote a message.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// My name for them.
    pub petname: String,
    /// How we became friends.
    pub state: How,
    /// Whether I muted them: nobody is shown it who did not ask for what came.
    #[serde(default)]
    pub muted: bool,
}

/// Result of `inbox.ack`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// How many messages were read.
    pub count: u32,
}

/// Result of `history`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Oldest first.
    pub lines: Vec<Line>,
}

/// A line of a conversation.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number here, in one row with those of messages.
    pub seq: u64,
    /// Where it is, if it is mine; otherwise it is the other's.
    pub mine: Option<Delivery>,
    /// Who keeps it meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptBy>,
    /// To how many it came meanwhile, in a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenBy>,
    /// In a group, who wrote it if not I.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// In a group, whether spectators have it too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_all: bool,
    /// When it was written here, or came.
    pub time: String,
    /// In how many minutes it will be erased; nothing as long as it is on its way.
    pub left_min: Option<u32>,
    /// How long its author wants it kept, in minutes; 0 for no limit.
    pub limit_min: u32,
    /// Exactly as it was said.
    pub text: String,
}

/// Result of `history.erase`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// How many lines.
    pub count: u32,
}

/// Result of `kept`: what somebody would find who opened this disk now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Friends whose names and edges are here.
    pub friends: u32,
    /// Messages that arrived and were not read.
    pub unread: u32,
    /// Lines that were read, or are mine and arrived.
    pub history: u32,
    /// Messages of mine that have not arrived.
    pub outbox: u32,
    /// Files that are offered, under way, or here and not taken out.
    pub files: u32,
    /// What of them is on this disk, in bytes.
    pub files_bytes: u64,
    /// Minutes since the oldest of all these was written or came.
    pub oldest_min: u32,
    /// Minutes that a message stays once it was read, where nothing else was said.
    pub keep_min: u32,
    /// Conversations that are kept longer than that.
    pub kept_longer: u32,
    /// Keys of parcels that are late.
    pub late_keys: u32,
    /// Minutes that post may take.
    pub post_min: u32,
    /// By how many minutes the wall clock leapt, as long as that is not believed.
    pub leap_min: i64,
    /// Whether nothing new is taken for lack of room.
    pub full: bool,
}
