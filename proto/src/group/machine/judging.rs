//! What was decided, and what follows for me: who is told what, whom I begin to send to and whom no
//! longer, who must be welcomed. The tally is a pure function; here its results are compared with
//! those before.

use std::collections::BTreeSet;

use super::saved::Room;
use super::{Group, News};
use crate::group::people::When;
use crate::group::tally::{Outcome, Tally};
use crate::group::{Circle, Hash, Ik, Role, Seat, Seats, What};
use crate::limits::PAST_VIEWS_MAX;

impl Group {
    /// Judges anew what is held, and gives what changed by it.
    pub(super) fn judge(&mut self, when: When) -> Vec<News> {
        #[cfg(test)]
        {
            self.judged += 1;
        }
        let now = Tally::of(&self.core.ground, self.register.held());
        let before = core::mem::replace(&mut self.tally, now);
        let mut news = Vec::new();
        self.tell_motions(&mut news);
        self.tell_seats(&before, when, &mut news);
        self.tell_suspended(&before, when, &mut news);
        if before.view != self.tally.view {
            self.view_changed(before.seats, when, &mut news);
        }
        self.note_readers();
        self.look_for_split(&mut news);
        news
    }

    fn tell_motions(&mut self, news: &mut Vec<News>) {
        let mut passed = Vec::new();
        for (name, standing) in &self.tally.results {
            let to = standing.outcome;
            let told = self.windows.get(name).and_then(|window| window.standing);
            if told == Some(to) {
                continue;
            }
            if let Some(window) = self.windows.get_mut(name) {
                window.standing = Some(to);
            }
            news.push(News::Moved {
                motion: *name,
                from: told,
                to,
            });
            if to == Outcome::Passed {
                passed.push(*name);
            }
        }
        passed.iter().for_each(|name| self.welcome_by(name));
    }

    /// Who proposed somebody tells them how the group stands once that passed.
    fn welcome_by(&mut self, motion: &Hash) {
        let Some((author, motion)) = self.register.motion(motion) else {
            return;
        };
        let newcomer = match &motion.what {
            What::Add(target) | What::Promote(target) => *target,
            What::Return { computer, .. } => *computer,
            _ => return,
        };
        if *author == self.begun.me {
            self.core.to_welcome.insert(newcomer);
            self.mark(Room::Core);
        }
    }

    fn tell_seats(&mut self, before: &Tally, when: When, news: &mut Vec<News>) {
        let was = |seat: &Seat| {
            before
                .seats
                .iter()
                .any(|it| it.computers == seat.computers && it.role == seat.role)
        };
        let new: Vec<Seat> = self
            .tally
            .seats
            .iter()
            .filter(|it| !was(it))
            .cloned()
            .collect();
        for seat in new {
            for computer in &seat.computers {
                let old = before.seats.seat_of(computer);
                if old.is_none_or(|old| old.role != seat.role) {
                    self.people.get_mut(computer).since = when.age;
                }
            }
            news.push(News::In(seat.voice));
        }
        let stays = |seat: &Seat| {
            seat.computers
                .iter()
                .any(|it| self.tally.seats.seat_of(it).is_some())
        };
        let gone = before.seats.iter().filter(|seat| !stays(seat));
        let me = self.begun.me;
        news.extend(gone.map(|seat| match seat.computers.contains(&me) {
            true => News::Ended,
            false => News::Out(seat.voice),
        }));
    }

    fn tell_suspended(&mut self, before: &Tally, when: When, news: &mut Vec<News>) {
        let suspended: Vec<Ik> = self
            .tally
            .suspended
            .difference(&before.suspended)
            .copied()
            .collect();
        for first in &suspended {
            self.people.get_mut(first).suspended = Some(when.age);
        }
        news.extend(suspended.into_iter().map(News::Suspended));
        let lifted: Vec<Ik> = before
            .suspended
            .difference(&self.tally.suspended)
            .copied()
            .collect();
        for first in &lifted {
            self.people.get_mut(first).suspended = None;
        }
        let me = self.mine().and_then(|seat| seat.computers.first());
        if me.is_some_and(|me| lifted.contains(me)) {
            self.core.lifted = Some(when.age);
            self.mark(Room::Core);
        }
        let still_in = |it: &Ik| self.tally.seats.seat_of(it).is_some();
        news.extend(lifted.into_iter().filter(still_in).map(News::Lifted));
    }

