//! Hostile text made harmless, once: what a peer wrote reaches a screen only as [`CleanText`].
//!
//! It keeps letters of any script and shows tampering as U+FFFD. It never lets through a control
//! character, an invisible one, or a direction that outlives its line. Layout (the indent that
//! keeps a body out of column 0) belongs to whoever draws. PROTOCOL §6.

use core::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};
use unicode_security::skeleton;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use zeroize::{Zeroize, Zeroizing};

use crate::limits::{BIDI_DEPTH_MAX, MARKS_PER_LETTER_MAX, NICK_COLUMNS_MAX};

/// Shown where something was that must not act on a terminal.
pub const TAMPERED: char = '\u{FFFD}';

/// What an unbalanced direction becomes until its line is written: U+FEFF is already gone by then.
const DROPPED: char = '\u{FEFF}';

/// Text that cannot act on a terminal: `\n` and `\t` are its only controls. Erased when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct CleanText(Zeroizing<String>);

impl CleanText {
    /// The text. Draw it line by line, or a body will write in the column where names stand.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lines, at least one, without their ends: every one after the first is to be indented.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.split('\n')
    }
}

impl fmt::Debug for CleanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CleanText(..)")
    }
}

/// Cleans what somebody said. Cleaning twice changes nothing.
pub fn clean_body(text: &str) -> CleanText {
    // Reserved whole, so that no outgrown copy of it stays in memory. U+FFFD is three bytes.
    let mut clean = Zeroizing::new(String::with_capacity(text.len().saturating_mul(3)));
    let mut line = Zeroizing::new(Vec::with_capacity(text.len()));
    for c in harmless(text) {
        if c == '\n' {
            write_line(&mut line, &mut clean);
            clean.push('\n');
            line.zeroize();
        } else {
            line.push(c);
        }
    }
    write_line(&mut line, &mut clean);
    CleanText(clean)
}

/// Cleans what somebody calls themselves: one line of at most 24 columns, without any character
/// that could pass for the quotes around it, and without directions. `None` if nothing is left.
pub fn clean_nick(text: &str) -> Option<CleanText> {
    let composed = Zeroizing::new(text.nfc().collect::<String>());
    let mut line = Zeroizing::new(Vec::with_capacity(composed.len()));
    for c in harmless(&composed).filter(|c| !is_direction(*c)) {
        let c = flattened(c);
        let stands = match (c, line.last()) {
            (' ', last) => last.is_some_and(|last| *last != ' '),
            ('\'', last) => last != Some(&'\''),
            // One that stood between two quotes would leave them side by side.
            (c, last) if is_joiner(c) => {
                last.is_some_and(|last| !is_joiner(*last) && !matches!(last, ' ' | '\''))
            }
            _ => true,
        };
        if stands {
            line.push(c);
        }
    }
    while line.last() == Some(&' ') {
        line.pop();
    }
    let clean = settled(line);
    clean
        .contains(|c| !matches!(c, ' ' | '\'' | TAMPERED))
        .then(|| CleanText(cut(clean)))
}

/// Whether a character has no shape of its own (Unicode's Default_Ignorable_Code_Point).
pub(crate) fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character is drawn on the one before it.
pub(crate) fn is_mark(c: char) -> bool {
    is_combining_mark(c) || c.width() == Some(0)
}

/// The characters that may stand, controls made visible, the invisible left out.
fn harmless(text: &str) -> impl Iterator<Item = char> {
    text.char_indices().filter_map(|(at, c)| match c {
        // The line end of other systems is no tampering; a lone CR is.
        '\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => None,
        '\n' | '\t' => Some(c),
        '\u{2028}' | '\u{2029}' => Some('\n'),
        c if c.is_control() || is_noncharacter(c) => Some(TAMPERED),
        // Judged by their line.
        c if is_joiner(c) || is_direction(c) => Some(c),
        '\u{FFF9}'..='\u{FFFB}' => None,
        c if is_default_ignorable(c) => None,
        c => Some(c),
    })
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || (c as u32 & 0xFFFE) == 0xFFFE
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// LRM and RLM, which only lean on their neighbours.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}')
}

