//! Sessions with a friend, from the first offer to the last late parcel: when one has to begin, which
//! of several a parcel belongs to. PROTOCOL §3 "Hello", §4.1.
//!
//! ```text
//! offer.rs     A1, and what comes of its answer
//! answer.rs    A2, and what comes of the first parcel under it
//! replaced.rs  one session takes another's place; what was unacknowledged is sealed anew
//! parked.rs    one without a common past waits for a human
//! ```

mod answer;
mod offer;
mod parked;
mod replaced;

pub(super) use parked::{is_said, session_words};

use super::doors::{Conn, Linked, Place};
use super::saved::Saved;
use super::{ConnId, Engine, Event};
use crate::friend::{Role, Tried};
use crate::limits::RESEAL_CHAINS;
use crate::parcel::{Kind, Parcel};
use crate::ratchet::handshake;
use crate::ratchet::{Opened, RolledBack, Standing, Standings};

impl Engine {
    /// What the Hellos of a link say about both sides' sessions: whether parcels may go there, and
    /// whether a new session has to begin there.
    pub(super) fn compare_sessions(&mut self, no: u32, conn: ConnId, theirs: &Standings) {
        let Some(mine) = self.friends.get(&no).map(|f| f.sessions.standings()) else {
            return;
        };
        let speaks = |standings: &Standings| standings.active.map(|active| active.session);
        // One that began since this link's handshake did is younger than their Hello.
        let begun_since = matches!(
            self.conns.get(&conn),
            Some(Conn::Link(link)) if speaks(&link.before.sessions) != speaks(&mine)
        );
        let (rolled_back, standing) = match begun_since {
            true => (None, Standing::Together),
            false => (self.rolled_back(no, conn, theirs), mine.with(theirs)),
        };
        let last_resort = self.is_last_resort(conn);
        let in_step =
            rolled_back.is_none() && matches!(standing, Standing::First | Standing::Together);
        let held = !in_step && !last_resort && self.has_link_in_step(no, conn);
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let apart = match standing {
            Standing::First => friend.joined,
            Standing::Apart => true,
            Standing::Together | Standing::Waits => {
                rolled_back.is_some() && !mine.is_about_to_hear(theirs)
            }
        };
        // A link beside another says nothing about that one.
        if !held && (!last_resort || friend.live.link.is_none()) {
            friend.live.in_step = in_step;
        }
        let petname = friend.petname.as_str().to_owned();
        if let Some(Conn::Link(link)) = self.conns.get_mut(&conn) {
            link.greeted = true;
            link.stopped = !in_step;
            link.apart = apart && !mine.undecided(theirs);
            if held {
                link.place = Place::Held(Vec::new());
            }
        }
        // Whose disk is older, or that there are two, is known once the other link was probed.
        let rolled_back = rolled_back.filter(|_| !held);
        if rolled_back == Some(RolledBack::Mine) {
            self.expect_gap(no);
        }
        if let Some(side) = rolled_back {
            let mine = side == RolledBack::Mine;
            self.show(Event::RolledBack { petname, mine });
        }
    }

    /// Whether the session I speak in shows that a disk went back in time.
    fn rolled_back(&self, no: u32, conn: ConnId, theirs: &Standings) -> Option<RolledBack> {
        let Some(Conn::Link(Linked { before, .. })) = self.conns.get(&conn) else {
            return None;
        };
        let mine = self.friends.get(&no)?.sessions.standings();
        let mine = mine.active.or(mine.pending)?;
        let theirs = theirs.of(&mine.session)?;
        let then = before.sessions.of(&mine.session);
        // A parcel of mine that they had acknowledged, and do not know.
        let forgot = before
            .acknowledged_in(&mine.session)
            .is_some_and(|place| place >= (theirs.got_chain, theirs.got_n));
        mine.compare(then.as_ref(), &theirs)
            .or(forgot.then_some(RolledBack::Theirs))
    }

    /// A link is up and greeted: what is under way goes on, what has to begin begins.
    pub(super) fn settle_sessions(&mut self, no: u32, conn: ConnId) {
        let apart = matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked { apart: true, .. }))
        );
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        let under_way = friend.sessions.offer.is_some();
        if under_way || apart || friend.sessions.wanted {
            self.offer(no, conn);
        }
        self.repeat_third(no, conn);
    }

    /// What was sealed many turns ago and never acknowledged is sealed anew, before the friend
    /// forgets the chain it was sealed in; also between two who are never there together.
    pub(super) fn seal_late_anew(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let Some(session) = friend
            .sessions
            .active
            .as_ref()
            .filter(|_| friend.live.in_step || friend.live.by_post)
        else {
            return;
        };
        if let Some(last) = session.sent_chains().checked_sub(RESEAL_CHAINS) {
            let late = friend.outbox.seal_anew(|chain| chain <= last);
            self.sealed_anew(late);
        }
    }

    /// A chain that ended is followed by a new session, as soon as something waits for it.
    pub(super) fn follow_ended(&mut self, no: u32) {
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        let ended = friend
            .sessions
            .active
            .as_ref()
            .is_some_and(|s| s.has_ended());
        let waits = friend.outbox.waits() || friend.live.acks_at_ms().is_some();
        let link = friend.live.link.filter(|conn| self.is_greeted(*conn));
        if let Some(conn) = link.filter(|_| ended && waits && friend.sessions.offer.is_none()) {
            self.offer(no, conn);
        }
    }

    /// A parcel under one of the edge's handshake keys.
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
            // Where I offered nothing.
            if conn.is_some_and(|conn| self.is_stale(conn)) {
                return None;
            }
            self.session_begins(no, conn, root, &answer)
        }
    }

    /// Opens a ratchet parcel, on paper only, with whichever session it belongs to.
    pub(super) fn open_parcel(&mut self, no: u32, parcel: &Parcel<'_>) -> Option<(Role, Opened)> {
        match self.friends.get(&no)?.sessions.open(parcel) {
            Tried::Opened(role, opened) => return Some((role, *opened)),
            Tried::Forked => self.forked(no),
            Tried::Refused => {}
        }
        None
    }

    /// Two nodes speak with the same keys: the person is told, and a new session begins, which only
    /// one of the two will hold.
    fn forked(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if core::mem::replace(&mut friend.sessions.wanted, true) {
            return;
        }
        let petname = friend.petname.as_str().to_owned();
        let link = friend.live.link.filter(|conn| self.is_greeted(*conn));
        self.mark(Saved::Sessions(no));
        self.show(Event::Forked { petname });
        if let Some(conn) = link {
            self.offer(no, conn);
        }
    }

    /// The record of the session that speaks has changed.
    pub(super) fn mark_active(&mut self, no: u32) {
        let session = self
            .friends
            .get(&no)
            .and_then(|f| f.sessions.active.as_ref());
        if let Some(number) = session.map(|session| session.number()) {
            self.mark(Saved::Session(no, number));
        }
    }
}
