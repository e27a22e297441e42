//! What two friends say to each other: parcels, chains, sessions, acknowledgements. PROTOCOL §4.

/// The lengths a parcel can have, in bytes: a short text, a long one, a piece of a file.
pub const BUCKETS: [usize; 3] = [2048, 8192, 65536];
/// Parcels in one chain, and so the largest gap whose keys are kept: a bag of 1000 shuffled
/// messages must open, and their acknowledgements beside them.
pub const CHAIN_PARCELS_MAX: u32 = 1280;
/// Skipped keys kept in one session.
pub const SKIPPED_PER_SESSION_MAX: usize = 2048;
/// Past receiving chains whose header keys are kept, for late parcels.
pub const OLD_CHAINS_MAX: usize = 32;
/// Root steps whose values are remembered: as far as two disks may drift apart and still go on without
/// asking their people. A thief's copy is stale after as many.
pub const CONTINUITY_VALUES: usize = 8;
/// Sessions that a side begins anew with one friend in a day, or lets take another's place without
/// asking its human: more is no accident.
pub const RESETS_PER_DAY_MAX: u32 = 4;
/// Times that an offer of mine is sent before it gives way to one of the friend's that it crosses.
pub const OFFER_REPEATS_MAX: u32 = 4;
/// Until an offer that brought no answer is sent again, in milliseconds, the first two times: the minute is
/// over in which the friend may have looked at no more of them. After that it is an hour.
pub const OFFER_AGAIN_MS: u64 = 90 * 1000;
/// Offers of one friend that are looked at in a minute: each costs two Diffie-Hellman steps and a
/// commit.
pub const OFFERS_PER_MINUTE_MAX: u32 = 4;
/// Words of a session that two people compare aloud: 44 bits, and one try for whoever lies.
pub const SESSION_WORDS: usize = 4;
/// My chains after which an unacknowledged parcel is sealed anew: well before the peer forgets the
/// chain it was sealed in.
pub const RESEAL_CHAINS: u32 = 24;
/// Parcels, both ways, after which a conversation takes its next KEM step: what somebody learned of
/// it opens at most so many more, once an X25519 key no longer hides anything.
pub const KEM_STEP_MESSAGES: u32 = 50;
/// Minutes after which it does so if it is slower.
pub const KEM_STEP_MINUTES: u32 = 24 * 60;
/// Sealed parcels of one session that await an acknowledgement; later texts wait unsealed, so that
/// every one of them fits into a chain.
pub const UNACKNOWLEDGED_MAX: usize = 1000;
/// A text, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;
/// Message ids in one acknowledgement: fits the smallest bucket.
pub const ACK_IDS_MAX: usize = 40;
/// How long an acknowledgement waits for others to go with it, in milliseconds, once a chain has
/// grown: at first it goes with the commit, which gathers enough.
pub const ACK_PAUSE_MS: u64 = 20;
/// Parcels of a chain after which that pause begins, then doubles, again and again. A chain grows
/// long only if nothing of it is answered; at its end a parcel takes hours, so lost ones hardly
/// wear it out.
pub const ACK_PAUSE_DOUBLES_PARCELS: u32 = 64;
/// How long the erasing of an acknowledged message may wait to go with another commit, in
/// milliseconds: nobody finds it in between who did not find it just before.
pub const ERASE_PAUSE_MS: u64 = 100;
/// Parcels a friend's node remembers having opened, so that each is shown once.
pub const SEEN_PARCELS_MAX: usize = 4096;
/// Skipped keys of all sessions of a node together.
pub const SKIPPED_PER_NODE_MAX: usize = 16_384;
