//! A node from its first file to its last byte: made, opened or not, run until it is stopped.
//!
//! Four threads: the network's, the engine's, the store's, and this one, which serves the local
//! socket and waits for signals; a locked node has only this one. Where parcels are kept for friends their
//! store has one more, and a locked node the network's and the keeper's. Only what is written here and
//! below knows all of them. ARCHITECTURE.

pub(crate) mod create;
mod keeper;
mod locksmith;
mod node;
mod open;
mod post;

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use kith_proto::limits::{
    DESCRIPTORS_MIN, EVENTS_WAITING_MAX, LISTENING_WAIT_MS, WIPE_WAITS_SECONDS,
};
use kith_proto::secret::Said;
use tokio::net::UnixListener;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;

pub use self::create::{CreateError, Effort, create, create_from};
use self::keeper::Keeper;
use self::node::{Lasting, Running};
pub use self::open::needs_passphrase;
use crate::config::Config;
use crate::control::{self, Ask, Door, Group, Order};
use crate::home::{Home, HomeLock, NotLocked};
use crate::hook;
use crate::shell::Ended;
use crate::store::{Part, StoreError};
use crate::supervisor::Supervisor;

/// What opens a home.
pub enum Unlock {
    /// A passphrase.
    Passphrase(Said),
    /// The device key that lies in it.
    DeviceKey,
}

/// Why a node did not run, or does not any more.
#[derive(Debug)]
pub enum RunError {
    /// Another process has this home.
    Held {
        /// Which, if it said.
        pid: Option<u32>,
    },
    /// Nobody made a node here.
    NoHome,
    /// A wipe was begun here that did not end everything: [`Home::finish_wipe`] comes first.
    WipeUnfinished,
    /// The passphrase is another one; nothing was changed.
    WrongPassphrase,
    /// The home opens with a passphrase.
    NeedsPassphrase,
    /// The home opens with its device key, which is gone or another one.
    NeedsDeviceKey,
    /// `root.slot` is damaged or missing.
    SlotDamaged,
    /// The home, or what is kept for friends, was written by a newer version.
    TooNew,
    /// The database is damaged or missing.
    DatabaseDamaged,
    /// The address is not free or not allowed.
    CannotListen,
    /// The system does not let this process open its socket to the group.
    NotInGroup,
    /// No room on the disk.
    DiskFull,
    /// Not enough memory to try the passphrase.
    OutOfMemory,
    /// The disk can only be read.
    ReadOnly,
    /// Too many files are open.
    NoDescriptors,
    /// The system refused.
    Io(io::Error),
}

impl From<io::Error> for RunError {
    /// What a person can do something about has a name of its own.
    fn from(error: io::Error) -> Self {
        open::store_failed(&StoreError::io(Part::Directory)(error))
    }
}

/// What a node is to the system that started it; by default a program like others.
#[derive(Default)]
pub struct Service {
    /// Who wants to know how it is.
    pub supervisor: Supervisor,
    /// Who may talk to it besides its own user.
    pub group: Option<Group>,
}

/// A node that answers on its socket.
pub struct Ready {
    /// At how many addresses friends can knock.
    pub addresses: u32,
    /// Whether it waits for its passphrase.
    pub locked: bool,
}

/// Whether as many files can be opened as a node needs before the first friend comes: some of what it
/// is made of does not say so, but panics.
fn spare_descriptors() -> io::Result<()> {
    let some = (0..DESCRIPTORS_MIN).map(|_| fs::File::open("/dev/null"));
    some.collect::<io::Result<Vec<_>>>().map(drop)
}

