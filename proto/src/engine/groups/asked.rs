//! How a group begins here: I found one, or a friend who is in it asks me. Before my yes it sends
//! nothing of mine and shows nothing of theirs; without it all of it goes after the post time.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assembly, Own};
use crate::engine::{
    Engine, Event, GroupAnswer, GroupNews, GroupPolicy, NewGroup, Refusal, Waiting, WaitsAs,
    Welcome,
};
use crate::group::{
    Founding, Genesis, Group, Ik, Message, Policy, Preset, Role, Seat, Seats, charter, founded,
};
use crate::limits::{
    CHARTER_BYTES_MAX, GROUPS_ASKED_PER_FRIEND_MAX, GROUPS_MAX, POST_MINUTES, SEAT_COMPUTERS_MAX,
};
use crate::petname::Petname;
use crate::wire::{Reader, Writer};

/// How a group decides, if any can decide like this.
pub(super) fn policy_of(asked: &GroupPolicy) -> Result<Policy, Refusal> {
    let policy = Policy {
        preset: match asked.preset {
            crate::engine::Preset::Consent => Preset::Consent,
            crate::engine::Preset::Majority => Preset::Majority,
            crate::engine::Preset::Of(k) => Preset::Of(k),
        },
        add_hours: asked.add_hours,
        promote_hours: asked.promote_hours,
        hours: asked.hours,
        spectator_days: asked.spectator_days,
        silent_days: asked.silent_days,
    };
    // What the others could not read is none.
    let mut to = Writer::new();
    policy.encode(&mut to);
    Policy::decode(&mut Reader::new(to.written())).map_err(|_| Refusal::BadPolicy)
}

/// The same the other way round.
pub(super) fn shown_policy(policy: &Policy) -> GroupPolicy {
    GroupPolicy {
        preset: match policy.preset {
            Preset::Consent => crate::engine::Preset::Consent,
            Preset::Majority => crate::engine::Preset::Majority,
            Preset::Of(k) => crate::engine::Preset::Of(k),
        },
        add_hours: policy.add_hours,
        promote_hours: policy.promote_hours,
        hours: policy.hours,
        spectator_days: policy.spectator_days,
        silent_days: policy.silent_days,
    }
}

impl Engine {
    /// I found a group with some of my friends; each of them is asked.
    pub(super) fn found_group(&mut self, new: NewGroup) -> Result<GroupAnswer, Refusal> {
        let name = self.free_name(&new.name, None)?;
        if new.charter.len() > CHARTER_BYTES_MAX {
            return Err(Refusal::CharterTooLong);
        }
        let policy = policy_of(&new.policy)?;
        self.room_for_a_group()?;
        let seats = self.seats_with(&new.with)?;
        let mut founders: Vec<Ik> = seats.computers().copied().collect();
        founders.sort_unstable();
        let founding = Founding {
            random: self.entropy.bytes(),
            name: name.as_str().to_owned(),
            charter: charter(&new.charter),
            policy,
            founders,
            parent: None,
        };
        let me = *self.me.point().as_bytes();
        let no = self.begin_group(name, me, founded(founding, new.charter, seats))?;
        self.show_group(no)
    }

    /// A group begins that I am in; everybody else in it is told.
    pub(super) fn begin_group(
        &mut self,
        name: Petname,
        me: Ik,
        genesis: Genesis,
    ) -> Result<u32, Refusal> {
        self.room_for_a_group()?;
        let to: Vec<Ik> = genesis
            .seats
            .computers()
            .copied()
            .filter(|ik| *ik != me)
            .collect();
        let when = self.when();
        let group = Group::new(me, genesis.clone(), when).map_err(|_| Refusal::GroupFull)?;
        let mid = self.entropy.bytes();
        let payload = Message::Genesis(Box::new(genesis)).encode(&mid);
        let friends: Vec<_> = to.iter().filter_map(|ik| self.friend_with(ik)).collect();
        self.room_for_copies(&friends, payload.len())?;
        let no = self.new_group(group, me, None);
        self.call_group(no, name);
        if let Some(it) = self.groups.all.get_mut(&no) {
            it.group.join(when);
        }
        self.speak_to(no, &to, (mid, &payload));
        self.go_on_with(no);
        Ok(no)
    }

    /// One seat for each of these people, and mine.
    fn seats_with(&self, with: &[String]) -> Result<Seats, Refusal> {
        let mut people: BTreeMap<u32, Vec<Ik>> = BTreeMap::new();
        for name in with {
            let computers = self.computers_of(name)?;
            for no in &computers {
                self.may_be_in_group(*no)?;
            }
            let first = computers.first().copied().unwrap_or_default();
            let iks = computers.iter().filter_map(|no| self.friends.get(no));
            let mut iks: Vec<_> = iks.map(|friend| *friend.point.as_bytes()).collect();
            iks.truncate(SEAT_COMPUTERS_MAX);
            people.insert(first, iks);
        }
        if people.is_empty() {
            return Err(Refusal::NobodyElse);
        }
        let seat = |mut computers: Vec<Ik>| {
            let voice = computers.first().copied().unwrap_or_default();
            computers.sort();
            Seat {
                role: Role::Member,
                computers,
                voice,
            }
        };
        let mut seats: Vec<_> = people.into_values().map(seat).collect();
        seats.push(Seat::of(Role::Member, *self.me.point().as_bytes()));
        Seats::new(seats).ok_or(Refusal::GroupFull)
    }

