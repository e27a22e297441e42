//! New secrets for an edge while friends talk, and the last resort when they do not: no loss, crash or
//! old backup leaves two mute for ever. Which epoch stands when is `edge`'s; what is said about it, and
//! when, is here. PROTOCOL §2 "Rotation", "Recovery".

use super::doors::{Conn, Linked, Place};
use super::saved::Saved;
use super::{ConnId, Engine};
use crate::edge::{Answer, Ask};
use crate::friend::{Entry, Friend, Role, What};
use crate::limits::{RECOVERY_PAUSE_MS, ROTATE_AGAIN_MINUTES, ROTATE_MINUTES};
use crate::ratchet::Standings;

impl Engine {
    /// Asks every friend who is here for new secrets, if it is time.
    pub(super) fn rotate(&mut self) {
        let here = self.friends.iter();
        let here = here.filter(|(_, f)| f.live.link.or(f.live.beside).is_some());
        let here: Vec<_> = here.map(|(no, _)| *no).collect();
        here.into_iter().for_each(|no| self.rotate_when_due(no));
    }

    /// Asks a friend for new secrets, if it is time; says again what nobody has answered for long.
    pub(super) fn rotate_when_due(&mut self, no: u32) {
        let (age, links) = (self.age.minutes(), self.rotate_links);
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        let rotation = &friend.traffic.rotation;
        let waits = |since: u32, minutes| age.saturating_sub(since) >= minutes;
        let edge = friend.edges.one();
        let late = rotation.recovers || waits(rotation.since, ROTATE_MINUTES);
        let due = match edge.and_then(|edge| edge.asked()) {
            Some(_) => waits(rotation.asked, ROTATE_AGAIN_MINUTES),
            None => late || rotation.links >= links,
        };
        if due && friend.sessions.active.is_some() && friend.live.in_step {
            self.ask_higher(no);
            self.ask_for_epoch(no, late);
        }
    }

    /// An ask that came and that nobody answered is one that they cannot answer.
    fn ask_higher(&mut self, no: u32) {
        let friend = self.friends.get_mut(&no);
        let came = |friend: &&mut Friend| {
            let of_it = |entry: &Entry| matches!(entry.what, What::EdgeRekey);
            !friend.outbox.has(of_it)
        };
        let edge = friend
            .filter(came)
            .and_then(|friend| friend.edges.one_mut());
        if edge.is_some_and(|edge| edge.ask_higher(&mut self.entropy)) {
            self.dirty.insert(Saved::Friend(no));
        }
    }

    /// Asks for new secrets, or says once more that I do.
    pub(super) fn ask_for_epoch(&mut self, no: u32, anyway: bool) {
        let age = self.age.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let Some(edge) = friend.edges.one_mut() else {
            return;
        };
        let news = edge.ask(anyway, &mut self.entropy).is_some();
        if edge.asked().is_none() {
            return;
        }
        friend.traffic.rotation.asked = age;
        self.dirty.insert(Saved::Traffic(no));
        if news {
            self.dirty.insert(Saved::Friend(no));
        }
        self.say(no, What::EdgeRekey, news);
    }

    /// Says something whose words stand elsewhere, unless it is being said already. A parcel that was
    /// sealed says what stood there then: it does for what is no news. One that is to be sealed anew does
    /// not, either: if the first one came, its message is known, and not read a second time.
    pub(super) fn say(&mut self, no: u32, what: What, news: bool) {
        let said = |entry: &Entry| entry.what == what && (!news || entry.sealed.is_none());
        if self.friends.get(&no).is_some_and(|f| !f.outbox.has(said)) {
            self.new_entry(no, what);
            self.seal_waiting(no);
            self.flush(no);
        }
    }

    /// A friend asks for new secrets: they are on the disk before they are answered.
    pub(super) fn they_ask(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        session: &[u8; 32],
        ask: &Ask,
    ) {
        let on_link = conn.is_some_and(|conn| self.is_last_resort(conn));
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let recovers = on_link
            || friend
                .traffic
                .rotation
                .made
                .iter()
                .any(|(made, _)| made == session);
        let Some(edge) = friend.edges.one_mut() else {
            return;
        };
        let before = edge.highest();
        if !edge.asks(ask, recovers, &mut self.entropy) {
            return;
        }
        let news = edge.highest() > before;
        if news {
            self.epoch_stands(no);
        }
        self.say(no, What::EdgeRekeyAck, news);
    }

