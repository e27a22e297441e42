//! What the node tells those who asked to be told. New types may come; what is there stays.

use serde::{Deserialize, Serialize};

use super::{FileNews, GroupNews, Timer};

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
        /// In which group, if it came in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
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
    /// A friend says that they have a new identity.
    NewIdentity {
        /// Who.
        petname: String,
    },
    /// Somebody knocks who holds what we shared before a new identity; nobody answers them.
    FormerKnock {
        /// Whose.
        petname: String,
    },
    /// A friend and I go on under a new identity.
    Identity {
        /// Who.
        petname: String,
        /// Whether it is mine; else it is theirs.
        mine: bool,
    },
    /// A friend answered what they call others.
    Names {
        /// Who.
        petname: String,
        /// The number of the question.
        ask: u32,
    },
    /// A friend introduces somebody: my yes or no is waited for.
    Waiting {
        /// Which.
        id: u32,
        /// My name for the friend.
        by: String,
    },
    /// Two whom I introduced both said yes.
    BothAgreed {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// The same, but neither can be reached by the other.
    NoWayBetween {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// Somebody with another key used what I gave an introducer for one alone.
    IntroductionMisused {
        /// My name for the introducer.
        by: String,
    },
    /// A friend would keep parcels for me: I can ask them to.
    MailboxOffered {
        /// Who.
        petname: String,
        /// At most so many KiB.
        kib: u32,
    },
    /// A friend asks me to keep parcels for them: my yes or no is waited for.
    MailboxAsked {
        /// By what it is answered.
        id: u32,
        /// Who.
        petname: String,
        /// At most so many KiB.
        kib: u32,
    },
    /// A friend keeps parcels for me from now on.
    MailboxGranted {
        /// Who.
        petname: String,
        /// At most so many KiB.
        kib: u32,
    },
    /// A friend keeps nothing for me, or nothing any more.
    MailboxEnded {
        /// Who.
        petname: String,
    },
    /// Somebody keeps a message of mine until whom it is for fetches it.
    Kept {
        /// Its number in my outbox.
        id: u64,
        /// Whom it is for.
        to: String,
        /// My name for who keeps it; nothing if they are no friend of mine.
        by: Option<String>,
        /// Until when.
        until: String,
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
    /// What became of a file.
    File {
        /// Which.
        id: u32,
        /// My petname for whom it is for, or who offers it.
        petname: String,
        /// What it is called.
        name: String,
        /// What became of it.
        #[serde(flatten)]
        news: FileNews,
    },
    /// Something happened in a group.
    Group {
        /// My name for it; what the friend calls it as long as it waits for my yes.
        name: String,
        /// What.
        #[serde(flatten)]
        news: GroupNews,
    },
    /// The meeting moved on.
    Meeting,
    /// What is kept of what was said was erased here, or is kept for another time.
    History,
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
