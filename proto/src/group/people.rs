//! What I know of each computer of the group from what came of it, and since when I send to it: heard
//! when, which set of people it shows, what it told of others' chains. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::tally::Outcome;
use super::{Circle, Digest, Hash, Ik};

/// The time, as the engine tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct When {
    /// Minutes of the node's own age: what everything is counted in.
    pub age: u32,
    /// Minutes since 1970: shown and sent, never counted.
    pub minute: u32,
}

/// What somebody told of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Mark {
    pub incarnation: u16,
    pub number: u32,
    pub head: Hash,
}

/// The set of people that somebody shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Shown {
    pub view: Hash,
    /// Since when they show another than mine, all the time; none if it is mine.
    pub other_since: Option<When>,
    /// When they last showed it, in my age.
    pub last: u32,
}

/// How a motion stands for somebody, where that is otherwise than for me.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Otherwise {
    pub outcome: Outcome,
    /// Since when they tell another result than mine, all the time.
    pub since: When,
    /// When they last did, in my age.
    pub last: u32,
}

/// One computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Person {
    /// By what its record is called.
    pub no: u32,
    /// When something of theirs last came.
    pub heard: Option<When>,
    /// Since when they are in the role they are in, in my age.
    pub since: u32,
    /// Since when they are suspended.
    pub suspended: Option<u32>,
    pub shown: Option<Shown>,
    /// Of my own chain in each circle, the life and number with which I began to send to them.
    pub sent_from: [Option<(u16, u32)>; 2],
    /// Of their chain in each circle, the life and number with which they began to send to me, as they told.
    pub begun: [Option<(u16, u32)>; 2],
    /// With which of my messages to members they began to be one, suspended or not: of what decides
    /// something they know all since then.
    pub counted_from: Option<(u16, u32)>,
    /// When I last sent them how the group stands, in my age, and the name of what I told.
    pub told_set: Option<(u32, Hash)>,
    /// What of my chain in each circle they were sent again, by its life: when, and from which number to
    /// which.
    pub sent_again: [BTreeMap<u16, (u32, u32, u32)>; 2],
    /// When I last asked them for a chain of each circle of which I hold nothing.
    pub asked: [Option<u32>; 2],
    /// Who said that their machine is in other hands.
    pub reported: Option<Ik>,
    /// What they told of others' chains, of each the furthest.
    pub marks: BTreeMap<(Ik, Circle), Mark>,
    /// What they told in a set that I do not know; the last they told so.
    pub unread: Option<(Hash, Vec<Digest>)>,
    /// Motions that stand otherwise for them than for me, as they told.
    pub otherwise: BTreeMap<Hash, Otherwise>,
}

/// Everybody of whom something is known.
#[derive(Default)]
pub(crate) struct People {
    all: BTreeMap<Ik, Person>,
    next_no: u32,
    changed: BTreeSet<u32>,
}

impl Circle {
    /// Where its marks stand.
    pub(super) fn place(self) -> usize {
        usize::from(self == Self::All)
    }
}

impl People {
    /// As they were stored.
    pub(crate) fn restore(all: BTreeMap<Ik, Person>) -> Self {
        let last = all.values().map(|person| person.no).max();
        Self {
            all,
            next_no: last.map_or(0, |no| no.saturating_add(1)),
            changed: BTreeSet::new(),
        }
    }

    pub(crate) fn get(&self, computer: &Ik) -> Option<&Person> {
        self.all.get(computer)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Ik, &Person)> {
        self.all.iter()
    }

    /// To change them; somebody of whom nothing is known yet begins here. Marks them.
    pub(crate) fn get_mut(&mut self, computer: &Ik) -> &mut Person {
        let next_no = &mut self.next_no;
        let person = self.all.entry(*computer).or_insert_with(|| {
            let no = *next_no;
            *next_no = no.saturating_add(1);
            Person {
                no,
                ..Person::default()
            }
        });
        self.changed.insert(person.no);
        person
    }

    /// Changes all of them. Marks them.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Ik, &mut Person)> {
        self.changed
            .extend(self.all.values().map(|person| person.no));
        self.all.iter_mut()
    }

    /// Forgets all who are not among these.
    pub(crate) fn keep_only(&mut self, those: &BTreeSet<Ik>) {
        let gone = self
            .all
            .iter()
            .filter(|(computer, _)| !those.contains(*computer));
        self.changed.extend(gone.map(|(_, person)| person.no));
        self.all.retain(|computer, _| those.contains(computer));
        for person in self.all.values_mut() {
            let before = person.marks.len();
            person.marks.retain(|(author, _), _| those.contains(author));
            if person.marks.len() != before {
                self.changed.insert(person.no);
            }
        }
    }

    /// When one of these was last heard; nothing if none ever was.
    pub(crate) fn heard(&self, computers: &[Ik]) -> Option<When> {
        let heard = computers.iter().filter_map(|it| self.all.get(it)?.heard);
        heard.max_by_key(|when| when.age)
    }

    /// Whose record has this number.
    pub(crate) fn by_no(&self, no: u32) -> Option<(&Ik, &Person)> {
        self.all.iter().find(|(_, person)| person.no == no)
    }

    /// The records that changed since this was last asked.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<u32> {
        core::mem::take(&mut self.changed)
    }
}
