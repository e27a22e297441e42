//! Attacks by hand, one by one: who lies, who speaks for others, who floods, who says things too late.

use super::world::{DAY, HOUR, World};
use crate::group::machine::Word;
use crate::group::{Body, Circle, Ik, Message, Outcome, Policy, Position, Preset, Role, Say, What};
use crate::limits::{GROUP_WAITING_MAX, MOTIONS_PER_AUTHOR_MAX};

/// A calm world of so many founders; the first lies.
pub(super) fn calm(seed: u64, founders: usize, others: usize, policy: Policy) -> (World, Vec<Ik>) {
    let mut world = World::new(seed, founders, others, policy);
    world.calm = true;
    let all = world.founders.iter().copied().collect();
    (world, all)
}

pub(super) fn quick() -> Policy {
    Policy {
        spectator_days: 0,
        ..Policy::default()
    }
}

/// Proposes something, and everybody who can agrees at once.
pub(super) fn decide(world: &mut World, by: Ik, what: What) {
    world.run(5 * HOUR);
    let said = world.say(
        by,
        Word::Motion {
            what,
            hours: 1,
            text: "",
        },
    );
    assert!(said, "it could not be proposed");
    let motion = world.newest(&by);
    world.run(2 * HOUR / 2);
    for ik in world.honest() {
        let position = Position::Agree;
        world.say(
            ik,
            Word::Say {
                motion,
                position,
                reason: "",
            },
        );
    }
    world.run(2 * DAY);
}

#[test]
pub(super) fn who_tells_two_things_is_seen_by_both_sides_within_one_beacon() {
    let (mut world, all) = calm(49, 5, 0, quick());
    world.corrupt(all[0]);
    world.run(HOUR);
    world.liar_equivocates(Body::Text("à midi"), Body::Text("à minuit"));
    world.run(DAY + 2 * HOUR);
    for ik in &all[1..] {
        let found = world.nodes[ik].group().disagreements();
        let of_liar = found.filter(|it| it.author == all[0] && it.number == 1);
        assert!(of_liar.count() > 0, "somebody does not know");
    }
}

#[test]
pub(super) fn who_accuses_falsely_is_shown_beside_the_accused_and_nothing_follows() {
    let (mut world, all) = calm(50, 5, 0, quick());
    world.corrupt(all[0]);
    for ik in &all[1..] {
        let (circle, keep, text) = (Circle::Members, 0, "salut");
        world.say(*ik, Word::Text { circle, keep, text });
    }
    world.run(HOUR);
    let life = crate::time::incarnation(world.nodes[&all[1]].when(0).minute);
    let seats = world.nodes[&all[1]].group().tally().seats.clone();
    let index = seats.index_of(&all[2]).expect("a seat");
    let digest = crate::group::Digest {
        index,
        circle: Circle::Members,
        incarnation: life,
        number: 1,
        head: [9; 16],
    };
    let group = world.nodes[&all[1]].group();
    let beacon = Message::Beacon(crate::group::Beacon {
        gid: group.gid(),
        view: group.tally().view,
        digests: vec![digest],
        results: Vec::new(),
    });
    let payload = beacon.encode(&[1; 16]);
    world.send(all[0], all[1], payload.to_vec());
    world.run(8 * DAY);
    let node = &world.nodes[&all[1]];
    let [found] = &node.disagreements[..] else {
        panic!("one disagreement");
    };
    assert_eq!((found.author, found.teller), (all[2], all[0]));
    assert_eq!(node.group().tally().seats, seats);
}

#[test]
pub(super) fn words_of_somebody_else_are_not_theirs() {
    let (mut world, all) = calm(13, 4, 0, quick());
    world.corrupt(all[0]);
    let what = What::Text { file: [0; 32] };
    world.say(
        all[1],
        Word::Motion {
            what,
            hours: 0,
            text: "",
        },
    );
    world.run(HOUR);
    let motion = world.newest(&all[1]);
    let (position, reason) = (Position::Agree, "");
    world.say(
        all[2],
        Word::Say {
            motion,
            position,
            reason,
        },
    );
    let vote = world.nodes[&all[2]]
        .kept
        .last_key_value()
        .expect("a vote")
        .1
        .payload
        .clone();
    world.send(all[0], all[3], vote);
    world.run(HOUR);
    let tally = world.nodes[&all[3]].group().tally();
    assert_eq!(
        tally.results[&motion].agree, 2,
        "its author, and who voted themselves"
    );
}

