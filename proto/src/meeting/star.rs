//! The way from a guest to the host: `Noise_NNpsk0` between strangers, then records. It hides what is
//! said from the network; the host reads it all, and is trusted with nothing. PROTOCOL §2c.

use crate::kdf::{self, Entropy, label};
use crate::link::Records;
use crate::noise::{BadHandshake, Handshake, Pattern, Role, Setup, Speaker, TAG_BYTES};
use crate::secret::{Key, Room};

const PROLOGUE: &[u8] = b"kith/star/1";
const PAYLOAD: [u8; 1] = [1];

/// Either message of the star's handshake: `e 32 | ver u8 | tag 16`, 49 bytes.
pub(crate) const STAR_BYTES: usize = 32 + PAYLOAD.len() + TAG_BYTES;

/// I called the host and await its answer.
pub(crate) struct Calling(Handshake);

fn start(secret: &Key<Room>, role: Role, entropy: &mut Entropy) -> Result<Handshake, BadHandshake> {
    Setup {
        pattern: Pattern::NNpsk0,
        role,
        prologue: PROLOGUE,
        psk: &kdf::derive(label::ROOM_DOOR, &[secret.expose()]),
        me: Speaker::Nobody,
        other: None,
    }
    .start(entropy)
}

impl Calling {
    /// The first message, 49 bytes.
    pub(crate) fn dial(
        secret: &Key<Room>,
        entropy: &mut Entropy,
    ) -> Result<(Self, Vec<u8>), BadHandshake> {
        let mut handshake = start(secret, Role::Initiator, entropy)?;
        let message = handshake.write(&PAYLOAD)?;
        Ok((Self(handshake), message))
    }

    /// Reads the answer; records follow.
    pub(crate) fn finish(mut self, answer: &[u8]) -> Result<Records, BadHandshake> {
        let version = self.0.read(answer)?;
        (*version == PAYLOAD).then_some(()).ok_or(BadHandshake)?;
        Ok(Records::new(self.0.finish()?, Role::Initiator))
    }
}

/// The host's answer to a first message, 49 bytes, and the records that follow.
pub(crate) fn answer(
    secret: &Key<Room>,
    message: &[u8],
    entropy: &mut Entropy,
) -> Result<(Vec<u8>, Records), BadHandshake> {
    let mut handshake = start(secret, Role::Responder, entropy)?;
    let version = handshake.read(message)?;
    (*version == PAYLOAD).then_some(()).ok_or(BadHandshake)?;
    let answer = handshake.write(&PAYLOAD)?;
    Ok((answer, Records::new(handshake.finish()?, Role::Responder)))
}
