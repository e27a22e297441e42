//! Circuits: substreams of a friend's link on which somebody else's mute connection runs. Who is in
//! between reads one frame and passes on bytes; at both ends it is a connection as any other, from its
//! first flight on. PROTOCOL §5 "Circuit".
//!
//! Bounded in number, bytes and time; whatever is wrong ends without a word.

mod switchboard;

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kith_proto::engine::{ConnId, Toward};
use kith_proto::limits::{
    CIRCUIT_ASKS_PER_MINUTE_MAX, CIRCUIT_BYTES_MAX, CIRCUIT_FIRST_SECONDS, CIRCUIT_SECONDS_MAX,
    CIRCUIT_SILENCE_SECONDS, DOOR_STEP_MS,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

use super::News;
use super::wire::Board;

pub(super) use switchboard::{Ask, Switchboard};

/// Anything that bytes go through both ways.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

/// A substream.
pub(super) type Pipe = Box<dyn Socket>;

/// `type u8 = 5 | len u32 = 16 | handle 16`
const FRAME_BYTES: usize = 21;
const HEAD: [u8; 5] = [5, 16, 0, 0, 0];

const STEP: Duration = Duration::from_millis(DOOR_STEP_MS as u64);

/// Whence a circuit comes that has no address: like those who come through Tor, nobody counts them by
/// their network.
pub(super) const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

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
    let asked = async {
        way.write_all(&frame).await?;
        way.flush().await
    };
    timeout(STEP, asked).await?
}

/// A friend opened this substream on a link and asks to be put through. Gives it back if it is for me.
pub(super) async fn put_through(
    mut way: Pipe,
    from: ConnId,
    board: &Board,
    links: &Switchboard,
) -> Option<Pipe> {
    let mut frame = [0; FRAME_BYTES];
    timeout(STEP, way.read_exact(&mut frame)).await.ok()?.ok()?;
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
    let _place = links.place(from, Some(link))?;
    let mut on = links.open(link).await?;
    ask(&mut on, handle).await.ok()?;
    let life = Duration::from_secs(CIRCUIT_SECONDS_MAX);
    let _ = timeout(life, splice(way, on)).await;
    None
}

/// Passes bytes on both ways until one side ends or says nothing, or too many went through.
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
    let mut patience = Duration::from_secs(CIRCUIT_FIRST_SECONDS);
    while let Ok(Ok(count @ 1..)) = timeout(patience, from.read(&mut bytes)).await {
        patience = Duration::from_secs(CIRCUIT_SILENCE_SECONDS);
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
    use tokio::io::{DuplexStream, duplex};
    use tokio::sync::mpsc::UnboundedReceiver;

    use kith_proto::limits::CIRCUITS_PER_LINK_MAX;

    use super::*;

    const ANNE: ConnId = ConnId(2);
    const ZOE: ConnId = ConnId(4);
    const LEO: ConnId = ConnId(6);
    const HANDLE: [u8; 16] = [7; 16];

    /// A node in between, with links to two friends. What it is told is answered as `toward` says; what it
    /// asks Zoé's link for is given to whoever takes it.
    struct Between {
        links: Switchboard,
        board: Board,
        zoe: UnboundedReceiver<Ask>,
        _others: [UnboundedReceiver<Ask>; 2],
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
            let (zoe, _others) = (links.enter(ZOE), [ANNE, LEO].map(|conn| links.enter(conn)));
            Self {
                links,
                board,
                zoe,
                _others,
            }
        }
    }

    /// Asks, and gives both ends: Anne's, and the one that comes to Zoé.
    async fn through(between: &mut Between) -> Option<(DuplexStream, DuplexStream)> {
        through_of(between, ANNE).await
    }

    async fn through_of(
        between: &mut Between,
        asker: ConnId,
    ) -> Option<(DuplexStream, DuplexStream)> {
        let (mut anne, inside) = duplex(4096);
        let (board, links) = (between.board.clone(), between.links.clone());
        let done = tokio::spawn(async move {
            put_through(Box::new(inside), asker, &board, &links)
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
    async fn a_friend_has_one_circuit_to_another_and_leaves_room_for_a_second_asker() {
        let mut between = Between::new(Toward::Link(ZOE));
        let (anne, mut zoe) = through(&mut between).await.unwrap();
        assert!(through(&mut between).await.is_none(), "one of them");
        let (_leo, _zoe) = through_of(&mut between, LEO).await.unwrap();
        drop(anne);
        assert_eq!(zoe.read(&mut [0; 1]).await.unwrap(), 0);
        // The place is free once its splice is over, which both ends have seen by now.
        tokio::task::yield_now().await;
        assert!(through(&mut between).await.is_some());
    }

    /// What one's own asks fill is not left to the muxer, which would end the link.
    #[tokio::test]
    async fn nobody_asks_one_link_for_more_circuits_than_it_bears() {
        let mut between = Between::new(Toward::Nobody);
        let mut open = Vec::new();
        for _ in 0..CIRCUITS_PER_LINK_MAX {
            let (inside, outside) = duplex(64);
            let asked = async {
                let ask = between.zoe.recv().await.unwrap();
                ask.send(Box::new(inside)).ok().unwrap();
            };
            let (pipe, ()) = tokio::join!(between.links.open(ZOE), asked);
            open.push((pipe.unwrap(), outside));
        }
        assert!(between.links.open(ZOE).await.is_none());
        assert!(between.zoe.try_recv().is_err(), "nobody was asked");
        open.pop();
        let leaves = timeout(STEP, between.zoe.recv());
        let (pipe, asked) = tokio::join!(between.links.open(ZOE), leaves);
        assert!(
            pipe.is_none() && asked.is_ok(),
            "room again, and refused by the link"
        );
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
        let (mut anne, mut zoe) = through(&mut between).await.unwrap();
        let began = Instant::now();
        while zoe.write_all(b"there?").await.is_ok() && anne.write_all(b"yes").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(CIRCUIT_SILENCE_SECONDS / 2)).await;
        }
        let lasted = began.elapsed().as_secs();
        assert!(
            (CIRCUIT_SECONDS_MAX..CIRCUIT_SECONDS_MAX + CIRCUIT_SILENCE_SECONDS).contains(&lasted)
        );
    }

    /// Attack 92: places held for nothing.
    #[tokio::test(start_paused = true)]
    async fn a_circuit_on_which_one_side_says_nothing_is_soon_over() {
        for speak in 0..3 {
            let mut between = Between::new(Toward::Link(ZOE));
            let (mut anne, mut zoe) = through(&mut between).await.unwrap();
            let began = Instant::now();
            if speak > 0 {
                anne.write_all(b"there?").await.unwrap();
            }
            if speak > 1 {
                zoe.write_all(b"yes").await.unwrap();
            }
            let mut heard = Vec::new();
            zoe.read_to_end(&mut heard).await.unwrap();
            let least = match speak {
                0 | 1 => CIRCUIT_FIRST_SECONDS,
                _ => CIRCUIT_SILENCE_SECONDS,
            };
            assert_eq!(began.elapsed().as_secs(), least);
        }
    }
}
