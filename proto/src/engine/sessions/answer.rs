//! A2: one for each A1, stored before it leaves, and what comes of the first parcel under the session
//! that it gave. Of two offers that cross, the same one stands at both ends. PROTOCOL §4.1.

use super::super::doors::{Conn, Linked};
use super::super::links::PARCEL;
use super::super::saved::Saved;
use super::super::{ConnId, Engine};
use crate::friend::{Friend, Pending};
use crate::limits::OFFERS_PER_MINUTE_MAX;
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::{self, Begun};

impl Engine {
    /// A1: the stamp is stored before A2 leaves; the same A1 gets the same A2, never another.
    pub(super) fn answer_offer(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        root: [u8; 16],
        tag: &[u8; 16],
        offer: &[u8],
    ) -> Option<()> {
        let (stamp, noise) = handshake::split_offer(offer)?;
        // Answers that are not read would pile up: one for each offer on a link.
        let stale = self.friends.get(&no).is_some_and(Friend::offers_in_vain);
        if !stale && conn.is_some_and(|conn| self.has_answered(conn, tag)) {
            return None;
        }
        let friend = self.friends.get_mut(&no)?;
        let pending = friend.sessions.pending.as_ref();
        let again = pending.is_some_and(|pending| pending.offer_tag == *tag);
        if !again && !friend.stamps_of_offers(&root)?.would_accept(stamp) {
            return None;
        }
        if friend.live.offered(self.now) > OFFERS_PER_MINUTE_MAX {
            return None;
        }
        // What I began is not for who comes by an older copy.
        let stale_link = conn.is_some_and(|conn| self.is_stale(conn));
        if stale_link && self.friends.get(&no)?.sessions.offer.is_some() {
            return None;
        }
        if self.mine_stands(no, noise)? {
            if let Some(conn) = conn {
                self.note_answered(conn, tag);
                self.repeat_offer(no, conn);
            }
            return Some(());
        }
        if !again {
            let session = self.respond(no, root, (stamp, tag), noise, stale_link)?;
            self.session_made(no, conn, &root, session, stamp);
        }
        let friend = self.friends.get(&no)?;
        let answer = friend.sessions.pending.as_ref()?.answer.clone();
        let link = friend.live.link.filter(|conn| self.is_greeted(*conn));
        let Some(conn) = conn.or(link) else {
            self.post_soon(no);
            return Some(());
        };
        self.note_answered(conn, tag);
        self.send_frame(conn, PARCEL, answer);
        Some(())
    }

    /// Whether an offer of mine is under way that this one has to give way to. If it is the other way
    /// round mine is dropped.
    fn mine_stands(&mut self, no: u32, noise: &[u8]) -> Option<bool> {
        let friend = self.friends.get_mut(&no)?;
        let Some(mine) = &friend.sessions.offer else {
            return Some(false);
        };
        if planted!(GlareBothWin) {
            return Some(false);
        }
        // One under a root that is gone nobody can answer.
        let stands = friend.root(&mine.root).is_some();
        // One that was sent so often is one that nobody can answer: an older disk repeats what the
        // other side has long settled. It gives way, whatever the tie says.
        if stands && !friend.offers_in_vain() && mine.offer.tie() < handshake::tie_of(noise) {
            return Some(true);
        }
        friend.sessions.offer = None;
        self.mark(Saved::Sessions(no));
        Some(false)
    }

    /// Computes the one answer to an offer.
    fn respond(
        &mut self,
        no: u32,
        root: [u8; 16],
        (stamp, tag): (u64, &[u8; 16]),
        noise: &[u8],
        stale_link: bool,
    ) -> Option<[u8; 32]> {
        let age = self.age.minutes();
        let friend = self.friends.get_mut(&no)?;
        if !friend.stamps_of_offers(&root)?.accept(stamp) {
            return None;
        }
        self.dirty.insert(Saved::Traffic(no));
        let (keys, [me, them]) = friend.edges.between(&root)?;
        // Beside a healthy link no past is shared: a human decides which of the two it is.
        let past = match stale_link {
            true => Past::default(),
            false => friend.sessions.past(keys),
        };
        let answered =
            handshake::respond(keys, self.me.of(me), them, noise, &past, &mut self.entropy);
        let (begun, answer) = answered.ok()?;
        let Begun {
            session,
            continuous,
        } = begun;
        let asks = friend.sessions.active.is_some() && friend.sessions.resets.ask(age);
        let session = friend.sessions.number(session);
        self.drop_pending(no);
        let friend = self.friends.get_mut(&no)?;
        let (number, id) = (session.number(), *session.id());
        if friend.edges.proved(&root) {
            self.dirty.insert(Saved::Friend(no));
        }
        friend.sessions.pending = Some(Pending {
            session,
            continuous: (continuous || planted!(ContinuityIgnored)) && !asks,
            stamp,
            offer_tag: *tag,
            root,
            answer,
        });
        self.dirty.extend([
            Saved::Sessions(no),
            Saved::Session(no, number),
            Saved::Answer(no),
        ]);
        Some(id)
    }

    /// A session that nobody will ever speak in goes, with the answer that gave it.
    pub(super) fn drop_pending(&mut self, no: u32) {
        let friend = self.friends.get_mut(&no);
        if let Some(pending) = friend.and_then(|friend| friend.sessions.pending.take()) {
            self.forget_session(no, &pending.session);
            self.dirty.extend([Saved::Sessions(no), Saved::Answer(no)]);
        }
    }

    fn has_answered(&self, conn: ConnId, tag: &[u8; 16]) -> bool {
        matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked { answered: Some(answered), .. })) if answered == tag
        )
    }

    fn note_answered(&mut self, conn: ConnId, tag: &[u8; 16]) {
        if let Some(Conn::Link(link)) = self.conns.get_mut(&conn) {
            link.answered = Some(*tag);
        }
    }

    /// A3 came. The pending session is the session; or, if it shares no past with the one that
    /// speaks, it waits for a human. Says whether it speaks.
    pub(in crate::engine) fn session_confirmed(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
    ) -> Option<bool> {
        let stale_link = conn.is_some_and(|conn| self.is_stale(conn));
        let age = self.age.minutes();
        let friend = self.friends.get_mut(&no)?;
        let pending = friend.sessions.pending.take()?;
        // Under the last resort only a human moves the floor.
        let keys = friend.edges.keys(&pending.root);
        if keys.is_some_and(|keys| !keys.is_recovery()) {
            friend.traffic.ake_stamps.settle(pending.stamp);
        }
        // Whatever I began meanwhile was about the session before.
        if !stale_link {
            friend.sessions.offer = None;
        }
        if friend.keep_root(&pending.root, age) | friend.edges.settle(&pending.root) {
            self.dirty.insert(Saved::Friend(no));
        }
        let friend = self.friends.get(&no)?;
        let stands = pending.continuous && !stale_link || friend.sessions.lost_here;
        self.dirty
            .extend([Saved::Sessions(no), Saved::Answer(no), Saved::Traffic(no)]);
        if stands {
            self.replace(no, pending.session, pending.root, pending.continuous);
        } else {
            self.park(no, pending.session, None);
        }
        self.follow_identity(no, pending.continuous || !stands);
        Some(stands)
    }
}
