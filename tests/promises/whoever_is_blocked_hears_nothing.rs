//! Whom I block gets not a byte more than a stranger, and loses nothing but the time.

use crate::world::{blocked_friend, each_seed};

#[test]
fn a_blocked_friend_hears_nothing_and_loses_nothing() {
    each_seed("a_blocked_friend", 60, blocked_friend);
}
