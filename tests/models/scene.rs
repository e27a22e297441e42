//! A few nodes, each a real engine on the records it has committed, and a network on which nothing
//! happens by itself: somebody outside says what comes next.
//!
//! Whatever a node does it does because of what it was told, in that order: its randomness is a hash
//! of exactly that. Two roads on which every node was told the same therefore end in the same state,
//! and the hash is the state's name.

use std::collections::{BTreeMap, VecDeque};

use kith_proto::engine::{
    Addr, Answer, AskId, Body, ConnId, Effect, Engine, Event, Input, Knock, Refusal, Request,
};
use kith_proto::limits::KNOCK_BYTES;
use kith_proto::secret::Said;
use kith_proto::time::Now;
use kith_proto::vault::{Erase, Name, Place, Put};

/// What people call the nodes.
pub(crate) const NAMES: [&str; 3] = ["ada", "bob", "eve"];
/// The frame type of a parcel.
pub(crate) const PARCEL: u8 = 2;
/// The wall clock when a scene begins, in milliseconds since 1970.
const WALL_MS: u64 = 1_795_000_000_000;

/// What a node has committed.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    state: BTreeMap<Name, Said>,
    bodies: BTreeMap<Name, Said>,
}

/// A node as a scene begins: its disk, the time, and a flight that somebody on the way wrote down before.
#[derive(Clone, Default)]
pub(crate) struct Start {
    pub(crate) disk: Disk,
    pub(crate) now_ms: u64,
    pub(crate) flight: Option<Vec<u8>>,
}

pub(crate) struct Node {
    pub(crate) engine: Engine,
    pub(crate) disk: Disk,
    /// A copy that may be put back.
    pub(crate) older: Option<Disk>,
    pub(crate) now_ms: u64,
    /// A hash of all that it was told since it was opened, and of the disk it was opened on.
    pub(crate) told: blake3::Hasher,
    lives: u32,
    accepted: u64,
    pub(crate) ends: BTreeMap<u64, End>,
    /// All that its person was shown, in all lives.
    pub(crate) shown: Vec<Event>,
    /// Texts that it took for sending, and their numbers.
    pub(crate) said: Vec<(u64, String)>,
    /// The parcel that came last, or was lost last on its way here.
    pub(crate) parcel: Option<Vec<u8>>,
    /// The first flight that was known here.
    pub(crate) flight: Option<Vec<u8>>,
    answer: Option<Result<Answer, Refusal>>,
}

/// One end of a connection.
pub(crate) struct End {
    pub(crate) peer: (usize, u64),
    /// What is under way to this end.
    pub(crate) coming: VecDeque<Item>,
    wanted: usize,
    dialled: bool,
    linked: bool,
}

/// What travels on a connection, in order.
pub(crate) enum Item {
    /// Of a handshake.
    Bytes(Vec<u8>),
    /// The dialler's first record.
    First,
    Frame(u8, Vec<u8>),
    /// The connection is over.
    Over,
}

pub(crate) struct Scene {
    pub(crate) nodes: Vec<Node>,
    /// Whether a parcel was lost and its connection went on.
    pub(crate) lost: bool,
    /// Whether the first node took back an invitation that nobody had claimed.
    pub(crate) taken_back: bool,
}

fn addr(node: usize) -> Addr {
    Addr::V4([127, 0, 0, 1], node as u16 + 1)
}

impl Node {
    fn new(number: usize, start: &Start) -> Self {
        let now = Self::clock(start.now_ms);
        let engine = match start.disk.state.is_empty() {
            true => Engine::create(now, [number as u8 + 1; 32]),
            false => start.disk.open(now),
        };
        let mut told = blake3::Hasher::new();
        told.update(&[number as u8]);
        start.disk.hash(&mut told);
        Self {
            engine,
            disk: start.disk.clone(),
            older: None,
            now_ms: start.now_ms,
            told,
            lives: 0,
            accepted: 0,
            ends: BTreeMap::new(),
            shown: Vec::new(),
            said: Vec::new(),
            parcel: None,
            flight: start.flight.clone(),
            answer: None,
        }
    }

