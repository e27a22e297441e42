//! What is said in a group, as bytes: the head that every message in a chain has, and what follows.
//!
//! Fixed layouts with one spelling each: lists are sorted, what is not used is zeros, nothing stands
//! behind the last field. Checks what can be checked with nothing else at hand; who may say it, and
//! whether it is true, others ask. PROTOCOL §7.
//!
//! ```text
//! head.rs      what stands before what is said in a chain
//! body.rs      what is said there
//! outside.rs   what stands in no chain: beacons, what is missing
//! genesis.rs   how a group begins for somebody
//! ```

mod body;
mod genesis;
mod head;
mod outside;
#[cfg(test)]
mod tests;

pub(crate) use body::{Body, Report, Say};
pub(crate) use genesis::Genesis;
pub(crate) use outside::{Beacon, DIGEST_BYTES, Missing, RESULT_BYTES};

use super::{Hash, Ik};
use crate::kdf::{self, label};
use crate::secret::Said;
use crate::wire::{Malformed, Reader, Writer};

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bincode::Encode, bincode::Decode)]
pub(crate) enum Circle {
    /// 0
    Members,
    /// 1: members and spectators.
    All,
}

/// What somebody holds of a chain: `index u8 (bit 7: circle) | inc u16 | aseq u32 | a_n 16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Digest {
    /// The author's number in the view of whoever says it.
    pub index: u8,
    pub circle: Circle,
    pub incarnation: u16,
    pub number: u32,
    pub head: Hash,
}

/// What stands before the body of each message in a chain.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Head {
    /// The author's incarnation: raised at each restore.
    pub incarnation: u16,
    /// Counts the author's messages in this group and circle, from 1.
    pub number: u32,
    /// When its author says it was written, minutes since 1970.
    pub minute: u32,
    /// Minutes to keep it; 0 for no limit of its own.
    pub keep: u32,
    pub gid: Hash,
    /// Whom the author held for the group.
    pub view: Hash,
    pub circle: Circle,
    /// The head of the author's chain before it.
    pub prev: Hash,
    /// The newest messages its author had seen, of this circle only; at most four.
    pub parents: Vec<Hash>,
    pub salt: Hash,
    /// At most four, of this circle only.
    pub digests: Vec<Digest>,
}

/// The head of a chain before its first message.
pub(crate) fn first_head(gid: &Hash, author: &Ik, incarnation: u16, circle: Circle) -> Hash {
    let circle = [u8::from(circle == Circle::All)];
    let incarnation = incarnation.to_le_bytes();
    kdf::digest(label::GROUP_CHAIN_0, &[gid, author, &incarnation, &circle])
}

/// The head of a chain after a message.
pub(crate) fn next_head(prev: &Hash, message: &Hash) -> Hash {
    kdf::digest(label::GROUP_CHAIN, &[prev, message])
}

/// The name of a message: its author and the whole payload, from its kind on. Who repeats somebody
/// else's bytes says something else.
pub(crate) fn name_of(author: &Ik, payload: &[u8]) -> Hash {
    kdf::digest(label::GROUP_MESSAGE, &[author, payload])
}

/// The kinds of what a group says.
pub(crate) mod kind {
    /// A text, in a chain.
    pub(crate) const TEXT: u8 = 32;
    /// A motion, in a chain of members.
    pub(crate) const MOTION: u8 = 33;
    /// What somebody says of one, likewise.
    pub(crate) const SAY: u8 = 34;
    /// That it was their last word, likewise.
    pub(crate) const CLOSE: u8 = 35;
    /// What somebody holds of the others' chains.
    pub(crate) const BEACON: u8 = 36;
    /// Of whose words somebody misses some.
    pub(crate) const MISSING: u8 = 37;
    /// That its author leaves, in a chain.
    pub(crate) const LEAVE: u8 = 38;
    /// How the group begins for somebody.
    pub(crate) const GENESIS: u8 = 39;
    /// Which computer of its author's seat speaks from then on, in a chain of members.
    pub(crate) const VOICE: u8 = 40;
    /// That somebody's machine is in other hands, likewise.
    pub(crate) const REPORT: u8 = 41;
}

