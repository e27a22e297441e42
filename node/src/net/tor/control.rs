//! One line to Tor's control port, and the few questions we have. The service lives as long as the line:
//! when it ends, by Tor's end or by ours, nobody is led to us any more.

use std::io;
use std::path::Path;
use std::time::Duration;

use data_encoding::{BASE64, HEXUPPER};
use futures::{SinkExt, StreamExt};
use hmac::{Hmac, KeyInit, Mac};
use kith_proto::limits::{
    ONION_PORT, ONION_STREAMS_MAX, TOR_ANSWER_SECONDS, TOR_LINE_BYTES_MAX, TOR_LINES_MAX,
};
use kith_proto::secret::Said;
use sha2::Sha256;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;
use tokio_util::codec::{Framed, LinesCodec};

use super::TorState;
use super::address;
use super::replies::{self, Wants};
use crate::config::ControlPort;

/// Length of Tor's cookie, and of the numbers drawn to show that one knows it.
const COOKIE_BYTES: usize = 32;
const TOR_KNOWS: &[u8] = b"Tor safe cookie authentication server-to-controller hash";
const WE_KNOW: &[u8] = b"Tor safe cookie authentication controller-to-server hash";

trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

/// A line that is open.
pub(super) struct Control {
    lines: Framed<Box<dyn Line>, LinesCodec>,
}

impl Control {
    pub(super) async fn open(place: &ControlPort) -> Result<Self, TorState> {
        let opened = async {
            let line: Box<dyn Line> = match place {
                ControlPort::Address(addr) => Box::new(TcpStream::connect(addr).await?),
                ControlPort::Socket(path) => Box::new(UnixStream::connect(path).await?),
            };
            Ok::<_, io::Error>(line)
        };
        match timeout(Duration::from_secs(TOR_ANSWER_SECONDS), opened).await {
            Ok(Ok(line)) => Ok(Self::on(line)),
            Ok(Err(e)) if e.kind() == io::ErrorKind::PermissionDenied => Err(TorState::Forbidden),
            _ => Err(TorState::Missing),
        }
    }

    fn on(line: Box<dyn Line>) -> Self {
        let codec = LinesCodec::new_with_max_length(TOR_LINE_BYTES_MAX);
        Self {
            lines: Framed::new(line, codec),
        }
    }

    /// By whatever Tor wants of us. Tor shows first that it knows its own cookie: who only stands at its
    /// port could else make us show what is in any file.
    pub(super) async fn show_who_we_are(&mut self) -> Result<(), TorState> {
        let said = self.ask("PROTOCOLINFO 1").await?;
        let proof = match replies::wants(&said).ok_or(TorState::Strange)? {
            Wants::Nothing => String::new(),
            Wants::Cookie(file) => self.prove(&file).await?,
            Wants::Other => return Err(TorState::Refused),
        };
        let command = format!("AUTHENTICATE {proof}");
        self.ask(command.trim_end()).await.map(drop)
    }

    async fn prove(&mut self, file: &Path) -> Result<String, TorState> {
        let cookie = cookie(file).ok_or(TorState::CookieUnreadable)?;
        let mut ours = [0; COOKIE_BYTES];
        getrandom::fill(&mut ours).map_err(|_| TorState::Strange)?;
        let number = HEXUPPER.encode(&ours);
        let asked = format!("AUTHCHALLENGE SAFECOOKIE {number}");
        let said = self.ask(&asked).await?;
        let (proof, theirs) = replies::challenge(&said).ok_or(TorState::Strange)?;
        let known = mac(TOR_KNOWS, &[&cookie, &ours, &theirs]);
        known.verify_slice(&proof).map_err(|_| TorState::Refused)?;
        let known = mac(WE_KNOW, &[&cookie, &ours, &theirs]);
        Ok(HEXUPPER.encode(&known.finalize().into_bytes()))
    }

    /// How much of its way into the network Tor has found, in percent.
    pub(super) async fn bootstrap(&mut self) -> Result<u8, TorState> {
        let said = self.ask("GETINFO status/bootstrap-phase").await?;
        replies::progress(&said).ok_or(TorState::Strange)
    }

