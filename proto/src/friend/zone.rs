//! Names of other people between a friend and me: those I show, and those I was told. Who they are is
//! the engine's to know. PROTOCOL §6.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

use crate::limits::{FRIENDS_MAX, ZONE_DAYS_MAX, ZONE_NOTE_BYTES_MAX, ZONE_NOTES_BYTES_MAX};
use crate::time::DAY_MINUTES;
use crate::zone::Tag;

/// Both ways.
#[derive(Default)]
pub(crate) struct Zone {
    pub shown: Shown,
    /// By the place of each on the disk.
    pub heard: BTreeMap<u32, Told>,
}

/// Whom of my friends I show this one, as it is stored, in a backup too.
#[derive(Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Shown {
    /// By the number of one computer of each.
    pub names: BTreeMap<u32, Saying>,
    /// Until when this friend may hold some of it, in minutes of the node's age.
    pub held_until: u32,
}

/// How I show somebody.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Saying {
    /// What I say about them.
    pub note: String,
    /// For how long each answer holds, in days.
    pub days: u8,
}

/// What the friend calls somebody, as it is stored.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Told {
    pub label: String,
    /// Of each computer of theirs.
    pub tags: Vec<Tag>,
    /// What they say about them, cleaned.
    pub note: String,
    /// When they said so, minutes since 1970.
    pub minute: u32,
    /// Until when it is believed, in minutes of the node's age.
    pub until: u32,
}

impl Shown {
    /// The same as a backup holds it: what the friend may hold is counted from now on.
    pub(crate) fn lasting(&self, age: u32) -> Self {
        Self {
            names: self.names.clone(),
            held_until: self.held_until.saturating_sub(age),
        }
    }

    /// Whether a node with so many friends can have written it, whose age begins.
    pub(crate) fn is_sound(&self, next_friend: u32) -> bool {
        let sayings = self.names.values();
        let bounded = |it: &Saying| {
            it.note.len() <= ZONE_NOTE_BYTES_MAX && (1..=ZONE_DAYS_MAX).contains(&it.days)
        };
        self.names.len() < FRIENDS_MAX
            && self.names.keys().all(|no| *no < next_friend)
            && sayings.into_iter().all(bounded)
            && self.note_bytes() <= ZONE_NOTES_BYTES_MAX
            && self.held_until <= u32::from(ZONE_DAYS_MAX) * DAY_MINUTES
    }

    /// How long what I say about all of them is, in bytes.
    pub(crate) fn note_bytes(&self) -> usize {
        self.names.values().map(|saying| saying.note.len()).sum()
    }
}

impl Zone {
    /// A place that is free.
    pub(crate) fn free_place(&self) -> u32 {
        let taken = self.heard.keys().zip(0..);
        let gap = taken.into_iter().find(|(place, n)| *place != n);
        gap.map_or(self.heard.len() as u32, |(_, n)| n)
    }

    /// Where what holds no more lies: all of it, or this label.
    pub(crate) fn places(&self, label: Option<&str>) -> Vec<u32> {
        let meant = |told: &Told| label.is_none_or(|label| told.label == label);
        let heard = self.heard.iter().filter(|(_, told)| meant(told));
        heard.map(|(place, _)| *place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_came_free_is_taken_before_a_new_one() {
        let mut zone = Zone::default();
        let told = || Told {
            label: String::new(),
            tags: Vec::new(),
            note: String::new(),
            minute: 0,
            until: 0,
        };
        for n in 0..3 {
            assert_eq!(zone.free_place(), n);
            zone.heard.insert(n, told());
        }
        zone.heard.remove(&1);
        assert_eq!(zone.free_place(), 1);
        zone.heard.remove(&0);
        assert_eq!(zone.free_place(), 0);
    }
}
