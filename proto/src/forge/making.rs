//! A session as a transcript: by two, each with their own secrets, or by one who plays both.

use super::{End, Line, Party, Side, Transcript, state_of};
use crate::edge::EdgeKeys;
use crate::identity::Point;
use crate::kdf::Entropy;
use crate::limits::{SCRIPT_LINES_MAX, TEXT_BYTES_MAX, TRANSCRIPT_PARCEL_BYTES_MAX};
use crate::message::{self, MessageId, Payload, Text};
use crate::noise::{Speaker, StandIn};
use crate::parcel::{self, Kind, Parcel};
use crate::ratchet::Session;
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::{self, Offer};
use crate::secret::{HandshakeSeed, Key, Said};
use crate::time::{MINUTE_MS, incarnation};

/// What is to have been said.
pub struct Script {
    /// When the session is to have begun, milliseconds since 1970.
    pub began_ms: u64,
    /// How long things are to have taken.
    pub pace: Pace,
    /// Texts, in order.
    pub lines: Vec<Words>,
}

/// One text of a script.
pub struct Words {
    /// Who is to have written it.
    pub from: End,
    /// When, milliseconds since 1970; one that lies before the line above comes right after that.
    pub at_ms: u64,
    /// UTF-8, 1 to 32768 bytes.
    pub text: Said,
}

/// How long things take, each drawn between two numbers of milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// A node makes its state durable before a parcel leaves.
    pub disk_ms: (u64, u64),
    /// A parcel is on its way.
    pub way_ms: (u64, u64),
}

impl Default for Pace {
    /// Two home computers on one continent.
    fn default() -> Self {
        Self {
            disk_ms: (2, 25),
            way_ms: (12, 60),
        }
    }
}

/// Why no transcript was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmade {
    /// A text is empty, too long, or not UTF-8.
    BadText,
    /// More than a transcript holds.
    TooLong,
    /// The two do not share an edge.
    Strangers,
}

/// A whole session that `party` alone made, as if recorded by it: the other side's parcels are those
/// that the other side could have sent. The same entropy makes the same transcript.
///
/// # Errors
/// [`Unmade`].
pub fn transcript(
    party: &Party,
    as_end: End,
    script: &Script,
    entropy: [u8; 32],
) -> Result<Transcript, Unmade> {
    forge(party.side(), as_end, script, Entropy::new(entropy))
}

pub(crate) fn forge(
    side: Side<'_>,
    as_end: End,
    script: &Script,
    mut entropy: Entropy,
) -> Result<Transcript, Unmade> {
    let draws = Draws::new(&mut entropy);
    let ephemeral = match as_end {
        End::Initiator => draws.offer(side.keys).ephemeral(),
        End::Responder => handshake::answer_ephemeral(draws.answer()),
    };
    let them = StandIn::new(*side.friend, side.me, ephemeral);
    let mirrored = side.keys.mirrored();
    let mine = Talker::of(side);
    let theirs = Talker {
        speaker: (&them).into(),
        point: side.friend,
        keys: &mirrored,
    };
    record([mine, theirs], as_end, draws, script, entropy)
}

/// A true session between two parties, each with its own secrets, as the first of them could record
/// it: what [`transcript`] is to be compared with.
///
/// # Errors
/// [`Unmade`].
pub fn converse(
    parties: [&Party; 2],
    as_end: End,
    script: &Script,
    entropy: [u8; 32],
) -> Result<Transcript, Unmade> {
    let mut entropy = Entropy::new(entropy);
    let draws = Draws::new(&mut entropy);
    let talkers = parties.map(|party| Talker::of(party.side()));
    record(talkers, as_end, draws, script, entropy)
}

/// Whoever speaks at one end of a handshake.
#[derive(Clone, Copy)]
struct Talker<'a> {
    speaker: Speaker<'a>,
    point: &'a Point,
    keys: &'a EdgeKeys,
}

