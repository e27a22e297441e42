//! Bugs planted in the code of files, each found by a test.

use super::bounds::{crowd, files_have_a_share_of_the_disk_on_both_sides_and_no_more};
use super::*;
use crate::planted::{Bug, plant};

#[test]
fn every_bug_of_files_is_found() {
    let tests: [(Bug, fn()); 6] = [
        (
            Bug::CarriedUnacknowledged,
            crate::engine::tests::carry::a_bundle_may_come_again_in_pieces_in_any_order_and_cut_anywhere,
        ),
        (
            Bug::FilesUnbounded,
            files_have_a_share_of_the_disk_on_both_sides_and_no_more,
        ),
        (
            Bug::FileOffersUnbounded,
            || crowd(100),
        ),
        (
            Bug::FilePieceForgotten,
            wherever_either_is_stopped_the_file_arrives_once,
        ),
        (
            Bug::FileHashIgnored,
            what_is_not_what_was_offered_is_erased_on_both_sides,
        ),
        (
            Bug::FilesFirst,
            a_text_overtakes_a_file_and_a_file_never_fills_the_link,
        ),
    ];
    for (bug, test) in tests {
        plant(Some(bug));
        let found = std::panic::catch_unwind(test).is_err();
        plant(None);
        assert!(found, "{bug:?}");
    }
}
