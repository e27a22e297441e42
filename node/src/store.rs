//! The disk: puts, deletes and syncs bytes that `kith_proto::vault` sealed.
//!
//! Knows the order in which a commit becomes durable, and which file is at fault when it does not.
//! Never sees a key, a name or a word. After any error the store has stopped: nothing is retried on
//! top of a write that may have happened by half; whoever holds it drops it and opens it again.

mod ballast;
mod database;
mod error;
mod lazy;
mod reclaim;
mod room;
mod slot;
mod wal;
mod writing;

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;

use kith_proto::limits::DISK_FREE_BYTES_MIN;
use kith_proto::vault::{Commit, Place, RecordKey, SlotCopy, SlotPage};

use self::database::Database;
pub use self::error::{Part, StoreError};
pub use self::room::{Gauge, Moment, Room};
use self::slot::SlotFile;
use self::wal::Wal;
use self::writing::catch_up;

/// The first page of the slot in this directory, read without opening the store.
///
/// # Errors
/// As for [`Store::open`], of what concerns the slot.
pub fn slot_header(dir: &Path) -> Result<Vec<u8>, StoreError> {
    match found(dir)? {
        Ok(()) | Err(StoreError::DatabaseMissing) => SlotFile::look(dir)?.header(),
        Err(other) => Err(other),
    }
}

/// An open store. One thread holds it; the home's lock keeps other processes out.
pub struct Store {
    dir: PathBuf,
    slot: SlotFile,
    wal: Wal,
    database: Database,
    /// How many commits there were.
    commits: Cell<u64>,
    /// What the database still holds of records that the write-ahead log removes, in bytes.
    removed: Cell<u64>,
    stopped: Cell<bool>,
}

impl Store {
    /// Makes a store in a directory that has none, from what [`kith_proto::vault::create`] gave.
    /// It exists once its slot does, which is the last thing written and comes by renaming.
    ///
    /// # Errors
    /// `Exists`, `Unfinished`, `SlotMissing` when something is here already; `DiskFull`, `Io`.
    pub fn create(dir: &Path, header: &SlotPage, first: &Commit) -> Result<Self, StoreError> {
        match found(dir)? {
            Err(StoreError::Missing) => {}
            Ok(()) | Err(StoreError::DatabaseMissing) => return Err(StoreError::Exists),
            Err(other) => return Err(other),
        }
        slot::announce(dir)?;
        shielded(|| {
            let database = Database::create(&dir.join(reclaim::DIR))?;
            database.write(1, &first.batch)
        })?;
        Wal::create(dir)?;
        slot::finish(dir, header, &first.slot)?;
        Self::open(dir)
    }

