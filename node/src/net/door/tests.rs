//! What a stranger sees of a node: the same, whatever was wrong.

use std::net::Ipv4Addr;

use tokio::io::{DuplexStream, duplex};
use tokio::sync::mpsc;

use super::*;

const BUDGET: Budget = Budget {
    bytes: 8192,
    time: Duration::from_secs(33),
};
/// The moment a stranger is closed at, whatever was wrong; polling adds nothing to it.
const CLOSED_AT: Duration = BUDGET.time;

/// An engine that knows flights beginning with "known", and hangs up on them.
fn board() -> Board {
    let (news, mut inbox) = mpsc::unbounded_channel();
    let board = Board::new(move |piece| drop(news.send(piece)));
    let engine = board.clone();
    tokio::spawn(async move {
        while let Some(piece) = inbox.recv().await {
            match piece {
                News::Knock { bytes, reply, .. } => drop(reply.send(opinion(&bytes))),
                News::Flight { conn, bytes, .. } if bytes.starts_with(b"known, stay") => {
                    assert_eq!(conn.0 % 2, 0);
                }
                News::Flight { conn, .. } => engine.pass(Order::Close(conn)),
                _ => {}
            }
        }
    });
    board
}

fn opinion(bytes: &[u8]) -> Knock {
    match bytes.len() {
        KNOCK_BYTES if bytes.starts_with(b"known") => Knock::More(FLIGHT_BYTES),
        KNOCK_BYTES if bytes.starts_with(b"odd") => Knock::More(4000),
        FLIGHT_BYTES if !bytes.ends_with(b"!") => Knock::Known,
        _ => Knock::Stranger,
    }
}

/// What a stranger who writes `said` hears, and when it is closed.
async fn visit(porch: &Porch, board: &Board, said: &[u8]) -> (Vec<u8>, Duration) {
    let (inside, mut outside) = duplex(1 << 20);
    let (porch, board) = (porch.clone(), board.clone());
    let from = Ipv4Addr::new(192, 0, 2, 1).into();
    tokio::spawn(async move { porch.receive(inside, Some(from), &board).await.is_some() });
    let since = Instant::now();
    outside.write_all(said).await.unwrap();
    (hear(&mut outside).await, since.elapsed())
}

async fn hear(outside: &mut DuplexStream) -> Vec<u8> {
    let mut heard = Vec::new();
    let _ = outside.read_to_end(&mut heard).await;
    heard
}

fn flight(start: &[u8], end: &[u8]) -> Vec<u8> {
    let mut flight = vec![7; FLIGHT_BYTES];
    flight[..start.len()].copy_from_slice(start);
    flight[FLIGHT_BYTES - end.len()..].copy_from_slice(end);
    flight
}

