//! Every next moment of two ends, whatever is lost, doubled or late and wherever a crash falls.
//!
//! A message that was lost is one that never comes, and so is one that a crash kept from leaving: it
//! is enough that each *may* come, at any time and again.

use std::collections::{BTreeSet, VecDeque};

use super::*;

/// What is under way between the two. It stays there: it may come again, later, or never.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sent {
    Ask(u32, [u8; 32], bool),
    Answer(u32, [u8; 32], [u8; 16]),
    Flight([u8; 16]),
    /// A record that authenticates; `true` if the other one has spoken before.
    Spoke([u8; 16], bool),
}

/// Both ends as they are stored, and what was ever sent by whom.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct World {
    pub ends: [Vec<u8>; 2],
    pub sent: BTreeSet<(usize, Sent)>,
}

impl World {
    pub(super) fn with(&self, end: usize, edge: &Edge, say: Option<Sent>) -> Self {
        let mut to = self.clone();
        to.ends[end] = stored(edge);
        to.sent.extend(say.map(|say| (end, say)));
        to
    }
}

fn asks(edge: &Edge) -> Option<Sent> {
    let ask = edge.asked();
    ask.map(|ask| Sent::Ask(ask.epoch, *ask.share, false))
}

pub(super) struct Scene {
    pub people: [Identity; 2],
    pub last_epoch: u32,
    /// Told apart by this: what is drawn before a disk goes back, and after.
    pub draws: u8,
}

impl Scene {
    pub(super) fn new(last_epoch: u32) -> Self {
        let people = people();
        Self {
            people,
            last_epoch,
            draws: 0,
        }
    }

    pub(super) fn first(&self) -> World {
        let ends = [0, 1].map(|end| {
            let root = Key::fill(|bytes| bytes.fill(3));
            let [me, friend] = [end, 1 - end].map(|n| self.people[n].point());
            stored(&Edge::first(root, me, friend))
        });
        World {
            ends,
            sent: BTreeSet::new(),
        }
    }

    pub(super) fn edge(&self, world: &World, end: usize) -> Edge {
        let config = bincode::config::standard();
        let (record, _) = bincode::decode_from_slice(&world.ends[end], config).unwrap();
        let [me, friend] = [end, 1 - end].map(|n| self.people[n].point());
        Edge::restore(&record, me, friend).unwrap()
    }

    /// Everything that can happen next.
    pub(super) fn next(&self, world: &World) -> Vec<World> {
        let mut next = Vec::new();
        for end in [0, 1] {
            let mut edge = self.edge(world, end);
            let flight = Sent::Flight(edge.dialled().name);
            next.push(world.with(end, &edge, Some(flight)));
            if edge.highest() < self.last_epoch {
                let _ = edge.ask(false, &mut Entropy::new([self.draws + end as u8; 32]));
            }
            next.push(world.with(end, &edge, asks(&edge)));
            let asked = edge.asked().map(|ask| ask.epoch);
            if asked.is_some_and(|epoch| epoch < self.last_epoch) {
                edge.ask_higher(&mut Entropy::new([self.draws + 16 + end as u8; 32]));
                next.push(world.with(end, &edge, asks(&edge)));
            }
        }
        let came = world.sent.iter();
        next.extend(came.map(|(from, sent)| self.comes(world, 1 - from, sent)));
        next
    }

    /// Something arrives; what comes of it is stored, then said.
    pub(super) fn comes(&self, world: &World, end: usize, sent: &Sent) -> World {
        let mut edge = self.edge(world, end);
        let holds = |edge: &Edge, name| edge.keys().any(|keys| keys.name == name);
        let say = match *sent {
            Sent::Ask(epoch, share, recovers) => {
                let share = Share::new(share);
                let mut entropy = Entropy::new([self.draws + 8 + end as u8; 32]);
                let answers = edge.asks(&Ask { epoch, share }, recovers, &mut entropy);
                let answer = edge.answer().filter(|_| answers);
                answer.map(|a| Sent::Answer(a.epoch, *a.share, a.tag))
            }
            Sent::Answer(epoch, share, tag) => {
                let share = Share::new(share);
                edge.answered(&Answer { epoch, share, tag });
                None
            }
            Sent::Flight(name) => holds(&edge, name).then(|| {
                edge.proved(&name);
                Sent::Spoke(name, false)
            }),
            Sent::Spoke(name, again) => (holds(&edge, name))
                .then(|| {
                    edge.settle(&name);
                    Sent::Spoke(name, true)
                })
                .filter(|_| !again),
        };
        world.with(end, &edge, say)
    }

    /// Every world that can be reached from here.
    pub(super) fn all_from(&self, first: World) -> BTreeSet<World> {
        let (mut known, mut left) = (BTreeSet::from([first.clone()]), VecDeque::from([first]));
        while let Some(world) = left.pop_front() {
            for to in self.next(&world) {
                if known.insert(to.clone()) {
                    left.push_back(to);
                }
            }
        }
        known
    }

    /// What must hold everywhere: whoever dials is accepted, and no more than two are held.
    pub(super) fn holds(&self, world: &World) -> bool {
        let ends = [0, 1].map(|end| self.edge(world, end));
        let accepts = |a: &Edge, b: &Edge| b.keys().any(|keys| keys.name == a.dialled().name);
        let bounded = |edge: &Edge| (1..=2).contains(&edge.held.len());
        let [a, b] = &ends;
        accepts(a, b) && accepts(b, a) && bounded(a) && bounded(b)
    }

    /// One end lost what it had and is as it was at some time; it recovers.
    pub(super) fn recovers(&self, world: &World, end: usize, backup: &[u8]) -> World {
        let mut world = world.clone();
        let config = bincode::config::standard();
        world.ends[end] = backup.to_owned();
        let edge = self.edge(&world, end);
        world.ends[end] = bincode::encode_to_vec(edge.backup(), config).unwrap();
        // Both may ask: the other one did perhaps, and says it again in the new session.
        let mut ends = [0, 1].map(|end| self.edge(&world, end));
        let _ = ends[end].ask(true, &mut Entropy::new([70 + end as u8; 32]));
        for asker in [end, 1 - end] {
            let Some(ask) = ends[asker].asked() else {
                continue;
            };
            let other = &mut ends[1 - asker];
            if other.asks(&ask, true, &mut Entropy::new([80; 32])) {
                let answer = other.answer().unwrap();
                assert!(ends[asker].answered(&answer));
            }
        }
        world.ends = ends.map(|edge| stored(&edge));
        world
    }
}
