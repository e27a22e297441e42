//! A meeting's own door: a listener that exists only as long as the meeting gathers, and connections
//! that never knock. They are strangers' on purpose, so they are counted apart from everything else.
//!
//! Bytes go where the engine says, both ways at once: at a meeting both ends have much to say.
//! PROTOCOL §2c. Its beacon tells that there is a meeting and at which port, nothing of who.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kith_proto::engine::{Addr, ConnId};
use kith_proto::limits::{
    CLOSE_SECONDS, CONNECT_SECONDS, MEETING_BEACON_BYTES, MEETING_BEACON_MS, MEETING_CONNS_MAX,
    MEETING_CONNS_PER_HOST_MAX, MEETING_UNSENT_BYTES_MAX,
};
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, listen, socket_with, sockopt};
use tokio::io::{AsyncRead, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};

use super::door::Want;
use super::gate::keep_alive;
use super::wire::{Board, Wire, out_of_place};
use super::{News, Order};

/// What a meeting's beacon begins with; no other datagram of ours is as long.
const NAME: [u8; 8] = *b"kithmeet";

/// A meeting's number, by which one that is seen at two addresses is one.
pub(super) type Number = [u8; 8];

/// The open listener.
pub(super) struct Meeting {
    listener: TcpListener,
    port: u16,
    number: Number,
    beat: Interval,
    seats: Seats,
}

/// What comes next at an open listener.
pub(super) enum Turn {
    /// Somebody connected.
    Came(TcpStream, Seat),
    /// It is time for a beacon.
    Beat,
}

impl Meeting {
    /// Listens at a port that the system draws: on this machine alone if the node does so too, of IPv6 if
    /// it listens there; then of IPv4 at the same port.
    pub(super) fn open(listen: &[SocketAddr]) -> io::Result<Self> {
        let alone = listen.first().filter(|_| {
            let mut all = listen.iter();
            all.all(|addr| addr.ip().is_loopback())
        });
        let listener = match (alone, listen.iter().any(SocketAddr::is_ipv6)) {
            (Some(alone), _) => std::net::TcpListener::bind((alone.ip(), 0))?,
            (None, true) => both()?,
            (None, false) => std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))?,
        };
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let drawn = getrandom::u64().map_err(io::Error::other)?;
        let mut beat = interval(Duration::from_millis(MEETING_BEACON_MS));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self {
            listener: TcpListener::from_std(listener)?,
            port,
            number: drawn.to_le_bytes(),
            beat,
            seats: Seats::default(),
        })
    }

    /// Where the others find it, of these hosts of mine.
    pub(super) fn addrs(&self, hosts: Vec<Addr>) -> Vec<Addr> {
        hosts.into_iter().map(|host| host.at(self.port)).collect()
    }

    /// The same at each address and all the time: it says only that it goes on.
    pub(super) fn beacon(&self) -> Vec<u8> {
        let port = self.port.to_le_bytes();
        [NAME.as_slice(), &self.number, &port].concat()
    }

    /// Waits for the next guest or the next beacon. Who is one too many is closed without a word.
    pub(super) async fn next(&mut self) -> Turn {
        loop {
            tokio::select! {
                _ = self.beat.tick() => return Turn::Beat,
                came = self.listener.accept() => match came {
                    Ok((socket, from)) => if let Some(seat) = self.seats.take(from.ip()) {
                        return Turn::Came(socket, seat);
                    },
                    // Out of file descriptors: let some go before the next try.
                    Err(_) => sleep(Duration::from_millis(100)).await,
                }
            }
        }
    }
}

/// A listener that IPv4 leads to as well, whatever the system does by itself.
fn both() -> io::Result<std::net::TcpListener> {
    let flags = SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::INET6, SocketType::STREAM, flags, None)?;
    sockopt::set_ipv6_v6only(&socket, false)?;
    bind(&socket, &SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)))?;
    let waiting = i32::try_from(MEETING_CONNS_MAX).unwrap_or(i32::MAX);
    listen(&socket, waiting)?;
    Ok(socket.into())
}

/// Which meeting a datagram tells of, and where it is.
pub(super) fn told_of(from: Addr, bytes: &[u8]) -> Option<(Number, Addr)> {
    let bytes: &[u8; MEETING_BEACON_BYTES] = bytes.try_into().ok()?;
    let (name, rest) = bytes.split_first_chunk()?;
    let (number, port) = rest.split_first_chunk()?;
    let port = u16::from_le_bytes(port.try_into().ok()?);
    (*name == NAME && port != 0).then(|| (*number, from.at(port)))
}

/// The engine hears of somebody who came, and says what to do.
pub(super) fn welcome(board: &Board, socket: TcpStream, seat: Seat) {
    let conn = board.next_inbound();
    let wire = board.connect(conn);
    board.tell(News::Guest(conn));
    tokio::spawn(async move {
        let _seat = seat;
        talk(socket, wire).await
    });
}

/// Connects to a meeting that somebody opened; to none where the profile does not allow it.
pub(super) fn call(board: &Board, conn: ConnId, addr: Option<SocketAddr>) {
    let mut wire = board.connect(conn);
    let Some(addr) = addr else {
        return;
    };
    tokio::spawn(async move {
        let connecting = timeout(
            Duration::from_secs(CONNECT_SECONDS),
            TcpStream::connect(addr),
        );
        let socket = tokio::select! {
            () = wire.close_ordered() => None,
            socket = connecting => socket.ok()?.ok(),
        }?;
        wire.board().tell(News::Connected(conn));
        talk(socket, wire).await
    });
}

