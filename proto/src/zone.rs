//! What somebody calls other people, asked and answered between two friends: layouts, and the tag by
//! which the asker recognises whom it knows already. Holds no state; who is shown to whom the engine
//! knows. PROTOCOL §6.

use crate::identity::Point;
use crate::kdf;
use crate::limits::{
    COMPUTERS_MAX, PETNAME_BYTES_MAX, ZONE_DAYS_MAX, ZONE_NOTE_BYTES_MAX, ZONE_RECORDS_MAX,
};
use crate::message::MessageId;
use crate::name::Label;
use crate::secret::{Key, Zone};
use crate::wire::{Malformed, Reader, Writer};

/// Shows whose key is meant to whoever has that key, and to nobody else.
pub(crate) type Tag = [u8; 16];

/// The ask that nobody made: its answer only lets names be forgotten.
pub(crate) const UNASKED: MessageId = [0; 16];

/// `ZoneAsk`: what do you call others?
#[derive(Clone)]
pub(crate) struct ZoneAsk {
    /// Only whoever you call so; everybody you name to me if there is none.
    pub label: Option<Label>,
}

/// `ZoneAnswer`: so. Who is not shown to the asker and who is not known are left out alike.
#[derive(Clone)]
pub(crate) struct ZoneAnswer {
    /// Which ask this answers; [`UNASKED`] if none.
    pub of: MessageId,
    /// By label, then by tag, each once: whoever has several computers has as many records. Of an unasked
    /// answer: what does not hold any more, all if it is empty.
    pub records: Vec<ZoneRecord>,
}

/// One computer of a person, as their namer calls them.
#[derive(Clone)]
pub(crate) struct ZoneRecord {
    /// The namer's name for them.
    pub label: Label,
    /// [`tag`] of its key.
    pub tag: Tag,
    /// What the namer says about them; not clean.
    pub note: String,
    /// How long this may be believed; 0: not any more.
    pub days: u8,
}

/// `MAC(D("zone", RE || IK_owner || IK_asker), IK)[..16]`.
pub(crate) fn tag(key: &Key<Zone>, person: &Point) -> Tag {
    kdf::mac(key, &[person.as_bytes()])
}

impl ZoneAsk {
    pub(crate) fn encode(&self, to: &mut Writer) {
        bytes(to, self.label.as_ref().map_or("", Label::as_str));
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let label = match text(from, PETNAME_BYTES_MAX)? {
            "" => None,
            text => Some(label(text)?),
        };
        Ok(Self { label })
    }
}

impl ZoneAnswer {
    pub(crate) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.of);
        let records = &self.records[..self.records.len().min(ZONE_RECORDS_MAX)];
        to.u16(records.len() as u16);
        for record in records {
            bytes(to, record.label.as_str());
            to.bytes(&record.tag);
            bytes(to, &record.note);
            to.u8(record.days);
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (of, count) = (from.array()?, usize::from(from.u16()?));
        if count > ZONE_RECORDS_MAX {
            return Err(Malformed);
        }
        let records = (0..count).map(|_| ZoneRecord::decode(from));
        let records: Vec<_> = records.collect::<Result<_, _>>()?;
        let place = |record: &ZoneRecord| (record.label.clone(), record.tag);
        let ordered = records.is_sorted_by(|a, b| place(a) < place(b));
        let mut people = records.chunk_by(|a, b| a.label == b.label);
        let ordered = ordered && people.all(|computers| computers.len() <= COMPUTERS_MAX);
        ordered.then_some(Self { of, records }).ok_or(Malformed)
    }
}

impl ZoneRecord {
    fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let record = Self {
            label: label(text(from, PETNAME_BYTES_MAX)?)?,
            tag: from.array()?,
            note: text(from, ZONE_NOTE_BYTES_MAX)?.to_owned(),
            days: from.u8()?,
        };
        let lasts = record.days <= ZONE_DAYS_MAX;
        lasts.then_some(record).ok_or(Malformed)
    }
}

/// A name that the namer can have given: with a slash, a mark or a look of another it would not be one.
fn label(text: &str) -> Result<Label, Malformed> {
    Label::received(text).ok_or(Malformed)
}

/// `len u8 | UTF-8`.
fn text<'a>(from: &mut Reader<'a>, bytes_max: usize) -> Result<&'a str, Malformed> {
    let length = usize::from(from.u8()?);
    if length > bytes_max {
        return Err(Malformed);
    }
    core::str::from_utf8(from.take(length)?).map_err(|_| Malformed)
}

