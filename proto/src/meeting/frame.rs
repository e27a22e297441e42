//! What guests and host say to each other, one frame in a record: `type u8 | body`. PROTOCOL §2c.

use super::entry::Entry;
use super::list::{List, language, language_byte};
use super::pair::{KEEP_BYTES, PAIR_1_BYTES, PAIR_2_BYTES};
use crate::limits::MEETING_PEOPLE_MAX;
use crate::wire::{Malformed, Reader, Writer};
use crate::words::Language;

const VERSION: u8 = 1;

const HELLO: u8 = 1;
const COMMIT: u8 = 2;
const ENTRY: u8 = 3;
const LIST: u8 = 4;
const OPEN: u8 = 5;
const PAIR: u8 = 7;
const KEEP: u8 = 8;
const GONE: u8 = 9;
const SORRY: u8 = 10;

/// Everything that is said over the star.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Host to guest: a run begins. `ver u8 | list u8 | room_id 32`
    Hello {
        language: Language,
        room_id: [u8; 32],
    },
    /// Guest to host: `room_id 32 | c 32 | data`
    Commit { room_id: [u8; 32], entry: Entry },
    /// Host to all: somebody came. `c 32 | data`
    Entry(Entry),
    /// Host to all: whose commitment this is went. `c 32`
    Gone([u8; 32]),
    /// Host to all: who takes part.
    List(List),
    /// Guest to host to all, places in the list. `from u8 | r 32 | HL 32`
    Open {
        from: u8,
        share: [u8; 32],
        list: [u8; 32],
    },
    /// Guest to guest. `from u8 | to u8 | step u8 | bytes`, 1168 or 80 of them
    Pair {
        from: u8,
        to: u8,
        step: Step,
        bytes: Vec<u8>,
    },
    /// Guest to guest. `from u8 | to u8 | 512`
    Keep { from: u8, to: u8, bytes: Vec<u8> },
    /// Host to guest, before the end. `why u8`
    Sorry(Sorry),
}

/// Which message of a pair's handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    First,
    Second,
}

/// Why a host has no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sorry {
    /// Somebody has a nickname that looks the same.
    NickTaken,
    /// As many are there as can be.
    Full,
    /// The list is fixed.
    Begun,
}

impl Frame {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        match self {
            Self::Hello { language, room_id } => {
                to.bytes(&[HELLO, VERSION, language_byte(*language)]);
                to.bytes(room_id);
            }
            Self::Commit { room_id, entry } => {
                to.u8(COMMIT);
                to.bytes(room_id);
                entry.encode(&mut to);
            }
            Self::Entry(entry) => {
                to.u8(ENTRY);
                entry.encode(&mut to);
            }
            Self::Gone(c) => {
                to.u8(GONE);
                to.bytes(c);
            }
            Self::List(list) => {
                to.u8(LIST);
                list.encode(&mut to);
            }
            Self::Open { from, share, list } => {
                to.bytes(&[OPEN, *from]);
                to.bytes(share);
                to.bytes(list);
            }
            Self::Pair {
                from,
                to: whom,
                step,
                bytes,
            } => {
                let step = match step {
                    Step::First => 1,
                    Step::Second => 2,
                };
                to.bytes(&[PAIR, *from, *whom, step]);
                to.bytes(bytes);
            }
            Self::Keep {
                from,
                to: whom,
                bytes,
            } => {
                to.bytes(&[KEEP, *from, *whom]);
                to.bytes(bytes);
            }
            Self::Sorry(why) => {
                let why = match why {
                    Sorry::NickTaken => 1,
                    Sorry::Full => 2,
                    Sorry::Begun => 3,
                };
                to.bytes(&[SORRY, why]);
            }
        }
        to.into_vec()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader::new(bytes);
        let frame = match from.u8()? {
            HELLO if from.u8()? == VERSION => Self::Hello {
                language: language(from.u8()?)?,
                room_id: from.array()?,
            },
            COMMIT => Self::Commit {
                room_id: from.array()?,
                entry: Entry::decode(&mut from)?,
            },
            ENTRY => Self::Entry(Entry::decode(&mut from)?),
            GONE => Self::Gone(from.array()?),
            LIST => Self::List(List::decode(&mut from)?),
            OPEN => Self::Open {
                from: place(&mut from)?,
                share: from.array()?,
                list: from.array()?,
            },
            PAIR => {
                let (whose, whom) = (place(&mut from)?, place(&mut from)?);
                let (step, length) = match from.u8()? {
                    1 => (Step::First, PAIR_1_BYTES),
                    2 => (Step::Second, PAIR_2_BYTES),
                    _ => return Err(Malformed),
                };
                Self::Pair {
                    from: whose,
                    to: whom,
                    step,
                    bytes: from.take(length)?.to_vec(),
                }
            }
            KEEP => Self::Keep {
                from: place(&mut from)?,
                to: place(&mut from)?,
                bytes: from.take(KEEP_BYTES)?.to_vec(),
            },
            SORRY => Self::Sorry(match from.u8()? {
                1 => Sorry::NickTaken,
                2 => Sorry::Full,
                3 => Sorry::Begun,
                _ => return Err(Malformed),
            }),
            _ => return Err(Malformed),
        };
        from.finish()?;
        Ok(frame)
    }
}

/// A place in the list.
fn place(from: &mut Reader<'_>) -> Result<u8, Malformed> {
    let place = from.u8()?;
    (usize::from(place) < MEETING_PEOPLE_MAX)
        .then_some(place)
        .ok_or(Malformed)
}
