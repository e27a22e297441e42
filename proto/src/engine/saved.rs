//! The engine's records: what stands in each. `name` says what they are called, `written` how they
//! come to the disk, `restored` how they come back at start.
//!
//! Handling an input only marks what changed; `poll` then writes each marked record once, as it is
//! by then. So a burst of messages costs one session record, and no step can forget one. PROTOCOL §8.

mod name;
mod restored;
#[cfg(test)]
mod tests;
mod written;

use bincode::{Decode, Encode};

use super::groups::Spoken;
use super::{Addr, Language};
use crate::edge::EdgeRecord;
use crate::friend::{Entry, Resets, Timers};
use crate::history::Line;
use crate::inbox::Arrival;
use crate::limits::RECORD_BODY_BYTES_MAX;
use crate::ratchet::handshake::OfferRecord;
use crate::secret::{Handles, Invitation, Kept, Said, Seed};
use crate::time::AgeRecord;

pub(super) use name::{Piece, Saved, pieces};
pub(super) use restored::Stored;

/// The version that begins every record's body.
const VERSION: u8 = 4;

/// The records do not belong together: a name or a body that nobody here wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRecords;

/// Why records make no engine, or no keeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// They do not belong together.
    BadRecords,
    /// One of them was written by a later version: it is read by that one.
    TooNew,
}

impl From<BadRecords> for OpenError {
    fn from(_: BadRecords) -> Self {
        Self::BadRecords
    }
}

/// Counters that must never go back.
#[derive(Clone, Default, Encode, Decode)]
pub(super) struct Counters {
    pub next_friend: u32,
    pub next_invite: u32,
    pub next_entry: u64,
    pub next_arrival: u64,
    pub next_seq: u64,
    /// The day of the last invitation, since 1970, and how many were made on it.
    pub invites: (u32, u32),
    /// The last messages of mine that were given up.
    pub given_up: Vec<u64>,
    /// Up to this one nobody knows which messages of mine arrived.
    pub forgotten: u64,
}

impl Counters {
    /// Whether each has as much before it as behind it: no node comes to half of its numbers.
    pub(super) fn can_go_on(&self) -> bool {
        let short = [self.next_friend, self.next_invite];
        let long = [self.next_entry, self.next_arrival, self.next_seq];
        short.iter().all(|n| *n <= u32::MAX / 2) && long.iter().all(|n| *n <= u64::MAX / 2)
    }
}

#[derive(Encode, Decode)]
struct NodeRecord {
    counters: Counters,
    age: AgeRecord,
}

#[derive(Encode, Decode)]
enum EntryRecord {
    Waits(Entry),
    Kept(Line),
    /// Said in a group, and the line that it is by now.
    Spoken(Spoken, Option<Line>),
}

#[derive(Encode, Decode)]
enum ArrivalRecord {
    Unread(Arrival),
    Kept(Line),
}

#[derive(Encode, Decode)]
struct IdentityRecord {
    seed: Kept<Seed>,
    handles: Kept<Handles>,
}

#[derive(Encode, Decode)]
struct FriendRecord {
    petname: String,
    nick: String,
    point: [u8; 32],
    since_min: u32,
    joined: bool,
    settled: bool,
    copied: bool,
    linked: bool,
    edges: Vec<EdgeRecord>,
    addrs: Vec<Addr>,
    language: Language,
    safety: Option<[u8; 32]>,
    keep: Option<u32>,
    timer: Timers,
}

#[derive(Encode, Decode)]
struct SessionsRecord {
    offer: Option<(OfferRecord, u64, [u8; 16])>,
    active: Option<u32>,
    previous: Option<(u32, u32)>,
    pending: Option<PendingRecord>,
    /// Whether I began it and repeat its A3.
    parked: Option<(u32, bool)>,
    last: u32,
    wanted: bool,
    lost_here: bool,
    gap: bool,
    resets: Resets,
}

#[derive(Encode, Decode)]
struct PendingRecord {
    number: u32,
    continuous: bool,
    stamp: u64,
    offer_tag: [u8; 16],
    root: [u8; 16],
}

#[derive(Encode, Decode)]
struct InviteRecord {
    name: String,
    nick: String,
    expiry_min: u32,
    secret: Kept<Invitation>,
    addrs: Vec<Addr>,
    language: Language,
    asked: Vec<[u8; 16]>,
    claimed: Option<u32>,
    retries: (u32, u32),
}

#[derive(Encode, Decode)]
struct JoinRecord {
    name: String,
    nick: String,
    expiry_min: u32,
    inviter: [u8; 32],
    secret: Kept<Invitation>,
    addrs: Vec<Addr>,
    language: Language,
    friend: Option<u32>,
}

pub(super) fn encode(value: impl Encode) -> Said {
    let mut body = Said::new(Vec::with_capacity(RECORD_BODY_BYTES_MAX));
    body.push(VERSION);
    // Encoding into memory fails for no type of this file.
    let config = bincode::config::standard();
    if let Ok(bytes) = bincode::encode_to_vec(value, config) {
        let bytes = Said::new(bytes);
        body.extend_from_slice(&bytes);
    }
    body
}

/// A record's body of what is encoded already.
pub(super) fn whole(bytes: &[u8]) -> Said {
    let mut body = Said::new(Vec::with_capacity(1 + bytes.len()));
    body.push(VERSION);
    body.extend_from_slice(bytes);
    body
}

/// What stands in such a body.
pub(super) fn within(body: &[u8]) -> Result<Said, BadRecords> {
    let bytes = body.strip_prefix(&[VERSION]).ok_or(BadRecords)?;
    Ok(Said::new(bytes.to_vec()))
}

pub(super) fn decode<T: Decode<()>>(body: &[u8]) -> Result<T, BadRecords> {
    let body = body.strip_prefix(&[VERSION]).ok_or(BadRecords)?;
    let config = bincode::config::standard().with_limit::<RECORD_BODY_BYTES_MAX>();
    match bincode::decode_from_slice(body, config) {
        Ok((value, used)) if used == body.len() => Ok(value),
        _ => Err(BadRecords),
    }
}
