//! One process per home: a file lock, which the system releases however its holder ends.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// A process number and a line end, with room to spare.
const LOCK_FILE_BYTES_MAX: u64 = 32;

/// Holds a home as long as it lives.
#[derive(Debug)]
pub struct HomeLock {
    _file: File,
}

/// Why a home could not be locked.
#[derive(Debug)]
pub enum NotLocked {
    /// Another process holds it: this one, if it had time to write down its number.
    Held {
        /// Its process number.
        pid: Option<u32>,
    },
    /// The file system refused.
    Io(io::Error),
}

impl From<io::Error> for NotLocked {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl HomeLock {
    pub(super) fn take(path: &Path) -> Result<Self, NotLocked> {
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let mut file = options.mode(0o600).open(path)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK) => return Err(NotLocked::Held { pid: pid(&file) }),
                locked => locked.map_err(io::Error::from)?,
            }
            // A wipe may have removed the file before we had it: then others lock another one.
            if is_at(&file, path)? {
                file.set_len(0)?;
                writeln!(file, "{}", std::process::id())?;
                return Ok(Self { _file: file });
            }
        }
    }
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        there => there.map(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino())),
    }
}

fn pid(file: &File) -> Option<u32> {
    let mut text = String::new();
    let mut start = file.take(LOCK_FILE_BYTES_MAX);
    start.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Home;

    #[test]
    fn a_second_lock_is_refused_at_once_and_says_who_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        let first = home.lock().unwrap();
        let pid = Some(std::process::id());
        assert!(matches!(home.lock(), Err(NotLocked::Held { pid: said }) if said == pid));
        drop(first);
        home.lock().unwrap();
    }

    #[test]
    fn a_lock_left_behind_by_a_killed_process_is_free() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        home.prepare().unwrap();
        fs::write(home.data().join("lock"), "1234567890 and more\n").unwrap();
        let _lock = home.lock().unwrap();
        let text = fs::read_to_string(home.data().join("lock")).unwrap();
        assert_eq!(text, format!("{}\n", std::process::id()));
    }

    #[test]
    fn a_lock_on_a_removed_file_locks_nobody_out_and_is_not_shared() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        let old = home.lock().unwrap();
        home.wipe().unwrap();
        let new = home.lock().unwrap();
        drop(old);
        assert!(home.lock().is_err());
        drop(new);
    }
}
