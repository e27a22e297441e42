//! Which of two links with one friend stays. PROTOCOL §3 "One link per edge".

use crate::engine::doors::{Conn, Linked};
use crate::engine::saved::Saved;
use crate::engine::{ConnId, Effect, Engine};
use crate::friend::Friend;

impl Engine {
    /// Of two links, one that carries parcels takes the place of one that does not, and one of our own that
    /// of one through a friend; else the one that the lower IK dialled stays, unless it does not answer; of
    /// two by the same side, the newer.
    pub(super) fn choose(&mut self, no: u32, new: ConnId) {
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        let by_lower = |conn| {
            let link = self.conns.get(&conn);
            matches!(link, Some(Conn::Link(Linked { by_lower: true, .. })))
        };
        let stopped = |conn| {
            let link = self.conns.get(&conn);
            matches!(link, Some(Conn::Link(Linked { stopped: true, .. })))
        };
        let old = friend.live.link;
        let better = |old| match (self.is_direct(old), self.is_direct(new)) {
            (true, false) => true,
            (false, true) => false,
            _ => by_lower(old) && !by_lower(new),
        };
        let stays = |old: &ConnId| better(*old) && stopped(*old) <= stopped(new);
        match old.filter(stays) {
            Some(old) => {
                self.wait_as_spare(no, new);
                self.then(Effect::Probe(old));
            }
            None => {
                self.no_spare(no, new);
                self.adopt(no, new);
                old.into_iter().for_each(|old| self.drop_conn(old));
            }
        }
    }

    /// This link waits to take the other's place; one that did so before goes.
    pub(super) fn wait_as_spare(&mut self, no: u32, conn: ConnId) {
        let live = self.friends.get_mut(&no).map(|friend| &mut friend.live);
        let before = live.and_then(|live| live.spare.replace(conn));
        if let Some(before) = before.filter(|before| *before != conn) {
            self.drop_conn(before);
        }
    }

    /// No link waits any more; if another than this one did it goes.
    pub(in crate::engine) fn no_spare(&mut self, no: u32, conn: ConnId) {
        let live = self.friends.get_mut(&no).map(|friend| &mut friend.live);
        let before = live.and_then(|live| live.spare.take());
        if let Some(before) = before.filter(|before| *before != conn) {
            self.drop_conn(before);
        }
    }

    /// The link that had to answer did, or did not within 10 s.
    pub(in crate::engine) fn probed(&mut self, conn: ConnId, alive: bool) {
        let Some(Conn::Link(Linked { friend, .. })) = self.conns.get(&conn) else {
            return;
        };
        let no = *friend;
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        if friend.live.link != Some(conn) {
            return;
        }
        // Of one whose Hello has not come nobody knows yet what it is.
        let spare = friend.live.spare.filter(|spare| self.is_greeted(*spare));
        match (alive, spare) {
            (true, Some(_)) => self.no_spare(no, conn),
            (false, Some(spare)) => {
                self.no_spare(no, spare);
                self.adopt(no, spare);
                self.drop_conn(conn);
            }
            (_, None) => {}
        }
        let alone = |f: &Friend| f.live.link == Some(conn) && f.live.stale.is_none();
        if !alive && self.friends.get(&no).is_some_and(alone) {
            return self.lost(no, conn);
        }
        self.judge_stale(no, conn, alive);
    }

    /// Makes this the friend's link. What was under way on another goes by it.
    pub(super) fn adopt(&mut self, no: u32, conn: ConnId) {
        self.drop_stale(no);
        let redial = self.after_adoption(conn);
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.outbox.call_back();
            (friend.live.refused, friend.live.full) = (false, false);
            friend.live.link = Some(conn);
            (friend.live.by_post, friend.live.by_hand_until_ms) = (false, 0);
            friend.live.redial = redial;
            friend.traffic.rotation.links = friend.traffic.rotation.links.saturating_add(1);
            self.dirty.insert(Saved::Traffic(no));
        }
        self.stop_dials(no);
        if self.is_greeted(conn) {
            self.online(no, conn);
        }
    }
}
