//! Messages that arrived: each once, in their author's order, until the person has them.
//!
//! A message that overtook others is held for a day at most; then it is shown and theirs, should
//! they still come, after it. Knows indexes only; the words lie in the store. PROTOCOL §4.5.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::{BODY_COST_BYTES, ORDER_WAIT_MINUTES};

/// One message, without its words.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Arrival {
    pub friend: u32,
    pub incarnation: u16,
    pub number: u32,
    /// When it was committed here, minutes since 1970.
    pub received_min: u32,
    /// When its author says it was written.
    pub claimed_min: u32,
    /// Bytes of text.
    pub length: u32,
    /// Minutes that its author wants it kept once it was read; 0 for no limit.
    pub limit: u32,
    /// Its place in what the person reads; none while it waits for those before it.
    pub seq: Option<u64>,
    /// Where it was said, if not to me alone.
    pub group: Option<Heard>,
}

/// Where a message stands that was said in a group. Its order there is the group's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Heard {
    /// The group's number.
    pub group: u32,
    /// The message's name there.
    pub name: [u8; 16],
    /// Whether spectators have it too.
    pub to_all: bool,
    /// Its place among those whose turn has come and that I do not see before my yes; 0 before that.
    pub turn: u32,
}

impl Arrival {
    fn held_at(&self, id: u64) -> (u32, (u16, u32), u64) {
        (self.friend, (self.incarnation, self.number), id)
    }
}

/// All messages that the person has not taken.
#[derive(Default)]
pub(crate) struct Inbox {
    arrivals: BTreeMap<u64, Arrival>,
    /// By the place the person reads them at.
    shown: BTreeMap<u64, u64>,
    /// Those that wait for others: author, place in the author's order, number.
    held: BTreeSet<(u32, (u16, u32), u64)>,
    /// The same of those in groups: group and name.
    held_there: BTreeMap<(u32, [u8; 16]), u64>,
    /// Of each friend.
    totals: BTreeMap<u32, Total>,
    total: Total,
}

/// How much there is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Total {
    /// Messages.
    pub count: usize,
    /// What they take on the disk.
    pub bytes: u64,
    /// Those of them that were said to me alone.
    pub alone: usize,
}

impl Total {
    fn add(&mut self, arrival: &Arrival) {
        self.count += 1;
        self.alone += usize::from(arrival.group.is_none());
        self.bytes += BODY_COST_BYTES + u64::from(arrival.length);
    }

    fn remove(&mut self, arrival: &Arrival) {
        self.count -= 1;
        self.alone -= usize::from(arrival.group.is_none());
        self.bytes -= BODY_COST_BYTES + u64::from(arrival.length);
    }
}

impl Inbox {
    /// As it was stored; nothing if two have the same place among what can be read.
    pub(crate) fn restore(arrivals: BTreeMap<u64, Arrival>) -> Option<Self> {
        let mut inbox = Self::default();
        for (id, arrival) in arrivals {
            let taken = arrival.seq.filter(|seq| inbox.shown.contains_key(seq));
            taken.is_none().then_some(())?;
            inbox.insert(id, arrival);
        }
        Some(inbox)
    }

