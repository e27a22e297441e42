//! Two real engines that reach each other by hand, each with records it can be started from again:
//! every step is durable at once, and nothing is on its way that the script cannot lose or change.

use std::collections::{BTreeMap, VecDeque};

use kith_proto::engine::{
    Addr, Answer, AskId, Body, ConnId, Effect, Engine, Event, Input, Knock, Language, Refusal,
    Request, Status,
};
use kith_proto::limits::{
    FLIGHT_BYTES, RECORD_BODY_BYTES_MAX, RECORD_NAME_BYTES_MAX, ROTATE_LINKS,
};
use kith_proto::secret::Said;
use kith_proto::time::Now;
use kith_proto::vault::{Erase, Name, Place, Put};

/// Frame types.
pub(crate) const PARCEL: u8 = 2;
pub(crate) const ROOM: u8 = 3;

pub(crate) const NAMES: [&str; 2] = ["ada", "bob"];
const ADDRS: [Addr; 2] = [Addr::V4([127, 0, 0, 1], 1), Addr::V4([127, 0, 0, 1], 2)];

/// One end of a connection.
#[derive(Default)]
struct End {
    peer: Option<(usize, ConnId)>,
    unread: Vec<u8>,
    want: usize,
    linked: bool,
}

/// What a disk holds.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    pub(crate) state: BTreeMap<Name, Said>,
    pub(crate) bodies: BTreeMap<Name, Said>,
}

pub(crate) struct Node {
    pub(crate) engine: Engine,
    pub(crate) disk: Disk,
    ends: BTreeMap<ConnId, End>,
    /// What it told its person.
    pub(crate) events: Vec<Event>,
    answers: Vec<Result<Answer, Refusal>>,
}

/// What one input led to.
#[derive(Default)]
pub(crate) struct Led {
    /// Records written or destroyed.
    pub(crate) writes: usize,
    /// Bytes and frames that left, and connections that were closed.
    pub(crate) sends: usize,
}

pub(crate) struct Pair {
    pub(crate) nodes: [Node; 2],
    /// What is on its way, and to whom.
    pub(crate) queue: VecDeque<(usize, Input)>,
    pub(crate) now: Now,
    /// Whether what is written must fit its record: not where the records were damaged before.
    pub(crate) strict: bool,
    /// Links after which an edge gets new secrets; counts for a node from its next start on.
    pub(crate) rotate_links: u32,
    draws: u64,
}

/// How the two stand when a script begins.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) disks: [Disk; 2],
    pub(crate) now: Now,
}

impl Pair {
    /// Two who do not know each other.
    pub(crate) fn strangers() -> Self {
        let now = Now {
            wall_ms: 1_800_000_000_000,
            boot_ms: 1_000,
        };
        let nodes = [1, 2].map(|n| Node::with(Engine::create(now, [n; 32]), Disk::default()));
        Self::of(nodes, now)
    }

    /// Two friends with a session; Bob took Ada's invitation. Each said something, read and unread.
    pub(crate) fn friends() -> Self {
        let mut pair = Self::strangers();
        let code = pair.invite(0, "bob").expect("an invitation");
        pair.accept(1, &code, "ada");
        pair.run_for(20);
        for round in 0..3 {
            pair.send(0, "bob", &format!("salut {round}"));
            pair.run_for(1);
            pair.send(1, "ada", &format!("bonjour {round}"));
            pair.run_for(1);
        }
        let (up_to, from) = (4, None);
        let _ = pair.ask(
            0,
            Request::Acknowledge {
                after: 0,
                up_to,
                from,
            },
        );
        pair.run_for(2);
        assert_eq!(pair.status(0).unread, 1, "they are friends and talk");
        pair
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let disks = [0, 1].map(|n| self.nodes[n].disk.clone());
        Snapshot {
            disks,
            now: self.now,
        }
    }

