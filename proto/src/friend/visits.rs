//! Visits at boxes while the node runs: when the next one may be, and which box rests after one that
//! came to nothing. Nothing of it is stored; a start begins it anew. PROTOCOL §5.

use std::collections::{BTreeMap, BTreeSet};

use super::Redial;
use crate::limits::{ACK_IDS_MAX, BOX_REST_MS_MAX, BOX_REST_MS_MIN};
use crate::link::ConnId;
use crate::message::MessageId;
use crate::time::HOUR_MS;
use crate::wire::Addr;

const DAY_MS: u64 = 24 * HOUR_MS;

/// Visits for one friend.
#[derive(Default)]
pub(crate) struct Visits {
    /// When the next visit to a box of theirs may be, on the boot clock in milliseconds; nothing as long
    /// as nothing waits for it.
    pub leave_at_ms: Option<u64>,
    /// The one under way.
    pub leaving: Option<ConnId>,
    /// Boxes that had no room or could not be reached, by place: until when they rest, and how often
    /// in a row.
    rests: BTreeMap<u32, Redial>,
    /// Parcels that are not whole on my disk.
    pub unreadable: BTreeSet<u64>,
    /// Where somebody answered last at a box, by place; and at the one that they keep for me.
    worked: BTreeMap<u32, Addr>,
    pub fetched_at: Option<Addr>,
    /// When an offer of mine was left last.
    offer_left_ms: Option<u64>,
    /// An answer of mine that was left, by the offer that it answers, and when.
    answer_left: Option<([u8; 16], u64)>,
    /// When I look next into the box that this friend keeps for me.
    pub fetch: Redial,
    /// The visit there that is under way.
    pub fetching: Option<ConnId>,
    /// What is in the box that I keep for them: parcels, and bytes.
    pub kept: (u32, u64),
    /// Messages that came again by a keeper, to be acknowledged again.
    replays: BTreeSet<MessageId>,
    /// When the next acknowledgement of such may go.
    replays_at_ms: u64,
}

impl Visits {
    /// Whether a box is not to be tried at this moment; if so until when.
    pub(crate) fn rests_until(&self, place: u32, now_ms: u64) -> Option<u64> {
        let rest = self.rests.get(&place)?;
        (rest.at_ms > now_ms).then_some(rest.at_ms)
    }

    /// How often in a row a box could not be reached, of late: one that rested for long is as good as
    /// any other.
    pub(crate) fn failures(&self, place: u32, now_ms: u64) -> u32 {
        let rest = self.rests.get(&place);
        let late = rest.filter(|it| now_ms < it.at_ms.saturating_add(BOX_REST_MS_MAX));
        late.map_or(0, |rest| rest.attempt)
    }

    /// Another box is there, or the same one is elsewhere.
    pub(crate) fn begins_anew(&mut self, place: u32) {
        self.rests.remove(&place);
        self.worked.remove(&place);
    }

    /// Somebody answered here at a box.
    pub(crate) fn works(&mut self, place: u32, addr: Addr) {
        self.worked.insert(place, addr);
    }

    /// Where somebody answered there last.
    pub(crate) fn worked(&self, place: u32) -> Option<Addr> {
        self.worked.get(&place).copied()
    }

    /// A visit came to nothing. Each makes the next pause twice as long, up to `longest_ms`.
    pub(crate) fn failed(&mut self, place: u32, now_ms: u64, longest_ms: u64) {
        let attempt = self.failures(place, now_ms);
        let pause = BOX_REST_MS_MIN << attempt.min(16);
        let rest = Redial {
            at_ms: now_ms.saturating_add(pause.min(longest_ms)),
            attempt: attempt.saturating_add(1),
        };
        self.rests.insert(place, rest);
    }

    /// A box is full: no use to come back soon.
    pub(crate) fn full(&mut self, place: u32, now_ms: u64) {
        let at_ms = now_ms.saturating_add(BOX_REST_MS_MAX);
        self.rests.insert(place, Redial { at_ms, attempt: 1 });
    }

