//! The network part of the shell. It stands where strangers are, so all it does is counted.

use super::{CIRCUITS_PER_LINK_MAX, FRAME_BYTES_MAX, LINK_WINDOW_BYTES, RECORD_DATA_BYTES_MAX};

/// Inbound connections that have not shown a valid tag: enough for every friend at once, little
/// memory. When full the oldest goes, so that nobody can lock friends out by holding places.
pub const PENDING_MAX: usize = 64;
/// Of those, from one IPv4 /24 or IPv6 /64; loopback is not counted, all onion peers look like it.
pub const PENDING_PER_PREFIX_MAX: usize = 8;
/// How long a connection may take to show a valid tag, in seconds.
pub const PENDING_SECONDS: u64 = 5;
/// How long one may take who comes through Tor, in seconds: their bytes cross six relays.
pub const ONION_PENDING_SECONDS: u64 = 30;
/// Strangers who are read and not answered, outside the pool; the oldest is closed.
pub const DISCARDING_MAX: usize = 256;
/// Least that is read of a stranger before closing, in bytes. The budget is drawn once per start,
/// so that it tells nothing about what was wrong.
pub const DISCARD_BYTES_MIN: usize = 4 * 1024;
/// Most that is read of a stranger before closing, in bytes.
pub const DISCARD_BYTES_MAX: usize = 64 * 1024;
/// Shortest time after its first moment at which a stranger is closed, in seconds.
pub const DISCARD_SECONDS_MIN: u64 = 10;
/// Longest such time, in seconds.
pub const DISCARD_SECONDS_MAX: u64 = 60;
/// Knocks the engine has not looked at; others wait, so that a flood fills no queue.
pub const KNOCKS_WAITING_MAX: usize = 64;
/// Longest time to open a TCP connection, in seconds: the kernel asks four times; slow mobile networks,
/// not dead hosts, which each keep one of `DIALS_MAX` places.
pub const CONNECT_SECONDS: u64 = 10;
/// Longest time to reach an onion service, in seconds: Tor looks up where it is, and builds two ways.
pub const ONION_CONNECT_SECONDS: u64 = 90;
/// Pause between two questions whether the other end of a link through Tor is there, in seconds: the
/// kernel sees only this machine's own Tor. With the time for an answer, dead after less than a minute.
pub const ONION_PROBE_EVERY_SECONDS: u64 = 40;
/// The port that an onion service of ours has at its address: the same for all, it tells nothing.
pub const ONION_PORT: u16 = 24_617;
/// What Tor makes a service of, in bytes.
pub const ONION_KEY_BYTES: usize = 64;
/// Connections that one visitor's way through Tor may carry at once; Tor ends the way of who wants more.
pub const ONION_STREAMS_MAX: u32 = 8;
/// Tor's answers on its control port, in bytes a line; those we ask for are far shorter.
pub const TOR_LINE_BYTES_MAX: usize = 4096;
/// Lines of one such answer.
pub const TOR_LINES_MAX: usize = 64;
/// How long Tor's control port may take to answer, in seconds.
pub const TOR_ANSWER_SECONDS: u64 = 20;
/// Shortest pause before Tor is asked anew, in seconds; doubles each time.
pub const TOR_RETRY_SECONDS_MIN: u64 = 1;
/// Longest such pause, in seconds: so soon after Tor comes back our service does.
pub const TOR_RETRY_SECONDS_MAX: u64 = 30;
/// Longest life of a connection that is neither closed nor a link, in seconds: a visit to a mailbox, ten
/// minutes for 64 parcels over Tor. An invitation's steps, each `VERDICT_MS` at most, fit in it.
pub const MUTE_SECONDS_MAX: u64 = 600;
/// How long written bytes may wait for a mute connection to take them, in seconds.
pub const MUTE_WRITE_SECONDS: u64 = 10;
/// How long the answering side waits for the first record, in seconds.
pub const FIRST_RECORD_SECONDS: u64 = 10;
/// How long both sides wait for the friend's substream after the handshake, in seconds.
pub const SUBSTREAM_SECONDS: u64 = 10;
/// How long a link may take to answer a probe, in seconds.
pub const PROBE_SECONDS: u64 = 10;
/// How long what was said before a close may still take to leave, in seconds.
pub const CLOSE_SECONDS: u64 = 5;
/// Datagrams read in a second where beacons come; after so many none is until the second is over.
pub const DATAGRAMS_PER_SECOND_MAX: u32 = 512;
/// Of those, beacons that the engine looks at: each costs three short tags for every friend, 0.2 ms
/// for 256 of them.
pub const BEACONS_PER_SECOND_MAX: u32 = 64;
/// Of those, from one host: who listens at its own addresses, changed, sends two in a second.
pub const BEACONS_PER_HOST_MAX: u32 = 4;
/// Connections of a meeting's listener: all who can be there, and as many who have not taken a seat.
/// They are apart from those at the friends' door, so a crowd here keeps no friend out there.
pub const MEETING_CONNS_MAX: usize = 128;
/// Of those, from one host; loopback is not counted. A second try, while the first is still being noticed.
pub const MEETING_CONNS_PER_HOST_MAX: usize = 4;
/// What waits for one of them to read on, in bytes: what sixty others say to one, twice.
pub const MEETING_UNSENT_BYTES_MAX: usize = 1 << 20;
/// The beacon of a meeting, in bytes: a name of 8, a number of 8, a port.
pub const MEETING_BEACON_BYTES: usize = 18;
/// Pause between two beacons of a meeting, in milliseconds: who looks for one waits for three.
pub const MEETING_BEACON_MS: u64 = 1_000;
/// How long a node looks for meetings when somebody asks, in milliseconds.
pub const MEETING_SEARCH_MS: u64 = 3_200;
/// Meetings that one search finds; more is no room but somebody's joke.
pub const MEETINGS_FOUND_MAX: usize = 16;
/// Age at which a link's sender renews its key, in seconds.
pub const LINK_KEY_SECONDS: u64 = 3600;
/// Substreams of one link: the friend's, a probe each way, one to spare, and circuits of which either
/// side is in between.
pub const MUXER_STREAMS_MAX: usize = 4 + 2 * CIRCUITS_PER_LINK_MAX;
/// What all substreams of one link may hold unread, in bytes: yamux's least, 256 KiB for each.
pub const MUXER_WINDOW_BYTES: usize = 2 << 20;
/// Data in one muxer frame, in bytes: with its 12-byte head it fills one record, no more.
pub const MUXER_SPLIT_BYTES: usize = RECORD_DATA_BYTES_MAX - 12;
/// Frames of one link that the engine has not dealt with, in bytes: one in hand, one on the way.
/// Beyond it the friend is not read.
pub const FRAME_CREDIT_BYTES: usize = 2 * (FRAME_BYTES_MAX + FRAME_COST_BYTES);
/// What a frame costs of that besides its body, in bytes, so that empty ones are not free.
pub const FRAME_COST_BYTES: usize = 512;
/// Frames to a friend that wait for them to read on, in bytes: the window and as much in
/// acknowledgements, twice. Whoever lets more pile up loses the link.
pub const LINK_UNREAD_BYTES_MAX: usize = 4 * LINK_WINDOW_BYTES;
/// Silence after which the kernel asks whether the other end of a link is there, in seconds.
pub const KEEPALIVE_IDLE_SECONDS: u64 = 25;
/// Time between such questions, in seconds.
pub const KEEPALIVE_EVERY_SECONDS: u64 = 8;
/// Questions without answer before the link is over, where `UNACKNOWLEDGED_MS` does not end it before:
/// 49 seconds after the last sign of life.
pub const KEEPALIVE_PROBES: u32 = 3;
/// How long sent bytes may stay unacknowledged before the link is over, in milliseconds.
pub const UNACKNOWLEDGED_MS: u32 = 30_000;
/// How long the list of own addresses must be still before it is told, in milliseconds: interfaces
/// come up one by one.
pub const LISTENING_SETTLE_MS: u64 = 200;
