//! Two nodes that reach each other, for the tests of the engine. Effects are passed by hand, each step
//! as if its commit took no time; no vault, no sealed records.

use std::collections::VecDeque;

use crate::engine::doors::Whom;
use crate::engine::links::PARCEL;
use crate::engine::*;
use crate::limits::FLIGHT_BYTES;
use crate::parcel::Parcel;
use crate::vault::{Erase, Place, Put};

/// One end of a connection: the other end, bytes not yet read, what is to be read, whether it is a link.
#[derive(Default)]
pub(super) struct End {
    peer: Option<(usize, ConnId)>,
    unread: Vec<u8>,
    want: usize,
    linked: bool,
}

pub(super) struct Node {
    pub(super) engine: Engine,
    pub(super) state: BTreeMap<Name, Said>,
    pub(super) bodies: BTreeMap<Name, Said>,
    pub(super) ends: BTreeMap<ConnId, End>,
    pub(super) events: Vec<Event>,
    pub(super) answers: Vec<Result<Answer, Refusal>>,
    pub(super) hears: bool,
    pub(super) beacons: Vec<(Addr, Vec<u8>)>,
}

/// Two nodes that reach each other while `reachable`.
pub(super) struct World {
    pub(super) nodes: Vec<Node>,
    pub(super) queue: VecDeque<(usize, Input)>,
    pub(super) now: Now,
    pub(super) draws: u64,
    pub(super) reachable: bool,
    /// Whether whoever puts others through changes a byte of all that is said, and how often they did.
    pub(super) rewrites: bool,
    pub(super) rewritten: u32,
    /// Ends of connections that go through somebody.
    pub(super) through: BTreeSet<(usize, ConnId)>,
    /// Nodes that are found elsewhere by now, and where.
    pub(super) moved: BTreeMap<usize, Addr>,
    /// Who is not, whatever the others are.
    pub(super) away: Option<usize>,
    /// Frames that do not arrive: of this node, of this kind.
    pub(super) lost: Option<(usize, u8)>,
    /// Whether of node 0 no parcel arrives but handshakes.
    pub(super) begins_only: bool,
    /// Whether ends that shook hands are told so at once.
    pub(super) opens: bool,
    /// Whether a link that is probed answers.
    pub(super) alive: bool,
    pub(super) losses: Losses,
}

/// What happens to parcels, by their number on all links.
#[derive(Default)]
pub(super) struct Losses {
    /// How many left so far.
    pub(super) sent: u32,
    /// Which of the first ones do not arrive.
    pub(super) lost: u64,
    /// After this one a node stops, and starts again.
    pub(super) restart: Option<(u32, usize)>,
}

impl Losses {
    /// One more parcel leaves; says whether it arrives.
    fn passes(&mut self) -> bool {
        let number = self.sent;
        self.sent += 1;
        self.lost
            .checked_shr(number)
            .is_none_or(|lost| lost & 1 == 0)
    }
}

pub(super) const ADDRS: [Addr; 3] = [
    Addr::V4([127, 0, 0, 1], 1),
    Addr::V4([127, 0, 0, 1], 2),
    Addr::V4([127, 0, 0, 1], 3),
];

impl World {
    /// Node 0 is called Ada by node 1, and node 1 Bob by node 0; nobody knows anybody yet.
    pub(super) fn new() -> Self {
        Self::of(&[1, 2])
    }

    /// The same of other identities.
    fn of(seeds: &[u8]) -> Self {
        let now = Now {
            wall_ms: 1_800_000_000_000,
            boot_ms: 1_000,
        };
        let node = |n| Node {
            engine: Engine::create(now, [n; 32]),
            state: BTreeMap::new(),
            bodies: BTreeMap::new(),
            ends: BTreeMap::new(),
            events: Vec::new(),
            answers: Vec::new(),
            hears: false,
            beacons: Vec::new(),
        };
        let mut world = Self {
            nodes: seeds.iter().map(|n| node(*n)).collect(),
            queue: VecDeque::new(),
            now,
            draws: 0,
            reachable: true,
            rewrites: false,
            rewritten: 0,
            through: BTreeSet::new(),
            moved: BTreeMap::new(),
            away: None,
            lost: None,
            begins_only: false,
            opens: true,
            alive: true,
            losses: Losses::default(),
        };
        for (n, addr) in ADDRS.into_iter().enumerate().take(seeds.len()) {
            world.tell(n, Input::Listening(vec![addr]));
        }
        world
    }

