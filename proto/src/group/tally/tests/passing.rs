//! What passes, by how many.

use super::*;

const OPEN: Outcome = Outcome::Open { needs: 0 };

#[test]
fn one_and_their_sponsor_let_somebody_watch_and_a_sponsor_alone_does_not() {
    let mut room = Room::of(5);
    let add = room.propose(1, What::Add(ik(9)));
    assert_eq!(room.outcome(add), Outcome::Open { needs: 1 });
    room.close(1, add);
    assert_eq!(room.outcome(add), Outcome::Open { needs: 1 });
    room.say(2, add, Position::Agree);
    assert_eq!(room.outcome(add), OPEN, "not the last word yet");
    room.close(2, add);
    assert!(room.passed(add) && room.role(9) == Some(Role::Spectator));

    let mut room = Room::of(5);
    let add = room.propose(1, What::Add(ik(9)));
    room.yes(2..=3, add);
    assert_eq!(room.outcome(add), OPEN, "the sponsor has not closed");
    room.say(1, add, Position::Abstain);
    room.close(1, add);
    assert_eq!(room.outcome(add), Outcome::Failed);
}

#[test]
fn half_of_all_make_a_member_of_a_spectator() {
    let mut room = Room::of(5);
    room.decide([1, 2], What::Add(ik(9)));
    let promote = room.propose(1, What::Promote(ik(9)));
    room.yes([1, 2], promote);
    assert_eq!(room.outcome(promote), Outcome::Open { needs: 1 });
    room.yes([3], promote);
    assert!(room.passed(promote) && room.role(9) == Some(Role::Member));
    let all = room.decide(
        1..=5,
        What::Policy(Policy {
            hours: 9,
            ..Policy::default()
        }),
    );
    assert_eq!(
        room.outcome(all),
        Outcome::Open { needs: 1 },
        "the new one decides too"
    );
    room.yes([9], all);
    assert_eq!(room.tally().policy.hours, 9);
}

#[test]
fn silence_is_not_yes_but_an_objection_holds_up_before_its_last_word() {
    let mut room = Room::of(4);
    let text = room.decide([1, 2], What::Text { file: [0; 32] });
    assert!(room.passed(text));
    room.say(3, text, Position::Object);
    assert_eq!(room.outcome(text), Outcome::Blocked);
    room.say(3, text, Position::Abstain);
    assert!(room.passed(text), "it was taken back before its last word");
}

#[test]
fn two_thirds_of_the_others_remove_somebody_whoever_objects() {
    let mut room = Room::of(7);
    let remove = room.propose(1, What::Remove(ik(7)));
    room.say(6, remove, Position::Object);
    room.yes(1..=3, remove);
    assert_eq!(room.standing(remove).needed, 4);
    assert_eq!(room.outcome(remove), Outcome::Open { needs: 1 });
    room.yes([4], remove);
    assert!(room.passed(remove) && !room.holds(7));
}

#[test]
fn a_motion_that_too_few_can_agree_to_failed() {
    let mut room = Room::of(4);
    let remove = room.propose(1, What::Remove(ik(4)));
    for other in [2, 3] {
        room.say(other, remove, Position::Abstain);
    }
    assert_eq!(room.outcome(remove), Outcome::Open { needs: 1 });
    room.close(2, remove);
    room.close(3, remove);
    assert_eq!(room.outcome(remove), Outcome::Failed);
}

#[test]
fn only_its_author_takes_a_motion_back_and_not_after_their_last_word() {
    let mut room = Room::of(3);
    let text = room.propose(1, What::Text { file: [0; 32] });
    room.say(2, text, Position::Withdrawn);
    assert_ne!(room.outcome(text), Outcome::Withdrawn);
    let mut closed = room.clone();
    room.say(1, text, Position::Withdrawn);
    assert_eq!(room.outcome(text), Outcome::Withdrawn);
    closed.close(1, text);
    closed.say(1, text, Position::Withdrawn);
    assert_ne!(closed.outcome(text), Outcome::Withdrawn);
}

#[test]
fn a_poll_counts_each_seats_last_choice() {
    let mut room = Room::of(3);
    let choices = ["lundi", "mardi", "jamais"].map(String::from);
    let poll = room.propose(
        1,
        What::Poll {
            choices: choices.to_vec(),
        },
    );
    for (author, choice) in [(1, 0), (1, 1), (2, 1), (3, 0), (3, 7)] {
        room.say(author, poll, Position::Choice(choice));
    }
    room.say(2, poll, Position::Object);
    assert_eq!(room.standing(poll).counts, [1, 2, 0]);
    assert_eq!(room.outcome(poll), OPEN);
    (1..=3).for_each(|author| {
        room.close(author, poll);
    });
    assert!(room.passed(poll));
}

