//! For whom a motion stands otherwise: what a liar keeps from some is seen in what comes of it.

use super::attacks::{calm, quick};
use super::author::{Author, hall};
use super::world::{DAY, HOUR, World};
use crate::group::machine::Word;
use crate::group::{Beacon, Body, Circle, Hash, Ik, Message, Outcome, Position, Say, What};
use crate::limits::{OTHERWISE_MAX, OTHERWISE_MINUTES};

/// Whether somebody is shown that a motion stands otherwise for another, and how.
fn shown(world: &World, to: &Ik, other: &Ik, motion: &Hash) -> Option<Outcome> {
    let told = world.nodes[to].group().other_results().into_iter();
    let mut those = told.filter(|it| it.teller == *other && it.motion == *motion);
    those.next().map(|it| it.outcome)
}

#[test]
pub(super) fn an_objection_that_a_liar_says_to_one_alone_is_shown_as_two_results() {
    let (mut world, all) = calm(52, 4, 0, quick());
    world.corrupt(all[3]);
    let (what, hours, text) = (What::Text { file: [0; 32] }, 1, "");
    assert!(world.say(all[0], Word::Motion { what, hours, text }));
    let motion = world.newest(&all[0]);
    world.run(HOUR);
    let (position, reason) = (Position::Agree, "");
    assert!(world.say(
        all[1],
        Word::Say {
            motion,
            position,
            reason
        }
    ));
    let say = Say {
        motion,
        position: Position::Object,
        reason: String::new(),
    };
    let (payload, _) = world.lie(Circle::Members, Body::Say(say), Vec::new());
    world.send(all[3], all[0], payload);
    world.run(3 * DAY);
    let (told, others) = (&all[0], &all[1..3]);
    for other in others {
        assert_eq!(shown(&world, told, other, &motion), Some(Outcome::Passed));
        assert_eq!(shown(&world, other, told, &motion), Some(Outcome::Blocked));
    }
    assert_eq!(shown(&world, &all[1], &all[2], &motion), None);
}

#[test]
fn who_is_told_of_another_result_is_shown_it_once_it_lasts_and_no_longer_than_it_does() {
    let (mut node, all) = hall(4);
    let motion = Author::new(node.group(), all[1]).proposes(&mut node, What::Lift(all[2]), 1);
    let (gid, view) = (node.group().gid(), node.group().tally().view);
    let mine = node.group().tally().results[&motion].outcome;
    let mut tells = |outcome, minute| {
        let (digests, results) = (Vec::new(), vec![(motion, outcome)]);
        let beacon = Beacon {
            gid,
            view,
            digests,
            results,
        };
        let payload = Message::Beacon(beacon).encode(&[4; 16]);
        node.take(all[2], &payload, minute).expect("a beacon");
        node.group().other_results().len()
    };
    assert_eq!(tells(Outcome::Blocked, 10), 0);
    assert_eq!(tells(Outcome::Failed, 10 + OTHERWISE_MINUTES), 1);
    assert_eq!(tells(mine, 11 + OTHERWISE_MINUTES), 0);
    assert_eq!(tells(Outcome::Blocked, 12 + OTHERWISE_MINUTES), 0);
}

#[test]
fn whoever_tells_of_many_motions_only_those_that_i_hold_are_kept() {
    let (mut node, all) = hall(4);
    let mut author = Author::new(node.group(), all[1]);
    let held = (1..40).map(|at| author.proposes(&mut node, What::Text { file: [at; 32] }, 1));
    let held: Vec<Hash> = held.collect();
    let (gid, view) = (node.group().gid(), node.group().tally().view);
    for (at, names) in [held.clone(), (0..200).map(|at| [at; 16]).collect()]
        .iter()
        .enumerate()
    {
        for some in names.chunks(39) {
            let mut results: Vec<_> = some.iter().map(|it| (*it, Outcome::Withdrawn)).collect();
            results.sort_by_key(|(name, _)| *name);
            let beacon = Beacon {
                gid,
                view,
                digests: Vec::new(),
                results,
            };
            let payload = Message::Beacon(beacon).encode(&[at as u8; 16]);
            node.take(all[2], &payload, 5 + at as u32)
                .expect("a beacon");
        }
    }
    let person = node.group().person(&all[2]).expect("somebody");
    assert!(held.len() < OTHERWISE_MAX);
    assert_eq!(person.otherwise.len(), held.len());
}
