//! Who holds the home: locked, open, or on the way between; what orders do to it.
//!
//! Whatever takes long (a passphrase, the end of a commit) happens on other threads, so that the
//! next order, which may be to destroy everything, is heard at once.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Instant;

use kith_proto::secret::Said;
use tokio::sync::{oneshot, watch};

use super::locksmith::{Change, change_elsewhere, no, try_elsewhere};
use super::node::{Lasting, Running};
use super::open::{Opened, needs_passphrase};
use super::{Effort, RunError, Unlock, first_addresses};
use crate::control::shape::{self, Trouble};
use crate::control::{Ask, No, Order, Reply};
use crate::health;
use crate::home::Home;
use crate::shell::{Ended, Happened};

/// The holder of a home.
pub(super) struct Keeper {
    home: Home,
    lasting: Lasting,
    state: State,
    /// Whether nobody is there to answer the engine's questions.
    locked: watch::Sender<bool>,
    began: Instant,
    /// Dead when no other passphrase is being made.
    changing: Weak<()>,
}

enum State {
    /// Perhaps with friends' parcels, which are kept meanwhile.
    Locked(Option<Running>),
    /// A passphrase is tried and the store is read, elsewhere.
    Opening {
        opened: oneshot::Receiver<Result<Box<Opened>, RunError>>,
        reply: Reply,
        porter: Option<Running>,
    },
    /// It was right. Who kept the parcels finishes a commit.
    Relieving {
        porter: Running,
        opened: Box<Opened>,
        reply: Reply,
    },
    Open(Running),
    /// The engine finishes its commit.
    Locking {
        running: Running,
        reply: Reply,
    },
}

/// What came of waiting for [`Keeper::changed`].
pub(super) enum Changed {
    /// The passphrase was tried and the store was read.
    Opened(Result<Box<Opened>, RunError>),
    /// What ran in the home ended.
    Ended(Ended),
}

impl Keeper {
    /// Of a home that is open already.
    pub(super) fn open(home: Home, lasting: Lasting, running: Running) -> Self {
        Self::new(home, lasting, State::Open(running))
    }

    /// Of one that is locked, in which friends' parcels may be kept.
    pub(super) fn locked_up(home: Home, lasting: Lasting, porter: Option<Running>) -> Self {
        Self::new(home, lasting, State::Locked(porter))
    }

    fn new(home: Home, lasting: Lasting, state: State) -> Self {
        let (locked, _) = watch::channel(!matches!(state, State::Open(_)));
        Self {
            home,
            lasting,
            state,
            locked,
            began: Instant::now(),
            changing: Weak::new(),
        }
    }

    /// Of a home at whose lock a passphrase is being tried.
    #[cfg(test)]
    pub(super) fn trying(
        home: Home,
        lasting: Lasting,
        opened: oneshot::Receiver<Result<Box<Opened>, RunError>>,
    ) -> Self {
        let (reply, _) = oneshot::channel();
        let porter = None;
        let state = State::Opening {
            opened,
            reply,
            porter,
        };
        Self::new(home, lasting, state)
    }

    pub(super) fn locked(&self) -> watch::Receiver<bool> {
        self.locked.subscribe()
    }

    /// A question for the engine. A locked node drops it, and its asker looks at the lock.
    pub(super) fn ask(&self, ask: Ask) {
        if let State::Open(running) = &self.state {
            // Its end, which is near then, says why.
            let _ = running.inbox().send(Happened::Asked(ask));
        }
    }

    /// Waits until something under way is done; for ever if nothing is. May be dropped and called
    /// again.
    pub(super) async fn changed(&mut self) -> Changed {
        match &mut self.state {
            State::Locked(None) => std::future::pending().await,
            State::Opening { opened, .. } => {
                let broken = |_| Err(RunError::Io(std::io::ErrorKind::Other.into()));
                Changed::Opened(opened.await.unwrap_or_else(broken))
            }
            State::Locked(Some(running))
            | State::Relieving {
                porter: running, ..
            }
            | State::Open(running)
            | State::Locking { running, .. } => Changed::Ended(running.end().await),
        }
    }

    /// Takes what [`Self::changed`] brought; how the node ended, if that is what happened.
    pub(super) fn take(&mut self, changed: Changed) -> Option<Ended> {
        let state = std::mem::replace(&mut self.state, State::Locked(None));
        match (changed, state) {
            (Changed::Opened(opened), State::Opening { reply, porter, .. }) => {
                self.opened(opened, reply, porter);
                None
            }
            (
                Changed::Ended(Ended::Stopped),
                State::Relieving {
                    porter,
                    opened,
                    reply,
                },
            ) => {
                porter.join();
                self.start(opened, reply);
                None
            }
            (Changed::Ended(Ended::Stopped), State::Locking { running, reply }) => {
                running.join();
                self.state = State::Locked(self.porter());
                tracing::info!(target: "kith", "node is locked");
                let _ = reply.send(Ok(()));
                None
            }
            (Changed::Ended(ended), _) => Some(ended),
            // Nobody waits for it.
            (Changed::Opened(_), state) => {
                self.state = state;
                None
            }
        }
    }

    /// Who keeps friends' parcels while the home is locked. A locked home that cannot is locked all the
    /// same.
    fn porter(&self) -> Option<Running> {
        let porter = Running::porter(&self.home, self.lasting.clone());
        porter.unwrap_or_else(|_| {
            tracing::error!(target: "kith", "nothing is kept for friends while the node is locked");
            None
        })
    }

