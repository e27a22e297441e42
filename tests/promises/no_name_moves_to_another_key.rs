//! Bare is mine: what somebody says to be called changes no name that I gave.

use crate::world::{each_seed, impostors};

#[test]
fn whoever_says_to_be_somebody_else_gets_no_name_of_theirs() {
    each_seed("an_impostor", 60, impostors);
}
