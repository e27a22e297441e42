//! The engine's thread and the local socket, and what a person may hand to the program.

use super::{BACKUP_BYTES, BUCKETS};

/// Inputs the engine takes before it looks whether a commit can begin.
pub const INPUTS_PER_TURN_MAX: usize = 256;
/// The longest the engine's thread sleeps, in milliseconds: a laptop that slept is awake by then.
pub const SLEEP_MS_MAX: u64 = 15_000;
/// How long a starting node waits to learn its own addresses, in milliseconds: invitations name them.
pub const LISTENING_WAIT_MS: u64 = 2_000;
/// How long a wipe, its slot destroyed, waits for a commit before it takes the rest from under it,
/// in seconds.
pub const WIPE_WAITS_SECONDS: u64 = 5;
/// Events that a listener on the local socket may lag behind before it is dropped.
pub const EVENTS_WAITING_MAX: usize = 1024;
/// A line on the local socket, in bytes, either way: the longest backup in base64, and what is around
/// it. One message of 32 KiB whose every byte JSON writes as six takes half.
pub const CONTROL_LINE_BYTES_MAX: usize = 384 * 1024;
const _: () = assert!(
    BACKUP_BYTES[BACKUP_BYTES.len() - 1].div_ceil(3) * 4 + 1024 <= CONTROL_LINE_BYTES_MAX,
    "the longest backup goes through in one line"
);
/// Room kept in an answer of messages for all that is not messages, in bytes.
pub const INBOX_ENVELOPE_BYTES: usize = 1024;
/// Texts in the script of a made transcript: each becomes two parcels, and all of it must fit in one
/// line of the local socket, in hex.
pub const SCRIPT_LINES_MAX: usize = 24;
/// Parcels of a transcript: the first four, then a text and its acknowledgement each.
pub const TRANSCRIPT_PARCELS_MAX: usize = 4 + 2 * SCRIPT_LINES_MAX;
/// All parcels of a transcript together, in bytes: as many of the smallest bucket as there may be.
pub const TRANSCRIPT_PARCEL_BYTES_MAX: usize = BUCKETS[0] * TRANSCRIPT_PARCELS_MAX;
/// The file of a transcript, in bytes: its parcels in hex, and keys; fits a line of the local socket.
pub const TRANSCRIPT_FILE_BYTES_MAX: usize = 240 * 1024;
/// The file of a script, in bytes: its texts and who says them.
pub const SCRIPT_FILE_BYTES_MAX: u64 = 128 * 1024;
/// Clients of the local socket at once: a person has a few windows open; a script that leaks
/// connections stops here.
pub const CONTROL_CLIENTS_MAX: usize = 32;
/// Questions of one client that wait for their answers; then it is not read on: 8 MiB at worst.
pub const CONTROL_ASKED_MAX: usize = 32;
/// How long a client may leave the node waiting with a line it does not read, in seconds.
pub const CONTROL_WRITE_SECONDS_MAX: u64 = 10;
/// The longest settings file that is read, in bytes: far more than all settings need.
pub const CONFIG_BYTES_MAX: u64 = 64 * 1024;
/// A file or a pipe with an invitation, in bytes: it has a few hundred letters, more is a wrong file.
pub const CODE_FILE_BYTES_MAX: u64 = 16 * 1024;
/// A picture with an invitation in it, in bytes: a screen or a photograph as PNG.
pub const SCAN_FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Pixels of one that is decoded: a photograph has 12 million; four bytes each are held.
pub const SCAN_PIXELS_MAX: usize = 16 * 1024 * 1024;
/// Pixels of the longer side, to which it is shrunk: a code that fills a fifth of it has four to a
/// module, and the corners of codes that fit in there can be told in time.
pub const SCAN_SIDE_PIXELS: usize = 1000;
/// A passphrase, in bytes: a book's page; more is a wrong file.
pub const PASSPHRASE_BYTES_MAX: usize = 4096;
/// The answer to a question, in bytes.
pub const TYPED_ANSWER_BYTES_MAX: u64 = 16 * 1024;
/// A line typed in a conversation, in bytes: what fits in no message is refused by the node.
pub const TYPED_LINE_BYTES_MAX: u64 = 64 * 1024;
/// How often the person's own program is run for new messages at most, in seconds: a flood must not
/// become one of processes.
pub const HOOK_EVERY_SECONDS: u64 = 10;
/// How long that program may take, in seconds; then it is ended.
pub const HOOK_RUNS_SECONDS_MAX: u64 = 30;
/// The most messages that it is told of at once: nobody needs to know more than "many".
pub const HOOK_TOLD_MAX: u32 = 100;
/// What names that program and what it is given, in words.
pub const HOOK_WORDS_MAX: usize = 16;
