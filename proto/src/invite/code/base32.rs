//! The symbols of an invitation's text, and of a parcel's on paper: Crockford's base32, and what a hand may type for one of them.
//! Knows letters and bits, not what they say. PROTOCOL §2a.

use crate::text::is_default_ignorable;
use crate::wire::Malformed;

/// Crockford's base32: no I, L, O and U, which hands and eyes confuse.
pub(super) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Whether a character only spaces the text out, or came along when it was copied.
pub(crate) fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || is_default_ignorable(c)
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The symbol that was meant.
pub(crate) fn straightened(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    }
}

/// How many symbols so many bytes take.
pub(super) fn symbols(bytes: usize) -> usize {
    (bytes * 8).div_ceil(5)
}

/// Five bits a symbol, most significant first; zero bits at the end.
pub(crate) fn to_base32(bytes: &[u8], to: &mut String) {
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
pub(crate) fn from_base32(symbols: &[char], to: &mut Vec<u8>) -> Result<(), Malformed> {
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
