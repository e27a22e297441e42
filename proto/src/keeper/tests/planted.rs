//! Bugs that are planted in the keeper: its tests find each. Needs the feature `planted`.

use super::{attacks, visits};
use crate::planted::{Bug, plant};

#[test]
fn every_bug_of_a_keeper_is_found() {
    let tests: [fn(); 5] = [
        visits::an_answer_leaves_after_its_token_is_spent_on_the_disk,
        visits::only_a_good_receipt_deletes,
        attacks::a_flood_by_token_holders_fills_their_box_and_pushes_nothing_out,
        attacks::a_narrowed_token_is_let_in_as_it_was_narrowed_and_opens_nothing_once_its_day_is_over,
        visits::an_owner_is_answered_after_their_stamp_is_on_the_disk,
    ];
    for (bug, test) in Bug::OF_KEEPERS.into_iter().zip(tests) {
        plant(Some(bug));
        let found = std::panic::catch_unwind(test).is_err();
        plant(None);
        assert!(found, "{bug:?}");
    }
}
