//! yamux under our own bounds: few substreams, a small window, and an end that the link decides.
//!
//! libp2p's wrapper offers no cap on the window. Driven by the Swarm, which polls it whenever
//! something moves. Knows no frame and no friend.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::{AsyncRead, AsyncWrite, FutureExt};
use kith_proto::limits::{CLOSE_SECONDS, MUXER_SPLIT_BYTES, MUXER_STREAMS_MAX, MUXER_WINDOW_BYTES};
use libp2p::core::StreamMuxer;
use libp2p::core::muxing::StreamMuxerEvent;
use tokio::sync::oneshot;
use tokio::time::{Sleep, sleep};
use yamux::{Config, Connection, Mode};

/// Held by whoever serves the link: dropping it closes the connection.
pub(super) type HangUp = oneshot::Sender<()>;

/// One connection's substreams.
pub(super) struct Muxer<S> {
    yamux: Connection<S>,
    /// Opened by the other end, not yet asked for by the Swarm.
    opened: VecDeque<yamux::Stream>,
    asking: Option<Waker>,
    hung_up: oneshot::Receiver<()>,
    /// Runs from the moment of hanging up: what was said may still leave, but not for ever.
    leaving: Option<Pin<Box<Sleep>>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Muxer<S> {
    pub(super) fn new(stream: S, dialled: bool, hung_up: oneshot::Receiver<()>) -> Self {
        let mode = if dialled { Mode::Client } else { Mode::Server };
        Self {
            yamux: Connection::new(stream, config(), mode),
            opened: VecDeque::new(),
            asking: None,
            hung_up,
            leaving: None,
        }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<yamux::Stream>> {
        self.yamux
            .poll_next_inbound(cx)
            .map(|next| next.unwrap_or(Err(yamux::ConnectionError::Closed)))
            .map_err(ended)
    }

    /// Whether the link hung up and its last words have left, or had their time.
    fn poll_leave(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.leaving.is_none() {
            std::task::ready!(self.hung_up.poll_unpin(cx)).ok();
        }
        let patience = Duration::from_secs(CLOSE_SECONDS);
        let leaving = self
            .leaving
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        if leaving.poll_unpin(cx).is_ready() {
            return Poll::Ready(());
        }
        self.yamux.poll_close(cx).map(|_| ())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> StreamMuxer for Muxer<S> {
    type Substream = yamux::Stream;
    type Error = io::Error;

    fn poll_inbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<yamux::Stream>> {
        if let Some(stream) = self.opened.pop_front() {
            return Poll::Ready(Ok(stream));
        }
        // `poll` is called whatever happens and finds the next one.
        self.asking = Some(cx.waker().clone());
        Poll::Pending
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<yamux::Stream>> {
        self.yamux.poll_new_outbound(cx).map_err(ended)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.yamux.poll_close(cx).map_err(ended)
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<StreamMuxerEvent>> {
        if self.poll_leave(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        if self.leaving.is_some() {
            return Poll::Pending;
        }
        // yamux itself refuses more than `MUXER_STREAMS_MAX` at a time, so this is no queue that grows.
        while let Poll::Ready(next) = self.poll_next(cx) {
            self.opened.push_back(next?);
            if let Some(asking) = self.asking.take() {
                asking.wake();
            }
        }
        Poll::Pending
    }
}

fn config() -> Config {
    let mut config = Config::default();
    config
        .set_max_num_streams(MUXER_STREAMS_MAX)
        .set_max_connection_receive_window(Some(MUXER_WINDOW_BYTES))
        .set_split_send_size(MUXER_SPLIT_BYTES);
    config
}

fn ended(_: yamux::ConnectionError) -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

#[cfg(test)]
mod tests {
    use futures::future::poll_fn;
    use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::timeout;
    use tokio_util::compat::TokioAsyncReadCompatExt;

    use super::*;

    const DATA: u8 = 0;
    const CREDIT: u8 = 1;
    const PING: u8 = 2;
    const SYN: u16 = 1;

    /// A frame of the muxer: `0 | kind | flags | stream | length`, big-endian.
    fn frame(kind: u8, flags: u16, stream: u32, length: u32) -> Vec<u8> {
        let (flags, stream) = (flags.to_be_bytes(), stream.to_be_bytes());
        let length = length.to_be_bytes();
        [&[0, kind][..], &flags, &stream, &length].concat()
    }

    /// A friend says this on a link. How the link fares, and how many substreams it made of it.
    async fn says(said: &[u8]) -> (bool, usize) {
        let (inside, mut outside): (DuplexStream, DuplexStream) = duplex(1 << 20);
        let (_hang_up, hung_up) = oneshot::channel();
        let mut muxer = Muxer::new(inside.compat(), false, hung_up);
        outside.write_all(said).await.unwrap();
        let drive = poll_fn(|cx| Pin::new(&mut muxer).poll(cx));
        let ended = timeout(Duration::from_secs(1), drive).await.is_ok();
        (ended, muxer.opened.len())
    }

    /// Attack 33: what once stopped muxers: a body with the first frame of a substream, credit beyond all
    /// windows, substreams without end.
    #[tokio::test(start_paused = true)]
    async fn whatever_a_friend_says_to_the_muxer_is_bounded_or_ends_the_link() {
        let open = |stream| frame(DATA, SYN, stream, 0);
        assert_eq!(says(&open(1)).await, (false, 1), "as an honest one begins");
        let (ended, made) = says(&frame(DATA, SYN, 1, u32::MAX)).await;
        assert!(ended && made <= 1, "a body of 4 GiB with the first frame");
        let credit = frame(CREDIT, 0, 1, u32::MAX).repeat(3);
        let (_, made) = says(&[open(1), credit].concat()).await;
        assert!(made <= 1, "credit beyond all windows");
        let gaps: Vec<u8> = (0..10_000).flat_map(|n| open(2 * n + 1)).collect();
        assert_eq!(says(&gaps).await.1, MUXER_STREAMS_MAX);
        for version in 1..=255 {
            let mut odd = open(1);
            odd[0] = version;
            assert_eq!(says(&odd).await, (true, 0), "version {version}");
        }
        for kind in 4..=255 {
            assert!(says(&frame(kind, 0, 0, 0)).await.0, "kind {kind}");
        }
        let pings = frame(PING, SYN, 0, 7).repeat(10_000);
        let (_, made) = says(&pings).await;
        assert_eq!(made, 0);
    }
}
