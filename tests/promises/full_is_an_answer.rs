//! Everything has a bound, and whoever meets it is told: nothing is lost in silence, nothing grows
//! for ever.

use crate::world::{full_inbox, full_outbox, lost_parcels};

#[test]
fn a_full_outbox_is_said_and_what_is_in_it_arrives_in_order() {
    full_outbox();
}

#[test]
fn a_full_inbox_is_said_and_the_rest_comes_once_it_is_read() {
    full_inbox();
}

#[test]
fn keys_that_wait_for_lost_parcels_are_bounded() {
    lost_parcels();
}
