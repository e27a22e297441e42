//! One friend's substream: frames out as the engine orders them, frames in as fast as the engine
//! deals with them. PROTOCOL §3 "Data".
//!
//! Lives in a task of its own; when it ends, the connection closes and the engine is told. Knows
//! no record and no key.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use kith_proto::engine::ConnId;
use kith_proto::limits::{
    CIRCUIT_SECONDS_MAX, CLOSE_SECONDS, FRAME_BYTES_MAX, FRAME_COST_BYTES, FRAME_CREDIT_BYTES,
    LINK_UNREAD_BYTES_MAX, ONION_PROBE_EVERY_SECONDS, SUBSTREAM_SECONDS,
};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::muxer::HangUp;
use super::wire::{Board, Credit, Wire, out_of_place};
use super::{News, Order};

/// `type u8 | len u32`, little-endian.
const FRAME_HEAD_BYTES: usize = 5;

/// Asks for a probe; the answer says whether the other end is alive.
pub(super) type Probes = mpsc::UnboundedSender<oneshot::Sender<bool>>;

/// Serves one link until either side ends it. Dropping `_hang_up` at the end closes the connection.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut wire: Wire,
    substream: oneshot::Receiver<S>,
    probes: Probes,
    _hang_up: HangUp,
) {
    let patience = Duration::from_secs(SUBSTREAM_SECONDS);
    let opened = tokio::select! {
        () = wire.close_ordered() => return,
        opened = timeout(patience, substream) => opened,
    };
    let Ok(Ok(stream)) = opened else { return };
    let (board, conn) = (wire.board().clone(), wire.conn());
    board.tell(News::Opened(conn));
    let (from, to) = stream.split();
    let (unseen, through) = (wire.is_unseen(), wire.is_through());
    tokio::select! {
        () = receive(from, &board, conn) => {}
        () = send(to, &mut wire, &probes) => {}
        () = silence(&probes), if unseen => {}
        // Whoever is in between ends it then, or holds two people where they are.
        () = sleep(Duration::from_secs(CIRCUIT_SECONDS_MAX)), if through => {}
    }
}

/// Asks now and then whether the other end is there; comes to an end when it is not.
async fn silence(probes: &Probes) {
    loop {
        sleep(Duration::from_secs(ONION_PROBE_EVERY_SECONDS)).await;
        let (answer, answered) = oneshot::channel();
        let _ = probes.send(answer);
        if !answered.await.unwrap_or(false) {
            return;
        }
    }
}

/// Reads frames until the stream ends or carries something that is no frame.
async fn receive(mut from: impl AsyncRead + Unpin, board: &Board, conn: ConnId) {
    let room = Arc::new(Semaphore::new(FRAME_CREDIT_BYTES));
    while let Some((kind, body, credit)) = frame(&mut from, &room).await {
        board.tell(News::Frame {
            conn,
            kind,
            body,
            credit,
        });
    }
}

async fn frame(
    from: &mut (impl AsyncRead + Unpin),
    room: &Arc<Semaphore>,
) -> Option<(u8, Vec<u8>, Credit)> {
    let mut head = [0; FRAME_HEAD_BYTES];
    from.read_exact(&mut head).await.ok()?;
    let [kind, length @ ..] = head;
    let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
    if kind == 0 || length > FRAME_BYTES_MAX {
        return None;
    }
    // Below twice `FRAME_BYTES_MAX`, so it fits. Nothing is read while the engine lags behind.
    let credit = Credit::take(room, (length + FRAME_COST_BYTES) as u32).await?;
    let mut body = vec![0; length];
    from.read_exact(&mut body).await.ok()?;
    Some((kind, body, credit))
}