    /// A friend holds the new secrets that I asked for.
    pub(super) fn they_answered(&mut self, no: u32, answer: &Answer) {
        let edge = self.friends.get_mut(&no).map(|friend| &mut friend.edges);
        let edge = edge.and_then(|edges| edges.one_mut());
        if edge.is_some_and(|edge| edge.answered(answer)) {
            self.epoch_stands(no);
        }
    }

    /// From here on it is counted anew, and what was lost is behind us.
    fn epoch_stands(&mut self, no: u32) {
        let age = self.age.minutes();
        if let Some(friend) = self.friends.get_mut(&no) {
            let rotation = &mut friend.traffic.rotation;
            (rotation.since, rotation.links) = (age, 0);
            rotation.recovers = false;
        }
        self.dirty.extend([Saved::Friend(no), Saved::Traffic(no)]);
    }

    /// A session was made under these keys, by parcels on this link: it may travel there. One made under
    /// the last resort is remembered, for who asks for secrets in it has lost theirs.
    pub(super) fn session_made(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        root: &[u8; 16],
        session: [u8; 32],
        stamp: u64,
    ) {
        if let Some(Conn::Link(link)) = conn.and_then(|conn| self.conns.get_mut(&conn))
            && let Place::LastResort(made) = &mut link.place
        {
            made.push(session);
        }
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if !friend.root(root).is_some_and(|keys| keys.is_recovery()) {
            return;
        }
        let there: Vec<_> = friend.sessions.all().map(|(_, it)| *it.id()).collect();
        let made = &mut friend.traffic.rotation.made;
        made.retain(|(made, _)| there.contains(made) && *made != session);
        made.push((session, stamp));
        self.dirty.insert(Saved::Traffic(no));
    }

    /// A human says that this session is the friend's: what they sent under the last resort is behind
    /// us with it.
    pub(super) fn session_believed(&mut self, no: u32, session: &[u8; 32]) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let made = friend.traffic.rotation.made.iter();
        for (_, stamp) in made.filter(|(made, _)| made == session) {
            friend.traffic.recovery_stamps.ake.settle(*stamp);
            // One counter serves both, and they dialled before they offered.
            friend.traffic.recovery_stamps.link.settle(*stamp);
        }
        self.dirty.insert(Saved::Traffic(no));
    }

    /// A link under the last resort was greeted: who dialled it asks for new secrets if we still have
    /// a session, and for a session if not.
    pub(super) fn greeted_beside(&mut self, no: u32, conn: ConnId, theirs: &Standings) {
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        let mine = friend.sessions.standings();
        let mine = mine.slots().into_iter().flatten().map(|it| it.session);
        let common: Vec<_> = mine.filter(|id| theirs.of(id).is_some()).collect();
        let Some(Conn::Link(link)) = self.conns.get_mut(&conn) else {
            return;
        };
        let (dialled, together) = (link.dialled, !link.stopped);
        link.place = Place::LastResort(common);
        match (dialled, together) {
            (true, true) => self.ask_for_epoch(no, true),
            (true, false) => self.settle_sessions(no, conn),
            (false, _) => self.repeat_third(no, conn),
        }
        self.seal_waiting(no);
        self.flush(no);
    }

    /// A session that waited for a human speaks on a link under the last resort: who dialled it asks for
    /// new secrets in it, or no other link would ever come of it.
    pub(super) fn ask_beside(&mut self, no: u32, conn: ConnId) {
        if let Some(Conn::Link(Linked { dialled: true, .. })) = self.conns.get(&conn) {
            self.ask_for_epoch(no, true);
        }
    }

    /// The session in which the friend said something.
    pub(super) fn heard_in(&self, no: u32, role: Role) -> Option<[u8; 32]> {
        let friend = self.friends.get(&no)?;
        let mut all = friend.sessions.all();
        let (_, session) =
            all.find(|(its, _)| *its == role || role == Role::Pending && *its == Role::Active)?;
        Some(*session.id())
    }

    /// Whether this friend is to be dialled under the last resort now; if so, not again for an hour.
    pub(super) fn tries_last_resort(&mut self, no: u32) -> bool {
        let now_ms = self.now.boot_ms;
        let Some(friend) = self.friends.get_mut(&no) else {
            return false;
        };
        let live = &mut friend.live;
        // Who came back from a backup tries what it has first.
        let recovers = friend.traffic.rotation.recovers && live.redial.attempt > 0;
        let due = friend.settled
            && live.beside.is_none()
            && (recovers || live.is_silent())
            && live.last_resort_at_ms <= now_ms;
        if due {
            live.last_resorts = live.last_resorts.wrapping_add(1);
            live.last_resort_at_ms = now_ms.saturating_add(RECOVERY_PAUSE_MS);
        }
        due
    }
}
