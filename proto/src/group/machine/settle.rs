//! What is too old to change: decisions of a month ago become the ground, and what was said of them is
//! forgotten. So is everybody who is nothing to the group any more. Looked at once a day.

use std::collections::BTreeSet;

use super::saved::Room;
use super::{Group, News};
use crate::group::people::When;
use crate::group::register::about;
use crate::group::tally::{self, Counting};
use crate::group::{Hash, Ik};
use crate::limits::POST_MINUTES;

impl Group {
    pub(super) fn settle(&mut self, when: When, news: &mut Vec<News>) {
        if when.age < self.lately.beacon {
            return;
        }
        let old = self.old(when);
        if !old.is_empty() {
            self.fold(&old, when, news);
        }
        self.forget_strangers(when, news);
    }

    /// Motions and leaves that everybody has had a month to hear of, and words on motions that never came.
    fn old(&self, when: When) -> BTreeSet<Hash> {
        let is_old = |since: u32| since.saturating_add(POST_MINUTES) <= when.age;
        let old = self.register.iter().filter(|(_, counted, beside)| {
            is_old(beside.since)
                && match about(&counted.said) {
                    Some(motion) => self.register.motion(&motion).is_none(),
                    None => !matches!(counted.said, Counting::Voice(_)),
                }
        });
        old.map(|(name, _, _)| *name).collect()
    }

    fn fold(&mut self, old: &BTreeSet<Hash>, when: When, news: &mut Vec<News>) {
        let register = &self.register;
        // What is proposed within a month of a decision may be by somebody who did not know of it yet.
        let waits = |decided: &Hash, motion: &Hash| {
            let since = |name| register.since(name).unwrap_or_default();
            since(motion) < since(decided).saturating_add(POST_MINUTES)
        };
        let settled = tally::settle(&self.core.ground, register.held(), old, waits);
        let words = old.iter().filter(|name| {
            let held = self.register.held().get(*name);
            held.is_some_and(|it| about(&it.said).is_some())
        });
        let gone: Vec<Hash> = settled.dropped.iter().chain(words).copied().collect();
        if gone.is_empty() {
            return;
        }
        gone.iter().for_each(|name| self.register.remove(name));
        let register = &self.register;
        self.windows.keep(|name| register.motion(name).is_some());
        self.core.ground = settled.ground;
        self.mark(Room::Core);
        news.extend(self.judge(when));
    }

    /// Forgets all motions that do not wait any more.
    pub(super) fn forget_decided(&mut self) {
        let motions = self.register.motions().map(|(name, _, _)| *name);
        let decided: Vec<Hash> = motions.filter(|name| !self.is_open(name)).collect();
        decided.iter().for_each(|name| self.forget_motion(name));
    }

    /// Forgets a motion and all that was said of it.
    pub(super) fn forget_motion(&mut self, motion: &Hash) {
        let held = self.register.held().iter();
        let of = held.filter(|(_, counted)| about(&counted.said) == Some(*motion));
        let of: Vec<Hash> = of.map(|(name, _)| *name).chain([*motion]).collect();
        of.iter().for_each(|name| self.register.remove(name));
        self.windows.keep(|name| name != motion);
    }

    /// Who is nothing to the group, and of whom nothing came for a month: until then something of theirs may
    /// come twice, and they may come back.
    fn forget_strangers(&mut self, when: When, news: &mut Vec<News>) {
        let authors = self.chains.iter().map(|(key, _)| key.author);
        let people = self.people.iter().map(|(computer, _)| *computer);
        let all: BTreeSet<Ik> = authors.chain(people).collect();
        let me = self.begun.me;
        let (kept, gone): (BTreeSet<Ik>, BTreeSet<Ik>) = all
            .into_iter()
            .partition(|it| *it == me || self.concerns(it) || self.heard_lately(it, when));
        if gone.is_empty() {
            return;
        }
        for author in &gone {
            let due = self.waiting.take_all_of(author);
            due.into_iter().for_each(|due| self.show(due, news));
            self.note_forgotten(author);
            self.chains.end_all_of(author);
        }
        self.people.keep_only(&kept);
        self.lately.disagreements.keep_only(&kept);
        self.lately
            .untold
            .retain(|(_, author)| kept.contains(author));
        self.mark(Room::Lately);
    }

    fn heard_lately(&self, computer: &Ik, when: When) -> bool {
        let heard = self.people.get(computer).and_then(|person| person.heard);
        heard.is_some_and(|heard| when.age < heard.age.saturating_add(POST_MINUTES))
    }
}