#[test]
pub(super) fn motions_and_unknown_parents_have_a_bound() {
    let (mut world, all) = calm(53, 4, 0, quick());
    world.corrupt(all[0]);
    world.liar_floods_motions(70);
    world.liar_floods_texts(GROUP_WAITING_MAX + 150);
    world.run(3 * HOUR);
    for ik in &all[1..] {
        let counts = world.nodes[ik].group().counts();
        assert!(
            counts.waiting <= GROUP_WAITING_MAX,
            "{} wait",
            counts.waiting
        );
        assert!(counts.motions <= MOTIONS_PER_AUTHOR_MAX);
    }
    let (circle, keep, text) = (Circle::Members, 0, "on continue");
    world.say(all[1], Word::Text { circle, keep, text });
    world.run(2 * DAY);
    let seen = &world.nodes[&all[2]].seen;
    assert!(
        seen.iter()
            .any(|it| it.author == all[1] && it.shown.is_some())
    );
}

#[test]
fn a_flood_of_motions_makes_nobody_say_more_than_what_is_held_of_it() {
    let (mut world, all) = calm(57, 4, 0, quick());
    world.corrupt(all[0]);
    world.liar_floods_motions(70);
    world.run(6 * DAY);
    for ik in &all[1..] {
        let said = world.nodes[ik].disk.kept.len();
        assert_eq!(said, MOTIONS_PER_AUTHOR_MAX, "an end for each that is held");
    }
}

#[test]
pub(super) fn an_honest_node_proposes_four_things_at_once_and_no_more() {
    let (mut world, all) = calm(54, 4, 0, quick());
    let what = || What::Text { file: [0; 32] };
    for _ in 0..4 {
        assert!(world.say(
            all[1],
            Word::Motion {
                what: what(),
                hours: 0,
                text: ""
            }
        ));
    }
    assert!(!world.say(
        all[1],
        Word::Motion {
            what: what(),
            hours: 0,
            text: ""
        }
    ));
}

#[test]
pub(super) fn who_was_removed_or_suspended_is_sent_nothing_more() {
    let (mut world, all) = calm(82, 6, 0, quick());
    decide(&mut world, all[0], What::Remove(all[5]));
    let first = world.nodes[&all[0]].group().readers(Circle::All);
    assert!(!first.contains(&all[5]), "removed");
    world.node(&all[4]).down_until = world.minute + 12 * DAY;
    world.run(9 * DAY);
    decide(&mut world, all[0], What::Suspend(all[4]));
    let suspended = &world.nodes[&all[1]].group().tally().suspended;
    assert!(suspended.contains(&all[4]), "suspended");
    let (circle, keep, text) = (Circle::Members, 0, "sans elle");
    world.say(all[1], Word::Text { circle, keep, text });
    world.run(2 * DAY);
}

#[test]
pub(super) fn a_window_that_is_over_is_said_to_be() {
    let policy = Policy {
        preset: Preset::Consent,
        ..quick()
    };
    let (mut world, all) = calm(83, 5, 0, policy);
    let what = What::Text { file: [0; 32] };
    world.say(
        all[0],
        Word::Motion {
            what,
            hours: 3,
            text: "",
        },
    );
    world.run(HOUR);
    let motion = world.newest(&all[0]);
    let (position, reason) = (Position::Agree, "");
    for ik in &all[1..3] {
        world.say(
            *ik,
            Word::Say {
                motion,
                position,
                reason,
            },
        );
    }
    world.run(HOUR);
    // Nobody's window begins anew because they start again.
    world.all().iter().for_each(|ik| world.node(ik).crash());
    world.run(4 * HOUR);
    for ik in &all {
        let standing = &world.nodes[ik].group().tally().results[&motion];
        assert_eq!(standing.outcome, Outcome::Passed, "{standing:?}");
        assert!(standing.says.iter().all(|say| say.closed));
    }
}

#[test]
pub(super) fn what_is_said_after_a_close_counts_for_nothing() {
    let (mut world, all) = calm(51, 4, 0, quick());
    world.corrupt(all[0]);
    let what = What::Text { file: [0; 32] };
    world.say(
        all[1],
        Word::Motion {
            what,
            hours: 0,
            text: "",
        },
    );
    world.run(HOUR);
    let motion = world.newest(&all[1]);
    let say = |position| {
        let reason = "non".to_owned();
        Body::Say(Say {
            motion,
            position,
            reason,
        })
    };
    world.liar_says(Body::Close(motion));
    world.liar_says(say(Position::Object));
    world.liar_says(Body::Close(motion));
    world.run(3 * HOUR);
    let standing = &world.nodes[&all[2]].group().tally().results[&motion];
    assert!(
        standing
            .says
            .iter()
            .all(|it| it.position != Position::Object)
    );
    assert_eq!(
        world.nodes[&all[2]].group().mine().expect("in").role,
        Role::Member
    );
}
