//! Records as they stand on the disk: under which key, in which envelope.
//!
//! A record key is a keyed hash of the logical name; the envelope is
//! `sealed(name_len u8 | name | body_len u16 | body | zeros) | masked leaf u32 | mark 16`, padded so
//! that only five lengths exist. The mark, under a key that is never renewed, says that these are
//! the bytes we wrote; the seal, under the leaf's key, says whether they may still be read. So a
//! record that was erased is told from one that the disk has damaged.

use core::fmt;

use subtle::ConstantTimeEq;

use super::seal::{self, NONCE_BYTES, SEAL_BYTES};
use super::{Leaf, Name, Place, VaultError};
use crate::kdf::{self, Entropy, label};
use crate::limits::{RECORD_BODY_BYTES_MAX, RECORD_NAME_BYTES_MAX};
use crate::secret::{Key, Names, Said, Tree};

/// Length of a record key: the place, and 16 bytes of keyed hash.
pub const RECORD_KEY_BYTES: usize = 1 + HASH_BYTES;

const HASH_BYTES: usize = 16;
const LEAF_BYTES: usize = 4;
const MARK_BYTES: usize = 16;

/// What the envelope adds to `name_len | name | body_len | body`.
const ENVELOPE_BYTES: usize = SEAL_BYTES + LEAF_BYTES + MARK_BYTES;

/// The lengths that records have on the disk; the fourth has room for the smallest parcel, the last
/// is where sled begins to spill into files that it never syncs.
const SEALED_BYTES: [usize; 5] = [256, 512, 1024, 2304, 4096];

const _: () = assert!(
    1 + RECORD_NAME_BYTES_MAX + 2 + RECORD_BODY_BYTES_MAX + ENVELOPE_BYTES == SEALED_BYTES[4]
);

/// The key under which the database holds a record: a place, and nothing that can be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey([u8; RECORD_KEY_BYTES]);

impl RecordKey {
    /// The root record, which has to be found before any name can be hashed.
    pub(super) const ROOT: Self = Self([b'r'; RECORD_KEY_BYTES]);

    /// Of a key that the database holds; `None` if it is none of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let key = Self(bytes.try_into().ok()?);
        let known = key == Self::ROOT || key.0[0] == TABLE || key.place().is_some();
        known.then_some(key)
    }

    /// The bytes to look for.
    pub fn as_bytes(&self) -> &[u8; RECORD_KEY_BYTES] {
        &self.0
    }

    /// Where the record stands; `None` for the tables of the key tree.
    pub fn place(&self) -> Option<Place> {
        [Place::State, Place::Body]
            .into_iter()
            .find(|place| place.prefix() == self.0[0])
    }

    fn hashed(prefix: u8, hash: [u8; HASH_BYTES]) -> Self {
        let mut key = [prefix; RECORD_KEY_BYTES];
        key[1..].copy_from_slice(&hash);
        Self(key)
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordKey(..)")
    }
}

/// First byte of a table's key.
const TABLE: u8 = b't';

impl Place {
    /// First byte of the keys of all records that stand here.
    pub fn prefix(self) -> u8 {
        match self {
            Self::State => b's',
            Self::Body => b'b',
        }
    }
}

/// A leaf's logical name as its table holds it.
pub(super) type LeafTag = [u8; 16];

/// Hides names and groupings: without it the disk tells how many records there are, and of which
/// of five lengths.
pub(super) struct Hider {
    records: Key<Names>,
    leaves: Key<Names>,
    tables: Key<Names>,
    marks: Key<Names>,
}

impl Hider {
    pub(super) fn new(names: &Key<Names>) -> Self {
        let derived = |label| kdf::derive(label, &[names.expose()]);
        Self {
            records: derived(label::RECORD_NAME),
            leaves: derived(label::RECORD_LEAF),
            tables: derived(label::TREE),
            marks: derived(label::RECORD_SEAL),
        }
    }

