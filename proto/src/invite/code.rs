//! An invitation as bytes and as the text that is printed, scanned or typed. PROTOCOL §2a.
//!
//! A code that was read is whole and canonical; whether it is still open, whose it is and whether
//! its key is a good one is asked elsewhere. Holds a secret: never logged, erased when dropped.

pub(crate) mod base32;
#[cfg(test)]
mod tests;

use core::fmt;

use zeroize::Zeroizing;

use crate::kdf::{self, label};
use crate::limits::{
    INVITE_ADDRS_BYTES_MAX, INVITE_ADDRS_MAX, INVITE_SECRET_BYTES, INVITE_TEXT_BYTES_MAX,
};
use crate::secret::{Invitation, Key};
use crate::wire::{Addr, Malformed, Reader, Writer};
use crate::words::Language;

use base32::{from_base32, is_filler, straightened, symbols, to_base32};

const VERSION: u8 = 1;
const CHECK_BYTES: usize = 4;
/// `ver | flags | expiry | IK | secret`.
const HEAD_BYTES: usize = 1 + 1 + 4 + 32 + INVITE_SECRET_BYTES;
const CODE_BYTES_MIN: usize = HEAD_BYTES + CHECK_BYTES;
/// The longest, in bytes.
pub const CODE_BYTES_MAX: usize = CODE_BYTES_MIN + INVITE_ADDRS_BYTES_MAX;

const ADDRS_MASK: u8 = 0b011;
const ENGLISH: u8 = 0b100;

const PREFIX: &str = "KITH:";

/// What an invitation says.
pub struct Code {
    /// When it ends, minutes since 1970.
    pub expiry_min: u32,
    /// Whose it is: 32 bytes that claim to be an X25519 public key.
    pub ik: [u8; 32],
    /// The first 16 bytes of the key; the others are zero. See [`Code::secret`].
    pub secret: Key<Invitation>,
    /// Where to dial: at most 3, of 35 bytes together.
    pub addrs: Vec<Addr>,
    /// The list from which both will compare words.
    pub language: Language,
}

/// Why a text is not an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Nothing like one.
    NotACode,
    /// One that was typed wrong, or is not whole.
    Mistyped,
    /// A sound one, of a version that this program does not know.
    Version,
}

impl Code {
    /// The secret of an invitation, built in place.
    pub fn secret(with: impl FnOnce(&mut [u8; INVITE_SECRET_BYTES])) -> Key<Invitation> {
        Key::fill(|key| {
            if let Some(secret) = key.first_chunk_mut() {
                with(secret);
            }
        })
    }

    /// The first of some addresses, best first, that an invitation has room for.
    pub fn fitting(addrs: &[Addr]) -> Vec<Addr> {
        let mut free = INVITE_ADDRS_BYTES_MAX;
        let mut fits = |addr: &&Addr| {
            let left = free.checked_sub(addr.encoded_len());
            left.map(|left| free = left).is_some()
        };
        addrs
            .iter()
            .filter(|addr| fits(addr))
            .take(INVITE_ADDRS_MAX)
            .copied()
            .collect()
    }

    /// The text: `KITH:` and 93 to 149 characters, all of which a QR holds as alphanumeric. An
    /// error if the addresses do not fit, or the secret was not made by [`Code::secret`].
    pub fn to_text(&self) -> Result<Zeroizing<String>, Malformed> {
        let bytes = self.to_bytes()?;
        let length = PREFIX.len() + symbols(bytes.len());
        let mut text = Zeroizing::new(String::with_capacity(length));
        text.push_str(PREFIX);
        to_base32(&bytes, &mut text);
        Ok(text)
    }

