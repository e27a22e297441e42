//! Ends files: overwritten where they stand, then removed, and honest about what would not go.
//!
//! Nothing is promised below the file system: flash may keep old pages. THREATS says so too.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// What a wipe could not end.
#[derive(Default, PartialEq, Eq)]
pub struct WhatRemains {
    /// Whether the slot was there and could not be overwritten: with the passphrase, everything can
    /// still be read.
    pub slot: bool,
    /// Files and directories that are still there, or were not overwritten; for the person, not for
    /// a log.
    pub paths: Vec<PathBuf>,
}

impl WhatRemains {
    pub(super) fn or_nothing(self) -> Result<(), Self> {
        match self.paths.is_empty() {
            true => Ok(()),
            false => Err(self),
        }
    }

    pub(super) fn overwrite_slot(&mut self, path: &Path) {
        self.slot |= !self.overwrite(path);
    }

    /// Random bytes over a file, on the disk before this returns; through a link to where the file
    /// is. Whether nothing of it remains.
    pub(super) fn overwrite(&mut self, path: &Path) -> bool {
        // Not there, that is, not even a link to a stick which is not plugged in.
        if fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return true;
        }
        let done = overwrite(path);
        if done.is_err() {
            self.paths.push(path.to_owned());
        }
        done.is_ok()
    }

    /// Removes a file, or a directory and all that is in it; goes on after what cannot be removed.
    pub(super) fn remove(&mut self, path: &Path) {
        let gone = match fs::symlink_metadata(path) {
            Ok(data) if data.is_dir() => {
                let entries = fs::read_dir(path).into_iter().flatten().flatten();
                entries.for_each(|entry| self.remove(&entry.path()));
                fs::remove_dir(path)
            }
            Ok(_) => fs::remove_file(path),
            Err(error) => Err(error),
        };
        let there = gone.is_err_and(|error| error.kind() != io::ErrorKind::NotFound);
        if there && !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.to_owned());
        }
    }
}

fn overwrite(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    let length = file.metadata()?.len();
    // A slot has 12 KiB, a key 32 bytes; something longer in their place is not worth the memory.
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut noise = vec![0; length.min(OVERWRITTEN_BYTES_MAX)];
    getrandom::fill(&mut noise).map_err(io::Error::other)?;
    file.write_all_at(&noise, 0)?;
    file.sync_data()
}

/// More than the slot has.
const OVERWRITTEN_BYTES_MAX: usize = 64 * 1024;

impl fmt::Debug for WhatRemains {
    /// Paths hold people's names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slot, paths } = self;
        write!(f, "WhatRemains {{ slot: {slot}, paths: {} }}", paths.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Home;

    fn full_home() -> (tempfile::TempDir, Home) {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(&dir.path().join("home"));
        home.prepare().unwrap();
        home.keep_device_key(&[7; 32]).unwrap();
        fs::create_dir(home.data().join("db")).unwrap();
        fs::write(home.data().join("root.slot"), [7; 12_288]).unwrap();
        fs::write(home.data().join("db/db"), [7; 100]).unwrap();
        fs::write(home.config_file(), "").unwrap();
        (dir, home)
    }

    #[test]
    fn a_wiped_home_is_gone() {
        let (dir, home) = full_home();
        assert_eq!(home.wipe(), Ok(()));
        assert!(!dir.path().join("home").exists());
        assert_eq!(home.wipe(), Ok(()), "and nothing is left to wipe");
    }

    #[test]
    fn what_is_not_ours_stays() {
        let (dir, home) = full_home();
        fs::write(dir.path().join("home/letter"), "x").unwrap();
        assert_eq!(home.wipe(), Ok(()));
        let left = fs::read_dir(dir.path().join("home")).unwrap().count();
        assert_eq!(left, 1);
    }

    #[test]
    fn slot_and_key_are_overwritten_where_they_stand() {
        let (dir, home) = full_home();
        // A second name for the same bytes shows what became of them.
        for name in ["root.slot", "device.key"] {
            fs::hard_link(home.data().join(name), dir.path().join(name)).unwrap();
        }
        home.wipe().unwrap();
        for name in ["root.slot", "device.key"] {
            let bytes = fs::read(dir.path().join(name)).unwrap();
            assert!(bytes.windows(8).all(|window| window != [7; 8]), "{name}");
        }
    }

    #[test]
    fn a_slot_on_a_stick_is_overwritten_there() {
        let (dir, home) = full_home();
        let stick = dir.path().join("stick");
        fs::rename(home.data().join("root.slot"), &stick).unwrap();
        std::os::unix::fs::symlink(&stick, home.data().join("root.slot")).unwrap();
        home.wipe().unwrap();
        assert!(
            fs::read(stick)
                .unwrap()
                .windows(8)
                .all(|window| window != [7; 8])
        );
    }

    #[test]
    fn a_slot_on_a_stick_elsewhere_remains() {
        let (dir, home) = full_home();
        let slot = home.data().join("root.slot");
        fs::remove_file(&slot).unwrap();
        std::os::unix::fs::symlink(dir.path().join("stick"), &slot).unwrap();
        assert!(home.wipe().unwrap_err().slot);
    }

    #[test]
    fn what_cannot_be_ended_is_named() {
        let (_dir, home) = full_home();
        let slot = home.data().join("root.slot");
        fs::remove_file(&slot).unwrap();
        fs::create_dir(&slot).unwrap();
        let remains = home.wipe().unwrap_err();
        assert!(remains.slot);
        assert_eq!(remains.paths, [slot]);
        assert_eq!(
            format!("{remains:?}"),
            "WhatRemains { slot: true, paths: 1 }"
        );
    }
}
