//! How the settings write what concerns Tor and the networks around: a profile by its name, the places
//! where Tor listens on this machine. Another machine's Tor is refused: the way to it would be open.

use std::net::SocketAddr;
use std::path::PathBuf;

use kith_proto::profile::Profile;
use serde::{Deserialize, Serialize};

/// A profile by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Named(pub Profile);

/// Tor's SOCKS port, on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SocketAddr", into = "SocketAddr")]
pub struct SocksPort(pub SocketAddr);

/// Tor's control port, on this machine: an address, or the path of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ControlPort {
    /// At this address.
    Address(SocketAddr),
    /// A socket in the file system.
    Socket(PathBuf),
}

impl Default for SocksPort {
    /// Where every Tor has it.
    fn default() -> Self {
        Self(SocketAddr::from(([127, 0, 0, 1], 9050)))
    }
}

impl Default for ControlPort {
    /// Where Debian's Tor has it without being told.
    fn default() -> Self {
        Self::Socket(PathBuf::from("/run/tor/control"))
    }
}

impl TryFrom<String> for Named {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl From<Named> for String {
    fn from(Named(profile): Named) -> Self {
        profile.name().to_owned()
    }
}

impl TryFrom<SocketAddr> for SocksPort {
    type Error = &'static str;

    fn try_from(addr: SocketAddr) -> Result<Self, Self::Error> {
        here(addr).map(Self)
    }
}

impl From<SocksPort> for SocketAddr {
    fn from(SocksPort(addr): SocksPort) -> Self {
        addr
    }
}

impl TryFrom<String> for ControlPort {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.starts_with('/') {
            return Ok(Self::Socket(text.into()));
        }
        let addr = text.parse().map_err(|_| "no address and no path")?;
        here(addr).map(Self::Address)
    }
}

impl From<ControlPort> for String {
    fn from(place: ControlPort) -> Self {
        match place {
            ControlPort::Address(addr) => addr.to_string(),
            ControlPort::Socket(path) => path.display().to_string(),
        }
    }
}

fn here(addr: SocketAddr) -> Result<SocketAddr, &'static str> {
    match addr.ip().is_loopback() && addr.port() != 0 {
        true => Ok(addr),
        false => Err("not on this machine"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_port_is_read_as_it_is_written() {
        for text in ["/run/tor/control", "127.0.0.1:9051", "[::1]:9051"] {
            let place = ControlPort::try_from(text.to_owned()).unwrap();
            assert_eq!(String::from(place), text);
        }
        for text in ["", "9051", "run/tor", "192.168.1.7:9051", "127.0.0.1:0"] {
            assert!(ControlPort::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_tor_of_another_machine_is_refused() {
        assert!(SocksPort::try_from(SocketAddr::from(([10, 0, 0, 1], 9050))).is_err());
        assert!(SocksPort::try_from(SocksPort::default().0).is_ok());
    }
}
