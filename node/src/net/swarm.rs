//! What the Swarm runs on a connection: almost nothing. It finds the wire that waits for the
//! connection, opens or accepts the friend's one substream, and gives both to a task (`link`).
//!
//! A second, short substream is a probe: that it opens at all is the answer.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use kith_proto::engine::{ConnId, Handle};
use kith_proto::limits::{PROBE_SECONDS, SUBSTREAM_SECONDS};
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::core::upgrade::{InboundUpgrade, OutboundUpgrade, UpgradeInfo};
use libp2p::multiaddr::Protocol;
use libp2p::multihash::Multihash;
use libp2p::swarm::handler::{ConnectionEvent, FullyNegotiatedInbound, FullyNegotiatedOutbound};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, Stream, SubstreamProtocol, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, oneshot};
use tokio_util::compat::FuturesAsyncReadCompatExt;

use super::circuit::{self, Ask, Pace, Switchboard};
use super::gate::Entrance;
use super::link;
use super::muxer::HangUp;
use super::reach::take_number;
use super::wire::{Board, Wire};

/// The substream that carries frames.
const FRAMES: &str = "/kith/1";
/// A substream on which somebody else's connection runs.
const CIRCUIT: &str = "/kith/circuit/1";
/// The substream that shows the other end is alive.
const PROBE: &str = "/kith/probe/1";

/// The id libp2p knows a friend by: the handle, in the shape of a SHA-256 multihash.
pub(super) fn peer_id(handle: Handle) -> Option<PeerId> {
    PeerId::from_multihash(Multihash::wrap(0x12, &handle.0).ok()?).ok()
}

/// An id for this node that no friend has: drawn at each start, never sent.
pub(super) fn nobody() -> Option<PeerId> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    peer_id(Handle(bytes))
}

/// Wires of connections that have become links and that the Swarm has not asked for yet.
#[derive(Clone, Default)]
pub(super) struct Landing(Arc<Mutex<HashMap<ConnId, Landed>>>);

/// A wire that waits, what ends its connection, and whether it was dialled from here.
type Landed = (Wire, HangUp, bool);

impl Landing {
    pub(super) fn put(&self, wire: Wire, hang_up: HangUp, dialled: bool) {
        self.wires().insert(wire.conn(), (wire, hang_up, dialled));
    }

    fn take(&self, address: &Multiaddr) -> Option<Landed> {
        let conn = take_number(&mut address.clone())?;
        self.wires().remove(&conn)
    }

    fn wires(&self) -> MutexGuard<'_, HashMap<ConnId, Landed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The behaviour the Swarm is given: one [`Opener`] a connection, no events.
#[derive(Default)]
pub(super) struct Links {
    landing: Landing,
    switchboard: Switchboard,
    /// Where circuits come in, and who is told; nobody before the gate stands.
    circuits: Option<(Entrance, Board)>,
}

impl Links {
    pub(super) fn landing(&self) -> Landing {
        self.landing.clone()
    }

    pub(super) fn switchboard(&self) -> Switchboard {
        self.switchboard.clone()
    }

    /// Lets friends ask to be put through from now on.
    pub(super) fn put_through(&mut self, entrance: Entrance, board: Board) {
        self.circuits = Some((entrance, board));
    }

    fn opener(&self, address: &Multiaddr) -> Result<Opener, ConnectionDenied> {
        let landed = self.landing.take(address);
        let (wire, hang_up, dialled) = landed.ok_or_else(|| ConnectionDenied::new(NoWire))?;
        // A link that is a circuit itself carries none: nobody is put through twice.
        let direct = !matches!(address.iter().next(), Some(Protocol::Memory(_)));
        let circuits = self.circuits.clone().filter(|_| direct);
        let circuits = circuits.map(|(entrance, board)| Circuits {
            conn: wire.conn(),
            pace: Pace::new(),
            asked: self.switchboard.enter(wire.conn()),
            switchboard: self.switchboard(),
            entrance,
            board,
        });
        let (opened, substream) = oneshot::channel();
        let (probe, probes) = mpsc::unbounded_channel();
        tokio::spawn(link::serve(wire, substream, probe, hang_up));
        Ok(Opener {
            dialled,
            asked: !dialled,
            opened: Some(opened),
            probes,
            circuits,
        })
    }
}

/// A connection reached the Swarm by another way than the Gate.
#[derive(Debug)]
struct NoWire;

impl std::fmt::Display for NoWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no wire")
    }
}

impl std::error::Error for NoWire {}