    /// Three nodes; nobody knows anybody yet.
    pub(super) fn three() -> Self {
        Self::of(&[1, 2, 3])
    }

    /// Two friends with a session; Bob took Ada's invitation.
    pub(super) fn friends() -> Self {
        Self::friends_of([1, 2])
    }

    /// The same of other identities.
    pub(super) fn friends_of(seeds: [u8; 2]) -> Self {
        let mut world = Self::of(&seeds);
        let code = world.invite(0, "bob");
        world.accept(1, &code, "ada");
        world.run_for(30);
        assert!((0..2).all(|n| world.friend(n).sessions.active.is_some()));
        world
    }

    pub(super) fn invite(&mut self, n: usize, name: &str) -> String {
        let request = Request::Invite {
            name: name.into(),
            lifetime_s: 3600,
            addrs: vec![],
            language: Language::French,
        };
        match self.ask(n, request) {
            Ok(Answer::Invitation { code, .. }) => code,
            _ => panic!("no invitation"),
        }
    }

    pub(super) fn accept(&mut self, n: usize, code: &str, name: &str) {
        let (code, name, nick) = (code.into(), name.into(), String::new());
        assert!(self.ask(n, Request::Accept { code, name, nick }).is_ok());
    }

    pub(super) fn send(&mut self, n: usize, to: &str, text: &str) -> Result<Answer, Refusal> {
        let text = Said::new(text.as_bytes().to_vec());
        self.ask(
            n,
            Request::Send {
                to: to.into(),
                text,
                limit_min: 0,
            },
        )
    }

    pub(super) fn ask(&mut self, n: usize, request: Request) -> Result<Answer, Refusal> {
        self.tell(
            n,
            Input::Ask {
                asker: AskId(0),
                request,
            },
        );
        self.nodes[n].answers.pop().unwrap()
    }

    pub(super) fn friend(&mut self, n: usize) -> &mut Friend {
        self.nodes[n].engine.friends.values_mut().next().unwrap()
    }

    /// One input, its steps, and nothing of what it sends.
    pub(super) fn tell(&mut self, n: usize, input: Input) {
        self.draws += 1;
        let mut entropy = [n as u8; 32];
        entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
        self.nodes[n].engine.handle(self.now, entropy, input);
        for rounds in 0.. {
            assert!(rounds < 2000, "the engine never comes to rest");
            let Some(step) = self.nodes[n].engine.poll() else {
                return;
            };
            self.nodes[n].events.extend(step.at_once);
            self.commit(n, step.puts, step.erases);
            step.then
                .into_iter()
                .for_each(|effect| self.carry_out(n, effect));
        }
    }

    pub(super) fn commit(&mut self, n: usize, puts: Vec<Put>, erases: Vec<Erase>) {
        let node = &mut self.nodes[n];
        for put in puts {
            match put.place {
                Place::State => node.state.insert(put.name, put.body),
                Place::Body => node.bodies.insert(put.name, put.body),
            };
        }
        for erase in erases {
            match erase {
                Erase::Record(name, Place::State) => drop(node.state.remove(&name)),
                Erase::Record(name, Place::Body) => drop(node.bodies.remove(&name)),
                Erase::Leaf(_) => {}
            }
        }
    }

    pub(super) fn body(&self, n: usize, body: Body) -> Option<Vec<u8>> {
        match body {
            Body::Here(bytes) => Some(bytes.to_vec()),
            Body::Stored(names) => {
                let pieces = names.iter().map(|name| self.nodes[n].bodies.get(name));
                Some(
                    pieces
                        .collect::<Option<Vec<_>>>()?
                        .iter()
                        .flat_map(|p| p.to_vec())
                        .collect(),
                )
            }
        }
    }