    /// Both started from what is on their disks.
    pub(crate) fn from(snapshot: &Snapshot) -> Self {
        let now = snapshot.now;
        let disks = snapshot.disks.clone();
        let nodes = disks.map(|disk| Node::open(disk, now, ROTATE_LINKS));
        Self::of(nodes, now)
    }

    /// This node, and somebody who knows nobody.
    pub(crate) fn beside_a_newcomer(engine: Engine, disk: Disk, now: Now, seed: u8) -> Self {
        let newcomer = Engine::create(now, [seed; 32]);
        let nodes = [
            Node::with(engine, disk),
            Node::with(newcomer, Disk::default()),
        ];
        Self::of(nodes, now)
    }

    /// Somebody else stands where the second did.
    pub(crate) fn replace_second(&mut self, seed: u8) {
        self.crash(1);
        let newcomer = Engine::create(self.now, [seed; 32]);
        self.nodes[1] = Node::with(newcomer, Disk::default());
        self.listen(1);
    }

    fn of(nodes: [Node; 2], now: Now) -> Self {
        let mut pair = Self {
            nodes,
            queue: VecDeque::new(),
            now,
            strict: true,
            rotate_links: ROTATE_LINKS,
            draws: 0,
        };
        (0..2).for_each(|n| pair.listen(n));
        pair
    }

    fn listen(&mut self, n: usize) {
        self.tell(n, Input::Listening(vec![ADDRS[n]]));
    }

    /// Stops at once, and starts from what is on the disk.
    pub(crate) fn crash(&mut self, n: usize) {
        for conn in self.nodes[n].ends.keys().copied().collect::<Vec<_>>() {
            self.close(n, conn);
        }
        self.queue.retain(|(to, _)| *to != n);
        let disk = std::mem::take(&mut self.nodes[n].disk);
        let events = std::mem::take(&mut self.nodes[n].events);
        self.nodes[n] = Node::open(disk, self.now, self.rotate_links);
        self.nodes[n].events = events;
        self.listen(n);
    }

    pub(crate) fn invite(&mut self, n: usize, name: &str) -> Option<String> {
        let request = Request::Invite {
            name: name.into(),
            lifetime_s: 3600,
            addrs: vec![ADDRS[n]],
            language: Language::French,
        };
        match self.ask(n, request) {
            Ok(Answer::Invitation { code, .. }) => Some(code),
            _ => None,
        }
    }

    pub(crate) fn accept(&mut self, n: usize, code: &str, name: &str) {
        let (code, name, nick) = (code.into(), name.into(), NAMES[n].into());
        let _ = self.ask(n, Request::Accept { code, name, nick });
    }

    pub(crate) fn send(&mut self, n: usize, to: &str, text: &str) {
        let (to, text) = (to.into(), Said::new(text.as_bytes().to_vec()));
        let limit_min = 0;
        let _ = self.ask(
            n,
            Request::Send {
                to,
                text,
                limit_min,
            },
        );
    }

    pub(crate) fn ask(&mut self, n: usize, request: Request) -> Result<Answer, Refusal> {
        let asker = AskId(0);
        self.tell(n, Input::Ask { asker, request });
        self.nodes[n]
            .answers
            .pop()
            .expect("every question has an answer")
    }

    pub(crate) fn status(&mut self, n: usize) -> Status {
        match self.ask(n, Request::Status) {
            Ok(Answer::Status(status)) => status,
            _ => panic!("no status"),
        }
    }

    pub(crate) fn entropy(&mut self, n: usize) -> [u8; 32] {
        self.draws += 1;
        let mut entropy = [n as u8; 32];
        entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
        entropy
    }

