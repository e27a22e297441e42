//! Who is new, and whom they believe: nobody alone, not even who proposed them.

use super::attacks::{calm, decide, quick};
use super::author::{Author, again, hall};
use super::chance::Chance;
use super::liar::Liar;
use super::node::Node;
use super::spectators::watched;
use super::world::{DAY, HOUR, World};
use crate::group::machine::{OutWhat, Word};
use crate::group::{
    Beacon, Body, Circle, Digest, Genesis, Ik, Message, Missing, Policy, Position, Preset, Role,
    Seat, Seats, What,
};

#[test]
pub(super) fn a_newcomer_does_not_believe_one_who_tells_of_another_set() {
    let (mut world, all, newcomer) = watched(81);
    let before = world.nodes[&newcomer].group().tally().view;
    world.node(&all[0]).lies = true;
    world.liar = Some(Liar::new(all[0], 7));
    world.run(HOUR);
    for _ in 0..6 {
        world.liar_tells_of_a_set();
        world.run(HOUR);
    }
    assert_eq!(world.nodes[&newcomer].group().tally().view, before);
    assert!(world.nodes[&newcomer].group().counts().offers <= 1);
}

const FALSE: Policy = Policy {
    preset: Preset::Of(1),
    add_hours: 1,
    promote_hours: 1,
    hours: 1,
    spectator_days: 0,
    silent_days: 7,
};

#[test]
pub(super) fn who_proposed_a_newcomer_and_lies_is_corrected_by_the_others() {
    let (mut world, all) = calm(91, 5, 1, quick());
    let newcomer = *world
        .all()
        .iter()
        .find(|it| !all.contains(it))
        .expect("one");
    world.node(&newcomer).down_until = world.minute + 30 * DAY;
    decide(&mut world, all[1], What::Add(newcomer));
    let mut genesis = world.nodes[&all[1]].group().genesis_for(Role::Spectator);
    assert!(genesis.seats.seat_of(&newcomer).is_some());
    (genesis.policy, genesis.suspended) = (
        FALSE,
        vec![genesis.seats.computers().copied().next().expect("one")],
    );
    let minute = world.minute;
    let node = world.node(&newcomer);
    node.begin(genesis, minute);
    node.down_until = 0;
    node.commit();
    world.wake(newcomer);
    world.run(3 * DAY);
    let tally = world.nodes[&newcomer].group().tally();
    assert_eq!(tally.policy, quick());
    assert!(tally.suspended.is_empty());
}

/// Tells a node how the group stands.
fn tell(node: &mut Node, from: Ik, genesis: &Genesis) {
    let payload = Message::Genesis(Box::new(genesis.clone())).encode(&[2; 16]);
    node.take(from, &payload, 9).expect("how it stands");
}

/// How it stands once somebody is out.
fn without(genesis: &Genesis, out: Ik) -> Genesis {
    let others = genesis.seats.iter().filter(|it| it.voice != out);
    Genesis {
        seats: Seats::new(others.cloned().collect()).expect("seats"),
        settled: vec![[4; 16]],
        ..genesis.clone()
    }
}

/// A node that came to five founders when they had decided something, and what it was told.
fn newcomer(role: Role) -> (Node, Vec<Ik>, Genesis) {
    newcomer_among(5, role, Policy::default())
}

/// The same, among so many founders who decide so.
fn newcomer_among(seats: u8, role: Role, policy: Policy) -> (Node, Vec<Ik>, Genesis) {
    let (founder, all) = hall(seats);
    let mut genesis = founder.group().genesis_for(Role::Member);
    let me = [80; 32];
    let seats = genesis.seats.iter().cloned().chain([Seat::of(role, me)]);
    genesis.seats = Seats::new(seats.collect()).expect("seats");
    (genesis.settled, genesis.policy) = (vec![[3; 16]], policy);
    let mut node = Node::new(me, 500);
    node.begin(genesis.clone(), 0);
    (node, all, genesis)
}

#[test]
pub(super) fn what_comes_with_a_new_set_is_not_believed_of_the_first_who_tells_it() {
    let (mut node, all, mut genesis) = newcomer(Role::Spectator);
    let seats = genesis.seats.iter().cloned().map(|seat| Seat {
        role: Role::Member,
        ..seat
    });
    genesis.seats = Seats::new(seats.collect()).expect("seats");
    genesis.settled = vec![[4; 16]];
    let lie = Genesis {
        policy: FALSE,
        suspended: vec![all[0]],
        settled: vec![[5; 16]],
        ..genesis.clone()
    };
    tell(&mut node, all[1], &lie);
    tell(&mut node, all[0], &genesis);
    tell(&mut node, all[2], &genesis);
    let group = node.group();
    assert!(!group.member(), "two of five are not most of them");
    tell(&mut node, all[3], &genesis);
    let tally = node.group().tally();
    assert!(node.group().member());
    assert_eq!(
        (tally.policy, &tally.frontier),
        (genesis.policy, &genesis.settled)
    );
    assert!(tally.suspended.is_empty());
}