    /// Makes the service that leads to this port of ours; the key of its address.
    pub(super) async fn publish(&mut self, key: &Said, port: u16) -> Result<[u8; 32], TorState> {
        self.ask("SETEVENTS HS_DESC").await?;
        let mut command = Said::new(Vec::with_capacity(256));
        command.extend_from_slice(b"ADD_ONION ED25519-V3:");
        let mut text = Said::new(vec![0; BASE64.encode_len(key.len())]);
        BASE64.encode_mut(key, &mut text);
        command.extend_from_slice(&text);
        let rest = format!(
            " Flags=MaxStreamsCloseCircuit MaxStreams={ONION_STREAMS_MAX} Port={ONION_PORT},127.0.0.1:{port}"
        );
        command.extend_from_slice(rest.as_bytes());
        let command = std::str::from_utf8(&command).map_err(|_| TorState::Strange)?;
        let said = self.ask(command).await?;
        let name = replies::service(&said).ok_or(TorState::Strange)?;
        address::service(name).ok_or(TorState::Strange)
    }

    /// Waits until somebody could learn where the service is.
    pub(super) async fn uploaded(&mut self, service: &[u8; 32]) -> Result<(), TorState> {
        let name = address::name(service);
        let name = name.trim_end_matches(".onion");
        loop {
            let line = self.line().await?;
            let event = line.strip_prefix("650 ");
            if event.is_some_and(|event| replies::is_uploaded(event, name)) {
                return self.ask("SETEVENTS").await.map(drop);
            }
        }
    }

    /// Waits until Tor ends the line.
    pub(super) async fn ended(&mut self) {
        while self.line().await.is_ok() {}
    }

    /// One question, and the lines of its answer without their numbers.
    async fn ask(&mut self, command: &str) -> Result<Vec<String>, TorState> {
        let answered = timeout(
            Duration::from_secs(TOR_ANSWER_SECONDS),
            self.answer(command),
        );
        answered.await.unwrap_or(Err(TorState::Missing))
    }

    async fn answer(&mut self, command: &str) -> Result<Vec<String>, TorState> {
        let sent = self.lines.send(command).await;
        sent.map_err(|_| TorState::Missing)?;
        let mut said = Vec::new();
        while said.len() < TOR_LINES_MAX {
            let line = self.line().await?;
            let (code, rest) = line.split_at_checked(3).ok_or(TorState::Strange)?;
            let text = rest.get(1..).unwrap_or_default();
            match (code, rest.chars().next()) {
                // An event between question and answer.
                ("650", _) => {}
                ("250", Some('-')) => said.push(text.to_owned()),
                ("250", Some(' ')) => {
                    said.push(text.to_owned());
                    return Ok(said);
                }
                // Tor has not seen yet that our last line ended, or a copy of this node runs: either may end.
                ("550", _) if command.starts_with("ADD_ONION ") => return Err(TorState::Taken),
                ("515" | "514", _) => return Err(TorState::Refused),
                _ => return Err(TorState::Strange),
            }
        }
        Err(TorState::Strange)
    }

    async fn line(&mut self) -> Result<String, TorState> {
        match self.lines.next().await {
            Some(Ok(line)) => Ok(line),
            // Too long, or not text.
            Some(Err(_)) => Err(TorState::Strange),
            None => Err(TorState::Missing),
        }
    }
}

/// What stands in the file, if it is as long as a cookie.
fn cookie(file: &Path) -> Option<[u8; COOKIE_BYTES]> {
    let length = std::fs::metadata(file).ok()?.len();
    let bytes = (length == COOKIE_BYTES as u64).then(|| std::fs::read(file));
    bytes?.ok()?.try_into().ok()
}

fn mac(label: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    // A key of any length will do.
    let mac = Hmac::<Sha256>::new_from_slice(label);
    let mut mac = mac.unwrap_or_else(|_| Hmac::new(&Default::default()));
    parts.iter().for_each(|part| mac.update(part));
    mac
}
