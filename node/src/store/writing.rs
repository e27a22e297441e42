//! The order in which writes become durable: the write-ahead log first, the database when the log is
//! full, the slot's copies last. Never sees what is written.

use std::collections::BTreeMap;

use kith_proto::vault::{Commit, RecordKey, Repair, SlotCopy, SlotPage, Write};

use super::database::Database;
use super::wal::Entry;
use super::{Store, StoreError};

impl Store {
    /// Makes a commit durable: the batch (from here on it has happened), then both copies of the
    /// slot (from here on what it erased is gone). Only after this may anything be acknowledged.
    ///
    /// # Errors
    /// `TooLarge`, `DiskFull`, `DatabaseDamaged`, `Io`, `Stopped`.
    pub fn commit(&mut self, commit: &Commit) -> Result<(), StoreError> {
        self.unless_stopped(|| {
            self.write(&commit.batch)?;
            self.slot.write(SlotCopy::A, &commit.slot)?;
            self.slot.write(SlotCopy::B, &commit.slot)
        })
    }

    /// Makes a batch durable: in the write-ahead log, or in the database if it is too long for that.
    pub(super) fn write(&self, batch: &[Write]) -> Result<(), StoreError> {
        Database::check(batch)?;
        let number = self.commits.get() + 1;
        if !self.log(number, batch)? {
            self.empty_wal()?;
            if !self.log(number, batch)? {
                self.database.write(number, batch)?;
            }
        }
        self.commits.set(number);
        Ok(())
    }

    /// Writes a batch to the write-ahead log, if there is room.
    fn log(&self, number: u64, batch: &[Write]) -> Result<bool, StoreError> {
        let mut removed = self.removed.get();
        for Write { key, value } in batch {
            let (before, now) = (self.wal.removes(key), value.is_none());
            if before != now {
                let there = self.database.taken_by(key)?;
                removed = match now {
                    true => removed.saturating_add(there),
                    false => removed.saturating_sub(there),
                };
            }
        }
        let logged = self.wal.append(number, batch)?;
        if logged {
            self.removed.set(removed);
        }
        Ok(logged)
    }

    /// Gives the database what only the write-ahead log has.
    pub(super) fn empty_wal(&self) -> Result<(), StoreError> {
        let changes = self.wal.changes();
        if !changes.is_empty() {
            self.database.write(self.commits.get(), &changes)?;
            self.wal.begin_anew();
            self.removed.set(0);
        }
        Ok(())
    }

    /// Makes a slot of [`kith_proto::vault::Vault::relock`] the slot of this store: header and
    /// copies together or not at all, and of the former slot no byte is left in the file.
    ///
    /// # Errors
    /// `DiskFull`, `Io`, `Stopped`: the next opening finds the former slot or the new one.
    pub fn relock(&mut self, slot: &[SlotPage; 2]) -> Result<(), StoreError> {
        self.unless_stopped(|| self.slot.replace(slot))
    }

    /// Writes what [`kith_proto::vault::open`] asks for; comes before any commit.
    ///
    /// # Errors
    /// `DiskFull`, `Io`, `Stopped`.
    pub fn repair(&mut self, repair: &Repair) -> Result<(), StoreError> {
        self.unless_stopped(|| {
            let mut order = repair.order.into_iter();
            order.try_for_each(|copy| self.slot.write(copy, &repair.page))
        })
    }

    /// Drops records that no key opens any more. Nothing waits for it and nothing is lost if it
    /// does not reach the disk: they would be found erased again.
    ///
    /// # Errors
    /// `DatabaseDamaged`, `DiskFull`, `Io`, `Stopped`.
    pub fn sweep(&mut self, erased: &[RecordKey]) -> Result<(), StoreError> {
        self.unless_stopped(|| {
            self.empty_wal()?;
            self.database.remove(erased)
        })
    }
}

/// Gives the database what the write-ahead log has and it has not, and says how many commits there were.
pub(super) fn catch_up(database: &Database, entries: Vec<Entry>) -> Result<u64, StoreError> {
    let mut commits = database.applied()?;
    let mut changes = BTreeMap::new();
    for Entry { number, batch } in entries {
        if number == commits.saturating_add(1) {
            changes.extend(batch.into_iter().map(|write| (write.key, write)));
            commits = number;
        }
    }
    if !changes.is_empty() {
        let changes: Vec<Write> = changes.into_values().collect();
        database.write(commits, &changes)?;
    }
    Ok(commits)
}
