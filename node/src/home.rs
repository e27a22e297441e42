//! Where a node's files are, who may use them, and how they end.
//!
//! `config.toml`; `data/` (the lock, the store, `device.key` if there is no passphrase, `post/` if friends'
//! parcels are kept); `run/` (the socket). Directories 0700, files 0600. Never reads what the store seals.

mod lock;
mod wipe;

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

pub use self::lock::{HomeLock, NotLocked};
pub use self::wipe::WhatRemains;

/// Length of a device key, in bytes.
pub const DEVICE_KEY_BYTES: usize = 32;

const DEVICE_KEY: &str = "device.key";
const NEW_DEVICE_KEY: &str = "device.key.new";
/// Stands in the data directory from the moment the slot is destroyed until all is gone.
const WIPE_UNFINISHED: &str = "wipe.unfinished";

/// The paths of one node. Two nodes on one machine have two homes.
#[derive(Clone, PartialEq, Eq)]
pub struct Home {
    /// The one directory around all, if there is one.
    all: Option<PathBuf>,
    /// Where `config.toml` is.
    config: PathBuf,
    data: PathBuf,
    run: PathBuf,
}

impl Home {
    /// All below one directory, such as one on a stick.
    pub fn at(path: &Path) -> Self {
        Self {
            all: Some(path.to_owned()),
            config: path.to_owned(),
            data: path.join("data"),
            run: path.join("run"),
        }
    }

    /// That of a node which the system runs for the people of one group.
    pub fn of_the_system() -> Self {
        Self::at(Path::new("/var/lib/kith"))
    }

    /// Where the XDG base directories say, from the environment; `None` if it names no `HOME`.
    pub fn default_path() -> Option<Self> {
        Self::from_environment(|name| std::env::var_os(name))
    }

    fn from_environment(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        // Relative paths are to be ignored, says the specification.
        let absolute = |name| Some(PathBuf::from(variable(name)?)).filter(|p| p.is_absolute());
        let below = |name, or: &str| {
            let base = absolute(name).or_else(|| Some(absolute("HOME")?.join(or)))?;
            Some(base.join("kith"))
        };
        let data = below("XDG_DATA_HOME", ".local/share")?;
        Some(Self {
            all: None,
            config: below("XDG_CONFIG_HOME", ".config")?,
            // Never /tmp: others could be there first.
            run: absolute("XDG_RUNTIME_DIR").map_or_else(|| data.join("run"), |p| p.join("kith")),
            data,
        })
    }

    /// The settings: no secret and no name in them.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The directory of the store.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Where the running node listens for its person.
    pub fn socket(&self) -> PathBuf {
        self.run.join("node.sock")
    }

    /// Where the keeper of friends' parcels has its store and its device key: a home within this one,
    /// which nothing of this one opens.
    pub(crate) fn post(&self) -> Self {
        Self {
            data: self.data.join("post"),
            ..self.clone()
        }
    }

    /// Whether a node was made here; its store may still be damaged, or a part of it missing.
    pub fn exists(&self) -> bool {
        let is_there = |name| fs::symlink_metadata(self.data.join(name)).is_ok();
        let database = is_there("db") || is_there("db.next");
        is_there("root.slot") || (database && !is_there("root.slot.new"))
    }

    /// Makes the directories that are missing, and closes ours to everybody else.
    ///
    /// # Errors
    /// Whatever the file system refuses.
    pub fn prepare(&self) -> io::Result<()> {
        for dir in [&self.config, &self.data, &self.run] {
            DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
            // The directory around all may be one that the person had before.
            if self.all.as_ref() != Some(dir) {
                fs::set_permissions(dir, Permissions::from_mode(0o700))?;
            }
        }
        Ok(())
    }

    /// Keeps every other process out of this home, until the lock is dropped or its process ends,
    /// be it by `kill -9`. The lock stands beside the data, so that two daemons that disagree about
    /// where sockets go still meet.
    ///
    /// # Errors
    /// `Held` at once if another process has it; `Io`.
    pub fn lock(&self) -> Result<HomeLock, NotLocked> {
        self.prepare().map_err(NotLocked::Io)?;
        HomeLock::take(&self.data.join("lock"))
    }

    /// The device key, if there is one.
    ///
    /// # Errors
    /// `InvalidData` if it is not of its length; whatever the file system refuses.
    pub fn device_key(&self) -> io::Result<Option<Zeroizing<[u8; DEVICE_KEY_BYTES]>>> {
        let mut file = match File::open(self.data.join(DEVICE_KEY)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        if file.metadata()?.len() != DEVICE_KEY_BYTES as u64 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut key = Zeroizing::new([0; DEVICE_KEY_BYTES]);
        file.read_exact(&mut *key)?;
        Ok(Some(key))
    }

    /// Makes the device key durable, before the store that needs it is made. A key that stands
    /// there already is never replaced: use that one.
    ///
    /// # Errors
    /// `AlreadyExists`; whatever the file system refuses.
    pub fn keep_device_key(&self, key: &[u8; DEVICE_KEY_BYTES]) -> io::Result<()> {
        let path = self.data.join(DEVICE_KEY);
        if path.try_exists()? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        // Whole or absent: a key cut short would be in the way for ever.
        let new = self.data.join(NEW_DEVICE_KEY);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&new)?;
        file.write_all(key)?;
        file.sync_all()?;
        fs::rename(new, path)?;
        File::open(&self.data)?.sync_all()
    }