/// One way of being wrong each.
fn wrongs() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("silence", vec![]),
        ("39 bytes", vec![7; 39]),
        ("multistream", b"\x13/multistream/1.0.0\n".to_vec()),
        ("junk", vec![7; 300]),
        ("find, and no more", flight(b"known", b"")[..200].to_vec()),
        ("bad tag", flight(b"known", b"!")),
        ("impossible length", flight(b"odd", b"")),
        ("replayed", flight(b"known", b"")),
        (
            "more than was asked",
            [flight(b"known", b""), vec![7; 600]].concat(),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn whatever_is_wrong_a_stranger_is_closed_at_the_same_moment_and_hears_nothing() {
    let (porch, board) = (Porch::new(BUDGET), board());
    for (wrong, said) in wrongs() {
        let (heard, closed) = visit(&porch, &board, &said).await;
        assert_eq!(heard, b"", "{wrong}");
        assert_eq!(closed.as_secs(), CLOSED_AT.as_secs(), "{wrong}");
    }
}

#[tokio::test(start_paused = true)]
async fn behind_tor_too_a_stranger_is_closed_at_the_same_moment_and_hears_nothing() {
    let board = board();
    // The shortest that can be drawn: silence may not outlast it.
    let time = Duration::from_secs(DISCARD_SECONDS_MIN);
    let porch = Porch::new(Budget { time, ..BUDGET }).behind_tor();
    let closed_at = time.as_secs() + ONION_PENDING_SECONDS - PENDING_SECONDS;
    for (wrong, said) in wrongs() {
        let (heard, closed) = visit(&porch, &board, &said).await;
        assert_eq!((heard, closed.as_secs()), (vec![], closed_at), "{wrong}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_through_tor_has_longer_for_a_tag() {
    let direct = Porch::new(BUDGET);
    for (porch, seconds, is_let_in) in [
        (direct.clone(), PENDING_SECONDS - 1, true),
        (direct.clone(), PENDING_SECONDS + 1, false),
        (direct.behind_tor(), ONION_PENDING_SECONDS - 1, true),
        (direct.behind_tor(), ONION_PENDING_SECONDS + 1, false),
    ] {
        let (heard, mut flights) = mpsc::unbounded_channel();
        let board = Board::new(move |piece| match piece {
            News::Knock { bytes, reply, .. } => drop(reply.send(opinion(&bytes))),
            piece => drop(heard.send(matches!(piece, News::Flight { .. }))),
        });
        let (inside, mut outside) = duplex(1 << 20);
        let from = Ipv4Addr::LOCALHOST.into();
        let visit =
            tokio::spawn(async move { porch.receive(inside, Some(from), &board).await.is_some() });
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        outside.write_all(&flight(b"known", b"")).await.unwrap();
        drop(outside);
        assert!(!visit.await.unwrap(), "nobody answers here");
        assert_eq!(
            flights.recv().await.unwrap_or(false),
            is_let_in,
            "{seconds}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_is_wrong_a_talkative_stranger_is_closed_at_the_same_byte() {
    let (porch, board) = (Porch::new(BUDGET), board());
    for (wrong, mut said) in wrongs() {
        if said.is_empty() || wrong.ends_with("no more") || wrong == "39 bytes" {
            continue; // these end when time does, or become another wrong
        }
        said.resize(BUDGET.bytes - 1, 7);
        let (_, closed) = visit(&porch, &board, &said).await;
        assert_eq!(
            closed.as_secs(),
            CLOSED_AT.as_secs(),
            "one byte less: {wrong}"
        );
        said.push(7);
        let (heard, closed) = visit(&porch, &board, &said).await;
        assert_eq!((heard, closed.as_secs()), (vec![], 0), "{wrong}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_evicted_stranger_looks_like_any_other() {
    let (porch, board) = (Porch::new(BUDGET), board());
    let crowd = (0..PENDING_PER_PREFIX_MAX * 3).map(|_| visit(&porch, &board, b"hm"));
    for (heard, closed) in futures::future::join_all(crowd).await {
        assert_eq!((heard, closed.as_secs()), (vec![], CLOSED_AT.as_secs()));
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_strangers_are_read_than_there_is_room_for() {
    let (porch, board) = (Porch::new(BUDGET), board());
    let crowd = (0..DISCARDING_MAX + 10).map(|_| visit(&porch, &board, &[7; 40]));
    let early = futures::future::join_all(crowd)
        .await
        .iter()
        .filter(|(_, closed)| *closed < CLOSED_AT)
        .count();
    assert_eq!(early, 10, "the oldest make room");
}

#[tokio::test(start_paused = true)]
async fn a_connection_the_engine_forgets_ends() {
    let (porch, board) = (Porch::new(BUDGET), board());
    let (_, closed) = visit(&porch, &board, &flight(b"known, stay", b"")).await;
    assert_eq!(closed.as_secs(), MUTE_SECONDS_MAX);
}

#[test]
fn a_budget_is_within_its_bounds() {
    for _ in 0..1000 {
        let budget = Budget::draw().unwrap();
        assert!((DISCARD_BYTES_MIN..=DISCARD_BYTES_MAX).contains(&budget.bytes));
        let seconds = DISCARD_SECONDS_MIN..=DISCARD_SECONDS_MAX;
        assert!(seconds.contains(&budget.time.as_secs()));
    }
}
