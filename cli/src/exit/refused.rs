//! Why the node said no, in one sentence each, with what to do now.

use kith_node::control::shape::{Refusal, Trouble};

use super::{Exit, Failed};
use crate::words::{Msg, msg};

fn stands_in_the_way(trouble: Trouble) -> Msg {
    match trouble {
        Trouble::Slot => msg!("run-slot-damaged"),
        Trouble::TooNew => msg!("run-too-new"),
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
pub(super) fn sentence(refusal: Refusal) -> Failed {
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
        Refusal::ReservedName => Failed::new(Exit::DATA, msg!("refused-reserved-name"))
            .hint(msg!("refused-reserved-name-hint")),
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
        Refusal::NoSuchMessage => Failed::new(Exit::NO_USER, msg!("refused-no-such-message"))
            .hint(msg!("refused-no-such-message-hint")),
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
        Refusal::WrongPassphrase => Failed::wrong_passphrase(),
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
        Refusal::NotAGroup { petname } => Failed::new(
            Exit::DATA,
            msg!("refused-not-a-group", name = crate::view::name(&petname)),
        ),
        Refusal::OnlyAGroup { name } => Failed::new(
            Exit::DATA,
            msg!("refused-only-a-group", name = crate::view::name(&name)),
        ),
        Refusal::NotInGroup { name } => Failed::new(
            Exit::NO_USER,
            msg!("refused-not-in-group", name = crate::view::name(&name)),
        )
        .hint(msg!("refused-not-in-group-hint")),
        Refusal::InGroup { name } => Failed::new(
            Exit::DATA,
            msg!("refused-in-group", name = crate::view::name(&name)),
        ),
        Refusal::TooManyGroups => Failed::new(Exit::REFUSED, msg!("refused-too-many-groups")),
        Refusal::GroupFull => Failed::new(Exit::REFUSED, msg!("refused-group-full")),
        Refusal::NobodyElse => Failed::new(Exit::DATA, msg!("refused-nobody-else")),
        Refusal::OtherVoice => Failed::new(Exit::REFUSED, msg!("refused-other-voice")),
        Refusal::NotMyComputer { name } => Failed::new(
            Exit::NO_USER,
            msg!("refused-not-my-computer", name = crate::view::name(&name)),
        ),
        Refusal::OnlySpectator => Failed::new(Exit::REFUSED, msg!("refused-only-spectator")),
        Refusal::CharterTooLong => Failed::new(Exit::DATA, msg!("refused-charter-too-long")),
        Refusal::NoSuchMotion => Failed::new(Exit::NO_USER, msg!("refused-no-such-motion"))
            .hint(msg!("refused-no-such-motion-hint")),
        Refusal::OthersMotion => Failed::new(Exit::REFUSED, msg!("refused-others-motion")),
        Refusal::WindowOver => Failed::new(Exit::REFUSED, msg!("refused-window-over")),
        Refusal::TooManyMotions => Failed::new(Exit::TRY_LATER, msg!("refused-too-many-motions")),
        Refusal::MotionTooLong => Failed::new(Exit::DATA, msg!("refused-motion-too-long")),
        Refusal::ReasonMissing => Failed::new(Exit::DATA, msg!("refused-reason-missing"))
            .hint(msg!("refused-reason-missing-hint")),
        Refusal::ReasonTooLong => Failed::new(Exit::DATA, msg!("refused-reason-too-long")),
        Refusal::BadWindow => Failed::new(Exit::DATA, msg!("refused-bad-window")),
        Refusal::BadPolicy => Failed::new(Exit::DATA, msg!("refused-bad-policy"))
            .hint(msg!("refused-bad-policy-hint")),
        Refusal::BadChoices => Failed::new(Exit::DATA, msg!("refused-bad-choices")),
        Refusal::BadPosition => Failed::new(Exit::DATA, msg!("refused-bad-position")),
        Refusal::TooSoon { days } => {
            Failed::new(Exit::TRY_LATER, msg!("refused-too-soon", count = days))
        }
        Refusal::NotSilent { days } => {
            Failed::new(Exit::REFUSED, msg!("refused-not-silent", count = days))
        }
        Refusal::OneADay => Failed::new(Exit::TRY_LATER, msg!("refused-one-a-day")),
        Refusal::NotHeard => Failed::new(Exit::REFUSED, msg!("refused-not-heard")),
        Refusal::NotMet { petname } => Failed::new(
            Exit::REFUSED,
            msg!("refused-not-met", name = crate::view::name(&petname)),
        )
        .hint(msg!("refused-not-met-hint")),
        Refusal::NotSplit => Failed::new(Exit::DATA, msg!("refused-not-split")),
        Refusal::NotJoined => Failed::new(Exit::TRY_LATER, msg!("refused-not-joined")),
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
