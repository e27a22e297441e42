//! The key tree over the records: seals, plans commits, erases.
//!
//! `slot -> root key -> root record -> tables -> leaf keys -> records`. What a log-structured
//! database was told to forget may linger on the disk for months; here it lingers under a key that
//! is gone. Pure: says what to write and in which order, and never writes. The shell makes a
//! [`Commit`] durable like this, and [`Vault::open`] understands every point at which it may stop:
//!
//! 1. the batch, all or nothing, to the disk: from here on the commit has happened;
//! 2. the slot page over copy A, to the disk; 3. the same page over copy B, to the disk: from here
//!    on what it erased is gone, and effects may leave.

mod backup;
mod opening;
mod plan;
mod record;
mod seal;
mod slot;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tree;

use core::fmt;

pub use self::backup::{Backup, BackupLock, open_backup};
pub use self::opening::{UnlockedSlot, create, new_slot, open, unlock};
use self::plan::Plan;
use self::record::Hider;
pub use self::record::{RECORD_KEY_BYTES, RecordKey};
pub use self::slot::{Cost, Lock, Repair, SLOT_PAGE_BYTES, SlotCopy, SlotPage, needs_passphrase};
use self::slot::{Roots, Slot};
use self::tree::KeyTree;
use crate::kdf::Entropy;
use crate::secret::{KEY_BYTES, Key, Names, Said};

/// A record's logical name, at most `RECORD_NAME_BYTES_MAX` bytes; on the disk only its keyed hash
/// stands. Names of different [`Place`]s are different names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub Vec<u8>);

/// A leaf of the key tree by its logical name: what one destroys at once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf(pub Vec<u8>);

/// Where a record stands: read whole at start, or fetched when needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// State and indexes.
    State,
    /// Pieces of texts and parcels.
    Body,
}

/// A record to write.
pub struct Put {
    /// Its name; a record of this name is replaced. The replaced bytes are destroyed only if their
    /// leaf's key goes: state that must not be read again is written with `renew`.
    pub name: Name,
    /// Where it stands.
    pub place: Place,
    /// Under which leaf it is sealed; the leaf is made if there is none.
    pub leaf: Leaf,
    /// Whether the leaf gets a new key with this write, which destroys all that the old one sealed.
    /// It does so once per step, before the step's first record: all puts of a step under one leaf
    /// stay, whichever of them asks.
    pub renew: bool,
    /// At most `RECORD_BODY_BYTES_MAX` bytes.
    pub body: Said,
}

/// Something to destroy.
pub enum Erase {
    /// A record: it is no longer found. Its bytes are destroyed when its leaf's key goes, not before.
    Record(Name, Place),
    /// A leaf's key, and with it all that it sealed. Records that nobody erases by name are found
    /// as [`VaultError::Erased`] and can be swept at any time.
    Leaf(Leaf),
}

/// One change of the database: a value, or none to remove the key.
#[derive(Clone, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub key: RecordKey,
    /// At most 4096 bytes.
    pub value: Option<Vec<u8>>,
}

/// What the disk must learn, in the order that the head of this module says.
pub struct Commit {
    /// To be written all together or not at all. Each key once.
    pub batch: Vec<Write>,
    /// To be written over copy A and then over copy B.
    pub slot: SlotPage,
}

/// Why the vault does not open, does not seal, or does not show a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// Not the passphrase of this slot.
    WrongPassphrase,
    /// Not the device key of this slot.
    WrongDeviceKey,
    /// This slot opens with a passphrase.
    NeedsPassphrase,
    /// This slot opens with a device key.
    NeedsDeviceKey,
    /// A passphrase would cost too little to guess, or more than any machine has.
    Cost,
    /// This machine has not the memory that the passphrase costs.
    OutOfMemory,
    /// The slot's header, or both its copies, are not what we wrote (or were wiped).
    SlotDamaged,
    /// A newer Kith made this slot.
    SlotTooNew,
    /// A record or table is missing or is not what we wrote.
    DatabaseDamaged,
    /// This record was written here, and its key was destroyed since.
    Erased,
    /// A name or a body is longer than a record can hold.
    TooLarge,
    /// All leaves are taken.
    Full,
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongPassphrase => "not the passphrase of this slot",
            Self::WrongDeviceKey => "not the device key of this slot",
            Self::NeedsPassphrase => "this slot opens with a passphrase",
            Self::NeedsDeviceKey => "this slot opens with a device key",
            Self::Cost => "the cost of the passphrase is out of bounds",
            Self::OutOfMemory => "not enough memory for the passphrase",
            Self::SlotDamaged => "the slot is damaged or was wiped",
            Self::SlotTooNew => "the slot was made by a newer version",
            Self::DatabaseDamaged => "a record is missing or damaged",
            Self::Erased => "the record was erased",
            Self::TooLarge => "a record is too large",
            Self::Full => "no leaf is free",
        })
    }
}

impl core::error::Error for VaultError {}

