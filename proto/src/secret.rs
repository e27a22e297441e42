//! The only file that holds key bytes: a key knows its purpose, is built where it lives, and is
//! erased when it goes.
//!
//! A [`Key`] cannot be cloned, compared, printed or serialised; the one way to the disk is
//! [`Kept`], which the vault seals. Knows nothing of ratchets, friends or files. PROTOCOL §1.

use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

#[cfg(test)]
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, optimization_barrier};

/// Length of every symmetric key, X25519 key and chain value, in bytes.
pub const KEY_BYTES: usize = 32;

/// Erases a place for certain, as `zeroize` does, but not byte by byte: each message makes a dozen keys
/// and fills some kilobytes.
pub(crate) fn sweep(place: &mut [u8]) {
    place.fill(0);
    optimization_barrier(place);
}

/// Text or bytes that somebody said: erased when dropped, not a key.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Said(Vec<u8>);

impl Said {
    /// Takes the bytes into its care, with all the room they have.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for Said {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl Deref for Said {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Said {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("Said(..)")
    }
}

impl Drop for Said {
    fn drop(&mut self) {
        // Also what it held before it became shorter.
        self.0.clear();
        self.0.resize(self.0.capacity(), 0);
        optimization_barrier(&self.0[..]);
    }
}

/// 32 secret bytes that serve one purpose `P`, on the heap, erased when dropped.
///
/// A key of one purpose is not a key of another:
/// ```
/// use kith_proto::secret::{Key, Chain};
/// fn step(_: &Key<Chain>) {}
/// step(&Key::<Chain>::fill(|bytes| bytes.fill(7)));
/// ```
/// ```compile_fail
/// use kith_proto::secret::{Key, Chain, Root};
/// fn step(_: &Key<Chain>) {}
/// step(&Key::<Root>::fill(|bytes| bytes.fill(7)));
/// ```
/// and it cannot be copied aside:
/// ```compile_fail
/// use kith_proto::secret::{Key, Chain};
/// let key = Key::<Chain>::fill(|bytes| bytes.fill(7));
/// let aside = key.clone();
/// ```
pub struct Key<P> {
    bytes: Box<[u8; KEY_BYTES]>,
    purpose: PhantomData<fn() -> P>,
}

impl<P> Key<P> {
    /// Builds the key in the place where it will live; no copy is left on the way.
    pub fn fill(with: impl FnOnce(&mut [u8; KEY_BYTES])) -> Self {
        let mut bytes = Box::new([0; KEY_BYTES]);
        with(&mut bytes);
        Self {
            bytes,
            purpose: PhantomData,
        }
    }

    /// The raw bytes, for the primitives of this crate alone.
    pub(crate) fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.bytes
    }

    /// The form in which the vault may seal this key for the disk.
    pub(crate) fn keep(&self) -> Kept<P> {
        Kept {
            bytes: self.bytes.clone(),
            purpose: PhantomData,
        }
    }

    /// Whether two keys hold the same secret, in constant time.
    #[cfg(test)]
    pub(crate) fn same(&self, other: &Self) -> bool {
        bool::from(self.bytes.ct_eq(&*other.bytes))
    }
}

impl<P> Drop for Key<P> {
    fn drop(&mut self) {
        sweep(&mut *self.bytes);
    }
}

impl<P> fmt::Debug for Key<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            bytes: _,
            purpose: _,
        } = self;
        f.write_str("Key(..)")
    }
}

/// A key on its way to or from a sealed record. Erased when dropped.
pub(crate) struct Kept<P> {
    bytes: Box<[u8; KEY_BYTES]>,
    purpose: PhantomData<fn() -> P>,
}

impl<P> Kept<P> {
    /// The key again, after the record was opened.
    pub(crate) fn key(&self) -> Key<P> {
        Key::fill(|bytes| bytes.copy_from_slice(&*self.bytes))
    }
}

impl<P> Drop for Kept<P> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl<P> fmt::Debug for Kept<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept(..)")
    }
}

impl<P> bincode::Encode for Kept<P> {
    fn encode<E: bincode::enc::Encoder>(
        &self,
        to: &mut E,
    ) -> Result<(), bincode::error::EncodeError> {
        bincode::enc::write::Writer::write(to.writer(), &*self.bytes)
    }
}

