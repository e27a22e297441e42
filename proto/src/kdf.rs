//! The four symmetric constructions everything is made of: `D`, `MAC`, `STREAM`, and a source of
//! bytes from given entropy. PROTOCOL, "Notation".
//!
//! Every label stands in one table here, so that no two can be the same. Knows no protocol.

use std::sync::LazyLock;

use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use chacha20::XChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use zeroize::{Zeroize, optimization_barrier};

use crate::secret::{KEY_BYTES, Key, sweep};

mod block;

pub(crate) use block::ShortMessage;
use block::{Expansion, Mode};

macro_rules! labels {
    ($($name:ident = $text:literal;)*) => {
        /// A derivation context, from the table below.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "they read as constants")]
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Label {
            $($name),*
        }

        const CONTEXTS: &[&str] = &[$(concat!("kith 2026 v1 ", $text)),*];

        /// Every derivation context there is.
        pub(crate) mod label {
            pub(crate) use super::Label::*;
            #[cfg(test)]
            pub(crate) const ALL: &[super::Label] = &[$($name),*];
        }
    };
}

labels! {
    IDENTITY = "identity x25519";
    EDGE_ROOT = "edge root";
    EDGE_RECOVERY = "edge recovery";
    EDGE_EPOCH = "edge epoch";
    EDGE_NEXT = "edge next";
    EDGE_IDENTITY = "edge identity";
    EDGE_PSK = "edge psk";
    EDGE_FLIGHT = "edge flight";
    EDGE_WRAP = "edge wrap";
    EDGE_HINT = "edge hint";
    EDGE_BEACON = "edge beacon";
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
    ROOM_DOOR = "room door";
    ROOM_DATA = "room data";
    ROOM_COMMIT = "room commit";
    ROOM_LIST = "room list";
    ROOM_SAS = "room sas";
    ROOM_PSK = "room psk";
    ROOM_MEETING = "room meeting";
    LINK_LENGTH_I = "link length I";
    LINK_LENGTH_R = "link length R";
    SESSION = "session";
    AKE_BODY = "ake body";
    CONTINUITY = "continuity";
    CONTINUITY_ID = "continuity id";
    TIE = "tie";
    SESSION_WORDS = "session words";
    STRANGER_WORDS = "stranger words";
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
    ZONE = "zone";
    DOOR = "door";
    DOOR_HINT = "door hint";
    DOOR_FLIGHT = "door flight";
    DOOR_WRAP_IN = "door wrap in";
    DOOR_WRAP_OUT = "door wrap out";
    DOOR_PSK = "door psk";
    DOOR_FETCH = "door fetch";
    FETCH_HINT = "fetch hint";
    FETCH_FLIGHT = "fetch flight";
    FETCH_WRAP_IN = "fetch wrap in";
    FETCH_WRAP_OUT = "fetch wrap out";
    ONION_SERVICE = "onion service";
    GROUP = "group";
    GROUP_VIEW = "group view";
    GROUP_CHARTER = "group charter";
    GROUP_MESSAGE = "group msg";
    GROUP_CHAIN = "group chain";
    GROUP_CHAIN_0 = "group chain 0";
    MOTION_WORDS = "motion words";
}

/// What BLAKE3 makes of each context, once: public numbers, as the texts are.
static CONTEXT_KEYS: LazyLock<Vec<ContextKey>> = LazyLock::new(|| {
    let keys = CONTEXTS.iter().map(|text| hash_derive_key_context(text));
    keys.collect()
});

/// Hands over what is hashed of fields: a single one as it is, several each behind its u32 length
/// (`a || b`).
fn each_part(fields: &[&[u8]], mut take: impl FnMut(&[u8])) {
    if let [only] = fields {
        return take(only);
    }
    for field in fields {
        // No field comes near 4 GiB: the largest is a 64 KiB parcel body.
        take(&(field.len() as u32).to_le_bytes());
        take(field);
    }
}

/// The first two chunks of what is longer are joined: lying side by side, they are hashed side by side.
/// Nothing so long is a secret, ciphertexts are.
const JOINED_BYTES: usize = 2 * blake3::CHUNK_LEN;

/// At most so many bytes are hashed of these fields.
fn length_of(fields: &[&[u8]]) -> usize {
    fields.iter().map(|field| 4 + field.len()).sum()
}

/// One chunk, and no more than a hash of it.
fn is_short(fields: &[&[u8]], to: &[u8]) -> bool {
    to.len() <= blake3::OUT_LEN && length_of(fields) <= blake3::CHUNK_LEN
}

