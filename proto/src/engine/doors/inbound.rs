//! Who knocks, and what they get: a friend an answer under a stamp that is stored, a joiner theirs, anybody
//! else nothing. PROTOCOL §2a, §3.

use super::Conn;
use crate::edge::Edge;
use crate::engine::saved::Saved;
use crate::engine::{ConnId, Effect, Engine, Knock};
use crate::limits::{FLIGHT_BYTES, INVITE_FLIGHT_BYTES, KNOCK_BYTES, SHAKEN_PER_FRIEND_MAX};
use crate::link::{self, flight};

/// Whose door a flight knocks at.
enum Door {
    /// A friend's, and the name of the epoch whose tag the flight bears.
    Friend(u32, Option<[u8; 16]>),
    /// That of an edge which another took the place of, and whether the flight bears its tag.
    Former(u32, bool),
    Invite(u32),
}

impl Engine {
    /// Judges the first bytes of an inbound connection: the first 40, then all of them. Changes
    /// nothing and may be called at any time, so a stranger never waits for the disk nor makes it work.
    pub fn knock(&self, bytes: &[u8]) -> Knock {
        let Some(door) = self.door(bytes) else {
            return Knock::Stranger;
        };
        let (length, tagged) = match &door {
            Door::Friend(_, keys) => (FLIGHT_BYTES, keys.is_some()),
            Door::Former(_, tagged) => (FLIGHT_BYTES, *tagged),
            Door::Invite(no) => {
                let invite = self.invites.get(no);
                (
                    INVITE_FLIGHT_BYTES,
                    invite.is_some_and(|invite| flight::tagged(&invite.keys.flight, bytes)),
                )
            }
        };
        match bytes.len() {
            KNOCK_BYTES => Knock::More(length),
            whole if whole == length && tagged => Knock::Known,
            _ => Knock::Stranger,
        }
    }

    /// Every hint is tried, whichever fits, so that time tells nothing. Under which epoch a friend
    /// comes shows the tag, once the flight is whole.
    fn door(&self, bytes: &[u8]) -> Option<Door> {
        let (mut found, mut former) = (None, None);
        let head = flight::Head::read(bytes)?;
        for (no, friend) in &self.friends {
            for edge in friend.edges.doors() {
                if head.knocks(&edge.dialled().from.hint) {
                    found = Some((*no, edge));
                }
            }
            for door in friend.renewal.former.doors() {
                if head.knocks(&door.hint) {
                    former = Some((*no, &door.flight));
                }
            }
        }
        let epoch = |(no, edge): (u32, &Edge)| {
            let mut keys = edge.keys();
            let tagged = keys.find(|keys| flight::tagged(&keys.from.flight, bytes));
            Door::Friend(no, tagged.map(|keys| keys.name))
        };
        let tagged = |(no, key)| Door::Former(no, flight::tagged(key, bytes));
        let found = found.map(epoch).or(former.map(tagged));
        // Whom I blocked is nobody, from here on.
        let mut found = found.filter(|door| match door {
            Door::Friend(no, _) | Door::Former(no, _) => self.answers(*no),
            Door::Invite(_) => true,
        });
        for (no, invite) in &self.invites {
            if head.knocks(&invite.keys.hint) {
                let open = invite.claimed.is_none_or(|friend| self.answers(friend));
                found = open.then_some(Door::Invite(*no));
            }
        }
        found
    }

    /// A whole first flight, whose tag was found good.
    pub(in crate::engine) fn flight(&mut self, conn: ConnId, bytes: &[u8], through: bool) {
        let answered = match (self.knock(bytes), self.door(bytes)) {
            (Knock::Known, Some(Door::Friend(no, Some(root)))) => {
                self.answer_friend((conn, through), no, root, bytes)
            }
            (Knock::Known, Some(Door::Invite(no))) => self.answer_joiner(conn, no, bytes),
            (Knock::Known, Some(Door::Former(no, _))) => {
                self.former_knocks(no);
                None
            }
            _ => None,
        };
        if answered.is_none() {
            self.drop_conn(conn);
        }
    }

    /// Stamp first, and stored; only then the Diffie-Hellman, and the answer after the commit.
    fn answer_friend(
        &mut self,
        (conn, through): (ConnId, bool),
        no: u32,
        root: [u8; 16],
        bytes: &[u8],
    ) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        if friend.live.failed_too_often(self.now) {
            return None;
        }
        let (keys, [me, them]) = friend.edges.between(&root)?;
        let stamp = link::stamp_of(keys, bytes)?;
        let stamps = match keys.is_recovery() {
            true => &mut friend.traffic.recovery_stamps.link,
            false => &mut friend.traffic.link_stamps,
        };
        let new = stamps.accept(stamp);
        if friend.live.was_answered(flight::find_of(bytes)?) || !new {
            return None;
        }
        let answer = link::answer(keys, self.me.of(me), them, bytes, &mut self.entropy);
        if answer.is_err() {
            friend.live.failed(self.now);
        }
        let point = friend.point;
        // They hold this epoch: that is on the disk before they can see that I know.
        if answer.is_ok() && friend.edges.proved(&root) {
            self.dirty.insert(Saved::Friend(no));
        }
        if !planted!(TheirStampForgotten) {
            self.mark(Saved::Traffic(no));
        }
        let (bytes, records) = answer.ok()?;
        let handle = self.handle_of(&point);
        self.bound_shaken(no);
        let before = self.before(no);
        self.conns.insert(
            conn,
            Conn::Shaken {
                friend: no,
                root,
                stamp: Some(stamp),
                road: None,
                through,
                before,
            },
        );
        self.then(Effect::Write { conn, bytes });
        self.then(Effect::Link {
            conn,
            handle,
            records: Box::new(records),
        });
        Some(())
    }

    /// Makes room for one more answered flight of a friend.
    fn bound_shaken(&mut self, no: u32) {
        let answered = |conn: &Conn| matches!(conn, Conn::Shaken { friend, stamp: Some(_), .. } if *friend == no);
        let mut shaken = self.conns.iter().filter(|(_, conn)| answered(conn));
        let oldest = shaken.next().map(|(conn, _)| *conn);
        if let Some(oldest) = oldest.filter(|_| shaken.count() + 1 >= SHAKEN_PER_FRIEND_MAX) {
            self.closed(oldest);
            self.drop_conn(oldest);
        }
    }
}
