//! What the others say in a group: theirs because it came in their own session. A text gets its place
//! when the group says that its turn has come, and is shown after my yes. What came before I know the
//! group is kept for a while. PROTOCOL §7.

use bincode::{Decode, Encode};

use super::Groups;
use crate::engine::people::count;
use crate::engine::saved::{Piece, Saved, pieces};
use crate::engine::{Effect, Engine, Event};
use crate::group::{self, Circle, Hash, Message, Text, kind};
use crate::inbox::{Arrival, Heard};
use crate::limits::{BODY_COST_BYTES, STRAYS_MAX, STRAYS_PER_FRIEND_MAX};
use crate::secret::Said;

/// Something said in a group that I do not know, without its body.
#[derive(Clone, Copy, Encode, Decode)]
pub(in crate::engine) struct Stray {
    pub friend: u32,
    gid: Hash,
    /// Of the whole payload, in bytes.
    length: u32,
    /// The node's age when it came.
    since: u32,
}

impl Groups {
    /// How much a friend said in groups that I do not know, and what it takes on the disk.
    pub(in crate::engine) fn strays_of(&self, friend: u32) -> (usize, u64) {
        let theirs = self.strays.values().filter(|it| it.friend == friend);
        let bytes = theirs
            .clone()
            .map(|it| BODY_COST_BYTES + u64::from(it.length));
        (theirs.count(), bytes.sum())
    }

    pub(in crate::engine) fn stray(&self, id: u64) -> Option<&Stray> {
        self.strays.get(&id)
    }

    pub(super) fn has_room_for_stray(&self, friend: u32) -> bool {
        self.strays.len() < STRAYS_MAX && self.strays_of(friend).0 < STRAYS_PER_FRIEND_MAX
            || planted!(StraysUnbounded)
    }

    pub(in crate::engine) fn restore_stray(&mut self, id: u64, stray: Stray) {
        self.strays.insert(id, stray);
    }
}

impl Engine {
    /// A friend says something in a group.
    pub(in crate::engine) fn they_say_in_group(
        &mut self,
        friend: u32,
        payload: &Said,
    ) -> Option<()> {
        let (_, said) = group::decode(payload).ok()?;
        let gid = said.gid();
        match (self.groups.by_gid(&gid), said) {
            (None, Message::Genesis(genesis)) => self.asks_me_in(friend, *genesis),
            (None, Message::Chained(..)) => self.keep_stray(friend, gid, payload),
            // Who does not know a group has no use for what was held in it by then.
            (None, Message::Beacon(_) | Message::Missing(_)) => None,
            (Some(no), _) => self.hear(no, friend, payload),
        }
    }

    /// It came once already. What has a place in a chain may have been passed over then, since I did not
    /// know that it was for me or had no room, and comes again because I asked for it: the chain knows
    /// whether it is here. All else was heard.
    pub(in crate::engine) fn they_say_again_in_group(
        &mut self,
        friend: u32,
        payload: &Said,
    ) -> Option<()> {
        let (_, said) = group::decode(payload).ok()?;
        let no = self.groups.by_gid(&said.gid())?;
        let chained = matches!(said, Message::Chained(..));
        chained.then(|| self.hear(no, friend, payload))?
    }

    fn hear(&mut self, no: u32, friend: u32, payload: &Said) -> Option<()> {
        let computer = self.computer_of(no, friend);
        // Who comes back with a new computer is known by it before its set is.
        let point = || Some(*self.friends.get(&friend)?.point.as_bytes());
        let computer = computer.or_else(point)?;
        let when = self.when();
        let it = self.groups.all.get_mut(&no)?;
        let news = it.group.take(computer, payload, when).ok()?;
        self.follow_news(no, news, Some((friend, payload)));
        if payload.first() == Some(&kind::GENESIS) {
            self.note_people(no);
        }
        self.go_on_with(no);
        Some(())
    }

    /// The words of a text are on the disk before its turn comes.
    pub(super) fn hold_text(&mut self, no: u32, said: Option<(u32, &Said)>, text: &Text) {
        let (head, name) = (&text.head, text.name);
        let words = said.and_then(|(friend, payload)| Some((friend, payload.get(text.text_at..)?)));
        let Some((friend, words)) = words.filter(|_| self.inbox.held_in(no, &name).is_none())
        else {
            return;
        };
        self.counters.next_arrival += 1;
        let id = self.counters.next_arrival;
        let arrival = Arrival {
            friend,
            incarnation: head.incarnation,
            number: head.number,
            received_min: self.now.minutes(),
            claimed_min: head.minute,
            length: count(words.len()),
            limit: head.keep,
            seq: None,
            group: Some(Heard {
                group: no,
                name,
                to_all: head.circle == Circle::All,
                turn: 0,
            }),
        };
        self.inbox.insert(id, arrival);
        self.put_pieces(Saved::Arrival(id), Piece::Text, words);
        self.dirty.extend([Saved::Arrival(id), Saved::Node]);
    }