    /// As it would start now.
    pub(crate) fn start(&self) -> Start {
        Start {
            disk: self.disk.clone(),
            now_ms: self.now_ms,
            flight: self.flight.clone(),
        }
    }

    fn clock(now_ms: u64) -> Now {
        Now {
            wall_ms: WALL_MS + now_ms,
            boot_ms: 1_000 + now_ms,
        }
    }

    pub(crate) fn now(&self) -> Now {
        Self::clock(self.now_ms)
    }

    fn commit(&mut self, puts: Vec<Put>, erases: Vec<Erase>) {
        for put in puts {
            self.disk.place(put.place).insert(put.name, put.body);
        }
        for erase in erases {
            if let Erase::Record(name, place) = erase {
                self.disk.place(place).remove(&name);
            }
        }
    }
}

impl Disk {
    fn place(&mut self, place: Place) -> &mut BTreeMap<Name, Said> {
        match place {
            Place::State => &mut self.state,
            Place::Body => &mut self.bodies,
        }
    }

    /// The node that stands on it.
    pub(crate) fn open(&self, now: Now) -> Engine {
        let records = self.state.iter();
        let records = records.map(|(name, body)| (name.clone(), body.clone()));
        match Engine::open(now, [0; 32], records) {
            Ok(engine) => engine,
            Err(_) => panic!("a node does not open what it has written"),
        }
    }

    fn body(&self, body: Body) -> Option<Vec<u8>> {
        match body {
            Body::Here(bytes) => Some(bytes.to_vec()),
            Body::Stored(names) => {
                let pieces: Option<Vec<_>> =
                    names.iter().map(|name| self.bodies.get(name)).collect();
                Some(pieces?.iter().flat_map(|piece| piece.to_vec()).collect())
            }
        }
    }

    /// The texts to read in what a node on this disk answers.
    pub(crate) fn texts(&self, answer: Result<Answer, Refusal>) -> Vec<String> {
        let Ok(Answer::Inbox(messages)) = answer else {
            panic!("no inbox")
        };
        let text = |body| String::from_utf8(self.body(body)?).ok();
        let missing = || "missing".to_owned();
        let texts = messages.into_iter();
        texts
            .map(|m| text(m.text).unwrap_or_else(missing))
            .collect()
    }

    pub(crate) fn hash(&self, to: &mut blake3::Hasher) {
        for (name, body) in self.state.iter().chain(&self.bodies) {
            spell(to, &name.0);
            spell(to, body);
        }
    }
}

/// Fields of any length, one after the other.
pub(crate) fn spell(to: &mut blake3::Hasher, bytes: &[u8]) {
    to.update(&(bytes.len() as u64).to_le_bytes());
    to.update(bytes);
}

/// What a node is told, as bytes.
fn spelled(input: &Input) -> (u8, u64, &[u8]) {
    match input {
        Input::Ask { request, .. } => match request {
            Request::Send { text, .. } => (1, 0, text),
            Request::Accept { code, .. } => (2, 0, code.as_bytes()),
            Request::Remove { name } => (15, 0, name.as_bytes()),
            _ => (3, 0, &[]),
        },
        Input::Connected(conn) => (4, conn.0, &[]),
        Input::Flight { conn, bytes, .. } => (5, conn.0, bytes),
        Input::Bytes { conn, bytes } => (6, conn.0, bytes),
        Input::Opened(conn) => (7, conn.0, &[]),
        Input::Frame { conn, kind, body } => (8, conn.0 << 8 | u64::from(*kind), body),
        Input::Parcel(bytes) => (9, 0, bytes),
        Input::Fetched { id, text } => (10, *id, text.as_ref().map_or(&[], |text| text)),
        Input::Closed(conn) => (11, conn.0, &[]),
        Input::Probed { conn, .. } => (12, conn.0, &[]),
        Input::Listening(_) | Input::Near(_) => (13, 0, &[]),
        Input::Beacon { bytes, .. } => (15, 0, bytes),
        Input::Settings(_) | Input::Room { .. } | Input::Tick => (14, 0, &[]),
        Input::MeetingOpen(_) => (16, 0, &[]),
        Input::Kept(_) => (18, 0, &[]),
        Input::Guest(conn) => (17, conn.0, &[]),
    }
}

