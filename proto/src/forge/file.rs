//! A transcript as a file: plain lines, words between spaces, bytes in hex. PROTOCOL §4.4.
//!
//! ```text
//! kith transcript 1
//! reader initiator|responder
//! session <32 bytes>
//! state <the reader's session as it began>
//! <milliseconds since 1970> initiator|responder <header key or -> <message key> <draw or -> <parcel>
//! ...
//! ```

use super::{End, Line, Transcript, session_from};
use crate::limits::{RECORD_BODY_BYTES_MAX, TRANSCRIPT_FILE_BYTES_MAX, TRANSCRIPT_PARCELS_MAX};
use crate::parcel::Parcel;
use crate::secret::{Key, Said};

const TITLE: &str = "kith transcript 1";

/// Not a transcript, at this line of the file (1 is the first).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadFile {
    /// Which line.
    pub line: usize,
}

impl Transcript {
    /// The file's text.
    pub fn to_file(&self) -> Said {
        let parcels: usize = self
            .lines
            .iter()
            .map(|line| 2 * line.parcel.len() + 256)
            .sum();
        // Never grows: a vector that does frees its old place as it is.
        let mut text = Said::new(Vec::with_capacity(parcels + 2 * self.state.len() + 256));
        words(&mut text, &[TITLE]);
        words(&mut text, &["reader", name(self.reader)]);
        words(&mut text, &["session"]);
        bytes(&mut text, &self.session);
        words(&mut text, &["state"]);
        bytes(&mut text, &self.state);
        for line in &self.lines {
            let at = line.at_ms.to_string();
            words(&mut text, &[&at, name(line.from)]);
            key(&mut text, line.header.as_ref());
            key(&mut text, Some(&line.key));
            key(&mut text, line.draw.as_ref());
            bytes(&mut text, &line.parcel);
        }
        text
    }

    /// Reads a file.
    ///
    /// # Errors
    /// At the first line that is not what it should be, before anything is made of it.
    pub fn from_file(text: &[u8]) -> Result<Self, BadFile> {
        if text.len() > TRANSCRIPT_FILE_BYTES_MAX {
            return Err(BadFile { line: 1 });
        }
        let text = core::str::from_utf8(text).map_err(|_| BadFile { line: 1 })?;
        let mut rows = text.lines().enumerate();
        let mut row = |title: &str| -> Result<&str, BadFile> {
            let (at, row) = rows.next().ok_or(BadFile { line: 1 })?;
            let rest = row.strip_prefix(title).map(str::trim_start);
            rest.ok_or(BadFile { line: at + 1 })
        };
        row(TITLE).and_then(|rest| rest.is_empty().then_some(()).ok_or(BadFile { line: 1 }))?;
        let reader = end(row("reader ")?).ok_or(BadFile { line: 2 })?;
        let session = array(row("session ")?).ok_or(BadFile { line: 3 })?;
        let state = row("state ")?;
        let state = unhex(state, RECORD_BODY_BYTES_MAX).ok_or(BadFile { line: 4 })?;
        session_from(&state).ok_or(BadFile { line: 4 })?;
        let mut lines = Vec::new();
        for (at, row) in rows {
            let line = line(row).filter(|_| lines.len() < TRANSCRIPT_PARCELS_MAX);
            lines.push(line.ok_or(BadFile { line: at + 1 })?);
        }
        Ok(Self {
            reader,
            session,
            state,
            lines,
        })
    }
}

fn name(end: End) -> &'static str {
    match end {
        End::Initiator => "initiator",
        End::Responder => "responder",
    }
}

fn end(name: &str) -> Option<End> {
    [End::Initiator, End::Responder]
        .into_iter()
        .find(|end| self::name(*end) == name)
}

/// Words of a row; those of a whole row end it.
fn words(to: &mut Said, words: &[&str]) {
    for word in words {
        to.extend_from_slice(word.as_bytes());
        to.push(b' ');
    }
    if matches!(words, [TITLE] | ["reader", _]) {
        to.pop();
        to.push(b'\n');
    }
}

fn hex(to: &mut Said, bytes: &[u8]) {
    for byte in bytes {
        let digit = |n: u8| char::from_digit(n.into(), 16).map_or(b'0', |digit| digit as u8);
        to.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
}

/// Bytes that end a row.
fn bytes(to: &mut Said, bytes: &[u8]) {
    hex(to, bytes);
    to.push(b'\n');
}

fn key<P>(to: &mut Said, key: Option<&Key<P>>) {
    match key {
        Some(key) => hex(to, key.expose()),
        None => to.push(b'-'),
    }
    to.push(b' ');
}

fn line(row: &str) -> Option<Line> {
    let mut words = row.split(' ');
    let mut word = || words.next();
    let at_ms = word()?.parse().ok()?;
    let from = end(word()?)?;
    let header = read_key(word()?)?;
    let key = read_key(word()?)??;
    let draw = read_key(word()?)?;
    let parcel = unhex(word()?, crate::limits::BUCKETS[2])?;
    let whole = words.next().is_none() && Parcel::parse(&parcel).is_some();
    whole.then(|| Line {
        at_ms,
        from,
        parcel: parcel.to_vec(),
        header,
        key,
        draw,
    })
}

fn read_key<P>(word: &str) -> Option<Option<Key<P>>> {
    if word == "-" {
        return Some(None);
    }
    let bytes: Said = unhex(word, 32)?;
    (bytes.len() == 32).then(|| Some(Key::fill(|key| key.copy_from_slice(&bytes))))
}

fn array(word: &str) -> Option<[u8; 32]> {
    unhex(word, 32)?.as_slice().try_into().ok()
}

/// Bytes of at most this many.
fn unhex(word: &str, max: usize) -> Option<Said> {
    let digits = word.as_bytes();
    let fits = digits.len().is_multiple_of(2) && digits.len() / 2 <= max;
    fits.then_some(())?;
    let mut bytes = Said::new(Vec::with_capacity(digits.len() / 2));
    for pair in digits.chunks_exact(2) {
        let [high, low] = pair else { return None };
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let byte = (digit(*high)? << 4) | digit(*low)?;
        bytes.push(u8::try_from(byte).ok()?);
    }
    Some(bytes)
}