#[test]
fn a_groups_own_rule_holds_for_all_but_removals_and_suspensions() {
    let mut room = Room::by(5, Preset::Majority);
    let text = room.propose(1, What::Text { file: [0; 32] });
    room.say(5, text, Position::Object);
    room.yes([1, 2], text);
    assert_eq!(room.outcome(text), Outcome::Open { needs: 1 });
    room.yes([3], text);
    assert!(room.passed(text));

    let mut room = Room::by(5, Preset::Of(1));
    let add = room.decide([1], What::Add(ik(9)));
    assert_eq!(
        room.outcome(add),
        Outcome::Open { needs: 1 },
        "never one alone"
    );
    room.yes([2], add);
    let promote = room.decide([3], What::Promote(ik(9)));
    assert!(room.passed(promote));
    let remove = room.decide([1, 2, 3], What::Remove(ik(9)));
    assert_eq!(room.outcome(remove), Outcome::Open { needs: 1 });
    let suspend = room.decide([1, 2, 3], What::Suspend(ik(9)));
    assert_eq!(room.outcome(suspend), Outcome::Open { needs: 1 });

    let mut small = Room::by(3, Preset::Of(9));
    let text = small.decide(1..=3, What::Text { file: [0; 32] });
    assert!(small.passed(text), "nobody asks for more than there are");
}

#[test]
fn a_policy_governs_what_rests_on_it_and_nothing_else() {
    let mut room = Room::of(3);
    let before = room.propose(1, What::Text { file: [0; 32] });
    let policy = Policy {
        preset: Preset::Of(1),
        ..Policy::default()
    };
    room.decide(1..=3, What::Policy(policy));
    room.yes([1], before);
    assert!(!room.passed(before));
    let after = room.decide([2], What::Text { file: [1; 32] });
    assert!(room.passed(after));
}

#[test]
fn somebody_returns_by_two_who_met_them_keeps_their_role_and_speaks_by_the_new_computer() {
    let mut room = Room::of(4);
    let back = |seat, computer| What::Return {
        seat: ik(seat),
        computer: ik(computer),
    };
    let one = room.propose(1, back(4, 9));
    room.close(1, one);
    room.yes([4], one);
    assert!(!room.passed(one), "their own yes is none");
    room.yes([2], one);
    assert!(room.passed(one) && room.role(9) == Some(Role::Member));
    let tally = room.tally();
    let seat = tally.seats.seat_of(&ik(4)).unwrap();
    assert_eq!((&seat.computers, seat.voice), (&vec![ik(4), ik(9)], ik(9)));
    let text = room.propose(1, What::Text { file: [0; 32] });
    room.say(4, text, Position::Object);
    assert_ne!(
        room.outcome(text),
        Outcome::Blocked,
        "the old computer speaks no more"
    );
    room.say(9, text, Position::Object);
    assert_eq!(room.outcome(text), Outcome::Blocked);
    // There is room for four; then the one that is named goes.
    for computer in [10, 11, 12] {
        room.decide([1, 2], back(4, computer));
    }
    let tally = room.tally();
    let seat = tally.seats.seat_of(&ik(12)).unwrap();
    assert_eq!(seat.computers, [ik(9), ik(10), ik(11), ik(12)]);
}

#[test]
fn whoever_leaves_is_out_and_can_be_let_in_again() {
    let mut room = Room::of(4);
    room.decide([1, 2], What::Add(ik(9)));
    for round in 0..4 {
        room.hear(9, Counting::Leave);
        assert!(!room.holds(9), "{round}");
        let add = room.decide([1, 2], What::Add(ik(9)));
        assert!(room.passed(add) && room.holds(9), "{round}");
    }
}

#[test]
fn nothing_goes_to_who_is_suspended_or_out() {
    let mut room = Room::of(5);
    assert!(!room.tally().silent_to(&ik(5)) && room.tally().silent_to(&ik(9)));
    room.decide(1..=3, What::Suspend(ik(5)));
    assert!(room.tally().silent_to(&ik(5)));
    let lift = room.propose(2, What::Lift(ik(5)));
    assert!(room.passed(lift), "a position is its own last word");
    assert!(!room.tally().silent_to(&ik(5)));
}
