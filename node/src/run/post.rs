//! The keeper's own store in a home: opened by a device key that lies beside it, made with the first
//! box. Nothing of the home's passphrase is in it. PROTOCOL §8 "The locked node".

use std::{fs, io};

use kith_proto::keeper::Keeper;
use kith_proto::vault::Lock;

use super::create::{first_commit, make_device_key};
use super::open::{open_store, store_failed, try_lock};
use super::{RunError, Unlock};
use crate::clock;
use crate::home::Home;
use crate::shell::{Kept, Make};
use crate::store::Store;

/// What is kept for friends, if anything is. What cannot be read is as good as gone, and keeps no node
/// from running: its owners see a gap, and their boxes are granted anew.
///
/// # Errors
/// A disk that is full, read-only, or fails otherwise.
pub(super) fn open(home: &Home) -> Result<Option<Box<Kept>>, RunError> {
    let post = home.post();
    if !post.exists() {
        return Ok(None);
    }
    match read(&post) {
        Err(
            RunError::SlotDamaged
            | RunError::DatabaseDamaged
            | RunError::NeedsDeviceKey
            | RunError::NeedsPassphrase
            | RunError::NoHome,
        ) => {
            tracing::error!(target: "kith", "what is kept for friends cannot be read");
            Ok(None)
        }
        read => read.map(Some),
    }
}

fn read(post: &Home) -> Result<Box<Kept>, RunError> {
    let slot = try_lock(post, &Unlock::DeviceKey)?;
    let (vault, store, records) = open_store(post, slot)?;
    let keeper = Keeper::open(clock::now(), crate::random()?, records);
    Ok(Box::new(Kept {
        keeper: keeper.map_err(|_| RunError::DatabaseDamaged)?,
        vault,
        store,
    }))
}

/// How one is made. What may stand there opened no more when the node started, or was cut off before
/// it held anything.
pub(super) fn maker(home: &Home) -> Make {
    let post = home.post();
    Box::new(move || make(&post).ok())
}

fn make(post: &Home) -> Result<Box<Kept>, RunError> {
    match fs::remove_dir_all(post.data()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => post.prepare()?,
    }
    let key = make_device_key(post)?;
    let mut keeper = Keeper::create(clock::now(), crate::random()?);
    let steps = std::iter::from_fn(|| keeper.poll()).map(|step| (step.puts, step.erases));
    let (header, first) = first_commit(&Lock::Device(&key), steps)?;
    let made = Store::create(post.data(), &header, &first);
    drop(made.map_err(|error| store_failed(&error))?);
    read(post)
}
