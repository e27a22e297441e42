//! Every bound there is, its unit in its name, and why it is what it is. PROTOCOL, Appendix A.
//!
//! Full is an answer somebody sees, never a silent loss.

/// Words in a safety comparison: 12 x 11 = 132 bits, so that a man in the middle who needs two
/// pairs of keys with the same words must try 2^66 times 64 MiB.
pub const SAFETY_WORDS: usize = 12;
/// Memory of one safety computation, in KiB: dear to search, bearable on a Raspberry Pi.
pub const SAFETY_MEMORY_KIB: u32 = 64 * 1024;
/// Passes over that memory.
pub const SAFETY_PASSES: u32 = 3;

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

/// The lengths a parcel can have, in bytes: a short text, a long one, a piece of a file.
pub const BUCKETS: [usize; 3] = [2048, 8192, 65536];
/// Parcels in one chain, and so the largest gap whose keys are kept: a bag of 1000 shuffled
/// messages must open, and their acknowledgements beside them.
pub const CHAIN_PARCELS_MAX: u32 = 1280;
/// Skipped keys kept in one session.
pub const SKIPPED_PER_SESSION_MAX: usize = 2048;
/// Past receiving chains whose header keys are kept, for late parcels.
pub const OLD_CHAINS_MAX: usize = 32;
/// Sealed parcels of one session that await an acknowledgement; later texts wait unsealed, so that
/// every one of them fits into a chain.
pub const UNACKNOWLEDGED_MAX: usize = 1000;
/// A text, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;
/// Message ids in one acknowledgement: fits the smallest bucket.
pub const ACK_IDS_MAX: usize = 40;
/// Parcels a friend's node remembers having opened, so that each is shown once.
pub const SEEN_PARCELS_MAX: usize = 4096;

/// Marks on one letter: Hebrew, Arabic and Vietnamese need at most three; forty hide other lines.
pub const MARKS_PER_LETTER_MAX: usize = 4;
/// Directions inside directions: no honest line nests deeper, Unicode's own bound is 125.
pub const BIDI_DEPTH_MAX: usize = 8;
/// A nickname is quoted beside other words: longer ones would push these off the line.
pub const NICK_COLUMNS_MAX: usize = 24;

/// A petname stands in a column of lists and before every line that is said.
pub const PETNAME_COLUMNS_MAX: usize = 32;
/// 32 columns of two-byte letters with a mark each; fits the `len u8` of every layout.
pub const PETNAME_BYTES_MAX: usize = 128;
/// Offered when nobody is called so; more would be a list of friends.
pub const NEAR_NAMES_MAX: usize = 3;

/// Addresses in an invitation: `flags` has two bits for their number.
pub const INVITE_ADDRS_MAX: usize = 3;
/// All addresses of an invitation together: one onion service; more makes the QR outgrow a terminal.
pub const INVITE_ADDRS_BYTES_MAX: usize = 35;
/// The secret of an invitation: nobody tries 2^128 of them.
pub const INVITE_SECRET_BYTES: usize = 16;
/// Typed text that may still be an invitation: the longest, with a blank after each character.
pub const INVITE_TEXT_BYTES_MAX: usize = 1024;
