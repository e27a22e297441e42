//! From what the engine says to what travels on the local socket.

mod group;
mod meeting;
mod motion;
mod refusal;
mod why;

use kith_proto::engine as core;

use super::shape::{
    Asking, Computer, Contact, Delivery, EdgeName, Event, Friends, How, Introducer, Kept, Language,
    Nick, Open, Shell, Shown, ShownName, Status, Timer, Up, Who, utc,
};

impl From<core::Event> for Event {
    fn from(event: core::Event) -> Self {
        match event {
            core::Event::Message { seq, from, group } => Self::Message { seq, from, group },
            core::Event::Delivered { id, to } => Self::Delivered { id, to },
            core::Event::Online { petname } => Self::Online { petname },
            core::Event::Offline { petname } => Self::Offline { petname },
            core::Event::Paired { petname } => Self::Paired { petname },
            core::Event::Copied { petname } => Self::Copied { petname },
            core::Event::Expired { petname } => Self::Expired { petname },
            core::Event::RolledBack { petname, mine } => Self::RolledBack { petname, mine },
            core::Event::Renewed { petname } => Self::Renewed { petname },
            core::Event::Forked { petname } => Self::Forked { petname },
            core::Event::ToCheck { petname, words } => Self::ToCheck {
                petname,
                words: words.into_iter().map(str::to_owned).collect(),
            },
            core::Event::NewIdentity { petname } => Self::NewIdentity { petname },
            core::Event::FormerKnock { petname } => Self::FormerKnock { petname },
            core::Event::Identity { petname, mine } => Self::Identity { petname, mine },
            core::Event::Names { petname, ask } => Self::Names { petname, ask },
            core::Event::Waiting { id, by } => Self::Waiting { id, by },
            core::Event::BothAgreed { a, b } => Self::BothAgreed { a, b },
            core::Event::NoWayBetween { a, b } => Self::NoWayBetween { a, b },
            core::Event::IntroductionMisused { by } => Self::IntroductionMisused { by },
            core::Event::MailboxOffered { petname, kib } => Self::MailboxOffered { petname, kib },
            core::Event::MailboxAsked { id, petname, kib } => {
                Self::MailboxAsked { id, petname, kib }
            }
            core::Event::MailboxGranted { petname, kib } => Self::MailboxGranted { petname, kib },
            core::Event::MailboxEnded { petname } => Self::MailboxEnded { petname },
            core::Event::Kept {
                id,
                to,
                by,
                until_min,
            } => Self::Kept {
                id,
                to,
                by,
                until: utc(until_min),
            },
            core::Event::InboxFull { petname } => Self::InboxFull { petname },
            core::Event::NotArrived { id, to } => Self::NotArrived { id, to },
            core::Event::Timer { petname, timer } => Self::Timer {
                petname,
                timer: timer.into(),
            },
            core::Event::FriendFull { petname, full } => Self::FriendFull { petname, full },
            core::Event::File {
                id,
                petname,
                name,
                news,
            } => Self::File {
                id,
                petname,
                name,
                news: news.into(),
            },
            core::Event::Group { name, news } => Self::Group {
                name,
                news: news.into(),
            },
            core::Event::Meeting => Self::Meeting,
            core::Event::History => Self::History,
            core::Event::DiskFull { full } => Self::DiskFull { full },
        }
    }
}

impl From<core::Timer> for Timer {
    fn from(timer: core::Timer) -> Self {
        Self {
            mine_min: timer.mine_min,
            theirs_min: timer.theirs_min,
            agreed_min: timer.agreed_min,
        }
    }
}

impl From<core::Kept> for Kept {
    fn from(kept: core::Kept) -> Self {
        Self {
            friends: kept.friends,
            unread: kept.unread,
            history: kept.history,
            outbox: kept.outbox,
            files: kept.files,
            files_bytes: kept.files_bytes,
            oldest_min: kept.oldest_min,
            keep_min: kept.keep_min,
            kept_longer: kept.kept_longer,
            late_keys: kept.late_keys,
            post_min: kept.post_min,
            leap_min: kept.leap_min,
            full: kept.full,
        }
    }
}

impl From<core::How> for How {
    fn from(how: core::How) -> Self {
        match how {
            core::How::Invited => Self::Invited,
            core::How::Joining => Self::Joining,
            core::How::Met => Self::Met,
            core::How::Compared => Self::Compared,
            core::How::Introduced => Self::Introduced,
            core::How::Code => Self::Code,
            core::How::Copied => Self::Copied,
            core::How::Recheck => Self::Recheck,
            core::How::NewIdentity => Self::NewIdentity,
            core::How::Announced => Self::Announced,
            core::How::Former => Self::Former,
        }
    }
}

