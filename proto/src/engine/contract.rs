//! What goes into the engine and what comes out: the whole surface between the core and its shell.
//!
//! The shell calls `handle(now, entropy, Input)`, drains `poll()`, makes what it got durable in one
//! commit, and only then carries out the effects. Nothing here prints itself: most of it names a
//! person or holds words. ARCHITECTURE "The core is pure".

use crate::link::Records;
use crate::secret::Said;
use crate::vault::{BackupLock, Erase, Name, Put};

pub use crate::link::ConnId;
pub use crate::wire::Addr;
pub use crate::words::Language;

/// By what the network part of the shell knows a friend: a local digest, never sent. 32 bytes. §1
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub [u8; 32]);

/// Who asked, so that the answer finds the way back; chosen by the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub u64);

/// Everything that can happen to a node.
pub enum Input {
    /// A person asks something.
    Ask {
        /// To be given back with the answer.
        asker: AskId,
        /// What is asked.
        request: Request,
    },
    /// The addresses at which this node can be reached now, best first; replaces what was said before.
    Listening(Vec<Addr>),
    /// A connection that [`Effect::Dial`] asked for is open: nothing was sent on it yet.
    Connected(ConnId),
    /// The whole first flight of an inbound connection that [`Knock::Known`](super::Knock) let pass.
    Flight {
        /// The connection.
        conn: ConnId,
        /// 512 or 1536 bytes.
        bytes: Vec<u8>,
    },
    /// Exactly the bytes that [`Effect::Read`] asked for.
    Bytes {
        /// The connection.
        conn: ConnId,
        /// As many as were asked for.
        bytes: Vec<u8>,
    },
    /// The friend's substream is open, so records authenticate both ways: frames can go.
    Opened(ConnId),
    /// One frame's type and body came in on a link. §3
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`.
        kind: u8,
        /// At most `FRAME_BYTES_MAX` bytes.
        body: Vec<u8>,
    },
    /// What [`Effect::Probe`] found out.
    Probed {
        /// The connection.
        conn: ConnId,
        /// Whether the other end answered within 10 s.
        alive: bool,
    },
    /// A parcel that came by another road than its author's own link.
    Parcel(Vec<u8>),
    /// What [`Effect::Fetch`] asked for; nothing if it is not there any more.
    Fetched {
        /// The number of the message in my outbox.
        id: u64,
        /// Its text.
        text: Option<Said>,
    },
    /// The connection is over, or could not be opened.
    Closed(ConnId),
    /// How long things are kept. Comes first after the start, and whenever it changes.
    Settings(Settings),
    /// Whether the disk has no room for more: then nothing new is taken, and erasing goes on.
    Room {
        /// No room.
        full: bool,
    },
    /// The moment of [`wake_at`](super::Engine::wake_at) has come.
    Tick,
}

/// What a person sets for the whole node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long post may take, in minutes: what did not arrive by then is given up, and what was not
    /// opened by then never will be.
    pub post_min: u32,
    /// How long a message is kept once it was read, in minutes; 0 for not at all.
    pub keep_min: u32,
    /// What all texts and parcels together may take, in bytes.
    pub bodies_bytes: u64,
}

/// What the engine wants done, in this order: `at_once`, then `puts` and `erases` made durable, then
/// `then`.
#[derive(Default)]
pub struct Step {
    /// What to tell whoever listens, without waiting: it rests on another's disk, not on this one.
    pub at_once: Vec<Event>,
    /// Records to write.
    pub puts: Vec<Put>,
    /// Records and keys to destroy.
    pub erases: Vec<Erase>,
    /// What to do once all that is on the disk.
    pub then: Vec<Effect>,
}

/// What the shell does for the engine after a commit.
pub enum Effect {
    /// Open a TCP connection to one address; then [`Input::Connected`] or [`Input::Closed`].
    Dial {
        /// The number of the new connection.
        conn: ConnId,
        /// Whom we hope to find.
        handle: Handle,
        /// Where.
        addr: Addr,
    },
    /// Write bytes on a connection that is still mute.
    Write {
        /// The connection.
        conn: ConnId,
        /// As they are.
        bytes: Vec<u8>,
    },
    /// Read exactly so many bytes on a connection that is still mute, or close it.
    Read {
        /// The connection.
        conn: ConnId,
        /// How many.
        bytes: usize,
        /// For at most so long, in milliseconds.
        within_ms: u32,
    },
    /// The handshake is done: from here on the connection carries records.
    Link {
        /// The connection.
        conn: ConnId,
        /// Whose link it is.
        handle: Handle,
        /// Seals and opens its records.
        records: Box<Records>,
    },
    /// Send one frame on a link.
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`.
        kind: u8,
        /// What to send.
        body: Body,
    },
    /// Read a text of mine that waits to be sealed; then [`Input::Fetched`].
    Fetch {
        /// The number of the message in my outbox.
        id: u64,
        /// Its pieces, in order.
        names: Vec<Name>,
    },
    /// Find out whether the other end of a link still answers (a muxer ping, 10 s).
    Probe(ConnId),
    /// Close a connection, without a word.
    Close(ConnId),
    /// Tell whoever listens on the local socket.
    Show(Event),
    /// Answer a person.
    Answer {
        /// Who asked.
        asker: AskId,
        /// What they get.
        answer: Result<Answer, Refusal>,
    },
}

