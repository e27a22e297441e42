//! Messages that arrived: each once, in their author's order, until the person has them.
//!
//! A message that overtook others is held for a day at most; then it is shown and theirs, should
//! they still come, after it. Knows indexes only; the words lie in the store. PROTOCOL §4.5.

use std::collections::BTreeMap;

use crate::limits::ORDER_WAIT_MINUTES;

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
    /// Its place in what the person reads; none while it waits for those before it.
    pub seq: Option<u64>,
}

/// All messages that the person has not taken.
#[derive(Default)]
pub(crate) struct Inbox {
    pub arrivals: BTreeMap<u64, Arrival>,
    shown: BTreeMap<u64, u64>,
}

impl Inbox {
    /// As it was stored.
    pub(crate) fn restore(arrivals: BTreeMap<u64, Arrival>) -> Self {
        let shown = arrivals
            .iter()
            .filter_map(|(id, arrival)| Some((arrival.seq?, *id)))
            .collect();
        Self { arrivals, shown }
    }

    /// How many of one friend's messages are here.
    pub(crate) fn count(&self, friend: u32) -> usize {
        self.arrivals
            .values()
            .filter(|arrival| arrival.friend == friend)
            .count()
    }

    /// How many can be read.
    pub(crate) fn readable(&self) -> usize {
        self.shown.len()
    }

    /// Gives a message its place among those that can be read.
    pub(crate) fn show(&mut self, id: u64, seq: u64) {
        if let Some(arrival) = self.arrivals.get_mut(&id) {
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

    /// Those up to a number that are to be forgotten.
    pub(crate) fn up_to(&self, seq: u64, from: Option<u32>) -> Vec<u64> {
        let taken = self.shown.range(..=seq).map(|(_, id)| *id);
        taken
            .filter(|id| {
                from.is_none_or(|no| self.arrivals.get(id).is_some_and(|a| a.friend == no))
            })
            .collect()
    }

    /// Forgets one.
    pub(crate) fn forget(&mut self, id: u64) -> Option<Arrival> {
        let arrival = self.arrivals.remove(&id)?;
        if let Some(seq) = arrival.seq {
            self.shown.remove(&seq);
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
        let mut held: Vec<_> = self
            .arrivals
            .iter()
            .filter(|(_, arrival)| arrival.friend == friend && arrival.seq.is_none())
            .map(|(id, arrival)| {
                (
                    (arrival.incarnation, arrival.number),
                    arrival.received_min,
                    *id,
                )
            })
            .collect();
        held.sort_unstable();
        // Whoever waited too long takes all before it along.
        let waited_enough = held
            .iter()
            .rposition(|(_, since, _)| minute.saturating_sub(*since) >= ORDER_WAIT_MINUTES);
        let mut due = Vec::new();
        for (at, (place, _, id)) in held.into_iter().enumerate() {
            let next = place <= shown
                || (place.0 == shown.0 && place.1 == shown.1.saturating_add(1))
                || (place.0 > shown.0 && place.1 == 1)
                || waited_enough.is_some_and(|last| at <= last);
            if next {
                due.push(id);
                shown = shown.max(place);
            }
        }
        (due, shown)
    }

    /// The minute at which the first held message has waited enough.
    pub(crate) fn next_due_min(&self) -> Option<u32> {
        let held = self
            .arrivals
            .values()
            .filter(|arrival| arrival.seq.is_none());
        held.map(|arrival| arrival.received_min.saturating_add(ORDER_WAIT_MINUTES))
            .min()
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
            seq: None,
        };
        let arrivals = places
            .iter()
            .enumerate()
            .map(|(id, place)| (id as u64, arrival(*place)));
        Inbox::restore(arrivals.collect())
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
        assert_eq!(inbox.next_due_min(), Some(100 + ORDER_WAIT_MINUTES));
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
