//! The records of a group: what is written when something changes, and how it comes back at start. What
//! is longer than a record is cut into pieces. Each change marks what it changed; who stores asks for
//! the marks and writes each record as it is by then. PROTOCOL §8.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::offers::Offer;
use super::{Begun, Core, Group, Lately};
#[cfg(test)]
use crate::group::chains::BLOCK;
use crate::group::chains::{Chain, ChainKey, ChainRecord, Chains, Link};
use crate::group::people::{People, Person};
use crate::group::register::{Entry, Register};
use crate::group::tally::Tally;
use crate::group::waiting::{Waiter, Waiting};
use crate::group::windows::{Window, Windows};
use crate::group::{Circle, Hash, Ik, Seats};
use crate::limits::{GROUP_RECORDS_BYTES_MAX, RECORD_BODY_BYTES_MAX};
use crate::secret::Said;

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Room {
    /// What never changes.
    Begun,
    /// What changes seldom.
    Core,
    /// What changes often.
    Lately,
    /// Sets that were mine.
    Past,
    /// Sets that others told.
    Offers,
    /// A chain, by its number.
    Chain,
    /// Some of its links.
    Links,
    /// A computer, by its number.
    Person,
    /// A message that waits.
    Waiter,
    /// Something that counts.
    Counted,
    /// A motion, as it is for me.
    Window,
}

const ROOMS: [Room; 11] = [
    Room::Begun,
    Room::Core,
    Room::Lately,
    Room::Past,
    Room::Offers,
    Room::Chain,
    Room::Links,
    Room::Person,
    Room::Waiter,
    Room::Counted,
    Room::Window,
];

/// Which record: its name is made of these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub room: Room,
    pub no: u32,
    /// Which piece of it.
    pub piece: u32,
}

impl Part {
    pub(super) fn whole(room: Room, no: u32) -> Self {
        Self { room, no, piece: 0 }
    }

    /// The room in eight bits, for a record's name.
    pub(crate) fn letter(self) -> u8 {
        self.room as u8
    }

    /// The other way round.
    pub(crate) fn of(letter: u8, no: u32, piece: u32) -> Option<Self> {
        let room = ROOMS.into_iter().find(|room| *room as u8 == letter)?;
        Some(Self { room, no, piece })
    }
}

/// The records do not belong together: a name or a body that no group wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadRecords;

/// The longest piece: a record's body has a few bytes of its owner's before it.
const PIECE_BYTES: usize = RECORD_BODY_BYTES_MAX - 16;

impl Group {
    /// The records that changed since this was last asked; those which are gone have no body.
    pub(crate) fn changed(&mut self) -> Vec<Part> {
        let mut marked = core::mem::take(&mut self.dirty);
        let (gone, mut blocks) = self.chains.take_blocks();
        if planted!(GroupNumberForgotten) {
            let mine = self.chains.newest(&self.begun.me, Circle::Members);
            let mine = mine.map(|(_, chain)| chain.no);
            blocks.retain(|(no, _)| Some(*no) != mine);
        }
        let keys = self.chains.take_changed().into_iter();
        let numbers = keys.filter_map(|key| self.chains.get(&key).map(|chain| chain.no));
        let mut rooms: Vec<(Room, BTreeSet<u32>)> = vec![
            (Room::Chain, numbers.chain(gone).collect()),
            (Room::Person, self.people.take_changed()),
            (Room::Waiter, self.waiting.take_changed()),
            (Room::Counted, self.register.take_changed()),
            (Room::Window, self.windows.take_changed()),
        ];
        for (room, numbers) in rooms.drain(..) {
            marked.extend(numbers.into_iter().map(|no| Part::whole(room, no)));
        }
        let mut parts = Vec::new();
        for part in marked {
            parts.extend(self.pieces_of(part.room, part.no));
        }
        let room = Room::Links;
        parts.extend(
            blocks
                .into_iter()
                .map(|(no, piece)| Part { room, no, piece }),
        );
        parts
    }