fn absorb(hasher: &mut blake3::Hasher, fields: &[&[u8]]) {
    if length_of(fields) < JOINED_BYTES {
        return each_part(fields, |part| {
            hasher.update(part);
        });
    }
    let (mut joined, mut filled) = ([0; JOINED_BYTES], 0);
    each_part(fields, |part| {
        let room = &mut joined[filled..];
        let (first, rest) = part.split_at(part.len().min(room.len()));
        room[..first.len()].copy_from_slice(first);
        filled += first.len();
        if !first.is_empty() && filled == JOINED_BYTES {
            hasher.update(&joined);
        }
        hasher.update(rest);
    });
    if filled < JOINED_BYTES {
        hasher.update(&joined[..filled]);
    }
}

/// What a hasher comes to, of any length (BLAKE3's extendable output).
fn squeeze(hasher: &blake3::Hasher, to: &mut [u8]) {
    if to.len() <= blake3::OUT_LEN {
        let mut hash = hasher.finalize();
        to.copy_from_slice(&hash.as_bytes()[..to.len()]);
        hash.zeroize();
        return;
    }
    let mut reader = hasher.finalize_xof();
    reader.fill(to);
    reader.zeroize();
}

/// `D(label, a || b || ..)` as a key, 32 bytes.
pub(crate) fn derive<P>(label: Label, fields: &[&[u8]]) -> Key<P> {
    Key::fill(|bytes| derive_into(label, fields, bytes))
}

/// `D(label, ..)` into a place, of any length.
pub(crate) fn derive_into(label: Label, fields: &[&[u8]], to: &mut [u8]) {
    let context = &CONTEXT_KEYS[label as usize];
    if is_short(fields, to) {
        return block::hash(context, Mode::Derive, fields, to);
    }
    let mut hasher = blake3::Hasher::new_from_context_key(context);
    absorb(&mut hasher, fields);
    squeeze(&hasher, to);
    erase_absorbed(&mut hasher);
}

/// Erases what a hasher holds of its input. Its key stays: here a public one. Faster than to erase
/// the whole of it, of which inputs below a chunk touch one block.
fn erase_absorbed(hasher: &mut blake3::Hasher) {
    if hasher.count() > blake3::CHUNK_LEN as u64 {
        hasher.zeroize();
        return;
    }
    hasher.reset();
    optimization_barrier(hasher);
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
    if is_short(fields, to) {
        return block::hash(key.expose(), Mode::Mac, fields, to);
    }
    let mut hasher = blake3::Hasher::new_keyed(key.expose());
    absorb(&mut hasher, fields);
    squeeze(&hasher, to);
    hasher.zeroize();
}

/// `STREAM(k, N, x)` in place. Malleable: only ever under a MAC or around a Noise message.
pub(crate) fn stream<P>(key: &Key<P>, nonce: &[u8; 24], bytes: &mut [u8]) {
    let mut cipher = XChaCha20::new(key.expose().into(), nonce.into());
    let whole = bytes.len() - bytes.len() % STREAM_BYTES;
    let (whole, rest) = bytes.split_at_mut(whole);
    cipher.apply_keystream(whole);
    if rest.len() <= STREAM_BYTES / 4 {
        cipher.apply_keystream(rest);
        return;
    }
    // Of more than one block a whole step is made: each block alone would cost as much as a step.
    let mut step = [0; STREAM_BYTES];
    cipher.apply_keystream(&mut step);
    let pairs = rest.iter_mut().zip(&step);
    pairs.for_each(|(to, from)| *to ^= from);
    sweep(&mut step);
}

/// How many bytes of it are made in one step: four blocks.
const STREAM_BYTES: usize = 256;

/// Bytes drawn from 32 given ones: the engine's only randomness, so that a seed replays a world.
pub(crate) struct Entropy {
    from: Expansion,
    /// The block that is being drawn from; so much of it is left.
    block: [u8; blake3::BLOCK_LEN],
    left: usize,
    /// The number of the block after it.
    next: u64,
}

impl Entropy {
    /// Starts from fresh entropy, which is erased here.
    pub(crate) fn new(mut from: [u8; KEY_BYTES]) -> Self {
        let expansion = Expansion::new(&from);
        sweep(&mut from);
        Self {
            from: expansion,
            block: [0; blake3::BLOCK_LEN],
            left: 0,
            next: 0,
        }
    }

    /// Fills a place with random bytes.
    pub(crate) fn fill(&mut self, mut to: &mut [u8]) {
        while !to.is_empty() {
            if self.left == 0 {
                let context = &CONTEXT_KEYS[label::ENTROPY as usize];
                self.block = self.from.block(context, self.next);
                self.left = self.block.len();
                self.next += 1;
            }
            let (now, later) = to.split_at_mut(to.len().min(self.left));
            let from = self.block.len() - self.left;
            now.copy_from_slice(&self.block[from..from + now.len()]);
            self.left -= now.len();
            to = later;
        }
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
        sweep(&mut self.block);
    }
}

#[cfg(test)]
mod tests;
