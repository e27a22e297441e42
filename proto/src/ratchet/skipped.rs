//! Keys of parcels that are late: bounded, forgotten oldest first, stored in blocks so that one
//! that was used is destroyed without rewriting the others. PROTOCOL §4.2 "Limits".

use std::collections::{BTreeMap, BTreeSet};

use super::Session;
use crate::limits::{SKIPPED_PER_NODE_MAX, SKIPPED_PER_SESSION_MAX};
use crate::secret::{Key, Message};

/// How many neighbouring numbers of a chain share one stored block.
pub(super) const BLOCK_KEYS: u32 = 32;

/// A part of a session that is a record of its own on the disk: a block of skipped keys, or the long
/// field of an open KEM step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Block {
    /// The peer's chain.
    pub chain: u32,
    /// `n / 32`.
    pub index: u32,
}

impl Block {
    /// The KEM field. Chains are counted from 1, so no skipped key is there.
    pub(crate) const FIELD: Self = Self { chain: 0, index: 0 };
}

/// The key of a parcel that others have overtaken.
pub(crate) struct SkippedKey {
    pub chain: u32,
    pub n: u32,
    pub key: Key<Message>,
}

/// All skipped keys of one session.
#[derive(Default)]
pub(super) struct Skipped {
    keys: BTreeMap<(u32, u32), (u32, Key<Message>)>,
    /// The newest chain of which one was forgotten without being used; 0 for none.
    forgotten: u32,
}

fn block_of(chain: u32, n: u32) -> Block {
    Block {
        chain,
        index: n / BLOCK_KEYS,
    }
}

impl Skipped {
    pub(super) fn get(&self, chain: u32, n: u32) -> Option<&Key<Message>> {
        self.keys.get(&(chain, n)).map(|(_, key)| key)
    }

    /// Whether a parcel of this chain is late.
    pub(super) fn has(&self, chain: u32) -> bool {
        let mut keys = self.keys.range((chain, 0)..=(chain, u32::MAX));
        keys.next().is_some()
    }

    /// Whether some of this chain were forgotten without being used.
    pub(super) fn has_forgotten(&self, chain: u32) -> bool {
        self.forgotten >= chain
    }

    /// The newest chain of which that is true, for the session's record.
    pub(super) fn forgotten(&self) -> u32 {
        self.forgotten
    }

    /// None yet, of a session whose record says that of this chain some were forgotten.
    pub(super) fn after(forgotten: u32) -> Self {
        Self {
            forgotten,
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Uses one up.
    pub(super) fn take(&mut self, chain: u32, n: u32) -> Option<Block> {
        if planted!(LateKeyKept) {
            return Some(block_of(chain, n));
        }
        self.keys.remove(&(chain, n)).map(|_| block_of(chain, n))
    }

    /// Keeps more of them; beyond the bound the oldest chain's lowest go.
    pub(super) fn keep(&mut self, more: Vec<SkippedKey>, minute: u32) -> Vec<Block> {
        let mut changed = BTreeSet::new();
        for SkippedKey { chain, n, key } in more {
            changed.insert(block_of(chain, n));
            self.keys.insert((chain, n), (minute, key));
        }
        while self.keys.len() > SKIPPED_PER_SESSION_MAX && !planted!(SkippedUnbounded) {
            changed.extend(self.forget_oldest());
        }
        changed.into_iter().collect()
    }

    /// Forgets the one that waited longest.
    pub(super) fn forget_oldest(&mut self) -> Option<Block> {
        let ((chain, n), _) = self.keys.pop_first()?;
        self.forgotten = self.forgotten.max(chain);
        Some(block_of(chain, n))
    }

    /// Forgets those that wait since a minute of the node's age or longer.
    pub(super) fn forget_since(&mut self, minute: u32) -> Vec<Block> {
        let (mut changed, forgotten) = (BTreeSet::new(), &mut self.forgotten);
        self.keys.retain(|&(chain, n), (since, _)| {
            if *since <= minute {
                changed.insert(block_of(chain, n));
                *forgotten = chain.max(*forgotten);
            }
            *since > minute
        });
        changed.into_iter().collect()
    }

    /// Forgets a chain that nobody can write on any more.
    pub(super) fn forget_chain(&mut self, forgotten: u32) -> Vec<Block> {
        let mut changed = BTreeSet::new();
        self.keys.retain(|&(chain, n), _| {
            if chain == forgotten {
                changed.insert(block_of(chain, n));
            }
            chain != forgotten
        });
        changed.into_iter().collect()
    }

    pub(super) fn blocks(&self) -> Vec<Block> {
        let blocks = self.keys.keys().map(|(chain, n)| block_of(*chain, *n));
        blocks.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The keys of one block, for its record.
    pub(super) fn block(&self, block: Block) -> impl Iterator<Item = (u32, u32, &Key<Message>)> {
        let first = block.index.saturating_mul(BLOCK_KEYS);
        let last = first.saturating_add(BLOCK_KEYS - 1);
        self.keys
            .range((block.chain, first)..=(block.chain, last))
            .map(|(&(_, n), (since, key))| (n, *since, key))
    }

    /// Puts one back that was stored.
    pub(super) fn restore(&mut self, chain: u32, n: u32, since: u32, key: Key<Message>) {
        self.keys.insert((chain, n), (since, key));
    }
}

/// Keeps all sessions of a node together within its bound: the largest gives way, its oldest first, so
/// that one friend pushes out no key of another. Says which blocks changed.
pub(crate) fn bound_skipped<'a, Id: Copy>(
    sessions: impl Iterator<Item = (Id, &'a mut Session)>,
) -> Vec<(Id, Block)> {
    let mut sessions: Vec<_> = sessions.filter(|(_, s)| s.skipped_len() > 0).collect();
    let mut total: usize = sessions.iter().map(|(_, s)| s.skipped_len()).sum();
    let mut changed = Vec::new();
    while total > SKIPPED_PER_NODE_MAX {
        let largest = sessions.iter_mut().max_by_key(|(_, s)| s.skipped_len());
        let Some((id, session)) = largest else { break };
        let block = session.forget_oldest_skipped();
        changed.extend(block.map(|block| (*id, block)));
        total -= 1;
    }
    changed
}
