//! The same words in any order, under any names, give the same. Attack 98 of PROTOCOL §7.

use proptest::prelude::*;

use super::*;

fn salted(salt: u8, members: u8) -> Room {
    let mut room = Room::of(members);
    room.salt = salt;
    room
}

#[test]
fn removed_and_then_added_again_is_in_whatever_the_messages_are_called() {
    for salt in 0..64 {
        let mut room = salted(salt, 4);
        let remove = room.decide(1..=3, What::Remove(ik(4)));
        let add = room.decide(1..=2, What::Add(ik(4)));
        assert!(room.passed(remove) && room.passed(add));
        assert_eq!(room.role(4), Some(Role::Spectator), "{salt}");
        let out = room.decide(1..=3, What::Remove(ik(4)));
        assert!(room.passed(out) && !room.holds(4), "{salt}");
    }
}

#[test]
fn what_rests_on_an_undone_add_falls_with_it_and_nothing_else_does() {
    for salt in 0..64 {
        let mut room = salted(salt, 5);
        let founding = room.tally().view;
        let add = room.decide([1, 2], What::Add(ik(9)));
        let promote = room.decide([1, 2, 3], What::Promote(ik(9)));
        let policy = room.decide(
            [1, 2, 3, 4, 5, 9],
            What::Policy(Policy {
                hours: 9,
                ..Policy::default()
            }),
        );
        let beside = room.propose_on(4, What::Add(ik(8)), founding, vec![]);
        room.yes([4, 5], beside);
        room.say(3, add, Position::Object);
        let tally = room.tally();
        assert_eq!(room.outcome(add), Outcome::Blocked);
        assert_eq!(room.outcome(promote), Outcome::Unfounded);
        assert_eq!(room.outcome(policy), Outcome::Unfounded);
        assert!(room.passed(beside) && room.holds(8) && !room.holds(9));
        assert_eq!(tally.policy.hours, Policy::default().hours);
        room.say(3, add, Position::Abstain);
        assert!(
            room.passed(policy) && room.tally().policy.hours == 9,
            "it can stand again"
        );
    }
}

#[test]
fn decisions_side_by_side_all_hold_and_the_next_rests_on_all_of_them() {
    for salt in 0..16 {
        let mut room = salted(salt, 5);
        let founding = room.tally().view;
        let adds: Vec<Hash> = (10..15)
            .map(|n| {
                let add = room.propose_on(1, What::Add(ik(n)), founding, vec![]);
                room.yes([1, 2], add);
                add
            })
            .collect();
        let tally = room.tally();
        assert_eq!(tally.frontier.len(), 5);
        assert_eq!(tally.base, tally.view);
        let next = room.decide([1, 2, 3], What::Promote(ik(12)));
        assert!(room.passed(next) && adds.iter().all(|add| room.passed(*add)));
        assert_eq!(room.tally().frontier, [next]);
    }
}

#[test]
fn more_side_by_side_than_a_motion_can_name_come_together_again() {
    let mut room = Room::of(5);
    let founding = room.tally().view;
    for n in 10..40 {
        let add = room.propose_on(1, What::Add(ik(n)), founding, vec![]);
        room.yes([1, 2], add);
    }
    for (named, whole) in [(MOTION_RESTS_MAX, false), (15, true)] {
        let tally = room.tally();
        assert_eq!(tally.frontier.len(), named);
        assert_eq!(tally.base == tally.view, whole);
        let hours = tally.policy.hours - 1;
        let policy = What::Policy(Policy {
            hours,
            ..tally.policy
        });
        let next = room.decide(1..=5, policy);
        assert!(room.passed(next));
    }
    assert_eq!(room.tally().frontier.len(), 1);
}

