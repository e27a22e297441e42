//! What systemd is told of a node that it runs: that its socket answers, whether it is locked, that it
//! ends and, where the unit asks for it, that it is alive.
//!
//! A datagram each, to the socket that the environment names; nobody answers, and a supervisor that does
//! not listen changes nothing. No names are in it: what is said here stands in the system's journal.

use std::ffi::OsString;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// How the node is, in the person's language.
#[derive(Clone, Default)]
pub struct StatusWords {
    /// It runs.
    pub open: String,
    /// It waits for its passphrase.
    pub locked: String,
}

/// Whoever runs the node and wants to know; by default nobody.
#[derive(Default)]
pub struct Supervisor {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watches_every: Option<Duration>,
    words: StatusWords,
}

impl Supervisor {
    /// As the environment of a unit says: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`.
    pub fn from_environment(words: StatusWords) -> Self {
        Self::from(|name| std::env::var_os(name), words)
    }

    fn from(variable: impl Fn(&str) -> Option<OsString>, words: StatusWords) -> Self {
        let address = variable("NOTIFY_SOCKET").and_then(|name| address(&name).ok());
        let socket = address.and_then(|to| Some((UnixDatagram::unbound().ok()?, to)));
        let number = |name| variable(name)?.to_str()?.parse::<u64>().ok();
        let mine = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let within = number("WATCHDOG_USEC").filter(|within| mine && *within > 0);
        Self {
            // Twice as often as it must, as systemd advises.
            watches_every: within
                .filter(|_| socket.is_some())
                .map(|within| Duration::from_micros(within / 2)),
            socket,
            words,
        }
    }

    /// How often it wants to hear that the node is alive, if it does.
    pub(crate) fn watches_every(&self) -> Option<Duration> {
        self.watches_every
    }

    /// The socket answers.
    pub(crate) fn ready(&self, locked: bool) {
        self.tell(&format!("READY=1\n{}", self.status(locked)));
    }

    /// The node was locked or unlocked.
    pub(crate) fn locked(&self, locked: bool) {
        self.tell(&self.status(locked));
    }

    /// It answers still.
    pub(crate) fn alive(&self) {
        self.tell("WATCHDOG=1");
    }

    /// It ends.
    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    fn status(&self, locked: bool) -> String {
        let words = match locked {
            true => &self.words.locked,
            false => &self.words.open,
        };
        format!("STATUS={words}")
    }

    fn tell(&self, what: &str) {
        if let Some((socket, to)) = &self.socket {
            let _ = socket.send_to_addr(what.as_bytes(), to);
        }
    }
}

/// A path, or behind an `@` a name that no file has.
fn address(name: &std::ffi::OsStr) -> io::Result<SocketAddr> {
    match name.as_bytes() {
        [b'/', ..] => SocketAddr::from_pathname(name),
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supervisor(variables: &[(&str, &str)]) -> Supervisor {
        let variable = |asked: &str| {
            let mut all = variables.iter();
            all.find(|(name, _)| *name == asked)
                .map(|(_, value)| value.into())
        };
        Supervisor::from(variable, StatusWords::default())
    }

    #[test]
    fn a_node_that_nobody_supervises_says_nothing() {
        assert!(supervisor(&[]).socket.is_none());
        assert!(
            supervisor(&[("NOTIFY_SOCKET", "relative")])
                .socket
                .is_none()
        );
        supervisor(&[]).ready(false);
        let dog = supervisor(&[("WATCHDOG_USEC", "2000000")]);
        assert_eq!(dog.watches_every(), None);
    }

    #[test]
    fn a_watchdog_of_another_process_is_not_fed() {
        let own = std::process::id().to_string();
        let every = |pid: &str, usec: &str| {
            let variables = [
                ("NOTIFY_SOCKET", "/run/nobody"),
                ("WATCHDOG_PID", pid),
                ("WATCHDOG_USEC", usec),
            ];
            supervisor(&variables).watches_every()
        };
        assert_eq!(every(&own, "2000000"), Some(Duration::from_secs(1)));
        assert_eq!(every("1", "2000000"), None);
        assert_eq!(every(&own, "0"), None);
        assert_eq!(every(&own, "soon"), None);
    }

    #[test]
    fn a_name_without_a_file_is_found_too() {
        let name = format!("@kith-supervisor-{}", std::process::id());
        let there = UnixDatagram::bind_addr(&address(name.as_ref()).unwrap()).unwrap();
        supervisor(&[("NOTIFY_SOCKET", &name)]).stopping();
        let mut heard = [0; 64];
        let length = there.recv(&mut heard).unwrap();
        assert_eq!(&heard[..length], b"STOPPING=1");
    }
}
