//! How long what was said is kept, what of it is here, and what goes when its time is over: lines
//! that were read, messages that never arrived, keys of parcels that never came. All of it is
//! counted in the node's age, which no wall clock moves by itself. PROTOCOL §8 "Lifetimes".

use super::cards::{how, timer};
use super::people::count;
use super::persons::awaited;
use super::saved::{Piece, Saved, pieces};
use super::{Answer, Body, Delivery, Engine, Event, How, Kept, Line, Message, Refusal, Settings};
use crate::friend::{Entry, Friend, What};
use crate::history::{self, Owner};
use crate::inbox::Arrival;
use crate::limits::{
    AGE_STORED_MINUTES, BODIES_BYTES_MIN, GIVEN_UP_MAX, HISTORY_ANSWER_MAX, INBOX_ANSWER_MAX,
    KEEP_MINUTES_MAX, POST_MINUTES_MAX, POST_MINUTES_MIN,
};
use crate::message;

impl Engine {
    pub(super) fn set(&mut self, settings: Settings) {
        let Settings {
            post_min,
            keep_min,
            bodies_bytes,
            ways,
            hurries,
        } = settings;
        self.settings = Settings {
            post_min: post_min.clamp(POST_MINUTES_MIN, POST_MINUTES_MAX),
            keep_min: keep_min.min(KEEP_MINUTES_MAX),
            bodies_bytes: bodies_bytes.max(BODIES_BYTES_MIN),
            ways,
            hurries,
        };
        self.history.look_again();
        self.untell_closed_ways();
        if ways.by_tor() {
            self.publish_service();
        }
        self.wake_by(self.now.boot_ms);
    }

    pub(super) fn keep_of(&self, no: u32) -> u32 {
        let own = self.friends.get(&no).map(|friend| friend.keep);
        let own = own.unwrap_or_else(|| self.groups.keep_of(no));
        own.unwrap_or(self.settings.keep_min)
    }

    /// Messages that arrived and were not read.
    pub(super) fn read_inbox(&self, after: u64, max: u32) -> Vec<Message> {
        let max = usize::try_from(max.min(INBOX_ANSWER_MAX)).unwrap_or_default();
        let message = |(seq, id, arrival): (u64, u64, &Arrival)| Message {
            group: self.in_group(arrival.group),
            seq,
            from: self.petname(arrival.friend),
            how: self.friends.get(&arrival.friend).map_or(How::Code, how),
            muted: self.is_muted(arrival.friend) || self.is_muted_there(arrival),
            received_min: arrival.received_min,
            claimed_min: arrival.claimed_min,
            limit_min: arrival.limit,
            text: text_of(Saved::Arrival(id), arrival.length),
        };
        self.inbox.after(after).take(max).map(message).collect()
    }

    /// The person has read these.
    pub(super) fn acknowledge(
        &mut self,
        after: u64,
        up_to: u64,
        from: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let from = from.map(|name| self.conversations_of(name)).transpose()?;
        let read = self.inbox.between(after, up_to, from.as_deref());
        for id in &read {
            let Some(arrival) = self.inbox.forget(*id) else {
                continue;
            };
            let line = history::Line {
                friend: arrival.group.map_or(arrival.friend, |at| at.group),
                seq: arrival.seq.unwrap_or_default(),
                minute: arrival.received_min,
                length: arrival.length,
                since: self.age.minutes(),
                limit: arrival.limit,
                arrived: true,
                from: arrival.group.map(|_| arrival.friend),
                to_all: arrival.group.is_some_and(|at| at.to_all),
            };
            self.keep_line(Owner::Arrival(*id), line);
        }
        self.make_room();
        Ok(Answer::Acknowledged {
            count: count(read.len()),
        })
    }

