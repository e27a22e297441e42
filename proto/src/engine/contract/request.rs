//! What a person can ask of a node, and why it may say no. Texts come as they were typed: the rooms
//! that answer check them. Nothing here prints itself, for it names persons and holds words.

use super::{Addr, AskGroup, AskMailbox, AskTokens, Language, Meet, Of};
use crate::secret::Said;
use crate::vault::BackupLock;

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
        /// Only those after this number; 0 for all.
        after: u64,
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
    /// Why a message that I sent has not arrived.
    Why {
        /// Which.
        of: Of,
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
    /// Remember something about a friend, in the place of what was noted before.
    Note {
        /// My petname for them.
        name: String,
        /// At most [`NOTE_BYTES_MAX`](crate::limits::NOTE_BYTES_MAX) bytes; empty to erase it.
        note: String,
    },
    /// Let what a friend says arrive unannounced, or announce it again.
    Mute {
        /// My petname for them.
        name: String,
        /// Whether they are muted; else they are not any more.
        muted: bool,
    },
    /// Answer nothing of a friend's any more, take nothing and send nothing; or be there for them again.
    /// They are told nothing.
    Block {
        /// My petname for them.
        name: String,
        /// Whether they are; else they are not any more.
        blocked: bool,
    },
    /// A friend is another computer of somebody who has one already: they have one name from now on.
    JoinComputers {
        /// My petname for the one.
        name: String,
        /// My petname for the other, which stays.
        to: String,
    },
    /// One computer of a person is gone. What was said with it stays, and what waits for it goes to
    /// the others.
    DropComputer {
        /// My petname for the person.
        name: String,
        /// Its place in [`Contact::computers`](super::Contact::computers), from 1 on.
        place: u32,
    },
    /// Let a friend hear, when they ask, what I call somebody.
    Publish {
        /// My petname for whom I show.
        name: String,
        /// My petname for the friend who sees it.
        to: String,
        /// What I say about them, at most
        /// [`ZONE_NOTE_BYTES_MAX`](crate::limits::ZONE_NOTE_BYTES_MAX) bytes in one line; empty for nothing.
        note: String,
        /// How long an answer is believed, 1 to [`ZONE_DAYS_MAX`](crate::limits::ZONE_DAYS_MAX) days.
        days: u8,
    },
    /// Show somebody no more; who saw it forgets it at the next contact.
    Unpublish {
        /// My petname for whom I showed.
        name: String,
        /// My petname for the friend who saw it; all of them if nobody is named.
        to: Option<String>,
    },
    /// Whom I show to whom.
    Published,
    /// What is known of a name.
    Who {
        /// My petname for a friend; or `friend/name`, what that friend calls somebody; or `friend/`, all
        /// whom they name to me.
        name: String,
        /// Whether the friend is to be asked, who learns which name I asked for.
        ask: bool,
    },
    /// Somebody compared the words of a session that waits for it ([`How::Recheck`](super::How::Recheck)), by voice.
    Check {
        /// My petname for them.
        name: String,
        /// The four words, if both had the same: then the session speaks from now on. Nothing if
        /// they differed or nobody answered: then it is erased.
        same: Option<String>,
    },
    /// Take part in a meeting.
    Meet(Box<Meet>),
    /// Somebody heard the other read all twelve safety words, by voice, and they are the same.
    Compare {
        /// My petname for them.
        name: String,
        /// The words that were heard.
        heard: String,
    },
    /// Introduce two friends to each other: both are asked.
    Introduce {
        /// My petname for one.
        name: String,
        /// And for the other.
        to: String,
        /// What I say to each of the other: at most
        /// [`INTRODUCTION_NOTE_BYTES_MAX`](crate::limits::INTRODUCTION_NOTE_BYTES_MAX) bytes.
        said: String,
    },
    /// Who waits at my door, and whom I asked.
    Waiting,
    /// I would like to know somebody who is introduced to me.
    Welcome {
        /// Which, from [`Answer::Waiting`](super::Answer::Waiting).
        id: u32,
        /// What I will call them.
        name: String,
        /// The word list both will compare words in.
        language: Language,
    },
    /// I would not; or what I asked for shall not be any more. Nobody is told.
    Decline {
        /// Which, from [`Answer::Waiting`](super::Answer::Waiting).
        id: u32,
    },
    /// Groups.
    Group(AskGroup),
    /// Boxes in which friends keep parcels for each other.
    Mailbox(AskMailbox),
    /// The tokens with which parcels are put there.
    Tokens(AskTokens),
    /// Offer a file to a friend: room for it is promised, its pieces are to come.
    OfferFile {
        /// My petname for them.
        to: String,
        /// What it is called; cleaned.
        name: String,
        /// How long it is: at most [`FILE_BYTES_MAX`](crate::limits::FILE_BYTES_MAX) bytes.
        bytes: u64,
    },
    /// The next piece of a file that is offered; with the last one the friend hears of it.
    FillFile {
        /// Which, from [`Answer::File`](super::Answer::File).
        id: u32,
        /// Its place, 0 for the first.
        index: u32,
        /// [`FILE_CHUNK_BYTES`](crate::limits::FILE_CHUNK_BYTES) bytes, the last one what is left.
        bytes: Said,
    },
    /// Files under way, and those that are here.
    Files,
    /// Let parcels go that say nothing, or no more; nothing to ask how it is.
    Cover(Option<bool>),
    /// What waits for these friends is to go by hand.
    CarryOut {
        /// My petnames for them; everybody if nobody is named.
        to: Vec<String>,
        /// Whether acknowledgements go with it: once they are given out nobody makes them again.
        acks: bool,
        /// How many bytes of this bundle earlier answers have given already.
        gathered: u32,
    },
    /// One parcel of a bundle.
    ReadBundled {
        /// Its number, from [`Bundle`](super::Bundle).
        id: u64,
    },
    /// A part of a bundle that somebody brought, from a multiple of 2048 bytes on.
    CarryIn {
        /// As it is.
        bytes: Said,
        /// Whether nothing follows.
        last: bool,
    },
    /// I want a file that a friend offers.
    TakeFile {
        /// Which, from [`Answer::Waiting`](super::Answer::Waiting) or [`Answer::Files`](super::Answer::Files).
        id: u32,
    },
    /// I do not want it, or not any more, or have read all of it: it is erased here.
    DropFile {
        /// Which.
        id: u32,
    },
    /// A piece of a file that is here whole.
    ReadFile {
        /// Which.
        id: u32,
        /// Its place, 0 for the first.
        index: u32,
    },
    /// Begin a new identity, and tell every friend. Each goes on under the old one until their human
    /// has confirmed the new one.
    Renew,
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
    /// I blocked this friend: nothing is sent to them.
    Blocked {
        /// My name for them.
        petname: String,
    },
    /// A note is longer than one can be.
    NoteTooLong,
    /// All notes together would be longer than they can be.
    NotesFull,
    /// What a backup would hold fits none.
    BackupTooLong,
    /// A friend is not shown what I call them.
    ShownToThemselves,
    /// What is said beside a name is too long, or not one line.
    BadSaying,
    /// Longer than a name is believed, or not at all.
    BadDays,
    /// As many names are shown as there can be, or too much is said beside them.
    TooMuchShown,
    /// More than two names behind each other: what a friend's friend calls somebody is not asked.
    TooManyLabels,
    /// Not a name: empty, too long, or with characters a name cannot have.
    BadName,
    /// A name that the program keeps for itself.
    ReservedName,
    /// Somebody already has this name, or one that looks the same.
    NameTaken {
        /// Their name.
        petname: String,
    },
    /// Both names are those of one person.
    SamePerson,
    /// More computers than a person can have here.
    TooManyComputers,
    /// The person has no computer with this number.
    NoSuchComputer,
    /// The person has no other computer.
    OnlyComputer,
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
    /// An invitation that bears the present identity is not completed.
    InvitationOpen {
        /// Whose, or for whom.
        petname: String,
    },
    /// Too many former identities wait for friends to confirm.
    TooManyIdentities,
    /// No such line is kept.
    NoSuchLine,
    /// No message of mine has this number, or nobody knows it any more.
    NoSuchMessage,
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
    /// More is said of two who are introduced than can be.
    IntroductionTooLong,
    /// Nobody waits under this number.
    NobodyWaits,
    /// The two to be introduced are one.
    OneAndTheSame,
    /// These two are being introduced already, or too many are, or were today.
    TooManyIntroductions,
    /// This friend knows me by a former identity.
    NotConfirmed {
        /// My name for them.
        petname: String,
    },
    /// This is a person, not a group.
    NotAGroup {
        /// My name for them.
        petname: String,
    },
    /// This is a group, and what was asked is for people.
    OnlyAGroup {
        /// My name for it.
        name: String,
    },
    /// Nobody in the group is called so.
    NotInGroup {
        /// The name.
        name: String,
    },
    /// They are in it already.
    InGroup {
        /// The name.
        name: String,
    },
    /// As many groups as a node can have.
    TooManyGroups,
    /// More computers than a group can have.
    GroupFull,
    /// A group has at least two people.
    NobodyElse,
    /// Who only watches says and decides nothing.
    OnlySpectator,
    /// Another computer of mine speaks for me there.
    OtherVoice,
    /// This is no computer of mine in the group.
    NotMyComputer {
        /// The name.
        name: String,
    },
    /// The charter is too long.
    CharterTooLong,
    /// No motion of the group has this number.
    NoSuchMotion,
    /// The motion is somebody else's.
    OthersMotion,
    /// My window for this motion is over, or I said my last word.
    WindowOver,
    /// As many motions are open as can be, in the group or of mine.
    TooManyMotions,
    /// The text of the motion is too long.
    MotionTooLong,
    /// An objection says why.
    ReasonMissing,
    /// The reason is too long.
    ReasonTooLong,
    /// Longer than a window can be.
    BadWindow,
    /// No group can decide like this.
    BadPolicy,
    /// A poll has two to eight choices, each of one line.
    BadChoices,
    /// This motion is not answered like this.
    BadPosition,
    /// They have not watched for long enough.
    TooSoon {
        /// In so many days.
        days: u32,
    },
    /// They are not silent, or not for long enough.
    NotSilent {
        /// So many days of silence are asked for.
        days: u32,
    },
    /// I agreed to one suspension today.
    OneADay,
    /// They have not spoken to me since they were suspended.
    NotHeard,
    /// I did not meet them with this computer.
    NotMet {
        /// My name for it.
        petname: String,
    },
    /// The group has not come apart, or has no such side.
    NotSplit,
    /// I asked into the group somebody whose yes is still missing, or was not asked: it waits.
    NotJoined,
    /// There is no such box.
    NoMailbox,
    /// As many friends keep parcels for me as can.
    TooManyMailboxes,
    /// More than a box can hold, or nothing.
    BadQuota,
    /// A meeting goes on already.
    MeetingOpen,
    /// There is no meeting, or it does not wait for that now.
    NotNow,
    /// Nothing of this nickname can be shown.
    BadNick,
    /// Not eight words of one of the lists.
    BadSecret,
    /// There is nothing in the file.
    EmptyFile,
    /// It is longer than a file can be.
    FileTooLong,
    /// Too many files are under way to this friend, or in all.
    TooManyFiles,
    /// The share of the disk that files have does not hold it beside those that are here.
    NoRoomForFile {
        /// What is left of it, in bytes.
        left: u64,
    },
    /// No file has this number, or it is not at this point.
    NoSuchFile,
}
