//! Friends, their computers, and the secrets of an edge: how many, how old, and how they come back
//! after a loss. PROTOCOL §1, §2.

use super::INVITE_RETRIES_PER_DAY_MAX;

/// Friends a node can have: a flight is tried against every hint in some 20 microseconds.
pub const FRIENDS_MAX: usize = 256;
/// Computers of one person: a laptop, a telephone, a machine at home, and as many again; each costs
/// every message once more.
pub const COMPUTERS_MAX: usize = 6;
/// Candidate roots of an edge that has not linked yet: each run of an invitation makes one. As many
/// as the inviter answers in a day, so that runs cut short push out no root that it holds.
pub const CANDIDATE_ROOTS_MAX: usize = 1 + INVITE_RETRIES_PER_DAY_MAX as usize;
/// Minutes of the node's age after which an edge gets new secrets: a disk that was copied opens what
/// is said at the door for a month at most.
pub const ROTATE_MINUTES: u32 = 30 * 24 * 60;
/// Links after which it does, whatever the age: about as many as a month of a phone's network brings.
pub const ROTATE_LINKS: u32 = 1000;
/// Former identities of mine that friends have not let go. Each is a secret more on the disk.
pub const FORMER_IDENTITIES_MAX: usize = 8;
/// New identities of one friend that a human is told of in a day. More are asked about, one at a time, and
/// not told: who has so many is no friend, or not alone.
pub const IDENTITIES_TOLD_PER_DAY_MAX: u32 = 3;
/// Former edges of one friend at which a knock is still known. Each is a MAC more for every stranger.
pub const FORMER_DOORS_MAX: usize = 2;
/// For how long it is, in minutes: some make a backup once a year.
pub const FORMER_DOOR_MINUTES: u32 = 400 * 24 * 60;
/// Pause before a human is told again of such knocks, in minutes: whoever knocks does so every hour.
pub const FORMER_KNOCK_MINUTES: u32 = 24 * 60;
/// Epochs are below this: what is above is kept for what is no epoch.
pub const EPOCH_END: u32 = 1 << 31;
/// How long after an ask for a new epoch it is said again, if it was not answered, in minutes.
pub const ROTATE_AGAIN_MINUTES: u32 = 24 * 60;
/// Connections that met silence before a friend is dialled under the last resort. Fewer are what a
/// restart, or a budget that is used up, looks like.
pub const SILENCES_MIN: u32 = 3;
/// Time in which they must come together, in milliseconds.
pub const SILENCES_MS: u64 = 24 * 3600 * 1000;
/// Pause between two dials under the last resort, in milliseconds.
pub const RECOVERY_PAUSE_MS: u64 = 3600 * 1000;
/// How far the stamps of a restored node leap ahead, in milliseconds: past all that its former life
/// sent; and with each dial under the last resort, past what a life between sent by another clock. 35
/// years; below `STAMP_END` there is room for four million.
pub const RECOVERY_LEAP: u64 = 1 << 40;