    /// The turn of a text has come: it is shown, after my yes.
    pub(super) fn turn_comes(&mut self, no: u32, name: &Hash) {
        let (Some(id), Some(it)) = (self.inbox.held_in(no, name), self.groups.all.get_mut(&no))
        else {
            return;
        };
        if it.group.joined() || planted!(ShownBeforeYes) {
            return self.show_text(no, id);
        }
        it.own.turns = it.own.turns.saturating_add(1);
        self.inbox.give_turn(id, it.own.turns);
        self.groups.touch(no);
        self.mark(Saved::Arrival(id));
    }

    fn show_text(&mut self, no: u32, id: u64) {
        self.counters.next_seq += 1;
        let seq = self.counters.next_seq;
        self.inbox.show(id, seq);
        self.dirty.extend([Saved::Arrival(id), Saved::Node]);
        let Some(arrival) = self.inbox.get(id) else {
            return;
        };
        let (friend, muted) = (arrival.friend, self.is_muted_there(arrival));
        let from = self.petname(friend);
        let group = Some(self.group_name(no));
        if !muted {
            self.tell_of(friend, Event::Message { seq, from, group });
        }
    }

    /// I said yes: what came before is shown, in its order.
    pub(super) fn show_what_came(&mut self, no: u32) {
        for (id, at) in self.inbox.waiting_in(no) {
            if at.turn > 0 {
                self.show_text(no, id);
            }
        }
    }

    /// It overtook what tells of its group. Without room it is not kept: its author is asked for it.
    fn keep_stray(&mut self, friend: u32, gid: Hash, payload: &Said) -> Option<()> {
        if !self.groups.has_room_for_stray(friend) || self.full {
            return None;
        }
        self.counters.next_arrival += 1;
        let id = self.counters.next_arrival;
        let stray = Stray {
            friend,
            gid,
            length: count(payload.len()),
            since: self.age.minutes(),
        };
        self.groups.strays.insert(id, stray);
        self.put_pieces(Saved::Stray(id), Piece::Text, payload);
        self.dirty.extend([Saved::Stray(id), Saved::Node]);
        self.wake_by_age(stray.since.saturating_add(self.settings.post_min));
        Some(())
    }

    fn forget_stray(&mut self, id: u64) {
        if let Some(stray) = self.groups.strays.remove(&id) {
            self.erase_pieces(Saved::Stray(id), Piece::Text, stray.length as usize);
            self.mark(Saved::Stray(id));
        }
    }

    /// A group is known from now on: what came in it is read from the disk.
    pub(super) fn fetch_strays(&mut self, gid: &Hash) {
        let strays = self.groups.strays.iter().filter(|(_, it)| it.gid == *gid);
        let strays: Vec<_> = strays.map(|(id, it)| (*id, it.length)).collect();
        for (stray, length) in strays {
            self.counters.next_entry += 1;
            let id = self.counters.next_entry;
            self.mark(Saved::Node);
            self.groups.fetching.insert(id, stray);
            let names = pieces(Saved::Stray(stray), Piece::Text, length as usize);
            self.then(Effect::Fetch { id, names });
        }
    }

    /// What a start found of groups that are known: a stop came before it was read.
    pub(super) fn fetch_known_strays(&mut self) {
        let under_way: Vec<_> = self.groups.fetching.values().copied().collect();
        let strays = self.groups.strays.iter();
        let known = strays
            .filter(|(id, it)| !under_way.contains(id) && self.groups.by_gid(&it.gid).is_some());
        let known: std::collections::BTreeSet<_> = known.map(|(_, it)| it.gid).collect();
        known.iter().for_each(|gid| self.fetch_strays(gid));
    }

    /// One was read. Says whether it was one.
    pub(in crate::engine) fn stray_fetched(&mut self, id: u64, payload: Option<&Said>) -> bool {
        let Some(stray) = self.groups.fetching.remove(&id) else {
            return false;
        };
        let friend = self.groups.stray(stray).map(|it| it.friend);
        self.forget_stray(stray);
        if let (Some(friend), Some(payload)) = (friend, payload) {
            let _ = self.they_say_in_group(friend, payload);
        }
        true
    }

    /// What nobody told me the group of in time.
    pub(in crate::engine) fn forget_strays(&mut self, last: u32) {
        let all = self.groups.strays.iter();
        let over: Vec<_> = all
            .filter(|(_, it)| it.since <= last)
            .map(|(id, _)| *id)
            .collect();
        over.into_iter().for_each(|id| self.forget_stray(id));
    }

    /// A friend is one no more: what they said in groups that I do not know goes.
    pub(in crate::engine) fn forget_strays_of(&mut self, friend: u32) {
        let all = self.groups.strays.iter();
        let over: Vec<_> = all
            .filter(|(_, it)| it.friend == friend)
            .map(|(id, _)| *id)
            .collect();
        over.into_iter().for_each(|id| self.forget_stray(id));
    }
}
