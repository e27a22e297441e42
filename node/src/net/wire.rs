//! The engine's end of a connection: orders come out of it, news go in, and its end is told once.
//!
//! A [`Wire`] moves with its connection, from the door to the link; wherever it is dropped, the
//! engine hears `Closed`. The [`Board`] knows which wire an order is for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kith_proto::engine::{ConnId, Knock};
use kith_proto::limits::KNOCKS_WAITING_MAX;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{News, Order};

/// Room in a queue that a piece of news takes as long as it lives.
pub struct Credit(#[allow(dead_code, reason = "held, then dropped")] OwnedSemaphorePermit);

impl Credit {
    /// Waits until `of` has room for `cost`. Nothing closes these semaphores: `None` never comes.
    pub(super) async fn take(of: &Arc<Semaphore>, cost: u32) -> Option<Self> {
        let permit = Arc::clone(of).acquire_many_owned(cost).await;
        permit.ok().map(Self)
    }
}

/// Where all wires end.
#[derive(Clone)]
pub(super) struct Board(Arc<Inner>);

struct Inner {
    tell: Box<dyn Fn(News) + Send + Sync>,
    lines: Mutex<HashMap<ConnId, mpsc::UnboundedSender<Order>>>,
    inbound: AtomicU64,
    knocks: Arc<Semaphore>,
}

impl Board {
    pub(super) fn new(news: impl Fn(News) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            tell: Box::new(news),
            lines: Mutex::default(),
            inbound: AtomicU64::new(2),
            knocks: Arc::new(Semaphore::new(KNOCKS_WAITING_MAX)),
        }))
    }

    pub(super) fn tell(&self, news: News) {
        (self.0.tell)(news);
    }

    /// A number for an inbound connection: even, never given twice.
    pub(super) fn next_inbound(&self) -> ConnId {
        ConnId(self.0.inbound.fetch_add(2, Ordering::Relaxed))
    }

    /// The engine's end of a connection that it will know from now on.
    pub(super) fn connect(&self, conn: ConnId) -> Wire {
        let (line, orders) = mpsc::unbounded_channel();
        self.lines().insert(conn, line);
        Wire {
            conn,
            unseen: false,
            through: false,
            orders,
            board: self.clone(),
        }
    }

    /// Passes an order on to its wire. Without one the connection is over, and was told so.
    pub(super) fn pass(&self, order: Order) {
        let Some(conn) = order.conn() else { return };
        if let Some(line) = self.lines().get(&conn) {
            let _ = line.send(order);
        }
    }

    /// Asks the engine about a stranger's first bytes, when it has dealt with earlier ones.
    pub(super) async fn knock(&self, conn: ConnId, bytes: Vec<u8>) -> Knock {
        let Some(credit) = Credit::take(&self.0.knocks, 1).await else {
            return Knock::Stranger;
        };
        let (reply, answer) = oneshot::channel();
        self.tell(News::Knock {
            conn,
            bytes,
            reply,
            credit,
        });
        answer.await.unwrap_or(Knock::Stranger)
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<ConnId, mpsc::UnboundedSender<Order>>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection, as the engine sees it.
pub(super) struct Wire {
    conn: ConnId,
    unseen: bool,
    through: bool,
    orders: mpsc::UnboundedReceiver<Order>,
    board: Board,
}

impl Wire {
    pub(super) fn conn(&self) -> ConnId {
        self.conn
    }

    /// The other end is behind Tor, or behind a friend: the kernel knows nothing of it.
    pub(super) fn goes_unseen(&mut self) {
        self.unseen = true;
    }

    pub(super) fn is_unseen(&self) -> bool {
        self.unseen
    }

    /// A friend is in between, who could hold on to it for ever.
    pub(super) fn goes_through(&mut self) {
        self.goes_unseen();
        self.through = true;
    }

    pub(super) fn is_through(&self) -> bool {
        self.through
    }

    pub(super) fn board(&self) -> &Board {
        &self.board
    }

    /// The next order; `None` is the same as `Close`.
    pub(super) async fn order(&mut self) -> Option<Order> {
        match self.orders.recv().await {
            Some(Order::Close(_)) | None => None,
            order => order,
        }
    }

    /// Waits for `Close`. There is nothing else to order while this waits.
    pub(super) async fn close_ordered(&mut self) {
        while self.order().await.is_some() {
            out_of_place();
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.board.lines().remove(&self.conn);
        self.board.tell(News::Closed(self.conn));
    }
}

/// The engine ordered what this moment of a connection does not know: an error of ours, harmless.
pub(super) fn out_of_place() {
    tracing::warn!(target: "kith", "an order came out of place");
}