#[test]
fn what_the_first_told_falsely_of_the_same_people_is_corrected() {
    let (_, all, genesis) = newcomer(Role::Member);
    let lie = Genesis {
        policy: FALSE,
        settled: vec![[6; 16]],
        ..genesis.clone()
    };
    let mut node = Node::new([80; 32], 500);
    node.begin(lie, 0);
    for ik in &all[..3] {
        assert_eq!(node.group().tally().policy, FALSE);
        tell(&mut node, *ik, &genesis);
    }
    let tally = node.group().tally();
    assert_eq!(
        (tally.policy, &tally.frontier),
        (genesis.policy, &genesis.settled)
    );
    assert_eq!(node.group().counts().offers, 0);
}

#[test]
fn four_computers_of_one_person_are_one_who_tells() {
    let (_, all, genesis) = newcomer(Role::Member);
    let mut lie = genesis.clone();
    lie.policy = FALSE;
    let mut node = Node::new([80; 32], 500);
    node.begin(genesis, 0);
    for ik in &all[4..] {
        tell(&mut node, *ik, &lie);
    }
    assert_ne!(node.group().tally().policy, FALSE);
    assert_eq!(node.group().counts().offers, 1);
}

#[test]
pub(super) fn who_is_out_by_what_a_newcomer_was_told_is_sent_nothing_again() {
    let (mut node, all, genesis) = newcomer_among(4, Role::Member, FALSE);
    let out = all[2];
    let others = without(&genesis, out);
    all[..2].iter().for_each(|it| tell(&mut node, *it, &others));
    // Two of four are not most of them; once one of the four is out by my own last word, they are.
    let mut founders = [0, 1].map(|at| Author::new(node.group(), all[at]));
    let motion = founders[0].proposes(&mut node, What::Remove(all[3]), 1);
    founders[1].answers(&mut node, motion, Position::Agree);
    let (position, reason) = (Position::Agree, "");
    let word = Word::Say {
        motion,
        position,
        reason,
    };
    let mut chance = Chance::new(1);
    node.say(word, 1, &mut chance).expect("a position");
    let ends = founders.iter_mut();
    ends.for_each(|founder| founder.closes(&mut node, motion));
    node.tick(2 * HOUR, &mut chance);
    let tally = node.group().tally();
    assert!(tally.seats.seat_of(&all[3]).is_none() && !tally.silent_to(&out));
    let missing = Missing {
        gid: node.group().gid(),
        view: tally.view,
        index: tally.seats.index_of(&node.me).expect("mine"),
        circle: Circle::Members,
        incarnation: crate::time::incarnation(node.when(0).minute),
        first: 1,
        last: 1,
    };
    let missing = Message::Missing(missing).encode(&[1; 16]);
    let step = node.take(out, &missing, 2 * HOUR).expect("a question");
    assert_eq!(again(&step.news), []);
    assert!(node.group().tally().silent_to(&out));
}

#[test]
fn what_was_told_long_ago_takes_nothing_back_that_was_decided_since() {
    let (mut node, all, genesis) = newcomer(Role::Member);
    let somebody = [70; 32];
    let mut one = Author::new(node.group(), all[0]);
    let mut other = Author::new(node.group(), all[1]);
    let motion = one.proposes(&mut node, What::Add(somebody), 1);
    one.closes(&mut node, motion);
    other.answers(&mut node, motion, Position::Agree);
    other.closes(&mut node, motion);
    assert!(node.group().tally().seats.seat_of(&somebody).is_some());
    all[..4]
        .iter()
        .for_each(|ik| tell(&mut node, *ik, &genesis));
    assert!(node.group().tally().seats.seat_of(&somebody).is_some());
}

#[test]
fn who_is_new_is_told_who_speaks_for_each_seat_now() {
    let (mut node, all) = hall(4);
    let (before, after) = (all[3], all[5]);
    let payload =
        Author::new(node.group(), before).says(node.group(), Body::Voice(after), Vec::new());
    node.take(before, &payload, HOUR).expect("a hand-over");
    let genesis = node.group().genesis_for(Role::Member);
    assert_eq!(genesis.seats.seat_of(&before).expect("a seat").voice, after);
}

#[test]
fn an_undoing_of_what_a_newcomer_began_with_is_taken_back() {
    let (_, all, before) = newcomer(Role::Member);
    let begun = Genesis {
        policy: FALSE,
        settled: vec![[3; 16], [4; 16]],
        ..before.clone()
    };
    let mut node = Node::new([80; 32], 500);
    node.begin(begun, 0);
    all[..2].iter().for_each(|ik| tell(&mut node, *ik, &before));
    assert_eq!(node.group().tally().policy, FALSE, "two of five");
    tell(&mut node, all[2], &before);
    let tally = node.group().tally();
    assert_eq!(
        (tally.policy, &tally.frontier),
        (before.policy, &before.settled)
    );
}

