//! Who tries to decide more than they may. Attacks 51, 79 and 80 of PROTOCOL §7.

use super::*;

#[test]
pub(super) fn votes_in_the_name_of_others_count_for_who_says_them_and_for_outsiders_not_at_all() {
    let mut room = Room::of(4);
    let text = room.propose(1, What::Text { file: [0; 32] });
    room.close(1, text);
    for _ in 0..5 {
        // The same computer, and one of nobody, as often as they like.
        room.yes([1, 9], text);
    }
    room.say(9, text, Position::Object);
    let standing = room.standing(text);
    assert_eq!((standing.agree, standing.says.len()), (1, 1));
    assert_eq!(standing.outcome, Outcome::Open { needs: 1 });
}

#[test]
pub(super) fn nothing_counts_after_ones_last_word_and_nobody_has_two() {
    let mut room = Room::of(4);
    let text = room.propose(1, What::Text { file: [0; 32] });
    room.yes([1, 2], text);
    room.say(2, text, Position::Object);
    room.close(2, text);
    assert!(room.passed(text));
    room.say(3, text, Position::Ask);
    room.close(3, text);
    room.say(3, text, Position::Object);
    room.close(3, text);
    assert!(room.passed(text));
}

#[test]
pub(super) fn an_objection_made_before_ones_last_word_counts_however_late_it_comes() {
    let mut room = Room::of(4);
    let add = room.decide([1, 2], What::Add(ik(9)));
    room.close(3, add);
    let promote = room.decide([1, 2], What::Promote(ik(9)));
    assert!(room.passed(promote) && room.role(9) == Some(Role::Member));
    // Number 0 stands before the close, which is number 1.
    room.hear_at(
        3,
        0,
        Counting::Say {
            motion: add,
            position: Position::Object,
        },
    );
    assert_eq!(room.outcome(add), Outcome::Blocked);
    assert_eq!(
        room.outcome(promote),
        Outcome::Unfounded,
        "what rested on it falls"
    );
    assert!(!room.holds(9));
}

#[test]
pub(super) fn who_is_to_be_removed_does_not_decide_about_it() {
    let mut room = Room::of(4);
    let remove = room.propose(1, What::Remove(ik(4)));
    room.say(4, remove, Position::Object);
    room.close(4, remove);
    let standing = room.standing(remove);
    assert_eq!(
        (standing.of, standing.needed, standing.says.len()),
        (3, 2, 1)
    );
    room.yes([1, 2], remove);
    assert!(room.passed(remove));
    let mut self_made = Room::of(4);
    let remove = self_made.propose(4, What::Remove(ik(4)));
    self_made.yes([4, 1], remove);
    assert!(!self_made.passed(remove));
}

#[test]
pub(super) fn spectators_never_decide() {
    let mut room = Room::of(4);
    room.decide([1, 2], What::Add(ik(9)));
    let text = room.propose(1, What::Text { file: [0; 32] });
    room.yes([1, 9], text);
    assert_eq!(room.standing(text).of, 4);
    assert_eq!(room.outcome(text), Outcome::Open { needs: 1 });
    room.say(9, text, Position::Object);
    room.yes([2], text);
    assert!(room.passed(text));
    let own = room.propose(9, What::Promote(ik(9)));
    room.yes(1..=4, own);
    assert_eq!(room.outcome(own), Outcome::Unfounded, "nor propose");
}

#[test]
pub(super) fn a_motion_counts_only_on_exactly_the_base_that_it_rests_on() {
    let mut room = Room::of(4);
    let founding = room.tally().view;
    let add = room.decide([1, 2], What::Add(ik(9)));
    let now = room.tally();
    assert_eq!(now.frontier, [add]);
    let text = What::Text { file: [0; 32] };
    let cases = [
        (founding, vec![add], false),
        (now.view, vec![], false),
        (now.view, vec![[7; 16]], false),
        (now.view, vec![add, [7; 16]], false),
        (founding, vec![], true),
        (now.view, vec![add], true),
    ];
    for (base, rests_on, counts) in cases {
        let mut room = room.clone();
        let motion = room.propose_on(3, text.clone(), base, rests_on);
        room.yes(1..=4, motion);
        assert_eq!(room.passed(motion), counts);
        assert_eq!(room.outcome(motion) == Outcome::Unfounded, !counts);
    }
    // What did not pass carries nothing.
    let open = room.propose(1, What::Add(ik(10)));
    let motion = room.propose_on(3, text, now.view, vec![add, open]);
    room.yes(1..=4, motion);
    assert_eq!(room.outcome(motion), Outcome::Unfounded);
}

#[test]
pub(super) fn a_minority_suspends_nobody() {
    let mut room = Room::of(12);
    for target in 4..=12 {
        let suspend = room.decide(1..=3, What::Suspend(ik(target)));
        assert_eq!(room.outcome(suspend), Outcome::Open { needs: 4 });
    }
    assert!(room.tally().suspended.is_empty());
    let mut two = Room::of(2);
    let suspend = two.decide([1, 2], What::Suspend(ik(2)));
    assert!(!two.passed(suspend));
}