    /// One input, and its steps until the engine is at rest.
    pub(crate) fn tell(&mut self, n: usize, input: Input) -> Led {
        let entropy = self.entropy(n);
        self.nodes[n].engine.handle(self.now, entropy, input);
        let mut led = Led::default();
        for rounds in 0.. {
            assert!(rounds < 2000, "the engine never comes to rest");
            let Some(step) = self.nodes[n].engine.poll() else {
                return led;
            };
            led.writes += step.puts.len() + step.erases.len();
            self.nodes[n].events.extend(step.at_once);
            assert!(
                !self.strict || step.puts.iter().all(fits),
                "too long for a record"
            );
            self.nodes[n].disk.commit(step.puts, step.erases);
            for effect in step.then {
                led.sends +=
                    usize::from(!matches!(effect, Effect::Show(_) | Effect::Answer { .. }));
                self.carry_out(n, effect);
            }
        }
        led
    }

    fn carry_out(&mut self, n: usize, effect: Effect) {
        match effect {
            Effect::Dial { conn, addr, .. } => self.connect(n, conn, addr),
            Effect::DialThrough { conn, .. } => {
                self.queue.push_back((n, Input::Closed(conn)));
            }
            Effect::Write { conn, bytes } => {
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
                if let Some((to, there)) = self.peer(n, conn)
                    && self.end(to, there).linked
                {
                    self.queue.push_back((n, Input::Opened(conn)));
                    self.queue.push_back((to, Input::Opened(there)));
                }
            }
            Effect::Frame { conn, kind, body } => {
                let body = self.nodes[n].disk.body(&body);
                if let (Some((to, conn)), Some(body)) = (self.peer(n, conn), body) {
                    self.queue
                        .push_back((to, Input::Frame { conn, kind, body }));
                }
            }
            Effect::Fetch { id, names } => {
                let text = self.nodes[n].disk.body(&Body::Stored(names)).map(Said::new);
                let entropy = self.entropy(n);
                let input = Input::Fetched { id, text };
                self.nodes[n].engine.handle(self.now, entropy, input);
            }
            Effect::OpenMeeting
            | Effect::CloseMeeting
            | Effect::Keep(_)
            | Effect::Unkeep(_)
            | Effect::Publish(_) => {}
            Effect::Probe(conn) => {
                let alive = true;
                self.queue.push_back((n, Input::Probed { conn, alive }));
            }
            Effect::Hear(_) | Effect::Beacon { .. } => {}
            Effect::Close(conn) => self.close(n, conn),
            Effect::Show(event) => self.nodes[n].events.push(event),
            Effect::Answer { answer, .. } => self.nodes[n].answers.push(answer),
        }
    }

    fn end(&mut self, n: usize, conn: ConnId) -> &mut End {
        self.nodes[n].ends.entry(conn).or_default()
    }

    fn peer(&mut self, n: usize, conn: ConnId) -> Option<(usize, ConnId)> {
        self.nodes[n].ends.get(&conn)?.peer
    }

    /// A link of this node, the newest.
    pub(crate) fn link(&self, n: usize) -> Option<ConnId> {
        let linked = self.nodes[n].ends.iter().filter(|(_, end)| end.linked);
        linked.map(|(conn, _)| *conn).next_back()
    }

    fn connect(&mut self, n: usize, conn: ConnId, addr: Addr) {
        let to = 1 - n;
        if addr != ADDRS[to] {
            return self.queue.push_back((n, Input::Closed(conn)));
        }
        // After a start, numbers begin anew: those of the other side are told apart by who dialled.
        let there = ConnId(conn.0 + 1 + 1_000_000 * self.draws);
        let there = ConnId(there.0 & !1);
        self.end(n, conn).peer = Some((to, there));
        self.end(to, there).peer = Some((n, conn));
        self.queue.push_back((n, Input::Connected(conn)));
    }

