//! Why the store does not open or does not go on, and how a machine's fault is told from a damaged
//! database.

use core::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statvfs};
use rustix::io::Errno;

use super::room;

/// Which of the store's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `root.slot`.
    Slot,
    /// `db/`.
    Database,
    /// `wal`.
    Wal,
    /// The directory around both.
    Directory,
}

/// Why the store does not open or does not go on. Never shows a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is no store here.
    Missing,
    /// There is a store here already.
    Exists,
    /// A store was being made here when something stopped it; nobody was ever told that it exists.
    Unfinished,
    /// The database is here and its slot is not: on a stick that is not plugged in, or lost.
    SlotMissing,
    /// The slot is not of its length.
    SlotDamaged,
    /// The slot is here and its database is not.
    DatabaseMissing,
    /// The database is not what was written.
    DatabaseDamaged,
    /// Another process, or a store of this one that was not dropped, holds the database.
    DatabaseBusy,
    /// A value is longer than the database can make durable.
    TooLarge,
    /// The disk, or what this user may have of it, is full.
    DiskFull,
    /// The disk can only be read.
    ReadOnly,
    /// This process, or the machine, has too many files open.
    NoDescriptors,
    /// The machine refused to read or write.
    Io(Part, io::ErrorKind),
    /// Something went wrong before: the store must be opened again.
    Stopped,
}

impl StoreError {
    /// What the system said about this part.
    pub(crate) fn io(part: Part) -> impl Fn(io::Error) -> Self {
        move |error| match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ if lacks_descriptors(&error) => Self::NoDescriptors,
            kind => Self::Io(part, kind),
        }
    }

    /// The machine's fault behind this error: sled panics over some of them, and of others it keeps
    /// no number. Nobody should read "damaged" whose disk refuses, or who only has to make room.
    pub(super) fn or_its_cause(self, dir: &Path) -> Self {
        let may_be_another = match self {
            Self::Io(_, kind) => kind != io::ErrorKind::PermissionDenied,
            error => error == Self::DatabaseDamaged,
        };
        if !may_be_another {
            return self;
        }
        let works = File::open(dir).and_then(|dir| dir.sync_all());
        match works.map_err(Self::io(Part::Directory)) {
            Err(Self::NoDescriptors) => return Self::NoDescriptors,
            Err(error) if self == Self::DatabaseDamaged => return error,
            _ => {}
        }
        match (statvfs(dir), room::free_below(dir)) {
            (Ok(disk), _) if disk.f_flag.contains(StatVfsMountFlags::RDONLY) => Self::ReadOnly,
            (_, Ok(free)) if free < FULL_BYTES => Self::DiskFull,
            _ => self,
        }
    }
}

/// sled grows its file by half of this; a disk with less has none for it.
const FULL_BYTES: u64 = 1 << 20;

fn lacks_descriptors(error: &io::Error) -> bool {
    let errno = Errno::from_io_error(error);
    errno == Some(Errno::MFILE) || errno == Some(Errno::NFILE)
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "there is no store here",
            Self::Exists => "there is a store here already",
            Self::Unfinished => "the making of this store was interrupted",
            Self::SlotMissing => "the slot is missing",
            Self::SlotDamaged => "the slot is damaged",
            Self::DatabaseMissing => "the database is missing",
            Self::DatabaseDamaged => "the database is damaged",
            Self::DatabaseBusy => "the database is in use",
            Self::TooLarge => "a record is too large",
            Self::DiskFull => "the disk is full",
            Self::ReadOnly => "the disk can only be read",
            Self::NoDescriptors => "too many files are open",
            Self::Io(part, kind) => return write!(f, "{part:?}: {kind}"),
            Self::Stopped => "the store has stopped",
        })
    }
}

impl std::error::Error for StoreError {}
