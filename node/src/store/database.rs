//! sled 0.34.7 behind guard-rails; nothing else names a sled type.
//!
//! Its `flush` is not durable on Linux, so we sync its file ourselves; values that it spills into
//! `blobs/` are never synced, so no value is long enough to be spilled; a missing file it makes
//! anew, so we look first; a snapshot cut short it takes for damage, so we remove it. DECISIONS has the measurements.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use kith_proto::vault::{Place, RECORD_KEY_BYTES, RecordKey, Write};
use rustix::fs::{FlockOperation, flock};

use crate::health;

use super::lazy::Lazy;
use super::{Part, StoreError, shielded, sync_dir};

/// Below this sled keeps a value in its log, whatever stands beside it in its page.
pub(super) const VALUE_BYTES_MAX: usize = 4096;
/// What sled may hold of the database in memory: enough for a node's state, bearable on a Pi; and
/// where there is more, enough for a history, whose records lie in no order.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
const CACHE_BYTES_AMPLE: u64 = 4 * CACHE_BYTES;
/// Memory that counts as ample, in KiB.
const AMPLE_KIB: u64 = 4 * 1024 * 1024;
/// Where the number of the last commit stands, among keys of another length.
const APPLIED: &[u8] = b"applied";
/// How long to wait for the threads of a database that this process has just dropped.
const CLOSING_MS: u64 = 5_000;
const CLOSING_STEP_MS: u64 = 10;
/// What a record takes in sled's files besides its key and value, in bytes: measured on a fresh copy
/// of 256-byte, 1 KiB and 4 KiB records.
const BESIDES_BYTES: u64 = 256;
/// Records that are copied at once: the more, the less is written twice; 4 MiB at most in memory.
const COPIED_AT_ONCE: usize = 1024;

/// The open database.
pub(super) struct Database {
    /// Only ever `None` while it is dropped.
    sled: Option<sled::Db>,
    /// sled's log, to be synced.
    log: File,
    /// Where it is.
    path: PathBuf,
    /// What the records take, waste not counted, in bytes.
    live: Cell<u64>,
}

