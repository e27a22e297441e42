//! Seals one value for the disk: `version u8 | nonce 24 | ciphertext | tag 16`, XChaCha20-Poly1305
//! with a random nonce, the record's key and the version as associated data. Knows no tree.

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{AeadInOut, KeyInit};

use super::VaultError;
use crate::kdf::Entropy;
use crate::secret::{Key, Said};

/// What a sealed value is longer than its plain one.
pub(super) const SEAL_BYTES: usize = 1 + NONCE_BYTES + TAG_BYTES;

pub(super) const NONCE_BYTES: usize = 24;
pub(super) const TAG_BYTES: usize = 16;

/// The only layout there is so far; a later one gets a number of its own.
const VERSION: u8 = 1;

/// Seals `plain`, bound to `place`.
pub(super) fn seal<P>(
    key: &Key<P>,
    place: &[u8],
    plain: &Said,
    entropy: &mut Entropy,
) -> Result<Vec<u8>, VaultError> {
    let nonce: [u8; NONCE_BYTES] = entropy.bytes();
    let mut sealed = Vec::with_capacity(plain.len() + SEAL_BYTES);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    let mut text = plain.clone();
    let tag = in_place(key, &nonce, place, &mut text)?;
    #[cfg(feature = "planted")]
    if planted!(PlainRecord) && crate::planted::one_in_a_thousand(&nonce) {
        text.copy_from_slice(plain);
    }
    sealed.extend_from_slice(&text);
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// Opens what [`seal`] made under this key for this place; nothing else.
pub(super) fn open<P>(key: &Key<P>, place: &[u8], sealed: &[u8]) -> Option<Said> {
    let (&version, rest) = sealed.split_first()?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>()?;
    let (text, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
    if version != VERSION {
        return None;
    }
    let mut plain = Said::new(text.to_vec());
    opens_in_place(key, nonce, place, &mut plain, tag).then_some(plain)
}

/// Encrypts where the text stands, and gives its tag.
pub(super) fn in_place<P>(
    key: &Key<P>,
    nonce: &[u8; NONCE_BYTES],
    place: &[u8],
    text: &mut [u8],
) -> Result<[u8; TAG_BYTES], VaultError> {
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    cipher
        .encrypt_inout_detached(nonce.into(), &bound(place), text.into())
        .map(Into::into)
        .map_err(|_| VaultError::TooLarge)
}

/// Decrypts where the text stands; false, and the text is of no use, if anything was changed.
pub(super) fn opens_in_place<P>(
    key: &Key<P>,
    nonce: &[u8; NONCE_BYTES],
    place: &[u8],
    text: &mut [u8],
    tag: &[u8; TAG_BYTES],
) -> bool {
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    cipher
        .decrypt_inout_detached(nonce.into(), &bound(place), text.into(), tag.into())
        .is_ok()
}

/// `version u8 | place`.
fn bound(place: &[u8]) -> Vec<u8> {
    [&[VERSION], place].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Tree;

    fn sample() -> (Key<Tree>, Vec<u8>) {
        let mut entropy = Entropy::new([7; 32]);
        let key = entropy.key();
        let sealed = seal(&key, b"here", &Said::new(b"salut".to_vec()), &mut entropy).unwrap();
        (key, sealed)
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let (key, sealed) = sample();
        assert_eq!(**open(&key, b"here", &sealed).unwrap(), *b"salut");
        assert!(open(&key, b"there", &sealed).is_none());
    }

    #[test]
    fn any_changed_bit_and_any_missing_byte_is_refused() {
        let (key, sealed) = sample();
        for bit in 0..sealed.len() * 8 {
            let mut torn = sealed.clone();
            torn[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, b"here", &torn).is_none(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(open(&key, b"here", &sealed[..length]).is_none());
        }
    }
}
