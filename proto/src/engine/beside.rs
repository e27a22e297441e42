//! Links that live beside the friend's own and take the place of none: one under the last resort, and one
//! whose Hello is older than what a link that is alive has shown. The second is a copy's: two machines
//! speak with the same keys, and only a human can say which is the friend. PROTOCOL §3 "One link per
//! edge", "Hello".

use super::doors::{Conn, Linked, Place};
use super::{ConnId, Effect, Engine, Event};
use crate::limits::BUCKETS;

impl Engine {
    fn place(&self, conn: ConnId) -> Option<&Place> {
        match self.conns.get(&conn) {
            Some(Conn::Link(link)) => Some(&link.place),
            _ => None,
        }
    }

    /// Whether this is a link under the last resort.
    pub(super) fn is_last_resort(&self, conn: ConnId) -> bool {
        matches!(self.place(conn), Some(Place::LastResort(_)))
    }

    /// Whether this link is known to be older than one that is alive.
    pub(super) fn is_stale(&self, conn: ConnId) -> bool {
        matches!(self.place(conn), Some(Place::Stale))
    }

    /// Whether this link waits to be known as such.
    pub(super) fn is_held(&self, conn: ConnId) -> bool {
        matches!(self.place(conn), Some(Place::Held(_)))
    }

    /// Whether the friend has another link, on which both sides remember the same.
    pub(super) fn has_link_in_step(&self, no: u32, beside: ConnId) -> bool {
        let link = self.friends.get(&no).and_then(|friend| friend.live.link);
        let link = link.filter(|link| *link != beside);
        matches!(
            link.and_then(|link| self.conns.get(&link)),
            Some(Conn::Link(Linked {
                greeted: true,
                stopped: false,
                ..
            }))
        )
    }

    /// A link under the last resort takes the place of another such link, and of no other.
    pub(super) fn put_beside(&mut self, no: u32, conn: Option<ConnId>) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let old = core::mem::replace(&mut friend.live.beside, conn);
        if friend.live.link.is_none() {
            friend.outbox.call_back();
        }
        if let Some(old) = old {
            self.drop_conn(old);
        }
    }

    /// The Hello of this link is older than what the friend's link has shown. That one has to answer:
    /// if it does, another machine is at the end of this one; if not, the friend's disk went back.
    pub(super) fn put_stale(&mut self, no: u32, conn: ConnId) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let before = friend.live.stale.replace(conn);
        if friend.live.spare == Some(conn) {
            friend.live.spare = None;
        }
        let link = friend.live.link;
        before.into_iter().for_each(|before| self.drop_conn(before));
        link.into_iter()
            .for_each(|link| self.then(Effect::Probe(link)));
    }

    /// Keeps what came last: it is the first parcel of a handshake, or nothing of worth.
    pub(super) fn hold(&mut self, conn: ConnId, parcel: &[u8]) {
        if let Some(Conn::Link(Linked {
            place: Place::Held(held),
            ..
        })) = self.conns.get_mut(&conn)
            && parcel.len() <= BUCKETS[0]
        {
            *held = parcel.to_vec();
        }
    }

    /// The friend's link answered, or did not: then both begin anew, and nothing is beside anything.
    pub(super) fn judge_stale(&mut self, no: u32, link: ConnId, alive: bool) {
        let Some(stale) = self.friends.get(&no).and_then(|friend| friend.live.stale) else {
            return;
        };
        if !alive {
            return self.lost(no, link);
        }
        let Some(Conn::Link(linked)) = self.conns.get_mut(&stale) else {
            return;
        };
        let begins = linked.apart;
        let Place::Held(parcel) = core::mem::replace(&mut linked.place, Place::Stale) else {
            return;
        };
        if begins {
            let petname = self.petname(no);
            self.show(Event::Forked { petname });
        }
        self.parcel(no, Some(stale), &parcel);
    }

    /// What was beside a link begins anew without it.
    pub(super) fn drop_stale(&mut self, no: u32) {
        let live = self.friends.get_mut(&no).map(|friend| &mut friend.live);
        if let Some(stale) = live.and_then(|live| live.stale.take()) {
            self.drop_conn(stale);
        }
    }
}
