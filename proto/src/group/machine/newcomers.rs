//! How somebody begins: founders, newcomers, who is promoted, who returns. All of them are told by a
//! Genesis. Who watches hears no motions, and who is new missed some: they learn of a newer set the
//! same way, and believe it only when more than half of the members they know show it.

use std::collections::BTreeSet;

use bincode::{Decode, Encode};

use super::saved::Room;
use super::ticking::beside;
use super::{Begun, Core, Group, Lately, News, Out, OutWhat};
use crate::group::chains::{ChainKey, Chains};
use crate::group::people::{People, When};
use crate::group::register::Register;
use crate::group::tally::{Ground, Tally};
use crate::group::waiting::Waiting;
use crate::group::windows::Windows;
use crate::group::{Circle, Digest, Genesis, Hash, Ik, Message, Policy, Role, Seats};
use crate::kdf::{self, Entropy};
use crate::limits::{GROUP_WAIT_MINUTES, MOTIONS_MAX, OFFERED_MAX, POST_MINUTES};
use crate::time::{self, DAY_MINUTES};
use crate::wire::Malformed;

/// What somebody knows who was not there at the founding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Welcomed {
    /// When I came into each circle, in my age.
    since: [Option<u32>; 2],
    /// Who was there before me, by circle: I take up their chains where I first hear them.
    elders: [BTreeSet<Ik>; 2],
    /// When I last believed a newer set, in my age.
    believed: u32,
}

/// A set that was told and is not believed yet: by whom, and what came with it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Offer {
    view: Hash,
    ground: Ground,
    by: BTreeSet<Ik>,
    since: u32,
    /// My own last life that is known there.
    lived: Option<u16>,
}

impl Offer {
    pub(super) fn view(&self) -> Hash {
        self.view
    }

    pub(super) fn seats(&self) -> &Seats {
        &self.ground.seats
    }
}

fn ground_of(genesis: &Genesis) -> Ground {
    Ground {
        suspended: genesis.suspended.iter().copied().collect(),
        settled: genesis.settled.iter().copied().collect(),
        ..Ground::new(genesis.seats.clone(), genesis.policy)
    }
}

