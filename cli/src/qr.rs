//! An invitation as a picture that another computer's camera, or a photograph, can read.
//!
//! Drawn dark on light whatever the terminal's colours are, with the light margin that readers need;
//! never the other way round, which many cannot read.

mod scan;

use fast_qr::qr::QRBuilder;
use fast_qr::{ECL, Mode, QRCode};

pub(crate) use scan::{READER, scan};

/// Light modules around the code, as its standard asks.
const MARGIN: usize = 4;
/// Black on white, whatever was set before; the second ends it.
const BLACK_ON_WHITE: &str = "\u{1b}[0;30;47m";
const PLAIN: &str = "\u{1b}[0m";

/// A code that can be drawn.
pub(crate) struct Qr(QRCode);

impl Qr {
    /// Of a text in the letters of an invitation; none if it is too long for any code.
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

#[cfg(test)]
mod tests;