    /// Hands on what can be read: a whole flight that is known, or what was asked for.
    fn read(&mut self, n: usize, conn: ConnId) {
        let end = self.end(n, conn);
        if end.want == 0 && conn.0.is_multiple_of(2) && end.unread.len() >= FLIGHT_BYTES {
            let bytes = std::mem::take(&mut end.unread);
            return self.queue.push_back((
                n,
                Input::Flight {
                    conn,
                    bytes,
                    through: false,
                },
            ));
        }
        if end.want > 0 && end.unread.len() >= end.want {
            let bytes = end.unread.drain(..std::mem::take(&mut end.want)).collect();
            self.queue.push_back((n, Input::Bytes { conn, bytes }));
        }
    }

    /// Both ends of a connection learn that it is over.
    pub(crate) fn close(&mut self, n: usize, conn: ConnId) {
        for (n, conn) in [Some((n, conn)), self.peer(n, conn)].into_iter().flatten() {
            if self.nodes[n].ends.remove(&conn).is_some() {
                self.queue.push_back((n, Input::Closed(conn)));
            }
        }
    }

    pub(crate) fn cut(&mut self) {
        for conn in self.nodes[0].ends.keys().copied().collect::<Vec<_>>() {
            self.close(0, conn);
        }
    }

    /// Hands in the next of what is on its way.
    pub(crate) fn deliver_one(&mut self) -> bool {
        let Some((n, input)) = self.queue.pop_front() else {
            return false;
        };
        self.give(n, input);
        true
    }

    /// Hands something in as a shell does: of strangers, only those that knock rightly.
    pub(crate) fn give(&mut self, n: usize, input: Input) {
        match input {
            Input::Flight { conn, bytes, .. }
                if self.nodes[n].engine.knock(&bytes) != Knock::Known =>
            {
                self.close(n, conn);
            }
            input => {
                self.tell(n, input);
            }
        }
    }

    /// Delivers what is on its way, and what comes of it.
    pub(crate) fn deliver(&mut self) {
        for rounds in 0.. {
            assert!(rounds < 5000, "they never come to rest");
            if !self.deliver_one() {
                return;
            }
        }
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        self.now.boot_ms += ms;
        self.now.wall_ms = self.now.wall_ms.saturating_add(ms);
        for n in 0..2 {
            self.tell(n, Input::Tick);
        }
    }

    pub(crate) fn run_for(&mut self, seconds: u64) {
        self.deliver();
        for _ in 0..seconds {
            self.pass(1_000);
            self.deliver();
        }
    }
}

fn fits(put: &Put) -> bool {
    put.name.0.len() <= RECORD_NAME_BYTES_MAX && put.body.len() <= RECORD_BODY_BYTES_MAX
}

impl Node {
    fn with(engine: Engine, disk: Disk) -> Self {
        Self {
            engine,
            disk,
            ends: BTreeMap::new(),
            events: Vec::new(),
            answers: Vec::new(),
        }
    }

    fn open(disk: Disk, now: Now, rotate_links: u32) -> Self {
        let engine = Engine::open(now, [9; 32], disk.state.clone());
        let Ok(engine) = engine else {
            panic!("a node does not start from what it wrote");
        };
        Self::with(engine.rotating_after(rotate_links), disk)
    }
}

impl Disk {
    pub(crate) fn commit(&mut self, puts: Vec<Put>, erases: Vec<Erase>) {
        for put in puts {
            match put.place {
                Place::State => self.state.insert(put.name, put.body),
                Place::Body => self.bodies.insert(put.name, put.body),
            };
        }
        for erase in erases {
            match erase {
                Erase::Record(name, Place::State) => drop(self.state.remove(&name)),
                Erase::Record(name, Place::Body) => drop(self.bodies.remove(&name)),
                Erase::Leaf(_) => {}
            }
        }
    }

    pub(crate) fn body(&self, body: &Body) -> Option<Vec<u8>> {
        match body {
            Body::Here(bytes) => Some(bytes.to_vec()),
            Body::Stored(names) => {
                let pieces: Option<Vec<_>> = names.iter().map(|n| self.bodies.get(n)).collect();
                Some(pieces?.iter().flat_map(|piece| piece.to_vec()).collect())
            }
        }
    }
}
