//! The first bytes of a mute connection, and the answer: fixed length, uniform to whoever does not
//! hold the keys. PROTOCOL §3 "Flight".
//!
//! ```text
//! N 24 | find 16 | ct | tag 16        ct = STREAM(wrap, N, stamp u64 | Noise1 | zeros)
//! N' 24 | STREAM(wrap', N', Noise2 | zeros)
//! ```

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::edge::Way;
use crate::kdf::{self, ShortMessage};
use crate::secret::{Flight, Hint, Key, Wrap};

const NONCE: usize = 24;
const FIND: usize = 16;
const TAG: usize = 16;
const STAMP: usize = 8;

fn find(hint: &Key<Hint>, nonce: &[u8]) -> [u8; FIND] {
    kdf::mac(hint, &[b"find", nonce])
}

fn tag(key: &Key<Flight>, nonce: &[u8], find: &[u8], ct: &[u8]) -> [u8; TAG] {
    kdf::mac(key, &[b"flight", nonce, find, ct])
}

/// Seals a flight of `length` bytes. `noise` fits: its size is a constant of the pattern.
pub(crate) fn seal(
    way: &Way,
    nonce: [u8; NONCE],
    stamp: u64,
    noise: &[u8],
    length: usize,
) -> Vec<u8> {
    seal_with(
        &way.hint,
        &way.flight,
        &way.wrap,
        nonce,
        stamp,
        noise,
        length,
    )
}

/// As [`seal`], from single keys.
pub(crate) fn seal_with(
    hint: &Key<Hint>,
    flight: &Key<Flight>,
    wrap: &Key<Wrap>,
    nonce: [u8; NONCE],
    stamp: u64,
    noise: &[u8],
    length: usize,
) -> Vec<u8> {
    let mut ct = Zeroizing::new([&stamp.to_le_bytes(), noise].concat());
    ct.resize(length - NONCE - FIND - TAG, 0);
    kdf::stream(wrap, &nonce, &mut ct);
    let find = find(hint, &nonce);
    let tag = tag(flight, &nonce, &find, &ct);
    [nonce.as_slice(), &find, &ct, &tag].concat()
}

/// The first 40 bytes of a flight, to be tried at every door.
pub(crate) struct Head {
    message: ShortMessage,
    claimed: u128,
}

impl Head {
    /// Nothing if there are fewer.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (nonce, rest) = bytes.split_at_checked(NONCE)?;
        let message = ShortMessage::new(&[b"find", nonce])?;
        let claimed = u128::from_le_bytes(*rest.first_chunk()?);
        Some(Self { message, claimed })
    }

    /// Whether they knock at the door of this hint.
    pub(crate) fn knocks(&self, hint: &Key<Hint>) -> bool {
        bool::from(self.message.mac(hint).ct_eq(&self.claimed))
    }
}

/// Whether the first 40 bytes knock at the door of this hint.
#[cfg(test)]
pub(crate) fn knocks(hint: &Key<Hint>, head: &[u8]) -> bool {
    Head::read(head).is_some_and(|head| head.knocks(hint))
}

/// The find tag of a flight, by which a repeated one is known.
pub(crate) fn find_of(flight: &[u8]) -> Option<[u8; FIND]> {
    flight.get(NONCE..NONCE + FIND)?.try_into().ok()
}

/// Whether a whole flight was made by who holds the flight key.
pub(crate) fn tagged(key: &Key<Flight>, flight: &[u8]) -> bool {
    let Some((head, claimed)) = flight.split_at_checked(flight.len().wrapping_sub(TAG)) else {
        return false;
    };
    let Some((nonce, rest)) = head.split_at_checked(NONCE) else {
        return false;
    };
    let Some((find, ct)) = rest.split_at_checked(FIND) else {
        return false;
    };
    bool::from(tag(key, nonce, find, ct).ct_eq(claimed))
}

/// Stamp and Noise message of a tagged flight; nothing if the padding is not zero.
pub(crate) fn open(way: &Way, flight: &[u8], noise: usize) -> Option<(u64, Zeroizing<Vec<u8>>)> {
    open_with(&way.wrap, flight, noise)
}

/// As [`open`], from a single key.
pub(crate) fn open_with(
    wrap: &Key<Wrap>,
    flight: &[u8],
    noise: usize,
) -> Option<(u64, Zeroizing<Vec<u8>>)> {
    let nonce: [u8; NONCE] = flight.get(..NONCE)?.try_into().ok()?;
    let ct = flight.get(NONCE + FIND..flight.len().checked_sub(TAG)?)?;
    let plain = unmask(wrap, &nonce, ct, STAMP + noise)?;
    let stamp = u64::from_le_bytes(plain.get(..STAMP)?.try_into().ok()?);
    Some((stamp, Zeroizing::new(plain.get(STAMP..)?.to_vec())))
}

/// All that is masked in a tagged flight, with its stamp and its padding.
pub(crate) fn open_all(wrap: &Key<Wrap>, flight: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let nonce: [u8; NONCE] = flight.get(..NONCE)?.try_into().ok()?;
    let ct = flight.get(NONCE + FIND..flight.len().checked_sub(TAG)?)?;
    unmask(wrap, &nonce, ct, ct.len())
}

/// Masks an answer, or a later message of an invitation, into `length` bytes.
pub(crate) fn seal_answer(
    wrap: &Key<Wrap>,
    nonce: [u8; NONCE],
    noise: &[u8],
    length: usize,
) -> Vec<u8> {
    let mut ct = Zeroizing::new(noise.to_vec());
    ct.resize(length - NONCE, 0);
    kdf::stream(wrap, &nonce, &mut ct);
    [nonce.as_slice(), &ct].concat()
}

/// The Noise message in an answer; nothing if the padding is not zero.
pub(crate) fn open_answer(
    wrap: &Key<Wrap>,
    answer: &[u8],
    noise: usize,
) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, ct) = answer.split_at_checked(NONCE)?;
    unmask(wrap, nonce.try_into().ok()?, ct, noise)
}

fn unmask(
    wrap: &Key<Wrap>,
    nonce: &[u8; NONCE],
    ct: &[u8],
    used: usize,
) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(ct.to_vec());
    kdf::stream(wrap, nonce, &mut plain);
    let padding_is_zero = plain.get(used..)?.iter().all(|&byte| byte == 0);
    plain.truncate(used);
    padding_is_zero.then_some(plain)
}
