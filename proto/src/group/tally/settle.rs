//! What is too old to change becomes the ground, and is forgotten. Whatever comes later and does not rest
//! on it is unfounded.

use std::collections::BTreeSet;

use super::{Counting, Ground, Held, Table};
use crate::group::{Hash, Seats};
use crate::limits::MOTION_RESTS_MAX;

/// A new ground, and what is held no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub ground: Ground,
    /// Motions with what was said of them, leaves, and voices once no motion is left.
    pub dropped: BTreeSet<Hash>,
}

/// Folds those of these motions and leaves into the ground that every other one which passed rests on,
/// and drops those of them that did not pass. What is folded waits for motions that do not rest on it, as
/// `waits(folded, motion)` says: nothing could be judged of them any more.
pub(crate) fn settle(
    ground: &Ground,
    held: &Held,
    old: &BTreeSet<Hash>,
    waits: impl Fn(&Hash, &Hash) -> bool,
) -> Settled {
    let table = Table::judged(ground, held);
    let all = table.all();
    let candidates = table.waited_for(all.intersection(old), old, waits);
    let mut folded = table.foldable(&all, candidates);
    let mut new = table.order.replay(&folded).0;
    let newest = table.order.frontier(&folded, &table.closures);
    if newest.len() > MOTION_RESTS_MAX {
        // No motion could rest on all of it; one that rests on some brings them together.
        folded.clear();
        new = ground.clone();
    } else {
        new.settled = newest.into_iter().collect();
    }
    let failed = old
        .iter()
        .filter(|name| table.order.motion(name).is_some() && !all.contains(*name));
    let mut dropped: BTreeSet<Hash> = folded.iter().chain(failed).copied().collect();
    table.drop_with(held, &mut new, &mut dropped);
    let left = held.iter().filter(|(name, _)| !dropped.contains(*name));
    let named = left.filter_map(|(name, _)| table.order.motion(name));
    let named = named.flat_map(|motion| &motion.rests_on);
    let stands = |it: &Hash| {
        let decided = folded.contains(it) && table.order.changes(it);
        decided || table.order.is_ground(it)
    };
    let named: BTreeSet<Hash> = named.filter(|it| stands(it)).copied().collect();
    // What of them rests on what is known as long as somebody names both.
    let known: BTreeSet<Hash> = named.union(&new.settled).copied().collect();
    let below = |name: &Hash| {
        let all: BTreeSet<Hash> = table.closure(name).chain([*name]).collect();
        (*name, all.intersection(&known).copied().collect())
    };
    new.behind = named.iter().map(below).collect();
    Settled {
        ground: new,
        dropped,
    }
}

impl Table<'_> {
    /// Those that wait for no younger motion which does not rest on them.
    fn waited_for<'b>(
        &self,
        those: impl Iterator<Item = &'b Hash>,
        old: &BTreeSet<Hash>,
        waits: impl Fn(&Hash, &Hash) -> bool,
    ) -> BTreeSet<Hash> {
        let motions = self.order.motions().into_iter().map(|(name, _, _)| name);
        let young: Vec<&Hash> = motions.filter(|name| !old.contains(*name)).collect();
        let rests = |motion: &Hash, on: &Hash| {
            let closure = self.closures.get(motion);
            closure.is_some_and(|closure| closure.contains(on))
        };
        let held_up = |name: &Hash| young.iter().any(|it| !rests(it, name) && waits(name, it));
        those
            .filter(|name| !self.order.changes(name) || !held_up(name))
            .copied()
            .collect()
    }

    /// The most of these such that all else that passed rests on it.
    fn foldable(&self, all: &BTreeSet<Hash>, mut folded: BTreeSet<Hash>) -> BTreeSet<Hash> {
        loop {
            let rest = all
                .difference(&folded)
                .filter(|name| self.order.changes(name));
            let above: Vec<_> = rest.filter_map(|name| self.closures.get(name)).collect();
            let before = folded.len();
            let can_be = |name: &Hash| {
                !self.order.changes(name) || above.iter().all(|closure| closure.contains(name))
            };
            let whole: BTreeSet<Hash> = folded.iter().filter(|it| can_be(it)).copied().collect();
            let below = |name: &Hash| {
                let behind = self.closures.get(name).into_iter().flatten();
                behind
                    .into_iter()
                    .all(|it| whole.contains(it) || self.order.is_ground(it))
            };
            folded = whole.iter().filter(|it| below(it)).copied().collect();
            if folded.len() == before {
                return folded;
            }
        }
    }

    /// What was said of motions that go, goes; once none is left, what was said of voices is known.
    fn drop_with(&self, held: &Held, new: &mut Ground, dropped: &mut BTreeSet<Hash>) {
        let of = |said: &Counting| match said {
            Counting::Say { motion, .. } | Counting::Close(motion) => Some(*motion),
            _ => None,
        };
        let words = held
            .iter()
            .filter_map(|(name, it)| Some((*name, of(&it.said)?)));
        let gone: Vec<Hash> = words
            .filter(|(_, motion)| dropped.contains(motion))
            .map(|it| it.0)
            .collect();
        dropped.extend(gone);
        let left = self
            .order
            .motions()
            .iter()
            .any(|(name, _, _)| !dropped.contains(*name));
        if left {
            return;
        }
        let seats = new.seats.iter().cloned().map(|mut seat| {
            seat.voice = self.voices.voice_now(&seat);
            seat
        });
        new.seats = Seats::new(seats.collect()).unwrap_or_default();
        let voices = held
            .iter()
            .filter(|(_, it)| matches!(it.said, Counting::Voice(_)));
        dropped.extend(voices.map(|(name, _)| *name));
    }
}
