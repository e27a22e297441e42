//! Bugs planted in groups among friends, each found by a test.

use super::*;
use crate::planted::{Bug, plant};

#[test]
fn every_bug_of_groups_among_friends_is_found() {
    let tests: [(Bug, fn()); 5] = [
        (
            Bug::RemovedLeftWaiting,
            decided::nothing_reaches_who_was_removed,
        ),
        (Bug::ShownBeforeYes, a_text_before_the_yes_is_shown_after_it),
        (
            Bug::LeftGroupKept,
            left::leaving_erases_every_record_and_piece,
        ),
        (
            Bug::StraysUnbounded,
            bounds::strays_are_bounded_and_erased_in_time,
        ),
        (
            Bug::GroupsUnbounded,
            bounds::groups_and_asks_into_them_are_bounded,
        ),
    ];
    assert_eq!(tests.map(|(bug, _)| bug), Bug::AMONG_FRIENDS);
    for (bug, test) in tests {
        plant(Some(bug));
        let found = std::panic::catch_unwind(test).is_err();
        plant(None);
        assert!(found, "{bug:?}");
    }
}