    pub(crate) fn insert(&mut self, id: u64, arrival: Arrival) {
        self.total.add(&arrival);
        self.totals.entry(arrival.friend).or_default().add(&arrival);
        match (arrival.seq, arrival.group) {
            (Some(seq), _) => drop(self.shown.insert(seq, id)),
            (None, None) => drop(self.held.insert(arrival.held_at(id))),
            (None, Some(at)) => drop(self.held_there.insert((at.group, at.name), id)),
        }
        self.arrivals.insert(id, arrival);
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Arrival> {
        self.arrivals.get(&id)
    }

    /// How much there is of all friends together.
    pub(crate) fn total(&self) -> Total {
        self.total
    }

    /// How much there is of one friend.
    pub(crate) fn of(&self, friend: u32) -> Total {
        self.totals.get(&friend).copied().unwrap_or_default()
    }

    /// How many can be read.
    pub(crate) fn readable(&self) -> usize {
        self.shown.len()
    }

    /// Gives a message its place among those that can be read.
    pub(crate) fn show(&mut self, id: u64, seq: u64) {
        if let Some(arrival) = self.arrivals.get_mut(&id) {
            self.held.remove(&arrival.held_at(id));
            if let Some(at) = arrival.group {
                self.held_there.remove(&(at.group, at.name));
            }
            arrival.seq = Some(seq);
            self.shown.insert(seq, id);
        }
    }

    /// What can be read after a number, oldest first.
    pub(crate) fn after(&self, seq: u64) -> impl Iterator<Item = (u64, u64, &Arrival)> {
        let from = (core::ops::Bound::Excluded(seq), core::ops::Bound::Unbounded);
        self.shown
            .range(from)
            .filter_map(|(seq, id)| Some((*seq, *id, self.arrivals.get(id)?)))
    }

    /// Those after a number and up to another that are to be forgotten, of one conversation or of all.
    pub(crate) fn between(&self, after: u64, up_to: u64, from: Option<&[u32]>) -> Vec<u64> {
        // The map has no empty range.
        let taken = self.shown.range(after.min(up_to)..=up_to);
        let taken = taken.filter(|(seq, _)| **seq > after).map(|(_, id)| *id);
        taken
            .filter(|id| {
                from.is_none_or(|nos| {
                    self.arrivals
                        .get(id)
                        .is_some_and(|a| nos.contains(&a.group.map_or(a.friend, |at| at.group)))
                })
            })
            .collect()
    }

    /// All of one friend, shown or held.
    pub(crate) fn all_of(&self, friend: u32) -> Vec<u64> {
        let theirs = self.arrivals.iter().filter(|(_, a)| a.friend == friend);
        theirs.map(|(id, _)| *id).collect()
    }

    /// One that waits in a group, by its name there.
    pub(crate) fn held_in(&self, group: u32, name: &[u8; 16]) -> Option<u64> {
        self.held_there.get(&(group, *name)).copied()
    }

    /// All that waits in a group, in the order in which its turn came.
    pub(crate) fn waiting_in(&self, group: u32) -> Vec<(u64, Heard)> {
        let all = self.held_there.range((group, [0; 16])..=(group, [255; 16]));
        let all = all.filter_map(|(_, id)| Some((*id, self.arrivals.get(id)?.group?)));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(id, at)| (at.turn, *id));
        all
    }

    /// Its turn has come, and it is not shown yet.
    pub(crate) fn give_turn(&mut self, id: u64, turn: u32) {
        if let Some(at) = self.arrivals.get_mut(&id).and_then(|it| it.group.as_mut()) {
            at.turn = turn;
        }
    }

    /// All of one group, shown or held.
    pub(crate) fn all_in(&self, group: u32) -> Vec<u64> {
        let there = |it: &Arrival| it.group.is_some_and(|at| at.group == group);
        let all = self.arrivals.iter().filter(|(_, it)| there(it));
        all.map(|(id, _)| *id).collect()
    }

    /// How many of a group can be read.
    pub(crate) fn readable_in(&self, group: u32) -> usize {
        let there = |id: &&u64| {
            let at = self.arrivals.get(id).and_then(|it| it.group);
            at.is_some_and(|at| at.group == group)
        };
        self.shown.values().filter(there).count()
    }

    /// Those of one friend that wait for others, in their author's order.
    pub(crate) fn held_by(&self, friend: u32) -> Vec<u64> {
        self.held_of(friend).map(|(_, _, id)| *id).collect()
    }

    /// When the oldest of all came, minutes since 1970.
    pub(crate) fn oldest_min(&self) -> Option<u32> {
        self.arrivals.values().map(|a| a.received_min).min()
    }

    /// Forgets one.
    pub(crate) fn forget(&mut self, id: u64) -> Option<Arrival> {
        let arrival = self.arrivals.remove(&id)?;
        match (arrival.seq, arrival.group) {
            (Some(seq), _) => drop(self.shown.remove(&seq)),
            (None, None) => drop(self.held.remove(&arrival.held_at(id))),
            (None, Some(at)) => drop(self.held_there.remove(&(at.group, at.name))),
        }
        self.total.remove(&arrival);
        if let Some(total) = self.totals.get_mut(&arrival.friend) {
            total.remove(&arrival);
        }
        Some(arrival)
    }

