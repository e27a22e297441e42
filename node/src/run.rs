//! A node from its first file to its last byte: made, opened, run until it is stopped.
//!
//! Four threads: the network's, the engine's, the store's, and this one, which serves the local
//! socket and waits for signals. Only what is written here knows all of them. ARCHITECTURE.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use kith_proto::engine::{Addr, Engine};
use kith_proto::limits::{DISK_BYTES_MAX, EVENTS_WAITING_MAX, LISTENING_WAIT_MS};
use kith_proto::secret::Said;
use kith_proto::vault::{self, Commit, Cost, Lock, Vault, VaultError};
use tokio::sync::{broadcast, mpsc, oneshot};
use zeroize::Zeroizing;

use crate::clock;
use crate::config::Config;
use crate::control::{self, Door, Order};
use crate::home::{Home, HomeLock, NotLocked};
use crate::net::{self, CannotListen, News};
use crate::shell::{Ended, Happened, Parts, Shell};
use crate::store::{self, Part, Store, StoreError};

/// What opens a home.
pub enum Unlock {
    /// A passphrase.
    Passphrase(Said),
    /// The device key that lies in it.
    DeviceKey,
}

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
    /// No room.
    DiskFull,
    /// The system refused.
    Io(io::Error),
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
    /// The passphrase is another one; nothing was changed.
    WrongPassphrase,
    /// The home opens with a passphrase.
    NeedsPassphrase,
    /// The home opens with its device key, which is gone or another one.
    NeedsDeviceKey,
    /// `root.slot` is damaged or missing.
    SlotDamaged,
    /// The database is damaged or missing.
    DatabaseDamaged,
    /// The address is not free or not allowed.
    CannotListen,
    /// No room on the disk.
    DiskFull,
    /// The disk can only be read.
    ReadOnly,
    /// Too many files are open.
    NoDescriptors,
    /// The system refused.
    Io(io::Error),
}

/// A node that answers on its socket.
pub struct Ready {
    /// At how many addresses friends can knock.
    pub addresses: u32,
}

