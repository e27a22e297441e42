//! What stands in no chain: what somebody holds of the others' chains, and what they miss of one.
//! Nobody answers for it later, so it has no number. PROTOCOL §7 "Consistency".

use super::head::{digests, read_digests};
use super::{Circle, Digest};
use crate::group::Hash;
use crate::limits::{BEACON_DIGESTS_MAX, CHAIN_WINDOW};
use crate::wire::{Malformed, Reader, Writer};

/// What its author holds: `gid 16 | view 16 | n u8 | n x digest 23`. To a spectator: circle 1 only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Beacon {
    pub gid: Hash,
    /// Whom its author holds for the group.
    pub view: Hash,
    /// Sorted; of the chains of others. Who holds more sends several.
    pub digests: Vec<Digest>,
}

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
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            gid: from.array()?,
            view: from.array()?,
            digests: read_digests(from, BEACON_DIGESTS_MAX)?,
        })
    }
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
