//! Hand-laid layouts: reads and writes fields of known length, little-endian. PROTOCOL Appendix B.
//!
//! The reader borrows and never reserves memory for a length that somebody claims; the writer
//! erases every place that it outgrows, since layouts hold words and secrets too.

mod addr;

pub use addr::{Addr, Scope};
use zeroize::Zeroizing;

/// Bytes that do not fit their layout: too few, too many, or of a value that may not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Takes a layout apart, from its first byte to its last.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Begins at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes, copied.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_le_bytes)
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_le_bytes)
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_le_bytes)
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_le_bytes)
    }

    /// The next `n` bytes, all of them zero.
    pub fn zeros(&mut self, n: usize) -> Result<(), Malformed> {
        let zeros = self.take(n)?.iter().all(|byte| *byte == 0);
        zeros.then_some(()).ok_or(Malformed)
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// Nothing may be left.
    pub fn finish(self) -> Result<(), Malformed> {
        self.rest.is_empty().then_some(()).ok_or(Malformed)
    }
}

/// Room for most layouts that hold no text.
const FIRST_BYTES: usize = 64;

/// Puts a layout together, field by field.
#[derive(Default)]
pub struct Writer {
    to: Zeroizing<Vec<u8>>,
}

impl Writer {
    /// Nothing written yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing written yet, and room for so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self {
            to: Zeroizing::new(Vec::with_capacity(bytes)),
        }
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let length = self.to.len().saturating_add(bytes.len());
        if length > self.to.capacity() {
            // A vector that grows by itself frees its old place as it is.
            let room = length.max(2 * self.to.capacity()).max(FIRST_BYTES);
            let mut wider = Vec::with_capacity(room);
            wider.extend_from_slice(&self.to);
            self.to = Zeroizing::new(wider);
        }
        self.to.extend_from_slice(bytes);
    }

    /// One byte.
    pub fn u8(&mut self, n: u8) {
        self.bytes(&[n]);
    }

    /// Two bytes.
    pub fn u16(&mut self, n: u16) {
        self.bytes(&n.to_le_bytes());
    }

    /// Four bytes.
    pub fn u32(&mut self, n: u32) {
        self.bytes(&n.to_le_bytes());
    }

    /// Eight bytes.
    pub fn u64(&mut self, n: u64) {
        self.bytes(&n.to_le_bytes());
    }

    /// What is written so far, for a check or a MAC over it.
    pub fn written(&self) -> &[u8] {
        &self.to
    }

    /// What was written; to be erased by whoever takes it.
    pub fn into_vec(mut self) -> Vec<u8> {
        core::mem::take(&mut *self.to)
    }
}

#[cfg(test)]
mod tests;
