//! One chain: what stands at each number, as far back as anybody may still speak of it.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

use crate::group::{Hash, next_head};
use crate::limits::{CHAIN_KEPT, CHAIN_WINDOW, MISSING_MAX};

/// A message at its number: the head before it, and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Link {
    pub prev: Hash,
    pub name: Hash,
}

impl Link {
    /// The chain's head once this was said.
    pub(crate) fn head(&self) -> Hash {
        next_head(&self.prev, &self.name)
    }
}

/// What a message is to its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It was not here.
    New {
        /// Whether it fits what stands before and behind it.
        fits: bool,
    },
    /// It is here.
    Double,
    /// Another message stands at its number.
    Other,
    /// Too far back: nobody knows any more.
    Old,
}

/// What may still come from below the floor of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Below {
    /// Nothing.
    Closed,
    /// I came after the author, and do not know with which number they began to send to me.
    Open,
    /// The same, and they are not asked for it: they were, or I forgot what I had when they were out.
    Asked,
    /// What stands from this number on: they told with which they began.
    From(u32),
}

/// Links in one record.
pub(crate) const BLOCK: u32 = 64;

/// One chain, as far as I hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    /// By what its records are called.
    pub no: u32,
    /// How many messages were given up.
    pub lost: u32,
    /// Since when something is missing, as far as I know; in my age.
    pub hole_since: Option<u32>,
    /// When its author was last asked for it.
    pub asked: Option<u32>,
    /// Up to which number they were asked.
    pub asked_to: u32,
    /// Nothing up to here is waited for: I was not there, all agreed on it, or it was given up.
    floor: u32,
    /// All behind the floor up to this one is here.
    whole: u32,
    below: Below,
    /// The first number whose message is not the one that the next names before it.
    breaks: Option<u32>,
    links: BTreeMap<u32, Link>,
}

/// What is stored of a chain besides its links.
pub(crate) type ChainRecord = (
    u32,
    (Option<u32>, Option<u32>, u32),
    (u32, u32, Below, Option<u32>),
);

impl Chain {
    pub(super) fn new(no: u32, first: u32, below: Below) -> Self {
        let floor = first.saturating_sub(1);
        let below = match below {
            Below::Open | Below::Asked if floor > 0 => below,
            _ => Below::Closed,
        };
        Self {
            no,
            lost: 0,
            hole_since: None,
            asked: None,
            asked_to: 0,
            floor,
            whole: floor,
            below,
            breaks: None,
            links: BTreeMap::new(),
        }
    }

    pub(crate) fn record(&self) -> ChainRecord {
        let marks = (self.floor, self.whole, self.below, self.breaks);
        (
            self.lost,
            (self.hole_since, self.asked, self.asked_to),
            marks,
        )
    }

    /// As it was stored.
    pub(crate) fn restore(no: u32, record: ChainRecord, links: BTreeMap<u32, Link>) -> Self {
        let (lost, (hole_since, asked, asked_to), (floor, whole, below, breaks)) = record;
        Self {
            no,
            lost,
            hole_since,
            asked,
            asked_to,
            floor,
            whole,
            below,
            breaks,
            links,
        }
    }

    pub(crate) fn links(&self) -> impl Iterator<Item = (u32, &Link)> + Clone {
        self.links.iter().map(|(number, link)| (*number, link))
    }

    /// The links of one record.
    pub(crate) fn block(&self, block: u32) -> Vec<(u32, Link)> {
        let first = block.saturating_mul(BLOCK);
        let links = self.links.range(first..=first.saturating_add(BLOCK - 1));
        links.map(|(number, link)| (*number, *link)).collect()
    }

    pub(super) fn place(&self, number: u32, link: &Link) -> Place {
        if let Some(held) = self.links.get(&number) {
            return if held == link {
                Place::Double
            } else {
                Place::Other
            };
        }
        let far = self.top().saturating_sub(number) >= CHAIN_WINDOW as u32;
        if far || number <= self.floor && self.below == Below::Closed {
            return Place::Old;
        }
        let fits = self.break_at(number, link).is_none();
        Place::New { fits }
    }

    /// Where the chain would not fit together with this message in it.
    fn break_at(&self, number: u32, link: &Link) -> Option<u32> {
        let at = number.checked_sub(1);
        let before = at.and_then(|at| self.links.get(&at));
        if before.is_some_and(|before| before.head() != link.prev) {
            return at;
        }
        let after = number.checked_add(1).and_then(|n| self.links.get(&n));
        after.and_then(|after| (after.prev != link.head()).then_some(number))
    }

    /// Links a message; gives what falls out of the window for it.
    pub(super) fn link(&mut self, number: u32, link: Link) -> Vec<(u32, Link)> {
        let known = self.breaks.filter(|at| self.links.contains_key(at));
        let breaks = [known, self.break_at(number, &link)];
        self.breaks = breaks.into_iter().flatten().min();
        self.links.insert(number, link);
        if number <= self.floor {
            // They sent to me as early as this: what follows it was for me too.
            self.floor = number.saturating_sub(1);
            self.whole = self.floor;
            if self.floor == 0 {
                self.below = Below::Closed;
            }
        }
        self.stretch();
        let mut dropped = Vec::new();
        while self.links.len() > CHAIN_WINDOW {
            dropped.extend(self.links.pop_first());
        }
        if let Some((last, _)) = dropped.last() {
            self.raise(*last);
        }
        dropped
    }