/// Writes what the engine orders until it says close, or the friend leaves too much of it unread.
async fn send(mut to: impl AsyncWrite + Unpin, wire: &mut Wire, probes: &Probes) {
    let mut out = VecDeque::new();
    let mut unsent = false;
    let mut probing: Option<oneshot::Receiver<bool>> = None;
    loop {
        tokio::select! {
            biased;
            order = wire.order() => match order {
                Some(Order::Frame { kind, body, .. }) => unsent |= pack(kind, &body, &mut out),
                // One answer serves all who asked meanwhile.
                Some(Order::Probe(_)) if probing.is_some() => {}
                Some(Order::Probe(_)) => {
                    let (answer, answered) = oneshot::channel();
                    // Without anybody to ask the answer is dropped, and nobody is alive.
                    let _ = probes.send(answer);
                    probing = Some(answered);
                }
                Some(_) => out_of_place(),
                None => break,
            },
            () = std::future::ready(()), if out.len() > LINK_UNREAD_BYTES_MAX => return,
            pushed = push(&mut to, &mut out), if unsent => match pushed {
                Ok(()) => unsent = false,
                // The friend is gone; what they said before may still wait to be read.
                Err(_) => return wire.close_ordered().await,
            },
            alive = answer(&mut probing), if probing.is_some() => {
                probing = None;
                wire.board().tell(News::Probed { conn: wire.conn(), alive });
            }
        }
    }
    if unsent {
        let _ = timeout(Duration::from_secs(CLOSE_SECONDS), push(&mut to, &mut out)).await;
    }
}

/// Appends one frame; false, and nothing appended, if it is not one the other end would accept.
fn pack(kind: u8, body: &[u8], out: &mut VecDeque<u8>) -> bool {
    let length = match u32::try_from(body.len()) {
        Ok(length) if kind != 0 && body.len() <= FRAME_BYTES_MAX => length,
        _ => {
            out_of_place();
            return false;
        }
    };
    out.push_back(kind);
    out.extend(length.to_le_bytes());
    out.extend(body);
    true
}

/// Writes all of `out`. Loses and repeats nothing if it is cut short and called again.
async fn push(to: &mut (impl AsyncWrite + Unpin), out: &mut VecDeque<u8>) -> io::Result<()> {
    while !out.is_empty() {
        match to.write(out.as_slices().0).await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            n => drop(out.drain(..n)),
        }
    }
    to.flush().await
}

