//! How people become friends: invitations, the words they compare, and a table with many at it.
//! PROTOCOL §2.

/// Words in a safety comparison: 12 x 11 = 132 bits, so that a man in the middle who needs two
/// pairs of keys with the same words must try 2^66 times 64 MiB.
pub const SAFETY_WORDS: usize = 12;
/// Memory of one safety computation, in KiB: dear to search, bearable on a Raspberry Pi.
pub const SAFETY_MEMORY_KIB: u32 = 64 * 1024;
/// Passes over that memory.
pub const SAFETY_PASSES: u32 = 3;
/// Message 3 of an invitation and the verdict record, in bytes.
pub const CLAIM_BYTES: usize = 512;
/// Invitations open at once.
pub const INVITES_OPEN_MAX: usize = 32;
/// Invitations made in a day, so that a thief of the screen cannot befriend the world.
pub const INVITES_PER_DAY_MAX: u32 = 20;
/// The shortest life of an invitation, in seconds: a QR shown across a table.
pub const INVITE_LIFETIME_SECONDS_MIN: u64 = 10 * 60;
/// The longest, in seconds: the post time.
pub const INVITE_LIFETIME_SECONDS_MAX: u64 = 30 * 24 * 3600;
/// First messages of an invitation answered while it is open; then it is dead.
pub const INVITE_ASKS_MAX: usize = 64;
/// First messages answered in a day once it is claimed: the joiner's honest retries.
pub const INVITE_RETRIES_PER_DAY_MAX: u32 = 8;
/// First messages of one invitation answered in all: those above and two weeks of retries, as many
/// tags as fit its record; then silence.
pub const INVITE_TAGS_MAX: usize = 192;
/// Runs of one invitation at once.
pub const INVITE_RUNS_MAX: usize = 3;
/// People at a meeting: as many as can be heard one after the other, and their list fits one record.
pub const MEETING_PEOPLE_MAX: usize = 64;
/// Fewest: one comparison is between two.
pub const MEETING_PEOPLE_MIN: usize = 2;
/// Runs of a meeting that may break off with shares opened. Each is one try for whoever is in between.
pub const MEETING_RUNS_MAX: u8 = 3;
/// Connections of a meeting's listener that have not taken a seat: enough for all at once. When full
/// the oldest goes, so that nobody holds all places by silence.
pub const MEETING_PENDING_MAX: usize = 64;
/// How often people may come and go in one meeting, as its host tells it: each is an entry to look at.
pub const MEETING_COMINGS_MAX: u32 = 4096;
/// Longest life of a meeting, in milliseconds: a round of sixty takes half an hour.
pub const MEETING_MS: u32 = 90 * 60 * 1000;
/// How long who opened a meeting still passes on what the others say, once done, in milliseconds.
pub const MEETING_LINGER_MS: u64 = 10 * 60 * 1000;
/// Words of a room's secret: 88 bits, read from a board.
pub const MEETING_SECRET_WORDS: usize = 8;
/// Lines of which a listener picks the one that was read: who says yes to anything is right once in so
/// many times.
pub const MEETING_LINES: usize = 4;
/// Words in each: 44 bits, and one try for whoever is in between.
pub const MEETING_WORDS: usize = 4;
/// Addresses in an invitation: `flags` has two bits for their number.
pub const INVITE_ADDRS_MAX: usize = 3;
/// All addresses of an invitation together: one onion service; more makes the QR outgrow a terminal.
pub const INVITE_ADDRS_BYTES_MAX: usize = 35;
/// The secret of an invitation: nobody tries 2^128 of them.
pub const INVITE_SECRET_BYTES: usize = 16;
/// Typed text that may still be an invitation: the longest, with a blank after each character.
pub const INVITE_TEXT_BYTES_MAX: usize = 1024;
