//! Where a group comes apart: decisions that exclude each other, or people who hold others for the
//! group's for a week. Nothing is resolved here: both lists are shown, and each person says with whom
//! they go on, or begins a group anew. PROTOCOL §7 "Conflict".

use std::collections::{BTreeMap, BTreeSet};

use super::saved::Room;
use super::{Group, News, No};
use crate::group::people::{Person, When};
use crate::group::tally::Ground;
use crate::group::{Founding, Genesis, Hash, Ik, Policy, Role, Seat, Seats, charter};
use crate::limits::SPLIT_MINUTES;

/// One of the lists that a group came apart into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    /// The name of its set.
    pub view: Hash,
    /// Who is in it; nothing if nobody told me, and I know only who shows it.
    pub seats: Option<Seats>,
    /// Who shows it.
    pub shown_by: Vec<Ik>,
    /// The decision that leads there, if that is what they are apart about.
    decision: Option<Hash>,
}

impl Group {
    /// The lists that the group came apart into, mine first; nothing if it did not.
    pub(crate) fn sides(&self) -> Vec<Side> {
        let mut sides = self.sides_of_conflicts();
        for (view, shown_by) in self.lasting_views() {
            match sides.iter_mut().find(|side| side.view == view) {
                Some(side) => side.shown_by = shown_by,
                None => sides.push(Side {
                    seats: self.seats_of(&view),
                    view,
                    shown_by,
                    decision: None,
                }),
            }
        }
        sides.retain(|side| !self.core.left_sides.contains(&side.view));
        if sides.iter().any(|side| side.view != self.tally.view) {
            let mine = sides.iter().position(|side| side.view == self.tally.view);
            let mine = mine
                .map(|at| sides.remove(at))
                .unwrap_or_else(|| self.my_side());
            sides.insert(0, mine);
            return sides;
        }
        Vec::new()
    }

    fn my_side(&self) -> Side {
        Side {
            view: self.tally.view,
            seats: Some(self.tally.seats.clone()),
            shown_by: vec![self.begun.me],
            decision: None,
        }
    }

    fn sides_of_conflicts(&self) -> Vec<Side> {
        let mut sides: BTreeMap<Hash, Side> = BTreeMap::new();
        for conflict in &self.tally.conflicts {
            for (motion, seats) in conflict.motions.iter().zip(&conflict.sides) {
                let view = seats.view();
                sides.entry(view).or_insert_with(|| Side {
                    view,
                    seats: Some(seats.clone()),
                    shown_by: Vec::new(),
                    decision: Some(*motion),
                });
            }
        }
        sides.into_values().collect()
    }

    /// Sets that others have shown for a week, all the time, and that are not mine.
    fn lasting_views(&self) -> BTreeMap<Hash, Vec<Ik>> {
        let mut views: BTreeMap<Hash, Vec<Ik>> = BTreeMap::new();
        for (computer, person) in self.people.iter() {
            let shown = person.shown.filter(|_| self.lasts(person));
            let seat = self.tally.seats.seat_of(computer);
            if seat.is_some_and(|seat| seat.role == Role::Member) {
                shown
                    .into_iter()
                    .for_each(|it| views.entry(it.view).or_default().push(*computer));
            }
        }
        views
    }

    /// Whether somebody has shown another set than mine for a week. Who is silent since then may know
    /// better by now.
    pub(super) fn lasts(&self, person: &Person) -> bool {
        let shown = person.shown.filter(|it| it.view != self.tally.view);
        let since = shown.and_then(|it| Some((it.last, it.other_since?.age)));
        since.is_some_and(|(last, since)| last.saturating_sub(since) >= SPLIT_MINUTES)
    }

    fn seats_of(&self, view: &Hash) -> Option<Seats> {
        let told = self.offers.values().find(|offer| offer.view() == *view);
        told.map(|offer| offer.seats().clone())
            .or_else(|| self.known(view).cloned())
    }

    pub(super) fn look_for_split(&mut self, news: &mut Vec<News>) {
        let split = !self.sides().is_empty();
        if split && !self.core.split {
            news.push(News::Split);
        }
        if split != self.core.split {
            self.core.split = split;
            self.mark(Room::Core);
        }
    }

    /// With whom I go on: the side at this place in [`Self::sides`], or all of them that are known.
    pub(crate) fn follow(&mut self, side: Option<usize>, when: When) -> Result<Vec<News>, No> {
        let sides = self.sides();
        if sides.is_empty() {
            return Err(No::NotThere);
        }
        let chosen: Vec<&Side> = match side {
            Some(at) => vec![sides.get(at).ok_or(No::NotThere)?],
            None => sides.iter().collect(),
        };
        let seats = together(chosen.iter().filter_map(|side| side.seats.as_ref()));
        let seats = seats.ok_or(No::NotThere)?;
        let decisions = chosen.iter().filter_map(|side| side.decision).collect();
        self.core
            .left_sides
            .extend(sides.iter().map(|side| side.view));
        self.core.left_sides.remove(&seats.view());
        let mut news = Vec::new();
        if seats.view() != self.tally.view || !self.tally.conflicts.is_empty() {
            let ground = self.ground_with(seats, decisions);
            // What was decided before is chosen or given up by this.
            self.forget_decided();
            self.stand_on(ground, when, &mut news);
        }
        self.mark(Room::Core);
        self.look_for_split(&mut news);
        Ok(news)
    }

    /// All who choose the same side stand on the same ground.
    fn ground_with(&self, seats: Seats, decisions: BTreeSet<Hash>) -> Ground {
        let suspended = self.tally.suspended.iter();
        let suspended = suspended.filter(|first| seats.seat_of(first).is_some());
        Ground {
            suspended: suspended.copied().collect(),
            settled: decisions,
            ..Ground::new(seats.clone(), self.tally.policy)
        }
    }

    /// How a group begins that leaves this one: with my seat and those of these computers, all members.
    pub(crate) fn fork(
        &self,
        name: &str,
        text: &str,
        policy: Policy,
        with: &[Ik],
        random: [u8; 32],
    ) -> Result<Genesis, No> {
        let chosen = |seat: &&Seat| {
            seat.computers
                .iter()
                .any(|it| *it == self.begun.me || with.contains(it))
        };
        let seats = self.tally.seats.iter().filter(chosen).cloned();
        let members = seats.map(|seat| Seat {
            role: Role::Member,
            ..seat
        });
        let seats = Seats::new(members.collect()).ok_or(No::NotThere)?;
        let all = with.iter().all(|it| seats.seat_of(it).is_some());
        if !all || seats.seat_of(&self.begun.me).is_none() {
            return Err(No::NotThere);
        }
        let mut founders: Vec<Ik> = seats.computers().copied().collect();
        founders.sort_unstable();
        let founding = Founding {
            random,
            name: name.to_owned(),
            charter: charter(text),
            policy,
            founders,
            parent: Some(self.begun.gid),
        };
        Ok(super::newcomers::founded(founding, text.to_owned(), seats))
    }
}

/// Everybody of these lists, each as the first of them has them; nothing if they do not fit together.
fn together<'a>(lists: impl Iterator<Item = &'a Seats>) -> Option<Seats> {
    let mut all: Vec<Seat> = Vec::new();
    for seat in lists.flat_map(|seats| seats.iter()) {
        let known = |it: &Seat| it.computers.iter().any(|one| seat.computers.contains(one));
        if !all.iter().any(known) {
            all.push(seat.clone());
        }
    }
    if all.is_empty() {
        None
    } else {
        Seats::new(all)
    }
}
