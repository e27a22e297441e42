//! The engine's thread: what happens goes in, steps come out, and no effect leaves before its
//! commit is on the disk. ARCHITECTURE "The core is pure".
//!
//! There is one commit at a time, on the store's own thread (`committer`); a commit takes whatever
//! the engine gathered while the last one ran. A commit that fails ends the shell: what the engine
//! believes and what the disk holds are no longer the same.

mod commit;
mod effects;
mod porter;
mod post;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use kith_proto::engine::{Answer, AskId, Effect, Engine, Event, Input, Knock, Refusal, Settings};
use kith_proto::limits::{INPUTS_PER_TURN_MAX, SLEEP_MS_MAX};
use kith_proto::vault::{UnlockedSlot, Vault};
use tokio::sync::{broadcast, oneshot};

pub(crate) use self::porter::Porter;
pub(crate) use self::post::{Kept, Post, Site, Terms};
use crate::clock;
use crate::committer::{Committer, Report};
use crate::control::Ask;
use crate::net::{self, Credit, Found, Net, News};
use crate::store::{Store, StoreError};

/// Something for the engine's thread.
pub(crate) enum Happened {
    /// On the network.
    News(News),
    /// A person asks.
    Asked(Ask),
    /// Nothing, until the engine wanted to be called.
    Slept,
    /// The engine's store has something to say.
    Store(Report),
    /// The keeper's does.
    Post(Report),
    /// The slot gets another lock, when no commit runs.
    Relock(Relock),
    /// Somebody looks for meetings on the networks around.
    FindMeetings(Found),
    /// Finish what is under way and end.
    Stop,
}

/// Another lock for the slot.
pub(crate) struct Relock {
    /// The slot behind it.
    pub slot: UnlockedSlot,
    /// Said when the former lock opens nothing any more.
    pub done: oneshot::Sender<()>,
}

/// The engine with everything around it.
pub(crate) struct Shell {
    engine: Engine,
    vault: Vault,
    net: Net,
    events: broadcast::Sender<Event>,
    committer: Committer,
    /// At home while no commit runs.
    store: Option<Box<Store>>,
    asked: HashMap<AskId, oneshot::Sender<Result<Answer, Refusal>>>,
    next_ask: u64,
    /// Of frames that were handled and are not committed yet.
    credits: Vec<Credit>,
    running: Option<Running>,
    relock: Option<Relock>,
    /// What is kept for friends.
    post: Post,
}

/// What waits for the commit under way.
struct Running {
    then: Vec<Effect>,
    /// Friends are read on when their frames are on the disk.
    _credits: Vec<Credit>,
}

/// Why the shell ended by itself.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It was told to.
    Stopped,
    /// The disk did not take a commit.
    Store(StoreError),
    /// The vault could not plan one, or the system has no randomness.
    Broken,
}

/// What a shell is made of.
pub(crate) struct Parts {
    pub engine: Engine,
    pub settings: Settings,
    pub vault: Vault,
    pub store: Store,
    pub net: Net,
    pub events: broadcast::Sender<Event>,
    pub disk_used: Arc<AtomicU64>,
    /// What the home may take on the disk, in bytes.
    pub disk_max: u64,
    pub post: Post,
}

impl Shell {
    /// Starts the store's thread, which ends with the shell. `inbox` is where it reports.
    pub(crate) fn new(parts: Parts, inbox: &Sender<Happened>) -> std::io::Result<Self> {
        let Parts {
            mut engine,
            settings,
            vault,
            store,
            net,
            events,
            disk_used,
            disk_max,
            post,
        } = parts;
        engine.handle(clock::now(), crate::random()?, Input::Settings(settings));
        let committer =
            Committer::start(&store, disk_max, disk_used, inbox.clone(), Happened::Store)?;
        Ok(Self {
            engine,
            vault,
            net,
            events,
            committer,
            store: Some(Box::new(store)),
            asked: HashMap::new(),
            next_ask: 0,
            credits: Vec::new(),
            running: None,
            relock: None,
            post,
        })
    }