    fn opened(
        &mut self,
        opened: Result<Box<Opened>, RunError>,
        reply: Reply,
        porter: Option<Running>,
    ) {
        match (opened, porter) {
            (Ok(opened), Some(porter)) => {
                porter.stop();
                self.state = State::Relieving {
                    porter,
                    opened,
                    reply,
                };
            }
            (Ok(opened), None) => self.start(opened, reply),
            (Err(error), porter) => {
                self.state = State::Locked(porter);
                let _ = reply.send(Err(no(&error)));
            }
        }
    }

    fn start(&mut self, opened: Box<Opened>, reply: Reply) {
        let started = Running::start(opened, &self.home, self.lasting.clone());
        let (running, addresses) = match started {
            Ok(started) => started,
            Err(error) => {
                self.state = State::Locked(self.porter());
                let _ = reply.send(Err(no(&error)));
                return;
            }
        };
        self.state = State::Open(running);
        self.locked.send_replace(false);
        tracing::info!(target: "kith", "node is open");
        let listens = !self.lasting.net.listen.is_empty();
        tokio::spawn(async move {
            if listens {
                first_addresses(addresses).await;
            }
            let _ = reply.send(Ok(()));
        });
    }

    /// Carries out an order, but for those that end the node.
    pub(super) fn obey(&mut self, order: Order) {
        match order {
            Order::Lock { reply } => self.lock(reply),
            Order::Unlock { passphrase, reply } => self.unlock(passphrase, reply),
            Order::Passphrase {
                old,
                new,
                effort,
                reply,
            } => self.change(old, new, effort, reply),
            Order::Doctor { reply } => self.look(reply),
            Order::FindMeetings { reply } => match &self.state {
                // Without an answer the asker hears that the node cannot give one.
                State::Open(running) => {
                    drop(running.inbox().send(Happened::FindMeetings(reply)));
                }
                _ => drop(reply.send(Err(No::Locked))),
            },
            Order::Stop { .. } | Order::Wipe { .. } => {}
        }
    }

    fn lock(&mut self, reply: Reply) {
        // A slot that cannot be read (its stick was pulled) is no reason to stay open.
        let is_open = matches!(self.state, State::Open(_));
        if is_open && matches!(needs_passphrase(&self.home), Ok(false)) {
            let _ = reply.send(Err(No::NoPassphrase));
            return;
        }
        self.state = match std::mem::replace(&mut self.state, State::Locked(None)) {
            State::Open(running) => {
                self.locked.send_replace(true);
                running.stop();
                State::Locking { running, reply }
            }
            State::Locked(porter) => {
                let _ = reply.send(Ok(()));
                State::Locked(porter)
            }
            under_way => {
                let _ = reply.send(Err(No::Busy));
                under_way
            }
        };
    }

    fn unlock(&mut self, passphrase: Said, reply: Reply) {
        let answer = match &mut self.state {
            State::Locked(porter) => {
                match try_elsewhere(self.home.clone(), Unlock::Passphrase(passphrase)) {
                    Ok(opened) => {
                        let porter = porter.take();
                        return self.state = State::Opening {
                            opened,
                            reply,
                            porter,
                        };
                    }
                    Err(_) => Err(No::Trouble(Trouble::System)),
                }
            }
            State::Open(_) => Ok(()),
            State::Opening { .. } | State::Relieving { .. } | State::Locking { .. } => {
                Err(No::Busy)
            }
        };
        let _ = reply.send(answer);
    }

    fn change(&mut self, old: Option<Said>, new: Said, effort: Effort, reply: Reply) {
        let State::Open(running) = &self.state else {
            let _ = reply.send(Err(No::Locked));
            return;
        };
        if self.changing.strong_count() > 0 {
            let _ = reply.send(Err(No::Busy));
            return;
        }
        let change = Change { old, new, effort };
        let under_way = Arc::new(());
        self.changing = Arc::downgrade(&under_way);
        let engine = running.inbox().clone();
        let answer = move |outcome| {
            drop(under_way);
            let _ = reply.send(outcome);
        };
        // Without a thread the reply is dropped, and the asker hears that the node cannot answer.
        let _ = change_elsewhere(self.home.clone(), change, engine, answer);
    }

    fn look(&self, reply: oneshot::Sender<shape::Doctor>) {
        let (locked, began, home) = (*self.locked.borrow(), self.began, self.home.clone());
        let tor = *self.lasting.net.tor.borrow();
        // A disk that does not answer keeps nobody else waiting.
        tokio::task::spawn_blocking(move || {
            let _ = reply.send(shape::Doctor {
                locked,
                uptime_s: began.elapsed().as_secs(),
                addresses: None,
                kept: None,
                process: health::process(),
                home: health::home(&home),
                machine: health::machine(),
                tor,
            });
        });
    }

    /// Lets the engine finish its commit, if there is one; how it ended.
    pub(super) async fn end(mut self) -> Ended {
        match &mut self.state {
            // What a passphrase opens now is dropped where it was opened.
            State::Locked(Some(running))
            | State::Opening {
                porter: Some(running),
                ..
            }
            | State::Relieving {
                porter: running, ..
            }
            | State::Open(running)
            | State::Locking { running, .. } => {
                running.stop();
                running.end().await
            }
            State::Locked(None) | State::Opening { porter: None, .. } => Ended::Stopped,
        }
    }

    /// Counts what the home takes on the disk while no store does.
    pub(super) fn count_disk(&self) {
        let used = crate::store::bytes_below(self.home.data()).unwrap_or_default();
        self.lasting.disk_used.store(used, Ordering::Relaxed);
    }
}
