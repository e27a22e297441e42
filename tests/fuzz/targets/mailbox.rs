//! Two boxes on one keeper, visitors whose tokens are good and who say what they like, and owners.
//! A script: knock with any token, again, or with junk; say any frame or a parcel; fetch; crash.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::engine::{ConnId, Knock};
use kith_proto::keeper::testing::{Inside, Wire, fetch, grant, guest};
use kith_proto::keeper::{Effect, Input, Keeper, KeptBox};
use kith_proto::limits::{
    BUCKETS, FLIGHT_BYTES, MAILBOX_PARCELS_MAX, VISIT_PARCELS_MAX, VISITORS_AT_ONCE_MAX,
};
use kith_proto::secret::Said;
use kith_proto::time::Now;
use kith_proto::vault::{Erase, Name, Place};

use super::script::Script;

const ORDERS_MAX: usize = 96;
/// Of the two boxes, in bytes: some short parcels, or two of the longest.
const QUOTAS: [u64; 2] = [40 << 10, 140 << 10];
/// A condition that only one parcel keeps.
const BOUND_TO: u8 = 4;

/// Runs the script.
pub fn mailbox(data: &[u8]) {
    let mut play = Play {
        desk: Desk::new(),
        script: Script(data),
        spent: BTreeSet::new(),
        flights: Vec::new(),
        guests: Vec::new(),
        there: [Vec::new(), Vec::new()],
        stamp: 0,
        draws: 0,
    };
    for _ in 0..ORDERS_MAX {
        if play.script.is_over() {
            break;
        }
        play.order();
        play.bounds();
    }
    (0..2).for_each(|number| play.fetch(number));
}

/// Which token: its box, generation and serial.
type Which = (u8, [u16; 2]);

struct Play<'a> {
    desk: Desk,
    script: Script<'a>,
    /// Tokens that somebody was let in by.
    spent: BTreeSet<Which>,
    flights: Vec<(Which, Vec<u8>)>,
    guests: Vec<Guest>,
    /// What the keeper said is on its disk.
    there: [Vec<Vec<u8>>; 2],
    stamp: u64,
    draws: u64,
}

struct Guest {
    conn: ConnId,
    number: u8,
    inside: Inside,
    most: u32,
    left: u32,
}

