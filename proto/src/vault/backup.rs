//! A backup: one file, sealed under a passphrase of its own, of one of three lengths. PROTOCOL §8.
//!
//! Pure, like all of the vault: what stands in it is the engine's, where it lies the shell's.

use super::VaultError;
use super::seal::{self, NONCE_BYTES, TAG_BYTES};
use super::slot::{Cost, Lock, SLOT_PAGE_BYTES, Slot};
use crate::kdf::Entropy;
use crate::limits::BACKUP_BYTES;
use crate::secret::Said;

const MAGIC: [u8; 16] = *b"kith backup\n\0\0\0\0";
/// What stands in a file besides what is in it.
const AROUND_BYTES: usize = SLOT_PAGE_BYTES + NONCE_BYTES + 4 + TAG_BYTES;

/// The lock of a backup that is about to be made. Making it takes as long as a guess shall take.
pub struct BackupLock(Slot);

/// What was in a backup.
pub struct Backup(pub(crate) Said);

impl BackupLock {
    /// A lock that this passphrase opens.
    ///
    /// # Errors
    /// `Cost`, `OutOfMemory`.
    pub fn new(passphrase: &[u8], cost: Cost, entropy: [u8; 32]) -> Result<Self, VaultError> {
        let lock = Lock::Passphrase {
            text: passphrase,
            cost,
        };
        Slot::create(MAGIC, &lock, &mut Entropy::new(entropy)).map(Self)
    }

    /// `header page | nonce 24 | sealed {length u32, contents, zeros} | tag 16`.
    pub(crate) fn seal(
        &self,
        contents: &Said,
        entropy: &mut Entropy,
    ) -> Result<Vec<u8>, VaultError> {
        let fits = |length: &&usize| contents.len() + AROUND_BYTES <= **length;
        let length = *BACKUP_BYTES.iter().find(fits).ok_or(VaultError::TooLarge)?;
        let mut file = Vec::with_capacity(length);
        file.extend_from_slice(self.0.header().as_bytes());
        let nonce: [u8; NONCE_BYTES] = entropy.bytes();
        file.extend_from_slice(&nonce);
        let mut text = Said::new(Vec::with_capacity(length));
        text.extend_from_slice(&(contents.len() as u32).to_le_bytes());
        text.extend_from_slice(contents);
        text.resize(length - AROUND_BYTES + 4, 0);
        let tag = seal::in_place(self.0.kek(), &nonce, self.0.header().as_bytes(), &mut text)?;
        file.extend_from_slice(&text);
        file.extend_from_slice(&tag);
        Ok(file)
    }
}

/// Opens a backup, which takes as long as a guess.
///
/// # Errors
/// `WrongPassphrase`; `SlotDamaged` whatever else is wrong with the file, `SlotTooNew`,
/// `OutOfMemory`.
pub fn open_backup(file: &[u8], passphrase: &[u8]) -> Result<Backup, VaultError> {
    let (page, sealed) = split(file)?;
    let lock = Lock::Passphrase {
        text: passphrase,
        cost: Cost::FLOOR,
    };
    match Slot::unlock(MAGIC, page, &lock) {
        Ok(slot) => opened(&slot, page, sealed),
        // No backup was ever sealed under a device's key.
        Err(VaultError::NeedsDeviceKey) => Err(VaultError::SlotDamaged),
        Err(error) => Err(error),
    }
}

/// The header page and what is behind it.
fn split(file: &[u8]) -> Result<(&[u8], &[u8]), VaultError> {
    let parts = file.split_at_checked(SLOT_PAGE_BYTES);
    parts
        .filter(|_| BACKUP_BYTES.contains(&file.len()))
        .ok_or(VaultError::SlotDamaged)
}

fn opened(slot: &Slot, page: &[u8], sealed: &[u8]) -> Result<Backup, VaultError> {
    let damaged = VaultError::SlotDamaged;
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(damaged)?;
    let (text, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(damaged)?;
    let mut text = Said::new(text.to_vec());
    if !seal::opens_in_place(slot.kek(), nonce, page, &mut text, tag) {
        return Err(damaged);
    }
    let (length, rest) = text.split_first_chunk::<4>().ok_or(damaged)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| damaged)?;
    let contents = rest.get(..length).ok_or(damaged)?;
    Ok(Backup(Said::new(contents.to_vec())))
}

