//! Results that hang on the words of who is out: nobody can ask them any more, so whoever holds such a
//! result is told that others may hold another.

use super::*;

fn hangs_on(room: &Room, motion: Hash) -> Vec<Ik> {
    room.tally().results[&motion].hangs_on.clone()
}

#[test]
fn what_waits_for_somebody_who_left_says_so() {
    let mut room = Room::of(4);
    let text = room.propose(1, What::Text { file: [1; 32] });
    room.yes([1, 2], text);
    assert!(hangs_on(&room, text).is_empty());
    room.hear(4, Counting::Leave);
    assert!(room.passed(text), "half of four agreed");
    assert_eq!(
        hangs_on(&room, text),
        [ik(4)],
        "an objection may be on its way to others"
    );
}

#[test]
fn a_result_that_nothing_said_by_who_left_can_change_does_not_hang_on_them() {
    let mut room = Room::of(4);
    let poll = room.propose(1, What::Text { file: [1; 32] });
    room.yes(1..=4, poll);
    room.hear(4, Counting::Leave);
    assert!(room.passed(poll) && hangs_on(&room, poll).is_empty());
}

#[test]
fn a_result_that_needs_the_yes_of_who_left_hangs_on_it() {
    let mut room = Room::of(4);
    let text = room.propose(1, What::Text { file: [1; 32] });
    room.yes([1, 4], text);
    room.close(2, text);
    room.close(3, text);
    room.hear(4, Counting::Leave);
    assert!(room.passed(text));
    assert_eq!(hangs_on(&room, text), [ik(4)]);
    let after = room.propose(1, What::Text { file: [2; 32] });
    room.yes(1..=3, after);
    assert!(
        hangs_on(&room, after).is_empty(),
        "they did not decide about this"
    );
}

#[test]
fn a_removal_hangs_on_nobody_who_was_removed_by_it() {
    let mut room = Room::of(5);
    let remove = room.decide(1..=3, What::Remove(ik(5)));
    room.hear(3, Counting::Leave);
    assert!(room.passed(remove) && !room.holds(5));
    assert_eq!(hangs_on(&room, remove), [ik(3)]);
}
