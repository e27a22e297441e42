//! What makes a group this one and no other: a random number, what its founders call it and agreed
//! on, and who they are. Its name on the wire is a digest of all that. PROTOCOL §7.

use super::{Hash, Ik, Policy};
use crate::kdf::{self, label};
use crate::limits::{GROUP_COMPUTERS_MAX, PETNAME_BYTES_MAX};
use crate::wire::{Malformed, Reader, Writer};

/// `random 32 | name_len u8 | name | charter 16 | policy 16 | n u8 | founders' IKs sorted | parent gid
/// 16 or zeros`.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Founding {
    pub random: [u8; 32],
    /// What the founder calls it, UTF-8: proposed to the others, who call it what they like. Not clean.
    pub name: String,
    /// The digest of its charter's text.
    pub charter: Hash,
    pub policy: Policy,
    /// Every computer of every founder, sorted.
    pub founders: Vec<Ik>,
    /// The group that this one left.
    pub parent: Option<Hash>,
}

/// The digest of a charter's text.
pub(crate) fn charter(text: &str) -> Hash {
    kdf::digest(label::GROUP_CHARTER, &[text.as_bytes()])
}

impl Founding {
    /// The name of the group on the wire.
    pub(crate) fn gid(&self) -> Hash {
        let mut to = Writer::new();
        self.encode(&mut to);
        kdf::digest(label::GROUP, &[to.written()])
    }

    pub(crate) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.random);
        // Both lengths were checked where they came from.
        to.u8(self.name.len() as u8);
        to.bytes(self.name.as_bytes());
        to.bytes(&self.charter);
        self.policy.encode(to);
        to.u8(self.founders.len() as u8);
        self.founders.iter().for_each(|founder| to.bytes(founder));
        to.bytes(&self.parent.unwrap_or_default());
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let random = from.array()?;
        let length = usize::from(from.u8()?);
        if length > PETNAME_BYTES_MAX {
            return Err(Malformed);
        }
        let name = core::str::from_utf8(from.take(length)?).map_err(|_| Malformed)?;
        let (charter, policy) = (from.array()?, Policy::decode(from)?);
        let count = usize::from(from.u8()?);
        if !(1..=GROUP_COMPUTERS_MAX).contains(&count) {
            return Err(Malformed);
        }
        let founders = (0..count).map(|_| from.array());
        let founders = founders.collect::<Result<Vec<Ik>, _>>()?;
        if !founders.is_sorted_by(|a, b| a < b) {
            return Err(Malformed);
        }
        let parent = Some(from.array()?).filter(|parent| *parent != Hash::default());
        Ok(Self {
            random,
            name: name.to_owned(),
            charter,
            policy,
            founders,
            parent,
        })
    }
}
