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
use std::time::{Duration, Instant};

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

/// What the thread has to say.
pub(crate) enum Report {
    /// A commit ended, or a reclaim; the store comes back with it.
    Committed(Box<Store>, Result<(), StoreError>),
    /// How much room there is now.
    Room(Room),
    /// There is nothing to do, and the store would be welcome for a reclaim.
    Idle,
}

/// How long what was seen of the disk is taken to hold, and how many committed bytes.
const LOOK: Duration = Duration::from_secs(1);
const LOOK_BYTES: u64 = 1 << 20;
/// How long to wait until a full disk is looked at again.
const FULL: Duration = Duration::from_secs(2);

/// How long a reclaim that failed is not tried again.
const AGAIN: Duration = Duration::from_secs(600);

fn bytes_of(commit: &Commit) -> u64 {
    let values = commit.batch.iter().filter_map(|write| write.value.as_ref());
    values.map(|value| value.len() as u64).sum()
}

/// The thread is gone.
#[derive(Debug)]
pub(crate) struct Gone;

impl Committer {
    /// Starts the thread for a store which may take `cap` bytes. It reports to `inbox`, in the form
    /// that shows of which store; what that takes on the disk it leaves in `disk_used`.
    pub(crate) fn start(
        store: &Store,
        cap: u64,
        disk_used: Arc<AtomicU64>,
        inbox: Sender<Happened>,
        form: fn(Report) -> Happened,
    ) -> io::Result<Self> {
        let (work, works) = channel();
        let desk = Desk {
            gauge: Gauge::new(store, cap),
            told: None,
            reclaims_from: None,
            looked: None,
            wrote: 0,
            disk_used,
            inbox,
            form,
        };
        let idle = Duration::from_secs(STORE_IDLE_SECONDS);
        thread::Builder::new()
            .name("kith-store".into())
            .spawn(move || desk.run(&works, idle))?;
        Ok(Self(work))
    }

    /// Ends in [`Report::Committed`].
    pub(crate) fn commit(&self, store: Box<Store>, commit: Commit) -> Result<(), Gone> {
        let sent = self.0.send(Work::Commit(store, commit));
        sent.map_err(|_| Gone)
    }

    /// What [`Report::Idle`] asks for, as soon as no commit runs; ends in [`Report::Committed`].
    pub(crate) fn reclaim(&self, store: Box<Store>) -> Result<(), Gone> {
        self.0.send(Work::Reclaim(store)).map_err(|_| Gone)
    }
}

/// What the thread holds.
struct Desk {
    gauge: Gauge,
    /// What the engine was last told about fullness.
    told: Option<bool>,
    /// When reclaiming is worth trying again, after one that failed.
    reclaims_from: Option<Instant>,
    /// When it looked at the disk, and what was committed since.
    looked: Option<Instant>,
    wrote: u64,
    disk_used: Arc<AtomicU64>,
    inbox: Sender<Happened>,
    form: fn(Report) -> Happened,
}

