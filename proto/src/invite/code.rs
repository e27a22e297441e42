//! An invitation as bytes and as the text that is printed, scanned or typed. PROTOCOL §2a.
//!
//! A code that was read is whole and canonical; whether it is still open, whose it is and whether
//! its key is a good one is asked elsewhere. Holds a secret: never logged, erased when dropped.

use core::fmt;

use zeroize::Zeroizing;

use crate::kdf::{self, label};
use crate::limits::{
    INVITE_ADDRS_BYTES_MAX, INVITE_ADDRS_MAX, INVITE_SECRET_BYTES, INVITE_TEXT_BYTES_MAX,
};
use crate::secret::{Invitation, Key};
use crate::text::is_default_ignorable;
use crate::wire::Addr;
use crate::wire::{Malformed, Reader, Writer};
use crate::words::Language;

const VERSION: u8 = 1;
const CHECK_BYTES: usize = 4;
/// `ver | flags | expiry | IK | secret`.
const HEAD_BYTES: usize = 1 + 1 + 4 + 32 + INVITE_SECRET_BYTES;
const CODE_BYTES_MIN: usize = HEAD_BYTES + CHECK_BYTES;
const CODE_BYTES_MAX: usize = CODE_BYTES_MIN + INVITE_ADDRS_BYTES_MAX;

const ADDRS_MASK: u8 = 0b011;
const ENGLISH: u8 = 0b100;

const PREFIX: &str = "KITH:";
/// Crockford's base32: no I, L, O and U, which hands and eyes confuse.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

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
    fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
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

/// Whether a character only spaces the text out, or came along when it was copied.
fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || is_default_ignorable(c)
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The symbol that was meant.
fn straightened(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    }
}

/// Whether the prefix stood there, and what stands after it. A code begins with its version, so
/// with a `0`: the prefix is never part of it.
fn without_prefix(symbols: &[char]) -> (bool, &[char]) {
    match symbols {
        ['K', '1', 'T', 'H', ':', rest @ ..] | ['K', '1', 'T', 'H', rest @ ..] => (true, rest),
        _ => (false, symbols),
    }
}

/// How many symbols so many bytes take.
fn symbols(bytes: usize) -> usize {
    (bytes * 8).div_ceil(5)
}

/// Five bits a symbol, most significant first; zero bits at the end.
fn to_base32(bytes: &[u8], to: &mut String) {
    for symbol in 0..symbols(bytes.len()) {
        let value = (symbol * 5..symbol * 5 + 5).fold(0, |value, bit| {
            let byte = bytes.get(bit / 8).copied().unwrap_or(0);
            value << 1 | byte >> (7 - bit % 8) & 1
        });
        if let Some(letter) = ALPHABET.get(usize::from(value)) {
            to.push(char::from(*letter));
        }
    }
}

