//! From a home's files to an engine: the slot's lock first, which takes long and touches nothing;
//! then the store, the vault, and every record of state.

use std::io;

use kith_proto::engine::{Engine, OpenError};
use kith_proto::secret::Said;
use kith_proto::vault::{self, Cost, Lock, Name, UnlockedSlot, Vault, VaultError};

use super::{RunError, Unlock};
use crate::clock;
use crate::home::Home;
use crate::store::{self, Store, StoreError};

/// An open home, before anything runs in it.
pub(super) struct Opened {
    pub(super) engine: Engine,
    pub(super) vault: Vault,
    pub(super) store: Store,
}

/// Whether this home asks for a passphrase, or else for its device key; nothing is opened.
///
/// # Errors
/// [`RunError`]: no home, or a slot that is damaged or missing.
pub fn needs_passphrase(home: &Home) -> Result<bool, RunError> {
    if home.wipe_is_unfinished() {
        return Err(RunError::WipeUnfinished);
    }
    if !home.exists() {
        return Err(RunError::NoHome);
    }
    let header = store::slot_header(home.data()).map_err(|error| store_failed(&error))?;
    vault::needs_passphrase(&header).map_err(vault_failed)
}

/// Tries the lock of the slot, which takes a second or more and writes nothing.
pub(super) fn try_lock(home: &Home, unlock: &Unlock) -> Result<UnlockedSlot, RunError> {
    let header = store::slot_header(home.data()).map_err(|error| store_failed(&error))?;
    // One cut short is as good as gone; one that cannot be read now may be there tomorrow.
    let device = home.device_key().map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => RunError::NeedsDeviceKey,
        _ => RunError::from(error),
    })?;
    let lock = match (unlock, &device) {
        (Unlock::Passphrase(text), _) => Lock::Passphrase {
            text,
            cost: Cost::FLOOR,
        },
        (Unlock::DeviceKey, Some(key)) => Lock::Device(key),
        (Unlock::DeviceKey, None) => return Err(RunError::NeedsDeviceKey),
    };
    vault::unlock(&header, &lock).map_err(vault_failed)
}

/// Opens store, vault and engine. A slot that a crash left between two commits is mended before
/// anything else is read.
pub(super) fn open(home: &Home, slot: UnlockedSlot) -> Result<Box<Opened>, RunError> {
    let (vault, store, records) = open_store(home, slot)?;
    let random = crate::random().map_err(RunError::from)?;
    let engine = Engine::open(clock::now(), random, records).map_err(unreadable)?;
    // A change of passphrase that was cut off at its end left it, and it opens nothing any more.
    if needs_passphrase(home)? {
        let _ = home.forget_device_key();
    }
    Ok(Box::new(Opened {
        engine,
        vault,
        store,
    }))
}

/// A store's vault, and every record of state in it.
pub(super) type Unsealed = (Vault, Store, Vec<(Name, Said)>);

/// Opens a store and its vault, and sweeps what was erased.
pub(super) fn open_store(home: &Home, slot: UnlockedSlot) -> Result<Unsealed, RunError> {
    let mut store = Store::open(home.data()).map_err(|error| store_failed(&error))?;
    let failed = |error: StoreError| store_failed(&error);
    let [a, b] = store.slot_copies().map_err(failed)?;
    let random = crate::random().map_err(RunError::from)?;
    let fetch = |key: &vault::RecordKey| store.get(key).ok().flatten();
    let (vault, repair) = slot.open([&a, &b], random, fetch).map_err(vault_failed)?;
    if let Some(repair) = repair {
        store.repair(&repair).map_err(failed)?;
    }
    let mut records = Vec::new();
    let mut erased = Vec::new();
    for state in store.states() {
        let (key, sealed) = state.map_err(failed)?;
        match vault.open_record(&key, &sealed) {
            Ok(record) => records.push(record),
            Err(VaultError::Erased) => erased.push(key),
            Err(error) => return Err(vault_failed(error)),
        }
    }
    store.sweep(&erased).map_err(failed)?;
    Ok((vault, store, records))
}

/// What was decrypted, and makes neither an engine nor a keeper.
pub(super) fn unreadable(error: OpenError) -> RunError {
    match error {
        OpenError::BadRecords => RunError::DatabaseDamaged,
        OpenError::TooNew => RunError::TooNew,
    }
}

fn vault_failed(error: VaultError) -> RunError {
    match error {
        VaultError::WrongPassphrase => RunError::WrongPassphrase,
        VaultError::NeedsPassphrase => RunError::NeedsPassphrase,
        VaultError::NeedsDeviceKey | VaultError::WrongDeviceKey => RunError::NeedsDeviceKey,
        VaultError::SlotDamaged => RunError::SlotDamaged,
        VaultError::SlotTooNew => RunError::TooNew,
        VaultError::OutOfMemory => RunError::OutOfMemory,
        _ => RunError::DatabaseDamaged,
    }
}

pub(super) fn store_failed(error: &StoreError) -> RunError {
    match error {
        StoreError::Missing => RunError::NoHome,
        StoreError::SlotMissing | StoreError::SlotDamaged | StoreError::Unfinished => {
            RunError::SlotDamaged
        }
        StoreError::DatabaseMissing | StoreError::DatabaseDamaged => RunError::DatabaseDamaged,
        StoreError::DiskFull => RunError::DiskFull,
        StoreError::ReadOnly => RunError::ReadOnly,
        StoreError::NoDescriptors => RunError::NoDescriptors,
        StoreError::Io(_, kind) => RunError::Io((*kind).into()),
        _ => RunError::Io(io::ErrorKind::Other.into()),
    }
}
