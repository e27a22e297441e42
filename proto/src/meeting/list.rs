//! The list of a meeting, fixed before any share is opened, and the words that come of all shares.
//! PROTOCOL §2c.

use super::entry::Entry;
use crate::identity::Point;
use crate::kdf::{self, label};
use crate::limits::{MEETING_PEOPLE_MAX, MEETING_PEOPLE_MIN};
use crate::wire::{Malformed, Reader, Writer};
use crate::words::Language;

/// Of one participant: `IK 32 | c 32 | hd 32`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub point: Point,
    pub c: [u8; 32],
    pub hash: [u8; 32],
}

impl From<&Entry> for Line {
    fn from(entry: &Entry) -> Self {
        Self {
            point: entry.data.point,
            c: entry.c,
            hash: entry.data.hash,
        }
    }
}

/// `room_id 32 | N u8 | list u8 | N x line`, sorted by IK: nobody stands in it twice.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct List {
    pub room_id: [u8; 32],
    pub language: Language,
    pub lines: Vec<Line>,
}

impl List {
    pub(super) fn new(room_id: [u8; 32], language: Language, mut lines: Vec<Line>) -> Self {
        lines.sort_by_key(|line| line.point);
        Self {
            room_id,
            language,
            lines,
        }
    }

    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.room_id);
        // At most 64: the host seats no more.
        to.u8(self.lines.len() as u8);
        to.u8(language_byte(self.language));
        for line in &self.lines {
            to.bytes(line.point.as_bytes());
            to.bytes(&line.c);
            to.bytes(&line.hash);
        }
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let room_id = from.array()?;
        let count = usize::from(from.u8()?);
        let language = language(from.u8()?)?;
        if !(MEETING_PEOPLE_MIN..=MEETING_PEOPLE_MAX).contains(&count) {
            return Err(Malformed);
        }
        let lines = (0..count)
            .map(|_| {
                let point = Point::parse(from.array()?).map_err(|_| Malformed)?;
                let (c, hash) = (from.array()?, from.array()?);
                Ok(Line { point, c, hash })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let sorted = lines.is_sorted_by(|a, b| a.point < b.point);
        let list = Self {
            room_id,
            language,
            lines,
        };
        sorted.then_some(list).ok_or(Malformed)
    }

    /// `HL = D("room list", body)`
    pub(super) fn hash(&self) -> [u8; 32] {
        let mut body = Writer::new();
        self.encode(&mut body);
        kdf::digest(label::ROOM_LIST, &[body.written()])
    }
}

/// `D("room sas", HL . r_1 . ... . r_N)`, in the order of the list.
pub(super) fn sas(list: &[u8; 32], shares: &[[u8; 32]]) -> [u8; 32] {
    let mut bytes = Writer::new();
    bytes.bytes(list);
    shares.iter().for_each(|share| bytes.bytes(share));
    kdf::digest(label::ROOM_SAS, &[bytes.written()])
}

pub(super) fn language_byte(language: Language) -> u8 {
    match language {
        Language::French => 0,
        Language::English => 1,
    }
}

pub(super) fn language(byte: u8) -> Result<Language, Malformed> {
    match byte {
        0 => Ok(Language::French),
        1 => Ok(Language::English),
        _ => Err(Malformed),
    }
}