    pub(super) fn record_key(&self, place: Place, name: &Name) -> RecordKey {
        let prefix = place.prefix();
        RecordKey::hashed(prefix, kdf::mac(&self.records, &[&[prefix], &name.0]))
    }

    pub(super) fn table_key(&self, level: u8, index: u32) -> RecordKey {
        let hash = kdf::mac(&self.tables, &[&[level], &index.to_le_bytes()]);
        RecordKey::hashed(TABLE, hash)
    }

    pub(super) fn leaf_tag(&self, leaf: &Leaf) -> LeafTag {
        kdf::mac(&self.leaves, &[b"tag", &leaf.0])
    }

    /// Hides, and shows again, the number of the leaf a record hangs on; different for each
    /// writing, so that two records of one leaf do not look related.
    fn masked(&self, leaf: [u8; LEAF_BYTES], nonce: &[u8]) -> [u8; LEAF_BYTES] {
        let mask: [u8; LEAF_BYTES] = kdf::mac(&self.leaves, &[b"mask", nonce]);
        core::array::from_fn(|i| leaf[i] ^ mask[i])
    }

    /// `MAC(marks, record key || sealed || masked leaf)`.
    fn mark(&self, key: &RecordKey, sealed: &[u8], leaf: &[u8]) -> [u8; MARK_BYTES] {
        kdf::mac(&self.marks, &[key.as_bytes(), sealed, leaf])
    }

    /// Puts a record into its envelope.
    pub(super) fn seal(
        &self,
        key: &RecordKey,
        (leaf, leaf_key): (u32, &Key<Tree>),
        name: &Name,
        body: &[u8],
        entropy: &mut Entropy,
    ) -> Result<Vec<u8>, VaultError> {
        self.envelop(key, (leaf, leaf_key), &padded(name, body)?, entropy)
    }

    /// The envelope around these bytes.
    pub(super) fn envelop(
        &self,
        key: &RecordKey,
        (leaf, leaf_key): (u32, &Key<Tree>),
        plain: &Said,
        entropy: &mut Entropy,
    ) -> Result<Vec<u8>, VaultError> {
        let mut record = seal::seal(leaf_key, key.as_bytes(), plain, entropy)?;
        let leaf = self.masked(leaf.to_le_bytes(), nonce(&record)?);
        let mark = self.mark(key, &record, &leaf);
        record.extend_from_slice(&leaf);
        record.extend_from_slice(&mark);
        Ok(record)
    }

    /// The sealed part of an envelope and its leaf, once the mark proved them ours.
    pub(super) fn unmark<'a>(
        &self,
        key: &RecordKey,
        record: &'a [u8],
    ) -> Result<(u32, &'a [u8]), VaultError> {
        let parts = || {
            let (rest, mark) = record.split_last_chunk::<MARK_BYTES>()?;
            let (sealed, leaf) = rest.split_last_chunk::<LEAF_BYTES>()?;
            Some((sealed, *leaf, mark))
        };
        let (sealed, leaf, mark) = parts().ok_or(VaultError::DatabaseDamaged)?;
        if !bool::from(self.mark(key, sealed, &leaf).ct_eq(mark)) {
            return Err(VaultError::DatabaseDamaged);
        }
        let leaf = u32::from_le_bytes(self.masked(leaf, nonce(sealed)?));
        Ok((leaf, sealed))
    }
}

/// The nonce of a sealed value.
fn nonce(sealed: &[u8]) -> Result<&[u8], VaultError> {
    sealed
        .get(1..1 + NONCE_BYTES)
        .ok_or(VaultError::DatabaseDamaged)
}

/// Whether a record of this size has a place in the database.
pub(super) fn fits(name: &Name, body: &[u8]) -> bool {
    name.0.len() <= RECORD_NAME_BYTES_MAX && body.len() <= RECORD_BODY_BYTES_MAX
}

