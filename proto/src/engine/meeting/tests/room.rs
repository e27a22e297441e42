//! A table with engines around it, their people, and the network between them.

use std::collections::{BTreeMap, VecDeque};

use crate::engine::*;
use crate::limits::KNOCK_BYTES;
use crate::time::MINUTE_MS;
use crate::vault::Erase;

/// The port of a meeting's own listener.
const MEETING_PORT: u16 = 1000;

pub(super) struct Node {
    pub(super) engine: Engine,
    pub(super) disk: BTreeMap<Name, Said>,
    events: Vec<Event>,
    answers: Vec<Result<Answer, Refusal>>,
    listens: bool,
}

#[derive(Default)]
struct End {
    other: Option<(usize, ConnId)>,
    came: Vec<u8>,
    wanted: Option<usize>,
    knocking: bool,
    linked: bool,
}

pub(super) struct Room {
    pub(super) nodes: Vec<Node>,
    ends: BTreeMap<(usize, ConnId), End>,
    queue: VecDeque<(usize, Input)>,
    pub(super) now: Now,
    draws: u64,
    /// How many writes on mute connections there were.
    pub(super) writes: u64,
    /// The write that is lost, with its connection; by its number.
    pub(super) lost: Option<u64>,
    pub(super) takes_part: fn(usize) -> bool,
    pub(super) keeps: fn(usize, usize) -> bool,
    pub(super) counts: fn(usize) -> u8,
    pub(super) called: fn(usize, usize) -> String,
    pub(super) begin: fn(usize, &mut Begin),
}

const NAMES: [&str; 12] = [
    "anne", "zoé", "bob", "camille", "driss", "emma", "farid", "gilles", "hana", "ivo", "jeanne",
    "karim",
];

impl Room {
    pub(super) fn of(count: usize) -> Self {
        Self::seeded(count, 1)
    }

    /// Others of the same names.
    pub(super) fn seeded(count: usize, seed: u8) -> Self {
        let now = Now {
            wall_ms: 1_795_000_000_000,
            boot_ms: 1_000,
        };
        let node = |n: usize| {
            let mut entropy = [seed; 32];
            entropy[..8].copy_from_slice(&(n as u64 + 1).to_le_bytes());
            Node {
                engine: Engine::create(now, entropy),
                disk: BTreeMap::new(),
                events: Vec::new(),
                answers: Vec::new(),
                listens: false,
            }
        };
        let mut room = Self {
            nodes: (0..count).map(node).collect(),
            ends: BTreeMap::new(),
            queue: VecDeque::new(),
            now,
            draws: u64::from(seed) << 32,
            writes: 0,
            lost: None,
            takes_part: |_| true,
            keeps: |_, _| true,
            counts: |there| there as u8,
            called: |_, of| Self::name(of),
            begin: |_, _| {},
        };
        for at in 0..count {
            let addrs = vec![Addr::V4([0; 4], at as u16 + 1)];
            room.queue.push_back((at, Input::Listening(addrs)));
        }
        room.run();
        room
    }

    /// What they call themselves, and are called.
    pub(super) fn name(of: usize) -> String {
        let turn = of / NAMES.len();
        let name = NAMES[of % NAMES.len()];
        if turn == 0 {
            name.to_owned()
        } else {
            format!("{name} {}", "abcdefgh".chars().nth(turn).unwrap())
        }
    }

    pub(super) fn beginning(at: usize, join: Option<Addr>) -> Begin {
        Begin {
            nick: Self::name(at),
            language: Language::French,
            secret: RoomSecret::None,
            join,
            replace: None,
        }
    }

    pub(super) fn run(&mut self) {
        while let Some((at, input)) = self.queue.pop_front() {
            self.tell(at, input);
        }
    }

