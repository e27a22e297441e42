//! Which flights of a friend are new: a number that only rises, with room for those that overtake.
//! No clock is trusted, none is needed. PROTOCOL §3 "Stamps".

use std::collections::BTreeSet;

use crate::limits::{STAMP_END, STAMPS_SEEN_MAX};

/// The stamps one door of one friend has accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Stamps {
    floor: u64,
    seen: BTreeSet<u64>,
}

impl Stamps {
    /// Whether a flight with this stamp may be answered; then it is seen, and that must be on the
    /// disk before the answer leaves.
    pub(crate) fn accept(&mut self, stamp: u64) -> bool {
        if stamp <= self.floor || stamp >= STAMP_END || !self.seen.insert(stamp) {
            return false;
        }
        if self.seen.len() > STAMPS_SEEN_MAX {
            // The highest goes: forged far-future stamps push each other out, not the friend.
            self.seen.pop_last();
        }
        true
    }

    /// Whether [`accept`](Self::accept) would say yes.
    pub(crate) fn would_accept(&self, stamp: u64) -> bool {
        stamp > self.floor && stamp < STAMP_END && !self.seen.contains(&stamp)
    }

    /// The handshake with this stamp was completed by the friend: nothing at or below it is new.
    pub(crate) fn settle(&mut self, stamp: u64) {
        self.floor = self.floor.max(stamp);
        self.seen = self.seen.split_off(&self.floor.saturating_add(1));
    }
}

/// The stamp of my next flight: above the last one sent, and near the time so that a friend who
/// forgot everything still lets me in. Store it before sending.
pub(crate) fn next(last_sent: u64, wall_ms: u64) -> u64 {
    let last_sent = if planted!(StampFalls) { 0 } else { last_sent };
    last_sent.saturating_add(1).max(wall_ms).min(STAMP_END - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unseen_stamps_above_the_floor_are_accepted() {
        let mut stamps = Stamps::default();
        assert!(!stamps.accept(0), "the floor itself");
        assert!(stamps.accept(10) && !stamps.accept(10), "equal");
        assert!(stamps.accept(5), "an older flight that was overtaken");
        stamps.settle(10);
        assert!(!stamps.accept(7) && !stamps.accept(10), "below the floor");
        assert!(
            !stamps.accept(STAMP_END) && !stamps.accept(u64::MAX),
            "beyond all clocks"
        );
        assert!(stamps.accept(11));
    }

    #[test]
    fn forged_far_future_stamps_lock_nobody_out() {
        let mut stamps = Stamps::default();
        stamps.accept(100);
        stamps.settle(100);
        for forged in 0..1000 {
            stamps.accept(STAMP_END - 1 - forged);
        }
        assert_eq!(stamps.seen.len(), STAMPS_SEEN_MAX);
        assert!(stamps.accept(101), "the friend's next flight is answered");
        assert!(
            !stamps.accept(101),
            "and remembered, since the highest went instead"
        );
    }

    #[test]
    fn clocks_of_1970_and_2106_still_give_a_higher_stamp() {
        assert_eq!(next(0, 0), 1);
        assert_eq!(next(1_795_000_000_000, 0), 1_795_000_000_001);
        assert_eq!(next(5, 4_294_967_295_000), 4_294_967_295_000);
        assert_eq!(next(u64::MAX, u64::MAX), STAMP_END - 1);
    }

    #[test]
    fn a_floor_at_the_end_of_all_numbers_takes_nothing_more() {
        let mut stamps = Stamps::default();
        stamps.settle(u64::MAX);
        assert!(!stamps.accept(1) && !stamps.accept(STAMP_END - 1));
    }
}