/// All texts here are bounded far below 255 bytes.
fn bytes(to: &mut Writer, text: &str) {
    to.u8(text.len() as u8);
    to.bytes(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(label: &str, note: &str, days: u8) -> ZoneRecord {
        ZoneRecord {
            label: Label::parse(label).unwrap(),
            tag: [7; 16],
            note: note.to_owned(),
            days,
        }
    }

    fn laid(records: Vec<ZoneRecord>) -> Vec<u8> {
        let mut to = Writer::new();
        let of = [1; 16];
        ZoneAnswer { of, records }.encode(&mut to);
        to.into_vec()
    }

    fn read(bytes: &[u8]) -> Result<Vec<ZoneRecord>, Malformed> {
        let mut from = Reader::new(bytes);
        let answer = ZoneAnswer::decode(&mut from)?;
        from.finish()?;
        Ok(answer.records)
    }

    /// An answer of one record whose label is these bytes.
    fn called(label: &[u8]) -> Vec<u8> {
        let mut bytes = [&[1; 16][..], &[1, 0, label.len() as u8], label].concat();
        bytes.extend([[7; 16].as_slice(), &[0, 1]].concat());
        bytes
    }

    #[test]
    fn what_is_answered_is_read_back() {
        let records = vec![
            record("caro", "on milite ensemble", 7),
            record("zoé", "", 0),
        ];
        let read = read(&laid(records)).unwrap();
        assert_eq!((read[0].label.as_str(), read[0].days), ("caro", 7));
        assert_eq!(
            (read[0].tag, read[0].note.as_str()),
            ([7; 16], "on milite ensemble")
        );
        assert_eq!((read[1].label.as_str(), read[1].days), ("zoé", 0));
        assert!(super::tests::read(&called("zoé".as_bytes())).is_ok());
    }

    #[test]
    fn a_label_that_is_no_name_is_refused() {
        let long = "a".repeat(33);
        let hostile: &[&[u8]] = &[
            b"",
            b"bob/alice",
            b"/alice",
            b"alice ",
            b" alice",
            b"?lune-tigre",
            b"~alice",
            b"me",
            b"al\nice",
            b"al\x1b[2Jice",
            "zoe\u{301}".as_bytes(),
            "z\u{200B}oé".as_bytes(),
            "\u{202E}ecila".as_bytes(),
            "M\u{430}rk".as_bytes(),
            long.as_bytes(),
            b"\xff",
        ];
        for label in hostile {
            assert!(read(&called(label)).is_err(), "{label:?}");
            let ask = [&[label.len() as u8][..], label].concat();
            let asked = ZoneAsk::decode(&mut Reader::new(&ask));
            // An ask without a label is one for all.
            assert!(label.is_empty() || asked.is_err(), "{label:?} asked for");
        }
    }

    #[test]
    fn records_are_counted_and_in_order_each_once() {
        let many = |count: usize| (0..count).map(|n| record(&format!("ami.{n:03}"), "", 1));
        assert!(read(&laid(many(ZONE_RECORDS_MAX).collect())).is_ok());
        let mut bomb = laid(many(1).collect());
        bomb[16..18].copy_from_slice(&257u16.to_le_bytes());
        assert!(read(&bomb).is_err());
        bomb[16..18].copy_from_slice(&2u16.to_le_bytes());
        assert!(read(&bomb).is_err(), "fewer than were counted");
        bomb[16..18].copy_from_slice(&0u16.to_le_bytes());
        assert!(read(&bomb).is_err(), "more than were counted");
        assert!(read(&laid(vec![record("b", "", 1), record("a", "", 1)])).is_err());
        assert!(read(&laid(vec![record("a", "", 1), record("a", "", 1)])).is_err());
    }

    #[test]
    fn a_person_has_no_more_computers_than_there_can_be() {
        let computer = |n: usize| ZoneRecord {
            tag: [n as u8; 16],
            ..record("a", "", 1)
        };
        let person = |count: usize| laid((0..count).map(computer).collect());
        assert!(read(&person(COMPUTERS_MAX)).is_ok());
        assert!(read(&person(COMPUTERS_MAX + 1)).is_err());
        assert!(read(&laid(vec![computer(1), computer(0)])).is_err());
    }

    #[test]
    fn a_note_and_its_days_have_a_bound() {
        assert!(read(&laid(vec![record("a", &"n".repeat(64), 7)])).is_ok());
        assert!(read(&laid(vec![record("a", &"n".repeat(65), 7)])).is_err());
        assert!(read(&laid(vec![record("a", "", 8)])).is_err());
    }

    #[test]
    fn the_longest_answer_fits_the_largest_parcel() {
        let label = |n| format!("{}{n:03}", "é".repeat(29));
        let records = (0..ZONE_RECORDS_MAX).map(|n| record(&label(n), &"n".repeat(64), 7));
        let length = 17 + laid(records.collect()).len();
        assert!(crate::parcel::bucket_for(length).is_some());
        let widest = 17 + 18 + ZONE_RECORDS_MAX * (1 + PETNAME_BYTES_MAX + 16 + 1 + 64 + 1);
        assert!(crate::parcel::bucket_for(widest).is_some());
    }
}