async fn answer(probing: &mut Option<oneshot::Receiver<bool>>) -> bool {
    match probing {
        Some(answered) => answered.await.unwrap_or(false),
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::Instant;
    use tokio_util::compat::TokioAsyncReadCompatExt;

    use super::*;

    /// A link being served, the friend's end of its substream, and what the engine hears.
    struct Served {
        board: Board,
        friend: DuplexStream,
        news: mpsc::UnboundedReceiver<News>,
        probed: mpsc::UnboundedReceiver<oneshot::Sender<bool>>,
        hung_up: oneshot::Receiver<()>,
    }

    const CONN: ConnId = ConnId(1);

    async fn served() -> Served {
        served_on(|_| {}).await
    }

    async fn served_on(goes: impl FnOnce(&mut Wire)) -> Served {
        let (tell, news) = mpsc::unbounded_channel();
        let board = Board::new(move |piece| drop(tell.send(piece)));
        let ((opened, substream), (probes, probed)) =
            (oneshot::channel(), mpsc::unbounded_channel());
        let ((hang_up, hung_up), (mine, friend)) = (oneshot::channel(), duplex(1000));
        let mut wire = board.connect(CONN);
        goes(&mut wire);
        tokio::spawn(serve(wire, substream, probes, hang_up));
        opened.send(mine.compat()).ok().unwrap();
        let mut served = Served {
            board,
            friend,
            news,
            probed,
            hung_up,
        };
        assert!(matches!(served.news.recv().await, Some(News::Opened(CONN))));
        served
    }

    fn raw(kind: u8, length: u32, body: &[u8]) -> Vec<u8> {
        [&[kind], &length.to_le_bytes()[..], body].concat()
    }

    #[tokio::test]
    async fn what_is_no_frame_ends_the_link() {
        let long = FRAME_BYTES_MAX as u32 + 1;
        for wrong in [raw(0, 1, b"x"), raw(2, long, b""), raw(2, u32::MAX, b"")] {
            let mut link = served().await;
            link.friend.write_all(&wrong).await.unwrap();
            assert!(matches!(link.news.recv().await, Some(News::Closed(CONN))));
            assert!(link.hung_up.await.is_err());
        }
    }

    #[tokio::test]
    async fn frames_go_both_ways_in_order() {
        let mut link = served().await;
        for n in 1..=9 {
            let body = vec![n; usize::from(n) * 100];
            link.board.pass(Order::Frame {
                conn: CONN,
                kind: n,
                body,
            });
        }
        let mut all = vec![0; (1..=9).map(|n| n * 100 + 5).sum()];
        link.friend.read_exact(&mut all).await.unwrap();
        link.friend.write_all(&all).await.unwrap();
        for n in 1..=9 {
            let Some(News::Frame { kind, body, .. }) = link.news.recv().await else {
                panic!("no frame");
            };
            assert_eq!((kind, body), (n, vec![n; usize::from(n) * 100]));
        }
    }

    #[tokio::test]
    async fn what_a_friend_could_not_accept_is_not_sent() {
        let mut link = served().await;
        for (kind, length) in [(0, 1), (2, FRAME_BYTES_MAX + 1), (2, FRAME_BYTES_MAX)] {
            let body = vec![1; length];
            link.board.pass(Order::Frame {
                conn: CONN,
                kind,
                body,
            });
        }
        let mut head = [0; 5];
        link.friend.read_exact(&mut head).await.unwrap();
        assert_eq!(head.to_vec(), raw(2, FRAME_BYTES_MAX as u32, b""));
    }

    #[tokio::test(start_paused = true)]
    async fn a_close_is_heeded_though_the_friend_does_not_read() {
        let mut link = served().await;
        let body = vec![1; FRAME_BYTES_MAX];
        link.board.pass(Order::Frame {
            conn: CONN,
            kind: 2,
            body,
        });
        link.board.pass(Order::Close(CONN));
        assert!(matches!(link.news.recv().await, Some(News::Closed(CONN))));
    }

    #[tokio::test]
    async fn a_friend_who_reads_nothing_loses_the_link() {
        let mut link = served().await;
        for _ in 0..=LINK_UNREAD_BYTES_MAX / FRAME_BYTES_MAX {
            assert!(link.news.try_recv().is_err());
            let body = vec![1; FRAME_BYTES_MAX];
            link.board.pass(Order::Frame {
                conn: CONN,
                kind: 2,
                body,
            });
        }
        assert!(matches!(link.news.recv().await, Some(News::Closed(CONN))));
        assert!(link.hung_up.await.is_err());
    }

    #[tokio::test]
    async fn one_probe_answers_all_who_ask_meanwhile() {
        let mut link = served().await;
        for alive in [true, false] {
            link.board.pass(Order::Probe(CONN));
            link.board.pass(Order::Probe(CONN));
            let answer = link.probed.recv().await.unwrap();
            // Any frame of ours that arrives shows that both orders were heard.
            link.board.pass(Order::Frame {
                conn: CONN,
                kind: 2,
                body: vec![],
            });
            link.friend.read_exact(&mut [0; 5]).await.unwrap();
            answer.send(alive).unwrap();
            let probed = link.news.recv().await;
            assert!(matches!(probed, Some(News::Probed { alive: a, .. }) if a == alive));
        }
        assert!(link.probed.try_recv().is_err());
        assert!(link.news.try_recv().is_err());
    }

    /// Whoever is in between passes on the handshake, and from then on nothing.
    #[tokio::test(start_paused = true)]
    async fn a_link_of_which_the_kernel_sees_nothing_ends_when_nobody_answers() {
        for goes in [Wire::goes_through, Wire::goes_unseen] {
            let mut link = served_on(goes).await;
            let began = Instant::now();
            link.probed.recv().await.unwrap().send(true).unwrap();
            link.probed.recv().await.unwrap().send(false).unwrap();
            assert!(matches!(link.news.recv().await, Some(News::Closed(CONN))));
            assert_eq!(began.elapsed().as_secs(), 2 * ONION_PROBE_EVERY_SECONDS);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_through_a_friend_ends_though_the_friend_does_not_end_it() {
        let mut link = served_on(Wire::goes_through).await;
        let began = Instant::now();
        let mut probed = link.probed;
        tokio::spawn(async move {
            while let Some(answer) = probed.recv().await {
                let _ = answer.send(true);
            }
        });
        assert!(matches!(link.news.recv().await, Some(News::Closed(CONN))));
        assert_eq!(began.elapsed().as_secs(), CIRCUIT_SECONDS_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_without_its_substream_ends() {
        let (tell, mut news) = mpsc::unbounded_channel();
        let board = Board::new(move |piece| drop(tell.send(piece)));
        let (opened, substream) = oneshot::channel::<tokio_util::compat::Compat<DuplexStream>>();
        let (probes, _probed) = mpsc::unbounded_channel();
        let (hang_up, hung_up) = oneshot::channel();
        tokio::spawn(serve(board.connect(CONN), substream, probes, hang_up));
        assert!(matches!(news.recv().await, Some(News::Closed(CONN))));
        assert!(hung_up.await.is_err());
        drop(opened);
    }
}
