//! The write-ahead log: the commits that the database does not have yet, in the order in which they happened.
//!
//! sled takes several writes and threads to make a commit durable, a file of its own takes one. So a
//! commit is written here first, and has happened once this is on the disk; what it changed stays in
//! memory until the log is full, and then goes to the database at once. Holds nothing but what
//! `kith_proto::vault` sealed. PROTOCOL §8.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use kith_proto::limits::WAL_BYTES;
use kith_proto::vault::{RECORD_KEY_BYTES, RecordKey, Write};

use super::database::VALUE_BYTES_MAX;
use super::{Part, StoreError, sync_dir};

const FILE: &str = "wal";
/// Length of `sum 32 | number u64 | length u32`, before each entry's body.
const HEAD_BYTES: usize = SUM_BYTES + 8 + 4;
const SUM_BYTES: usize = 32;
/// Stands where the length of a value stands, if the key is removed.
const REMOVED: u16 = u16::MAX;

/// The open log.
pub(super) struct Wal {
    file: File,
    /// Where the next entry goes.
    end: Cell<usize>,
    /// What its entries come to.
    changes: RefCell<Changes>,
}

/// The last that was said of each key.
type Changes = BTreeMap<RecordKey, Option<Vec<u8>>>;

/// A commit's batch as it was found, and its number.
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) batch: Vec<Write>,
}

impl Wal {
    /// Makes an empty log, written in full, so that from then on no entry changes more than its own
    /// blocks.
    pub(super) fn create(dir: &Path) -> Result<(), StoreError> {
        let create = || {
            let mut new = OpenOptions::new();
            let new = new.write(true).create(true).truncate(true).mode(0o600);
            let file = new.open(dir.join(FILE))?;
            file.write_all_at(&vec![0; WAL_BYTES], 0)?;
            file.sync_all()?;
            sync_dir(dir)
        };
        create().map_err(StoreError::io(Part::Wal))
    }

    /// Opens it, and gives what it holds. The database must have all that before the first
    /// [`append`](Self::append).
    ///
    /// # Errors
    /// `DatabaseDamaged` if the log is gone or not of its length; `Io`.
    pub(super) fn open(dir: &Path) -> Result<(Self, Vec<Entry>), StoreError> {
        let mut options = OpenOptions::new();
        let file = match options.read(true).write(true).open(dir.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::DatabaseDamaged);
            }
            file => file.map_err(StoreError::io(Part::Wal))?,
        };
        let length = file.metadata().map_err(StoreError::io(Part::Wal))?.len();
        if length != WAL_BYTES as u64 {
            return Err(StoreError::DatabaseDamaged);
        }
        let mut bytes = vec![0; WAL_BYTES];
        let read = file.read_exact_at(&mut bytes, 0);
        read.map_err(StoreError::io(Part::Wal))?;
        let wal = Self {
            file,
            end: Cell::new(0),
            changes: RefCell::default(),
        };
        Ok((wal, entries(&bytes)))
    }

    /// Writes a batch and waits until the disk has it: then it has happened. Says whether there was
    /// room; if not, nothing was written.
    pub(super) fn append(&self, number: u64, batch: &[Write]) -> Result<bool, StoreError> {
        let entry = encode(number, batch);
        if entry.len() > WAL_BYTES - self.end.get() {
            return Ok(false);
        }
        let written = self.file.write_all_at(&entry, self.end.get() as u64);
        written
            .and_then(|()| self.file.sync_data())
            .map_err(StoreError::io(Part::Wal))?;
        self.end.set(self.end.get() + entry.len());
        let changes = batch.iter().map(|write| (write.key, write.value.clone()));
        self.changes.borrow_mut().extend(changes);
        Ok(true)
    }

    /// What it says of this key, if anything: a value, or that it is removed.
    pub(super) fn get(&self, key: &RecordKey) -> Option<Option<Vec<u8>>> {
        self.changes.borrow().get(key).cloned()
    }

    /// Whether it removes this key.
    pub(super) fn removes(&self, key: &RecordKey) -> bool {
        self.changes.borrow().get(key) == Some(&None)
    }

    /// What all of it comes to.
    pub(super) fn changes(&self) -> Vec<Write> {
        let changes = self.changes.borrow();
        let write = |(key, value): (&RecordKey, &Option<Vec<u8>>)| Write {
            key: *key,
            value: value.clone(),
        };
        changes.iter().map(write).collect()
    }

    /// The database has all of it: the next entry overwrites the first.
    pub(super) fn begin_anew(&self) {
        self.end.set(0);
        self.changes.borrow_mut().clear();
    }
}