/// Bytes at hand, or named records that the shell reads, opens and joins.
#[derive(Clone)]
pub enum Body {
    /// At hand.
    Here(Said),
    /// The pieces of one text or parcel, in order.
    Stored(Vec<Name>),
}

/// What a person can ask of the node.
pub enum Request {
    /// How it is.
    Status,
    /// Make an invitation for somebody I will call `name`.
    Invite {
        /// The petname they will have when they accept.
        name: String,
        /// How long it stays open, in seconds.
        lifetime_s: u64,
        /// Where I can be reached, if not where the node listens.
        addrs: Vec<Addr>,
        /// The word list both will compare words in.
        language: Language,
    },
    /// Use an invitation that I was given.
    Accept {
        /// Its text, `KITH:...`; any case, spaces and hyphens.
        code: String,
        /// What I call the person who gave it.
        name: String,
        /// What I want to be called, shown to them in quotes; empty for nothing.
        nick: String,
    },
    /// All my friends.
    Contacts,
    /// One of them.
    Contact {
        /// My petname for them.
        name: String,
    },
    /// Write to a friend.
    Send {
        /// My petname for them.
        to: String,
        /// At most 32 KiB of UTF-8, not empty.
        text: Said,
        /// How long either side keeps it once it was read, in minutes; 0 for as long as they like.
        limit_min: u32,
    },
    /// Messages that arrived and are not acknowledged by me.
    Inbox {
        /// Only those after this number.
        after: u64,
        /// At most so many.
        max: u32,
    },
    /// I have read these messages: they go to the history, or are erased if none is kept.
    Acknowledge {
        /// This one and all before it.
        up_to: u64,
        /// Only those of this friend, if named.
        from: Option<String>,
    },
    /// What became of a message that I sent.
    Sent {
        /// Its number, from [`Answer::Sent`].
        id: u64,
    },
    /// What was said in a conversation and is still kept, the newest lines.
    History {
        /// My petname for the other.
        name: String,
        /// Only lines before this number.
        before: u64,
        /// At most so many.
        max: u32,
    },
    /// Erase what is kept of a conversation: all that was read, and all of mine that arrived.
    EraseHistory {
        /// My petname for the other; everybody if nobody is named.
        name: Option<String>,
    },
    /// How long I keep this conversation.
    Keep {
        /// My petname for the other.
        name: String,
        /// In minutes, 0 for not at all; nothing to do as with all others.
        keep_min: Option<u32>,
    },
    /// How long I would like both of us to keep what we say from now on. It holds once both said
    /// the same.
    Timer {
        /// My petname for the other.
        name: String,
        /// In minutes; 0 for no limit.
        limit_min: u32,
    },
    /// Call somebody otherwise from now on.
    Rename {
        /// My petname for them.
        name: String,
        /// The new one.
        to: String,
    },
    /// End a friendship here, or take back an invitation: the edge and all that was said is erased.
    /// Nobody is told.
    Remove {
        /// My petname for them.
        name: String,
    },
    /// Somebody compared the words of a session that waits for it ([`How::Recheck`]), by voice.
    Check {
        /// My petname for them.
        name: String,
        /// The four words, if both had the same: then the session speaks from now on. Nothing if
        /// they differed or nobody answered: then it is erased.
        same: Option<String>,
    },
    /// What somebody would find who opened this disk now.
    Kept,
    /// All that a backup holds, sealed behind this lock.
    Backup(Box<BackupLock>),
    /// Let a line of the history have said something else. Nothing shows that it did not.
    Edit {
        /// My petname for the other.
        name: String,
        /// The line's number.
        seq: u64,
        /// At most 32 KiB of UTF-8, not empty.
        text: Said,
    },
    /// Make a session that never was. Nothing is stored or sent, and no session of mine moves.
    Forge {
        /// My petname for the other.
        name: String,
        /// What is to have been said, in order.
        spoken: Vec<Spoken>,
    },
    /// Run a transcript through the handshake and the session as if it had come from a friend.
    Verify {
        /// My petname for the other.
        name: String,
        /// The transcript's file.
        file: Said,
    },
}