impl Scene {
    /// Nodes that were just started; each may dial those it misses.
    pub(crate) fn new(starts: &[Start]) -> Self {
        let nodes = starts.iter().enumerate();
        let nodes = nodes.map(|(n, start)| Node::new(n, start)).collect();
        let mut scene = Self {
            nodes,
            lost: false,
            taken_back: false,
        };
        for n in 0..scene.nodes.len() {
            scene.tell(n, Input::Listening(vec![addr(n)]));
        }
        scene
    }

    /// One input and its steps, each committed before its effects leave.
    pub(crate) fn tell(&mut self, n: usize, input: Input) {
        let node = &mut self.nodes[n];
        let (what, number, bytes) = spelled(&input);
        node.told.update(&[what]);
        node.told.update(&number.to_le_bytes());
        node.told.update(&node.now_ms.to_le_bytes());
        spell(&mut node.told, bytes);
        let entropy = *node.told.finalize().as_bytes();
        node.engine.handle(node.now(), entropy, input);
        while let Some(step) = self.nodes[n].engine.poll() {
            let node = &mut self.nodes[n];
            node.shown.extend(step.at_once);
            node.commit(step.puts, step.erases);
            step.then
                .into_iter()
                .for_each(|effect| self.carry_out(n, effect));
        }
    }

    pub(crate) fn ask(&mut self, n: usize, request: Request) -> Result<Answer, Refusal> {
        let asker = AskId(0);
        self.tell(n, Input::Ask { asker, request });
        let answer = self.nodes[n].answer.take();
        answer.unwrap_or(Err(Refusal::EmptyText))
    }

    fn carry_out(&mut self, n: usize, effect: Effect) {
        match effect {
            Effect::Dial { conn, addr, .. } => self.dial(n, conn, addr),
            Effect::DialThrough { conn, .. } => self.tell(n, Input::Closed(conn)),
            Effect::Write { conn, bytes } => self.send(n, conn, Item::Bytes(bytes)),
            Effect::Read { conn, bytes, .. } => {
                if let Some(end) = self.nodes[n].ends.get_mut(&conn.0) {
                    end.wanted = bytes;
                }
            }
            Effect::Link { conn, .. } => self.link(n, conn),
            Effect::Frame { conn, kind, body } => {
                if let Some(body) = self.nodes[n].disk.body(body) {
                    self.send(n, conn, Item::Frame(kind, body));
                }
            }
            Effect::Fetch { id, names } => {
                let text = self.nodes[n].disk.body(Body::Stored(names)).map(Said::new);
                self.tell(n, Input::Fetched { id, text });
            }
            Effect::OpenMeeting
            | Effect::CloseMeeting
            | Effect::Keep(_)
            | Effect::Unkeep(_)
            | Effect::Publish(_) => {}
            Effect::Probe(conn) => self.tell(n, Input::Probed { conn, alive: true }),
            // Nobody is near anybody here.
            Effect::Hear(_) | Effect::Beacon { .. } => {}
            Effect::Close(conn) => {
                self.send(n, conn, Item::Over);
                self.nodes[n].ends.remove(&conn.0);
            }
            Effect::Show(event) => self.nodes[n].shown.push(event),
            Effect::Answer { answer, .. } => self.nodes[n].answer = Some(answer),
        }
    }

    fn dial(&mut self, n: usize, conn: ConnId, to: Addr) {
        let peer = (0..self.nodes.len()).find(|peer| addr(*peer) == to && *peer != n);
        let Some(peer) = peer else {
            return self.tell(n, Input::Closed(conn));
        };
        self.nodes[peer].accepted += 2;
        let there = self.nodes[peer].accepted;
        let end = |peer, dialled| End {
            peer,
            coming: VecDeque::new(),
            wanted: 0,
            dialled,
            linked: false,
        };
        self.nodes[n].ends.insert(conn.0, end((peer, there), true));
        self.nodes[peer].ends.insert(there, end((n, conn.0), false));
        self.tell(n, Input::Connected(conn));
    }