    /// A visit succeeded.
    pub(crate) fn succeeded(&mut self, place: u32) {
        self.rests.remove(&place);
    }

    /// Whether an offer is to be left, or left again.
    pub(crate) fn may_leave_offer(&self, now_ms: u64) -> bool {
        let left = self.offer_left_ms;
        left.is_none_or(|left| now_ms.saturating_sub(left) >= DAY_MS)
    }

    /// One was.
    pub(crate) fn offer_left(&mut self, now_ms: u64) {
        self.offer_left_ms = Some(now_ms);
    }

    /// Another one begins.
    pub(crate) fn offer_is_new(&mut self) {
        self.offer_left_ms = None;
    }

    /// Whether the answer to this offer is to be left, or left again.
    pub(crate) fn may_leave_answer(&self, offer: &[u8; 16], now_ms: u64) -> bool {
        let left = self.answer_left.as_ref();
        left.is_none_or(|(of, at)| of != offer || now_ms.saturating_sub(*at) >= DAY_MS)
    }

    /// It was.
    pub(crate) fn answer_left(&mut self, offer: [u8; 16], now_ms: u64) {
        self.answer_left = Some((offer, now_ms));
    }

    /// A message that is known came once more by another road than its author's link: not to be
    /// acknowledged before this moment.
    pub(crate) fn came_again(&mut self, id: MessageId, at_ms: u64) {
        if self.replays.is_empty() {
            self.replays_at_ms = self.replays_at_ms.max(at_ms);
        }
        if self.replays.len() < ACK_IDS_MAX {
            self.replays.insert(id);
        }
    }

    /// What may be acknowledged again now: once in an hour, whatever a keeper does.
    pub(crate) fn replays_due(&self, now_ms: u64) -> Option<&BTreeSet<MessageId>> {
        let due = !self.replays.is_empty() && self.replays_at_ms <= now_ms;
        due.then_some(&self.replays)
    }

    /// When that will be, if there are any.
    pub(crate) fn replays_at_ms(&self) -> Option<u64> {
        (!self.replays.is_empty()).then_some(self.replays_at_ms)
    }

    /// They are being acknowledged.
    pub(crate) fn take_replays(&mut self, now_ms: u64) -> BTreeSet<MessageId> {
        self.replays_at_ms = now_ms.saturating_add(HOUR_MS);
        core::mem::take(&mut self.replays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_fails_rests_longer_each_time_and_never_for_ever() {
        let mut visits = Visits::default();
        let mut before = 0;
        for _ in 0..40 {
            visits.failed(1, 1000, BOX_REST_MS_MAX);
            let until = visits.rests_until(1, 1000).unwrap() - 1000;
            assert!(until >= before && until <= BOX_REST_MS_MAX);
            before = until;
        }
        assert_eq!(before, BOX_REST_MS_MAX);
        assert_eq!(visits.rests_until(2, 1000), None, "others do not");
        visits.succeeded(1);
        assert_eq!(visits.rests_until(1, 1000), None);
    }

    #[test]
    fn what_failed_is_forgotten_an_hour_after_its_rest() {
        let mut visits = Visits::default();
        (0..3).for_each(|_| visits.failed(1, 1000, BOX_REST_MS_MAX));
        let until = visits.rests_until(1, 1000).unwrap();
        assert_eq!(visits.failures(1, until), 3, "the next one rests longer");
        assert_eq!(visits.failures(1, until + BOX_REST_MS_MAX), 0);
    }

    #[test]
    fn what_comes_again_and_again_is_acknowledged_once_an_hour() {
        let mut visits = Visits::default();
        let mut parcels = 0;
        for n in 0..1000u64 {
            let now_ms = n * HOUR_MS / 1000;
            visits.came_again([(n % 60) as u8; 16], 0);
            if visits.replays_due(now_ms).is_some() {
                assert!(visits.take_replays(now_ms).len() <= ACK_IDS_MAX);
                parcels += 1;
            }
        }
        assert_eq!(parcels, 1);
        assert!(visits.replays_due(HOUR_MS).is_some(), "and then again");
    }
}
