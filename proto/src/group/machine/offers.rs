//! What I am told of how the group stands. Who watches hears no motions, who is new missed some, and the
//! first Genesis is one member's word: all of them believe another ground only when more than half of the
//! members they know tell the same. PROTOCOL §7 "Genesis".

use std::collections::BTreeSet;

use bincode::{Decode, Encode};

use super::newcomers::{ground_of, lived};
use super::saved::Room;
use super::{Group, News};
use crate::group::frontier::Frontier;
use crate::group::people::When;
use crate::group::tally::{Ground, Outcome, Standing, Tally};
use crate::group::{Circle, Genesis, Hash, Ik, Role, Seats};
use crate::kdf;
use crate::limits::POST_MINUTES;

/// What was told and is not believed yet, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Offer {
    view: Hash,
    ground: Ground,
    by: BTreeSet<Ik>,
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

impl Group {
    /// Somebody tells how the group stands: kept until enough others tell the same.
    pub(super) fn take_genesis(
        &mut self,
        from: Ik,
        genesis: Genesis,
        when: When,
        news: &mut Vec<News>,
    ) {
        let seat = self.tally.seats.seat_of(&from);
        let Some(teller) = seat.filter(|seat| seat.role == Role::Member).cloned() else {
            return;
        };
        if genesis.founding != self.begun.founding {
            return;
        }
        let view = genesis.seats.view();
        self.hear(from, view, when, news);
        self.note_begun(from, genesis.yours);
        if genesis.seats.seat_of(&self.begun.me).is_none() {
            return;
        }
        let (ground, me) = (ground_of(&genesis), self.begun.me);
        let name = name_of_ground(&ground);
        if self
            .offers
            .get(&name)
            .is_some_and(|offer| offer.by.contains(&from))
        {
            return;
        }
        self.mark(Room::Offers);
        if !planted!(OneTellsManyTimes) {
            self.forget_told_by(&teller.computers);
        }
        if view == self.tally.view && !self.is_news(&ground) {
            return;
        }
        let offer = self.offers.entry(name).or_insert_with(|| Offer {
            view,
            ground,
            by: BTreeSet::new(),
            lived: lived(&genesis, &me),
        });
        offer.by.insert(from);
    }

    /// Of each member only what they told last is kept; of others nothing.
    fn forget_told_by(&mut self, computers: &[Ik]) {
        let seats = &self.tally.seats;
        let member = |it: &Ik| {
            let seat = seats.seat_of(it);
            seat.is_some_and(|seat| seat.role == Role::Member)
        };
        for offer in self.offers.values_mut() {
            offer.by.retain(|it| member(it) && !computers.contains(it));
        }
        self.offers.retain(|_, offer| !offer.by.is_empty());
    }

    /// Takes what more than half of the members I know tell for the ground, if I learn in this way.
    pub(super) fn believe(&mut self, when: When, news: &mut Vec<News>) {
        let told = self.offers.values().find(|offer| {
            let most = self.most_tell(offer) || planted!(OneBelieved);
            most && self.is_news(&offer.ground) && self.learns(offer, when)
        });
        let Some(Offer { ground, lived, .. }) = told.cloned() else {
            return;
        };
        self.live_again(lived.filter(|life| *life > self.core.incarnation || self.unsaid()));
        self.offers.clear();
        self.mark(Room::Offers);
        self.stand_on(ground, when, news);
    }

    fn most_tell(&self, offer: &Offer) -> bool {
        let members = self.tally.seats.members();
        let others = members.filter(|seat| {
            let suspended = seat.computers.iter().any(|it| self.is_suspended(it));
            !suspended && !seat.computers.contains(&self.begun.me)
        });
        let (mut all, mut telling) = (0, 0);
        for seat in others {
            all += 1;
            telling += usize::from(seat.computers.iter().any(|it| offer.by.contains(it)));
        }
        2 * telling > all
    }

    /// Whether I learn of newer sets in this way: I watch, or am new among the members, or am told that
    /// I watch: then I was out, and nobody told me what was decided meanwhile.
    fn learns(&self, offer: &Offer, when: When) -> bool {
        let role = |seats: &Seats| seats.seat_of(&self.begun.me).map(|seat| seat.role);
        let welcomed = self.core.welcomed.as_ref();
        let is_new = welcomed.is_some_and(|it| when.age < it.believed.saturating_add(POST_MINUTES));
        is_new || !self.member() || role(&offer.ground.seats) == Some(Role::Spectator)
    }

    /// Whether it is otherwise than I hold it. Where it rests only on what I know, and on something else
    /// than I do, I know all that they knew and more; but where something of what I began with is missing
    /// and nothing else is there, that was undone.
    fn is_news(&self, told: &Ground) -> bool {
        let ground = &self.core.ground;
        let other = |it: &Ground| {
            (&told.seats, &told.suspended, told.policy) != (&it.seats, &it.suspended, it.policy)
        };
        let now = Ground {
            suspended: self.tally.suspended.clone(),
            settled: self.tally.frontier.iter().copied().collect(),
            ..Ground::new(self.seats_now(), self.tally.policy)
        };
        if told.settled == now.settled {
            return other(&now);
        }
        if told.settled == ground.settled {
            return other(ground);
        }
        let known = |name: &Hash| {
            let results = &self.tally.results;
            let counts = |it: &Standing| it.outcome != Outcome::Unfounded;
            let held = self.register.held().contains_key(name);
            held && results.get(name).is_none_or(counts)
                || ground.settled.contains(name)
                || ground.behind.contains_key(name)
        };
        let undone = told.settled.is_subset(&ground.settled);
        told.settled.is_empty() || undone || !told.settled.iter().all(known)
    }

    /// Whether I said nothing in this life: what others know of it was said in an earlier one.
    fn unsaid(&self) -> bool {
        let said = |circle| self.chains.get(&self.my_key(circle)).is_some();
        !said(Circle::Members) && !said(Circle::All)
    }

    /// Goes on from another ground. Motions that were decided on the old one and do not stand on this one
    /// are behind it.
    pub(super) fn stand_on(&mut self, ground: Ground, when: When, news: &mut Vec<News>) {
        let now = Tally::of(&ground, self.register.held());
        let stands = |name: &Hash| {
            let standing = now.results.get(name);
            standing.is_some_and(|it| it.outcome != Outcome::Unfounded)
        };
        let decided = self.tally.results.iter().filter(|(name, standing)| {
            let open = matches!(standing.outcome, Outcome::Open { .. } | Outcome::Unfounded);
            !open && !stands(name)
        });
        let decided: Vec<Hash> = decided.map(|(name, _)| *name).collect();
        decided.iter().for_each(|name| self.forget_motion(name));
        if self.mine().is_none() {
            // I am back: what was said before I was out, others may have forgotten.
            self.lately.frontier = Frontier::default();
            self.mark(Room::Lately);
        }
        self.core.ground = ground;
        self.mark(Room::Core);
        news.extend(self.judge(when));
        let mine = self.mine().map(|seat| seat.role);
        mine.into_iter().for_each(|role| self.enter(role, when));
    }
}

/// What tells one ground from another.
pub(super) fn name_of_ground(ground: &Ground) -> Hash {
    let fields = (
        &ground.seats,
        &ground.suspended,
        &ground.policy,
        &ground.settled,
    );
    let bytes = bincode::encode_to_vec(fields, bincode::config::standard());
    kdf::digest(kdf::label::GROUP, &[&bytes.unwrap_or_default()])
}
