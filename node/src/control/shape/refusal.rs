//! Why the node says no: a word for programs, for which the word files have a sentence for people.

use serde::{Deserialize, Serialize};

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
    /// I blocked this friend: nothing is sent to them.
    Blocked {
        /// My name for them.
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
    /// More than two names behind each other.
    TooManyLabels,
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
    /// More is said of two who are introduced than can be.
    IntroductionTooLong,
    /// Nobody waits under this number.
    NobodyWaits,
    /// The two to be introduced are one.
    OneAndTheSame,
    /// These two are being introduced already, or too many are, or were today.
    TooManyIntroductions,
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
    /// This friend knows me by a former identity.
    NotConfirmed {
        /// My name for them.
        petname: String,
    },
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
    /// A newer version of Kith wrote the home.
    TooNew,
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