/// Makes a node in an empty home: an identity, a vault, nothing else. Nobody is told.
///
/// # Errors
/// [`CreateError`]; a node that is there already is left as it is.
pub fn create(home: &Home, unlock: &Unlock, effort: Effort) -> Result<(), CreateError> {
    if home.exists() {
        return Err(CreateError::Exists);
    }
    let _lock = home.lock().map_err(|error| match error {
        NotLocked::Held { pid } => CreateError::Held { pid },
        NotLocked::Io(kind) => CreateError::Io(kind.into()),
    })?;
    let device = match unlock {
        Unlock::DeviceKey => Some(make_device_key(home).map_err(CreateError::Io)?),
        // Left by an attempt without a passphrase that was cut off: it would be taken for the lock.
        Unlock::Passphrase(_) => home
            .forget_device_key()
            .map(|()| None)
            .map_err(CreateError::Io)?,
    };
    let lock = match (unlock, &device) {
        (Unlock::Passphrase(text), _) => Lock::Passphrase {
            text,
            cost: cost(effort),
        },
        (Unlock::DeviceKey, Some(key)) => Lock::Device(key),
        (Unlock::DeviceKey, None) => return Err(CreateError::Io(io::ErrorKind::NotFound.into())),
    };
    let (header, first) = first_commit(&lock).map_err(CreateError::Io)?;
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

fn make_device_key(home: &Home) -> io::Result<Zeroizing<[u8; 32]>> {
    if let Some(key) = home.device_key()? {
        return Ok(key);
    }
    let key = Zeroizing::new(crate::random()?);
    home.keep_device_key(&key)?;
    Ok(key)
}

/// An empty vault and the new engine's first step as one commit: a crash leaves a node or none.
fn first_commit(lock: &Lock<'_>) -> io::Result<(vault::SlotPage, Commit)> {
    let (mut vault, header, first) =
        vault::create(lock, crate::random()?).map_err(io::Error::other)?;
    let mut engine = Engine::create(clock::now(), crate::random()?);
    let steps = std::iter::from_fn(|| engine.poll()).map(|step| (step.puts, step.erases));
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
fn cost(effort: Effort) -> Cost {
    const LITTLE_KIB: u64 = 2 * 1024 * 1024;
    match effort {
        Effort::Least => Cost::FLOOR,
        Effort::Full if memory_kib().is_some_and(|total| total < LITTLE_KIB) => Cost {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 4,
        },
        Effort::Full => Cost {
            memory_kib: 256 * 1024,
            passes: 3,
            lanes: 1,
        },
    }
}

fn memory_kib() -> Option<u64> {
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    info.lines().find_map(|line| {
        line.strip_prefix("MemTotal:")?
            .trim()
            .strip_suffix("kB")?
            .trim()
            .parse()
            .ok()
    })
}

/// Whether this home asks for a passphrase, or else for its device key; nothing is opened.
///
/// # Errors
/// [`RunError`]: no home, or a slot that is damaged or missing.
pub fn needs_passphrase(home: &Home) -> Result<bool, RunError> {
    if !home.exists() {
        return Err(RunError::NoHome);
    }
    let header = store::slot_header(home.data()).map_err(|error| store_failed(&error))?;
    vault::needs_passphrase(&header).map_err(vault_failed)
}

/// Opens the home and runs its node until it is stopped, by its socket or by a signal. `on_ready`
/// is called once the socket answers.
///
/// # Errors
/// [`RunError`]. A disk that fails ends the node: it is started again from what is on the disk.
pub fn run(
    home: Home,
    unlock: Unlock,
    config: Config,
    on_ready: impl FnOnce(Ready),
) -> Result<(), RunError> {
    if !home.exists() {
        return Err(RunError::NoHome);
    }
    let _lock: HomeLock = home.lock().map_err(|error| match error {
        NotLocked::Held { pid } => RunError::Held { pid },
        NotLocked::Io(kind) => RunError::Io(kind.into()),
    })?;
    let (engine, vault, store) = open(&home, &unlock)?;
    drop(unlock);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(RunError::Io)?;
    let listener = runtime
        .block_on(async { control::listen(&home.socket()) })
        .map_err(RunError::Io)?;
    let (inbox, happened) = channel();
    let (heard, first_addresses) = oneshot::channel();
    let listens = !config.net.listen.is_empty();
    let net = net::start(config.net.listen, teller(inbox.clone(), heard)).map_err(cannot_listen)?;
    let disk_used = Arc::new(AtomicU64::new(store.bytes_on_disk().unwrap_or_default()));
    let (events, _) = broadcast::channel(EVENTS_WAITING_MAX);
    let parts = Parts {
        engine,
        vault,
        store,
        net,
        events: events.clone(),
        disk_used: disk_used.clone(),
        disk_max: DISK_BYTES_MAX,
    };
    let shell = Shell::new(parts, &inbox).map_err(RunError::Io)?;
    let (ended, mut end) = oneshot::channel();
    let engine = thread::Builder::new()
        .name("kith-engine".into())
        .spawn(move || {
            // Whoever waits for it is this function, unless it ended already.
            let _ = ended.send(shell.run(&happened));
        });
    let engine = engine.map_err(RunError::Io)?;
    let (asks, mut asked) = mpsc::channel::<control::Ask>(16);
    let (orders, mut ordered) = mpsc::channel(4);
    let door = Door {
        asks,
        orders,
        events,
        disk_used,
    };
    let ending = runtime.block_on(async {
        let wait = Duration::from_millis(if listens { LISTENING_WAIT_MS } else { 0 });
        let addresses = tokio::time::timeout(wait, first_addresses).await;
        let serving = tokio::spawn(control::serve(listener, door));
        on_ready(Ready {
            addresses: addresses.map_or(0, |count| count.unwrap_or(0)),
        });
        tracing::info!(target: "kith", "node is up");
        let signal = signalled();
        tokio::pin!(signal);
        let ending = loop {
            tokio::select! {
                Some(ask) = asked.recv() => {
                    if inbox.send(Happened::Asked(ask)).is_err() { break Ending::Signal }
                }
                Some(order) = ordered.recv() => break Ending::Ordered(order),
                ended = &mut end => break Ending::Ended(ended.unwrap_or(Ended::Broken)),
                () = &mut signal => break Ending::Signal,
            }
        };
        finish(ending, &home, &inbox, &mut end, serving).await
    });
    let _ = fs::remove_file(home.socket());
    drop(inbox);
    let _ = engine.join();
    match ending {
        Ended::Stopped => Ok(()),
        Ended::Store(error) => Err(store_failed(&error)),
        Ended::Broken => Err(RunError::Io(io::ErrorKind::Other.into())),
    }
}

enum Ending {
    Ordered(Order),
    Ended(Ended),
    Signal,
}

/// Lets the engine finish its commit, then says so to whoever asked for the end.
async fn finish(
    ending: Ending,
    home: &Home,
    inbox: &Sender<Happened>,
    end: &mut oneshot::Receiver<Ended>,
    serving: tokio::task::JoinHandle<()>,
) -> Ended {
    if let Ending::Ended(ended) = ending {
        tracing::error!(target: "kith", "the node cannot go on");
        serving.abort();
        return ended;
    }
    // The slot dies first, whatever the engine is doing; the rest when nobody writes any more.
    if let Ending::Ordered(Order::Wipe { .. }) = ending {
        let _ = home.wipe();
    }
    // If it is gone already, its end says why.
    let _ = inbox.send(Happened::Stop);
    let ended = end.await.unwrap_or(Ended::Broken);
    let ended = match ending {
        Ending::Ordered(Order::Wipe { reply }) => {
            let remains = home.wipe().err().map(|what| what.paths).unwrap_or_default();
            let _ = reply.send(
                remains
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect(),
            );
            Ended::Stopped
        }
        Ending::Ordered(Order::Stop { reply }) => {
            let _ = reply.send(());
            ended
        }
        Ending::Ended(_) | Ending::Signal => ended,
    };
    // A moment for the reply to leave.
    tokio::time::sleep(Duration::from_millis(50)).await;
    serving.abort();
    ended
}

/// Gives the network a way to the engine, and tells when the first addresses are known.
fn teller(inbox: Sender<Happened>, heard: oneshot::Sender<u32>) -> impl Fn(News) + Send + Sync {
    let heard = std::sync::Mutex::new(Some(heard));
    move |news| {
        let listening = match &news {
            News::Listening(addrs) => Some(count(addrs)),
            _ => None,
        };
        // The engine ended: so does the network, in a moment.
        let _ = inbox.send(Happened::News(news));
        if let Some(count) = listening
            && let Some(heard) = heard.lock().ok().and_then(|mut heard| heard.take())
        {
            let _ = heard.send(count);
        }
    }
}

fn count(addrs: &[Addr]) -> u32 {
    u32::try_from(addrs.len()).unwrap_or(u32::MAX)
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

/// Opens slot, vault and engine. A slot that a crash left between two commits is mended before
/// anything else is read.
fn open(home: &Home, unlock: &Unlock) -> Result<(Engine, Vault, Store), RunError> {
    let mut store = Store::open(home.data()).map_err(|error| store_failed(&error))?;
    let failed = |error: StoreError| store_failed(&error);
    let header = store.slot_header().map_err(failed)?;
    let [a, b] = store.slot_copies().map_err(failed)?;
    let device = home.device_key().map_err(|_| RunError::NeedsDeviceKey)?;
    let lock = match (unlock, &device) {
        (Unlock::Passphrase(text), _) => Lock::Passphrase {
            text,
            cost: Cost::FLOOR,
        },
        (Unlock::DeviceKey, Some(key)) => Lock::Device(key),
        (Unlock::DeviceKey, None) => return Err(RunError::NeedsDeviceKey),
    };
    let random = || crate::random().map_err(RunError::Io);
    let fetch = |key: &vault::RecordKey| store.get(key).ok().flatten();
    let (vault, repair) =
        vault::open(&header, [&a, &b], &lock, random()?, fetch).map_err(vault_failed)?;
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
    let engine =
        Engine::open(clock::now(), random()?, records).map_err(|_| RunError::DatabaseDamaged)?;
    Ok((engine, vault, store))
}

fn vault_failed(error: VaultError) -> RunError {
    match error {
        VaultError::WrongPassphrase => RunError::WrongPassphrase,
        VaultError::NeedsPassphrase => RunError::NeedsPassphrase,
        VaultError::NeedsDeviceKey | VaultError::WrongDeviceKey => RunError::NeedsDeviceKey,
        VaultError::SlotDamaged | VaultError::SlotTooNew => RunError::SlotDamaged,
        VaultError::OutOfMemory => RunError::Io(io::ErrorKind::OutOfMemory.into()),
        _ => RunError::DatabaseDamaged,
    }
}

fn store_failed(error: &StoreError) -> RunError {
    match error {
        StoreError::Missing => RunError::NoHome,
        StoreError::SlotMissing | StoreError::SlotDamaged | StoreError::Unfinished => {
            RunError::SlotDamaged
        }
        StoreError::DatabaseMissing | StoreError::DatabaseDamaged => RunError::DatabaseDamaged,
        StoreError::DiskFull => RunError::DiskFull,
        StoreError::ReadOnly => RunError::ReadOnly,
        StoreError::NoDescriptors => RunError::NoDescriptors,
        StoreError::Io(Part::Slot | Part::Database, kind) => RunError::Io((*kind).into()),
        _ => RunError::Io(io::ErrorKind::Other.into()),
    }
}

fn cannot_listen(error: CannotListen) -> RunError {
    match error {
        CannotListen::NoMeans => RunError::Io(io::ErrorKind::Other.into()),
        _ => RunError::CannotListen,
    }
}
