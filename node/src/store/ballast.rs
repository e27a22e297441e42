//! A file of no use but its size: deleted when the disk is too full to open the store, so that what
//! is there can still be read, acknowledged and erased. Made only while there is ample room.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kith_proto::limits::BALLAST_BYTES;

use super::sync_dir;

const FILE: &str = "ballast";
/// Written at once.
const BLOCK_BYTES: usize = 64 * 1024;

/// Makes it, if it is not there in full length. Noise, so that a file system which compresses has
/// to keep the room all the same.
pub(super) fn make(dir: &Path) -> io::Result<()> {
    if bytes(dir) >= BALLAST_BYTES {
        return Ok(());
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let made = options.open(dir.join(FILE)).and_then(|file| fill(&file));
    if made.is_err() {
        // A part of it would take room and give none.
        drop_it(dir);
    }
    made.and_then(|()| sync_dir(dir))
}

fn fill(mut file: &File) -> io::Result<()> {
    let mut noise = vec![0; BLOCK_BYTES];
    for _ in 0..BALLAST_BYTES / BLOCK_BYTES as u64 {
        getrandom::fill(&mut noise).map_err(io::Error::other)?;
        file.write_all(&noise)?;
    }
    file.sync_all()
}

/// What it would give back, in bytes.
pub(super) fn bytes(dir: &Path) -> u64 {
    fs::metadata(dir.join(FILE)).map_or(0, |data| data.len())
}

/// Gives its room back; whether there was any to give.
pub(super) fn drop_it(dir: &Path) -> bool {
    let held = bytes(dir) > 0;
    held && fs::remove_file(dir.join(FILE))
        .and_then(|()| sync_dir(dir))
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ballast_is_as_long_as_said_and_is_dropped_once() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!drop_it(dir.path()));
        make(dir.path()).unwrap();
        let path = dir.path().join(FILE);
        assert_eq!(fs::metadata(&path).unwrap().len(), BALLAST_BYTES);
        fs::write(&path, "cut short").unwrap();
        make(dir.path()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), BALLAST_BYTES);
        assert!(drop_it(dir.path()));
        assert!(!drop_it(dir.path()));
    }
}
