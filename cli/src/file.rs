//! Files that a person names: read up to a bound, written for their owner alone and never over
//! another.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write, stdin};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use kith_proto::secret::Said;

use crate::exit::{Exit, Failed};
use crate::words::msg;

/// All of a file, or of the standard input for `-`; one that is longer is refused.
pub(crate) fn read(path: &Path, bytes_max: u64) -> Result<Said, Failed> {
    let refused = || {
        let path = path.display().to_string();
        Failed::new(Exit::NO_INPUT, msg!("file-not-read", path = path))
    };
    let from: Box<dyn Read> = match path == Path::new("-") {
        true => Box::new(stdin().lock()),
        false => Box::new(File::open(path).map_err(|_| refused())?),
    };
    let mut bytes = Said::default();
    let read = from.take(bytes_max + 1).read_to_end(&mut bytes);
    match read {
        Ok(length) if length as u64 <= bytes_max => Ok(bytes),
        _ => Err(refused()),
    }
}

/// A new file that only its owner can read.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let written = opened.and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(path),
        _ => {
            let path = path.display().to_string();
            Failed::new(Exit::CANNOT_CREATE, msg!("file-not-written", path = path))
        }
    })
}

/// Before any work is done for a file that could not be written.
pub(crate) fn is_free(path: Option<&PathBuf>) -> Result<(), Failed> {
    match path.filter(|path| path.exists()) {
        Some(path) => Err(exists(path)),
        None => Ok(()),
    }
}

fn exists(path: &Path) -> Failed {
    let path = path.display().to_string();
    Failed::new(Exit::CANNOT_CREATE, msg!("file-exists", path = path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn a_file_is_written_for_its_owner_alone_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zoé.kith");
        write_new(&path, b"KITH:ABC\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "KITH:ABC\n");
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let again = write_new(&path, b"KITH:DEF\n").unwrap_err();
        assert_eq!(again.exit, Exit::CANNOT_CREATE);
        assert!(is_free(Some(&path)).is_err() && is_free(None).is_ok());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "KITH:ABC\n");
    }

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("script");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(**read(&path, 3).unwrap(), *b"abc");
        assert_eq!(read(&path, 2).unwrap_err().exit, Exit::NO_INPUT);
        assert!(read(&dir.path().join("none"), 3).is_err());
    }
}
