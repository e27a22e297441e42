//! What is left of an edge that another took the place of: a door at which a knock is known and not
//! answered. Who knocks there has an older backup, or a copy of what is in one: a human is told.
//! PROTOCOL §1 "A new identity".

use bincode::{Decode, Encode};

use crate::edge::Edge;
use crate::limits::{FORMER_DOORS_MAX, FORMER_KNOCK_MINUTES};
use crate::secret::{Flight, Hint, Kept, Key};

/// The former edges of one friend.
#[derive(Default)]
pub(crate) struct Former {
    /// The newest last.
    doors: Vec<Door>,
    /// When the human was last told of a knock, in minutes since 1970.
    knocked_min: Option<u32>,
}

/// Two keys of an edge's last resort: they know its dials and open none.
pub(crate) struct Door {
    pub hint: Key<Hint>,
    pub flight: Key<Flight>,
    /// When the edge went, in minutes of the node's age.
    since: u32,
}

/// As it is stored.
#[derive(Default, Encode, Decode)]
pub(crate) struct FormerRecord {
    doors: Vec<(Kept<Hint>, Kept<Flight>, u32)>,
    knocked_min: Option<u32>,
}

impl Door {
    /// Of an edge that goes: how the friend dials it when nothing else is left.
    pub(crate) fn of(edge: &Edge, since: u32) -> Self {
        let from = &edge.last_resort().from;
        Self {
            hint: from.hint.keep().key(),
            flight: from.flight.keep().key(),
            since,
        }
    }
}

impl Former {
    pub(crate) fn doors(&self) -> impl Iterator<Item = &Door> {
        self.doors.iter()
    }

    /// One more; the newest stay.
    pub(crate) fn add(&mut self, door: Door) {
        self.doors.push(door);
        if self.doors.len() > FORMER_DOORS_MAX {
            self.doors.remove(0);
        }
    }

    /// Forgets those of edges that went at this age or before. Says whether there were any.
    pub(crate) fn forget_since(&mut self, last: u32) -> bool {
        let before = self.doors.len();
        self.doors.retain(|door| door.since > last);
        self.doors.len() < before
    }

    /// Somebody knocks. Says whether the human is to be told, which they are once a day.
    pub(crate) fn knocks(&mut self, minute: u32) -> bool {
        let told = |before: u32| before.abs_diff(minute) < FORMER_KNOCK_MINUTES;
        if self.knocked_min.is_some_and(told) {
            return false;
        }
        self.knocked_min = Some(minute);
        true
    }

    /// Whether somebody knocked since this minute.
    pub(crate) fn knocked_since(&self, minute: u32) -> bool {
        self.knocked_min.is_some_and(|knocked| knocked >= minute)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.doors.is_empty() && self.knocked_min.is_none()
    }

    /// To be stored.
    pub(crate) fn record(&self) -> FormerRecord {
        let door = |door: &Door| (door.hint.keep(), door.flight.keep(), door.since);
        FormerRecord {
            doors: self.doors.iter().map(door).collect(),
            knocked_min: self.knocked_min,
        }
    }
}

impl FormerRecord {
    /// What it says; nothing if it holds more than can have been.
    pub(crate) fn read(self) -> Option<Former> {
        let doors = self.doors.iter().map(|(hint, flight, since)| Door {
            hint: hint.key(),
            flight: flight.key(),
            since: *since,
        });
        (self.doors.len() <= FORMER_DOORS_MAX).then(|| Former {
            doors: doors.collect(),
            knocked_min: self.knocked_min,
        })
    }
}
