//! What happened in a group, and what follows from it here: people are told, newcomers are made known
//! to each other, and who is out of it is sent nothing more. PROTOCOL §7.

use std::collections::BTreeSet;

use super::cards::outcome;
use super::{Groups, Part};
use crate::engine::{Engine, Event, GroupNews, Named};
use crate::friend::What as Waits;
use crate::group::{Hash, Ik, News, Outcome, What};
use crate::limits::MOTIONS_PER_SEAT_MAX;
use crate::secret::Said;

impl Groups {
    /// What the group holds changed: it is written with this step.
    pub(super) fn note(&mut self, no: u32) {
        let Some(it) = self.all.get_mut(&no) else {
            return;
        };
        let parts = it.group.changed();
        self.dirty
            .extend(parts.into_iter().map(|part| (no, Part::Theirs(part))));
    }

    /// What passed once, and does not any more, is shown as undone.
    fn note_passed(&mut self, no: u32, motion: &Hash, to: Outcome) {
        let Some(it) = self.all.get_mut(&no) else {
            return;
        };
        if to != Outcome::Passed || it.own.passed.contains(motion) {
            return;
        }
        let held: Vec<_> = it
            .group
            .motions()
            .into_iter()
            .map(|(_, held)| held.name)
            .collect();
        it.own.passed.retain(|name| held.contains(name));
        it.own.passed.push(*motion);
        self.touch(no);
    }
}

impl Engine {
    /// Lets all groups do what is due.
    pub(in crate::engine) fn go_on_with_groups(&mut self) {
        self.end_asks_into_groups();
        self.fetch_known_strays();
        let age = self.age.minutes();
        let due = self
            .groups
            .all
            .iter()
            .filter(|(_, it)| it.group.next_age() <= age);
        for no in due.map(|(no, _)| *no).collect::<Vec<_>>() {
            self.go_on_with(no);
        }
        let next = self.groups.all.values().map(|it| it.group.next_age()).min();
        next.into_iter().for_each(|age| self.wake_by_age(age));
    }

    /// Lets one do what is due, and says what it gives out.
    pub(super) fn go_on_with(&mut self, no: u32) {
        let when = self.when();
        let Some(it) = self.groups.all.get_mut(&no) else {
            return;
        };
        let (outs, news) = it.group.tick(when, &mut self.entropy);
        let next = it.group.next_age();
        self.groups.note(no);
        outs.iter().for_each(|out| {
            self.give_out(no, out);
        });
        self.follow_news(no, news, None);
        self.wake_by_age(next);
    }

    /// What the group found out, of what a friend said or by itself.
    pub(super) fn follow_news(&mut self, no: u32, news: Vec<News>, said: Option<(u32, &Said)>) {
        self.groups.note(no);
        // Of all that is doubtful at once a person is told once.
        let doubts = news.iter().any(News::is_doubt);
        for one in news {
            self.follow_one(no, one, said);
        }
        if doubts {
            self.tell_of_group(no, GroupNews::Doubt);
        }
        self.say_no_more_to_others(no);
    }

    fn follow_one(&mut self, no: u32, news: News, said: Option<(u32, &Said)>) {
        match news {
            News::Held(text) => self.hold_text(no, said, &text),
            News::Text(text) => {
                self.hold_text(no, said, &text);
                self.turn_comes(no, &text.name);
            }
            News::Due { name, .. } => self.turn_comes(no, &name),
            News::Proposed(motion) => {
                if let Some(motion) = self.number_of(no, &motion) {
                    self.tell_of_group(no, GroupNews::Proposed { motion });
                }
            }
            News::Moved { motion, from, to } => self.motion_moved(no, &motion, (from, to)),
            News::In(computer) => {
                self.note_people(no);
                self.tell_of_somebody(no, &computer, GroupNews::In);
            }
            News::Out(computer) => self.tell_of_somebody(no, &computer, GroupNews::Out),
            News::Suspended(computer) => {
                self.tell_of_somebody(no, &computer, GroupNews::Suspended);
            }
            News::Lifted(computer) => self.tell_of_somebody(no, &computer, GroupNews::Lifted),
            News::Here(computer) => self.tell_of_somebody(no, &computer, GroupNews::Here),
            News::Reported { target, by } => {
                let (who, by) = (self.seat_named(no, &target), self.seat_named(no, &by));
                let by = match by {
                    Named::Friend(petname) => petname,
                    Named::Stranger(somebody) => somebody.called.to_string(),
                    Named::Me => return,
                };
                self.tell_of_group(no, GroupNews::Reported { who, by });
            }
            News::Disagreement(_) | News::Gap(_) | News::OtherSet(_) | News::OtherResult(_) => {}
            News::Split => self.tell_of_group(no, GroupNews::Split),
            News::Resend {
                to,
                circle,
                incarnation,
                first,
                last,
            } => {
                if let Some(friend) = self.reach(no, &to) {
                    let wanted = first..=last;
                    self.say_again(no, friend, |of, life, number| {
                        of == circle && life == incarnation && wanted.contains(&number)
                    });
                }
            }
            News::Ended => {
                if let Some(it) = self.groups.all.get_mut(&no) {
                    it.own.ended = true;
                }
                self.groups.touch(no);
                self.tell_of_group(no, GroupNews::Ended);
            }
        }
    }

