//! Decisions that exclude each other, made side by side on one base: nobody can say which holds, so both
//! are shown, and people choose.

use std::collections::BTreeSet;

use super::Table;
use crate::group::{Hash, Ik, Position, Seats, What};

/// Two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// By name.
    pub motions: [Hash; 2],
    /// Who is in it if the one holds and the other, with all that rests on it, does not.
    pub sides: [Seats; 2],
}

impl Table<'_> {
    pub(super) fn conflicts(&self) -> Vec<Conflict> {
        let passed: Vec<&Hash> = self.standings.keys().filter(|it| self.passed(it)).collect();
        let mut conflicts = Vec::new();
        for (at, one) in passed.iter().enumerate() {
            for other in passed.iter().skip(at + 1) {
                if self.exclude(one, other).unwrap_or_default() {
                    conflicts.push(Conflict {
                        motions: [**one, **other],
                        sides: [self.without(other), self.without(one)],
                    });
                }
            }
        }
        conflicts
    }

    /// Who is in it if this had not passed.
    fn without(&self, name: &Hash) -> Seats {
        let mut all = self.all();
        let rests_on = |it: &Hash| {
            self.closures
                .get(it)
                .is_some_and(|behind| behind.contains(name))
        };
        all.retain(|it| it != name && !rests_on(it));
        self.order.replay(&all).0.seats
    }

    fn exclude(&self, one: &Hash, other: &Hash) -> Option<bool> {
        let (first, second) = (self.order.motion(one)?, self.order.motion(other)?);
        let behind = |a, b: &Hash| {
            self.closures
                .get(a)
                .is_some_and(|it: &BTreeSet<Hash>| it.contains(b))
        };
        if first.base != second.base || behind(one, other) || behind(other, one) {
            return Some(false);
        }
        if !may_exclude(&first.what, &second.what) {
            return Some(false);
        }
        // Both have the same base.
        let base = self.order.replay(self.closures.get(one)?).0.seats;
        Some(match (&first.what, &second.what) {
            (What::Remove(a), What::Remove(b)) => {
                self.wants(other, &base, a) && self.wants(one, &base, b)
            }
            (a, b) => a
                .target()
                .zip(b.target())
                .is_some_and(|(a, b)| same(&base, a, b)),
        })
    }

    /// Whether the seat of this computer agreed to a motion.
    fn wants(&self, motion: &Hash, base: &Seats, computer: &Ik) -> bool {
        let says = self.standings.get(motion).map(|standing| &standing.says);
        says.into_iter()
            .flatten()
            .any(|say| say.position == Position::Agree && same(base, &say.seat, computer))
    }
}

/// Whether they can say opposite things: about whom does not matter yet.
fn may_exclude(one: &What, other: &What) -> bool {
    use What::{Lift, Promote, Remove, Return, Suspend};
    matches!(
        (one, other),
        (Remove(_), Remove(_) | Promote(_) | Lift(_) | Return { .. })
            | (Promote(_) | Lift(_) | Return { .. }, Remove(_))
            | (Suspend(_), Lift(_))
            | (Lift(_), Suspend(_))
    )
}

/// Whether both are computers of one seat.
fn same(seats: &Seats, one: &Ik, other: &Ik) -> bool {
    let seat = seats.seat_of(one);
    one == other || seat.is_some_and(|seat| seat.computers.contains(other))
}