    /// Reads a text: any case, blanks and hyphens anywhere, O for 0, I and L for 1, with or
    /// without its prefix.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        if text.len() > INVITE_TEXT_BYTES_MAX {
            return Err(CodeError::NotACode);
        }
        let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
        symbols.extend(text.chars().filter(|c| !is_filler(*c)).map(straightened));
        let (named, symbols) = without_prefix(&symbols);
        // Without the prefix, only the length can tell a slip of the finger from another text.
        let wrong = |looks: bool| {
            if looks {
                CodeError::Mistyped
            } else {
                CodeError::NotACode
            }
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(symbols.len()));
        from_base32(symbols, &mut bytes).map_err(|Malformed| wrong(named))?;
        let whole = (CODE_BYTES_MIN..=CODE_BYTES_MAX).contains(&bytes.len());
        let checked = checked(&bytes).map_err(|Malformed| wrong(named || whole))?;
        if checked.first() != Some(&VERSION) {
            return Err(CodeError::Version);
        }
        Self::read(checked).map_err(|Malformed| CodeError::Mistyped)
    }

    /// `ver | flags | expiry | IK | secret | addr* | check`.
    pub(crate) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let (secret, zeros) = self.secret.expose().split_at(INVITE_SECRET_BYTES);
        let addrs_bytes: usize = self.addrs.iter().map(Addr::encoded_len).sum();
        let fits = self.addrs.len() <= INVITE_ADDRS_MAX && addrs_bytes <= INVITE_ADDRS_BYTES_MAX;
        if !fits || zeros.iter().any(|byte| *byte != 0) {
            return Err(Malformed);
        }
        let list = if self.language == Language::English {
            ENGLISH
        } else {
            0
        };
        let mut to = Writer::new();
        to.u8(VERSION);
        to.u8(self.addrs.len() as u8 | list);
        to.u32(self.expiry_min);
        to.bytes(&self.ik);
        to.bytes(secret);
        self.addrs
            .iter()
            .try_for_each(|addr| addr.encode(&mut to))?;
        let check = check(to.written());
        to.bytes(&check);
        Ok(Zeroizing::new(to.into_vec()))
    }

    /// The same, as a friend passed it on.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let checked = checked(bytes)?;
        match checked.first() {
            Some(&VERSION) => Self::read(checked),
            _ => Err(Malformed),
        }
    }

    /// All but the check.
    fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader::new(bytes);
        let (_version, flags) = (from.u8()?, from.u8()?);
        if flags & !(ADDRS_MASK | ENGLISH) != 0 {
            return Err(Malformed);
        }
        let expiry_min = from.u32()?;
        let ik = from.array()?;
        let secret = from.take(INVITE_SECRET_BYTES)?;
        if from.left() > INVITE_ADDRS_BYTES_MAX {
            return Err(Malformed);
        }
        let addrs = (0..flags & ADDRS_MASK)
            .map(|_| Addr::decode(&mut from))
            .collect::<Result<_, _>>()?;
        from.finish()?;
        Ok(Self {
            expiry_min,
            ik,
            secret: Self::secret(|to| to.copy_from_slice(secret)),
            addrs,
            language: if flags & ENGLISH == 0 {
                Language::French
            } else {
                Language::English
            },
        })
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

fn check(before: &[u8]) -> [u8; CHECK_BYTES] {
    kdf::digest(label::INVITE_CHECK, &[before])
}

/// What stands before a check that is right.
fn checked(bytes: &[u8]) -> Result<&[u8], Malformed> {
    let (before, claimed) = bytes.split_last_chunk().ok_or(Malformed)?;
    if before.is_empty() || check(before) != *claimed {
        return Err(Malformed);
    }
    Ok(before)
}

/// Whether the prefix stood there, and what stands after it. A code begins with its version, so
/// with a `0`: the prefix is never part of it.
fn without_prefix(symbols: &[char]) -> (bool, &[char]) {
    match symbols {
        ['K', '1', 'T', 'H', ':', rest @ ..] | ['K', '1', 'T', 'H', rest @ ..] => (true, rest),
        _ => (false, symbols),
    }
}
