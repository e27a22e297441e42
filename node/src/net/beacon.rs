//! Beacons as UDP multicast: sent to all who are on the same network, heard only as long as the engine
//! wants it or somebody looks for a meeting. Nothing that comes in is answered, and only so much of it
//! is read in a second.
//!
//! Knows addresses, no friend and no key: what a friend's beacon says the engine knows. PROTOCOL §3
//! "Beacons", §2c.

use std::collections::{BTreeMap, HashMap};
use std::future::pending;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::time::Duration;

use kith_proto::engine::Addr;
use kith_proto::limits::{
    BEACON_BYTES, BEACONS_PER_HOST_MAX, BEACONS_PER_SECOND_MAX, DATAGRAMS_PER_SECOND_MAX,
    MEETING_BEACON_BYTES, MEETING_SEARCH_MS, MEETINGS_FOUND_MAX,
};
use rustix::net::{AddressFamily, SocketType, bind, socket, sockopt};
use tokio::time::{Instant, sleep_until};

use super::Found;
use super::meeting::{Number, told_of};

/// Where beacons go: a group that no router carries on, and a port that systems lend to nobody.
const GROUP: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(239, 255, 75, 105), 24_617);

/// What is heard, and from where it may be said.
pub(super) struct Beacons {
    /// Whether the person wants those of friends.
    friends: bool,
    near: Vec<Addr>,
    hears: bool,
    search: Option<Search>,
    /// Of the group, on the network of each address; while somebody wants it.
    ear: Option<tokio::net::UdpSocket>,
    patience: Patience,
}

/// Somebody looks for a meeting.
struct Search {
    until: Instant,
    found: BTreeMap<Number, Addr>,
    asked: Vec<Found>,
}

impl Beacons {
    pub(super) fn new(friends: bool) -> Self {
        Self {
            friends,
            near: Vec::new(),
            hears: false,
            search: None,
            ear: None,
            patience: Patience::new(Instant::now()),
        }
    }

    /// The addresses that have neighbours are these now; gives them back if friends may hear of it.
    pub(super) fn moved(&mut self, near: Vec<Addr>) -> Option<Vec<Addr>> {
        (near != self.near).then(|| self.near = near)?;
        self.listen();
        self.friends.then(|| self.near.clone())
    }

    /// Joins the group for friends, or does no more.
    pub(super) fn hear(&mut self, hears: bool) {
        self.hears = hears;
        self.listen();
    }

    /// Listens for meetings for a while, then tells where they are.
    pub(super) fn search(&mut self, asked: Found) {
        let until = Instant::now() + Duration::from_millis(MEETING_SEARCH_MS);
        let search = self.search.get_or_insert_with(|| Search {
            until,
            found: BTreeMap::new(),
            asked: Vec::new(),
        });
        search.asked.push(asked);
        search.until = until;
        self.listen();
    }

    /// Without an ear nothing is heard: a beacon of ours may still be.
    fn listen(&mut self) {
        self.ear = None;
        if !self.hears && self.search.is_none() {
            return;
        }
        let hosts: Vec<_> = self.near.iter().filter_map(host).collect();
        self.ear = ear(&hosts).ok();
        if self.ear.is_none() {
            tracing::debug!(target: "kith", "cannot listen for beacons");
        }
    }

    /// From everywhere where there are neighbours.
    pub(super) fn send_everywhere(&self, bytes: &[u8]) {
        self.near.iter().for_each(|from| send(*from, bytes));
    }

    /// The next datagram that is as long as a friend's beacon. Nothing is lost if this is cut short.
    pub(super) async fn next(&mut self) -> (Addr, Vec<u8>) {
        loop {
            let over = self.search.as_ref().map(|search| search.until);
            tokio::select! {
                biased;
                () = until(over) => self.found(),
                (from, bytes) = datagram(self.ear.as_ref(), &mut self.patience) => {
                    if bytes.len() == BEACON_BYTES && self.hears {
                        return (from, bytes);
                    }
                    self.note(from, &bytes);
                }
            }
        }
    }

    fn note(&mut self, from: Addr, bytes: &[u8]) {
        if let (Some(search), Some((number, addr))) = (&mut self.search, told_of(from, bytes))
            && search.found.len() < MEETINGS_FOUND_MAX
        {
            search.found.entry(number).or_insert(addr);
        }
    }

    fn found(&mut self) {
        let Some(search) = self.search.take() else {
            return;
        };
        let found: Vec<_> = search.found.into_values().collect();
        for asked in search.asked {
            // Who asked may be gone.
            let _ = asked.send(Ok(found.clone()));
        }
        self.listen();
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

/// The next one that has a length of ours and is not one too many.
async fn datagram(ear: Option<&tokio::net::UdpSocket>, patience: &mut Patience) -> (Addr, Vec<u8>) {
    let Some(ear) = ear else {
        return pending().await;
    };
    // One byte more, which tells that it is longer.
    let mut bytes = [0; BEACON_BYTES + 1];
    loop {
        if let Some(moment) = patience.over(Instant::now()) {
            sleep_until(moment).await;
            continue;
        }
        let came = ear.recv_from(&mut bytes).await;
        let from = came.as_ref().ok().map(|(_, from)| from.ip());
        let length = came.map_or(0, |(length, _)| length);
        let is_ours = matches!(length, BEACON_BYTES | MEETING_BEACON_BYTES);
        let is_taken = patience.takes(from, is_ours);
        if let (true, Some(IpAddr::V4(from))) = (is_taken, from) {
            let bytes = bytes.get(..length).unwrap_or_default().to_vec();
            return (Addr::V4(from.octets(), 0), bytes);
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
        let mut beacons = Beacons::new(true);
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

    #[tokio::test]
    async fn a_meeting_is_found_once_however_often_it_is_told_and_whatever_else_comes() {
        let mut beacons = Beacons::new(false);
        assert_eq!(
            beacons.moved(vec![LOOPBACK]),
            None,
            "friends are not sought"
        );
        let (asked, mut found) = tokio::sync::oneshot::channel();
        beacons.search(asked);
        let told = [b"kithmeet".as_slice(), &[9; 8], &[0x20, 0x4e]].concat();
        for bytes in [
            &told,
            &told,
            &vec![7; BEACON_BYTES],
            &vec![7; MEETING_BEACON_BYTES],
        ] {
            beacons.send_everywhere(bytes);
        }
        let found = tokio::select! {
            _ = beacons.next() => panic!("nobody hears friends"),
            found = &mut found => found.unwrap().unwrap(),
        };
        let mine = found.iter().filter(|addr| addr.port() == 0x4e20);
        assert_eq!(mine.count(), 1, "others on this machine may meet too");
        assert!(beacons.ear.is_none(), "the group is left");
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
