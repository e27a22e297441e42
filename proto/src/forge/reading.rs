//! What the session's own state machine says of a transcript, given what its reader held.

use super::making::minute;
use super::{End, Line, Party, Side, Transcript, session_from, state_of};
use crate::kdf::Entropy;
use crate::message::{self, Payload};
use crate::parcel::{HeaderKeys, Kind, Parcel};
use crate::ratchet::Session;
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::{self, Offer};
use crate::secret::{HandshakeSeed, Key, Said};

/// One parcel that was accepted, and what it says.
pub struct Heard {
    /// When the reader sent or received it, milliseconds since 1970.
    pub at_ms: u64,
    /// Who sent it.
    pub from: End,
    /// What it says.
    pub what: What,
}

/// What a parcel says.
#[derive(Clone, PartialEq, Eq)]
pub enum What {
    /// A1: the offer of a session, made at that stamp.
    Offer {
        /// Milliseconds since 1970, as its author's clock had it.
        stamp: u64,
    },
    /// A2: its answer.
    Answer,
    /// Nothing: it ends the handshake.
    Confirm,
    /// So many messages are on their reader's disk.
    Acknowledges(usize),
    /// A text.
    Text {
        /// Its place among its author's texts.
        number: u32,
        /// When it was written, minutes since 1970, as its author's clock had it.
        minute: u32,
        /// UTF-8, as it is: not clean.
        text: Said,
    },
    /// How long its author would like both to keep what is said, in minutes; 0 for no limit.
    Timer(u32),
    /// A kind of a later version.
    Other,
}

/// The state machine refuses the transcript, at this line (0 is the first parcel).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAccepted {
    /// Which parcel.
    pub line: usize,
}

/// Runs a transcript through the session of its reader, from its beginning: opens each parcel of the
/// other end, and makes each of the reader's own again, byte for byte. A1 and A2 are checked as far
/// as their own keys go: what is inside is sealed by the friendship.
///
/// # Errors
/// At the first parcel that a node would have refused, or not have made.
pub fn verify(transcript: &Transcript) -> Result<Vec<Heard>, NotAccepted> {
    let mut heard = Vec::new();
    for (line, length) in [(0, OFFER_BYTES), (1, ANSWER_BYTES)] {
        let it = transcript.lines.get(line).ok_or(NotAccepted { line })?;
        let from = if line == 0 {
            End::Initiator
        } else {
            End::Responder
        };
        let said = said(it, &[0; 32]).filter(|said| said.len() == length && it.from == from);
        let said = said.ok_or(NotAccepted { line })?;
        heard.push(Heard {
            at_ms: it.at_ms,
            from,
            what: match handshake::split_offer(&said) {
                Some((stamp, _)) if line == 0 => What::Offer { stamp },
                _ => What::Answer,
            },
        });
    }
    let session = session_from(&transcript.state).filter(|s| *s.id() == transcript.session);
    let mut session = session.ok_or(NotAccepted { line: 0 })?;
    for (line, it) in transcript.lines.iter().enumerate().skip(2) {
        let what = read(&mut session, transcript, it).ok_or(NotAccepted { line })?;
        heard.push(Heard {
            at_ms: it.at_ms,
            from: it.from,
            what,
        });
    }
    Ok(heard)
}

/// Payload of A1, in bytes: stamp and Noise message.
const OFFER_BYTES: usize = 1306;
/// Payload of A2, in bytes.
const ANSWER_BYTES: usize = 1178;

/// The same with the friendship's secrets of its reader: the handshake too is run as a node runs it,
/// and must give the session that the transcript begins with.
///
/// # Errors
/// As [`verify`]; at line 0 or 1 if this party has no such friendship.
pub fn verify_with(party: &Party, transcript: &Transcript) -> Result<Vec<Heard>, NotAccepted> {
    read_with(party.side(), transcript)
}

