//! An invitation, or the secret of a meeting, as a picture that another computer's camera, or a photograph, can read.
//!
//! Drawn dark on light whatever the terminal's colours are, with the light margin that readers need;
//! never the other way round, which many cannot read.

mod scan;

use std::io::{IsTerminal, stdout};
use std::path::Path;

use fast_qr::qr::QRBuilder;
use fast_qr::{ECL, Mode, QRCode};
use kith_proto::limits::SCAN_FILE_BYTES_MAX;
use kith_proto::secret::Said;
use rustix::termios::tcgetwinsize;

use crate::call::Context;
use crate::exit::Failed;
use crate::file;
use crate::words::{Msg, msg};

pub(crate) use scan::READER;
use scan::scan;

/// Light modules around the code, as its standard asks.
const MARGIN: usize = 4;
/// Pixels of a module in a picture: the largest code that we draw fits into a thousand.
const PIXELS: usize = 5;
/// Black on white, whatever was set before; the second ends it.
const BLACK_ON_WHITE: &str = "\u{1b}[0;30;47m";
const PLAIN: &str = "\u{1b}[0m";

/// A code that can be drawn.
pub(crate) struct Qr(QRCode);

impl Qr {
    /// Of a text in capitals, digits and blanks; none if it is too long for any code.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut builder = QRBuilder::new(text);
        let built = builder.ecl(ECL::L).mode(Mode::Alphanumeric).build();
        built.ok().map(Self)
    }

    /// Columns and rows that it takes on a terminal.
    pub(crate) fn room(&self) -> (usize, usize) {
        let side = self.side();
        (side, side.div_ceil(2))
    }

    /// Its rows, two modules in each cell: the upper one and the lower one.
    pub(crate) fn drawn(&self) -> String {
        let cell = |x: usize, y: usize| match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        let rows = (0..self.side()).step_by(2).map(|y| {
            let cells: String = (0..self.side()).map(|x| cell(x, y)).collect();
            format!("{BLACK_ON_WHITE}{cells}{PLAIN}")
        });
        rows.collect::<Vec<_>>().join("\n")
    }

    /// As a picture, with a few pixels for each module.
    pub(crate) fn png(&self) -> Option<Vec<u8>> {
        let side = self.side() * PIXELS;
        let grey = |at: usize| {
            let (x, y) = (at % side / PIXELS, at / side / PIXELS);
            if self.is_dark(x, y) { 0 } else { 255 }
        };
        let pixels: Vec<u8> = (0..side * side).map(grey).collect();
        let mut picture = Vec::new();
        let length = u32::try_from(side).ok()?;
        let mut encoder = png::Encoder::new(&mut picture, length, length);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&pixels).ok()?;
        writer.finish().ok()?;
        Some(picture)
    }

    /// In modules, with both margins.
    fn side(&self) -> usize {
        self.0.size + 2 * MARGIN
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(MARGIN).filter(|at| *at < self.0.size);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.0[y][x].value(),
            _ => false,
        }
    }
}

/// What stands in a file that somebody gave.
pub(crate) enum Seen {
    /// It is a picture; the texts of the codes in it that can be read.
    Codes(Vec<String>),
    /// It is none.
    Text(Said),
}

/// Looks into a file.
pub(crate) fn look(path: &Path) -> Result<Seen, Failed> {
    let bytes = file::read(path, SCAN_FILE_BYTES_MAX)?;
    Ok(match scan(bytes.to_vec()) {
        Some(texts) => Seen::Codes(texts),
        None => Seen::Text(bytes),
    })
}

/// A text as a picture, if this terminal has colours and room for all of it and a prompt below.
pub(crate) fn drawable(context: &Context, text: &str) -> Result<Qr, Msg> {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let room = tcgetwinsize(stdout())
        .ok()
        .filter(|_| stdout().is_terminal());
    let (Some(room), Some(qr), false) = (room, Qr::of(text), context.plain || no_color) else {
        return Err(msg!("invite-qr-not-here"));
    };
    let (columns, rows) = qr.room();
    match usize::from(room.ws_col) >= columns && usize::from(room.ws_row) > rows {
        true => Ok(qr),
        false => Err(msg!(
            "invite-qr-too-small",
            columns = columns,
            rows = rows + 1
        )),
    }
}

#[cfg(test)]
mod tests;
