//! What Kith promises, each as a test whose name is the sentence; and the attacks of PROTOCOL §9
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
    mod an_invitation_makes_one_friend;
    mod friends_talk;
    mod late_and_out_of_order;
    mod nothing_lost_on_restart;
    mod one_link_stays;
    mod stranger_hears_nothing;
}
