//! Fetching what a box holds: `Noise_NNpsk0` under its own key, so that it works while the keeper's
//! home is locked. PROTOCOL §5.
//!
//! The owner: [`visit`], [`Knocking`], [`Visit`]. The keeper: [`Asked`] (a flight that bears the tag),
//! [`Accepted`] (its stamp is new, and seen from now on: that must be on the disk before anything
//! leaves), [`Owner`] (let in, and believed with its first record). Each step consumes the one before.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::talk::{BadTalk, Frame, Talk};
use super::{BoxKeys, VERSION, noise_bytes};
use crate::kdf::Entropy;
use crate::limits::{FLIGHT_BYTES, MAILBOX_PARCELS_MAX};
use crate::link::stamps::Stamps;
use crate::link::{Records, flight};
use crate::noise::{BadHandshake, Handshake, Role};
use crate::secret::Said;

const NOISE: usize = noise_bytes(1);
/// That was all there is, and all of it is gone.
const ALL: u8 = 0;

/// Owner: the flight was made, the answer is awaited.
pub(crate) struct Knocking(Handshake);

/// Owner: the flight of a visit. `stamp` is above all before it and was stored as sent.
pub(crate) fn visit(
    keys: &BoxKeys,
    stamp: u64,
    entropy: &mut Entropy,
) -> Result<(Knocking, Vec<u8>), BadTalk> {
    let mut handshake = keys.start(Role::Initiator, entropy)?;
    let noise = handshake.write(&[VERSION])?;
    let lock = &keys.fetch;
    let bytes = flight::seal_with(
        &lock.hint,
        &lock.flight,
        &lock.wrap_in,
        entropy.bytes(),
        stamp,
        &noise,
        FLIGHT_BYTES,
    );
    Ok((Knocking(handshake), bytes))
}

impl Knocking {
    /// Reads the answer, `FLIGHT_BYTES`; the bytes to write make the keeper begin.
    pub(crate) fn finish(
        mut self,
        keys: &BoxKeys,
        answer: &[u8],
    ) -> Result<(Visit, Vec<u8>), BadTalk> {
        let wrap = &keys.fetch.wrap_out;
        let noise = flight::open_answer(wrap, answer, NOISE).ok_or(BadTalk)?;
        let version = self.0.read(&noise)?;
        (*version == [VERSION]).then_some(()).ok_or(BadTalk)?;
        let records = Records::new(self.0.finish()?, Role::Initiator);
        let mut talk = Talk::new(records);
        let greeting = talk.greet()?;
        let visit = Visit {
            talk,
            last: None,
            parcels: 0,
        };
        Ok((visit, greeting))
    }
}

/// Something the keeper says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// A parcel. Numbers rise; a gap is one that went by its age, or is held back.
    Parcel {
        /// Its number in the box.
        slot: u32,
        /// As it came.
        parcel: Said,
    },
    /// That was all, and what I deleted is gone.
    All,
}

/// Owner: the box is open.
pub(crate) struct Visit {
    pub(super) talk: Talk,
    /// The number of the last parcel.
    last: Option<u32>,
    /// How many there were.
    parcels: usize,
}

impl Visit {
    /// How many bytes to read next.
    pub(crate) fn wants(&self) -> usize {
        self.talk.wants()
    }

    /// The bytes that were wanted: what the box holds, the oldest first. After so many bytes of parcels
    /// as `FETCH_WINDOW_BYTES` the keeper waits until some of them are deleted.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Kept>, BadTalk> {
        let frames = self.talk.hear(bytes)?.unwrap_or_default();
        let kept = frames.into_iter().map(|frame| match frame {
            Frame::Slot { slot, parcel } => {
                self.comes(slot)?;
                Ok(Kept::Parcel { slot, parcel })
            }
            Frame::Status(ALL) => Ok(Kept::All),
            _ => Err(BadTalk),
        });
        kept.collect()
    }

    /// Numbers rise, and no visit brings more than a box has room for: whoever keeps it can say the same
    /// thing again, not without end.
    fn comes(&mut self, slot: u32) -> Result<(), BadTalk> {
        self.parcels += 1;
        let rises = self.last.replace(slot).is_none_or(|last| last < slot);
        let fits = rises && self.parcels <= MAILBOX_PARCELS_MAX;
        fits.then_some(()).ok_or(BadTalk)
    }

    /// What to write once a parcel is safe on my disk, or of no use: the keeper may let it go.
    pub(crate) fn delete(
        &mut self,
        keys: &BoxKeys,
        slot: u32,
        parcel: &[u8],
    ) -> Result<Vec<u8>, BadTalk> {
        let receipt = keys.receipt(slot, blake3::hash(parcel).as_bytes());
        self.talk.say(&Frame::Del { slot, receipt })
    }
}

