//! Addresses: the engine's, libp2p's, and which of this machine's own are worth telling friends.
//!
//! A connection's number travels in its libp2p address, as `/memory/N` at the end; nothing of it
//! ever reaches a socket.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use kith_proto::engine::{Addr, ConnId};
use kith_proto::profile::{Way, Ways};
use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use rustix::net::{AddressFamily, SocketType, bind, socket, sockopt};

/// Where to dial, with the number of the connection.
pub(super) fn dial_address(way: Way, conn: ConnId) -> Multiaddr {
    let address = match way {
        Way::Direct(addr) => listen_address(addr),
        Way::Onion(service, port) => {
            // The Gate wants the service alone; what else an onion's name holds Tor computes.
            let mut hash = [0; 35];
            hash[..32].copy_from_slice(&service);
            Multiaddr::from(Protocol::Onion3((hash, port).into()))
        }
    };
    numbered(address, conn)
}

/// The onion service that an address of [`dial_address`] names.
pub(super) fn onion_of(address: &Multiaddr) -> Option<([u8; 32], u16)> {
    match address.iter().next()? {
        Protocol::Onion3(onion) => Some((*onion.hash().first_chunk()?, onion.port())),
        _ => None,
    }
}

/// `None` for onions.
pub(crate) fn socket_address(addr: Addr) -> Option<SocketAddr> {
    match addr {
        Addr::V4(ip, port) => Some(SocketAddr::from((ip, port))),
        Addr::V6(ip, port) => Some(SocketAddr::from((ip, port))),
        Addr::Onion(..) => None,
    }
}

pub(super) fn listen_address(addr: SocketAddr) -> Multiaddr {
    Multiaddr::from(addr.ip()).with(Protocol::Tcp(addr.port()))
}

pub(super) fn numbered(addr: Multiaddr, conn: ConnId) -> Multiaddr {
    addr.with(Protocol::Memory(conn.0))
}

/// Takes the number off again.
pub(super) fn take_number(addr: &mut Multiaddr) -> Option<ConnId> {
    match addr.pop()? {
        Protocol::Memory(conn) => Some(ConnId(conn)),
        _ => None,
    }
}

