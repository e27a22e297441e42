//! What takes long about a lock: to try it, to make another. On threads of their own, which leave
//! nothing on their stacks.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use kith_proto::secret::Said;
use kith_proto::vault::{self, Lock};
use tokio::sync::oneshot;

use super::create::cost;
use super::open::{Opened, needs_passphrase, open, try_lock};
use super::{Effort, RunError, Unlock};
use crate::control::No;
use crate::control::shape::Trouble;
use crate::home::Home;
use crate::shell::{Happened, Relock, scrub_stack};

/// Tries a passphrase and reads the store, on a thread of its own.
pub(super) fn try_elsewhere(
    home: Home,
    unlock: Unlock,
) -> io::Result<oneshot::Receiver<Result<Box<Opened>, RunError>>> {
    let (done, opened) = oneshot::channel();
    let work = move || {
        let slot = try_lock(&home, &unlock);
        drop(unlock);
        // The node may have ended, and its home with it, while this was computed.
        if done.is_closed() {
            return;
        }
        let outcome = slot.and_then(|slot| open(&home, slot));
        scrub_stack();
        let _ = done.send(outcome);
    };
    let builder = thread::Builder::new().name("kith-unlock".into());
    builder.spawn(work)?;
    Ok(opened)
}

/// Another passphrase for a home.
pub(super) struct Change {
    /// What opens it now, if it is a passphrase.
    pub(super) old: Option<Said>,
    /// What shall.
    pub(super) new: Said,
    /// How dear a guess shall be.
    pub(super) effort: Effort,
}

/// Makes another passphrase open the home: what takes long on a thread of its own, the rest
/// between two commits of the engine.
pub(super) fn change_elsewhere(
    home: Home,
    change: Change,
    engine: Sender<Happened>,
    answer: impl FnOnce(Result<(), No>) + Send + 'static,
) -> io::Result<()> {
    let work = move || {
        let outcome = change.carry_out(&home, &engine);
        scrub_stack();
        answer(outcome);
    };
    let builder = thread::Builder::new().name("kith-passphrase".into());
    builder.spawn(work).map(drop)
}

impl Change {
    fn carry_out(self, home: &Home, engine: &Sender<Happened>) -> Result<(), No> {
        let Self { old, new, effort } = self;
        let unlock = match (needs_passphrase(home), old) {
            (Err(error), _) => return Err(no(&error)),
            (Ok(true), Some(old)) => Unlock::Passphrase(old),
            (Ok(true), None) => return Err(No::WrongPassphrase),
            (Ok(false), _) => Unlock::DeviceKey,
        };
        try_lock(home, &unlock).map_err(|error| no(&error))?;
        let lock = Lock::Passphrase {
            text: &new,
            cost: cost(effort),
        };
        let random = crate::random().map_err(|_| No::Trouble(Trouble::System))?;
        let slot = vault::new_slot(&lock, random).map_err(|_| No::Trouble(Trouble::Memory))?;
        let (done, relocked) = oneshot::channel();
        // Locked meanwhile, or failed: a disk that failed ends the node, and the asker hears that.
        let order = Happened::Relock(Relock { slot, done });
        engine.send(order).map_err(|_| No::Locked)?;
        relocked.blocking_recv().map_err(|_| No::Locked)?;
        // It opens nothing any more; what cannot be ended now is ended at the next start.
        let _ = home.forget_device_key();
        Ok(())
    }
}

/// As it is said to whoever asked.
pub(super) fn no(error: &RunError) -> No {
    match error {
        RunError::WrongPassphrase => No::WrongPassphrase,
        RunError::NeedsDeviceKey => No::NoPassphrase,
        RunError::NoHome | RunError::SlotDamaged | RunError::NeedsPassphrase => {
            No::Trouble(Trouble::Slot)
        }
        RunError::TooNew => No::Trouble(Trouble::TooNew),
        RunError::DatabaseDamaged | RunError::WipeUnfinished => No::Trouble(Trouble::Database),
        RunError::CannotListen => No::Trouble(Trouble::Listen),
        RunError::DiskFull => No::Trouble(Trouble::DiskFull),
        RunError::ReadOnly => No::Trouble(Trouble::ReadOnly),
        RunError::NoDescriptors => No::Trouble(Trouble::Descriptors),
        RunError::OutOfMemory => No::Trouble(Trouble::Memory),
        RunError::Held { .. } | RunError::NotInGroup | RunError::Io(_) => {
            No::Trouble(Trouble::System)
        }
    }
}