#[test]
fn a_leave_comes_after_what_let_its_author_in() {
    for salt in 0..32 {
        let mut room = salted(salt, 3);
        room.decide([1, 2], What::Add(ik(9)));
        room.hear(9, Counting::Leave);
        let again = room.decide([1, 2], What::Add(ik(9)));
        assert!(room.passed(again) && room.holds(9), "{salt}");
        room.hear(9, Counting::Leave);
        assert!(!room.holds(9), "{salt}");
    }
}

#[test]
fn who_left_after_somebody_else_did_is_out_though_motions_rest_on_both() {
    for salt in 0..64 {
        let mut room = salted(salt, 4);
        let first = room.hear(4, Counting::Leave);
        room.decide([1, 2], What::Add(ik(9)));
        let both = room.decide([1, 2], What::Add(ik(8)));
        let with_both = room.tally().view;
        room.hear(9, Counting::Leave);
        let above = room.decide([1, 2], What::Promote(ik(8)));
        // Who has not heard of the second leave rests on what came before it.
        let beside = room.propose_on(3, What::Promote(ik(9)), with_both, vec![both]);
        room.yes([1, 3], beside);
        assert!(
            room.passed(above) && room.passed(beside) && !room.holds(9),
            "{salt}"
        );
        let old = BTreeSet::from([first]);
        let settled = settle(&room.ground, &room.held, &old, |_, _| false);
        room.ground = settled.ground;
        room.held.retain(|name, _| !settled.dropped.contains(name));
        assert!(!room.holds(9), "{salt}");
    }
}

#[test]
fn a_removal_is_not_undone_by_an_equal_proposal_that_had_passed_before_it() {
    for salt in 0..64 {
        let mut room = salted(salt, 4);
        let founding = room.tally().view;
        for author in [1, 2] {
            let add = room.propose_on(author, What::Add(ik(9)), founding, vec![]);
            room.yes([1, 2], add);
            assert!(room.passed(add));
        }
        assert_eq!(room.tally().frontier.len(), 2, "it rests on both");
        let remove = room.decide(1..=3, What::Remove(ik(9)));
        assert!(room.passed(remove) && !room.holds(9), "{salt}");
    }
}

#[test]
fn who_left_beside_their_removal_can_be_let_in_again() {
    for salt in 0..64 {
        let mut room = salted(salt, 4);
        room.decide(1..=3, What::Remove(ik(4)));
        room.hear(4, Counting::Leave);
        let add = room.decide([1, 2], What::Add(ik(4)));
        assert!(room.passed(add) && room.holds(4), "{salt}");
    }
}

#[test]
fn an_add_of_somebody_who_is_in_counts_for_nothing() {
    for salt in 0..32 {
        let mut room = salted(salt, 4);
        let founding = room.tally().view;
        let back = What::Return {
            seat: ik(3),
            computer: ik(4),
        };
        for what in [What::Add(ik(4)), back] {
            let add = room.decide([1, 2], what);
            assert_eq!(room.outcome(add), Outcome::Unfounded);
        }
        let remove = room.propose_on(3, What::Remove(ik(4)), founding, vec![]);
        room.yes(1..=3, remove);
        assert!(!room.holds(4), "{salt}");
    }
}

#[test]
fn what_changes_nothing_takes_no_decision_out_of_the_base() {
    let mut room = Room::of(5);
    let founding = room.tally().view;
    let same = room.tally().policy;
    for _ in 0..MOTION_RESTS_MAX {
        let same = room.propose_on(1, What::Policy(same), founding, vec![]);
        room.yes(1..=5, same);
    }
    let add = room.propose_on(1, What::Add(ik(9)), founding, vec![]);
    room.yes([1, 2], add);
    let tally = room.tally();
    assert_eq!(tally.frontier.len(), MOTION_RESTS_MAX);
    assert!(tally.frontier.contains(&add) && tally.base == tally.view);
    let promote = room.decide([1, 2, 3], What::Promote(ik(9)));
    assert!(room.passed(promote) && room.role(9) == Some(Role::Member));
}