    /// Others are told at once whom I hold for the group's, and what they told in this set is read.
    fn view_changed(&mut self, before: Seats, when: When, news: &mut Vec<News>) {
        let view = self.tally.view;
        // Who told of the set that I leave told of an older one: most may show it still.
        let left = before.view();
        self.offers.retain(|_, offer| offer.view() != left);
        self.mark(Room::Offers);
        self.past.retain(|seats| seats.view() != view);
        self.past.push(before);
        if self.past.len() > PAST_VIEWS_MAX {
            self.past.remove(0);
        }
        self.lately.beacon = when.age;
        self.mark(Room::Past);
        self.mark(Room::Lately);
        for (_, person) in self.people.iter_mut() {
            let shown = person.shown.iter_mut();
            shown
                .filter(|it| it.view == view)
                .for_each(|it| it.other_since = None);
        }
        self.read_unread(news);
    }

    fn read_unread(&mut self, news: &mut Vec<News>) {
        let view = self.tally.view;
        let unread = self.people.iter().filter_map(|(computer, person)| {
            let (of, digests) = person.unread.as_ref()?;
            (*of == view).then(|| (*computer, digests.clone()))
        });
        let unread: Vec<_> = unread.collect();
        for (teller, digests) in unread {
            self.people.get_mut(&teller).unread = None;
            self.told(teller, view, &digests, news);
        }
    }

    /// Keeps of everybody with which of my messages I began to send to them: they get none from before.
    pub(super) fn note_readers(&mut self) {
        self.note_deciding();
        for circle in [Circle::Members, Circle::All] {
            let readers: BTreeSet<Ik> = self.readers(circle).into_iter().collect();
            let next = (self.core.incarnation, self.next_number(circle));
            let known = self.people.iter().map(|(computer, _)| *computer);
            let all: BTreeSet<Ik> = known.chain(readers.iter().copied()).collect();
            for computer in all {
                let since = self
                    .people
                    .get(&computer)
                    .and_then(|it| it.sent_from[circle.place()]);
                let wanted = readers.contains(&computer).then(|| since.unwrap_or(next));
                if since != wanted {
                    self.people.get_mut(&computer).sent_from[circle.place()] = wanted;
                }
            }
        }
    }

    /// Who is suspended is a member all the same: once that is lifted they must know what was decided
    /// meanwhile, or nothing that rests on it holds for them.
    fn note_deciding(&mut self) {
        let members = self.tally.seats.members();
        let members: BTreeSet<Ik> = members.flat_map(|it| &it.computers).copied().collect();
        let next = (self.core.incarnation, self.next_number(Circle::Members));
        let known = self.people.iter().map(|(computer, _)| *computer);
        let all: BTreeSet<Ik> = known.chain(members.iter().copied()).collect();
        for computer in all {
            let since = self.people.get(&computer).and_then(|it| it.counted_from);
            let wanted = members.contains(&computer).then(|| since.unwrap_or(next));
            if since != wanted {
                self.people.get_mut(&computer).counted_from = wanted;
            }
        }
    }

    pub(super) fn is_suspended(&self, computer: &Ik) -> bool {
        let seat = self.tally.seats.seat_of(computer);
        seat.is_some_and(|seat| {
            seat.computers
                .iter()
                .any(|it| self.tally.suspended.contains(it))
        })
    }

    /// Since when a seat is suspended, as I know it.
    pub(super) fn suspended_since(&self, seat: &Seat) -> Option<u32> {
        let computers = seat.computers.iter();
        computers
            .filter_map(|it| self.people.get(it)?.suspended)
            .max()
    }

    /// Whether this computer speaks for its seat.
    pub(super) fn is_voice(&self) -> bool {
        let voice = |seat: &Seat| crate::group::tally::voice_now(self.register.held(), seat);
        self.mine()
            .is_some_and(|seat| seat.role == Role::Member && voice(seat) == self.begun.me)
    }
}
