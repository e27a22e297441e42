//! Two networks in one process, on loopback, between engines that follow a script.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use kith_proto::engine::{Addr, Knock};
use kith_proto::limits::{
    DISCARD_BYTES_MAX, FLIGHT_BYTES, FRAME_BYTES_MAX, LINK_UNREAD_BYTES_MAX, PENDING_MAX,
};
use kith_proto::link::Records;
use kith_proto::link::testing::linked;

use super::*;

/// Far beyond what anything here takes: reached only by a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A network and what it says; it lets in flights that begin with "friend".
struct Engine {
    net: Net,
    news: Receiver<News>,
    port: u16,
}

fn at(addr: SocketAddr) -> Setup {
    Setup {
        listen: vec![addr],
        ..Setup::default()
    }
}

fn engine() -> Engine {
    let (tell, news) = channel();
    let net = start(at("127.0.0.1:0".parse().unwrap()), move |piece| {
        match piece {
            News::Knock { bytes, reply, .. } => drop(reply.send(opinion(&bytes))),
            piece => drop(tell.send(piece)),
        };
    })
    .ok()
    .unwrap();
    let Ok(News::Listening(addrs)) = news.recv_timeout(PATIENCE) else {
        panic!("it tells where it listens");
    };
    let [Addr::V4([127, 0, 0, 1], port)] = addrs[..] else {
        panic!("on loopback alone");
    };
    Engine { net, news, port }
}

fn opinion(bytes: &[u8]) -> Knock {
    match bytes.len() {
        _ if !bytes.starts_with(b"friend") => Knock::Stranger,
        FLIGHT_BYTES => Knock::Known,
        _ => Knock::More(FLIGHT_BYTES),
    }
}

fn flight() -> Vec<u8> {
    let mut flight = vec![7; FLIGHT_BYTES];
    flight[..6].copy_from_slice(b"friend");
    flight
}

impl Engine {
    fn next(&self) -> News {
        self.news.recv_timeout(PATIENCE).unwrap()
    }

    fn dial(&self, conn: ConnId, port: u16) {
        self.net.order(Order::Dial {
            conn,
            handle: Handle([9; 32]),
            addr: Addr::V4([127, 0, 0, 1], port),
        });
    }

    fn link(&self, conn: ConnId, records: Records) {
        self.net.order(Order::Link {
            conn,
            handle: Handle([9; 32]),
            records: Box::new(records),
        });
    }

    fn write(&self, conn: ConnId, bytes: Vec<u8>) {
        self.net.order(Order::Write { conn, bytes });
    }

    fn read(&self, conn: ConnId, bytes: usize) {
        let within_ms = 30_000;
        self.net.order(Order::Read {
            conn,
            bytes,
            within_ms,
        });
    }

    fn frame(&self, conn: ConnId, kind: u8, body: Vec<u8>) {
        self.net.order(Order::Frame { conn, kind, body });
    }

    fn flight(&self) -> ConnId {
        match self.next() {
            News::Flight { conn, bytes, .. } if bytes == flight() && conn.0 % 2 == 0 => conn,
            _ => panic!("no flight"),
        }
    }

    fn closed(&self, of: ConnId) {
        assert!(matches!(self.next(), News::Closed(conn) if conn == of));
    }

    fn opened(&self, of: ConnId) {
        assert!(matches!(self.next(), News::Opened(conn) if conn == of));
    }

    fn socket(&self) -> TcpStream {
        let socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket
    }
}

const DIALLED: ConnId = ConnId(1);

/// A dials B; both shake hands by the script; the link is open at both ends.
fn friends() -> (Engine, Engine, ConnId) {
    let (a, b) = (engine(), engine());
    let (i, r) = linked();
    a.dial(DIALLED, b.port);
    assert!(matches!(a.next(), News::Connected(DIALLED)));
    a.write(DIALLED, flight());
    a.read(DIALLED, FLIGHT_BYTES);
    let accepted = b.flight();
    b.write(accepted, vec![8; FLIGHT_BYTES]);
    b.link(accepted, r);
    assert!(matches!(a.next(), News::Bytes { bytes, .. } if bytes == [8; FLIGHT_BYTES]));
    a.link(DIALLED, i);
    a.opened(DIALLED);
    b.opened(accepted);
    (a, b, accepted)
}

fn hear(socket: &mut TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    // A reset is as good an end as any; a timeout is none.
    if let Err(error) = socket.read_to_end(&mut heard) {
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }
    heard
}