#[test]
fn a_motion_names_decisions_alone_and_none_that_another_of_them_rests_on() {
    let mut room = Room::of(4);
    let add = room.decide([1, 2], What::Add(ik(9)));
    let text = room.decide([1, 2], What::Text { file: [0; 32] });
    let promote = room.decide([1, 2], What::Promote(ik(9)));
    assert!(room.passed(text) && room.passed(promote));
    let view = room.tally().view;
    let mut both = [(vec![add, promote], false), (vec![promote, text], false)];
    both.iter_mut().for_each(|(names, _)| names.sort());
    let mut motions = Vec::new();
    for (rests_on, counts) in both.into_iter().chain([(vec![promote], true)]) {
        let motion = room.propose_on(3, What::Text { file: [1; 32] }, view, rests_on);
        assert_eq!(room.outcome(motion) != Outcome::Unfounded, counts);
        motions.push((motion, counts));
    }
    let old = BTreeSet::from([add, text, promote]);
    let settled = settle(&room.ground, &room.held, &old, |_, _| false);
    assert_eq!(settled.ground.settled, BTreeSet::from([promote]));
    room.ground = settled.ground;
    room.held.retain(|name, _| !settled.dropped.contains(name));
    for (motion, counts) in motions {
        assert_eq!(room.outcome(motion) != Outcome::Unfounded, counts, "later");
    }
}

#[test]
fn motions_that_rest_on_themselves_count_for_nothing() {
    let mut room = Room::of(3);
    let view = room.tally().view;
    let motion = |rests_on| Motion {
        base: view,
        rests_on: vec![rests_on],
        what: What::Text { file: [0; 32] },
        hours: 0,
        text: String::new(),
    };
    for (name, rests_on) in [([1; 16], [2; 16]), ([2; 16], [1; 16]), ([3; 16], [3; 16])] {
        let counted = Counted {
            author: ik(1),
            incarnation: 0,
            number: 1,
            said: Counting::Motion(motion(rests_on)),
        };
        room.held.insert(name, counted);
        (1..=3).for_each(|author| {
            room.close(author, name);
        });
    }
    let results = room.tally().results;
    assert!(results.values().all(|it| it.outcome == Outcome::Unfounded));
}

/// As much as a group holds: 64 seats, 64 motions in chains and beside each other, everybody says
/// something of each, and closes it.
fn full() -> Room {
    let mut room = Room::of(64);
    let founding = room.tally().view;
    // Nine side by side, each on the nine before; one on the last of them.
    let mut all: Vec<Hash> = Vec::new();
    for n in 0..64u16 {
        let what = What::Policy(Policy {
            hours: n,
            ..Policy::default()
        });
        let row = usize::from(n) / 9;
        let mut rests_on = all[row.saturating_sub(1) * 9..row * 9].to_vec();
        rests_on.sort();
        let motion = room.propose_on(n as u8 + 1, what, founding, rests_on);
        room.yes(1..=64, motion);
        all.push(motion);
    }
    room
}

#[test]
fn the_most_that_can_be_held_is_judged_motion_by_motion() {
    let room = full();
    assert_eq!(room.held.len(), 64 + 2 * 64 * 64);
    let tally = room.tally();
    assert!(
        tally
            .results
            .values()
            .all(|it| it.outcome == Outcome::Passed)
    );
    assert_eq!(tally.policy.hours, 63);
}