/// Keeper: what a flight says whose tag is that of the box.
pub(crate) struct Asked {
    stamp: u64,
    noise: Zeroizing<Vec<u8>>,
}

impl Asked {
    /// Takes a flight apart; nothing if its padding is not zero.
    pub(crate) fn read(keys: &BoxKeys, bytes: &[u8]) -> Option<Self> {
        let (stamp, noise) = flight::open_with(&keys.fetch.wrap_in, bytes, NOISE)?;
        Some(Self { stamp, noise })
    }

    /// Whether nothing like it came before; nothing changes.
    pub(crate) fn is_new(&self, stamps: &Stamps) -> bool {
        stamps.would_accept(self.stamp)
    }

    /// Whether it is new; then it is seen, which is to be on the disk before [`Accepted::answer`] leaves.
    pub(crate) fn accept(self, stamps: &mut Stamps) -> Option<Accepted> {
        stamps.accept(self.stamp).then_some(Accepted(self))
    }
}

/// Keeper: a flight that nobody repeats.
pub(crate) struct Accepted(Asked);

impl Accepted {
    /// The answer, with the first Diffie-Hellman, and who came.
    pub(crate) fn answer(
        self,
        keys: &BoxKeys,
        entropy: &mut Entropy,
    ) -> Result<(Vec<u8>, Owner), BadHandshake> {
        let Asked { stamp, noise } = self.0;
        let mut handshake = keys.start(Role::Responder, entropy)?;
        let version = handshake.read(&noise)?;
        (*version == [VERSION]).then_some(()).ok_or(BadHandshake)?;
        let noise = handshake.write(&[VERSION])?;
        let wrap = &keys.fetch.wrap_out;
        let bytes = flight::seal_answer(wrap, entropy.bytes(), &noise, FLIGHT_BYTES);
        let records = Records::new(handshake.finish()?, Role::Responder);
        let owner = Owner {
            talk: Talk::new(records),
            stamp,
            is_here: false,
        };
        Ok((bytes, owner))
    }
}

/// Keeper: who came with the key of the box.
pub(crate) struct Owner {
    talk: Talk,
    stamp: u64,
    is_here: bool,
}

/// What the owner said.
pub(crate) enum Told {
    /// Its first record: it is there, now. Its stamp is the floor from here on.
    Here(u64),
    /// A parcel may go, if this is what [`is_receipt`] finds good.
    Delete { slot: u32, receipt: [u8; 16] },
}

impl Owner {
    /// How many bytes to read next.
    pub(crate) fn wants(&self) -> usize {
        self.talk.wants()
    }

    /// The bytes that were wanted. Before [`Told::Here`] nothing is said to it.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Told>, BadTalk> {
        let Some(frames) = self.talk.hear(bytes)? else {
            return Ok(Vec::new());
        };
        let mut told = Vec::new();
        if !core::mem::replace(&mut self.is_here, true) {
            told.push(Told::Here(self.stamp));
        }
        for frame in frames {
            match frame {
                Frame::Del { slot, receipt } => told.push(Told::Delete { slot, receipt }),
                _ => return Err(BadTalk),
            }
        }
        Ok(told)
    }

    /// What to write to hand out a parcel.
    pub(crate) fn hand(&mut self, slot: u32, parcel: Said) -> Result<Vec<u8>, BadTalk> {
        self.talk.say(&Frame::Slot { slot, parcel })
    }

    /// What to write once everything was handed out and deleted.
    pub(crate) fn all(&mut self) -> Result<Vec<u8>, BadTalk> {
        self.talk.say(&Frame::Status(ALL))
    }
}

/// Whether a receipt is the owner's, for the parcel of this BLAKE3 sum in this place.
pub(crate) fn is_receipt(keys: &BoxKeys, slot: u32, sum: &[u8; 32], receipt: &[u8; 16]) -> bool {
    bool::from(keys.receipt(slot, sum).ct_eq(receipt))
}
