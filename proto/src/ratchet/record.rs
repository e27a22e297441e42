//! A session on its way to the vault and back. Only these records are encoded, never a session.
//! PROTOCOL §8: one leaf for the session, renewed with every message; one for each block of skipped
//! keys; one for the field of an open KEM step, which stays the same for a chain and would make the
//! session's record several times as long.

use bincode::{Decode, Encode};

use super::chain::MessageChain;
use super::continuity::Past;
use super::skipped::{BLOCK_KEYS, Block, Skipped};
use super::step::{FieldTag, Offer, Step, Steps};
use super::{OldChain, Receiving, Sending, Session};
use crate::identity::{self, Point};
use crate::parcel::HeaderKeys;
use crate::secret::{Chain, Continuity, Header, KemSeed, Kept, Message, RatchetScalar, Root};

#[derive(Encode, Decode)]
struct HalfRecord {
    chain: Kept<Chain>,
    next: u32,
    header: Kept<Header>,
}

/// Where a KEM step stands, without its field.
#[derive(Encode, Decode)]
enum StepRecord {
    Closed,
    Offered(Kept<KemSeed>),
    Asked,
    Answered,
}

/// Everything of a session but its blocks.
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
    step: StepRecord,
    messages: u32,
    since: Option<u32>,
    field: FieldTag,
    old: Vec<(u32, u32, Kept<Header>)>,
}

/// One block of a session.
#[derive(Encode, Decode)]
pub(crate) enum BlockRecord {
    /// Skipped keys: number, the node's age since which it waits, key; and what their parcels bear.
    Skipped {
        field: FieldTag,
        keys: Vec<(u32, u32, Kept<Message>)>,
    },
    /// The field of an open KEM step.
    Field(Vec<u8>),
}

fn half(chain: &MessageChain, header: &HeaderKeys) -> HalfRecord {
    HalfRecord {
        chain: chain.key().keep(),
        next: chain.next(),
        header: header.key().keep(),
    }
}

