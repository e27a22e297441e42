//! The store's own thread: makes commits durable one after the other, gives waste back, and says how
//! much room there is.
//!
//! The store travels to this thread with its work and back with the outcome, so nobody waits for a
//! lock. Waste is given back before a commit when it is too much or the cap is near, otherwise when
//! nothing has happened for a while; never beside a commit.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use kith_proto::limits::STORE_IDLE_SECONDS;
use kith_proto::vault::Commit;

use crate::shell::Happened;
use crate::store::{Gauge, Moment, Room, Store, StoreError};

/// The way to the thread, which ends when this is dropped.
pub(crate) struct Committer(Sender<Work>);

enum Work {
    Commit(Box<Store>, Commit),
    Reclaim(Box<Store>),
}

/// The thread is gone.
#[derive(Debug)]
pub(crate) struct Gone;

impl Committer {
    /// Starts the thread for a store which may take `cap` bytes. It reports to `inbox`; what the
    /// home takes on the disk it leaves in `disk_used`.
    pub(crate) fn start(
        store: &Store,
        cap: u64,
        disk_used: Arc<AtomicU64>,
        inbox: Sender<Happened>,
    ) -> io::Result<Self> {
        let (work, works) = channel();
        let desk = Desk {
            gauge: Gauge::new(store, cap),
            told: None,
            reclaims: true,
            disk_used,
            inbox,
        };
        let idle = Duration::from_secs(STORE_IDLE_SECONDS);
        thread::Builder::new()
            .name("kith-store".into())
            .spawn(move || desk.run(&works, idle))?;
        Ok(Self(work))
    }

    /// Ends in [`Happened::Committed`].
    pub(crate) fn commit(&self, store: Box<Store>, commit: Commit) -> Result<(), Gone> {
        let sent = self.0.send(Work::Commit(store, commit));
        sent.map_err(|_| Gone)
    }

    /// What [`Happened::Idle`] asks for, as soon as no commit runs; ends in
    /// [`Happened::Committed`].
    pub(crate) fn reclaim(&self, store: Box<Store>) -> Result<(), Gone> {
        self.0.send(Work::Reclaim(store)).map_err(|_| Gone)
    }
}

/// What the thread holds.
struct Desk {
    gauge: Gauge,
    /// What the engine was last told about fullness.
    told: Option<bool>,
    /// Whether reclaiming is worth trying: after one that failed it is not, until the next start.
    reclaims: bool,
    disk_used: Arc<AtomicU64>,
    inbox: Sender<Happened>,
}

impl Desk {
    fn run(mut self, works: &Receiver<Work>, idle: Duration) {
        let mut live = None;
        loop {
            let room = self.gauge.look(live);
            if self.tell(room).is_err() {
                return;
            }
            let reported = match works.recv_timeout(idle) {
                Ok(Work::Commit(mut store, commit)) => {
                    let outcome = self
                        .make_room(&mut store, &commit)
                        .and_then(|()| store.commit(&commit));
                    live = Some(store.live_bytes());
                    self.inbox.send(Happened::Committed(store, outcome))
                }
                Ok(Work::Reclaim(mut store)) => {
                    let outcome = self.reclaim(&mut store);
                    live = Some(store.live_bytes());
                    self.inbox.send(Happened::Committed(store, outcome))
                }
                Err(RecvTimeoutError::Timeout) => self.look_around(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if reported.is_err() {
                return;
            }
        }
    }

    fn tell(&mut self, room: Room) -> Result<(), Gone> {
        self.disk_used.store(room.used, Ordering::Relaxed);
        if self.told.replace(room.full) == Some(room.full) {
            return Ok(());
        }
        let told = self.inbox.send(Happened::Room(room));
        told.map_err(|_| Gone)
    }

    /// Nothing happens: time for what can wait.
    fn look_around(&self) -> Result<(), std::sync::mpsc::SendError<Happened>> {
        self.gauge.keep_ballast();
        match self.reclaims && self.gauge.reclaim_is_due(Moment::Idle) {
            true => self.inbox.send(Happened::Idle),
            false => Ok(()),
        }
    }

    fn make_room(&mut self, store: &mut Store, commit: &Commit) -> Result<(), StoreError> {
        let values = commit.batch.iter().filter_map(|write| write.value.as_ref());
        let bytes = values.map(|value| value.len() as u64).sum();
        match self.reclaims && self.gauge.reclaim_is_due(Moment::Before(bytes)) {
            true => self.reclaim(store),
            false => Ok(()),
        }
    }

    fn reclaim(&mut self, store: &mut Store) -> Result<(), StoreError> {
        match store.reclaim() {
            // The store is as it was, and useful with its waste.
            Err(error) if !store.has_stopped() => {
                tracing::warn!(target: "kith", "the database's waste stays: {error}");
                self.reclaims = false;
                Ok(())
            }
            outcome => outcome,
        }
    }
}
