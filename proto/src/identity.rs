//! An X25519 key that agrees and never signs, the check every public point passes, and the words
//! two people compare.
//!
//! Stands below everything that shakes hands. Knows no friend and no name. PROTOCOL §1.

use core::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use x25519_dalek::{PublicKey, StaticSecret};

use crate::kdf::{self, label};
use crate::limits::{SAFETY_MEMORY_KIB, SAFETY_PASSES, SAFETY_WORDS};
use crate::secret::{Identity as IdentityPurpose, Key, Seed};
use crate::words::Language;
use crate::words::words;

/// A public X25519 point that was checked: canonical, and not of low order. 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point([u8; 32]);

/// The bytes are no point we agree with: a twin of another point, or one that gives everybody the
/// same secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPoint;

/// 2^255 - 19, little-endian.
const FIELD: [u8; 32] = {
    let mut p = [0xFF; 32];
    p[0] = 0xED;
    p[31] = 0x7F;
    p
};

/// All canonical points whose order divides 8, on the curve and on its twist: what a clamped scalar
/// sends to zero. A table, since multiplying to find out costs as much as agreeing.
const LOW_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    [
        0xE0, 0xEB, 0x7A, 0x7C, 0x3B, 0x41, 0xB8, 0xAE, 0x16, 0x56, 0xE3, 0xFA, 0xF1, 0x9F, 0xC4,
        0x6A, 0xDA, 0x09, 0x8D, 0xEB, 0x9C, 0x32, 0xB1, 0xFD, 0x86, 0x62, 0x05, 0x16, 0x5F, 0x49,
        0xB8, 0x00,
    ],
    [
        0x5F, 0x9C, 0x95, 0xBC, 0xA3, 0x50, 0x8C, 0x24, 0xB1, 0xD0, 0xB1, 0x55, 0x9C, 0x83, 0xEF,
        0x5B, 0x04, 0x44, 0x5C, 0xC4, 0x58, 0x1C, 0x8E, 0x86, 0xD8, 0x22, 0x4E, 0xDD, 0xD0, 0x9F,
        0x11, 0x57,
    ],
    {
        let mut last = FIELD;
        last[0] -= 1;
        last
    },
];

impl Point {
    /// Checks a point that came from outside: canonical (RFC 7748 accepts twins, we do not) and
    /// contributory.
    pub fn parse(bytes: [u8; 32]) -> Result<Self, BadPoint> {
        let below_field = bytes.iter().rev().lt(FIELD.iter().rev());
        if below_field && !LOW_ORDER.contains(&bytes) {
            Ok(Self(bytes))
        } else {
            Err(BadPoint)
        }
    }

    /// The 32 bytes that go on the wire.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Point(..)")
    }
}

/// The public half of a scalar; always canonical, since it is computed.
pub(crate) fn public<P>(scalar: &Key<P>) -> Point {
    Point(PublicKey::from(&StaticSecret::from(*scalar.expose())).to_bytes())
}

/// `X(a, B)`: the shared secret, or nothing if the point contributes nothing.
pub(crate) fn agree<P, S>(scalar: &Key<P>, with: &Point) -> Result<Key<S>, BadPoint> {
    let shared = StaticSecret::from(*scalar.expose()).diffie_hellman(&PublicKey::from(with.0));
    if !shared.was_contributory() {
        return Err(BadPoint);
    }
    Ok(Key::fill(|bytes| bytes.copy_from_slice(shared.as_bytes())))
}

/// Who this node is: one node, one device, one identity.
#[derive(Debug)]
pub struct Identity {
    seed: Key<Seed>,
    scalar: Key<IdentityPurpose>,
    point: Point,
}

impl Identity {
    /// The identity that grows from a seed.
    pub fn from_seed(seed: Key<Seed>) -> Self {
        let scalar = kdf::derive(label::IDENTITY, &[seed.expose()]);
        let point = public(&scalar);
        Self {
            seed,
            scalar,
            point,
        }
    }

