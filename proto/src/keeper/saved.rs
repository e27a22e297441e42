//! The keeper's records, in a vault of their own: what stands in each, how they come to the disk and
//! back. No name is among them, and no key but those of boxes. PROTOCOL §8 "The locked node".

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

use super::held::{Held, Slot, Traffic};
use super::{BoxId, Keeper};
use crate::engine::{BadRecords, OpenError};
use crate::limits::{
    BUCKETS, CHUNK_BYTES, MAILBOX_PARCELS_MAX, MAILBOXES_MAX, RECORD_BODY_BYTES_MAX,
};
use crate::mailbox::BoxKeys;
use crate::secret::{Kept, Key, Mailbox, Onion, Said};
use crate::time::AgeRecord;
use crate::vault::{Erase, Leaf, Name, Place, Put};

/// The version that begins every record's body.
const VERSION: u8 = 1;

/// A record of state, by what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Saved {
    Node,
    Box(u32),
    /// Which tokens were used.
    Spent(u32),
    Traffic(u32),
    Parcel(u32, u32),
    /// What the onion service is made of.
    Service,
}

impl Saved {
    /// Its logical name: a letter and big-endian numbers.
    fn name(self) -> Name {
        let (letter, a, b) = match self {
            Self::Node => (b'n', 0, 0),
            Self::Box(number) => (b'b', number, 0),
            Self::Spent(number) => (b's', number, 0),
            Self::Traffic(number) => (b't', number, 0),
            Self::Parcel(number, slot) => (b'p', number, slot),
            Self::Service => (b'o', 0, 0),
        };
        Name([&[letter], &a.to_be_bytes()[..], &b.to_be_bytes()].concat())
    }

    fn of(name: &Name) -> Option<Self> {
        let (&letter, rest) = name.0.split_first()?;
        let (a, rest) = rest.split_first_chunk()?;
        let a = u32::from_be_bytes(*a);
        let b = u32::from_be_bytes(rest.try_into().ok()?);
        let saved = match letter {
            b'n' => Self::Node,
            b'b' => Self::Box(a),
            b's' => Self::Spent(a),
            b't' => Self::Traffic(a),
            b'p' => Self::Parcel(a, b),
            b'o' => Self::Service,
            _ => return None,
        };
        (saved.name() == *name).then_some(saved)
    }

    /// Each has one of its own: what a parcel held goes when it does.
    fn leaf(self) -> Leaf {
        Leaf(self.name().0)
    }
}

/// The names of all pieces of a parcel.
pub(super) fn pieces(number: u32, slot: u32, length: usize) -> Vec<Name> {
    let piece = |index: usize| {
        let Name(mut name) = Saved::Parcel(number, slot).name();
        name.extend((index as u32).to_be_bytes());
        Name(name)
    };
    (0..length.div_ceil(CHUNK_BYTES)).map(piece).collect()
}

#[derive(Encode, Decode)]
struct NodeRecord {
    next_box: u32,
    age: AgeRecord,
}

#[derive(Encode, Decode)]
struct BoxRecord {
    id: BoxId,
    key: Kept<Mailbox>,
    quota_bytes: u64,
}

#[derive(Encode, Decode)]
struct TrafficRecord {
    traffic: Traffic,
    next_slot: u32,
}

fn encode(value: impl Encode) -> Said {
    let mut body = Said::new(Vec::with_capacity(RECORD_BODY_BYTES_MAX));
    body.push(VERSION);
    // Encoding into memory fails for no type of this file.
    if let Ok(bytes) = bincode::encode_to_vec(value, bincode::config::standard()) {
        let bytes = Said::new(bytes);
        body.extend_from_slice(&bytes);
    }
    body
}

fn decode<T: Decode<()>>(body: &[u8]) -> Result<T, BadRecords> {
    let body = body.strip_prefix(&[VERSION]).ok_or(BadRecords)?;
    let config = bincode::config::standard().with_limit::<RECORD_BODY_BYTES_MAX>();
    match bincode::decode_from_slice(body, config) {
        Ok((value, used)) if used == body.len() => Ok(value),
        _ => Err(BadRecords),
    }
}

impl Keeper {
    pub(super) fn mark(&mut self, saved: Saved) {
        self.dirty.insert(saved);
    }

    /// Turns the marks into writes and erasures of the step.
    pub(super) fn write_marked(&mut self) {
        if self.dirty.contains(&Saved::Node) {
            self.age_stored = self.age.minutes();
        }
        for saved in core::mem::take(&mut self.dirty) {
            let (name, leaf) = (saved.name(), saved.leaf());
            match self.body_of(saved) {
                Some(body) => self.step.puts.push(Put {
                    name,
                    place: Place::State,
                    leaf,
                    // A parcel's pieces lie under the leaf of its record; all else could be put back.
                    renew: !matches!(saved, Saved::Parcel(..)),
                    body,
                }),
                None => {
                    self.step.erases.push(Erase::Record(name, Place::State));
                    self.step.erases.push(Erase::Leaf(leaf));
                }
            }
        }
    }

