//! Circuits: substreams of a friend's link on which somebody else's mute connection runs. Who is in
//! between reads one frame and passes on bytes; at both ends it is a connection as any other, from its
//! first flight on. PROTOCOL §5 "Circuit".
//!
//! Bounded in number, bytes and time; whatever is wrong ends without a word.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kith_proto::engine::{ConnId, Toward};
use kith_proto::limits::{
    CIRCUIT_ASKS_PER_MINUTE_MAX, CIRCUIT_BYTES_MAX, CIRCUIT_SECONDS_MAX, CIRCUITS_PER_LINK_MAX,
    DOOR_STEP_MS, SUBSTREAM_SECONDS,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use super::News;
use super::wire::Board;

/// Anything that bytes go through both ways.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

/// A substream.
pub(super) type Pipe = Box<dyn Socket>;

/// Asks a link for one more substream.
pub(super) type Ask = oneshot::Sender<Pipe>;

/// `type u8 = 5 | len u32 = 16 | handle 16`
const FRAME_BYTES: usize = 21;
const HEAD: [u8; 5] = [5, 16, 0, 0, 0];

/// Whence a circuit comes that has no address: like those who come through Tor, nobody counts them by
/// their network.
pub(super) const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The links that circuits can go by, and how many go by each.
#[derive(Clone, Default)]
pub(super) struct Switchboard(Arc<Mutex<HashMap<ConnId, Line>>>);

struct Line {
    asks: mpsc::UnboundedSender<Ask>,
    circuits: usize,
}

impl Switchboard {
    /// A link is up; ends with the receiver.
    pub(super) fn enter(&self, conn: ConnId) -> mpsc::UnboundedReceiver<Ask> {
        let (asks, asked) = mpsc::unbounded_channel();
        let mut lines = self.lines();
        lines.retain(|_, line| !line.asks.is_closed());
        lines.insert(conn, Line { asks, circuits: 0 });
        asked
    }

    /// One more substream of a link.
    pub(super) async fn open(&self, link: ConnId) -> Option<Pipe> {
        let (ask, opened) = oneshot::channel();
        let asks = self.lines().get(&link)?.asks.clone();
        asks.send(ask).ok()?;
        let patience = Duration::from_secs(SUBSTREAM_SECONDS);
        timeout(patience, opened).await.ok()?.ok()
    }

    /// A place for one more circuit between two links, as long as it is held.
    fn place(&self, ends: [ConnId; 2]) -> Option<Place> {
        let mut lines = self.lines();
        let room = |conn: &ConnId| {
            let line = lines.get(conn);
            line.is_some_and(|line| line.circuits < CIRCUITS_PER_LINK_MAX)
        };
        if !ends.iter().all(room) {
            return None;
        }
        for conn in &ends {
            if let Some(line) = lines.get_mut(conn) {
                line.circuits += 1;
            }
        }
        let of = self.clone();
        Some(Place { of, ends })
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<ConnId, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Place {
    of: Switchboard,
    ends: [ConnId; 2],
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lines = self.of.lines();
        for conn in &self.ends {
            if let Some(line) = lines.get_mut(conn) {
                line.circuits = line.circuits.saturating_sub(1);
            }
        }
    }
}

/// How often a friend asked in this minute.
pub(super) struct Pace {
    since: Instant,
    asks: u32,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            asks: 0,
        }
    }

    /// Whether one more ask is looked at.
    pub(super) fn allows(&mut self) -> bool {
        if self.since.elapsed() >= Duration::from_secs(60) {
            *self = Self::new();
        }
        self.asks = self.asks.saturating_add(1);
        self.asks <= CIRCUIT_ASKS_PER_MINUTE_MAX
    }
}

/// Asks whoever is at the other end to put this substream through.
pub(super) async fn ask(way: &mut (impl AsyncWrite + Unpin), handle: [u8; 16]) -> io::Result<()> {
    let frame = [&HEAD[..], &handle].concat();
    way.write_all(&frame).await?;
    way.flush().await
}

