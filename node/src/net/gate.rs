//! libp2p's TCP transport behind the door: the Swarm never sees a connection before the engine has
//! shaken hands on it, and an inbound one not before its first record has authenticated.
//!
//! So silent sockets fill our rooms, not the Swarm's few pending slots. PROTOCOL §3 "Until message
//! 3 authenticates". No Keypair, no multistream-select below the records.

use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use kith_proto::engine::{ConnId, Handle};
use kith_proto::limits::{
    CONNECT_SECONDS, FIRST_RECORD_SECONDS, KEEPALIVE_EVERY_SECONDS, KEEPALIVE_IDLE_SECONDS,
    KEEPALIVE_PROBES, ONION_CONNECT_SECONDS,
};
use kith_proto::profile::Ways;
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{DialOpts, ListenerId, PortUse, TransportError, TransportEvent};
use libp2p::{Multiaddr, PeerId, Transport, tcp};
use rustix::net::sockopt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::circuit::{Pipe, Socket};
use super::door::{Agreed, Budget, Porch, call};
use super::muxer::Muxer;
use super::reach::{listen_address, numbered, onion_of, take_number};
use super::sealed::Sealed;
use super::swarm::{Landing, peer_id};
use super::tor::socks;
use super::wire::{Board, Wire};

type Link = (PeerId, StreamMuxerBox);

/// The transport the Swarm is given.
pub(super) struct Gate {
    tcp: tcp::tokio::Transport,
    entrance: Entrance,
    /// Tor's port for calls of ours.
    socks: SocketAddr,
    arrived: mpsc::UnboundedReceiver<Arrival>,
}

/// Where accepted sockets go in.
#[derive(Clone)]
pub(super) struct Entrance {
    board: Board,
    landing: Landing,
    porch: Porch,
    ways: Ways,
    /// Whether whoever comes here comes from Tor.
    by_tor: bool,
    arrive: mpsc::UnboundedSender<Arrival>,
}

/// An inbound connection that became a link.
struct Arrival {
    listener_id: ListenerId,
    local_addr: Multiaddr,
    send_back_addr: Multiaddr,
    link: Link,
}

impl Gate {
    pub(super) fn new(
        board: Board,
        landing: Landing,
        budget: Budget,
        ways: Ways,
        socks: SocketAddr,
    ) -> Self {
        let (arrive, arrived) = mpsc::unbounded_channel();
        let entrance = Entrance {
            board,
            landing,
            porch: Porch::new(budget),
            ways,
            by_tor: false,
            arrive,
        };
        Self {
            tcp: tcp::tokio::Transport::new(tcp::Config::new().nodelay(true)),
            entrance,
            socks,
            arrived,
        }
    }

    /// Where circuits come in.
    pub(super) fn entrance(&self) -> Entrance {
        self.entrance.clone()
    }

    /// Where those go in who come to our onion service.
    pub(super) fn onions_entrance(&self) -> Entrance {
        let entrance = self.entrance.clone();
        Entrance {
            porch: entrance.porch.behind_tor(),
            by_tor: true,
            ..entrance
        }
    }
}

