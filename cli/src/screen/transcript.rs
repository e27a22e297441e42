//! The lines of the open conversation and which of them are seen. Only what is seen is broken into
//! rows; what is older stays at the node until somebody scrolls to it.

mod scroll;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Instant;

use kith_node::control::shape::{Delivery, Line};

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
    /// Whether the node kept it: what it does not keep any more was erased.
    pub(super) kept: bool,
    /// Which of its rows were not drawn, in so many columns; nothing before any was.
    pub(super) undrawn: Option<(usize, BTreeSet<usize>)>,
}

impl Entry {
    /// These rows of it, of so many, were drawn in so many columns; whether each was by now. Where it
    /// has other rows than before, it is read from the beginning.
    fn drawn(&mut self, part: &Part, columns: usize) -> bool {
        let all = (columns, (0..part.of).collect());
        let before = self.undrawn.take().filter(|(wide, _)| *wide == columns);
        let (_, mut undrawn): (usize, BTreeSet<usize>) = before.unwrap_or(all);
        undrawn.retain(|row| !part.rows.contains(row));
        let is_whole = undrawn.is_empty();
        self.undrawn = Some((columns, undrawn));
        is_whole
    }
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
    /// Of which lines they are.
    parts: Vec<Part>,
    /// In so many columns.
    columns: usize,
    /// Whether older ones would be seen if there were any.
    pub(super) at_top: bool,
}

/// The rows of a line that are seen, and how many it has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    seq: u64,
    rows: Range<usize>,
    of: usize,
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
    /// Those whose time was over: the node counts in minutes, and may still have them.
    expired: BTreeSet<u64>,
}

impl Transcript {
    pub(super) fn first(&self) -> Option<u64> {
        self.entries.keys().next().copied()
    }

    /// Puts what came, if it is not there.
    pub(super) fn arrived(&mut self, seq: u64, entry: Entry) {
        if !self.expired.contains(&seq) {
            self.entries.entry(seq).or_insert(entry);
        }
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
        for (seq, mut entry) in page {
            entry.kept = true;
            self.arrived(seq, entry);
        }
    }

    /// Puts the newest page as the node has it now, `all` if there is nothing before it. What went
    /// from there goes here, but for what the node never kept: it came or went under the eyes of who
    /// reads it.
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
            entry.kept = true;
            // What is left is told in minutes; a time that was nearer holds.
            let ends = before.and_then(|before| before.ends);
            entry.ends = ends.into_iter().chain(entry.ends).min();
            if !self.expired.contains(&seq) {
                self.entries.insert(seq, entry);
            }
        }
        self.entries.retain(|seq, entry| {
            if *seq < from || there.contains(seq) || entry.unread {
                return true;
            }
            if let Some(mine) = entry.mine.as_mut().filter(|mine| is_on_its_way(mine)) {
                // What is mine and not kept goes when it arrives.
                mine.mine = Some(Delivery::Delivered);
                entry.spoken = speak(mine);
                entry.kept = false;
                return true;
            }
            entry.of_now && !entry.kept
        });
        self.open = true;
    }

    /// Drops what was to be erased by now.
    pub(super) fn expire(&mut self, now: Instant) {
        let expired = &mut self.expired;
        self.entries.retain(|seq, entry| {
            let stays = entry.ends.is_none_or(|ends| ends > now);
            if !stays {
                expired.insert(*seq);
            }
            stays
        });
    }

    /// When the next of them is to be erased.
    pub(super) fn next_end(&self) -> Option<Instant> {
        self.entries.values().filter_map(|entry| entry.ends).min()
    }

    /// This was drawn; gives those that the node waits for and of which each row was.
    pub(super) fn drawn(&mut self, seen: &Seen) -> Vec<u64> {
        let mut told = Vec::new();
        for part in &seen.parts {
            let entry = self.entries.get_mut(&part.seq);
            if let Some(entry) = entry.filter(|entry| entry.unread)
                && entry.drawn(part, seen.columns)
            {
                entry.unread = false;
                told.push(part.seq);
            }
        }
        told
    }
}

fn is_on_its_way(line: &Line) -> bool {
    let arrived = [Some(Delivery::Delivered), Some(Delivery::NotArrived)];
    line.mine.is_some() && !arrived.contains(&line.mine)
}
