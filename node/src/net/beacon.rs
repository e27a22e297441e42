//! Beacons as UDP multicast: sent to all who are on the same network, heard only as long as the engine
//! wants it. Nothing that comes in is answered, and only so much of it is read in a second.
//!
//! Knows addresses, no friend and no key: what a beacon says the engine knows. PROTOCOL §3 "Beacons".

use std::collections::HashMap;
use std::future::pending;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::time::Duration;

use kith_proto::engine::Addr;
use kith_proto::limits::{
    BEACON_BYTES, BEACONS_PER_HOST_MAX, BEACONS_PER_SECOND_MAX, DATAGRAMS_PER_SECOND_MAX,
};
use rustix::net::{AddressFamily, SocketType, bind, socket, sockopt};
use tokio::time::{Instant, sleep_until};

/// Where beacons go: a group that no router carries on, and a port that systems lend to nobody.
const GROUP: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(239, 255, 75, 105), 24_617);

/// What is heard, and from where it may be said.
pub(super) struct Beacons {
    near: Vec<Addr>,
    hears: bool,
    /// Of the group, on the network of each address; while the engine wants it.
    ear: Option<tokio::net::UdpSocket>,
    patience: Patience,
}

impl Default for Beacons {
    fn default() -> Self {
        Self {
            near: Vec::new(),
            hears: false,
            ear: None,
            patience: Patience::new(Instant::now()),
        }
    }
}

impl Beacons {
    /// The addresses that have neighbours are these now; gives them back if that is news.
    pub(super) fn moved(&mut self, near: Vec<Addr>) -> Option<Vec<Addr>> {
        (near != self.near).then(|| self.near = near)?;
        self.listen();
        Some(self.near.clone())
    }

    /// Joins the group, or leaves it.
    pub(super) fn hear(&mut self, hears: bool) {
        self.hears = hears;
        self.listen();
    }

    /// Without an ear nothing is heard: a beacon of ours may still be.
    fn listen(&mut self) {
        self.ear = None;
        if self.hears {
            let hosts: Vec<_> = self.near.iter().filter_map(host).collect();
            self.ear = ear(&hosts).ok();
        }
        if self.hears && self.ear.is_none() {
            tracing::debug!(target: "kith", "cannot listen for beacons");
        }
    }

    /// The next datagram that is as long as a beacon. Nothing is lost if this is cut short.
    pub(super) async fn next(&mut self) -> (Addr, Vec<u8>) {
        // One byte more, which tells that it is longer.
        let mut bytes = [0; BEACON_BYTES + 1];
        loop {
            let Some(ear) = &self.ear else {
                return pending().await;
            };
            if let Some(until) = self.patience.over(Instant::now()) {
                sleep_until(until).await;
                continue;
            }
            let came = ear.recv_from(&mut bytes).await;
            let from = came.as_ref().ok().map(|(_, from)| from.ip());
            let length = came.map_or(0, |(length, _)| length);
            let is_taken = self.patience.takes(from, length == BEACON_BYTES);
            if let (true, Some(IpAddr::V4(from))) = (is_taken, from) {
                let bytes = bytes.get(..length).unwrap_or_default().to_vec();
                return (Addr::V4(from.octets(), 0), bytes);
            }
        }
    }
}

fn host(addr: &Addr) -> Option<Ipv4Addr> {
    match addr {
        Addr::V4(host, _) => Some(Ipv4Addr::from(*host)),
        Addr::V6(..) | Addr::Onion(..) => None,
    }
}

/// A socket that hears the group alone, on the networks of these addresses; others on this machine
/// may hear it too.
fn ear(hosts: &[Ipv4Addr]) -> io::Result<tokio::net::UdpSocket> {
    let ear = socket(AddressFamily::INET, SocketType::DGRAM, None)?;
    sockopt::set_socket_reuseaddr(&ear, true)?;
    #[cfg(not(target_os = "linux"))]
    sockopt::set_socket_reuseport(&ear, true)?;
    bind(&ear, &SocketAddr::from(GROUP))?;
    let ear = UdpSocket::from(ear);
    ear.set_nonblocking(true)?;
    let joined = hosts
        .iter()
        .map(|host| ear.join_multicast_v4(GROUP.ip(), host));
    if joined.filter(Result::is_ok).count() == 0 {
        return Err(io::ErrorKind::AddrNotAvailable.into());
    }
    tokio::net::UdpSocket::from_std(ear)
}

