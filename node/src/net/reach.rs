//! Addresses: the engine's, libp2p's, and which of this machine's own are worth telling friends.
//!
//! A connection's number travels in its libp2p address, as `/memory/N` at the end; nothing of it
//! ever reaches a socket.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use kith_proto::engine::{Addr, ConnId};
use kith_proto::profile::{Way, Ways};
use kith_proto::wire::Scope;
use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use rustix::io::Errno;
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

/// Where of all that to listen: not at every address of a kind that this machine does not have, if there
/// is anything else.
///
/// # Errors
/// The first that somebody else has, or the system does not give, and what it says.
pub(super) fn usable(
    listen: &[SocketAddr],
) -> Result<Vec<SocketAddr>, (SocketAddr, io::ErrorKind)> {
    let (mut usable, mut lacking) = (Vec::new(), None);
    for &addr in listen {
        match vacant(addr) {
            Ok(()) => usable.push(addr),
            Err(error) if addr.ip().is_unspecified() && lacks(&error) => {
                lacking = Some((addr, error.kind()));
            }
            Err(error) => return Err((addr, error.kind())),
        }
    }
    match lacking.filter(|_| usable.is_empty()) {
        Some(lacking) => Err(lacking),
        None => Ok(usable),
    }
}

/// Whether the machine knows no addresses of the kind.
fn lacks(error: &io::Error) -> bool {
    let kinds = [Errno::AFNOSUPPORT, Errno::ADDRNOTAVAIL];
    kinds
        .iter()
        .any(|kind| error.raw_os_error() == Some(kind.raw_os_error()))
}

/// Whether nobody else listens at `addr`. libp2p binds with SO_REUSEPORT: without this two nodes would
/// share a port unknowing.
fn vacant(addr: SocketAddr) -> io::Result<()> {
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

    /// All that somebody else in the room may use, neighbours' first, each host once; of IPv6, which nobody
    /// types gladly, only if there is nothing else.
    pub(super) fn around(&self) -> Vec<Addr> {
        let mut around = self.near();
        for (_, addr) in self.ranked() {
            if !around.iter().any(|known| known.host() == addr.host()) {
                around.push(addr);
            }
        }
        around.retain(|addr| self.ways.to_meeting(*addr).is_some());
        let short = |addr: &Addr| matches!(addr, Addr::V4(..));
        if around.iter().any(short) {
            around.retain(short);
        }
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
        let ranked = here.filter_map(|addr| Some((rank(*addr)?, told(*addr))));
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
fn rank(addr: SocketAddr) -> Option<u8> {
    let rank = match (Scope::of(addr.ip()), addr) {
        (Scope::Nowhere | Scope::Cable | Scope::Interface, _) => return None,
        (Scope::Machine, _) => LOOPBACK,
        (Scope::World, SocketAddr::V4(_)) => 0,
        (Scope::House(_) | Scope::Provider, SocketAddr::V4(_)) => 2,
        (Scope::World, SocketAddr::V6(_)) => 3,
        (Scope::House(_) | Scope::Provider, SocketAddr::V6(_)) => 4,
    };
    Some(rank)
}

/// Whether beacons may go from there: a network of one house, or none at all. IPv6 has no place here:
/// where machines have it they nearly always have IPv4 beside it.
fn is_near(addr: &SocketAddr) -> bool {
    addr.is_ipv4() && Scope::of(addr.ip()).is_local()
}

fn told(addr: SocketAddr) -> Addr {
    let told = match addr.ip() {
        IpAddr::V4(ip) => Addr::V4(ip.octets(), addr.port()),
        IpAddr::V6(ip) => Addr::V6(ip.octets(), addr.port()),
    };
    told.canonical()
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
mod tests;