    /// IK, the public key that friends hold.
    pub fn point(&self) -> &Point {
        &self.point
    }

    /// For the Noise handshakes alone.
    pub(crate) fn scalar(&self) -> &Key<IdentityPurpose> {
        &self.scalar
    }

    /// For the sealed identity record alone.
    pub(crate) fn seed(&self) -> &Key<Seed> {
        &self.seed
    }
}

/// What both screens compute of two identities. Costs 64 MiB and about half a second, on purpose: a
/// look-alike pair of keys must be too dear to search for. §1
pub(crate) fn safety_hash(mine: &Point, theirs: &Point) -> [u8; 32] {
    let (low, high) = if mine <= theirs {
        (mine, theirs)
    } else {
        (theirs, mine)
    };
    let mut pair = [0; 64];
    pair[..32].copy_from_slice(low.as_bytes());
    pair[32..].copy_from_slice(high.as_bytes());
    let mut hash = [0; 32];
    let done = Params::new(SAFETY_MEMORY_KIB, SAFETY_PASSES, 1, Some(32)).and_then(|params| {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(&pair, b"kith safety 1", &mut hash)
    });
    // The parameters are constants of this crate, which the tests run.
    debug_assert!(done.is_ok());
    hash
}

/// The twelve words of it that two people compare entirely, the same on both screens.
pub(crate) fn safety_words(hash: &[u8; 32], language: Language) -> Vec<&'static str> {
    words(hash, SAFETY_WORDS, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_low_order_are_refused_also_with_the_high_bit_set() {
        for mut bytes in LOW_ORDER {
            assert_eq!(Point::parse(bytes), Err(BadPoint));
            // A clamped scalar is a multiple of 8: it sends these to zero, and no others.
            assert_eq!(x25519_dalek::x25519([9; 32], bytes), [0; 32]);
            bytes[31] |= 0x80;
            assert_eq!(Point::parse(bytes), Err(BadPoint));
        }
    }

    #[test]
    fn exactly_the_points_of_the_table_lead_every_scalar_to_zero() {
        let leads_to_zero = |point| x25519_dalek::x25519([9; 32], point) == [0; 32];
        assert!(LOW_ORDER.into_iter().all(leads_to_zero));
        // Neighbours of theirs, and points all over the field.
        for n in 2..=255 {
            let mut point = [0; 32];
            point[usize::from(n) % 31] = n;
            assert!(!leads_to_zero(point) && Point::parse(point).is_ok());
            for mut near in LOW_ORDER {
                near[1] ^= n;
                assert!(!leads_to_zero(near) && Point::parse(near).is_ok());
            }
        }
    }

    #[test]
    fn the_twin_of_a_point_is_refused() {
        // 9 + p and 9 with the high bit set agree to the same secret as 9.
        let mut nine = [0; 32];
        nine[0] = 9;
        assert!(Point::parse(nine).is_ok());
        let mut high = nine;
        high[31] |= 0x80;
        assert_eq!(Point::parse(high), Err(BadPoint));
        let mut twin = FIELD;
        twin[0] = 0xF6;
        assert_eq!(Point::parse(twin), Err(BadPoint), "p + 9");
        assert_eq!(Point::parse(FIELD), Err(BadPoint), "p itself");
    }

    #[test]
    fn two_identities_agree_and_see_the_same_words() {
        let a = Identity::from_seed(Key::fill(|b| b.fill(1)));
        let b = Identity::from_seed(Key::fill(|b| b.fill(2)));
        let ab: Key<crate::secret::Root> = agree(a.scalar(), b.point()).unwrap();
        assert!(ab.same(&agree(b.scalar(), a.point()).unwrap()));
        let hash = safety_hash(a.point(), b.point());
        assert_eq!(hash, safety_hash(b.point(), a.point()));
        assert_eq!(safety_words(&hash, Language::French).len(), SAFETY_WORDS);
    }
}
