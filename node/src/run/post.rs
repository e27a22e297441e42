//! The keeper's own store in a home: opened by a device key that lies beside it, made with the first
//! box. Nothing of the home's passphrase is in it. PROTOCOL §8 "The locked node".

use std::io;

use kith_proto::keeper::Keeper;
use kith_proto::vault::Lock;

use super::create::{first_commit, make_device_key};
use super::open::{open_store, store_failed, try_lock, unreadable};
use super::{RunError, Unlock};
use crate::clock;
use crate::home::Home;
use crate::shell::{Kept, Site};
use crate::store::Store;

/// What is kept for friends, if anything is. What is damaged, or has lost its key, opens never again and
/// keeps no node from running: its owners are told that their boxes are no more.
///
/// # Errors
/// A disk that is full, read-only, or fails otherwise, and a store of a newer version: what cannot be
/// opened now is not gone, and nothing may be put in its place.
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
        keeper: keeper.map_err(unreadable)?,
        vault,
        store,
    }))
}

/// Where the keeper's store of this home is, or will be.
pub(super) fn site(home: &Home) -> Box<dyn Site> {
    Box::new(Place(home.post()))
}

struct Place(Home);

impl Site for Place {
    fn make(&self) -> Option<Box<Kept>> {
        make(&self.0).ok()
    }

    fn erase(&self) {
        if self.0.erase().is_err() {
            tracing::error!(target: "kith", "what was kept for friends cannot be removed");
        }
    }
}

/// What may stand there opened no more when the node started, or was cut off before it held anything.
fn make(post: &Home) -> Result<Box<Kept>, RunError> {
    // What was damaged may open to somebody with more patience.
    post.erase().map_err(|_| io::Error::other("it stays"))?;
    post.prepare()?;
    let key = make_device_key(post)?;
    let mut keeper = Keeper::create(clock::now(), crate::random()?);
    let steps = std::iter::from_fn(|| keeper.poll()).map(|step| (step.puts, step.erases));
    let (header, first) = first_commit(&Lock::Device(&key), steps)?;
    let made = Store::create(post.data(), &header, &first);
    drop(made.map_err(|error| store_failed(&error))?);
    read(post)
}
