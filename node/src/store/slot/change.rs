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
