//! Groups as a person sees them: names only, never a key.

use super::Assembly;
use super::asked::shown_policy;
use super::decided::{motion_words, shown};
use crate::engine::people::count;
use crate::engine::{
    Doubt, Engine, GroupAnswer, GroupCard, GroupCost, GroupRow, MotionCard, Named, Outcome,
    ProposalCard, Refusal, SayCard, Seated, Why,
};
use crate::group::{Circle, HeldMotion, Ik, Outcome as Stands, Role, Seat, Side, Standing, What};
use crate::limits::BUCKETS;

impl Assembly {
    pub(super) fn is_suspended(&self, seat: &Seat) -> bool {
        let suspended = &self.group.tally().suspended;
        seat.computers
            .iter()
            .any(|computer| suspended.contains(computer))
    }
}

/// How a motion stands; `passed` whether it once did.
pub(super) fn outcome(standing: Stands, passed: bool) -> Outcome {
    match standing {
        Stands::Passed => Outcome::Passed,
        _ if passed => Outcome::Undone,
        Stands::Open { needs } => Outcome::Open { needs },
        Stands::Blocked => Outcome::Blocked,
        Stands::Failed => Outcome::Failed,
        Stands::Withdrawn => Outcome::Withdrawn,
        Stands::Unfounded => Outcome::Unfounded,
    }
}

impl Engine {
    /// All that I said yes to, by name.
    pub(super) fn group_rows(&self) -> Vec<GroupRow> {
        let all = self.groups.names();
        let mut rows: Vec<_> = all.filter_map(|(no, _)| self.group_row(no)).collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        rows
    }