    /// Keeps a line until its time is over, which may be now.
    pub(super) fn keep_line(&mut self, owner: Owner, line: history::Line) {
        let until = line.until(self.keep_of(line.friend));
        self.history.insert(owner, line, until);
        self.mark(saved(owner));
        if until <= self.age.minutes() {
            return self.erase_lines(&[owner]);
        }
        self.wake_by_age(until);
        // Of all texts and parcels, those that were read take a quarter.
        while let Some(first) = self.history.too_much(self.settings.bodies_bytes / 4) {
            self.erase_lines(&[first]);
        }
    }

    pub(super) fn erase_lines(&mut self, owners: &[Owner]) {
        for owner in owners {
            if let Some(line) = self.history.take(*owner) {
                self.erase_pieces(saved(*owner), Piece::Text, line.length as usize);
                if let Owner::Entry(id) = owner {
                    // Without its words it cannot be said again.
                    self.groups.spoken.remove(id);
                }
                self.mark(saved(*owner));
            }
        }
    }

    pub(super) fn read_history(
        &self,
        name: &str,
        before: u64,
        max: u32,
    ) -> Result<Answer, Refusal> {
        let max = usize::try_from(max.min(HISTORY_ANSWER_MAX)).unwrap_or_default();
        let mut lines = Vec::new();
        for no in self.conversations_of(name)? {
            let there = self.lines_under_way(no);
            lines.extend(there.filter(|line| line.seq < before));
            let friend = self.friends.get(&no).into_iter();
            let outbox = friend.flat_map(|f| f.outbox.entries().rev());
            let waits = outbox.filter_map(|(id, entry)| self.waiting_line(no, id, entry));
            lines.extend(waits.filter(|line| line.seq < before).take(max));
            let (age, keep) = (self.age.minutes(), self.keep_of(no));
            let kept = self.history.before(no, before).take(max);
            lines.extend(kept.map(|(owner, line)| Line {
                from: self.who_said(line),
                mine: self.fate_of(*owner, line),
                ..kept_line(*owner, line, keep, age)
            }));
        }
        // A message of mine that waits may stand before some that were read, and on its way to
        // several computers.
        lines.sort_by_key(|line| line.seq);
        lines.dedup_by_key(|line| line.seq);
        Ok(Answer::History(
            lines.split_off(lines.len().saturating_sub(max)),
        ))
    }

    pub(super) fn erase_history(&mut self, name: Option<&str>) -> Result<Answer, Refusal> {
        let lines = match name {
            Some(name) => {
                let these = self.conversations_of(name)?.into_iter();
                these.flat_map(|no| self.history.of(Some(no))).collect()
            }
            None => self.history.of(None),
        };
        self.erase_lines(&lines);
        self.show(Event::History);
        Ok(Answer::Erased {
            count: count(lines.len()),
        })
    }

