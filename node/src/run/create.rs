//! A new home: identity, vault and store, whole or not at all.

use std::io;

use kith_proto::engine::{Engine, Restored};
use kith_proto::vault::{self, Backup, Commit, Cost, Erase, Lock, Put};
use zeroize::Zeroizing;

use super::Unlock;
use crate::clock;
use crate::home::{Home, NotLocked};
use crate::store::{Store, StoreError};

/// How dear a guess of the passphrase shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As much as this machine bears in about a second.
    Full,
    /// The least that is allowed: for tests and demonstrations.
    Least,
}

/// Why a home was not made.
#[derive(Debug)]
pub enum CreateError {
    /// A node lives here already.
    Exists,
    /// An earlier attempt was cut off half-way; wipe it first.
    Unfinished,
    /// Another process works on this home.
    Held {
        /// Which, if it said.
        pid: Option<u32>,
    },
    /// A wipe was begun here that did not end everything: [`Home::finish_wipe`] comes first.
    WipeUnfinished,
    /// What the backup holds is not what a node of this version wrote.
    BadBackup,
    /// No room.
    DiskFull,
    /// The system refused.
    Io(io::Error),
}

/// Makes a node in an empty home: an identity, a vault, nothing else. Nobody is told.
///
/// # Errors
/// [`CreateError`]; a node that is there already is left as it is.
pub fn create(home: &Home, unlock: &Unlock, effort: Effort) -> Result<(), CreateError> {
    let random = || crate::random().map_err(CreateError::Io);
    make(home, unlock, effort, || {
        Ok(Engine::create(clock::now(), random()?))
    })
}

/// Makes a node in an empty home that goes on from a backup. Nobody is told before it runs.
///
/// # Errors
/// [`CreateError`]; a node that is there already is left as it is.
pub fn create_from(
    home: &Home,
    unlock: &Unlock,
    effort: Effort,
    backup: &Backup,
) -> Result<Restored, CreateError> {
    let random = crate::random().map_err(CreateError::Io)?;
    let restored = Engine::restore(clock::now(), random, backup);
    let (engine, restored) = restored.map_err(|_| CreateError::BadBackup)?;
    make(home, unlock, effort, || Ok(engine))?;
    Ok(restored)
}

fn make(
    home: &Home,
    unlock: &Unlock,
    effort: Effort,
    engine: impl FnOnce() -> Result<Engine, CreateError>,
) -> Result<(), CreateError> {
    if home.wipe_is_unfinished() {
        return Err(CreateError::WipeUnfinished);
    }
    if home.exists() {
        return Err(CreateError::Exists);
    }
    let _lock = home.lock().map_err(|error| match error {
        NotLocked::Held { pid } => CreateError::Held { pid },
        NotLocked::Io(error) => CreateError::Io(error),
    })?;
    let device = match unlock {
        Unlock::DeviceKey => Some(make_device_key(home).map_err(CreateError::Io)?),
        // Left by an attempt without a passphrase that was cut off: it would be taken for the lock.
        Unlock::Passphrase(_) => home
            .forget_device_key()
            .map(|()| None)
            .map_err(|_| CreateError::Io(io::ErrorKind::Other.into()))?,
    };
    let lock = match (unlock, &device) {
        (Unlock::Passphrase(text), _) => Lock::Passphrase {
            text,
            cost: cost(effort),
        },
        (Unlock::DeviceKey, Some(key)) => Lock::Device(key),
        (Unlock::DeviceKey, None) => return Err(CreateError::Io(io::ErrorKind::NotFound.into())),
    };
    let mut engine = engine()?;
    let steps = std::iter::from_fn(|| engine.poll()).map(|step| (step.puts, step.erases));
    let (header, first) = first_commit(&lock, steps).map_err(CreateError::Io)?;
    Store::create(home.data(), &header, &first)
        .map(drop)
        .map_err(|error| match error {
            StoreError::Exists => CreateError::Exists,
            StoreError::Unfinished => CreateError::Unfinished,
            StoreError::DiskFull => CreateError::DiskFull,
            StoreError::Io(_, kind) => CreateError::Io(kind.into()),
            _ => CreateError::Io(io::ErrorKind::Other.into()),
        })
}

pub(super) fn make_device_key(home: &Home) -> io::Result<Zeroizing<[u8; 32]>> {
    if let Some(key) = home.device_key()? {
        return Ok(key);
    }
    let key = Zeroizing::new(crate::random()?);
    home.keep_device_key(&key)?;
    Ok(key)
}

/// An empty vault and the first steps in it as one commit: a crash leaves a node or none.
pub(super) fn first_commit(
    lock: &Lock<'_>,
    steps: impl IntoIterator<Item = (Vec<Put>, Vec<Erase>)>,
) -> io::Result<(vault::SlotPage, Commit)> {
    let (mut vault, header, first) =
        vault::create(lock, crate::random()?).map_err(io::Error::other)?;
    let second = vault
        .plan(steps, crate::random()?)
        .map_err(io::Error::other)?;
    // The later record of the same key wins; the slot is that of the second.
    let batch = first.batch.into_iter().chain(second.batch).collect();
    Ok((
        header,
        Commit {
            batch,
            slot: second.slot,
        },
    ))
}

/// Argon2id's cost: about a second on a laptop; less memory where there is little.
pub(crate) fn cost(effort: Effort) -> Cost {
    const LITTLE_KIB: u64 = 2 * 1024 * 1024;
    match effort {
        Effort::Least => Cost::FLOOR,
        Effort::Full if crate::health::memory_kib().is_some_and(|total| total < LITTLE_KIB) => {
            Cost {
                memory_kib: 64 * 1024,
                passes: 3,
                lanes: 4,
            }
        }
        Effort::Full => Cost {
            memory_kib: 256 * 1024,
            passes: 3,
            lanes: 1,
        },
    }
}
