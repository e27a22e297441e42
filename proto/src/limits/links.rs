//! The mute door, and the link behind it: flights, stamps, records, frames. PROTOCOL §3.

/// First flight of a link, in bytes: room for a stamp and Noise's 53 bytes, and all look alike.
pub const FLIGHT_BYTES: usize = 512;
/// First flight of an invitation, in bytes: it holds an ML-KEM encapsulation key of 1184.
pub const INVITE_FLIGHT_BYTES: usize = 1536;
/// What is read of a stranger before anything is decided, in bytes: nonce and `find`.
pub const KNOCK_BYTES: usize = 40;
/// Stamps at or beyond this are refused, so that adding to one never overflows.
pub const STAMP_END: u64 = 1 << 62;
/// Stamps above the floor that are remembered per friend and door; when full the highest goes, so
/// that forged far-future stamps lock nobody out.
pub const STAMPS_SEEN_MAX: usize = 64;
/// One block of a record, in bytes. Records are whole blocks, so sizes on the wire are coarse.
pub const RECORD_BLOCK_BYTES: usize = 512;
/// Blocks in a record: 16 KiB, small enough to hold in memory per connection.
pub const RECORD_BLOCKS_MAX: usize = 32;
/// Room for data in the largest record: 16384 less length 2, tag 16, used 2.
pub const RECORD_DATA_BYTES_MAX: usize = RECORD_BLOCK_BYTES * RECORD_BLOCKS_MAX - 20;
/// Records under one key before its sender renews it: far below what ChaCha20-Poly1305 bears.
pub const RECORDS_PER_KEY_MAX: u32 = 1 << 20;
/// A frame's body, in bytes: the largest parcel is 65536, a little room for later kinds.
pub const FRAME_BYTES_MAX: usize = 66_000;
/// Sessions a Hello may name: active, previous, pending, parked.
pub const HELLO_SESSIONS_MAX: usize = 4;
/// How long a step of a mute handshake may take, in milliseconds.
pub const DOOR_STEP_MS: u32 = 10_000;
/// How long the joiner waits for a verdict, in milliseconds.
pub const VERDICT_MS: u32 = 60_000;
/// Failures after an accepted stamp that a friend may have in a minute before its flights are
/// ignored until the minute is over.
pub const FAILED_LINKS_PER_MINUTE_MAX: u32 = 30;
/// Words about room that a friend may say in a minute; each may make a window of parcels go again.
/// Whoever says more loses the link.
pub const ROOM_WORDS_PER_MINUTE_MAX: u32 = 30;
/// Flights of one friend that were answered and have not opened a link: the addresses that an
/// honest friend tries at once. Beyond it the oldest makes room.
pub const SHAKEN_PER_FRIEND_MAX: usize = 3;
/// Sealed bytes under way on one link before acknowledgements are awaited.
pub const LINK_WINDOW_BYTES: usize = 1 << 20;
/// Time between two parcels that say nothing on one link, in milliseconds, about: it is drawn anew for each,
/// from half to one and a half of it. A minute: 3.5 MiB a day and link on the wire.
pub const COVER_MS: u64 = 60_000;
/// What one of them takes on the wire, in bytes: five blocks of a record.
pub const COVER_WIRE_BYTES: u64 = 2560;
/// Parcels of a chain after which none of them is sent before the friend says something: what people say
/// has the rest.
pub const COVER_CHAIN_MAX: u32 = 1000;
