//! Messages that wait, are here, or were read: how many, how long, and how far a clock is believed.

use super::DISK_BYTES_MAX;

/// Minutes that post may take, if nothing else was set: a month away is not the end of a friendship.
pub const POST_MINUTES: u32 = 30 * 24 * 60;
/// The shortest such time, in minutes: a friend's computer may sleep for a day.
pub const POST_MINUTES_MIN: u32 = 24 * 60;
/// The longest, in minutes: keys of late parcels wait as long, for us and for whoever takes the disk.
pub const POST_MINUTES_MAX: u32 = 90 * 24 * 60;
/// Minutes that a message is kept once it was read, if nothing else was set.
pub const KEEP_MINUTES: u32 = 7 * 24 * 60;
/// The longest that anything read is kept, in minutes: a year. This is no archive.
pub const KEEP_MINUTES_MAX: u32 = 366 * 24 * 60;
/// How far the wall clock may have gone over a stop to be believed at once, in milliseconds: a day
/// too early erases nothing that was not near its end.
pub const LEAP_MS_MAX: u64 = 24 * 3600 * 1000;
/// How long a node runs with a clock that went further until it believes it, in milliseconds: long
/// enough for somebody, or the network, to put it right.
pub const LEAP_BELIEVED_MS: u64 = 24 * 3600 * 1000;
/// A wall clock that moves so much against the boot clock was set, in milliseconds; less is drift.
pub const CLOCK_SET_MS: u64 = 60 * 1000;
/// How often a node's age is stored if nothing else is, in minutes.
pub const AGE_STORED_MINUTES: u32 = 60;
/// Messages to one friend that may wait, sealed or not.
pub const OUTBOX_PER_FRIEND_MAX: usize = 4096;
/// Unsealed texts fetched from the disk at once, to be sealed.
pub const FETCHES_MAX: usize = 16;
/// Messages of one friend that may wait to be read; then they are not acknowledged and their
/// author keeps them.
pub const UNREAD_PER_FRIEND_MAX: usize = 4096;
/// Messages of all friends that may wait to be read: each has a leaf of the key tree.
pub const UNREAD_PER_NODE_MAX: usize = 65_536;
/// Messages to all friends that may wait: each has two leaves of the key tree.
pub const OUTBOX_PER_NODE_MAX: usize = 32_768;
/// Lines of one conversation that are kept after they were read: years of talk. Then the oldest go.
pub const HISTORY_PER_FRIEND_MAX: usize = 16_384;
/// Lines of all conversations that are kept: each has a leaf of the key tree.
pub const HISTORY_PER_NODE_MAX: usize = 65_536;
/// Messages that were given up and are remembered as such, should somebody ask.
pub const GIVEN_UP_MAX: usize = 64;
/// Lines in one answer to a reader of the history.
pub const HISTORY_ANSWER_MAX: u32 = 200;
/// What a text or a parcel takes on the disk besides its bytes: the records around it.
pub const BODY_COST_BYTES: u64 = 512;
/// Least that all texts and parcels may take, in bytes, however small the disk.
pub const BODIES_BYTES_MIN: u64 = 4 << 20;
/// What all texts and parcels may take, in bytes, if nothing else was set: a quarter of the disk cap,
/// since a log-structured file is several times as long as what it holds.
pub const BODIES_BYTES: u64 = DISK_BYTES_MAX / 4;
/// Minutes that a message waits for those its author wrote before it.
pub const ORDER_WAIT_MINUTES: u32 = 24 * 60;
/// Messages in one answer to a reader; the next ones are asked for.
pub const INBOX_ANSWER_MAX: u32 = 50;
