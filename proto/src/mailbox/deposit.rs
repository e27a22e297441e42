//! Leaving parcels in a box: `Noise_NNpsk0` under a token, and nothing of who comes. PROTOCOL §5.
//!
//! The visitor: [`visit`], [`Knocking`], [`Visit`]. The keeper: [`Claim`] (a flight that bears the
//! door's tag), [`Proved`] (its token is good; no Diffie-Hellman so far), [`Marked`] (it is spent: that
//! must be on the disk before anything leaves), [`Caller`] (let in). Each step consumes the one before.

use zeroize::Zeroizing;

use super::talk::{BadTalk, Frame, Talk};
use super::{BoxKeys, Door, Spent, VERSION, noise_bytes};
use crate::kdf::Entropy;
use crate::limits::{FLIGHT_BYTES, VISIT_PARCELS_MAX};
use crate::link::{Records, flight};
use crate::noise::{BadHandshake, Handshake, Role};
use crate::secret::Said;
use crate::token::{Caveats, Serial, Token};
use crate::wire::{Malformed, Reader};

const ASK_NOISE: usize = noise_bytes(1);
const ANSWER_NOISE: usize = noise_bytes(2);

/// What a keeper says of one parcel, or of the box when somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It is on the keeper's disk; the box is open.
    Stored,
    /// There is no room.
    Full,
}

impl Left {
    fn code(self) -> u8 {
        match self {
            Self::Stored => 0,
            Self::Full => 1,
        }
    }

    fn of(code: u8) -> Result<Self, BadTalk> {
        match code {
            0 => Ok(Self::Stored),
            1 => Ok(Self::Full),
            _ => Err(BadTalk),
        }
    }
}

/// How many more parcels a token lets in, and which.
struct Allowance {
    caveats: Caveats,
    left: u32,
}

impl Allowance {
    fn of(caveats: Caveats) -> Self {
        let left = if caveats.is_bound() {
            1
        } else {
            VISIT_PARCELS_MAX
        };
        Self { caveats, left }
    }

    fn take(&mut self, parcel: &[u8]) -> Result<(), BadTalk> {
        let admitted = self.left > 0 && self.caveats.admit(parcel);
        self.left = self.left.saturating_sub(1);
        admitted.then_some(()).ok_or(BadTalk)
    }
}

/// Visitor: the flight was made, the answer is awaited.
pub(crate) struct Knocking {
    handshake: Handshake,
    caveats: Caveats,
}

/// Visitor: the flight of a visit. The token is used up with it, whatever comes of it.
pub(crate) fn visit(
    door: &Door,
    token: Token,
    entropy: &mut Entropy,
) -> Result<(Knocking, Vec<u8>), BadTalk> {
    let mut handshake = door.start(&token, Role::Initiator, entropy)?;
    let noise = handshake.write(&[VERSION])?;
    let said = Zeroizing::new([token.shown().as_slice(), &noise].concat());
    let lock = &door.lock;
    let bytes = flight::seal_with(
        &lock.hint,
        &lock.flight,
        &lock.wrap_in,
        entropy.bytes(),
        0,
        &said,
        FLIGHT_BYTES,
    );
    let caveats = token.caveats().clone();
    Ok((Knocking { handshake, caveats }, bytes))
}

impl Knocking {
    /// Reads the answer, `FLIGHT_BYTES`.
    pub(crate) fn finish(mut self, door: &Door, answer: &[u8]) -> Result<Visit, BadTalk> {
        let wrap = &door.lock.wrap_out;
        let noise = flight::open_answer(wrap, answer, ANSWER_NOISE).ok_or(BadTalk)?;
        let payload = self.handshake.read(&noise)?;
        let [VERSION, code] = payload[..] else {
            return Err(BadTalk);
        };
        let is_full = Left::of(code)? == Left::Full;
        let records = Records::new(self.handshake.finish()?, Role::Initiator);
        Ok(Visit {
            talk: Talk::new(records),
            allowance: Allowance::of(self.caveats),
            unanswered: 0,
            is_full,
        })
    }
}

/// Visitor: the keeper knows the token.
pub(crate) struct Visit {
    talk: Talk,
    allowance: Allowance,
    unanswered: u32,
    is_full: bool,
}

impl Visit {
    /// Whether the box had no room when I came: there is nothing to do here.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// By a changed program: one parcel more, whichever.
    #[cfg(test)]
    pub(crate) fn cheat(&mut self) {
        self.allowance = Allowance {
            caveats: Caveats::default(),
            left: 1,
        };
    }

    /// Likewise: a record that says nothing.
    #[cfg(test)]
    pub(crate) fn dawdle(&mut self) -> Result<Vec<u8>, BadTalk> {
        self.talk.greet()
    }

