//! Two engines and the wire between them, by hand: what is lost on it, a test decides.

mod announcements;
mod beacons;
mod carried;
mod carry;
mod circuits;
mod clones;
mod cover;
mod epochs;
mod files;
mod hostile;
mod introductions;
mod joining;
mod late;
mod likeness;
mod losses;
mod mailboxes;
mod names;
mod odd;
mod older_backups;
mod persons;
mod private;
mod refused;
mod renewal;
mod restored;
mod rewriting;
mod roads;
mod sessions;
mod strike;
mod thieves;
mod trust;
mod why;
mod world;
mod zones;

use std::collections::{BTreeMap, VecDeque};

use super::*;
use crate::keeper::{self, Keeper};
use crate::limits::{CLAIM_BYTES, INVITE_TAGS_MAX, KNOCK_BYTES};
use crate::time::MINUTE_MS;
use crate::vault::{Erase, Place};

/// The engine's disk, without the vault: names and bodies.
type Disk = BTreeMap<Name, Said>;

struct Node {
    engine: Engine,
    disk: Disk,
    /// What keeps parcels for others, and its disk.
    keeper: Keeper,
    shelf: Disk,
    parcels: Disk,
    events: Vec<Event>,
    answers: Vec<Result<Answer, Refusal>>,
}

#[derive(Default)]
struct End {
    /// The other end; nothing once it was closed.
    other: Option<(usize, ConnId)>,
    came: Vec<u8>,
    wanted: Option<usize>,
    /// Inbound and not handed to the engine yet.
    knocking: bool,
    linked: bool,
    /// At the keeper's door, not the engine's.
    kept: bool,
}

struct Net {
    nodes: Vec<Node>,
    ends: BTreeMap<(usize, ConnId), End>,
    queue: VecDeque<(usize, Input)>,
    /// What the keepers are to hear.
    posts: VecDeque<(usize, keeper::Input)>,
    /// Whether what a node writes on a mute connection gets lost.
    loses: fn(usize, &[u8]) -> bool,
    /// Parcels and mute messages so far, and which of them do not arrive.
    passed: u32,
    lost: fn(u32) -> bool,
    /// Every first flight that was written.
    flights: Vec<Vec<u8>>,
    /// Who sent a frame on a link, and of which length.
    sent: Vec<(usize, usize)>,
    now: Now,
    draws: u64,
    /// Bytes that each sent, in whole blocks of records.
    carried: Vec<u64>,
    /// Whoever reaches nobody now.
    away: BTreeSet<usize>,
}

impl Net {
    fn new(count: usize) -> Self {
        let now = Now {
            wall_ms: 1_795_000_000_000,
            boot_ms: 1_000,
        };
        let node = |seed| Node {
            engine: Engine::create(now, [seed; 32]),
            disk: Disk::new(),
            keeper: Keeper::create(now, [seed; 32]),
            shelf: Disk::new(),
            parcels: Disk::new(),
            events: Vec::new(),
            answers: Vec::new(),
        };
        let mut net = Self {
            nodes: (1..=count as u8).map(node).collect(),
            ends: BTreeMap::new(),
            queue: VecDeque::new(),
            posts: VecDeque::new(),
            loses: |_, _| false,
            passed: 0,
            lost: |_| false,
            flights: Vec::new(),
            sent: Vec::new(),
            now,
            draws: 0,
            carried: vec![0; count],
            away: BTreeSet::new(),
        };
        for at in 0..count {
            net.queue
                .push_back((at, Input::Listening(vec![Addr::V4([0; 4], at as u16 + 1)])));
        }
        net.run();
        net
    }

    fn run(&mut self) {
        while !self.queue.is_empty() || !self.posts.is_empty() {
            self.run_posts();
            let Some((at, input)) = self.queue.pop_front() else {
                continue;
            };
            self.draws += 1;
            let mut entropy = [0; 32];
            entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
            self.nodes[at].engine.handle(self.now, entropy, input);
            while let Some(step) = self.nodes[at].engine.poll() {
                self.nodes[at].events.extend(step.at_once);
                let disk = &mut self.nodes[at].disk;
                for put in step.puts {
                    disk.insert(put.name, put.body);
                }
                for erase in step.erases {
                    if let Erase::Record(name, _) = erase {
                        disk.remove(&name);
                    }
                }
                step.then
                    .into_iter()
                    .for_each(|effect| self.carry_out(at, effect));
            }
        }
    }

