//! What a group decided: a pure function of what its authors said. Whoever holds the same words comes to
//! the same results, in whatever order they came; no clock is asked, nothing is remembered from the
//! time before but the ground. PROTOCOL §7 "Motions".
//!
//! ```text
//! held.rs       what counts of what was said
//! ground.rs     who is in it, and how motions change that
//! order.rs      what rests on what, and in which order it changes the group
//! voice.rs      a seat's last word on a motion
//! judge.rs      by how many yeses something passes
//! conflict.rs   where two decisions exclude each other
//! settle.rs     what is too old to change becomes the ground
//! ```

mod conflict;
mod ground;
mod held;
mod judge;
mod order;
mod settle;
#[cfg(test)]
mod tests;
mod voice;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use conflict::Conflict;
pub(crate) use ground::Ground;
pub(crate) use held::{Counted, Counting, Held};
pub(crate) use settle::settle;

use super::{Hash, Ik, Motion, Policy, Position, Role, Seat, Seats};
use crate::limits::MOTION_RESTS_MAX;
use order::Order;
use voice::Voices;

/// How a motion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum Outcome {
    /// It waits for so many more yeses; 0 if only for windows to end.
    Open {
        /// How many.
        needs: u8,
    },
    /// It passed; what comes later can undo it.
    Passed,
    /// Somebody objects.
    Blocked,
    /// Too few agreed, and too few can.
    Failed,
    /// Its author took it back.
    Withdrawn,
    /// What it rests on did not pass here, or does not give its base; or its author decided nothing there.
    Unfounded,
}

/// What a seat said last of a motion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastWord {
    /// The voice of the seat, as it was for this motion.
    pub seat: Ik,
    pub position: Position,
    /// Whether nothing after it counts.
    pub closed: bool,
}

/// How a motion stands, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub outcome: Outcome,
    /// Seats that agree, whether or not that is their last word.
    pub agree: u8,
    /// How many it takes.
    pub needed: u8,
    /// How many decide.
    pub of: u8,
    /// Of a poll: how many chose each.
    pub counts: Vec<u8>,
    /// Of the seats that decide, in their order.
    pub says: Vec<LastWord>,
    /// Voices of seats that do not decide any more, if it hangs on their words: others may hold another
    /// result.
    pub hangs_on: Vec<Ik>,
}

/// What all that was said comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Who is in it now.
    pub seats: Seats,
    /// The name of that set.
    pub view: Hash,
    /// The first computers of suspended seats.
    pub suspended: BTreeSet<Ik>,
    /// How it decides from now on.
    pub policy: Policy,
    /// What a new motion rests on, sorted.
    pub frontier: Vec<Hash>,
    /// The base of a new motion: what the frontier gives. It is the view, unless more decisions stand side
    /// by side than a motion can name.
    pub base: Hash,
    /// How each motion stands.
    pub results: BTreeMap<Hash, Standing>,
    /// Decisions that exclude each other.
    pub conflicts: Vec<Conflict>,
}

impl Tally {
    /// What was said, from this ground on.
    pub(crate) fn of(ground: &Ground, held: &Held) -> Self {
        let mut table = Table::judged(ground, held);
        let all = table.all();
        let (now, effective) = table.order.replay(&all);
        let frontier = table.order.frontier(&all, &table.closures);
        let conflicts = table.conflicts();
        table.look_for_gone(&now);
        let (rests, base) = table.resting(frontier, &effective);
        Self {
            view: now.seats.view(),
            base,
            frontier: rests,
            seats: now.seats,
            suspended: now.suspended,
            policy: now.policy,
            results: table.standings,
            conflicts,
        }
    }

    /// Whether nothing is sent to this computer: it is in no seat, or in one that is suspended.
    pub(crate) fn silent_to(&self, computer: &Ik) -> bool {
        let seat = self.seats.seat_of(computer);
        seat.is_none_or(|seat| seat.computers.iter().any(|it| self.suspended.contains(it)))
    }
}

/// These, each with who speaks for it now.
pub(crate) fn voices_now(held: &Held, seats: &Seats) -> Seats {
    let voices = Voices::of_hand_overs(held);
    let now = seats.iter().cloned().map(|seat| Seat {
        voice: voices.voice_now(&seat),
        ..seat
    });
    Seats::new(now.collect()).unwrap_or_else(|| seats.clone())
}

/// Who speaks for a seat now.
pub(crate) fn voice_now(held: &Held, seat: &Seat) -> Ik {
    Voices::of_hand_overs(held).voice_now(seat)
}

/// All motions, judged one after the other, each after what it rests on.
struct Table<'a> {
    order: Order<'a>,
    voices: Voices,
    standings: BTreeMap<Hash, Standing>,
    /// Of each motion that is founded, all it rests on, through whatever it rests on.
    closures: BTreeMap<Hash, BTreeSet<Hash>>,
}