/// Reads what is asked for and writes what is given, until one side has enough.
async fn talk(mut socket: TcpStream, mut wire: Wire) -> Option<()> {
    let _ = socket.set_nodelay(true);
    // Without it a dead end is noticed late, nothing worse.
    let _ = keep_alive(&socket);
    let (mut from, mut to) = socket.split();
    let mut unsent: VecDeque<u8> = VecDeque::new();
    let mut want = None;
    loop {
        tokio::select! {
            biased;
            order = wire.order() => match order {
                Some(Order::Write { bytes, .. }) => {
                    unsent.extend(bytes);
                    (unsent.len() <= MEETING_UNSENT_BYTES_MAX).then_some(())?;
                }
                Some(Order::Read { bytes, within_ms, .. }) => want = Some(Want::new(bytes, within_ms)),
                Some(_) => out_of_place(),
                None => break,
            },
            written = to.write(unsent.as_slices().0), if !unsent.is_empty() => {
                drop(unsent.drain(..written.ok().filter(|n| *n > 0)?));
            }
            bytes = filled(&mut want, &mut from) => {
                let (conn, bytes) = (wire.conn(), bytes?);
                wire.board().tell(News::Bytes { conn, bytes });
            }
        }
    }
    // What was said before the end still leaves, if it can.
    let rest = to.write_all(unsent.make_contiguous());
    let rest = timeout(Duration::from_secs(CLOSE_SECONDS), rest).await;
    rest.ok()?.ok()
}

/// What was asked for, once it is here. Loses nothing if cut short.
async fn filled(want: &mut Option<Want>, from: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let Some(wanted) = want else {
        return std::future::pending().await;
    };
    wanted.fill(from, &mut 0).await?;
    want.take().map(Want::bytes)
}

/// Who is connected, by host.
#[derive(Clone, Default)]
struct Seats(Arc<Mutex<Vec<IpAddr>>>);

/// A place at the listener, free again when dropped.
pub(super) struct Seat {
    from: IpAddr,
    seats: Seats,
}

impl Seats {
    fn take(&self, from: IpAddr) -> Option<Seat> {
        let from = from.to_canonical();
        let mut taken = self.taken();
        let of_host = taken.iter().filter(|host| **host == from).count();
        let crowded = !from.is_loopback() && of_host >= MEETING_CONNS_PER_HOST_MAX;
        if crowded || taken.len() >= MEETING_CONNS_MAX {
            return None;
        }
        taken.push(from);
        let seats = self.clone();
        Some(Seat { from, seats })
    }

    fn taken(&self) -> MutexGuard<'_, Vec<IpAddr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(at) = taken.iter().position(|host| *host == self.from) {
            taken.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_meeting_that_is_open_to_ipv6_is_open_to_ipv4_at_the_same_port() {
        let everywhere = ["0.0.0.0:9", "[::]:9"].map(|addr| addr.parse().unwrap());
        // Where this machine knows no IPv6 the node does not listen there.
        let Ok(mut meeting) = Meeting::open(&everywhere) else {
            return;
        };
        for host in ["127.0.0.1", "::1"] {
            let ip: IpAddr = host.parse().unwrap();
            let call = TcpStream::connect((ip, meeting.port));
            let comes = async {
                loop {
                    if let Turn::Came(..) = meeting.next().await {
                        return;
                    }
                }
            };
            let (call, ()) = tokio::join!(call, comes);
            assert!(call.is_ok(), "{host}");
        }
    }

    #[test]
    fn one_host_or_many_take_no_more_seats_than_there_are() {
        let seats = Seats::default();
        let host = |n: u32| IpAddr::from(Ipv4Addr::from_bits(n));
        let mut one: Vec<_> = (0..20).filter_map(|_| seats.take(host(1))).collect();
        assert_eq!(one.len(), MEETING_CONNS_PER_HOST_MAX);
        one.pop();
        assert!(
            seats.take(host(1)).is_some(),
            "a seat that was left is free"
        );
        let many = (2..500).filter_map(|n| seats.take(host(n)));
        assert_eq!(
            many.collect::<Vec<_>>().len() + one.len(),
            MEETING_CONNS_MAX
        );
    }

    #[test]
    fn a_beacon_tells_of_one_meeting_and_nothing_else_is_one() {
        let from = Addr::V4([192, 168, 1, 7], 9);
        let beacon = [NAME.as_slice(), &[5; 8], &[0x20, 0x4e]].concat();
        assert_eq!(beacon.len(), MEETING_BEACON_BYTES);
        assert_eq!(told_of(from, &beacon), Some(([5; 8], from.at(20_000))));
        for cut in 0..beacon.len() {
            assert_eq!(told_of(from, &beacon[..cut]), None);
        }
        assert_eq!(told_of(from, &[beacon.as_slice(), &[0]].concat()), None);
        assert_eq!(told_of(from, &[[1; 8], [5; 8]].concat()), None);
        let port_0 = [NAME.as_slice(), &[5; 8], &[0, 0]].concat();
        assert_eq!(told_of(from, &port_0), None);
    }
}
