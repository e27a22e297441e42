//! The tally of small groups, whose people are numbers from 1.

mod attacks;
mod gone;
mod model;
mod orders;
mod passing;
#[cfg(feature = "planted")]
mod planted;
mod settling;
mod voices;

use std::collections::BTreeMap;

use super::*;
use crate::group::{Preset, Seat, What};
use crate::kdf::{self, label};

fn ik(n: u8) -> Ik {
    [n; 32]
}

/// A group and all that was said in it, as somebody holds it who has everything.
#[derive(Clone)]
struct Room {
    ground: Ground,
    held: Held,
    /// Other names for all messages.
    salt: u8,
    numbers: BTreeMap<u8, u32>,
}

impl Room {
    /// People with these numbers, up to this one.
    fn of(members: u8) -> Self {
        Self::with_policy(members, Policy::default())
    }

    fn by(members: u8, preset: Preset) -> Self {
        let policy = Policy::default();
        Self::with_policy(members, Policy { preset, ..policy })
    }

    fn with_policy(members: u8, policy: Policy) -> Self {
        let seats = (1..=members).map(|n| Seat::of(Role::Member, ik(n)));
        Self::seated(seats.collect(), policy)
    }

    fn seated(seats: Vec<Seat>, policy: Policy) -> Self {
        Self {
            ground: Ground::new(Seats::new(seats).unwrap(), policy),
            held: Held::new(),
            salt: 0,
            numbers: BTreeMap::new(),
        }
    }

    fn tally(&self) -> Tally {
        Tally::of(&self.ground, &self.held)
    }

    fn hear(&mut self, author: u8, said: Counting) -> Hash {
        let number = self.numbers.entry(author).or_default();
        *number += 1;
        let number = *number;
        self.hear_at(author, number, said)
    }

    fn hear_at(&mut self, author: u8, number: u32, said: Counting) -> Hash {
        let told = format!("{said:?}");
        let fields: [&[u8]; 4] = [
            &[self.salt, author],
            &number.to_le_bytes(),
            &[],
            told.as_bytes(),
        ];
        let name = kdf::digest(label::GROUP_MESSAGE, &fields);
        let counted = Counted {
            author: ik(author),
            incarnation: 0,
            number,
            said,
        };
        self.held.insert(name, counted);
        name
    }

    /// On what is decided so far.
    fn propose(&mut self, author: u8, what: What) -> Hash {
        let tally = self.tally();
        self.propose_on(author, what, tally.base, tally.frontier)
    }

    fn propose_on(&mut self, author: u8, what: What, base: Hash, rests_on: Vec<Hash>) -> Hash {
        let motion = Motion {
            base,
            rests_on,
            what,
            hours: 0,
            text: String::new(),
        };
        self.hear(author, Counting::Motion(motion))
    }

    fn say(&mut self, author: u8, motion: Hash, position: Position) -> Hash {
        self.hear(author, Counting::Say { motion, position })
    }

    fn close(&mut self, author: u8, motion: Hash) -> Hash {
        self.hear(author, Counting::Close(motion))
    }

    /// They agree, and that is their last word.
    fn yes(&mut self, authors: impl IntoIterator<Item = u8>, motion: Hash) {
        for author in authors {
            self.say(author, motion, Position::Agree);
            self.close(author, motion);
        }
    }

    /// Proposed by the first of them, and agreed to by all.
    fn decide(&mut self, authors: impl IntoIterator<Item = u8>, what: What) -> Hash {
        let mut authors = authors.into_iter().peekable();
        let motion = self.propose(*authors.peek().unwrap(), what);
        self.yes(authors, motion);
        motion
    }

    fn passed(&self, motion: Hash) -> bool {
        self.outcome(motion) == Outcome::Passed
    }

    fn outcome(&self, motion: Hash) -> Outcome {
        self.standing(motion).outcome
    }

    fn standing(&self, motion: Hash) -> Standing {
        self.tally().results[&motion].clone()
    }

    fn holds(&self, person: u8) -> bool {
        self.tally().seats.seat_of(&ik(person)).is_some()
    }

    fn role(&self, person: u8) -> Option<Role> {
        Some(self.tally().seats.seat_of(&ik(person))?.role)
    }
}