impl Desk {
    fn run(mut self, works: &Receiver<Work>, idle: Duration) {
        let mut live = None;
        loop {
            if self.look(live).is_err() {
                return;
            }
            // A full disk is looked at again soon: others may have made room.
            let idle = if self.told == Some(true) { FULL } else { idle };
            let reported = match works.recv_timeout(idle) {
                Ok(Work::Commit(mut store, commit)) => {
                    self.wrote += bytes_of(&commit);
                    let outcome = self
                        .make_room(&mut store, &commit)
                        .and_then(|()| store.commit(&commit));
                    live = Some(store.live_bytes());
                    self.report(Report::Committed(store, outcome))
                }
                Ok(Work::Reclaim(mut store)) => {
                    let outcome = self.reclaim(&mut store);
                    self.looked = None;
                    live = Some(store.live_bytes());
                    self.report(Report::Committed(store, outcome))
                }
                Err(RecvTimeoutError::Timeout) => self.look_around(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if reported.is_err() {
                return;
            }
        }
    }

    /// Looks at the disk, which takes as long as a small commit: every second, and whenever as much was
    /// committed as could matter.
    fn look(&mut self, live: Option<u64>) -> Result<(), Gone> {
        let lately = self.looked.is_some_and(|at| at.elapsed() < LOOK);
        if lately && self.wrote < LOOK_BYTES {
            return Ok(());
        }
        (self.looked, self.wrote) = (Some(Instant::now()), 0);
        let room = self.gauge.look(live);
        self.tell(room)
    }

    fn tell(&mut self, room: Room) -> Result<(), Gone> {
        self.disk_used.store(room.used, Ordering::Relaxed);
        if self.told.replace(room.full) == Some(room.full) {
            return Ok(());
        }
        self.report(Report::Room(room))
    }

    /// Nothing happens: time for what can wait.
    fn look_around(&self) -> Result<(), Gone> {
        self.gauge.keep_ballast();
        match self.reclaims() && self.gauge.reclaim_is_due(Moment::Idle) {
            true => self.report(Report::Idle),
            false => Ok(()),
        }
    }

    fn report(&self, report: Report) -> Result<(), Gone> {
        let sent = self.inbox.send((self.form)(report));
        sent.map_err(|_| Gone)
    }

    fn reclaims(&self) -> bool {
        self.reclaims_from.is_none_or(|at| at <= Instant::now())
    }

    fn make_room(&mut self, store: &mut Store, commit: &Commit) -> Result<(), StoreError> {
        let moment = Moment::Before(bytes_of(commit));
        if !(self.reclaims() && self.gauge.reclaim_is_due(moment)) {
            return Ok(());
        }
        self.looked = None;
        self.reclaim(store)
    }

    fn reclaim(&mut self, store: &mut Store) -> Result<(), StoreError> {
        match store.reclaim() {
            // The store is as it was, and useful with its waste.
            Err(error) if !store.has_stopped() => {
                tracing::warn!(target: "kith", "the database's waste stays: {error}");
                self.reclaims_from = Some(Instant::now() + AGAIN);
                Ok(())
            }
            outcome => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use kith_proto::limits::{BALLAST_BYTES, DISK_BYTES_MAX};
    use kith_proto::secret::Said;
    use kith_proto::vault::{self, Erase, Leaf, Lock, Name, Place, Put, Vault};

    use super::*;

    /// After which something will never come.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn create(dir: &Path) -> (Vault, Box<Store>) {
        let (vault, header, first) = vault::create(&Lock::Device(&[3; 32]), [1; 32]).unwrap();
        let store = Store::create(dir, &header, &first).unwrap();
        (vault, Box::new(store))
    }

    /// Two hundred records of 4 KiB, among them none of another `n`.
    fn records(n: u8) -> impl Iterator<Item = Vec<u8>> {
        (0..200).map(move |record| vec![n, record])
    }

    fn commit(vault: &mut Vault, n: u8) -> Commit {
        let puts = records(n).map(|record| Put {
            name: Name(record.clone()),
            place: Place::State,
            leaf: Leaf(record),
            renew: true,
            body: Said::new(vec![n; 3000]),
        });
        vault.plan([(puts.collect(), vec![])], [n; 32]).unwrap()
    }

    fn erase(vault: &mut Vault, n: u8) -> Commit {
        let erases = records(n).map(|record| Erase::Record(Name(record), Place::State));
        vault.plan([(vec![], erases.collect())], [n; 32]).unwrap()
    }

    /// Starts the thread, with no patience.
    fn start(store: &Store, cap: u64) -> (Sender<Work>, Receiver<Happened>, Arc<AtomicU64>) {
        let (inbox, happened) = channel();
        let (work, works) = channel();
        let disk_used = Arc::new(AtomicU64::new(0));
        let desk = Desk {
            gauge: Gauge::new(store, cap),
            told: None,
            reclaims_from: None,
            looked: None,
            wrote: 0,
            disk_used: disk_used.clone(),
            inbox,
            form: Happened::Store,
        };
        thread::spawn(move || desk.run(&works, Duration::from_millis(1)));
        (work, happened, disk_used)
    }

    /// The next thing that is not idleness.
    fn next(happened: &Receiver<Happened>) -> Report {
        loop {
            match happened.recv_timeout(PATIENCE).unwrap() {
                Happened::Store(Report::Idle) => {}
                Happened::Store(other) => return other,
                _ => panic!("of no store"),
            }
        }
    }

    fn committed(happened: &Receiver<Happened>) -> Box<Store> {
        match next(happened) {
            Report::Committed(store, Ok(())) => store,
            _ => panic!("it should have been committed"),
        }
    }

    #[test]
    fn room_is_told_first_and_then_only_when_it_changes() {
        let dir = tempfile::tempdir().unwrap();
        let (mut vault, store) = create(dir.path());
        let (work, happened, disk_used) = start(&store, DISK_BYTES_MAX);
        assert!(matches!(next(&happened), Report::Room(room) if !room.full));
        assert!(disk_used.load(Ordering::Relaxed) > 0);
        let first = Work::Commit(store, commit(&mut vault, 1));
        work.send(first).unwrap();
        let store = committed(&happened);
        work.send(Work::Commit(store, commit(&mut vault, 2)))
            .unwrap();
        committed(&happened);
    }

    #[test]
    fn a_home_over_its_cap_is_full_from_the_start_and_still_commits() {
        let dir = tempfile::tempdir().unwrap();
        let (mut vault, store) = create(dir.path());
        let (work, happened, _) = start(&store, 16 * 1024);
        assert!(matches!(next(&happened), Report::Room(room) if room.full));
        work.send(Work::Commit(store, commit(&mut vault, 1)))
            .unwrap();
        committed(&happened);
    }

    #[test]
    fn waste_is_given_back_and_ballast_made_when_nothing_happens() {
        let dir = tempfile::tempdir().unwrap();
        let (mut vault, mut store) = create(dir.path());
        for n in 0..20 {
            store.commit(&commit(&mut vault, n)).unwrap();
        }
        for n in 1..20 {
            store.commit(&erase(&mut vault, n)).unwrap();
        }
        let wasteful = store.bytes_on_disk().unwrap();
        let (work, happened, _) = start(&store, DISK_BYTES_MAX);
        while !matches!(
            happened.recv_timeout(PATIENCE).unwrap(),
            Happened::Store(Report::Idle)
        ) {}
        work.send(Work::Reclaim(store)).unwrap();
        let store = committed(&happened);
        let ballast = std::fs::metadata(dir.path().join("ballast")).unwrap();
        assert_eq!(ballast.len(), BALLAST_BYTES);
        let left = store.bytes_on_disk().unwrap() - BALLAST_BYTES;
        assert!(left < wasteful / 2, "{left} of {wasteful}");
    }
}
