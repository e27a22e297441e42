//! How a vault comes to be at hand: made empty, or opened from a slot that a lock was tried on. Says
//! what must be repaired before anything else is written. PROTOCOL §8.

use super::record::Hider;
use super::slot::{self, Lock, Repair, Roots, Slot, SlotPage};
use super::tree::KeyTree;
use super::{Commit, RecordKey, Vault, VaultError, seal};
use crate::kdf::Entropy;
use crate::secret::{KEY_BYTES, Key, Said, Tree};

/// Makes an empty vault: the header page to stand before the copies, and the first commit, whose
/// page goes into both.
///
/// # Errors
/// `Cost`, `OutOfMemory`.
pub fn create(
    lock: &Lock<'_>,
    entropy: [u8; KEY_BYTES],
) -> Result<(Vault, SlotPage, Commit), VaultError> {
    let mut entropy = Entropy::new(entropy);
    let slot = Slot::create(slot::SLOT, lock, &mut entropy)?;
    let roots = Roots {
        sequence: 0,
        now: entropy.key(),
        next: entropy.key(),
    };
    let names = entropy.key();
    let hider = Hider::new(&names);
    let header = slot.header().clone();
    let mut vault = Vault {
        slot,
        roots,
        names,
        hider,
        tree: KeyTree::default(),
    };
    let first = vault.commit(Vec::new(), &mut entropy)?;
    Ok((vault, header, first))
}

/// Opens a vault from its slot and as many records as the key tree has tables: [`unlock`], then
/// [`UnlockedSlot::open`].
///
/// # Errors
/// As these two.
pub fn open(
    header: &[u8],
    copies: [&[u8]; 2],
    lock: &Lock<'_>,
    entropy: [u8; KEY_BYTES],
    fetch: impl FnMut(&RecordKey) -> Option<Vec<u8>>,
) -> Result<(Vault, Option<Repair>), VaultError> {
    unlock(header, lock)?.open(copies, entropy, fetch)
}

/// A slot whose key is at hand: what takes long is done, and nothing was read but a header.
pub struct UnlockedSlot(pub(super) Slot);

/// Tries a lock on the slot with this header.
///
/// # Errors
/// `WrongPassphrase`, `WrongDeviceKey`, `NeedsPassphrase`, `NeedsDeviceKey`, `OutOfMemory`,
/// `SlotDamaged`, `SlotTooNew`.
pub fn unlock(header: &[u8], lock: &Lock<'_>) -> Result<UnlockedSlot, VaultError> {
    Slot::unlock(slot::SLOT, header, lock).map(UnlockedSlot)
}

/// A slot behind another lock, for [`Vault::relock`].
///
/// # Errors
/// `Cost`, `OutOfMemory`.
pub fn new_slot(lock: &Lock<'_>, entropy: [u8; KEY_BYTES]) -> Result<UnlockedSlot, VaultError> {
    Slot::create(slot::SLOT, lock, &mut Entropy::new(entropy)).map(UnlockedSlot)
}

impl UnlockedSlot {
    /// Opens the vault whose slot this is.
    ///
    /// A [`Repair`] is to be written before anything else: until then one of the copies may still
    /// open what was erased. If that fails, the vault must be dropped.
    ///
    /// # Errors
    /// `SlotDamaged`, `DatabaseDamaged`. A record that `fetch` has not is damage.
    pub fn open(
        self,
        copies: [&[u8]; 2],
        entropy: [u8; KEY_BYTES],
        mut fetch: impl FnMut(&RecordKey) -> Option<Vec<u8>>,
    ) -> Result<(Vault, Option<Repair>), VaultError> {
        let mut entropy = Entropy::new(entropy);
        let Self(slot) = self;
        let (roots, order) = slot.newest(copies)?;
        let sealed = fetch(&RecordKey::ROOT).ok_or(VaultError::DatabaseDamaged)?;
        let (root, settled) = open_root(&roots, &sealed)?;
        let (names, entries) = root
            .split_first_chunk::<KEY_BYTES>()
            .ok_or(VaultError::DatabaseDamaged)?;
        let names = Key::fill(|bytes| bytes.copy_from_slice(names));
        let hider = Hider::new(&names);
        let tree = KeyTree::load(entries, &hider, fetch)?;
        let mut vault = Vault {
            slot,
            roots,
            names,
            hider,
            tree,
        };
        if settled && copies[0] == copies[1] {
            return Ok((vault, None));
        }
        let page = vault.turn(settled, &mut entropy)?;
        Ok((vault, Some(Repair { page, order })))
    }
}

/// The root record, and whether the slot already knows of the commit that wrote it.
fn open_root(roots: &Roots, sealed: &[u8]) -> Result<(Said, bool), VaultError> {
    let under = |key: &Key<Tree>| seal::open(key, RecordKey::ROOT.as_bytes(), sealed);
    under(&roots.now)
        .map(|root| (root, true))
        .or_else(|| under(&roots.next).map(|root| (root, false)))
        .ok_or(VaultError::DatabaseDamaged)
}
