//! The four symmetric constructions everything is made of: `D`, `MAC`, `STREAM`, and a source of
//! bytes from given entropy. PROTOCOL, "Notation".
//!
//! Every label stands in one table here, so that no two can be the same. Knows no protocol.

use chacha20::XChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use zeroize::Zeroize;

use crate::secret::{KEY_BYTES, Key};

/// A derivation context, from the table [`label`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label(&'static str);

macro_rules! labels {
    ($($name:ident = $text:literal;)*) => {
        /// Every derivation context there is.
        pub(crate) mod label {
            use super::Label;
            $(pub(crate) const $name: Label = Label(concat!("kith 2026 v1 ", $text));)*
            #[cfg(test)]
            pub(crate) const ALL: &[Label] = &[$($name),*];
        }
    };
}

labels! {
    IDENTITY = "identity x25519";
    EDGE_ROOT = "edge root";
    EDGE_RECOVERY = "edge recovery";
    EDGE_EPOCH = "edge epoch";
    EDGE_NEXT = "edge next";
    EDGE_PSK = "edge psk";
    EDGE_FLIGHT = "edge flight";
    EDGE_WRAP = "edge wrap";
    EDGE_HINT = "edge hint";
    EDGE_AKE_HEADER = "edge ake header";
    INVITE_CHECK = "invite check";
    INVITE = "invite";
    INVITE_PSK = "invite psk";
    INVITE_HINT = "invite hint";
    INVITE_FLIGHT = "invite flight";
    INVITE_WRAP_J = "invite wrap J";
    INVITE_WRAP_I = "invite wrap I";
    INVITE_MEETING = "invite meeting";
    INVITE_ID = "invite id";
    LINK_LENGTH_I = "link length I";
    LINK_LENGTH_R = "link length R";
    SESSION = "session";
    AKE_BODY = "ake body";
    CONTINUITY = "continuity";
    CONTINUITY_ID = "continuity id";
    TIE = "tie";
    SESSION_WORDS = "session words";
    CHAIN = "chain";
    MESSAGE_ENC = "msg enc";
    MESSAGE_MAC = "msg mac";
    KEM_FIELD = "kem field";
    HEADER_ENC = "hdr enc";
    HEADER_MAC = "hdr mac";
    ENTROPY = "entropy";
    TREE = "tree";
    RECORD_NAME = "record name";
    RECORD_LEAF = "record leaf";
    RECORD_SEAL = "record seal";
    SLOT_CHECK = "slot check";
    SLOT_DEVICE = "slot device";
}

/// Absorbs fields: a single one as it is, several each behind its u32 length (`a || b`).
fn absorb(hasher: &mut blake3::Hasher, fields: &[&[u8]]) {
    if let [only] = fields {
        hasher.update(only);
        return;
    }
    for field in fields {
        // No field comes near 4 GiB: the largest is a 64 KiB parcel body.
        hasher.update(&(field.len() as u32).to_le_bytes());
        hasher.update(field);
    }
}

/// Fields that are joined on the stack, in bytes: those of a header or a door.
const SHORT_BYTES: usize = 256;

/// Lays the bytes that [`absorb`] would take into a place, if it has room for them.
fn join<'a>(fields: &[&[u8]], place: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut end = 0usize;
    let mut put = |bytes: &[u8]| {
        let from = end;
        end = end.checked_add(bytes.len())?;
        place.get_mut(from..end)?.copy_from_slice(bytes);
        Some(())
    };
    for field in fields {
        if fields.len() > 1 {
            put(&(field.len() as u32).to_le_bytes())?;
        }
        put(field)?;
    }
    place.get(..end)
}

/// `MAC` of 32 bytes, in one piece: hashed faster than field by field, and what a MAC covers is no
/// secret.
fn short_mac<P>(key: &Key<P>, fields: &[&[u8]]) -> Option<blake3::Hash> {
    let length = fields.iter().map(|field| 4 + field.len()).sum();
    let hash = |input| blake3::keyed_hash(key.expose(), input);
    if length <= SHORT_BYTES {
        join(fields, &mut [0; SHORT_BYTES]).map(hash)
    } else {
        join(fields, &mut vec![0; length]).map(hash)
    }
}

