//! The mute door between friends.

/// Seals and opens the records of one link. (to come)
pub struct Records;
