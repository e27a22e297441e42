//! One end of a connection, as a node's shell keeps it: who is there is found out first, then bytes
//! are read for the engine, then records carry frames.

use kith_proto::engine::{ConnId, Engine, Input, Knock};
use kith_proto::keeper::Keeper;
use kith_proto::limits::{FRAME_BYTES_MAX, KNOCK_BYTES};
use kith_proto::link::{BadRecord, RECORD_HEAD_BYTES, Records};

/// What the shell does with the bytes that come.
enum Phase {
    /// They are somebody's first.
    Knocking,
    /// A stranger's: read, and never answered.
    Discarding,
    /// The engine has not asked for them yet.
    Quiet,
    /// The engine wants exactly so many.
    Reading(usize),
    /// They are records.
    Speaking(Box<Speech>),
}

struct Speech {
    records: Records,
    /// Whether the other end has authenticated.
    opened: bool,
    /// Length of the record that is coming.
    coming: Option<usize>,
    plain: Vec<u8>,
}

pub(super) struct End {
    pub(super) wire: usize,
    pub(super) side: usize,
    phase: Phase,
    /// Counts phases, so that a deadline knows whether it is still meant.
    pub(super) turn: u32,
    bytes: Vec<u8>,
    /// Whether it speaks and a bit of what came was changed: nothing more may be heard of it.
    pub(super) spoiled: bool,
    /// Whether whoever is there came to the keeper, and not to the engine.
    pub(super) at_box: bool,
}

impl End {
    pub(super) fn dialling(wire: usize) -> Self {
        Self::new(wire, 0, Phase::Quiet)
    }

    pub(super) fn accepted(wire: usize) -> Self {
        Self::new(wire, 1, Phase::Knocking)
    }

    fn new(wire: usize, side: usize, phase: Phase) -> Self {
        Self {
            wire,
            side,
            phase,
            turn: 0,
            bytes: Vec::new(),
            spoiled: false,
            at_box: false,
        }
    }

    pub(super) fn speaks(&self) -> bool {
        matches!(&self.phase, Phase::Speaking(speech) if speech.opened)
    }

    /// Whether nobody known is at the other end.
    pub(super) fn is_strange(&self) -> bool {
        matches!(self.phase, Phase::Knocking | Phase::Discarding)
    }

    fn turn_to(&mut self, phase: Phase) {
        self.phase = phase;
        self.turn += 1;
    }

    pub(super) fn read(&mut self, bytes: usize) {
        self.turn_to(Phase::Reading(bytes));
    }

    /// From here on it speaks; gives the dialler's first record.
    pub(super) fn speak(&mut self, mut records: Records) -> Vec<u8> {
        let dialled = records.dialled();
        let mut first = Vec::new();
        if dialled {
            records.seal(b"", false, &mut first).unwrap();
        }
        self.turn_to(Phase::Speaking(Box::new(Speech {
            records,
            opened: dialled,
            coming: None,
            plain: Vec::new(),
        })));
        first
    }

    /// The records of one frame: `type u8 | len u32 | body`.
    pub(super) fn frame(&mut self, kind: u8, body: &[u8], rekey: bool) -> Option<Vec<u8>> {
        let Phase::Speaking(speech) = &mut self.phase else {
            return None;
        };
        assert!(speech.opened && body.len() <= FRAME_BYTES_MAX);
        let length = (body.len() as u32).to_le_bytes();
        let frame = [&[kind], &length[..], body].concat();
        let (mut rest, mut wire) = (&frame[..], Vec::new());
        while !rest.is_empty() {
            rest = &rest[speech.records.seal(rest, rekey, &mut wire).unwrap()..];
        }
        Some(wire)
    }

    pub(super) fn arrived(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next thing that the bytes which came make to be told to the engine.
    pub(super) fn next(
        &mut self,
        engine: &Engine,
        keeper: Option<&Keeper>,
        conn: ConnId,
    ) -> Result<Option<Input>, BadRecord> {
        match &mut self.phase {
            Phase::Quiet => Ok(None),
            Phase::Discarding => {
                self.bytes.clear();
                Ok(None)
            }
            Phase::Knocking => Ok(self.knock(engine, keeper, conn)),
            Phase::Reading(wanted) if self.bytes.len() < *wanted => Ok(None),
            Phase::Reading(wanted) => {
                let bytes = self.bytes.drain(..*wanted).collect();
                self.turn_to(Phase::Quiet);
                Ok(Some(Input::Bytes { conn, bytes }))
            }
            Phase::Speaking(speech) => speech.next(&mut self.bytes, conn),
        }
    }

    fn knock(&mut self, engine: &Engine, keeper: Option<&Keeper>, conn: ConnId) -> Option<Input> {
        let head = self.bytes.get(..KNOCK_BYTES)?;
        let at = |bytes: &[u8]| match (engine.knock(bytes), keeper) {
            (Knock::Stranger, Some(keeper)) => (keeper.knock(bytes), true),
            (known, _) => (known, false),
        };
        let (Knock::More(length), _) = at(head) else {
            self.turn_to(Phase::Discarding);
            return None;
        };
        let (known, at_box) = at(self.bytes.get(..length)?);
        if known != Knock::Known {
            self.turn_to(Phase::Discarding);
            return None;
        }
        self.at_box = at_box;
        let bytes = self.bytes.drain(..length).collect();
        self.turn_to(Phase::Quiet);
        Some(Input::Flight {
            conn,
            bytes,
            through: false,
        })
    }
}

impl Speech {
    fn next(&mut self, bytes: &mut Vec<u8>, conn: ConnId) -> Result<Option<Input>, BadRecord> {
        loop {
            if let Some(input) = self.frame(conn)? {
                return Ok(Some(input));
            }
            let Some(length) = self.coming else {
                let Some(head) = bytes.first_chunk::<RECORD_HEAD_BYTES>() else {
                    return Ok(None);
                };
                self.coming = Some(self.records.length(*head)?);
                bytes.drain(..RECORD_HEAD_BYTES);
                continue;
            };
            if bytes.len() < length {
                return Ok(None);
            }
            let rest: Vec<_> = bytes.drain(..length).collect();
            self.records.open(&rest, &mut self.plain)?;
            self.coming = None;
            if !core::mem::replace(&mut self.opened, true) {
                return Ok(Some(Input::Opened(conn)));
            }
        }
    }

    fn frame(&mut self, conn: ConnId) -> Result<Option<Input>, BadRecord> {
        let Some((&[kind, a, b, c, d], rest)) = self.plain.split_first_chunk::<5>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > FRAME_BYTES_MAX {
            return Err(BadRecord);
        }
        let Some(body) = rest.get(..length).map(<[u8]>::to_vec) else {
            return Ok(None);
        };
        self.plain.drain(..5 + length);
        Ok(Some(Input::Frame { conn, kind, body }))
    }
}
