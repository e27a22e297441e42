//! The step that an opened parcel asks for, taken once everything else about it was checked: a late
//! key goes, the chain moves, or the ratchet turns. And what waited too long is forgotten.
//! PROTOCOL §4.2.

use super::chain::MessageChain;
use super::step::{FieldTag, Step};
use super::{Block, OldChain, Receiving, Session, SkippedKey};
use crate::identity::Point;
use crate::limits::OLD_CHAINS_MAX;
use crate::parcel::HeaderKeys;
use crate::secret::{Key, Root};

/// The change that opening a parcel makes.
pub(crate) struct Advance(pub(super) Change);

pub(super) enum Change {
    /// A key kept for a late parcel was used.
    Late { chain: u32, n: u32 },
    /// The current chain moved forward.
    Forward {
        chain: MessageChain,
        skipped: Vec<SkippedKey>,
    },
    /// The peer turned the ratchet.
    Turn(Box<Turn>),
}

pub(super) struct Turn {
    pub theirs: Point,
    pub root: Key<Root>,
    pub chain: MessageChain,
    /// The KEM field that each parcel of the chain bears.
    pub field: FieldTag,
    pub next_receive_header: HeaderKeys,
    pub skipped: Vec<SkippedKey>,
    pub step: Step,
}

impl Session {
    /// Where the parcel stands that asks for this step: which of the peer's chains, and its number there.
    pub(crate) fn place_of(&self, advance: &Advance) -> (u32, u32) {
        let last = |chain: &MessageChain| chain.next().saturating_sub(1);
        match &advance.0 {
            Change::Late { chain, n } => (*chain, *n),
            Change::Forward { chain, .. } => (self.got_chains, last(chain)),
            Change::Turn(turn) => (self.got_chains.saturating_add(1), last(&turn.chain)),
        }
    }

    /// Takes the step that an opened parcel asks for, at this age of the node in minutes. Says which
    /// blocks of skipped keys changed.
    pub(crate) fn advance(&mut self, advance: Advance, minute: u32) -> Vec<Block> {
        let changed = match advance.0 {
            Change::Late { chain, n } => self.skipped.take(chain, n).into_iter().collect(),
            Change::Forward { chain, skipped } => {
                if let Some(receiving) = self.receiving.as_mut().filter(|_| !planted!(ChainKeyKept))
                {
                    receiving.chain = chain;
                }
                self.skipped.keep(skipped, minute)
            }
            Change::Turn(turn) => self.turn_receiving(*turn, minute),
        };
        self.steps.count();
        changed
    }

    fn turn_receiving(&mut self, turn: Turn, minute: u32) -> Vec<Block> {
        let Turn {
            theirs,
            root,
            chain,
            field,
            next_receive_header,
            skipped,
            step,
        } = turn;
        // The chain's parcels bear the header under which its first one was found.
        let header = core::mem::replace(&mut self.next_receive_header, next_receive_header);
        let receiving = Receiving {
            chain,
            header,
            field,
        };
        if let Some(ended) = self.receiving.replace(receiving) {
            self.old.push(OldChain {
                number: self.got_chains,
                since: minute,
                header: ended.header,
                field: ended.field,
            });
        }
        self.got_chains = self.got_chains.saturating_add(1);
        self.theirs = Some(theirs);
        self.root = root;
        self.past.step(&self.root);
        // My next seal begins a new chain.
        if let Some(ended) = self.sending.take() {
            self.previous_sent = ended.chain.next();
        }
        let mut changed = self.skipped.keep(skipped, minute);
        let stored = self.steps.stored().is_some();
        self.steps.take(step, minute);
        if stored || self.steps.stored().is_some() {
            changed.push(Block::FIELD);
        }
        // Its length is known now: of a chain without skipped keys nothing is late.
        self.old.retain(|old| self.skipped.has(old.number));
        if self.old.len() > OLD_CHAINS_MAX {
            let forgotten = self.old.remove(0);
            changed.extend(self.skipped.forget_chain(forgotten.number));
        }
        changed
    }

    /// Forgets skipped keys and chains that wait since this minute of the node's age or longer: post
    /// takes no more time. Says which blocks changed, and whether the session itself did.
    pub(crate) fn forget_since(&mut self, minute: u32) -> (Vec<Block>, bool) {
        let (before, mut changed) = (self.old.len(), self.skipped.forget_since(minute));
        let ended: Vec<_> = self.old.extract_if(.., |old| old.since <= minute).collect();
        for old in ended {
            changed.extend(self.skipped.forget_chain(old.number));
        }
        (changed, self.old.len() < before)
    }
}
