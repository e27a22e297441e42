//! sled 0.34.7 behind guard-rails; nothing else names a sled type.
//!
//! Its `flush` is not durable on Linux, so we sync its file ourselves; values that it spills into
//! `blobs/` are never synced, so no value is long enough to be spilled; a missing file it makes
//! anew, so we look first. DECISIONS has the measurements.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use kith_proto::vault::{Place, RecordKey, Write};
use rustix::fs::{FlockOperation, flock};

use super::{Part, StoreError, shielded, sync_dir};

pub(super) const DIR: &str = "db";

/// Below this sled keeps a value in its log, whatever stands beside it in its page.
const VALUE_BYTES_MAX: usize = 4096;
/// What sled may hold of the database in memory: enough for a node's state, bearable on a Pi.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
/// How long to wait for the threads of a database that this process has just dropped.
const CLOSING_MS: u64 = 5_000;
const CLOSING_STEP_MS: u64 = 10;

/// The open database.
pub(super) struct Database {
    /// Only ever `None` while it is dropped.
    sled: Option<sled::Db>,
    /// sled's log, to be synced.
    log: File,
}

impl Database {
    pub(super) fn create(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(DIR);
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(StoreError::io(Part::Database))?;
        Self::start(dir, &path)
    }

    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(DIR);
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
        wait_until_free(&path)?;
        Self::start(dir, &path)
    }

    fn start(dir: &Path, path: &Path) -> Result<Self, StoreError> {
        let sled = sled::Config::new()
            .path(path)
            .mode(sled::Mode::LowSpace)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
            .open()
            .map_err(fault)?;
        let sync = || {
            let log = File::open(path.join("db"))?;
            log.sync_all()?;
            File::open(path.join("conf"))?.sync_all()?;
            let blobs = path.join("blobs");
            let spilled = fs::read_dir(&blobs)?.next().is_some();
            sync_dir(&blobs)?;
            sync_dir(path)?;
            sync_dir(dir)?;
            Ok((log, spilled))
        };
        let (log, spilled) = sync().map_err(StoreError::io(Part::Database))?;
        let database = Self {
            sled: Some(sled),
            log,
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

    /// All or nothing, and on the disk when this returns.
    pub(super) fn write(&self, batch: &[Write]) -> Result<(), StoreError> {
        let mut changes = sled::Batch::default();
        for write in batch {
            match &write.value {
                None => changes.remove(write.key.as_bytes()),
                Some(value) if value.len() > VALUE_BYTES_MAX => return Err(StoreError::TooLarge),
                Some(value) => changes.insert(write.key.as_bytes(), &value[..]),
            }
        }
        let sled = self.sled()?;
        sled.apply_batch(changes).map_err(fault)?;
        sled.flush().map_err(fault)?;
        let synced = self.log.sync_data();
        synced.map_err(StoreError::io(Part::Database))
    }

    /// All or nothing, and on the disk some time later.
    pub(super) fn remove(&self, keys: &[RecordKey]) -> Result<(), StoreError> {
        let mut changes = sled::Batch::default();
        for key in keys {
            changes.remove(key.as_bytes());
        }
        self.sled()?.apply_batch(changes).map_err(fault)
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
