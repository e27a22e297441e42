//! What I hold of each author's chains: one for each circle and each life of an author. A chain's head
//! at each number binds all that stands before it, so two who tell different heads at one number were
//! told different things, or one of them lies.
//!
//! Holds names, never words. What somebody sends in another's name never comes here: a message is its
//! author's because it came in that author's own session. PROTOCOL §7 "Consistency".

mod chain;

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::{Circle, Hash, Head, Ik};
use crate::limits::INCARNATIONS_MAX;

pub(crate) use chain::{BLOCK, Below, Chain, ChainRecord, Link, Place};

/// Which chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub(crate) struct ChainKey {
    pub author: Ik,
    pub circle: Circle,
    pub incarnation: u16,
}

impl ChainKey {
    pub(crate) fn of(author: Ik, head: &Head) -> Self {
        Self {
            author,
            circle: head.circle,
            incarnation: head.incarnation,
        }
    }
}

/// All chains of a group.
#[derive(Default)]
pub(crate) struct Chains {
    all: BTreeMap<ChainKey, Chain>,
    /// The names of all that is linked.
    names: BTreeSet<(Circle, Hash)>,
    /// The number of the next chain's records.
    next_no: u32,
    changed: BTreeSet<ChainKey>,
    /// Blocks of links that changed, by the number of their chain.
    blocks: BTreeSet<(u32, u32)>,
    /// Numbers of chains that are gone.
    gone: BTreeSet<u32>,
}

impl Chains {
    /// As they were stored.
    pub(crate) fn restore(stored: impl IntoIterator<Item = (ChainKey, Chain)>) -> Self {
        let mut chains = Self::default();
        for (key, chain) in stored {
            let names = chain.links().map(|(_, link)| (key.circle, link.name));
            chains.names.extend(names);
            chains.next_no = chains.next_no.max(chain.no.saturating_add(1));
            chains.all.insert(key, chain);
        }
        chains
    }

    pub(crate) fn get(&self, key: &ChainKey) -> Option<&Chain> {
        self.all.get(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ChainKey, &Chain)> {
        self.all.iter()
    }

    /// To change what is no link. Marks it.
    pub(crate) fn get_mut(&mut self, key: &ChainKey) -> Option<&mut Chain> {
        self.changed.insert(*key);
        self.all.get_mut(key)
    }

    /// The newest of an author's chains in a circle.
    pub(crate) fn newest(&self, author: &Ik, circle: Circle) -> Option<(&ChainKey, &Chain)> {
        self.of(author, circle).next_back()
    }

    /// All of an author's chains in a circle, by their lives.
    pub(crate) fn of(
        &self,
        author: &Ik,
        circle: Circle,
    ) -> impl DoubleEndedIterator<Item = (&ChainKey, &Chain)> {
        let at = |incarnation| ChainKey {
            author: *author,
            circle,
            incarnation,
        };
        self.all.range(at(0)..=at(u16::MAX))
    }

    /// Whether a message with this name is linked.
    pub(crate) fn knows(&self, circle: Circle, name: &Hash) -> bool {
        self.names.contains(&(circle, *name))
    }

    /// Where a message belongs.
    pub(crate) fn place(&self, key: &ChainKey, number: u32, link: &Link) -> Place {
        match self.all.get(key) {
            Some(chain) => chain.place(number, link),
            None => {
                let mut lives = self.of(&key.author, key.circle);
                let oldest = lives.next().map(|(oldest, _)| oldest.incarnation);
                let full = 1 + lives.count() >= INCARNATIONS_MAX;
                if full && oldest > Some(key.incarnation) {
                    Place::Old
                } else {
                    Place::New { fits: true }
                }
            }
        }
    }

    /// Links a message that has its place. A chain that begins here begins with this message if something
    /// may still come from below it, else with its first.
    pub(crate) fn link(&mut self, key: &ChainKey, number: u32, link: Link, below: Below) {
        if !self.all.contains_key(key) {
            let first = match below {
                Below::Closed => 1,
                Below::From(first) => first.min(number),
                Below::Open | Below::Asked => number,
            };
            self.begin(*key, first, below);
        }
        let Some(chain) = self.all.get_mut(key) else {
            return;
        };
        let dropped = chain.link(number, link);
        self.blocks.insert((chain.no, number / BLOCK));
        self.names.insert((key.circle, link.name));
        self.changed.insert(*key);
        self.forget(key, dropped);
    }

    fn begin(&mut self, key: ChainKey, first: u32, below: Below) {
        let lives = self.of(&key.author, key.circle).map(|(key, _)| *key);
        let lives: Vec<_> = lives.collect();
        let surplus = (lives.len() + 1).saturating_sub(INCARNATIONS_MAX);
        lives.iter().take(surplus).for_each(|key| self.end(key));
        let chain = Chain::new(self.next_no, first, below);
        self.next_no = self.next_no.saturating_add(1);
        self.all.insert(key, chain);
        self.changed.insert(key);
    }

    /// Forgets a chain.
    fn end(&mut self, key: &ChainKey) {
        let Some(chain) = self.all.remove(key) else {
            return;
        };
        let links = chain.links().map(|(number, link)| (number, *link));
        self.blocks
            .extend(links.clone().map(|(number, _)| (chain.no, number / BLOCK)));
        for (_, link) in links {
            self.names.remove(&(key.circle, link.name));
        }
        self.changed.remove(key);
        self.gone.insert(chain.no);
    }

    /// Forgets all chains of somebody who is nothing to the group any more.
    pub(crate) fn end_all_of(&mut self, author: &Ik) {
        let keys = self.all.keys().filter(|key| key.author == *author);
        let keys: Vec<_> = keys.copied().collect();
        keys.iter().for_each(|key| self.end(key));
    }

    /// Its author told with which number of a chain they began to send to me.
    pub(crate) fn begins(&mut self, key: &ChainKey, number: u32) {
        if let Some(chain) = self.all.get_mut(key) {
            chain.begins(number);
            self.changed.insert(*key);
        }
    }

    /// Everybody holds a chain up to this number: what is far behind goes.
    pub(crate) fn agreed(&mut self, key: &ChainKey, number: u32) {
        let dropped = self.all.get_mut(key).map(|chain| chain.agreed(number));
        self.forget(key, dropped.unwrap_or_default());
    }

    fn forget(&mut self, key: &ChainKey, dropped: Vec<(u32, Link)>) {
        let Some(chain) = self.all.get(key).filter(|_| !dropped.is_empty()) else {
            return;
        };
        for (number, link) in dropped {
            self.names.remove(&(key.circle, link.name));
            self.blocks.insert((chain.no, number / BLOCK));
        }
        self.changed.insert(*key);
    }

    /// Chains that changed since this was last asked.
    pub(crate) fn take_changed(&mut self) -> Vec<ChainKey> {
        core::mem::take(&mut self.changed).into_iter().collect()
    }

    /// Numbers of chains, and their blocks, that changed or are gone since this was last asked.
    pub(crate) fn take_blocks(&mut self) -> (BTreeSet<u32>, BTreeSet<(u32, u32)>) {
        let gone = core::mem::take(&mut self.gone);
        (gone, core::mem::take(&mut self.blocks))
    }

    /// The chain whose records have this number.
    pub(crate) fn by_no(&self, no: u32) -> Option<(&ChainKey, &Chain)> {
        self.all.iter().find(|(_, chain)| chain.no == no)
    }
}
