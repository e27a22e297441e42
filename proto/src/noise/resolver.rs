//! What snow computes with: X25519 whose points are checked, ChaCha20-Poly1305, BLAKE2s, and
//! randomness from given entropy.
//!
//! snow's own resolver accepts points of low order; this one refuses them and their twins, and the
//! handshake ends. It asks the system for nothing. PROTOCOL "Three facts", §1.

use blake2::{Blake2s256, Digest};
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use snow::params::{CipherChoice, DHChoice, HashChoice};
use snow::resolvers::CryptoResolver;
use snow::types::{Cipher, Dh, Hash, Random};

use super::{StandIn, TAG_BYTES};
use crate::identity::{self, Point};
use crate::kdf::Entropy;
use crate::secret::{HandshakeSeed, Identity as IdentityPurpose, Key, Split};

/// X25519 with checked points, ChaCha20-Poly1305, BLAKE2s, randomness from given entropy.
pub(super) struct Checked {
    pub seed: Key<HandshakeSeed>,
    /// Who plays the static key, if nobody here has its scalar.
    pub stand_in: Option<StandIn>,
}

impl CryptoResolver for Checked {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(Given(Entropy::new(*self.seed.expose()))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        matches!(choice, DHChoice::Curve25519).then(|| {
            Box::new(CheckedDh {
                scalar: Key::fill(|_| ()),
                public: [0; 32],
                stand_in: self.stand_in.as_ref().map(StandIn::copy),
            }) as Box<dyn Dh>
        })
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        matches!(choice, HashChoice::Blake2s)
            .then(|| Box::new(Blake2s(Blake2s256::new())) as Box<dyn Hash>)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        matches!(choice, CipherChoice::ChaChaPoly).then(|| {
            Box::new(ChaChaPoly {
                key: Key::fill(|_| ()),
            }) as Box<dyn Cipher>
        })
    }
}

struct Given(Entropy);

impl Random for Given {
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), snow::Error> {
        self.0.fill(dest);
        Ok(())
    }
}

struct CheckedDh {
    scalar: Key<IdentityPurpose>,
    public: [u8; 32],
    /// In place of a static scalar; an ephemeral one is always drawn.
    stand_in: Option<StandIn>,
}

impl CheckedDh {
    fn renew(&mut self, scalar: Key<IdentityPurpose>) {
        self.stand_in = None;
        self.public = *identity::public(&scalar).as_bytes();
        self.scalar = scalar;
    }
}

impl Dh for CheckedDh {
    fn name(&self) -> &'static str {
        "25519"
    }

    fn pub_len(&self) -> usize {
        32
    }

    fn priv_len(&self) -> usize {
        32
    }

    fn set(&mut self, privkey: &[u8]) {
        // snow sets static keys alone.
        if let Some(them) = &self.stand_in {
            self.public = *them.point.as_bytes();
            return;
        }
        // snow has checked the length against `priv_len`.
        self.renew(Key::fill(|bytes| {
            bytes
                .iter_mut()
                .zip(privkey)
                .for_each(|(to, from)| *to = *from)
        }));
    }

    fn generate(&mut self, rng: &mut dyn Random) -> Result<(), snow::Error> {
        let mut drawn = Ok(());
        let scalar = Key::fill(|bytes| drawn = rng.try_fill_bytes(bytes));
        drawn?;
        self.renew(scalar);
        Ok(())
    }

    fn pubkey(&self) -> &[u8] {
        &self.public
    }

    fn privkey(&self) -> &[u8] {
        self.scalar.expose()
    }

    fn dh(&self, pubkey: &[u8], out: &mut [u8]) -> Result<(), snow::Error> {
        let bytes: [u8; 32] = pubkey
            .get(..32)
            .and_then(|b| b.try_into().ok())
            .ok_or(snow::Error::Dh)?;
        let point = Point::parse(bytes).map_err(|_| snow::Error::Dh)?;
        let shared: Key<Split> = match &self.stand_in {
            Some(them) => them.agree(&point)?,
            None => identity::agree(&self.scalar, &point).map_err(|_| snow::Error::Dh)?,
        };
        out.get_mut(..32)
            .ok_or(snow::Error::Dh)?
            .copy_from_slice(shared.expose());
        Ok(())
    }
}

struct ChaChaPoly {
    key: Key<Split>,
}

impl ChaChaPoly {
    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(self.key.expose().into())
    }

    fn nonce(counter: u64) -> Nonce {
        let mut nonce = Nonce::default();
        nonce[4..].copy_from_slice(&counter.to_le_bytes());
        nonce
    }
}

impl Cipher for ChaChaPoly {
    fn name(&self) -> &'static str {
        "ChaChaPoly"
    }

    fn set(&mut self, key: &[u8; 32]) {
        self.key = Key::fill(|bytes| bytes.copy_from_slice(key));
    }

    fn encrypt(&self, nonce: u64, authtext: &[u8], plaintext: &[u8], out: &mut [u8]) -> usize {
        let (text, rest) = out.split_at_mut(plaintext.len());
        text.copy_from_slice(plaintext);
        // Fails only beyond 256 GiB; an empty tag then makes the other end refuse.
        let tag = self
            .cipher()
            .encrypt_inout_detached(&Self::nonce(nonce), authtext, text.into())
            .unwrap_or_default();
        rest[..TAG_BYTES].copy_from_slice(&tag);
        plaintext.len() + TAG_BYTES
    }

    fn decrypt(
        &self,
        nonce: u64,
        authtext: &[u8],
        ciphertext: &[u8],
        out: &mut [u8],
    ) -> Result<usize, snow::Error> {
        let length = ciphertext
            .len()
            .checked_sub(TAG_BYTES)
            .ok_or(snow::Error::Decrypt)?;
        let (text, tag) = ciphertext.split_at(length);
        let tag = Tag::try_from(tag).map_err(|_| snow::Error::Decrypt)?;
        let out = out.get_mut(..length).ok_or(snow::Error::Decrypt)?;
        out.copy_from_slice(text);
        self.cipher()
            .decrypt_inout_detached(&Self::nonce(nonce), authtext, out.into(), &tag)
            .map_err(|_| snow::Error::Decrypt)?;
        Ok(length)
    }
}

struct Blake2s(Blake2s256);

impl Hash for Blake2s {
    fn name(&self) -> &'static str {
        "BLAKE2s"
    }

    fn block_len(&self) -> usize {
        64
    }

    fn hash_len(&self) -> usize {
        32
    }

    fn reset(&mut self) {
        self.0 = Blake2s256::new();
    }

    fn input(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn result(&mut self, out: &mut [u8]) {
        let hash = self.0.finalize_reset();
        out[..32].copy_from_slice(&hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_low_order_agrees_with_nobody() {
        let mut dh = CheckedDh {
            scalar: Key::fill(|b| b.fill(7)),
            public: [0; 32],
            stand_in: None,
        };
        dh.set(&[7; 32]);
        assert!(matches!(
            dh.dh(&[0; 32], &mut [0; 32]),
            Err(snow::Error::Dh)
        ));
    }
}
