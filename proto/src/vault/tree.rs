//! The key tree: a root record of 64 keys, 64 tables of 64, 4,096 tables of 64 leaves.
//!
//! All keys are held in memory; the disk holds each table sealed under a key that stands in the
//! table above. Whoever touches a leaf gets fresh keys all the way up, so that the old tables, which
//! a log-structured file may keep for months, open to nobody. Knows leaves by number and tag only.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{Hider, LeafTag, RecordKey};
use super::{VaultError, Write, seal};
use crate::kdf::Entropy;
use crate::limits::LEAVES_MAX;
use crate::secret::{KEY_BYTES, Key, Said, Tree};

/// Entries of each table.
const WIDTH: u32 = 64;
/// Level of the tables that hold leaves; the root record has level 0.
const LOWEST: u8 = 2;
/// Longest table: which entries are taken, and for each a key and a tag.
const TABLE_BYTES_MAX: usize = 8 + WIDTH as usize * (KEY_BYTES + size_of::<LeafTag>());

const _: () = assert!(LEAVES_MAX == WIDTH * WIDTH * WIDTH);

/// What happens to a leaf in a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is there afterwards, with its old key if it had one.
    Keep,
    /// It is there afterwards, with a new key.
    Renew,
    /// It is gone afterwards.
    Erase,
}

struct LeafKey {
    tag: LeafTag,
    key: Key<Tree>,
}

/// A table other than the root: its level, and its number on this level.
type Table = (u8, u32);

/// All tables, opened.
#[derive(Default)]
pub(super) struct KeyTree {
    leaves: BTreeMap<u32, LeafKey>,
    numbers: BTreeMap<LeafTag, u32>,
    tables: BTreeMap<Table, Key<Tree>>,
    /// Lowest number never used.
    fresh: u32,
    /// Numbers below it that are not in use.
    free: BTreeSet<u32>,
    /// Lowest tables to be sealed again.
    touched: BTreeSet<u32>,
}

impl KeyTree {
    /// Builds the tree from the entries of its root, fetching each table once.
    pub(super) fn load(
        root: &[u8],
        hider: &Hider,
        mut fetch: impl FnMut(&RecordKey) -> Option<Vec<u8>>,
    ) -> Result<Self, VaultError> {
        let mut tree = Self::default();
        let mut waiting = tree.absorb((0, 0), root)?;
        while let Some((level, index)) = waiting.pop() {
            let record_key = hider.table_key(level, index);
            let plain = fetch(&record_key)
                .zip(tree.tables.get(&(level, index)))
                .and_then(|(sealed, key)| seal::open(key, record_key.as_bytes(), &sealed))
                .ok_or(VaultError::DatabaseDamaged)?;
            waiting.extend(tree.absorb((level, index), &plain)?);
        }
        tree.fresh = tree.leaves.keys().next_back().map_or(0, |last| last + 1);
        tree.free = (0..tree.fresh)
            .filter(|number| !tree.leaves.contains_key(number))
            .collect();
        Ok(tree)
    }

    /// Takes the entries of one table; gives the tables that hang on it.
    fn absorb(&mut self, (level, index): Table, plain: &[u8]) -> Result<Vec<Table>, VaultError> {
        let mut below = Vec::new();
        let (taken, mut rest) = plain
            .split_first_chunk::<8>()
            .ok_or(VaultError::DatabaseDamaged)?;
        for entry in 0..WIDTH {
            let number = index * WIDTH + entry;
            let taken = u64::from_le_bytes(*taken) >> entry & 1 == 1;
            let key = split::<KEY_BYTES>(&mut rest)?;
            let key = Key::fill(|bytes| bytes.copy_from_slice(key));
            if level < LOWEST && taken {
                self.tables.insert((level + 1, number), key);
                below.push((level + 1, number));
            } else if level == LOWEST {
                let tag = *split(&mut rest)?;
                if taken {
                    self.place(number, LeafKey { tag, key })?;
                }
            }
        }
        rest.is_empty()
            .then_some(below)
            .ok_or(VaultError::DatabaseDamaged)
    }

    fn place(&mut self, number: u32, leaf: LeafKey) -> Result<(), VaultError> {
        let twice = self.numbers.insert(leaf.tag, number).is_some();
        self.leaves.insert(number, leaf);
        (!twice).then_some(()).ok_or(VaultError::DatabaseDamaged)
    }

    /// The number and key of a leaf.
    pub(super) fn leaf(&self, tag: &LeafTag) -> Option<(u32, &Key<Tree>)> {
        let number = *self.numbers.get(tag)?;
        Some((number, self.leaf_key(number)?))
    }

    /// The key of the leaf that has this number now.
    pub(super) fn leaf_key(&self, number: u32) -> Option<&Key<Tree>> {
        self.leaves.get(&number).map(|leaf| &leaf.key)
    }

