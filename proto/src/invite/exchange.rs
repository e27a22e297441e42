//! Three messages and a record by which a stranger with an invitation becomes a friend:
//! `Noise_XKpsk0` behind the invitation's own door, ML-KEM-768 mixed in. PROTOCOL §2a.
//!
//! The inviter is I (Noise's responder), the joiner J (its initiator). Each step consumes the one
//! before. Who may take which step when, and what is on the disk by then, is the engine's.

mod introduction;
mod keys;
#[cfg(test)]
mod tests;

use crate::identity::Point;
use crate::kdf::Entropy;
use crate::kem::{self, CT_BYTES, EK_BYTES, Opener};
use crate::limits::{CLAIM_BYTES, INVITE_FLIGHT_BYTES};
use crate::link::{Records, flight};
use crate::noise::{BadHandshake, Handshake, Role, Speaker, TAG_BYTES};
use crate::secret::{EdgeRoot, KemShared, Key};
use crate::wire::{Malformed, Reader, Writer};

use introduction::INTRODUCTION_BYTES_MAX;
pub(crate) use introduction::{Introduction, Verdict, open_verdict, seal_verdict};
pub(crate) use keys::InviteKeys;

const VERSION: u8 = 1;
const SUITE: u8 = 1;
const ASK_PAYLOAD: usize = 2 + EK_BYTES;
const ANSWER_PAYLOAD: usize = 2 + CT_BYTES + 32;
const CLAIM_PAYLOAD: usize = 32 + INTRODUCTION_BYTES_MAX;
const ASK_NOISE: usize = 32 + ASK_PAYLOAD + TAG_BYTES;
const ANSWER_NOISE: usize = 32 + ANSWER_PAYLOAD + TAG_BYTES;
const CLAIM_NOISE: usize = 32 + TAG_BYTES + CLAIM_PAYLOAD + TAG_BYTES;

/// J: message 1 was sent.
pub(crate) struct Asking {
    handshake: Handshake,
    opener: Opener,
}

/// J: message 1, `flight with stamp = 0, Noise1{ver, suite, ek}`, 1536 bytes.
pub(crate) fn ask<'a>(
    keys: &InviteKeys,
    me: impl Into<Speaker<'a>>,
    inviter: &Point,
    entropy: &mut Entropy,
) -> Result<(Asking, Vec<u8>), BadHandshake> {
    let (opener, ek) = Opener::draw(entropy);
    let mut handshake = keys.start(me, Some(inviter), Role::Initiator, entropy)?;
    let noise = handshake.write(&[[VERSION, SUITE].as_slice(), &ek].concat())?;
    let bytes = flight::seal_with(
        &keys.hint,
        &keys.flight,
        &keys.wrap_j,
        entropy.bytes(),
        0,
        &noise,
        INVITE_FLIGHT_BYTES,
    );
    Ok((Asking { handshake, opener }, bytes))
}

/// J: message 2 was good; the edge root goes to the disk, then `message` leaves.
pub(crate) struct Claim {
    /// ER_0 of this run.
    pub root: Key<EdgeRoot>,
    /// Message 3, 512 bytes.
    pub message: Vec<u8>,
    /// Opens the verdict.
    pub records: Records,
}

impl Asking {
    /// J: reads message 2 and makes message 3, `Noise3{r_J, nick, addrs}`.
    pub(crate) fn claim(
        mut self,
        keys: &InviteKeys,
        answer: &[u8],
        about_me: &Introduction,
        entropy: &mut Entropy,
    ) -> Result<Claim, BadHandshake> {
        let noise = flight::open_answer(&keys.wrap_i, answer, ANSWER_NOISE).ok_or(BadHandshake)?;
        let payload = self.handshake.read(&noise)?;
        let (ct, r_i) = read_answer(&payload).map_err(|_| BadHandshake)?;
        let kem = self.opener.open(ct).map_err(|_| BadHandshake)?;
        let r_j: [u8; 32] = entropy.bytes();
        let mut third = Writer::new();
        third.bytes(&r_j);
        about_me.encode(&mut third);
        let mut third = third.into_vec();
        third.resize(CLAIM_PAYLOAD, 0);
        let noise = self.handshake.write(&third)?;
        let message = flight::seal_answer(&keys.wrap_j, entropy.bytes(), &noise, CLAIM_BYTES);
        let done = self.handshake.finish()?;
        let root = keys.root(&done, &kem, &r_j, &r_i);
        Ok(Claim {
            root,
            message,
            records: Records::new(done, Role::Initiator),
        })
    }
}

