//! What goes into the keeper and what comes out: the same shapes as the engine's, as far as they fit.

use crate::engine::ConnId;
use crate::secret::{Key, Mailbox, Onion, Said};
use crate::vault::{Erase, Name, Put};

/// By what owner, keeper and visitors know a box.
pub type BoxId = [u8; 16];

/// Room for a friend's parcels. Whose it is stays with the engine.
pub struct BoxGrant {
    /// Of its owner's drawing.
    pub id: BoxId,
    /// K_box, likewise.
    pub key: Key<Mailbox>,
    /// What it may hold, in bytes: `MAILBOX_BYTES_MAX` at most.
    pub quota_bytes: u64,
}

/// A box, as it is on the keeper's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptBox {
    /// Which.
    pub id: BoxId,
    /// Parcels in it.
    pub parcels: u32,
    /// What they come to, in bytes.
    pub bytes: u64,
    /// What they may come to, in bytes.
    pub quota_bytes: u64,
}

/// Everything that can happen to a keeper.
pub enum Input {
    /// The engine grants a box, or another quota to one that is there.
    Keep(BoxGrant),
    /// The engine takes a box back.
    Unkeep(BoxId),
    /// What the node's onion service is made of: a locked node is found at the same address.
    Service(Key<Onion>),
    /// The whole first flight of an inbound connection that [`Keeper::knock`](super::Keeper::knock)
    /// let pass.
    Flight {
        /// The connection.
        conn: ConnId,
        /// 512 bytes.
        bytes: Vec<u8>,
    },
    /// Exactly the bytes that [`Effect::Read`] asked for.
    Bytes {
        /// The connection.
        conn: ConnId,
        /// As many as were asked for.
        bytes: Vec<u8>,
    },
    /// What [`Effect::Fetch`] asked for; nothing if it is not there any more.
    Fetched {
        /// The connection.
        conn: ConnId,
        /// The parcel's number in its box.
        slot: u32,
        /// As it came.
        parcel: Option<Said>,
    },
    /// The connection is over.
    Closed(ConnId),
    /// How long post may take. Comes first after the start, and whenever it changes.
    Settings {
        /// In minutes.
        post_min: u32,
    },
    /// Whether the disk has no room for more.
    Room {
        /// No room.
        full: bool,
    },
    /// The moment of [`wake_at`](super::Keeper::wake_at) has come.
    Tick,
}

/// What the keeper wants done: `puts` and `erases` made durable, then `then`, in this order.
#[derive(Default)]
pub struct Step {
    /// Records to write.
    pub puts: Vec<Put>,
    /// Records and keys to destroy.
    pub erases: Vec<Erase>,
    /// What to do once all that is on the disk.
    pub then: Vec<Effect>,
}

/// What the shell does for the keeper after a commit.
pub enum Effect {
    /// Write bytes on a connection.
    Write {
        /// The connection.
        conn: ConnId,
        /// As they are.
        bytes: Vec<u8>,
    },
    /// Read exactly so many bytes on a connection, or close it.
    Read {
        /// The connection.
        conn: ConnId,
        /// How many.
        bytes: usize,
        /// For at most so long, in milliseconds.
        within_ms: u32,
    },
    /// Close a connection, without a word.
    Close(ConnId),
    /// Read a parcel; then [`Input::Fetched`].
    Fetch {
        /// For whom.
        conn: ConnId,
        /// The parcel's number in its box.
        slot: u32,
        /// Its pieces, in order.
        names: Vec<Name>,
    },
    /// Tell the engine which boxes there are: once after the start, and after every change.
    Kept(Vec<KeptBox>),
}
