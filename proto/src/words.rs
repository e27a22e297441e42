//! Bits as words that people can read to each other, from two lists of 2048. PROTOCOL "Notation".
//!
//! Only makes words; what they stand for is for the caller to know.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The language of a word list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub enum Language {
    /// French, the first of our languages.
    French,
    /// English.
    English,
}

/// What one word says, in bits.
pub const BITS_PER_WORD: usize = 11;

/// BIP-39 stores its accents apart from their letters; a console and a braille line need them composed.
static FRENCH: LazyLock<Vec<String>> = LazyLock::new(|| {
    let list = bip39::Language::French.word_list();
    list.iter().map(|word| word.nfc().collect()).collect()
});

/// `words(x, n)`: `n` words, 11 bits each, from the first bit, most significant first. Bytes that
/// hold fewer than `11 n` bits give as many whole words as they hold.
pub fn words(bytes: &[u8], n: usize, language: Language) -> Vec<&'static str> {
    let whole = bytes.len().saturating_mul(8) / BITS_PER_WORD;
    let numbers = (0..n.min(whole)).map(|i| number(bytes, i * BITS_PER_WORD));
    match language {
        Language::French => numbers
            .filter_map(|at| FRENCH.get(at).map(String::as_str))
            .collect(),
        Language::English => {
            let list = bip39::Language::English.word_list();
            numbers.filter_map(|at| list.get(at).copied()).collect()
        }
    }
}

/// The numbers of exactly `n` words as somebody typed them: any case, without accents, cut short after
/// four letters, with anything but letters in between. Nothing if one is not in the list.
pub(crate) fn numbers(typed: &str, n: usize, language: Language) -> Option<Vec<usize>> {
    let plain = plain(typed);
    let mut words = plain
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    let numbers = words.by_ref().take(n).map(|word| {
        let means = |whole: &str| {
            whole == word || (word.len() >= UNIQUE_LETTERS && whole.starts_with(word))
        };
        match language {
            Language::French => FRENCH.iter().position(|whole| means(&self::plain(whole))),
            Language::English => {
                let mut list = bip39::Language::English.word_list().iter();
                list.position(|whole| means(whole))
            }
        }
    });
    let numbers = numbers.collect::<Option<Vec<_>>>()?;
    (numbers.len() == n && words.next().is_none()).then_some(numbers)
}

/// The letters of a word by which both lists tell it from all others.
const UNIQUE_LETTERS: usize = 4;

/// Lower case, without accents: as words are compared that somebody typed or scanned.
pub fn plain(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// The 11 bits that begin at bit `from`, as a number below 2048.
fn number(bytes: &[u8], from: usize) -> usize {
    (from..from + BITS_PER_WORD).fold(0, |number, bit| {
        let byte = bytes.get(bit / 8).copied().unwrap_or(0);
        number << 1 | usize::from(byte >> (7 - bit % 8) & 1)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_normalization::is_nfc;

    use super::*;

    #[test]
    fn both_lists_have_2048_different_words() {
        for language in [Language::French, Language::English] {
            let all: BTreeSet<_> = (0..2048_u16)
                .flat_map(|n| words(&(n << 5).to_be_bytes(), 1, language))
                .collect();
            assert_eq!(all.len(), 2048);
            assert!(all.iter().all(|word| is_nfc(word)));
        }
    }

    #[test]
    fn bits_are_read_from_the_first_one_on() {
        // 0, 2047, 0, 2047: 00000000000 11111111111 00000000000 11111111111
        let bytes = [0x00, 0x1F, 0xFC, 0x00, 0x7F, 0xF0];
        let english = words(&bytes, 4, Language::English);
        assert_eq!(english, ["abandon", "zoo", "abandon", "zoo"]);
        let french = words(&bytes, 4, Language::French);
        assert_eq!(french, ["abaisser", "zoologie", "abaisser", "zoologie"]);
        assert_eq!(words(&[0, 0x20], 1, Language::English), ["ability"]);
    }

    #[test]
    fn the_lists_are_those_of_bip39() {
        // BIP-39's own vector: sixteen bytes 0x7F, without its checksum word.
        let said = words(&[0x7F; 16], 11, Language::English).join(" ");
        assert_eq!(
            said,
            "legal winner thank year wave sausage worth useful legal winner thank"
        );
        assert_eq!(words(&[0x02, 0x40], 1, Language::French), ["académie"]);
    }

    #[test]
    fn what_was_read_from_a_board_is_found_in_its_list() {
        let typed = [
            ("Académie, ZOOLOGIE", Some(vec![18, 2047])),
            ("acad-zool", Some(vec![18, 2047])),
            ("aca zoologie", None),
            ("academie", None),
            ("académie zoologie zoologie", None),
            ("zoo zoologie", None),
        ];
        for (text, found) in typed {
            assert_eq!(numbers(text, 2, Language::French), found, "{text}");
        }
        assert_eq!(
            numbers("zoo ABAND", 2, Language::English),
            Some(vec![2047, 0])
        );
    }

    #[test]
    fn too_few_bits_give_fewer_words() {
        assert_eq!(words(&[], 4, Language::French).len(), 0);
        assert_eq!(words(&[7; 4], 4, Language::French).len(), 2);
        assert_eq!(words(&[7; 32], 23, Language::French).len(), 23);
    }
}