    /// Opens the store in this directory. Ends what a crash left of a reclaim; gives up the ballast
    /// if the disk is too full for opening, or for the commits that come after.
    ///
    /// # Errors
    /// All but `Exists`, `TooLarge` and `Stopped`.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        if room::free_below(dir).is_ok_and(|free| free < DISK_FREE_BYTES_MIN / 2) {
            ballast::drop_it(dir);
        }
        match Self::open_once(dir) {
            Err(StoreError::DiskFull) if ballast::drop_it(dir) => Self::open_once(dir),
            opened => opened,
        }
    }

    fn open_once(dir: &Path) -> Result<Self, StoreError> {
        found(dir)??;
        let slot = SlotFile::open(dir)?;
        let database = shielded(|| {
            reclaim::settle(dir).map_err(StoreError::io(Part::Database))?;
            let database = Database::open(&dir.join(reclaim::DIR))?;
            let (wal, entries) = Wal::open(dir)?;
            let commits = catch_up(&database, entries)?;
            Ok((database, wal, commits))
        });
        let (database, wal, commits) = database.map_err(|error| error.or_its_cause(dir))?;
        // If it does not go now, it does the next time, or when its room is wanted.
        let _ = reclaim::forget_old(dir);
        Ok(Self {
            dir: dir.to_owned(),
            slot,
            wal,
            database,
            commits: Cell::new(commits),
            removed: Cell::new(0),
            stopped: Cell::new(false),
        })
    }

    /// The slot's first page.
    ///
    /// # Errors
    /// `Io`, `Stopped`.
    pub fn slot_header(&self) -> Result<Vec<u8>, StoreError> {
        self.unless_stopped(|| self.slot.header())
    }

    /// Its copies A and B.
    ///
    /// # Errors
    /// `Io`, `Stopped`.
    pub fn slot_copies(&self) -> Result<[Vec<u8>; 2], StoreError> {
        self.unless_stopped(|| Ok([self.slot.copy(SlotCopy::A)?, self.slot.copy(SlotCopy::B)?]))
    }

    /// What the database holds under this key.
    ///
    /// # Errors
    /// `DatabaseDamaged`, `Io`, `Stopped`.
    pub fn get(&self, key: &RecordKey) -> Result<Option<Vec<u8>>, StoreError> {
        self.unless_stopped(|| match self.wal.get(key) {
            Some(value) => Ok(value),
            None => self.database.get(key),
        })
    }

    /// All records of [`Place::State`], in no order that means anything; ends at the first error.
    pub fn states(&self) -> impl Iterator<Item = Result<(RecordKey, Vec<u8>), StoreError>> {
        self.records(Place::State)
    }

    /// All records that stand in this place, likewise.
    pub fn records(
        &self,
        place: Place,
    ) -> impl Iterator<Item = Result<(RecordKey, Vec<u8>), StoreError>> {
        let mut emptied = self.unless_stopped(|| self.empty_wal()).err();
        let mut scan = self.database.scan(place);
        let mut next = move || match emptied.take() {
            Some(error) => Some(Err(error)),
            None => self.unless_stopped(|| scan.next().transpose()).transpose(),
        };
        let mut ended = false;
        core::iter::from_fn(move || {
            let item = if ended { None } else { next() };
            ended = !matches!(item, Some(Ok(_)));
            item
        })
    }

    /// Gives the waste in the database's files back, by a copy of its records that takes its place.
    ///
    /// # Errors
    /// As for [`commit`](Self::commit). Unless the store [has stopped](Self::has_stopped), nothing
    /// has changed, and it goes on with its waste.
    pub fn reclaim(&mut self) -> Result<(), StoreError> {
        if self.stopped.get() {
            return Err(StoreError::Stopped);
        }
        let dir = self.dir.clone();
        let prepared = shielded(|| {
            self.empty_wal()?;
            reclaim::prepare(&dir, &self.database)
        });
        prepared.map_err(|error| error.or_its_cause(&dir))?;
        // From here on only a whole new opening knows what is where.
        self.stopped.set(true);
        let replaced = shielded(|| {
            self.database.close()?;
            reclaim::replace(&dir).map_err(StoreError::io(Part::Database))?;
            self.database = Database::open(&dir.join(reclaim::DIR))?;
            Ok(())
        });
        replaced.map_err(|error| error.or_its_cause(&dir))?;
        self.stopped.set(false);
        // If it does not go, its room counts as waste, and the next reclaim tries again.
        let _ = reclaim::forget_old(&dir);
        Ok(())
    }

    /// Whether an error has ended it, so that it must be opened again.
    pub fn has_stopped(&self) -> bool {
        self.stopped.get()
    }

    /// What the records take on the disk at least, in bytes.
    pub fn live_bytes(&self) -> u64 {
        let live = self.database.live_bytes();
        live.saturating_sub(self.removed.get())
    }

    /// What the whole directory takes on the disk, in bytes, waste included.
    ///
    /// # Errors
    /// `Io`, `Stopped`.
    pub fn bytes_on_disk(&self) -> Result<u64, StoreError> {
        self.unless_stopped(|| bytes_below(&self.dir).map_err(StoreError::io(Part::Directory)))
    }

    fn unless_stopped<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.stopped.get() {
            return Err(StoreError::Stopped);
        }
        let result = shielded(work).map_err(|error| error.or_its_cause(&self.dir));
        self.stopped.set(result.is_err());
        result
    }
}

/// Turns a panic into an error: sled asserts what a damaged file does not keep. What it was working
/// on is in an unknown state, and is never used again: the store stops, or was never opened.
fn shielded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let outside = SHIELDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(StoreError::DatabaseDamaged));
    SHIELDED.set(outside);
    result
}

thread_local! {
    static SHIELDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread becomes a [`StoreError`], so that nobody needs to read of it.
pub fn contains_panics() -> bool {
    let of_sled = |name: &str| name.starts_with("sled-");
    SHIELDED.get() || thread::current().name().is_some_and(of_sled)
}

/// What is in the directory: a store, or else why not.
fn found(dir: &Path) -> Result<Result<(), StoreError>, StoreError> {
    let is_there = |name| dir.join(name).try_exists();
    let look = || {
        Ok((
            is_there(slot::FILE)?,
            is_there(slot::UNFINISHED)?,
            reclaim::is_there(dir)?,
        ))
    };
    Ok(match look().map_err(StoreError::io(Part::Directory))? {
        (true, _, true) => Ok(()),
        (true, _, false) => Err(StoreError::DatabaseMissing),
        (false, true, _) => Err(StoreError::Unfinished),
        (false, false, true) => Err(StoreError::SlotMissing),
        (false, false, false) => Err(StoreError::Missing),
    })
}

/// Makes the names in a directory durable.
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

pub(crate) fn bytes_below(dir: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        // A file that went while we counted takes no room.
        let Ok(data) = entry.metadata() else { continue };
        bytes += data.blocks() * 512;
        if data.is_dir() {
            bytes += bytes_below(&entry.path())?;
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
