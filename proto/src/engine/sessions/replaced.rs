//! One session takes another's place: the old one only listens from now on, and whatever it left
//! unacknowledged is sealed anew, under the same id, so that it is shown once. PROTOCOL §4.1 "Session
//! replaced".

use super::super::Engine;
use super::super::doors::Conn;
use super::super::saved::Saved;
use crate::friend::Previous;
use crate::ratchet::Session;

impl Engine {
    /// Makes this the session that speaks, going on from the past of the one before if both sides
    /// remember it.
    pub(super) fn replace(
        &mut self,
        no: u32,
        mut session: Session,
        root: [u8; 16],
        continuous: bool,
    ) {
        let age = self.age.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if let Some(keys) = friend.root(&root).filter(|_| continuous) {
            session.inherit(&friend.sessions.past(keys));
        }
        let number = session.number();
        let sessions = &mut friend.sessions;
        let old = sessions.active.replace(session);
        (sessions.wanted, sessions.lost_here) = (false, false);
        let renewed = old.is_some();
        if renewed && continuous {
            sessions.resets.replaced(age);
        }
        let before = old.and_then(|session| {
            let since = age;
            sessions.previous.replace(Previous { session, since })
        });
        friend.live.in_step = true;
        // Its numbers begin anew.
        friend.traffic.acknowledged = (0, 0);
        let unacknowledged = match planted!(ResetWithoutResealing) {
            true => Vec::new(),
            false => friend.outbox.seal_anew(|_| true),
        };
        // Also on a link that waits to be the friend's.
        for conn in self.conns.values_mut() {
            if let Conn::Link(link) = conn
                && link.friend == no
            {
                (link.stopped, link.apart) = (false, false);
            }
        }
        if let Some(before) = before {
            self.forget_session(no, &before.session);
        }
        self.sealed_anew(unacknowledged);
        if !continuous {
            self.expect_gap(no);
        }
        self.dirty.extend([
            Saved::Sessions(no),
            Saved::Session(no, number),
            Saved::Traffic(no),
        ]);
        if renewed {
            self.tell_renewed(no);
        }
    }

    /// These are to be sealed once more: the parcels they had are not sent any more.
    pub(super) fn sealed_anew(&mut self, ids: Vec<u64>) {
        for id in ids {
            self.sealed.remove(&id);
            self.mark(Saved::Entry(id));
            // What somebody keeps of it opens no more.
            let friends = self.friends.iter();
            let of = friends.filter(|(_, friend)| friend.outbox.left_at(id).is_some());
            if let Some(no) = of.map(|(no, _)| *no).next() {
                self.forget_left(no, id);
            }
        }
    }

    /// The session before this one is not heard any more. What honest friends said in it and nobody
    /// acknowledged they seal anew.
    pub(in crate::engine) fn forget_previous(&mut self, no: u32) {
        let friend = self.friends.get_mut(&no);
        let before = friend.and_then(|friend| friend.sessions.previous.take());
        if let Some(before) = before {
            self.forget_session(no, &before.session);
            self.mark(Saved::Sessions(no));
        }
    }

    /// The records of a session that is not one of this friend's any more.
    pub(in crate::engine) fn forget_session(&mut self, no: u32, session: &Session) {
        let number = session.number();
        self.mark(Saved::Session(no, number));
        self.mark_blocks(no, number, session.blocks());
    }
}
