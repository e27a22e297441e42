//! New secrets for an edge while friends talk, and the last resort when they do not: no loss, crash or
//! old backup leaves two mute for ever. Which epoch stands when is `edge`'s; what is said about it, and
//! when, is here. PROTOCOL §2 "Rotation", "Recovery".

use super::doors::Conn;
use super::saved::Saved;
use super::{ConnId, Engine};
use crate::edge::{Answer, Ask};
use crate::friend::{Role, What};
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
        let waits = |since: u32, minutes| age >= since.saturating_add(minutes);
        let edge = friend.edges.one();
        let due = match edge.and_then(|edge| edge.asked()) {
            Some(_) => waits(rotation.asked, ROTATE_AGAIN_MINUTES),
            None => {
                rotation.recovers
                    || waits(rotation.since, ROTATE_MINUTES)
                    || rotation.links >= links
            }
        };
        if due && friend.sessions.active.is_some() && friend.live.in_step {
            self.ask_for_epoch(no, friend.traffic.rotation.recovers);
        }
    }

    /// Asks for new secrets, or says once more that I do.
    pub(super) fn ask_for_epoch(&mut self, no: u32, recovers: bool) {
        let age = self.age.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let Some(edge) = friend.edges.one_mut() else {
            return;
        };
        let news = edge.ask(recovers, &mut self.entropy).is_some();
        if edge.asked().is_none() {
            return;
        }
        friend.traffic.rotation.asked = age;
        self.dirty.insert(Saved::Traffic(no));
        if news {
            self.dirty.insert(Saved::Friend(no));
        }
        self.say_once(no, What::EdgeRekey, |what| matches!(what, What::EdgeRekey));
    }

    /// Says something whose words stand elsewhere, unless it waits to be said already.
    fn say_once(&mut self, no: u32, what: What, same: impl Fn(What) -> bool) {
        if self.friends.get(&no).is_some_and(|f| !f.outbox.has(same)) {
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
        if edge.highest() > before {
            self.epoch_stands(no);
        }
        self.say_once(no, What::EdgeRekeyAck, |what| {
            matches!(what, What::EdgeRekeyAck)
        });
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
        if let Some(Conn::Link(link)) = conn.and_then(|conn| self.conns.get_mut(&conn)) {
            link.beside
                .as_mut()
                .into_iter()
                .for_each(|made| made.push(session));
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
        link.beside = Some(common);
        match (dialled, together) {
            (true, true) => self.ask_for_epoch(no, true),
            (true, false) => self.settle_sessions(no, conn),
            (false, _) => self.repeat_third(no, conn),
        }
        self.seal_waiting(no);
        self.flush(no);
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
