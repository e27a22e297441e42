//! The local socket: JSON-RPC 2.0, one object a line, for the one person this node belongs to.
//!
//! A Unix socket that only its owner can open, whose other end must run as the same user; there is
//! no TCP. What a client asks goes to the engine through [`Door`]; nothing is decided here. A
//! client that does not read is dropped, never buffered for. Second step of the road.

pub mod client;
mod convert;
pub mod params;
mod rpc;
pub mod shape;

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::stream::FuturesOrdered;
use futures::{SinkExt, StreamExt};
use kith_proto::engine::{Answer, Event, Refusal, Request};
use kith_proto::limits::{
    CONTROL_ASKED_MAX, CONTROL_CLIENTS_MAX, CONTROL_LINE_BYTES_MAX, CONTROL_WRITE_SECONDS_MAX,
};
use kith_proto::secret::Said;
use kith_proto::vault::BackupLock;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::codec::{Framed, LinesCodec};

use crate::run::Effort;
use crate::run::create::cost;
use crate::shell::scrub_stack;
use rpc::{Asked, Fault};

/// A question for the engine.
pub struct Ask {
    /// What is asked.
    pub request: Request,
    /// Where the answer goes, its bodies at hand ([`Body::Here`](kith_proto::engine::Body)).
    pub reply: oneshot::Sender<Result<Answer, Refusal>>,
}

/// What concerns the whole node, and the run loop carries out.
pub enum Order {
    /// Finish and end the process.
    Stop {
        /// Said once nothing more will be written.
        reply: oneshot::Sender<()>,
    },
    /// Destroy everything in the home, then end.
    Wipe {
        /// What could not be destroyed, by its place in the home; empty when all is gone.
        reply: oneshot::Sender<Vec<String>>,
    },
    /// Drop all keys and the network with them.
    Lock {
        /// Said once they are gone.
        reply: Reply,
    },
    /// Open with a passphrase.
    Unlock {
        /// As typed.
        passphrase: Said,
        /// Said once friends can be reached.
        reply: Reply,
    },
    /// Let another passphrase open the home.
    Passphrase {
        /// What opens it now, if it is a passphrase.
        old: Option<Said>,
        /// What shall; neither empty nor too long.
        new: Said,
        /// Whether it may be cheap to guess.
        effort: Effort,
        /// Said once the old one opens nothing any more.
        reply: Reply,
    },
    /// Look at process, home and machine.
    Doctor {
        /// What was found.
        reply: oneshot::Sender<shape::Doctor>,
    },
}

/// Where it is said that something was done, or why not.
pub type Reply = oneshot::Sender<Result<(), No>>;

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// The node is locked.
    Locked,
    /// The key lies beside what it opens.
    NoPassphrase,
    /// Not the passphrase.
    WrongPassphrase,
    /// Another passphrase is being computed.
    Busy,
    /// Something stands in the way.
    Trouble(shape::Trouble),
}

impl From<No> for Fault {
    fn from(no: No) -> Self {
        Self::Refused(match no {
            No::Locked => return Self::Locked,
            No::NoPassphrase => shape::Refusal::NoPassphrase,
            No::WrongPassphrase => shape::Refusal::WrongPassphrase,
            No::Busy => shape::Refusal::Busy,
            No::Trouble(trouble) => shape::Refusal::NotDone { trouble },
        })
    }
}

/// What a connection needs of the node; one clone each.
#[derive(Clone)]
pub struct Door {
    /// To the engine.
    pub asks: mpsc::Sender<Ask>,
    /// To the run loop.
    pub orders: mpsc::Sender<Order>,
    /// What happens. Its capacity bounds how far a subscriber may lag before it is dropped.
    pub events: broadcast::Sender<Event>,
    /// Whether nobody is there to answer the asks.
    pub locked: watch::Receiver<bool>,
    /// Bytes the home takes on the disk, as the store last counted.
    pub disk_used: Arc<AtomicU64>,
    /// Bytes that it may take.
    pub disk_max: u64,
}

impl Door {
    fn disk(&self) -> shape::Disk {
        shape::Disk {
            used: self.disk_used.load(Ordering::Relaxed),
            max: self.disk_max,
        }
    }
}

/// Opens the socket at `path` with mode 0600, in a directory of mode 0700 that is made if missing.
///
/// A socket file left by a killed node is replaced, so the caller must hold the home's lock.
///
/// # Errors
/// Whatever the system says; also if something else than a socket stands at `path`.
pub fn listen(path: &Path) -> io::Result<UnixListener> {
    if let Some(dir) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)?;
        std::fs::set_permissions(dir, PermissionsExt::from_mode(0o700))?;
    }
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path)?,
        Ok(_) => return Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => {}
    }
    let short = ShortPath::of(path)?;
    let listener = UnixListener::bind(&short.path)?;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))?;
    Ok(listener)
}