/// Sends a beacon to the network of this address. What does not leave is said again in a minute.
pub(super) fn send(from: Addr, bytes: &[u8]) {
    let sent = host(&from).map(|host| send_from(host, bytes));
    if !matches!(sent, Some(Ok(_))) {
        tracing::debug!(target: "kith", "a beacon did not leave");
    }
}

/// Each from a port of its own, so that a port does not link them either.
fn send_from(host: Ipv4Addr, bytes: &[u8]) -> io::Result<usize> {
    let mouth = UdpSocket::bind((host, 0))?;
    mouth.set_nonblocking(true)?;
    mouth.set_multicast_ttl_v4(1)?;
    mouth.set_multicast_loop_v4(true)?;
    sockopt::set_ip_multicast_if(&mouth, &host)?;
    mouth.send_to(bytes, GROUP)
}

/// How much of what strangers send is read in a second, and how much of it is handed on.
struct Patience {
    since: Instant,
    read: u32,
    taken: u32,
    /// As many as were taken at most.
    by_host: HashMap<IpAddr, u32>,
}

impl Patience {
    const SECOND: Duration = Duration::from_secs(1);

    fn new(since: Instant) -> Self {
        Self {
            since,
            read: 0,
            taken: 0,
            by_host: HashMap::new(),
        }
    }

    /// Until when nothing more is read, if it is over.
    fn over(&mut self, now: Instant) -> Option<Instant> {
        let end = self.since + Self::SECOND;
        if now >= end {
            *self = Self::new(now);
        }
        (self.read >= DATAGRAMS_PER_SECOND_MAX).then_some(end)
    }

    /// Counts one that was read; says whether it is handed on.
    fn takes(&mut self, from: Option<IpAddr>, is_beacon: bool) -> bool {
        self.read += 1;
        let Some(from) = from.filter(|_| is_beacon && self.taken < BEACONS_PER_SECOND_MAX) else {
            return false;
        };
        let of_host = self.by_host.entry(from).or_default();
        if *of_host >= BEACONS_PER_HOST_MAX {
            return false;
        }
        *of_host += 1;
        self.taken += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: Addr = Addr::V4([127, 0, 0, 1], 20_000);

    fn hearing() -> Beacons {
        let mut beacons = Beacons::default();
        assert!(beacons.moved(vec![LOOPBACK]).is_some());
        beacons.hear(true);
        assert!(beacons.ear.is_some(), "loopback has multicast");
        beacons
    }

    /// The next one that is `bytes`: other tests on this machine are heard too.
    async fn hears(beacons: &mut Beacons, bytes: &[u8]) {
        while beacons.next().await.1 != bytes {}
    }

    #[tokio::test]
    async fn a_beacon_is_heard_by_all_on_the_machine_and_other_lengths_by_none() {
        let (mut a, mut b) = (hearing(), hearing());
        let beacon = [7; BEACON_BYTES];
        send(LOOPBACK, &[7; BEACON_BYTES + 1]);
        send(LOOPBACK, &[7; BEACON_BYTES - 1]);
        send(LOOPBACK, &beacon);
        hears(&mut a, &beacon).await;
        hears(&mut b, &beacon).await;
        assert_eq!(a.moved(vec![LOOPBACK]), None, "no news");
        a.hear(false);
        assert!(a.ear.is_none(), "the group is left");
    }

    #[test]
    fn strangers_take_a_bounded_part_of_a_second() {
        let now = Instant::now();
        let mut patience = Patience::new(now);
        let host = |n: u32| Some(IpAddr::from(Ipv4Addr::from_bits(n)));
        let of_one = (0..100).filter(|_| patience.takes(host(1), true)).count();
        assert_eq!(of_one, BEACONS_PER_HOST_MAX as usize);
        let others = (2..402).filter(|n| patience.takes(host(*n), true)).count();
        assert_eq!(of_one + others, BEACONS_PER_SECOND_MAX as usize);
        assert_eq!(patience.over(now), None);
        assert_eq!(
            (0..12).filter(|_| patience.takes(host(9), false)).count(),
            0
        );
        let end = now + Patience::SECOND;
        assert_eq!(patience.over(now), Some(end), "junk counts");
        assert_eq!(patience.over(end), None);
        assert!(patience.takes(host(1), true), "another second");
    }
}