/// One payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    /// Something in its author's chain.
    Chained(Box<Head>, Body<'a>),
    /// Outside of it.
    Beacon(Beacon),
    /// Likewise.
    Missing(Missing),
    /// Likewise.
    Genesis(Box<Genesis>),
}

impl Message<'_> {
    /// What a payload of this kind says.
    pub(crate) fn kind(&self) -> u8 {
        match self {
            Self::Chained(_, body) => body.kind(),
            Self::Beacon(_) => kind::BEACON,
            Self::Missing(_) => kind::MISSING,
            Self::Genesis(_) => kind::GENESIS,
        }
    }

    /// The group that it is said in.
    pub(crate) fn gid(&self) -> Hash {
        match self {
            Self::Chained(head, _) => head.gid,
            Self::Beacon(beacon) => beacon.gid,
            Self::Missing(missing) => missing.gid,
            Self::Genesis(genesis) => genesis.founding.gid(),
        }
    }

    /// `kind u8 | mid 16 | ..`, as bytes to seal.
    pub(crate) fn encode(&self, mid: &Hash) -> Said {
        let mut to = match self {
            Self::Chained(_, Body::Text(text)) => Writer::with_room(head::BYTES_MAX + text.len()),
            _ => Writer::new(),
        };
        to.u8(self.kind());
        to.bytes(mid);
        match self {
            Self::Chained(head, body) => {
                head.encode(&mut to);
                body.encode(&mut to);
            }
            Self::Beacon(beacon) => beacon.encode(&mut to),
            Self::Missing(missing) => missing.encode(&mut to),
            Self::Genesis(genesis) => genesis.encode(&mut to),
        }
        Said::new(to.into_vec())
    }
}

/// Takes a payload apart, from its kind on. The words of a text are its last bytes.
pub(crate) fn decode(payload: &[u8]) -> Result<(Hash, Message<'_>), Malformed> {
    let mut from = Reader::new(payload);
    let (kind, mid) = (from.u8()?, from.array()?);
    let message = match kind {
        kind::BEACON => Message::Beacon(Beacon::decode(&mut from)?),
        kind::MISSING => Message::Missing(Missing::decode(&mut from)?),
        kind::GENESIS => Message::Genesis(Box::new(Genesis::decode(&mut from)?)),
        kind => {
            let head = Box::new(Head::decode(&mut from)?);
            let body = Body::decode(kind, head.circle, &mut from)?;
            Message::Chained(head, body)
        }
    };
    from.finish()?;
    Ok((mid, message))
}

/// `n u8 | n x 16`; both are checked where they come in.
fn hashes(to: &mut Writer, hashes: &[Hash]) {
    to.u8(hashes.len() as u8);
    hashes.iter().for_each(|hash| to.bytes(hash));
}

/// As many as may be, sorted, none twice.
fn read_hashes(from: &mut Reader<'_>, most: usize) -> Result<Vec<Hash>, Malformed> {
    let count = usize::from(from.u8()?);
    if count > most {
        return Err(Malformed);
    }
    let hashes = (0..count).map(|_| from.array());
    let hashes = hashes.collect::<Result<Vec<Hash>, _>>()?;
    sorted(hashes, |hash| *hash)
}

/// A list, if it has its one spelling.
fn sorted<T, K: Ord>(list: Vec<T>, key: impl Fn(&T) -> K) -> Result<Vec<T>, Malformed> {
    let sorted = list.is_sorted_by(|a, b| key(a) < key(b));
    sorted.then_some(list).ok_or(Malformed)
}

/// UTF-8 of at most so many bytes.
fn utf8(bytes: &[u8], most: usize) -> Result<&str, Malformed> {
    let short = (bytes.len() <= most).then_some(bytes).ok_or(Malformed)?;
    core::str::from_utf8(short).map_err(|_| Malformed)
}
