//! The shapes of what travels on the local socket, for both of its ends.
//!
//! Names and enum words are English in every locale and only ever grow. Times are RFC 3339, UTC, by
//! the minute. Text is exact, as its author sent it: whoever shows it must clean it first.

use serde::{Deserialize, Serialize};

use crate::health::{HomeHealth, MachineHealth, ProcessHealth};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// French.
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
    /// What it takes on the disk.
    pub disk: Disk,
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
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Result of `contact.list`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// All of them.
    pub contacts: Vec<Contact>,
}

/// A friend, or somebody about to be one. Result of `contact.show`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// My name for them.
    pub petname: String,
    /// What they call themselves.
    pub nick: Option<String>,
    /// How we became friends.
    pub state: How,
    /// Whether the link is up.
    pub online: bool,
    /// Whether it carries no messages, because one side's disk went back in time.
    pub stopped: bool,
    /// Four words to compare by voice, if a session waits for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_words: Vec<String>,
    /// When it was last up.
    pub last_seen: Option<String>,
    /// When we became friends.
    pub since: String,
    /// Messages of theirs not acknowledged here.
    pub unread: u32,
    /// Messages of mine not acknowledged there.
    pub outbox: u32,
    /// Whether their node says that it has no room for messages now.
    pub full: bool,
    /// How long I keep what we say, in minutes; 0 for not at all.
    pub keep_min: u32,
    /// How long both of us keep it.
    pub timer: Timer,
    /// Twelve words both can compare; only in `contact.show`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub safety_words: Vec<String>,
}

/// How long both sides keep what they say, in minutes; 0 for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// What I said.
    pub mine_min: u32,
    /// What they said.
    pub theirs_min: u32,
    /// What both said last: this holds.
    pub agreed_min: u32,
}

/// Where the trust in a friend comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// I gave an invitation that nobody has used yet.
    Invited,
    /// I took an invitation and wait for the other computer.
    Joining,
    /// An invitation was used; we have not met.
    Code,
    /// The same, and a second person used it too.
    Copied,
    /// To be checked again: a session waits until its words were compared by voice.
    Recheck,
}

/// Result of `send` and `send.state`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The number of the message in my outbox.
    pub id: u64,
    /// Where it is.
    pub state: Delivery,
}

/// Where a message of mine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On this disk only.
    Saved,
    /// On the friend's disk.
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

/// Result of `contact.rm`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Messages of mine that had not arrived and are gone now.
    pub outbox: u32,
    /// Messages of theirs that I had not read and are gone now.
    pub unread: u32,
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
}

/// What happened, sent to subscribers as the parameters of `event`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A message can be read with `inbox`.
    Message {
        /// Its number.
        seq: u64,
        /// Who wrote it.
        from: String,
    },
    /// A message of mine is on my friend's disk.
    Delivered {
        /// Its number in my outbox.
        id: u64,
        /// Whom it was for.
        to: String,
    },
    /// A friend's link came up.
    Online {
        /// My name for them.
        petname: String,
    },
    /// A friend's link went down.
    Offline {
        /// My name for them.
        petname: String,
    },
    /// An invitation was completed.
    Paired {
        /// My name for them.
        petname: String,
    },
    /// An invitation was used twice.
    Copied {
        /// Whom it was made for.
        petname: String,
    },
    /// An invitation ended unused.
    Expired {
        /// Whom it was for, or who gave it.
        petname: String,
    },
    /// One side's disk went back in time.
    RolledBack {
        /// Whose link shows it.
        petname: String,
        /// Whether it is this side's disk.
        mine: bool,
    },
    /// A new session took the place of the one before; what had not arrived goes again.
    Renewed {
        /// With whom.
        petname: String,
    },
    /// Two nodes speak with the same keys.
    Forked {
        /// With whom that was seen.
        petname: String,
    },
    /// A session that remembers nothing waits until its words were compared by voice.
    ToCheck {
        /// Whose.
        petname: String,
        /// Four words.
        words: Vec<String>,
    },
    /// A friend's message could not be kept here; they keep it.
    InboxFull {
        /// Whose message.
        petname: String,
    },
    /// A message of mine was given up: it did not arrive in the time that post may take.
    NotArrived {
        /// Its number in my outbox.
        id: u64,
        /// Whom it was for.
        to: String,
    },
    /// A friend said how long both of us should keep what we say.
    Timer {
        /// Who.
        petname: String,
        /// What was said on either side, and what holds.
        timer: Timer,
    },
    /// A friend's node has no room for messages, or has some again.
    FriendFull {
        /// Whose.
        petname: String,
        /// Whether it has none.
        full: bool,
    },
    /// The disk has no room for more, or has some again.
    DiskFull {
        /// Whether it has none.
        full: bool,
    },
    /// The node dropped its keys: nothing else happens until it is unlocked.
    Locked,
    /// The node has its keys again.
    Unlocked,
}