/// Backups that no node made, for tests that change what a seal protects; in no program.
#[cfg(any(test, feature = "testing"))]
pub(super) mod testing {
    use super::*;

    /// A backup that holds this, as if it had been opened.
    pub fn backup(contents: &[u8]) -> Backup {
        Backup(Said::new(contents.to_vec()))
    }

    /// What is in one.
    pub fn contents(backup: &Backup) -> &[u8] {
        &backup.0
    }

    /// The same lock once more, without the guess.
    pub fn same_lock(lock: &BackupLock) -> BackupLock {
        BackupLock(lock.0.same())
    }

    /// Opens a file of this lock, without the guess.
    ///
    /// # Errors
    /// As [`open_backup`].
    pub fn open_backup(lock: &BackupLock, file: &[u8]) -> Result<Backup, VaultError> {
        let (page, sealed) = split(file)?;
        opened(&lock.0, page, sealed)
    }

    /// A file of this lock with other bytes inside: what `change` makes of length, contents and
    /// zeros, sealed anew. Nothing if it is not whole.
    pub fn changed_backup(
        lock: &BackupLock,
        file: &[u8],
        change: impl FnOnce(&mut Vec<u8>),
    ) -> Option<Vec<u8>> {
        let (page, sealed) = split(file).ok()?;
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let (text, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
        let mut text = text.to_vec();
        if !seal::opens_in_place(lock.0.kek(), nonce, page, &mut text, tag) {
            return None;
        }
        change(&mut text);
        let tag = seal::in_place(lock.0.kek(), nonce, page, &mut text).ok()?;
        Some([page, nonce, &text, &tag].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(length: usize) -> Vec<u8> {
        let lock = BackupLock::new(b"un deux trois", Cost::FLOOR, [1; 32]).unwrap();
        let contents = Said::new(vec![7; length]);
        lock.seal(&contents, &mut Entropy::new([2; 32])).unwrap()
    }

    #[test]
    fn a_backup_opens_with_its_passphrase_and_shows_one_of_three_lengths() {
        for (contents, length) in [(0, 0), (1000, 0), (BACKUP_BYTES[0] - AROUND_BYTES + 1, 1)] {
            let file = sealed(contents);
            assert_eq!(file.len(), BACKUP_BYTES[length]);
            let backup = open_backup(&file, b"un deux trois").unwrap();
            assert!(backup.0.len() == contents && backup.0.iter().all(|byte| *byte == 7));
        }
        let lock = BackupLock::new(b"x", Cost::FLOOR, [1; 32]).unwrap();
        let much = Said::new(vec![7; BACKUP_BYTES[BACKUP_BYTES.len() - 1]]);
        assert!(lock.seal(&much, &mut Entropy::new([2; 32])).is_err());
    }

    #[test]
    fn a_wrong_passphrase_is_told_from_a_damaged_file() {
        let file = sealed(100);
        let open = |file: &[u8]| open_backup(file, b"un deux trois").err();
        let wrong = open_backup(&file, b"un deux").err();
        assert_eq!(wrong, Some(VaultError::WrongPassphrase));
        for at in [0, 20, 40, 4095, 4096, 5000, file.len() - 1] {
            let mut bad = file.clone();
            bad[at] ^= 1;
            assert_eq!(open(&bad), Some(VaultError::SlotDamaged), "{at}");
        }
        for length in [0, 1, 4096, 4097, file.len() - 1] {
            assert_eq!(open(&file[..length]), Some(VaultError::SlotDamaged));
        }
        let longer = [file.as_slice(), &[0]].concat();
        assert_eq!(open(&longer), Some(VaultError::SlotDamaged));
    }

    /// it was answered with a word about slots.
    #[test]
    fn a_backup_that_asks_for_a_device_key_is_a_damaged_file() {
        let mut file = sealed(100);
        let (head, sum) = file[..SLOT_PAGE_BYTES].split_at_mut(SLOT_PAGE_BYTES - 32);
        head[17] = 2;
        sum.copy_from_slice(blake3::hash(head).as_bytes());
        let opened = open_backup(&file, b"un deux trois").err();
        assert_eq!(opened, Some(VaultError::SlotDamaged));
    }

    #[test]
    fn a_slot_is_no_backup_and_a_backup_no_slot() {
        let file = sealed(100);
        assert!(super::super::needs_passphrase(&file[..SLOT_PAGE_BYTES]).is_err());
    }
}