    /// Whether this friend and I know each other by the keys that stand in a group.
    pub(super) fn may_be_in_group(&self, no: u32) -> Result<(), Refusal> {
        self.not_blocked(no)?;
        let petname = self.petname(no);
        let Some(friend) = self.friends.get(&no).filter(|friend| friend.settled) else {
            return Err(Refusal::NotYet { petname });
        };
        let ends = friend.edges.ends();
        let by_my_key = ends.is_some_and(|[me, _]| me == self.me.point());
        by_my_key
            .then_some(())
            .ok_or(Refusal::NotConfirmed { petname })
    }

    pub(super) fn friend_with(&self, computer: &Ik) -> Option<u32> {
        self.friend_of(&crate::identity::Point::parse(*computer).ok()?)
    }

    fn room_for_a_group(&self) -> Result<(), Refusal> {
        let room = self.groups.all.len() < GROUPS_MAX || planted!(GroupsUnbounded);
        room.then_some(()).ok_or(Refusal::TooManyGroups)
    }

    /// Its number stands in one row with those of friends: a conversation has one number.
    fn new_group(&mut self, group: Group, me: Ik, door: Option<(u32, u32)>) -> u32 {
        let no = self.counters.next_friend;
        self.counters.next_friend += 1;
        let own = Own {
            door,
            me,
            since_min: self.now.minutes(),
            since: self.age.minutes(),
            keep: None,
            people: Vec::new(),
            turns: 0,
            to_make_known: Vec::new(),
            passed: Vec::new(),
            ended: false,
        };
        let assembly = Assembly {
            name: None,
            own,
            muted: BTreeMap::new(),
            group,
            records: BTreeSet::new(),
        };
        self.groups.all.insert(no, assembly);
        self.groups.touch(no);
        self.mark(crate::engine::saved::Saved::Node);
        self.note_people(no);
        no
    }

    /// A friend who is in a group says that I am, too: my human is asked. Too many are not heard.
    pub(super) fn asks_me_in(&mut self, friend: u32, genesis: Genesis) -> Option<()> {
        let theirs = *self.friends.get(&friend)?.point.as_bytes();
        let mine = |ik: &&Ik| self.me.point().as_bytes() == *ik;
        let me = *genesis.seats.computers().find(mine)?;
        genesis.seats.seat_of(&theirs)?;
        let doors = self.groups.all.values().filter_map(|it| it.own.door);
        let full = doors.filter(|(_, by)| *by == friend).count() >= GROUPS_ASKED_PER_FRIEND_MAX;
        if full || self.room_for_a_group().is_err() {
            return None;
        }
        let (gid, yours) = (genesis.founding.gid(), genesis.yours);
        let mut group = Group::new(me, genesis, self.when()).ok()?;
        group.note_begun(theirs, yours);
        self.introducing.next += 1;
        let id = self.introducing.next;
        self.mark(crate::engine::saved::Saved::Introductions);
        let no = self.new_group(group, me, Some((id, friend)));
        self.wake_by_age(self.age.minutes().saturating_add(POST_MINUTES));
        self.fetch_strays(&gid);
        let (name, by) = (self.group_name(no), self.petname(friend));
        let news = GroupNews::Asked { id, by };
        self.tell_of(friend, Event::Group { name, news });
        Some(())
    }

    /// I take part from now on, and see what was said since I was asked.
    pub(super) fn join_group(&mut self, id: u32, name: &str) -> Result<GroupAnswer, Refusal> {
        let no = self.groups.asking(id).ok_or(Refusal::NobodyWaits)?;
        let name = self.free_name(name, None)?;
        let (when, minute) = (self.when(), self.now.minutes());
        if let Some(it) = self.groups.all.get_mut(&no) {
            it.own.door = None;
            it.own.since_min = minute;
            it.group.join(when);
        }
        self.call_group(no, name);
        self.show_what_came(no);
        self.go_on_with(no);
        self.show_group(no)
    }

    /// Groups that wait for my yes.
    pub(in crate::engine) fn groups_at_the_door(&self) -> impl Iterator<Item = Waiting> {
        let all = self.groups.all.iter();
        all.filter_map(|(no, it)| {
            let (id, by) = it.own.door?;
            let seats = &it.group.tally().seats;
            let mine = it.my_seat();
            let welcome = Welcome {
                by: self.petname(by),
                proposed: it.group.founding().name.clone(),
                charter: it.group.charter().to_owned(),
                people: seats
                    .iter()
                    .map(|seat| self.named_seat(*no, seat))
                    .collect(),
                spectator: mine.is_some_and(|seat| seat.role == Role::Spectator),
                policy: shown_policy(&it.group.tally().policy),
            };
            Some(Waiting {
                id,
                since_min: it.own.since_min,
                until_min: it.own.since_min.saturating_add(POST_MINUTES),
                waits: WaitsAs::Group(Box::new(welcome)),
            })
        })
    }

    /// Asks into groups that were not answered in time.
    pub(super) fn end_asks_into_groups(&mut self) {
        let age = self.age.minutes();
        let all = self.groups.all.iter();
        let over = all.filter(|(_, it)| {
            it.own.door.is_some() && age.saturating_sub(it.own.since) >= POST_MINUTES
        });
        let over: Vec<_> = over.map(|(no, _)| *no).collect();
        over.into_iter().for_each(|no| self.erase_group(no));
        let asked = self.groups.all.values().filter(|it| it.own.door.is_some());
        if let Some(since) = asked.map(|it| it.own.since).min() {
            self.wake_by_age(since.saturating_add(POST_MINUTES));
        }
    }
}