/// `name_len u8 | name | body_len u16 | body | zeros`, up to the next of the five lengths.
fn padded(name: &Name, body: &[u8]) -> Result<Said, VaultError> {
    let name_len = u8::try_from(name.0.len()).map_err(|_| VaultError::TooLarge)?;
    let body_len = u16::try_from(body.len()).map_err(|_| VaultError::TooLarge)?;
    let full = 1 + name.0.len() + 2 + body.len();
    let length = SEALED_BYTES
        .into_iter()
        .map(|sealed| sealed - ENVELOPE_BYTES)
        .find(|length| *length >= full)
        .ok_or(VaultError::TooLarge)?;
    // Of its full length from the start: growing would leave copies behind.
    let mut plain = Said::new(Vec::with_capacity(length));
    plain.push(name_len);
    plain.extend_from_slice(&name.0);
    plain.extend_from_slice(&body_len.to_le_bytes());
    plain.extend_from_slice(body);
    plain.resize(length, 0);
    Ok(plain)
}

/// The name and body that [`padded`] was given.
pub(super) fn unpadded(plain: &[u8]) -> Option<(Name, Said)> {
    let (&name_len, rest) = plain.split_first()?;
    let (name, rest) = rest.split_at_checked(name_len.into())?;
    let (body_len, rest) = rest.split_first_chunk::<2>()?;
    let body = rest.get(..usize::from(u16::from_le_bytes(*body_len)))?;
    Some((Name(name.to_vec()), Said::new(body.to_vec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hider(seed: u8) -> Hider {
        Hider::new(&Key::fill(|bytes| bytes.fill(seed)))
    }

    #[test]
    fn only_five_lengths_reach_the_disk() {
        let (hider, mut entropy) = (hider(1), Entropy::new([1; 32]));
        let leaf = entropy.key();
        let name = Name(vec![3; RECORD_NAME_BYTES_MAX]);
        let key = hider.record_key(Place::Body, &name);
        for length in (0..=RECORD_BODY_BYTES_MAX).step_by(61) {
            let record = hider
                .seal(&key, (9, &leaf), &name, &vec![4; length], &mut entropy)
                .unwrap();
            assert!(SEALED_BYTES.contains(&record.len()));
        }
        let (long, body) = (Name(vec![3; 129]), vec![4; RECORD_BODY_BYTES_MAX + 1]);
        assert!(!fits(&long, b"") && !fits(&name, &body));
        assert!(padded(&name, &body).is_err());
    }

    #[test]
    fn a_name_stands_at_two_places_without_a_likeness() {
        let (name, hider) = (Name(b"alma".to_vec()), hider(1));
        let state = hider.record_key(Place::State, &name);
        let body = hider.record_key(Place::Body, &name);
        assert_ne!(state.0[1..], body.0[1..]);
        assert_eq!(
            (state.place(), body.place()),
            (Some(Place::State), Some(Place::Body))
        );
        assert_ne!(
            super::tests::hider(2).record_key(Place::State, &name),
            state
        );
    }

    #[test]
    fn two_records_of_one_leaf_do_not_look_related() {
        let (hider, mut entropy) = (hider(1), Entropy::new([1; 32]));
        let leaf = entropy.key();
        let name = Name(b"alma".to_vec());
        let key = hider.record_key(Place::State, &name);
        let mut masked = || {
            let record = hider
                .seal(&key, (9, &leaf), &name, b"", &mut entropy)
                .unwrap();
            assert_eq!(hider.unmark(&key, &record).unwrap().0, 9);
            record[record.len() - MARK_BYTES - LEAF_BYTES..record.len() - MARK_BYTES].to_vec()
        };
        assert_ne!(masked(), masked());
    }

    #[test]
    fn foreign_keys_are_not_ours() {
        assert!(RecordKey::from_bytes(b"").is_none());
        assert!(RecordKey::from_bytes(&[b'x'; RECORD_KEY_BYTES]).is_none());
        assert!(RecordKey::from_bytes(&[b's'; RECORD_KEY_BYTES + 1]).is_none());
        assert!(RecordKey::from_bytes(RecordKey::ROOT.as_bytes()).is_some());
    }
}