/// The last life of somebody that is known there.
fn lived(genesis: &Genesis, computer: &Ik) -> Option<u16> {
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
    fn live_again(&mut self, lived: Option<u16>) {
        let next = lived.map_or(0, |life| life.saturating_add(1));
        self.core.incarnation = self.core.incarnation.max(next);
    }

    /// I come into the circles of a role, later than others.
    fn enter(&mut self, role: Role, when: When) {
        let welcomed = self.core.welcomed.get_or_insert_default();
        let circles = match role {
            Role::Member => &[Circle::Members, Circle::All][..],
            Role::Spectator => &[Circle::All][..],
        };
        for circle in circles {
            let at = circle.place();
            if welcomed.since[at].is_none() {
                welcomed.since[at] = Some(when.age);
                welcomed.elders[at] = self.core.ground.seats.computers().copied().collect();
            }
        }
        welcomed.believed = when.age;
    }

    /// Whether I take a chain up wherever I first hear it: its author was there before me.
    pub(super) fn takes_up(&self, key: &ChainKey) -> bool {
        let welcomed = self.core.welcomed.as_ref();
        let elder = welcomed.is_some_and(|it| it.elders[key.circle.place()].contains(&key.author));
        elder && self.chains.newest(&key.author, key.circle).is_none()
    }

    /// Whether this is my first day in a circle.
    pub(super) fn is_new_in(&self, circle: Circle, age: u32) -> bool {
        let welcomed = self.core.welcomed.as_ref();
        let since = welcomed.and_then(|it| it.since[circle.place()]);
        since.is_some_and(|since| age < since.saturating_add(GROUP_WAIT_MINUTES))
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
            seats: self.tally.seats.clone(),
            suspended: self.suspended_firsts(),
            settled: if member {
                self.tally.frontier.clone()
            } else {
                Vec::new()
            },
            heads: self.heads(circles),
            open: open.take(MOTIONS_MAX).collect(),
        }
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

    /// Tells those who wait for it how the group stands; and once a day those who show a set that was mine
    /// and is not any more, and cannot know better, or who show another for a week: so each side sees the
    /// other's list.
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
            let genesis = Message::Genesis(Box::new(self.genesis_for(seat.role)));
            outs.extend(beside(vec![*computer], &genesis, OutWhat::Genesis, entropy));
            self.people.get_mut(computer).told_set = Some(when.age);
        }
    }

    fn behind_me(&self, when: When) -> Vec<Ik> {
        let founders = &self.begun.founding.founders;
        let behind = self.people.iter().filter(|(computer, person)| {
            let shown = person.shown.map(|shown| shown.view);
            let was_mine = shown.is_some_and(|view| self.past.iter().any(|it| it.view() == view));
            let next = person
                .told_set
                .map_or(0, |told| told.saturating_add(DAY_MINUTES));
            let seat = self.tally.seats.seat_of(computer);
            let watches = seat.is_some_and(|seat| seat.role == Role::Spectator);
            let other = shown.is_some_and(|view| view != self.tally.view);
            let cannot_know = watches || founders.binary_search(computer).is_err();
            other && next <= when.age && (was_mine && cannot_know || self.lasts(person))
        });
        behind.map(|(computer, _)| *computer).collect()
    }

    /// Somebody tells how the group stands: kept until enough others show the same.
    pub(super) fn take_genesis(
        &mut self,
        from: Ik,
        genesis: Genesis,
        when: When,
        news: &mut Vec<News>,
    ) {
        let in_it = self
            .tally
            .seats
            .seat_of(&from)
            .is_some_and(|seat| seat.role == Role::Member);
        if !in_it || genesis.founding != self.begun.founding {
            return;
        }
        let view = genesis.seats.view();
        self.hear(from, view, when, news);
        if genesis.seats.seat_of(&self.begun.me).is_none() {
            return;
        }
        let (ground, me) = (ground_of(&genesis), self.begun.me);
        let name = name_of_ground(&ground);
        let offer = self.offers.entry(name).or_insert_with(|| Offer {
            view,
            ground,
            by: BTreeSet::new(),
            since: when.age,
            lived: lived(&genesis, &me),
        });
        offer.by.insert(from);
        self.drop_weakest(&name);
        self.mark(Room::Offers);
    }

    /// Whether I learn of newer sets in this way: I watch, or am new among the members, or am told that
    /// I watch: then I was out, and nobody told me what was decided meanwhile.
    fn learns(&self, offer: &Offer, when: When) -> bool {
        let role = |seats: &Seats| seats.seat_of(&self.begun.me).map(|seat| seat.role);
        let welcomed = self.core.welcomed.as_ref();
        let is_new = welcomed.is_some_and(|it| when.age < it.believed.saturating_add(POST_MINUTES));
        is_new || !self.member() || role(&offer.ground.seats) == Some(Role::Spectator)
    }

    fn drop_weakest(&mut self, newest: &Hash) {
        while self.offers.len() > OFFERED_MAX && !planted!(WaitingUnbounded) {
            let others = self.offers.iter().filter(|(name, _)| *name != newest);
            let weakest = others.min_by_key(|(_, offer)| (offer.by.len(), offer.since));
            let Some(weakest) = weakest.map(|(name, _)| *name) else {
                return;
            };
            self.offers.remove(&weakest);
        }
    }

    /// Takes a newer set for mine if more than half of the members I know show it; of several that come
    /// with it what most told.
    pub(super) fn believe(&mut self, when: When, news: &mut Vec<News>) {
        let shown = self.offers.values().filter(|offer| {
            let shown = self.most_show(&offer.view) || planted!(OneBelieved);
            shown && self.is_news(offer) && self.learns(offer, when)
        });
        let best = shown.max_by_key(|offer| (offer.by.len(), offer.since));
        let Some(Offer { ground, lived, .. }) = best.cloned() else {
            return;
        };
        self.live_again(lived.filter(|life| *life > self.core.incarnation || self.unsaid()));
        self.offers.clear();
        self.mark(Room::Offers);
        self.stand_on(ground, when, news);
    }

    /// Other people than mine; or the same, and something about them that more than half told.
    fn is_news(&self, offer: &Offer) -> bool {
        let (told, mine) = (&offer.ground, &self.tally);
        let same = told.suspended == mine.suspended && told.policy == mine.policy;
        let most = 2 * offer.by.len() > mine.seats.members().count();
        offer.view != mine.view || !same && most
    }

    fn most_show(&self, view: &Hash) -> bool {
        let members = self.tally.seats.members();
        let others = members.filter(|seat| !seat.computers.contains(&self.begun.me));
        let shows = |it: &Ik| {
            let shown = self.people.get(it).and_then(|person| person.shown);
            shown.is_some_and(|shown| shown.view == *view)
        };
        let (mut all, mut showing) = (0, 0);
        for seat in others {
            all += 1;
            showing += usize::from(seat.computers.iter().any(shows));
        }
        2 * showing > all
    }

    /// Whether I said nothing in this life: what others know of it was said in an earlier one.
    fn unsaid(&self) -> bool {
        let said = |circle| self.chains.get(&self.my_key(circle)).is_some();
        !said(Circle::Members) && !said(Circle::All)
    }

    /// Goes on from another ground. Motions that stood on the old one and are decided are behind it.
    pub(super) fn stand_on(&mut self, ground: Ground, when: When, news: &mut Vec<News>) {
        let motions = self.register.motions().map(|(name, _, _)| *name);
        let decided: Vec<Hash> = motions.filter(|name| !self.is_open(name)).collect();
        decided.iter().for_each(|name| self.forget_motion(name));
        self.core.ground = ground;
        self.mark(Room::Core);
        news.extend(self.judge(when));
        let mine = self.mine().map(|seat| seat.role);
        mine.into_iter().for_each(|role| self.enter(role, when));
    }
}

/// What tells one ground from another.
fn name_of_ground(ground: &Ground) -> Hash {
    let fields = (
        &ground.seats,
        &ground.suspended,
        &ground.policy,
        &ground.settled,
    );
    let bytes = bincode::encode_to_vec(fields, bincode::config::standard());
    kdf::digest(kdf::label::GROUP, &[&bytes.unwrap_or_default()])
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
    }
}