/// Why the node says no: the `data` of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody is called so.
    NoSuchFriend {
        /// At most three names that are near.
        near: Vec<String>,
    },
    /// Whoever has this name, or will have it, has not answered the invitation yet.
    NotYet {
        /// The name.
        petname: String,
    },
    /// Not a name.
    BadName,
    /// A name the program keeps for itself.
    ReservedName,
    /// Somebody has this name, or one that looks the same.
    NameTaken {
        /// Theirs.
        petname: String,
    },
    /// Nothing to send.
    EmptyText,
    /// More than 32 KiB.
    TextTooLong,
    /// Too many messages wait for this friend, or for all of them.
    OutboxFull,
    /// The disk has no room for more.
    DiskFull,
    /// Longer than anything is kept.
    BadLimit,
    /// No session of this friend waits to be checked.
    NothingToCheck,
    /// Not the words of the session that waits now.
    OtherWords,
    /// No such line is kept.
    NoSuchLine,
    /// The line has not arrived: it still goes out as it was written.
    LineWaits,
    /// More is to be said than a transcript holds.
    ScriptTooLong,
    /// Not a transcript.
    NoTranscript,
    /// Not an invitation.
    BadCode,
    /// The invitation has ended.
    CodeExpired,
    /// The invitation is one of mine.
    OwnCode,
    /// Its giver is already a friend.
    AlreadyFriend {
        /// My name for them.
        petname: String,
    },
    /// Too many invitations are open or were made today.
    TooManyInvitations,
    /// The invitation would live too long or too short.
    BadLifetime,
    /// No address is known that others could dial.
    NoAddress,
    /// As many friends as a node can have.
    TooManyFriends,
    /// The key of this home lies beside it: locking it would protect nothing.
    NoPassphrase,
    /// The passphrase is another one; nothing was changed.
    WrongPassphrase,
    /// Empty, or far too long for a passphrase.
    BadPassphrase,
    /// The node is computing another passphrase.
    Busy,
    /// It could not be done; nothing was changed.
    NotDone {
        /// What stands in the way.
        trouble: Trouble,
    },
}

/// What keeps a node from opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// `root.slot` is missing (a stick that is not plugged in?) or damaged.
    Slot,
    /// The database is missing or damaged.
    Database,
    /// No room on the disk.
    DiskFull,
    /// The disk can only be read.
    ReadOnly,
    /// Too many files are open.
    Descriptors,
    /// The address is not free or not allowed.
    Listen,
    /// Not enough memory for the passphrase.
    Memory,
    /// The system refused.
    System,
}

/// `2026-11-21T13:03:00Z` for minutes since 1970; the last year it can write is 9999.
pub fn utc(minutes: u32) -> String {
    let time = jiff::Timestamp::from_second(i64::from(minutes) * 60);
    time.unwrap_or(jiff::Timestamp::MAX).to_string()
}
