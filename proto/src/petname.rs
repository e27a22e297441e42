//! My own names for people: which names there can be, and which look the same. PROTOCOL §6.
//!
//! A [`Petname`] was typed or confirmed here and is never made from what a peer sent without a
//! person's yes. Knows nothing of keys, nor of who is called what.

use core::fmt;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::limits::{MARKS_PER_LETTER_MAX, NEAR_NAMES_MAX, PETNAME_BYTES_MAX, PETNAME_COLUMNS_MAX};
use crate::text::is_default_ignorable;

/// What the program, its groups and its sentences call somebody: nobody's petname, nor what looks like it.
pub const RESERVED: &[&str] = &[
    "me",
    "moi",
    "you",
    "toi",
    "vous",
    "nous",
    "kith",
    "group",
    "groupe",
    "all",
    "tous",
    "toutes",
    "everyone",
    "system",
    "systeme",
    "unknown",
    "inconnu",
    "inconnue",
    "stranger",
    "nobody",
    "personne",
    "saved messages",
];

/// What stands beside names that are not mine, or before commands and groups.
const MARKS: &str = "/#~?@:";

/// A name I gave: 1 to 32 columns, at most 128 bytes, NFC, one script, beginning with a letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Petname(String);

/// Why something is not a petname.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but blanks.
    Empty,
    /// More than 32 columns or 128 bytes.
    TooLong,
    /// Does not begin with a letter, or holds something other than letters, their marks, digits,
    /// `-`, `_`, `.` and single spaces.
    BadCharacter,
    /// Letters of several scripts, as when a Cyrillic `а` stands in a Latin name.
    MixedScripts,
    /// A word that the program uses itself, or one that looks like it.
    Reserved,
}

impl Petname {
    /// The name somebody typed, in its one canonical form; blanks around it are left out.
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let typed = typed.trim();
        // Composing shortens a text to a third at most: nothing longer can become a name.
        if typed.len() > 3 * PETNAME_BYTES_MAX {
            return Err(NameError::TooLong);
        }
        let name: String = typed.nfc().collect();
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.len() > PETNAME_BYTES_MAX || name.width() > PETNAME_COLUMNS_MAX {
            return Err(NameError::TooLong);
        }
        if !is_spelled_well(&name) {
            return Err(NameError::BadCharacter);
        }
        if !name.is_single_script() {
            return Err(NameError::MixedScripts);
        }
        if is_reserved(&name) {
            return Err(NameError::Reserved);
        }
        Ok(Self(name))
    }

    /// Whether this is the name that was typed, in whatever composition: what [`parse`](Self::parse)
    /// would make of it, without looking at it from all sides.
    pub fn is(&self, typed: &str) -> bool {
        typed.trim().nfc().eq(self.0.chars())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it looks like.
    pub fn skeleton(&self) -> Skeleton {
        Skeleton::of(&self.0)
    }
}

impl fmt::Debug for Petname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Petname(..)")
    }
}

/// What a name looks like: equal for names that people take for one another. Never shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Skeleton(String);

impl Skeleton {
    /// UTS 39's skeleton over NFKC, without case or accents, `0` as `o` and `1` as `l`. Takes
    /// nicknames and labels too, which are not petnames.
    pub fn of(name: &str) -> Self {
        let compatible: String = name.nfkc().collect();
        // One look-alike can lead to another: twice is enough for every character there is.
        Self(folded(&folded(&compatible)))
    }
}

impl fmt::Debug for Skeleton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Skeleton(..)")
    }
}

/// Whether a person could take one name for the other. Says yes wherever skeletons are equal, and
/// for `Iris` and `lris` too, which differ once the case is gone.
pub fn looks_like(a: &str, b: &str) -> bool {
    Skeleton::of(a) == Skeleton::of(b) || cased(a) == cased(b)
}

/// The first of these names that looks like one before it.
pub fn alike<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (mut folded, mut as_written) = (BTreeSet::new(), BTreeSet::new());
    names
        .into_iter()
        .find(|name| !folded.insert(Skeleton::of(name)) || !as_written.insert(cased(name)))
}

/// What a name looks like as it was written.
fn cased(name: &str) -> String {
    skeleton(&name.nfkc().collect::<String>()).collect()
}

