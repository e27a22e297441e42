//! Who leaves something in a box: let in by a token that is spent before they are answered, told of each
//! parcel once it is on the disk. PROTOCOL §5 "Leaving".

use super::held::Slot;
use super::saved::{Saved, pieces};
use super::{Conn, Effect, Keeper, Which};
use crate::engine::ConnId;
use crate::limits::{BUCKETS, DOOR_STEP_MS, VISITORS_AT_ONCE_MAX};
use crate::mailbox::deposit::{Caller, Claim, Left};
use crate::secret::Said;

impl Keeper {
    /// A flight at the door of visitors. It is spent before it is answered, in the same step; before the
    /// token is proved nothing changes, and no Diffie-Hellman is made.
    pub(super) fn answer_caller(&mut self, conn: ConnId, number: u32, bytes: &[u8]) -> Option<()> {
        let (today, now) = (self.today(), self.now);
        let here = self
            .conns
            .values()
            .filter(|conn| matches!(conn, Conn::Caller { number: at, .. } if *at == number));
        // Who is here stays. Nothing is spent here of who was not let in.
        let crowded = here.count() >= VISITORS_AT_ONCE_MAX;
        let left = self.room(number, BUCKETS[0]);
        let held = self.boxes.get_mut(&number)?;
        let claim = Claim::read(held.keys.door(), bytes)?;
        let proved = claim.prove(&held.keys, &held.spent, today, &mut self.entropy)?;
        if crowded || !held.admits(Which::Leaving, now) {
            return None;
        }
        let marked = proved.spend(&mut held.spent);
        let answer = marked.answer(held.keys.door(), left, &mut self.entropy);
        if !planted!(SpentForgotten) {
            self.mark(Saved::Spent(number));
        }
        let (bytes, caller) = answer.ok()?;
        self.then(Effect::Write { conn, bytes });
        self.listen(conn, number, caller);
        Some(())
    }

    fn listen(&mut self, conn: ConnId, number: u32, caller: Caller) {
        let bytes = caller.wants();
        self.conns.insert(conn, Conn::Caller { number, caller });
        self.then(Effect::Read {
            conn,
            bytes,
            within_ms: DOOR_STEP_MS,
        });
    }

    /// What a visitor says: parcels. They are read on when these are on the disk.
    pub(super) fn caller_says(
        &mut self,
        conn: ConnId,
        number: u32,
        mut caller: Caller,
        bytes: &[u8],
    ) -> Option<()> {
        for parcel in caller.hear(bytes).ok()? {
            let left = self.take_in(number, &parcel);
            let bytes = caller.say(left).ok()?;
            self.then(Effect::Write { conn, bytes });
        }
        self.listen(conn, number, caller);
        Some(())
    }

    fn room(&self, number: u32, length: usize) -> Left {
        let held = self.boxes.get(&number);
        match held.is_some_and(|held| !self.full && held.has_room(length)) {
            true => Left::Stored,
            false => Left::Full,
        }
    }

    /// Keeps a parcel, if there is room.
    fn take_in(&mut self, number: u32, parcel: &Said) -> Left {
        let left = self.room(number, parcel.len());
        let day = self.day();
        if let (Left::Stored, Some(held)) = (left, self.boxes.get_mut(&number)) {
            let slot = held.put(Slot {
                // A bucket.
                length: parcel.len() as u32,
                day,
                sum: *blake3::hash(parcel).as_bytes(),
            });
            self.put_pieces(number, slot, parcel);
            self.mark(Saved::Parcel(number, slot));
            self.mark(Saved::Traffic(number));
            self.changed = true;
        }
        left
    }

    /// A parcel is gone, and its key with it.
    pub(super) fn erase_parcel(&mut self, number: u32, slot: u32) {
        let held = self.boxes.get_mut(&number);
        let Some(Slot { length, .. }) = held.and_then(|held| held.take(slot)) else {
            return;
        };
        self.erase_pieces(pieces(number, slot, length as usize));
        self.mark(Saved::Parcel(number, slot));
        self.changed = true;
    }
}
