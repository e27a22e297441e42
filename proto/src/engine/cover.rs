//! Cover: while a person wants it, each link carries a parcel now and then that says nothing, of the
//! length that most others have. Who gets one drops it and answers nothing. PROTOCOL §5 "Cover".

use super::links::PARCEL;
use super::people::count;
use super::{Answer, ConnId, Engine};
use crate::limits::{COVER_CHAIN_MAX, COVER_MS};
use crate::message::{self, Payload};

impl Engine {
    /// Begins or ends it, if that is wanted; says how it is, and for how many it would be at most.
    pub(super) fn cover(&mut self, wanted: Option<bool>) -> Answer {
        if let Some(on) = wanted {
            self.covers = on;
            for friend in self.friends.values_mut() {
                friend.live.cover_at_ms = None;
            }
            self.wake_by(self.now.boot_ms);
        }
        let friends = self.friends.keys();
        Answer::Cover {
            on: self.covers,
            links: count(friends.filter(|no| self.carrier(**no).is_some()).count()),
            friends: count(self.friends.len()),
        }
    }

    /// Sends what is due, and finds out when the next will be.
    pub(super) fn send_cover(&mut self) {
        if !self.covers {
            return;
        }
        for no in self.friends.keys().copied().collect::<Vec<_>>() {
            match self.carrier(no) {
                Some(conn) => self.cover_link(no, conn),
                None => {
                    self.next_cover(no, None);
                }
            }
        }
    }

    fn cover_link(&mut self, no: u32, conn: ConnId) {
        let due_ms = self.friends.get(&no).and_then(|f| f.live.cover_at_ms);
        if let Some(due_ms) = due_ms.filter(|due_ms| *due_ms > self.now.boot_ms) {
            return self.wake_by(due_ms);
        }
        let next_ms = self.after(COVER_MS);
        self.wake_by(next_ms);
        // The first comes a while after the link, or after it was asked for.
        let due = self.next_cover(no, Some(next_ms)).is_some();
        if due && let Some(parcel) = self.seal_nothing(no) {
            self.send_frame(conn, PARCEL, parcel);
        }
    }

    /// Puts off what is due; gives when it was.
    fn next_cover(&mut self, no: u32, at_ms: Option<u64>) -> Option<u64> {
        let friend = self.friends.get_mut(&no)?;
        core::mem::replace(&mut friend.live.cover_at_ms, at_ms)
    }

    /// A parcel that says nothing, unless the chain is long: it must bear what people say.
    fn seal_nothing(&mut self, no: u32) -> Option<Vec<u8>> {
        let friend = self.friends.get_mut(&no)?;
        let may = friend.live.in_step && !friend.live.full;
        let session = friend.sessions.active.as_mut().filter(|_| may)?;
        if session.unanswered() >= COVER_CHAIN_MAX {
            return None;
        }
        let payload = message::encode(&self.entropy.bytes(), &Payload::Dummy);
        let age = self.age.minutes();
        let sealed = session.seal(&payload, age, &mut self.entropy).ok()?;
        let number = session.number();
        self.mark_active(no);
        self.mark_blocks(no, number, sealed.changed);
        Some(sealed.bytes)
    }
}
