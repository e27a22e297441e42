//! The mute door between friends: a hint that only a friend can make, one flight each way of
//! `Noise_KKpsk0`, then records. A stranger costs a few MACs and gets nothing. PROTOCOL §3.
//!
//! Holds the handshake; which friend, which stamp is fresh and what is sent later is the engine's.

pub(crate) mod flight;
pub(crate) mod hello;
mod records;
pub(crate) mod stamps;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use records::{BadRecord, RECORD_HEAD_BYTES, Records};

use crate::edge::EdgeKeys;
use crate::identity::Point;
use crate::kdf::Entropy;
use crate::limits::FLIGHT_BYTES;
use crate::noise::{BadHandshake, Handshake, Role, Speaker, TAG_BYTES};

/// A connection, from its first byte to its last. The shell gives inbound ones even numbers, the
/// engine gives those it asks to dial odd ones; a number is never used twice in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

const PROLOGUE: &str = "kith/link/1";
/// `ver u8 = 1 | caps u32 = 0`, the payload of both handshake messages.
const HANDSHAKE_PAYLOAD: [u8; 5] = [1, 0, 0, 0, 0];
/// A Noise KK message with that payload, in bytes.
const HANDSHAKE_BYTES: usize = 32 + HANDSHAKE_PAYLOAD.len() + TAG_BYTES;

/// An unknown version ends the handshake: never a silent step down.
fn check_payload(payload: &[u8]) -> Result<(), BadHandshake> {
    if payload == HANDSHAKE_PAYLOAD {
        Ok(())
    } else {
        Err(BadHandshake)
    }
}

/// A link that I dialled and whose answer I await.
pub(crate) struct Dialled {
    handshake: Handshake,
}

/// Makes the flight of a dial. `stamp` was stored as sent before.
pub(crate) fn dial<'a>(
    keys: &EdgeKeys,
    me: impl Into<Speaker<'a>>,
    friend: &Point,
    stamp: u64,
    entropy: &mut Entropy,
) -> Result<(Dialled, Vec<u8>), BadHandshake> {
    let mut handshake = keys.handshake(PROLOGUE, me, friend, Role::Initiator, entropy)?;
    let noise = handshake.write(&HANDSHAKE_PAYLOAD)?;
    let flight = flight::seal(&keys.to, entropy.bytes(), stamp, &noise, FLIGHT_BYTES);
    Ok((Dialled { handshake }, flight))
}

impl Dialled {
    /// Reads the answer; the link's records follow.
    pub(crate) fn finish(
        mut self,
        keys: &EdgeKeys,
        answer: &[u8],
    ) -> Result<Records, BadHandshake> {
        let noise =
            flight::open_answer(&keys.from.wrap, answer, HANDSHAKE_BYTES).ok_or(BadHandshake)?;
        check_payload(&self.handshake.read(&noise)?)?;
        Ok(Records::new(self.handshake.finish()?, Role::Initiator))
    }
}

/// Answers a flight whose tag and stamp were found good: the first Diffie-Hellman is here.
pub(crate) fn answer<'a>(
    keys: &EdgeKeys,
    me: impl Into<Speaker<'a>>,
    friend: &Point,
    flight: &[u8],
    entropy: &mut Entropy,
) -> Result<(Vec<u8>, Records), BadHandshake> {
    let (_, noise) = flight::open(&keys.from, flight, HANDSHAKE_BYTES).ok_or(BadHandshake)?;
    let mut handshake = keys.handshake(PROLOGUE, me, friend, Role::Responder, entropy)?;
    check_payload(&handshake.read(&noise)?)?;
    let noise = handshake.write(&HANDSHAKE_PAYLOAD)?;
    let answer = flight::seal_answer(&keys.to.wrap, entropy.bytes(), &noise, FLIGHT_BYTES);
    Ok((answer, Records::new(handshake.finish()?, Role::Responder)))
}

