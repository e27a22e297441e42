//! A session: the double ratchet with header encryption between two friends. Each message has a key
//! of its own, used once and gone; now and then a turn also mixes in a KEM secret. PROTOCOL §4.2, §4.3.
//!
//! [`Session::seal`] and [`Session::open`] are the only doors. Opening computes on `&self` and gives
//! an [`Opened`] whose [`Advance`] is applied by [`Session::advance`] when everything else has been
//! checked: until then nothing has changed. Knows no friend, no network, no disk.

mod advance;
mod chain;
pub(crate) mod continuity;
pub(crate) mod handshake;
mod opening;
mod progress;
mod record;
mod root;
mod sending;
mod skipped;
mod step;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use crate::identity::Point;
use crate::parcel::HeaderKeys;
use crate::secret::{Header, Key, RatchetScalar, Root};

pub(crate) use advance::Advance;
use chain::MessageChain;
use continuity::Past;
pub(crate) use opening::{OpenError, Opened};
pub(crate) use progress::{Progress, RolledBack, Standing, Standings};
pub(crate) use record::{BlockRecord, SessionRecord};
pub(crate) use root::SessionKeys;
pub(crate) use sending::SealError;
use skipped::Skipped;
pub(crate) use skipped::{Block, SkippedKey, bound_skipped};
use step::{FieldTag, Steps};

/// A chain I send on.
struct Sending {
    chain: MessageChain,
    header: HeaderKeys,
    /// My ratchet key, which every parcel of the chain names.
    dh: Point,
}

/// The chain I receive on.
struct Receiving {
    chain: MessageChain,
    header: HeaderKeys,
    /// The KEM field that each of its parcels bears.
    field: FieldTag,
}

/// A chain of the peer that came to its end: its late parcels are known by its header.
struct OldChain {
    number: u32,
    /// When it ended: the node's age in minutes.
    since: u32,
    header: HeaderKeys,
    /// The KEM field that each of its parcels bears.
    field: FieldTag,
}

/// One session with one friend.
pub(crate) struct Session {
    id: [u8; 32],
    /// Names its records on this machine, alone.
    number: u32,
    past: Past,
    root: Key<Root>,
    sending: Option<Sending>,
    next_send_header: Key<Header>,
    receiving: Option<Receiving>,
    next_receive_header: HeaderKeys,
    mine: Key<RatchetScalar>,
    theirs: Option<Point>,
    previous_sent: u32,
    sent_chains: u32,
    got_chains: u32,
    steps: Steps,
    old: Vec<OldChain>,
    skipped: Skipped,
}

impl Session {
    /// The initiator's side: it knows the responder's ratchet key and may send at once.
    pub(crate) fn initiate(keys: SessionKeys, theirs: Point) -> Self {
        // The first root step draws a fresh scalar; this one is never used.
        Self::begin(keys, Key::fill(|_| ()), Some(theirs))
    }

    /// The responder's side: it waits for the initiator's first parcel.
    pub(crate) fn respond(keys: SessionKeys, mine: Key<RatchetScalar>) -> Self {
        // It receives under what the initiator sends under.
        let keys = SessionKeys {
            header_i: keys.next_header_r,
            next_header_r: keys.header_i,
            ..keys
        };
        Self::begin(keys, mine, None)
    }

    /// The initiator's, but for its ratchet keys.
    fn begin(keys: SessionKeys, mine: Key<RatchetScalar>, theirs: Option<Point>) -> Self {
        let SessionKeys {
            root,
            header_i: next_send_header,
            next_header_r: next_receive_header,
            id,
        } = keys;
        Self {
            id,
            number: 0,
            past: Past::begin(&root),
            root,
            sending: None,
            next_send_header,
            receiving: None,
            next_receive_header: HeaderKeys::new(next_receive_header),
            mine,
            theirs,
            previous_sent: 0,
            sent_chains: 0,
            got_chains: 0,
            steps: Steps::default(),
            old: Vec::new(),
            skipped: Skipped::default(),
        }
    }

    /// Names the session on both sides; known to nobody else.
    pub(crate) fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// Names its records on this machine.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// Gives it that number, before it is stored for the first time.
    pub(crate) fn numbered(self, number: u32) -> Self {
        Self { number, ..self }
    }

    /// What of its past it remembers.
    pub(crate) fn past(&self) -> &Past {
        &self.past
    }

    /// It takes the place of one with this past.
    pub(crate) fn inherit(&mut self, past: &Past) {
        self.past.inherit(past);
    }

    /// How many sending chains were begun.
    pub(crate) fn sent_chains(&self) -> u32 {
        self.sent_chains
    }

    /// How far this session got, for the Hello of a link.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            session: self.id,
            sent_chain: self.sent_chains,
            // A chain that ended goes on counting until the next one begins.
            sent_n: self
                .sending
                .as_ref()
                .map_or(self.previous_sent, |s| s.chain.next()),
            got_chain: self.got_chains,
            got_n: self.receiving.as_ref().map_or(0, |r| r.chain.next()),
        }
    }
}

/// A key for the state that does not exist yet, or to open a parcel on paper.
fn copy<P>(key: &Key<P>) -> Key<P> {
    Key::fill(|bytes| bytes.copy_from_slice(key.expose()))
}
