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
        if !self.is_greeted(from) || !self.answers(*asker) {
            return Toward::Nobody;
        }
        if self.reach.handle.as_ref() == Some(handle) {
            return Toward::Me;
        }
        let known = |(no, friend): &(&u32, &Friend)| {
            *no != asker && self.answers(**no) && friend.roads.handle.as_ref() == Some(handle)
        };
        let mut known = self.friends.iter().filter(known);
        let link = known.find_map(|(_, friend)| friend.live.link);
        let link = link.filter(|link| self.is_greeted(*link));
        link.map_or(Toward::Nobody, Toward::Link)
    }

    /// Asks some of those who are here to put me through to a friend for whom something waits: the one
    /// through whom it worked last each time, the others by turns. Addresses have had their turn then.
    pub(super) fn dial_through(&mut self, no: u32, attempt: u32, at_once: usize) {
        let waits = |friend: &&Friend| friend.outbox.has(|it| it.what != What::Addresses);
        let Some(friend) = self.friends.get(&no).filter(waits) else {
            return;
        };
        let Some(circuit) = friend.roads.handle.filter(|_| attempt > 0) else {
            return;
        };
        let (point, last) = (friend.point, friend.roads.last);
        let mut here = self.between(no);
        let first = (attempt as usize - 1).saturating_mul(CIRCUITS_AT_ONCE);
        let turn = first % here.len().max(1);
        here.rotate_left(turn);
        // Stable: behind the one that worked last the turn stays as it is.
        here.sort_by_key(|(via, _)| last != Some(Road::Through(*via)));
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
        let told = self.friends.get(&no).and_then(|f| f.roads.handle);
        let here = self.friends.iter().filter(|(via, it)| {
            told.is_some() && **via != no && self.greeted(it) && !self.is_stopped(it)
        });
        here.filter_map(|(via, it)| Some((*via, it.live.link?)))
            .filter(|(via, link)| self.answers(*via) && self.is_direct(*link))
            .collect()
    }

    /// Whether this link goes through nobody, as far as I know.
    fn is_direct(&self, link: ConnId) -> bool {
        let road = match self.conns.get(&link) {
            Some(Conn::Link(link)) => link.road,
            _ => None,
        };
        !matches!(road, Some(Road::Through(_)))
    }
}