    fn run_posts(&mut self) {
        while let Some((at, input)) = self.posts.pop_front() {
            self.draws += 1;
            let mut entropy = [1; 32];
            entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
            self.nodes[at].keeper.handle(self.now, entropy, input);
            while let Some(step) = self.nodes[at].keeper.poll() {
                let node = &mut self.nodes[at];
                for put in step.puts {
                    let on = match put.place {
                        Place::State => &mut node.shelf,
                        Place::Body => &mut node.parcels,
                    };
                    on.insert(put.name, put.body);
                }
                for erase in step.erases {
                    if let Erase::Record(name, _) = erase {
                        node.shelf.remove(&name);
                        node.parcels.remove(&name);
                    }
                }
                let then = step.then.into_iter();
                then.for_each(|effect| self.carry_out_for_keeper(at, effect));
            }
        }
    }

    fn carry_out_for_keeper(&mut self, at: usize, effect: keeper::Effect) {
        match effect {
            keeper::Effect::Write { conn, bytes } => self.write(at, conn, bytes),
            keeper::Effect::Read { conn, bytes, .. } => {
                self.end(at, conn).wanted = Some(bytes);
                self.deliver(at, conn);
            }
            keeper::Effect::Close(conn) => self.close(at, conn),
            keeper::Effect::Fetch { conn, slot, names } => {
                let parcels = &self.nodes[at].parcels;
                let pieces = names.iter().map(|name| parcels.get(name));
                let parcel: Option<Vec<&Said>> = pieces.collect();
                let parcel = parcel.map(|pieces| {
                    Said::new(pieces.into_iter().flat_map(|it| it.to_vec()).collect())
                });
                let fetched = keeper::Input::Fetched { conn, slot, parcel };
                self.posts.push_back((at, fetched));
            }
            keeper::Effect::Kept(kept) => self.queue.push_back((at, Input::Kept(kept))),
        }
    }

    fn carry_out(&mut self, at: usize, effect: Effect) {
        match effect {
            Effect::Dial { conn, addr, .. } => self.dial(at, conn, addr),
            Effect::Write { conn, bytes } => self.write(at, conn, bytes),
            Effect::Read { conn, bytes, .. } => {
                self.end(at, conn).wanted = Some(bytes);
                self.deliver(at, conn);
            }
            Effect::Link { conn, .. } => {
                self.end(at, conn).linked = true;
                if let Some((other, its)) = self.end(at, conn).other
                    && self.end(other, its).linked
                {
                    self.queue.push_back((at, Input::Opened(conn)));
                    self.queue.push_back((other, Input::Opened(its)));
                }
            }
            Effect::Frame { conn, kind, body } => {
                let body = self.body(at, body);
                self.sent.push((at, body.len()));
                self.carried[at] += body.len().next_multiple_of(512) as u64 + 512;
                if self.is_lost() {
                    return self.cut(at, conn);
                }
                if let Some((other, conn)) = self.end(at, conn).other {
                    self.queue
                        .push_back((other, Input::Frame { conn, kind, body }));
                }
            }
            Effect::Fetch { id, names } => {
                let text = Some(Said::new(self.body(at, Body::Stored(names))));
                self.queue.push_back((at, Input::Fetched { id, text }));
            }
            Effect::Close(conn) => self.close(at, conn),
            Effect::Show(event) => self.nodes[at].events.push(event),
            Effect::Answer { answer, .. } => self.nodes[at].answers.push(answer),
            Effect::DialThrough { conn, .. } => {
                self.queue.push_back((at, Input::Closed(conn)));
            }
            Effect::Probe(_)
            | Effect::Hear(_)
            | Effect::Beacon { .. }
            | Effect::OpenMeeting
            | Effect::CloseMeeting
            | Effect::Publish(_) => {}
            Effect::Keep(grant) => self.posts.push_back((at, keeper::Input::Keep(grant))),
            Effect::Unkeep(id) => self.posts.push_back((at, keeper::Input::Unkeep(id))),
        }
    }

    fn end(&mut self, at: usize, conn: ConnId) -> &mut End {
        self.ends.entry((at, conn)).or_default()
    }