#[test]
fn who_watches_is_told_of_a_policy_and_a_suspension_within_a_day() {
    let (mut world, all, newcomer) = watched(92);
    let policy = Policy {
        hours: 33,
        ..world.nodes[&newcomer].group().tally().policy
    };
    decide(&mut world, all[1], What::Policy(policy));
    assert_eq!(world.nodes[&newcomer].group().tally().policy, policy);
    world.node(&all[3]).down_until = world.minute + 60 * DAY;
    world.run(8 * DAY);
    decide(&mut world, all[1], What::Suspend(all[3]));
    let tally = world.nodes[&newcomer].group().tally();
    assert!(tally.suspended.contains(&all[3]));
}

#[test]
fn what_was_shown_is_not_shown_again_once_its_author_was_out_and_came_back() {
    let (mut node, all, genesis) = newcomer(Role::Member);
    let said = Author::new(node.group(), all[0]).says(node.group(), Body::Text("oui"), Vec::new());
    node.take(all[0], &said, 5).expect("a text");
    let out = without(&genesis, all[0]);
    all[1..4].iter().for_each(|ik| tell(&mut node, *ik, &out));
    assert!(node.group().tally().silent_to(&all[0]));
    node.tick(2 * DAY, &mut Chance::new(1));
    let back = Genesis {
        settled: vec![[5; 16]],
        ..genesis
    };
    all[1..4].iter().for_each(|ik| tell(&mut node, *ik, &back));
    assert!(!node.group().tally().silent_to(&all[0]));
    node.take(all[0], &said, 3 * DAY).expect("a text");
    assert_eq!(node.seen.len(), 1);
}

/// A sign of life with a set of people, and what its teller holds of others.
fn beacon(node: &Node, view: [u8; 16], digests: Vec<Digest>) -> Vec<u8> {
    let (gid, results) = (node.group().gid(), Vec::new());
    let beacon = Message::Beacon(Beacon {
        gid,
        view,
        digests,
        results,
    });
    beacon.encode(&[3; 16]).to_vec()
}

#[test]
pub(super) fn who_is_new_and_shows_what_nobody_else_does_is_told_again_how_it_stands() {
    let (mut world, all, newcomer) = watched(93);
    world.run(2 * DAY);
    let minute = world.minute;
    let payload = beacon(&world.nodes[&all[1]], [9; 16], Vec::new());
    let mut chance = Chance::new(1);
    let node = world.node(&all[1]);
    node.take(newcomer, &payload, minute).expect("a beacon");
    let step = node.tick(minute + 1, &mut chance);
    let mut told = step.outs.iter().filter(|it| it.what == OutWhat::Genesis);
    assert!(
        told.any(|it| it.to == [newcomer]),
        "they cannot know better"
    );
}

#[test]
fn who_was_out_when_somebody_came_and_is_back_is_asked_for_what_they_say_to_them() {
    let (mut node, all, genesis) = newcomer(Role::Member);
    let out = without(&genesis, all[0]);
    all[1..4].iter().for_each(|ik| tell(&mut node, *ik, &out));
    let back = Genesis {
        settled: vec![[5; 16]],
        ..genesis
    };
    all[1..4].iter().for_each(|ik| tell(&mut node, *ik, &back));
    let tally = node.group().tally();
    let digest = Digest {
        index: tally.seats.index_of(&all[0]).expect("a seat"),
        circle: Circle::Members,
        incarnation: 3,
        number: 1,
        head: [7; 16],
    };
    let payload = beacon(&node, tally.view, vec![digest]);
    node.take(all[1], &payload, DAY).expect("a beacon");
    let step = node.tick(DAY, &mut Chance::new(1));
    let mut asked = step.outs.iter().filter(|it| it.what == OutWhat::Missing);
    assert!(asked.any(|it| it.to == [all[0]]));
}

#[test]
pub(super) fn the_first_that_each_who_was_there_says_to_me_is_shown_at_once_however_late() {
    let (mut node, all, _) = newcomer(Role::Member);
    let before = vec![[9; 16]];
    for (day, ik) in (3..).zip(&all[..3]) {
        let mut author = Author::new(node.group(), *ik);
        let first = author.says(node.group(), Body::Text("oui"), before.clone());
        node.take(*ik, &first, day * DAY).expect("a text");
        assert!(node.seen.last().expect("it").shown.is_some(), "held");
        let second = author.says(node.group(), Body::Text("non"), before.clone());
        node.take(*ik, &second, day * DAY).expect("a text");
        assert!(node.seen.last().expect("it").shown.is_none(), "not held");
    }
}

