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
/// and drops those of them that did not pass.
pub(crate) fn settle(ground: &Ground, held: &Held, old: &BTreeSet<Hash>) -> Settled {
    let table = Table::judged(ground, held);
    let all = table.all();
    let mut folded = table.foldable(&all, old);
    let (mut new, effective) = table.order.replay(&folded);
    let newest = table.order.frontier(&effective, &table.closures);
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
    let settled = named.filter(|it| folded.contains(*it) || table.order.is_ground(it));
    new.behind = settled.copied().collect();
    Settled {
        ground: new,
        dropped,
    }
}

impl Table<'_> {
    /// The most of what passed and is old such that all else that passed rests on it.
    fn foldable(&self, all: &BTreeSet<Hash>, old: &BTreeSet<Hash>) -> BTreeSet<Hash> {
        let mut folded: BTreeSet<Hash> = all.intersection(old).copied().collect();
        let changes = |name: &Hash| {
            let motion = self.order.motion(name);
            motion.is_none_or(|motion| motion.what.changes())
        };
        loop {
            let rest = all.difference(&folded).filter(|name| changes(name));
            let above: Vec<_> = rest.filter_map(|name| self.closures.get(name)).collect();
            let before = folded.len();
            let can_be =
                |name: &Hash| !changes(name) || above.iter().all(|closure| closure.contains(name));
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