/// The longest path that a socket's address holds, in bytes, on every system we know.
const SOCKET_PATH_BYTES_MAX: usize = 100;

/// A way to name a socket however deep its home lies: through its directory, held open.
struct ShortPath {
    path: PathBuf,
    _dir: Option<File>,
}

impl ShortPath {
    fn of(path: &Path) -> io::Result<Self> {
        let (dir, name) = match (path.parent(), path.file_name()) {
            (Some(dir), Some(name)) if path.as_os_str().len() > SOCKET_PATH_BYTES_MAX => {
                (dir, name)
            }
            _ => {
                let path = path.to_owned();
                return Ok(Self { path, _dir: None });
            }
        };
        let dir = File::open(dir)?;
        let path = Path::new("/proc/self/fd").join(dir.as_raw_fd().to_string());
        Ok(Self {
            path: path.join(name),
            _dir: Some(dir),
        })
    }
}

/// Serves clients until it is dropped; then every connection ends with it.
pub async fn serve(listener: UnixListener, door: Door) {
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = clients.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if clients.len() < CONTROL_CLIENTS_MAX && is_ours(&stream) => {
                    clients.spawn(attend(stream, door.clone()));
                }
                // Too many, or not our user: closed without a word.
                Ok(_) => {}
                // Out of file descriptors: let some go before the next try.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

fn is_ours(stream: &UnixStream) -> bool {
    stream
        .peer_cred()
        .is_ok_and(|peer| is_own_user(peer.uid(), rustix::process::geteuid().as_raw()))
}

/// Not even root: whoever is root needs no socket to read the disk, and mistakes stay out.
fn is_own_user(peer: u32, own: u32) -> bool {
    peer == own
}

type Lines = Framed<UnixStream, LinesCodec>;

/// Room for most lines, so that one read takes them.
const CONTROL_BUFFER_BYTES: usize = 4096;

/// One client, from its first line to its last. It may ask on before it is answered; its answers
/// come in the order of its questions.
async fn attend(stream: UnixStream, door: Door) {
    let mut lines = Framed::new(
        stream,
        LinesCodec::new_with_max_length(CONTROL_LINE_BYTES_MAX),
    );
    let mut subscription = None;
    let mut asked = FuturesOrdered::new();
    let mut hears = true;
    while hears || !asked.is_empty() {
        forget(&mut lines);
        tokio::select! {
            line = lines.next(), if hears && asked.len() < CONTROL_ASKED_MAX => {
                // Too long, or not UTF-8: where the next line begins is anybody's guess.
                hears = matches!(line, Some(Ok(_)));
                forget_read(&mut lines);
                asked.extend(line.map(|line| reply_to(line.ok(), &door)));
            }
            Some((reply, subscribed)) = asked.next() => {
                subscription = subscribed.or(subscription);
                if say(&mut lines, reply).await.is_err() {
                    return;
                }
            }
            event = next_event(&mut subscription) => {
                // None: it lagged, or the node ends.
                let Some(line) = event.and_then(|event| rpc::notification(event).ok()) else {
                    return;
                };
                if say(&mut lines, line).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Frees the buffer that the last line was read into: it may have been a passphrase, and the
/// connection may stay for hours. What came after that line is kept.
fn forget_read(lines: &mut Lines) {
    let read = lines.read_buffer_mut();
    *read = read.as_ref().into();
}

/// What a subscriber hears of: what the engine tells, and that it comes and goes.
struct Subscription {
    events: broadcast::Receiver<Event>,
    locked: watch::Receiver<bool>,
}

/// Leaves nothing that was said in the buffers of a connection, which may stay open for days.
fn forget(lines: &mut Lines) {
    // Whoever frees memory erases it: the program's allocator.
    if lines.read_buffer().is_empty() {
        std::mem::take(lines.read_buffer_mut());
        lines.read_buffer_mut().reserve(CONTROL_BUFFER_BYTES);
    }
    if lines.write_buffer().is_empty() {
        std::mem::take(lines.write_buffer_mut());
    }
}

/// The next event for a subscriber; never, for everybody else.
async fn next_event(subscription: &mut Option<Subscription>) -> Option<shape::Event> {
    let Some(Subscription { events, locked }) = subscription else {
        return std::future::pending().await;
    };
    tokio::select! {
        event = events.recv() => event.ok().map(Into::into),
        changed = locked.changed() => changed.ok().map(|()| match *locked.borrow_and_update() {
            true => shape::Event::Locked,
            false => shape::Event::Unlocked,
        }),
    }
}

async fn say(lines: &mut Lines, line: String) -> Result<(), ()> {
    match timeout(
        Duration::from_secs(CONTROL_WRITE_SECONDS_MAX),
        lines.send(line),
    )
    .await
    {
        Ok(Ok(())) => Ok(()),
        _ => Err(()),
    }
}

/// The answer to a line; and what it subscribed to, if it asked for that.
async fn reply_to(line: Option<String>, door: &Door) -> (String, Option<Subscription>) {
    let (id, asked) = match &line {
        Some(line) => rpc::parse(line),
        None => (serde_json::Value::Null, Err(Fault::Unreadable)),
    };
    drop(line);
    let mut subscription = None;
    let result = match asked {
        Err(fault) => Err(fault),
        Ok(Asked::Hello) => rpc::hello(&id),
        Ok(Asked::Subscribe) => {
            let mut locked = door.locked.clone();
            locked.mark_unchanged();
            subscription = Some(Subscription {
                events: door.events.subscribe(),
                locked,
            });
            rpc::nothing(&id)
        }
        Ok(Asked::Stop) => order(door, |reply| Order::Stop { reply })
            .await
            .and_then(|()| rpc::nothing(&id)),
        Ok(Asked::Wipe) => order(door, |reply| Order::Wipe { reply })
            .await
            .and_then(|remains| rpc::wiped(&id, remains)),
        Ok(Asked::Lock) => done(&id, door, |reply| Order::Lock { reply }).await,
        Ok(Asked::Unlock(passphrase)) => {
            done(&id, door, |reply| Order::Unlock { passphrase, reply }).await
        }
        Ok(Asked::Passphrase { old, new, cheap }) => {
            let effort = if cheap { Effort::Least } else { Effort::Full };
            done(&id, door, |reply| Order::Passphrase {
                old,
                new,
                effort,
                reply,
            })
            .await
        }
        Ok(Asked::Backup { passphrase, cheap }) => {
            let effort = if cheap { Effort::Least } else { Effort::Full };
            backup(&id, door, passphrase, effort).await
        }
        Ok(Asked::Doctor) => doctor(door).await.and_then(|found| rpc::doctor(&id, found)),
        Ok(Asked::Engine(Request::Status)) if *door.locked.borrow() => {
            rpc::locked(&id, door.disk())
        }
        Ok(Asked::Engine(request)) => ask(door, request)
            .await
            .and_then(|answer| rpc::answer(&id, answer, door.disk())),
    };
    let reply = result.unwrap_or_else(|fault| rpc::fault(&id, &fault));
    (reply, subscription)
}

/// The lock of a backup takes long and is made elsewhere; what is sealed behind it the engine knows.
async fn backup(
    id: &serde_json::Value,
    door: &Door,
    passphrase: Said,
    effort: Effort,
) -> Result<String, Fault> {
    if *door.locked.borrow() {
        return Err(Fault::Locked);
    }
    let made = tokio::task::spawn_blocking(move || {
        let random = crate::random().map_err(|_| shape::Trouble::System)?;
        let lock = BackupLock::new(&passphrase, cost(effort), random);
        scrub_stack();
        lock.map_err(|_| shape::Trouble::Memory)
    });
    let made = made.await.map_err(|_| Fault::Ending)?;
    let lock = made.map_err(|trouble| Fault::Refused(shape::Refusal::NotDone { trouble }))?;
    let answer = ask(door, Request::Backup(Box::new(lock))).await?;
    rpc::answer(id, answer, door.disk())
}

/// What the run loop finds, and what only the engine knows.
async fn doctor(door: &Door) -> Result<shape::Doctor, Fault> {
    let mut found = order(door, |reply| Order::Doctor { reply }).await?;
    if let Ok(Answer::Status(status)) = ask(door, Request::Status).await {
        found.addresses = Some(status.addresses);
    }
    if let Ok(Answer::Kept(kept)) = ask(door, Request::Kept).await {
        found.kept = Some(kept.into());
    }
    Ok(found)
}

async fn ask(door: &Door, request: Request) -> Result<Answer, Fault> {
    if *door.locked.borrow() {
        return Err(Fault::Locked);
    }
    // Who should answer may go between this line and the last.
    let gone = || match *door.locked.borrow() {
        true => Fault::Locked,
        false => Fault::Ending,
    };
    let (reply, answer) = oneshot::channel();
    let sent = door.asks.send(Ask { request, reply }).await;
    sent.map_err(|_| gone())?;
    let answer = answer.await.map_err(|_| gone())?;
    answer.map_err(|refusal| Fault::Refused(refusal.into()))
}

/// An order to which the answer is yes or no.
async fn done(
    id: &serde_json::Value,
    door: &Door,
    what: impl FnOnce(Reply) -> Order,
) -> Result<String, Fault> {
    order(door, what).await??;
    rpc::nothing(id)
}

async fn order<T>(
    door: &Door,
    order: impl FnOnce(oneshot::Sender<T>) -> Order,
) -> Result<T, Fault> {
    let (reply, done) = oneshot::channel();
    let sent = door.orders.send(order(reply)).await;
    sent.map_err(|_| Fault::Ending)?;
    done.await.map_err(|_| Fault::Ending)
}

#[cfg(test)]
mod tests;
