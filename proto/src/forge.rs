//! Deniability that one can hold: whole sessions made by one party alone, words changed in a sealed
//! parcel, parcels laid open. What this file can make is what a recording does not prove.
//!
//! Everything here runs the session's own code with one side's secrets: [`transcript`] plays the
//! other side by agreeing in its place, and [`verify`] is the reading side of a node. Nothing here
//! touches a live session, sends, or stores; no new cryptography. PROTOCOL §4.4.
//!
//! ```text
//! making.rs   a session by both, or by one who plays both
//! reading.rs  what the state machine says of a transcript
//! parcel.rs   one parcel: laid open, a word changed
//! file.rs     a transcript as a file
//! ```

mod file;
mod making;
mod parcel;
mod reading;

use crate::edge::EdgeKeys;
use crate::identity::{BadPoint, Identity, Point};
use crate::ratchet::{Session, SessionRecord};
use crate::secret::{EdgeRoot, HandshakeSeed, Header, Key, Message, Said, Seed};

pub use file::BadFile;
pub(crate) use making::forge;
pub use making::{Pace, Script, Unmade, Words, converse, transcript};
pub use parcel::{Edit, Fields, Laid, NotEdited, edit, parse};
pub(crate) use reading::read_with;
pub use reading::{Heard, NotAccepted, What, text_begins, verify, verify_with, what};

/// One of the two ends of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Sent the first parcel.
    Initiator,
    /// Answered it.
    Responder,
}

impl End {
    /// The opposite end.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Initiator => Self::Responder,
            Self::Responder => Self::Initiator,
        }
    }
}

/// One person's secrets of one friendship, and nothing that only the friend holds.
pub struct Party {
    me: Identity,
    friend: Point,
    keys: EdgeKeys,
}

impl Party {
    /// From what stands on this person's disk: the seed, the edge's root, and the friend's public
    /// point (32 bytes).
    ///
    /// # Errors
    /// If that point is none we agree with.
    pub fn new(seed: Key<Seed>, root: Key<EdgeRoot>, friend: [u8; 32]) -> Result<Self, BadPoint> {
        let (me, friend) = (Identity::from_seed(seed), Point::parse(friend)?);
        let keys = EdgeKeys::first(root, me.point(), &friend);
        Ok(Self { me, friend, keys })
    }

    pub(crate) fn side(&self) -> Side<'_> {
        Side {
            me: &self.me,
            friend: &self.friend,
            keys: &self.keys,
        }
    }
}

/// The same, lent by a node.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub me: &'a Identity,
    pub friend: &'a Point,
    pub keys: &'a EdgeKeys,
}

/// A session from its first parcel on, as one of its ends could have recorded it: the parcels, and
/// the secrets of this session that this end held. No secret of the friendship is in it.
pub struct Transcript {
    /// Whose recording it is.
    pub reader: End,
    /// The session's name, which goes into every tag.
    pub session: [u8; 32],
    /// The reader's session when it began, as a node stores it.
    state: Said,
    /// A1, A2, and what followed, in the order in which the reader sent or received it.
    pub lines: Vec<Line>,
}

/// One parcel of a transcript, and what its reader knew of it.
pub struct Line {
    /// When the reader sent or received it, milliseconds since 1970.
    pub at_ms: u64,
    /// Who sent it.
    pub from: End,
    /// One bucket of bytes.
    pub parcel: Vec<u8>,
    /// Opens its header; none for A1 and A2, whose header key is the friendship's own.
    pub header: Option<Key<Header>>,
    /// Opens its body, and authenticates it.
    pub key: Key<Message>,
    /// The 32 random bytes that the reader made it from, if it is the reader's own.
    pub draw: Option<Key<HandshakeSeed>>,
}

/// A session as a node stores it.
fn state_of(session: &Session) -> Said {
    let encoded = bincode::encode_to_vec(session.record(), bincode::config::standard());
    // Encoding into memory fails for no type of ours.
    Said::new(encoded.unwrap_or_default())
}

/// A session again; nothing if these bytes hold none.
fn session_from(state: &[u8]) -> Option<Session> {
    let config =
        bincode::config::standard().with_limit::<{ crate::limits::RECORD_BODY_BYTES_MAX }>();
    let (record, used): (SessionRecord, usize) = bincode::decode_from_slice(state, config).ok()?;
    (used == state.len()).then_some(())?;
    Session::restore(&record, [])
}

#[cfg(test)]
mod tests;
