//! The only place that prints.
//!
//! Standard output carries what was asked for, and nothing else; sentences about it go to standard
//! error. What is read on a terminal goes on in rows that it has room for; a pipe and a file get each
//! line whole. A reader that went away ends the command quietly.

use std::cell::RefCell;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

use crate::exit::{Exit, Failed};
use crate::view;
use crate::words::msg;

thread_local! {
    /// What is caught instead of printed.
    static CAUGHT: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Does something, and gives what it would have printed, sentences beside it included.
pub(crate) fn caught<T>(act: impl FnOnce() -> T) -> (T, String) {
    CAUGHT.set(Some(Vec::new()));
    let done = act();
    let caught = CAUGHT.take().unwrap_or_default();
    (done, String::from_utf8_lossy(&caught).into_owned())
}

/// Whether these bytes were caught.
fn catch(bytes: &[u8]) -> bool {
    CAUGHT.with_borrow_mut(|caught| {
        let Some(caught) = caught else {
            return false;
        };
        caught.extend_from_slice(bytes);
        caught.push(b'\n');
        true
    })
}

/// Prints one line to be read, or several, and flushes: what is shown may be forgotten by the node
/// after.
pub(crate) fn line(text: &str) -> Result<(), Failed> {
    read(&mut io::stdout().lock(), text).map_err(failed)
}

/// Prints what somebody said: whoever wrote it has no say in where a row of it begins.
pub(crate) fn said(text: &str) -> Result<(), Failed> {
    match catch(text.as_bytes()) {
        true => Ok(()),
        false => exact(&view::fitted(text)),
    }
}

/// Prints as it is what is copied, scanned or taken by a program.
pub(crate) fn exact(text: &str) -> Result<(), Failed> {
    let mut out = io::stdout().lock();
    write(&mut out, text.as_bytes()).map_err(failed)
}

/// Text in rows that this has room for, if it is a terminal.
pub(crate) fn fitted(to: &(impl AsFd + IsTerminal), text: &str) -> String {
    match view::columns(to) {
        Some(columns) => view::hung(text, columns),
        None => text.to_owned(),
    }
}

/// Prints one object in one line.
pub(crate) fn json(object: &impl Serialize) -> Result<(), Failed> {
    let bytes = encode(object).map_err(|_| Failed::quiet(Exit::SOFTWARE))?;
    let mut out = io::stdout().lock();
    write(&mut out, &bytes).map_err(failed)
}

/// Prints what stands before an answer on the same line; to standard error, as it is no result.
pub(crate) fn prompt(text: &str) -> Result<(), Failed> {
    let text = fitted(&io::stderr(), text);
    over(&text)
}

/// Draws over what stands in the row; on standard error, too.
pub(crate) fn over(text: &str) -> Result<(), Failed> {
    if catch(text.as_bytes()) {
        return Ok(());
    }
    let mut err = io::stderr().lock();
    let written = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    written.map_err(failed)
}

/// Says something beside the answer. Nobody may be listening: that is no error.
pub(crate) fn aside(text: &str) {
    let _ = read(&mut io::stderr().lock(), text);
}

/// What is caught is drawn elsewhere, in other rows.
fn read(to: &mut (impl Write + AsFd + IsTerminal), text: &str) -> io::Result<()> {
    if catch(text.as_bytes()) {
        return Ok(());
    }
    let text = fitted(to, text);
    write(to, text.as_bytes())
}

fn write(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    if catch(bytes) {
        return Ok(());
    }
    to.write_all(bytes)?;
    to.write_all(b"\n")?;
    to.flush()
}

fn failed(error: io::Error) -> Failed {
    match error.kind() {
        ErrorKind::BrokenPipe => Failed::quiet(Exit::OK),
        _ => Failed::new(Exit::IO, msg!("output-failed")),
    }
}

/// One object as the bytes of one line, without its end.
pub(crate) fn encode(object: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    object.serialize(&mut Serializer::with_formatter(&mut bytes, Escaping))?;
    Ok(bytes)
}

/// Writes as `\u....` what could move a cursor or turn a line around: text stays exact for
/// programs, and harmless on a terminal.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        for (at, found) in fragment.char_indices().filter(|(_, c)| is_unsafe(*c)) {
            to.write_all(fragment.get(plain..at).unwrap_or("").as_bytes())?;
            for unit in found.encode_utf16(&mut [0; 2]) {
                write!(to, "\\u{unit:04x}")?;
            }
            plain = at + found.len_utf8();
        }
        to.write_all(fragment.get(plain..).unwrap_or("").as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(to, escape)
    }
}

fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_exact_and_cannot_draw() {
        let text = "zoé\u{9b}2J\u{202e}abc\u{e0041}\u{7f}\u{1b}\n\"";
        let bytes = encode(&text).unwrap();
        let written = std::str::from_utf8(&bytes).unwrap();
        assert_eq!(
            written,
            "\"zoé\\u009b2J\\u202eabc\\udb40\\udc41\\u007f\\u001b\\n\\\"\""
        );
        assert_eq!(serde_json::from_str::<String>(written).unwrap(), text);
    }

    #[test]
    fn what_is_caught_is_not_printed() {
        let (said, shown) = caught(|| {
            aside("beside");
            line("one\ntwo").is_ok()
        });
        assert!(said);
        assert_eq!(shown, "beside\none\ntwo\n");
        assert!(!catch(b"and no longer"));
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        let gone = failed(ErrorKind::BrokenPipe.into());
        assert!(gone.exit == Exit::OK && gone.why.is_none());
        assert_eq!(failed(ErrorKind::StorageFull.into()).exit, Exit::IO);
    }
}