/// `D(label, a || b || ..)` as a key, 32 bytes.
pub(crate) fn derive<P>(label: Label, fields: &[&[u8]]) -> Key<P> {
    Key::fill(|bytes| derive_into(label, fields, bytes))
}

/// `D(label, ..)` into a place, of any length (BLAKE3's extendable output).
pub(crate) fn derive_into(label: Label, fields: &[&[u8]], to: &mut [u8]) {
    if let ([only], Ok(to)) = (fields, <&mut [u8; KEY_BYTES]>::try_from(&mut *to)) {
        // To erase the 2 KB of a hasher takes longer than all of this; the shell scrubs the stack.
        *to = blake3::derive_key(label.0, only);
        return;
    }
    let mut hasher = blake3::Hasher::new_derive_key(label.0);
    absorb(&mut hasher, fields);
    let mut reader = hasher.finalize_xof();
    reader.fill(to);
    reader.zeroize();
    hasher.zeroize();
}

/// `D(label, ..)` of public values: a tag, not a secret.
pub(crate) fn digest<const N: usize>(label: Label, fields: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    derive_into(label, fields, &mut out);
    out
}

/// `MAC(k, a || b || ..)`, its first `N` bytes.
pub(crate) fn mac<P, const N: usize>(key: &Key<P>, fields: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    mac_into(key, fields, &mut out);
    out
}

/// `MAC` with extendable output, into a place.
pub(crate) fn mac_into<P>(key: &Key<P>, fields: &[&[u8]], to: &mut [u8]) {
    if to.len() <= blake3::OUT_LEN
        && let Some(out) = short_mac(key, fields)
    {
        let out = out.as_bytes().iter();
        to.iter_mut().zip(out).for_each(|(to, from)| *to = *from);
        return;
    }
    let mut hasher = blake3::Hasher::new_keyed(key.expose());
    absorb(&mut hasher, fields);
    let mut reader = hasher.finalize_xof();
    reader.fill(to);
    reader.zeroize();
    hasher.zeroize();
}

/// `STREAM(k, N, x)` in place. Malleable: only ever under a MAC or around a Noise message.
pub(crate) fn stream<P>(key: &Key<P>, nonce: &[u8; 24], bytes: &mut [u8]) {
    XChaCha20::new(key.expose().into(), nonce.into()).apply_keystream(bytes);
}

/// Bytes drawn from 32 given ones: the engine's only randomness, so that a seed replays a world.
pub(crate) struct Entropy {
    reader: blake3::OutputReader,
}

impl Entropy {
    /// Starts from fresh entropy, which is erased here.
    pub(crate) fn new(mut from: [u8; KEY_BYTES]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(label::ENTROPY.0);
        hasher.update(&from);
        let reader = hasher.finalize_xof();
        hasher.zeroize();
        from.zeroize();
        Self { reader }
    }

    /// Fills a place with random bytes.
    pub(crate) fn fill(&mut self, to: &mut [u8]) {
        self.reader.fill(to);
    }

    /// `N` random public bytes, such as a nonce.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A random key, built in place.
    pub(crate) fn key<P>(&mut self) -> Key<P> {
        Key::fill(|bytes| self.fill(bytes))
    }
}

impl Drop for Entropy {
    fn drop(&mut self) {
        self.reader.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::secret::Root;

    #[test]
    fn no_two_labels_are_the_same() {
        let unique: BTreeSet<_> = label::ALL.iter().map(|l| l.0).collect();
        assert_eq!(unique.len(), label::ALL.len());
    }

    #[test]
    fn fields_cannot_slide_into_each_other() {
        let a: [u8; 32] = digest(label::CHAIN, &[b"ab", b"c"]);
        let b: [u8; 32] = digest(label::CHAIN, &[b"a", b"bc"]);
        assert_ne!(a, b);
    }

    #[test]
    fn a_stream_applied_twice_is_nothing() {
        let key = Key::<Root>::fill(|b| b.fill(1));
        let mut text = *b"salut";
        stream(&key, &[2; 24], &mut text);
        assert_ne!(&text, b"salut");
        stream(&key, &[2; 24], &mut text);
        assert_eq!(&text, b"salut");
    }
}
