//! Lines of conversations that were read, or are mine and arrived: kept for a while, then erased.
//!
//! Knows indexes only; the words lie in the store, under the leaf of the message they came as. What
//! is still unread stands in [`inbox`](crate::inbox), what has not arrived in the outbox. PROTOCOL §8.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

use crate::limits::{BODY_COST_BYTES, HISTORY_PER_FRIEND_MAX, HISTORY_PER_NODE_MAX};

/// The message that a line is, by its number among those that came or those that are mine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Arrival(u64),
    Entry(u64),
}

/// One line, without its words.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Line {
    /// Whose conversation: the number of a friend or of a group.
    pub friend: u32,
    /// Its place in what the person reads.
    pub seq: u64,
    /// When it came or was written, minutes since 1970.
    pub minute: u32,
    /// Bytes of text.
    pub length: u32,
    /// The node's age, in minutes, at which it was read or, if it is mine, written.
    pub since: u32,
    /// Minutes that its author wants it kept; 0 for no limit.
    pub limit: u32,
    /// Whether it reached whom it was for.
    pub arrived: bool,
    /// In a group, the friend who said it, if not I.
    pub from: Option<u32>,
    /// In a group, whether spectators have it too.
    pub to_all: bool,
}

impl Line {
    fn cost(&self) -> u64 {
        BODY_COST_BYTES + u64::from(self.length)
    }

    /// The node's age at which it goes, if I keep what is said for `keep` minutes.
    pub(crate) fn until(&self, keep: u32) -> u32 {
        let limit = if self.limit == 0 { keep } else { self.limit };
        self.since.saturating_add(limit.min(keep))
    }
}

/// All of them.
#[derive(Default)]
pub(crate) struct History {
    /// By friend and place.
    lines: BTreeMap<(u32, u64), (Owner, Line)>,
    places: BTreeMap<Owner, (u32, u64)>,
    totals: BTreeMap<u32, Total>,
    bytes: u64,
    /// No line goes before this age.
    next: u32,
}

#[derive(Clone, Copy, Default)]
struct Total {
    lines: usize,
    bytes: u64,
}

impl History {
    /// Whether a place of a conversation has its line.
    pub(crate) fn is_taken(&self, line: &Line) -> bool {
        self.lines.contains_key(&(line.friend, line.seq))
    }

    /// Adds a line that goes at age `until`.
    pub(crate) fn insert(&mut self, owner: Owner, line: Line, until: u32) {
        let place = (line.friend, line.seq);
        let total = self.totals.entry(line.friend).or_default();
        total.lines += 1;
        total.bytes += line.cost();
        self.bytes += line.cost();
        self.next = self.next.min(until);
        self.places.insert(owner, place);
        self.lines.insert(place, (owner, line));
    }

    pub(crate) fn get(&self, owner: Owner) -> Option<&Line> {
        let place = self.places.get(&owner)?;
        self.lines.get(place).map(|(_, line)| line)
    }

    /// The line at a place of a conversation.
    pub(crate) fn at(&self, friend: u32, seq: u64) -> Option<Owner> {
        self.lines.get(&(friend, seq)).map(|(owner, _)| *owner)
    }

    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// What all of it takes on the disk, in bytes.
    #[cfg(test)]
    pub(crate) fn total(&self) -> u64 {
        self.bytes
    }

    /// Lines of one conversation before a place, the newest first.
    pub(crate) fn before(&self, friend: u32, seq: u64) -> impl Iterator<Item = &(Owner, Line)> {
        let lines = self.lines.range((friend, 0)..(friend, seq));
        lines.rev().map(|(_, line)| line)
    }