#[test]
pub(super) fn of_two_halves_neither_suspends_the_other() {
    let mut room = Room::of(12);
    for (half, target) in [(1..=6, 7), (7..=12, 1)] {
        let suspend = room.decide(half, What::Suspend(ik(target)));
        assert_eq!(room.outcome(suspend), Outcome::Open { needs: 1 });
    }
}

#[test]
pub(super) fn who_is_suspended_neither_decides_nor_is_counted() {
    let mut room = Room::of(6);
    room.decide(1..=4, What::Suspend(ik(6)));
    let text = room.propose(1, What::Text { file: [0; 32] });
    room.yes([1, 2], text);
    room.say(6, text, Position::Object);
    assert_eq!(room.standing(text).of, 5);
    assert_eq!(
        room.outcome(text),
        Outcome::Open { needs: 1 },
        "nor does their objection count"
    );
    room.yes([3], text);
    assert!(room.passed(text));
    let own = room.propose(6, What::Lift(ik(6)));
    assert_eq!(room.outcome(own), Outcome::Unfounded);
    // Their own leave counts.
    room.hear(6, Counting::Leave);
    assert!(!room.holds(6) && room.tally().suspended.is_empty());
}

#[test]
pub(super) fn suspensions_one_after_the_other_take_half_of_all_who_were_not_suspended() {
    let mut room = Room::of(6);
    room.decide(1..=4, What::Suspend(ik(6)));
    let next = room.decide(1..=2, What::Suspend(ik(5)));
    assert_eq!(room.standing(next).needed, 3);
    room.yes([3], next);
    assert!(room.passed(next));
    let last = room.decide(1..=2, What::Suspend(ik(4)));
    assert_eq!(
        room.outcome(last),
        Outcome::Open { needs: 1 },
        "three at least"
    );
}

#[test]
pub(super) fn mutual_removals_are_a_conflict_with_both_sides() {
    let mut room = Room::of(4);
    let base = room.tally().view;
    let one = room.propose_on(1, What::Remove(ik(2)), base, vec![]);
    let two = room.propose_on(2, What::Remove(ik(1)), base, vec![]);
    room.yes([1, 3], one);
    room.yes([2, 4], two);
    let conflicts = room.tally().conflicts;
    assert_eq!(conflicts.len(), 1);
    let sides = &conflicts[0].sides;
    let holds = |side: &Seats, person| side.seat_of(&ik(person)).is_some();
    let (first, second) = match conflicts[0].motions == [one, two] {
        true => (&sides[0], &sides[1]),
        false => (&sides[1], &sides[0]),
    };
    assert!(holds(first, 1) && !holds(first, 2));
    assert!(holds(second, 2) && !holds(second, 1));
    assert!(conflicts[0].motions.contains(&two));
}

#[test]
pub(super) fn opposite_decisions_about_one_seat_are_a_conflict_unless_one_rests_on_the_other() {
    let mut room = Room::of(3);
    room.decide([1, 2], What::Add(ik(9)));
    let (base, frontier) = (room.tally().base, room.tally().frontier);
    let promote = room.decide([1, 2], What::Promote(ik(9)));
    let mut after = room.clone();
    let remove = room.propose_on(3, What::Remove(ik(9)), base, frontier);
    room.yes([2, 3], remove);
    assert!(room.passed(promote) && room.passed(remove));
    assert_eq!(room.tally().conflicts.len(), 1);
    after.decide([1, 2, 3], What::Remove(ik(9)));
    assert!(after.tally().conflicts.is_empty() && !after.holds(9));
}

#[test]
pub(super) fn who_came_back_with_another_computer_is_still_whom_a_decision_is_about() {
    let mut room = Room::of(4);
    let back = What::Return {
        seat: ik(1),
        computer: ik(9),
    };
    room.decide([2, 3], back);
    let (base, frontier) = (room.tally().base, room.tally().frontier);
    let one = room.propose_on(9, What::Remove(ik(2)), base, frontier.clone());
    let two = room.propose_on(2, What::Remove(ik(1)), base, frontier);
    room.yes([9, 3], one);
    room.yes([2, 4], two);
    assert!(room.passed(one) && room.passed(two));
    assert_eq!(room.tally().conflicts.len(), 1);
}

#[test]
pub(super) fn who_comes_back_to_a_full_group_does_not_lose_their_seat_by_it() {
    let mut room = Room::of(64);
    let back = What::Return {
        seat: ik(4),
        computer: ik(99),
    };
    let returns = room.decide([1, 2], back);
    assert!(room.passed(returns) && room.holds(4) && !room.holds(99));
    let add = room.decide([1, 2], What::Add(ik(99)));
    assert!(room.passed(add) && !room.holds(99));
    assert_eq!(
        room.tally().frontier,
        [add],
        "though neither changed anything"
    );
}