/// A friend opened this substream on a link and asks to be put through. Gives it back if it is for me.
pub(super) async fn put_through(
    mut way: Pipe,
    from: ConnId,
    board: &Board,
    links: &Switchboard,
) -> Option<Pipe> {
    let patience = Duration::from_millis(DOOR_STEP_MS.into());
    let mut frame = [0; FRAME_BYTES];
    timeout(patience, way.read_exact(&mut frame))
        .await
        .ok()?
        .ok()?;
    let handle = <[u8; 16]>::try_from(frame.strip_prefix(&HEAD)?).ok()?;
    let (reply, toward) = oneshot::channel();
    board.tell(News::Circuit {
        conn: from,
        handle,
        reply,
    });
    let link = match toward.await.ok()? {
        Toward::Me => return Some(way),
        Toward::Link(link) => link,
        Toward::Nobody => return None,
    };
    let _place = links.place([from, link])?;
    let mut on = links.open(link).await?;
    ask(&mut on, handle).await.ok()?;
    let life = Duration::from_secs(CIRCUIT_SECONDS_MAX);
    let _ = timeout(life, splice(way, on)).await;
    None
}

/// Passes bytes on both ways until one side ends, or too many went through.
async fn splice(one: Pipe, other: Pipe) {
    let ((from_one, to_one), (from_other, to_other)) = (split(one), split(other));
    let left = AtomicU64::new(CIRCUIT_BYTES_MAX);
    tokio::select! {
        () = pass(from_one, to_other, &left) => {}
        () = pass(from_other, to_one, &left) => {}
    }
}

