//! What lies on the disk: records, the key tree, the passphrase's cost, backups, room.

/// Bytes of a text or parcel in one record of the store: the whole record stays below 4 KiB.
pub const CHUNK_BYTES: usize = 3584;
/// Lengths of a backup, in bytes: the shortest holds some ten friends, the third as many as there can
/// be, the longest all of them while identities are renewed; it goes through the local socket in one line.
pub const BACKUP_BYTES: [usize; 4] = [16 << 10, 64 << 10, 184 << 10, 272 << 10];
/// Candidate edges of one friend in a backup, the newest.
pub const BACKUP_EDGES_MAX: usize = 2;
/// Addresses of one friend in a backup, the newest.
pub const BACKUP_ADDRS_MAX: usize = 3;
/// Leaves of the key tree, three levels of 64: more ratchets, conversations and days than a node
/// with all its friends comes to, and 30 MiB of keys in memory at worst.
pub const LEAVES_MAX: u32 = 64 * 64 * 64;
/// A record's logical name, in bytes: three hashes of 32 and some words between them.
pub const RECORD_NAME_BYTES_MAX: usize = 128;
/// A record's body, in bytes: with name and envelope exactly the 4096 up to which sled keeps a
/// value in its log; what is longer it spills into files that it never syncs.
pub const RECORD_BODY_BYTES_MAX: usize = 3904;
/// Least memory that a try of the passphrase costs, in KiB (OWASP's floor for argon2id).
pub const KDF_MEMORY_KIB_MIN: u32 = 19 * 1024;
/// Most, in KiB: a slot that asks for more was damaged or forged, and no Pi could open it.
pub const KDF_MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// Least passes over that memory.
pub const KDF_PASSES_MIN: u32 = 2;
/// Most: with the most memory a minute of waiting, not a day.
pub const KDF_PASSES_MAX: u32 = 16;
/// Most lanes: we compute them one after the other, so more would only be slower for us.
pub const KDF_LANES_MAX: u32 = 16;
/// What a node's data may take on its disk unless the settings say otherwise, in bytes: files, waste
/// included. A third of it can live; a copy without waste then always fits beside the old files.
pub const DISK_BYTES_MAX: u64 = 512 << 20;
/// The least that the settings may allow, in bytes: below, the database's own waste is most of it.
pub const DISK_BYTES_MIN: u64 = 64 << 20;
/// What the file system must have left, in bytes, for the node to take anything new in: erasing and
/// acknowledging need some of it.
pub const DISK_FREE_BYTES_MIN: u64 = 8 << 20;
/// The file that is deleted when the disk is too full to open the store, in bytes: what opening, and
/// erasing enough to go on, take together.
pub const BALLAST_BYTES: u64 = 8 << 20;
/// Length of the write-ahead log, in bytes: some thirty commits of one message each, so that what the
/// database costs is spread over them; what is in it is held in memory too.
pub const WAL_BYTES: usize = 512 << 10;
/// Waste that is not worth a copy when nothing else is to be done, in bytes.
pub const WASTE_IDLE_BYTES_MAX: u64 = 4 << 20;
/// Files that a node must be able to open besides those it was given, or it does not start: its store,
/// sockets and event queues, and a few connections.
pub const DESCRIPTORS_MIN: u32 = 32;
/// Quiet after which waste is given back and the disk is looked at again, in seconds.
pub const STORE_IDLE_SECONDS: u64 = 30;
