//! Who fetches what a box holds: let in by its key and a stamp that is stored before they are answered;
//! what they say is safe with them goes. PROTOCOL §5 "Fetching".

use std::collections::BTreeMap;

use super::saved::{Saved, pieces};
use super::{Conn, Effect, Keeper, Which};
use crate::engine::ConnId;
use crate::limits::{DOOR_STEP_MS, FETCH_STEP_MS, FETCH_WINDOW_BYTES};
use crate::mailbox::fetch::{self, Asked, Owner, Told};
use crate::secret::Said;

/// The owner at their box.
pub(super) struct Fetching {
    pub number: u32,
    owner: Owner,
    /// Whether its first record came: nothing is said before.
    is_here: bool,
    /// What was handed out and may not go yet, in bytes.
    handed: BTreeMap<u32, usize>,
    /// Where to go on.
    next: u32,
    /// What is being read from the disk.
    reading: Option<u32>,
    said_all: bool,
}

impl Keeper {
    /// A flight at the owner's door. Its stamp is stored in the step of the answer.
    pub(super) fn answer_owner(&mut self, conn: ConnId, number: u32, bytes: &[u8]) -> Option<()> {
        let now = self.now;
        let held = self.boxes.get_mut(&number)?;
        let asked = Asked::read(&held.keys, bytes)?;
        // Who comes too often makes the disk do nothing.
        if !asked.is_new(&held.traffic.stamps) || !held.admits(Which::Fetching, now) {
            return None;
        }
        let accepted = asked.accept(&mut held.traffic.stamps)?;
        let answer = accepted.answer(&held.keys, &mut self.entropy);
        if !planted!(OwnerStampForgotten) {
            self.mark(Saved::Traffic(number));
        }
        let (bytes, owner) = answer.ok()?;
        self.then(Effect::Write { conn, bytes });
        let fetching = Fetching {
            number,
            owner,
            is_here: false,
            handed: BTreeMap::new(),
            next: 0,
            reading: None,
            said_all: false,
        };
        self.await_owner(conn, fetching, DOOR_STEP_MS);
        Some(())
    }

    fn await_owner(&mut self, conn: ConnId, fetching: Fetching, within_ms: u32) {
        let bytes = fetching.owner.wants();
        self.conns.insert(conn, Conn::Owner(fetching));
        self.then(Effect::Read {
            conn,
            bytes,
            within_ms,
        });
    }

    /// What the owner says: that it is there, then what may go.
    pub(super) fn owner_says(
        &mut self,
        conn: ConnId,
        mut fetching: Fetching,
        bytes: &[u8],
    ) -> Option<()> {
        let number = fetching.number;
        for told in fetching.owner.hear(bytes).ok()? {
            match told {
                Told::Here(stamp) => {
                    fetching.is_here = true;
                    self.owner_is_here(number, stamp);
                }
                Told::Delete { slot, receipt } => {
                    fetching.handed.remove(&slot)?;
                    // One that went by its age meanwhile may go a second time.
                    let held = self.boxes.get(&number)?;
                    let good = held.get(slot).is_none_or(|kept| {
                        fetch::is_receipt(&held.keys, slot, &kept.sum, &receipt)
                            || planted!(ReceiptUnchecked)
                    });
                    good.then(|| self.erase_parcel(number, slot))?;
                }
            }
        }
        self.await_owner(conn, fetching, FETCH_STEP_MS);
        self.hand_out(conn)
    }

    /// No older flight counts any more, and who came with one leaves.
    fn owner_is_here(&mut self, number: u32, stamp: u64) {
        if let Some(held) = self.boxes.get_mut(&number) {
            held.traffic.stamps.settle(stamp);
            self.mark(Saved::Traffic(number));
        }
        let before = self
            .conns
            .iter()
            .filter(|(_, conn)| matches!(conn, Conn::Owner(other) if other.number == number));
        let before: Vec<ConnId> = before.map(|(conn, _)| *conn).collect();
        before.into_iter().for_each(|conn| self.drop_conn(conn));
    }

    /// Has the next parcel read, as long as the owner keeps up; says so when there is no other, and all
    /// that was handed out is gone.
    fn hand_out(&mut self, conn: ConnId) -> Option<()> {
        let Some(Conn::Owner(fetching)) = self.conns.get_mut(&conn) else {
            return Some(());
        };
        if !fetching.is_here || fetching.reading.is_some() || fetching.said_all {
            return Some(());
        }
        let number = fetching.number;
        let handed: usize = fetching.handed.values().sum();
        let effect = match self.boxes.get(&number)?.next(fetching.next) {
            Some((slot, kept)) => {
                let length = kept.length as usize;
                if handed > 0 && handed + length > FETCH_WINDOW_BYTES {
                    return Some(());
                }
                (fetching.reading, fetching.next) = (Some(slot), slot.saturating_add(1));
                let names = pieces(number, slot, length);
                Effect::Fetch { conn, slot, names }
            }
            // So the owner knows that what it deleted is gone.
            None if !fetching.handed.is_empty() => return Some(()),
            None => {
                fetching.said_all = true;
                let bytes = fetching.owner.all().ok()?;
                Effect::Write { conn, bytes }
            }
        };
        self.then(effect);
        Some(())
    }

    /// A parcel was read from the disk.
    pub(super) fn fetched(&mut self, conn: ConnId, slot: u32, parcel: Option<Said>) {
        let Some(Conn::Owner(fetching)) = self.conns.get_mut(&conn) else {
            return;
        };
        if fetching
            .reading
            .take_if(|reading| *reading == slot)
            .is_none()
        {
            return;
        }
        // What went meanwhile is a gap.
        let handed = parcel.map(|parcel| {
            fetching.handed.insert(slot, parcel.len());
            fetching.owner.hand(slot, parcel)
        });
        match handed {
            Some(Ok(bytes)) => self.then(Effect::Write { conn, bytes }),
            Some(Err(_)) => return self.drop_conn(conn),
            None => {}
        }
        if self.hand_out(conn).is_none() {
            self.drop_conn(conn);
        }
    }
}
