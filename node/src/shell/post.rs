//! The keeper beside the engine, or alone while the home is locked: its own vault and store, one commit
//! at a time, and the connections that are at its doors. PROTOCOL §8 "The locked node".

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::Sender;

use kith_proto::engine::{ConnId, Knock};
use kith_proto::keeper::{BoxGrant, BoxId, Effect, Input, Keeper, KeptBox, Step};
use kith_proto::secret::{Key, Onion, Said};
use kith_proto::vault::Vault;

use super::effects::joined;
use super::{Ended, Happened};
use crate::clock;
use crate::committer::{Committer, Report};
use crate::net::{Net, News, Order};
use crate::store::Store;

/// An open store of the keeper's, before anything runs in it.
pub(crate) struct Kept {
    pub keeper: Keeper,
    pub vault: Vault,
    pub store: Store,
}

/// Where the keeper's store is.
pub(crate) trait Site: Send {
    /// Makes one when the first box is granted; nothing if that cannot be.
    fn make(&self) -> Option<Box<Kept>>;

    /// Ends it when the last box has.
    fn erase(&self);
}

/// What the keeper is told once.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// How long it keeps what nobody fetches, in minutes.
    pub post_min: u32,
    /// What its store may take on the disk, in bytes.
    pub disk_max: u64,
}

/// The keeper, if there is one.
pub(crate) struct Post {
    desk: Option<Desk>,
    site: Box<dyn Site>,
    terms: Terms,
    inbox: Sender<Happened>,
    /// The connections that are at its doors.
    conns: BTreeSet<ConnId>,
    /// What the onion service is made of, until there is a keeper to hold it.
    service: Option<Key<Onion>>,
    /// What it has told of its boxes and nobody has taken yet.
    told: Option<Vec<KeptBox>>,
}

/// A running keeper.
struct Desk {
    keeper: Keeper,
    vault: Vault,
    committer: Committer,
    /// At home while no commit runs.
    store: Option<Box<Store>>,
    /// What waits for the commit under way.
    running: Option<Vec<Effect>>,
}

impl Post {
    /// With what was found on the disk. Without it, it says that there are no boxes.
    pub(crate) fn new(
        kept: Option<Box<Kept>>,
        site: Box<dyn Site>,
        terms: Terms,
        inbox: &Sender<Happened>,
    ) -> std::io::Result<Self> {
        let mut post = Self {
            told: kept.is_none().then(Vec::new),
            desk: None,
            site,
            terms,
            inbox: inbox.clone(),
            conns: BTreeSet::new(),
            service: None,
        };
        if let Some(kept) = kept {
            post.begin(kept)?;
        }
        Ok(post)
    }

    fn begin(&mut self, kept: Box<Kept>) -> std::io::Result<()> {
        let Kept {
            mut keeper,
            vault,
            store,
        } = *kept;
        let Terms { post_min, disk_max } = self.terms;
        let settings = Input::Settings { post_min };
        keeper.handle(clock::now(), crate::random()?, settings);
        // What the home takes is counted with the other store.
        let uncounted = Arc::new(AtomicU64::new(0));
        let inbox = self.inbox.clone();
        let committer = Committer::start(&store, disk_max, uncounted, inbox, Happened::Post)?;
        self.desk = Some(Desk {
            keeper,
            vault,
            committer,
            store: Some(Box::new(store)),
            running: None,
        });
        Ok(())
    }

    pub(super) fn knock(&self, bytes: &[u8]) -> Knock {
        let desk = self.desk.as_ref();
        desk.map_or(Knock::Stranger, |desk| desk.keeper.knock(bytes))
    }

    /// Takes news that are for the keeper; gives back what is not.
    pub(super) fn news(&mut self, news: News) -> Result<Option<News>, Ended> {
        let input = match news {
            News::Flight { conn, bytes, .. } if self.knock(&bytes) == Knock::Known => {
                self.conns.insert(conn);
                Input::Flight { conn, bytes }
            }
            News::Bytes { conn, bytes } if self.conns.contains(&conn) => {
                Input::Bytes { conn, bytes }
            }
            News::Closed(conn) if self.conns.remove(&conn) => Input::Closed(conn),
            other => return Ok(Some(other)),
        };
        self.tell(input).map(|()| None)
    }

    fn tell(&mut self, input: Input) -> Result<(), Ended> {
        if let Some(desk) = &mut self.desk {
            let entropy = crate::random().map_err(|_| Ended::Broken)?;
            desk.keeper.handle(clock::now(), entropy, input);
        }
        Ok(())
    }

    /// It is later.
    pub(super) fn tick(&mut self) -> Result<(), Ended> {
        self.tell(Input::Tick)
    }

