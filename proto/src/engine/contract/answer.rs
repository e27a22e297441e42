//! What a person gets from a node: one answer for each [`Request`](super::Request). Texts are named,
//! not held, and stand as their author wrote them: whoever shows them makes them harmless first.

use super::{
    Body, Bundle, Carried, Contact, FileCard, GroupAnswer, How, Mailbox, Meeting, SeenBy,
    ShownName, TokenCount, Waiting, Who, Why,
};

/// What a person gets.
pub enum Answer {
    /// To [`Request::Status`](super::Request::Status).
    Status(Status),
    /// To [`Request::Invite`](super::Request::Invite).
    Invitation {
        /// The text, upper case.
        code: String,
        /// When it ends, minutes since 1970.
        expires_min: u32,
    },
    /// To [`Request::Accept`](super::Request::Accept): the node keeps trying until the invitation ends.
    Accepted {
        /// When it ends, minutes since 1970.
        expires_min: u32,
    },
    /// To [`Request::Contacts`](super::Request::Contacts).
    Contacts(Vec<Contact>),
    /// To [`Request::Contact`](super::Request::Contact).
    Contact(Box<Contact>),
    /// To [`Request::Send`](super::Request::Send) and [`Request::Sent`](super::Request::Sent).
    Sent {
        /// The number of the message in my outbox.
        id: u64,
        /// Where it is now.
        state: Delivery,
    },
    /// To [`Request::Why`](super::Request::Why).
    Why(Box<Why>),
    /// To [`Request::Inbox`](super::Request::Inbox), in order of arrival.
    Inbox(Vec<Message>),
    /// To [`Request::Acknowledge`](super::Request::Acknowledge).
    Acknowledged {
        /// How many were read.
        count: u32,
    },
    /// To [`Request::History`](super::Request::History), oldest first.
    History(Vec<Line>),
    /// To [`Request::EraseHistory`](super::Request::EraseHistory).
    Erased {
        /// How many lines.
        count: u32,
    },
    /// To [`Request::Keep`](super::Request::Keep), [`Request::Timer`](super::Request::Timer), [`Request::Rename`](super::Request::Rename) and [`Request::Check`](super::Request::Check).
    Changed(Box<Contact>),
    /// To [`Request::Remove`](super::Request::Remove).
    Removed {
        /// Messages of mine that had not arrived and are gone now.
        outbox: u32,
        /// Messages of theirs that I had not read and are gone now.
        unread: u32,
    },
    /// To [`Request::Publish`](super::Request::Publish), [`Request::Unpublish`](super::Request::Unpublish)
    /// (what is not shown any more) and [`Request::Published`](super::Request::Published), by name.
    Shown(Vec<ShownName>),
    /// To [`Request::Who`](super::Request::Who).
    Who(Box<Who>),
    /// To [`Request::Introduce`](super::Request::Introduce).
    Introduced {
        /// Its number among those that wait.
        id: u32,
    },
    /// To [`Request::Waiting`](super::Request::Waiting).
    Waiting(Vec<Waiting>),
    /// To [`Request::Welcome`](super::Request::Welcome).
    Welcomed,
    /// To [`Request::Decline`](super::Request::Decline) and [`Request::DropFile`](super::Request::DropFile).
    Declined,
    /// To [`Request::Group`](super::Request::Group).
    Group(GroupAnswer),
    /// To [`Request::Mailbox`](super::Request::Mailbox), by name.
    Mailboxes(Vec<Mailbox>),
    /// To [`Request::Tokens`](super::Request::Tokens), by name.
    Tokens {
        /// Tokens of boxes of mine that friends got.
        given: Vec<TokenCount>,
        /// Tokens of boxes of theirs that I have.
        held: Vec<TokenCount>,
    },
    /// To [`Request::OfferFile`](super::Request::OfferFile), [`Request::FillFile`](super::Request::FillFile)
    /// and [`Request::TakeFile`](super::Request::TakeFile).
    File(Box<FileCard>),
    /// To [`Request::Files`](super::Request::Files), oldest first.
    Files(Vec<FileCard>),
    /// To [`Request::Cover`](super::Request::Cover).
    Cover {
        /// Whether parcels go that say nothing.
        on: bool,
        /// On so many links now.
        links: u32,
        /// On so many at most.
        friends: u32,
    },
    /// To [`Request::CarryOut`](super::Request::CarryOut).
    Bundle(Box<Bundle>),
    /// To [`Request::CarryIn`](super::Request::CarryIn).
    Carried(Box<Carried>),
    /// To [`Request::ReadFile`](super::Request::ReadFile) and
    /// [`Request::ReadBundled`](super::Request::ReadBundled); empty if it was erased meanwhile.
    Piece(Body),
    /// To [`Request::Renew`](super::Request::Renew).
    Renewed {
        /// How many friends have to confirm.
        friends: u32,
    },
    /// To [`Request::Kept`](super::Request::Kept).
    Kept(Kept),
    /// To [`Request::Backup`](super::Request::Backup).
    Backup {
        /// How many friends are in it.
        friends: u32,
        /// The bytes of the file; none if nothing could be sealed.
        file: Vec<u8>,
    },
    /// To [`Request::Meet`](super::Request::Meet): how it stands now.
    Meeting(Box<Meeting>),
    /// To [`Request::Edit`](super::Request::Edit).
    Edited,
    /// To [`Request::Forge`](super::Request::Forge): the file.
    Transcript(Body),
    /// To [`Request::Verify`](super::Request::Verify).
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
    /// In a group, who wrote it if not I.
    pub from: Option<String>,
    /// In a group, whether spectators have it too.
    pub to_all: bool,
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
    /// Introductions and files that wait for my yes or no.
    pub waiting: u32,
    /// Addresses the node listens at.
    pub addresses: u32,
}

/// Where a message of mine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On this disk; the friend's node has not acknowledged it.
    Saved,
    /// Likewise, and sealed on somebody's disk until the friend fetches it there.
    Kept {
        /// My name for who keeps it; nothing if they are no friend of mine.
        by: Option<String>,
        /// Until when, minutes since 1970.
        until_min: u32,
    },
    /// Of a message to a group, as long as it is not everywhere.
    Seen(SeenBy),
    /// The friend's node has committed it to its disk; each one's, of a message to a group.
    Delivered,
    /// It did not arrive in the time that post may take, and was given up.
    NotArrived,
    /// Nobody here knows such a message any more.
    Unknown,
}

/// In which group a message came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InGroup {
    /// My name for it.
    pub name: String,
    /// Whether spectators have it too.
    pub to_all: bool,
}

/// A message that arrived.
#[derive(Clone)]
pub struct Message {
    /// Its number on this node: grows, with gaps after erasure.
    pub seq: u64,
    /// Who wrote it, my petname.
    pub from: String,
    /// In which group, if it came in one.
    pub group: Option<InGroup>,
    /// How they became a friend.
    pub how: How,
    /// Whether I muted them: nobody is shown it who did not ask for what came.
    pub muted: bool,
    /// When it was committed here, minutes since 1970.
    pub received_min: u32,
    /// When its author claims to have written it, minutes since 1970.
    pub claimed_min: u32,
    /// How long its author wants it kept once it was read, in minutes; 0 for as long as I like.
    pub limit_min: u32,
    /// The words, UTF-8, exactly as they came: not clean.
    pub text: Body,
}
