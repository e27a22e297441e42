//! Parcels that friends keep for each other: boxes, tokens, visits. PROTOCOL §5.

use super::{BUCKETS, INVITE_ADDRS_BYTES_MAX, INVITE_ADDRS_MAX};

/// Tokens of one box below which a friend asks for more.
pub const TOKENS_LOW: usize = 8;
/// The last tokens of a box: kept for asking for more and for giving some, so that two who are never
/// there together cannot both run dry.
pub const TOKENS_RESERVED: usize = 4;
/// Tokens of one box that are kept: those of an answer that came twice, and of one that was late.
pub const TOKENS_HELD_MAX: usize = 48;
/// Batches of tokens of one box that a friend gets in a day: 20 x 16 visits of 64 parcels.
pub const TOKEN_BATCHES_PER_DAY_MAX: u32 = 20;
/// Boxes of mine, each at another friend's: one that is always there, and some for its bad days.
pub const BOXES_OF_MINE_MAX: usize = 4;
/// Shortest time until what waits for a friend who is away goes to a keeper, in milliseconds. It is
/// drawn between the two, so that whoever watches cannot tell what arrived from what left.
pub const RELAY_MS_MIN: u64 = 1_000;
/// Longest such time, in milliseconds.
pub const RELAY_MS_MAX: u64 = 30_000;
/// Shortest time until what came again by a keeper is acknowledged again, in milliseconds; drawn, or a keeper
/// of both sides' boxes would hand an old parcel in and watch where the answer goes.
pub const REPLAY_MS_MIN: u64 = 15 * 60 * 1000;
/// Longest such time, in milliseconds.
pub const REPLAY_MS_MAX: u64 = 2 * 3600 * 1000;
/// First pause after a box could not be reached, in milliseconds; doubled up to the longest.
pub const BOX_REST_MS_MIN: u64 = 60_000;
/// Longest such pause, in milliseconds, and that after a box that was full.
pub const BOX_REST_MS_MAX: u64 = 3600 * 1000;
/// Longest pause after a visit that nobody answered though it cost a token, in milliseconds: one a day, so
/// a batch outlasts a keeper's bad week.
pub const BOX_SILENT_MS_MAX: u64 = 24 * 3600 * 1000;
/// Days after which a friend gets tokens unasked, when they come back or are still away: theirs may be used
/// up in silence, and who has none cannot ask; or of a generation that has ended, which takes seventeen days
/// if a hundred friends are so given some and one more asks all day.
pub const TOKENS_UNASKED_DAYS: u32 = 10;
/// Parcels on their way into a box that await its word, or the disk's: one of the largest would be read
/// beside seven.
pub const LEAVING_AT_ONCE: usize = 8;
/// How long a keeper may take for one step of a visit, in milliseconds: a parcel of 64 KiB over Tor, and
/// its disk.
pub const VISIT_STEP_MS: u32 = 60_000;
/// Minutes after which a parcel that somebody keeps goes to a keeper again, if nobody acknowledged it: the
/// acknowledgement may be lost, or the box.
pub const LEAVE_AGAIN_MINUTES: u32 = 3 * 24 * 60;
/// Pause between two looks into a box of mine, in milliseconds.
pub const FETCH_MS: u64 = 15 * 60 * 1000;
/// First pause after a look that failed, in milliseconds; doubled up to the other.
pub const FETCH_MS_MIN: u64 = 60 * 1000;
/// Addresses of a keeper, as in an invitation.
pub const MAILBOX_ADDRS_MAX: usize = INVITE_ADDRS_MAX;
/// All of them together, in bytes: one onion service.
pub const MAILBOX_ADDRS_BYTES_MAX: usize = INVITE_ADDRS_BYTES_MAX;
/// What a box may hold if nothing else was said, in KiB.
pub const MAILBOX_KIB: u32 = (MAILBOX_BYTES >> 10) as u32;
/// The most that may be offered, asked for or granted, in KiB.
pub const MAILBOX_KIB_MAX: u32 = (MAILBOX_BYTES_MAX >> 10) as u32;
/// Tokens of one generation of a mailbox: a bitmap of 512 bytes tells which were spent.
pub const TOKENS_PER_GENERATION: u16 = 4096;
/// Generations of tokens that open a mailbox: friends who were away for two of them can still leave
/// something.
pub const GENERATIONS_LIVE: usize = 3;
/// Conditions on one token: each is a hand through which it went.
pub const CAVEATS_MAX: usize = 8;
/// All of them together, in bytes: what a flight has room for.
pub const CAVEATS_BYTES_MAX: usize = 200;
/// Tokens in one batch, which fits the smallest bucket.
pub const TOKENS_PER_BATCH_MAX: usize = 16;
/// Parcels that one token admits: a day's talk; a text, its acknowledgement and what was missed.
pub const VISIT_PARCELS_MAX: u32 = 64;
/// What a mailbox may hold unless its owner was granted more, in bytes: a month of talk.
pub const MAILBOX_BYTES: u64 = 8 << 20;
/// What it may hold at most, in bytes: pictures too.
pub const MAILBOX_BYTES_MAX: u64 = 64 << 20;
/// Parcels in one mailbox: as many of the smallest bucket as 8 MiB have room for.
pub const MAILBOX_PARCELS_MAX: usize = 4096;
/// Mailboxes that a node keeps: each is two hints more for every stranger, and a bitmap of 1.5 KiB.
pub const MAILBOXES_MAX: usize = 32;
/// Visits to one mailbox in a minute, and as many by its owner: each costs a Diffie-Hellman and a commit.
pub const VISITS_PER_MINUTE_MAX: u32 = 60;
/// Visitors of one mailbox at once: each may hold two records and a parcel in memory.
pub const VISITORS_AT_ONCE_MAX: usize = 16;
/// How long the owner of a mailbox may take to say that parcels are safe, in milliseconds: a commit on a
/// slow disk, over Tor.
pub const FETCH_STEP_MS: u32 = 60_000;
/// What a mailbox sends its owner before it hears that some of it is safe, in bytes: two parcels of the
/// largest bucket, or some sixty of the smallest.
pub const FETCH_WINDOW_BYTES: usize = 2 * BUCKETS[2];
