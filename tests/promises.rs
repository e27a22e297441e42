//! What Kith promises, each as a test whose name is the sentence; and the attacks of ATTACKS
//! that need more than one module to be seen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says its seed"
)]

mod world;

mod promises {
    mod a_bad_friend_breaks_nothing;
    mod a_rolled_back_disk_is_noticed;
    mod a_session_begins_once;
    mod an_invitation_makes_one_friend;
    mod any_storm_passes;
    mod each_attack_has_its_test;
    mod friends_talk;
    mod full_is_an_answer;
    mod guides_say_the_same_in_both_languages;
    mod late_and_out_of_order;
    mod no_name_moves_to_another_key;
    mod nothing_can_be_signed;
    mod nothing_is_kept_beyond_its_time;
    mod nothing_lost_on_restart;
    mod one_link_stays;
    mod stranger_hears_nothing;
    mod the_wire_is_noise;
    mod what_a_friend_keeps_arrives;
    mod whoever_is_blocked_hears_nothing;
}
