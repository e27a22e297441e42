//! What stands in no chain: what somebody holds of the others' chains and how motions stand for them, and
//! what they miss of one.
//! Nobody answers for it later, so it has no number. PROTOCOL §7 "Consistency".

use super::head::{digests, read_digests};
use super::{Circle, Digest, sorted};
use crate::group::Hash;
use crate::group::tally::Outcome;
use crate::limits::{BEACON_DIGESTS_MAX, BEACON_ROOM, CHAIN_WINDOW, GROUP_COMPUTERS_MAX};
use crate::wire::{Malformed, Reader, Writer};

/// What its author holds: `gid 16 | view 16 | n u8 | n x digest 23 | n u8 | n x (name 16 | outcome u8)`. To a
/// spectator: circle 1 only, and no motions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Beacon {
    pub gid: Hash,
    /// Whom its author holds for the group.
    pub view: Hash,
    /// Sorted; of the chains of others. Who holds more sends several.
    pub digests: Vec<Digest>,
    /// How motions stand for its author, by name; some more in the next.
    pub results: Vec<(Hash, Outcome)>,
}

/// Bytes of one digest, and of one motion, in a beacon.
pub(crate) const DIGEST_BYTES: usize = 23;
pub(crate) const RESULT_BYTES: usize = 17;

/// Of whose words its author misses some: `gid 16 | view 16 | index u8 (bit 7: circle) | inc u16 | from
/// u32 | to u32`. Asked of that author alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    pub gid: Hash,
    /// Whom its author holds for the group.
    pub view: Hash,
    /// The number in that view of whoever is asked.
    pub index: u8,
    pub circle: Circle,
    pub incarnation: u16,
    /// The first that is missing, from 1.
    pub first: u32,
    /// The last.
    pub last: u32,
}

impl Beacon {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.gid);
        to.bytes(&self.view);
        digests(to, &self.digests);
        to.u8(self.results.len() as u8);
        for (name, outcome) in &self.results {
            to.bytes(name);
            to.u8(outcome_byte(*outcome));
        }
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (gid, view) = (from.array()?, from.array()?);
        let digests = read_digests(from, BEACON_DIGESTS_MAX)?;
        let count = usize::from(from.u8()?);
        let room = DIGEST_BYTES * digests.len() + RESULT_BYTES * count <= BEACON_ROOM;
        if !room {
            return Err(Malformed);
        }
        let results = (0..count).map(|_| Ok((from.array()?, read_outcome(from.u8()?)?)));
        let results = results.collect::<Result<Vec<(Hash, Outcome)>, Malformed>>()?;
        Ok(Self {
            gid,
            view,
            digests,
            results: sorted(results, |(name, _)| *name)?,
        })
    }
}

/// An open motion's byte says how many yeses it waits for, at most 64.
const OPEN: u8 = 0x80;

fn outcome_byte(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Passed => 0,
        Outcome::Blocked => 1,
        Outcome::Failed => 2,
        Outcome::Withdrawn => 3,
        Outcome::Unfounded => 4,
        Outcome::Open { needs } => OPEN | needs,
    }
}

fn read_outcome(byte: u8) -> Result<Outcome, Malformed> {
    Ok(match byte {
        0 => Outcome::Passed,
        1 => Outcome::Blocked,
        2 => Outcome::Failed,
        3 => Outcome::Withdrawn,
        4 => Outcome::Unfounded,
        OPEN.. if usize::from(byte & !OPEN) <= GROUP_COMPUTERS_MAX => Outcome::Open {
            needs: byte & !OPEN,
        },
        _ => return Err(Malformed),
    })
}

impl Missing {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.gid);
        to.bytes(&self.view);
        to.u8(self.circle.beside(self.index));
        to.u16(self.incarnation);
        to.u32(self.first);
        to.u32(self.last);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (gid, view) = (from.array()?, from.array()?);
        let (index, circle) = Circle::and_index(from.u8()?)?;
        let missing = Self {
            gid,
            view,
            index,
            circle,
            incarnation: from.u16()?,
            first: from.u32()?,
            last: from.u32()?,
        };
        let count = missing.last.checked_sub(missing.first).ok_or(Malformed)?;
        let can_be = missing.first > 0 && usize::try_from(count).is_ok_and(|it| it < CHAIN_WINDOW);
        can_be.then_some(missing).ok_or(Malformed)
    }
}