    /// Ends a device key that opens nothing yet, or nothing any more: overwritten, then removed.
    ///
    /// # Errors
    /// What is still there.
    pub fn forget_device_key(&self) -> Result<(), WhatRemains> {
        let mut remains = WhatRemains::default();
        for name in [DEVICE_KEY, NEW_DEVICE_KEY] {
            let path = self.data.join(name);
            remains.overwrite(&path);
            remains.remove(&path);
        }
        remains.or_nothing()
    }

    /// Ends this home. The slot first, overwritten and synced: from then on the passphrase opens
    /// nothing, whatever else stays. Then the device key; then everything is removed, and a mark
    /// stands in the home until it is. Works beside a running daemon too, whose next commit does
    /// not bring the slot's header back.
    ///
    /// # Errors
    /// What is still there.
    pub fn wipe(&self) -> Result<(), WhatRemains> {
        let mut remains = self.destroy_keys();
        remains.remove_within(&self.data, WIPE_UNFINISHED);
        for path in [&self.run, &self.config_file()] {
            remains.remove(path);
        }
        if self.all.is_none() {
            remains.remove(&self.config);
        }
        remains.or_nothing()?;
        // The mark goes last.
        let mut remains = WhatRemains::default();
        remains.remove(&self.data);
        // What else is in there is not ours.
        self.all.as_ref().map(fs::remove_dir);
        remains.or_nothing()
    }

    /// Ends a store of the keeper's: its keys overwritten where they stand, then everything removed.
    ///
    /// # Errors
    /// What is still there.
    pub(crate) fn erase(&self) -> Result<(), WhatRemains> {
        let mut remains = self.overwrite_keys();
        remains.remove(&self.data);
        remains.or_nothing()
    }

    fn overwrite_keys(&self) -> WhatRemains {
        let mut remains = WhatRemains::default();
        for name in ["root.slot", "root.slot.new"] {
            remains.overwrite_slot(&self.data.join(name));
        }
        for name in [DEVICE_KEY, NEW_DEVICE_KEY] {
            remains.overwrite(&self.data.join(name));
        }
        remains
    }

    /// The first part of a wipe, after which the passphrase opens nothing: all keys of this home
    /// overwritten where they stand, and the mark set.
    pub(crate) fn destroy_keys(&self) -> WhatRemains {
        let mut remains = self.overwrite_keys();
        remains.join(self.post().overwrite_keys());
        // Where nothing can be written, nothing can be marked either.
        let _ = self.mark_wipe();
        remains
    }

    fn mark_wipe(&self) -> io::Result<()> {
        let mut mark = OpenOptions::new();
        mark.write(true).create(true).truncate(true).mode(0o600);
        mark.open(self.data.join(WIPE_UNFINISHED))?.sync_all()?;
        File::open(&self.data)?.sync_all()
    }

    /// Whether a wipe was begun here that did not end everything.
    pub fn wipe_is_unfinished(&self) -> bool {
        fs::symlink_metadata(self.data.join(WIPE_UNFINISHED)).is_ok()
    }

    /// Repeats a wipe that did not end everything, before anything else is done here; none if there
    /// was no such wipe.
    pub fn finish_wipe(&self) -> Option<Result<(), WhatRemains>> {
        self.wipe_is_unfinished().then(|| self.wipe())
    }
}

impl std::fmt::Debug for Home {
    /// Paths hold people's names.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Home(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_private(path: &Path) -> bool {
        fs::metadata(path).unwrap().permissions().mode() & 0o077 == 0
    }

    fn from(pairs: &[(&str, &str)]) -> Option<Home> {
        let find = |name: &str| pairs.iter().find(|(key, _)| *key == name);
        Home::from_environment(|name| Some(OsString::from(find(name)?.1)))
    }

    #[test]
    fn a_home_follows_the_base_directories_and_never_stands_in_tmp() {
        let home = from(&[("HOME", "/h"), ("XDG_DATA_HOME", "relative")]).unwrap();
        assert_eq!(home.config_file(), Path::new("/h/.config/kith/config.toml"));
        assert_eq!(home.data(), Path::new("/h/.local/share/kith"));
        assert_eq!(
            home.socket(),
            Path::new("/h/.local/share/kith/run/node.sock")
        );
        let given = [
            ("XDG_CONFIG_HOME", "/c"),
            ("XDG_DATA_HOME", "/d"),
            ("XDG_RUNTIME_DIR", "/r"),
        ];
        let home = from(&given).unwrap();
        assert_eq!(home.config_file(), Path::new("/c/kith/config.toml"));
        assert_eq!(home.data(), Path::new("/d/kith"));
        assert_eq!(home.socket(), Path::new("/r/kith/node.sock"));
        assert!(from(&[]).is_none());
    }

    #[test]
    fn nobody_else_can_look_into_a_home() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(&dir.path().join("new"));
        home.prepare().unwrap();
        fs::set_permissions(home.data(), Permissions::from_mode(0o755)).unwrap();
        let _lock = home.lock().unwrap();
        home.keep_device_key(&[7; 32]).unwrap();
        for path in ["", "data", "run", "data/lock", "data/device.key"] {
            assert!(is_private(&dir.path().join("new").join(path)));
        }
    }

    #[test]
    fn a_device_key_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        home.prepare().unwrap();
        assert!(home.device_key().unwrap().is_none());
        home.keep_device_key(&[7; 32]).unwrap();
        assert!(home.keep_device_key(&[8; 32]).is_err());
        assert_eq!(*home.device_key().unwrap().unwrap(), [7; 32]);
        fs::write(home.data().join(DEVICE_KEY), [7; 31]).unwrap();
        assert!(home.device_key().is_err());
    }
}
