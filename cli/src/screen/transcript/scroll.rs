//! Which rows of the conversation are seen, and how one scrolls and searches in them. A line is broken
//! into rows only where it is seen.

use super::{Entry, Part, Place, Row, Seen, Transcript};
use crate::search::Wanted;

impl Transcript {
    /// What is seen in so much room.
    pub(in crate::screen) fn seen(&self, columns: usize, height: usize) -> Seen {
        let mut seen = Seen {
            columns,
            ..Seen::default()
        };
        let last = self.place.map_or(u64::MAX, |place| place.seq);
        for (seq, _) in self.entries.range(..=last).rev() {
            let mut rows = self.rows(*seq, columns);
            let hidden = self.place.filter(|place| place.seq == *seq);
            let hidden = hidden.map_or(0, |place| place.hidden);
            let (all, end) = (rows.len(), rows.len().saturating_sub(hidden));
            let start = end.saturating_sub(height.saturating_sub(seen.rows.len()));
            // The mark above it is none of its rows.
            let mark = usize::from(self.new == Some(*seq));
            seen.parts.push(Part {
                seq: *seq,
                rows: start.saturating_sub(mark)..end.saturating_sub(mark),
                of: all.saturating_sub(mark),
            });
            rows.truncate(end);
            seen.rows.extend(rows.into_iter().rev());
            if seen.rows.len() >= height {
                break;
            }
        }
        seen.at_top = seen.rows.len() < height || self.is_near_top(height);
        seen.rows.truncate(height);
        seen.rows.reverse();
        seen
    }

    /// Whether fewer lines than fit lie before the place: the next page is needed soon.
    fn is_near_top(&self, height: usize) -> bool {
        let last = self.place.map_or(u64::MAX, |place| place.seq);
        self.entries.range(..=last).rev().nth(2 * height).is_none()
    }

    /// A line in rows; none if it is not there.
    fn rows(&self, seq: u64, columns: usize) -> Vec<Row> {
        let Some(entry) = self.entries.get(&seq) else {
            return Vec::new();
        };
        let head = entry.spoken.head().len();
        let new = (self.new == Some(seq)).then_some(Row::New);
        let said = entry.spoken.rows(columns).into_iter().enumerate();
        let said = said.map(|(number, text)| Row::Said {
            head: match number {
                0 => head.min(text.len()),
                _ => 0,
            },
            found: self.found == Some(seq),
            text,
        });
        new.into_iter().chain(said).collect()
    }

    /// Follows what comes.
    pub(in crate::screen) fn show_end(&mut self) {
        self.place = None;
    }

    /// Shows the first line that is here.
    pub(in crate::screen) fn show_start(&mut self, columns: usize, height: usize) {
        self.place = self
            .first()
            .and_then(|first| self.below(first, columns, height));
    }

    /// Shows what is new, if not all of it fits; otherwise the end.
    pub(in crate::screen) fn show_new(&mut self, columns: usize, height: usize) {
        self.place = self.new.and_then(|new| self.below(new, columns, height));
    }

    /// The place at which this line is the first that is seen; nothing if the end is seen then.
    fn below(&self, from: u64, columns: usize, height: usize) -> Option<Place> {
        let mut room = height;
        for (seq, _) in self.entries.range(from..) {
            let rows = self.rows(*seq, columns).len();
            if rows > room {
                let hidden = rows - room;
                return Some(Place { seq: *seq, hidden });
            }
            room -= rows;
        }
        None
    }

    /// Goes so many rows towards the older ones.
    pub(in crate::screen) fn up(&mut self, rows: usize, columns: usize, height: usize) {
        let end = self.entries.keys().next_back().copied();
        let start = end.map(|seq| Place { seq, hidden: 0 });
        let Some(Place { seq, hidden }) = self.place.or(start) else {
            return;
        };
        let top = self
            .first()
            .and_then(|first| self.below(first, columns, height));
        let mut left = hidden + rows;
        let mut to = None;
        for (seq, _) in self.entries.range(..=seq).rev() {
            let tall = self.rows(*seq, columns).len();
            if left < tall {
                to = Some(Place {
                    seq: *seq,
                    hidden: left,
                });
                break;
            }
            left -= tall;
        }
        // Nothing stands above the first line, nor below the last.
        self.place = top.map(|top| match to {
            Some(to) if to.is_below(top) => to,
            _ => top,
        });
        self.place = self.place.filter(|place| Some(*place) != start);
    }

    /// Goes so many rows towards the newer ones.
    pub(in crate::screen) fn down(&mut self, rows: usize, columns: usize) {
        let Some(Place { seq, hidden }) = self.place else {
            return;
        };
        let mut left = rows;
        let mut hidden = hidden;
        for (seq, _) in self.entries.range(seq..) {
            let tall = self.rows(*seq, columns).len();
            let below = if Some(*seq) == self.place.map(|place| place.seq) {
                hidden
            } else {
                tall
            };
            if left < below {
                hidden = below - left;
                self.place = Some(Place { seq: *seq, hidden });
                return;
            }
            left -= below;
        }
        self.place = None;
    }

    /// Looks for words, older than what was found last or newer; shows where they stand.
    pub(in crate::screen) fn find(
        &mut self,
        wanted: &Wanted,
        older: bool,
        (columns, height): (usize, usize),
    ) -> bool {
        let is_it = |(_, entry): &(&u64, &Entry)| wanted.is_in(entry.spoken.body());
        let found = match (older, self.found) {
            (true, from) => {
                let before = self.entries.range(..from.unwrap_or(u64::MAX));
                before.rev().find(is_it)
            }
            (false, from) => {
                let after = from.map_or(0, |from| from.saturating_add(1));
                self.entries.range(after..).find(is_it)
            }
        };
        let Some(seq) = found.map(|(seq, _)| *seq) else {
            return false;
        };
        self.found = Some(seq);
        self.place = Some(Place { seq, hidden: 0 });
        // In the middle, and nothing above the first or below the last.
        self.down(height / 2, columns);
        self.up(0, columns, height);
        true
    }

    /// Whether something was found.
    pub(in crate::screen) fn has_found(&self) -> bool {
        self.found.is_some()
    }

    /// Looks for nothing any more.
    pub(in crate::screen) fn forget_found(&mut self) {
        self.found = None;
    }
}
