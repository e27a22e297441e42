//! Files that a person names: read up to a bound, written for their owner alone and never over
//! another.

mod part;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write, stdin};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kith_proto::secret::Said;

use crate::exit::{Exit, Failed};
use crate::words::msg;

pub(crate) use part::Part;

/// All of a file, or of the standard input for `-`; one that is longer is refused.
pub(crate) fn read(path: &Path, bytes_max: u64) -> Result<Said, Failed> {
    let shown = path.display().to_string();
    let not_read = |_| Failed::new(Exit::NO_INPUT, msg!("file-not-read", path = shown.clone()));
    let from: Box<dyn Read> = match path == Path::new("-") {
        true => Box::new(stdin().lock()),
        false => Box::new(File::open(path).map_err(not_read)?),
    };
    let mut bytes = Said::default();
    let length = from.take(bytes_max + 1).read_to_end(&mut bytes);
    match length.map_err(not_read)? as u64 <= bytes_max {
        true => Ok(bytes),
        false => Err(Failed::new(Exit::DATA, msg!("file-too-long", path = shown))),
    }
}

/// A new file that only its owner can read: whole or not at all, and on the disk when this returns.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let mut file = options
        .open(path)
        .map_err(|error| not_written(path, &error))?;
    if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_all()) {
        let _ = fs::remove_file(path);
        return Err(not_written(path, &error));
    }
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    // Some sticks sync no directory; the file itself is on the disk.
    let _ = File::open(dir.unwrap_or(Path::new("."))).and_then(|dir| dir.sync_all());
    Ok(())
}

/// Before any work is done for a file that could not be written.
pub(crate) fn is_free(path: &Path) -> Result<(), Failed> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(exists(path)),
        Err(_) => Ok(()),
    }
}

fn not_written(path: &Path, error: &io::Error) -> Failed {
    let shown = path.display().to_string();
    match error.kind() {
        ErrorKind::AlreadyExists => exists(path),
        ErrorKind::StorageFull => Failed::new(Exit::IO, msg!("disk-full")),
        _ => Failed::new(Exit::CANNOT_CREATE, msg!("file-not-written", path = shown)),
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
        assert!(is_free(&path).is_err() && is_free(&dir.path().join("none")).is_ok());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "KITH:ABC\n");
    }

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("script");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(**read(&path, 3).unwrap(), *b"abc");
        assert_eq!(read(&path, 2).unwrap_err().exit, Exit::DATA);
        let none = read(&dir.path().join("none"), 3).unwrap_err();
        assert_eq!(none.exit, Exit::NO_INPUT);
    }
}