    pub(super) fn carry_out(&mut self, n: usize, effect: Effect) {
        match effect {
            Effect::Dial { conn, addr, .. } => self.connect(n, conn, addr),
            Effect::Write { conn, mut bytes } => {
                if self.rewrites && self.through.contains(&(n, conn)) {
                    bytes[100] ^= 1;
                    self.rewritten += 1;
                }
                if let Some((to, there)) = self.peer(n, conn) {
                    self.end(to, there).unread.extend(bytes);
                    self.read(to, there);
                }
            }
            Effect::Read { conn, bytes, .. } => {
                self.end(n, conn).want = bytes;
                self.read(n, conn);
            }
            Effect::Link { conn, .. } => {
                self.end(n, conn).linked = true;
                if let Some((to, there)) = self.peer(n, conn).filter(|_| self.opens)
                    && self.end(to, there).linked
                {
                    self.queue.push_back((n, Input::Opened(conn)));
                    self.queue.push_back((to, Input::Opened(there)));
                }
            }
            Effect::Frame { conn, kind, body } => {
                if let (Some((to, conn)), Some(body)) = (self.peer(n, conn), self.body(n, body))
                    && self.arrives(n, kind, &body)
                    && (kind != PARCEL || self.losses.passes())
                {
                    self.queue
                        .push_back((to, Input::Frame { conn, kind, body }));
                }
            }
            Effect::Fetch { id, names } => {
                let text = self.body(n, Body::Stored(names)).map(Said::new);
                self.draws += 1;
                let entropy = [self.draws as u8; 32];
                self.nodes[n]
                    .engine
                    .handle(self.now, entropy, Input::Fetched { id, text });
            }
            Effect::OpenMeeting
            | Effect::CloseMeeting
            | Effect::Keep(_)
            | Effect::Unkeep(_)
            | Effect::Publish(_) => {}
            Effect::DialThrough {
                conn, via, circuit, ..
            } => self.connect_through(n, conn, via, circuit),
            Effect::Probe(conn) => {
                let alive = self.alive;
                self.queue.push_back((n, Input::Probed { conn, alive }));
            }
            Effect::Hear(hears) => self.nodes[n].hears = hears,
            Effect::Beacon { from, bytes } => self.nodes[n].beacons.push((from, bytes)),
            Effect::Close(conn) => self.close(n, conn),
            Effect::Show(event) => self.nodes[n].events.push(event),
            Effect::Answer { answer, .. } => self.nodes[n].answers.push(answer),
        }
    }

    fn arrives(&mut self, n: usize, kind: u8, body: &[u8]) -> bool {
        if self.begins_only && (n, kind) == (0, PARCEL) {
            let parcel = Parcel::parse(body).unwrap();
            let mut keys = self.friend(0).edges.all();
            return keys.any(|keys| parcel.fits(&keys.to.ake_header));
        }
        self.lost != Some((n, kind))
    }

    pub(super) fn end(&mut self, n: usize, conn: ConnId) -> &mut End {
        self.nodes[n].ends.entry(conn).or_default()
    }

    pub(super) fn peer(&mut self, n: usize, conn: ConnId) -> Option<(usize, ConnId)> {
        self.nodes[n].ends.get(&conn)?.peer
    }

    pub(super) fn connect(&mut self, n: usize, conn: ConnId, addr: Addr) {
        // Where the third node is a copy of the second nobody dials it.
        let home = |n: usize| *self.moved.get(&n).unwrap_or(&ADDRS[n]);
        let to = (0..ADDRS.len()).position(|n| home(n) == addr);
        let to = to.filter(|to| *to != n && *to < self.nodes.len());
        let apart = |to: &usize| self.away.is_some_and(|away| away == n || away == *to);
        let Some(to) = to.filter(|to| self.reachable && !apart(to)) else {
            return self.queue.push_back((n, Input::Closed(conn)));
        };
        // Even, and another for each who dials.
        let there = ConnId(conn.0 + 1 + 1_000_000 * n as u64);
        self.end(n, conn).peer = Some((to, there));
        self.end(to, there).peer = Some((n, conn));
        self.queue.push_back((n, Input::Connected(conn)));
    }

    /// Whoever is at the other end of this link puts the connection through, or does not.
    fn connect_through(&mut self, n: usize, conn: ConnId, via: ConnId, circuit: [u8; 16]) {
        let between = self.peer(n, via);
        let toward =
            between.and_then(
                |(f, link)| match self.nodes[f].engine.circuit(link, &circuit) {
                    Toward::Link(on) => self.peer(f, on),
                    Toward::Me | Toward::Nobody => None,
                },
            );
        let is_me = |(to, link): &(usize, ConnId)| {
            self.nodes[*to].engine.circuit(*link, &circuit) == Toward::Me
        };
        let Some((to, _)) = toward.filter(is_me) else {
            return self.queue.push_back((n, Input::Closed(conn)));
        };
        let there = ConnId(conn.0 + 1 + 1_000_000 * n as u64);
        self.through.extend([(n, conn), (to, there)]);
        self.end(n, conn).peer = Some((to, there));
        self.end(to, there).peer = Some((n, conn));
        self.queue.push_back((n, Input::Connected(conn)));
    }

