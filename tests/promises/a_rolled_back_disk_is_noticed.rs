//! Somebody puts an older copy of a disk back: both sides notice at the first word of the next link
//! and are told, before a parcel goes there, and a new session begins; so no key and no number is used
//! a second time. Without a word in between there is nothing to notice. Attacks 22 and 72 of ATTACKS.

use crate::world::{each_seed, much_older_disk, older_disk, same_disk};

#[test]
fn an_older_disk_is_noticed_and_said_and_the_two_go_on_in_one_session() {
    each_seed("an_older_disk_is_noticed", 200, older_disk);
}

#[test]
fn one_that_is_older_than_both_remember_says_nothing_until_both_people_have_compared() {
    each_seed("older_than_both_remember", 40, much_older_disk);
}

#[test]
fn a_copy_of_the_same_moment_changes_nothing() {
    each_seed("a_copy_of_the_same_moment", 20, same_disk);
}
