//! What goes into the engine and what comes out: the whole surface between the core and its shell.
//!
//! The shell calls `handle(now, entropy, Input)`, drains `poll()`, makes what it got durable in one
//! commit, and only then carries out the effects. Nothing here prints itself: most of it names a
//! person or holds words. ARCHITECTURE "The core is pure".

mod answer;
mod carry;
mod contact;
mod event;
mod file;
mod group;
mod mailbox;
mod meeting;
mod request;
mod waiting;
mod why;
mod zone;

use crate::keeper::{BoxGrant, BoxId, KeptBox};
use crate::link::Records;
use crate::profile::Ways;
use crate::secret::{Key, Onion, Said};
use crate::vault::{Erase, Name, Put};

pub use crate::link::ConnId;
pub use crate::wire::Addr;
pub use crate::words::Language;

pub use answer::*;
pub use carry::*;
pub use contact::*;
pub use event::*;
pub use file::*;
pub use group::*;
pub use mailbox::*;
pub use meeting::*;
pub use request::*;
pub use waiting::*;
pub use why::*;
pub use zone::*;

/// By what the network part of the shell knows a friend: a local digest, never sent. 32 bytes. §1
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub [u8; 32]);

/// Who asked, so that the answer finds the way back; chosen by the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub u64);