    fn group_row(&self, no: u32) -> Option<GroupRow> {
        let it = self.groups.get(no)?;
        let seats = &it.group.tally().seats;
        let members = seats.members().count();
        let all = seats.iter().count();
        let motions = it.group.motions();
        // What is decided waits for nobody.
        let to_answer = |held: &HeldMotion<'_>| {
            let stands = held.standing.outcome;
            let waits = matches!(stands, Stands::Open { .. } | Stands::Blocked);
            held.open_to_me && held.mine.is_none() && waits
        };
        let my_seat = it.my_seat();
        let objected = |held: &HeldMotion<'_>| {
            let is_mine = my_seat.is_some_and(|seat| seat.computers.contains(&held.author));
            is_mine && held.open_to_me && held.standing.outcome == Stands::Blocked
        };
        let how_many = |waits: &dyn Fn(&HeldMotion<'_>) -> bool| {
            count(motions.iter().filter(|(_, held)| waits(held)).count())
        };
        Some(GroupRow {
            name: self.group_name(no),
            spectator: my_seat.is_some_and(|seat| seat.role == Role::Spectator),
            members: count(members),
            spectators: count(all - members),
            unread: count(self.inbox.readable_in(no)),
            to_answer: how_many(&to_answer),
            objected: how_many(&objected),
            split: it.group.sides().len() > 1,
        })
    }

    /// One of them, whole.
    pub(super) fn show_group(&self, no: u32) -> Result<GroupAnswer, Refusal> {
        let card = self.group_card(no).ok_or(Refusal::NotJoined)?;
        Ok(GroupAnswer::Group(Box::new(card)))
    }

    fn group_card(&self, no: u32) -> Option<GroupCard> {
        let it = self.groups.get(no)?;
        let tally = it.group.tally();
        let parent = it.group.founding().parent;
        let parent = parent.and_then(|gid| self.groups.by_gid(&gid));
        let named = |side: &Side| match &side.seats {
            Some(seats) => seats.iter().map(|seat| self.named_seat(no, seat)).collect(),
            None => side
                .shown_by
                .iter()
                .map(|ik| self.named_person(no, ik))
                .collect(),
        };
        Some(GroupCard {
            row: self.group_row(no)?,
            proposed: it.group.founding().name.clone(),
            charter: it.group.charter().to_owned(),
            policy: shown_policy(&tally.policy),
            since_min: it.own.since_min,
            parent: parent.map(|no| self.group_name(no)),
            people: tally
                .seats
                .iter()
                .map(|seat| self.seated_in(no, it, seat))
                .collect(),
            motions: self.motion_cards(no),
            doubts: self.doubts(no, it),
            sides: it.group.sides().iter().map(named).collect(),
            cost: self.cost_of(no),
        })
    }

    fn seated_in(&self, no: u32, it: &Assembly, seat: &Seat) -> Seated {
        let people = || seat.computers.iter().filter_map(|ik| it.group.person(ik));
        let heard = people()
            .filter_map(|person| person.heard)
            .map(|at| at.minute);
        let mine = seat.computers.iter().any(|ik| it.is_me(ik));
        let others = seat.computers.iter().filter(|ik| !it.is_me(ik));
        let unreached = others.filter(|ik| self.reach(no, ik).is_none()).count();
        let heard_min = heard.max().unwrap_or_default();
        Seated {
            who: self.named_seat(no, seat),
            spectator: seat.role == Role::Spectator,
            suspended: it.is_suspended(seat),
            reported: people().any(|person| person.reported.is_some()),
            muted: it.muted(&seat.voice).map(str::to_owned),
            computers: count(seat.computers.len()),
            unreached: count(unreached),
            heard_min,
            here: mine || heard_min > 0,
        }
    }

    fn motion_cards(&self, no: u32) -> Vec<MotionCard> {
        let Some(it) = self.groups.get(no) else {
            return Vec::new();
        };
        let motions = it.group.motions().into_iter();
        let cards = motions.map(|(number, held)| self.card_of_motion(no, it, number, &held));
        cards.collect()
    }

    pub(super) fn show_motion(&self, no: u32, motion: u32) -> Result<GroupAnswer, Refusal> {
        let it = self.groups.get(no).ok_or(Refusal::NoSuchMotion)?;
        let mut motions = it.group.motions().into_iter();
        let found = motions.find(|(number, _)| number.saturating_add(1) == motion);
        let (number, held) = found.ok_or(Refusal::NoSuchMotion)?;
        let card = self.card_of_motion(no, it, number, &held);
        Ok(GroupAnswer::Motion(Box::new(card)))
    }

    fn card_of_motion(
        &self,
        no: u32,
        it: &Assembly,
        number: u32,
        held: &HeldMotion<'_>,
    ) -> MotionCard {
        let standing = held.standing;
        let passed = it.own.passed.contains(&held.name);
        let says = standing.says.iter().filter_map(|say| {
            Some(SayCard {
                who: self.named_person(no, &say.seat),
                position: shown(say.position)?,
                reason: it.group.reason(&say.seat, &held.name).to_owned(),
                last: say.closed,
            })
        });
        let hangs_on = standing.hangs_on.iter();
        let hangs_on = hangs_on.map(|voice| self.named_person(no, voice));
        MotionCard {
            id: number.saturating_add(1),
            words: motion_words(&held.name, self.language()),
            by: self.named_person(no, &held.author),
            what: self.proposal_card(no, &held.motion.what),
            text: held.motion.text.clone(),
            since_min: held.window.seen.minute,
            until_min: held.window.until.minute,
            outcome: outcome(standing.outcome, passed),
            agree: standing.agree.into(),
            needed: standing.needed.into(),
            of: standing.of.into(),
            mine: held.mine.and_then(shown),
            open_to_me: held.open_to_me,
            counts: counts(standing),
            says: says.collect(),
            hangs_on: hangs_on.collect(),
        }
    }

    fn proposal_card(&self, no: u32, what: &What) -> ProposalCard {
        let who = |computer: &Ik| self.named_person(no, computer);
        match what {
            What::Add(ik) => ProposalCard::Add(who(ik)),
            What::Promote(ik) => ProposalCard::Promote(who(ik)),
            What::Remove(ik) => ProposalCard::Remove(who(ik)),
            What::Suspend(ik) => ProposalCard::Suspend(who(ik)),
            What::Lift(ik) => ProposalCard::Lift(who(ik)),
            What::Return { seat, .. } => ProposalCard::Return(who(seat)),
            What::Text { file } => ProposalCard::Text {
                file: Some(*file).filter(|file| *file != [0; 32]),
            },
            What::Poll { choices } => ProposalCard::Poll(choices.clone()),
            What::Policy(policy) => ProposalCard::Policy(shown_policy(policy)),
        }
    }

    fn doubts(&self, no: u32, it: &Assembly) -> Vec<Doubt> {
        let who = |computer: &Ik| self.named_person(no, computer);
        let disagreements = it.group.disagreements().map(|found| Doubt::Disagreement {
            author: who(&found.author),
            teller: who(&found.teller),
            number: found.number,
        });
        let gaps = it.group.gaps().into_iter();
        let gaps = gaps.map(|(author, missing)| Doubt::Gap {
            author: who(&author),
            count: missing,
        });
        let others = it.group.other_views();
        let others = others.map(|(computer, since)| Doubt::OtherSet {
            who: who(computer),
            since_min: since.minute,
        });
        let results = it.group.other_results().into_iter();
        let results = results.map(|told| Doubt::OtherResult {
            who: who(&told.teller),
            motion: motion_words(&told.motion, self.language()),
            outcome: outcome(told.outcome, false),
            since_min: told.since.minute,
        });
        let all = disagreements.chain(gaps).chain(others);
        all.chain(results).collect()
    }

    /// What a message of mine takes, one parcel to each computer.
    fn cost_of(&self, no: u32) -> GroupCost {
        let [smallest, ..] = BUCKETS;
        let (parcels, all) = (
            self.reached(no, Circle::Members),
            self.reached(no, Circle::All),
        );
        let (parcels, all) = (parcels.len(), all.len());
        GroupCost {
            parcels: count(parcels),
            bytes: count(parcels * smallest),
            parcels_all: count(all),
            bytes_all: count(all * smallest),
        }
    }

    /// Why something I said there waits: the oldest that does, and whom it waits for first.
    pub(in crate::engine) fn why_group(&self, no: u32) -> Why {
        let waits = self.groups.spoken.iter();
        let oldest = waits
            .filter(|(_, it)| it.group == no && it.awaited())
            .map(|(id, _)| *id);
        let id = oldest.min();
        let state = id.map_or(crate::engine::Delivery::Delivered, |id| self.delivery(id));
        Why {
            id,
            to: self.group_name(no),
            state,
            outlook: id.and_then(|id| self.outlook(self.waited_for(id)?)),
        }
    }

    /// The group's own name for whoever did something in it.
    pub(super) fn seat_named(&self, no: u32, computer: &Ik) -> Named {
        self.named_person(no, computer)
    }
}

/// Of a poll: how many chose each.
fn counts(standing: &Standing) -> Vec<u32> {
    standing
        .counts
        .iter()
        .map(|count| u32::from(*count))
        .collect()
}