async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, left: &AtomicU64) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let spent = count as u64;
        let take = |left: u64| left.checked_sub(spent);
        let (order, read) = (Ordering::Relaxed, Ordering::Relaxed);
        if left.fetch_update(order, read, take).is_err() {
            return;
        }
        let passed = bytes.get(..count).unwrap_or_default();
        if to.write_all(passed).await.is_err() || to.flush().await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;
    use tokio::sync::mpsc::UnboundedReceiver;

    use super::*;

    const ANNE: ConnId = ConnId(2);
    const ZOE: ConnId = ConnId(4);
    const HANDLE: [u8; 16] = [7; 16];

    /// A node in between, with links to two friends. What it is told is answered as `toward` says; what it
    /// asks Zoé's link for is given to whoever takes it.
    struct Between {
        links: Switchboard,
        board: Board,
        zoe: UnboundedReceiver<Ask>,
        _anne: UnboundedReceiver<Ask>,
    }

    impl Between {
        fn new(toward: Toward) -> Self {
            let board = Board::new(move |news| {
                if let News::Circuit { handle, reply, .. } = news {
                    let known = if handle == HANDLE {
                        toward
                    } else {
                        Toward::Nobody
                    };
                    reply.send(known).unwrap();
                }
            });
            let links = Switchboard::default();
            let (anne, zoe) = (links.enter(ANNE), links.enter(ZOE));
            Self {
                links,
                board,
                zoe,
                _anne: anne,
            }
        }
    }

    /// Asks, and gives both ends: Anne's, and the one that comes to Zoé.
    async fn through(
        between: &mut Between,
    ) -> Option<(tokio::io::DuplexStream, tokio::io::DuplexStream)> {
        let (mut anne, inside) = duplex(4096);
        let (board, links) = (between.board.clone(), between.links.clone());
        let done = tokio::spawn(async move {
            put_through(Box::new(inside), ANNE, &board, &links)
                .await
                .is_none()
        });
        ask(&mut anne, HANDLE).await.unwrap();
        tokio::select! {
            asked = between.zoe.recv() => {
                let (mut zoe, outside) = duplex(4096);
                asked.unwrap().send(Box::new(outside)).ok().unwrap();
                let mut frame = [0; FRAME_BYTES];
                zoe.read_exact(&mut frame).await.unwrap();
                assert_eq!(frame[..5], HEAD);
                assert_eq!(frame[5..], HANDLE);
                Some((anne, zoe))
            }
            ended = done => {
                assert!(ended.unwrap());
                let mut said = Vec::new();
                anne.read_to_end(&mut said).await.unwrap();
                assert_eq!(said, b"", "nothing is said about it");
                None
            }
        }
    }

    #[tokio::test]
    async fn bytes_go_through_as_they_are_both_ways_until_one_side_ends() {
        let mut between = Between::new(Toward::Link(ZOE));
        let (mut anne, mut zoe) = through(&mut between).await.unwrap();
        let mut heard = [0; 5];
        anne.write_all(b"salut").await.unwrap();
        zoe.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"salut");
        zoe.write_all(b"ciao!").await.unwrap();
        anne.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"ciao!");
        drop(zoe);
        assert_eq!(anne.read(&mut heard).await.unwrap(), 0);
    }

    /// Attack 92: a handle that nobody registered.
    #[tokio::test]
    async fn an_unknown_handle_and_what_is_no_frame_are_closed_without_a_word() {
        let mut between = Between::new(Toward::Nobody);
        assert!(through(&mut between).await.is_none());
        for wrong in [
            &b"\x05\x11\0\0\0 17 bytes are there"[..],
            &[0; 21],
            &[255; 21],
        ] {
            let (mut anne, inside) = duplex(4096);
            anne.write_all(wrong).await.unwrap();
            let way = put_through(Box::new(inside), ANNE, &between.board, &between.links);
            assert!(way.await.is_none());
            let mut said = Vec::new();
            anne.read_to_end(&mut said).await.unwrap();
            assert_eq!(said, b"");
        }
    }

    #[tokio::test]
    async fn what_is_for_me_is_given_to_my_door() {
        let between = Between::new(Toward::Me);
        let (mut anne, inside) = duplex(4096);
        ask(&mut anne, HANDLE).await.unwrap();
        let way = put_through(Box::new(inside), ANNE, &between.board, &between.links).await;
        anne.write_all(b"flight").await.unwrap();
        let mut heard = [0; 6];
        way.unwrap().read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"flight");
    }

    /// Attack 92: over the limit.
    #[tokio::test]
    async fn a_friend_has_so_many_circuits_and_no_more() {
        let mut between = Between::new(Toward::Link(ZOE));
        let mut open = Vec::new();
        for _ in 0..CIRCUITS_PER_LINK_MAX {
            open.push(through(&mut between).await.unwrap());
        }
        assert!(through(&mut between).await.is_none());
        let (anne, mut zoe) = open.remove(0);
        drop(anne);
        assert_eq!(zoe.read(&mut [0; 1]).await.unwrap(), 0);
        // The place is free once its splice is over, which both ends have seen by now.
        tokio::task::yield_now().await;
        assert!(through(&mut between).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_friend_who_asks_without_end_is_not_looked_at() {
        let mut pace = Pace::new();
        let allowed = (0..10_000).filter(|_| pace.allows()).count();
        assert_eq!(allowed, CIRCUIT_ASKS_PER_MINUTE_MAX as usize);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(pace.allows());
    }

    /// Attack 92: too many bytes, too long.
    #[tokio::test(start_paused = true)]
    async fn a_circuit_ends_after_so_many_bytes_and_after_so_long() {
        let mut between = Between::new(Toward::Link(ZOE));
        let (mut anne, mut zoe) = through(&mut between).await.unwrap();
        let chunk = vec![0; 1 << 20];
        let mut heard = vec![0; 1 << 20];
        for _ in 0..CIRCUIT_BYTES_MAX >> 20 {
            let (said, read) = tokio::join!(anne.write_all(&chunk), zoe.read_exact(&mut heard));
            said.unwrap();
            read.unwrap();
        }
        anne.write_all(b"x").await.unwrap();
        assert_eq!(zoe.read(&mut heard).await.unwrap(), 0);
        let (_anne, mut zoe) = through(&mut between).await.unwrap();
        let began = Instant::now();
        assert_eq!(zoe.read(&mut heard).await.unwrap(), 0);
        assert_eq!(began.elapsed().as_secs(), CIRCUIT_SECONDS_MAX);
    }
}
