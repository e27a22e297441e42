//! Who is who in a group: its set names computers by their keys, here each is a friend, myself, or
//! somebody I have no edge to. Who has a new identity since stays who they were.

use crate::engine::{Engine, InGroup, Named, Refusal};
use crate::group::{Circle, Ik, Seat};
use crate::history::{Line, Owner};
use crate::identity::Point;
use crate::inbox::{Arrival, Heard};
use crate::name::Foreign;
use crate::words::Language;

use super::{Assembly, Groups, Person};

impl Assembly {
    pub(super) fn is_me(&self, computer: &Ik) -> bool {
        self.own.me == *computer
    }

    /// My seat, as long as I am in it.
    pub(super) fn my_seat(&self) -> Option<&Seat> {
        self.group.mine()
    }

    pub(super) fn person(&self, computer: &Ik) -> Option<&Person> {
        let mut people = self.own.people.iter();
        people.find(|person| person.computer == *computer)
    }

    /// The same, to change it; nothing of a computer that is not in it.
    pub(super) fn person_mut(&mut self, computer: &Ik) -> Option<&mut Person> {
        let mut people = self.own.people.iter_mut();
        people.find(|person| person.computer == *computer)
    }

    /// Whether I muted whoever has this computer, and why.
    pub(super) fn muted(&self, computer: &Ik) -> Option<&str> {
        let seat = self.group.tally().seats.seat_of(computer)?;
        let mut muted = self.muted.values();
        let of = muted.find(|(of, _)| seat.computers.contains(of));
        of.map(|(_, why)| why.as_str())
    }
}

impl Groups {
    /// A friend is another from now on: in groups they stay who they were.
    pub(in crate::engine) fn stays(&mut self, friend: u32, before: &Point) {
        let mut found = Vec::new();
        for (no, it) in &mut self.all {
            if let Some(person) = it.person_mut(before.as_bytes()) {
                person.friend = Some(friend);
                found.push(*no);
            }
        }
        found.into_iter().for_each(|no| self.touch(no));
    }

    /// Notes who is in it by now.
    pub(super) fn note_people(&mut self, no: u32, friend_of: impl Fn(&Ik) -> Option<u32>) {
        let Some(it) = self.all.get_mut(&no) else {
            return;
        };
        let computers: Vec<_> = it.group.tally().seats.computers().copied().collect();
        let before = it.own.people.len();
        it.own
            .people
            .retain(|person| computers.contains(&person.computer));
        let mut news = it.own.people.len() != before;
        for computer in computers {
            if it.person(&computer).is_none() {
                news = true;
                it.own.people.push(Person {
                    computer,
                    friend: None,
                });
            }
            if let Some(person) = it.person_mut(&computer)
                && person.friend.is_none()
            {
                person.friend = friend_of(&computer);
                news |= person.friend.is_some();
            }
        }
        if news {
            self.touch(no);
        }
    }
}

impl Engine {
    /// Notes who of a group is a friend of mine.
    pub(super) fn note_people(&mut self, no: u32) {
        let friends = &self.friends;
        self.groups.note_people(no, |computer| {
            let mut friends = friends.iter();
            let found = friends.find(|(_, f)| f.point.as_bytes() == computer);
            found.map(|(no, _)| *no)
        });
    }

    /// The friend that a computer of a group is.
    pub(super) fn reach(&self, group: u32, computer: &Ik) -> Option<u32> {
        let it = self.groups.get(group)?;
        if it.is_me(computer) {
            return None;
        }
        let known = it.person(computer).and_then(|person| person.friend);
        let known = known.filter(|no| self.friends.contains_key(no));
        known.or_else(|| self.friend_of(&Point::parse(*computer).ok()?))
    }

    /// Which computer of a group a friend is.
    pub(super) fn computer_of(&self, group: u32, friend: u32) -> Option<Ik> {
        let it = self.groups.get(group)?;
        let seats = &it.group.tally().seats;
        let found = seats
            .computers()
            .find(|ik| self.reach(group, ik) == Some(friend));
        found.copied()
    }

    /// The friends to whom something said in a group goes.
    pub(super) fn reached(&self, group: u32, circle: Circle) -> Vec<u32> {
        let it = self.groups.get(group);
        let readers = it.map(|it| it.group.readers(circle)).unwrap_or_default();
        let reached = readers.iter().filter_map(|ik| self.reach(group, ik));
        reached.collect()
    }

    /// Whether a friend is in a group with me, or asks me into one.
    pub(in crate::engine) fn is_in_a_group_of_mine(&self, friend: u32) -> bool {
        let mut all = self.groups.all.keys();
        all.any(|no| self.computer_of(*no, friend).is_some())
    }

