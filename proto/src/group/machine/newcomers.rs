//! How somebody begins: founders, newcomers, who is promoted, who returns. All of them are told by a
//! Genesis: who is new first by who proposed them, and once they are there by everybody else, since one
//! alone could tell them anything. PROTOCOL §7 "Genesis".

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::offers::name_of_ground;
use super::saved::Room;
use super::ticking::beside;
use super::{Begun, Core, Group, Lately, Out, OutWhat};
use crate::group::chains::Chains;
use crate::group::people::{People, Person, When};
use crate::group::register::Register;
use crate::group::tally::{Ground, Tally, voices_now};
use crate::group::waiting::Waiting;
use crate::group::windows::Windows;
use crate::group::{Circle, Digest, Genesis, Hash, Ik, Message, Policy, Role, Seats};
use crate::kdf::Entropy;
use crate::limits::{MOTIONS_MAX, POST_MINUTES};
use crate::time::{self, DAY_MINUTES};
use crate::wire::Malformed;

/// What somebody knows who was not there at the founding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Welcomed {
    /// When I came into each circle, in my age.
    pub(super) since: [Option<u32>; 2],
    /// Who was there before me, by circle: I take up their chains where I first hear them.
    pub(super) elders: [BTreeSet<Ik>; 2],
    /// When I last believed a newer set, in my age.
    pub(super) believed: u32,
}

pub(super) fn ground_of(genesis: &Genesis) -> Ground {
    Ground {
        suspended: genesis.suspended.iter().copied().collect(),
        settled: genesis.settled.iter().copied().collect(),
        ..Ground::new(genesis.seats.clone(), genesis.policy)
    }
}

/// The last life of somebody that is known there.
pub(super) fn lived(genesis: &Genesis, computer: &Ik) -> Option<u16> {
    let theirs = genesis.heads.iter();
    let theirs = theirs.filter(|it| genesis.seats.computer(it.index) == Some(computer));
    theirs.map(|it| it.incarnation).max()
}

/// Whether this is how the group began, for one of those who found it.
fn is_founding(genesis: &Genesis) -> bool {
    let members = genesis.seats.iter().all(|seat| seat.role == Role::Member);
    let mut computers: Vec<Ik> = genesis.seats.computers().copied().collect();
    computers.sort_unstable();
    let nothing_yet = genesis.heads.is_empty() && genesis.settled.is_empty();
    members && nothing_yet && computers == genesis.founding.founders
}

impl Group {
    /// I found one, or am asked into one. `None` of it is sent before [`Self::join`].
    pub(crate) fn new(me: Ik, genesis: Genesis, when: When) -> Result<Self, Malformed> {
        let mine = genesis.seats.seat_of(&me).ok_or(Malformed)?.role;
        let ground = ground_of(&genesis);
        let begun = Begun {
            me,
            gid: genesis.founding.gid(),
            since: when,
            charter: genesis.charter.clone(),
            founding: genesis.founding.clone(),
        };
        let mut group = Self::begin(begun, ground);
        group.live_again(lived(&genesis, &me));
        if !is_founding(&genesis) {
            group.enter(mine, when);
        }
        for computer in genesis.seats.computers() {
            group.people.get_mut(computer).since = when.age;
        }
        group.note_readers();
        group.mark_all();
        Ok(group)
    }

    fn begin(begun: Begun, ground: Ground) -> Self {
        let register = Register::default();
        let since = begun.since.age;
        Self {
            tally: Tally::of(&ground, register.held()),
            core: Core {
                joined: false,
                incarnation: time::incarnation(begun.since.minute),
                ground,
                welcomed: None,
                to_welcome: BTreeSet::new(),
                agreed_to_suspend: None,
                lifted: None,
                forgotten: BTreeMap::new(),
                left_sides: BTreeSet::new(),
                split: false,
            },
            lately: Lately {
                beacon: since,
                ..Lately::default()
            },
            past: Vec::new(),
            offers: Default::default(),
            chains: Chains::default(),
            people: People::default(),
            waiting: Waiting::default(),
            register,
            windows: Windows::default(),
            dirty: BTreeSet::new(),
            pieces: Default::default(),
            #[cfg(test)]
            judged: 0,
            begun,
        }
    }