/// `BLAKE3 of the rest 32 | number u64 | length u32 | n x (key 17 | length u16 | value)`
fn encode(number: u64, batch: &[Write]) -> Vec<u8> {
    let mut entry = vec![0; HEAD_BYTES];
    for Write { key, value } in batch {
        entry.extend_from_slice(key.as_bytes());
        let length = value.as_ref().map_or(REMOVED, |value| value.len() as u16);
        entry.extend_from_slice(&length.to_le_bytes());
        entry.extend_from_slice(value.as_deref().unwrap_or_default());
    }
    let length = (entry.len() - HEAD_BYTES) as u32;
    entry[SUM_BYTES..SUM_BYTES + 8].copy_from_slice(&number.to_le_bytes());
    entry[SUM_BYTES + 8..HEAD_BYTES].copy_from_slice(&length.to_le_bytes());
    let sum = blake3::hash(&entry[SUM_BYTES..]);
    entry[..SUM_BYTES].copy_from_slice(sum.as_bytes());
    entry
}

/// The entries from the first on whose numbers follow one another: what comes after is torn, or
/// older, from before the log began anew.
fn entries(bytes: &[u8]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut rest = bytes;
    while let Some((entry, after)) = next(rest) {
        if entries
            .last()
            .is_some_and(|last| last.number.checked_add(1) != Some(entry.number))
        {
            break;
        }
        entries.push(entry);
        rest = after;
    }
    entries
}

fn next(bytes: &[u8]) -> Option<(Entry, &[u8])> {
    let (sum, summed) = bytes.split_first_chunk::<SUM_BYTES>()?;
    let (number, rest) = summed.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (body, after) = rest.split_at_checked(length)?;
    if blake3::hash(summed.get(..8 + 4 + length)?).as_bytes() != sum {
        return None;
    }
    let number = u64::from_le_bytes(*number);
    let batch = decode(body)?;
    Some((Entry { number, batch }, after))
}

fn decode(mut body: &[u8]) -> Option<Vec<Write>> {
    let mut batch = Vec::new();
    while !body.is_empty() {
        let (key, rest) = body.split_first_chunk::<RECORD_KEY_BYTES>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = u16::from_le_bytes(*length);
        let there = if length == REMOVED {
            0
        } else {
            usize::from(length)
        };
        let (value, after) = rest.split_at_checked(there)?;
        if there > VALUE_BYTES_MAX {
            return None;
        }
        batch.push(Write {
            key: RecordKey::from_bytes(key)?,
            value: (length != REMOVED).then(|| value.to_vec()),
        });
        body = after;
    }
    Some(batch)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by the fuzz target `wal`: sled spilled what was longer into files of its own, and the
    /// store never opened again.
    #[test]
    fn an_entry_with_a_value_longer_than_the_database_bears_is_none_of_ours() {
        let key = RecordKey::from_bytes(&[b'r'; RECORD_KEY_BYTES]).unwrap();
        let reads = |bytes: usize| {
            let value = Some(vec![7; bytes]);
            let entry = encode(1, &[Write { key, value }]);
            next(&entry).is_some()
        };
        assert!(reads(0) && reads(VALUE_BYTES_MAX));
        assert!(!reads(VALUE_BYTES_MAX + 1) && !reads(usize::from(REMOVED) - 1));
    }
}
