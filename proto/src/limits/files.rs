//! Files between two friends, and bundles that are carried by hand.

use super::{ACK_IDS_MAX, BUCKETS, LINK_WINDOW_BYTES, UNACKNOWLEDGED_MAX};

/// A piece of a file, in bytes: with its head and all else it fills the largest parcel, KEM key included.
pub const FILE_CHUNK_BYTES: usize = 63_488;
/// The name of a file on the wire, in bytes: as long as file systems let one be.
pub const FILE_NAME_BYTES_MAX: usize = 255;
/// Columns of a file's name as it is shown and saved: it stands in one line beside other words.
pub const FILE_NAME_COLUMNS_MAX: usize = 80;
/// The largest file, in bytes: a photograph is 5 MB, a poster 10. Two of them fit the share that files
/// have of the usual disk.
pub const FILE_BYTES_MAX: u64 = 16 << 20;
/// Files of mine on their way to one friend: who has more to give may wait, or make one of them.
pub const FILES_TO_FRIEND_MAX: usize = 4;
/// Files of one friend that are offered, on their way, or here and not taken out: twice as many as an
/// honest node has under way, since what ended there may not have ended here. More are not heard.
pub const FILES_FROM_FRIEND_MAX: usize = 8;
/// Offers of one friend that a human is told of in a day of the node's age; of more nobody is told.
pub const FILES_TOLD_PER_DAY_MAX: u32 = 32;
/// Files of all friends together, both ways: each has a record.
pub const FILES_MAX: usize = 1024;
/// Bytes of all files together, however large the disk: 17,000 pieces, each with a leaf of the key tree.
pub const FILES_BYTES_MAX: u64 = 1 << 30;
/// Pieces of files that are sealed and wait for one friend: what one link takes at once.
pub const FILE_CHUNKS_WAITING_MAX: usize = LINK_WINDOW_BYTES / BUCKETS[2];
/// Of those, bytes under way on one link: two seconds of a slow one. A text goes before all others.
pub const FILE_LINK_BYTES: usize = 4 * BUCKETS[2];
/// How often a friend may ask for a file from some piece on: once, and whenever their disk went back.
pub const FILE_STARTS_MAX: u8 = 8;
/// How long a person's program may leave a file half handed in, in milliseconds; then it is dropped.
pub const FILE_FILLING_MS: u64 = 10 * 60 * 1000;
/// A bundle that is carried by hand is a multiple of this, in bytes: it tells no more of how much is in it.
pub const CARRY_UNIT_BYTES: usize = 1 << 20;
/// The longest bundle, in bytes: two hundred pieces of files or thousands of texts; to look through one
/// costs a second, whoever made it.
pub const CARRY_BYTES_MAX: usize = 16 << 20;
/// Acknowledgements that are made for a bundle at once, 40 messages each: those of a whole session, and
/// they go through the local socket in one line.
pub const CARRY_ACKS_MAX: usize = UNACKNOWLEDGED_MAX.div_ceil(ACK_IDS_MAX);
/// How long what waits for a friend is sealed to be carried after a program asked for it, in
/// milliseconds: it asks again at once until all is read, unless it was stopped.
pub const CARRY_SEALS_MS: u64 = 60 * 1000;
/// A part of a bundle as it goes through the local socket, in bytes: three of the largest parcels, in
/// base64 well within a line.
pub const CARRY_PART_BYTES: usize = 3 * BUCKETS[2];