    fn tell(&mut self, at: usize, input: Input) {
        self.draws += 1;
        let mut entropy = [at as u8; 32];
        entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
        self.nodes[at].engine.handle(self.now, entropy, input);
        while let Some(step) = self.nodes[at].engine.poll() {
            let node = &mut self.nodes[at];
            node.events.extend(step.at_once);
            for put in step.puts {
                node.disk.insert(put.name, put.body);
            }
            for erase in step.erases {
                if let Erase::Record(name, _) = erase {
                    node.disk.remove(&name);
                }
            }
            let effects = step.then.into_iter();
            effects.for_each(|effect| self.carry_out(at, effect));
        }
    }

    fn carry_out(&mut self, at: usize, effect: Effect) {
        match effect {
            Effect::Dial { conn, addr, .. } => self.dial(at, conn, addr),
            Effect::Write { conn, bytes } => self.write(at, conn, &bytes),
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
                let Body::Here(body) = body else { return };
                let body = body.to_vec();
                if let Some((other, conn)) = self.end(at, conn).other {
                    let frame = Input::Frame { conn, kind, body };
                    self.queue.push_back((other, frame));
                }
            }
            Effect::Close(conn) => self.close(at, conn),
            Effect::Show(event) => self.nodes[at].events.push(event),
            Effect::Answer { answer, .. } => self.nodes[at].answers.push(answer),
            Effect::OpenMeeting => {
                self.nodes[at].listens = true;
                let addrs = vec![Self::meeting_addr(at)];
                self.queue.push_back((at, Input::MeetingOpen(addrs)));
            }
            Effect::CloseMeeting => self.nodes[at].listens = false,
            _ => {}
        }
    }

    pub(super) fn meeting_addr(at: usize) -> Addr {
        Addr::V4([0; 4], MEETING_PORT + at as u16)
    }

    fn end(&mut self, at: usize, conn: ConnId) -> &mut End {
        self.ends.entry((at, conn)).or_default()
    }

    fn dial(&mut self, at: usize, conn: ConnId, addr: Addr) {
        let port = usize::from(addr.port());
        let meeting = port >= usize::from(MEETING_PORT);
        let other = if meeting {
            port - usize::from(MEETING_PORT)
        } else {
            port - 1
        };
        if meeting && !self.nodes[other].listens {
            return self.queue.push_back((at, Input::Closed(conn)));
        }
        let its = self.new_conn();
        self.end(at, conn).other = Some((other, its));
        let end = self.end(other, its);
        (end.other, end.knocking) = (Some((at, conn)), !meeting);
        if meeting {
            self.queue.push_back((other, Input::Guest(its)));
        }
        self.queue.push_back((at, Input::Connected(conn)));
    }

    fn new_conn(&mut self) -> ConnId {
        self.draws += 1;
        ConnId(2 * self.draws)
    }

    /// A stranger at somebody's listener: whatever they say comes by [`Self::stranger_says`].
    pub(super) fn stranger(&mut self, at: usize) -> ConnId {
        let its = self.new_conn();
        // A place where nobody is.
        self.end(at, its).other = Some((usize::MAX, ConnId(0)));
        self.queue.push_back((at, Input::Guest(its)));
        self.run();
        its
    }

    pub(super) fn stranger_says(&mut self, at: usize, conn: ConnId, bytes: &[u8]) {
        self.end(at, conn).came.extend(bytes);
        self.deliver(at, conn);
        self.run();
    }

    /// Whether a connection is still open at this end.
    pub(super) fn is_open(&mut self, at: usize, conn: ConnId) -> bool {
        self.end(at, conn).other.is_some()
    }

    fn write(&mut self, at: usize, conn: ConnId, bytes: &[u8]) {
        self.writes += 1;
        if self.lost == Some(self.writes) {
            self.queue.push_back((at, Input::Closed(conn)));
            return self.close(at, conn);
        }
        if let Some((other, its)) = self.end(at, conn).other
            && other < self.nodes.len()
        {
            self.end(other, its).came.extend(bytes);
            self.deliver(other, its);
        }
    }

    fn deliver(&mut self, at: usize, conn: ConnId) {
        let end = self.ends.entry((at, conn)).or_default();
        if end.knocking && !end.came.is_empty() {
            let bytes = core::mem::take(&mut end.came);
            end.knocking = false;
            let engine = &self.nodes[at].engine;
            if !matches!(engine.knock(&bytes[..KNOCK_BYTES]), Knock::More(_))
                || engine.knock(&bytes) != Knock::Known
            {
                return self.close(at, conn);
            }
            self.queue.push_back((
                at,
                Input::Flight {
                    conn,
                    bytes,
                    through: false,
                },
            ));
        } else if let Some(wanted) = end.wanted.filter(|wanted| *wanted <= end.came.len()) {
            let bytes = end.came.drain(..wanted).collect();
            end.wanted = None;
            self.queue.push_back((at, Input::Bytes { conn, bytes }));
        } else if end.other.is_none() && (end.linked || end.wanted.is_some() || end.knocking) {
            // The end is seen once all that came before it was read.
            self.ends.remove(&(at, conn));
            self.queue.push_back((at, Input::Closed(conn)));
        }
    }

    fn close(&mut self, at: usize, conn: ConnId) {
        let end = self.ends.remove(&(at, conn));
        if let Some((other, its)) = end.and_then(|end| end.other)
            && other < self.nodes.len()
        {
            self.end(other, its).other = None;
            self.deliver(other, its);
        }
    }

    /// Everything of a node ends at once, and it starts again on its disk.
    pub(super) fn restart(&mut self, at: usize) {
        let conns = self.ends.keys().filter(|(node, _)| *node == at);
        for (_, conn) in conns.copied().collect::<Vec<_>>() {
            self.close(at, conn);
        }
        self.queue.retain(|(node, _)| *node != at);
        let disk = self.nodes[at].disk.iter();
        let disk: Vec<_> = disk
            .map(|(name, body)| (name.clone(), body.clone()))
            .collect();
        self.draws += 1;
        let mut entropy = [200; 32];
        entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
        self.nodes[at].engine = Engine::open(self.now, entropy, disk).unwrap_or_else(|_| panic!());
        self.nodes[at].listens = false;
        let addrs = vec![Addr::V4([0; 4], at as u16 + 1)];
        self.queue.push_back((at, Input::Listening(addrs)));
        self.run();
    }

    pub(super) fn ask(&mut self, at: usize, request: Request) -> Result<Answer, Refusal> {
        let asker = AskId(0);
        self.tell(at, Input::Ask { asker, request });
        let answer = self.nodes[at].answers.pop().unwrap();
        self.run();
        answer
    }

    pub(super) fn meet(&mut self, at: usize, meet: Meet) -> Result<Meeting, Refusal> {
        match self.ask(at, Request::Meet(Box::new(meet)))? {
            Answer::Meeting(meeting) => Ok(*meeting),
            _ => panic!("no meeting"),
        }
    }

    pub(super) fn view(&self, at: usize) -> Meeting {
        self.nodes[at].engine.meeting_view().unwrap()
    }

    /// How often a node said that its meeting moved on.
    pub(super) fn events(&self, at: usize) -> usize {
        let events = self.nodes[at].events.iter();
        events.filter(|event| **event == Event::Meeting).count()
    }

    pub(super) fn over(&self, at: usize) -> Option<super::End> {
        match self.view(at).stage {
            Stage::Over(end) => Some(end),
            _ => None,
        }
    }

    fn there(&self) -> Vec<usize> {
        let all = 0..self.nodes.len();
        all.filter(|at| (self.takes_part)(*at)).collect()
    }

    /// The first who takes part opens a meeting, the others join it.
    pub(super) fn gather(&mut self) {
        let there = self.there();
        for at in &there {
            let join = (at != &there[0]).then(|| Self::meeting_addr(there[0]));
            let mut begin = Self::beginning(*at, join);
            (self.begin)(*at, &mut begin);
            assert!(self.meet(*at, Meet::Begin(begin)).is_ok(), "node {at}");
        }
    }

    pub(super) fn count_all(&mut self) {
        let there = self.there();
        for at in &there {
            if matches!(self.view(*at).stage, Stage::Gathering { counted: None }) {
                let _ = self.meet(*at, Meet::Count((self.counts)(there.len())));
            }
        }
    }

    /// One reads, the others pick. Gives who says "same".
    pub(super) fn listeners_pick(&mut self) -> Vec<String> {
        let there = self.there();
        let read: Option<Vec<&str>> = there.iter().find_map(|at| match self.view(*at).stage {
            Stage::Ticking { words } if !words.is_empty() => Some(words),
            _ => None,
        });
        let mut say_same = Vec::new();
        for at in there {
            match self.view(at).stage {
                Stage::Ticking { .. } => say_same.push(Self::name(at)),
                Stage::Listening { lines } => {
                    let heard = lines.iter().position(|line| Some(line) == read.as_ref());
                    let line = heard.map(|line| line as u8);
                    say_same.extend(line.map(|_| Self::name(at)));
                    let _ = self.meet(at, Meet::Picked(line));
                }
                _ => {}
            }
        }
        say_same
    }

    /// The people count, listen and tick, as far as their machines let them.
    pub(super) fn until_naming(&mut self) {
        self.count_all();
        let voices = self.listeners_pick();
        for at in self.there() {
            if !matches!(self.view(at).stage, Stage::Ticking { .. }) {
                continue;
            }
            // Everybody hears who says "same", in their own voice.
            for person in self.view(at).people {
                let (who, same) = (person.who, voices.contains(&person.nick));
                let _ = self.meet(at, Meet::Heard { who, same });
            }
        }
    }

    /// The same, and they choose whom to keep.
    pub(super) fn people_go_on(&mut self) {
        self.until_naming();
        for at in self.there() {
            if !matches!(self.view(at).stage, Stage::Naming) {
                continue;
            }
            for person in self.view(at).people {
                let of = self.node_called(&person.nick);
                let petname = (self.keeps)(at, of).then(|| (self.called)(at, of));
                let who = person.who;
                let _ = self.meet(at, Meet::Keep { who, petname });
            }
        }
    }

    fn node_called(&self, nick: &str) -> usize {
        let mut all = 0..self.nodes.len();
        all.find(|at| Self::name(*at) == nick).unwrap()
    }

    /// As whom one node's meeting knows another.
    pub(super) fn place(&self, at: usize, of: usize) -> u8 {
        let people = self.view(at).people;
        let found = people.iter().find(|person| person.nick == Self::name(of));
        found.unwrap().who
    }

    pub(super) fn standing_of(&self, at: usize, of: usize) -> Standing {
        let people = self.view(at).people;
        let found = people.iter().find(|person| person.nick == Self::name(of));
        found.unwrap().standing
    }

    pub(super) fn standings(&self, at: usize) -> Vec<Standing> {
        let people = self.view(at).people.into_iter();
        people.map(|person| person.standing).collect()
    }

    pub(super) fn contacts(&mut self, at: usize) -> Vec<Contact> {
        match self.ask(at, Request::Contacts) {
            Ok(Answer::Contacts(contacts)) => contacts,
            _ => panic!("no contacts"),
        }
    }

    pub(super) fn pass_minutes(&mut self, minutes: u64) {
        for _ in 0..minutes * 6 {
            self.now.wall_ms += MINUTE_MS / 6;
            self.now.boot_ms += MINUTE_MS / 6;
            for at in 0..self.nodes.len() {
                self.queue.push_back((at, Input::Tick));
            }
            self.run();
        }
    }

    /// They hold one edge, have linked under it, and have a session.
    pub(super) fn assert_linked(&self, a: usize, b: usize) {
        let names = |at: usize, of: usize| {
            let engine = &self.nodes[at].engine;
            let point = self.nodes[of].engine.me.point();
            let no = engine.friend_of(point).unwrap();
            let friend = engine.friends.get(&no).unwrap();
            assert!(friend.linked && friend.settled && friend.sessions.active.is_some());
            let keys = friend.edges.one().unwrap().keys();
            let names = keys.filter(|keys| !keys.is_recovery());
            names.map(|keys| keys.name).collect::<Vec<_>>()
        };
        let (here, there) = (names(a, b), names(b, a));
        assert!(here.iter().any(|name| there.contains(name)));
    }
}
