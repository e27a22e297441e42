//! One keeper, its disk, and connections to it.

use std::collections::BTreeMap;

use crate::engine::{ConnId, Knock};
use crate::kdf::Entropy;
use crate::keeper::{BoxGrant, Effect, Input, Keeper, KeptBox};
use crate::limits::{BUCKETS, FLIGHT_BYTES, KNOCK_BYTES, MAILBOX_BYTES};
use crate::mailbox::deposit::{self, Left};
use crate::mailbox::fetch::{self, Kept};
use crate::mailbox::{BadTalk, BoxKeys};
use crate::secret::{Key, Said};
use crate::time::{DAY_MINUTES, MINUTE_MS, Now};
use crate::token::{Serial, Token};
use crate::vault::{Erase, Name, Place};

/// What becomes of the next step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It is committed, then its effects leave.
    Whole,
    /// The power goes before the commit.
    NoCommit,
    /// The power goes after it: nothing leaves.
    NoEffects,
}

/// What a connection carries.
#[derive(Default)]
struct Line {
    to_keeper: Vec<u8>,
    wanted: Option<usize>,
    from_keeper: Vec<u8>,
    closed: bool,
}

pub(super) struct Rig {
    pub keeper: Keeper,
    /// Records of state, and of bodies.
    pub state: BTreeMap<Vec<u8>, Vec<u8>>,
    pub bodies: BTreeMap<Vec<u8>, Vec<u8>>,
    pub kept: Vec<KeptBox>,
    pub now: Now,
    pub commits: usize,
    lines: BTreeMap<ConnId, Line>,
    next_conn: u64,
    draws: u64,
}

/// The day since 1970 on which a rig begins.
pub(super) const TODAY: u16 = 20_780;

pub(super) fn keys(byte: u8) -> BoxKeys {
    BoxKeys::new([byte; 16], Key::fill(|b| b.fill(byte)))
}

pub(super) fn token(keys: &BoxKeys, number: u16) -> Token {
    of_generation(keys, 0, number)
}

pub(super) fn of_generation(keys: &BoxKeys, generation: u16, number: u16) -> Token {
    keys.token(Serial { generation, number })
}

pub(super) fn parcel(byte: u8) -> Said {
    Said::new(vec![byte; BUCKETS[0]])
}

pub(super) fn flight(keys: &BoxKeys, token: Token, entropy: u8) -> (deposit::Knocking, Vec<u8>) {
    deposit::visit(keys.door(), token, &mut Entropy::new([entropy; 32])).unwrap()
}

impl Rig {
    /// A keeper with one box for each of these.
    pub(super) fn with(boxes: &[u8]) -> Self {
        let now = Now {
            wall_ms: u64::from(TODAY) * u64::from(DAY_MINUTES) * MINUTE_MS,
            boot_ms: 0,
        };
        let mut rig = Self {
            keeper: Keeper::create(now, [1; 32]),
            state: BTreeMap::new(),
            bodies: BTreeMap::new(),
            kept: Vec::new(),
            now,
            commits: 0,
            lines: BTreeMap::new(),
            next_conn: 2,
            draws: 0,
        };
        for byte in boxes {
            rig.grant(*byte, MAILBOX_BYTES);
        }
        rig
    }

    pub(super) fn grant(&mut self, byte: u8, quota_bytes: u64) {
        let keys = keys(byte);
        let grant = BoxGrant {
            id: *keys.id(),
            key: Key::fill(|b| b.fill(byte)),
            quota_bytes,
        };
        self.tell(Input::Keep(grant));
    }

    pub(super) fn tell(&mut self, input: Input) {
        self.tell_with(input, Fate::Whole);
    }

    pub(super) fn tell_with(&mut self, input: Input, fate: Fate) {
        self.draws += 1;
        let mut entropy = [7; 32];
        entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
        self.keeper.handle(self.now, entropy, input);
        while let Some(step) = self.keeper.poll() {
            if fate == Fate::NoCommit {
                break;
            }
            self.commits += usize::from(!step.puts.is_empty() || !step.erases.is_empty());
            for put in step.puts {
                self.place(put.place).insert(put.name.0, put.body.to_vec());
            }
            for erase in step.erases {
                if let Erase::Record(Name(name), place) = erase {
                    self.place(place).remove(&name);
                }
            }
            if fate == Fate::NoEffects {
                break;
            }
            step.then
                .into_iter()
                .for_each(|effect| self.carry_out(effect));
        }
        if fate != Fate::Whole {
            self.restart();
        }
    }

    fn place(&mut self, place: Place) -> &mut BTreeMap<Vec<u8>, Vec<u8>> {
        match place {
            Place::State => &mut self.state,
            Place::Body => &mut self.bodies,
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Write { conn, bytes } => {
                self.lines
                    .entry(conn)
                    .or_default()
                    .from_keeper
                    .extend(bytes);
            }
            Effect::Read { conn, bytes, .. } => {
                self.lines.entry(conn).or_default().wanted = Some(bytes);
            }
            Effect::Close(conn) => self.lines.entry(conn).or_default().closed = true,
            Effect::Fetch { conn, slot, names } => {
                let pieces = names.iter().map(|name| self.bodies.get(&name.0).cloned());
                let parcel: Option<Vec<Vec<u8>>> = pieces.collect();
                let parcel = parcel.map(|pieces| Said::new(pieces.concat()));
                self.tell(Input::Fetched { conn, slot, parcel });
            }
            Effect::Kept(kept) => self.kept = kept,
        }
    }

    /// The power goes and comes back.
    pub(super) fn restart(&mut self) {
        let records = self.state.iter();
        let records = records.map(|(name, body)| (Name(name.clone()), Said::new(body.clone())));
        self.lines.clear();
        self.now.boot_ms = 0;
        self.keeper = Keeper::open(self.now, [2; 32], records).unwrap();
        self.tell(Input::Tick);
    }

