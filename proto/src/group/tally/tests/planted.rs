//! Bugs that are planted in the tally: its tests find each. Needs the feature `planted`.

use super::{attacks, voices};
use crate::planted::{Bug, plant};

#[test]
fn every_bug_of_a_tally_is_found() {
    let tests: [fn(); 8] = [
        attacks::an_objection_made_before_ones_last_word_counts_however_late_it_comes,
        attacks::spectators_never_decide,
        attacks::of_two_halves_neither_suspends_the_other,
        attacks::nothing_counts_after_ones_last_word_and_nobody_has_two,
        attacks::a_motion_counts_only_on_exactly_the_base_that_it_rests_on,
        voices::computers_of_one_seat_neither_contradict_nor_vote_twice,
        attacks::who_is_suspended_neither_decides_nor_is_counted,
        attacks::who_is_to_be_removed_does_not_decide_about_it,
    ];
    for (bug, test) in Bug::OF_GROUPS.into_iter().zip(tests) {
        test();
        plant(Some(bug));
        let found = std::panic::catch_unwind(test).is_err();
        plant(None);
        assert!(found, "{bug:?}");
    }
}
