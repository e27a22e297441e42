//! Text in the rows that a terminal has room for. What the terminal broke itself would be cut in the
//! middle of words, and go on in the column where names stand: whoever knows its width could put a name
//! there. Here what goes on does so behind an indent.

use std::io::{IsTerminal, stdout};
use std::os::fd::AsFd;

use rustix::termios::tcgetwinsize;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Before every line of a body but its first.
pub(super) const INDENT: &str = "      ";

/// Narrower than this there is no room beside an indent.
const COLUMNS_MIN: usize = 2 * INDENT.len();

/// How far the widest tab goes to the next of a terminal's stops.
const TAB_COLUMNS: usize = 8;

/// How many columns this has, if it is a terminal.
pub(crate) fn columns(of: &(impl AsFd + IsTerminal)) -> Option<usize> {
    let room = tcgetwinsize(of).ok().filter(|room| room.ws_col > 0);
    room.filter(|_| of.is_terminal())
        .map(|room| usize::from(room.ws_col))
}

/// What was said, in rows that the terminal has room for.
pub(crate) fn fitted(drawn: &str) -> String {
    match columns(&stdout()) {
        Some(columns) => broken(drawn, columns),
        None => drawn.to_owned(),
    }
}

/// Rows of at most so many columns: each that was too long goes on behind an indent.
pub(crate) fn broken(drawn: &str, columns: usize) -> String {
    in_rows(drawn, columns, false)
}

/// The same, below the last column of a table, or of what stands in columns like one.
pub(crate) fn hung(text: &str, columns: usize) -> String {
    in_rows(text, columns, true)
}

fn in_rows(text: &str, columns: usize, hangs: bool) -> String {
    let mut rows = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            rows.push('\n');
        }
        let mut row = Row {
            rows: &mut rows,
            columns: columns.max(COLUMNS_MIN),
            width: 0,
            behind: INDENT.len(),
        };
        row.write(line, hangs);
    }
    rows
}

/// The row that is being written, and all before it.
struct Row<'a> {
    rows: &'a mut String,
    columns: usize,
    width: usize,
    /// The column in which it goes on.
    behind: usize,
}

impl Row<'_> {
    /// Breaks at spaces, and a word only where it is longer than a row.
    fn write(&mut self, line: &str, hangs: bool) {
        let (mut gap, mut is_first, mut begun) = (0, true, false);
        for (number, word) in line.split(' ').enumerate() {
            gap += usize::from(number > 0);
            if word.is_empty() {
                continue;
            }
            let wide: usize = word.graphemes(true).map(columns_of).sum();
            let is_over = self.width + gap + wide > self.columns;
            if is_over && (begun || gap > self.columns / 2) {
                is_first = false;
                self.go_on(match self.behind + wide > self.columns {
                    true => INDENT.len(),
                    false => self.behind,
                });
            } else {
                self.space(gap);
                if hangs && is_first && gap > 1 && self.width <= self.columns / 2 {
                    self.behind = self.behind.max(self.width);
                }
            }
            (gap, begun) = (0, true);
            word.graphemes(true).for_each(|piece| self.push(piece));
        }
        self.space(gap.min(self.columns.saturating_sub(self.width)));
    }

    fn push(&mut self, piece: &str) {
        let wide = columns_of(piece);
        if self.width + wide > self.columns {
            self.go_on(INDENT.len().min(self.columns.saturating_sub(wide)));
        }
        self.rows.push_str(piece);
        self.width += wide;
    }

    fn go_on(&mut self, column: usize) {
        self.rows.push('\n');
        self.width = 0;
        self.space(column);
    }

    fn space(&mut self, count: usize) {
        self.rows.extend(std::iter::repeat_n(' ', count));
        self.width += count;
    }
}

fn columns_of(piece: &str) -> usize {
    match piece {
        "\t" => TAB_COLUMNS,
        piece => piece.width(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_goes_on_behind_an_indent() {
        let row = "14:03 zoé: salut";
        assert_eq!(broken(row, 12), "14:03 zoé:\n      salut");
        assert_eq!(
            broken("14:03 zoé: saluuut", 12),
            "14:03 zoé:\n      saluuu\n      t"
        );
        assert_eq!(broken("陽子陽子陽子陽", 12), "陽子陽子陽子\n      陽");
        assert_eq!(broken("14:03 zoé: salut", 80), "14:03 zoé: salut");
        assert_eq!(broken("ab\n      cd", 12), "ab\n      cd");
        assert_eq!(broken("exactement12 et", 12), "exactement12\n      et");
    }

    #[test]
    fn a_table_goes_on_below_its_last_column() {
        let row = "nœud       en marche, déverrouillé";
        assert_eq!(
            hung(row, 24),
            "nœud       en marche,\n           déverrouillé"
        );
        assert_eq!(broken(row, 24), "nœud       en marche,\n      déverrouillé");
        // Further right than the middle there would be no room.
        assert_eq!(
            hung("a  bb cc dd ee  ff gg hh", 20),
            "a  bb cc dd ee  ff\n      gg hh"
        );
    }

    #[test]
    fn a_word_is_cut_only_where_it_is_longer_than_a_row() {
        let row = "lieu           /home/zoé/.kith";
        assert_eq!(hung(row, 24), "lieu\n      /home/zoé/.kith");
        assert_eq!(
            hung("/home/zoé/.local/share", 12),
            "/home/zoé/.l\n      ocal/s\n      hare"
        );
    }

    #[test]
    fn what_is_wider_than_a_row_stands_in_one_alone() {
        let told = broken("zoé:\tabc\t ", 12);
        assert_eq!(told, "zoé:\t\n      abc\n    \t");
        let wide = "\u{915}\u{94d}".repeat(30) + "\u{915} ";
        assert!(broken(&wide, 12).contains('\u{915}'));
    }

    #[test]
    fn spaces_never_lead_out_of_a_row() {
        for line in [
            " ".repeat(50),
            format!("{}a", " ".repeat(50)),
            "a".to_owned() + &" ".repeat(50),
        ] {
            for row in broken(&line, 12).lines().chain(hung(&line, 12).lines()) {
                assert!(row.width() <= 12, "{row:?}");
            }
        }
        assert_eq!(hung("Nom : ", 12), "Nom : ", "an answer stands behind it");
    }
}