    /// Messages of one friend that can be shown now, in order, given the last one `shown`; and the
    /// place in their author's order that is reached by it.
    pub(crate) fn due(
        &self,
        friend: u32,
        mut shown: (u16, u32),
        minute: u32,
    ) -> (Vec<u64>, (u16, u32)) {
        // A clock that was set back by more than the wait is no reason to wait for it.
        let overdue = |id| {
            let since = self
                .arrivals
                .get(&id)
                .map_or(0, |a: &Arrival| a.received_min);
            minute.abs_diff(since) >= ORDER_WAIT_MINUTES
        };
        // Whoever waited too long takes all before it along.
        let forced = self.held_of(friend).rev().find(|(_, _, id)| overdue(*id));
        let mut due = Vec::new();
        for held @ (_, place, id) in self.held_of(friend) {
            let next = planted!(OrderForgotten)
                || *place <= shown
                || (place.0 == shown.0 && place.1 == shown.1.saturating_add(1))
                || (place.0 > shown.0 && place.1 == 1);
            if next || forced.is_some_and(|last| held <= last) {
                due.push(*id);
                shown = shown.max(*place);
            }
        }
        (due, shown)
    }

    /// The minute at which the first held message of a friend has waited enough.
    pub(crate) fn next_due_min(&self, friend: u32) -> Option<u32> {
        let held = self.held_of(friend);
        let since = held.filter_map(|(_, _, id)| Some(self.arrivals.get(id)?.received_min));
        since
            .min()
            .map(|since| since.saturating_add(ORDER_WAIT_MINUTES))
    }

    /// The first place in a friend's order that waits for those before it.
    pub(crate) fn first_held(&self, friend: u32) -> Option<(u16, u32)> {
        self.held_of(friend).next().map(|(_, place, _)| *place)
    }

    fn held_of(&self, friend: u32) -> impl DoubleEndedIterator<Item = &(u32, (u16, u32), u64)> {
        let (first, last) = ((0, 0), (u16::MAX, u32::MAX));
        self.held
            .range((friend, first, 0)..=(friend, last, u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(places: &[(u16, u32)]) -> Inbox {
        let arrival = |(incarnation, number)| Arrival {
            friend: 1,
            incarnation,
            number,
            received_min: 100,
            claimed_min: 100,
            length: 1,
            limit: 0,
            seq: None,
            group: None,
        };
        let arrivals = places
            .iter()
            .enumerate()
            .map(|(id, place)| (id as u64, arrival(*place)));
        Inbox::restore(arrivals.collect()).unwrap()
    }

    #[test]
    fn a_message_waits_for_those_before_it() {
        assert_eq!(inbox(&[(1, 3)]).due(1, (1, 1), 100), (vec![], (1, 1)));
        assert_eq!(
            inbox(&[(1, 3), (1, 2)]).due(1, (1, 1), 100),
            (vec![1, 0], (1, 3))
        );
    }

    #[test]
    fn after_a_day_it_is_shown_with_all_that_are_here_before_it() {
        let inbox = inbox(&[(1, 5), (1, 3), (1, 9)]);
        let (due, shown) = inbox.due(1, (1, 1), 100 + ORDER_WAIT_MINUTES);
        assert_eq!((due, shown), (vec![1, 0, 2], (1, 9)));
        assert_eq!(inbox.next_due_min(1), Some(100 + ORDER_WAIT_MINUTES));
    }

    #[test]
    fn one_that_comes_too_late_is_still_shown() {
        assert_eq!(inbox(&[(1, 2)]).due(1, (1, 7), 100), (vec![0], (1, 7)));
    }

    #[test]
    fn an_author_who_was_restored_begins_anew() {
        assert_eq!(inbox(&[(4, 1)]).due(1, (1, 7), 100), (vec![0], (4, 1)));
        assert_eq!(inbox(&[(4, 2)]).due(1, (1, 7), 100), (vec![], (1, 7)));
    }

    #[test]
    fn a_far_number_of_a_hostile_friend_overflows_nothing() {
        let (due, _) = inbox(&[(u16::MAX, u32::MAX)]).due(1, (u16::MAX, u32::MAX), u32::MAX);
        assert_eq!(due, [0]);
    }
}
