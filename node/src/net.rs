//! The engine's effects as TCP, and what TCP brings back: a thread of its own, orders in, news out.
//!
//! A connection is first mute (`door`): bytes go where the engine says and a stranger hears none.
//! When the engine has shaken hands it becomes a link: records (`sealed`), a muxer, one substream
//! of frames (`link`). Knows handles and addresses, holds no key but the records', decides
//! nothing, writes nothing down. PROTOCOL §3.

mod beacon;
mod circuit;
mod door;
mod gate;
mod link;
mod meeting;
mod muxer;
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
use kith_proto::engine::{Addr, ConnId, Handle, Knock, Toward};
use kith_proto::limits::LISTENING_SETTLE_MS;
use kith_proto::link::Records;
use kith_proto::profile::{Way, Ways};
use kith_proto::secret::Said;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{Config, Swarm, SwarmEvent};
use libp2p::{Multiaddr, Transport};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use crate::config::{ControlPort, SocksPort};
use crate::control::No;

use self::beacon::Beacons;
use self::circuit::Switchboard;
use self::gate::{Entrance, Gate};
use self::meeting::{Meeting, Turn};
pub(crate) use self::reach::socket_address;
use self::reach::{Reach, dial_address, listen_address};
use self::swarm::Links;
use self::tor::Service;
pub use self::tor::TorState;
use self::wire::Board;
pub use self::wire::Credit;

/// Where it is said where meetings were found.
pub type Found = oneshot::Sender<Result<Vec<Addr>, No>>;

