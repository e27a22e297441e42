//! Somebody puts an older copy of a disk back: both sides notice at the first word of the next link,
//! both are told, and no parcel moves between them. So no key and no number is used a second time,
//! and nothing is shown a second time. Without a word in between there is nothing to notice.

use crate::world::{each_seed, older_disk, same_disk};

#[test]
fn an_older_disk_is_noticed_said_and_sends_nothing() {
    each_seed("an_older_disk_is_noticed", 200, older_disk);
}

#[test]
fn a_copy_of_the_same_moment_changes_nothing() {
    each_seed("a_copy_of_the_same_moment", 20, same_disk);
}
