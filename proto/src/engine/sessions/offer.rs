//! A1: made once, sent at each link-up, soon again and every hour with the same bytes until its answer
//! comes, and what comes of that answer. Either side may begin. PROTOCOL §4.1.

use super::super::doors::{Conn, Linked};
use super::super::links::PARCEL;
use super::super::saved::Saved;
use super::super::{ConnId, Engine, Event};
use crate::friend::{Friend, Offered, What};
use crate::limits::OFFER_AGAIN_MS;
use crate::link::stamps;
use crate::ratchet::handshake::{Begun, Offer};
use crate::time::HOUR_MS;

impl Engine {
    /// Begins a session on a link, or repeats the offer that is under way.
    pub(in crate::engine) fn offer(&mut self, no: u32, conn: ConnId) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.offers_sent = friend.live.offers_sent.saturating_add(1);
        }
        self.forget_offer_of_lost_root(no, conn);
        let drawn = self
            .friends
            .get(&no)
            .is_some_and(|f| f.sessions.offer.is_some());
        if drawn || self.draw_offer(no, Some(conn)).is_some() {
            self.repeat_offer(no, conn);
        }
        self.offer_again(no);
    }

    /// Twice soon, then every hour.
    fn offer_again(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let after_ms = match friend.live.offers_sent {
            0..=1 => OFFER_AGAIN_MS,
            _ => HOUR_MS,
        };
        let again_ms = self.now.boot_ms.saturating_add(after_ms);
        friend.live.offer_again_ms = again_ms;
        self.wake_by(again_ms);
    }

    /// An offer under a root that is gone can be answered by nobody.
    fn forget_offer_of_lost_root(&mut self, no: u32, conn: ConnId) {
        let last_resort = self.is_last_resort(conn);
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let root = friend.sessions.offer.as_ref().map(|offered| offered.root);
        let gone = |root: [u8; 16]| match friend.root(&root) {
            None => true,
            // They may hold nothing else than what this link stands under.
            Some(keys) => last_resort && !keys.is_recovery(),
        };
        if root.is_some_and(gone) {
            friend.sessions.offer = None;
        }
    }

    fn draw_offer(&mut self, no: u32, conn: Option<ConnId>) -> Option<()> {
        let root = match conn.map(|conn| self.conns.get(&conn)) {
            Some(Some(Conn::Link(Linked { root, .. }))) => Some(*root),
            Some(_) => return None,
            None => None,
        };
        let age = self.age.minutes();
        let friend = self.friends.get_mut(&no)?;
        let root = root.or_else(|| Some(friend.edges.one()?.dialled().name))?;
        // Who came back from a backup knows nothing newer for sure.
        let recovers = friend.traffic.rotation.recovers;
        let edge = friend.edges.of(&root).or_else(|| friend.edges.one());
        // One that a human has confirmed begins under the friend's new identity.
        let root = match (friend.edges.follows(&friend.point), edge) {
            (_, Some(edge)) if recovers => edge.last_resort().name,
            (Some(next), _) => next.dialled().name,
            // The root of an old link may be gone.
            (None, Some(edge)) if !edge.has(&root) => edge.dialled().name,
            _ => root,
        };
        let first = friend.sessions.active.is_none();
        if !first && friend.sessions.resets.offer(age) {
            return None;
        }
        let keys = friend.edges.keys(&root)?;
        let past = friend.sessions.past(keys);
        let offer = Offer::draw(keys, past, &mut self.entropy);
        let stamp = stamps::next(friend.traffic.last_stamp, self.now.wall_ms);
        friend.traffic.last_stamp = stamp;
        friend.sessions.offer = Some(Offered { offer, stamp, root });
        friend.live.offers_sent = 0;
        friend.live.visits.offer_is_new();
        self.dirty.extend([Saved::Sessions(no), Saved::Traffic(no)]);
        Some(())
    }

    /// Sends A1, the same bytes each time.
    pub(super) fn repeat_offer(&mut self, no: u32, conn: ConnId) -> Option<()> {
        let parcel = self.offer_parcel(no)?;
        self.send_frame(conn, PARCEL, parcel);
        Some(())
    }

    fn offer_parcel(&self, no: u32) -> Option<Vec<u8>> {
        let friend = self.friends.get(&no)?;
        let Offered { offer, stamp, root } = friend.sessions.offer.as_ref()?;
        let (keys, [me, them]) = friend.edges.between(root)?;
        offer.parcel(keys, self.me.of(me), them, *stamp).ok()
    }

    /// Whether a session has to begin with a friend who is away.
    pub(in crate::engine) fn must_offer_by_post(&self, no: u32) -> bool {
        self.friends.get(&no).is_some_and(|friend| {
            let sessions = &friend.sessions;
            let ended = sessions.active.as_ref().is_some_and(|s| s.has_ended());
            let waits = friend.outbox.waits() || friend.live.acks_at_ms().is_some();
            sessions.offer.is_some() || sessions.wanted || ended && waits
        })
    }

    /// A1 as it is left with a keeper: the one that is under way, or a new one.
    pub(in crate::engine) fn offer_by_post(&mut self, no: u32) -> Option<Vec<u8>> {
        let drawn = self.friends.get(&no)?.sessions.offer.is_some();
        if !drawn {
            self.draw_offer(no, None)?;
        }
        self.offer_parcel(no)
    }

    /// Repeats offers that an hour has not answered, and begins what could not begin then.
    pub(in crate::engine) fn repeat_offers(&mut self) {
        let now_ms = self.now.boot_ms;
        let must = |friend: &Friend| {
            let conn = friend.live.link.filter(|conn| self.is_greeted(*conn))?;
            let apart = matches!(self.conns.get(&conn), Some(Conn::Link(link)) if link.apart);
            let must = apart || friend.sessions.wanted || friend.sessions.offer.is_some();
            must.then_some((conn, friend.live.offer_again_ms))
        };
        let open = self.friends.iter();
        let open = open.filter_map(|(no, friend)| Some((*no, must(friend)?)));
        for (no, (conn, again_ms)) in open.collect::<Vec<_>>() {
            if again_ms <= now_ms {
                self.offer(no, conn);
            } else {
                self.wake_by(again_ms);
            }
        }
    }

    /// A2: the session is here. Whatever the other side began meanwhile is void: it dropped that
    /// when it answered.
    pub(super) fn session_begins(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        root: [u8; 16],
        answer: &[u8],
    ) -> Option<()> {
        let age = self.age.minutes();
        let friend = self.friends.get_mut(&no)?;
        let (keys, [me, them]) = friend.edges.between(&root)?;
        let offered = friend.sessions.offer.as_ref()?;
        let begun = offered
            .offer
            .finish(keys, self.me.of(me), them, answer)
            .ok()?;
        let Begun {
            session,
            continuous,
        } = begun;
        let session = friend.sessions.number(session);
        friend.sessions.offer = None;
        let stands = friend.sessions.active.is_none() || !friend.sessions.resets.ask(age);
        let stands = continuous && stands || friend.sessions.lost_here;
        let id = *session.id();
        if friend.keep_root(&root, age) | friend.edges.settle(&root) {
            self.dirty.insert(Saved::Friend(no));
        }
        self.drop_pending(no);
        self.mark(Saved::Sessions(no));
        if !stands {
            self.park_mine(no, session);
            self.session_made(no, conn, &root, id, 0);
            self.follow_identity(no, true);
            return Some(());
        }
        self.replace(no, session, root, continuous);
        self.session_made(no, conn, &root, id, 0);
        self.follow_identity(no, continuous);
        let silent = self.friends.get(&no).is_some_and(|f| f.outbox.len() == 0);
        if silent {
            self.new_entry(no, What::Confirm);
        }
        self.seal_waiting(no);
        self.flush(no);
        self.rotate_when_due(no);
        Some(())
    }

    /// The person is told that a conversation goes on in a new session, which is no accident of every
    /// day.
    pub(super) fn tell_renewed(&mut self, no: u32) {
        let petname = self.petname(no);
        self.show(Event::Renewed { petname });
    }
}
