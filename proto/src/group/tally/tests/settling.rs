//! What is too old to change.

use super::*;

fn settled(room: &mut Room, old: &[Hash]) {
    let old = old.iter().copied().collect();
    let settled = settle(&room.ground, &room.held, &old);
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
