//! Guests with people behind them, a host, and somebody on the way who may change all that is said.

use std::collections::VecDeque;

use super::*;
use crate::link::ConnId;
use crate::meeting::guest::Unfit;

/// Numbers from a seed.
pub(super) struct Chance(Entropy);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(entropy("chance", seed))
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (u64::from_le_bytes(self.0.bytes()) % end as u64) as usize
    }
}

pub(super) struct Person {
    pub(super) me: Identity,
    pub(super) nick: String,
    pub(super) guest: Guest,
    /// Why their machine went no further.
    pub(super) out: Option<Unfit>,
    /// Whether they sit here and mean well; the others speak when they should not.
    pub(super) honest: bool,
}

/// Changes what is said: to the host or from it, by or to whom.
pub(super) type Mangle<'a> = Box<dyn FnMut(bool, usize, Frame) -> Vec<Frame> + 'a>;

pub(super) struct Table<'a> {
    pub(super) people: Vec<Person>,
    pub(super) host: Host,
    queue: VecDeque<(usize, Frame)>,
    entropy: Entropy,
    pub(super) mangle: Mangle<'a>,
}

fn seat(at: usize) -> Option<ConnId> {
    Some(ConnId(at as u64))
}

const NICKS: [&str; 12] = [
    "anne", "zoé", "bob", "camille", "driss", "emma", "farid", "gilles", "hana", "ivo", "jeanne",
    "karim",
];

impl<'a> Table<'a> {
    pub(super) fn of(count: usize, seed: u64, mangle: Mangle<'a>) -> Self {
        let mut entropy = entropy("table", seed);
        let (host, _) = Host::new(Language::French, &mut entropy);
        let person = |at: usize| {
            let me = identity(seed << 8 | at as u64);
            let nick = NICKS
                .get(at)
                .map_or_else(|| format!("n{at}"), |nick| (*nick).to_owned());
            let guest = Guest::new(*me.point(), nick.clone(), Key::fill(|_| ()), 0);
            let (out, honest) = (None, true);
            Person {
                me,
                nick,
                guest,
                out,
                honest,
            }
        };
        Self {
            people: (0..count).map(person).collect(),
            host,
            queue: VecDeque::new(),
            entropy,
            mangle,
        }
    }

    pub(super) fn everybody_comes(&mut self) {
        for at in 0..self.people.len() {
            let passed = self.host.greet(seat(at));
            self.pass(passed);
            self.run();
        }
    }

    fn pass(&mut self, passed: Passed) {
        for (to, frame) in passed {
            let Some(to) = to.map(|conn| conn.0 as usize) else {
                continue;
            };
            let frames = (self.mangle)(false, to, frame);
            self.queue
                .extend(frames.into_iter().map(|frame| (to, frame)));
        }
    }

    fn say(&mut self, by: usize, said: Vec<Frame>) {
        for frame in said {
            for frame in (self.mangle)(true, by, frame) {
                match self.host.hear(seat(by), frame) {
                    Some(passed) => self.pass(passed),
                    None => self.leaves(by),
                }
            }
        }
    }

    /// A connection ends.
    pub(super) fn leaves(&mut self, at: usize) {
        let passed = self.host.gone(seat(at), &mut self.entropy);
        self.pass(passed);
    }

    pub(super) fn run(&mut self) {
        while let Some((to, frame)) = self.queue.pop_front() {
            let person = &mut self.people[to];
            if person.out.is_some() {
                continue;
            }
            match person.guest.hear(frame, &person.me, &mut self.entropy) {
                Ok(said) => self.say(to, said),
                Err(why) => {
                    person.out = Some(why);
                    self.leaves(to);
                }
            }
        }
    }

    /// Everybody types the number of people.
    pub(super) fn everybody_counts(&mut self, count: u8) {
        for at in 0..self.people.len() {
            if self.people[at].out.is_some() || self.people[at].guest.gathers().is_none() {
                continue;
            }
            match self.people[at].guest.count(count) {
                Ok(said) => self.say(at, said),
                Err(why) => {
                    self.people[at].out = Some(why);
                    self.leaves(at);
                }
            }
            self.run();
        }
        let passed = self.host.count(count);
        self.pass(passed);
        self.run();
    }