/// Whether nobody else listens at `addr`.
pub(super) fn vacant(addr: SocketAddr) -> io::Result<()> {
    let family = match addr {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let probe = socket(family, SocketType::STREAM, None)?;
    sockopt::set_socket_reuseaddr(&probe, true)?;
    if addr.is_ipv6() {
        sockopt::set_ipv6_v6only(&probe, true)?;
    }
    Ok(bind(&probe, &addr)?)
}

/// The addresses this node listens at.
pub(super) struct Reach {
    ways: Ways,
    here: Vec<SocketAddr>,
    /// At Tor's.
    onion: Option<Addr>,
    told: Vec<Addr>,
}

impl Reach {
    pub(super) fn new(ways: Ways) -> Self {
        Self {
            ways,
            here: Vec::new(),
            onion: None,
            told: Vec::new(),
        }
    }

    /// Our service is to be found there.
    pub(super) fn published(&mut self, onion: Addr) {
        self.onion = Some(onion);
    }

    pub(super) fn gained(&mut self, address: &Multiaddr) -> bool {
        let new = socket_addr(address).filter(|addr| !self.here.contains(addr));
        self.here.extend(new);
        new.is_some()
    }

    pub(super) fn lost(&mut self, address: &Multiaddr) -> bool {
        let before = self.here.len();
        self.here.retain(|addr| Some(*addr) != socket_addr(address));
        self.here.len() < before
    }

    /// From where neighbours can be reached: no network of strangers, and one address of each host.
    pub(super) fn near(&self) -> Vec<Addr> {
        let mut near: Vec<_> = self.here.iter().copied().filter(is_near).collect();
        near.sort();
        near.dedup_by_key(|addr| addr.ip());
        if near.iter().any(|addr| !addr.ip().is_loopback()) {
            near.retain(|addr| !addr.ip().is_loopback());
        }
        near.into_iter().map(told).collect()
    }

    /// All that somebody else in the room may use, neighbours' first, each host once.
    pub(super) fn around(&self) -> Vec<Addr> {
        let mut around = self.near();
        for (_, addr) in self.ranked() {
            if !around.iter().any(|known| known.host() == addr.host()) {
                around.push(addr);
            }
        }
        around.retain(|addr| self.ways.to_meeting(*addr).is_some());
        around
    }

    /// What friends can use, best first, if it is not what this said last.
    pub(super) fn changed(&mut self) -> Option<Vec<Addr>> {
        let onion = self.onion.map(|onion| (ONION, onion));
        let mut ranked: Vec<_> = self.ranked().into_iter().chain(onion).collect();
        ranked.sort();
        let addrs = ranked.into_iter().map(|(_, addr)| addr);
        let addrs: Vec<_> = addrs.filter(|addr| self.ways.tells(*addr)).collect();
        (addrs != self.told).then(|| self.told.clone_from(&addrs))?;
        Some(addrs)
    }

    fn ranked(&self) -> Vec<(u8, Addr)> {
        let here = self.here.iter();
        let ranked = here.filter_map(|addr| Some((rank(addr.ip())?, told(*addr))));
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort();
        // Loopback is for tests and for one machine alone: told only when there is nothing else.
        let others = ranked.iter().any(|(rank, _)| *rank < LOOPBACK) || self.onion.is_some();
        ranked.retain(|(rank, _)| *rank < LOOPBACK || !others);
        ranked
    }
}

/// Behind the addresses of the world, before those of a house: who has Tor finds the onion from
/// anywhere.
const ONION: u8 = 1;
const LOOPBACK: u8 = 5;

/// The lower the better; `None` reaches nobody.
fn rank(ip: IpAddr) -> Option<u8> {
    match ip {
        ip if ip.is_loopback() => Some(LOOPBACK),
        ip if ip.is_unspecified() || ip.is_multicast() => None,
        IpAddr::V4(ip) if ip.is_link_local() || ip.is_broadcast() => None,
        IpAddr::V6(ip) if ip.is_unicast_link_local() => None,
        IpAddr::V4(ip) => Some(if ip.is_private() || carrier_grade(ip) {
            2
        } else {
            0
        }),
        IpAddr::V6(ip) => Some(if ip.is_unique_local() { 4 } else { 3 }),
    }
}

/// Whether beacons may go from there: a network of one house, or none at all. IPv6 has no place here
/// yet, a node that was not told so does not listen on it.
fn is_near(addr: &SocketAddr) -> bool {
    match addr.ip() {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_loopback(),
        IpAddr::V6(_) => false,
    }
}

/// 100.64.0.0/10, behind a provider's own translation: RFC 6598.
fn carrier_grade(ip: Ipv4Addr) -> bool {
    ip.to_bits() & 0xFFC0_0000 == Ipv4Addr::new(100, 64, 0, 0).to_bits()
}

fn told(addr: SocketAddr) -> Addr {
    match addr.ip() {
        IpAddr::V4(ip) => Addr::V4(ip.octets(), addr.port()),
        IpAddr::V6(ip) => Addr::V6(ip.octets(), addr.port()),
    }
}

fn socket_addr(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip: IpAddr = match parts.next()? {
        Protocol::Ip4(ip) => Ipv4Addr::into(ip),
        Protocol::Ip6(ip) => Ipv6Addr::into(ip),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some((ip, port).into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(addrs: &[&str]) -> Reach {
        through(Ways::default(), addrs)
    }

    fn through(ways: Ways, addrs: &[&str]) -> Reach {
        let mut reach = Reach::new(ways);
        for addr in addrs {
            reach.gained(&listen_address(addr.parse().unwrap()));
        }
        reach
    }

    fn heard(addrs: &[&str]) -> Vec<String> {
        let text = |addr| match addr {
            Addr::V4(ip, port) => SocketAddr::from((ip, port)).to_string(),
            Addr::V6(ip, port) => SocketAddr::from((ip, port)).to_string(),
            Addr::Onion(..) => unreachable!(),
        };
        let told = reach(addrs).changed().unwrap_or_default();
        told.into_iter().map(text).collect()
    }

    #[test]
    fn the_address_most_friends_can_use_comes_first() {
        let all = [
            "[fd00::1]:9",
            "[2001:db8::1]:9",
            "192.168.1.2:9",
            "100.64.0.1:9",
            "203.0.113.5:9",
            "127.0.0.1:9",
            "[fe80::1]:9",
            "169.254.1.1:9",
        ];
        let best = [
            "203.0.113.5:9",
            "100.64.0.1:9",
            "192.168.1.2:9",
            "[2001:db8::1]:9",
            "[fd00::1]:9",
        ];
        assert_eq!(heard(&all), best);
    }

    #[test]
    fn loopback_is_told_only_when_there_is_nothing_else() {
        assert_eq!(heard(&["127.0.0.1:9", "[fe80::1]:9"]), ["127.0.0.1:9"]);
        assert_eq!(heard(&["127.0.0.1:9", "10.0.0.1:9"]), ["10.0.0.1:9"]);
    }

    #[test]
    fn neighbours_are_sought_on_networks_of_one_house_alone() {
        let all = [
            "203.0.113.5:9",
            "100.64.0.1:9",
            "192.168.1.2:9",
            "192.168.1.2:10",
            "169.254.1.1:9",
            "127.0.0.1:9",
            "[fe80::1]:9",
            "[fd00::1]:9",
        ];
        let near = [Addr::V4([169, 254, 1, 1], 9), Addr::V4([192, 168, 1, 2], 9)];
        assert_eq!(reach(&all).near(), near);
        assert_eq!(
            reach(&["127.0.0.1:9"]).near(),
            [Addr::V4([127, 0, 0, 1], 9)],
            "of one machine alone"
        );
        assert_eq!(reach(&["203.0.113.5:9"]).near(), []);
    }

    #[test]
    fn what_did_not_change_is_not_told_again() {
        let mut reach = reach(&["10.0.0.1:9"]);
        assert!(reach.changed().is_some());
        assert!(!reach.gained(&listen_address("10.0.0.1:9".parse().unwrap())));
        assert!(reach.changed().is_none());
        assert!(reach.lost(&listen_address("10.0.0.1:9".parse().unwrap())));
        assert_eq!(reach.changed(), Some(vec![]));
    }

    #[test]
    fn what_a_profile_does_not_call_is_not_told_either() {
        let all = ["192.168.1.2:9", "203.0.113.5:9", "127.0.0.1:9"];
        let told = |profile: &str, onion: bool| {
            let mut reach = through(Ways::new(profile.parse().unwrap(), onion), &all);
            reach.onion = onion.then_some(Addr::Onion([1; 32], 9));
            reach.changed().unwrap_or_default()
        };
        let (house, world) = (Addr::V4([192, 168, 1, 2], 9), Addr::V4([203, 0, 113, 5], 9));
        let onion = Addr::Onion([1; 32], 9);
        assert_eq!(told("normal", true), [world, onion, house]);
        assert_eq!(told("lan-only", false), [house]);
        assert_eq!(told("hostile", true), [world, onion]);
        assert_eq!(told("tor-only", true), [onion]);
    }

    #[test]
    fn a_number_comes_off_an_address_as_it_went_on() {
        let here = "127.0.0.1:9".parse().unwrap();
        let mut address = dial_address(Way::Direct(here), ConnId(u64::MAX));
        assert_eq!(take_number(&mut address), Some(ConnId(u64::MAX)));
        assert_eq!(address, listen_address(here));
        assert_eq!(onion_of(&address), None);
        assert_eq!(take_number(&mut address), None);
        let mut address = dial_address(Way::Onion([7; 32], 9), ConnId(3));
        assert_eq!(take_number(&mut address), Some(ConnId(3)));
        assert_eq!(onion_of(&address), Some(([7; 32], 9)));
    }

    #[test]
    fn a_port_somebody_listens_at_is_not_vacant() {
        let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = vacant(other.local_addr().unwrap()).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
        assert!(vacant("[::1]:0".parse().unwrap()).is_ok());
    }
}
