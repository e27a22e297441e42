//! What is being typed: text of several lines and a place in it. Lives in memory only, remembers no
//! letter that was deleted, and knows nothing of a terminal.

use kith_proto::limits::TYPED_LINE_BYTES_MAX;
use kith_proto::text::clean_body;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::keys::Edit;

/// Instead of a tab, whose width only the terminal knows.
const TAB: &str = "    ";

/// Rows below the first begin with so many spaces.
const INDENT: usize = 2;

/// A text that is not sent yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Input {
    text: String,
    /// Before which byte of it one types; always between two letters.
    at: usize,
}

/// An input in rows, and where in them one types.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Laid {
    pub(super) rows: Vec<String>,
    pub(super) row: usize,
    pub(super) column: usize,
}

impl Input {
    /// This text, ready to be gone on with.
    pub(super) fn of(text: impl Into<String>) -> Self {
        let text = text.into();
        let at = text.len();
        Self { text, at }
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What stands before the place where one types.
    pub(super) fn before(&self) -> &str {
        self.text.get(..self.at).unwrap_or("")
    }

    fn after(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The text, and an empty input.
    pub(super) fn take(&mut self) -> String {
        self.at = 0;
        std::mem::take(&mut self.text)
    }

    /// Whether it is no longer with this than a line may be.
    pub(super) fn has_room_for(&self, text: &str) -> bool {
        let long = self.text.len().saturating_add(text.len());
        u64::try_from(long).is_ok_and(|long| long <= TYPED_LINE_BYTES_MAX)
    }

    /// Puts this where one types: as others will see it, so that nothing is sent that was not shown.
    /// False, and nothing of it, if it is too long.
    pub(super) fn insert(&mut self, text: &str) -> bool {
        if !self.has_room_for(text) {
            return false;
        }
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let clean = clean_body(&text);
        let clean = clean.as_str().replace('\t', TAB);
        let fits = self.has_room_for(&clean);
        if fits {
            self.text.insert_str(self.at, &clean);
            self.at += clean.len();
        }
        fits
    }

    /// Puts one letter, which may belong to the one before it; false if there is no room.
    pub(super) fn type_letter(&mut self, letter: char) -> bool {
        if letter.is_control() {
            return true;
        }
        let fits = self.has_room_for(letter.encode_utf8(&mut [0; 4]));
        if fits {
            self.text.insert(self.at, letter);
            self.at += letter.len_utf8();
        }
        fits
    }

    /// What a key changes of it; false if there is no room.
    pub(super) fn edit(&mut self, edit: Edit) -> bool {
        match edit {
            Edit::Letter(letter) => return self.type_letter(letter),
            Edit::DeleteBefore => self.delete_before(),
            Edit::DeleteAfter => self.delete_after(),
            Edit::DeleteLine => self.delete_line(),
            Edit::Left => self.go_left(),
            Edit::Right => self.go_right(),
            Edit::Start => self.go_to_start(),
            Edit::End => self.go_to_end(),
            Edit::Up | Edit::Down => {}
        }
        true
    }

    pub(super) fn delete_before(&mut self) {
        let from = self.left();
        self.text.replace_range(from..self.at, "");
        self.at = from;
    }

    pub(super) fn delete_after(&mut self) {
        let to = self.right();
        self.text.replace_range(self.at..to, "");
    }

    /// Deletes all before the place, to the beginning of the line.
    pub(super) fn delete_line(&mut self) {
        let from = self.line_start();
        self.text.replace_range(from..self.at, "");
        self.at = from;
    }

    pub(super) fn go_left(&mut self) {
        self.at = self.left();
    }

    pub(super) fn go_right(&mut self) {
        self.at = self.right();
    }

    pub(super) fn go_to_start(&mut self) {
        self.at = self.line_start();
    }

    pub(super) fn go_to_end(&mut self) {
        let rest = self.after().find('\n');
        self.at = rest.map_or(self.text.len(), |rest| self.at + rest);
    }

    fn left(&self) -> usize {
        let last = self.before().graphemes(true).next_back();
        self.at - last.map_or(0, str::len)
    }

    fn right(&self) -> usize {
        let next = self.after().graphemes(true).next();
        self.at + next.map_or(0, str::len)
    }

    fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |end| end + 1)
    }