    /// Its author told with which number they began to send to me. Whoever sent more knows better.
    pub(super) fn begins(&mut self, number: u32) {
        if self.below == Below::Closed {
            return;
        }
        self.below = Below::Closed;
        let floor = number.saturating_sub(1);
        if floor < self.floor {
            (self.floor, self.whole) = (floor, floor);
        }
        self.stretch();
    }

    /// Nothing up to this number is waited for any more.
    fn raise(&mut self, floor: u32) {
        if floor > self.floor {
            self.floor = floor;
            self.below = Below::Closed;
            self.whole = self.whole.max(floor);
            self.stretch();
        }
    }

    fn stretch(&mut self) {
        while let Some(next) = self.whole.checked_add(1) {
            if !self.links.contains_key(&next) {
                break;
            }
            self.whole = next;
        }
        if self.whole >= self.top() && self.below != Below::Open {
            (self.hole_since, self.asked, self.asked_to) = (None, None, 0);
        }
    }

    /// The highest number I hold.
    pub(crate) fn top(&self) -> u32 {
        let last = self.links.last_key_value().map(|(number, _)| *number);
        last.unwrap_or(self.floor).max(self.floor)
    }

    /// The number up to which nothing is missing.
    pub(crate) fn whole(&self) -> u32 {
        self.whole
    }

    /// The number of which I tell others: up to it nothing is missing, and all fits. What stands behind a
    /// break has the head that its author wants, whatever was said before it.
    pub(crate) fn told(&self) -> u32 {
        let breaks = self.breaks.filter(|at| self.links.contains_key(at));
        breaks.map_or(self.whole, |at| at.min(self.whole))
    }

    /// Whether this number is here, or nothing that is waited for.
    pub(crate) fn has(&self, number: u32) -> bool {
        number <= self.whole || self.links.contains_key(&number)
    }

    pub(crate) fn link_at(&self, number: u32) -> Option<&Link> {
        self.links.get(&number)
    }

    /// The chain's head after this number, if I can know it.
    pub(crate) fn head_at(&self, number: u32) -> Option<Hash> {
        let here = self.links.get(&number).map(Link::head);
        let behind = || Some(self.links.get(&number.checked_add(1)?)?.prev);
        here.or_else(behind)
    }

    /// Messages that are missing, if its author said as many as `told`: those behind what was last asked
    /// for, or else the first; and whether they are behind.
    pub(crate) fn hole(&self, told: u32) -> Option<(u32, u32, bool)> {
        // Whoever tells of more than a window may tell of anything.
        let told = told.min(self.top().saturating_add(CHAIN_WINDOW as u32));
        let behind = self.hole_behind(self.asked_to, told);
        let behind = behind.map(|(first, last)| (first, last, true));
        let again = || {
            self.hole_behind(0, told)
                .map(|(first, last)| (first, last, false))
        };
        self.hole_below().or(behind).or_else(again)
    }

    /// What I may have missed before the first that I hold: asked for once.
    fn hole_below(&self) -> Option<(u32, u32, bool)> {
        let first = self.floor.saturating_sub(MISSING_MAX - 1).max(1);
        let open = self.below == Below::Open && first <= self.floor;
        open.then_some((first, self.floor, true))
    }

    /// Whether its author was asked for this one, which stands before the first that I hold.
    #[cfg(test)]
    pub(crate) fn asked_below(&self, number: u32) -> bool {
        self.below == Below::Asked && number <= self.floor
    }

    /// Its author is asked for what is missing up to this number.
    pub(crate) fn ask(&mut self, last: u32, age: u32) {
        (self.asked, self.asked_to) = (Some(age), last);
        if last <= self.floor && self.below == Below::Open {
            self.below = Below::Asked;
            self.stretch();
        }
    }

    fn hole_behind(&self, number: u32, told: u32) -> Option<(u32, u32)> {
        let mut first = number.max(self.whole).checked_add(1)?;
        while self.links.contains_key(&first) {
            first = first.checked_add(1)?;
        }
        let next = self.links.range(first..).next().map(|(number, _)| *number);
        let last = next.map_or(told, |next| next - 1);
        let last = last.min(first.saturating_add(MISSING_MAX - 1));
        (first <= last).then_some((first, last))
    }

    /// How many messages are missing among those I know of.
    pub(crate) fn missing(&self, told: u32) -> u32 {
        let behind = self.links.range(self.whole.saturating_add(1)..).count() as u32;
        let known = self.top().max(told).saturating_sub(self.whole);
        known.saturating_sub(behind)
    }

    /// Gives up what is missing before the next message I hold. What others say its author said beyond
    /// that is no reason: they may lie, and what comes later would be refused.
    pub(crate) fn give_up(&mut self) {
        let behind = self.links.range(self.whole.saturating_add(1)..).next();
        if let Some(next) = behind.map(|(number, _)| *number) {
            let lost = (next - 1).saturating_sub(self.whole);
            self.lost = self.lost.saturating_add(lost);
            self.raise(next - 1);
        }
    }

    /// Everybody holds it up to this number; gives what nobody needs any more.
    pub(super) fn agreed(&mut self, number: u32) -> Vec<(u32, Link)> {
        let number = number.min(self.whole);
        let Some(last) = number.checked_sub(CHAIN_KEPT) else {
            return Vec::new();
        };
        let kept = self.links.split_off(&last.saturating_add(1));
        let dropped = core::mem::replace(&mut self.links, kept);
        if !dropped.is_empty() {
            self.raise(last);
        }
        dropped.into_iter().collect()
    }
}