/// Everything that can happen to a node.
pub enum Input {
    /// A person asks something.
    Ask {
        /// To be given back with the answer.
        asker: AskId,
        /// What is asked.
        request: Request,
    },
    /// The addresses at which this node can be reached now, best first; replaces what was said before.
    Listening(Vec<Addr>),
    /// Those of them from which beacons may go: of networks where neighbours can be, with those that
    /// only neighbours can use. None if the person wants no beacons. Replaces what was said before.
    Near(Vec<Addr>),
    /// A datagram came to where beacons go, from this host, whatever its port.
    Beacon {
        /// Where it came from.
        from: Addr,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// A connection that [`Effect::Dial`] asked for is open: nothing was sent on it yet.
    Connected(ConnId),
    /// The whole first flight of an inbound connection that [`Knock::Known`](super::Knock) let pass.
    Flight {
        /// The connection.
        conn: ConnId,
        /// 512 or 1536 bytes.
        bytes: Vec<u8>,
        /// Whether a friend put it through to me; else it came by a network.
        through: bool,
    },
    /// Exactly the bytes that [`Effect::Read`] asked for.
    Bytes {
        /// The connection.
        conn: ConnId,
        /// As many as were asked for.
        bytes: Vec<u8>,
    },
    /// The friend's substream is open, so records authenticate both ways: frames can go.
    Opened(ConnId),
    /// One frame's type and body came in on a link. §3
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`.
        kind: u8,
        /// At most `FRAME_BYTES_MAX` bytes.
        body: Vec<u8>,
    },
    /// What [`Effect::Probe`] found out.
    Probed {
        /// The connection.
        conn: ConnId,
        /// Whether the other end answered within 10 s.
        alive: bool,
    },
    /// A parcel that came by another road than its author's own link.
    Parcel(Vec<u8>),
    /// What [`Effect::Fetch`] asked for; nothing if it is not there any more.
    Fetched {
        /// The number that was given.
        id: u64,
        /// The bytes.
        text: Option<Said>,
    },
    /// The connection is over, or could not be opened.
    Closed(ConnId),
    /// How long things are kept. Comes first after the start, and whenever it changes.
    Settings(Settings),
    /// Whether the disk has no room for more: then nothing new is taken, and erasing goes on.
    Room {
        /// No room.
        full: bool,
    },
    /// Which boxes there are on the keeper's disk: all of them, once after the start and after every
    /// change.
    Kept(Vec<KeptBox>),
    /// The meeting's own listener is open at these addresses, best first; none if it could not be.
    MeetingOpen(Vec<Addr>),
    /// Somebody connected to it. Nothing was read of them; they are not to knock.
    Guest(ConnId),
    /// The moment of [`wake_at`](super::Engine::wake_at) has come.
    Tick,
}

/// What a person sets for the whole node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long post may take, in minutes: what did not arrive by then is given up, and what was not
    /// opened by then never will be.
    pub post_min: u32,
    /// How long a message is kept once it was read, in minutes; 0 for not at all.
    pub keep_min: u32,
    /// What all texts and parcels together may take, in bytes.
    pub bodies_bytes: u64,
    /// Which ways to others are open.
    pub ways: Ways,
    /// Whether what waits for a friend who is away goes to a keeper at once, without the pause that
    /// hides what it answers: for a demonstration. Nothing that a person can write says so.
    pub hurries: bool,
}

/// What the engine wants done, in this order: `at_once`, then `puts` and `erases` made durable, then
/// `then`.
#[derive(Default)]
pub struct Step {
    /// What to tell whoever listens, without waiting: it rests on another's disk, not on this one.
    pub at_once: Vec<Event>,
    /// Records to write.
    pub puts: Vec<Put>,
    /// Records and keys to destroy.
    pub erases: Vec<Erase>,
    /// What to do once all that is on the disk.
    pub then: Vec<Effect>,
}

/// What the shell does for the engine after a commit.
pub enum Effect {
    /// Listen for beacons, or do not any more. A node without friends never does.
    Hear(bool),
    /// Send a beacon to all who are on the network of this address of mine, from it.
    Beacon {
        /// One of [`Input::Near`].
        from: Addr,
        /// `BEACON_BYTES` bytes.
        bytes: Vec<u8>,
    },
    /// Open a TCP connection to one address; then [`Input::Connected`] or [`Input::Closed`].
    Dial {
        /// The number of the new connection.
        conn: ConnId,
        /// Whom we hope to find; all zeros for a meeting.
        handle: Handle,
        /// Where.
        addr: Addr,
    },
    /// Ask the friend at the end of a link to put me through; then as after [`Effect::Dial`].
    DialThrough {
        /// The number of the new connection.
        conn: ConnId,
        /// Whom we hope to find.
        handle: Handle,
        /// The link.
        via: ConnId,
        /// Where to: 16 bytes that the one we hope to find has drawn.
        circuit: [u8; 16],
    },
    /// Write bytes on a connection that is still mute.
    Write {
        /// The connection.
        conn: ConnId,
        /// As they are.
        bytes: Vec<u8>,
    },
    /// Read exactly so many bytes on a connection that is still mute, or close it.
    Read {
        /// The connection.
        conn: ConnId,
        /// How many.
        bytes: usize,
        /// For at most so long, in milliseconds; at a meeting as long as people take.
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
    /// Send one frame on a link.
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`.
        kind: u8,
        /// What to send.
        body: Body,
    },
    /// Read a text or a piece of a file; then [`Input::Fetched`].
    Fetch {
        /// To be given back with it: the number of a message in my outbox, or of nothing there.
        id: u64,
        /// Its pieces, in order.
        names: Vec<Name>,
    },
    /// Find out whether the other end of a link still answers (a muxer ping, 10 s).
    Probe(ConnId),
    /// Close a connection, without a word.
    Close(ConnId),
    /// Open a listener of its own for a meeting, and let those around hear of it; then
    /// [`Input::MeetingOpen`], and [`Input::Guest`] for whoever connects.
    OpenMeeting,
    /// Let Tor publish our onion service, made of this; where it is to be found then comes with
    /// [`Input::Listening`]. The keeper gets it as well, for when the node is locked.
    Publish(Key<Onion>),
    /// Close that listener; its connections go on until they are closed.
    CloseMeeting,
    /// Have the keeper make room for a friend's parcels, or give a box another quota; [`Input::Kept`] shows
    /// whether it did.
    Keep(BoxGrant),
    /// Have the keeper end a box, with all it holds.
    Unkeep(BoxId),
    /// Tell whoever listens on the local socket.
    Show(Event),
    /// Answer a person.
    Answer {
        /// Who asked.
        asker: AskId,
        /// What they get.
        answer: Result<Answer, Refusal>,
    },
}

/// Bytes at hand, or named records that the shell reads, opens and joins.
#[derive(Clone)]
pub enum Body {
    /// At hand.
    Here(Said),
    /// The pieces of one text or parcel, in order.
    Stored(Vec<Name>),
}
