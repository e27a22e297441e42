//! The links that circuits can go by, how many go by each, and from whom to whom: whoever opens one more
//! substream than a link bears would lose the link. PROTOCOL §5 "Circuit".

use std::collections::{HashMap, HashSet};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use kith_proto::engine::ConnId;
use kith_proto::limits::{CIRCUITS_PER_LINK_MAX, SUBSTREAM_SECONDS};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::Pipe;

/// Asks a link for one more substream.
pub(in crate::net) type Ask = oneshot::Sender<Pipe>;

/// All links that are no circuits themselves.
#[derive(Clone, Default)]
pub(in crate::net) struct Switchboard(Arc<Mutex<HashMap<ConnId, Line>>>);

struct Line {
    asks: mpsc::UnboundedSender<Ask>,
    /// That this side opened, or put through.
    circuits: usize,
    /// To whom the friend at the other end is put through.
    toward: HashSet<ConnId>,
}

impl Switchboard {
    /// A link is up; ends with the receiver.
    pub(in crate::net) fn enter(&self, conn: ConnId) -> mpsc::UnboundedReceiver<Ask> {
        let (asks, asked) = mpsc::unbounded_channel();
        let mut lines = self.lines();
        lines.retain(|_, line| !line.asks.is_closed());
        let line = Line {
            asks,
            circuits: 0,
            toward: HashSet::new(),
        };
        lines.insert(conn, line);
        asked
    }

    /// One more substream of a link, which has its place there as long as it is held.
    pub(in crate::net) async fn open(&self, link: ConnId) -> Option<Pipe> {
        let asks = self.lines().get(&link)?.asks.clone();
        let place = self.place(link, None)?;
        let (ask, opened) = oneshot::channel();
        asks.send(ask).ok()?;
        let patience = Duration::from_secs(SUBSTREAM_SECONDS);
        let pipe = timeout(patience, opened).await.ok()?.ok()?;
        Some(Box::new(Placed {
            pipe,
            _place: place,
        }))
    }

    /// A place for one more circuit by this link, as long as it is held; one alone toward each other link.
    pub(super) fn place(&self, link: ConnId, toward: Option<ConnId>) -> Option<Place> {
        let mut lines = self.lines();
        let line = lines.get_mut(&link)?;
        let full = line.circuits >= CIRCUITS_PER_LINK_MAX;
        if full || toward.is_some_and(|toward| !line.toward.insert(toward)) {
            return None;
        }
        line.circuits += 1;
        let of = self.clone();
        Some(Place { of, link, toward })
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<ConnId, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the circuits that a link bears.
pub(super) struct Place {
    of: Switchboard,
    link: ConnId,
    toward: Option<ConnId>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(line) = self.of.lines().get_mut(&self.link) {
            line.circuits = line.circuits.saturating_sub(1);
            if let Some(toward) = self.toward {
                line.toward.remove(&toward);
            }
        }
    }
}

/// A substream that keeps its place.
struct Placed {
    pipe: Pipe,
    _place: Place,
}

impl AsyncRead for Placed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_read(cx, to)
    }
}

impl AsyncWrite for Placed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(cx)
    }
}
