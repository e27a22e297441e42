//! What Tor is given to publish an onion service of ours. PROTOCOL §3 "Tor".

use crate::kdf::{self, label};
use crate::limits::ONION_KEY_BYTES;
use crate::secret::{Key, Onion, Said};

/// What Tor calls an expanded Ed25519 secret: a scalar in the form the curve wants, and 32 bytes more.
/// Tor alone uses it, to say which relays lead to the service; nothing of ours is ever signed.
pub fn service_key(secret: &Key<Onion>) -> Said {
    let mut key = Said::new(vec![0; ONION_KEY_BYTES]);
    kdf::derive_into(label::ONION_SERVICE, &[secret.expose()], &mut key);
    if let Some(scalar) = key.first_chunk_mut::<32>() {
        scalar[0] &= 0b1111_1000;
        scalar[31] = scalar[31] & 0b0111_1111 | 0b0100_0000;
    }
    key
}
