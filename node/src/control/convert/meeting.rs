//! How a meeting stands, from the engine's words to those of the local socket.

use kith_proto::engine as core;

use crate::control::shape::{End, Meeting, Nick, Person, Stage, Standing};
use crate::net::socket_address;

impl Meeting {
    /// The engine's view of it. Nothing if a nickname cannot be shown, which none of its own is.
    pub fn of(meeting: core::Meeting) -> Option<Self> {
        let addrs = meeting.addrs.into_iter().filter_map(socket_address);
        let people = meeting.people.into_iter().map(person);
        Some(Self {
            mine: meeting.mine,
            addrs: addrs.collect(),
            secret: owned(meeting.secret),
            nick: nick(&meeting.nick)?,
            people: people.collect::<Option<_>>()?,
            again: meeting.again,
            stage: stage(meeting.stage)?,
        })
    }
}

fn owned(words: Vec<&'static str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

fn nick(nick: &str) -> Option<Nick> {
    kith_proto::name::Nick::of(nick).map(Nick)
}

fn person(person: core::Person) -> Option<Person> {
    Some(Person {
        who: person.who,
        nick: nick(&person.nick)?,
        petname: person.petname,
        standing: match person.standing {
            core::Standing::There => Standing::There,
            core::Standing::Same => Standing::Same,
            core::Standing::Chosen => Standing::Chosen,
            core::Standing::Waiting => Standing::Waiting,
            core::Standing::Met => Standing::Met,
            core::Standing::NotKept => Standing::NotKept,
            core::Standing::Declined => Standing::Declined,
            core::Standing::OneSided => Standing::OneSided,
            core::Standing::Gone => Standing::Gone,
        },
    })
}

fn stage(stage: core::Stage) -> Option<Stage> {
    Some(match stage {
        core::Stage::Opening => Stage::Opening,
        core::Stage::Gathering { counted } => Stage::Gathering { counted },
        core::Stage::Agreeing => Stage::Agreeing,
        core::Stage::Listening { lines } => Stage::Listening {
            lines: lines.into_iter().map(owned).collect(),
        },
        core::Stage::Ticking { words } => Stage::Ticking {
            words: owned(words),
        },
        core::Stage::Naming => Stage::Naming,
        core::Stage::Over(end) => Stage::Over { end: over(end)? },
    })
}

fn over(end: core::End) -> Option<End> {
    Some(match end {
        core::End::Done => End::Done,
        core::End::Left => End::Left,
        core::End::NoAnswer => End::NoAnswer,
        core::End::NotOpened => End::NotOpened,
        core::End::NickTaken => End::NickTaken,
        core::End::Full => End::Full,
        core::End::Begun => End::Begun,
        core::End::HostGone => End::HostGone,
        core::End::CountDiffers { counted, there } => End::CountDiffers { counted, there },
        core::End::Alike { nick: alike } => End::Alike {
            nick: nick(&alike)?,
        },
        core::End::Broken => End::Broken,
        core::End::NotSame => End::NotSame,
        core::End::ChangePlace => End::ChangePlace,
        core::End::Late => End::Late,
    })
}