    /// Runs until it is stopped or the disk fails.
    pub(crate) fn run(mut self, inbox: &Receiver<Happened>) -> Ended {
        let mut stopping = false;
        loop {
            if let Err(ended) = self.turn() {
                return ended;
            }
            if stopping && self.running.is_none() && !self.post.is_committing() {
                return Ended::Stopped;
            }
            let first = match inbox.recv_timeout(self.sleep()) {
                Err(RecvTimeoutError::Disconnected) => Some(Happened::Stop),
                first => first.ok(),
            };
            let slept = first.is_none().then_some(Happened::Slept);
            let more = inbox.try_iter().take(INPUTS_PER_TURN_MAX);
            for happened in slept.into_iter().chain(first).chain(more) {
                // Whoever goes on talking cannot keep the node from ending.
                let committed = matches!(
                    happened,
                    Happened::Store(Report::Committed(..)) | Happened::Post(Report::Committed(..))
                );
                if stopping && !committed {
                    continue;
                }
                stopping |= matches!(happened, Happened::Stop);
                if let Err(ended) = self.take(happened) {
                    return ended;
                }
            }
            scrub_stack();
        }
    }

    /// Until the engine wants to be called. Never long: the machine may have slept meanwhile.
    fn sleep(&self) -> Duration {
        let wake_at = self.engine.wake_at().min(self.post.wake_at());
        let left = wake_at.saturating_sub(clock::now().boot_ms);
        Duration::from_millis(left.clamp(1, SLEEP_MS_MAX))
    }

    fn take(&mut self, happened: Happened) -> Result<(), Ended> {
        match happened {
            Happened::News(news) => self.news(news),
            Happened::Asked(Ask { request, reply }) => {
                self.next_ask += 1;
                let asker = AskId(self.next_ask);
                self.asked.insert(asker, reply);
                self.tell(Input::Ask { asker, request })
            }
            Happened::Store(report) => self.reported(report),
            Happened::Post(report) => self.post.reported(report, &self.net),
            Happened::Slept => {
                self.post.tick()?;
                self.tell(Input::Tick)
            }
            Happened::FindMeetings(reply) => {
                self.net.order(net::Order::FindMeetings(reply));
                Ok(())
            }
            Happened::Relock(relock) => {
                self.relock = Some(relock);
                Ok(())
            }
            // Erasing that could wait for another commit would now wait for the next start.
            Happened::Stop => self.tell(Input::Tick),
        }
    }

    fn reported(&mut self, report: Report) -> Result<(), Ended> {
        match report {
            Report::Committed(store, outcome) => {
                self.store = Some(store);
                outcome.map_err(Ended::Store)?;
                let then = self
                    .running
                    .take()
                    .map(|running| running.then)
                    .unwrap_or_default();
                self.release(then)
            }
            Report::Room(room) => self.tell(Input::Room { full: room.full }),
            Report::Idle => self.lend(),
        }
    }

    fn news(&mut self, news: News) -> Result<(), Ended> {
        let Some(news) = self.post.news(news)? else {
            return Ok(());
        };
        let input = match news {
            News::Knock {
                bytes,
                reply,
                credit,
                ..
            } => {
                // Both are asked, whoever knows it, so that time tells nothing.
                let (known, kept) = (self.engine.knock(&bytes), self.post.knock(&bytes));
                let known = if known == Knock::Stranger {
                    kept
                } else {
                    known
                };
                // Whoever knocked may be gone by now.
                let _ = reply.send(known);
                drop(credit);
                return Ok(());
            }
            News::Circuit {
                conn,
                handle,
                reply,
            } => {
                // The link may be gone by now.
                let _ = reply.send(self.engine.circuit(conn, &handle));
                return Ok(());
            }
            News::Connected(conn) => Input::Connected(conn),
            News::Flight {
                conn,
                bytes,
                through,
            } => Input::Flight {
                conn,
                bytes,
                through,
            },
            News::Bytes { conn, bytes } => Input::Bytes { conn, bytes },
            News::Opened(conn) => Input::Opened(conn),
            News::Frame {
                conn,
                kind,
                body,
                credit,
            } => {
                self.credits.push(credit);
                Input::Frame { conn, kind, body }
            }
            News::Probed { conn, alive } => Input::Probed { conn, alive },
            News::Closed(conn) => Input::Closed(conn),
            News::Listening(addrs) => Input::Listening(addrs),
            News::MeetingOpen(addrs) => Input::MeetingOpen(addrs),
            News::Guest(conn) => Input::Guest(conn),
            News::Near(addrs) => Input::Near(addrs),
            News::Beacon { from, bytes } => Input::Beacon { from, bytes },
        };
        self.tell(input)
    }

    fn tell(&mut self, input: Input) -> Result<(), Ended> {
        let entropy = crate::random().map_err(|_| Ended::Broken)?;
        self.engine.handle(clock::now(), entropy, input);
        Ok(())
    }
}

/// Overwrites the stack that the last call used: libraries leave copies of keys there.
#[inline(never)]
pub(crate) fn scrub_stack() {
    let scrubbed = [0u8; 128 * 1024];
    std::hint::black_box(&scrubbed);
}
