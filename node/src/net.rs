//! The engine's effects as TCP, and what TCP brings back: a thread of its own, orders in, news out.
//!
//! A connection is first mute (`door`): bytes go where the engine says and a stranger hears none.
//! When the engine has shaken hands it becomes a link: records (`sealed`), a muxer, one substream
//! of frames (`link`). Knows handles and addresses, holds no key but the records', decides
//! nothing, writes nothing down. PROTOCOL §3.

mod beacon;
mod circuit;
mod contract;
mod door;
mod gate;
mod link;
mod meeting;
mod muxer;
mod onion;
mod reach;
mod room;
mod sealed;
mod swarm;
mod tor;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread::JoinHandle;
use std::time::Duration;

use futures::StreamExt;
use kith_proto::engine::{ConnId, Handle};
use kith_proto::limits::LISTENING_SETTLE_MS;
use kith_proto::profile::{Way, Ways};
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{Config, Swarm, SwarmEvent};
use libp2p::{Multiaddr, Transport};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use self::beacon::Beacons;
use self::circuit::Switchboard;
pub use self::contract::{CannotListen, Found, News, Order, Setup};
use self::gate::{Entrance, Gate};
use self::meeting::{Meeting, Turn};
use self::onion::{Onion, published};
pub(crate) use self::reach::socket_address;
use self::reach::{Reach, dial_address, listen_address};
use self::swarm::Links;
pub use self::tor::TorState;
use self::wire::Board;
pub use self::wire::Credit;

/// The handle of whoever is called at a meeting: they have no name yet.
const NOBODY: Handle = Handle([0; 32]);

/// The running network; it ends when this is dropped.
pub struct Net {
    orders: Option<mpsc::UnboundedSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Net {
    /// Passes an order on. Never blocks; an order for a connection that is over is forgotten.
    pub fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The thread ends before `self` only if it panicked; `drop` waits for it.
            let _ = orders.send(order);
        }
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Listens and tells `news` what happens, from the network's thread: it must not block.
///
/// # Errors
/// [`CannotListen`].
pub fn start(
    setup: Setup,
    news: impl Fn(News) + Send + Sync + 'static,
) -> Result<Net, CannotListen> {
    let (orders, inbox) = mpsc::unbounded_channel();
    let (ready, started) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new()
        .name("kith-net".into())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let Ok(runtime) = runtime else {
                let _ = ready.send(Err(CannotListen::NoMeans));
                return;
            };
            runtime.block_on(async {
                let node = Node::new(setup, Board::new(news));
                let (node, outcome) = match node {
                    Ok(node) => (Some(node), Ok(())),
                    Err(error) => (None, Err(error)),
                };
                let _ = ready.send(outcome);
                if let Some(node) = node {
                    node.run(inbox).await;
                }
            });
        })
        .map_err(|_| CannotListen::NoMeans)?;
    let net = Net {
        orders: Some(orders),
        thread: Some(thread),
    };
    started.recv().unwrap_or(Err(CannotListen::NoMeans))?;
    Ok(net)
}

struct Node {
    swarm: Swarm<Links>,
    board: Board,
    reach: Reach,
    beacons: Beacons,
    meeting: Option<Meeting>,
    listen: Vec<SocketAddr>,
    ways: Ways,
    onion: Option<Onion>,
    entrance: Entrance,
    switchboard: Switchboard,
}

