//! One box: what is in it, what it has room for, and how often somebody comes.

use std::collections::BTreeMap;

use super::contract::KeptBox;
use super::{BoxId, Which};
use crate::limits::{MAILBOX_PARCELS_MAX, VISITS_PER_MINUTE_MAX};
use crate::link::stamps::Stamps;
use crate::mailbox::{BoxKeys, Spent};
use crate::secret::{Flight, Hint, Key};
use crate::time::{MINUTE_MS, Now};

/// A parcel that is kept, but for its bytes.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(super) struct Slot {
    /// In bytes: one of the buckets.
    pub length: u32,
    /// The day of the keeper's age on which it came.
    pub day: u32,
    /// Its BLAKE3 sum, which a receipt names.
    pub sum: [u8; 32],
}

/// What must not go back though it changes with every visit of the owner.
#[derive(Clone, Debug, Default, bincode::Encode, bincode::Decode)]
pub(super) struct Traffic {
    /// Of its owner's flights.
    pub stamps: Stamps,
}

/// A box.
pub(super) struct Held {
    pub keys: BoxKeys,
    pub quota_bytes: u64,
    pub spent: Spent,
    pub traffic: Traffic,
    slots: BTreeMap<u32, Slot>,
    next_slot: u32,
    bytes: u64,
    visits: Visits,
    fetches: Visits,
}

impl Held {
    pub(super) fn new(keys: BoxKeys, quota_bytes: u64) -> Self {
        Self {
            keys,
            quota_bytes,
            spent: Spent::default(),
            traffic: Traffic::default(),
            slots: BTreeMap::new(),
            next_slot: 0,
            bytes: 0,
            visits: Visits::default(),
            fetches: Visits::default(),
        }
    }

    pub(super) fn knocker(&self, which: Which) -> (&Key<Hint>, &Key<Flight>) {
        match which {
            Which::Leaving => self.keys.door().knocker(),
            Which::Fetching => self.keys.fetch_knocker(),
        }
    }

    pub(super) fn told(&self) -> KeptBox {
        let id: BoxId = *self.keys.id();
        KeptBox {
            id,
            // At most as many as there may be.
            parcels: self.slots.len() as u32,
            bytes: self.bytes,
            quota_bytes: self.quota_bytes,
        }
    }

    /// Whether one more visit fits into this minute; then it is counted.
    pub(super) fn admits(&mut self, which: Which, now: Now) -> bool {
        match which {
            Which::Leaving => self.visits.admit(now),
            Which::Fetching => self.fetches.admit(now),
        }
    }

    /// Whether a parcel of so many bytes fits: what is there stays, nothing is pushed out.
    pub(super) fn has_room(&self, length: usize) -> bool {
        self.slots.len() < MAILBOX_PARCELS_MAX
            && (self.bytes.saturating_add(length as u64) <= self.quota_bytes
                || planted!(QuotaUnchecked))
            && self.next_slot < u32::MAX
    }

    /// Takes a parcel in; gives its number. Only where there is room.
    pub(super) fn put(&mut self, slot: Slot) -> u32 {
        let number = self.next_slot;
        self.next_slot = number.saturating_add(1);
        self.place(number, slot);
        number
    }

    /// Puts back what stood there.
    pub(super) fn place(&mut self, number: u32, slot: Slot) {
        self.bytes = self.bytes.saturating_add(slot.length.into());
        if let Some(before) = self.slots.insert(number, slot) {
            self.bytes = self.bytes.saturating_sub(before.length.into());
        }
        self.next_slot = self.next_slot.max(number.saturating_add(1));
    }

    pub(super) fn take(&mut self, number: u32) -> Option<Slot> {
        let slot = self.slots.remove(&number)?;
        self.bytes = self.bytes.saturating_sub(slot.length.into());
        Some(slot)
    }

    pub(super) fn get(&self, number: u32) -> Option<&Slot> {
        self.slots.get(&number)
    }

    /// The first that is kept from this number on.
    pub(super) fn next(&self, from: u32) -> Option<(u32, &Slot)> {
        let next = self.slots.range(from..).next();
        next.map(|(number, slot)| (*number, slot))
    }

    pub(super) fn next_slot(&self) -> u32 {
        self.next_slot
    }

    /// Numbers never come twice, whatever was deleted.
    pub(super) fn go_on_from(&mut self, next_slot: u32) {
        self.next_slot = self.next_slot.max(next_slot);
    }

    pub(super) fn parcels(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn slots(&self) -> Vec<u32> {
        self.slots.keys().copied().collect()
    }

    /// What came before this day.
    pub(super) fn came_before(&self, day: u32) -> Vec<u32> {
        let late = self.slots.iter().filter(|(_, slot)| slot.day < day);
        late.map(|(number, _)| *number).collect()
    }
}

/// How often somebody came in a minute of the boot clock.
#[derive(Default)]
struct Visits {
    minute: u64,
    count: u32,
}

impl Visits {
    fn admit(&mut self, now: Now) -> bool {
        let minute = now.boot_ms / MINUTE_MS;
        if self.minute != minute {
            *self = Self { minute, count: 0 };
        }
        let admitted = self.count < VISITS_PER_MINUTE_MAX;
        self.count += u32::from(admitted);
        admitted
    }
}