    /// The engine grants a box. Without a store for it there will be none, and the engine sees that.
    pub(super) fn keep(&mut self, grant: BoxGrant) -> Result<(), Ended> {
        if self.desk.is_none() {
            match self.site.make() {
                Some(kept) => {
                    self.begin(kept).map_err(|_| Ended::Broken)?;
                    let service = self.service.take();
                    service.map_or(Ok(()), |secret| self.hold(secret))?;
                }
                None => {
                    tracing::error!(target: "kith", "no store can be made for friends' parcels")
                }
            }
        }
        self.tell(Input::Keep(grant))
    }

    /// The node's onion service is made of this, also while it is locked.
    pub(super) fn hold(&mut self, secret: Key<Onion>) -> Result<(), Ended> {
        match self.desk {
            Some(_) => self.tell(Input::Service(secret)),
            None => {
                self.service = Some(secret);
                Ok(())
            }
        }
    }

    /// What Tor is given to publish it, as the keeper has it.
    pub(super) fn service(&self) -> Option<Said> {
        self.desk.as_ref()?.keeper.service()
    }

    /// The engine takes one back.
    pub(super) fn unkeep(&mut self, id: BoxId) -> Result<(), Ended> {
        self.tell(Input::Unkeep(id))
    }

    /// Its store's thread has something to say.
    pub(super) fn reported(&mut self, report: Report, net: &Net) -> Result<(), Ended> {
        let Some(desk) = &mut self.desk else {
            return Ok(());
        };
        match report {
            Report::Committed(store, outcome) => {
                desk.store = Some(store);
                outcome.map_err(Ended::Store)?;
                let then = desk.running.take().unwrap_or_default();
                self.release(then, net)
            }
            Report::Room(room) => self.tell(Input::Room { full: room.full }),
            Report::Idle if desk.running.is_none() => {
                let store = desk.store.take().ok_or(Ended::Broken)?;
                desk.running = Some(Vec::new());
                desk.committer.reclaim(store).map_err(|_| Ended::Broken)
            }
            Report::Idle => Ok(()),
        }
    }

    /// Sends what the keeper gathered to the disk, if no commit runs.
    pub(super) fn turn(&mut self, net: &Net) -> Result<(), Ended> {
        while let Some(desk) = self.desk.as_mut().filter(|desk| desk.running.is_none()) {
            let Some(step) = desk.keeper.poll() else {
                self.end_without_boxes();
                return Ok(());
            };
            let Step { puts, erases, then } = step;
            if puts.is_empty() && erases.is_empty() {
                self.release(then, net)?;
                continue;
            }
            let entropy = crate::random().map_err(|_| Ended::Broken)?;
            let commit = desk.vault.plan([(puts, erases)], entropy);
            let commit = commit.map_err(|_| Ended::Broken)?;
            let store = desk.store.take().ok_or(Ended::Broken)?;
            let sent = desk.committer.commit(store, commit);
            sent.map_err(|_| Ended::Broken)?;
            desk.running = Some(then);
        }
        Ok(())
    }

    /// Without a box nothing stays that a device key opens: a locked node of this home is silent then, and
    /// its disk does not say where its onion service is.
    fn end_without_boxes(&mut self) {
        let empty = |desk: &mut Desk| desk.store.is_some() && !desk.keeper.has_boxes();
        if let Some(desk) = self.desk.take_if(empty) {
            let Desk { keeper, store, .. } = desk;
            self.service = keeper.into_service();
            // Closed before its files go.
            drop(store);
            self.site.erase();
        }
    }

    /// Carries out effects whose commit is on the disk.
    fn release(&mut self, effects: Vec<Effect>, net: &Net) -> Result<(), Ended> {
        for effect in effects {
            match effect {
                Effect::Write { conn, bytes } => net.order(Order::Write { conn, bytes }),
                Effect::Read {
                    conn,
                    bytes,
                    within_ms,
                } => net.order(Order::Read {
                    conn,
                    bytes,
                    within_ms,
                }),
                Effect::Close(conn) => net.order(Order::Close(conn)),
                Effect::Fetch { conn, slot, names } => {
                    let desk = self.desk.as_ref().ok_or(Ended::Broken)?;
                    let store = desk.store.as_ref().ok_or(Ended::Broken)?;
                    let parcel = joined(&desk.vault, store, names)?;
                    self.tell(Input::Fetched { conn, slot, parcel })?;
                }
                Effect::Kept(kept) => self.told = Some(kept),
            }
        }
        Ok(())
    }

    /// Which boxes there are, if that was told since.
    pub(super) fn told(&mut self) -> Option<Vec<KeptBox>> {
        mem::take(&mut self.told)
    }

    pub(super) fn is_committing(&self) -> bool {
        self.desk
            .as_ref()
            .is_some_and(|desk| desk.running.is_some())
    }

    /// When it wants to be called, on the boot clock in milliseconds.
    pub(super) fn wake_at(&self) -> u64 {
        let desk = self.desk.as_ref();
        desk.map_or(u64::MAX, |desk| desk.keeper.wake_at())
    }
}