#[test]
pub(super) fn what_somebody_sent_before_i_knew_that_i_am_there_is_missing_until_it_comes() {
    let (mut node, all, mut genesis) = newcomer(Role::Member);
    let mut author = Author::new(node.group(), all[0]);
    let said: Vec<_> = (0..5)
        .map(|_| author.says(node.group(), Body::Text("oui"), Vec::new()))
        .collect();
    node.take(all[0], &said[4], 5).expect("a text");
    assert!(node.group().gaps().is_empty());
    genesis.yours[0] = Some((3, 3));
    tell(&mut node, all[0], &genesis);
    assert_eq!(node.group().gaps(), [(all[0], 2)]);
    let came = |node: &Node| node.group().gaps().is_empty();
    node.take(all[0], &said[3], 12).expect("a text");
    assert!(!came(&node));
    node.take(all[0], &said[2], 13).expect("a text");
    assert!(came(&node));
    node.take(all[0], &said[1], 14).expect("a text");
    assert_eq!(node.seen.len(), 3, "that was not for them");
}

#[test]
fn a_founder_who_was_out_and_never_said_anything_is_told_that_they_are_in_again() {
    let (mut world, all) = calm(94, 5, 0, quick());
    let lost = all[4];
    world.node(&lost).down_until = 60 * DAY;
    decide(&mut world, all[1], What::Remove(lost));
    decide(&mut world, all[1], What::Add(lost));
    for ik in &all[..4] {
        let person = world.nodes[ik].group().person(&lost).expect("somebody");
        assert!(person.heard.is_none() && person.told_set.is_some());
    }
}

/// Each of these says something every day for three months.
fn three_months_of_talk(world: &mut World, all: &[Ik]) {
    let (circle, keep, text) = (Circle::Members, 0, "bonjour");
    for _ in 0..90 {
        let said = all
            .iter()
            .all(|ik| world.say(*ik, Word::Text { circle, keep, text }));
        assert!(said);
        world.run(DAY);
    }
}

#[test]
pub(super) fn what_somebody_said_is_not_shown_again_when_they_come_back_after_everybody_forgot_it()
{
    let (mut world, all) = calm(94, 5, 0, quick());
    let (circle, keep) = (Circle::Members, 0);
    let says = |world: &mut World, text| world.say(all[0], Word::Text { circle, keep, text });
    assert!(says(&mut world, "avant"));
    world.run(DAY);
    decide(&mut world, all[1], What::Remove(all[0]));
    three_months_of_talk(&mut world, &all[1..]);
    decide(&mut world, all[1], What::Add(all[0]));
    decide(&mut world, all[1], What::Promote(all[0]));
    assert!(says(&mut world, "de retour"));
    world.run(HOUR);
    for ik in &all[1..] {
        let mut came = world.nodes[ik].seen.iter().filter(|it| it.author == all[0]);
        assert!(
            came.next_back().expect("a text").shown.is_some(),
            "it waits"
        );
    }
    world.run(2 * DAY);
    for ik in &all[1..] {
        let seen = world.nodes[ik].seen.iter();
        assert_eq!(seen.filter(|seen| seen.author == all[0]).count(), 2);
        assert!(world.nodes[ik].group().gaps().is_empty());
    }
}

/// Somebody says something that reaches nobody.
fn says_and_it_is_lost(world: &mut World, ik: Ik, text: &str) {
    let (circle, keep, minute) = (Circle::Members, 0, world.minute);
    let node = world.nodes.get_mut(&ik).expect("a node");
    let said = node.say(Word::Text { circle, keep, text }, minute, &mut world.chance);
    assert!(said.is_ok());
    node.commit();
    world.wake(ik);
}

#[test]
pub(super) fn what_is_lost_of_the_first_words_of_who_was_forgotten_and_is_back_is_said_again() {
    let (mut world, all) = calm(94, 5, 0, quick());
    let (circle, keep, text) = (Circle::Members, 0, "avant");
    assert!(world.say(all[0], Word::Text { circle, keep, text }));
    world.run(DAY);
    decide(&mut world, all[1], What::Remove(all[0]));
    world.run(90 * DAY);
    decide(&mut world, all[1], What::Add(all[0]));
    decide(&mut world, all[1], What::Promote(all[0]));
    says_and_it_is_lost(&mut world, all[0], "de retour");
    world.run(9 * DAY);
    let shown = |world: &World, ik: &Ik| {
        let seen = world.nodes[ik].seen.iter();
        seen.filter(|it| it.author == all[0]).count()
    };
    assert!(all[1..].iter().all(|ik| shown(&world, ik) == 2));
    assert!(world.say(all[0], Word::Text { circle, keep, text }));
    world.run(2 * DAY);
    assert!(all[1..].iter().all(|ik| shown(&world, ik) == 3));
}
