//! What is on a node's disk, by the names that its engine gave: how many records of each kind, for
//! which friend. Nothing there grows beyond its bound, and no words are there without the index of
//! a message that they belong to.

use std::collections::BTreeMap;

use kith_proto::limits::{
    BUCKETS, CHUNK_BYTES, FRIENDS_MAX, HISTORY_PER_FRIEND_MAX, OUTBOX_PER_FRIEND_MAX,
    SEEN_PARCELS_MAX, SKIPPED_PER_SESSION_MAX, TEXT_BYTES_MAX, UNREAD_PER_FRIEND_MAX,
};
use kith_proto::vault::{Erase, Name, Put};

/// A record that a commit writes, of so many bytes, or erases.
pub(crate) type Change = (Name, Option<usize>);

/// The changes of a step, in order.
pub(crate) fn changes_of(puts: &[Put], erases: &[Erase]) -> Vec<Change> {
    let puts = puts
        .iter()
        .map(|put| (put.name.clone(), Some(put.body.len())));
    let erased = erases.iter().filter_map(|erase| match erase {
        Erase::Record(name, _) => Some((name.clone(), None)),
        Erase::Leaf(_) => None,
    });
    puts.chain(erased).collect()
}

/// A name of state: a letter and twenty bytes of numbers; that of a piece of a body is longer.
const STATE_NAME_BYTES: usize = 21;
/// Entries of one stored block of seen parcels.
const SEEN_BLOCK: usize = 64;
/// What a skipped key takes in its record at most, in bytes, and a block besides its keys.
const SKIPPED_KEY_BYTES: usize = 3 + 5 + 32 + 1;
const SKIPPED_BLOCK_BYTES: usize = 16;
/// Pieces of the longest text, and of the largest parcel.
const TEXT_PIECES: usize = TEXT_BYTES_MAX.div_ceil(CHUNK_BYTES);
const PARCEL_PIECES: usize = BUCKETS[2].div_ceil(CHUNK_BYTES);

#[derive(Clone, Copy, Default)]
struct Total {
    records: usize,
    bytes: usize,
}

#[derive(Clone, Default)]
pub(crate) struct Ledger {
    live: BTreeMap<Name, usize>,
    /// By letter, and by friend where the name tells one.
    totals: BTreeMap<(u8, u64), Total>,
    bodies: usize,
}

/// What a record of this name counts for; nothing if it is a piece of a body.
fn kind_of(name: &Name) -> Option<(u8, u64)> {
    let letter = name.0[0];
    let number = u64::from_be_bytes(*name.0[1..].first_chunk().unwrap());
    let of_friend = matches!(letter, b'k' | b'd');
    (name.0.len() == STATE_NAME_BYTES).then_some((letter, if of_friend { number } else { 0 }))
}

impl Ledger {
    /// A commit happened.
    pub(super) fn apply(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        for (name, bytes) in changes {
            let kind = kind_of(&name);
            let before = match bytes {
                Some(bytes) => self.live.insert(name, bytes),
                None => self.live.remove(&name),
            };
            let Some(kind) = kind else {
                self.bodies += usize::from(bytes.is_some());
                self.bodies -= usize::from(before.is_some());
                continue;
            };
            let total = self.totals.entry(kind).or_default();
            total.records += usize::from(bytes.is_some());
            total.records -= usize::from(before.is_some());
            total.bytes += bytes.unwrap_or_default();
            total.bytes -= before.unwrap_or_default();
        }
        self.check();
    }

    fn count(&self, letter: u8) -> usize {
        self.totals
            .get(&(letter, 0))
            .map_or(0, |total| total.records)
    }

    /// How many records of state there are.
    pub(super) fn states(&self) -> usize {
        self.totals.values().map(|total| total.records).sum()
    }

    /// The names of the records of one letter.
    pub(super) fn names(&self, letter: u8) -> Vec<Name> {
        let from = Name(vec![letter])..Name(vec![letter + 1]);
        let names = self.live.range(from).map(|(name, _)| name);
        names
            .filter(|name| name.0.len() == STATE_NAME_BYTES)
            .cloned()
            .collect()
    }

    /// Whether the long field of a KEM step is here: a block of no chain.
    pub(crate) fn has_step(&self) -> bool {
        let of_no_chain = |name: &Name| name.0[13..].iter().all(|byte| *byte == 0);
        self.names(b'k').iter().any(of_no_chain)
    }

    /// Every bound that a disk shows.
    fn check(&self) {
        let friends = self.count(b'f');
        assert!(friends <= FRIENDS_MAX, "{friends} friends");
        let (entries, arrivals) = (self.count(b'o'), self.count(b'a'));
        // One is a confirmation, which a full queue does not keep from being.
        assert!(
            entries <= friends * (OUTBOX_PER_FRIEND_MAX + 1 + HISTORY_PER_FRIEND_MAX),
            "{entries} in the outbox and the history"
        );
        assert!(
            arrivals <= friends * (UNREAD_PER_FRIEND_MAX + HISTORY_PER_FRIEND_MAX),
            "{arrivals} unread and in the history"
        );
        let pieces = entries * (TEXT_PIECES + PARCEL_PIECES) + arrivals * TEXT_PIECES;
        assert!(self.bodies <= pieces, "words that belong to no message");
        for ((letter, _), total) in self.totals.range((b'd', 0)..(b'e', 0)) {
            let blocks = SEEN_PARCELS_MAX / SEEN_BLOCK + 1;
            assert!(
                *letter == b'd' && total.records <= blocks,
                "too many seen parcels"
            );
        }
        for (_, total) in self.totals.range((b'k', 0)..(b'l', 0)) {
            let keys = SKIPPED_PER_SESSION_MAX * SKIPPED_KEY_BYTES;
            let bytes = keys + total.records * SKIPPED_BLOCK_BYTES;
            assert!(total.bytes <= bytes, "too many keys of late parcels");
        }
    }
}