    /// The pieces that a record has or had.
    fn pieces_of(&mut self, room: Room, no: u32) -> impl Iterator<Item = Part> + use<> {
        let length = self.body(room, no, 0).map_or(0, |body| body.len());
        let now = length.div_ceil(PIECE_BYTES) as u32;
        let before = match now {
            0 => self.pieces.remove(&(room, no)),
            _ => self.pieces.insert((room, no), now),
        };
        let all = now.max(before.unwrap_or_default());
        (0..all).map(move |piece| Part { room, no, piece })
    }

    /// What stands in a record by now; nothing if it is gone.
    pub(crate) fn record(&self, part: Part) -> Option<Said> {
        let body = self.body(part.room, part.no, part.piece)?;
        if part.room == Room::Links {
            return Some(body);
        }
        let piece = body
            .chunks(PIECE_BYTES)
            .nth(usize::try_from(part.piece).ok()?)?;
        Some(Said::new(piece.to_vec()))
    }

    fn body(&self, room: Room, no: u32, block: u32) -> Option<Said> {
        match room {
            Room::Begun => encode(&self.begun),
            Room::Core => encode((&self.core, self.windows.next_no())),
            Room::Lately => encode(&self.lately),
            Room::Past => encode(&self.past),
            Room::Offers => encode(&self.offers),
            Room::Chain => {
                let (key, chain) = self.chains.by_no(no)?;
                encode((key, chain.record()))
            }
            Room::Links => {
                let (_, chain) = self.chains.by_no(no)?;
                let links = chain.block(block);
                if links.is_empty() {
                    None
                } else {
                    encode(links)
                }
            }
            Room::Person => self.people.by_no(no).and_then(encode),
            Room::Waiter => self.waiting.get(no).and_then(encode),
            Room::Counted => self.register.by_no(no).and_then(encode),
            Room::Window => self.windows.by_no(no).and_then(encode),
        }
    }

    /// Everything is written anew.
    pub(super) fn mark_all(&mut self) {
        let rooms = [
            Room::Begun,
            Room::Core,
            Room::Lately,
            Room::Past,
            Room::Offers,
        ];
        rooms.into_iter().for_each(|room| self.mark(room));
    }

    /// All records that there are.
    #[cfg(test)]
    pub(crate) fn parts(&self) -> Vec<Part> {
        let single = [
            Room::Begun,
            Room::Core,
            Room::Lately,
            Room::Past,
            Room::Offers,
        ];
        let mut whole: Vec<(Room, u32)> = single.into_iter().map(|room| (room, 0)).collect();
        let mut parts = Vec::new();
        for (_, chain) in self.chains.iter() {
            whole.push((Room::Chain, chain.no));
            let blocks: BTreeSet<u32> = chain.links().map(|(number, _)| number / BLOCK).collect();
            let (room, no) = (Room::Links, chain.no);
            parts.extend(blocks.into_iter().map(|piece| Part { room, no, piece }));
        }
        whole.extend(
            self.people
                .iter()
                .map(|(_, person)| (Room::Person, person.no)),
        );
        whole.extend(self.waiting.numbers().map(|no| (Room::Waiter, no)));
        whole.extend(self.register.numbers().map(|no| (Room::Counted, no)));
        whole.extend(
            self.windows
                .iter()
                .map(|(_, window)| (Room::Window, window.no)),
        );
        for (room, no) in whole {
            let pieces = (0..).map(|piece| Part { room, no, piece });
            parts.extend(pieces.take_while(|part| self.record(*part).is_some()));
        }
        parts.sort_unstable();
        parts
    }

