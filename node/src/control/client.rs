//! The asking end of the local socket: what every command of the program speaks through.
//!
//! Blocking, one question at a time. A connection that subscribes becomes [`Events`] and asks
//! nothing more, so answers and events never mix.

mod carry;
mod file;
mod group;
mod mailbox;
mod meeting;
mod people;
mod talk;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use kith_proto::limits::CONTROL_LINE_BYTES_MAX;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::params;
use super::rpc::{ENDING, LOCKED};
use super::shape::{self, Refusal, Versioned};
use super::socket::ShortPath;

/// How long the node may take to answer, in seconds: a Raspberry Pi that stretches a passphrase or
/// waits for its card is slow, not gone.
const ANSWER_WITHIN_S: u64 = 60;

/// A connection to the node.
pub struct Client {
    lines: BufReader<UnixStream>,
}

/// A connection that only listens.
pub struct Events {
    lines: BufReader<UnixStream>,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum CallError {
    /// Nobody listens at the socket: the node is down.
    Down,
    /// The node says no.
    Refused(Refusal),
    /// The node is locked: it answers no question but a few about itself.
    Locked,
    /// The connection ended, or stayed mute too long.
    Lost,
    /// An answer this program does not understand: the node runs another version.
    Garbled,
}

#[derive(Serialize)]
struct Call<'a, P> {
    jsonrpc: &'static str,
    id: u32,
    method: &'a str,
    params: P,
}

#[derive(Deserialize)]
struct Reply<T> {
    result: Option<Versioned<T>>,
    error: Option<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    code: i32,
    data: Option<Refusal>,
}

#[derive(Deserialize)]
struct Notification {
    params: Versioned<shape::Event>,
}

impl Client {
    /// Connects to the socket at `path`.
    ///
    /// # Errors
    /// [`CallError::Down`] if nobody listens there.
    pub fn connect(path: &Path) -> Result<Self, CallError> {
        let short = ShortPath::of(path).map_err(|_| CallError::Down)?;
        let stream = UnixStream::connect(&short.path).map_err(|_| CallError::Down)?;
        let within = Some(Duration::from_secs(ANSWER_WITHIN_S));
        stream
            .set_read_timeout(within)
            .map_err(|_| CallError::Lost)?;
        stream
            .set_write_timeout(within)
            .map_err(|_| CallError::Lost)?;
        let lines = BufReader::new(stream);
        Ok(Self { lines })
    }

    /// Who runs the node.
    ///
    /// # Errors
    /// As for every question: [`CallError`].
    pub fn hello(&mut self) -> Result<shape::Hello, CallError> {
        self.call("hello", params::Nothing {})
    }

