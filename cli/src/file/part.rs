//! A file that comes in pieces: until all of it is on the disk it has no name, and whatever ends the
//! program nothing of it stays. Where the file system knows no files without names (many sticks) it has
//! one of its own meanwhile, which goes with the program unless that is killed.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, linkat};
use tempfile::{Builder, NamedTempFile};

/// For its owner alone.
pub(crate) enum Part {
    Nameless(File),
    Named(NamedTempFile),
}

/// Where this process finds its open files, to give one a name.
const OPEN_FILES: &str = "/proc/self/fd";

impl Part {
    /// Nothing of it is written yet.
    pub(crate) fn within(dir: &Path) -> io::Result<Self> {
        match nameless(dir) {
            Some(file) => Ok(Self::Nameless(file)),
            None => {
                let mut builder = Builder::new();
                let named = builder.prefix(".kith-").suffix(".part").tempfile_in(dir);
                named.map(Self::Named)
            }
        }
    }

    /// The next piece.
    pub(crate) fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        match self {
            Self::Nameless(file) => file.write_all(piece),
            Self::Named(file) => file.write_all(piece),
        }
    }

    /// All of it is written: it goes to the disk, and then gets its name, never another file's.
    pub(crate) fn name(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Nameless(file) => {
                file.sync_all()?;
                let open = format!("{OPEN_FILES}/{}", file.as_raw_fd());
                Ok(linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
            }
            Self::Named(file) => {
                file.as_file().sync_all()?;
                let named = file.persist_noclobber(path);
                named.map(drop).map_err(|error| error.error)
            }
        }
    }
}

/// None where there are no such files, or no way to name one later.
#[cfg(target_os = "linux")]
fn nameless(dir: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags, open};

    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let named_later = Path::new(OPEN_FILES).is_dir();
    let file = named_later.then(|| open(dir, flags, Mode::RUSR | Mode::WUSR))?;
    file.ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path) -> Option<File> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{metadata, read, read_dir};
    use std::os::unix::fs::MetadataExt;

    fn parts(dir: &Path) -> [Part; 2] {
        let named = Builder::new().prefix(".kith-").tempfile_in(dir).unwrap();
        let mut parts = [Part::within(dir).unwrap(), Part::Named(named)];
        parts
            .iter_mut()
            .for_each(|part| part.write(b"abc").unwrap());
        parts
    }

    #[test]
    fn what_is_all_there_gets_its_name_and_never_another_files() {
        let dir = tempfile::tempdir().unwrap();
        let (mine, link) = (dir.path().join("mine"), dir.path().join("lien"));
        std::fs::write(&mine, "mine").unwrap();
        std::os::unix::fs::symlink(dir.path().join("nulle-part"), &link).unwrap();
        for (part, name) in parts(dir.path()).into_iter().zip(["a", "b"]) {
            let path = dir.path().join(name);
            part.name(&path).unwrap();
            assert_eq!(read(&path).unwrap(), b"abc");
            assert_eq!(metadata(&path).unwrap().mode() & 0o777, 0o600);
        }
        for path in [&mine, &link] {
            for part in parts(dir.path()) {
                let error = part.name(path).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
            }
        }
        assert_eq!(read(&mine).unwrap(), b"mine");
        assert_eq!(
            read_dir(dir.path()).unwrap().count(),
            4,
            "the others are gone"
        );
    }

    /// A power cut or a signal leaves no picture behind under an odd name.
    #[test]
    fn what_is_not_all_there_has_no_name() {
        let dir = tempfile::tempdir().unwrap();
        let mut part = Part::within(dir.path()).unwrap();
        part.write(b"abc").unwrap();
        match part {
            Part::Nameless(_) => assert_eq!(read_dir(dir.path()).unwrap().count(), 0),
            Part::Named(_) => println!("skipped: this file system knows no files without names"),
        }
    }
}
