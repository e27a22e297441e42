//! `journal`: the commits that the database has not synced yet, in the order in which they happened.
//!
//! sled takes three writes and several threads to make a commit durable, a file of its own takes one.
//! So a commit is written here first, and has happened once this is on the disk; the database is
//! synced when the journal is full, and then the journal begins anew. Holds nothing but what
//! `kith_proto::vault` sealed. PROTOCOL §8.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use kith_proto::limits::JOURNAL_BYTES;
use kith_proto::vault::{RECORD_KEY_BYTES, RecordKey, Write};

use super::{Part, StoreError, sync_dir};

const FILE: &str = "journal";
/// Length of `sum 32 | number u64 | length u32`, before each entry's body.
const HEAD_BYTES: usize = SUM_BYTES + 8 + 4;
const SUM_BYTES: usize = 32;
/// Stands where the length of a value stands, if the key is removed.
const REMOVED: u16 = u16::MAX;

/// The open journal.
pub(super) struct Journal {
    file: File,
    /// Where the next entry goes.
    end: Cell<usize>,
}

/// A commit's batch as it was found, and its number.
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) batch: Vec<Write>,
}

impl Journal {
    /// Opens it, and gives what it holds. The database must be synced with all that before the first
    /// [`append`](Self::append).
    ///
    /// A journal that is gone or cut short is made anew: what the database lacks then, the slot
    /// misses.
    pub(super) fn open(dir: &Path) -> Result<(Self, Vec<Entry>), StoreError> {
        let open = || {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let file = options.mode(0o600).open(dir.join(FILE))?;
            let mut bytes = vec![0; JOURNAL_BYTES];
            let length = file.metadata()?.len();
            let there = bytes
                .len()
                .min(usize::try_from(length).unwrap_or(JOURNAL_BYTES));
            file.read_exact_at(&mut bytes[..there], 0)?;
            if length != JOURNAL_BYTES as u64 {
                // Written in full, so that from now on no entry changes more than its own blocks.
                file.write_all_at(&bytes, 0)?;
                file.set_len(JOURNAL_BYTES as u64)?;
                file.sync_all()?;
                sync_dir(dir)?;
            }
            let end = Cell::new(0);
            Ok((Self { file, end }, read(&bytes)))
        };
        open().map_err(StoreError::io(Part::Journal))
    }

    /// Writes a batch and waits until the disk has it: then it has happened. Says whether there was
    /// room; if not, nothing was written.
    pub(super) fn append(&self, number: u64, batch: &[Write]) -> Result<bool, StoreError> {
        let entry = encode(number, batch);
        if entry.len() > JOURNAL_BYTES - self.end.get() {
            return Ok(false);
        }
        let written = self.file.write_all_at(&entry, self.end.get() as u64);
        written
            .and_then(|()| self.file.sync_data())
            .map_err(StoreError::io(Part::Journal))?;
        self.end.set(self.end.get() + entry.len());
        Ok(true)
    }

    /// The database has synced all of it: the next entry overwrites the first.
    pub(super) fn begin_anew(&self) {
        self.end.set(0);
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
/// older, from before the journal began anew.
fn read(bytes: &[u8]) -> Vec<Entry> {
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
        batch.push(Write {
            key: RecordKey::from_bytes(key)?,
            value: (length != REMOVED).then(|| value.to_vec()),
        });
        body = after;
    }
    Some(batch)
}