/// A text that is to have been said.
pub struct Spoken {
    /// By me, or by the other.
    pub mine: bool,
    /// At most 32 KiB of UTF-8, not empty.
    pub text: Said,
}

/// What a person gets.
pub enum Answer {
    /// To [`Request::Status`].
    Status(Status),
    /// To [`Request::Invite`].
    Invitation {
        /// The text, upper case.
        code: String,
        /// When it ends, minutes since 1970.
        expires_min: u32,
    },
    /// To [`Request::Accept`]: the node keeps trying until the invitation ends.
    Accepted {
        /// When it ends, minutes since 1970.
        expires_min: u32,
    },
    /// To [`Request::Contacts`].
    Contacts(Vec<Contact>),
    /// To [`Request::Contact`].
    Contact(Box<Contact>),
    /// To [`Request::Send`] and [`Request::Sent`].
    Sent {
        /// The number of the message in my outbox.
        id: u64,
        /// Where it is now.
        state: Delivery,
    },
    /// To [`Request::Inbox`], in order of arrival.
    Inbox(Vec<Message>),
    /// To [`Request::Acknowledge`].
    Acknowledged {
        /// How many were read.
        count: u32,
    },
    /// To [`Request::History`], oldest first.
    History(Vec<Line>),
    /// To [`Request::EraseHistory`].
    Erased {
        /// How many lines.
        count: u32,
    },
    /// To [`Request::Keep`], [`Request::Timer`], [`Request::Rename`] and [`Request::Check`].
    Changed(Box<Contact>),
    /// To [`Request::Remove`].
    Removed {
        /// Messages of mine that had not arrived and are gone now.
        outbox: u32,
        /// Messages of theirs that I had not read and are gone now.
        unread: u32,
    },
    /// To [`Request::Kept`].
    Kept(Kept),
    /// To [`Request::Backup`].
    Backup {
        /// How many friends are in it.
        friends: u32,
        /// The bytes of the file; none if nothing could be sealed.
        file: Vec<u8>,
    },
    /// To [`Request::Edit`].
    Edited,
    /// To [`Request::Forge`]: the file.
    Transcript(Body),
    /// To [`Request::Verify`].
    Verified {
        /// The parcel that this node would have refused, 0 for the first; none if it takes all.
        refused: Option<u32>,
    },
}

/// What is on the disk, counted: for a person who wonders what a search would find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Friends whose names and edges are here.
    pub friends: u32,
    /// Messages that arrived and I have not read.
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
    /// By how many minutes the wall clock has leapt since the last stop, as long as that is not
    /// believed; 0 if it is.
    pub leap_min: i64,
    /// Whether nothing new is taken for lack of room.
    pub full: bool,
}

/// A line of a conversation.
#[derive(Clone)]
pub struct Line {
    /// Its number on this node, in one row with those of [`Message`].
    pub seq: u64,
    /// My own, and where it is; otherwise the other's.
    pub mine: Option<Delivery>,
    /// When it was written here or came, minutes since 1970.
    pub minute: u32,
    /// In how many minutes it will be erased; nothing as long as it is on its way.
    pub left_min: Option<u32>,
    /// How long its author wants it kept, in minutes; 0 for no limit.
    pub limit_min: u32,
    /// The words, UTF-8, exactly as they were said: not clean.
    pub text: Body,
}

/// How the node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Friends whose link is up.
    pub online: u32,
    /// Friends whose link is down.
    pub offline: u32,
    /// Invitations given or taken that nobody has completed.
    pub pending: u32,
    /// Messages not yet acknowledged by those they are for.
    pub outbox: u32,
    /// Messages that arrived and I did not acknowledge.
    pub unread: u32,
    /// Lines that were read, or are mine and arrived, and are kept.
    pub history: u32,
    /// How long they are, where nothing else was said, in minutes.
    pub keep_min: u32,
    /// Whether nothing new is taken for lack of room.
    pub full: bool,
    /// Friends of whom a session waits until its words were compared.
    pub to_check: u32,
    /// Addresses the node listens at.
    pub addresses: u32,
}