    /// How somebody in a group is to be called.
    pub(super) fn named(&self, group: u32, computer: &Ik) -> Named {
        if self.groups.get(group).is_some_and(|it| it.is_me(computer)) {
            return Named::Me;
        }
        match self.reach(group, computer) {
            Some(no) => Named::Friend(self.petname(no)),
            None => self.stranger(computer),
        }
    }

    /// Somebody I have no edge to.
    pub(super) fn stranger(&self, computer: &Ik) -> Named {
        let Ok(point) = Point::parse(*computer) else {
            return Named::Friend(String::new());
        };
        let called = Foreign::of("", &point, self.language());
        Named::Stranger(self.somebody(called, Some(&point)))
    }

    /// The same of a seat: by the first computer that is somebody to me.
    pub(super) fn named_seat(&self, group: u32, seat: &Seat) -> Named {
        let all = seat.computers.iter().map(|ik| self.named(group, ik));
        let known = all.clone().find(|it| !matches!(it, Named::Stranger(_)));
        known.unwrap_or_else(|| self.named(group, &seat.voice))
    }

    /// The same of any computer, in it or not.
    pub(super) fn named_person(&self, group: u32, computer: &Ik) -> Named {
        let seat = self.groups.get(group);
        let seat = seat.and_then(|it| it.group.tally().seats.seat_of(computer));
        match seat {
            Some(seat) => self.named_seat(group, seat),
            None => self.named(group, computer),
        }
    }

    /// The language of words for people who have no name: the one in which I compare others.
    pub(super) fn language(&self) -> Language {
        let newest = self.friends.values().next_back();
        newest.map_or(Language::French, |friend| friend.language)
    }

    /// The seat of somebody in a group: by my petname, or as the group's card calls them.
    pub(super) fn seat_called(&self, group: u32, name: &str) -> Result<Seat, Refusal> {
        let none = || Refusal::NotInGroup {
            name: name.to_owned(),
        };
        let it = self.groups.get(group).ok_or_else(none)?;
        let called = |seat: &&Seat| {
            let of = |ik: &Ik| match self.named(group, ik) {
                Named::Friend(petname) => petname == name || self.is_called(group, ik, name),
                Named::Stranger(somebody) => somebody.called.to_string() == name.trim(),
                Named::Me => false,
            };
            seat.computers.iter().any(of)
        };
        let found = it.group.tally().seats.iter().find(called);
        found.cloned().ok_or_else(none)
    }

    fn is_called(&self, group: u32, computer: &Ik, name: &str) -> bool {
        let friend = self
            .reach(group, computer)
            .and_then(|no| self.friends.get(&no));
        friend.is_some_and(|friend| friend.petname.is(name))
    }

    /// In which group a message was said, as a person reads it.
    pub(in crate::engine) fn in_group(&self, at: Option<Heard>) -> Option<InGroup> {
        let at = at?;
        Some(InGroup {
            name: self.group_name(at.group),
            to_all: at.to_all,
        })
    }

    /// Whether I muted its author in the group where it was said.
    pub(in crate::engine) fn is_muted_there(&self, arrival: &Arrival) -> bool {
        let muted = || {
            let at = arrival.group?;
            let computer = self.computer_of(at.group, arrival.friend)?;
            self.groups.get(at.group)?.muted(&computer).map(drop)
        };
        muted().is_some()
    }

    /// Who said a line of a group, if not I.
    pub(in crate::engine) fn who_said(&self, line: &Line) -> Option<String> {
        let friend = line.from?;
        if self.friends.contains_key(&friend) {
            return Some(self.petname(friend));
        }
        // A friend no more: called as any stranger.
        let people = self.groups.get(line.friend).map(|it| it.own.people.iter());
        let was = people?.find(|person| person.friend == Some(friend));
        match was.map(|person| self.stranger(&person.computer)) {
            Some(Named::Stranger(somebody)) => Some(somebody.called.to_string()),
            _ => Some(String::new()),
        }
    }

    /// What became of a line of mine.
    pub(in crate::engine) fn fate_of(
        &self,
        owner: Owner,
        line: &Line,
    ) -> Option<crate::engine::Delivery> {
        let Owner::Entry(id) = owner else {
            return None;
        };
        let known = self.delivery_in_group(id);
        known.or(Some(match line.arrived {
            true => crate::engine::Delivery::Delivered,
            false => crate::engine::Delivery::NotArrived,
        }))
    }

    /// What a computer that is gone said in groups, its person's other one said.
    pub(in crate::engine) fn hand_over_in_groups(&mut self, gone: u32, left: u32) {
        for owner in self.history.of(None) {
            let said = self.history.get(owner).and_then(|line| line.from);
            if said == Some(gone)
                && let Some(mut line) = self.history.take(owner)
            {
                line.from = Some(left);
                self.keep_line(owner, line);
            }
        }
    }
}
