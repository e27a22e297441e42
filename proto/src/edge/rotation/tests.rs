//! Two ends of an edge in a world where every message may be lost, doubled and late, and every write
//! may be the last before a crash: every state that can be reached is looked at.

mod older_disk;
mod scene;

use std::collections::BTreeSet;

use super::*;
use crate::identity::Identity;
use scene::{Scene, World};

fn people() -> [Identity; 2] {
    [1, 2].map(|byte| Identity::from_seed(Key::fill(|b| b.fill(byte))))
}

fn stored(edge: &Edge) -> Vec<u8> {
    bincode::encode_to_vec(edge.record(), bincode::config::standard()).unwrap()
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
fn a_bug_planted_in_a_rotation_is_found() {
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
