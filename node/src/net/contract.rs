//! What the engine's thread orders of the network, and what the network has to say.

use std::io;
use std::net::SocketAddr;

use kith_proto::engine::{Addr, ConnId, Handle, Knock, Toward};
use kith_proto::link::Records;
use kith_proto::profile::Ways;
use kith_proto::secret::Said;
use tokio::sync::{oneshot, watch};

use super::tor::TorState;
use super::wire::Credit;
use crate::config::{ControlPort, SocksPort};
use crate::control::No;

/// Where it is said where meetings were found.
pub type Found = oneshot::Sender<Result<Vec<Addr>, No>>;

/// What the engine wants of the network; the network effects of `engine::Effect`, bodies at hand.
pub enum Order {
    /// Open a TCP connection; then [`News::Connected`] or [`News::Closed`].
    Dial {
        /// Its number, odd, never used before.
        conn: ConnId,
        /// Whom we hope to find.
        handle: Handle,
        /// Where.
        addr: Addr,
    },
    /// Ask whoever is at the end of a link to put me through; then as after [`Order::Dial`].
    DialThrough {
        /// Its number, odd, never used before.
        conn: ConnId,
        /// The link.
        via: ConnId,
        /// Where to.
        circuit: [u8; 16],
    },
    /// Write bytes on a mute connection.
    Write {
        /// The connection.
        conn: ConnId,
        /// As they are.
        bytes: Vec<u8>,
    },
    /// Read exactly so many bytes on a mute connection, or close it.
    Read {
        /// The connection.
        conn: ConnId,
        /// How many.
        bytes: usize,
        /// For at most so long.
        within_ms: u32,
    },
    /// The handshake is done: from here on the connection carries records.
    Link {
        /// The connection.
        conn: ConnId,
        /// Whose link it is.
        handle: Handle,
        /// Seals and opens its records.
        records: Box<Records>,
    },
    /// Send one frame on a link, after [`News::Opened`].
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`, not 0.
        kind: u8,
        /// At most `FRAME_BYTES_MAX` bytes.
        body: Vec<u8>,
    },
    /// Find out whether the other end of a link still answers; then [`News::Probed`].
    Probe(ConnId),
    /// Listen for beacons, or do not any more.
    Hear(bool),
    /// Send a beacon from this address of ours.
    Beacon {
        /// One of [`News::Near`].
        from: Addr,
        /// `BEACON_BYTES` bytes.
        bytes: Vec<u8>,
    },
    /// Close a connection without a word; frames ordered before still leave if they can.
    Close(ConnId),
    /// Open a listener for a meeting and tell of it; then [`News::MeetingOpen`], and [`News::Guest`]s.
    OpenMeeting,
    /// Close it; its connections go on.
    CloseMeeting,
    /// Let Tor publish our onion service, of this key; then it is among [`News::Listening`].
    Publish(Said),
    /// Look for meetings of others, and say where they are.
    FindMeetings(Found),
}

impl Order {
    /// Which connection it is for, if it is for one.
    pub(super) fn conn(&self) -> Option<ConnId> {
        Some(match self {
            Order::Dial { conn, .. }
            | Order::DialThrough { conn, .. }
            | Order::Write { conn, .. }
            | Order::Read { conn, .. }
            | Order::Link { conn, .. }
            | Order::Frame { conn, .. }
            | Order::Probe(conn)
            | Order::Close(conn) => *conn,
            Order::Hear(_)
            | Order::Beacon { .. }
            | Order::OpenMeeting
            | Order::CloseMeeting
            | Order::Publish(_)
            | Order::FindMeetings(_) => return None,
        })
    }
}

/// What the network has to say. [`News::Closed`] comes once, and last, for each connection the
/// engine knows of: those it dialled, and those of which it got a [`News::Flight`].
pub enum News {
    /// A dialled connection is open: nothing was sent on it yet.
    Connected(ConnId),
    /// A stranger's first bytes: 40, then the whole flight if the answer was [`Knock::More`]. To be
    /// answered without a side effect: the asker may be gone by then.
    Knock {
        /// The number the connection will have if it is let in; even.
        conn: ConnId,
        /// 40, 512 or 1536 bytes.
        bytes: Vec<u8>,
        /// Where the answer goes; dropped means [`Knock::Stranger`].
        reply: oneshot::Sender<Knock>,
        /// Drop it with the rest.
        credit: Credit,
    },
    /// The friend at the end of this link asks to be put through. To be answered without a side effect.
    Circuit {
        /// The link.
        conn: ConnId,
        /// Where to.
        handle: [u8; 16],
        /// Where the answer goes; dropped means [`Toward::Nobody`].
        reply: oneshot::Sender<Toward>,
    },
    /// The whole first flight of a connection that was let in.
    Flight {
        /// The connection.
        conn: ConnId,
        /// 512 or 1536 bytes.
        bytes: Vec<u8>,
        /// Whether a friend put it through to us.
        through: bool,
    },
    /// Exactly the bytes that [`Order::Read`] asked for.
    Bytes {
        /// The connection.
        conn: ConnId,
        /// As many as were asked for.
        bytes: Vec<u8>,
    },
    /// The friend's substream is open: frames can go.
    Opened(ConnId),
    /// One frame came in on a link.
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`, not 0.
        kind: u8,
        /// At most `FRAME_BYTES_MAX` bytes.
        body: Vec<u8>,
        /// The friend is read no further than credit goes: drop it when the frame is dealt with.
        credit: Credit,
    },
    /// What [`Order::Probe`] found out.
    Probed {
        /// The connection.
        conn: ConnId,
        /// Whether the other end answered in time.
        alive: bool,
    },
    /// The connection is over, or could not be opened.
    Closed(ConnId),
    /// The addresses at which this node can be reached now, best first.
    Listening(Vec<Addr>),
    /// Those from which beacons may go, with those that only neighbours can use.
    Near(Vec<Addr>),
    /// What came from this host to where beacons go, at most `BEACONS_PER_SECOND_MAX` in a second.
    Beacon {
        /// Where it came from.
        from: Addr,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// Where the meeting's listener can be found now; nowhere if it could not be opened.
    MeetingOpen(Vec<Addr>),
    /// Somebody connected to it, with this number: it is told of like those that were dialled.
    Guest(ConnId),
}

/// Why the network did not start. Names an address of the person's own: for them, not for a log.
#[derive(Debug, PartialEq, Eq)]
pub enum CannotListen {
    /// Another program listens there.
    Taken(SocketAddr),
    /// This machine has no such address.
    NotHere(SocketAddr),
    /// The system does not allow it; ports below 1024 are reserved.
    Forbidden(SocketAddr),
    /// The system said something else.
    Refused(SocketAddr, io::ErrorKind),
    /// No thread, no reactor or no randomness.
    NoMeans,
}

/// What a person set of the network.
#[derive(Clone, Default)]
pub struct Setup {
    /// Where friends can knock; nowhere is fine.
    pub listen: Vec<SocketAddr>,
    /// Without them there is no [`News::Near`], and so none are sent.
    pub beacons: bool,
    /// Which ways to others are open. What is not is neither called nor told nor heard.
    pub ways: Ways,
    /// Where Tor takes calls of ours.
    pub socks: SocksPort,
    /// Where Tor is told of our service.
    pub control: ControlPort,
    /// Where it is shown how far that is.
    pub tor: watch::Sender<TorState>,
}