impl NetworkBehaviour for Links {
    type ConnectionHandler = Opener;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<Opener, ConnectionDenied> {
        self.opener(remote)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        address: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Opener, ConnectionDenied> {
        self.opener(address)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: Infallible) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, Infallible>> {
        Poll::Pending
    }
}

/// Opens and accepts the substreams of one connection.
pub(super) struct Opener {
    dialled: bool,
    /// Whether the friend's substream was asked for, or is not ours to ask for.
    asked: bool,
    /// Where it goes.
    opened: Option<oneshot::Sender<Stream>>,
    /// Probes the link asks for.
    probes: mpsc::UnboundedReceiver<oneshot::Sender<bool>>,
    /// Unless it is a circuit itself.
    circuits: Option<Circuits>,
}

/// What circuits by one link need.
struct Circuits {
    conn: ConnId,
    pace: Pace,
    /// Substreams that are asked for, on which somebody is put through to the friend, or I am.
    asked: mpsc::UnboundedReceiver<Ask>,
    switchboard: Switchboard,
    entrance: Entrance,
    board: Board,
}

impl Circuits {
    /// The friend opened a substream and asks to be put through.
    fn take(&mut self, stream: Stream) {
        if !self.pace.allows() {
            return;
        }
        let (links, entrance) = (self.switchboard.clone(), self.entrance.clone());
        let (board, conn) = (self.board.clone(), self.conn);
        tokio::spawn(async move {
            let pipe = Box::new(stream.compat());
            let mine = circuit::put_through(pipe, conn, &board, &links).await?;
            entrance.receive(mine).await
        });
    }
}

/// What a substream that we ask for is for.
pub(super) enum Asked {
    Frames,
    Probe(oneshot::Sender<bool>),
    Circuit(Ask),
}

impl Opener {
    fn give(&mut self, stream: Stream) {
        // A second one finds nobody waiting, and is closed.
        if let Some(opened) = self.opened.take() {
            let _ = opened.send(stream);
        }
    }
}

impl ConnectionHandler for Opener {
    type FromBehaviour = Infallible;
    type ToBehaviour = Infallible;
    type InboundProtocol = Offer;
    type OutboundProtocol = Offer;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Asked;

    fn listen_protocol(&self) -> SubstreamProtocol<Offer> {
        let offer: &[&str] = match (self.dialled, self.circuits.is_some()) {
            (true, true) => &[PROBE, CIRCUIT],
            (true, false) => &[PROBE],
            (false, true) => &[FRAMES, PROBE, CIRCUIT],
            (false, false) => &[FRAMES, PROBE],
        };
        SubstreamProtocol::new(Offer(offer), ())
            .with_timeout(Duration::from_secs(SUBSTREAM_SECONDS))
    }

    /// The link decides when a connection ends, by hanging up.
    fn connection_keep_alive(&self) -> bool {
        true
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Offer, Asked, Infallible>> {
        let (offer, asked, seconds): (&[&str], _, _) = if !self.asked {
            self.asked = true;
            (&[FRAMES], Asked::Frames, SUBSTREAM_SECONDS)
        } else if let Poll::Ready(Some(answer)) = self.probes.poll_recv(cx) {
            (&[PROBE], Asked::Probe(answer), PROBE_SECONDS)
        } else if let Some(circuits) = &mut self.circuits
            && let Poll::Ready(Some(ask)) = circuits.asked.poll_recv(cx)
        {
            (&[CIRCUIT], Asked::Circuit(ask), SUBSTREAM_SECONDS)
        } else {
            return Poll::Pending;
        };
        Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest {
            protocol: SubstreamProtocol::new(Offer(offer), asked)
                .with_timeout(Duration::from_secs(seconds)),
        })
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Offer, Offer, (), Asked>) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol: (FRAMES, stream),
                ..
            }) => self.give(stream),
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol: (CIRCUIT, stream),
                ..
            }) => {
                if let Some(circuits) = &mut self.circuits {
                    circuits.take(stream);
                }
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: (_, stream),
                info,
            }) => match info {
                Asked::Frames => self.give(stream),
                Asked::Probe(answer) => drop(answer.send(true)),
                Asked::Circuit(ask) => drop(ask.send(Box::new(stream.compat()))),
            },
            // A substream that failed: its `Asked`, or the place it would go to, is dropped.
            ConnectionEvent::DialUpgradeError(error) => match error.info {
                Asked::Frames => self.opened = None,
                Asked::Probe(answer) => drop(answer.send(false)),
                Asked::Circuit(_) => {}
            },
            _ => {}
        }
    }
}

/// Protocol names, of which one is agreed on; nothing more is negotiated.
pub(super) struct Offer(&'static [&'static str]);

impl UpgradeInfo for Offer {
    type Info = &'static str;
    type InfoIter = std::iter::Copied<std::slice::Iter<'static, &'static str>>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.iter().copied()
    }
}

impl InboundUpgrade<Stream> for Offer {
    type Output = (&'static str, Stream);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, name: &'static str) -> Self::Future {
        ready(Ok((name, stream)))
    }
}

impl OutboundUpgrade<Stream> for Offer {
    type Output = (&'static str, Stream);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_outbound(self, stream: Stream, name: &'static str) -> Self::Future {
        ready(Ok((name, stream)))
    }
}