#[test]
fn frames_of_every_size_go_both_ways_in_order() {
    let (a, b, accepted) = friends();
    let sizes = [0, 1, 2048, 8192, 65_536, FRAME_BYTES_MAX];
    for (n, size) in (1..).zip(sizes) {
        a.frame(DIALLED, n, vec![n; size]);
        b.frame(accepted, n, vec![n; size]);
    }
    for (n, size) in (1..).zip(sizes) {
        for engine in [&a, &b] {
            let News::Frame { kind, body, .. } = engine.next() else {
                panic!("no frame");
            };
            assert!(kind == n && body == vec![n; size]);
        }
    }
}

#[test]
fn what_was_said_before_a_close_arrives_and_the_end_is_told_once() {
    let (a, b, accepted) = friends();
    for _ in 0..20 {
        a.frame(DIALLED, 2, vec![1; 8192]);
    }
    a.net.order(Order::Close(DIALLED));
    a.closed(DIALLED);
    for _ in 0..20 {
        assert!(matches!(b.next(), News::Frame { kind: 2, .. }));
    }
    b.closed(accepted);
    for engine in [a, b] {
        drop(engine.net);
        assert!(engine.news.recv().is_err(), "nothing is told afterwards");
    }
}

#[test]
fn a_live_link_answers_a_probe_from_either_end() {
    let (a, b, accepted) = friends();
    for (engine, conn) in [(&a, DIALLED), (&b, accepted), (&a, DIALLED)] {
        engine.net.order(Order::Probe(conn));
        assert!(matches!(engine.next(), News::Probed { conn: c, alive: true } if c == conn));
    }
}

#[test]
fn a_friend_who_floods_is_not_read_while_the_engine_lags() {
    let (a, b, _) = friends();
    let frames = LINK_UNREAD_BYTES_MAX / FRAME_BYTES_MAX - 1;
    for _ in 0..frames {
        a.frame(DIALLED, 2, vec![1; FRAME_BYTES_MAX]);
    }
    let unhandled = [b.next(), b.next()];
    // The other end answers a probe, so it is awake, and yet it reads on no further.
    a.net.order(Order::Probe(DIALLED));
    assert!(matches!(a.next(), News::Probed { alive: true, .. }));
    assert!(b.news.try_recv().is_err());
    drop(unhandled);
    for _ in 2..frames {
        assert!(matches!(b.next(), News::Frame { .. }));
    }
}

#[test]
fn two_links_between_the_same_two_live_beside_each_other() {
    let (a, b, first) = friends();
    let (i, r) = linked();
    let again = ConnId(3);
    a.dial(again, b.port);
    assert!(matches!(a.next(), News::Connected(_)));
    a.write(again, flight());
    let second = b.flight();
    b.link(second, r);
    a.link(again, i);
    a.opened(again);
    b.opened(second);
    a.net.order(Order::Close(DIALLED));
    a.closed(DIALLED);
    b.closed(first);
    b.frame(second, 2, b"still here".to_vec());
    assert!(matches!(a.next(), News::Frame { conn, .. } if conn == again));
}

#[test]
fn an_invitation_ends_inside_the_door() {
    let (a, b) = (engine(), engine());
    a.dial(DIALLED, b.port);
    assert!(matches!(a.next(), News::Connected(DIALLED)));
    a.read(DIALLED, 3);
    a.write(DIALLED, flight());
    let accepted = b.flight();
    b.write(accepted, b"yes, and".to_vec());
    assert!(matches!(a.next(), News::Bytes { bytes, .. } if bytes == b"yes"));
    b.read(accepted, 1);
    a.net.order(Order::Close(DIALLED));
    a.closed(DIALLED);
    b.closed(accepted);
}

#[test]
fn what_cannot_be_dialled_is_closed_at_once() {
    let a = engine();
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = unused.local_addr().unwrap().port();
    drop(unused);
    a.dial(DIALLED, port);
    a.closed(DIALLED);
    for (conn, addr) in [
        (ConnId(3), Addr::V4([127, 0, 0, 1], 0)),
        (ConnId(5), Addr::V4([0; 4], 9)),
        (ConnId(7), Addr::Onion([1; 32], 9)),
    ] {
        let handle = Handle([9; 32]);
        a.net.order(Order::Dial { conn, handle, addr });
        a.closed(conn);
    }
    drop(a.net);
    assert!(a.news.recv().is_err());
}

#[test]
fn a_stranger_hears_nothing_whatever_it_says() {
    let b = engine();
    let hello = b"\x13/multistream/1.0.0\n\x07/noise\n".to_vec();
    let http = b"GET / HTTP/1.1\r\n\r\n".to_vec();
    for said in [hello, http, vec![7; 300], vec![7; 39], vec![]] {
        let mut half = b.socket();
        half.write_all(&said).unwrap();
        half.shutdown(Shutdown::Write).unwrap();
        assert_eq!(hear(&mut half), b"");
        let mut whole = b.socket();
        let _ = whole.write_all(&[said, vec![7; DISCARD_BYTES_MAX]].concat());
        assert_eq!(hear(&mut whole), b"");
    }
    drop(b.net);
    assert!(b.news.recv().is_err(), "the engine knows of none of them");
}

