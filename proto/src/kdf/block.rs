//! BLAKE3 of what fits one chunk, 1024 bytes: a compression for each 64 of them, and nothing left in
//! memory. Most keys are derived from 32 bytes, and a stranger is turned away by one short tag for
//! each friend.
//!
//! The compression is public in the `blake3` crate but not documented there; the tests of
//! [`kdf`](super) hold what is made of it to the documented ways.

use blake3::BLOCK_LEN;
use blake3::platform::Platform;
use zeroize::Zeroizing;

use crate::secret::{KEY_BYTES, Key, sweep};

/// What a hash is made for.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    /// `KEYED_HASH`
    Mac = 0b1_0000,
    /// `DERIVE_KEY_MATERIAL`
    Derive = 0b100_0000,
}

/// `CHUNK_START`
const START: u8 = 0b1;
/// `ROOT | CHUNK_END`: no other chunk follows.
const END: u8 = 0b1010;

/// The part of a message that is hashed at once, erased when dropped.
struct Block {
    bytes: [u8; BLOCK_LEN],
    length: u8,
}

impl Block {
    fn empty() -> Self {
        Self {
            bytes: [0; BLOCK_LEN],
            length: 0,
        }
    }

    /// Takes as much as there is room for, and gives back the rest.
    fn take<'a>(&mut self, part: &'a [u8]) -> &'a [u8] {
        let (_, room) = self.bytes.split_at_mut(usize::from(self.length));
        let (taken, rest) = part.split_at(part.len().min(room.len()));
        room[..taken.len()].copy_from_slice(taken);
        // At most 64.
        self.length += taken.len() as u8;
        rest
    }

    fn compress(&self, state: &mut [u32; 8], flags: u8) {
        Platform::detect().compress_in_place(state, &self.bytes, self.length, 0, flags);
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        sweep(&mut self.bytes);
    }
}

fn words(key: &[u8; KEY_BYTES]) -> Zeroizing<[u32; 8]> {
    let (words, _) = key.as_chunks();
    let mut state = Zeroizing::new([0; 8]);
    for (to, word) in state.iter_mut().zip(words) {
        *to = u32::from_le_bytes(*word);
    }
    state
}

/// Hashes fields of at most 1024 bytes, with their lengths, into a place of at most 32.
pub(super) fn hash(key: &[u8; KEY_BYTES], mode: Mode, fields: &[&[u8]], to: &mut [u8]) {
    let (mut state, mut block, mut begins) = (words(key), Block::empty(), START);
    super::each_part(fields, |mut part| {
        loop {
            part = block.take(part);
            if part.is_empty() {
                break;
            }
            block.compress(&mut state, mode as u8 | begins);
            (block, begins) = (Block::empty(), 0);
        }
    });
    block.compress(&mut state, mode as u8 | begins | END);
    for (to, word) in to.chunks_mut(4).zip(state.iter()) {
        to.copy_from_slice(&word.to_le_bytes()[..to.len()]);
    }
}

/// What a derivation makes of 32 bytes, block after block without end.
pub(super) struct Expansion(Block);

impl Expansion {
    pub(super) fn new(from: &[u8; KEY_BYTES]) -> Self {
        let mut block = Block::empty();
        block.take(from);
        Self(block)
    }

    /// The output's block of this number.
    pub(super) fn block(&self, key: &[u8; KEY_BYTES], number: u64) -> [u8; BLOCK_LEN] {
        let Block { bytes, length } = &self.0;
        let flags = Mode::Derive as u8 | START | END;
        Platform::detect().compress_xof(&words(key), bytes, *length, number, flags)
    }
}

/// A message of at most 64 bytes, to be authenticated under many keys in turn.
pub(crate) struct ShortMessage(Block);

impl ShortMessage {
    /// Nothing if the fields are longer.
    pub(crate) fn new(fields: &[&[u8]]) -> Option<Self> {
        let (mut block, mut fits) = (Block::empty(), true);
        super::each_part(fields, |part| fits &= block.take(part).is_empty());
        fits.then_some(Self(block))
    }

    /// The first 16 bytes of its `MAC`, as a little-endian number.
    pub(crate) fn mac<P>(&self, key: &Key<P>) -> u128 {
        let mut state = words(key.expose());
        self.0.compress(&mut state, Mode::Mac as u8 | START | END);
        let words = state.iter().take(4).rev();
        words.fold(0, |number, word| number << 32 | u128::from(*word))
    }
}
