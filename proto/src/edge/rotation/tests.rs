//! Two ends of an edge in a world where every message may be lost, doubled and late, and every write
//! may be the last before a crash: every state that can be reached is looked at.
//!
//! A message that was lost is one that never comes, and so is one that a crash kept from leaving: it
//! is enough that each *may* come, at any time and again.

use std::collections::{BTreeSet, VecDeque};

use super::*;
use crate::identity::Identity;

/// What is under way between the two. It stays there: it may come again, later, or never.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Sent {
    Ask(u32, [u8; 32], bool),
    Answer(u32, [u8; 32], [u8; 16]),
    Flight([u8; 16]),
    /// A record that authenticates; `true` if the other one has spoken before.
    Spoke([u8; 16], bool),
}

/// Both ends as they are stored, and what was ever sent by whom.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct World {
    ends: [Vec<u8>; 2],
    sent: BTreeSet<(usize, Sent)>,
}

impl World {
    fn with(&self, end: usize, edge: &Edge, say: Option<Sent>) -> Self {
        let mut to = self.clone();
        to.ends[end] = stored(edge);
        to.sent.extend(say.map(|say| (end, say)));
        to
    }
}

fn people() -> [Identity; 2] {
    [1, 2].map(|byte| Identity::from_seed(Key::fill(|b| b.fill(byte))))
}

fn stored(edge: &Edge) -> Vec<u8> {
    bincode::encode_to_vec(edge.record(), bincode::config::standard()).unwrap()
}

fn asks(edge: &Edge) -> Option<Sent> {
    let ask = edge.asked();
    ask.map(|ask| Sent::Ask(ask.epoch, *ask.share, false))
}

struct Scene {
    people: [Identity; 2],
    last_epoch: u32,
    /// Told apart by this: what is drawn before a disk goes back, and after.
    draws: u8,
}

impl Scene {
    fn new(last_epoch: u32) -> Self {
        let people = people();
        Self {
            people,
            last_epoch,
            draws: 0,
        }
    }

