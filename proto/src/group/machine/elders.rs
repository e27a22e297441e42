//! Whose chains I take up where they begin for me: of those who were there before me. With which number
//! that is only they know; until they told it, they are asked once for what stands before the first that I
//! heard. PROTOCOL §7 "What is missing".

use super::Group;
use super::saved::Room;
use crate::group::chains::{Below, ChainKey};
use crate::group::{Circle, Ik};
use crate::limits::{ELDERS_ASKED_DAYS, FORGOTTEN_MAX, GROUP_WAIT_MINUTES};
use crate::time::DAY_MINUTES;

impl Group {
    /// Whether I take a chain up wherever I first hear it, and heard nothing of it yet.
    pub(super) fn takes_up(&self, key: &ChainKey) -> bool {
        let heard = self.chains.newest(&key.author, key.circle);
        self.begins_midway(key) && heard.is_none()
    }

    /// Whether a chain begins for me where I first hear it: its author was there before me, or I forgot what
    /// they said before.
    fn begins_midway(&self, key: &ChainKey) -> bool {
        self.is_elder(key) || self.forgot(&key.author)
    }

    /// Whether somebody was in a circle before me.
    fn is_elder(&self, key: &ChainKey) -> bool {
        let welcomed = self.core.welcomed.as_ref();
        welcomed.is_some_and(|it| it.elders[key.circle.place()].contains(&key.author))
    }

    /// Whether I had come into a circle within a week of this age.
    pub(super) fn came_since(&self, circle: Circle, age: Option<u32>) -> bool {
        let welcomed = self.core.welcomed.as_ref();
        let mine = welcomed.and_then(|it| it.since[circle.place()]);
        let week = |since: u32| since.saturating_add(ELDERS_ASKED_DAYS * DAY_MINUTES);
        mine.map(week) > age
    }

    /// What may come from below the first that I hear of a chain.
    pub(super) fn below(&self, key: &ChainKey) -> Below {
        if !self.takes_up(key) {
            return Below::Closed;
        }
        match self.begun_with(&key.author, key.circle) {
            Some((life, first)) if life == key.incarnation => Below::From(first),
            Some((life, _)) if life < key.incarnation => Below::Closed,
            Some(_) => Below::Asked,
            None if self.forgot(&key.author) => Below::Asked,
            None => Below::Open,
        }
    }

    /// With which of their messages somebody began to send to me, if they told, or with which again: nothing
    /// that I held before I forgot it.
    pub(super) fn begun_with(&self, author: &Ik, circle: Circle) -> Option<(u16, u32)> {
        let told = self.people.get(author)?.begun[circle.place()]?;
        let held = self.held_before(author, circle);
        let next = held.map(|(life, number)| (life, number.saturating_add(1)));
        Some(next.map_or(told, |next| next.max(told)))
    }

    /// The first number of a chain that I did not hold before I forgot it.
    pub(super) fn new_from(&self, key: &ChainKey) -> u32 {
        match self.held_before(&key.author, key.circle) {
            Some(_) if planted!(ForgottenNotAsked) => u32::MAX,
            Some((life, number)) if life == key.incarnation => number.saturating_add(1),
            Some((life, _)) if life > key.incarnation => u32::MAX,
            _ => 1,
        }
    }

    /// Somebody tells with which of their messages they began to send to me: what is missing from there on
    /// was for me. What was told earlier may come later.
    pub(crate) fn note_begun(&mut self, author: Ik, told: [Option<(u16, u32)>; 2]) {
        for circle in [Circle::Members, Circle::All] {
            let at = circle.place();
            let known = self.people.get(&author).and_then(|it| it.begun[at]);
            if known >= told[at] {
                continue;
            }
            self.people.get_mut(&author).begun[at] = told[at];
            let Some((incarnation, number)) = self.begun_with(&author, circle) else {
                continue;
            };
            let key = ChainKey {
                author,
                circle,
                incarnation,
            };
            if !planted!(BeginningNotHeard) {
                self.chains.begins(&key, number);
            }
        }
    }

    /// Whether I held what somebody said, and forgot it: nothing of it is asked for, or it would be shown
    /// twice.
    pub(super) fn forgot(&self, author: &Ik) -> bool {
        self.core.forgotten.contains_key(author)
    }

    /// The last that I held of what somebody said before I forgot it.
    fn held_before(&self, author: &Ik, circle: Circle) -> Option<(u16, u32)> {
        let held = self.core.forgotten.get(author)?;
        held[circle.place()].filter(|_| !planted!(ForgottenAskedAgain))
    }

    /// The chains of somebody who was out for long are forgotten.
    pub(super) fn note_forgotten(&mut self, author: &Ik) {
        let mut held = [None; 2];
        for circle in [Circle::Members, Circle::All] {
            let newest = self.chains.newest(author, circle);
            let top = newest.map(|(key, chain)| (key.incarnation, chain.top()));
            let before = self.held_before(author, circle);
            held[circle.place()] = top.max(before);
        }
        let known = self.forgot(author) || self.core.forgotten.len() < FORGOTTEN_MAX;
        if held != [None; 2] && known {
            self.core.forgotten.insert(*author, held);
            self.mark(Room::Core);
        }
    }

    /// Whether somebody came, or came back, within a week of this age.
    pub(super) fn is_back_since(&self, author: &Ik, age: Option<u32>) -> bool {
        let theirs = self.people.get(author).map(|person| person.since);
        theirs.map(|since| since.saturating_add(ELDERS_ASKED_DAYS * DAY_MINUTES)) > age
    }

    /// Whether this is the first that I hold of somebody's who was there before me, and they told of nothing
    /// before it.
    pub(super) fn begins_for_me(&self, key: &ChainKey, number: u32) -> bool {
        let mut lives = self.chains.of(&key.author, key.circle);
        let first = lives.next().and_then(|(life, chain)| {
            let (first, _) = chain.links().next()?;
            Some((*life, first))
        });
        let told = self.begun_with(&key.author, key.circle);
        let later = told.is_some_and(|told| told < (key.incarnation, number));
        self.is_elder(key) && first == Some((*key, number)) && !later
    }

    /// Whether this is my first day in a circle, or my first after a suspension.
    pub(super) fn is_new_in(&self, circle: Circle, age: u32) -> bool {
        let welcomed = self.core.welcomed.as_ref();
        let came = welcomed.and_then(|it| it.since[circle.place()]);
        let lifted = self.core.lifted.filter(|_| !planted!(LiftedWaits));
        let since = came.max(lifted);
        since.is_some_and(|since| age < since.saturating_add(GROUP_WAIT_MINUTES))
    }
}
