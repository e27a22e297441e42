//! Nodes and the wire between them, by hand: what is lost on it, a test decides. What people do with them
//! stands here; what the wire does in `net/wire.rs`.

mod wire;

use std::collections::{BTreeMap, VecDeque};

use crate::engine::*;
use crate::keeper::{self, Keeper};
use crate::time::MINUTE_MS;
use crate::vault::Erase;

/// The engine's disk, without the vault: names and bodies.
pub(super) type Disk = BTreeMap<Name, Said>;

pub(super) struct Node {
    pub(super) engine: Engine,
    pub(super) disk: Disk,
    /// What keeps parcels for others, and its disk.
    pub(super) keeper: Keeper,
    pub(super) shelf: Disk,
    pub(super) parcels: Disk,
    /// What of its disk cannot be read.
    pub(super) torn: Option<u64>,
    pub(super) events: Vec<Event>,
    pub(super) answers: Vec<Result<Answer, Refusal>>,
}

#[derive(Default)]
pub(super) struct End {
    /// The other end; nothing once it was closed.
    pub(super) other: Option<(usize, ConnId)>,
    pub(super) came: Vec<u8>,
    pub(super) wanted: Option<usize>,
    /// Inbound and not handed to the engine yet.
    pub(super) knocking: bool,
    pub(super) linked: bool,
    /// At the keeper's door, not the engine's.
    pub(super) kept: bool,
}

pub(super) struct Net {
    pub(super) nodes: Vec<Node>,
    pub(super) ends: BTreeMap<(usize, ConnId), End>,
    pub(super) queue: VecDeque<(usize, Input)>,
    /// What the keepers are to hear.
    pub(super) posts: VecDeque<(usize, keeper::Input)>,
    /// Whether what a node writes on a mute connection gets lost.
    pub(super) loses: fn(usize, &[u8]) -> bool,
    /// Parcels and mute messages so far, and which of them do not arrive.
    pub(super) passed: u32,
    pub(super) lost: fn(u32) -> bool,
    /// Every first flight that was written.
    pub(super) flights: Vec<Vec<u8>>,
    /// Who sent a frame on a link, and of which length.
    pub(super) sent: Vec<(usize, usize)>,
    pub(super) now: Now,
    pub(super) draws: u64,
    /// Bytes that each sent, in whole blocks of records.
    pub(super) carried: Vec<u64>,
    /// Whoever reaches nobody now.
    pub(super) away: BTreeSet<usize>,
    /// On which side of a network that came apart each one is; all on one if nothing is said.
    pub(super) sides: BTreeMap<usize, u8>,
    /// Who stops at its next step, and whether that was written by then.
    pub(super) dies: Option<(usize, bool)>,
}

impl Net {
    pub(super) fn new(count: usize) -> Self {
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
            torn: None,
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
            sides: BTreeMap::new(),
            dies: None,
        };
        for at in 0..count {
            net.queue
                .push_back((at, Input::Listening(vec![Addr::V4([0; 4], at as u16 + 1)])));
        }
        net.run();
        net
    }

    pub(super) fn run(&mut self) {
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
                let dies = self.dies.take_if(|(who, _)| *who == at);
                if dies == Some((at, false)) {
                    self.starts_again(at);
                    break;
                }
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
                if dies.is_some() {
                    self.starts_again(at);
                    break;
                }
                step.then
                    .into_iter()
                    .for_each(|effect| self.carry_out(at, effect));
            }
        }
    }

    /// A node stops; nothing of what it heard or wanted to say is left.
    pub(super) fn stops(&mut self, at: usize) {
        let mut conns: Vec<_> = self.ends.keys().copied().collect();
        conns.retain(|(whose, _)| *whose == at);
        conns.into_iter().for_each(|(_, conn)| self.cut(at, conn));
        // Its connections are numbered anew from now on.
        self.ends.retain(|(whose, _), _| *whose != at);
        self.queue.retain(|(to, _)| *to != at);
        self.posts.retain(|(to, _)| *to != at);
    }

    /// A node stops, and starts again on its disk.
    pub(super) fn starts_again(&mut self, at: usize) {
        self.stops(at);
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
    pub(super) fn goes(&mut self, at: usize) {
        self.away.insert(at);
        let mut conns: Vec<_> = self.ends.keys().copied().collect();
        conns.retain(|(whose, _)| *whose == at);
        conns.into_iter().for_each(|(_, conn)| self.cut(at, conn));
        self.run();
    }

    /// The network comes apart; who is on no side is on the first.
    pub(super) fn splits(&mut self, sides: BTreeMap<usize, u8>) {
        self.sides = sides;
        let ends = self
            .ends
            .iter()
            .filter_map(|(end, it)| Some((*end, it.other?.0)));
        let across = ends.filter(|((at, _), other)| self.is_apart(*at, *other));
        let across: Vec<_> = across.map(|(end, _)| end).collect();
        across.into_iter().for_each(|(at, conn)| self.cut(at, conn));
        self.run();
    }

    fn is_apart(&self, a: usize, b: usize) -> bool {
        let side = |n| self.sides.get(&n).copied().unwrap_or_default();
        side(a) != side(b)
    }

    /// And has it again.
    pub(super) fn comes(&mut self, at: usize) {
        self.away.remove(&at);
        self.run();
    }

    pub(super) fn ask(&mut self, at: usize, request: Request) -> Result<Answer, Refusal> {
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

    pub(super) fn invite(&mut self, at: usize, name: &str) -> String {
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

    pub(super) fn accept(&mut self, at: usize, code: &str, name: &str) {
        let request = Request::Accept {
            code: code.into(),
            name: name.into(),
            nick: String::new(),
        };
        assert!(self.ask(at, request).is_ok());
    }

    pub(super) fn pass(&mut self, minutes: u64) {
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

    pub(super) fn say(&mut self, at: usize, to: &str, text: &str) {
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

    pub(super) fn unread(&mut self, at: usize) -> u32 {
        match self.ask(at, Request::Status) {
            Ok(Answer::Status(status)) => status.unread,
            _ => panic!("no status"),
        }
    }
}
