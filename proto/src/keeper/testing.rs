//! A box that anybody can open, its visitors and its owner, for tests that knock at a real node; in no
//! program.

use super::BoxGrant;
use crate::kdf::Entropy;
use crate::limits::TOKENS_PER_GENERATION;
use crate::mailbox::deposit::{self, Left};
use crate::mailbox::fetch::{self, Kept};
use crate::mailbox::{BadTalk, BoxKeys};
use crate::secret::{Key, Said};
use crate::token::{Caveats, Serial};
use crate::wire::Reader;

fn keys(number: u8) -> BoxKeys {
    BoxKeys::new([number; 16], Key::fill(|b| b.fill(number)))
}

/// The right to a box of this number, with so many bytes.
pub fn grant(number: u8, quota_bytes: u64) -> BoxGrant {
    BoxGrant {
        id: [number; 16],
        key: Key::fill(|b| b.fill(number)),
        quota_bytes,
    }
}

/// One way to a node: writes all, reads exactly so many bytes.
pub trait Wire {
    /// Nothing once the other end has gone.
    fn write(&mut self, bytes: &[u8]) -> Option<()>;
    /// Likewise.
    fn read(&mut self, bytes: usize) -> Option<Vec<u8>>;
}

/// Somebody who was let in by a token.
pub struct Visitor<W> {
    wire: W,
    visit: deposit::Visit,
}

/// A number that no other flight of a test has: its randomness.
fn entropy(number: u8, flight: u64) -> Entropy {
    let mut seed = [number; 32];
    seed[..8].copy_from_slice(&flight.to_le_bytes());
    Entropy::new(seed)
}

impl<W: Wire> Visitor<W> {
    /// Knocks at a box with the token of this serial; nothing if it is silent.
    pub fn knock(number: u8, serial: u16, mut wire: W) -> Option<Self> {
        let keys = keys(number);
        let token = keys.token(Serial {
            generation: 0,
            number: serial,
        });
        let mut entropy = entropy(number, serial.into());
        let (knocking, flight) = deposit::visit(keys.door(), token, &mut entropy).ok()?;
        wire.write(&flight)?;
        let answer = wire.read(flight.len())?;
        let visit = knocking.finish(keys.door(), &answer).ok()?;
        Some(Self { wire, visit })
    }

    /// Leaves a parcel, and says whether it is kept; nothing if there was no answer.
    pub fn leave(&mut self, parcel: &[u8]) -> Option<bool> {
        let bytes = self.visit.leave(Said::new(parcel.to_vec())).ok()?;
        self.wire.write(&bytes)?;
        let left = hear(
            &mut self.wire,
            &mut self.visit,
            |visit| visit.wants(),
            |visit, b| visit.hear(b),
        )?;
        Some(left.first() == Some(&Left::Stored))
    }
}

fn hear<W: Wire, V, T>(
    wire: &mut W,
    visit: &mut V,
    wants: impl Fn(&V) -> usize,
    hear: impl Fn(&mut V, &[u8]) -> Result<Vec<T>, BadTalk>,
) -> Option<Vec<T>> {
    loop {
        let bytes = wire.read(wants(visit))?;
        let heard = hear(visit, &bytes).ok()?;
        if !heard.is_empty() {
            return Some(heard);
        }
    }
}

/// Fetches and deletes all that a box holds; nothing if it is silent. `stamp` rises.
pub fn fetch(number: u8, stamp: u64, wire: &mut impl Wire) -> Option<Vec<Vec<u8>>> {
    let keys = keys(number);
    let visited = fetch::visit(&keys, stamp, &mut entropy(number, stamp << 16));
    let (knocking, flight) = visited.ok()?;
    wire.write(&flight)?;
    let answer = wire.read(flight.len())?;
    let (mut visit, greeting) = knocking.finish(&keys, &answer).ok()?;
    wire.write(&greeting)?;
    let mut fetched = Vec::new();
    loop {
        let heard = hear(
            wire,
            &mut visit,
            |visit| visit.wants(),
            |visit, b| visit.hear(b),
        )?;
        for kept in heard {
            let Kept::Parcel { slot, parcel } = kept else {
                return Some(fetched);
            };
            let bytes = visit.delete(&keys, slot, &parcel).ok()?;
            wire.write(&bytes)?;
            fetched.push(parcel.to_vec());
        }
    }
}

/// A flight with any token that the key of its box makes, and what comes of it: for a program that keeps
/// to nothing.
pub struct Guest {
    number: u8,
    knocking: deposit::Knocking,
}

/// What a token of this box opens: its flight. `caveats` as a flight shows them; nothing if they are
/// none.
pub fn guest(number: u8, serial: [u16; 2], caveats: &[u8], draw: u64) -> Option<(Guest, Vec<u8>)> {
    let keys = keys(number);
    let mut from = Reader::new(caveats);
    let caveats = Caveats::decode(&mut from).ok()?;
    let [generation, serial] = serial;
    let token = keys.token(Serial {
        generation,
        number: serial % TOKENS_PER_GENERATION,
    });
    let token = token.with(&caveats)?;
    let visited = deposit::visit(keys.door(), token, &mut entropy(number, draw));
    let (knocking, flight) = visited.ok()?;
    Some((Guest { number, knocking }, flight))
}

impl Guest {
    /// Let in, if this is the keeper's answer.
    pub fn enter(self, answer: &[u8]) -> Option<Inside> {
        let keys = keys(self.number);
        let visit = self.knocking.finish(keys.door(), answer).ok()?;
        Some(Inside(visit))
    }
}

/// Who was let in, and says what they like.
pub struct Inside(deposit::Visit);

impl Inside {
    /// A frame of any kind, with any body.
    pub fn say(&mut self, kind: u8, body: &[u8]) -> Option<Vec<u8>> {
        self.0.say_any(kind, body).ok()
    }

    /// How many parcels the keeper says are on its disk, and how many found no room, in bytes that it
    /// wrote.
    pub fn hear(&mut self, mut bytes: &[u8]) -> Option<[u32; 2]> {
        let mut told = [0; 2];
        while let Some((now, later)) = bytes.split_at_checked(self.0.wants()) {
            for left in self.0.hear(now).ok()? {
                told[usize::from(left == Left::Full)] += 1;
            }
            bytes = later;
        }
        Some(told)
    }
}
