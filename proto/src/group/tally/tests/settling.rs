//! What is too old to change.

use super::*;

fn settled(room: &mut Room, old: &[Hash]) {
    let old = old.iter().copied().collect();
    let settled = settle(&room.ground, &room.held, &old, |_, _| false);
    room.ground = settled.ground;
    room.held.retain(|name, _| !settled.dropped.contains(name));
}

#[test]
fn what_is_old_becomes_the_ground_with_all_that_was_said_of_it() {
    let mut room = Room::of(4);
    let add = room.decide([1, 2], What::Add(ik(9)));
    let failed = room.propose(1, What::Add(ik(8)));
    settled(&mut room, &[add, failed]);
    assert!(room.held.is_empty() && room.holds(9) && !room.holds(8));
    assert_eq!(room.ground.settled, BTreeSet::from([add]));
    assert_eq!(room.tally().frontier, [add]);
    let promote = room.decide([1, 2], What::Promote(ik(9)));
    assert!(room.passed(promote));
}

#[test]
fn who_comes_with_a_motion_that_knows_nothing_of_what_is_settled_comes_too_late() {
    let mut room = Room::of(4);
    let founding = room.tally().view;
    let add = room.decide([1, 2], What::Add(ik(9)));
    settled(&mut room, &[add]);
    let late = room.propose_on(3, What::Remove(ik(4)), founding, vec![]);
    room.yes(1..=3, late);
    assert_eq!(room.outcome(late), Outcome::Unfounded);
}

#[test]
fn what_passed_beside_it_holds_it_back() {
    let mut room = Room::of(4);
    let founding = room.tally().view;
    let add = room.decide([1, 2], What::Add(ik(9)));
    let beside = room.propose_on(1, What::Add(ik(8)), founding, vec![]);
    room.yes([1, 2], beside);
    settled(&mut room, &[add]);
    assert!(room.ground.settled.is_empty() && room.passed(add));
    let both = room.decide([1, 2], What::Promote(ik(8)));
    settled(&mut room, &[add, beside]);
    assert_eq!(room.ground.settled, BTreeSet::from([add, beside]));
    assert!(room.passed(both) && room.role(8) == Some(Role::Member));
    settled(&mut room, &[both]);
    assert!(room.held.is_empty() && room.ground.behind.is_empty());
    assert_eq!(room.role(8), Some(Role::Member));
}

#[test]
fn what_is_proposed_in_the_month_of_a_decision_is_judged_before_that_is_settled() {
    let mut room = Room::of(4);
    let founding = room.tally().view;
    let add = room.decide([1, 2], What::Add(ik(9)));
    let text = room.propose_on(3, What::Text { file: [1; 32] }, founding, vec![]);
    let waits = |decided: &Hash, motion: &Hash| (*decided, *motion) == (add, text);
    let old = BTreeSet::from([add]);
    let settled = settle(&room.ground, &room.held, &old, waits);
    assert!(settled.ground.settled.is_empty() && settled.dropped.is_empty());
    room.yes(1..=4, text);
    assert!(room.passed(text));
    let settled = settle(
        &room.ground,
        &room.held,
        &BTreeSet::from([add, text]),
        waits,
    );
    assert_eq!(settled.ground.settled, old);
    assert!(settled.dropped.contains(&text));
}

#[test]
fn what_rests_on_something_without_effect_keeps_its_result_once_that_is_settled() {
    let mut room = Room::of(4);
    let add = room.decide([1, 2], What::Add(ik(9)));
    let view = room.tally().view;
    let same = room.decide(1..=4, What::Policy(Policy::default()));
    assert_eq!(room.tally().frontier, [same], "though it changed nothing");
    let above = room.propose_on(1, What::Promote(ik(9)), view, vec![same]);
    room.yes([1, 2], above);
    assert_eq!(room.role(9), Some(Role::Member));
    settled(&mut room, &[add, same]);
    assert_eq!(room.ground.settled, BTreeSet::from([same]));
    assert_eq!(room.role(9), Some(Role::Member));
    settled(&mut room, &[]);
    assert_eq!(room.role(9), Some(Role::Member));
}

#[test]
fn what_passed_without_effect_holds_up_no_settling() {
    let mut room = Room::of(4);
    let founding = room.tally().view;
    let adds: Vec<Hash> = [1, 2]
        .map(|author| {
            let add = room.propose_on(author, What::Add(ik(9)), founding, vec![]);
            room.yes([1, 2], add);
            add
        })
        .into();
    let leave = room.hear(8, Counting::Leave);
    room.decide([1, 2], What::Promote(ik(9)));
    settled(&mut room, &[adds[0], adds[1], leave]);
    let folded = adds.into_iter().chain([leave]).collect();
    assert_eq!(room.ground.settled, folded);
    assert_eq!(room.role(9), Some(Role::Member));
}

#[test]
fn a_voice_is_known_once_nothing_is_left_that_older_words_count_for() {
    let mut room = Room::seated(
        vec![
            Seat {
                role: Role::Member,
                computers: vec![ik(1), ik(11)],
                voice: ik(1),
            },
            Seat::of(Role::Member, ik(2)),
        ],
        Policy::default(),
    );
    let add = room.decide([2, 1], What::Add(ik(9)));
    room.hear(1, Counting::Voice(ik(11)));
    let open = room.propose(2, What::Text { file: [0; 32] });
    settled(&mut room, &[add]);
    assert_eq!(room.tally().seats.seat_of(&ik(1)).unwrap().voice, ik(1));
    settled(&mut room, &[open]);
    assert!(room.held.is_empty());
    assert_eq!(room.tally().seats.seat_of(&ik(1)).unwrap().voice, ik(11));
}

#[test]
fn a_leave_that_is_settled_stays_so() {
    let mut room = Room::of(4);
    let leave = room.hear(4, Counting::Leave);
    settled(&mut room, &[leave]);
    assert!(room.held.is_empty() && !room.holds(4));
    let add = room.decide([1, 2], What::Add(ik(4)));
    assert!(room.passed(add) && room.holds(4));
}
