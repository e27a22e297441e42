//! Gives waste back: the records go into a fresh database, which takes the place of the old one.
//!
//! By renaming, step by step, so that at any moment a crash leaves a database that is whole under a
//! name that says so: `db` if it is there, else `db.next`, which bears this name only when it is
//! complete and on the disk. Everything else is a leftover. Nothing is committed meanwhile.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::database::Database;
use super::{Part, StoreError, sync_dir};

/// The database.
pub(super) const DIR: &str = "db";
/// Its complete copy, which waits for its place.
pub(super) const NEXT: &str = "db.next";
/// A copy that is being made.
const NEW: &str = "db.new";
/// What the copy has replaced.
const OLD: &str = "db.old";

/// Whether a database is here, or what becomes one by [`settle`].
pub(super) fn is_there(dir: &Path) -> io::Result<bool> {
    Ok(dir.join(DIR).try_exists()? || dir.join(NEXT).try_exists()?)
}

/// Ends what a crash cut short, up to the one database there is. What was replaced stays until that
/// one is open: see [`forget_old`].
pub(super) fn settle(dir: &Path) -> io::Result<()> {
    if !dir.join(DIR).try_exists()? && dir.join(NEXT).try_exists()? {
        take_place(dir)?;
    }
    remove(dir, NEXT)?;
    remove(dir, NEW)
}

/// Makes a complete copy beside the database. If this fails the database is as it was.
pub(super) fn prepare(dir: &Path, database: &Database) -> Result<(), StoreError> {
    let failed = StoreError::io(Part::Database);
    for leftover in [OLD, NEXT, NEW] {
        remove(dir, leftover).map_err(&failed)?;
    }
    let new = dir.join(NEW);
    let made = database.copy_to(&new).and_then(|()| {
        let complete = || {
            sync_below(&new)?;
            fs::rename(&new, dir.join(NEXT))?;
            sync_dir(dir)
        };
        complete().map_err(&failed)
    });
    if made.is_err() {
        // It is in nobody's way, and the next opening tries again.
        let _ = remove(dir, NEXT);
        let _ = remove(dir, NEW);
    }
    made
}

/// Puts the copy in the place of the database, which must be closed.
pub(super) fn replace(dir: &Path) -> io::Result<()> {
    fs::rename(dir.join(DIR), dir.join(OLD))?;
    sync_dir(dir)?;
    take_place(dir)
}

/// Removes what was replaced, once that which replaced it is open.
pub(super) fn forget_old(dir: &Path) -> io::Result<()> {
    remove(dir, OLD)
}

fn take_place(dir: &Path) -> io::Result<()> {
    fs::rename(dir.join(NEXT), dir.join(DIR))?;
    sync_dir(dir)
}

fn remove(dir: &Path, name: &str) -> io::Result<()> {
    match fs::remove_dir_all(dir.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_dir(dir),
    }
}

/// Every file and every name, to the disk.
fn sync_below(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => sync_below(&entry.path())?,
            false => File::open(entry.path())?.sync_all()?,
        }
    }
    sync_dir(dir)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kith_proto::vault::{RecordKey, Write};
    use tempfile::TempDir;

    use super::*;

    type Records = BTreeMap<Vec<u8>, Vec<u8>>;

    fn write(n: u16, bytes: usize) -> Write {
        let mut key = [b'b'; kith_proto::vault::RECORD_KEY_BYTES];
        key[1..3].copy_from_slice(&n.to_be_bytes());
        Write {
            key: RecordKey::from_bytes(&key).unwrap(),
            value: Some(vec![n.to_le_bytes()[0]; bytes]),
        }
    }

    fn records(database: &Database) -> Records {
        let records = database.scan(kith_proto::vault::Place::Body);
        records
            .map(|record| {
                let (key, value) = record.unwrap();
                (key.as_bytes().to_vec(), value)
            })
            .collect()
    }

    /// A directory with a database of some records, and what is in it.
    fn sample() -> (TempDir, Records) {
        let dir = tempfile::tempdir().unwrap();
        let database = Database::create(&dir.path().join(DIR)).unwrap();
        for round in 0..2 {
            let some: Vec<_> = (0..100)
                .map(|n| write(n, 200 + usize::from(n) * 30 + round))
                .collect();
            database.write(1, &some).unwrap();
        }
        let records = records(&database);
        (dir, records)
    }

    fn open(dir: &Path) -> Database {
        settle(dir).unwrap();
        let database = Database::open(&dir.join(DIR)).unwrap();
        forget_old(dir).unwrap();
        database
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The moments at which a crash may come, in their order, as the names it leaves.
    #[derive(Clone, Copy, Debug)]
    enum Cut {
        Copying,
        Complete,
        Aside,
        InPlace,
        HalfForgotten,
    }

    const CUTS: [Cut; 5] = [
        Cut::Copying,
        Cut::Complete,
        Cut::Aside,
        Cut::InPlace,
        Cut::HalfForgotten,
    ];

    fn reclaim_until(dir: &Path, cut: Cut) {
        let mut database = open(dir);
        let rename = |from: &str, to: &str| fs::rename(dir.join(from), dir.join(to)).unwrap();
        prepare(dir, &database).unwrap();
        database.close().unwrap();
        match cut {
            Cut::Copying => {
                rename(NEXT, NEW);
                let half = fs::read(dir.join(NEW).join("db")).unwrap();
                fs::write(dir.join(NEW).join("db"), &half[..half.len() / 2]).unwrap();
            }
            Cut::Complete => {}
            Cut::Aside => rename(DIR, OLD),
            Cut::InPlace => replace(dir).unwrap(),
            Cut::HalfForgotten => {
                replace(dir).unwrap();
                fs::remove_file(dir.join(OLD).join("db")).unwrap();
            }
        }
    }

    #[test]
    fn a_reclaim_cut_short_anywhere_once_or_twice_loses_nothing_and_leaves_nothing() {
        for first in CUTS {
            for second in CUTS {
                let (dir, expected) = sample();
                reclaim_until(dir.path(), first);
                assert!(is_there(dir.path()).unwrap());
                reclaim_until(dir.path(), second);
                assert!(is_there(dir.path()).unwrap());
                let database = open(dir.path());
                assert_eq!(records(&database), expected, "{first:?}, then {second:?}");
                assert_eq!(names(dir.path()), [DIR], "{first:?}, then {second:?}");
            }
        }
    }

    #[test]
    fn an_opening_cut_short_between_its_own_steps_loses_nothing() {
        for cut in CUTS {
            let (dir, expected) = sample();
            reclaim_until(dir.path(), cut);
            // Settled, and nothing else: what was replaced is still beside it.
            settle(dir.path()).unwrap();
            let database = open(dir.path());
            assert_eq!(records(&database), expected, "{cut:?}");
            drop(database);
            // A complete copy of which the removal had begun, beside the database.
            reclaim_until(dir.path(), Cut::Complete);
            fs::remove_file(dir.path().join(NEXT).join("conf")).unwrap();
            let database = open(dir.path());
            assert_eq!(records(&database), expected, "{cut:?}");
        }
    }

    #[test]
    fn a_copy_that_fails_leaves_the_database_at_work() {
        let (dir, expected) = sample();
        let database = open(dir.path());
        // Something that is no directory stands where the copy should go.
        fs::write(dir.path().join(NEW), "x").unwrap();
        assert!(prepare(dir.path(), &database).is_err());
        database.write(2, &[write(7, 4000)]).unwrap();
        assert_eq!(records(&database).len(), expected.len());
    }
}
