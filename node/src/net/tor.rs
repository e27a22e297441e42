//! Tor as a neighbour: calls of ours go through its SOCKS port, and as long as its control port holds
//! our line, it publishes an onion service that leads to a listener of ours on this machine.
//!
//! Knows onion addresses and Tor's own words, no friend. Whatever happens to Tor, this tries again
//! until Tor is back; what stands in the way a person is told. PROTOCOL §3 "Tor".

mod address;
mod control;
mod replies;
pub(super) mod socks;

use std::convert::Infallible;
use std::time::Duration;

use kith_proto::engine::Addr;
use kith_proto::limits::{ONION_PORT, TOR_RETRY_SECONDS_MAX, TOR_RETRY_SECONDS_MIN};
use kith_proto::secret::Said;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use self::control::Control;
use crate::config::ControlPort;

pub(super) use self::address::name;

/// How far our onion service is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TorState {
    /// Nobody wants Tor here, or the node is locked.
    #[default]
    Off,
    /// Tor is being asked.
    Asking,
    /// Nobody answers at Tor's control port.
    Missing,
    /// The system does not let us talk to the control port.
    Forbidden,
    /// The file that shows who we are (its cookie) cannot be read by us.
    CookieUnreadable,
    /// Tor takes nothing but a password, or did not take what we showed.
    Refused,
    /// What answers there does not speak as Tor does.
    Strange,
    /// Tor publishes our address for somebody else: for us a moment ago, as a rule.
    Taken,
    /// Tor is looking for its way into the network.
    Starting {
        /// How much of it is done.
        percent: u8,
    },
    /// The service is made; nobody has been told yet where it is.
    Publishing,
    /// Friends can come.
    Published,
}

/// A line to Tor ended.
enum Over {
    /// This stood in the way.
    With(TorState),
    /// The network of this node is gone.
    Us,
}

impl From<TorState> for Over {
    fn from(state: TorState) -> Self {
        Self::With(state)
    }
}

/// What publishing needs.
pub(super) struct Service {
    /// `ONION_KEY_BYTES` bytes.
    pub(super) key: Said,
    /// Where our listener is, on loopback.
    pub(super) port: u16,
    /// Where Tor is told of it.
    pub(super) control: ControlPort,
    /// How far it is.
    pub(super) state: watch::Sender<TorState>,
    /// Where the address is told, each time it is published.
    pub(super) found: mpsc::UnboundedSender<Addr>,
}

impl Service {
    /// Publishes, waits for the line to Tor to end, begins again; until nobody listens any more.
    pub(super) async fn keep(self) {
        let mut pause = TOR_RETRY_SECONDS_MIN;
        loop {
            // What was in the way is shown until it is known to be gone.
            if *self.state.borrow() == TorState::Off {
                self.now(TorState::Asking);
            }
            let Err(over) = self.publish().await;
            let Over::With(state) = over else {
                return self.now(TorState::Off);
            };
            if *self.state.borrow() == TorState::Published {
                pause = TOR_RETRY_SECONDS_MIN;
            }
            self.now(state);
            sleep(Duration::from_secs(pause)).await;
            pause = (pause * 2).min(TOR_RETRY_SECONDS_MAX);
        }
    }

    fn now(&self, state: TorState) {
        if self.state.send_replace(state) != state {
            tracing::info!(target: "kith", ?state, "tor");
        }
    }

    /// One line to Tor, from its beginning to its end.
    async fn publish(&self) -> Result<Infallible, Over> {
        let mut tor = Control::open(&self.control).await?;
        tor.show_who_we_are().await?;
        while let percent @ ..100 = tor.bootstrap().await? {
            self.now(TorState::Starting { percent });
            if self.found.is_closed() {
                return Err(Over::Us);
            }
            sleep(Duration::from_secs(1)).await;
        }
        let service = tor.publish(&self.key, self.port).await?;
        self.now(TorState::Publishing);
        let told = self.found.send(Addr::Onion(service, ONION_PORT));
        told.map_err(|_| Over::Us)?;
        tokio::select! {
            () = self.found.closed() => return Err(Over::Us),
            uploaded = tor.uploaded(&service) => uploaded?,
        }
        self.now(TorState::Published);
        tokio::select! {
            () = self.found.closed() => Err(Over::Us),
            () = tor.ended() => Err(TorState::Missing.into()),
        }
    }
}

#[cfg(test)]
mod tests;