impl Play<'_> {
    fn order(&mut self) {
        match self.script.u8() % 12 {
            0..3 => self.knock(),
            3 => self.knock_again(),
            4 => self.junk(),
            5 | 6 => self.leave(),
            7 => self.say(),
            8 => {
                let number = self.script.u8() & 1;
                self.fetch(number);
            }
            9 => {
                let minutes = u64::from(self.script.u8());
                self.desk.pass(minutes * 60_000);
            }
            10 => self.close(),
            _ => {
                self.desk.restart();
                self.guests.clear();
            }
        }
    }

    /// With a good token, narrowed as the script says.
    fn knock(&mut self) {
        let number = self.script.u8() & 1;
        let token = [u16::from(self.script.u8() % 5), self.script.u16() % 64];
        let caveats = match self.script.u8() {
            0..128 => &[0],
            _ => self.script.short(),
        };
        self.draws += 1;
        let Some((came, flight)) = guest(number, token, caveats, self.draws) else {
            return;
        };
        let bound = caveats.first() > Some(&0) && caveats.contains(&BOUND_TO);
        let (conn, answer) = self.desk.knock(&flight);
        self.flights.push(((number, token), flight));
        if answer.is_empty() {
            return;
        }
        assert!(self.spent.insert((number, token)), "a token opened twice");
        let inside = came.enter(&answer).expect("the keeper's answer");
        let most = if bound { 1 } else { VISIT_PARCELS_MAX };
        self.guests.push(Guest {
            conn,
            number,
            inside,
            most,
            left: 0,
        });
    }

    /// What was on the wire, as it was or changed.
    fn knock_again(&mut self) {
        let Some(at) = self.script.index(self.flights.len()) else {
            return;
        };
        let (token, mut bytes) = self.flights[at].clone();
        if self.script.u8() & 1 == 1 {
            let whole = bytes.clone();
            self.script.damage(&mut bytes);
            if bytes != whole {
                let before = self.desk.commits;
                let (_, answer) = self.desk.knock(&bytes);
                assert!(answer.is_empty(), "a changed flight is answered");
                assert_eq!(self.desk.commits, before, "it makes the disk work");
                return;
            }
        }
        // One that was refused for want of room, or of its day, may be good now.
        let (_, answer) = self.desk.knock(&bytes);
        assert!(
            answer.is_empty() || self.spent.insert(token),
            "a token opened twice"
        );
    }

    fn junk(&mut self) {
        let mut bytes = self.script.long().to_vec();
        bytes.resize(FLIGHT_BYTES, self.script.u8());
        let before = self.desk.commits;
        let (_, answer) = self.desk.knock(&bytes);
        assert!(answer.is_empty() && self.desk.commits == before);
    }

    fn leave(&mut self) {
        let Some(at) = self.script.index(self.guests.len()) else {
            return;
        };
        let bucket = BUCKETS[self.script.index(BUCKETS.len()).unwrap_or(0)];
        let mut parcel = self.script.short().to_vec();
        parcel.resize(bucket, self.script.u8());
        let guest = &mut self.guests[at];
        let Some(bytes) = guest.inside.say(2, &parcel) else {
            return;
        };
        let heard = self.desk.write(guest.conn, &bytes);
        let [stored, full] = guest.inside.hear(&heard).expect("the keeper's records");
        assert!(stored + full <= 1, "one parcel, one answer");
        guest.left += stored + full;
        assert!(guest.left <= guest.most, "more than a token admits");
        if stored == 1 {
            self.there[usize::from(guest.number)].push(parcel);
        }
    }

    fn say(&mut self) {
        let Some(at) = self.script.index(self.guests.len()) else {
            return;
        };
        let (kind, body) = (self.script.u8(), self.script.long());
        let raw = self.script.u8() & 3 == 3;
        let guest = &mut self.guests[at];
        let said = match raw {
            true => Some(body.to_vec()),
            false => guest.inside.say(kind, body),
        };
        let heard = said.map_or_else(Vec::new, |said| self.desk.write(guest.conn, &said));
        let parcel = !raw && kind == 2 && BUCKETS.contains(&body.len());
        assert!(parcel || heard.is_empty(), "what is no parcel is answered");
        if raw {
            // Whatever follows is out of step.
            self.guests.remove(at);
        } else if parcel {
            let [stored, full] = guest.inside.hear(&heard).expect("the keeper's records");
            guest.left += stored + full;
            if stored == 1 {
                self.there[usize::from(guest.number)].push(body.to_vec());
            }
        }
    }

    fn close(&mut self) {
        if let Some(at) = self.script.index(self.guests.len()) {
            let guest = self.guests.remove(at);
            self.desk.tell(Input::Closed(guest.conn));
        }
    }

    /// All that was said to be there is, in its order, and then nothing is.
    fn fetch(&mut self, number: u8) {
        self.stamp += 1;
        let conn = self.desk.conn();
        let mut line = Line {
            desk: &mut self.desk,
            conn,
        };
        let Some(fetched) = fetch(number, self.stamp, &mut line) else {
            // More often than a minute admits.
            self.desk.pass(60_000);
            return;
        };
        assert!(
            fetched == self.there[usize::from(number)],
            "lost or doubled"
        );
        self.there[usize::from(number)].clear();
        let kept = self.desk.kept.iter().find(|it| it.id == [number; 16]);
        assert_eq!(kept.map(|kept| (kept.parcels, kept.bytes)), Some((0, 0)));
    }

    fn bounds(&mut self) {
        let bytes: u64 = self.desk.kept.iter().map(|kept| kept.bytes).sum();
        let pieces = self.desk.bodies.values().map(|piece| piece.len() as u64);
        assert_eq!(pieces.sum::<u64>(), bytes, "pieces of nothing");
        for (kept, quota) in self.desk.kept.iter().zip(QUOTAS) {
            assert!(kept.bytes <= quota && kept.parcels as usize <= MAILBOX_PARCELS_MAX);
        }
        let open = &self.desk.lines;
        self.guests.retain(|guest| open.contains_key(&guest.conn));
        for number in 0..2 {
            let here = self.guests.iter().filter(|guest| guest.number == number);
            assert!(here.count() <= VISITORS_AT_ONCE_MAX);
        }
    }
}

/// What somebody wrote and the keeper did not read, how much it wants, and what it wrote.
type Ways = (Vec<u8>, Option<usize>, Vec<u8>);

/// A keeper, its disk and its connections.
struct Desk {
    keeper: Keeper,
    state: BTreeMap<Name, Said>,
    bodies: BTreeMap<Name, Said>,
    kept: Vec<KeptBox>,
    lines: BTreeMap<ConnId, Ways>,
    now: Now,
    commits: usize,
    draws: u64,
}

impl Desk {
    fn new() -> Self {
        let now = Now {
            wall_ms: 1_795_392_000_000,
            boot_ms: 0,
        };
        let mut desk = Self {
            keeper: Keeper::create(now, [1; 32]),
            state: BTreeMap::new(),
            bodies: BTreeMap::new(),
            kept: Vec::new(),
            lines: BTreeMap::new(),
            now,
            commits: 0,
            draws: 0,
        };
        for (number, quota) in (0..).zip(QUOTAS) {
            desk.tell(Input::Keep(grant(number, quota)));
        }
        desk
    }