impl Database {
    /// Makes an empty database in a directory that is not there yet.
    pub(super) fn create(path: &Path) -> Result<Self, StoreError> {
        let made = DirBuilder::new().mode(0o700).create(path);
        made.map_err(StoreError::io(Part::Database))?;
        Self::start(path)
    }

    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        // sled would quietly begin an empty database.
        for file in ["db", "conf"] {
            match fs::metadata(path.join(file)) {
                Ok(data) if data.len() > 0 => {}
                Ok(_) => return Err(StoreError::DatabaseDamaged),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(StoreError::DatabaseDamaged);
                }
                Err(error) => return Err(StoreError::io(Part::Database)(error)),
            }
        }
        wait_until_free(path)?;
        forget_unfinished_snapshots(path).map_err(StoreError::io(Part::Database))?;
        let database = Self::start(path)?;
        database.count()?;
        Ok(database)
    }

    fn start(path: &Path) -> Result<Self, StoreError> {
        let lazy = Lazy::begin();
        let sled = sled::Config::new()
            .path(path)
            .mode(sled::Mode::LowSpace)
            .cache_capacity(cache_bytes())
            .flush_every_ms(None)
            .open()
            .map_err(fault)?;
        // Makes its threads, if opening had nothing to write.
        let _ = sled.flush_async().now_or_never();
        drop(lazy);
        let sync = || {
            let log = File::open(path.join("db"))?;
            log.sync_all()?;
            File::open(path.join("conf"))?.sync_all()?;
            let blobs = path.join("blobs");
            let spilled = fs::read_dir(&blobs)?.next().is_some();
            sync_dir(&blobs)?;
            sync_dir(path)?;
            path.parent().map_or(Ok(()), sync_dir)?;
            Ok((log, spilled))
        };
        let (log, spilled) = sync().map_err(StoreError::io(Part::Database))?;
        let database = Self {
            sled: Some(sled),
            log,
            path: path.to_owned(),
            live: Cell::new(0),
        };
        (!spilled)
            .then_some(database)
            .ok_or(StoreError::DatabaseDamaged)
    }

    fn sled(&self) -> Result<&sled::Db, StoreError> {
        self.sled.as_ref().ok_or(StoreError::Stopped)
    }

    pub(super) fn get(&self, key: &RecordKey) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.sled()?.get(key.as_bytes()).map_err(fault)?;
        Ok(value.map(|value| value.to_vec()))
    }

    /// Whether this batch can be applied at all.
    pub(super) fn check(batch: &[Write]) -> Result<(), StoreError> {
        let mut values = batch.iter().filter_map(|write| write.value.as_ref());
        match values.any(|value| value.len() > VALUE_BYTES_MAX) {
            true => Err(StoreError::TooLarge),
            false => Ok(()),
        }
    }

    /// All of a batch or nothing, and on the disk when this returns: the changes up to the commit of
    /// this number.
    pub(super) fn write(&self, number: u64, batch: &[Write]) -> Result<(), StoreError> {
        let mut changes = sled::Batch::default();
        changes.insert(APPLIED, &number.to_le_bytes());
        for write in batch {
            match &write.value {
                None => changes.remove(write.key.as_bytes()),
                Some(value) => changes.insert(write.key.as_bytes(), &value[..]),
            }
        }
        let lengths = batch
            .iter()
            .map(|write| (&write.key, write.value.as_ref().map(Vec::len)));
        let live = self.live_after(lengths)?;
        self.sled()?.apply_batch(changes).map_err(fault)?;
        self.live.set(live);
        self.sync()
    }

    /// The number of the last commit that it has; 0 before the first.
    pub(super) fn applied(&self) -> Result<u64, StoreError> {
        let Some(number) = self.sled()?.get(APPLIED).map_err(fault)? else {
            return Ok(0);
        };
        let number: Result<[u8; 8], _> = number.as_ref().try_into();
        number
            .map(u64::from_le_bytes)
            .map_err(|_| StoreError::DatabaseDamaged)
    }

    /// All or nothing, and on the disk when this returns.
    pub(super) fn remove(&self, keys: &[RecordKey]) -> Result<(), StoreError> {
        let mut changes = sled::Batch::default();
        for key in keys {
            changes.remove(key.as_bytes());
        }
        let live = self.live_after(keys.iter().map(|key| (key, None)))?;
        self.sled()?.apply_batch(changes).map_err(fault)?;
        self.live.set(live);
        self.sync()
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.sled()?.flush().map_err(fault)?;
        let synced = self.log.sync_data();
        synced.map_err(StoreError::io(Part::Database))
    }

    /// What the records take, waste not counted, in bytes.
    pub(super) fn live_bytes(&self) -> u64 {
        self.live.get()
    }

    /// What this record takes, in bytes.
    pub(super) fn taken_by(&self, key: &RecordKey) -> Result<u64, StoreError> {
        let value = self.sled()?.get(key.as_bytes()).map_err(fault)?;
        Ok(value.map_or(0, |value| taken(value.len())))
    }

    /// The same of all once these records have values of these lengths. The old ones are on pages that the
    /// write has to read anyway.
    fn live_after<'a>(
        &self,
        lengths: impl Iterator<Item = (&'a RecordKey, Option<usize>)>,
    ) -> Result<u64, StoreError> {
        let sled = self.sled()?;
        let mut live = self.live.get();
        for (key, length) in lengths {
            let old = sled.get(key.as_bytes()).map_err(fault)?;
            live = live.saturating_sub(old.map_or(0, |old| taken(old.len())));
            live = live.saturating_add(length.map_or(0, taken));
        }
        Ok(live)
    }

    fn count(&self) -> Result<(), StoreError> {
        let mut live = 0u64;
        for entry in self.sled()?.iter() {
            let (key, value) = entry.map_err(fault)?;
            if key == APPLIED {
                continue;
            }
            live = live.saturating_add(taken(value.len()));
        }
        self.live.set(live);
        Ok(())
    }

    /// Makes a database of the same records and no waste, read back and closed when this returns.
    pub(super) fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let mut copy = Self::create(path)?;
        self.copy_into(&copy)?;
        copy.close()?;
        let mut copy = Self::open(path)?;
        if !self.sled()?.iter().eq(copy.sled()?.iter()) {
            return Err(StoreError::DatabaseDamaged);
        }
        copy.close()
    }

    /// First the keys, whose nodes sled splits and writes anew as they come, and only then the
    /// values, so that those are written once: a copy of 30 MiB takes 37 instead of 80.
    fn copy_into(&self, copy: &Self) -> Result<(), StoreError> {
        let to = copy.sled()?;
        let mut records = self.sled()?.iter();
        loop {
            let some = records.by_ref().take(COPIED_AT_ONCE);
            let some: Vec<_> = some.collect::<Result<_, _>>().map_err(fault)?;
            if some.is_empty() {
                return copy.sync();
            }
            for (key, _) in &some {
                to.insert(key, &[]).map_err(fault)?;
            }
            for (key, value) in some {
                to.insert(key, value).map_err(fault)?;
            }
        }
    }

    /// Ends it, and waits until sled's threads have let go of its files.
    pub(super) fn close(&mut self) -> Result<(), StoreError> {
        let sled = self.sled.take();
        shielded(move || {
            drop(sled);
            Ok(())
        })?;
        wait_until_free(&self.path)
    }

    /// The records of one place.
    pub(super) fn scan(
        &self,
        place: Place,
    ) -> impl Iterator<Item = Result<(RecordKey, Vec<u8>), StoreError>> + use<> {
        let scan = self.sled().map(|sled| sled.scan_prefix([place.prefix()]));
        scan.into_iter().flatten().map(|entry| {
            let (key, value) = entry.map_err(fault)?;
            let key = RecordKey::from_bytes(&key).ok_or(StoreError::DatabaseDamaged)?;
            Ok((key, value.to_vec()))
        })
    }
}