impl<'a> Table<'a> {
    fn judged(ground: &'a Ground, held: &'a Held) -> Self {
        let mut table = Self {
            order: Order::new(ground, held),
            voices: Voices::of(held),
            standings: BTreeMap::new(),
            closures: BTreeMap::new(),
        };
        for (name, counted, motion) in table.order.motions() {
            let standing = match table.founded(counted, motion) {
                Some((closure, base)) => {
                    table.closures.insert(*name, closure);
                    table.case(name, counted, motion, &base).judge()
                }
                None => Standing::unfounded(),
            };
            table.standings.insert(*name, standing);
        }
        table
    }

    fn case<'b>(
        &'b self,
        name: &'b Hash,
        counted: &'b Counted,
        motion: &'b Motion,
        base: &'b Ground,
    ) -> judge::Case<'b> {
        judge::Case {
            name,
            counted,
            motion,
            base,
            voices: &self.voices,
        }
    }

    /// Notes which results hang on the words of seats that do not decide any more.
    fn look_for_gone(&mut self, now: &Ground) {
        let out = |seat: &Seat| {
            let mut seats = seat.computers.iter().filter_map(|it| now.seats.seat_of(it));
            !seats.any(|seat| seat.role == Role::Member && !now.is_suspended(seat))
        };
        let mut hanging = Vec::new();
        for (name, counted, motion) in self.order.motions() {
            let Some(closure) = self.closures.get(name) else {
                continue;
            };
            let base = self.order.replay(closure).0;
            let hangs_on = self.case(name, counted, motion, &base).hangs_on(out);
            hanging.push((*name, hangs_on));
        }
        for (name, hangs_on) in hanging {
            let standing = self.standings.get_mut(&name);
            standing
                .into_iter()
                .for_each(|it| it.hangs_on.clone_from(&hangs_on));
        }
    }

    /// All it rests on and the group that this gives, if all that passed and gives exactly its base, its
    /// author decides there, and whom it lets in is not in yet.
    fn founded(&self, counted: &Counted, motion: &Motion) -> Option<(BTreeSet<Hash>, Ground)> {
        let closure = self.below(motion)?;
        let base = self.order.replay(&closure).0;
        let whole = self.order.ground.settled.is_subset(&closure);
        let given = planted!(RestsUnchecked) || base.seats.view() == motion.base;
        let seat = base.seats.seat_of(&counted.author)?;
        let decides = seat.role == Role::Member && !base.is_suspended(seat);
        let mut comes = motion.what.lets_in().into_iter();
        let anew = comes.all(|it| base.seats.seat_of(it).is_none());
        (whole && given && decides && anew).then_some((closure, base))
    }

    /// All that a motion rests on, if each thing it names stands and changes something, and none of them
    /// rests on another.
    fn below(&self, motion: &Motion) -> Option<BTreeSet<Hash>> {
        let mut below = BTreeSet::new();
        for name in &motion.rests_on {
            let decided = self.order.is_leave(name) || self.passed(name);
            let stands = self.order.is_ground(name) || decided && self.order.changes(name);
            if !stands && !planted!(RestsUnchecked) {
                return None;
            }
            below.extend(self.closure(name).filter(|it| it != name));
        }
        let newest = motion.rests_on.iter().all(|name| !below.contains(name));
        below.extend(&motion.rests_on);
        newest.then_some(below)
    }

    /// All that a motion rests on, held or settled.
    fn closure(&self, name: &Hash) -> impl Iterator<Item = Hash> {
        let settled = self.order.ground.behind.get(name);
        let both = self.closures.get(name).into_iter().chain(settled);
        both.flatten().copied()
    }

    fn passed(&self, name: &Hash) -> bool {
        let standing = self.standings.get(name);
        standing.is_some_and(|standing| standing.outcome == Outcome::Passed)
    }

    /// All that passed, and all leaves.
    fn all(&self) -> BTreeSet<Hash> {
        let passed = self.standings.keys().filter(|name| self.passed(name));
        passed.chain(self.order.leaves()).copied().collect()
    }

    /// As many of the frontier as a motion can name, and what they give.
    fn resting(&self, mut frontier: Vec<Hash>, effective: &[Hash]) -> (Vec<Hash>, Hash) {
        // What is settled every motion must rest on; what had no effect the base can do without.
        let ground = |name: &Hash| self.order.is_ground(name);
        frontier.sort_by_key(|name| (!ground(name), !effective.contains(name), *name));
        frontier.truncate(MOTION_RESTS_MAX);
        frontier.sort();
        let behind = frontier.iter().filter_map(|name| self.closures.get(name));
        let all = behind.flatten().chain(&frontier).copied().collect();
        let base = self.order.replay(&all).0.seats.view();
        (frontier, base)
    }
}

impl Standing {
    fn unfounded() -> Self {
        Self {
            outcome: Outcome::Unfounded,
            agree: 0,
            needed: 0,
            of: 0,
            counts: Vec::new(),
            says: Vec::new(),
            hangs_on: Vec::new(),
        }
    }
}
