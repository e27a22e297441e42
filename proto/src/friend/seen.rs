//! What of a friend was already opened, so that each message is shown once: bounded, forgotten in
//! whole blocks, each of which is a record. PROTOCOL §4.2 "Dedupe".

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::limits::SEEN_PARCELS_MAX;
use crate::message::MessageId;

/// What of this friend was already opened: parcels by their header tag, messages by their id.
#[derive(Default)]
pub(crate) struct Seen {
    entries: VecDeque<SeenEntry>,
    /// How many entries were forgotten since the beginning; whole blocks of them.
    forgotten: u64,
    tags: BTreeMap<[u8; 16], MessageId>,
    ids: BTreeSet<MessageId>,
}

/// One opened parcel.
pub(crate) type SeenEntry = ([u8; 16], MessageId);

/// How many entries one stored block holds.
pub(crate) const SEEN_BLOCK: usize = 64;

impl Seen {
    /// The message in a parcel that was opened before.
    pub(crate) fn message_of(&self, tag: &[u8; 16]) -> Option<&MessageId> {
        self.tags.get(tag)
    }

    /// Whether this message was accepted before, in whatever parcel.
    pub(crate) fn knows(&self, id: &MessageId) -> bool {
        self.ids.contains(id)
    }

    /// Remembers one more. Gives the block to be stored and, at times, one to be forgotten.
    pub(crate) fn insert(&mut self, tag: [u8; 16], id: MessageId) -> (u64, Option<u64>) {
        self.entries.push_back((tag, id));
        self.tags.insert(tag, id);
        self.ids.insert(id);
        let block = (self.forgotten + self.entries.len() as u64 - 1) / SEEN_BLOCK as u64;
        let full = self.entries.len() > SEEN_PARCELS_MAX && !planted!(SeenUnbounded);
        let gone = full.then(|| self.forget_block());
        (block, gone)
    }

    fn forget_block(&mut self) -> u64 {
        let block = self.forgotten / SEEN_BLOCK as u64;
        for (tag, id) in self.entries.drain(..SEEN_BLOCK.min(self.entries.len())) {
            self.tags.remove(&tag);
            self.ids.remove(&id);
        }
        self.forgotten += SEEN_BLOCK as u64;
        block
    }

    /// The blocks there are.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = u64> + use<> {
        let first = self.forgotten / SEEN_BLOCK as u64;
        first..first + self.entries.len().div_ceil(SEEN_BLOCK) as u64
    }

    /// The entries of one block, for its record; none if it was forgotten.
    pub(crate) fn block(&self, block: u64) -> Vec<SeenEntry> {
        let Some(first) = (block * SEEN_BLOCK as u64).checked_sub(self.forgotten) else {
            return Vec::new();
        };
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        self.entries
            .iter()
            .skip(first)
            .take(SEEN_BLOCK)
            .copied()
            .collect()
    }

    /// Puts a stored block back; blocks come in order. Nothing if one is missing before it, or if it
    /// holds what none can.
    pub(crate) fn restore(&mut self, block: u64, entries: Vec<SeenEntry>) -> Option<()> {
        let first = block.checked_mul(SEEN_BLOCK as u64)?;
        if self.entries.is_empty() {
            self.forgotten = first;
        }
        let next = self.forgotten.checked_add(self.entries.len() as u64)?;
        let fits = (1..=SEEN_BLOCK).contains(&entries.len()) && first <= u64::MAX / 2;
        (next == first && fits).then_some(())?;
        for (tag, id) in entries {
            self.entries.push_back((tag, id));
            self.tags.insert(tag, id);
            self.ids.insert(id);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_bounded_and_the_oldest_block_goes_whole() {
        let mut seen = Seen::default();
        let entry = |n: usize| {
            let mut tag = [0; 16];
            tag[..8].copy_from_slice(&(n as u64).to_le_bytes());
            (tag, tag)
        };
        let mut gone = Vec::new();
        for n in 0..SEEN_PARCELS_MAX + SEEN_BLOCK {
            let (tag, id) = entry(n);
            let (block, forgotten) = seen.insert(tag, id);
            assert_eq!(block, (n / SEEN_BLOCK) as u64);
            gone.extend(forgotten);
        }
        assert_eq!(gone, [0]);
        assert!(seen.block(0).is_empty(), "its record is erased");
        assert!(!seen.knows(&entry(0).1) && seen.message_of(&entry(0).0).is_none());
        assert!(seen.knows(&entry(SEEN_BLOCK).1));
        assert_eq!(seen.block(1).first(), Some(&entry(SEEN_BLOCK)));
    }

    #[test]
    fn what_was_seen_survives_the_record() {
        let mut seen = Seen::default();
        for n in 0..100u8 {
            seen.insert([n; 16], [n; 16]);
        }
        let mut again = Seen::default();
        again.restore(0, seen.block(0)).unwrap();
        again.restore(1, seen.block(1)).unwrap();
        assert!((0..100).all(|n| again.message_of(&[n; 16]) == Some(&[n; 16])));
        assert_eq!(again.insert([200; 16], [200; 16]).0, 1);
    }

    #[test]
    fn blocks_with_a_gap_or_beyond_all_numbers_are_none_of_ours() {
        let block = || vec![([1; 16], [1; 16]); SEEN_BLOCK];
        let restored = |blocks: &[u64]| {
            let mut seen = Seen::default();
            blocks.iter().try_for_each(|at| seen.restore(*at, block()))
        };
        assert!(restored(&[5, 6, 7]).is_some());
        assert!(restored(&[5, 7]).is_none());
        assert!(restored(&[u64::MAX]).is_none() && restored(&[u64::MAX / 64]).is_none());
        assert!(Seen::default().restore(1, Vec::new()).is_none());
    }
}