    pub(super) fn put_pieces(&mut self, number: u32, slot: u32, parcel: &[u8]) {
        let names = pieces(number, slot, parcel.len());
        for (name, chunk) in names.into_iter().zip(parcel.chunks(CHUNK_BYTES)) {
            self.step.puts.push(Put {
                name,
                place: Place::Body,
                leaf: Saved::Parcel(number, slot).leaf(),
                renew: false,
                body: Said::new(chunk.to_vec()),
            });
        }
    }

    /// Their key goes with the record of their parcel.
    pub(super) fn erase_pieces(&mut self, names: Vec<Name>) {
        let erases = names.into_iter();
        let erases = erases.map(|name| Erase::Record(name, Place::Body));
        self.step.erases.extend(erases);
    }

    /// What stands in a record now; nothing if what it is about is gone.
    fn body_of(&self, saved: Saved) -> Option<Said> {
        let held = |number| self.boxes.get(&number);
        match saved {
            Saved::Node => Some(encode(NodeRecord {
                next_box: self.next_box,
                age: self.age.record(self.now),
            })),
            Saved::Box(number) => held(number).map(|held| {
                encode(BoxRecord {
                    id: *held.keys.id(),
                    key: held.keys.key().keep(),
                    quota_bytes: held.quota_bytes,
                })
            }),
            Saved::Spent(number) => held(number).map(|held| encode(&held.spent)),
            Saved::Traffic(number) => held(number).map(|held| {
                encode(TrafficRecord {
                    traffic: held.traffic.clone(),
                    next_slot: held.next_slot(),
                })
            }),
            Saved::Parcel(number, slot) => held(number)?.get(slot).map(encode),
            Saved::Service => self.service.as_ref().map(|secret| encode(secret.keep())),
        }
    }
}

/// What a keeper comes back with: its boxes, the next one's number, its age, its onion service.
type Read = (BTreeMap<u32, Held>, u32, AgeRecord, Option<Key<Onion>>);

/// Puts the records together. Anything that no keeper could have written is an error, never a guess.
pub(super) fn read(records: impl IntoIterator<Item = (Name, Said)>) -> Result<Read, OpenError> {
    let (mut node, mut service, mut boxes) = (None, None, BTreeMap::new());
    // Boxes come before what is in them.
    let known = |(name, body): (Name, Said)| {
        if body.first().is_some_and(|version| *version > VERSION) {
            return Err(OpenError::TooNew);
        }
        Ok((Saved::of(&name).ok_or(BadRecords)?, body))
    };
    let records: Result<BTreeMap<Saved, Said>, _> = records.into_iter().map(known).collect();
    for (saved, body) in records? {
        if saved == Saved::Node {
            node = Some(decode::<NodeRecord>(&body)?);
        } else if saved == Saved::Service {
            service = Some(decode::<Kept<Onion>>(&body)?.key());
        } else if let Saved::Box(number) = saved {
            boxes.insert(number, read_box(&body)?);
        } else {
            read_into(&mut boxes, saved, &body)?;
        }
    }
    let NodeRecord { next_box, age } = node.ok_or(BadRecords)?;
    let fits = boxes.len() <= MAILBOXES_MAX && boxes.keys().all(|number| *number < next_box);
    fits.then_some((boxes, next_box, age, service))
        .ok_or(OpenError::BadRecords)
}

fn read_box(body: &[u8]) -> Result<Held, BadRecords> {
    let record: BoxRecord = decode(body)?;
    let keys = BoxKeys::new(record.id, record.key.key());
    Ok(Held::new(keys, record.quota_bytes))
}

fn read_into(boxes: &mut BTreeMap<u32, Held>, saved: Saved, body: &[u8]) -> Result<(), BadRecords> {
    let (Saved::Spent(number) | Saved::Traffic(number) | Saved::Parcel(number, _)) = saved else {
        return Err(BadRecords);
    };
    let held = boxes.get_mut(&number).ok_or(BadRecords)?;
    match saved {
        Saved::Spent(_) => {
            held.spent = decode(body)?;
            held.spent.is_whole().then_some(()).ok_or(BadRecords)?;
        }
        Saved::Traffic(_) => {
            let record: TrafficRecord = decode(body)?;
            held.traffic = record.traffic;
            held.go_on_from(record.next_slot);
        }
        Saved::Parcel(_, slot) => {
            let kept: Slot = decode(body)?;
            let has_place = slot < held.next_slot() && held.parcels() < MAILBOX_PARCELS_MAX;
            let fits = has_place && BUCKETS.contains(&(kept.length as usize));
            fits.then(|| held.place(slot, kept)).ok_or(BadRecords)?;
        }
        Saved::Node | Saved::Box(_) | Saved::Service => {}
    }
    Ok(())
}