    /// My yes.
    pub(crate) fn join(&mut self, when: When) {
        self.core.joined = true;
        self.lately.beacon = when.age;
        self.mark(Room::Core);
        self.mark(Room::Lately);
    }

    /// Others know of a life of mine: what I say from now on is said in a later one.
    pub(super) fn live_again(&mut self, lived: Option<u16>) {
        let next = lived.map_or(0, |life| life.saturating_add(1));
        self.core.incarnation = self.core.incarnation.max(next);
    }

    /// I come into the circles of a role, later than others.
    pub(super) fn enter(&mut self, role: Role, when: When) {
        let welcomed = self.core.welcomed.get_or_insert_default();
        let circles = match role {
            Role::Member => &[Circle::Members, Circle::All][..],
            Role::Spectator => &[Circle::All][..],
        };
        for circle in circles {
            let at = circle.place();
            if welcomed.since[at].is_none() {
                welcomed.since[at] = Some(when.age);
                // Who watches writes nothing, and begins once they are a member.
                let members = self.core.ground.seats.members();
                welcomed.elders[at] = members.flat_map(|it| &it.computers).copied().collect();
            }
        }
        welcomed.believed = when.age;
    }

    /// How the group stands. Who watches is told who is in it, and nothing of circle 0.
    pub(in crate::group) fn genesis_for(&self, role: Role) -> Genesis {
        let member = role == Role::Member;
        let circles = [Circle::Members, Circle::All];
        let circles = if member || planted!(SpectatorTold) {
            &circles[..]
        } else {
            &circles[1..]
        };
        let open = self.register.motions().map(|(name, _, _)| *name);
        let open = open.filter(|name| member && self.is_open(name));
        Genesis {
            founding: self.begun.founding.clone(),
            charter: self.begun.charter.clone(),
            policy: self.tally.policy,
            seats: self.seats_now(),
            suspended: self.suspended_firsts(),
            settled: self.settled_for(role).collect(),
            heads: self.heads(circles),
            open: open.take(MOTIONS_MAX).collect(),
            yours: [None; 2],
        }
    }

    /// The same, for one of those to whom I send.
    fn genesis_to(&self, computer: &Ik, role: Role) -> Genesis {
        let begun = self.people.get(computer).map(|it| it.sent_from);
        let [members, all] = begun.unwrap_or_default();
        Genesis {
            yours: [members.filter(|_| role == Role::Member), all],
            ..self.genesis_for(role)
        }
    }

    fn settled_for(&self, role: Role) -> impl Iterator<Item = Hash> {
        let member = role == Role::Member;
        self.tally.frontier.iter().copied().filter(move |_| member)
    }

    /// What is told of how it stands, as far as it can be believed.
    fn told_now(&self, role: Role) -> Hash {
        name_of_ground(&Ground {
            suspended: self.tally.suspended.clone(),
            settled: self.settled_for(role).collect(),
            ..Ground::new(self.seats_now(), self.tally.policy)
        })
    }

    /// Who is in it, each seat with who speaks for it now: who is new never hears of hand-overs before.
    pub(super) fn seats_now(&self) -> Seats {
        voices_now(self.register.held(), &self.tally.seats)
    }

    fn suspended_firsts(&self) -> Vec<Ik> {
        let seats = self.tally.seats.iter();
        let firsts = seats.filter_map(|seat| seat.computers.first());
        firsts
            .filter(|first| self.tally.suspended.contains(*first))
            .copied()
            .collect()
    }

    /// How far each chain is, my own among them.
    fn heads(&self, circles: &[Circle]) -> Vec<Digest> {
        let seats = &self.tally.seats;
        let of = |author| {
            let circles = circles.iter();
            circles.filter_map(move |c| {
                crate::group::digests::digest_of(&self.chains, seats, author, *c)
            })
        };
        let mut heads: Vec<Digest> = seats.computers().flat_map(of).collect();
        heads.sort_by_key(Digest::key);
        heads
    }