    pub(super) fn pass(&mut self, minutes: u64) {
        self.now.wall_ms += minutes * MINUTE_MS;
        self.now.boot_ms += minutes * MINUTE_MS;
        self.tell(Input::Tick);
    }

    /// Somebody knocks with this flight. The answer, if there is one.
    pub(super) fn knock(&mut self, bytes: &[u8], fate: Fate) -> (ConnId, Option<Vec<u8>>) {
        let conn = ConnId(self.next_conn);
        self.next_conn += 2;
        self.lines.insert(conn, Line::default());
        let known = self.keeper.knock(&bytes[..KNOCK_BYTES]) == Knock::More(FLIGHT_BYTES)
            && self.keeper.knock(bytes) == Knock::Known;
        if known {
            let bytes = bytes.to_vec();
            self.tell_with(Input::Flight { conn, bytes }, fate);
        }
        (
            conn,
            Some(self.heard(conn)).filter(|answer| !answer.is_empty()),
        )
    }

    /// What the keeper wrote since.
    pub(super) fn heard(&mut self, conn: ConnId) -> Vec<u8> {
        let line = self.lines.entry(conn).or_default();
        core::mem::take(&mut line.from_keeper)
    }

    pub(super) fn is_open(&self, conn: ConnId) -> bool {
        self.lines.get(&conn).is_some_and(|line| !line.closed)
    }

    /// Somebody writes on a connection, and the keeper reads as much as it wants.
    pub(super) fn write(&mut self, conn: ConnId, bytes: &[u8]) {
        self.lines
            .entry(conn)
            .or_default()
            .to_keeper
            .extend_from_slice(bytes);
        loop {
            let line = self.lines.entry(conn).or_default();
            let Some(wanted) = line.wanted.filter(|wanted| *wanted <= line.to_keeper.len()) else {
                return;
            };
            line.wanted = None;
            let bytes = line.to_keeper.drain(..wanted).collect();
            self.tell(Input::Bytes { conn, bytes });
        }
    }

    /// Comes in with a token.
    pub(super) fn visit(&mut self, keys: &BoxKeys, token: Token) -> Option<Visitor> {
        let (knocking, bytes) = flight(keys, token, 99);
        let (conn, answer) = self.knock(&bytes, Fate::Whole);
        let visit = knocking.finish(keys.door(), &answer?).unwrap();
        Some(Visitor { conn, visit })
    }

    /// Leaves parcels with one token; what became of each.
    pub(super) fn leave(&mut self, keys: &BoxKeys, token: Token, parcels: &[Said]) -> Vec<Left> {
        let Some(mut visitor) = self.visit(keys, token) else {
            return Vec::new();
        };
        let left = parcels
            .iter()
            .flat_map(|parcel| visitor.leave(self, parcel));
        let left = left.collect();
        self.tell(Input::Closed(visitor.conn));
        left
    }

    /// The owner comes.
    pub(super) fn come(&mut self, keys: &BoxKeys, stamp: u64) -> Option<AtHome> {
        let (knocking, bytes) = fetch::visit(keys, stamp, &mut Entropy::new([98; 32])).unwrap();
        let (conn, answer) = self.knock(&bytes, Fate::Whole);
        let (visit, greeting) = knocking.finish(keys, &answer?).unwrap();
        self.write(conn, &greeting);
        Some(AtHome { conn, visit })
    }

    /// The owner fetches and deletes everything.
    pub(super) fn fetch(&mut self, keys: &BoxKeys, stamp: u64) -> Vec<(u32, Said)> {
        let mut home = self.come(keys, stamp).unwrap();
        let mut fetched = Vec::new();
        loop {
            let heard = home.hear(self);
            assert!(!heard.is_empty(), "the keeper waits for nothing");
            for kept in heard {
                let Kept::Parcel { slot, parcel } = kept else {
                    self.tell(Input::Closed(home.conn));
                    return fetched;
                };
                home.delete(self, keys, slot, &parcel);
                fetched.push((slot, parcel));
            }
        }
    }
}

/// Somebody who was let in.
pub(super) struct Visitor {
    pub conn: ConnId,
    pub visit: deposit::Visit,
}

impl Visitor {
    pub(super) fn leave(&mut self, rig: &mut Rig, parcel: &Said) -> Vec<Left> {
        let bytes = self.visit.leave(parcel.clone()).unwrap();
        rig.write(self.conn, &bytes);
        self.hear(rig).unwrap()
    }

    pub(super) fn hear(&mut self, rig: &mut Rig) -> Result<Vec<Left>, BadTalk> {
        let (heard, mut left) = (rig.heard(self.conn), Vec::new());
        let mut rest = &heard[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(self.visit.wants());
            left.extend(self.visit.hear(now)?);
            rest = later;
        }
        Ok(left)
    }
}

/// The owner at their box.
pub(super) struct AtHome {
    pub conn: ConnId,
    pub visit: fetch::Visit,
}

impl AtHome {
    pub(super) fn hear(&mut self, rig: &mut Rig) -> Vec<Kept> {
        let (heard, mut kept) = (rig.heard(self.conn), Vec::new());
        let mut rest = &heard[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(self.visit.wants());
            kept.extend(self.visit.hear(now).unwrap());
            rest = later;
        }
        kept
    }

    pub(super) fn delete(&mut self, rig: &mut Rig, keys: &BoxKeys, slot: u32, parcel: &[u8]) {
        let bytes = self.visit.delete(keys, slot, parcel).unwrap();
        rig.write(self.conn, &bytes);
    }
}
