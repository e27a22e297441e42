//! Messages that came before what they follow: each waits for its parents and for the message before
//! it in its own chain, for a day at most. Then it is shown, and what is missing is a gap.
//!
//! Nothing is refused for its order, and what decides something counts at once: only showing waits.
//! Holds names; the words lie with the arrivals. PROTOCOL §7.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::chains::{ChainKey, Chains};
use super::{Hash, Ik};
use crate::limits::{GROUP_WAIT_MINUTES, GROUP_WAITING_MAX};

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Waiter {
    pub name: Hash,
    pub key: ChainKey,
    pub number: u32,
    pub mid: [u8; 16],
    /// Whether a person sees it once it is due.
    pub text: bool,
    /// What it names as before it.
    pub parents: Vec<Hash>,
    /// My age when it came.
    pub since: u32,
}

/// A message that need not wait any more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub waiter: Waiter,
    /// Whether something before it never came.
    pub gap: bool,
}

/// All that wait.
#[derive(Default)]
pub(crate) struct Waiting {
    /// By the number of its record.
    all: BTreeMap<u32, Waiter>,
    names: BTreeSet<Hash>,
    next_no: u32,
    changed: BTreeSet<u32>,
}

impl Waiting {
    /// As they were stored.
    pub(crate) fn restore(all: BTreeMap<u32, Waiter>) -> Self {
        let next_no = all.keys().next_back().map_or(0, |no| no.saturating_add(1));
        Self {
            names: all.values().map(|waiter| waiter.name).collect(),
            all,
            next_no,
            changed: BTreeSet::new(),
        }
    }

    pub(crate) fn get(&self, no: u32) -> Option<&Waiter> {
        self.all.get(&no)
    }

    #[cfg(test)]
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.all.keys().copied()
    }

    /// Whether a message can be shown, by what is here.
    pub(crate) fn ready(&self, waiter: &Waiter, chains: &Chains) -> bool {
        if planted!(ParentsNotAwaited) {
            return true;
        }
        let Some(chain) = chains.get(&waiter.key) else {
            return true;
        };
        let before = waiter.number.saturating_sub(1);
        let one_before_waits = match chain.link_at(before) {
            Some(link) => self.waits(Some(link.name)),
            // All agreed on it meanwhile, and its link is forgotten.
            None => self.waits_at(&waiter.key, before),
        };
        let follows = chain.has(before) && !one_before_waits;
        let circle = waiter.key.circle;
        let mut parents = waiter.parents.iter();
        follows && parents.all(|it| chains.knows(circle, it) && !self.waits(Some(*it)))
    }

    fn waits(&self, name: Option<Hash>) -> bool {
        name.is_some_and(|name| self.names.contains(&name))
    }

    fn waits_at(&self, key: &ChainKey, number: u32) -> bool {
        let mut all = self.all.values();
        all.any(|waiter| waiter.number == number && waiter.key == *key)
    }

    /// Lets a message wait. If too many do, one of whose author has most of them must go on.
    pub(crate) fn add(&mut self, waiter: Waiter) -> Option<Due> {
        self.names.insert(waiter.name);
        self.all.insert(self.next_no, waiter);
        self.changed.insert(self.next_no);
        self.next_no = self.next_no.saturating_add(1);
        let full = self.all.len() > GROUP_WAITING_MAX && !planted!(WaitingUnbounded);
        let no = full.then(|| self.oldest_of_the_most()).flatten()?;
        self.remove(no).map(|waiter| Due { waiter, gap: true })
    }

    fn oldest_of_the_most(&self) -> Option<u32> {
        let mut counts: BTreeMap<Ik, usize> = BTreeMap::new();
        for waiter in self.all.values() {
            *counts.entry(waiter.key.author).or_default() += 1;
        }
        let (author, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        self.first(|waiter| waiter.key.author == author)
    }

    /// The first that came, of those.
    fn first(&self, which: impl Fn(&Waiter) -> bool) -> Option<u32> {
        let those = self.all.iter().filter(|(_, waiter)| which(waiter));
        let first = those.min_by_key(|(no, w)| (w.key.incarnation, w.number, **no));
        first.map(|(no, _)| *no)
    }

    fn remove(&mut self, no: u32) -> Option<Waiter> {
        let waiter = self.all.remove(&no)?;
        self.names.remove(&waiter.name);
        self.changed.insert(no);
        Some(waiter)
    }

    /// Takes out all that need not wait any more, each after what it follows.
    pub(crate) fn take_due(&mut self, chains: &Chains, age: u32) -> Vec<Due> {
        let mut due = Vec::new();
        while let Some((no, gap)) = self.next_due(chains, age) {
            due.extend(self.remove(no).map(|waiter| Due { waiter, gap }));
        }
        due
    }

    fn next_due(&self, chains: &Chains, age: u32) -> Option<(u32, bool)> {
        let ready = self.first(|waiter| self.ready(waiter, chains));
        let over = || self.first(|waiter| end(waiter) <= age);
        ready
            .map(|no| (no, false))
            .or_else(|| over().map(|no| (no, true)))
    }

    /// Takes out what waits of somebody who is nothing to the group any more: it came when they were.
    pub(crate) fn take_all_of(&mut self, author: &Ik) -> Vec<Due> {
        let theirs = self.all.iter().filter(|(_, w)| w.key.author == *author);
        let theirs: Vec<_> = theirs.map(|(no, _)| *no).collect();
        let all = theirs.into_iter().filter_map(|no| self.remove(no));
        all.map(|waiter| Due { waiter, gap: true }).collect()
    }

    /// When the first has waited long enough, in my age.
    pub(crate) fn next_age(&self) -> Option<u32> {
        self.all.values().map(end).min()
    }

    /// The records that changed since this was last asked.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<u32> {
        core::mem::take(&mut self.changed)
    }
}

fn end(waiter: &Waiter) -> u32 {
    waiter.since.saturating_add(GROUP_WAIT_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::Circle;
    use crate::group::chains::{Below, Link};
    use crate::limits::CHAIN_KEPT;

    #[test]
    fn nothing_is_shown_before_the_one_that_it_follows_though_all_agreed_on_that_meanwhile() {
        let key = ChainKey {
            author: [1; 32],
            circle: Circle::Members,
            incarnation: 1,
        };
        let (mut chains, mut waiting) = (Chains::default(), Waiting::default());
        let mut prev = [0; 16];
        for number in 1..=CHAIN_KEPT + 2 {
            let name = [number as u8; 16];
            let link = Link { prev, name };
            prev = link.head();
            chains.link(&key, number, link, Below::Closed);
        }
        let waiter = |number: u32, parents| Waiter {
            name: [number as u8; 16],
            key,
            number,
            mid: [0; 16],
            text: true,
            parents,
            since: number,
        };
        assert!(waiting.add(waiter(1, vec![[255; 16]])).is_none());
        assert!(waiting.add(waiter(2, Vec::new())).is_none());
        chains.agreed(&key, CHAIN_KEPT + 2);
        assert!(chains.get(&key).is_some_and(|it| it.link_at(2).is_none()));
        assert!(waiting.take_due(&chains, 3).is_empty());
        let due = waiting.take_due(&chains, 1 + GROUP_WAIT_MINUTES);
        let due = due.iter().map(|due| (due.waiter.number, due.gap));
        assert_eq!(due.collect::<Vec<_>>(), [(1, true), (2, false)]);
    }
}