    /// Tells what happened in a group that I said yes to.
    fn tell_of_group(&mut self, no: u32, news: GroupNews) {
        if self.groups.get(no).is_some_and(|it| it.name.is_some()) {
            let name = self.group_name(no);
            self.show(Event::Group { name, news });
        }
    }

    fn tell_of_somebody(&mut self, no: u32, computer: &Ik, news: fn(Named) -> GroupNews) {
        let who = self.seat_named(no, computer);
        self.tell_of_group(no, news(who));
    }

    /// The number by which a person knows a motion.
    fn number_of(&self, no: u32, motion: &Hash) -> Option<u32> {
        let motions = self.groups.get(no)?.group.motions();
        let found = motions.into_iter().find(|(_, held)| held.name == *motion);
        found.map(|(number, _)| number.saturating_add(1))
    }

    fn motion_moved(&mut self, no: u32, motion: &Hash, (from, to): (Option<Outcome>, Outcome)) {
        let Some(number) = self.number_of(no, motion) else {
            return;
        };
        self.groups.note_passed(no, motion, to);
        // That it waits is no news beside that it came.
        if from.is_none() && matches!(to, Outcome::Open { .. }) {
            return;
        }
        let outcome = outcome(to, from == Some(Outcome::Passed));
        let news = GroupNews::Moved {
            motion: number,
            outcome,
        };
        self.tell_of_group(no, news);
        if to == Outcome::Passed {
            self.will_make_known(no, motion);
        }
    }

    /// Who was welcomed on my motion is to be made known to the others, once they know of the group:
    /// before that they would not hear of so many.
    fn will_make_known(&mut self, no: u32, motion: &Hash) {
        let Some(it) = self.groups.all.get_mut(&no) else {
            return;
        };
        let motions = it.group.motions().into_iter();
        let mut mine = motions.filter(|(_, held)| held.author == it.own.me);
        let held = mine.find(|(_, held)| held.name == *motion);
        let new = held.and_then(|(_, held)| match &held.motion.what {
            What::Add(computer) | What::Return { computer, .. } => Some(*computer),
            _ => None,
        });
        let full = it.own.to_make_known.len() >= MOTIONS_PER_SEAT_MAX;
        if let Some(computer) = new.filter(|new| !full && !it.own.to_make_known.contains(new)) {
            it.own.to_make_known.push(computer);
            self.groups.touch(no);
        }
    }

    /// Somebody was told of the group: if it was on my motion, they get to know every member that I
    /// know. Each is asked, on both sides.
    pub(super) fn make_known(&mut self, no: u32, computer: &Ik) {
        let Some(it) = self.groups.all.get_mut(&no) else {
            return;
        };
        let before = it.own.to_make_known.len();
        it.own.to_make_known.retain(|new| new != computer);
        if it.own.to_make_known.len() == before {
            return;
        }
        self.groups.touch(no);
        let members = self.groups.get(no).map(|it| &it.group.tally().seats);
        let voices = members.into_iter().flat_map(|seats| seats.members());
        let others: BTreeSet<_> = voices
            .filter_map(|seat| self.reach(no, &seat.voice))
            .collect();
        let Some(new) = self.reach(no, computer) else {
            return;
        };
        let said = self.group_name(no);
        for other in others.into_iter().filter(|other| *other != new) {
            self.introduce_for_group([new, other], &said);
        }
    }

    /// Whoever is not in a group any more, or suspended, is sent nothing of it: what waits for them is
    /// taken out.
    fn say_no_more_to_others(&mut self, no: u32) {
        let Some(it) = self.groups.get(no) else {
            return;
        };
        let tally = it.group.tally();
        let sent = tally.seats.computers().filter(|ik| !tally.silent_to(ik));
        let sent: BTreeSet<_> = sent.filter_map(|ik| self.reach(no, ik)).collect();
        let of = |it: &crate::friend::Entry| match it.what {
            Waits::Group(id, _) => self.groups.spoken_in(id) == Some(no),
            _ => false,
        };
        let waits = self
            .friends
            .iter()
            .filter(|(_, friend)| friend.outbox.has(of));
        let waits = waits.map(|(friend, _)| *friend);
        let over: Vec<_> = waits.filter(|friend| !sent.contains(friend)).collect();
        if planted!(RemovedLeftWaiting) {
            return;
        }
        over.into_iter()
            .for_each(|friend| self.say_no_more(no, friend));
    }
}