    /// By a changed program: any frame. It expects an answer to each parcel.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn say_any(&mut self, kind: u8, body: &[u8]) -> Result<Vec<u8>, BadTalk> {
        self.unanswered += 1;
        self.talk.say_any(kind, body)
    }

    /// How many more parcels this visit may leave.
    pub(crate) fn left(&self) -> u32 {
        self.allowance.left
    }

    /// How many bytes to read next.
    pub(crate) fn wants(&self) -> usize {
        self.talk.wants()
    }

    /// What to write to leave a parcel, one bucket long. An error if this token does not admit it.
    pub(crate) fn leave(&mut self, parcel: Said) -> Result<Vec<u8>, BadTalk> {
        self.allowance.take(&parcel)?;
        self.unanswered += 1;
        self.talk.say(&Frame::Parcel(parcel))
    }

    /// The bytes that were wanted: what became of parcels, in the order in which they were left.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Left>, BadTalk> {
        let frames = self.talk.hear(bytes)?.unwrap_or_default();
        let answers = frames.into_iter().map(|frame| {
            let Frame::Status(code) = frame else {
                return Err(BadTalk);
            };
            self.unanswered = self.unanswered.checked_sub(1).ok_or(BadTalk)?;
            Left::of(code)
        });
        answers.collect()
    }
}

/// Keeper: what a flight says whose tag is that of the door. Nothing of it is proved.
pub(crate) struct Claim {
    serial: Serial,
    caveats: Caveats,
    noise: Zeroizing<Vec<u8>>,
}

impl Claim {
    /// Takes a flight apart; nothing if it is not laid as one, down to the zeros at its end.
    pub(crate) fn read(door: &Door, bytes: &[u8]) -> Option<Self> {
        let plain = flight::open_all(&door.lock.wrap_in, bytes)?;
        let mut from = Reader::new(&plain);
        Self::decode(&mut from).ok()
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u64()? != 0 {
            return Err(Malformed);
        }
        let serial = Serial::decode(from)?;
        let caveats = Caveats::decode(from)?;
        let noise = Zeroizing::new(from.take(ASK_NOISE)?.to_vec());
        from.zeros(from.left())?;
        Ok(Self {
            serial,
            caveats,
            noise,
        })
    }

    /// Whether it is good: a serial that is not spent, conditions that hold on this day since 1970,
    /// and the psk that only their token gives, in this order. No Diffie-Hellman is made here.
    pub(crate) fn prove(
        self,
        keys: &BoxKeys,
        spent: &Spent,
        today: u16,
        entropy: &mut Entropy,
    ) -> Option<Proved> {
        if !spent.may_be_used(self.serial) || !self.caveats.hold_on(today) {
            return None;
        }
        let token = keys.token(self.serial).with(&self.caveats)?;
        let started = keys.door.start(&token, Role::Responder, entropy);
        let mut handshake = started.ok()?;
        let payload = handshake.read(&self.noise).ok()?;
        (*payload == [VERSION]).then_some(Proved {
            serial: self.serial,
            caveats: self.caveats,
            handshake,
        })
    }
}

/// Keeper: a token that opens.
pub(crate) struct Proved {
    serial: Serial,
    caveats: Caveats,
    handshake: Handshake,
}

impl Proved {
    /// Spends it. The bitmaps are to be on the disk before [`Marked::answer`] leaves.
    pub(crate) fn spend(self, spent: &mut Spent) -> Marked {
        spent.mark(self.serial);
        let Self {
            caveats, handshake, ..
        } = self;
        Marked { caveats, handshake }
    }
}

/// Keeper: a token that was good and is spent. Only from here comes an answer.
pub(crate) struct Marked {
    caveats: Caveats,
    handshake: Handshake,
}

impl Marked {
    /// The answer, with the first Diffie-Hellman, and the visit.
    pub(crate) fn answer(
        mut self,
        door: &Door,
        left: Left,
        entropy: &mut Entropy,
    ) -> Result<(Vec<u8>, Caller), BadHandshake> {
        let noise = self.handshake.write(&[VERSION, left.code()])?;
        let wrap = &door.lock.wrap_out;
        let bytes = flight::seal_answer(wrap, entropy.bytes(), &noise, FLIGHT_BYTES);
        let records = Records::new(self.handshake.finish()?, Role::Responder);
        let caller = Caller {
            talk: Talk::new(records),
            allowance: Allowance::of(self.caveats),
        };
        Ok((bytes, caller))
    }
}

/// Keeper: who came by a token.
pub(crate) struct Caller {
    talk: Talk,
    allowance: Allowance,
}

impl Caller {
    /// How many bytes to read next.
    pub(crate) fn wants(&self) -> usize {
        self.talk.wants()
    }

    /// The bytes that were wanted: parcels to keep. What the token does not admit ends the visit, with
    /// nothing of it kept; so does a record that says nothing: who is here leaves something.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Said>, BadTalk> {
        let begun = self.talk.begun();
        let Some(frames) = self.talk.hear(bytes)? else {
            return Ok(Vec::new());
        };
        if frames.is_empty() && self.talk.begun() == begun {
            return Err(BadTalk);
        }
        let parcels = frames.into_iter().map(|frame| {
            let Frame::Parcel(parcel) = frame else {
                return Err(BadTalk);
            };
            self.allowance.take(&parcel)?;
            Ok(parcel)
        });
        parcels.collect()
    }

    /// What to write when the next parcel, in the order in which they came, is on the disk or refused.
    pub(crate) fn say(&mut self, left: Left) -> Result<Vec<u8>, BadTalk> {
        self.talk.say(&Frame::Status(left.code()))
    }
}
