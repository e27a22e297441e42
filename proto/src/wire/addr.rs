//! Where a node can be reached, on the wire, and how far such an address means anything: the one place
//! that tells a machine, a cable, a house and the world apart. PROTOCOL §"Notation", §3 "Profiles".

use core::net::{IpAddr, Ipv6Addr};

use super::{Malformed, Reader, Writer};

/// Where a node can be reached. §"Notation": 7, 19 or 35 bytes on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, bincode::Encode, bincode::Decode)]
pub enum Addr {
    /// IPv4 and TCP port.
    V4([u8; 4], u16),
    /// IPv6 and TCP port.
    V6([u8; 16], u16),
    /// Onion service (v3 public key) and port.
    Onion([u8; 32], u16),
}

impl core::fmt::Debug for Addr {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Addr(..)")
    }
}

const IPV4: u8 = 4;
const IPV6: u8 = 6;
const ONION: u8 = 3;

impl Addr {
    /// Its TCP port.
    pub fn port(&self) -> u16 {
        match self {
            Self::V4(_, port) | Self::V6(_, port) | Self::Onion(_, port) => *port,
        }
    }

    /// Its host: 4, 16 or 32 bytes.
    pub fn host(&self) -> &[u8] {
        match self {
            Self::V4(host, _) => host,
            Self::V6(host, _) => host,
            Self::Onion(host, _) => host,
        }
    }

    /// The same host at another port.
    #[must_use]
    pub fn at(self, port: u16) -> Self {
        match self {
            Self::V4(host, _) => Self::V4(host, port),
            Self::V6(host, _) => Self::V6(host, port),
            Self::Onion(host, _) => Self::Onion(host, port),
        }
    }

    /// IPv4 in the clothes of IPv6 without them; all else as it is.
    #[must_use]
    pub fn canonical(self) -> Self {
        let Self::V6(host, port) = self else {
            return self;
        };
        let plain = Ipv6Addr::from(host).to_ipv4_mapped();
        plain.map_or(self, |plain| Self::V4(plain.octets(), port))
    }

    /// How far it means anything.
    pub fn scope(&self) -> Scope {
        match *self {
            Self::V4(host, _) => Scope::of(host.into()),
            Self::V6(host, _) => Scope::of(host.into()),
            Self::Onion(..) => Scope::World,
        }
    }

    /// Its length on the wire: 7, 19 or 35 bytes.
    pub fn encoded_len(&self) -> usize {
        match self.canonical() {
            Self::V4(..) => 7,
            Self::V6(..) => 19,
            Self::Onion(..) => 35,
        }
    }

    /// `type u8 | host | port u16`, of its canonical form. Nothing is written of an address with port 0.
    pub fn encode(&self, to: &mut Writer) -> Result<(), Malformed> {
        let plain = self.canonical();
        let (kind, host, port): (u8, &[u8], u16) = match &plain {
            Self::V4(host, port) => (IPV4, host, *port),
            Self::V6(host, port) => (IPV6, host, *port),
            Self::Onion(host, port) => (ONION, host, *port),
        };
        if port == 0 {
            return Err(Malformed);
        }
        to.u8(kind);
        to.bytes(host);
        to.u16(port);
        Ok(())
    }

    /// An address; unknown types, port 0 and IPv4 in the clothes of IPv6 are refused.
    pub fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let addr = match from.u8()? {
            IPV4 => Self::V4(from.array()?, port(from)?),
            IPV6 => match Ipv6Addr::from(from.array::<16>()?) {
                host if host.to_ipv4_mapped().is_some() => return Err(Malformed),
                host => Self::V6(host.octets(), port(from)?),
            },
            ONION => Self::Onion(from.array()?, port(from)?),
            _ => return Err(Malformed),
        };
        Ok(addr)
    }
}

fn port(from: &mut Reader<'_>) -> Result<u16, Malformed> {
    from.u16()
        .and_then(|port| if port == 0 { Err(Malformed) } else { Ok(port) })
}

/// How far an address means anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// It names no machine.
    Nowhere,
    /// On this machine.
    Machine,
    /// On one cable: 169.254.0.0/16.
    Cable,
    /// On one cable, together with the name of an interface, which no address holds: fe80::/10.
    Interface,
    /// On a network that uses this block of numbers, named by its first byte, as many others do.
    House(u8),
    /// Among the customers of one provider, behind its own translation: 100.64.0.0/10, RFC 6598.
    Provider,
    /// Everywhere.
    World,
}

impl Scope {
    /// Of a machine's address, judged by what it is and not by its clothes.
    pub fn of(host: IpAddr) -> Self {
        match host.to_canonical() {
            IpAddr::V4(host) => match host.octets() {
                [0 | 224.., ..] => Self::Nowhere,
                [127, ..] => Self::Machine,
                [169, 254, ..] => Self::Cable,
                [10, ..] => Self::House(10),
                [172, 16..=31, ..] => Self::House(172),
                [192, 168, ..] => Self::House(192),
                [100, 64..=127, ..] => Self::Provider,
                _ => Self::World,
            },
            IpAddr::V6(host) if host.is_loopback() => Self::Machine,
            IpAddr::V6(host) => match host.octets() {
                [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..] | [0xFF, ..] => Self::Nowhere,
                [0xFE, 0x80..=0xBF, ..] => Self::Interface,
                // The latter were a site's, until RFC 3879.
                [0xFC | 0xFD, ..] | [0xFE, 0xC0..=0xFF, ..] => Self::House(0xFC),
                _ => Self::World,
            },
        }
    }

    /// Whether it ends with the networks of one house: none of a provider or of the world.
    pub fn is_local(self) -> bool {
        match self {
            Self::Machine | Self::Cable | Self::Interface | Self::House(_) => true,
            Self::Nowhere | Self::Provider | Self::World => false,
        }
    }
}