    fn body(&self, at: usize, body: Body) -> Vec<u8> {
        match body {
            Body::Here(bytes) => bytes.to_vec(),
            Body::Stored(names) => names
                .iter()
                .flat_map(|name| self.nodes[at].disk[name].to_vec())
                .collect(),
        }
    }

    fn dial(&mut self, at: usize, conn: ConnId, addr: Addr) {
        let Addr::V4(_, port) = addr else {
            return self.queue.push_back((at, Input::Closed(conn)));
        };
        let other = usize::from(port) - 1;
        let nobody = other >= self.nodes.len();
        if nobody || self.away.contains(&at) || self.away.contains(&other) {
            return self.queue.push_back((at, Input::Closed(conn)));
        }
        self.draws += 1;
        let its = ConnId(2 * self.draws);
        self.end(at, conn).other = Some((other, its));
        let end = self.end(other, its);
        (end.other, end.knocking) = (Some((at, conn)), true);
        self.queue.push_back((at, Input::Connected(conn)));
    }

    fn write(&mut self, at: usize, conn: ConnId, bytes: Vec<u8>) {
        self.carried[at] += bytes.len() as u64;
        if (self.loses)(at, &bytes) || self.is_lost() {
            return self.cut(at, conn);
        }
        if let Some((other, its)) = self.end(at, conn).other {
            self.end(other, its).came.extend(&bytes);
            self.deliver(other, its);
            self.flights.push(bytes);
        }
    }

    fn is_lost(&mut self) -> bool {
        let number = self.passed;
        self.passed += 1;
        (self.lost)(number)
    }

    /// A node stops, and starts again on its disk.
    fn starts_again(&mut self, at: usize) {
        let mut conns: Vec<_> = self.ends.keys().copied().collect();
        conns.retain(|(whose, _)| *whose == at);
        conns.into_iter().for_each(|(_, conn)| self.cut(at, conn));
        self.queue.retain(|(to, _)| *to != at);
        self.posts.retain(|(to, _)| *to != at);
        let shelf = self.nodes[at].shelf.iter();
        let shelf: Vec<_> = shelf.map(|(k, v)| (k.clone(), v.clone())).collect();
        let keeper = Keeper::open(self.now, [self.draws as u8; 32], shelf);
        self.nodes[at].keeper = keeper.unwrap_or_else(|_| panic!("bad records"));
        self.posts.push_back((at, keeper::Input::Tick));
        // All but the pieces of texts and parcels, which the engine never reads.
        let records = self.nodes[at]
            .disk
            .iter()
            .filter(|(name, _)| name.0.len() == 21);
        let records: Vec<_> = records.map(|(k, v)| (k.clone(), v.clone())).collect();
        self.draws += 1;
        let entropy = [self.draws as u8; 32];
        let engine = Engine::open(self.now, entropy, records);
        self.nodes[at].engine = engine.unwrap_or_else(|_| panic!("bad records"));
        let addr = Addr::V4([0; 4], at as u16 + 1);
        self.queue.push_back((at, Input::Listening(vec![addr])));
        self.run();
    }

    /// A node loses its network.
    fn goes(&mut self, at: usize) {
        self.away.insert(at);
        let mut conns: Vec<_> = self.ends.keys().copied().collect();
        conns.retain(|(whose, _)| *whose == at);
        conns.into_iter().for_each(|(_, conn)| self.cut(at, conn));
        self.run();
    }

    /// And has it again.
    fn comes(&mut self, at: usize) {
        self.away.remove(&at);
        self.run();
    }

    fn deliver(&mut self, at: usize, conn: ConnId) {
        let end = self.ends.entry((at, conn)).or_default();
        if end.knocking && !end.came.is_empty() {
            let bytes = core::mem::take(&mut end.came);
            end.knocking = false;
            if self.nodes[at].keeper.knock(&bytes) == Knock::Known {
                self.end(at, conn).kept = true;
                let flight = keeper::Input::Flight { conn, bytes };
                return self.posts.push_back((at, flight));
            }
            let Knock::More(length) = self.nodes[at].engine.knock(&bytes[..KNOCK_BYTES]) else {
                return self.close(at, conn);
            };
            assert_eq!(length, bytes.len());
            assert_eq!(self.nodes[at].engine.knock(&bytes), Knock::Known);
            self.queue.push_back((at, Input::Flight { conn, bytes }));
        } else if let Some(wanted) = end.wanted.filter(|wanted| *wanted <= end.came.len()) {
            let bytes = end.came.drain(..wanted).collect();
            end.wanted = None;
            match end.kept {
                true => self
                    .posts
                    .push_back((at, keeper::Input::Bytes { conn, bytes })),
                false => self.queue.push_back((at, Input::Bytes { conn, bytes })),
            }
        }
    }