/// The only inverse: no other symbol, none too many, and the bits at the end zero.
fn from_base32(symbols: &[char], to: &mut Vec<u8>) -> Result<(), Malformed> {
    let (mut held, mut bits) = (0_u32, 0_u32);
    for symbol in symbols {
        let value = ALPHABET
            .iter()
            .position(|letter| char::from(*letter) == *symbol);
        held = held << 5 | value.ok_or(Malformed)? as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            to.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    if bits >= 5 || held != 0 {
        return Err(Malformed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    const V4: Addr = Addr::V4([192, 0, 2, 1], 4711);
    const V6: Addr = Addr::V6([0x20; 16], 4711);
    const ONION: Addr = Addr::Onion([0x33; 32], 4711);

    fn code(addrs: &[Addr]) -> Code {
        Code {
            expiry_min: 29_900_000,
            ik: [0xA5; 32],
            secret: Code::secret(|secret| *secret = *b"sixteen bytes!!!"),
            addrs: addrs.to_vec(),
            language: Language::French,
        }
    }

    fn text(code: &Code) -> String {
        code.to_text().unwrap().to_string()
    }

    fn assert_same(a: &Code, b: &Code) {
        assert!(a.secret.same(&b.secret));
        assert_eq!(
            (a.expiry_min, a.ik, a.language),
            (b.expiry_min, b.ik, b.language)
        );
        assert_eq!(a.addrs, b.addrs);
    }

    fn hex(text: &Value) -> Vec<u8> {
        let text = text.as_str().unwrap();
        let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(byte).collect()
    }

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../vectors/invite_code.json")).unwrap()
    }

    /// Any bytes, with the check and the text that they would have.
    fn sealed(mut bytes: Vec<u8>) -> String {
        bytes.extend(check(&bytes));
        let mut text = PREFIX.to_string();
        to_base32(&bytes, &mut text);
        text
    }

    #[test]
    fn codes_are_laid_as_the_vectors_say() {
        for case in vectors()["codes"].as_array().unwrap() {
            let what = &case["what"];
            let said = case["text"].as_str().unwrap();
            let read = Code::parse(said).unwrap();
            assert_eq!(
                read.expiry_min,
                case["expiry_min"].as_u64().unwrap() as u32,
                "{what}"
            );
            assert_eq!(read.ik.to_vec(), hex(&case["ik"]), "{what}");
            assert_eq!(read.secret.expose()[..16], hex(&case["secret"]), "{what}");
            let mut addrs = Writer::new();
            read.addrs
                .iter()
                .for_each(|addr| addr.encode(&mut addrs).unwrap());
            assert_eq!(addrs.into_vec(), hex(&case["addrs"]), "{what}");
            assert_eq!(
                read.language == Language::English,
                case["english"],
                "{what}"
            );
            assert_eq!(*read.to_bytes().unwrap(), hex(&case["bytes"]), "{what}");
            assert_eq!(text(&read), said, "{what}");
        }
    }

    #[test]
    fn what_is_no_code_is_told_apart_as_the_vectors_say() {
        for case in vectors()["no_codes"].as_array().unwrap() {
            let error = Code::parse(case["text"].as_str().unwrap()).unwrap_err();
            assert_eq!(format!("{error:?}"), case["error"], "{}", case["what"]);
        }
    }

    #[test]
    fn texts_are_as_long_as_was_computed() {
        for (addrs, characters) in [
            (&[][..], 98),
            (&[V4], 109),
            (&[V4, V6], 140),
            (&[ONION], 154),
            (&[V4, V4, V6], 151),
        ] {
            let text = text(&code(addrs));
            assert_eq!(text.len(), characters);
            // The 45 characters of a QR's alphanumeric mode.
            let qr =
                |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || " $%*+-./:".contains(c);
            assert!(text.chars().all(qr));
        }
    }

    #[test]
    fn addresses_that_do_not_fit_are_not_written() {
        for addrs in [&[V4; 4][..], &[ONION, V4], &[V6, V6]] {
            assert_eq!(code(addrs).to_text(), Err(Malformed));
        }
        assert_eq!(Code::fitting(&[V4, ONION, V6, V4, V4]), [V4, V6, V4]);
        assert_eq!(Code::fitting(&[ONION, V4]), [ONION]);
        assert_eq!(Code::fitting(&[]), []);
    }

    #[test]
    fn a_secret_of_another_length_is_not_written() {
        let code = Code {
            secret: Key::fill(|key| key.fill(1)),
            ..code(&[])
        };
        assert_eq!(code.to_text(), Err(Malformed));
    }

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let written = code(&[V4, V6]);
        let text = text(&written);
        let body = text.strip_prefix("KITH:").unwrap();
        let pieces: Vec<_> = body
            .as_bytes()
            .chunks(5)
            .map(|c| str::from_utf8(c).unwrap())
            .collect();
        for typed in [
            text.clone(),
            text.to_lowercase(),
            body.to_string(),
            body.to_lowercase(),
            format!("kith {body}"),
            format!("KlTH:{body}"),
            format!("\u{FEFF}  Kith : {}\r\n", pieces.join(" ")),
            pieces.join("-").replace('0', "o").replace('1', "l"),
            pieces.join("\n").replace('0', "O").replace('1', "I"),
            pieces.join("\u{2011}").replace('1', "L").replace('1', "i"),
        ] {
            assert_same(&Code::parse(&typed).unwrap(), &written);
        }
    }

    #[test]
    fn every_wrong_symbol_is_caught() {
        for addrs in [&[][..], &[V4], &[ONION]] {
            let text = text(&code(addrs));
            for at in PREFIX.len()..text.len() {
                for wrong in ALPHABET
                    .iter()
                    .chain(b"U!:")
                    .filter(|c| **c != text.as_bytes()[at])
                {
                    let mut typed = text.clone().into_bytes();
                    typed[at] = *wrong;
                    let typed = String::from_utf8(typed).unwrap();
                    assert_eq!(Code::parse(&typed).unwrap_err(), CodeError::Mistyped);
                }
            }
        }
    }

    #[test]
    fn swapped_missing_and_doubled_symbols_are_caught() {
        let text = text(&code(&[V4]));
        for at in PREFIX.len()..text.len() {
            let (mut missing, mut doubled) = (text.clone(), text.clone());
            missing.remove(at);
            doubled.insert(at, char::from(text.as_bytes()[at]));
            let mut swapped = text.clone().into_bytes();
            if at + 1 < swapped.len() && swapped[at] != swapped[at + 1] {
                swapped.swap(at, at + 1);
                let swapped = String::from_utf8(swapped).unwrap();
                assert_eq!(Code::parse(&swapped).unwrap_err(), CodeError::Mistyped);
            }
            assert_eq!(Code::parse(&missing).unwrap_err(), CodeError::Mistyped);
            assert_eq!(Code::parse(&doubled).unwrap_err(), CodeError::Mistyped);
        }
    }

    #[test]
    fn a_sound_check_does_not_excuse_a_wrong_layout() {
        let bytes = code(&[V4]).to_bytes().unwrap();
        let length = bytes.len() - CHECK_BYTES;
        let body = &bytes[..length];
        assert!(Code::parse(&sealed(body.to_vec())).is_ok());
        for reserved in 3..8 {
            let mut bytes = body.to_vec();
            bytes[1] |= 1 << reserved;
            assert_eq!(
                Code::parse(&sealed(bytes)).unwrap_err(),
                CodeError::Mistyped
            );
        }
        for (at, value) in [(1, 0), (1, 2), (54, 5), (length - 2, 0)] {
            let mut bytes = body.to_vec();
            bytes[at] = value;
            if at == length - 2 {
                bytes[at + 1] = 0;
            }
            assert_eq!(
                Code::parse(&sealed(bytes)).unwrap_err(),
                CodeError::Mistyped,
                "{at}"
            );
        }
        for shorter in 1..length {
            assert!(Code::parse(&sealed(body[..shorter].to_vec())).is_err());
        }
        let mut longer = body.to_vec();
        longer[1] = 3;
        longer.extend_from_slice(&body[54..]);
        longer.extend([6; 19]);
        assert!(
            Code::parse(&sealed(longer.clone())).is_ok(),
            "33 bytes of addresses fit"
        );
        longer.push(0);
        assert_eq!(
            Code::parse(&sealed(longer)).unwrap_err(),
            CodeError::Mistyped
        );
    }

    #[test]
    fn a_version_to_come_is_named_as_such() {
        let mut bytes = vec![2];
        bytes.extend([9; 80]);
        assert_eq!(Code::parse(&sealed(bytes)).unwrap_err(), CodeError::Version);
    }

    #[test]
    fn a_code_does_not_print_itself() {
        assert_eq!(format!("{:?}", code(&[V4])), "Code(..)");
    }

    proptest! {
        #[test]
        fn a_code_comes_back(expiry_min: u32, ik: [u8; 32], secret: [u8; 16], english: bool, ports in prop::collection::vec(1..=u16::MAX, 0..4)) {
            let written = Code {
                expiry_min,
                ik,
                secret: Code::secret(|to| *to = secret),
                addrs: ports.into_iter().map(|port| Addr::V4([10, 0, 0, 1], port)).collect(),
                language: if english { Language::English } else { Language::French },
            };
            assert_same(&Code::parse(&text(&written)).unwrap(), &written);
        }

        #[test]
        fn no_text_breaks_the_reader(text in "(KITH:)?[ -~]{0,200}|\\PC{0,200}") {
            prop_assert!(Code::parse(&text).is_err());
        }
    }
}