    /// As it was stored.
    pub(crate) fn restore(
        records: impl IntoIterator<Item = (Part, Said)>,
    ) -> Result<Self, BadRecords> {
        let mut read = Read::default();
        records
            .into_iter()
            .for_each(|(part, body)| read.add(part, body));
        let begun: Begun = read.one(Room::Begun)?;
        let (core, next_no): (Core, u32) = read.one(Room::Core)?;
        let lately: Lately = read.one(Room::Lately)?;
        let past: Vec<Seats> = read.one(Room::Past)?;
        let offers: BTreeMap<Hash, Offer> = read.one(Room::Offers)?;
        let register = Register::restore(read.all::<Entry>(Room::Counted)?);
        let people = read.all::<(Ik, Person)>(Room::Person)?;
        let windows = read.all::<(Hash, Window)>(Room::Window)?;
        Ok(Self {
            tally: Tally::of(&core.ground, register.held()),
            chains: read.chains()?,
            people: People::restore(people.into_values().collect()),
            waiting: Waiting::restore(read.all::<Waiter>(Room::Waiter)?),
            windows: Windows::restore(windows.into_values().collect(), next_no),
            pieces: read.counts(),
            begun,
            core,
            lately,
            past,
            offers,
            register,
            dirty: BTreeSet::new(),
            #[cfg(test)]
            judged: 0,
        })
    }
}

/// Records by what they are about.
#[derive(Default)]
struct Read {
    bodies: BTreeMap<(Room, u32), BTreeMap<u32, Said>>,
}

impl Read {
    fn add(&mut self, part: Part, body: Said) {
        let pieces = self.bodies.entry((part.room, part.no)).or_default();
        pieces.insert(part.piece, body);
    }

    fn one<T: Decode<()>>(&self, room: Room) -> Result<T, BadRecords> {
        let pieces = self.bodies.get(&(room, 0)).ok_or(BadRecords)?;
        joined(pieces)
    }

    fn of(&self, room: Room) -> impl Iterator<Item = (u32, &BTreeMap<u32, Said>)> {
        let range = (room, 0)..=(room, u32::MAX);
        self.bodies
            .range(range)
            .map(|((_, no), pieces)| (*no, pieces))
    }

    fn all<T: Decode<()>>(&self, room: Room) -> Result<BTreeMap<u32, T>, BadRecords> {
        let all = self.of(room).map(|(no, pieces)| Ok((no, joined(pieces)?)));
        all.collect()
    }

    fn chains(&self) -> Result<Chains, BadRecords> {
        let mut chains: Vec<(ChainKey, Chain)> = Vec::new();
        for (no, (key, record)) in self.all::<(ChainKey, ChainRecord)>(Room::Chain)? {
            let mut links = BTreeMap::new();
            for block in self.bodies.get(&(Room::Links, no)).into_iter().flatten() {
                links.extend(decode::<Vec<(u32, Link)>>(block.1)?);
            }
            chains.push((key, Chain::restore(no, record, links)));
        }
        Ok(Chains::restore(chains))
    }

    fn counts(&self) -> BTreeMap<(Room, u32), u32> {
        let whole = self
            .bodies
            .iter()
            .filter(|((room, _), _)| *room != Room::Links);
        whole
            .map(|(at, pieces)| (*at, pieces.len() as u32))
            .collect()
    }
}

fn joined<T: Decode<()>>(pieces: &BTreeMap<u32, Said>) -> Result<T, BadRecords> {
    let in_order = pieces.keys().copied().eq(0..pieces.len() as u32);
    if !in_order {
        return Err(BadRecords);
    }
    let mut body = Said::new(Vec::with_capacity(pieces.len() * PIECE_BYTES));
    pieces
        .values()
        .for_each(|piece| body.extend_from_slice(piece));
    decode(&body)
}

fn encode(value: impl Encode) -> Option<Said> {
    // Encoding into memory fails for no type of a group.
    let bytes = bincode::encode_to_vec(value, bincode::config::standard());
    bytes.ok().map(Said::new)
}

fn decode<T: Decode<()>>(body: &[u8]) -> Result<T, BadRecords> {
    let config = bincode::config::standard().with_limit::<GROUP_RECORDS_BYTES_MAX>();
    match bincode::decode_from_slice(body, config) {
        Ok((value, used)) if used == body.len() => Ok(value),
        _ => Err(BadRecords),
    }
}