/// At most three of my names that somebody may have meant, the nearest first.
pub fn near<'a>(name: &str, all: impl IntoIterator<Item = &'a Petname>) -> Vec<&'a Petname> {
    if name.len() > 3 * PETNAME_BYTES_MAX {
        return Vec::new();
    }
    let meant: Vec<char> = Skeleton::of(name).0.chars().collect();
    // One slip in a short name, two in a longer one; three are another name.
    let slips_max = if meant.len() <= 4 { 1 } else { 2 };
    let mut found: Vec<(usize, &Petname)> = all
        .into_iter()
        .map(|petname| {
            let there: Vec<char> = petname.skeleton().0.chars().collect();
            (slips(&meant, &there), petname)
        })
        .filter(|(slips, _)| *slips <= slips_max)
        .collect();
    found.sort();
    found.truncate(NEAR_NAMES_MAX);
    found.into_iter().map(|(_, petname)| petname).collect()
}

fn is_reserved(name: &str) -> bool {
    static LOOKS: LazyLock<BTreeSet<Skeleton>> =
        LazyLock::new(|| RESERVED.iter().map(|word| Skeleton::of(word)).collect());
    LOOKS.contains(&Skeleton::of(name))
}

/// Whether every character may stand where it stands.
fn is_spelled_well(name: &str) -> bool {
    let (mut before, mut marks) = (None, 0);
    for c in name.chars() {
        let on_letter = before.is_some_and(|b: char| is_letter(b) || is_combining_mark(b));
        if is_combining_mark(c) {
            marks += 1;
            if !on_letter || marks > MARKS_PER_LETTER_MAX || !is_needed_mark(c) {
                return false;
            }
        } else {
            marks = 0;
            let inside = before.is_some()
                && (is_digit(c)
                    || matches!(c, '-' | '_' | '.')
                    || (c == ' ' && before != Some(' ')));
            if !is_letter(c) && !inside {
                return false;
            }
        }
        before = Some(c);
    }
    true
}

/// A letter of any script: not a styled one (`ⓐ`, `ａ`), nor one that passes for a mark.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        && !is_combining_mark(c)
        && !is_default_ignorable(c)
        && !matches!(c, '\u{2B0}'..='\u{2FF}')
        && c.width().is_some_and(|columns| columns > 0)
        && is_compatible(c)
        && !passes_for_mark(c)
}

/// Whether a letter looks like what marks a name that is not mine (`ⳇ`, `ʔ`, `ꓽ`). A wide one
/// (`ノ`) is not mistaken for it.
fn passes_for_mark(c: char) -> bool {
    let mut look = skeleton(c.encode_utf8(&mut [0; 4])).collect::<String>();
    c.width() == Some(1) && look.pop().is_some_and(|c| MARKS.contains(c)) && look.is_empty()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (c.is_numeric() && c.identifier_allowed() && is_compatible(c))
}

/// A mark of the script itself, or an accent; nothing that strikes through or encloses.
fn is_needed_mark(c: char) -> bool {
    !is_default_ignorable(c)
        && !matches!(c, '\u{334}'..='\u{338}')
        && (c.script() != Script::Inherited || c.identifier_allowed())
}

/// Whether NFKC leaves a character alone.
fn is_compatible(c: char) -> bool {
    core::iter::once(c).nfkc().eq([c])
}

/// One turn of look-alike folding.
fn folded(name: &str) -> String {
    let lower: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            'ς' => 'σ',
            c => c,
        })
        .collect();
    skeleton(&lower)
        .flat_map(char::to_lowercase)
        .filter(|c| !is_accent(*c))
        .collect()
}

/// A mark on a letter, as opposed to a vowel that is written as a mark.
fn is_accent(c: char) -> bool {
    // The two Japanese voicing marks make other syllables.
    is_combining_mark(c) && c.script() == Script::Inherited && !matches!(c, '\u{3099}' | '\u{309A}')
}

/// How many letters were added, left out, changed or swapped with their neighbour.
fn slips(a: &[char], b: &[char]) -> usize {
    let mut older: Vec<usize> = Vec::new();
    let mut old: Vec<usize> = (0..=b.len()).collect();
    let mut a_before = None;
    for (i, ca) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(old.len());
        row.push(i + 1);
        let mut b_before = None;
        for (j, cb) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let changed = at(&old, j) + usize::from(ca != cb);
            let mut best = changed.min(at(&old, j + 1) + 1).min(at(&row, j) + 1);
            if j > 0 && a_before == Some(cb) && b_before == Some(ca) {
                best = best.min(at(&older, j - 1) + 1);
            }
            row.push(best);
            b_before = Some(cb);
        }
        older = core::mem::replace(&mut old, row);
        a_before = Some(ca);
    }
    old.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