impl<P, Context> bincode::Decode<Context> for Kept<P> {
    fn decode<D: bincode::de::Decoder<Context = Context>>(
        from: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        from.claim_bytes_read(KEY_BYTES)?;
        let mut kept = Self {
            bytes: Box::new([0; KEY_BYTES]),
            purpose: PhantomData,
        };
        bincode::de::read::Reader::read(from.reader(), &mut *kept.bytes)?;
        Ok(kept)
    }
}

impl<'de, P, Context> bincode::BorrowDecode<'de, Context> for Kept<P> {
    fn borrow_decode<D: bincode::de::BorrowDecoder<'de, Context = Context>>(
        from: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        bincode::Decode::decode(from)
    }
}

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident)*) => { $($(#[$doc])* #[derive(Debug)] pub enum $name {})* };
}

purposes! {
    /// The 32 bytes a node's identity grows from. §1
    Seed
    /// An identity's X25519 scalar. §1
    Identity
    /// A ratchet's X25519 scalar, renewed at each turn. §4.2
    RatchetScalar
    /// Root key of a session. §4.2
    Root
    /// Chain key: moves forward only. §4.2
    Chain
    /// Encrypts one message; gives the key that authenticates it. §4.2
    Message
    /// Authenticates one message. §4.2
    MessageMac
    /// Header key of a chain or of an AKE. §4.2
    Header
    /// Masks the headers under one header key. §4.2
    HeaderMask
    /// Authenticates them. §4.2
    HeaderMac
    /// A past root step, by which two sides know they continue one history. §4.1
    Continuity
    /// ER: what an edge's keys of one epoch come from. §2
    EdgeRoot
    /// E: what one epoch's keys come from. §2
    EdgeEpoch
    /// RE: lives as long as the edge. §2
    EdgeRecovery
    /// One side's part of the next root of an edge. §2
    EdgeShare
    /// Makes the tags by which a friend recognises whom I name. §6
    Zone
    /// A pre-shared key of a Noise handshake.
    Psk
    /// Makes `find` tags. §3
    Hint
    /// Makes the tags of beacons. §3
    Beacon
    /// Makes flight tags. §3
    Flight
    /// Masks a handshake message. §3
    Wrap
    /// Masks record lengths of one direction. §3
    Lengths
    /// One side's transport key out of a finished handshake, only to derive from.
    Split
    /// The secret of an invitation. §2a
    Invitation
    /// Hedges an edge root against ML-KEM. §2
    Meeting
    /// What those in a room know and nobody outside; all zeros if there is nothing. §2c
    Room
    /// One's share of the words that a meeting compares, until all cards are on the table. §2c
    RoomShare
    /// What a pair of KEM keys is made from. §4.3
    KemSeed
    /// An ML-KEM shared secret.
    KemShared
    /// Entropy to rebuild a handshake from. §4.1
    HandshakeSeed
    /// Key-encryption key of the slot, from a passphrase or a device key. §8
    Kek
    /// A key of the tree over the records. §8
    Tree
    /// Hides record names and leaf numbers on the disk. §8
    Names
    /// K_box: makes the tokens of a mailbox, and opens what it holds to its owner. §5
    Mailbox
    /// What all who may leave something in a mailbox know of it. §5
    Door
    /// t_n: the right to one visit. §5
    Token
    /// Makes local handles for friends; never leaves the machine. §1
    Handles
    /// What the onion service's key is made of. §3
    Onion
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_shows_its_bytes() {
        let key = Key::<Root>::fill(|bytes| bytes.fill(0xAB));
        assert_eq!(format!("{key:?} {:?}", key.keep()), "Key(..) Kept(..)");
    }

    #[test]
    fn what_was_said_never_shows_in_what_is_printed() {
        let said = Said::new(b"salut".to_vec());
        assert_eq!(format!("{said:?}"), "Said(..)");
    }

    #[test]
    fn a_key_survives_the_record() {
        let key = Key::<Root>::fill(|bytes| bytes.fill(9));
        let bytes = bincode::encode_to_vec(key.keep(), bincode::config::standard()).unwrap();
        let (kept, used): (Kept<Root>, usize) =
            bincode::decode_from_slice(&bytes, bincode::config::standard()).unwrap();
        assert_eq!(used, KEY_BYTES);
        assert!(kept.key().same(&key));
    }
}
