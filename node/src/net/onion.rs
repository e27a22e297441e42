//! Our listener for those whom Tor brings, and the service that leads to it. Whoever comes here is a
//! stranger at the same door as any other.

use std::io;
use std::net::Ipv4Addr;

use kith_proto::engine::Addr;
use kith_proto::secret::Said;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use super::gate::Entrance;
use super::tor::{Service, TorState};
use crate::config::ControlPort;

/// Our listener for those whom Tor brings, and the service that leads to it.
pub(super) struct Onion {
    port: u16,
    control: ControlPort,
    state: watch::Sender<TorState>,
    published: Option<mpsc::UnboundedReceiver<Addr>>,
}

impl Onion {
    pub(super) fn new(
        entrance: Entrance,
        control: ControlPort,
        state: watch::Sender<TorState>,
    ) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        tokio::spawn(entrance.accept(TcpListener::from_std(listener)?));
        Ok(Self {
            port,
            control,
            state,
            published: None,
        })
    }

    /// Begins to publish; what was published before ends.
    pub(super) fn publish(&mut self, key: Said) {
        let (found, published) = mpsc::unbounded_channel();
        self.published = Some(published);
        let service = Service {
            key,
            port: self.port,
            control: self.control.clone(),
            state: self.state.clone(),
            found,
        };
        tokio::spawn(service.keep());
    }
}

/// The address of our service, each time that Tor takes it.
pub(super) async fn published(onion: &mut Option<Onion>) -> Addr {
    let published = onion.as_mut().and_then(|onion| onion.published.as_mut());
    if let Some(published) = published
        && let Some(addr) = published.recv().await
    {
        return addr;
    }
    std::future::pending().await
}
