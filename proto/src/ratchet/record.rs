//! A session on its way to the vault and back. Only these records are encoded, never a session.
//! PROTOCOL §8: one leaf for the session, renewed with every message; one for each block of skipped keys.

use bincode::{Decode, Encode};

use super::chain::MessageChain;
use super::continuity::Past;
use super::skipped::{BLOCK_KEYS, Block, Skipped};
use super::{OldChain, Receiving, Sending, Session};
use crate::identity::{self, Point};
use crate::secret::{Chain, Continuity, Header, Kept, Message, RatchetScalar, Root};

#[derive(Encode, Decode)]
struct HalfRecord {
    chain: Kept<Chain>,
    next: u32,
    header: Kept<Header>,
}

/// Everything of a session but its skipped keys.
#[derive(Encode, Decode)]
pub(crate) struct SessionRecord {
    id: [u8; 32],
    number: u32,
    past: Vec<Kept<Continuity>>,
    /// The newest chain of which a skipped key was forgotten.
    forgotten: u32,
    root: Kept<Root>,
    sending: Option<HalfRecord>,
    next_send_header: Kept<Header>,
    receiving: Option<HalfRecord>,
    next_receive_header: Kept<Header>,
    mine: Kept<RatchetScalar>,
    theirs: Option<[u8; 32]>,
    previous_sent: u32,
    sent_chains: u32,
    got_chains: u32,
    old: Vec<(u32, u32, Kept<Header>)>,
}

/// One block of skipped keys: number, the node's age since which it waits, key.
#[derive(Encode, Decode)]
pub(crate) struct SkippedRecord {
    keys: Vec<(u32, u32, Kept<Message>)>,
}

fn half(chain: &MessageChain, header: &crate::secret::Key<Header>) -> HalfRecord {
    HalfRecord {
        chain: chain.key().keep(),
        next: chain.next(),
        header: header.keep(),
    }
}

impl Session {
    /// The record that replaces the session's last one.
    pub(crate) fn record(&self) -> SessionRecord {
        SessionRecord {
            id: self.id,
            number: self.number,
            past: self.past.keep(),
            forgotten: self.skipped.forgotten(),
            root: self.root.keep(),
            sending: self.sending.as_ref().map(|s| half(&s.chain, &s.header)),
            next_send_header: self.next_send_header.keep(),
            receiving: self.receiving.as_ref().map(|r| half(&r.chain, &r.header)),
            next_receive_header: self.next_receive_header.keep(),
            mine: self.mine.keep(),
            theirs: self.theirs.map(|point| *point.as_bytes()),
            previous_sent: self.previous_sent,
            sent_chains: self.sent_chains,
            got_chains: self.got_chains,
            old: self
                .old
                .iter()
                .map(|old| (old.number, old.since, old.header.keep()))
                .collect(),
        }
    }

    /// A session as it was stored; nothing if the record holds what no session could.
    pub(crate) fn restore(record: &SessionRecord) -> Option<Self> {
        let theirs = match record.theirs {
            None => None,
            Some(bytes) => Some(Point::parse(bytes).ok()?),
        };
        let mine = record.mine.key();
        let sending = record.sending.as_ref().map(|h| Sending {
            chain: MessageChain::at(h.chain.key(), h.next),
            header: h.header.key(),
            dh: identity::public(&mine),
        });
        let receiving = record.receiving.as_ref().map(|h| Receiving {
            chain: MessageChain::at(h.chain.key(), h.next),
            header: h.header.key(),
        });
        let old = record.old.iter().map(|(number, since, header)| OldChain {
            number: *number,
            since: *since,
            header: header.key(),
        });
        Some(Self {
            id: record.id,
            number: record.number,
            past: Past::restore(&record.past),
            root: record.root.key(),
            sending,
            next_send_header: record.next_send_header.key(),
            receiving,
            next_receive_header: record.next_receive_header.key(),
            mine,
            theirs,
            previous_sent: record.previous_sent,
            sent_chains: record.sent_chains,
            got_chains: record.got_chains,
            old: old.collect(),
            skipped: Skipped::after(record.forgotten),
        })
    }

    /// The record of one block of skipped keys, or nothing if the block is empty now.
    pub(crate) fn skipped_record(&self, block: Block) -> Option<SkippedRecord> {
        let keys: Vec<_> = self
            .skipped
            .block(block)
            .map(|(n, since, key)| (n, since, key.keep()))
            .collect();
        (!keys.is_empty()).then_some(SkippedRecord { keys })
    }

    /// Puts a stored block back.
    pub(crate) fn restore_skipped(&mut self, block: Block, record: &SkippedRecord) {
        for (n, since, key) in &record.keys {
            if n / BLOCK_KEYS == block.index {
                self.skipped.restore(block.chain, *n, *since, key.key());
            }
        }
    }

    /// The blocks that hold keys.
    pub(crate) fn skipped_blocks(&self) -> Vec<Block> {
        self.skipped.blocks()
    }

    /// How many late parcels are still awaited.
    pub(crate) fn skipped_len(&self) -> usize {
        self.skipped.len()
    }

    /// Forgets the skipped key that waited longest, to keep the whole node in bounds.
    pub(crate) fn forget_oldest_skipped(&mut self) -> Option<Block> {
        self.skipped.forget_oldest()
    }
}

#[cfg(test)]
impl SessionRecord {
    /// As large as a record of a session can become.
    pub(crate) fn largest() -> Self {
        use crate::limits::{CONTINUITY_VALUES, OLD_CHAINS_MAX};
        use crate::secret::Key;
        fn kept<P>() -> Kept<P> {
            Key::fill(|_| ()).keep()
        }
        let half = || HalfRecord {
            chain: kept(),
            next: u32::MAX,
            header: kept(),
        };
        Self {
            id: [255; 32],
            number: u32::MAX,
            past: (0..CONTINUITY_VALUES).map(|_| kept()).collect(),
            forgotten: u32::MAX,
            root: kept(),
            sending: Some(half()),
            next_send_header: kept(),
            receiving: Some(half()),
            next_receive_header: kept(),
            mine: kept(),
            theirs: Some([255; 32]),
            previous_sent: u32::MAX,
            sent_chains: u32::MAX,
            got_chains: u32::MAX,
            old: (0..OLD_CHAINS_MAX)
                .map(|_| (u32::MAX, u32::MAX, kept()))
                .collect(),
        }
    }
}

#[cfg(test)]
impl SkippedRecord {
    /// As large as a record of skipped keys can become.
    pub(crate) fn largest() -> Self {
        let key = |_| (u32::MAX, u32::MAX, crate::secret::Key::fill(|_| ()).keep());
        Self {
            keys: (0..BLOCK_KEYS).map(key).collect(),
        }
    }
}
