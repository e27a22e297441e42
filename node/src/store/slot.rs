//! `root.slot`: three pages, the copies written in place and synced one by one.

mod change;

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use kith_proto::vault::{SLOT_PAGE_BYTES, SlotCopy, SlotPage};

use super::{Part, StoreError, sync_dir};

pub(super) const FILE: &str = "root.slot";
/// Stands from the first moment of making a store to its last, when it becomes [`FILE`].
pub(super) const UNFINISHED: &str = "root.slot.new";

const SLOT_BYTES: u64 = 3 * SLOT_PAGE_BYTES as u64;

/// Leaves the sign that a store is being made here.
pub(super) fn announce(dir: &Path) -> Result<(), StoreError> {
    let mut new = OpenOptions::new();
    new.write(true)
        .create_new(true)
        .mode(0o600)
        .open(dir.join(UNFINISHED))
        .and_then(|_| sync_dir(dir))
        .map_err(StoreError::io(Part::Slot))
}

/// Writes the slot, and turns the sign into it.
pub(super) fn finish(dir: &Path, header: &SlotPage, page: &SlotPage) -> Result<(), StoreError> {
    let write = || {
        let new = dir.join(UNFINISHED);
        let file = OpenOptions::new().write(true).open(&new)?;
        let pages = [header, page, page].map(|page| &page.as_bytes()[..]);
        file.write_all_at(&pages.concat(), 0)?;
        file.sync_all()?;
        fs::rename(new, dir.join(FILE))?;
        sync_dir(dir)
    };
    write().map_err(StoreError::io(Part::Slot))
}

/// The open slot.
pub(super) struct SlotFile(pub(super) File);

impl SlotFile {
    /// The slot as it stands, only to be looked at.
    pub(super) fn look(dir: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new().read(true).open(dir.join(FILE));
        Ok(Self(file.map_err(StoreError::io(Part::Slot))?))
    }

    /// The slot to work with. A change that was cut off is finished or undone first, so the caller
    /// must hold the home's lock.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).open(dir.join(FILE));
        let slot = Self(file.map_err(StoreError::io(Part::Slot))?);
        slot.settle()?;
        match slot.length()? {
            SLOT_BYTES => Ok(slot),
            _ => Err(StoreError::SlotDamaged),
        }
    }

    /// The header that counts.
    pub(super) fn header(&self) -> Result<Vec<u8>, StoreError> {
        match self.change()? {
            Some([header, _]) => Ok(header),
            None if self.length()? < SLOT_BYTES => Err(StoreError::SlotDamaged),
            None => self.read(0),
        }
    }

    fn length(&self) -> Result<u64, StoreError> {
        let about = self.0.metadata();
        about
            .map(|about| about.len())
            .map_err(StoreError::io(Part::Slot))
    }

    pub(super) fn copy(&self, copy: SlotCopy) -> Result<Vec<u8>, StoreError> {
        self.read(at(copy))
    }

    /// Writes a copy and waits until the disk has it.
    pub(super) fn write(&self, copy: SlotCopy, page: &SlotPage) -> Result<(), StoreError> {
        self.0
            .write_all_at(page.as_bytes(), at(copy))
            .and_then(|()| self.0.sync_data())
            .map_err(StoreError::io(Part::Slot))
    }

    fn read(&self, at: u64) -> Result<Vec<u8>, StoreError> {
        let mut page = vec![0; SLOT_PAGE_BYTES];
        let read = self.0.read_exact_at(&mut page, at);
        read.map_err(StoreError::io(Part::Slot))?;
        Ok(page)
    }
}

/// Where a copy begins.
fn at(copy: SlotCopy) -> u64 {
    match copy {
        SlotCopy::A => SLOT_PAGE_BYTES as u64,
        SlotCopy::B => 2 * SLOT_PAGE_BYTES as u64,
    }
}
