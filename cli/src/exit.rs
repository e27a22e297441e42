//! How a command ends: a code that scripts can rely on, and why, for the person.
//!
//! The codes are those of sysexits where one fits; `kith help exit-codes` lists them.

use std::process::ExitCode;

use kith_node::control::client::CallError;
use kith_node::control::shape::{Refusal, Trouble};

use crate::words::{Msg, msg};

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exit(pub(crate) u8);

impl Exit {
    /// Done.
    pub(crate) const OK: Self = Self(0);
    /// A negative answer: nothing new, not so.
    pub(crate) const NO: Self = Self(1);
    /// The command line is not understood.
    pub(crate) const USAGE: Self = Self(2);
    /// A bad code, a text over the limit.
    pub(crate) const DATA: Self = Self(65);
    /// A question could not be asked.
    pub(crate) const NO_INPUT: Self = Self(66);
    /// Nobody is called so.
    pub(crate) const NO_USER: Self = Self(67);
    /// The node is not running.
    pub(crate) const UNAVAILABLE: Self = Self(69);
    /// A mistake of ours.
    pub(crate) const SOFTWARE: Self = Self(70);
    /// Something stands where something was to be made.
    pub(crate) const CANNOT_CREATE: Self = Self(73);
    /// A disk failed, or a wipe left something.
    pub(crate) const IO: Self = Self(74);
    /// Not yet: saved and not delivered, or too much at once.
    pub(crate) const TRY_LATER: Self = Self(75);
    /// Words that two people compared differ: somebody stands between them.
    pub(crate) const PROTOCOL: Self = Self(76);
    /// Refused, or locked.
    pub(crate) const REFUSED: Self = Self(77);
    /// The settings are wrong.
    pub(crate) const CONFIG: Self = Self(78);
    /// Ctrl-C.
    pub(crate) const INTERRUPTED: Self = Self(130);
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failed {
    /// The code.
    pub(crate) exit: Exit,
    /// One sentence; none when silence is right, or it was said already.
    pub(crate) why: Option<Msg>,
    /// What to do now.
    pub(crate) hint: Option<Msg>,
}

/// How every verb ends.
pub(crate) type Outcome = Result<Exit, Failed>;

impl Failed {
    /// With one sentence.
    pub(crate) fn new(exit: Exit, why: Msg) -> Self {
        Self {
            exit,
            why: Some(why),
            hint: None,
        }
    }

    /// Without a word.
    pub(crate) fn quiet(exit: Exit) -> Self {
        Self {
            exit,
            why: None,
            hint: None,
        }
    }

    /// And what to do now.
    pub(crate) fn hint(mut self, hint: Msg) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl From<CallError> for Failed {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Down => {
                Self::new(Exit::UNAVAILABLE, msg!("node-down")).hint(msg!("node-down-hint"))
            }
            CallError::Lost => Self::new(Exit::UNAVAILABLE, msg!("node-lost")),
            CallError::Garbled => {
                Self::new(Exit::SOFTWARE, msg!("node-garbled")).hint(msg!("node-garbled-hint"))
            }
            CallError::Refused(refusal) => refused(refusal),
            CallError::Locked => {
                Self::new(Exit::REFUSED, msg!("node-locked")).hint(msg!("node-locked-hint"))
            }
        }
    }
}

fn stands_in_the_way(trouble: Trouble) -> Msg {
    match trouble {
        Trouble::Slot => msg!("run-slot-damaged"),
        Trouble::Database => msg!("run-database-damaged"),
        Trouble::DiskFull => msg!("disk-full"),
        Trouble::ReadOnly => msg!("disk-read-only"),
        Trouble::Descriptors => msg!("no-descriptors"),
        Trouble::Listen => msg!("run-cannot-listen"),
        Trouble::Memory => msg!("run-no-memory"),
        Trouble::System => msg!("run-io"),
    }
}