impl From<core::Delivery> for Delivery {
    fn from(state: core::Delivery) -> Self {
        match state {
            core::Delivery::Saved => Self::Saved,
            core::Delivery::Kept { .. } => Self::Kept,
            core::Delivery::Seen(_) => Self::Seen,
            core::Delivery::Delivered => Self::Delivered,
            core::Delivery::NotArrived => Self::NotArrived,
            core::Delivery::Unknown => Self::Unknown,
        }
    }
}

impl From<core::Contact> for Contact {
    fn from(contact: core::Contact) -> Self {
        Self {
            petname: contact.petname,
            nick: contact.nick.map(Nick),
            nick_looks_like: contact.nick_looks_like,
            state: contact.how.into(),
            online: contact.online,
            stopped: contact.stopped,
            silent: contact.silent,
            reported: contact.reported,
            session_words: contact
                .session_words
                .into_iter()
                .map(str::to_owned)
                .collect(),
            last_seen: (contact.last_seen_min > 0).then(|| utc(contact.last_seen_min)),
            since: utc(contact.since_min),
            expires: (contact.expires_min > 0).then(|| utc(contact.expires_min)),
            unread: contact.unread,
            outbox: contact.outbox,
            full: contact.full,
            keep_min: contact.keep_min,
            timer: contact.timer.into(),
            blocked: contact.blocked,
            muted: contact.muted,
            note: contact.note,
            met: (contact.met_min > 0).then(|| utc(contact.met_min)),
            compared: (contact.compared_min > 0).then(|| utc(contact.compared_min)),
            introduced_by: contact.introduced_by.into_iter().map(Into::into).collect(),
            outlook: contact.outlook.map(Into::into),
            computers: contact.computers.into_iter().map(Into::into).collect(),
            safety_words: contact
                .safety_words
                .into_iter()
                .map(str::to_owned)
                .collect(),
            language: contact.language.into(),
            reads: contact.reads,
        }
    }
}

impl From<core::Language> for Language {
    fn from(language: core::Language) -> Self {
        match language {
            core::Language::French => Self::French,
            core::Language::English => Self::English,
        }
    }
}

impl From<core::Computer> for Computer {
    fn from(computer: core::Computer) -> Self {
        Self {
            state: computer.how.into(),
            online: computer.online,
            last_seen: (computer.last_seen_min > 0).then(|| utc(computer.last_seen_min)),
            since: utc(computer.since_min),
            met: (computer.met_min > 0).then(|| utc(computer.met_min)),
            compared: (computer.compared_min > 0).then(|| utc(computer.compared_min)),
            introduced_by: computer.introduced_by.into_iter().map(Into::into).collect(),
            safety_words: computer
                .safety_words
                .into_iter()
                .map(str::to_owned)
                .collect(),
        }
    }
}

impl From<core::Introducer> for Introducer {
    fn from(introducer: core::Introducer) -> Self {
        Self {
            petname: introducer.petname,
            time: utc(introducer.minute),
            said: introducer.said,
        }
    }
}

impl From<Vec<core::ShownName>> for Shown {
    fn from(shown: Vec<core::ShownName>) -> Self {
        let shown = shown.into_iter().map(|one| ShownName {
            name: one.name,
            to: one.to,
            note: one.note,
            days: one.days,
        });
        Self {
            shown: shown.collect(),
        }
    }
}

impl From<core::Who> for Who {
    fn from(who: core::Who) -> Self {
        let names = who.names.into_iter().map(|one| EdgeName {
            who: one.who.into(),
            note: one.note,
            told: utc(one.told_min),
            until: utc(one.until_min),
            known: one.known,
        });
        Self {
            person: who.person.map(|person| (*person).into()),
            names: names.collect(),
            asking: match who.asking {
                core::Asking::No => Asking::No,
                core::Asking::UnderWay(ask) => Asking::UnderWay(ask),
                core::Asking::Away => Asking::Away,
                core::Asking::TooOften => Asking::TooOften,
            },
        }
    }
}

impl Status {
    /// The engine's answer, and what only the shell knows.
    pub fn new(status: &core::Status, shell: Shell) -> Self {
        let open = Open {
            friends: Friends {
                online: status.online,
                offline: status.offline,
            },
            pending: status.pending,
            outbox: status.outbox,
            unread: status.unread,
            history: status.history,
            keep_min: status.keep_min,
            full: status.full,
            to_check: status.to_check,
            waiting: status.waiting,
            addresses: status.addresses,
        };
        Self {
            state: Up::Up,
            locked: false,
            open: Some(open),
            shell,
        }
    }

    /// All that can be said of a locked node.
    pub fn locked(shell: Shell) -> Self {
        Self {
            state: Up::Up,
            locked: true,
            open: None,
            shell,
        }
    }
}