impl<'a> Talker<'a> {
    fn of(side: Side<'a>) -> Self {
        Self {
            speaker: side.me.into(),
            point: side.me.point(),
            keys: side.keys,
        }
    }
}

/// What the two first parcels are made from.
struct Draws {
    offer: Key<HandshakeSeed>,
    answer: Key<HandshakeSeed>,
}

impl Draws {
    fn new(entropy: &mut Entropy) -> Self {
        let (offer, answer) = (entropy.key(), entropy.key());
        Self { offer, answer }
    }

    fn offer(&self, keys: &EdgeKeys) -> Offer {
        Offer::first(copy(&self.offer), keys)
    }

    fn answer(&self) -> Entropy {
        Entropy::new(*self.answer.expose())
    }
}

fn copy(draw: &Key<HandshakeSeed>) -> Key<HandshakeSeed> {
    Key::fill(|bytes| bytes.copy_from_slice(draw.expose()))
}

/// The handshake: both sessions, the initiator's first, and A1 and A2.
fn shake(
    [i, r]: [Talker<'_>; 2],
    draws: &Draws,
    stamp: u64,
) -> Option<([Session; 2], [Vec<u8>; 2])> {
    let offer = draws.offer(i.keys);
    let a1 = offer.parcel(i.keys, i.speaker, r.point, stamp).ok()?;
    let header = &r.keys.from.ake_header;
    let opened = handshake::open(Kind::Ake1, header, &Parcel::parse(&a1)?)?;
    let (_, noise) = handshake::split_offer(&opened)?;
    let (past, mut entropy) = (Past::of_pairing(&r.keys.root), draws.answer());
    let (theirs, a2) =
        handshake::respond(r.keys, r.speaker, i.point, noise, &past, &mut entropy).ok()?;
    let header = &i.keys.from.ake_header;
    let answer = handshake::open(Kind::Ake2, header, &Parcel::parse(&a2)?)?;
    let mine = offer.finish(i.keys, i.speaker, r.point, &answer).ok()?;
    Some(([mine.session, theirs.session], [a1, a2]))
}

/// The first of the two records; it is the end `reader`.
fn record(
    [me, other]: [Talker<'_>; 2],
    reader: End,
    draws: Draws,
    script: &Script,
    entropy: Entropy,
) -> Result<Transcript, Unmade> {
    if script.lines.len() > SCRIPT_LINES_MAX {
        return Err(Unmade::TooLong);
    }
    let talkers = match reader {
        End::Initiator => [me, other],
        End::Responder => [other, me],
    };
    let shaken = shake(talkers, &draws, script.began_ms);
    let (sessions, [a1, a2]) = shaken.ok_or(Unmade::Strangers)?;
    let [i, r] = sessions;
    let read = match reader {
        End::Initiator => &i,
        End::Responder => &r,
    };
    let mut recording = Recording {
        transcript: Transcript {
            reader,
            session: *read.id(),
            state: state_of(read),
            lines: Vec::new(),
        },
        sessions: [i, r],
        numbers: [0; 2],
        incarnation: incarnation(minute(script.began_ms)),
        clock_ms: script.began_ms,
        pace: script.pace,
        bytes: 0,
        entropy,
    };
    let [i, r] = talkers;
    recording.shaken(End::Initiator, a1, i.keys, copy(&draws.offer));
    recording.shaken(End::Responder, a2, r.keys, copy(&draws.answer));
    recording.heard(End::Initiator, &Payload::Confirm)?;
    for words in &script.lines {
        recording.say(words)?;
    }
    Ok(recording.transcript)
}

/// Minutes since 1970; also the age of the nodes in a transcript.
pub(super) fn minute(ms: u64) -> u32 {
    u32::try_from(ms / MINUTE_MS).unwrap_or(u32::MAX)
}

/// A conversation under way: both nodes, and what one of them writes down.
struct Recording {
    transcript: Transcript,
    /// The initiator's first.
    sessions: [Session; 2],
    /// How many texts each has written.
    numbers: [u32; 2],
    incarnation: u16,
    clock_ms: u64,
    pace: Pace,
    bytes: usize,
    entropy: Entropy,
}

impl Recording {
    fn between(&mut self, (least, most): (u64, u64)) -> u64 {
        let width = most.saturating_sub(least).saturating_add(1);
        let drawn = u64::from_le_bytes(self.entropy.bytes());
        least.saturating_add(drawn % width.max(1))
    }

    /// A parcel leaves and arrives; says when its reader saw it.
    fn travel(&mut self, from: End) -> u64 {
        let left = self
            .clock_ms
            .saturating_add(self.between(self.pace.disk_ms));
        self.clock_ms = left.saturating_add(self.between(self.pace.way_ms));
        if from == self.transcript.reader {
            left
        } else {
            self.clock_ms
        }
    }

    fn own<T>(&self, from: End, draw: T) -> Option<T> {
        (from == self.transcript.reader).then_some(draw)
    }

    /// A1 or A2.
    fn shaken(&mut self, from: End, parcel: Vec<u8>, keys: &EdgeKeys, draw: Key<HandshakeSeed>) {
        let Some(key) = Parcel::parse(&parcel)
            .map(|parcel| parcel::ake_key(&keys.to.ake_header, parcel.nonce()))
        else {
            return;
        };
        let line = Line {
            at_ms: self.travel(from),
            from,
            parcel,
            header: None,
            key,
            draw: self.own(from, draw),
        };
        self.bytes += line.parcel.len();
        self.transcript.lines.push(line);
    }

    /// One writes a text, which the other acknowledges.
    fn say(&mut self, words: &Words) -> Result<(), Unmade> {
        let text = &words.text;
        let fits = (1..=TEXT_BYTES_MAX).contains(&text.len());
        if !fits || core::str::from_utf8(text).is_err() {
            return Err(Unmade::BadText);
        }
        self.clock_ms = self.clock_ms.max(words.at_ms);
        let [i, r] = &mut self.numbers;
        let number = match words.from {
            End::Initiator => i,
            End::Responder => r,
        };
        *number += 1;
        let text = Text {
            incarnation: self.incarnation,
            number: *number,
            minute: minute(self.clock_ms),
            keep: 0,
            text: text.clone(),
        };
        self.heard(words.from, &Payload::Text(text))
    }

    /// A message passes and is acknowledged.
    fn heard(&mut self, from: End, payload: &Payload) -> Result<(), Unmade> {
        let id: MessageId = self.entropy.bytes();
        self.pass(from, &message::encode(&id, payload))?;
        let ack: MessageId = self.entropy.bytes();
        let ack = message::encode(&ack, &Payload::Ack(vec![id]));
        self.pass(from.other(), &ack)
    }

    fn pass(&mut self, from: End, payload: &[u8]) -> Result<(), Unmade> {
        let draw: Key<HandshakeSeed> = self.entropy.key();
        let at_ms = self.travel(from);
        let [i, r] = &mut self.sessions;
        let (author, hearer) = match from {
            End::Initiator => (i, r),
            End::Responder => (r, i),
        };
        let sealed = author.seal(payload, minute(at_ms), &mut Entropy::new(*draw.expose()));
        let bytes = sealed.map_err(|_| Unmade::TooLong)?.bytes;
        let parcel = Parcel::parse(&bytes).ok_or(Unmade::TooLong)?;
        let (header, key) = hearer.keys_of(&parcel).map_err(|_| Unmade::Strangers)?;
        let opened = hearer.open(&parcel).map_err(|_| Unmade::Strangers)?;
        hearer.advance(opened.advance, minute(at_ms));
        self.bytes += bytes.len();
        if self.bytes > TRANSCRIPT_PARCEL_BYTES_MAX {
            return Err(Unmade::TooLong);
        }
        let draw = self.own(from, draw);
        self.transcript.lines.push(Line {
            at_ms,
            from,
            parcel: bytes,
            header: Some(header),
            key,
            draw,
        });
        Ok(())
    }
}
