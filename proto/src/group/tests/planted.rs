//! Bugs planted in the machine on purpose: attacks by hand or some schedules find each of them.

use std::panic::catch_unwind;

use super::schedules::{plan, run};
use super::{
    attacks, comers, floods, lives, model, newcomers, otherwise, policies, spectators, watch,
};
use crate::planted::{Bug, plant};

const BY_HAND: [fn(); 26] = [
    attacks::who_tells_two_things_is_seen_by_both_sides_within_one_beacon,
    attacks::motions_and_unknown_parents_have_a_bound,
    spectators::who_watches_gets_what_is_for_all_and_nothing_of_the_members,
    spectators::who_becomes_a_member_is_sent_nothing_of_before,
    attacks::who_was_removed_or_suspended_is_sent_nothing_more,
    attacks::a_window_that_is_over_is_said_to_be,
    lives::a_restored_author_writes_in_a_new_life_and_nobody_is_accused,
    lives::a_node_is_after_each_start_as_it_was,
    newcomers::a_newcomer_does_not_believe_one_who_tells_of_another_set,
    newcomers::who_is_out_by_what_a_newcomer_was_told_is_sent_nothing_again,
    newcomers::who_proposed_a_newcomer_and_lies_is_corrected_by_the_others,
    newcomers::what_somebody_sent_before_i_knew_that_i_am_there_is_missing_until_it_comes,
    newcomers::the_first_that_each_who_was_there_says_to_me_is_shown_at_once_however_late,
    newcomers::what_somebody_said_is_not_shown_again_when_they_come_back_after_everybody_forgot_it,
    newcomers::what_is_lost_of_the_first_words_of_who_was_forgotten_and_is_back_is_said_again,
    comers::what_is_said_to_somebody_right_after_their_suspension_is_shown_at_once,
    comers::who_leaves_is_out_on_their_other_computers_too,
    newcomers::who_is_new_and_shows_what_nobody_else_does_is_told_again_how_it_stands,
    otherwise::an_objection_that_a_liar_says_to_one_alone_is_shown_as_two_results,
    newcomers::what_comes_with_a_new_set_is_not_believed_of_the_first_who_tells_it,
    floods::a_motion_over_its_authors_bound_opens_no_window_and_gets_no_last_word,
    floods::one_seat_that_floods_takes_nobodys_room,
    floods::however_much_somebody_is_made_to_close_their_other_words_count,
    floods::who_asks_for_the_same_again_and_again_is_sent_it_once_an_hour,
    floods::whom_an_outsider_proposes_is_not_heard,
    policies::a_policy_leaves_time_to_answer,
];

const SEEDS: u64 = 40;

fn finds(bug: Option<Bug>) -> bool {
    plant(bug);
    let by_hand = BY_HAND.iter().any(|attack| catch_unwind(attack).is_err());
    let schedule = |seed| catch_unwind(|| watch::finally(&run(seed, &plan(seed)))).is_err();
    let mut seeds = 1..=SEEDS;
    let found = by_hand || seeds.any(schedule);
    plant(None);
    found
}

#[test]
fn each_bug_planted_in_the_machine_is_found() {
    let missed: Vec<Bug> = Bug::IN_GROUPS
        .into_iter()
        .filter(|bug| !finds(Some(*bug)))
        .collect();
    assert!(missed.is_empty(), "nobody found {missed:?}");
    assert!(!finds(None), "without a bug something fails too");
}

#[test]
fn a_machine_that_sends_to_who_was_removed_is_found_among_all_states() {
    assert!(model::finds(Bug::RemovedSentTo));
}