    fn conn(&mut self) -> ConnId {
        self.draws += 1;
        let conn = ConnId(2 * self.draws);
        self.lines.insert(conn, Default::default());
        conn
    }

    fn tell(&mut self, input: Input) {
        self.draws += 1;
        let mut entropy = [7; 32];
        entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
        self.keeper.handle(self.now, entropy, input);
        while let Some(step) = self.keeper.poll() {
            self.commits += usize::from(!step.puts.is_empty() || !step.erases.is_empty());
            for put in step.puts {
                self.place(put.place).insert(put.name, put.body);
            }
            for erase in step.erases {
                if let Erase::Record(name, place) = erase {
                    self.place(place).remove(&name);
                }
            }
            step.then
                .into_iter()
                .for_each(|effect| self.carry_out(effect));
        }
    }

    fn place(&mut self, place: Place) -> &mut BTreeMap<Name, Said> {
        match place {
            Place::State => &mut self.state,
            Place::Body => &mut self.bodies,
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Write { conn, bytes } => {
                if let Some(line) = self.lines.get_mut(&conn) {
                    line.2.extend(bytes);
                }
            }
            Effect::Read { conn, bytes, .. } => {
                if let Some(line) = self.lines.get_mut(&conn) {
                    line.1 = Some(bytes);
                }
            }
            Effect::Close(conn) => drop(self.lines.remove(&conn)),
            Effect::Fetch { conn, slot, names } => {
                let pieces = names.iter().map(|name| self.bodies.get(name));
                let pieces: Option<Vec<&Said>> = pieces.collect();
                let parcel = pieces.map(|pieces| {
                    Said::new(pieces.into_iter().flat_map(|it| it.to_vec()).collect())
                });
                self.tell(Input::Fetched { conn, slot, parcel });
            }
            Effect::Kept(kept) => self.kept = kept,
        }
    }

    /// What the keeper answers to first bytes, if its door lets them pass.
    fn knock(&mut self, bytes: &[u8]) -> (ConnId, Vec<u8>) {
        let conn = self.conn();
        match self.keeper.knock(bytes) {
            Knock::Known => {
                let bytes = bytes.to_vec();
                self.tell(Input::Flight { conn, bytes });
            }
            _ => drop(self.lines.remove(&conn)),
        }
        (conn, self.heard(conn))
    }

    fn heard(&mut self, conn: ConnId) -> Vec<u8> {
        let line = self.lines.get_mut(&conn);
        line.map_or_else(Vec::new, |line| core::mem::take(&mut line.2))
    }

    fn write(&mut self, conn: ConnId, bytes: &[u8]) -> Vec<u8> {
        if let Some(line) = self.lines.get_mut(&conn) {
            line.0.extend_from_slice(bytes);
        }
        while let Some((came, wanted, _)) = self.lines.get_mut(&conn) {
            let Some(bytes) = wanted.filter(|wanted| *wanted <= came.len()) else {
                break;
            };
            *wanted = None;
            let bytes = came.drain(..bytes).collect();
            self.tell(Input::Bytes { conn, bytes });
        }
        self.heard(conn)
    }

    fn pass(&mut self, ms: u64) {
        (self.now.wall_ms, self.now.boot_ms) = (self.now.wall_ms + ms, self.now.boot_ms + ms);
        self.tell(Input::Tick);
    }

    fn restart(&mut self) {
        self.lines.clear();
        self.now.boot_ms = 0;
        let records: Vec<_> = self.state.clone().into_iter().collect();
        let opened = Keeper::open(self.now, [2; 32], records);
        self.keeper = opened.ok().expect("a keeper starts from what it wrote");
        self.tell(Input::Tick);
    }
}

/// One connection, for its owner's visit.
struct Line<'a> {
    desk: &'a mut Desk,
    conn: ConnId,
}

impl Wire for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> Option<()> {
        // The first bytes are the flight.
        let began = self.desk.lines.get(&self.conn)?.1.is_some();
        let heard = match began {
            true => self.desk.write(self.conn, bytes),
            false => {
                let bytes = bytes.to_vec();
                let conn = self.conn;
                self.desk.tell(Input::Flight { conn, bytes });
                self.desk.heard(conn)
            }
        };
        self.desk.lines.get_mut(&self.conn)?.2.extend(heard);
        Some(())
    }

    fn read(&mut self, bytes: usize) -> Option<Vec<u8>> {
        let line = self.desk.lines.get_mut(&self.conn)?;
        (line.2.len() >= bytes).then(|| line.2.drain(..bytes).collect())
    }
}