impl Node {
    fn new(setup: Setup, board: Board) -> Result<Self, CannotListen> {
        let Setup {
            mut listen,
            beacons,
            ways,
            socks,
            control,
            tor,
        } = setup;
        if !ways.listens() {
            listen.clear();
        }
        let listen = reach::usable(&listen).map_err(|(addr, kind)| refusal(addr, kind))?;
        let budget = door::Budget::draw().ok_or(CannotListen::NoMeans)?;
        let myself = swarm::nobody().ok_or(CannotListen::NoMeans)?;
        let mut links = Links::default();
        let gate = Gate::new(board.clone(), links.landing(), budget, ways, socks.0);
        let service = ways
            .by_tor()
            .then(|| Onion::new(gate.onions_entrance(), control, tor));
        let service = service.transpose().map_err(|error| {
            CannotListen::Refused(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), error.kind())
        })?;
        let (entrance, switchboard) = (gate.entrance(), links.switchboard());
        links.put_through(entrance.clone(), board.clone());
        let config = Config::with_tokio_executor();
        let mut swarm = Swarm::new(gate.boxed(), links, myself, config);
        for &addr in &listen {
            swarm
                .listen_on(listen_address(addr))
                .map_err(|_| CannotListen::Refused(addr, io::ErrorKind::Other))?;
        }
        Ok(Self {
            swarm,
            board,
            reach: Reach::new(ways),
            beacons: Beacons::new(beacons && ways.beacons()),
            meeting: None,
            listen,
            ways,
            onion: service,
            entrance,
            switchboard,
        })
    }

    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Order>) {
        let mut tell_at = None;
        loop {
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return,
                },
                event = self.swarm.select_next_some() => if self.note(event) {
                    tell_at = Some(Instant::now() + Duration::from_millis(LISTENING_SETTLE_MS));
                },
                () = sleep_until(tell_at.unwrap_or_else(Instant::now)), if tell_at.is_some() => {
                    tell_at = None;
                    self.tell_addresses();
                }
                (from, bytes) = self.beacons.next() => {
                    self.board.tell(News::Beacon { from, bytes });
                }
                addr = published(&mut self.onion) => {
                    self.reach.published(addr);
                    self.tell_addresses();
                }
                (turn, beacon) = turn(&mut self.meeting) => match turn {
                    Turn::Came(socket, seat) => if self.may_come(&socket) {
                        meeting::welcome(&self.board, socket, seat);
                    },
                    Turn::Beat => self.beacons.send_everywhere(&beacon),
                }
            }
        }
    }

    fn may_come(&self, socket: &TcpStream) -> bool {
        let from = socket.peer_addr();
        from.is_ok_and(|from| self.ways.hears(from.ip()))
    }

    fn tell_addresses(&mut self) {
        if let Some(addrs) = self.reach.changed() {
            self.board.tell(News::Listening(addrs));
        }
        if self.ways.beacons()
            && let Some(addrs) = self.beacons.moved(self.reach.near())
        {
            self.board.tell(News::Near(addrs));
        }
        if self.meeting.is_some() {
            self.tell_meeting();
        }
    }

    fn tell_meeting(&mut self) {
        let around = self.reach.around();
        let open = self.meeting.as_ref().map(|meeting| meeting.addrs(around));
        self.board.tell(News::MeetingOpen(open.unwrap_or_default()));
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Dial { conn, handle, addr } if handle == NOBODY => {
                meeting::call(&self.board, conn, self.ways.to_meeting(addr));
            }
            Order::Dial { conn, addr, .. } => self.dial(conn, self.ways.to(addr)),
            Order::DialThrough { conn, via, circuit } => self.dial_through(conn, via, circuit),
            Order::OpenMeeting => {
                let open = self.ways.meets().then(|| Meeting::open(&self.listen));
                self.meeting = open.and_then(Result::ok);
                self.tell_meeting();
            }
            Order::CloseMeeting => self.meeting = None,
            Order::Publish(key) => {
                if let Some(onion) = &mut self.onion {
                    onion.publish(key);
                }
            }
            Order::FindMeetings(reply) if !self.ways.beacons() => {
                // Who asked may be gone.
                let _ = reply.send(Ok(Vec::new()));
            }
            Order::Hear(_) | Order::Beacon { .. } if !self.ways.beacons() => {}
            Order::Hear(hear) => self.beacons.hear(hear),
            Order::Beacon { from, bytes } => beacon::send(from, &bytes),
            Order::FindMeetings(reply) => self.beacons.search(reply),
            order => self.board.pass(order),
        }
    }

    fn dial(&mut self, conn: ConnId, way: Option<Way>) {
        // The handle is not given to the Swarm: who answered is what the handshake says.
        let dialling = way.map(|way| dial_address(way, conn)).map(|address| {
            let options = DialOpts::unknown_peer_id().address(address);
            self.swarm.dial(options.build())
        });
        // Only the Gate makes a wire, and a refusal here comes before it.
        if !matches!(dialling, Some(Ok(()))) {
            self.board.tell(News::Closed(conn));
        }
    }

    /// Asks a friend to put me through, and speaks there as on a connection of my own.
    fn dial_through(&self, conn: ConnId, via: ConnId, circuit: [u8; 16]) {
        let mut wire = self.board.connect(conn);
        let (entrance, links) = (self.entrance.clone(), self.switchboard.clone());
        tokio::spawn(async move {
            let asked = async {
                let mut pipe = links.open(via).await?;
                circuit::ask(&mut pipe, circuit).await.ok()?;
                Some(pipe)
            };
            let pipe = tokio::select! {
                () = wire.close_ordered() => None,
                pipe = asked => pipe,
            };
            entrance.call(pipe?, wire).await
        });
    }

    /// Whether the addresses we listen at may have changed. All else the Swarm says is known
    /// already, by the wire of the connection.
    fn note<E>(&mut self, event: SwarmEvent<E>) -> bool {
        match event {
            SwarmEvent::NewListenAddr { address, .. } => self.reach.gained(&address),
            SwarmEvent::ExpiredListenAddr { address, .. } => self.reach.lost(&address),
            SwarmEvent::ListenerClosed { addresses, .. } => {
                tracing::warn!(target: "kith", "a listener closed");
                let lost = |address: &Multiaddr| self.reach.lost(address);
                addresses.iter().map(lost).fold(false, |any, one| any | one)
            }
            SwarmEvent::ListenerError { .. } => {
                tracing::debug!(target: "kith", "accepting failed; waiting a moment");
                false
            }
            _ => false,
        }
    }
}

/// What comes next at a meeting's door, and its beacon; nothing ever without one.
async fn turn(meeting: &mut Option<Meeting>) -> (Turn, Vec<u8>) {
    match meeting {
        Some(meeting) => (meeting.next().await, meeting.beacon()),
        None => std::future::pending().await,
    }
}

fn refusal(addr: SocketAddr, kind: io::ErrorKind) -> CannotListen {
    match kind {
        io::ErrorKind::AddrInUse => CannotListen::Taken(addr),
        io::ErrorKind::AddrNotAvailable => CannotListen::NotHere(addr),
        io::ErrorKind::PermissionDenied => CannotListen::Forbidden(addr),
        kind => CannotListen::Refused(addr, kind),
    }
}

#[cfg(test)]
mod tests;