    /// All lines.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values().map(|(_, line)| line)
    }

    /// Takes a line out.
    pub(crate) fn take(&mut self, owner: Owner) -> Option<Line> {
        let place = self.places.remove(&owner)?;
        let (_, line) = self.lines.remove(&place)?;
        self.bytes -= line.cost();
        if let Some(total) = self.totals.get_mut(&line.friend) {
            total.lines -= 1;
            total.bytes -= line.cost();
        }
        Some(line)
    }

    /// The lines of one conversation, or of all.
    pub(crate) fn of(&self, friend: Option<u32>) -> Vec<Owner> {
        let all = self.lines.iter();
        all.filter(|((no, _), _)| friend.is_none_or(|friend| friend == *no))
            .map(|(_, (owner, _))| *owner)
            .collect()
    }

    /// Lines whose time is over at this age, given how long each conversation is kept.
    pub(crate) fn over(&mut self, age: u32, keep: impl Fn(u32) -> u32) -> Vec<Owner> {
        if age < self.next {
            return Vec::new();
        }
        self.next = u32::MAX;
        let mut over = Vec::new();
        for (owner, line) in self.lines.values() {
            match line.until(keep(line.friend)) {
                until if until <= age => over.push(*owner),
                until => self.next = self.next.min(until),
            }
        }
        over
    }

    /// Another time may be over first now.
    pub(crate) fn look_again(&mut self) {
        self.next = 0;
    }

    /// The age at which to look for lines whose time is over.
    pub(crate) fn next(&self) -> Option<u32> {
        (!self.lines.is_empty()).then_some(self.next)
    }

    /// The oldest line of whoever has too many, or of the longest conversation if all are too many.
    pub(crate) fn too_much(&self, bytes_max: u64) -> Option<Owner> {
        let full = self
            .totals
            .iter()
            .find(|(_, t)| t.lines > HISTORY_PER_FRIEND_MAX);
        let too_many = self.lines.len() > HISTORY_PER_NODE_MAX || self.bytes > bytes_max;
        let longest = || self.totals.iter().max_by_key(|(_, total)| total.bytes);
        let (friend, _) = full.or_else(|| too_many.then(longest).flatten())?;
        let first = self.lines.range((*friend, 0)..=(*friend, u64::MAX)).next();
        first.map(|(_, (owner, _))| *owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(friend: u32, seq: u64, since: u32, limit: u32) -> Line {
        Line {
            friend,
            seq,
            minute: 0,
            length: 100,
            since,
            limit,
            arrived: true,
            from: None,
            to_all: false,
        }
    }

    fn history(lines: &[Line]) -> History {
        let mut history = History::default();
        for line in lines {
            history.insert(Owner::Arrival(line.seq), line.clone(), line.until(100));
        }
        history
    }

    #[test]
    fn the_shorter_of_two_lifetimes_holds() {
        assert_eq!(line(1, 1, 10, 0).until(100), 110);
        assert_eq!(line(1, 1, 10, 5).until(100), 15);
        assert_eq!(line(1, 1, 10, 500).until(100), 110);
        assert_eq!(line(1, 1, 10, 500).until(0), 10);
        assert_eq!(line(1, 1, 10, u32::MAX).until(u32::MAX), u32::MAX);
    }

    #[test]
    fn a_line_goes_when_its_time_is_over_and_not_before() {
        let mut history = history(&[line(1, 1, 0, 0), line(1, 2, 0, 7), line(2, 3, 50, 0)]);
        assert_eq!(history.next(), Some(0), "a start looks once");
        assert_eq!(history.over(6, |_| 100), []);
        assert_eq!(history.next(), Some(7));
        assert_eq!(history.over(7, |_| 100), [Owner::Arrival(2)]);
        history.take(Owner::Arrival(2));
        assert_eq!(history.over(100, |_| 100), [Owner::Arrival(1)]);
        assert_eq!(
            history.over(120, |_| 60),
            [],
            "nobody said that less is kept now"
        );
        history.look_again();
        assert_eq!(
            history.over(120, |_| 60),
            [Owner::Arrival(1), Owner::Arrival(3)]
        );
    }

    #[test]
    fn beyond_the_bound_the_oldest_line_of_the_longest_conversation_goes() {
        let mut history = history(&[line(1, 1, 0, 0), line(2, 2, 0, 0), line(2, 3, 0, 0)]);
        let cost = BODY_COST_BYTES + 100;
        assert_eq!(history.too_much(3 * cost), None);
        assert_eq!(history.too_much(3 * cost - 1), Some(Owner::Arrival(2)));
        history.take(Owner::Arrival(2));
        assert_eq!(history.too_much(2 * cost), None);
    }
}