    pub(super) fn words(&self, at: usize) -> Option<Vec<&'static str>> {
        let person = &self.people[at];
        let agreed = person.guest.agreed().filter(|_| person.out.is_none());
        agreed.map(|agreed| agreed.words())
    }

    /// The first person reads; who has the same words says their nickname and "same". Whoever heard the
    /// voice of everybody in their list, each with their own nickname, goes on.
    pub(super) fn people_compare(&mut self) {
        let read = self.words(0);
        let mut voices = Vec::new();
        for (at, person) in self.people.iter().enumerate() {
            if !person.honest || (read.is_some() && self.words(at) == read) {
                voices.push(person.nick.clone());
            }
        }
        for at in 0..self.people.len() {
            if self.words(at).is_none() || self.words(at) != read {
                continue;
            }
            let person = &mut self.people[at];
            let others = person.guest.others();
            if !others.iter().all(|(_, nick, _)| voices.contains(nick)) {
                continue;
            }
            let agreed = person.guest.agreed_mut().unwrap();
            let said = agreed.heard_all(&person.me, &mut self.entropy);
            self.say(at, said);
            self.run();
        }
    }

    /// Everybody keeps everybody.
    pub(super) fn everybody_keeps(&mut self) {
        let keep = Keep {
            choice: KeepChoice::Keep,
            addrs: Vec::new(),
        };
        for at in 0..self.people.len() {
            for (who, ..) in self.people[at].guest.others() {
                let agreed = self.people[at].guest.agreed_mut();
                let said = agreed.and_then(|agreed| agreed.say(who, &keep));
                self.say(at, said.into_iter().collect());
                self.run();
            }
        }
    }

    pub(super) fn all(&mut self) {
        let count = self.people.len() as u8;
        self.everybody_comes();
        self.everybody_counts(count);
        self.people_compare();
        self.everybody_keeps();
    }

    /// The same, where one of them gets no seat and nobody counts their machine.
    pub(super) fn all_but_one(&mut self) {
        let count = self.people.len() as u8;
        self.everybody_comes();
        self.everybody_counts(count - 1);
        self.people_compare();
        self.everybody_keeps();
    }

    /// How many edges there are: pairs of which both, or one alone, have one that could be stored.
    pub(super) fn edges(&self) -> usize {
        let of = |at: usize| self.edges_of(at).len();
        (0..self.people.len()).map(of).sum()
    }

    fn edges_of(&self, at: usize) -> Vec<(u8, String, crate::identity::Point)> {
        let person = &self.people[at];
        let Some(agreed) = person.guest.agreed() else {
            return Vec::new();
        };
        let others = person.guest.others().into_iter();
        others
            .filter(|(who, ..)| agreed.pairing(*who).is_some())
            .collect()
    }

    /// Whoever means well and holds an edge with somebody of a nickname holds it with the one who sits
    /// here under it: with their key, and they the same secret.
    pub(super) fn assert_no_wrong_key(&self, what: &str) {
        for (at, person) in self.people.iter().enumerate().filter(|(_, it)| it.honest) {
            for (who, nick, point) in self.edges_of(at) {
                let other = self.people.iter().position(|other| other.nick == nick);
                let other = other.unwrap_or_else(|| panic!("{what}: {at} knows a {nick}"));
                if !self.people[other].honest {
                    continue;
                }
                assert!(
                    point == *self.people[other].me.point(),
                    "{what}: {at} takes another key for that of {other}"
                );
                let root = &person.guest.agreed().unwrap().pairing(who).unwrap().root;
                let back = self.edges_of(other).into_iter();
                let back: Vec<_> = back
                    .filter(|(.., point)| point == person.me.point())
                    .collect();
                for (who, ..) in back {
                    let agreed = self.people[other].guest.agreed().unwrap();
                    let theirs = &agreed.pairing(who).unwrap().root;
                    assert!(
                        root.same(theirs),
                        "{what}: {at} and {other} hold other secrets"
                    );
                }
            }
        }
    }
}