    pub(super) fn keep(&mut self, name: &str, keep_min: Option<u32>) -> Result<Answer, Refusal> {
        let these = self.conversations_of(name)?;
        if keep_min.is_some_and(|keep| keep > KEEP_MINUTES_MAX) {
            return Err(Refusal::BadLimit);
        }
        for no in these {
            if self.groups.keep(no, keep_min) {
                continue;
            }
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.keep = keep_min;
            }
            self.mark(Saved::Friend(no));
        }
        self.history.look_again();
        self.expire_lines();
        self.show(Event::History);
        match self.group_called(name) {
            Some(no) => self.group_changed(no),
            None => self.changed(name),
        }
    }

    /// I say how long both of us should keep what we say from now on.
    pub(super) fn my_timer(&mut self, name: &str, limit: u32) -> Result<Answer, Refusal> {
        let computers = self.computers_of(name)?;
        if limit > KEEP_MINUTES_MAX {
            return Err(Refusal::BadLimit);
        }
        for no in &computers {
            self.not_blocked(*no)?;
            self.room_in_outbox(*no)?;
        }
        computers.iter().for_each(|no| self.tell_timer(*no, limit));
        self.changed(name)
    }

    fn tell_timer(&mut self, no: u32, limit: u32) {
        let friend = self.friends.get_mut(&no);
        if let Some(friend) = friend.filter(|friend| friend.timer.mine.0 != limit) {
            let number = friend.timer.mine.1.saturating_add(1);
            friend.timer.mine = (limit, number);
            friend.timer.agree();
            self.mark(Saved::Friend(no));
            self.new_entry(no, What::Timer(number, limit));
            self.seal_waiting(no);
            self.flush(no);
        }
    }

    /// A friend says the same. What was said last holds, whatever came last.
    pub(super) fn their_timer(&mut self, no: u32, said: message::Timer) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if said.number <= friend.timer.theirs.1 {
            return;
        }
        friend.timer.theirs = (said.limit.min(KEEP_MINUTES_MAX), said.number);
        friend.timer.agree();
        let (petname, timer) = (friend.petname.as_str().to_owned(), timer(friend));
        self.mark(Saved::Friend(no));
        self.tell_of(no, Event::Timer { petname, timer });
    }

    fn waiting_line(&self, no: u32, id: u64, entry: &Entry) -> Option<Line> {
        let said = entry.awaited()?;
        Some(Line {
            from: None,
            to_all: false,
            seq: said.seq,
            mine: Some(self.on_its_way(self.friends.get(&no)?, id)),
            minute: entry.minute,
            left_min: None,
            limit_min: said.limit,
            text: text_of(Saved::Entry(id), said.length),
        })
    }

    /// Where a message is that has not arrived: here, or with somebody who keeps it too.
    fn on_its_way(&self, friend: &Friend, id: u64) -> Delivery {
        let left = friend.outbox.left_at(id);
        let left = left.filter(|at| at.until_min > self.now.minutes());
        left.map_or(Delivery::Saved, |at| Delivery::Kept {
            by: self.keeper_name(at),
            until_min: at.until_min,
        })
    }

    pub(super) fn delivery(&self, id: u64) -> Delivery {
        if let Some(state) = self.delivery_in_group(id) {
            return state;
        }
        let mut friends = self.friends.values();
        if let Some((friend, entry)) = friends.find_map(|f| Some((f, f.outbox.get(id)?))) {
            return match entry.what {
                What::Copy(_) => Delivery::Delivered,
                _ => self.on_its_way(friend, id),
            };
        }
        if self.counters.given_up.contains(&id) {
            return Delivery::NotArrived;
        }
        let known = id > self.counters.forgotten && id <= self.counters.next_entry;
        match self.history.get(Owner::Entry(id)) {
            Some(line) if !line.arrived => Delivery::NotArrived,
            None if !known => Delivery::Unknown,
            _ => Delivery::Delivered,
        }
    }

    /// What goes because its time is over.
    pub(super) fn expire(&mut self) {
        self.expire_lines();
        let age = self.age.minutes();
        if let Some(last) = age.checked_sub(self.settings.post_min) {
            self.give_up(last);
            self.forget_late(last);
            self.forget_old_words(last);
            self.forget_strays(last);
        }
        self.forget_former_doors();
        self.expire_names();
        if age.saturating_sub(self.age_stored) >= AGE_STORED_MINUTES {
            self.mark(Saved::Node);
        }
    }

    fn expire_lines(&mut self) {
        let (friends, keep_min) = (&self.friends, self.settings.keep_min);
        let groups = &self.groups;
        let keep = |no: u32| match friends.get(&no) {
            Some(friend) => friend.keep,
            None => groups.keep_of(no),
        };
        let keep = |no: u32| keep(no).unwrap_or(keep_min);
        let over = self.history.over(self.age.minutes(), keep);
        self.erase_lines(&over);
        if let Some(next) = self.history.next() {
            self.wake_by_age(next);
        }
    }

    /// Messages that wait since this age or longer will not arrive any more.
    fn give_up(&mut self, last: u32) {
        let mut over = Vec::new();
        for (no, friend) in &self.friends {
            let stays = |what| matches!(what, What::Confirm | What::NextIdentity);
            let late = |entry: &Entry| entry.since <= last && !stays(entry.what);
            let late = friend.outbox.entries().filter(|(_, entry)| late(entry));
            over.extend(late.map(|(id, _)| (*no, id)));
        }
        for (no, id) in over {
            let Some(friend) = self.friends.get_mut(&no) else {
                continue;
            };
            let to = friend.petname.as_str().to_owned();
            let Some(entry) = friend.outbox.take_out(id) else {
                continue;
            };
            self.settle_entry(id, &entry, false);
            if let Some(said) = entry.awaited() {
                let id = self.settled_everywhere(no, id, said.seq);
                self.remember_given_up(id);
                self.show(Event::NotArrived { id, to });
            }
        }
    }

    pub(super) fn remember_given_up(&mut self, id: u64) {
        self.counters.given_up.push(id);
        if self.counters.given_up.len() > GIVEN_UP_MAX {
            let first = self.counters.given_up.remove(0);
            self.counters.forgotten = self.counters.forgotten.max(first);
        }
        self.mark(Saved::Node);
    }

    /// Keys of parcels that did not come by now.
    fn forget_late(&mut self, last: u32) {
        for (no, friend) in &mut self.friends {
            let over = friend.sessions.previous.take_if(|it| it.since <= last);
            if let Some(over) = over {
                let number = over.session.number();
                let late = over.session.blocks().into_iter();
                self.dirty
                    .extend(late.map(|block| Saved::Block(*no, number, block)));
                self.dirty
                    .extend([Saved::Sessions(*no), Saved::Session(*no, number)]);
            }
            for session in friend.sessions.all_mut() {
                let (number, (blocks, changed)) = (session.number(), session.forget_since(last));
                let changed = changed || !blocks.is_empty();
                let blocks = blocks.into_iter();
                self.dirty
                    .extend(blocks.map(|block| Saved::Block(*no, number, block)));
                self.dirty
                    .extend(changed.then_some(Saved::Session(*no, number)));
            }
        }
    }

    pub(super) fn kept(&self) -> Kept {
        let minute = self.now.minutes();
        let lines = self.history.lines().map(|line| line.minute).min();
        let waits = self.friends.values().flat_map(|f| f.outbox.entries());
        let waits = waits.map(|(_, entry)| entry.minute).min();
        let (files, files_bytes, since) = self.files_kept();
        let spoken = self.groups.oldest_min();
        let oldest = [self.inbox.oldest_min(), lines, waits, since, spoken];
        let oldest = oldest.into_iter().flatten().min().unwrap_or(minute);
        let longer = |friend: &&crate::friend::Friend| friend.keep > Some(self.settings.keep_min);
        let sessions = self.friends.values().flat_map(|f| f.sessions.all());
        Kept {
            friends: count(self.friends.len()),
            unread: count(self.inbox.total().count),
            history: count(self.history.len()),
            outbox: awaited(self.friends.values()) + self.awaited_in_groups(None),
            files,
            files_bytes,
            oldest_min: minute.saturating_sub(oldest),
            keep_min: self.settings.keep_min,
            kept_longer: count(self.friends.values().filter(longer).count()),
            late_keys: count(sessions.map(|(_, session)| session.skipped_len()).sum()),
            post_min: self.settings.post_min,
            leap_min: self.age.leap_min(),
            full: self.full,
        }
    }
}

fn saved(owner: Owner) -> Saved {
    match owner {
        Owner::Arrival(id) => Saved::Arrival(id),
        Owner::Entry(id) => Saved::Entry(id),
    }
}

fn text_of(owner: Saved, length: u32) -> Body {
    Body::Stored(pieces(owner, Piece::Text, length as usize))
}

fn kept_line(owner: Owner, line: &history::Line, keep: u32, age: u32) -> Line {
    Line {
        from: None,
        to_all: line.to_all,
        seq: line.seq,
        mine: match owner {
            Owner::Arrival(_) => None,
            Owner::Entry(_) if line.arrived => Some(Delivery::Delivered),
            Owner::Entry(_) => Some(Delivery::NotArrived),
        },
        minute: line.minute,
        left_min: Some(line.until(keep).saturating_sub(age)),
        limit_min: line.limit,
        text: text_of(saved(owner), line.length),
    }
}
