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

    /// And what remains of something else.
    pub(super) fn join(&mut self, other: Self) {
        self.slot |= other.slot;
        self.paths.extend(other.paths);
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

    /// Removes all that is in a directory but `spared`, and a link to a slot that is out of reach:
    /// without it the next attempt would not find the slot.
    pub(super) fn remove_within(&mut self, dir: &Path, spared: &str) {
        let entries = fs::read_dir(dir).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            let lost = path.is_symlink() && self.paths.contains(&path);
            if !lost && !path.ends_with(spared) {
                self.remove(&path);
            }
        }
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

    /// What happens to files below the home, in the order in which it happens.
    fn watched(home: &Home, what: impl FnOnce()) -> Vec<String> {
        use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
        let watch = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).unwrap();
        let flags = WatchFlags::CREATE | WatchFlags::MODIFY | WatchFlags::DELETE;
        let config = home.config_file().parent().unwrap().to_owned();
        let socket = home.socket().parent().unwrap().to_owned();
        for dir in [home.data(), &home.data().join("db"), &config, &socket] {
            add_watch(&watch, dir, flags).unwrap();
        }
        what();
        let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(watch, &mut buffer);
        let mut seen = Vec::new();
        while let Ok(event) = reader.next() {
            if let Some(name) = event.file_name() {
                seen.push(name.to_str().unwrap().to_owned());
            }
        }
        seen
    }

    #[test]
    fn the_slot_dies_before_anything_else_is_touched() {
        let (_dir, home) = full_home();
        fs::write(home.data().join("root.slot.new"), [7; 12_288]).unwrap();
        let mut seen = watched(&home, || home.wipe().unwrap());
        seen.dedup();
        let first = ["root.slot", "root.slot.new", "device.key", WIPE_MARK];
        assert_eq!(seen[..4], first, "{seen:?}");
        assert!(seen.iter().any(|name| name == "config.toml"), "{seen:?}");
    }

    const WIPE_MARK: &str = "wipe.unfinished";

    #[test]
    fn a_slot_on_a_stick_elsewhere_remains_and_the_next_attempt_finds_it() {
        let (dir, home) = full_home();
        let (slot, stick) = (home.data().join("root.slot"), dir.path().join("stick"));
        fs::rename(&slot, dir.path().join("away")).unwrap();
        std::os::unix::fs::symlink(&stick, &slot).unwrap();
        assert!(home.wipe().unwrap_err().slot);
        assert!(!home.data().join("db").exists(), "all else is gone");
        assert!(home.wipe_is_unfinished());
        assert!(home.finish_wipe().unwrap().is_err());
        fs::rename(dir.path().join("away"), &stick).unwrap();
        assert_eq!(home.finish_wipe(), Some(Ok(())));
        let bytes = fs::read(stick).unwrap();
        assert!(bytes.windows(8).all(|window| window != [7; 8]));
        assert!(!dir.path().join("home").exists());
    }

    #[test]
    fn a_home_that_nobody_wiped_has_nothing_to_finish() {
        let (_dir, home) = full_home();
        assert_eq!(home.finish_wipe(), None);
        assert!(home.data().join("root.slot").exists());
    }

    #[test]
    fn a_wipe_that_was_cut_off_is_finished() {
        let (dir, home) = full_home();
        // Killed after the slot was overwritten.
        fs::write(home.data().join("root.slot"), [1; 12_288]).unwrap();
        home.mark_wipe().unwrap();
        assert_eq!(home.finish_wipe(), Some(Ok(())));
        assert!(!dir.path().join("home").exists());
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
