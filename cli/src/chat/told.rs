//! What happened, as one sentence on the screen.

use kith_node::control::shape::{Event, FileNews};

use super::group;
use crate::view::{name, size};
use crate::words::{Msg, Words, msg};

/// Of a message, it is that somebody read it before us: otherwise the words themselves are shown.
pub(crate) fn sentence(words: &Words, event: &Event) -> Msg {
    match event {
        Event::Message { from, .. } => msg!("state-read-elsewhere", name = name(from)),
        Event::Delivered { to, .. } => msg!("state-delivered", name = name(to)),
        Event::NotArrived { to, .. } => msg!("state-not-arrived", name = name(to)),
        Event::Online { petname } => msg!("state-online", name = name(petname)),
        Event::Offline { petname } => msg!("state-offline", name = name(petname)),
        Event::Paired { petname } => msg!("state-paired", name = name(petname)),
        Event::Copied { petname } => msg!("state-copied", name = name(petname)),
        Event::Expired { petname } => msg!("state-expired", name = name(petname)),
        Event::RolledBack { mine: true, .. } => msg!("state-rolled-back-mine"),
        Event::RolledBack { petname, .. } => msg!("state-rolled-back", name = name(petname)),
        Event::Renewed { petname } => msg!("state-renewed", name = name(petname)),
        Event::Forked { petname } => msg!("state-forked", name = name(petname)),
        Event::ToCheck { petname, words } => {
            let words = words.join(" ");
            msg!("state-to-check", name = name(petname), words = words)
        }
        Event::NewIdentity { petname } => msg!("state-new-identity", name = name(petname)),
        Event::FormerKnock { petname } => msg!("state-former-knock", name = name(petname)),
        Event::Identity {
            petname,
            mine: true,
        } => msg!("state-identity-mine", name = name(petname)),
        Event::Identity { petname, .. } => msg!("state-identity-theirs", name = name(petname)),
        Event::Names { petname, .. } => msg!("state-names", name = name(petname)),
        Event::Waiting { by, .. } => msg!("state-waiting", name = name(by)),
        Event::BothAgreed { a, b } => msg!("state-both-agreed", one = name(a), other = name(b)),
        Event::NoWayBetween { a, b } => msg!("state-no-way", one = name(a), other = name(b)),
        Event::IntroductionMisused { by } => msg!("state-misused", name = name(by)),
        Event::MailboxOffered { petname, kib } => {
            let size = size(u64::from(*kib) * 1024);
            msg!("state-mailbox-offered", name = name(petname), size = size)
        }
        Event::MailboxAsked { petname, kib, .. } => {
            let size = size(u64::from(*kib) * 1024);
            msg!("state-mailbox-asked", name = name(petname), size = size)
        }
        Event::MailboxGranted { petname, kib } => {
            let size = size(u64::from(*kib) * 1024);
            msg!("state-mailbox-granted", name = name(petname), size = size)
        }
        Event::MailboxEnded { petname } => msg!("state-mailbox-ended", name = name(petname)),
        Event::Kept {
            to, by: Some(by), ..
        } => msg!("state-kept", name = name(to), keeper = name(by)),
        Event::Kept { to, .. } => msg!("state-kept-by-friend", name = name(to)),
        Event::InboxFull { petname } => msg!("state-inbox-full", name = name(petname)),
        Event::Timer { petname, .. } => msg!("state-timer", name = name(petname)),
        Event::FriendFull {
            petname,
            full: true,
        } => msg!("state-friend-full", name = name(petname)),
        Event::FriendFull { petname, .. } => msg!("state-friend-has-room", name = name(petname)),
        Event::File {
            petname,
            name: file,
            news,
            ..
        } => of_file(name(petname), name(file), *news),
        Event::Group { name, news } => group::news(words, name, news),
        Event::Meeting => msg!("state-meeting"),
        Event::History => msg!("state-history"),
        Event::DiskFull { full: true } => msg!("state-disk-full"),
        Event::DiskFull { full: false } => msg!("state-disk-has-room"),
        Event::Locked => msg!("state-locked"),
        Event::Unlocked => msg!("state-unlocked"),
    }
}

fn of_file(name: String, file: String, news: FileNews) -> Msg {
    match news {
        FileNews::Offered => msg!("state-file-offered", name = name, file = file),
        FileNews::Taken => msg!("state-file-taken", name = name, file = file),
        FileNews::Moved { .. } => msg!("state-file-moves", file = file),
        FileNews::Whole => msg!("state-file-whole", name = name, file = file),
        FileNews::Arrived => msg!("state-file-arrived", name = name, file = file),
        FileNews::Refused => msg!("state-file-refused", name = name, file = file),
        FileNews::Withdrawn => msg!("state-file-withdrawn", name = name, file = file),
        FileNews::Broken => msg!("state-file-broken", name = name, file = file),
        FileNews::Ended => msg!("state-file-ended", file = file),
    }
}

#[cfg(test)]
mod tests {
    use kith_node::control::shape::Language;

    use super::*;

    #[test]
    fn what_did_not_arrive_in_time_is_said_in_a_sentence() {
        let to = "zoé".to_owned();
        let event = Event::NotArrived { id: 7, to };
        let said = |language| {
            let words = Words::new(language);
            words.say(&sentence(&words, &event))
        };
        let english = "a message did not reach zoé in time, and was given up";
        assert_eq!(said(Language::English), english);
        let french = "un message n'est pas arrivé à temps chez zoé, et ne partira plus";
        assert_eq!(said(Language::French), french);
    }
}
