//! What a node says without being asked. It goes to whoever listens on the local socket, and never
//! into a log: most of it names a friend.

use super::{FileNews, GroupNews, Timer};

/// What happens without being asked for. Holds petnames: for the local socket, never for a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message can be read with [`Request::Inbox`](super::Request::Inbox).
    Message {
        /// Its number.
        seq: u64,
        /// Who wrote it.
        from: String,
        /// In which group, if it came in one.
        group: Option<String>,
    },
    /// A message of mine was committed by my friend's node.
    Delivered {
        /// Its number in my outbox.
        id: u64,
        /// Whom it was for.
        to: String,
    },
    /// A friend's link came up.
    Online {
        /// My petname.
        petname: String,
    },
    /// A friend's link went down.
    Offline {
        /// My petname.
        petname: String,
    },
    /// An invitation was completed: we are friends.
    Paired {
        /// My petname.
        petname: String,
    },
    /// An invitation was used by a second person: somebody copied it.
    Copied {
        /// Whom it was made for.
        petname: String,
    },
    /// An invitation ended and nobody had completed it.
    Expired {
        /// Whom it was for, or who gave it.
        petname: String,
    },
    /// The first record of a link shows that one side's disk went back in time.
    RolledBack {
        /// Whose link it is.
        petname: String,
        /// Whether it is this side.
        mine: bool,
    },
    /// A new session took the place of the one before: what had not arrived goes again in it.
    Renewed {
        /// With whom.
        petname: String,
    },
    /// Two nodes speak with the same keys: a copy of one side's disk is in use. A new session begins.
    Forked {
        /// Whose or, seen from there, mine.
        petname: String,
    },
    /// A session begins that remembers nothing: the friend lost their state, or somebody else has
    /// their key. It waits until its words were compared by voice.
    ToCheck {
        /// Whose.
        petname: String,
        /// Four words.
        words: Vec<&'static str>,
    },
    /// A friend says that they have a new identity. Nothing changes until a human has compared its
    /// words.
    NewIdentity {
        /// Who.
        petname: String,
    },
    /// Somebody knocks who holds what this friend and I shared before a new identity: they came back
    /// from an older backup, or somebody has a copy of one. Nobody answers them.
    FormerKnock {
        /// Whose.
        petname: String,
    },
    /// A friend and I go on under a new identity.
    Identity {
        /// Who.
        petname: String,
        /// Whether it is mine, which they confirmed; else it is theirs.
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
    /// Two whom I introduced both said yes: each was told of the other.
    BothAgreed {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// The same, but neither can be reached by the other: nothing comes of it.
    NoWayBetween {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// Somebody with another key used what I gave an introducer for one alone: they have it from the
    /// introducer, or from that one.
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
        /// Until when, minutes since 1970.
        until_min: u32,
    },
    /// A friend's message could not be kept: too many are unread. They keep it.
    InboxFull {
        /// Whose message.
        petname: String,
    },
    /// A message of mine did not arrive in the time that post may take, and was given up.
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
        /// What it is called, clean.
        name: String,
        /// What became of it.
        news: FileNews,
    },
    /// Something happened in a group.
    Group {
        /// My name for it; what the friend calls it, clean, as long as it waits for my yes.
        name: String,
        /// What.
        news: GroupNews,
    },
    /// The meeting moved on: [`Meet::Show`](super::Meet::Show) says how it stands.
    Meeting,
    /// What is kept of what was said was erased here, or is kept for another time: what shows it reads
    /// it again. Of a line that was changed nothing is told.
    History,
    /// The disk has no room for more, or has some again.
    DiskFull {
        /// Whether it has none.
        full: bool,
    },
}