/// A field of the length it must have.
fn boxed<const N: usize>(bytes: &[u8]) -> Option<Box<[u8; N]>> {
    Box::<[u8]>::from(bytes).try_into().ok()
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
            next_receive_header: self.next_receive_header.key().keep(),
            mine: self.mine.keep(),
            theirs: self.theirs.map(|point| *point.as_bytes()),
            previous_sent: self.previous_sent,
            sent_chains: self.sent_chains,
            got_chains: self.got_chains,
            step: match &self.steps.step {
                Step::Closed => StepRecord::Closed,
                Step::Offered(offer) => StepRecord::Offered(offer.seed().keep()),
                Step::Asked(_) => StepRecord::Asked,
                Step::Answered(_) => StepRecord::Answered,
            },
            messages: self.steps.messages,
            since: self.steps.since,
            field: self.receiving.as_ref().and_then(|r| r.field),
            old: self
                .old
                .iter()
                .map(|old| (old.number, old.since, old.header.key().keep()))
                .collect(),
        }
    }

    /// A session as it was stored, and its blocks; nothing if they hold what no session could.
    pub(crate) fn restore<'a>(
        record: &SessionRecord,
        blocks: impl IntoIterator<Item = (Block, &'a BlockRecord)>,
    ) -> Option<Self> {
        let mut session = Self::without_blocks(record)?;
        let mut long = None;
        for (block, record) in blocks {
            match record {
                BlockRecord::Skipped { field, keys } => session.put_back(block, *field, keys)?,
                BlockRecord::Field(field) if block == Block::FIELD => long = Some(field.as_slice()),
                BlockRecord::Field(_) => return None,
            }
        }
        session.steps.step = match (&record.step, long) {
            (StepRecord::Closed, None) => Step::Closed,
            (StepRecord::Offered(seed), None) => Step::Offered(Offer::new(seed.key())),
            (StepRecord::Asked, Some(ek)) => Step::Asked(boxed(ek)?),
            (StepRecord::Answered, Some(ct)) => Step::Answered(boxed(ct)?),
            _ => return None,
        };
        Some(session)
    }

    fn without_blocks(record: &SessionRecord) -> Option<Self> {
        let theirs = match record.theirs {
            None => None,
            Some(bytes) => Some(Point::parse(bytes).ok()?),
        };
        let mine = record.mine.key();
        let sending = record.sending.as_ref().map(|h| Sending {
            chain: MessageChain::at(h.chain.key(), h.next),
            header: HeaderKeys::new(h.header.key()),
            dh: identity::public(&mine),
        });
        let receiving = record.receiving.as_ref().map(|h| Receiving {
            chain: MessageChain::at(h.chain.key(), h.next),
            header: HeaderKeys::new(h.header.key()),
            field: record.field,
        });
        let old = record.old.iter().map(|(number, since, header)| OldChain {
            number: *number,
            since: *since,
            header: HeaderKeys::new(header.key()),
            // It stands with the skipped keys.
            field: None,
        });
        Some(Self {
            id: record.id,
            number: record.number,
            past: Past::restore(&record.past),
            root: record.root.key(),
            sending,
            next_send_header: record.next_send_header.key(),
            receiving,
            next_receive_header: HeaderKeys::new(record.next_receive_header.key()),
            mine,
            theirs,
            previous_sent: record.previous_sent,
            sent_chains: record.sent_chains,
            got_chains: record.got_chains,
            steps: Steps {
                step: Step::Closed,
                messages: record.messages,
                since: record.since,
            },
            old: old.collect(),
            skipped: Skipped::after(record.forgotten),
        })
    }

    /// Skipped keys of one block, which must belong to a chain that is known.
    fn put_back(
        &mut self,
        block: Block,
        field: FieldTag,
        keys: &[(u32, u32, Kept<Message>)],
    ) -> Option<()> {
        if block.chain != self.got_chains {
            let mut old = self.old.iter_mut();
            old.find(|old| old.number == block.chain)?.field = field;
        }
        for (n, since, key) in keys {
            if n / BLOCK_KEYS == block.index {
                self.skipped.restore(block.chain, *n, *since, key.key());
            }
        }
        Some(())
    }

    /// The record of one block, or nothing if there is nothing in it now.
    pub(crate) fn block_record(&self, block: Block) -> Option<BlockRecord> {
        if block == Block::FIELD {
            let field = self.steps.stored()?;
            return Some(BlockRecord::Field(field.to_vec()));
        }
        let keys = self.skipped.block(block);
        let keys: Vec<_> = keys.map(|(n, since, key)| (n, since, key.keep())).collect();
        let field = if block.chain == self.got_chains {
            self.receiving.as_ref().and_then(|r| r.field)
        } else {
            let mut old = self.old.iter();
            old.find(|old| old.number == block.chain)
                .and_then(|old| old.field)
        };
        (!keys.is_empty()).then_some(BlockRecord::Skipped { field, keys })
    }

    /// The blocks that hold something.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let field = self.steps.stored().map(|_| Block::FIELD);
        field.into_iter().chain(self.skipped.blocks()).collect()
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
            step: StepRecord::Offered(kept()),
            messages: u32::MAX,
            since: Some(u32::MAX),
            field: Some([255; 16]),
            old: (0..OLD_CHAINS_MAX)
                .map(|_| (u32::MAX, u32::MAX, kept()))
                .collect(),
        }
    }
}

#[cfg(test)]
impl BlockRecord {
    /// As large as a record of a block can become.
    pub(crate) fn largest() -> [Self; 2] {
        let key = |_| (u32::MAX, u32::MAX, crate::secret::Key::fill(|_| ()).keep());
        let skipped = Self::Skipped {
            field: Some([255; 16]),
            keys: (0..BLOCK_KEYS).map(key).collect(),
        };
        [skipped, Self::Field(vec![255; crate::kem::EK_BYTES])]
    }
}
