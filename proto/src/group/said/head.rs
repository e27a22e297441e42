//! The head of what is said in a chain, and the digests that it and a beacon carry. PROTOCOL §7.

use super::{Circle, Digest, Head, hashes, read_hashes, sorted};
use crate::limits::{GROUP_COMPUTERS_MAX, GROUP_DIGESTS_MAX, GROUP_PARENTS_MAX};
use crate::wire::{Malformed, Reader, Writer};

/// The longest that stands before a body, kind and id included.
pub(super) const BYTES_MAX: usize = 254;

/// Beside the number of a computer: circle 1.
const ALL: u8 = 0x80;

impl Circle {
    pub(super) fn encode(self) -> u8 {
        u8::from(self == Self::All)
    }

    pub(super) fn decode(byte: u8) -> Result<Self, Malformed> {
        match byte {
            0 => Ok(Self::Members),
            1 => Ok(Self::All),
            _ => Err(Malformed),
        }
    }

    /// `index u8`, bit 7: circle.
    pub(super) fn beside(self, index: u8) -> u8 {
        match self {
            Self::Members => index,
            Self::All => index | ALL,
        }
    }

    /// The other way round.
    pub(super) fn and_index(byte: u8) -> Result<(u8, Self), Malformed> {
        let (index, all) = (byte & !ALL, byte & ALL != 0);
        if usize::from(index) >= GROUP_COMPUTERS_MAX {
            return Err(Malformed);
        }
        Ok((index, if all { Self::All } else { Self::Members }))
    }
}

impl Digest {
    /// By what a list of them is sorted: each chain stands in it once.
    pub(crate) fn key(&self) -> (u8, u16) {
        (self.circle.beside(self.index), self.incarnation)
    }

    fn encode(&self, to: &mut Writer) {
        to.u8(self.circle.beside(self.index));
        to.u16(self.incarnation);
        to.u32(self.number);
        to.bytes(&self.head);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (index, circle) = Circle::and_index(from.u8()?)?;
        let digest = Self {
            index,
            circle,
            incarnation: from.u16()?,
            number: from.u32()?,
            head: from.array()?,
        };
        (digest.number > 0).then_some(digest).ok_or(Malformed)
    }
}

/// `n u8 | n x digest 23`.
pub(super) fn digests(to: &mut Writer, digests: &[Digest]) {
    to.u8(digests.len() as u8);
    digests.iter().for_each(|digest| digest.encode(to));
}

/// As many as may be, sorted, each chain once.
pub(super) fn read_digests(from: &mut Reader<'_>, most: usize) -> Result<Vec<Digest>, Malformed> {
    let count = usize::from(from.u8()?);
    if count > most {
        return Err(Malformed);
    }
    let digests = (0..count).map(|_| Digest::decode(from));
    let digests = digests.collect::<Result<Vec<_>, _>>()?;
    sorted(digests, Digest::key)
}

impl Head {
    /// `inc u16 | aseq u32 | time u32 | ttl u32 | gid 16 | view 16 | circle u8 | prev 16 | n u8 | n x
    /// parent 16 | salt 16 | n u8 | n x digest 23`; the lists are sorted.
    pub(super) fn encode(&self, to: &mut Writer) {
        to.u16(self.incarnation);
        to.u32(self.number);
        to.u32(self.minute);
        to.u32(self.keep);
        to.bytes(&self.gid);
        to.bytes(&self.view);
        to.u8(self.circle.encode());
        to.bytes(&self.prev);
        hashes(to, &self.parents);
        to.bytes(&self.salt);
        digests(to, &self.digests);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let head = Self {
            incarnation: from.u16()?,
            number: from.u32()?,
            minute: from.u32()?,
            keep: from.u32()?,
            gid: from.array()?,
            view: from.array()?,
            circle: Circle::decode(from.u8()?)?,
            prev: from.array()?,
            parents: read_hashes(from, GROUP_PARENTS_MAX)?,
            salt: from.array()?,
            digests: read_digests(from, GROUP_DIGESTS_MAX)?,
        };
        let of_circle = |digest: &Digest| digest.circle == head.circle;
        let can_be = head.number > 0 && head.digests.iter().all(of_circle);
        can_be.then_some(head).ok_or(Malformed)
    }
}