/// A friend, or somebody who is about to be one.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// My name for them.
    pub petname: String,
    /// What they call themselves, cleaned; shown only in quotes.
    pub nick: Option<String>,
    /// How we became friends.
    pub how: How,
    /// Whether the link is up now.
    pub online: bool,
    /// Whether it carries no messages, because one side's disk went back in time.
    pub stopped: bool,
    /// Four words to compare by voice, if a session waits for that here, or at the other side since I
    /// came back from a backup; otherwise none.
    pub session_words: Vec<&'static str>,
    /// When the link was last up, minutes since 1970; 0 for never.
    pub last_seen_min: u32,
    /// When the edge was made, minutes since 1970.
    pub since_min: u32,
    /// Messages of theirs I have not acknowledged.
    pub unread: u32,
    /// Messages of mine they have not acknowledged.
    pub outbox: u32,
    /// Whether their node says that it has no room for messages now.
    pub full: bool,
    /// How long I keep what we say, in minutes; 0 for not at all.
    pub keep_min: u32,
    /// How long we agreed to keep it.
    pub timer: Timer,
    /// Twelve words that both can compare; only in [`Answer::Contact`].
    pub safety_words: Vec<&'static str>,
    /// Addresses at which I would dial them; a count, since addresses are nobody's business.
    pub addresses: u32,
}

/// How long both of us keep what we say, in minutes; 0 for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    /// What I said.
    pub mine_min: u32,
    /// What they said.
    pub theirs_min: u32,
    /// What both said last: this holds.
    pub agreed_min: u32,
}

/// Where the trust in a friend's key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// I gave an invitation that nobody has used yet.
    Invited,
    /// I took an invitation and wait for the other computer.
    Joining,
    /// An invitation was used; we have not met.
    Code,
    /// The same, and a second person used the invitation afterwards: either may be the one it was
    /// meant for, until the safety words were compared.
    Copied,
    /// To be checked again: they lost their state, or somebody else has their key. A session waits
    /// until its words were compared by voice.
    Recheck,
}

/// Where a message of mine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On this disk; the friend's node has not acknowledged it.
    Saved,
    /// The friend's node has committed it to its disk.
    Delivered,
    /// It did not arrive in the time that post may take, and was given up.
    NotArrived,
    /// Nobody here knows such a message any more.
    Unknown,
}

/// A message that arrived.
#[derive(Clone)]
pub struct Message {
    /// Its number on this node: grows, with gaps after erasure.
    pub seq: u64,
    /// Who wrote it, my petname.
    pub from: String,
    /// How they became a friend.
    pub how: How,
    /// When it was committed here, minutes since 1970.
    pub received_min: u32,
    /// When its author claims to have written it, minutes since 1970.
    pub claimed_min: u32,
    /// How long its author wants it kept once it was read, in minutes; 0 for as long as I like.
    pub limit_min: u32,
    /// The words, UTF-8, exactly as they came: not clean.
    pub text: Body,
}

/// What happens without being asked for. Holds petnames: for the local socket, never for a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message can be read with [`Request::Inbox`].
    Message {
        /// Its number.
        seq: u64,
        /// Who wrote it.
        from: String,
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
    /// The disk has no room for more, or has some again.
    DiskFull {
        /// Whether it has none.
        full: bool,
    },
}

/// Why the node says no. Each has one sentence in the word files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is called so; these names are near.
    NoSuchFriend {
        /// At most three of my petnames.
        near: Vec<String>,
    },
    /// Whoever has this name, or will have it, has not answered the invitation yet.
    NotYet {
        /// The name.
        petname: String,
    },
    /// Not a name: empty, too long, or with characters a name cannot have.
    BadName,
    /// A name that the program keeps for itself.
    ReservedName,
    /// Somebody already has this name, or one that looks the same.
    NameTaken {
        /// Their name.
        petname: String,
    },
    /// There is nothing to send.
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
    /// These are not the words of the session that waits now.
    OtherWords,
    /// No such line is kept.
    NoSuchLine,
    /// The line has not arrived: it still goes out as it was written.
    LineWaits,
    /// More is to be said than a transcript holds.
    ScriptTooLong,
    /// Not a transcript.
    NoTranscript,
    /// Not an invitation, or one with a typing error.
    BadCode,
    /// The invitation has ended.
    CodeExpired,
    /// The invitation is one of mine.
    OwnCode,
    /// The invitation comes from somebody who is already a friend.
    AlreadyFriend {
        /// My name for them.
        petname: String,
    },
    /// Too many invitations are open, or were made today.
    TooManyInvitations,
    /// The invitation would live too long or too short.
    BadLifetime,
    /// No address of this node is known that others could dial.
    NoAddress,
    /// As many friends as a node can have.
    TooManyFriends,
}