    /// Hands on what can be read: a whole flight that is known, or what was asked for.
    pub(super) fn read(&mut self, n: usize, conn: ConnId) {
        let end = self.end(n, conn);
        if end.want == 0 && conn.0.is_multiple_of(2) && end.unread.len() >= FLIGHT_BYTES {
            let bytes = core::mem::take(&mut end.unread);
            if self.nodes[n].engine.knock(&bytes) != Knock::Known {
                return self.close(n, conn);
            }
            let through = self.through.contains(&(n, conn));
            let flight = Input::Flight {
                conn,
                bytes,
                through,
            };
            return self.queue.push_back((n, flight));
        }
        if end.want > 0 && end.unread.len() >= end.want {
            let bytes = end.unread.drain(..core::mem::take(&mut end.want)).collect();
            self.queue.push_back((n, Input::Bytes { conn, bytes }));
        }
    }

    pub(super) fn close(&mut self, n: usize, conn: ConnId) {
        for (n, conn) in [Some((n, conn)), self.peer(n, conn)].into_iter().flatten() {
            if self.nodes[n].ends.remove(&conn).is_some() {
                self.queue.push_back((n, Input::Closed(conn)));
            }
        }
    }

    /// Delivers what is on its way, and what comes of it.
    pub(super) fn deliver(&mut self) {
        for rounds in 0.. {
            assert!(rounds < 20_000, "they never come to rest");
            let Some((n, input)) = self.queue.pop_front() else {
                return;
            };
            self.tell(n, input);
            let stops = self.losses.restart;
            if let Some((_, n)) = stops.filter(|(after, _)| self.losses.sent > *after) {
                self.losses.restart = None;
                self.stop(n);
            }
        }
    }

    /// A node stops at once, whatever was under way, and starts again on its disk.
    pub(super) fn stop(&mut self, n: usize) {
        self.cut();
        self.queue.retain(|(to, _)| *to != n);
        let links = self.nodes[n].engine.rotate_links;
        let state = self.nodes[n].state.iter();
        let state: Vec<_> = state.map(|(k, v)| (k.clone(), v.clone())).collect();
        self.draws += 1;
        let mut entropy = [100 + n as u8; 32];
        entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
        let engine = Engine::open(self.now, entropy, state).unwrap_or_else(|_| panic!());
        self.nodes[n].engine = engine;
        self.nodes[n].engine.rotate_links = links;
        self.tell(n, Input::Listening(vec![ADDRS[n]]));
    }

    pub(super) fn run_for(&mut self, seconds: u64) {
        self.deliver();
        for _ in 0..seconds {
            self.now.boot_ms += 1_000;
            self.now.wall_ms += 1_000;
            (0..self.nodes.len()).for_each(|n| self.tell(n, Input::Tick));
            self.deliver();
        }
    }

    /// By the clocks alone.
    pub(super) fn leap_day(&mut self) {
        let day = 24 * 3600 * 1000;
        (self.now.boot_ms, self.now.wall_ms) = (self.now.boot_ms + day, self.now.wall_ms + day);
    }

    pub(super) fn pass_days(&mut self, days: u32) {
        for _ in 0..days {
            self.leap_day();
            self.run_for(1);
        }
    }

    /// One more link, whatever there is already.
    pub(super) fn dial(&mut self, n: usize) {
        let addr = ADDRS[1 - n];
        self.nodes[n]
            .engine
            .dial(Whom::Friend(0), Handle([0; 32]), addr);
        self.tell(n, Input::Listening(vec![ADDRS[n]]));
    }

    pub(super) fn cut_all(&mut self) {
        for n in 0..self.nodes.len() {
            let ends = self.nodes[n].ends.keys().copied().collect::<Vec<_>>();
            ends.into_iter().for_each(|conn| self.close(n, conn));
        }
    }

    pub(super) fn cut(&mut self) {
        for conn in self.nodes[0].ends.keys().copied().collect::<Vec<_>>() {
            self.close(0, conn);
        }
    }

    pub(super) fn read_all(&mut self, n: usize) {
        let request = Request::Acknowledge {
            after: 0,
            up_to: u64::MAX,
            from: None,
        };
        assert!(self.ask(n, request).is_ok());
    }

    pub(super) fn texts(&mut self, n: usize) -> Vec<String> {
        let request = Request::Inbox {
            after: 0,
            max: u32::MAX,
        };
        let Ok(Answer::Inbox(messages)) = self.ask(n, request) else {
            panic!("no inbox")
        };
        let words = |m: Message| String::from_utf8(self.body(n, m.text).unwrap()).unwrap();
        messages.into_iter().map(words).collect()
    }
}
