//! The core of a parcel's header: 64 bytes that say what it is and where it stands. All of it is
//! checked on reading, before any chain is hashed forward. Knows no key. PROTOCOL §4.2.

use super::CORE;
use crate::identity::Point;
use crate::kem::{CT_BYTES, EK_BYTES};
use crate::limits::{BUCKETS, CHAIN_PARCELS_MAX};
use crate::wire::Reader;

/// What a parcel is, in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A ratchet parcel.
    Ratchet = 0,
    /// First message of an AKE.
    Ake1 = 1,
    /// Its answer.
    Ake2 = 2,
}

/// The header's core: 64 bytes, masked on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Core {
    pub kind: Kind,
    /// The sender's ratchet key; none in AKE parcels.
    pub dh: Option<Point>,
    /// Length of the sender's previous chain.
    pub pn: u32,
    /// Number in its chain.
    pub n: u32,
    /// Length of the KEM field, in bytes: nothing, a ciphertext or a key.
    pub ext_len: usize,
}

impl Core {
    /// `ver1|flags1|bucket1|0|dh 32|pn u32|n u32|ext_len u16|18 zeros`
    pub(crate) fn encode(&self, bucket: usize) -> [u8; CORE] {
        let index = BUCKETS
            .iter()
            .position(|&b| b == bucket)
            .unwrap_or_default();
        let mut core = [0; CORE];
        core[..4].copy_from_slice(&[1, self.kind as u8, index as u8, 0]);
        if let Some(dh) = &self.dh {
            core[4..36].copy_from_slice(dh.as_bytes());
        }
        core[36..40].copy_from_slice(&self.pn.to_le_bytes());
        core[40..44].copy_from_slice(&self.n.to_le_bytes());
        // One of the lengths that `decode` takes.
        core[44..46].copy_from_slice(&(self.ext_len as u16).to_le_bytes());
        core
    }

    /// Every field is checked here, before any chain is hashed forward.
    pub(crate) fn decode(bytes: &[u8], bucket: usize) -> Option<Self> {
        let mut from = Reader::new(bytes);
        if from.u8().ok()? != 1 {
            return None;
        }
        let kind = match from.u8().ok()? {
            0 => Kind::Ratchet,
            1 => Kind::Ake1,
            2 => Kind::Ake2,
            _ => return None,
        };
        let claimed = BUCKETS.get(usize::from(from.u8().ok()?))?;
        if *claimed != bucket || from.u8().ok()? != 0 {
            return None;
        }
        let dh: [u8; 32] = from.array().ok()?;
        let (pn, n) = (from.u32().ok()?, from.u32().ok()?);
        let ext_len = usize::from(from.u16().ok()?);
        from.zeros(18).ok()?;
        from.finish().ok()?;
        if n >= CHAIN_PARCELS_MAX
            || pn > CHAIN_PARCELS_MAX
            || ![0, CT_BYTES, EK_BYTES].contains(&ext_len)
        {
            return None;
        }
        let dh = match kind {
            Kind::Ratchet => Some(Point::parse(dh).ok()?),
            _ if dh != [0; 32] || pn != 0 || n != 0 || ext_len != 0 => return None,
            _ => None,
        };
        Some(Self {
            kind,
            dh,
            pn,
            n,
            ext_len,
        })
    }
}
