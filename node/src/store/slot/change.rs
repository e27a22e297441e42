//! A slot changed as a whole, for another passphrase: a header and two copies, which cannot be
//! written in place at once.
//!
//! The new pages are first written behind the old ones, in the same file: the copy, synced; then
//! the header, whose own sum makes it whole or nothing. From there on the change has happened. Then
//! they are written over the old ones, of which nothing is left; then what stands behind is
//! overwritten and cut off. Each crash leaves a file that [`SlotFile::settle`] understands. No
//! second file, no renaming: the slot may lie on a stick whose file system does neither well.

use std::io;
use std::os::unix::fs::FileExt;

use kith_proto::vault::{SLOT_PAGE_BYTES, SlotCopy, SlotPage, needs_passphrase};

use super::{Part, SLOT_BYTES, SlotFile, StoreError, at};

/// Where the new copy waits.
const COPY_AT: u64 = SLOT_BYTES;
/// Where the new header waits, written after it.
const HEADER_AT: u64 = COPY_AT + SLOT_PAGE_BYTES as u64;
const END: u64 = HEADER_AT + SLOT_PAGE_BYTES as u64;

impl SlotFile {
    /// Puts a new slot, its header and the page of both copies, in the place of this one.
    pub(in crate::store) fn replace(
        &self,
        [header, copy]: &[SlotPage; 2],
    ) -> Result<(), StoreError> {
        self.lay(COPY_AT, copy.as_bytes())?;
        self.lay(HEADER_AT, header.as_bytes())?;
        self.settle()
    }

    /// Finishes a change that has happened, undoes one that has not.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        if !(SLOT_BYTES + 1..=END).contains(&self.length()?) {
            return Ok(());
        }
        if let Some([header, copy]) = self.change()? {
            self.lay(at(SlotCopy::A), &copy)?;
            self.lay(at(SlotCopy::B), &copy)?;
            self.lay(0, &header)?;
        }
        // The header first: as long as it stands, the copy must.
        self.lay(HEADER_AT, &noise()?)?;
        self.lay(COPY_AT, &noise()?)?;
        let cut = self.0.set_len(SLOT_BYTES).and_then(|()| self.0.sync_all());
        cut.map_err(StoreError::io(Part::Slot))
    }

    /// Header and copy of a change that has happened and is not finished.
    pub(super) fn change(&self) -> Result<Option<[Vec<u8>; 2]>, StoreError> {
        if self.length()? != END {
            return Ok(None);
        }
        let header = self.read(HEADER_AT)?;
        if needs_passphrase(&header).is_err() {
            return Ok(None);
        }
        Ok(Some([header, self.read(COPY_AT)?]))
    }

    /// Writes a page and waits until the disk has it, and the file's length with it.
    fn lay(&self, at: u64, page: &[u8]) -> Result<(), StoreError> {
        #[cfg(test)]
        tests::power(&self.0, at, page)?;
        let written = self.0.write_all_at(page, at);
        let synced = written.and_then(|()| self.0.sync_all());
        synced.map_err(StoreError::io(Part::Slot))
    }
}

