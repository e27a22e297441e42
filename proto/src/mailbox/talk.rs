//! What flows at a mailbox after the handshake: frames in records, on a connection that is read so many
//! bytes at a time. PROTOCOL §5.

use crate::limits::{BUCKETS, FRAME_BYTES_MAX};
use crate::link::{RECORD_HEAD_BYTES, Records};
use crate::noise::BadHandshake;
use crate::secret::Said;
use crate::wire::{Malformed, Reader, Writer};

/// The other end is not what it should be, or went too far: close, without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadTalk;

impl From<crate::link::BadRecord> for BadTalk {
    fn from(_: crate::link::BadRecord) -> Self {
        Self
    }
}

impl From<BadHandshake> for BadTalk {
    fn from(_: BadHandshake) -> Self {
        Self
    }
}

impl From<Malformed> for BadTalk {
    fn from(_: Malformed) -> Self {
        Self
    }
}

const PARCEL: u8 = 2;
const STATUS: u8 = 4;
const SLOT: u8 = 6;
const DEL: u8 = 7;
/// `type u8 | len u32`
const HEAD_BYTES: usize = 5;

/// One thing said at a mailbox.
pub(super) enum Frame {
    /// Something to keep, one bucket long.
    Parcel(Said),
    /// 0: done; 1: no room.
    Status(u8),
    /// Something that was kept.
    Slot { slot: u32, parcel: Said },
    /// It is safe elsewhere.
    Del { slot: u32, receipt: [u8; 16] },
}

impl Frame {
    fn encode(&self, to: &mut Writer) {
        let mut framed = |kind: u8, parts: [&[u8]; 2]| {
            let length: usize = parts.iter().map(|part| part.len()).sum();
            to.u8(kind);
            to.u32(length as u32);
            parts.iter().for_each(|part| to.bytes(part));
        };
        match self {
            Self::Parcel(parcel) => framed(PARCEL, [parcel, &[]]),
            Self::Status(code) => framed(STATUS, [&[*code], &[]]),
            Self::Slot { slot, parcel } => framed(SLOT, [&slot.to_le_bytes(), parcel]),
            Self::Del { slot, receipt } => framed(DEL, [&slot.to_le_bytes(), receipt]),
        }
    }

    /// Kinds of a later version have no place here: both sides said which one they speak.
    fn decode(kind: u8, body: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader::new(body);
        let frame = match kind {
            PARCEL => Self::Parcel(parcel(from.rest())?),
            STATUS => Self::Status(from.u8()?),
            SLOT => Self::Slot {
                slot: from.u32()?,
                parcel: parcel(from.rest())?,
            },
            DEL => Self::Del {
                slot: from.u32()?,
                receipt: from.array()?,
            },
            _ => return Err(Malformed),
        };
        from.finish()?;
        Ok(frame)
    }
}

/// Frames as they were read, written again; what is no whole frame stays as it is.
#[cfg(feature = "testing")]
pub(crate) fn frames_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let (frames, rest) = frames(bytes).ok()?;
    let mut to = Writer::new();
    frames.iter().for_each(|frame| frame.encode(&mut to));
    to.bytes(rest);
    Some(to.into_vec())
}

/// Exactly one bucket: what is no parcel is not kept.
fn parcel(bytes: &[u8]) -> Result<Said, Malformed> {
    let fits = BUCKETS.contains(&bytes.len());
    fits.then(|| Said::new(bytes.to_vec())).ok_or(Malformed)
}

/// One end of it.
pub(super) struct Talk {
    records: Records,
    /// How many bytes of the record whose length was read are awaited.
    awaited: Option<usize>,
    /// Of a frame that has not come whole.
    begun: Said,
}

impl Talk {
    pub(super) fn new(records: Records) -> Self {
        Self {
            records,
            awaited: None,
            begun: Said::default(),
        }
    }

    /// How many bytes to read next.
    pub(super) fn wants(&self) -> usize {
        self.awaited.unwrap_or(RECORD_HEAD_BYTES)
    }

    /// As many bytes as were wanted. Gives the frames that are whole with them; nothing if they were
    /// only a length.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Result<Option<Vec<Frame>>, BadTalk> {
        let Some(awaited) = self.awaited.take() else {
            let head = bytes.try_into().map_err(|_| BadTalk)?;
            self.awaited = Some(self.records.length(head)?);
            return Ok(None);
        };
        if bytes.len() != awaited {
            return Err(BadTalk);
        }
        // At most a frame that is not whole, and one record.
        let mut data = core::mem::take(&mut self.begun);
        self.records.open(bytes, &mut data)?;
        let (frames, rest) = frames(&data)?;
        self.begun = Said::new(rest.to_vec());
        Ok(Some(frames))
    }

    /// How much of a frame has come that is not whole.
    pub(super) fn begun(&self) -> usize {
        self.begun.len()
    }

    /// The records that say this.
    pub(super) fn say(&mut self, frame: &Frame) -> Result<Vec<u8>, BadTalk> {
        let mut to = Writer::with_room(HEAD_BYTES + FRAME_BYTES_MAX);
        frame.encode(&mut to);
        self.records_of(to.written())
    }

    /// Whatever stands in a frame.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn say_any(&mut self, kind: u8, body: &[u8]) -> Result<Vec<u8>, BadTalk> {
        let mut to = Writer::new();
        to.u8(kind);
        to.u32(body.len() as u32);
        to.bytes(body);
        self.records_of(to.written())
    }

    fn records_of(&mut self, data: &[u8]) -> Result<Vec<u8>, BadTalk> {
        let (mut bytes, mut said) = (Vec::new(), 0);
        while let Some(rest) = data.get(said..).filter(|rest| !rest.is_empty()) {
            said += self.records.seal(rest, false, &mut bytes)?;
        }
        Ok(bytes)
    }

    /// A record that says nothing: with it the other end knows that this one is there, and not a
    /// recording of it.
    pub(super) fn greet(&mut self) -> Result<Vec<u8>, BadTalk> {
        let mut bytes = Vec::new();
        self.records.seal(&[], false, &mut bytes)?;
        Ok(bytes)
    }
}

/// The whole frames that bytes begin with, and what is left of them.
fn frames(bytes: &[u8]) -> Result<(Vec<Frame>, &[u8]), BadTalk> {
    let (mut frames, mut from) = (Vec::new(), Reader::new(bytes));
    loop {
        let left = from.left();
        let rest = &bytes[bytes.len() - left..];
        let (Ok(kind), Ok(length)) = (from.u8(), from.u32()) else {
            return Ok((frames, rest));
        };
        let length = length as usize;
        if length > FRAME_BYTES_MAX {
            return Err(BadTalk);
        }
        match from.take(length) {
            Ok(body) => frames.push(Frame::decode(kind, body)?),
            Err(Malformed) => return Ok((frames, rest)),
        }
    }
}
