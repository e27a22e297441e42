//! Merges the steps of one commit into what the disk will hold afterwards.
//!
//! The outcome is that of carrying the steps out one after the other; what an earlier step wrote
//! and a later one destroyed is never written at all. Seals nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{self, Hider, LeafTag, RecordKey};
use super::tree::Fate;
use super::{Erase, Put, VaultError};

/// What a commit leaves of each record and each leaf that it touches.
#[derive(Default)]
pub(super) struct Plan {
    /// `None` for what is removed.
    pub(super) records: BTreeMap<RecordKey, Option<(LeafTag, Put)>>,
    pub(super) leaves: BTreeMap<LeafTag, Fate>,
    /// Where the records of each leaf are to be found: a session's leaf ends at every step of a burst.
    under: BTreeMap<LeafTag, BTreeSet<RecordKey>>,
}

impl Plan {
    /// Adds one step: its puts, then its erases.
    pub(super) fn step(
        &mut self,
        hider: &Hider,
        puts: Vec<Put>,
        erases: Vec<Erase>,
    ) -> Result<(), VaultError> {
        if !puts.iter().all(|put| record::fits(&put.name, &put.body)) {
            return Err(VaultError::TooLarge);
        }
        // Once a step, before its first record: puts of one leaf do not destroy each other.
        let renewed: BTreeSet<LeafTag> = puts
            .iter()
            .filter(|put| put.renew && !planted!(LeafKept))
            .map(|put| hider.leaf_tag(&put.leaf))
            .collect();
        for tag in renewed {
            self.end(tag, Fate::Renew);
        }
        for put in puts {
            let tag = hider.leaf_tag(&put.leaf);
            let fate = self.leaves.entry(tag).or_insert(Fate::Keep);
            if *fate == Fate::Erase {
                *fate = Fate::Renew;
            }
            let key = hider.record_key(put.place, &put.name);
            self.under.entry(tag).or_default().insert(key);
            self.records.insert(key, Some((tag, put)));
        }
        for erase in erases {
            match erase {
                Erase::Record(name, place) => {
                    self.records.insert(hider.record_key(place, &name), None);
                }
                Erase::Leaf(leaf) => self.end(hider.leaf_tag(&leaf), Fate::Erase),
            }
        }
        Ok(())
    }

    /// The leaf's key goes, and with it what this commit would have written under it.
    fn end(&mut self, tag: LeafTag, fate: Fate) {
        for key in self.under.remove(&tag).unwrap_or_default() {
            // Another leaf's by now, or removed: not this one's to touch.
            let of_it = |record: &&mut Option<(LeafTag, Put)>| {
                record.as_ref().is_some_and(|(of, _)| *of == tag)
            };
            if let Some(record) = self.records.get_mut(&key).filter(of_it) {
                *record = None;
            }
        }
        self.leaves.insert(tag, fate);
    }
}