/// Opens the home and runs its node until it is stopped, by its socket or by a signal; without
/// anything to open it, the node starts locked. `on_ready` is called once the socket answers.
///
/// # Errors
/// [`RunError`]; `NeedsDeviceKey` also for a home without a passphrase that shall start locked. A
/// disk that fails ends the node: it is started again from what is on the disk.
pub fn run(
    home: Home,
    unlock: Option<Unlock>,
    config: Config,
    service: Service,
    on_ready: impl FnOnce(Ready),
) -> Result<(), RunError> {
    spare_descriptors()?;
    let needs_passphrase = needs_passphrase(&home)?;
    if unlock.is_none() && !needs_passphrase {
        return Err(RunError::NeedsDeviceKey);
    }
    let _lock: HomeLock = home.lock().map_err(|error| match error {
        NotLocked::Held { pid } => RunError::Held { pid },
        NotLocked::Io(error) => error.into(),
    })?;
    let opened = match unlock {
        Some(unlock) => {
            let slot = open::try_lock(&home, &unlock)?;
            drop(unlock);
            Some(open::open(&home, slot)?)
        }
        None => None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(async {
        let listener = control::listen(&home.socket(), service.group);
        let listener = listener.map_err(|error| not_opened(error, service.group))?;
        let (events, _) = broadcast::channel(EVENTS_WAITING_MAX);
        let lasting = Lasting {
            settings: config.settings(),
            disk_max: config.disk.max.0,
            net: config.network(),
            events,
            disk_used: Arc::new(AtomicU64::new(0)),
            on_message: config.hooks.on_message,
        };
        let (keeper, addresses) = match opened {
            Some(opened) => {
                let (running, addresses) = Running::start(opened, &home, lasting.clone())?;
                let keeper = Keeper::open(home.clone(), lasting.clone(), running);
                (keeper, Some(addresses))
            }
            None => {
                let porter = Running::porter(&home, lasting.clone())?;
                (
                    Keeper::locked_up(home.clone(), lasting.clone(), porter),
                    None,
                )
            }
        };
        keeper.count_disk();
        let addresses = match addresses {
            Some(heard) if !lasting.net.listen.is_empty() => first_addresses(heard).await,
            _ => 0,
        };
        Ok::<_, RunError>(
            serve(
                keeper, lasting, listener, &home, service, addresses, on_ready,
            )
            .await,
        )
    });
    let _ = fs::remove_file(home.socket());
    match ended? {
        Ended::Stopped => Ok(()),
        Ended::Store(error) => Err(open::store_failed(&error)),
        Ended::Broken => Err(RunError::Io(io::ErrorKind::Other.into())),
    }
}

/// A group that the process is not in is the only thing here that the system refuses for whose it is.
fn not_opened(error: io::Error, group: Option<Group>) -> RunError {
    match (error.kind(), group) {
        (io::ErrorKind::PermissionDenied, Some(_)) => RunError::NotInGroup,
        _ => error.into(),
    }
}

/// How many there are, once that is known: invitations name them.
async fn first_addresses(heard: oneshot::Receiver<u32>) -> u32 {
    let heard = tokio::time::timeout(Duration::from_millis(LISTENING_WAIT_MS), heard).await;
    heard.map_or(0, |count| count.unwrap_or(0))
}

enum Ending {
    Ordered(Order),
    Ended(Ended),
    Signal,
}

async fn serve(
    mut keeper: Keeper,
    lasting: Lasting,
    listener: UnixListener,
    home: &Home,
    service: Service,
    addresses: u32,
    on_ready: impl FnOnce(Ready),
) -> Ended {
    let (asks, mut asked) = mpsc::channel::<Ask>(16);
    let (orders, mut ordered) = mpsc::channel(4);
    let locked = keeper.locked();
    let ready = Ready {
        addresses,
        locked: *locked.borrow(),
    };
    let door = Door {
        asks,
        orders,
        events: lasting.events,
        locked,
        disk_used: lasting.disk_used,
        disk_max: lasting.disk_max,
        tor: lasting.net.tor.subscribe(),
        to_group: service.group.is_some(),
    };
    let supervisor = Arc::new(service.supervisor);
    let beside = [
        tokio::spawn(hook::serve(lasting.on_message, door.clone())),
        tokio::spawn(tell(supervisor.clone(), door.clone())),
        tokio::spawn(control::serve(listener, door)),
    ];
    tracing::info!(target: "kith", locked = ready.locked, "node is up");
    supervisor.ready(ready.locked);
    on_ready(ready);
    let signal = signalled();
    tokio::pin!(signal);
    let ending = loop {
        tokio::select! {
            Some(ask) = asked.recv() => keeper.ask(ask),
            Some(order) = ordered.recv() => match order {
                Order::Stop { .. } | Order::Wipe { .. } => break Ending::Ordered(order),
                order => keeper.obey(order),
            },
            changed = keeper.changed() => if let Some(ended) = keeper.take(changed) {
                break Ending::Ended(ended);
            },
            () = &mut signal => break Ending::Signal,
        }
    };
    supervisor.stopping();
    let ended = finish(ending, keeper, home).await;
    // A moment for the reply to leave.
    tokio::time::sleep(Duration::from_millis(50)).await;
    beside.iter().for_each(JoinHandle::abort);
    ended
}

/// Tells whoever supervises the node what becomes of it, until it ends.
async fn tell(supervisor: Arc<Supervisor>, door: Door) {
    let mut locked = door.locked.clone();
    loop {
        let pause = async {
            match supervisor.watches_every() {
                Some(every) => tokio::time::sleep(every).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = locked.changed() => match changed {
                Ok(()) => supervisor.locked(*locked.borrow_and_update()),
                Err(_) => return,
            },
            // An engine that hangs never answers: then nothing is said, and the node is started anew.
            () = pause => if door.answers().await {
                supervisor.alive();
            },
        }
    }
}

/// Lets the engine finish its commit, then says so to whoever asked for the end.
async fn finish(ending: Ending, keeper: Keeper, home: &Home) -> Ended {
    match ending {
        Ending::Ended(ended) => {
            tracing::error!(target: "kith", "the node cannot go on");
            ended
        }
        Ending::Signal => keeper.end().await,
        Ending::Ordered(Order::Stop { reply }) => {
            let ended = keeper.end().await;
            let _ = reply.send(());
            ended
        }
        Ending::Ordered(Order::Wipe { reply }) => {
            // The slot dies first, whatever the engine is doing; the rest when nobody writes any
            // more, or when waiting for that has taken long enough.
            home.destroy_keys();
            let _ =
                tokio::time::timeout(Duration::from_secs(WIPE_WAITS_SECONDS), keeper.end()).await;
            let remains = home.wipe().err().map(|what| what.paths).unwrap_or_default();
            let paths = remains.iter().map(|path| path.display().to_string());
            let _ = reply.send(paths.collect());
            Ended::Stopped
        }
        // The others do not end a node.
        Ending::Ordered(_) => Ended::Broken,
    }
}

async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let term = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = term => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(test)]
mod tests;