fn is_direction(c: char) -> bool {
    is_direction_mark(c) || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Leaves only directions that are closed, properly nested, in their own line.
fn balance(line: &mut [char]) {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut drop: Vec<usize> = Vec::new();
    for (at, &c) in line.iter().enumerate() {
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' if open.len() < BIDI_DEPTH_MAX => {
                open.push((at, '\u{202C}'));
            }
            '\u{2066}'..='\u{2068}' if open.len() < BIDI_DEPTH_MAX => open.push((at, '\u{2069}')),
            c if open.last().is_some_and(|(_, closer)| *closer == c) => {
                open.pop();
            }
            c if is_direction(c) && !is_direction_mark(c) => drop.push(at),
            _ => {}
        }
    }
    drop.extend(open.into_iter().map(|(at, _)| at));
    for at in drop {
        if let Some(c) = line.get_mut(at) {
            *c = DROPPED;
        }
    }
}

/// Writes one line: bounded marks, each on a letter of this line; joiners only where they join.
fn write_line(line: &mut [char], to: &mut String) {
    balance(line);
    let mut chars = line.iter().copied().filter(|c| *c != DROPPED).peekable();
    let (mut base, mut marks, mut last) = (None, 0, None);
    while let Some(c) = chars.next() {
        let written = if is_joiner(c) {
            let room =
                |next: &char| joins(*next) && (!is_mark(*next) || marks < MARKS_PER_LETTER_MAX);
            (base.is_some_and(joins) && chars.peek().is_some_and(room)).then_some(c)
        } else if is_direction_mark(c) {
            (!last.is_some_and(is_direction_mark)).then_some(c)
        } else if is_direction(c) {
            Some(c)
        } else if is_mark(c) && base.is_some() {
            marks += 1;
            (marks <= MARKS_PER_LETTER_MAX).then_some(c)
        } else {
            // A mark without a letter would be drawn on what the program wrote before it.
            let c = if is_mark(c) { TAMPERED } else { c };
            base = (c != '\t').then_some(c);
            marks = 0;
            Some(c)
        };
        if let Some(c) = written {
            to.push(c);
            last = Some(c);
        }
    }
}

/// One line, composed. Where something invisible went, a letter stands beside its mark, and a joiner
/// before another mark: so it is written until nothing goes any more.
fn settled(mut line: Zeroizing<Vec<char>>) -> Zeroizing<String> {
    loop {
        let mut written = Zeroizing::new(String::with_capacity(line.len().saturating_mul(4)));
        write_line(&mut line, &mut written);
        let composed = Zeroizing::new(written.nfc().collect::<Vec<char>>());
        if composed == line {
            return written;
        }
        line = composed;
    }
}

/// Whether a letter is of a script in which U+200C and U+200D mean something.
fn joins(c: char) -> bool {
    (c.is_alphabetic() || is_combining_mark(c))
        && !matches!(
            c.script(),
            Script::Common
                | Script::Inherited
                | Script::Unknown
                | Script::Latin
                | Script::Greek
                | Script::Cyrillic
                | Script::Armenian
                | Script::Georgian
                | Script::Hebrew
                | Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Bopomofo
                | Script::Hangul
        )
}

/// A nickname's character: every blank is a space, every quote an apostrophe.
fn flattened(c: char) -> char {
    match c {
        // Braille and music have blanks that Unicode does not call white.
        '\u{2800}' | '\u{1D159}' => ' ',
        c if c.is_whitespace() => ' ',
        '«' | '»' | '‹' | '›' | '„' | '‚' => '\'',
        c if looks_like_quotes(c) => '\'',
        c => c,
    }
}

fn looks_like_quotes(c: char) -> bool {
    let mut text = [0; 4];
    let mut look = skeleton(c.encode_utf8(&mut text)).peekable();
    // Yod is as small as an apostrophe, and a letter.
    let letter = c.script() == Script::Hebrew && c.is_alphabetic();
    !letter && look.peek().is_some() && look.all(|c| c == '\'')
}

/// At most 24 columns; what was cut shows as `…`.
fn cut(text: Zeroizing<String>) -> Zeroizing<String> {
    if text.width() <= NICK_COLUMNS_MAX {
        return text;
    }
    let mut short = Zeroizing::new(String::with_capacity(text.len()));
    for piece in text.graphemes(true) {
        if short.width() + piece.width() >= NICK_COLUMNS_MAX {
            break;
        }
        short.push_str(piece);
    }
    // Nor does a joiner join anything to the ellipsis.
    let kept = short
        .trim_end_matches(|c: char| c == ' ' || is_joiner(c))
        .len();
    short.truncate(kept);
    short.push('…');
    short
}

#[cfg(test)]
mod tests;
