//! Connections that speak: the Hello that comes first, which of two links stays, and when a friend
//! is dialled again. PROTOCOL §3 "One link per edge", "Hello"; TRANSPORT "Ways to reach a friend".

use super::doors::{Conn, Linked, Whom};
use super::saved::Saved;
use super::{Body, ConnId, Effect, Engine, Event};
use crate::friend::{Friend, Redial};
use crate::limits::{ADDRS_AT_ONCE, DIALS_MAX, REDIAL_MS_MAX, REDIAL_MS_MIN};
use crate::link::hello::{self, Progress, RolledBack};
use crate::secret::Said;

/// Frame types. §3
pub(super) const HELLO: u8 = 1;
pub(super) const PARCEL: u8 = 2;

/// How far things were with a friend when a handshake began. Whatever the peer says on that link it
/// says later, so it must know at least this.
pub(super) struct Before {
    sessions: Vec<Progress>,
    acknowledged: (u32, u32),
}

impl Engine {
    /// Whether parcels flow between us and this friend.
    pub(super) fn greeted(&self, friend: &Friend) -> bool {
        friend.live.link.is_some_and(|conn| self.is_greeted(conn))
    }

    fn is_greeted(&self, conn: ConnId) -> bool {
        matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked { greeted: true, .. }))
        )
    }

    /// Both ends have authenticated: this root is the one we share, this stamp is spent.
    pub(super) fn opened(&mut self, conn: ConnId) {
        let Some(Conn::Shaken {
            friend: no,
            root,
            stamp,
            addr,
            before,
        }) = self.conns.remove(&conn)
        else {
            return self.drop_conn(conn);
        };
        // Another root may have been kept since the handshake: then this one is nobody's any more.
        let friend = self.friends.get_mut(&no);
        let Some(friend) = friend.filter(|friend| friend.root(&root).is_some()) else {
            return self.drop_conn(conn);
        };
        let waited = !friend.settled;
        if friend.keep_root(&root) {
            self.dirty.insert(Saved::Friend(no));
        }
        if let Some(stamp) = stamp {
            friend.traffic.link_stamps.settle(stamp);
            self.dirty.insert(Saved::Traffic(no));
        }
        if let Some(addr) = addr.filter(|addr| friend.addrs.first() != Some(addr)) {
            friend.add_addr(addr);
            self.dirty.insert(Saved::Friend(no));
        }
        let (point, petname) = (friend.point, friend.petname.as_str().to_owned());
        self.join_is_used_up(&point);
        if waited {
            self.show(Event::Paired { petname });
        }
        let dialled = addr.is_some();
        self.conns.insert(
            conn,
            Conn::Link(Linked {
                friend: no,
                dialled,
                before,
                greeted: false,
                stopped: false,
                answered: false,
            }),
        );
        let hello = hello::encode(&self.progress(no));
        self.send_frame(conn, HELLO, hello);
        self.choose(no, conn);
    }

    pub(super) fn before(&self, no: u32) -> Before {
        let friend = self.friends.get(&no);
        Before {
            sessions: self.progress(no),
            acknowledged: friend.map_or((0, 0), |friend| friend.traffic.acknowledged),
        }
    }

    fn progress(&self, no: u32) -> Vec<Progress> {
        let Some(friend) = self.friends.get(&no) else {
            return Vec::new();
        };
        let pending = friend
            .sessions
            .pending
            .as_ref()
            .map(|pending| &pending.session);
        friend
            .sessions
            .active
            .iter()
            .chain(pending)
            .map(|session| session.progress())
            .collect()
    }

    /// Of two links, the one that the lower IK dialled stays, unless it does not answer; of two by
    /// the same side, the newer.
    fn choose(&mut self, no: u32, new: ConnId) {
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        let i_am_lower = self.me.point() < &friend.point;
        let by_lower = |conn| match self.conns.get(&conn) {
            Some(Conn::Link(link)) => link.dialled == i_am_lower,
            _ => false,
        };
        let old = friend.live.link;
        let stays = old.filter(|old| by_lower(*old) && !by_lower(new));
        if let Some(spare) = self.set_spare(no, stays.map(|_| new)) {
            self.drop_conn(spare);
        }
        match stays {
            Some(old) => self.then(Effect::Probe(old)),
            None => {
                self.adopt(no, new);
                old.into_iter().for_each(|old| self.drop_conn(old));
            }
        }
    }

    /// Gives the one that was the spare before.
    fn set_spare(&mut self, no: u32, spare: Option<ConnId>) -> Option<ConnId> {
        let friend = self.friends.get_mut(&no)?;
        core::mem::replace(&mut friend.live.spare, spare)
    }

    /// The link that had to answer did, or did not within 10 s.
    pub(super) fn probed(&mut self, conn: ConnId, alive: bool) {
        let Some(Conn::Link(Linked { friend, .. })) = self.conns.get(&conn) else {
            return;
        };
        let no = *friend;
        let link = self.friends.get(&no).and_then(|friend| friend.live.link);
        let Some(spare) = link
            .filter(|link| *link == conn)
            .and_then(|_| self.set_spare(no, None))
        else {
            return;
        };
        if alive {
            return self.drop_conn(spare);
        }
        self.adopt(no, spare);
        self.drop_conn(conn);
    }

    /// Makes this the friend's link. What was under way on another goes by it.
    fn adopt(&mut self, no: u32, conn: ConnId) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.outbox.call_back();
            friend.live.refused = false;
            friend.live.link = Some(conn);
            friend.live.redial = Redial::default();
        }
        self.stop_dials(no);
        if self.is_greeted(conn) {
            self.online(no, conn);
        }
    }

    /// Other dials of the same friend are not needed any more.
    fn stop_dials(&mut self, no: u32) {
        let needless = |conn: &Conn| match conn {
            Conn::Dialling { whom, .. } => *whom == Whom::Friend(no),
            Conn::Flown { friend, .. } => *friend == no,
            _ => false,
        };
        let conns: Vec<_> = self
            .conns
            .iter()
            .filter(|(_, c)| needless(c))
            .map(|(conn, _)| *conn)
            .collect();
        conns.into_iter().for_each(|conn| self.drop_conn(conn));
    }

    /// A frame came in on a link.
    pub(super) fn frame(&mut self, conn: ConnId, kind: u8, body: &[u8]) {
        let Some(Conn::Link(link)) = self.conns.get(&conn) else {
            return;
        };
        let no = link.friend;
        match (link.greeted, kind) {
            (false, HELLO) => self.hello(no, conn, body),
            (true, PARCEL) => self.parcel(no, Some(conn), body),
            // Nothing goes before the Hello, and it goes once.
            (false, _) | (true, HELLO) => self.lost(no, conn),
            // Kinds of a later version.
            (true, _) => {}
        }
    }

    /// Compares where each session stands on both sides before any parcel moves.
    fn hello(&mut self, no: u32, conn: ConnId, body: &[u8]) {
        let Ok(theirs) = hello::decode(body) else {
            return self.lost(no, conn);
        };
        let rolled_back = self.rolled_back(no, conn, &theirs);
        if let Some(Conn::Link(link)) = self.conns.get_mut(&conn) {
            (link.greeted, link.stopped) = (true, rolled_back.is_some());
        }
        if let (Some(side), Some(friend)) = (rolled_back, self.friends.get(&no)) {
            let petname = friend.petname.as_str().to_owned();
            self.show(Event::RolledBack {
                petname,
                mine: side == RolledBack::Mine,
            });
        }
        if self
            .friends
            .get(&no)
            .is_some_and(|friend| friend.live.link == Some(conn))
        {
            self.online(no, conn);
        }
    }

    fn rolled_back(&self, no: u32, conn: ConnId, theirs: &[Progress]) -> Option<RolledBack> {
        let Some(Conn::Link(Linked { before, .. })) = self.conns.get(&conn) else {
            return None;
        };
        self.progress(no).iter().find_map(|mine| {
            let same = |other: &&Progress| other.session == mine.session;
            let theirs = theirs.iter().find(same)?;
            let acknowledged = before.acknowledged;
            let forgot = acknowledged.0 > 0 && acknowledged >= (theirs.got_chain, theirs.got_n);
            mine.compare(before.sessions.iter().find(same), theirs)
                .or(forgot.then_some(RolledBack::Theirs))
        })
    }

    fn online(&mut self, no: u32, conn: ConnId) {
        let minute = self.now.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        friend.traffic.last_seen_min = minute;
        let petname = friend.petname.as_str().to_owned();
        let news = !core::mem::replace(&mut friend.live.online, true);
        self.mark(Saved::Traffic(no));
        if news {
            self.show(Event::Online { petname });
        }
        self.offer(no, conn);
        // What a stop left unsealed beside a session.
        self.seal_waiting(no);
        self.flush(no);
    }

    /// Ends an open link: the peer broke the protocol, or must begin again.
    pub(super) fn lost(&mut self, no: u32, conn: ConnId) {
        self.then(Effect::Close(conn));
        self.conns.remove(&conn);
        self.link_down(no, conn);
    }

    /// Ends the link, so that the next one begins with all that was not acknowledged.
    pub(super) fn renew_link(&mut self, no: u32) {
        if let Some(conn) = self.friends.get(&no).and_then(|friend| friend.live.link) {
            self.lost(no, conn);
        }
    }

    /// A connection is over.
    pub(super) fn closed(&mut self, conn: ConnId) {
        match self.conns.remove(&conn) {
            Some(Conn::Link(link)) => self.link_down(link.friend, conn),
            Some(Conn::Shaken {
                friend,
                stamp: Some(_),
                ..
            }) => {
                if let Some(friend) = self.friends.get_mut(&friend) {
                    friend.live.failed(self.now);
                }
            }
            _ => {}
        }
    }

    fn link_down(&mut self, no: u32, conn: ConnId) {
        let soon = self.after(REDIAL_MS_MIN);
        let minute = self.now.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if friend.live.spare == Some(conn) {
            friend.live.spare = None;
        }
        if friend.live.link != Some(conn) {
            return;
        }
        if let Some(spare) = friend.live.spare.take() {
            return self.adopt(no, spare);
        }
        friend.outbox.call_back();
        friend.live.link = None;
        friend.live.redial = Redial {
            at_ms: soon,
            attempt: 0,
        };
        self.wake_by(soon);
        self.offline(no, minute);
    }

    fn offline(&mut self, no: u32, minute: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if core::mem::take(&mut friend.live.online) {
            friend.traffic.last_seen_min = minute;
            let petname = friend.petname.as_str().to_owned();
            self.mark(Saved::Traffic(no));
            self.show(Event::Offline { petname });
        }
    }

    pub(super) fn send_frame(&mut self, conn: ConnId, kind: u8, body: Vec<u8>) {
        self.then(Effect::Frame {
            conn,
            kind,
            body: Body::Here(Said::new(body)),
        });
    }

    /// Dials every friend whose pause is over. While I still retry their invitation, that is what
    /// is dialled instead.
    pub(super) fn dial_friends(&mut self) {
        let joining: Vec<_> = self.joins.values().filter_map(|join| join.friend).collect();
        let alone = self.friends.iter().filter(|(no, f)| {
            f.live.link.is_none() && !f.addrs.is_empty() && (f.settled || !joining.contains(no))
        });
        let alone: Vec<_> = alone.map(|(no, f)| (*no, f.live.redial)).collect();
        for (no, redial) in alone {
            let next = self.dial_when_due(Whom::Friend(no), redial);
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.live.redial = next;
            }
        }
    }

    /// Dials those whose invitation I took and who have not said yes yet.
    pub(super) fn dial_inviters(&mut self) {
        let joins = self.joins.iter().map(|(no, join)| (*no, join.redial));
        for (no, redial) in joins.collect::<Vec<_>>() {
            let next = self.dial_when_due(Whom::Join(no), redial);
            if let Some(join) = self.joins.get_mut(&no) {
                join.redial = next;
            }
        }
    }

    /// Dials if the pause is over, and says when to do it again. Without a place among the dials
    /// under way it was no attempt.
    fn dial_when_due(&mut self, whom: Whom, redial: Redial) -> Redial {
        let next = if redial.at_ms > self.now.boot_ms {
            redial
        } else if self.dials_left() == 0 {
            let at_ms = self.after(REDIAL_MS_MIN);
            Redial { at_ms, ..redial }
        } else {
            // Counted before it begins: it chooses the root.
            let next = self.after_attempt(redial);
            self.dial_all(whom, redial.attempt);
            next
        };
        self.wake_by(next.at_ms);
        next
    }

    fn dials_left(&self) -> usize {
        let dialling = |conn: &&Conn| matches!(conn, Conn::Dialling { .. });
        DIALS_MAX.saturating_sub(self.conns.values().filter(dialling).count())
    }

    /// Dials some of their addresses, unless something is under way: the first ones at the first
    /// attempt, then the others by turns.
    fn dial_all(&mut self, whom: Whom, attempt: u32) {
        let under_way = |conn: &Conn| match (conn, whom) {
            (Conn::Dialling { whom: other, .. }, _) => *other == whom,
            (Conn::Flown { friend, .. } | Conn::Shaken { friend, .. }, Whom::Friend(no)) => {
                *friend == no
            }
            (Conn::Asking { join, .. } | Conn::Claiming { join, .. }, Whom::Join(no)) => {
                *join == no
            }
            _ => false,
        };
        if self.conns.values().any(under_way) {
            return;
        }
        let known = match whom {
            Whom::Friend(no) => self.friends.get(&no).map(|f| (&f.point, &f.addrs)),
            Whom::Join(no) => self.joins.get(&no).map(|j| (&j.inviter, &j.code.addrs)),
        };
        let Some((point, addrs)) = known else {
            return;
        };
        let handle = self.handle_of(point);
        let at_once = ADDRS_AT_ONCE.min(self.dials_left()).min(addrs.len());
        let first = (attempt as usize).saturating_mul(ADDRS_AT_ONCE) % addrs.len().max(1);
        let addrs: Vec<_> = addrs
            .iter()
            .cycle()
            .skip(first)
            .take(at_once)
            .copied()
            .collect();
        for addr in addrs {
            self.dial(whom, handle, addr);
        }
    }

    fn after_attempt(&mut self, redial: Redial) -> Redial {
        let pause = REDIAL_MS_MIN
            .saturating_mul(1 << redial.attempt.min(16))
            .min(REDIAL_MS_MAX);
        Redial {
            at_ms: self.after(pause),
            attempt: redial.attempt.saturating_add(1),
        }
    }

    /// The moment when a pause is over, between half of it and one and a half, so that nodes that
    /// fell together do not rise together.
    pub(super) fn after(&mut self, pause_ms: u64) -> u64 {
        let drawn = u64::from(u32::from_le_bytes(self.entropy.bytes())) % pause_ms.max(1);
        self.now.boot_ms.saturating_add(pause_ms / 2 + drawn)
    }
}
