//! What rests on what. Motions change a group each after all it rests on, those side by side in the order
//! of their names. A leave has nothing below it: it comes after every motion that does not rest on it,
//! since its author was in by one of those.

use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Counted, Counting, Ground, Held};
use crate::group::{Hash, Ik, Motion, What};

/// What is held, above its ground.
pub(super) struct Order<'a> {
    pub ground: &'a Ground,
    held: &'a Held,
}

/// When something comes, of all that nothing before it is missing of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Motion,
    /// What most decisions rest on comes first: the others come before who leaves later.
    Leave(Reverse<usize>),
}

impl<'a> Order<'a> {
    pub(super) fn new(ground: &'a Ground, held: &'a Held) -> Self {
        Self { ground, held }
    }

    pub(super) fn is_ground(&self, name: &Hash) -> bool {
        self.ground.settled.contains(name) || self.ground.behind.contains_key(name)
    }

    pub(super) fn is_leave(&self, name: &Hash) -> bool {
        let counted = self.held.get(name);
        counted.is_some_and(|counted| counted.said == Counting::Leave)
    }

    pub(super) fn leaves(&self) -> impl Iterator<Item = &'a Hash> {
        let leaves = self.held.iter();
        leaves.filter_map(|(name, it)| (it.said == Counting::Leave).then_some(name))
    }

    pub(super) fn motion(&self, name: &Hash) -> Option<&'a Motion> {
        self.held.get(name).and_then(motion_of)
    }

    /// All motions, each after those it rests on. Those that rest on themselves, which no hash does,
    /// come in no order at all, and none of them passed when the first is judged.
    pub(super) fn motions(&self) -> Vec<(&'a Hash, &'a Counted, &'a Motion)> {
        let motions = self.held.iter().filter(|(_, it)| motion_of(it).is_some());
        let names: BTreeSet<Hash> = motions.clone().map(|(name, _)| *name).collect();
        let mut sorted = self.sorted(&names);
        let in_order: BTreeSet<Hash> = sorted.iter().map(|(name, _)| **name).collect();
        sorted.extend(motions.filter(|(name, _)| !in_order.contains(*name)));
        let with_motion = sorted.into_iter();
        with_motion
            .filter_map(|(name, it)| Some((name, it, motion_of(it)?)))
            .collect()
    }

    /// The group after all of these, and which of them changed something.
    pub(super) fn replay(&self, names: &BTreeSet<Hash>) -> (Ground, Vec<Hash>) {
        let mut now = self.ground.clone();
        let mut effective = Vec::new();
        for (name, counted) in self.sorted(names) {
            if now.apply(counted) {
                effective.push(*name);
            }
        }
        (now, effective)
    }

    /// These of what is held, each after what it rests on.
    fn sorted(&self, names: &BTreeSet<Hash>) -> Vec<(&'a Hash, &'a Counted)> {
        let mut above: BTreeMap<&Hash, Vec<&'a Hash>> = BTreeMap::new();
        let mut below: BTreeMap<&'a Hash, usize> = BTreeMap::new();
        let held = names
            .iter()
            .filter_map(|name| self.held.get_key_value(name));
        for (name, counted) in held {
            let rests_on = motion_of(counted).map_or(&[][..], |motion| &motion.rests_on);
            let inside = |it: &&Hash| names.contains(*it) && self.held.contains_key(*it);
            let rests_on: BTreeSet<&Hash> = rests_on.iter().filter(inside).collect();
            below.insert(name, rests_on.len());
            rests_on
                .iter()
                .for_each(|it| above.entry(it).or_default().push(name));
        }
        let turn = |name: &'a Hash| match self.is_leave(name) {
            false => (Turn::Motion, name),
            true => {
                let all = all_above(name, &above).into_iter();
                let changing = all.filter(|it| self.changes(it)).count();
                (Turn::Leave(Reverse(changing)), name)
            }
        };
        let free = below.iter().filter(|(_, count)| **count == 0);
        let mut ready: BTreeSet<(Turn, &Hash)> = free.map(|(name, _)| turn(name)).collect();
        let mut sorted = Vec::new();
        while let Some((_, name)) = ready.pop_first() {
            sorted.extend(self.held.get_key_value(name));
            for next in above.get(name).into_iter().flatten() {
                let count = below.entry(next).or_default();
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.insert(turn(next));
                }
            }
        }
        sorted
    }

    /// The newest of these that may change something, and of what is settled: what nothing else rests on.
    /// Also what has no effect here: something could else be sorted before it that was decided after it,
    /// and be undone by it.
    pub(super) fn frontier(
        &self,
        names: &BTreeSet<Hash>,
        closures: &BTreeMap<Hash, BTreeSet<Hash>>,
    ) -> Vec<Hash> {
        let changing = names.iter().filter(|name| self.changes(name));
        let behind = changing.clone().filter_map(|name| closures.get(name));
        let behind: BTreeSet<&Hash> = behind.flatten().collect();
        let newest: BTreeSet<&Hash> = changing.chain(&self.ground.settled).collect();
        let newest = newest.into_iter().filter(|name| !behind.contains(name));
        newest.copied().collect()
    }

    /// A leave, or a motion after which the group may be another.
    pub(super) fn changes(&self, name: &Hash) -> bool {
        let motion = self.motion(name).map(|motion| motion.what.changes());
        motion.unwrap_or_else(|| self.is_leave(name))
    }
}

/// All that rests on something, through whatever it does.
fn all_above<'a>(name: &Hash, above: &BTreeMap<&Hash, Vec<&'a Hash>>) -> BTreeSet<&'a Hash> {
    let mut all = BTreeSet::new();
    let mut next = above.get(name).cloned().unwrap_or_default();
    while let Some(name) = next.pop() {
        if all.insert(name) {
            next.extend(above.get(name).into_iter().flatten());
        }
    }
    all
}

impl What {
    /// Whether the group is another one after it.
    fn changes(&self) -> bool {
        !matches!(self, Self::Text { .. } | Self::Poll { .. })
    }

    /// The computer that comes in by it.
    pub(super) fn lets_in(&self) -> Option<&Ik> {
        match self {
            Self::Add(computer) | Self::Return { computer, .. } => Some(computer),
            _ => None,
        }
    }
}

fn motion_of(counted: &Counted) -> Option<&Motion> {
    match &counted.said {
        Counting::Motion(motion) => Some(motion),
        _ => None,
    }
}
