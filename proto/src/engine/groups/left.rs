//! Groups left, ended and forked. Who leaves says so, and everything is erased here; the others need
//! nothing of mine to go on. PROTOCOL §7 "Leaving", "Conflict".

use super::{Groups, Part};
use crate::engine::people::count;
use crate::engine::saved::{Piece, Saved};
use crate::engine::{Engine, GroupAnswer, Refusal};
use crate::group::{Circle, Word};
use crate::history::Owner;

impl Groups {
    /// Nothing of it is known any more; its records go.
    fn forget(&mut self, no: u32) {
        if let Some(it) = self.all.remove(&no) {
            let records = it.records.into_iter().map(|part| (no, part));
            self.left
                .extend(records.filter(|_| !planted!(LeftGroupKept)));
            self.dirty.retain(|(of, _)| *of != no);
        }
    }
}

impl Engine {
    /// I leave: the others are told, and everything of it is erased here.
    pub(super) fn leave_group(&mut self, no: u32) -> Result<GroupAnswer, Refusal> {
        let told = self.people_reached(no);
        let (mid, when) = (self.entropy.bytes(), self.when());
        let it = self.groups.all.get_mut(&no).ok_or(Refusal::NotJoined)?;
        // Who is out of it already, or never said yes, has nobody to tell.
        let said = it.group.say(Word::Leave, mid, when, &mut self.entropy);
        let last = said.ok().map(|(out, _)| self.give_out(no, &out));
        self.forget_my_words(no, last);
        self.erase_group(no);
        let told = if last.is_some() { told } else { 0 };
        Ok(GroupAnswer::Left { told })
    }

    /// How many people something said in a group reaches.
    fn people_reached(&self, no: u32) -> u32 {
        let reached = self.reached(no, Circle::All).into_iter();
        let first = reached.filter_map(|no| self.computers(no).first().copied());
        count(first.collect::<std::collections::BTreeSet<_>>().len())
    }

    /// Everything of a group goes but what I said last and is on its way.
    pub(in crate::engine) fn erase_group(&mut self, no: u32) {
        for id in self.inbox.all_in(no) {
            if let Some(arrival) = self.inbox.forget(id) {
                self.erase_pieces(Saved::Arrival(id), Piece::Text, arrival.length as usize);
                self.mark(Saved::Arrival(id));
            }
        }
        self.erase_lines(&self.history.of(Some(no)));
        self.groups.forget(no);
        self.make_room();
    }

    /// A group with some of the people of this one; the old one stays as it is, but for the lines that
    /// go along.
    pub(super) fn fork_group(
        &mut self,
        no: u32,
        to: &str,
        with: &[String],
        since_min: Option<u32>,
    ) -> Result<GroupAnswer, Refusal> {
        let name = self.free_name(to, None)?;
        let voice = |who: &String| self.seat_called(no, who).map(|seat| seat.voice);
        let voices = with.iter().map(voice).collect::<Result<Vec<_>, _>>()?;
        if voices.is_empty() {
            return Err(Refusal::NobodyElse);
        }
        let random = self.entropy.bytes();
        let it = self.groups.get(no).ok_or(Refusal::NotJoined)?;
        let (charter, policy) = (it.group.charter(), it.group.tally().policy);
        let genesis = it
            .group
            .fork(name.as_str(), charter, policy, &voices, random);
        let genesis = genesis.map_err(super::decided::refusal)?;
        let me = it.own.me;
        let new = self.begin_group(name, me, genesis)?;
        if let Some(since) = since_min {
            self.take_lines_along(no, new, since);
        }
        self.show_group(new)
    }

    fn take_lines_along(&mut self, old: u32, new: u32, since: u32) {
        let lines = self.history.of(Some(old)).into_iter();
        let kept = |owner: &Owner| {
            let line = self.history.get(*owner);
            line.is_some_and(|line| line.minute >= since)
        };
        for owner in lines.filter(kept).collect::<Vec<_>>() {
            if let Some(mut line) = self.history.take(owner) {
                line.friend = new;
                self.keep_line(owner, line);
            }
        }
    }

    /// Where the group has come apart: with whom I go on.
    pub(super) fn follow(&mut self, no: u32, side: Option<u8>) -> Result<GroupAnswer, Refusal> {
        let when = self.when();
        let it = self.groups.all.get_mut(&no).ok_or(Refusal::NotJoined)?;
        let side = match side {
            None => None,
            Some(side) => Some(usize::from(side).checked_sub(1).ok_or(Refusal::NotSplit)?),
        };
        let news = it.group.follow(side, when).map_err(|_| Refusal::NotSplit)?;
        self.follow_news(no, news, None);
        self.go_on_with(no);
        self.show_group(no)
    }

    /// Lets what somebody says there arrive unannounced, or as before.
    pub(super) fn mute_there(
        &mut self,
        no: u32,
        who: &str,
        muted: bool,
        reason: String,
    ) -> Result<GroupAnswer, Refusal> {
        if reason.len() > crate::limits::REASON_BYTES_MAX {
            return Err(Refusal::ReasonTooLong);
        }
        let seat = self.seat_called(no, who)?;
        let it = self.groups.all.get_mut(&no).ok_or(Refusal::NotJoined)?;
        let before: Vec<_> = it.muted.keys().copied().collect();
        it.muted.retain(|_, (of, _)| !seat.computers.contains(of));
        if muted {
            let free = (0..).find(|n| !it.muted.contains_key(n));
            it.muted
                .insert(free.unwrap_or_default(), (seat.voice, reason));
        }
        let parts = before.into_iter().chain(it.muted.keys().copied());
        let marks = parts.map(|n| (no, Part::Muted(n)));
        self.groups.dirty.extend(marks);
        self.show_group(no)
    }

    /// Another computer of mine speaks for me there.
    pub(super) fn give_voice(&mut self, no: u32, computer: &str) -> Result<GroupAnswer, Refusal> {
        let of = self.computers_of(computer)?;
        let mine = self.groups.get(no).and_then(|it| it.group.mine());
        let computers = mine.into_iter().flat_map(|seat| &seat.computers);
        let named = computers.copied().find(|ik| {
            let friend = self.reach(no, ik);
            friend.is_some_and(|friend| of.contains(&friend))
        });
        let voice = named.ok_or_else(|| Refusal::NotMyComputer {
            name: computer.to_owned(),
        })?;
        self.say_there(no, Word::Voice(voice))?;
        self.show_group(no)
    }

    /// Tells the group that somebody's machine is in other hands.
    pub(super) fn report(
        &mut self,
        no: u32,
        who: &str,
        text: String,
    ) -> Result<GroupAnswer, Refusal> {
        if text.len() > crate::limits::REASON_BYTES_MAX {
            return Err(Refusal::ReasonTooLong);
        }
        let target = self.seat_called(no, who)?.voice;
        self.say_there(
            no,
            Word::Report {
                target,
                text: &text,
            },
        )?;
        self.show_group(no)
    }
}
