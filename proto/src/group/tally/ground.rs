//! Who is in a group and how it decides, and how a motion or a leave changes that.

use std::collections::{BTreeMap, BTreeSet};

use super::{Counted, Counting};
use crate::group::{Hash, Ik, Policy, Role, Seat, Seats, What};
use crate::limits::SEAT_COMPUTERS_MAX;

/// What a tally begins with: the founding, or what I was welcomed into, and what was settled since.
#[derive(Clone, Debug, Default, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Ground {
    pub seats: Seats,
    /// The first computers of suspended seats.
    pub suspended: BTreeSet<Ik>,
    pub policy: Policy,
    /// The newest of what is settled: every motion rests on all of it.
    pub settled: BTreeSet<Hash>,
    /// What is settled and named by motions that are not, each with all of these and of the newest that it
    /// rests on.
    pub behind: BTreeMap<Hash, BTreeSet<Hash>>,
}

impl Ground {
    /// Of a group that nothing was decided in.
    pub(crate) fn new(seats: Seats, policy: Policy) -> Self {
        Self {
            seats,
            policy,
            ..Self::default()
        }
    }

    pub(crate) fn is_suspended(&self, seat: &Seat) -> bool {
        seat.computers.iter().any(|it| self.suspended.contains(it))
    }

    /// Seats that decide.
    pub(super) fn deciding(&self) -> impl Iterator<Item = &Seat> {
        let members = self.seats.iter().filter(|seat| {
            let member = seat.role == Role::Member;
            member || planted!(SpectatorCounted)
        });
        members.filter(|seat| planted!(SuspendedCounted) || !self.is_suspended(seat))
    }

    /// What a motion that passed, or a leave, makes of it; whether that changed anything.
    pub(super) fn apply(&mut self, counted: &Counted) -> bool {
        match &counted.said {
            Counting::Leave => self.remove(&counted.author),
            Counting::Motion(motion) => self.carry_out(&motion.what),
            _ => false,
        }
    }

    fn carry_out(&mut self, what: &What) -> bool {
        match what {
            What::Add(computer) => {
                let seat = Seat::of(Role::Spectator, *computer);
                let seats = self.seats.with(seat);
                seats.is_some_and(|seats| self.change(seats))
            }
            What::Promote(computer) => self.reseat(computer, |seat| seat.role = Role::Member),
            What::Remove(computer) => self.remove(computer),
            What::Suspend(computer) => match self.first_of(computer) {
                Some(first) => self.suspended.insert(first),
                None => false,
            },
            What::Lift(computer) => match self.first_of(computer) {
                Some(first) => self.suspended.remove(&first),
                None => false,
            },
            What::Return { seat, computer } => self.welcome_back(seat, *computer),
            What::Policy(policy) => {
                let new = self.policy != *policy;
                self.policy = *policy;
                new
            }
            What::Text { .. } | What::Poll { .. } => false,
        }
    }

    fn change(&mut self, seats: Seats) -> bool {
        let changed = self.seats != seats;
        self.seats = seats;
        changed
    }

    fn remove(&mut self, computer: &Ik) -> bool {
        if let Some(first) = self.first_of(computer) {
            self.suspended.remove(&first);
        }
        self.change(self.seats.without(computer))
    }

    /// The new computer speaks for the seat. Where there is no room for it, the one by which the motion
    /// names the seat makes some.
    fn welcome_back(&mut self, named: &Ik, computer: Ik) -> bool {
        if self.seats.seat_of(&computer).is_some() {
            return false;
        }
        self.reseat(named, |seat| {
            if seat.computers.len() >= SEAT_COMPUTERS_MAX {
                seat.computers.retain(|it| it != named);
            }
            seat.computers.push(computer);
            seat.computers.sort();
            seat.voice = computer;
        })
    }

    fn reseat(&mut self, computer: &Ik, change: impl FnOnce(&mut Seat)) -> bool {
        let Some(old) = self.seats.seat_of(computer) else {
            return false;
        };
        let (mut seat, suspended) = (old.clone(), self.is_suspended(old));
        change(&mut seat);
        let first = seat.computers.first().copied();
        let seats = self.seats.without(computer).with(seat);
        if !seats.is_some_and(|seats| self.change(seats)) {
            return false;
        }
        // It is named by its first computer, which may be another now.
        let in_seats = |it: &Ik| {
            self.seats
                .seat_of(it)
                .is_some_and(|seat| seat.computers.first() == Some(it))
        };
        self.suspended.retain(in_seats);
        self.suspended.extend(first.filter(|_| suspended));
        true
    }

    fn first_of(&self, computer: &Ik) -> Option<Ik> {
        self.seats.seat_of(computer)?.computers.first().copied()
    }
}
