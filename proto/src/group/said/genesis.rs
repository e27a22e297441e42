//! How a group begins for somebody: for its founders, for who is welcomed, for who goes on with a part
//! of it. What it says of itself must fit together; whether it is so, its reader asks of what the
//! others show. PROTOCOL §7 "Genesis".

use super::head::{digests, read_digests};
use super::{Digest, hashes, read_hashes, sorted, utf8};
use crate::group::{Founding, Hash, Ik, Policy, Seats, charter};
use crate::limits::{CHARTER_BYTES_MAX, GENESIS_HEADS_MAX, MOTION_RESTS_MAX, MOTIONS_MAX};
use crate::wire::{Malformed, Reader, Writer};

/// `gid 16 | view 16 | founding | len u16 | charter | policy 16 | set with voices | n u8 | n x index u8
/// suspended | n u8 | n x mhash 16 settled | n u8 | n x digest 23 | n u8 | n x mhash 16 open | 2 x (inc u16 |
/// aseq u32)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Genesis {
    pub founding: Founding,
    /// The charter's text; its digest stands in `founding`. Not clean.
    pub charter: String,
    /// How the group decides by now.
    pub policy: Policy,
    /// Who is in it by now.
    pub seats: Seats,
    /// Of each suspended seat its first computer, sorted.
    pub suspended: Vec<Ik>,
    /// What a motion made now rests on, sorted; empty at the founding, and for a spectator.
    pub settled: Vec<Hash>,
    /// How far each chain is, sorted; for a spectator of circle 1 only.
    pub heads: Vec<Digest>,
    /// Motions that wait for a result, sorted; none for a spectator.
    pub open: Vec<Hash>,
    /// With which message of their chain in each circle its teller began to send to its reader, if they do.
    pub yours: [Option<(u16, u32)>; 2],
}

impl Genesis {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.founding.gid());
        to.bytes(&self.seats.view());
        self.founding.encode(to);
        // All lengths were checked where they came from.
        to.u16(self.charter.len() as u16);
        to.bytes(self.charter.as_bytes());
        self.policy.encode(to);
        self.seats.encode(to);
        to.u8(self.suspended.len() as u8);
        for computer in &self.suspended {
            to.u8(self.seats.index_of(computer).unwrap_or_default());
        }
        hashes(to, &self.settled);
        digests(to, &self.heads);
        hashes(to, &self.open);
        for (incarnation, number) in self.yours.map(Option::unwrap_or_default) {
            to.u16(incarnation);
            to.u32(number);
        }
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (gid, view): (Hash, Hash) = (from.array()?, from.array()?);
        let founding = Founding::decode(from)?;
        let length = usize::from(from.u16()?);
        let text = utf8(from.take(length)?, CHARTER_BYTES_MAX)?.to_owned();
        let (policy, seats) = (Policy::decode(from)?, Seats::decode(from)?);
        let genesis = Self {
            suspended: read_suspended(from, &seats)?,
            settled: read_hashes(from, MOTION_RESTS_MAX)?,
            heads: read_digests(from, GENESIS_HEADS_MAX)?,
            open: read_hashes(from, MOTIONS_MAX)?,
            yours: [read_begin(from)?, read_begin(from)?],
            founding,
            charter: text,
            policy,
            seats,
        };
        let fits = genesis.founding.gid() == gid
            && genesis.seats.view() == view
            && charter(&genesis.charter) == genesis.founding.charter;
        fits.then_some(genesis).ok_or(Malformed)
    }
}

/// Zeros are nothing.
fn read_begin(from: &mut Reader<'_>) -> Result<Option<(u16, u32)>, Malformed> {
    match (from.u16()?, from.u32()?) {
        (0, 0) => Ok(None),
        (_, 0) => Err(Malformed),
        begin => Ok(Some(begin)),
    }
}

/// Each the first computer of its seat.
fn read_suspended(from: &mut Reader<'_>, seats: &Seats) -> Result<Vec<Ik>, Malformed> {
    let count = usize::from(from.u8()?);
    let indexes = (0..count).map(|_| from.u8());
    let indexes = sorted(indexes.collect::<Result<Vec<_>, _>>()?, |index| *index)?;
    let first = |index| {
        let computer = *seats.computer(index)?;
        let seat = seats.seat_of(&computer)?;
        (seat.computers.first() == Some(&computer)).then_some(computer)
    };
    let suspended: Option<Vec<Ik>> = indexes.into_iter().map(first).collect();
    suspended.ok_or(Malformed)
}