/// The unlocked vault: every key of the tree, and what it takes to plan the next commit.
pub struct Vault {
    slot: Slot,
    roots: Roots,
    names: Key<Names>,
    hider: Hider,
    tree: KeyTree,
}

impl Vault {
    /// Merges the steps, oldest first, into one commit: the outcome is that of carrying them out
    /// one after the other, each its puts and then its erases. So what a step erases stays erased
    /// unless a later step writes it again.
    ///
    /// From here on the vault stands where the disk will stand once the commit is durable: if it
    /// cannot be made so, drop the vault and open it from the disk.
    ///
    /// # Errors
    /// `TooLarge`, `Full`: nothing has changed then.
    pub fn plan(
        &mut self,
        steps: impl IntoIterator<Item = (Vec<Put>, Vec<Erase>)>,
        entropy: [u8; KEY_BYTES],
    ) -> Result<Commit, VaultError> {
        let mut entropy = Entropy::new(entropy);
        let mut plan = Plan::default();
        for (puts, erases) in steps {
            plan.step(&self.hider, puts, erases)?;
        }
        if !self.tree.has_room(&plan.leaves) {
            return Err(VaultError::Full);
        }
        self.tree.apply(&plan.leaves, &mut entropy)?;
        let batch = self.sealed(&plan, &mut entropy)?;
        self.commit(batch, &mut entropy)
    }

    /// The records of a plan, under the keys that their leaves have now.
    fn sealed(&self, plan: &Plan, entropy: &mut Entropy) -> Result<Vec<Write>, VaultError> {
        let seal = |(key, record): (&RecordKey, &Option<_>)| {
            let value = match record {
                None => None,
                Some((tag, Put { name, body, .. })) => {
                    let leaf = self.tree.leaf(tag).ok_or(VaultError::DatabaseDamaged)?;
                    Some(self.hider.seal(key, leaf, name, body, entropy)?)
                }
            };
            Ok(Write { key: *key, value })
        };
        plan.records.iter().map(seal).collect()
    }

    /// Adds the touched tables and the root record under the next root key, and turns the slot.
    fn commit(
        &mut self,
        mut batch: Vec<Write>,
        entropy: &mut Entropy,
    ) -> Result<Commit, VaultError> {
        batch.extend(self.tree.seal(&self.hider, entropy)?);
        let entries = self.tree.root();
        let mut root = Said::new(Vec::with_capacity(KEY_BYTES + entries.len()));
        root.extend_from_slice(self.names.expose());
        root.extend_from_slice(&entries);
        let key = RecordKey::ROOT;
        let value = seal::seal(&self.roots.next, key.as_bytes(), &root, entropy)?;
        batch.push(Write {
            key,
            value: Some(value),
        });
        let slot = self.turn(false, entropy)?;
        Ok(Commit { batch, slot })
    }

    /// Makes the next root key the current one (unless the current one `stays`), with a fresh next.
    fn turn(&mut self, stays: bool, entropy: &mut Entropy) -> Result<SlotPage, VaultError> {
        let next = core::mem::replace(&mut self.roots.next, entropy.key());
        if planted!(RootKeyKept) {
            self.roots.next = Key::fill(|bytes| *bytes = *next.expose());
        }
        if !stays {
            self.roots.now = next;
        }
        let sequence = self.roots.sequence.checked_add(1);
        self.roots.sequence = sequence.ok_or(VaultError::SlotDamaged)?;
        self.slot.seal(&self.roots, entropy)
    }

    /// Puts the same roots behind another lock: the header, and the page for both copies. To be
    /// planned between two commits, and made durable before the next, whole or not at all.
    ///
    /// If it cannot be made so, drop the vault and open it from the disk.
    ///
    /// # Errors
    /// `SlotDamaged` after 2^64 pages.
    pub fn relock(
        &mut self,
        slot: UnlockedSlot,
        entropy: [u8; KEY_BYTES],
    ) -> Result<[SlotPage; 2], VaultError> {
        let UnlockedSlot(slot) = slot;
        self.slot = slot;
        let page = self.turn(true, &mut Entropy::new(entropy))?;
        Ok([self.slot.header().clone(), page])
    }

    /// The name and body of a record that the database held under `key`.
    ///
    /// # Errors
    /// `Erased` if its leaf's key is gone; `DatabaseDamaged` if these are not bytes we wrote there.
    pub fn open_record(&self, key: &RecordKey, sealed: &[u8]) -> Result<(Name, Said), VaultError> {
        let (leaf, sealed) = self.hider.unmark(key, sealed)?;
        let leaf = self.tree.leaf_key(leaf).ok_or(VaultError::Erased)?;
        let plain = seal::open(leaf, key.as_bytes(), sealed).ok_or(VaultError::Erased)?;
        record::unpadded(&plain).ok_or(VaultError::DatabaseDamaged)
    }

    /// Under which key the database holds the record of this name, if there is one.
    pub fn key_of(&self, place: Place, name: &Name) -> RecordKey {
        self.hider.record_key(place, name)
    }
}

#[cfg(test)]
mod tests;