fn cache_bytes() -> u64 {
    match health::memory_kib() {
        Some(kib) if kib >= AMPLE_KIB => CACHE_BYTES_AMPLE,
        _ => CACHE_BYTES,
    }
}

impl Drop for Database {
    /// sled flushes here, which on a failing disk is one more chance to panic.
    fn drop(&mut self) {
        let sled = self.sled.take();
        let _ = shielded(move || {
            drop(sled);
            Ok(())
        });
    }
}

/// What a record takes whose value has so many bytes.
fn taken(value_bytes: usize) -> u64 {
    (RECORD_KEY_BYTES + value_bytes) as u64 + BESIDES_BYTES
}

/// What sled remembers of its log, so as to read less of it at the next opening, it writes under
/// such a name and renames it. But it also reads what has this name still, cut short by a crash or
/// a full disk, and would call the database corrupt for ever.
fn forget_unfinished_snapshots(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.path().extension() == Some(OsStr::new("generating")) {
            fs::remove_file(entry.path())?;
            sync_dir(path)?;
        }
    }
    Ok(())
}

/// sled's threads may outlive its last handle a little, and hold its lock.
fn wait_until_free(path: &Path) -> Result<(), StoreError> {
    let log = File::open(path.join("db")).map_err(StoreError::io(Part::Database))?;
    for _ in 0..CLOSING_MS / CLOSING_STEP_MS {
        // Ours goes with `log`, at the end of this function.
        if flock(&log, FlockOperation::NonBlockingLockExclusive).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(CLOSING_STEP_MS));
    }
    Err(StoreError::DatabaseBusy)
}

fn fault(error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(error) => match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
                StoreError::DatabaseDamaged
            }
            _ => StoreError::io(Part::Database)(error),
        },
        _ => StoreError::DatabaseDamaged,
    }
}
