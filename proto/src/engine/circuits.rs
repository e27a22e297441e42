//! Ways through a friend: whom I ask to put me through, whom I put through to whom, and by which handle.
//! What goes through is the mute door's and a link's, end to end: who is in between passes on bytes.
//! Nothing of it is stored but the road that worked last. PROTOCOL §5 "Circuit".

use super::doors::{Conn, Linked, Whom};
use super::{ConnId, Effect, Engine};
use crate::friend::{Friend, Road, What};
use crate::limits::CIRCUITS_AT_ONCE;

/// Where a circuit goes that a friend asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// To me: what comes by it stands before my door.
    Me,
    /// On, by this link.
    Link(ConnId),
    /// To nobody I know: not a byte of answer.
    Nobody,
}

impl Engine {
    /// Where the circuit goes that the friend at the end of this link asks for. Changes nothing and may be
    /// called at any time.
    pub fn circuit(&self, from: ConnId, handle: &[u8; 16]) -> Toward {
        let Some(Conn::Link(Linked { friend: asker, .. })) = self.conns.get(&from) else {
            return Toward::Nobody;
        };
        let ways = self.settings.ways;
        if !ways.circuits() || !self.is_greeted(from) || !self.answers(*asker) {
            return Toward::Nobody;
        }
        if self.reach.handle.as_ref() == Some(handle) {
            return Toward::Me;
        }
        if !ways.carries() {
            return Toward::Nobody;
        }
        let known = |(no, friend): &(&u32, &Friend)| {
            *no != asker && self.answers(**no) && friend.roads.handle.as_ref() == Some(handle)
        };
        let mut known = self.friends.iter().filter(known);
        let link = known.find_map(|(_, friend)| friend.live.link);
        let link = link.filter(|link| self.is_greeted(*link));
        link.map_or(Toward::Nobody, Toward::Link)
    }

    /// Asks some of those who are here to put me through to a friend for whom something waits. Addresses
    /// have had their turn then.
    pub(super) fn dial_through(&mut self, no: u32, attempt: u32, at_once: usize) {
        let waits = |friend: &&Friend| friend.outbox.has(|it| it.what != What::Addresses);
        let Some(friend) = self.friends.get(&no).filter(waits) else {
            return;
        };
        let Some(circuit) = friend.roads.handle.filter(|_| attempt > 0) else {
            return;
        };
        let (point, dropped_by) = (friend.point, friend.live.dropped_by);
        let last = friend.roads.last.and_then(Road::via);
        let here = in_turn(self.between(no), attempt, last, dropped_by);
        let handle = self.handle_of(&point);
        for (via, link) in here.into_iter().take(at_once.min(CIRCUITS_AT_ONCE)) {
            let (whom, road) = (Whom::Friend(no), Road::Through(via));
            let conn = self.new_dial(whom, road);
            self.then(Effect::DialThrough {
                conn,
                handle,
                via: link,
                circuit,
            });
        }
    }

    /// Those who could put me through to a friend who told me what leads to them, and their links.
    pub(super) fn between(&self, no: u32) -> Vec<(u32, ConnId)> {
        if !self.settings.ways.circuits() {
            return Vec::new();
        }
        let told = self.friends.get(&no).and_then(|f| f.roads.handle);
        let here = self.friends.iter().filter(|(via, it)| {
            told.is_some() && **via != no && self.greeted(it) && !self.is_stopped(it)
        });
        here.filter_map(|(via, it)| Some((*via, it.live.link?)))
            .filter(|(via, link)| self.answers(*via) && self.is_direct(*link))
            .collect()
    }

    /// Whether this link goes through nobody.
    pub(super) fn is_direct(&self, link: ConnId) -> bool {
        let link = self.conns.get(&link);
        !matches!(link, Some(Conn::Link(Linked { through: true, .. })))
    }
}

/// Who of those in between is asked by this attempt, in this order: the one through whom it worked last
/// each time, the others by turns. Only whoever was there when such a link ended comes after all others,
/// and every other time not at all: they could let each begin, and hold it.
fn in_turn(
    mut here: Vec<(u32, ConnId)>,
    attempt: u32,
    last: Option<u32>,
    dropped_by: Option<u32>,
) -> Vec<(u32, ConnId)> {
    let dropped = |via: u32| dropped_by == Some(via);
    if attempt % 2 == 1 && here.iter().any(|(via, _)| !dropped(*via)) {
        here.retain(|(via, _)| !dropped(*via));
    }
    let first = (attempt.saturating_sub(1) as usize).saturating_mul(CIRCUITS_AT_ONCE);
    let turn = first % here.len().max(1);
    here.rotate_left(turn);
    // Stable: behind the one that worked last the turn stays as it is.
    here.sort_by_key(|(via, _)| (dropped(*via), last != Some(*via)));
    here
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(attempt: u32, last: Option<u32>, dropped_by: Option<u32>) -> Vec<u32> {
        let here = (1..=5).map(|via| (via, ConnId(via.into()))).collect();
        let here = in_turn(here, attempt, last, dropped_by);
        here.into_iter().map(|(via, _)| via).collect()
    }

    #[test]
    fn who_worked_last_is_asked_each_time_and_the_others_by_turns() {
        assert_eq!(asked(1, None, None), [1, 2, 3, 4, 5]);
        assert_eq!(asked(2, None, None), [3, 4, 5, 1, 2]);
        assert_eq!(asked(2, Some(1), None), [1, 3, 4, 5, 2]);
    }

    /// Attack 92: whoever lets a handshake through, and then nothing, has no second turn before others.
    #[test]
    fn who_was_in_between_when_it_ended_is_asked_after_all_others_or_not_at_all() {
        assert_eq!(asked(1, Some(1), Some(1)), [2, 3, 4, 5]);
        assert_eq!(asked(2, Some(1), Some(1)), [3, 4, 5, 2, 1]);
        let alone = vec![(1, ConnId(1))];
        for attempt in 1..4 {
            let here = in_turn(alone.clone(), attempt, Some(1), Some(1));
            assert_eq!(here, alone, "if there is nobody else");
        }
        assert!(in_turn(vec![], 1, None, Some(1)).is_empty());
    }
}