/// Some of what people could do, from given numbers.
fn lived(steps: &[(u8, u8, u8)], salt: u8) -> Room {
    let mut room = salted(salt, 5);
    let mut motions: Vec<Hash> = Vec::new();
    for (author, kind, of) in steps {
        let (author, target) = (author % 7 + 1, of % 8 + 1);
        let motion = motions
            .get(usize::from(*of) % motions.len().max(1))
            .copied();
        match (kind % 12, motion) {
            (0, _) => motions.push(room.propose(author, What::Add(ik(target)))),
            (1, _) => motions.push(room.propose(author, What::Promote(ik(target)))),
            (2, _) => motions.push(room.propose(author, What::Remove(ik(target)))),
            (3, _) => motions.push(room.propose(author, What::Suspend(ik(target)))),
            (4, _) => {
                let back = What::Return {
                    seat: ik(target),
                    computer: ik(target + 20),
                };
                motions.push(room.propose(author, back));
            }
            (5, _) if of % 4 == 0 => {
                room.hear(author, Counting::Leave);
            }
            (6, Some(motion)) => {
                room.say(author, motion, Position::Object);
            }
            (7, Some(motion)) => {
                room.close(author, motion);
            }
            (8, _) => {
                room.hear(author, Counting::Voice(ik(target + 20)));
            }
            (_, Some(motion)) => room.yes([author, target], motion),
            _ => {}
        }
    }
    room
}

fn steps() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    prop::collection::vec(any::<(u8, u8, u8)>(), 0..60)
}

proptest! {
    #[test]
    fn any_order_of_arrival_gives_the_same(steps in steps(), salt: u8, order: prop::sample::Index) {
        let room = lived(&steps, salt);
        let mut arrived: Vec<_> = room.held.clone().into_iter().collect();
        let count = arrived.len().max(1);
        let turn = order.index(count).min(arrived.len());
        arrived.rotate_left(turn);
        arrived.reverse();
        let mut held = Held::new();
        let mut tallied = 0;
        for (name, counted) in arrived {
            held.insert(name, counted);
            // Everything in between was looked at too, and changes nothing.
            tallied += Tally::of(&room.ground, &held).results.len();
        }
        prop_assert!(tallied >= held.len().min(1) * room.tally().results.len());
        prop_assert_eq!(Tally::of(&room.ground, &held), room.tally());
    }

    #[test]
    fn any_part_of_what_was_said_gives_a_group_that_can_be(
        steps in steps(),
        salt: u8,
        parts in prop::collection::vec(any::<bool>(), 200),
    ) {
        let mut room = lived(&steps, salt);
        let mut parts = parts.into_iter().cycle();
        room.held.retain(|_, _| parts.next().unwrap_or(true));
        let tally = room.tally();
        let seats = tally.seats.iter().cloned().collect();
        prop_assert_eq!(Seats::new(seats), Some(tally.seats.clone()));
        let first = |it: &Ik| tally.seats.seat_of(it).is_some_and(|seat| seat.computers[0] == *it);
        prop_assert!(tally.suspended.iter().all(first));
        let motion = room.propose(1, What::Text { file: [3; 32] });
        let decides = tally.seats.seat_of(&ik(1)).is_some_and(|seat| {
            seat.role == Role::Member && !tally.suspended.contains(&seat.computers[0])
        });
        let founded = room.outcome(motion) != Outcome::Unfounded;
        prop_assert!(!decides || founded, "what a motion rests on gives its base");
    }

    #[test]
    fn what_is_settled_gives_the_same_group(
        steps in steps(),
        salt: u8,
        old in prop::collection::vec(any::<bool>(), 200),
    ) {
        let mut room = lived(&steps, salt);
        let before = room.tally();
        let mut old = old.into_iter().cycle();
        let old = room.held.keys().filter(|_| old.next().unwrap_or(true)).copied().collect();
        let settled = settle(&room.ground, &room.held, &old, |_, _| false);
        room.ground = settled.ground;
        room.held.retain(|name, _| !settled.dropped.contains(name));
        let after = room.tally();
        prop_assert_eq!(after.view, before.view);
        prop_assert_eq!(after.suspended, before.suspended);
        prop_assert_eq!(after.policy, before.policy);
        for (name, standing) in after.results {
            let kept = standing.outcome == before.results[&name].outcome;
            prop_assert!(kept || standing.outcome == Outcome::Unfounded);
        }
    }
}