    fn first(&self) -> World {
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

    fn edge(&self, world: &World, end: usize) -> Edge {
        let config = bincode::config::standard();
        let (record, _) = bincode::decode_from_slice(&world.ends[end], config).unwrap();
        let [me, friend] = [end, 1 - end].map(|n| self.people[n].point());
        Edge::restore(&record, me, friend).unwrap()
    }

    /// Everything that can happen next.
    fn next(&self, world: &World) -> Vec<World> {
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
    fn comes(&self, world: &World, end: usize, sent: &Sent) -> World {
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
    fn all_from(&self, first: World) -> BTreeSet<World> {
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
    fn holds(&self, world: &World) -> bool {
        let ends = [0, 1].map(|end| self.edge(world, end));
        let accepts = |a: &Edge, b: &Edge| b.keys().any(|keys| keys.name == a.dialled().name);
        let bounded = |edge: &Edge| (1..=2).contains(&edge.held.len());
        let [a, b] = &ends;
        accepts(a, b) && accepts(b, a) && bounded(a) && bounded(b)
    }

    /// One end lost what it had and is as it was at some time; it recovers.
    fn recovers(&self, world: &World, end: usize, backup: &[u8]) -> World {
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

#[test]
fn whatever_is_lost_doubled_or_late_the_epoch_that_is_dialled_is_accepted() {
    let scene = Scene::new(2);
    let all = scene.all_from(scene.first());
    assert!(all.len() > 10_000 && all.iter().all(|world| scene.holds(world)));
    // And nothing is stuck: some worlds have gone all the way and forgotten what was before.
    let done = |world: &World, end| {
        let edge = scene.edge(world, end);
        edge.held.len() == 1 && edge.highest() == 2 && edge.answered.is_none()
    };
    assert!(all.iter().any(|w| done(w, 0) && done(w, 1)));
}

#[test]
fn whatever_backup_one_end_comes_back_with_the_last_resort_brings_both_together() {
    let scene = Scene::new(1);
    let all = scene.all_from(scene.first());
    for end in [0, 1] {
        let backups: BTreeSet<_> = all.iter().map(|world| &world.ends[end]).collect();
        for world in &all {
            for backup in &backups {
                let after = scene.recovers(world, end, backup);
                let [a, b] = [0, 1].map(|end| scene.edge(&after, end));
                assert!(
                    a.highest() > 0
                        && a.held[a.held.len() - 1].name == b.held[b.held.len() - 1].name
                );
                // Whoever asked dials it at once, the other one by turns.
                assert!([&a, &b].iter().any(|edge| edge.dial == edge.highest()));
            }
        }
    }
}

/// What comes of links and asks that all arrive.
#[derive(PartialEq)]
enum Month {
    /// Both hold a new epoch, and link under it.
    New,
    /// They hold no epoch together: the last resort is theirs.
    Apart,
    /// They link, and get no new one.
    Stuck,
}

/// The two link under the newest epoch they share, and ask by turns, again after a day, and a month.
fn a_month(ends: &mut [Edge; 2]) -> Month {
    let before = ends.each_ref().map(Edge::highest);
    for round in 0..8 {
        let names = |edge: &Edge| edge.held.iter().map(|keys| keys.name).collect::<Vec<_>>();
        let [mine, theirs] = ends.each_ref().map(names);
        let Some(common) = mine.iter().rfind(|name| theirs.contains(name)) else {
            return Month::Apart;
        };
        for edge in ends.iter_mut() {
            edge.settle(common);
        }
        let (asker, mut entropy) = (round % 2, Entropy::new([90 + round as u8; 32]));
        // The second time round a month is over.
        if ends[asker].ask(round > 1, &mut entropy).is_none() {
            ends[asker].ask_higher(&mut entropy);
        }
        let Some(ask) = ends[asker].asked() else {
            continue;
        };
        if ends[1 - asker].asks(&ask, false, &mut entropy) {
            let answer = ends[1 - asker].answer().unwrap();
            ends[asker].answered(&answer);
        }
    }
    let newest = |edge: &Edge| edge.held[edge.held.len() - 1].name;
    let grew = (0..2).all(|end| ends[end].highest() > before[end]);
    match grew && newest(&ends[0]) == newest(&ends[1]) {
        true => Month::New,
        false => Month::Stuck,
    }
}

/// The epochs held, the one dialled, and the one asked for.
fn numbers(edge: &Edge) -> (Vec<u32>, u32, Option<u32>) {
    let held = edge.held.iter().map(|keys| keys.epoch).collect();
    (held, edge.dial, edge.asked().map(|ask| ask.epoch))
}

/// A life in which one end's disk is copied at some time, and put back at another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Life {
    world: World,
    copy: Option<Vec<u8>>,
    is_back: bool,
}

#[test]
fn whatever_older_disk_one_end_comes_back_with_new_secrets_come_or_the_last_resort_is_left() {
    let [before, after] = [0, 100].map(|draws| Scene {
        draws,
        ..Scene::new(1)
    });
    for end in [0, 1] {
        let first = Life {
            world: before.first(),
            copy: None,
            is_back: false,
        };
        let (mut known, mut left) = (BTreeSet::from([first.clone()]), vec![first]);
        let mut new = 0;
        while let Some(life) = left.pop() {
            let scene = if life.is_back { &after } else { &before };
            let next = scene.next(&life.world).into_iter();
            let mut next: Vec<_> = next
                .map(|world| Life {
                    world,
                    ..life.clone()
                })
                .collect();
            if !life.is_back {
                let copy = life.copy.clone();
                let disk = life.world.ends[end].clone();
                let mut back = life.clone();
                match copy {
                    None => back.copy = Some(disk),
                    Some(copy) => (back.world.ends[end], back.is_back) = (copy, true),
                }
                next.push(back);
            }
            next.retain(|life| known.insert(life.clone()));
            left.extend(next);
            let mut ends = [0, 1].map(|end| scene.edge(&life.world, end));
            let month = a_month(&mut ends);
            assert!(
                month != Month::Stuck,
                "{:?}",
                ends.map(|edge| numbers(&edge))
            );
            new += usize::from(month == Month::New && life.is_back);
        }
        assert!(new > 1000, "{new} of {}", known.len());
    }
}

#[test]
fn an_ask_that_is_said_again_gets_the_same_answer_and_any_other_none() {
    let scene = Scene::new(1);
    let [mut a, mut b] = [0, 1].map(|end| scene.edge(&scene.first(), end));
    let mut entropy = Entropy::new([5; 32]);
    let ask = a.ask(false, &mut entropy).unwrap();
    assert!(a.ask(false, &mut entropy).is_none(), "one at a time");
    assert!(b.asks(&ask, false, &mut entropy));
    let first = b.answer().unwrap();
    assert!(b.asks(&ask, false, &mut entropy));
    let again = b.answer().unwrap();
    assert!(first.share == again.share && first.tag == again.tag);
    let other = Ask {
        share: Share::new([9; 32]),
        ..ask.clone()
    };
    assert!(!b.asks(&other, false, &mut entropy));
    for changed in [
        Answer {
            epoch: 2,
            ..first.clone()
        },
        Answer {
            tag: [0; 16],
            ..first.clone()
        },
        Answer {
            share: Share::new([0; 32]),
            ..first.clone()
        },
    ] {
        assert!(!a.answered(&changed));
    }
    assert!(a.answered(&first) && !a.answered(&first), "once");
    let name = a.dialled().name;
    assert!(b.dialled().epoch == 0 && b.proved(&name) && b.dialled().epoch == 1);
    assert!(b.settle(&name) && !b.settle(&name) && b.held.len() == 1);
    assert!(b.answer().is_none(), "and what it was made from is gone");
}

#[test]
fn an_epoch_beyond_the_end_is_refused_and_none_is_asked_for() {
    let scene = Scene::new(1);
    let mut entropy = Entropy::new([5; 32]);
    let mut b = scene.edge(&scene.first(), 1);
    for epoch in [EPOCH_END, RECOVERY, 0] {
        let share = Share::new([1; 32]);
        assert!(!b.asks(&Ask { epoch, share }, false, &mut entropy));
    }
    let share = Share::new([1; 32]);
    let last = Ask {
        epoch: EPOCH_END - 1,
        share,
    };
    assert!(b.asks(&last, false, &mut entropy));
    let name = b.held[1].name;
    assert!(b.settle(&name) && b.ask(true, &mut entropy).is_none());
    let lost = Ask {
        epoch: 1,
        share: Share::new([2; 32]),
    };
    assert!(
        !b.asks(&lost, true, &mut entropy),
        "nor under the last resort"
    );
}

#[test]
fn a_record_that_no_edge_has_written_is_refused() {
    let scene = Scene::new(1);
    let whole = || scene.edge(&scene.first(), 0);
    let [me, friend] = [0, 1].map(|end| scene.people[end].point());
    let restores = |change: fn(&mut EdgeRecord)| {
        let mut record = whole().record();
        change(&mut record);
        Edge::restore(&record, me, friend).is_some()
    };
    assert!(restores(|_| ()));
    assert!(!restores(|record| record.held.clear()));
    assert!(!restores(|record| record.dial = 1));
    assert!(!restores(|record| record.held[0].0 = RECOVERY));
    assert!(!restores(|record| {
        let root = record.held[0].1.key().keep();
        record.held.push((0, root));
    }));
    // Such an ask would stand above all that the friend asks.
    const END: u32 = EPOCH_END;
    fn share() -> Kept<EdgeShare> {
        Key::fill(|_| ()).keep()
    }
    assert!(!restores(|record| record.asked = Some((END, share()))));
    assert!(!restores(|record| {
        record.answered = Some((1, share(), END, share()));
    }));
    assert!(!restores(|record| {
        record.answered = Some((END, share(), 1, share()));
    }));
}

/// A bug in the rotation breaks one of the promises above.
#[cfg(feature = "planted")]
#[test]
fn a_rotation_that_is_done_wrong_is_found() {
    use crate::planted::{Bug, plant};
    let promises: [fn(); 2] = [
        whatever_is_lost_doubled_or_late_the_epoch_that_is_dialled_is_accepted,
        an_ask_that_is_said_again_gets_the_same_answer_and_any_other_none,
    ];
    for bug in [Bug::OldEpochErasedEarly, Bug::EpochAnsweredTwice] {
        plant(Some(bug));
        let kept = promises.map(|promise| std::panic::catch_unwind(promise).is_ok());
        plant(None);
        assert!(kept.contains(&false), "{bug:?}");
    }
}