#[test]
fn a_replayed_flight_hears_nothing_though_its_tag_is_valid() {
    let b = engine();
    let mut replay = b.socket();
    replay.write_all(&flight()).unwrap();
    let conn = b.flight();
    b.net.order(Order::Close(conn));
    b.closed(conn);
    let _ = replay.write_all(&[7; DISCARD_BYTES_MAX]);
    assert_eq!(hear(&mut replay), b"");
}

#[test]
fn nothing_but_the_answer_is_said_to_whoever_sends_no_first_record() {
    let b = engine();
    let mut knows_the_hint = b.socket();
    knows_the_hint.write_all(&flight()).unwrap();
    let conn = b.flight();
    b.write(conn, vec![8; FLIGHT_BYTES]);
    b.link(conn, linked().1);
    let mut answer = [0; FLIGHT_BYTES];
    knows_the_hint.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [8; FLIGHT_BYTES]);
    let _ = knows_the_hint.write_all(&[7; 2 * 16_384]);
    assert_eq!(hear(&mut knows_the_hint), b"");
    b.closed(conn);
}

#[test]
fn silent_sockets_do_not_keep_a_friend_out() {
    let b = engine();
    let silent: Vec<_> = (0..300).map(|_| b.socket()).collect();
    assert!(silent.len() > 2 * PENDING_MAX);
    let mut friend = b.socket();
    friend.write_all(&flight()).unwrap();
    b.flight();
}

#[test]
fn a_port_in_use_is_not_shared() {
    let b = engine();
    let addr = SocketAddr::from(([127, 0, 0, 1], b.port));
    assert_eq!(
        start(at(addr), |_| ()).err(),
        Some(CannotListen::Taken(addr))
    );
    let elsewhere = "192.0.2.1:0".parse().unwrap();
    let not_here = start(at(elsewhere), |_| ()).err();
    assert_eq!(not_here, Some(CannotListen::NotHere(elsewhere)));
}

#[test]
fn guests_of_a_meeting_never_knock_and_stay_when_its_door_closes() {
    let engine = engine();
    engine.net.order(Order::OpenMeeting);
    let News::MeetingOpen(addrs) = engine.next() else {
        panic!("it says where it is");
    };
    let [Addr::V4([127, 0, 0, 1], port)] = addrs[..] else {
        panic!("on loopback alone, as the node");
    };
    assert_ne!(port, engine.port, "a door of its own");
    let mut guest = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // What begins a knock at the friends' door is nothing here.
    guest.write_all(b"friend").unwrap();
    let News::Guest(conn) = engine.next() else {
        panic!("nothing was read of them");
    };
    let (bytes, within_ms) = (6, 60_000);
    engine.net.order(Order::Read {
        conn,
        bytes,
        within_ms,
    });
    assert!(matches!(engine.next(), News::Bytes { bytes, .. } if bytes == b"friend"));
    engine.net.order(Order::CloseMeeting);
    engine.write(conn, b"salut".to_vec());
    let mut heard = [0; 5];
    guest.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"salut");
    engine.net.order(Order::Close(conn));
    assert!(matches!(engine.next(), News::Closed(c) if c == conn));
    assert_eq!(guest.read(&mut heard).unwrap(), 0);
    assert!(
        TcpStream::connect(("127.0.0.1", port)).is_err(),
        "it is closed"
    );
}

#[test]
fn a_meeting_is_called_past_the_door_of_friends() {
    let (host, guest) = (engine(), engine());
    host.net.order(Order::OpenMeeting);
    let News::MeetingOpen(addrs) = host.next() else {
        panic!("it says where it is");
    };
    guest.net.order(Order::Dial {
        conn: ConnId(1),
        handle: NOBODY,
        addr: addrs[0],
    });
    assert!(matches!(guest.next(), News::Connected(ConnId(1))));
    let News::Guest(conn) = host.next() else {
        panic!("somebody came");
    };
    // More than the sockets hold, both ways at once: neither waits for the other to read first.
    let much = 900 * 1024;
    for (engine, conn) in [(&host, conn), (&guest, ConnId(1))] {
        engine.write(conn, vec![5; much]);
    }
    for (engine, conn) in [(&host, conn), (&guest, ConnId(1))] {
        let (bytes, within_ms) = (much, 60_000);
        engine.net.order(Order::Read {
            conn,
            bytes,
            within_ms,
        });
    }
    for engine in [&host, &guest] {
        assert!(matches!(engine.next(), News::Bytes { bytes, .. } if bytes.len() == much));
    }
}