    /// The keys of all tables below the root.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn table_keys(&self) -> impl Iterator<Item = &Key<Tree>> {
        self.tables.values()
    }

    /// Whether all these fates can happen.
    pub(super) fn has_room(&self, fates: &BTreeMap<LeafTag, Fate>) -> bool {
        let known = |tag: &LeafTag| self.numbers.contains_key(tag);
        let goes = fates
            .iter()
            .filter(|(tag, fate)| **fate == Fate::Erase && known(tag));
        let comes = fates
            .iter()
            .filter(|(tag, fate)| **fate != Fate::Erase && !known(tag));
        self.numbers.len() - goes.count() + comes.count() <= LEAVES_MAX as usize
    }

    /// Lets them happen, in memory; [`KeyTree::seal`] gives what the disk must learn.
    pub(super) fn apply(
        &mut self,
        fates: &BTreeMap<LeafTag, Fate>,
        entropy: &mut Entropy,
    ) -> Result<(), VaultError> {
        // Erasures first: the newcomers may need their numbers.
        for (tag, _) in fates.iter().filter(|(_, fate)| **fate == Fate::Erase) {
            self.erase(tag);
        }
        for (tag, fate) in fates.iter().filter(|(_, fate)| **fate != Fate::Erase) {
            let number = match self.numbers.get(tag) {
                Some(_) if *fate == Fate::Keep => continue,
                Some(number) => *number,
                None => self.vacant()?,
            };
            let (tag, key) = (*tag, entropy.key());
            self.leaves.insert(number, LeafKey { tag, key });
            self.numbers.insert(tag, number);
            self.touched.insert(number / WIDTH);
        }
        Ok(())
    }

    fn erase(&mut self, tag: &LeafTag) {
        if let Some(number) = self.numbers.remove(tag) {
            self.leaves.remove(&number);
            self.free.insert(number);
            self.touched.insert(number / WIDTH);
        }
    }

    /// The lowest number that no leaf has.
    fn vacant(&mut self) -> Result<u32, VaultError> {
        if let Some(number) = self.free.pop_first() {
            return Ok(number);
        }
        let number = self.fresh;
        if number >= LEAVES_MAX {
            return Err(VaultError::Full);
        }
        self.fresh += 1;
        Ok(number)
    }

    /// Seals every table between a touched leaf and the root under a fresh key, lowest first, and
    /// removes those that became empty. Then [`KeyTree::root`] is what the root record must hold.
    pub(super) fn seal(
        &mut self,
        hider: &Hider,
        entropy: &mut Entropy,
    ) -> Result<Vec<Write>, VaultError> {
        let mut writes = Vec::new();
        let mut touched = core::mem::take(&mut self.touched);
        for level in (1..=LOWEST).rev() {
            for &index in &touched {
                let key = hider.table_key(level, index);
                let value = self.seal_table((level, index), &key, entropy)?;
                writes.push(Write { key, value });
            }
            touched = touched.into_iter().map(|index| index / WIDTH).collect();
        }
        Ok(writes)
    }

    fn seal_table(
        &mut self,
        table: Table,
        record_key: &RecordKey,
        entropy: &mut Entropy,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let Some(plain) = self.entries(table) else {
            self.tables.remove(&table);
            return Ok(None);
        };
        let key = match self.tables.get(&table).filter(|_| planted!(TableKeyKept)) {
            Some(kept) => Key::fill(|bytes| *bytes = *kept.expose()),
            None => entropy.key(),
        };
        let sealed = seal::seal(&key, record_key.as_bytes(), &plain, entropy)?;
        self.tables.insert(table, key);
        Ok(Some(sealed))
    }

    /// The entries of the root record.
    pub(super) fn root(&self) -> Said {
        // A tree without a leaf has a root like any other.
        self.entries((0, 0)).unwrap_or_else(|| {
            let length = 8 + WIDTH as usize * KEY_BYTES;
            Said::new(vec![0; length])
        })
    }

    /// `taken u64 | 64 x (key 32, for leaves: tag 16)`, zeros where there is none: a table has one
    /// length, however many entries are taken. `None` if none is.
    fn entries(&self, (level, index): Table) -> Option<Said> {
        let mut taken = 0u64;
        let mut plain = Said::new(Vec::with_capacity(TABLE_BYTES_MAX));
        plain.extend_from_slice(&[0; 8]);
        for entry in 0..WIDTH {
            let number = index * WIDTH + entry;
            let leaf = self.leaves.get(&number);
            let key = if level == LOWEST {
                leaf.map(|leaf| &leaf.key)
            } else {
                self.tables.get(&(level + 1, number))
            };
            taken |= u64::from(key.is_some()) << entry;
            plain.extend_from_slice(key.map_or(&[0; KEY_BYTES], |key| key.expose()));
            if level == LOWEST {
                plain.extend_from_slice(&leaf.map_or(LeafTag::default(), |leaf| leaf.tag));
            }
        }
        plain
            .first_chunk_mut::<8>()?
            .copy_from_slice(&taken.to_le_bytes());
        (taken != 0).then_some(plain)
    }
}

/// The next `N` bytes of a table.
fn split<'a, const N: usize>(rest: &mut &'a [u8]) -> Result<&'a [u8; N], VaultError> {
    let (head, tail) = rest
        .split_first_chunk()
        .ok_or(VaultError::DatabaseDamaged)?;
    *rest = tail;
    Ok(head)
}

#[cfg(test)]
mod tests;
