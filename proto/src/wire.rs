//! Hand-laid layouts: reads and writes fields of known length, little-endian. PROTOCOL Appendix B.
//!
//! The reader borrows and never reserves memory for a length that somebody claims; the writer
//! remembers that something did not fit and says so once, at the end.

use crate::engine::Addr;

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

/// Puts a layout together, field by field.
#[derive(Default)]
pub struct Writer {
    to: Vec<u8>,
}

impl Writer {
    /// Nothing written yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.to.extend_from_slice(bytes);
    }

    /// One byte.
    pub fn u8(&mut self, n: u8) {
        self.to.push(n);
    }

    /// Two bytes.
    pub fn u16(&mut self, n: u16) {
        self.bytes(&n.to_le_bytes());
    }

    /// Four bytes.
    pub fn u32(&mut self, n: u32) {
        self.bytes(&n.to_le_bytes());
    }

    /// What was written.
    pub fn into_vec(self) -> Vec<u8> {
        self.to
    }
}

const IPV4: u8 = 4;
const IPV6: u8 = 6;
const ONION: u8 = 3;

impl Addr {
    /// Its length on the wire: 7, 19 or 35 bytes.
    pub fn encoded_len(&self) -> usize {
        match self {
            Self::V4(..) => 7,
            Self::V6(..) => 19,
            Self::Onion(..) => 35,
        }
    }

    /// `type u8 | host | port u16`.
    pub fn encode(&self, to: &mut Writer) {
        let (kind, host, port): (u8, &[u8], u16) = match self {
            Self::V4(host, port) => (IPV4, host, *port),
            Self::V6(host, port) => (IPV6, host, *port),
            Self::Onion(host, port) => (ONION, host, *port),
        };
        to.u8(kind);
        to.bytes(host);
        to.u16(port);
    }

    /// An address; unknown types and port 0 are refused.
    pub fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let addr = match from.u8()? {
            IPV4 => Self::V4(from.array()?, port(from)?),
            IPV6 => Self::V6(from.array()?, port(from)?),
            ONION => Self::Onion(from.array()?, port(from)?),
            _ => return Err(Malformed),
        };
        Ok(addr)
    }
}

fn port(from: &mut Reader<'_>) -> Result<u16, Malformed> {
    from.u16()
        .and_then(|port| if port == 0 { Err(Malformed) } else { Ok(port) })
}