impl Entrance {
    /// Puts those before the door whom Tor brings, until the last of the network is gone.
    pub(super) async fn accept(self, listener: TcpListener) {
        let id = ListenerId::next();
        while !self.arrive.is_closed() {
            match listener.accept().await {
                Ok((socket, from)) => {
                    let _ = socket.set_nodelay(true);
                    let there = listen_address(from);
                    self.open(socket, id, there.clone(), there);
                }
                // Out of file descriptors: let some go before the next try.
                Err(_) => sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Puts an accepted socket before the door, in a task of its own.
    fn open(&self, socket: TcpStream, listener_id: ListenerId, here: Multiaddr, there: Multiaddr) {
        let Ok(from) = socket.peer_addr() else { return };
        if !self.ways.hears(from.ip()) {
            return;
        }
        let entrance = self.clone();
        tokio::spawn(async move {
            let Entrance { board, porch, .. } = &entrance;
            let agreed = porch.receive(socket, Some(from.ip()), board).await?;
            let mut fresh = Fresh::of_tcp(agreed, entrance.by_tor);
            fresh.first_record().await?;
            entrance.hand_over(fresh, listener_id, here, there)
        });
    }

    /// Lets in whoever comes by a circuit, as if they had come by themselves.
    pub(super) async fn receive(&self, pipe: Pipe) -> Option<()> {
        let agreed = self.porch.receive(pipe, None, &self.board);
        let mut fresh = Fresh::new(agreed.await?);
        fresh.first_record().await?;
        self.arrives(fresh)
    }

    /// Speaks on a circuit of mine as on a connection that I opened.
    pub(super) async fn call(&self, pipe: Pipe, wire: Wire) -> Option<()> {
        self.arrives(Fresh::new(call(pipe, wire).await?))
    }

    /// Came through no listener.
    fn arrives(&self, mut fresh: Fresh<Pipe>) -> Option<()> {
        fresh.wire.goes_through();
        let nowhere = numbered(Multiaddr::empty(), ConnId(0));
        self.hand_over(fresh, ListenerId::next(), nowhere.clone(), nowhere)
    }

    /// Makes a link of it and gives it to the Swarm.
    fn hand_over<S: Socket + 'static>(
        &self,
        fresh: Fresh<S>,
        listener_id: ListenerId,
        here: Multiaddr,
        there: Multiaddr,
    ) -> Option<()> {
        let send_back_addr = numbered(there, fresh.wire.conn());
        let link = fresh.land(&self.landing)?;
        let arrival = Arrival {
            listener_id,
            local_addr: here,
            send_back_addr,
            link,
        };
        self.arrive.send(arrival).ok()
    }
}

impl Transport for Gate {
    type Output = Link;
    type Error = io::Error;
    type ListenerUpgrade = Ready<io::Result<Link>>;
    type Dial = BoxFuture<'static, io::Result<Link>>;

    fn listen_on(
        &mut self,
        id: ListenerId,
        addr: Multiaddr,
    ) -> Result<(), TransportError<io::Error>> {
        self.tcp.listen_on(id, addr)
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.tcp.remove_listener(id)
    }

    fn dial(
        &mut self,
        mut addr: Multiaddr,
        mut opts: DialOpts,
    ) -> Result<Self::Dial, TransportError<io::Error>> {
        let conn = take_number(&mut addr)
            .ok_or_else(|| TransportError::MultiaddrNotSupported(addr.clone()))?;
        // From here on the engine hears of the end, however it comes: the wire says so when dropped.
        let wire = self.entrance.board.connect(conn);
        let landing = self.entrance.landing.clone();
        if let Some((service, port)) = onion_of(&addr) {
            let socks = self.socks;
            return Ok(async move {
                let patience = Duration::from_secs(ONION_CONNECT_SECONDS);
                let calling = socks::call(socks, &service, port);
                let socket = timeout(patience, calling).await??;
                let agreed = call(socket, wire).await.ok_or_else(over)?;
                Fresh::of_tcp(agreed, true).land(&landing).ok_or_else(over)
            }
            .boxed());
        }
        // The port we listen at would tell an observer which connections belong together.
        opts.port_use = PortUse::New;
        let connecting = self.tcp.dial(addr, opts)?;
        Ok(async move {
            let socket = timeout(Duration::from_secs(CONNECT_SECONDS), connecting).await??;
            let agreed = call(TcpStream::from(socket), wire).await.ok_or_else(over)?;
            Fresh::of_tcp(agreed, false).land(&landing).ok_or_else(over)
        }
        .boxed())
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, io::Error>> {
        loop {
            if let Poll::Ready(Some(arrival)) = self.arrived.poll_recv(cx) {
                return Poll::Ready(TransportEvent::Incoming {
                    listener_id: arrival.listener_id,
                    upgrade: ready(Ok(arrival.link)),
                    local_addr: arrival.local_addr,
                    send_back_addr: arrival.send_back_addr,
                });
            }
            match futures::ready!(Pin::new(&mut self.tcp).poll(cx)) {
                TransportEvent::Incoming {
                    listener_id,
                    upgrade,
                    local_addr,
                    send_back_addr,
                } => {
                    if let Ok(socket) = upgrade.into_inner() {
                        let socket = socket.into();
                        self.entrance
                            .open(socket, listener_id, local_addr, send_back_addr);
                    }
                }
                other => return Poll::Ready(other.map_upgrade(|_| ready(Err(over())))),
            }
        }
    }
}

/// A connection that carries records from now on.
struct Fresh<S> {
    wire: Wire,
    handle: Handle,
    dialled: bool,
    sealed: Sealed<S>,
}

impl Fresh<TcpStream> {
    fn of_tcp(mut agreed: Agreed<TcpStream>, by_tor: bool) -> Self {
        // Without keep-alive a dead link is noticed late, nothing worse: its errors do not matter.
        let _ = keep_alive(&agreed.socket);
        if by_tor {
            agreed.wire.goes_unseen();
        }
        Self::new(agreed)
    }
}

impl<S: Socket + 'static> Fresh<S> {
    fn new(agreed: Agreed<S>) -> Self {
        Self {
            wire: agreed.wire,
            handle: agreed.handle,
            dialled: agreed.records.dialled(),
            sealed: Sealed::new(agreed.socket, agreed.records),
        }
    }

    /// Waits, saying nothing, for the first record of whoever dialled us.
    async fn first_record(&mut self) -> Option<()> {
        let patience = Duration::from_secs(FIRST_RECORD_SECONDS);
        tokio::select! {
            () = self.wire.close_ordered() => None,
            first = timeout(patience, self.sealed.first_record()) => first.ok()?.ok(),
        }
    }

    /// Makes a link of it, whose wire waits for the Swarm to ask.
    fn land(self, landing: &Landing) -> Option<Link> {
        let peer = peer_id(self.handle)?;
        let (hang_up, hung_up) = oneshot::channel();
        landing.put(self.wire, hang_up, self.dialled);
        let muxer = Muxer::new(self.sealed, self.dialled, hung_up);
        Some((peer, StreamMuxerBox::new(muxer)))
    }
}

pub(super) fn keep_alive(socket: &TcpStream) -> rustix::io::Result<()> {
    sockopt::set_socket_keepalive(socket, true)?;
    sockopt::set_tcp_keepidle(socket, Duration::from_secs(KEEPALIVE_IDLE_SECONDS))?;
    sockopt::set_tcp_keepintvl(socket, Duration::from_secs(KEEPALIVE_EVERY_SECONDS))?;
    sockopt::set_tcp_keepcnt(socket, KEEPALIVE_PROBES)?;
    #[cfg(target_os = "linux")]
    sockopt::set_tcp_user_timeout(socket, kith_proto::limits::UNACKNOWLEDGED_MS)?;
    Ok(())
}

fn over() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}