/// The stamp of a flight whose tag is good, or nothing if its padding is not zero.
pub(crate) fn stamp_of(keys: &EdgeKeys, flight: &[u8]) -> Option<u64> {
    flight::open(&keys.from, flight, HANDSHAKE_BYTES).map(|(stamp, _)| stamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;
    use crate::secret::Key;

    struct End {
        me: Identity,
        keys: EdgeKeys,
    }

    fn ends() -> (End, End) {
        let a = Identity::from_seed(Key::fill(|b| b.fill(1)));
        let b = Identity::from_seed(Key::fill(|b| b.fill(2)));
        let root = || Key::fill(|b| b.fill(3));
        let keys_a = EdgeKeys::first(root(), a.point(), b.point());
        let keys_b = EdgeKeys::first(root(), b.point(), a.point());
        (
            End {
                me: a,
                keys: keys_a,
            },
            End {
                me: b,
                keys: keys_b,
            },
        )
    }

    #[test]
    fn friends_shake_hands_in_one_flight_each_way() {
        let (a, b) = ends();
        let (dialled, flight) =
            dial(&a.keys, &a.me, b.me.point(), 77, &mut Entropy::new([4; 32])).unwrap();
        assert_eq!(flight.len(), FLIGHT_BYTES);
        assert!(flight::knocks(&b.keys.from.hint, &flight));
        assert!(flight::tagged(&b.keys.from.flight, &flight));
        assert_eq!(stamp_of(&b.keys, &flight), Some(77));
        let (reply, mut r) = answer(
            &b.keys,
            &b.me,
            a.me.point(),
            &flight,
            &mut Entropy::new([5; 32]),
        )
        .unwrap();
        assert_eq!(reply.len(), FLIGHT_BYTES);
        let mut i = dialled.finish(&a.keys, &reply).unwrap();
        let mut wire = Vec::new();
        i.seal(b"salut", false, &mut wire).unwrap();
        r.length([wire[0], wire[1]]).unwrap();
        let mut out = Vec::new();
        r.open(&wire[2..], &mut out).unwrap();
        assert_eq!(out, b"salut");
    }

    #[test]
    fn a_flight_sent_back_to_its_dialler_finds_no_door() {
        let (a, b) = ends();
        let (_, flight) =
            dial(&a.keys, &a.me, b.me.point(), 1, &mut Entropy::new([4; 32])).unwrap();
        assert!(!flight::knocks(&a.keys.from.hint, &flight));
        assert!(!flight::tagged(&a.keys.from.flight, &flight));
    }

    /// Attack 11: who holds the edge and not the key is not taken for the friend, nor answers for them.
    #[test]
    fn the_secrets_of_an_edge_make_nobody_another_person() {
        let (a, b) = ends();
        let mallory = Identity::from_seed(Key::fill(|x| x.fill(9)));
        let entropy = || Entropy::new([4; 32]);
        let dial_as = |me: &Identity| dial(&a.keys, me, b.me.point(), 1, &mut entropy()).unwrap();
        let answer_as = |me: &Identity, flight: &[u8]| {
            answer(&b.keys, me, a.me.point(), flight, &mut entropy())
        };
        let (_, flight) = dial_as(&mallory);
        assert!(answer_as(&b.me, &flight).is_err(), "she dials");
        let (_, flight) = dial_as(&a.me);
        assert!(answer_as(&mallory, &flight).is_err(), "she answers");
        assert!(answer_as(&b.me, &flight).is_ok());
    }

    #[test]
    fn a_flipped_bit_anywhere_in_the_flight_is_a_stranger() {
        let (a, b) = ends();
        let (_, flight) =
            dial(&a.keys, &a.me, b.me.point(), 1, &mut Entropy::new([4; 32])).unwrap();
        for bit in 0..flight.len() * 8 {
            let mut bad = flight.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !flight::knocks(&b.keys.from.hint, &bad)
                    || !flight::tagged(&b.keys.from.flight, &bad)
            );
        }
    }

    #[test]
    fn another_version_is_refused_not_stepped_down_to() {
        let (a, b) = ends();
        let mut e = Entropy::new([4; 32]);
        let mut handshake = a
            .keys
            .handshake(PROLOGUE, &a.me, b.me.point(), Role::Initiator, &mut e)
            .unwrap();
        let noise = handshake.write(&[2, 0, 0, 0, 0]).unwrap();
        let flight = flight::seal(&a.keys.to, [9; 24], 1, &noise, FLIGHT_BYTES);
        assert!(
            answer(
                &b.keys,
                &b.me,
                a.me.point(),
                &flight,
                &mut Entropy::new([5; 32])
            )
            .is_err()
        );
    }
}
