//! The world: nodes, and between each two of them a session that delays, loses, doubles and shuffles
//! what is sent, and holds it while the network is split. Every number comes from the seed.

use std::collections::{BTreeMap, BTreeSet};

use super::chance::Chance;
use super::liar::Liar;
use super::node::{Node, Step};
use super::watch::Watch;
use crate::group::machine::{News, Out, Word, founded};
use crate::group::{
    Circle, Founding, Genesis, Hash, Ik, Policy, Position, Preset, Role, Seat, Seats, What, charter,
};

pub(super) const HOUR: u32 = 60;
pub(super) const DAY: u32 = 24 * HOUR;

/// Something on its way.
struct Flight {
    from: Ik,
    to: Ik,
    payload: Vec<u8>,
}

/// A time in which two sides do not hear each other.
struct Split {
    side: BTreeSet<Ik>,
    from: u32,
    until: u32,
}

pub(super) struct World {
    pub chance: Chance,
    pub minute: u32,
    pub nodes: BTreeMap<Ik, Node>,
    pub founders: BTreeSet<Ik>,
    /// Two who are in it and have no edge.
    pub strangers: Option<(Ik, Ik)>,
    pub watch: Watch,
    pub liar: Option<Liar>,
    flights: BTreeMap<(u32, u64), Flight>,
    sent: u64,
    splits: Vec<Split>,
    /// When each node's machine wants to be woken.
    wakes: BTreeMap<Ik, u32>,
    /// Whether nothing is lost any more, and nobody falls.
    pub calm: bool,
}

/// Somebody's computer.
pub(super) fn computer(chance: &mut Chance, number: u8) -> Ik {
    let mut ik = [number; 32];
    ik[..16].copy_from_slice(&chance.hash());
    ik
}

/// How a group begins.
pub(super) fn genesis(seats: Seats, policy: Policy, random: u8) -> Genesis {
    let mut founders: Vec<Ik> = seats.computers().copied().collect();
    founders.sort_unstable();
    let founding = Founding {
        random: [random; 32],
        name: "atelier".to_owned(),
        charter: charter("On se parle."),
        policy,
        founders,
        parent: None,
    };
    founded(founding, "On se parle.".to_owned(), seats)
}

impl World {
    /// So many founders, each with one computer, and so many others.
    pub(super) fn new(seed: u64, founders: usize, others: usize, policy: Policy) -> Self {
        let mut chance = Chance::new(seed);
        let all: Vec<Ik> = (0..founders + others)
            .map(|it| computer(&mut chance, it as u8))
            .collect();
        let (first, _) = all.split_at(founders);
        let seats = first.iter().map(|it| Seat::of(Role::Member, *it)).collect();
        let genesis = genesis(Seats::new(seats).expect("seats"), policy, seed as u8);
        let mut nodes = BTreeMap::new();
        for ik in &all {
            let mut node = Node::new(*ik, chance.minutes(0, 90 * DAY));
            if first.contains(ik) {
                node.begin(genesis.clone(), 0);
                node.commit();
            }
            nodes.insert(*ik, node);
        }
        Self {
            chance,
            minute: 0,
            nodes,
            founders: first.iter().copied().collect(),
            strangers: None,
            watch: Watch::default(),
            liar: None,
            flights: BTreeMap::new(),
            sent: 0,
            splits: Vec::new(),
            wakes: first.iter().map(|it| (*it, 0)).collect(),
            calm: false,
        }
    }

    pub(super) fn all(&self) -> Vec<Ik> {
        self.nodes.keys().copied().collect()
    }

    pub(super) fn node(&mut self, ik: &Ik) -> &mut Node {
        self.nodes.get_mut(ik).expect("a node")
    }

    /// Honest nodes that take part.
    pub(super) fn honest(&self) -> Vec<Ik> {
        let those = self
            .nodes
            .values()
            .filter(|node| !node.lies && node.is_in());
        those.map(|node| node.me).collect()
    }

    pub(super) fn split(&mut self, side: BTreeSet<Ik>, minutes: u32) {
        let (from, until) = (self.minute, self.minute + minutes);
        self.splits.push(Split { side, from, until });
    }

    pub(super) fn heal(&mut self) {
        self.calm = true;
        self.splits.clear();
        let late = core::mem::take(&mut self.flights);
        for (_, flight) in late {
            self.launch(flight, 1, 3 * HOUR);
        }
    }

    fn launch(&mut self, flight: Flight, low: u32, high: u32) {
        let at = self.minute + self.chance.minutes(low, high);
        self.sent += 1;
        self.flights.insert((at, self.sent), flight);
    }

    fn apart(&self, one: &Ik, other: &Ik) -> bool {
        let pair = [(*one, *other), (*other, *one)];
        self.strangers
            .is_some_and(|strangers| pair.contains(&strangers))
    }