    fn send(&mut self, n: usize, conn: ConnId, item: Item) {
        let peer = self.nodes[n].ends.get(&conn.0).map(|end| end.peer);
        let there = peer.and_then(|(to, there)| self.nodes[to].ends.get_mut(&there));
        if let Some(end) = there {
            end.coming.push_back(item);
        }
    }

    /// The handshake is done at this end; the dialler speaks first.
    fn link(&mut self, n: usize, conn: ConnId) {
        let Some(end) = self.nodes[n].ends.get_mut(&conn.0) else {
            return;
        };
        end.linked = true;
        if end.dialled {
            self.send(n, conn, Item::First);
            self.tell(n, Input::Opened(conn));
        }
    }

    /// The next thing on a connection comes in.
    pub(crate) fn comes(&mut self, n: usize, conn: u64) {
        let node = &mut self.nodes[n];
        let Some(end) = node.ends.get_mut(&conn) else {
            return;
        };
        let (item, id) = (end.coming.pop_front(), ConnId(conn));
        match item {
            Some(Item::Bytes(bytes)) if end.wanted > 0 => {
                assert_eq!(end.wanted, bytes.len(), "a message of another length");
                end.wanted = 0;
                self.tell(n, Input::Bytes { conn: id, bytes });
            }
            Some(Item::Bytes(bytes)) => {
                let whole = Knock::More(bytes.len());
                let known = node.engine.knock(&bytes[..KNOCK_BYTES]) == whole
                    && node.engine.knock(&bytes) == Knock::Known;
                if !known {
                    return self.cut(n, conn);
                }
                node.flight.get_or_insert_with(|| bytes.clone());
                self.tell(
                    n,
                    Input::Flight {
                        conn: id,
                        bytes,
                        through: false,
                    },
                );
            }
            Some(Item::First) if end.linked => self.tell(n, Input::Opened(id)),
            Some(Item::Frame(kind, body)) => {
                if kind == PARCEL {
                    node.parcel = Some(body.clone());
                }
                let conn = id;
                self.tell(n, Input::Frame { conn, kind, body });
            }
            Some(Item::Over) => {
                node.ends.remove(&conn);
                self.tell(n, Input::Closed(id));
            }
            Some(Item::First) | None => {}
        }
    }

    /// A connection ends at both ends, and what is under way on it is lost.
    pub(crate) fn cut(&mut self, n: usize, conn: u64) {
        let Some(end) = self.nodes[n].ends.remove(&conn) else {
            return;
        };
        self.tell(n, Input::Closed(ConnId(conn)));
        let (peer, there) = end.peer;
        if self.nodes[peer].ends.remove(&there).is_some() {
            self.tell(peer, Input::Closed(ConnId(there)));
        }
    }

    /// A node stops, and starts again on its disk or an older one.
    pub(crate) fn restart(&mut self, n: usize, disk: Option<Disk>) {
        let node = &mut self.nodes[n];
        let ends = core::mem::take(&mut node.ends);
        node.disk = disk.unwrap_or_else(|| node.disk.clone());
        node.engine = node.disk.open(node.now());
        node.lives += 1;
        node.told.reset();
        node.told.update(&[n as u8, 0xff]);
        node.told.update(&node.lives.to_le_bytes());
        node.disk.hash(&mut node.told);
        for (peer, there) in ends.into_values().map(|end| end.peer) {
            if self.nodes[peer].ends.remove(&there).is_some() {
                self.tell(peer, Input::Closed(ConnId(there)));
            }
        }
        self.tell(n, Input::Listening(vec![addr(n)]));
    }

    /// So much time passes for a node.
    pub(crate) fn wait(&mut self, n: usize, ms: u64) {
        self.nodes[n].now_ms += ms;
        self.tell(n, Input::Tick);
    }
}
