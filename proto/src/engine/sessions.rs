//! How a session with a friend begins: the joiner offers at each link-up, always the same bytes; the
//! inviter answers each offer once; the first parcel under it makes it the session. PROTOCOL §4.1.

use super::doors::{Conn, Linked};
use super::links::PARCEL;
use super::saved::Saved;
use super::{ConnId, Engine};
use crate::friend::{Offered, Pending, What};
use crate::link::stamps;
use crate::parcel::{Kind, Parcel};
use crate::ratchet::handshake::{self, Offer};

impl Engine {
    /// The joiner begins the session: A1 at each link-up until A2 came, always the same bytes.
    pub(super) fn offer(&mut self, no: u32, conn: ConnId) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if !friend.joined || friend.sessions.active.is_some() {
            return;
        }
        if friend.sessions.offer.is_none() {
            let Some(Conn::Link(Linked { root, .. })) = self.conns.get(&conn) else {
                return;
            };
            let Some(keys) = friend.root(root) else {
                return;
            };
            let offer = Offer::draw(keys, &mut self.entropy);
            let stamp = stamps::next(friend.traffic.last_stamp, self.now.wall_ms);
            friend.traffic.last_stamp = stamp;
            let root = *root;
            friend.sessions.offer = Some(Offered { offer, stamp, root });
            self.dirty.extend([Saved::Sessions(no), Saved::Traffic(no)]);
        }
        let Some(Offered { offer, stamp, root }) = &friend.sessions.offer else {
            return;
        };
        let keys = friend.root(root);
        let parcel = keys.map(|keys| offer.parcel(keys, &self.me, &friend.point, *stamp));
        if let Some(Ok(parcel)) = parcel {
            self.send_frame(conn, PARCEL, parcel);
        }
    }

    pub(super) fn ake(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        root: [u8; 16],
        parcel: &Parcel<'_>,
    ) -> Option<()> {
        let header = &self.friends.get(&no)?.root(&root)?.from.ake_header;
        if let Some(offer) = handshake::open(Kind::Ake1, header, parcel) {
            self.answer_offer(no, conn, root, parcel.hdr_tag, &offer)
        } else {
            let answer = handshake::open(Kind::Ake2, header, parcel)?;
            self.session_begins(no, root, &answer)
        }
    }

    /// A1: the stamp is stored before A2 leaves; the same A1 gets the same A2, never another.
    pub(super) fn answer_offer(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        root: [u8; 16],
        tag: &[u8; 16],
        offer: &[u8],
    ) -> Option<()> {
        // A joiner offers once on each link; more would pile up answers that it does not read.
        if conn.is_some_and(|conn| self.has_answered(conn)) {
            return None;
        }
        let friend = self.friends.get_mut(&no)?;
        if friend.sessions.active.is_some() {
            return None;
        }
        let again = friend
            .sessions
            .pending
            .as_ref()
            .filter(|pending| pending.offer_tag == *tag);
        if again.is_none() {
            let (stamp, noise) = handshake::split_offer(offer)?;
            if !friend.traffic.ake_stamps.accept(stamp) {
                return None;
            }
            self.dirty.insert(Saved::Traffic(no));
            let keys = friend.roots.iter().find(|keys| keys.name == root)?;
            let (session, answer) =
                handshake::respond(keys, &self.me, &friend.point, noise, &mut self.entropy).ok()?;
            friend.sessions.pending = Some(Pending {
                session,
                stamp,
                offer_tag: *tag,
                root,
                answer,
            });
            self.dirty.extend([Saved::Sessions(no), Saved::Answer(no)]);
        }
        let answer = friend.sessions.pending.as_ref()?.answer.clone();
        let conn = conn.or(friend.live.link)?;
        if let Some(Conn::Link(link)) = self.conns.get_mut(&conn) {
            link.answered = true;
        }
        self.send_frame(conn, PARCEL, answer);
        Some(())
    }

    pub(super) fn has_answered(&self, conn: ConnId) -> bool {
        matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked { answered: true, .. }))
        )
    }

    /// A2: the session is here; A3 is the first thing there is to say, or a confirmation.
    pub(super) fn session_begins(&mut self, no: u32, root: [u8; 16], answer: &[u8]) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        let keys = friend.roots.iter().find(|keys| keys.name == root)?;
        let offered = friend.sessions.offer.as_ref()?;
        let session = offered
            .offer
            .finish(keys, &self.me, &friend.point, answer)
            .ok()?;
        friend.sessions.active = Some(session);
        friend.live.in_step = true;
        friend.sessions.offer = None;
        if friend.keep_root(&root) {
            self.dirty.insert(Saved::Friend(no));
        }
        let silent = friend.outbox.len() == 0;
        self.mark(Saved::Sessions(no));
        if silent {
            self.new_entry(no, What::Confirm);
        }
        self.seal_waiting(no);
        self.flush(no);
        Some(())
    }

    /// A3 came: the pending session is the session.
    pub(super) fn session_confirmed(&mut self, no: u32) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        let pending = friend.sessions.pending.take()?;
        friend.traffic.ake_stamps.settle(pending.stamp);
        friend.sessions.active = Some(pending.session);
        friend.live.in_step = true;
        if friend.keep_root(&pending.root) {
            self.dirty.insert(Saved::Friend(no));
        }
        self.dirty
            .extend([Saved::Sessions(no), Saved::Answer(no), Saved::Traffic(no)]);
        Some(())
    }
}
