//! Acknowledgements: owed for what is on the disk, gathered for a moment, sent on the link that the
//! message came by. They are never acknowledged and never sent again. PROTOCOL §4.5 "Ack".

use super::links::PARCEL;
use super::saved::Saved;
use super::{ConnId, Engine};
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
        let pause = ACK_PAUSE_MS << doubled.min(32);
        let at_ms = self.now.boot_ms.saturating_add(pause);
        let at_ms = friend.live.acknowledge(id, conn, at_ms);
        self.wake_by(at_ms);
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
                if !planted!(AckNumberForgotten) {
                    self.mark(Saved::Sessions(no));
                }
                self.send_frame(conn, PARCEL, parcel);
            }
        }
    }

    /// A chain that ended acknowledges nothing until the friend turns the ratchet.
    pub(super) fn next_acks(&mut self, no: u32) -> Option<(ConnId, Vec<u8>)> {
        let friend = self.friends.get(&no)?;
        let open = |conn: &ConnId| self.carries_parcels(*conn);
        let by = |came_on: Option<ConnId>| came_on.filter(open).or(friend.live.link.filter(open));
        let (conn, ids) = friend.live.next_acks(by)?;
        let friend = self.friends.get_mut(&no)?;
        let session = friend.sessions.active.as_mut()?;
        let payload = message::encode(&self.entropy.bytes(), &Payload::Ack(ids.clone()));
        let sealed = session.seal(&payload, &mut self.entropy).ok()?;
        friend.live.forget_acks(&ids);
        Some((conn, sealed.bytes))
    }
}
