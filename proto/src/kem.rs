//! ML-KEM-768, from given entropy, with the checks its standard asks for. PROTOCOL "Notation", §2a, §4.1, §4.3.
//!
//! Hedges X25519 against a harvester with a quantum computer. Knows nothing of who uses it.

use ml_kem::kem::{Decapsulate, KeyExport};
use ml_kem::{B32, DecapsulationKey768, EncapsulationKey768, Seed};
use zeroize::Zeroize;

use crate::kdf::Entropy;
use crate::secret::{KemShared, Key};

/// Length of an encapsulation key, in bytes.
pub(crate) const EK_BYTES: usize = 1184;
/// Length of a ciphertext, in bytes.
pub(crate) const CT_BYTES: usize = 1088;

/// The encapsulation key or the ciphertext is not well formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadKem;

/// The half that can open; erased when dropped.
pub(crate) struct Opener(Box<DecapsulationKey768>);

impl Opener {
    /// Draws a pair: this half, and the encapsulation key to send.
    pub(crate) fn draw(entropy: &mut Entropy) -> (Self, [u8; EK_BYTES]) {
        let mut seed = Seed::default();
        entropy.fill(&mut seed);
        let opener = Box::new(DecapsulationKey768::from_seed(seed));
        seed.zeroize();
        let mut ek = [0; EK_BYTES];
        ek.copy_from_slice(&opener.encapsulation_key().to_bytes());
        (Self(opener), ek)
    }

    /// The shared secret in a ciphertext. A changed ciphertext gives another secret, not an error.
    pub(crate) fn open(&self, ct: &[u8]) -> Result<Key<KemShared>, BadKem> {
        let ct = ct.try_into().map_err(|_| BadKem)?;
        let mut shared = self.0.decapsulate(ct);
        let key = Key::fill(|bytes| bytes.copy_from_slice(&shared));
        shared.zeroize();
        Ok(key)
    }
}

/// An encapsulation key of somebody else, refused unless its coefficients are reduced.
pub(crate) fn check(ek: &[u8]) -> Result<&[u8; EK_BYTES], BadKem> {
    let key = ek.try_into().map_err(|_| BadKem)?;
    EncapsulationKey768::new(key).map_err(|_| BadKem)?;
    ek.try_into().map_err(|_| BadKem)
}

/// Encapsulates to `ek`, which is refused unless its coefficients are reduced.
pub(crate) fn encapsulate(
    ek: &[u8],
    entropy: &mut Entropy,
) -> Result<([u8; CT_BYTES], Key<KemShared>), BadKem> {
    let ek = EncapsulationKey768::new(ek.try_into().map_err(|_| BadKem)?).map_err(|_| BadKem)?;
    let mut m = B32::default();
    entropy.fill(&mut m);
    let (sealed, mut shared) = ek.encapsulate_deterministic(&m);
    m.zeroize();
    let key = Key::fill(|bytes| bytes.copy_from_slice(&shared));
    shared.zeroize();
    let mut ct = [0; CT_BYTES];
    ct.copy_from_slice(&sealed);
    Ok((ct, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encapsulated_is_opened() {
        let (opener, ek) = Opener::draw(&mut Entropy::new([1; 32]));
        let (ct, shared) = encapsulate(&ek, &mut Entropy::new([2; 32])).unwrap();
        assert!(opener.open(&ct).unwrap().same(&shared));
        let mut flipped = ct;
        flipped[5] ^= 1;
        assert!(
            !opener.open(&flipped).unwrap().same(&shared),
            "implicit rejection"
        );
    }

    #[test]
    fn a_key_with_unreduced_coefficients_or_another_length_is_refused() {
        let (opener, mut ek) = Opener::draw(&mut Entropy::new([1; 32]));
        // 12-bit coefficients: 0xFFF is above q = 3329.
        (ek[0], ek[1]) = (0xFF, ek[1] | 0x0F);
        assert!(encapsulate(&ek, &mut Entropy::new([2; 32])).is_err());
        assert!(encapsulate(&ek[1..], &mut Entropy::new([2; 32])).is_err());
        assert!(opener.open(&[0; CT_BYTES - 1]).is_err());
    }
}
