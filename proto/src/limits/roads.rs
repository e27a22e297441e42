//! How a friend is reached: addresses, dials, beacons, circuits through another.

use super::{
    ONION_PENDING_SECONDS, ONION_PROBE_EVERY_SECONDS, PROBE_SECONDS, SHAKEN_PER_FRIEND_MAX,
};

/// Addresses of one friend that are dialled at once; the others have their turn.
pub const ADDRS_AT_ONCE: usize = SHAKEN_PER_FRIEND_MAX;
/// First pause between two dials of a friend, in milliseconds; doubled up to the longest.
pub const REDIAL_MS_MIN: u64 = 1_000;
/// Longest pause between two dials, in milliseconds.
pub const REDIAL_MS_MAX: u64 = 600_000;
/// Pauses of so many milliseconds and more end with a full second of the boot clock, so that a node
/// with a hundred absent friends wakes once for all that are due.
pub const REDIAL_MS_ROUNDED: u64 = 8_000;
/// Dials under way at once.
pub const DIALS_MAX: usize = 16;
/// Dials of boxes among them, others' and my own: what waits for absent friends keeps no friend waiting.
pub const BOX_DIALS_MAX: usize = 4;
/// Dials under way at once to where a beacon of a friend came from, beside those: dead addresses of
/// others do not keep who is in the same room waiting.
pub const BEACON_DIALS_MAX: usize = 8;
/// Pause between two dials of one friend that beacons bring about, in milliseconds: a recorded beacon
/// that is sent again and again makes no more of them.
pub const BEACON_DIAL_PAUSE_MS: u64 = 10_000;
/// Friends whom one beacon is for; the others have their turn. With nonce it is half an Ethernet frame.
pub const BEACON_TAGS: usize = 64;
/// A beacon, in bytes, however many friends there are: a nonce of 24, and 10 for each entry.
pub const BEACON_BYTES: usize = 24 + 10 * BEACON_TAGS;
/// First pause between two beacons, in milliseconds, after something changed; doubled up to the longest.
pub const BEACON_MS_MIN: u64 = 2_000;
/// Longest pause between two beacons, in milliseconds: who comes later is heard at once.
pub const BEACON_MS_MAX: u64 = 60_000;
/// For so long the tags of beacons are the same function of the nonce, in milliseconds. The one before
/// and the one after hold too: clocks that are wrong by a time zone or two find each other, and a
/// recorded beacon says nothing more after half a day.
pub const BEACON_SLOT_MS: u64 = 4 * 3600 * 1000;
/// Own addresses from which beacons go: cable, two radios, a hotspot, some bridges.
pub const NEAR_ADDRS_MAX: usize = 8;
/// Addresses kept for one friend, and told to one: cable and radio, both families, an onion service.
pub const FRIEND_ADDRS_MAX: usize = 8;
/// Handles in one list of addresses: one leads to a person through every friend of both.
pub const HANDLES_MAX: usize = 1;
/// How long a list of addresses that an absent friend was told waits before another is sealed for
/// them, in minutes: a laptop that moves all day leaves four parcels, not forty.
pub const ADDRESSES_AGAIN_MINUTES: u32 = 6 * 60;
/// Pause after a change of the machine's network in which a further one brings about no dials, in
/// milliseconds: an interface that comes and goes makes no storm.
pub const NETWORK_PAUSE_MS: u64 = 15_000;
/// Circuits that one node opens or puts through by one friend's link at once: its own, and those in which
/// that friend is either end.
pub const CIRCUITS_PER_LINK_MAX: usize = 2;
/// How long a circuit may wait for the first bytes of each side, in seconds: the door's steps, by Tor.
pub const CIRCUIT_FIRST_SECONDS: u64 = ONION_PENDING_SECONDS;
/// How long one side of a circuit may be silent after that, in seconds: each asks whether the other is
/// there, and answers.
pub const CIRCUIT_SILENCE_SECONDS: u64 = 2 * ONION_PROBE_EVERY_SECONDS + PROBE_SECONDS;
/// Asks to be put through that one friend may make in a minute: a few absent people, each sought by
/// turns; what is beyond is closed unread.
pub const CIRCUIT_ASKS_PER_MINUTE_MAX: u32 = 60;
/// What goes through one circuit, both ways together, in bytes: a day of talk, a few pictures.
pub const CIRCUIT_BYTES_MAX: u64 = 64 << 20;
/// The longest life of a circuit, in seconds; after it the two may have found a way of their own.
pub const CIRCUIT_SECONDS_MAX: u64 = 3600;
/// A link through a friend counts as so many attempts to dial: a way without them is tried after a minute
/// or so, then less and less often, up to `REDIAL_MS_MAX`.
pub const CIRCUIT_ATTEMPTS: u32 = 6;
/// Friends who are asked at once to put me through to another; the others have their turn.
pub const CIRCUITS_AT_ONCE: usize = 2;
