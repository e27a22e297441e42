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
        let welcomed = self.core.welcomed.as_ref();
        let elder = welcomed.is_some_and(|it| it.elders[key.circle.place()].contains(&key.author));
        elder || self.forgot(&key.author)
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
        if self.forgot(&key.author) {
            return Below::Asked;
        }
        match self.begun_with(&key.author, key.circle) {
            Some((life, first)) if life == key.incarnation => Below::From(first),
            Some((life, _)) if life < key.incarnation => Below::Closed,
            Some(_) => Below::Asked,
            None => Below::Open,
        }
    }

    /// With which of their messages somebody began to send to me, if they told.
    pub(super) fn begun_with(&self, author: &Ik, circle: Circle) -> Option<(u16, u32)> {
        self.people.get(author)?.begun[circle.place()]
    }

    /// Somebody tells with which of their messages they began to send to me: what is missing from there on
    /// was for me. What was told earlier may come later.
    pub(crate) fn note_begun(&mut self, author: Ik, told: [Option<(u16, u32)>; 2]) {
        for circle in [Circle::Members, Circle::All] {
            let known = self.begun_with(&author, circle);
            let Some(told) = told[circle.place()].filter(|told| known < Some(*told)) else {
                continue;
            };
            self.people.get_mut(&author).begun[circle.place()] = Some(told);
            let (incarnation, number) = told;
            let key = ChainKey {
                author,
                circle,
                incarnation,
            };
            if !self.forgot(&author) && !planted!(BeginningNotHeard) {
                self.chains.begins(&key, number);
            }
        }
    }

    /// Whether I held what somebody said, and forgot it: nothing of it is asked for, or it would be shown
    /// twice.
    pub(super) fn forgot(&self, author: &Ik) -> bool {
        self.core.forgotten.contains(author)
    }

    /// The chains of somebody who was out for long are forgotten.
    pub(super) fn note_forgotten(&mut self, author: &Ik) {
        let held =
            [Circle::Members, Circle::All].map(|it| self.chains.newest(author, it).is_some());
        if held.contains(&true) && self.core.forgotten.len() < FORGOTTEN_MAX {
            self.core.forgotten.insert(*author);
            self.mark(Room::Core);
        }
    }

    /// Whether somebody came, or came back, within a week of this age.
    pub(super) fn is_back_since(&self, author: &Ik, age: Option<u32>) -> bool {
        let theirs = self.people.get(author).map(|person| person.since);
        theirs.map(|since| since.saturating_add(ELDERS_ASKED_DAYS * DAY_MINUTES)) > age
    }

    /// Whether this is the first that I hold of a chain that I take up.
    pub(super) fn begins_for_me(&self, key: &ChainKey, number: u32) -> bool {
        let mut lives = self.chains.of(&key.author, key.circle);
        let first = lives.next().and_then(|(life, chain)| {
            let (first, _) = chain.links().next()?;
            Some((*life, first))
        });
        self.begins_midway(key) && first == Some((*key, number))
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