/// `ver, suite, ct 1088, r_I 32`: an unknown version or suite ends the run.
fn read_answer(payload: &[u8]) -> Result<(&[u8], [u8; 32]), Malformed> {
    let mut from = Reader::new(payload);
    if from.array::<2>()? != [VERSION, SUITE] {
        return Err(Malformed);
    }
    let (ct, r_i) = (from.take(CT_BYTES)?, from.array()?);
    from.finish()?;
    Ok((ct, r_i))
}

/// I: message 1 was answered.
pub(crate) struct Heard {
    handshake: Handshake,
    kem: Key<KemShared>,
    r_i: [u8; 32],
}

/// I: reads a tagged message 1 and makes message 2, 1536 bytes.
pub(crate) fn hear<'a>(
    keys: &InviteKeys,
    me: impl Into<Speaker<'a>>,
    bytes: &[u8],
    entropy: &mut Entropy,
) -> Result<(Heard, Vec<u8>), BadHandshake> {
    let (stamp, noise) = flight::open_with(&keys.wrap_j, bytes, ASK_NOISE).ok_or(BadHandshake)?;
    if stamp != 0 {
        return Err(BadHandshake);
    }
    let mut handshake = keys.start(me, None, Role::Responder, entropy)?;
    let payload = handshake.read(&noise)?;
    let ek = payload
        .strip_prefix(&[VERSION, SUITE])
        .ok_or(BadHandshake)?;
    let (ct, kem) = kem::encapsulate(ek, entropy).map_err(|_| BadHandshake)?;
    let r_i: [u8; 32] = entropy.bytes();
    let noise = handshake.write(&[[VERSION, SUITE].as_slice(), &ct, &r_i].concat())?;
    let answer = flight::seal_answer(&keys.wrap_i, entropy.bytes(), &noise, INVITE_FLIGHT_BYTES);
    Ok((
        Heard {
            handshake,
            kem,
            r_i,
        },
        answer,
    ))
}

/// I: message 3 was good: who claims, and the edge it would make.
pub(crate) struct Claimed {
    /// J's identity, now proved.
    pub joiner: Point,
    /// ER_0 of this run.
    pub root: Key<EdgeRoot>,
    /// What J says of itself.
    pub about: Introduction,
    /// Seals the verdict.
    pub records: Records,
}

impl Heard {
    /// I: reads message 3.
    pub(crate) fn claimed(
        mut self,
        keys: &InviteKeys,
        message: &[u8],
    ) -> Result<Claimed, BadHandshake> {
        let noise = flight::open_answer(&keys.wrap_j, message, CLAIM_NOISE).ok_or(BadHandshake)?;
        let payload = self.handshake.read(&noise)?;
        let mut from = Reader::new(&payload);
        let r_j = from.array().map_err(|_| BadHandshake)?;
        let about = Introduction::decode(&mut from).map_err(|_| BadHandshake)?;
        if from.rest().iter().any(|&byte| byte != 0) {
            return Err(BadHandshake);
        }
        let joiner = self.handshake.other()?;
        let done = self.handshake.finish()?;
        let root = keys.root(&done, &self.kem, &r_j, &self.r_i);
        Ok(Claimed {
            joiner,
            root,
            about,
            records: Records::new(done, Role::Responder),
        })
    }
}
