//! The local socket: JSON-RPC 2.0, one object a line, for the one person this node belongs to.
//!
//! A Unix socket that only its owner can open, whose other end must run as the same user, or, of a
//! service of the system, may be in its group; there is no TCP. What a client asks goes to the engine through [`Door`]; nothing is decided here. A
//! client that does not read is dropped, never buffered for. Second step of the road.

mod answer;
mod attend;
pub mod client;
mod convert;
pub mod params;
mod rpc;
pub mod shape;
mod socket;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kith_proto::engine::{Addr, Answer, Event, Refusal, Request};
use kith_proto::secret::Said;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::run::Effort;
use rpc::Fault;

pub use attend::serve;
pub use socket::{Group, listen};

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
    /// Look for meetings that others opened.
    FindMeetings {
        /// Where they are, after a few seconds.
        reply: oneshot::Sender<Result<Vec<Addr>, No>>,
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
    /// How far its onion service is.
    pub tor: watch::Receiver<shape::TorState>,
    /// Whether the socket is open to a group.
    pub to_group: bool,
}

impl Door {
    /// What the engine says; nothing if it says no, or is not there.
    pub(crate) async fn ask(&self, request: Request) -> Option<Answer> {
        answer::ask(self, request).await.ok()
    }

    /// Whether the engine answers, or is not there because the node is locked.
    pub(crate) async fn answers(&self) -> bool {
        let asked = answer::ask(self, Request::Status).await;
        !matches!(asked, Err(Fault::Ending))
    }

    fn shell(&self) -> shape::Shell {
        shape::Shell {
            disk: shape::Disk {
                used: self.disk_used.load(Ordering::Relaxed),
                max: self.disk_max,
            },
            tor: *self.tor.borrow(),
        }
    }
}