    /// How the node is.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn status(&mut self) -> Result<shape::Status, CallError> {
        self.call("status", params::Nothing {})
    }

    /// What somebody would find who opened this disk now.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn kept(&mut self) -> Result<shape::Kept, CallError> {
        self.call("kept", params::Nothing {})
    }

    /// Ends the node.
    ///
    /// # Errors
    /// [`CallError::Lost`] also if the node ended before it could answer.
    pub fn stop(&mut self) -> Result<(), CallError> {
        self.call("stop", params::Nothing {})
            .map(|params::Nothing {}| ())
    }

    /// Destroys everything in the home, and ends the node.
    ///
    /// # Errors
    /// [`CallError`]; then nobody knows what is left, and the home must be wiped directly.
    pub fn wipe(&mut self) -> Result<shape::Wiped, CallError> {
        self.call("wipe", params::Nothing {})
    }

    /// Drops all keys: the node is locked until somebody gives its passphrase. Fine if it was
    /// locked already.
    ///
    /// # Errors
    /// [`CallError`]; `NoPassphrase` where the key lies in the home.
    pub fn lock(&mut self) -> Result<(), CallError> {
        self.call("lock", params::Nothing {})
            .map(|params::Nothing {}| ())
    }

    /// Opens a locked node; takes a second or more. Fine, and nothing is tried, if it is open.
    ///
    /// # Errors
    /// [`CallError`]; `WrongPassphrase`, `Busy`, `NotDone`: it stays locked.
    pub fn unlock(&mut self, passphrase: &str) -> Result<(), CallError> {
        let passphrase = passphrase.to_owned();
        self.call("unlock", params::Unlock { passphrase })
            .map(|params::Nothing {}| ())
    }

    /// Changes the passphrase of an open node, or gives it its first; takes two seconds or more.
    ///
    /// # Errors
    /// [`CallError`]; `WrongPassphrase`, `BadPassphrase`, `Busy`, `NotDone`: the old one stays.
    /// After [`CallError::Lost`] one of the two opens the home, and nobody knows which.
    pub fn passphrase(&mut self, change: &params::Passphrase) -> Result<(), CallError> {
        self.call("passphrase", change).map(|params::Nothing {}| ())
    }

    /// A backup of an open node, sealed behind this passphrase: the bytes of its file, and how many
    /// friends are in it. Takes a second or more.
    ///
    /// # Errors
    /// [`CallError`]; `BadPassphrase`, `NotDone`.
    pub fn backup(&mut self, wanted: &params::Backup) -> Result<(Vec<u8>, u32), CallError> {
        let shape::Backup { file, friends } = self.call("backup", wanted)?;
        let file = data_encoding::BASE64.decode(file.as_bytes());
        let file = file.ok().filter(|file| !file.is_empty());
        Ok((file.ok_or(CallError::Garbled)?, friends))
    }

    /// What there is to know of process, home and machine, also of a locked node's.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn doctor(&mut self) -> Result<shape::Doctor, CallError> {
        self.call("doctor", params::Nothing {})
    }

    /// Listens to what happens from now on, while the node is locked too.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn subscribe(mut self) -> Result<Events, CallError> {
        let params::Nothing {} = self.call("subscribe", params::Nothing {})?;
        let Self { lines } = self;
        lines
            .get_ref()
            .set_read_timeout(None)
            .map_err(|_| CallError::Lost)?;
        Ok(Events { lines })
    }

    fn call<P: Serialize, T: DeserializeOwned>(
        &mut self,
        method: &str,
        params: P,
    ) -> Result<T, CallError> {
        let call = Call {
            jsonrpc: "2.0",
            id: 1,
            method,
            params,
        };
        let mut line = serde_json::to_string(&call).map_err(|_| CallError::Garbled)?;
        line.push('\n');
        let mut stream = self.lines.get_ref();
        stream
            .write_all(line.as_bytes())
            .map_err(|_| CallError::Lost)?;
        let reply: Reply<T> = read_line(&mut self.lines)?;
        match (reply.result, reply.error) {
            (Some(result), _) => Ok(result.body),
            (
                None,
                Some(Fault {
                    data: Some(refusal),
                    ..
                }),
            ) => Err(CallError::Refused(refusal)),
            (None, Some(Fault { code: LOCKED, .. })) => Err(CallError::Locked),
            (None, Some(Fault { code: ENDING, .. })) => Err(CallError::Lost),
            _ => Err(CallError::Garbled),
        }
    }
}

impl Events {
    /// Waits for the next event, for at most `within` if given; `None` when that time is over.
    ///
    /// # Errors
    /// [`CallError::Lost`] when the node ends or drops us for being slow.
    pub fn next(&mut self, within: Option<Duration>) -> Result<Option<shape::Event>, CallError> {
        // Nothing of a line may be lost when the time is over: wait for its first byte only.
        let within = within.map(|within| within.max(Duration::from_millis(1)));
        let stream = self.lines.get_ref();
        stream
            .set_read_timeout(within)
            .map_err(|_| CallError::Lost)?;
        match self.lines.fill_buf() {
            Ok(_) => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Ok(None);
            }
            Err(_) => return Err(CallError::Lost),
        }
        let stream = self.lines.get_ref();
        stream.set_read_timeout(None).map_err(|_| CallError::Lost)?;
        let Notification { params } = read_line(&mut self.lines)?;
        Ok(Some(params.body))
    }
}

fn read_line<T: DeserializeOwned>(lines: &mut BufReader<UnixStream>) -> Result<T, CallError> {
    let mut line = Vec::new();
    let limit = CONTROL_LINE_BYTES_MAX as u64 + 1;
    let read = lines.take(limit).read_until(b'\n', &mut line);
    match read {
        Ok(_) if line.ends_with(b"\n") => {
            serde_json::from_slice(&line).map_err(|_| CallError::Garbled)
        }
        _ => Err(CallError::Lost),
    }
}