/// One sentence for each reason.
fn refused(refusal: Refusal) -> Failed {
    match refusal {
        Refusal::NoSuchFriend { near } => {
            let failed = Failed::new(Exit::NO_USER, msg!("refused-no-such-friend"));
            if near.is_empty() {
                return failed;
            }
            let near: Vec<String> = near.iter().map(|name| crate::view::name(name)).collect();
            failed.hint(msg!("refused-near", names = near.join(", ")))
        }
        Refusal::NotYet { petname } => {
            let name = crate::view::name(&petname);
            Failed::new(Exit::NO_USER, msg!("refused-not-yet", name = name))
                .hint(msg!("refused-not-yet-hint"))
        }
        Refusal::Blocked { petname } => {
            let name = crate::view::name(&petname);
            Failed::new(Exit::REFUSED, msg!("refused-blocked", name = name))
                .hint(msg!("refused-blocked-hint"))
        }
        Refusal::SamePerson => Failed::new(Exit::DATA, msg!("refused-same-person")),
        Refusal::TooManyComputers => Failed::new(Exit::DATA, msg!("refused-too-many-computers")),
        Refusal::NoSuchComputer => Failed::new(Exit::DATA, msg!("refused-no-such-computer"))
            .hint(msg!("refused-no-such-computer-hint")),
        Refusal::OnlyComputer => Failed::new(Exit::DATA, msg!("refused-only-computer"))
            .hint(msg!("refused-only-computer-hint")),
        Refusal::NoteTooLong => Failed::new(Exit::DATA, msg!("refused-note-too-long")),
        Refusal::NotesFull => Failed::new(Exit::DATA, msg!("refused-notes-full")),
        Refusal::BackupTooLong => Failed::new(Exit::DATA, msg!("refused-backup-too-long")),
        Refusal::ShownToThemselves => Failed::new(Exit::DATA, msg!("refused-shown-to-themselves")),
        Refusal::BadSaying => Failed::new(Exit::DATA, msg!("refused-bad-saying")),
        Refusal::BadDays => Failed::new(Exit::DATA, msg!("refused-bad-days")),
        Refusal::TooMuchShown => Failed::new(Exit::DATA, msg!("refused-too-much-shown")),
        Refusal::TooManyLabels => Failed::new(Exit::DATA, msg!("refused-too-many-labels")),
        Refusal::BadName => {
            Failed::new(Exit::DATA, msg!("refused-bad-name")).hint(msg!("refused-bad-name-hint"))
        }
        Refusal::ReservedName => Failed::new(Exit::DATA, msg!("refused-reserved-name")),
        Refusal::NameTaken { petname } => {
            let name = crate::view::name(&petname);
            Failed::new(Exit::DATA, msg!("refused-name-taken", name = name))
                .hint(msg!("refused-name-taken-hint"))
        }
        Refusal::EmptyText => Failed::new(Exit::DATA, msg!("refused-empty-text")),
        Refusal::TextTooLong => Failed::new(Exit::DATA, msg!("refused-text-too-long")),
        Refusal::OutboxFull => Failed::new(Exit::TRY_LATER, msg!("refused-outbox-full"))
            .hint(msg!("refused-outbox-full-hint")),
        Refusal::DiskFull => Failed::new(Exit::TRY_LATER, msg!("refused-disk-full"))
            .hint(msg!("refused-disk-full-hint")),
        Refusal::BadLimit => Failed::new(Exit::DATA, msg!("refused-bad-limit")),
        Refusal::NothingToCheck => Failed::new(Exit::NO, msg!("refused-nothing-to-check")),
        Refusal::OtherWords => Failed::new(Exit::DATA, msg!("refused-other-words"))
            .hint(msg!("refused-other-words-hint")),
        Refusal::InvitationOpen { petname } => {
            let name = crate::view::name(&petname);
            Failed::new(
                Exit::TRY_LATER,
                msg!("refused-invitation-open", name = name),
            )
            .hint(msg!("refused-invitation-open-hint"))
        }
        Refusal::TooManyIdentities => {
            Failed::new(Exit::TRY_LATER, msg!("refused-too-many-identities"))
        }
        Refusal::NoSuchMessage => Failed::new(Exit::NO_USER, msg!("refused-no-such-message")),
        Refusal::NoSuchLine => Failed::new(Exit::DATA, msg!("refused-no-such-line")),
        Refusal::LineWaits => Failed::new(Exit::TRY_LATER, msg!("refused-line-waits")),
        Refusal::ScriptTooLong => Failed::new(Exit::DATA, msg!("refused-script-too-long")),
        Refusal::NoTranscript => Failed::new(Exit::DATA, msg!("refused-no-transcript")),
        Refusal::BadCode => {
            Failed::new(Exit::DATA, msg!("refused-bad-code")).hint(msg!("refused-bad-code-hint"))
        }
        Refusal::CodeExpired => Failed::new(Exit::DATA, msg!("refused-code-expired"))
            .hint(msg!("refused-code-expired-hint")),
        Refusal::OwnCode => Failed::new(Exit::DATA, msg!("refused-own-code")),
        Refusal::AlreadyFriend { petname } => {
            let name = crate::view::name(&petname);
            Failed::new(
                Exit::DATA,
                msg!("refused-already-friend", name = name.clone()),
            )
            .hint(msg!("refused-already-friend-hint", name = name))
        }
        Refusal::TooManyInvitations => {
            Failed::new(Exit::TRY_LATER, msg!("refused-too-many-invitations"))
        }
        Refusal::BadLifetime => Failed::new(Exit::DATA, msg!("refused-bad-lifetime")),
        Refusal::NoAddress => Failed::new(Exit::UNAVAILABLE, msg!("refused-no-address"))
            .hint(msg!("refused-no-address-hint")),
        Refusal::NoPassphrase => Failed::new(Exit::REFUSED, msg!("refused-no-passphrase"))
            .hint(msg!("refused-no-passphrase-hint")),
        Refusal::WrongPassphrase => Failed::new(Exit::REFUSED, msg!("run-wrong-passphrase")),
        Refusal::BadPassphrase => Failed::new(Exit::DATA, msg!("refused-bad-passphrase")),
        Refusal::Busy => Failed::new(Exit::TRY_LATER, msg!("refused-busy")),
        Refusal::NotDone { trouble } => Failed::new(Exit::IO, stands_in_the_way(trouble)),
        Refusal::IntroductionTooLong => Failed::new(Exit::DATA, msg!("refused-said-too-long")),
        Refusal::NobodyWaits => Failed::new(Exit::NO_USER, msg!("refused-nobody-waits"))
            .hint(msg!("refused-nobody-waits-hint")),
        Refusal::OneAndTheSame => Failed::new(Exit::DATA, msg!("refused-one-and-the-same")),
        Refusal::TooManyIntroductions => {
            Failed::new(Exit::TRY_LATER, msg!("refused-too-many-introductions"))
        }
        Refusal::NotConfirmed { petname } => {
            let name = crate::view::name(&petname);
            Failed::new(Exit::REFUSED, msg!("refused-not-confirmed", name = name))
        }
        Refusal::NoMailbox => Failed::new(Exit::NO_USER, msg!("refused-no-mailbox"))
            .hint(msg!("refused-no-mailbox-hint")),
        Refusal::TooManyMailboxes => Failed::new(Exit::REFUSED, msg!("refused-too-many-mailboxes")),
        Refusal::BadQuota => Failed::new(Exit::DATA, msg!("refused-bad-quota")),
        Refusal::TooManyFriends => Failed::new(Exit::REFUSED, msg!("refused-too-many-friends")),
        Refusal::MeetingOpen => Failed::new(Exit::TRY_LATER, msg!("refused-meeting-open")),
        Refusal::NotNow => Failed::new(Exit::TRY_LATER, msg!("refused-not-now")),
        Refusal::BadNick => Failed::new(Exit::DATA, msg!("refused-bad-nick")),
        Refusal::BadSecret => Failed::new(Exit::DATA, msg!("refused-bad-secret")),
        Refusal::EmptyFile => Failed::new(Exit::DATA, msg!("refused-empty-file")),
        Refusal::FileTooLong => {
            let size = crate::view::size(kith_proto::limits::FILE_BYTES_MAX);
            Failed::new(Exit::DATA, msg!("refused-file-too-long", size = size))
        }
        Refusal::TooManyFiles => Failed::new(Exit::TRY_LATER, msg!("refused-too-many-files"))
            .hint(msg!("refused-too-many-files-hint")),
        Refusal::NoRoomForFile { left } => {
            let size = crate::view::size(left);
            Failed::new(
                Exit::TRY_LATER,
                msg!("refused-no-room-for-file", size = size),
            )
            .hint(msg!("refused-no-room-for-file-hint"))
        }
        Refusal::NoSuchFile => Failed::new(Exit::NO_USER, msg!("refused-no-such-file"))
            .hint(msg!("refused-no-such-file-hint")),
    }
}
