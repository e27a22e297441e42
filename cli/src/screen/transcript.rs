//! The lines of the open conversation and which of them are seen. Only what is seen is broken into
//! rows; what is older stays at the node until somebody scrolls to it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use kith_node::control::shape::{Delivery, Line};

use crate::search::Wanted;
use crate::view::Spoken;

/// One line of it, cleaned.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) spoken: Spoken,
    /// As the node keeps it, if it is mine.
    pub(super) mine: Option<Line>,
    /// Whether the node waits to hear that it was drawn.
    pub(super) unread: bool,
    /// Whether it came or went while this conversation was open: it stays until one leaves it.
    pub(super) of_now: bool,
    /// When it is to be erased.
    pub(super) ends: Option<Instant>,
}

/// A row of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// What follows is new.
    New,
    /// A part of a line: how many of its bytes say who and when, and whether it was looked for.
    Said {
        text: String,
        head: usize,
        found: bool,
    },
}

/// What is seen of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) rows: Vec<Row>,
    /// The lines whose end is among them.
    pub(super) whole: Vec<u64>,
    /// Whether older ones would be seen if there were any.
    pub(super) at_top: bool,
}

/// The last row that is seen: of which line, and how many of its rows are hidden below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    seq: u64,
    hidden: usize,
}

impl Place {
    fn is_below(self, other: Self) -> bool {
        (self.seq, Reverse(self.hidden)) > (other.seq, Reverse(other.hidden))
    }
}

/// Lines by their number.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    entries: BTreeMap<u64, Entry>,
    /// Whether its newest page was read.
    open: bool,
    /// Whether the node has no older ones.
    pub(super) complete: bool,
    /// Where it was scrolled to; nothing while it follows what comes.
    place: Option<Place>,
    /// The first that was new.
    new: Option<u64>,
    /// What was looked for and found.
    found: Option<u64>,
}

impl Transcript {
    pub(super) fn first(&self) -> Option<u64> {
        self.entries.keys().next().copied()
    }

    /// Puts what came, if it is not there.
    pub(super) fn arrived(&mut self, seq: u64, entry: Entry) {
        self.entries.entry(seq).or_insert(entry);
    }

    /// Marks where the new ones begin, if there are any.
    pub(super) fn mark_new(&mut self) {
        let mut unread = self.entries.iter().filter(|(_, entry)| entry.unread);
        self.new = unread.next().map(|(seq, _)| *seq);
    }

    pub(super) fn mark_none(&mut self) {
        self.new = None;
    }

    /// Puts a page of older lines; an empty one is the last.
    pub(super) fn older(&mut self, page: Vec<(u64, Entry)>) {
        self.complete |= page.is_empty();
        for (seq, entry) in page {
            self.entries.entry(seq).or_insert(entry);
        }
    }

    /// Puts the newest page as the node has it now, `all` if there is nothing before it. What went
    /// from there goes here, but for what came or went under the eyes of who reads it.
    pub(super) fn newest(
        &mut self,
        page: Vec<(u64, Entry)>,
        all: bool,
        speak: impl Fn(&Line) -> Spoken,
    ) {
        self.complete |= all;
        let from = match (all, page.first()) {
            (false, Some((first, _))) => *first,
            _ => 0,
        };
        let there: BTreeSet<u64> = page.iter().map(|(seq, _)| *seq).collect();
        for (seq, mut entry) in page {
            let before = self.entries.get(&seq);
            entry.of_now = before.map_or(self.open, |before| before.of_now);
            self.entries.insert(seq, entry);
        }
        self.entries.retain(|seq, entry| {
            if *seq < from || there.contains(seq) || entry.unread {
                return true;
            }
            if let Some(mine) = entry.mine.as_mut().filter(|mine| is_on_its_way(mine)) {
                // What is mine and not kept goes when it arrives.
                mine.mine = Some(Delivery::Delivered);
                entry.spoken = speak(mine);
                return true;
            }
            entry.of_now
        });
        self.open = true;
    }

    /// Drops what was to be erased by now.
    pub(super) fn expire(&mut self, now: Instant) {
        let stays = |entry: &Entry| entry.ends.is_none_or(|ends| ends > now);
        self.entries.retain(|_, entry| stays(entry));
    }

    /// These were drawn; gives those that the node waits for.
    pub(super) fn drawn(&mut self, whole: &[u64]) -> Vec<u64> {
        let mut told = Vec::new();
        for seq in whole {
            if let Some(entry) = self.entries.get_mut(seq).filter(|entry| entry.unread) {
                entry.unread = false;
                told.push(*seq);
            }
        }
        told
    }

    /// What is seen in so much room.
    pub(super) fn seen(&self, columns: usize, height: usize) -> Seen {
        let mut seen = Seen::default();
        let last = self.place.map_or(u64::MAX, |place| place.seq);
        for (seq, _) in self.entries.range(..=last).rev() {
            let mut rows = self.rows(*seq, columns);
            let hidden = self.place.filter(|place| place.seq == *seq);
            let hidden = hidden.map_or(0, |place| place.hidden);
            rows.truncate(rows.len().saturating_sub(hidden));
            if hidden == 0 {
                seen.whole.push(*seq);
            }
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
    pub(super) fn show_end(&mut self) {
        self.place = None;
    }

    /// Shows the first line that is here.
    pub(super) fn show_start(&mut self, columns: usize, height: usize) {
        self.place = self
            .first()
            .and_then(|first| self.below(first, columns, height));
    }

    /// Shows what is new, if not all of it fits; otherwise the end.
    pub(super) fn show_new(&mut self, columns: usize, height: usize) {
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
    pub(super) fn up(&mut self, rows: usize, columns: usize, height: usize) {
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
    pub(super) fn down(&mut self, rows: usize, columns: usize) {
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
    pub(super) fn find(
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

    /// Looks for nothing any more.
    pub(super) fn forget_found(&mut self) {
        self.found = None;
    }
}

fn is_on_its_way(line: &Line) -> bool {
    let arrived = [Some(Delivery::Delivered), Some(Delivery::NotArrived)];
    line.mine.is_some() && !arrived.contains(&line.mine)
}
