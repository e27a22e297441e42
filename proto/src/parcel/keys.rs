//! What parcels make of their keys: a header key's two halves, made once for as long as it lives, and
//! what authenticates a body. PROTOCOL §4.2.

use super::{BODY_TAG, HDR_TAG, NONCE};
use crate::kdf::{self, label};
use crate::secret::{Header, HeaderMac, HeaderMask, Key, Message, MessageMac};

/// A header key as it is used: a chain's parcels all bear it, so what masks their headers and what
/// authenticates them is made of it once. All three go together.
pub(crate) struct HeaderKeys {
    key: Key<Header>,
    mask: Key<HeaderMask>,
    mac: Key<HeaderMac>,
}

impl HeaderKeys {
    /// Makes the halves.
    pub(crate) fn new(key: Key<Header>) -> Self {
        Self {
            mask: kdf::derive(label::HEADER_ENC, &[key.expose()]),
            mac: kdf::derive(label::HEADER_MAC, &[key.expose()]),
            key,
        }
    }

    /// The same of a key that stays where it is.
    pub(crate) fn of(key: &Key<Header>) -> Self {
        Self::new(Key::fill(|bytes| bytes.copy_from_slice(key.expose())))
    }

    /// What they are made of.
    pub(crate) fn key(&self) -> &Key<Header> {
        &self.key
    }

    /// `hdr_tag`
    pub(super) fn tag(&self, nonce: &[u8; NONCE], hdr_ct: &[u8]) -> [u8; HDR_TAG] {
        kdf::mac(&self.mac, &[b"h", nonce, hdr_ct])
    }

    /// Masks the core, or shows it again.
    pub(super) fn stream(&self, nonce: &[u8; NONCE], bytes: &mut [u8]) {
        kdf::stream(&self.mask, nonce, bytes);
    }

    /// Masks the KEM field, or shows it again.
    pub(super) fn stream_ext(&self, nonce: &[u8; NONCE], bytes: &mut [u8]) {
        if bytes.is_empty() {
            return;
        }
        let mut beside = *nonce;
        beside[NONCE - 1] ^= 1;
        self.stream(&beside, bytes);
    }

    /// All three, for tests that look where they must not be.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn laid_bare(&self) -> [[u8; 32]; 3] {
        [*self.key.expose(), *self.mask.expose(), *self.mac.expose()]
    }
}

/// `mk_mac` comes from `mk_enc`: whoever can read can forge.
pub(super) fn message_mac(
    key: &Key<Message>,
    session: &[u8; 32],
    parts: [&[u8]; 5],
) -> [u8; BODY_TAG] {
    let mac: Key<MessageMac> = kdf::derive(label::MESSAGE_MAC, &[key.expose()]);
    let [nonce, hdr_ct, hdr_tag, ext_ct, body_ct] = parts;
    kdf::mac(
        &mac,
        &[b"b", session, nonce, hdr_ct, hdr_tag, ext_ct, body_ct],
    )
}

/// The body key of an AKE parcel: `D("ake body", HHK || N)`.
pub(crate) fn ake_key(header: &HeaderKeys, nonce: &[u8; NONCE]) -> Key<Message> {
    kdf::derive(label::AKE_BODY, &[header.key.expose(), nonce])
}