fn noise() -> Result<Vec<u8>, StoreError> {
    let mut page = vec![0; SLOT_PAGE_BYTES];
    let filled = getrandom::fill(&mut page).map_err(io::Error::other);
    filled.map(|()| page).map_err(StoreError::io(Part::Slot))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs::{File, OpenOptions};
    use std::path::Path;

    use kith_proto::vault::{self, Cost, Lock, Vault};

    use super::super::FILE;
    use super::*;

    thread_local! {
        /// How many bytes still reach the disk.
        static POWER: Cell<usize> = const { Cell::new(usize::MAX) };
    }

    /// Lets only a part of a page reach the disk, and nothing after it.
    pub(super) fn power(file: &File, at: u64, page: &[u8]) -> Result<(), StoreError> {
        let left = POWER.get();
        POWER.set(left.saturating_sub(page.len()));
        match page.get(..left) {
            Some(part) => {
                file.write_all_at(part, at).unwrap();
                Err(StoreError::Stopped)
            }
            None => Ok(()),
        }
    }

    /// `what`, while only so many bytes reach the disk.
    fn with_power<T>(bytes: usize, what: impl FnOnce() -> T) -> T {
        POWER.set(bytes);
        let result = what();
        POWER.set(usize::MAX);
        result
    }

    fn passphrase(text: &str) -> Lock<'_> {
        Lock::Passphrase {
            text: text.as_bytes(),
            cost: Cost::FLOOR,
        }
    }

    /// A slot behind one passphrase, and that which shall be behind another.
    fn slots() -> (Vec<u8>, [SlotPage; 2], vault::Commit) {
        let (mut vault, header, first) = vault::create(&passphrase("old"), [1; 32]).unwrap();
        let pages = [&header, &first.slot, &first.slot].map(|page| &page.as_bytes()[..]);
        let slot = vault::new_slot(&passphrase("new"), [2; 32]).unwrap();
        let new = vault.relock(slot, [3; 32]).unwrap();
        (pages.concat(), new, first)
    }

    fn whole([header, copy]: &[SlotPage; 2]) -> Vec<u8> {
        [header, copy, copy]
            .map(|page| &page.as_bytes()[..])
            .concat()
    }

    fn open(dir: &Path) -> SlotFile {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).open(dir.join(FILE));
        SlotFile(file.unwrap())
    }

    /// All bytes that one change writes.
    const BYTES: usize = 7 * SLOT_PAGE_BYTES;
    /// Those after which it has happened: a header ends in its sum.
    const HAPPENED: usize = 2 * SLOT_PAGE_BYTES;

    #[test]
    fn a_change_that_is_cut_off_anywhere_and_cut_off_again_leaves_one_slot_and_nothing_of_the_other()
     {
        let (old, new, _) = slots();
        let dir = tempfile::tempdir().unwrap();
        for cut in (0..=BYTES).step_by(1024) {
            for again in (0..=5 * SLOT_PAGE_BYTES).step_by(1024 + 512) {
                std::fs::write(dir.path().join(FILE), &old).unwrap();
                let _ = with_power(cut, || open(dir.path()).replace(&new));
                let _ = with_power(again, || SlotFile::open(dir.path()));
                let seen = SlotFile::look(dir.path()).unwrap().header().unwrap();
                SlotFile::open(dir.path()).unwrap();
                let left = std::fs::read(dir.path().join(FILE)).unwrap();
                let right = if cut < HAPPENED {
                    old.clone()
                } else {
                    whole(&new)
                };
                assert!(left == right, "cut at {cut}, then at {again}");
                assert_eq!(seen, right[..SLOT_PAGE_BYTES], "what is seen counts");
            }
        }
    }

    #[test]
    fn a_change_writes_what_these_tests_believe() {
        let (old, new, _) = slots();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), &old).unwrap();
        let left = with_power(BYTES + 1, || {
            open(dir.path()).replace(&new).unwrap();
            POWER.get()
        });
        assert_eq!(left, 1);
    }

    #[test]
    fn only_the_new_passphrase_opens_what_a_change_leaves() {
        let (old, new, first) = slots();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), &old).unwrap();
        open(dir.path()).replace(&new).unwrap();
        let slot = SlotFile::open(dir.path()).unwrap();
        let header = slot.header().unwrap();
        let copies = [SlotCopy::A, SlotCopy::B].map(|copy| slot.copy(copy).unwrap());
        let try_open = |header: &[u8], text| -> Result<Vault, vault::VaultError> {
            let copies = [&copies[0][..], &copies[1]];
            let fetch = |key: &vault::RecordKey| {
                let found = first.batch.iter().find(|write| write.key == *key)?;
                found.value.clone()
            };
            vault::open(header, copies, &passphrase(text), [9; 32], fetch).map(|(vault, _)| vault)
        };
        assert!(try_open(&header, "new").is_ok());
        let refused = try_open(&header, "old").map(drop);
        assert_eq!(refused, Err(vault::VaultError::WrongPassphrase));
        // Who kept the old header has no copies for it.
        let refused = try_open(&old[..SLOT_PAGE_BYTES], "old").map(drop);
        assert_eq!(refused, Err(vault::VaultError::SlotDamaged));
    }
}