    fn close(&mut self, at: usize, conn: ConnId) {
        if let Some((other, its)) = self.end(at, conn).other.take() {
            let end = self.end(other, its);
            end.other = None;
            match end.kept {
                true => self.posts.push_back((other, keeper::Input::Closed(its))),
                false => self.queue.push_back((other, Input::Closed(its))),
            }
        }
    }

    /// Cuts a connection for both.
    fn cut(&mut self, at: usize, conn: ConnId) {
        self.close(at, conn);
        self.queue.push_back((at, Input::Closed(conn)));
    }

    fn ask(&mut self, at: usize, request: Request) -> Result<Answer, Refusal> {
        self.queue.push_back((
            at,
            Input::Ask {
                asker: AskId(0),
                request,
            },
        ));
        self.run();
        self.nodes[at].answers.pop().unwrap()
    }

    fn invite(&mut self, at: usize, name: &str) -> String {
        let request = Request::Invite {
            name: name.into(),
            lifetime_s: 24 * 3600,
            addrs: Vec::new(),
            language: Language::French,
        };
        match self.ask(at, request) {
            Ok(Answer::Invitation { code, .. }) => code,
            _ => panic!("no invitation"),
        }
    }

    fn accept(&mut self, at: usize, code: &str, name: &str) {
        let request = Request::Accept {
            code: code.into(),
            name: name.into(),
            nick: String::new(),
        };
        assert!(self.ask(at, request).is_ok());
    }

    fn pass(&mut self, minutes: u64) {
        for _ in 0..minutes {
            self.now.wall_ms += MINUTE_MS;
            self.now.boot_ms += MINUTE_MS;
            for at in 0..self.nodes.len() {
                self.posts.push_back((at, keeper::Input::Tick));
                self.queue.push_back((at, Input::Tick));
            }
            self.run();
        }
    }

    fn say(&mut self, at: usize, to: &str, text: &str) {
        let text = Said::new(text.as_bytes().to_vec());
        let to = to.to_owned();
        assert!(
            self.ask(
                at,
                Request::Send {
                    to,
                    text,
                    limit_min: 0,
                }
            )
            .is_ok()
        );
    }

    fn unread(&mut self, at: usize) -> u32 {
        match self.ask(at, Request::Status) {
            Ok(Answer::Status(status)) => status.unread,
            _ => panic!("no status"),
        }
    }
}

/// They are one pair with one root, and each can reach the other.
fn assert_friends(net: &mut Net) {
    for at in 0..2 {
        let engine = &net.nodes[at].engine;
        assert!(engine.joins.is_empty(), "node {at} still waits");
        assert_eq!(engine.friends.len(), 1, "node {at}");
        let friend = engine.friends.values().next().unwrap();
        assert!(friend.linked && friend.settled && friend.edges.one().is_some());
    }
    let root = |at: usize| {
        let friend = net.nodes[at].engine.friends.values().next().unwrap();
        &friend.edges.one().unwrap().dialled().root
    };
    assert!(root(0).same(root(1)));
    net.say(0, "bob", "salut");
    net.say(1, "alice", "salut");
    net.pass(1);
    assert_eq!((net.unread(0), net.unread(1)), (1, 1));
}

#[test]
fn an_invitation_makes_friends_who_talk() {
    let mut net = Net::new(2);
    let code = net.invite(0, "bob");
    net.accept(1, &code, "alice");
    net.pass(1);
    assert_friends(&mut net);
}