    /// In rows of so many columns, of which the first has this prompt before it. They break between
    /// words, unless one is longer than a row.
    pub(super) fn laid(&self, prompt: usize, columns: usize) -> Laid {
        let columns = columns.max(2 * INDENT + 2);
        let breaks = self.breaks(prompt, columns);
        let mut rows = vec![String::new()];
        let mut column = prompt;
        let mut here = (0, column);
        for (at, piece) in self.text.grapheme_indices(true) {
            if breaks.contains(&at) {
                rows.push(" ".repeat(INDENT));
                column = INDENT;
            }
            if at == self.at {
                here = (rows.len() - 1, column);
            }
            if piece == "\n" {
                rows.push(" ".repeat(INDENT));
                column = INDENT;
            } else if let Some(row) = rows.last_mut() {
                row.push_str(piece);
                column += piece.width();
            }
        }
        if self.at == self.text.len() {
            here = (rows.len() - 1, column);
        }
        let (row, column) = here;
        Laid { rows, row, column }
    }

    /// Before which bytes a row begins because the one above is full: between two words, unless one is
    /// longer than a row. Blanks at the end of a row take no room.
    fn breaks(&self, prompt: usize, columns: usize) -> Vec<usize> {
        let mut breaks = Vec::new();
        let mut column = prompt;
        // Where the last word begins: its place, and its column.
        let mut word = None;
        for (at, piece) in self.text.grapheme_indices(true) {
            let width = piece.width();
            if piece == "\n" {
                (column, word) = (INDENT, None);
                continue;
            }
            if piece != " " && column + width >= columns {
                let fits = |start: usize| INDENT + (column - start) + width < columns;
                let word = word.take().filter(|(_, start)| fits(*start));
                let (from, start) = word.unwrap_or((at, column));
                breaks.push(from);
                column = INDENT + (column - start);
            }
            column += width;
            if piece == " " {
                word = Some((at + piece.len(), column));
            }
        }
        breaks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_typed_and_deleted_whole() {
        let mut input = Input::of("zoe\u{301}");
        input.delete_before();
        assert_eq!(input.text(), "zo");
        input.go_left();
        input.type_letter('é');
        assert_eq!(input.text(), "zéo");
        input.delete_after();
        assert_eq!(input.text(), "zé");
        input.type_letter('\u{1b}');
        assert_eq!(input.text(), "zé", "no control is typed");
        input.delete_line();
        assert!(input.is_empty());
    }

    #[test]
    fn what_is_pasted_is_what_others_will_see() {
        let mut input = Input::default();
        input.insert("a\r\nb\u{1b}[2J\tc\u{200b}");
        assert_eq!(input.text(), "a\nb\u{FFFD}[2J    c");
    }

    #[test]
    fn rows_break_where_the_room_ends_and_the_place_goes_along() {
        let laid = Input::of("abcdef").laid(3, 8);
        assert_eq!(laid.rows, ["abcd", "  ef"]);
        assert_eq!((laid.row, laid.column), (1, 4));
        let mut input = Input::of("un\ndeux");
        let laid = input.laid(3, 20);
        assert_eq!(laid.rows, ["un", "  deux"]);
        assert_eq!((laid.row, laid.column), (1, 6));
        input.go_to_start();
        input.go_left();
        let laid = input.laid(3, 20);
        assert_eq!((laid.row, laid.column), (0, 5));
        assert_eq!(Input::of("陽子陽").laid(0, 6).rows, ["陽子", "  陽"]);
    }

    #[test]
    fn rows_break_between_words_and_the_place_goes_along() {
        let laid = |text: &str| Input::of(text).laid(3, 12);
        assert_eq!(laid("il y a foule").rows, ["il y a ", "  foule"]);
        assert_eq!(laid("il y a foule").column, 7);
        // What is blank at the end waits there for the next word.
        assert_eq!(laid("il y aur   oui").rows, ["il y aur   ", "  oui"]);
        assert_eq!(
            laid("anticonstitutionnel").rows,
            ["anticons", "  titutionn", "  el"]
        );
        assert_eq!(
            laid("a anticonstitution").rows,
            ["a ", "  anticonst", "  itution"]
        );
        let mut input = Input::of("il y a foule");
        for _ in 0..5 {
            input.go_left();
        }
        let laid = input.laid(3, 12);
        assert_eq!((laid.row, laid.column), (1, 2));
        input.go_left();
        let laid = input.laid(3, 12);
        assert_eq!((laid.row, laid.column), (0, 9));
    }

    #[test]
    fn no_more_is_taken_than_a_line_holds() {
        let most = usize::try_from(TYPED_LINE_BYTES_MAX).unwrap();
        let mut input = Input::of("x".repeat(most - 1));
        assert!(!input.insert("ab"));
        assert!(!input.type_letter('é'));
        assert_eq!(input.text().len(), most - 1, "and nothing of it");
        assert!(input.type_letter('e'));
        assert!(!input.edit(Edit::Letter('e')));
        // Each control becomes a sign of three bytes.
        assert!(!Input::default().insert(&"\u{1}".repeat(most)));
    }
}