pub(crate) fn read_with(
    side: Side<'_>,
    transcript: &Transcript,
) -> Result<Vec<Heard>, NotAccepted> {
    let heard = verify(transcript)?;
    let [a1, a2, ..] = transcript.lines.as_slice() else {
        return Err(NotAccepted { line: 0 });
    };
    let session = match transcript.reader {
        End::Initiator => initiated(side, a1, a2).ok_or(NotAccepted { line: 0 })?,
        End::Responder => responded(side, a1, a2).ok_or(NotAccepted { line: 1 })?,
    };
    if *state_of(&session) != *transcript.state {
        return Err(NotAccepted { line: 1 });
    }
    Ok(heard)
}

/// The reader offered: A1 is remade, A2 opened.
fn initiated(side: Side<'_>, a1: &Line, a2: &Line) -> Option<Session> {
    let said = said(a1, &[0; 32])?;
    let (stamp, _) = handshake::split_offer(&said)?;
    let offer = Offer::first(copy(a1.draw.as_ref()?), side.keys);
    let again = offer.parcel(side.keys, side.me, side.friend, stamp).ok()?;
    (again == a1.parcel).then_some(())?;
    let header = &side.keys.from.ake_header;
    let answer = handshake::open(Kind::Ake2, header, &Parcel::parse(&a2.parcel)?)?;
    let begun = offer.finish(side.keys, side.me, side.friend, &answer);
    begun.ok().map(|begun| begun.session)
}

/// The reader answered: A1 is opened, A2 remade.
fn responded(side: Side<'_>, a1: &Line, a2: &Line) -> Option<Session> {
    let header = &side.keys.from.ake_header;
    let offer = handshake::open(Kind::Ake1, header, &Parcel::parse(&a1.parcel)?)?;
    let (_, noise) = handshake::split_offer(&offer)?;
    let mut entropy = Entropy::new(*a2.draw.as_ref()?.expose());
    let past = Past::of_pairing(&side.keys.root);
    let (begun, again) =
        handshake::respond(side.keys, side.me, side.friend, noise, &past, &mut entropy).ok()?;
    (again == a2.parcel).then_some(begun.session)
}

fn copy(draw: &Key<HandshakeSeed>) -> Key<HandshakeSeed> {
    Key::fill(|bytes| bytes.copy_from_slice(draw.expose()))
}

/// What a line's own key opens.
fn said(line: &Line, session: &[u8; 32]) -> Option<Said> {
    let parcel = Parcel::parse(&line.parcel)?;
    parcel.open_unseen(&line.key, session).map(|(_, said)| said)
}

/// One ratchet parcel, as the reader's session takes or makes it.
fn read(session: &mut Session, transcript: &Transcript, line: &Line) -> Option<What> {
    let parcel = Parcel::parse(&line.parcel)?;
    let header = HeaderKeys::of(line.header.as_ref()?);
    parcel.fits(&header).then_some(())?;
    let said = said(line, &transcript.session)?;
    if line.from == transcript.reader {
        let mut entropy = Entropy::new(*line.draw.as_ref()?.expose());
        let again = session.seal(&said, minute(line.at_ms), &mut entropy).ok()?;
        (again.bytes == line.parcel).then_some(())?;
    } else {
        let opened = session.open(&parcel).ok()?;
        session.advance(opened.advance, minute(line.at_ms));
    }
    what(&said)
}

/// What the payload of a ratchet parcel says; nothing if it is none.
pub fn what(said: &[u8]) -> Option<What> {
    let (_, payload) = message::decode(said).ok()?;
    Some(match payload {
        Payload::Confirm => What::Confirm,
        Payload::Ack(ids) => What::Acknowledges(ids.len()),
        Payload::Text(text) => What::Text {
            number: text.number,
            minute: text.minute,
            text: text.text,
        },
        Payload::Timer(timer) => What::Timer(timer.limit),
        _ => What::Other,
    })
}

/// Where the words begin in the payload of a text, in bytes; nothing if it is none.
pub fn text_begins(said: &[u8]) -> Option<usize> {
    matches!(what(said)?, What::Text { .. }).then_some(message::TEXT_HEAD_BYTES)
}