    /// Into somebody's session with somebody: once, twice, late, or not at all.
    pub(super) fn send(&mut self, from: Ik, to: Ik, payload: Vec<u8>) {
        if self.apart(&from, &to) || !self.nodes.contains_key(&to) {
            return;
        }
        if !self.calm && self.chance.one_in(60) {
            return;
        }
        let cut = self.splits.iter().filter(|split| {
            let now = (split.from..split.until).contains(&self.minute);
            now && split.side.contains(&from) != split.side.contains(&to)
        });
        let held = cut.map(|split| split.until).max().unwrap_or(self.minute) - self.minute;
        let late = if !self.calm && self.chance.one_in(20) {
            20 * HOUR
        } else {
            40
        };
        if !self.calm && self.chance.one_in(30) {
            let payload = payload.clone();
            self.launch(Flight { from, to, payload }, held + 1, held + DAY);
        }
        self.launch(Flight { from, to, payload }, held + 1, held + late);
    }

    fn send_out(&mut self, from: Ik, out: &Out) {
        let node = &self.nodes[&from];
        self.watch.sent(node, out, self.minute);
        for to in &out.to {
            self.send(from, *to, out.payload.to_vec());
        }
    }

    /// What a node did is on its disk; then it leaves.
    fn after(&mut self, ik: Ik, step: Step) {
        self.node(&ik).commit();
        if self.chance.one_in(200) {
            self.nodes[&ik].check_disk();
        }
        self.wake(ik);
        if self.nodes[&ik].lies {
            return;
        }
        step.outs.iter().for_each(|out| self.send_out(ik, out));
        for news in &step.news {
            self.resend(ik, news);
        }
        self.watch.news(&self.nodes[&ik], &step.news, self.minute);
    }

    pub(super) fn wake(&mut self, ik: Ik) {
        let node = &self.nodes[&ik];
        let next = node
            .group
            .as_ref()
            .map_or(u32::MAX, |group| group.next_age());
        let at = next.saturating_sub(node.older).max(self.minute + 1);
        self.wakes.insert(ik, at);
    }

    fn resend(&mut self, from: Ik, news: &News) {
        let News::Resend {
            to,
            circle,
            incarnation,
            first,
            last,
        } = news
        else {
            return;
        };
        let range = (*circle, *incarnation, *first)..=(*circle, *incarnation, *last);
        let kept = self.nodes[&from].kept.range(range);
        let kept: Vec<_> = kept.map(|(_, kept)| kept.clone()).collect();
        for kept in kept {
            self.watch.resent(&self.nodes[&from], to, &kept);
            self.send(from, *to, kept.payload);
        }
    }

    /// A person says something; they are told no, or it leaves.
    pub(super) fn say(&mut self, ik: Ik, word: Word<'_>) -> bool {
        let minute = self.minute;
        let node = self.nodes.get_mut(&ik).expect("a node");
        let Ok(step) = node.say(word, minute, &mut self.chance) else {
            return false;
        };
        if !self.calm && self.chance.one_in(40) {
            self.node(&ik).crash();
            self.wake(ik);
            return false;
        }
        self.after(ik, step);
        true
    }

    fn tick(&mut self, ik: Ik) {
        let minute = self.minute;
        let node = self.nodes.get_mut(&ik).expect("a node");
        if minute < node.down_until {
            self.wakes.insert(ik, node.down_until);
            return;
        }
        let step = node.tick(minute, &mut self.chance);
        if !self.calm && self.chance.one_in(40) {
            self.node(&ik).crash();
            self.wakes.insert(ik, minute + 1);
            return;
        }
        self.after(ik, step);
    }

    fn arrive(&mut self, flight: Flight) {
        let (minute, to) = (self.minute, flight.to);
        let node = self.nodes.get_mut(&to).expect("a node");
        if minute < node.down_until {
            let wait = node.down_until - minute;
            self.launch(flight, wait + 1, wait + HOUR);
            return;
        }
        if node.group.is_none() {
            self.begin_with(flight);
            return;
        }
        let step = node.take(flight.from, &flight.payload, minute);
        let lies = self.nodes[&flight.from].lies;
        assert!(
            step.is_some() || lies,
            "an honest node's payload is malformed: {:?}",
            crate::group::decode(&flight.payload)
        );
        if !self.calm && self.chance.one_in(80) {
            self.node(&to).crash();
            self.wake(to);
            self.launch(flight, 1, HOUR);
            return;
        }
        let news = step.map_or(Vec::new(), |step| step.news);
        self.after(
            to,
            Step {
                outs: Vec::new(),
                news,
            },
        );
    }

    /// Who has no group hears only of how one is; they join at once.
    fn begin_with(&mut self, flight: Flight) {
        let minute = self.minute;
        let Ok((_, message)) = crate::group::decode(&flight.payload) else {
            return;
        };
        let crate::group::Message::Genesis(genesis) = message else {
            return;
        };
        let node = self.node(&flight.to);
        if genesis.seats.seat_of(&node.me).is_none() || self.nodes[&flight.from].lies {
            return;
        }
        let node = self.node(&flight.to);
        let yours = genesis.yours;
        node.begin(*genesis, minute);
        if let Some(group) = node.group.as_mut() {
            group.note_begun(flight.from, yours);
        }
        node.commit();
        self.watch.began_late(&flight.to);
        self.wake(flight.to);
    }

