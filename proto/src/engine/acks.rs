//! Acknowledgements: owed for what is on the disk, sent on the link that the message came by; they
//! are never acknowledged and never sent again. And the word that there is no room, which goes in
//! their place. PROTOCOL §4.5 "Ack", §3 "Room".

use super::links::{PARCEL, ROOM};
use super::{ConnId, Engine, Event};
use crate::friend::Friend;
use crate::limits::{ACK_PAUSE_DOUBLES_PARCELS, ACK_PAUSE_MS};
use crate::message::{self, MessageId, Payload};
use crate::ratchet::Session;

impl Engine {
    /// Notes that a message is to be acknowledged, soon: others may go with it.
    pub(super) fn owe_ack(&mut self, no: u32, id: MessageId, conn: Option<ConnId>) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let session = friend.sessions.active.as_ref();
        let doubled = session.map_or(0, Session::unanswered) / ACK_PAUSE_DOUBLES_PARCELS;
        let pause = match doubled {
            0 => 0,
            more => ACK_PAUSE_MS << more.min(32),
        };
        let at_ms = self.now.boot_ms.saturating_add(pause);
        let at_ms = friend.live.acknowledge(id, conn, at_ms);
        self.wake_by(at_ms);
        if conn.is_none() {
            self.post_soon(no);
        }
    }

    /// Finds out when the next acknowledgements are due.
    pub(super) fn wake_for_acks(&mut self) {
        let at_ms = self.friends.values().filter_map(|f| f.live.acks_at_ms());
        if let Some(at_ms) = at_ms.filter(|at_ms| *at_ms > self.now.boot_ms).min() {
            self.wake_by(at_ms);
        }
    }

    /// Acknowledges what was committed, in as few parcels as possible. One that is lost costs the
    /// friend a resend, which is acknowledged again.
    pub(super) fn send_acks(&mut self) {
        let now_ms = self.now.boot_ms;
        let owed = |f: &Friend| f.live.acks_at_ms().is_some_and(|at_ms| at_ms <= now_ms);
        let due = self.friends.iter().filter(|(_, f)| owed(f));
        for no in due.map(|(no, _)| *no).collect::<Vec<_>>() {
            while let Some((conn, parcel)) = self.next_acks(no) {
                self.send_frame(conn, PARCEL, parcel);
            }
            self.follow_ended(no);
        }
    }

    /// A chain that ended acknowledges nothing until the friend turns the ratchet, or another session
    /// begins.
    pub(super) fn next_acks(&mut self, no: u32) -> Option<(ConnId, Vec<u8>)> {
        let friend = self.friends.get(&no)?;
        let open = |conn: &ConnId| self.carries_parcels(*conn);
        let carrier = self.carrier(no);
        let by = |came_on: Option<ConnId>| came_on.filter(open).or(carrier);
        let (conn, ids) = friend.live.next_acks(by)?;
        let parcel = self.seal_acks(no, &ids)?;
        self.friends.get_mut(&no)?.live.forget_acks(&ids);
        Some((conn, parcel))
    }

    /// Acknowledgements for whom no link is up: as many as one parcel bears.
    pub(super) fn seal_acks_by_hand(&mut self, no: u32) -> Option<Vec<u8>> {
        let ids = self.friends.get(&no)?.live.acks_of_any();
        let parcel = (!ids.is_empty()).then(|| self.seal_acks(no, &ids))??;
        self.friends.get_mut(&no)?.live.forget_acks(&ids);
        Some(parcel)
    }

    /// A parcel of its own that acknowledges these, under the session that speaks.
    pub(super) fn seal_acks(&mut self, no: u32, ids: &[MessageId]) -> Option<Vec<u8>> {
        let age = self.age.minutes();
        let session = self.friends.get_mut(&no)?.sessions.active.as_mut()?;
        let payload = message::encode(&self.entropy.bytes(), &Payload::Ack(ids.to_vec()));
        let sealed = session.seal(&payload, age, &mut self.entropy).ok()?;
        let number = session.number();
        if !planted!(AckNumberForgotten) {
            self.mark_active(no);
            self.mark_blocks(no, number, sealed.changed);
        }
        Some(sealed.bytes)
    }

    /// A text for which there is no room: its author keeps it, and is told. So is the person, once.
    pub(super) fn refuse(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if !core::mem::replace(&mut friend.live.refused, true) {
            let petname = friend.petname.as_str().to_owned();
            self.tell_of(no, Event::InboxFull { petname });
            self.tell_room(no, false);
        }
    }

    /// Half of the room is free again: friends whose messages were refused may send them.
    pub(super) fn make_room(&mut self) {
        self.make_room_beside(2);
    }

    /// Likewise, if there is room even were there so many times as many messages.
    fn make_room_beside(&mut self, times: usize) {
        let refused = self.friends.iter().filter(|(_, f)| f.live.refused);
        let refused: Vec<_> = refused.map(|(no, _)| *no).collect();
        for no in refused {
            if self.has_room(no, times) {
                if let Some(friend) = self.friends.get_mut(&no) {
                    friend.live.refused = false;
                }
                self.tell_room(no, true);
            }
        }
    }

    fn tell_room(&mut self, no: u32, room: bool) {
        let link = self.friends.get(&no).and_then(|friend| friend.live.link);
        if let Some(conn) = link.filter(|conn| self.carries_parcels(*conn)) {
            self.send_frame(conn, ROOM, vec![u8::from(room)]);
        }
    }

    /// A friend's node has no room for messages, or has some again: then what it did not
    /// acknowledge is sent once more.
    pub(super) fn their_room(&mut self, no: u32, conn: ConnId, body: &[u8]) {
        let full = match body {
            [0] => true,
            [1] => false,
            _ => return self.lost(no, conn),
        };
        let now = self.now;
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if friend.live.room_word(now) {
            return self.lost(no, conn);
        }
        if friend.live.link.or(friend.live.beside) != Some(conn) {
            return;
        }
        // Room that was never denied here: the word that there is none went by a link which was
        // given up. What was refused since is sent again all the same.
        if !full {
            friend.outbox.call_back();
        }
        if core::mem::replace(&mut friend.live.full, full) != full {
            let petname = friend.petname.as_str().to_owned();
            self.show(Event::FriendFull { petname, full });
        }
        self.flush(no);
    }

    /// The disk has no room for more, or has some again.
    pub(super) fn room(&mut self, full: bool) {
        if core::mem::replace(&mut self.full, full) != full {
            self.show(Event::DiskFull { full });
            self.make_room_beside(1);
        }
    }
}