    /// Tells those who wait for it how the group stands; those who came after me, so that they need not
    /// believe one alone, and again once it stands otherwise, as long as they learn in this way; and once a
    /// day those who show a set that was mine and is not any more, and cannot know better, or who show
    /// another for a week: so each side sees the other's list.
    pub(super) fn tell_newcomers(
        &mut self,
        when: When,
        entropy: &mut Entropy,
        outs: &mut Vec<Out>,
    ) {
        let waits = core::mem::take(&mut self.core.to_welcome);
        if !waits.is_empty() {
            self.mark(Room::Core);
        }
        let behind: Vec<Ik> = if self.member() {
            self.behind_me(when)
        } else {
            Vec::new()
        };
        let reached: BTreeSet<Ik> = self.readers(Circle::All).into_iter().collect();
        let all: BTreeSet<Ik> = waits.into_iter().chain(behind).collect();
        for computer in all.intersection(&reached) {
            let Some(seat) = self.tally.seats.seat_of(computer) else {
                continue;
            };
            let genesis = Message::Genesis(Box::new(self.genesis_to(computer, seat.role)));
            outs.extend(beside(vec![*computer], &genesis, OutWhat::Genesis, entropy));
            let told = (when.age, self.told_now(seat.role));
            self.people.get_mut(computer).told_set = Some(told);
        }
    }

    fn behind_me(&self, when: When) -> Vec<Ik> {
        let seat = |it: &Ik| Some((*it, self.tally.seats.seat_of(it)?.role));
        let learning = |(computer, person): &(&Ik, &Person)| {
            self.is_behind(computer, person, when.age)
                || self.learns_of_me(computer, person, when.age)
        };
        let people = self.people.iter().filter(learning);
        let those: Vec<_> = people
            .filter_map(|(it, person)| Some((seat(it)?, person)))
            .collect();
        if those.is_empty() {
            return Vec::new();
        }
        let now = [Role::Member, Role::Spectator].map(|role| (role, self.told_now(role)));
        let behind = those.into_iter().filter(|((computer, role), person)| {
            let told = person
                .told_set
                .filter(|(_, it)| now.contains(&(*role, *it)));
            let next = told.map_or(0, |(told, _)| told.saturating_add(DAY_MINUTES));
            next <= when.age && (told.is_none() || self.is_behind(computer, person, when.age))
        });
        behind.map(|((computer, _), _)| computer).collect()
    }

    /// Whether somebody came after me, is there, and was never told by me, or hears of no motions, or is so
    /// new that they missed some. A founder who was out knows the group, and says nothing as long as they
    /// think that they are.
    fn learns_of_me(&self, computer: &Ik, person: &Person, age: u32) -> bool {
        let later = person.since > self.begun.since.age;
        let seat = self.tally.seats.seat_of(computer);
        let watches = seat.is_some_and(|seat| seat.role == Role::Spectator);
        let is_new = age < person.since.saturating_add(POST_MINUTES);
        let learns = person.told_set.is_none() || watches || is_new;
        let there = person.heard.is_some() || self.is_founder(computer);
        later && there && learns && !planted!(SponsorAloneTells)
    }

    /// Whether somebody shows another set than mine, and cannot know better, or does so for a week. Who
    /// learns of it by being told may have been told something older last: it overtook.
    fn is_behind(&self, computer: &Ik, person: &Person, age: u32) -> bool {
        let shown = person.shown.map(|shown| shown.view);
        let was_mine = shown.is_some_and(|view| self.past.iter().any(|it| it.view() == view));
        let seat = self.tally.seats.seat_of(computer);
        let watches = seat.is_some_and(|seat| seat.role == Role::Spectator);
        let other = shown.is_some_and(|view| view != self.tally.view);
        let cannot_know = watches || !self.is_founder(computer);
        let learns = self.learns_of_me(computer, person, age) && !planted!(ToldOnce);
        other && (was_mine && cannot_know || learns || self.lasts(person))
    }

    fn is_founder(&self, computer: &Ik) -> bool {
        let founders = &self.begun.founding.founders;
        founders.binary_search(computer).is_ok()
    }
}

/// How a group is that somebody founds.
pub(crate) fn founded(founding: crate::group::Founding, charter: String, seats: Seats) -> Genesis {
    let policy: Policy = founding.policy;
    Genesis {
        founding,
        charter,
        policy,
        seats,
        suspended: Vec::new(),
        settled: Vec::new(),
        heads: Vec::new(),
        open: Vec::new(),
        yours: [None; 2],
    }
}