    /// Lets time go by.
    pub(super) fn run(&mut self, minutes: u32) {
        let until = self.minute + minutes;
        loop {
            let flight = self.flights.first_key_value().map(|(at, _)| *at);
            let wake = self.wakes.iter().map(|(ik, at)| (*at, *ik)).min();
            let next = match (flight, wake) {
                (Some((at, _)), Some((other, _))) => at.min(other),
                (Some((at, _)), None) | (None, Some((at, _))) => at,
                (None, None) => until,
            };
            if next >= until {
                break;
            }
            self.minute = self.minute.max(next);
            match flight {
                Some(key) if key.0 == next => {
                    let flight = self.flights.remove(&key).expect("a flight");
                    self.arrive(flight);
                }
                _ => self.tick(wake.expect("somebody wakes").1),
            }
        }
        self.minute = until;
    }

    /// Notes how motions stand for each.
    pub(super) fn remember_results(&mut self) {
        let with_group = self.nodes.values().filter(|node| node.group.is_some());
        let stood = with_group.map(|node| {
            let results = &node.group().tally().results;
            let stood = results.iter().map(|(name, it)| (*name, it.outcome));
            (node.me, stood.collect())
        });
        self.watch.stood = stood.collect();
    }

    /// What somebody does on a day: talks, answers, proposes.
    pub(super) fn act(&mut self, ik: Ik) {
        if self.minute < self.nodes[&ik].down_until || !self.nodes[&ik].is_in() {
            return;
        }
        self.answer(ik);
        match self.chance.below(12) {
            0..=5 => {
                let circle = if self.chance.one_in(4) {
                    Circle::All
                } else {
                    Circle::Members
                };
                let (keep, text) = (0, "bonjour");
                self.say(ik, Word::Text { circle, keep, text });
            }
            6..=7 => {
                let what = self.proposal(ik);
                if let Some(what) = what {
                    let hours = [0, 0, 1, 30][self.chance.below(4)];
                    self.say(
                        ik,
                        Word::Motion {
                            what,
                            hours,
                            text: "",
                        },
                    );
                }
            }
            8 => {
                let target = self.somebody(ik, |_| true);
                if self.chance.one_in(4)
                    && let Some(target) = target
                {
                    self.say(
                        ik,
                        Word::Report {
                            target,
                            text: "saisie",
                        },
                    );
                }
            }
            9 if self.chance.one_in(25) => drop(self.say(ik, Word::Leave)),
            10 if self.chance.one_in(3) => {
                let until = self.minute + self.chance.minutes(HOUR, 9 * DAY);
                self.node(&ik).down_until = until;
            }
            _ => {}
        }
    }

    /// Answers some of what waits for an answer.
    pub(super) fn answer(&mut self, ik: Ik) {
        let motions = self.nodes[&ik].group().motions();
        let open = motions
            .into_iter()
            .filter(|(_, it)| it.open_to_me && it.mine.is_none());
        let open: Vec<_> = open
            .map(|(_, it)| (it.name, it.motion.what.clone()))
            .collect();
        for (motion, what) in open {
            if self.chance.one_in(3) {
                continue;
            }
            let position = match (&what, self.chance.below(20)) {
                (What::Poll { choices }, _) => {
                    Position::Choice(self.chance.below(choices.len()) as u8)
                }
                (_, 0) => Position::Object,
                (_, 1) => Position::Ask,
                (_, 2) => Position::Abstain,
                _ => Position::Agree,
            };
            let reason = "parce que";
            self.say(
                ik,
                Word::Say {
                    motion,
                    position,
                    reason,
                },
            );
        }
    }

    fn somebody(&mut self, ik: Ik, which: impl Fn(&Seat) -> bool) -> Option<Ik> {
        let seats = &self.nodes[&ik].group().tally().seats;
        let those = seats
            .iter()
            .filter(|seat| which(seat))
            .map(|seat| seat.voice);
        let those: Vec<Ik> = those.collect();
        self.chance.pick(&those)
    }

    fn proposal(&mut self, ik: Ik) -> Option<What> {
        let all = self.all();
        let member = |seat: &Seat| seat.role == Role::Member;
        Some(match self.chance.below(12) {
            0..=2 => What::Add(self.chance.pick(&all)?),
            3..=4 => What::Promote(self.somebody(ik, |seat| !member(seat))?),
            5 => What::Remove(self.somebody(ik, |_| true)?),
            6 => What::Suspend(self.somebody(ik, member)?),
            7 => What::Lift(self.somebody(ik, member)?),
            8 => What::Return {
                seat: self.somebody(ik, member)?,
                computer: self.chance.pick(&all)?,
            },
            9 => What::Poll {
                choices: vec!["oui".into(), "non".into()],
            },
            10 => What::Policy(Policy {
                preset: [Preset::Consent, Preset::Majority, Preset::Of(2)][self.chance.below(3)],
                spectator_days: 1,
                ..Policy::default()
            }),
            _ => What::Text { file: [0; 32] },
        })
    }

    /// The newest motion that somebody holds.
    pub(super) fn newest(&self, ik: &Ik) -> Hash {
        let motions = self.nodes[ik].group().motions();
        motions.last().map(|(_, it)| it.name).expect("a motion")
    }
}