#[test]
fn a_link_that_comes_before_the_verdict_ends_the_joining() {
    let mut net = Net::new(2);
    // Verdicts and flights of the inviter are lost; its invitation is claimed all the same.
    net.loses = |at, bytes| at == 0 && bytes.len() == CLAIM_BYTES;
    let code = net.invite(0, "bob");
    net.accept(1, &code, "alice");
    assert!(!net.nodes[1].engine.friends.values().any(|f| f.settled));
    // The inviter dials its new friend within the hour; no retry gets through.
    net.loses = |at, bytes| at == 1 && bytes.len() > CLAIM_BYTES;
    net.pass(61);
    let paired = |event: &&Event| matches!(event, Event::Paired { .. });
    assert_eq!(net.nodes[1].events.iter().filter(paired).count(), 1);
    net.loses = |_, _| false;
    net.pass(60);
    assert_friends(&mut net);
}

#[test]
fn two_who_take_each_others_invitation_keep_one_edge() {
    // Verdicts lost at first, and each order of joining: whatever comes first, one edge is left.
    for (first, lossy) in [(0, false), (1, false), (0, true), (1, true)] {
        let mut net = Net::new(2);
        let codes = [net.invite(1, "alice"), net.invite(0, "bob")];
        // Nobody hears anybody until both have taken the other's.
        net.loses = |_, _| true;
        for at in [first, 1 - first] {
            net.accept(at, &codes[at], ["robert", "alix"][at]);
        }
        if lossy {
            net.loses = |_, bytes| bytes.len() == CLAIM_BYTES;
            net.pass(30);
        }
        net.loses = |_, _| false;
        net.pass(60);
        for at in 0..2 {
            let engine = &net.nodes[at].engine;
            assert_eq!(engine.friends.len(), 1, "first {first}, lossy {lossy}");
            assert!(engine.joins.is_empty());
            let friend = engine.friends.values().next().unwrap();
            assert!(friend.linked && friend.sessions.active.is_some());
        }
    }
}

#[test]
fn a_first_message_that_was_answered_is_never_answered_again() {
    let mut net = Net::new(2);
    net.loses = |at, bytes| at == 0 && bytes.len() == CLAIM_BYTES;
    let code = net.invite(0, "bob");
    net.accept(1, &code, "alice");
    let first = net.flights[0].clone();
    let tag = crate::link::flight::find_of(&first).unwrap();
    // Many retries later: no tag of theirs may have pushed out the first one.
    for day in 0..28 {
        net.now.wall_ms += 24 * 60 * MINUTE_MS;
        net.queue.push_back((1, Input::Tick));
        net.now.boot_ms += 24 * 60 * MINUTE_MS;
        for n in 0..8u8 {
            let invite = net.nodes[0].engine.invites.values_mut().next().unwrap();
            if invite.asked.len() < INVITE_TAGS_MAX {
                invite
                    .asked
                    .insert([[255, 255, day, n]; 4].concat().try_into().unwrap());
            }
        }
        let (conn, bytes) = (ConnId(1 << 40), first.clone());
        net.queue.push_back((0, Input::Flight { conn, bytes }));
        net.run();
        let engine = &net.nodes[0].engine;
        let invite = engine.invites.values().next().unwrap();
        assert!(!engine.conns.contains_key(&conn), "day {day}");
        assert!(invite.asked.contains(&tag) && invite.asked.len() <= INVITE_TAGS_MAX);
    }
}

/// Attack 1, in an invitation: its identity is a point like any other.
#[test]
fn an_invitation_of_a_low_order_identity_is_refused() {
    let now = Now {
        wall_ms: 1_795_000_000_000,
        boot_ms: 1_000,
    };
    let code = crate::invite::Code {
        expiry_min: now.minutes() + 100,
        ik: [0; 32],
        secret: crate::invite::Code::secret(|secret| secret.fill(1)),
        addrs: vec![Addr::V4([127, 0, 0, 1], 4040)],
        language: Language::French,
    };
    let request = Request::Accept {
        code: code.to_text().unwrap().to_string(),
        name: "zoé".into(),
        nick: String::new(),
    };
    let mut engine = Engine::create(now, [1; 32]);
    let asker = AskId(1);
    engine.handle(now, [2; 32], Input::Ask { asker, request });
    let effects = engine.poll().unwrap().then;
    let refused = |effect: &Effect| {
        matches!(
            effect,
            Effect::Answer {
                answer: Err(Refusal::BadCode),
                ..
            }
        )
    };
    assert!(effects.iter().any(refused));
}