/// What the engine wants of the network; the network effects of `engine::Effect`, bodies at hand.
pub enum Order {
    /// Open a TCP connection; then [`News::Connected`] or [`News::Closed`].
    Dial {
        /// Its number, odd, never used before.
        conn: ConnId,
        /// Whom we hope to find.
        handle: Handle,
        /// Where.
        addr: Addr,
    },
    /// Ask whoever is at the end of a link to put me through; then as after [`Order::Dial`].
    DialThrough {
        /// Its number, odd, never used before.
        conn: ConnId,
        /// The link.
        via: ConnId,
        /// Where to.
        circuit: [u8; 16],
    },
    /// Write bytes on a mute connection.
    Write {
        /// The connection.
        conn: ConnId,
        /// As they are.
        bytes: Vec<u8>,
    },
    /// Read exactly so many bytes on a mute connection, or close it.
    Read {
        /// The connection.
        conn: ConnId,
        /// How many.
        bytes: usize,
        /// For at most so long.
        within_ms: u32,
    },
    /// The handshake is done: from here on the connection carries records.
    Link {
        /// The connection.
        conn: ConnId,
        /// Whose link it is.
        handle: Handle,
        /// Seals and opens its records.
        records: Box<Records>,
    },
    /// Send one frame on a link, after [`News::Opened`].
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`, not 0.
        kind: u8,
        /// At most `FRAME_BYTES_MAX` bytes.
        body: Vec<u8>,
    },
    /// Find out whether the other end of a link still answers; then [`News::Probed`].
    Probe(ConnId),
    /// Listen for beacons, or do not any more.
    Hear(bool),
    /// Send a beacon from this address of ours.
    Beacon {
        /// One of [`News::Near`].
        from: Addr,
        /// `BEACON_BYTES` bytes.
        bytes: Vec<u8>,
    },
    /// Close a connection without a word; frames ordered before still leave if they can.
    Close(ConnId),
    /// Open a listener for a meeting and tell of it; then [`News::MeetingOpen`], and [`News::Guest`]s.
    OpenMeeting,
    /// Close it; its connections go on.
    CloseMeeting,
    /// Let Tor publish our onion service, of this key; then it is among [`News::Listening`].
    Publish(Said),
    /// Look for meetings of others, and say where they are.
    FindMeetings(Found),
}

impl Order {
    /// Which connection it is for, if it is for one.
    fn conn(&self) -> Option<ConnId> {
        Some(match self {
            Order::Dial { conn, .. }
            | Order::DialThrough { conn, .. }
            | Order::Write { conn, .. }
            | Order::Read { conn, .. }
            | Order::Link { conn, .. }
            | Order::Frame { conn, .. }
            | Order::Probe(conn)
            | Order::Close(conn) => *conn,
            Order::Hear(_)
            | Order::Beacon { .. }
            | Order::OpenMeeting
            | Order::CloseMeeting
            | Order::Publish(_)
            | Order::FindMeetings(_) => return None,
        })
    }
}

/// What the network has to say. [`News::Closed`] comes once, and last, for each connection the
/// engine knows of: those it dialled, and those of which it got a [`News::Flight`].
pub enum News {
    /// A dialled connection is open: nothing was sent on it yet.
    Connected(ConnId),
    /// A stranger's first bytes: 40, then the whole flight if the answer was [`Knock::More`]. To be
    /// answered without a side effect: the asker may be gone by then.
    Knock {
        /// The number the connection will have if it is let in; even.
        conn: ConnId,
        /// 40, 512 or 1536 bytes.
        bytes: Vec<u8>,
        /// Where the answer goes; dropped means [`Knock::Stranger`].
        reply: oneshot::Sender<Knock>,
        /// Drop it with the rest.
        credit: Credit,
    },
    /// The friend at the end of this link asks to be put through. To be answered without a side effect.
    Circuit {
        /// The link.
        conn: ConnId,
        /// Where to.
        handle: [u8; 16],
        /// Where the answer goes; dropped means [`Toward::Nobody`].
        reply: oneshot::Sender<Toward>,
    },
    /// The whole first flight of a connection that was let in.
    Flight {
        /// The connection.
        conn: ConnId,
        /// 512 or 1536 bytes.
        bytes: Vec<u8>,
    },
    /// Exactly the bytes that [`Order::Read`] asked for.
    Bytes {
        /// The connection.
        conn: ConnId,
        /// As many as were asked for.
        bytes: Vec<u8>,
    },
    /// The friend's substream is open: frames can go.
    Opened(ConnId),
    /// One frame came in on a link.
    Frame {
        /// The connection.
        conn: ConnId,
        /// `type u8`, not 0.
        kind: u8,
        /// At most `FRAME_BYTES_MAX` bytes.
        body: Vec<u8>,
        /// The friend is read no further than credit goes: drop it when the frame is dealt with.
        credit: Credit,
    },
    /// What [`Order::Probe`] found out.
    Probed {
        /// The connection.
        conn: ConnId,
        /// Whether the other end answered in time.
        alive: bool,
    },
    /// The connection is over, or could not be opened.
    Closed(ConnId),
    /// The addresses at which this node can be reached now, best first.
    Listening(Vec<Addr>),
    /// Those from which beacons may go, with those that only neighbours can use.
    Near(Vec<Addr>),
    /// What came from this host to where beacons go, at most `BEACONS_PER_SECOND_MAX` in a second.
    Beacon {
        /// Where it came from.
        from: Addr,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// Where the meeting's listener can be found now; nowhere if it could not be opened.
    MeetingOpen(Vec<Addr>),
    /// Somebody connected to it, with this number: it is told of like those that were dialled.
    Guest(ConnId),
}

/// The handle of whoever is called at a meeting: they have no name yet.
const NOBODY: Handle = Handle([0; 32]);

/// Why the network did not start. Names an address of the person's own: for them, not for a log.
#[derive(Debug, PartialEq, Eq)]
pub enum CannotListen {
    /// Another program listens there.
    Taken(SocketAddr),
    /// This machine has no such address.
    NotHere(SocketAddr),
    /// The system does not allow it; ports below 1024 are reserved.
    Forbidden(SocketAddr),
    /// The system said something else.
    Refused(SocketAddr, io::ErrorKind),
    /// No thread, no reactor or no randomness.
    NoMeans,
}

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

/// What a person set of the network.
#[derive(Clone, Default)]
pub struct Setup {
    /// Where friends can knock; nowhere is fine.
    pub listen: Vec<SocketAddr>,
    /// Without them there is no [`News::Near`], and so none are sent.
    pub beacons: bool,
    /// Which ways to others are open. What is not is neither called nor told nor heard.
    pub ways: Ways,
    /// Where Tor takes calls of ours.
    pub socks: SocksPort,
    /// Where Tor is told of our service.
    pub control: ControlPort,
    /// Where it is shown how far that is.
    pub tor: watch::Sender<TorState>,
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
        // libp2p binds with SO_REUSEPORT: without this two nodes would share a port unknowing.
        for &addr in &listen {
            reach::vacant(addr).map_err(|error| refusal(addr, error.kind()))?;
        }
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

/// Our listener for those whom Tor brings, and the service that leads to it.
struct Onion {
    port: u16,
    control: ControlPort,
    state: watch::Sender<TorState>,
    published: Option<mpsc::UnboundedReceiver<Addr>>,
}

impl Onion {
    fn new(
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
    fn publish(&mut self, key: Said) {
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
async fn published(onion: &mut Option<Onion>) -> Addr {
    let published = onion.as_mut().and_then(|onion| onion.published.as_mut());
    if let Some(published) = published
        && let Some(addr) = published.recv().await
    {
        return addr;
    }
    std::future::pending().await
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
