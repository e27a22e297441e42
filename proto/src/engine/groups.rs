//! Groups: what I say in one goes to each computer in that friend's own session, sealed from one copy;
//! what the others say is theirs because it came so. Who is in it and what was decided the group itself
//! knows, a pure machine; here it meets friends, disk and people. PROTOCOL §7.
//!
//! ```text
//! asked.rs     founded, or asked into: until my yes, and what comes with it
//! heard.rs     what the others say: held until its turn, or until the group is known
//! spoken.rs    what I say: one copy on the disk, an entry for each computer
//! decided.rs   what is proposed and answered
//! changed.rs   what happened in a group, and what follows from it here
//! people.rs    who is who
//! cards.rs     as a person sees it
//! left.rs      left, forked, followed
//! stored.rs    as it lies on the disk
//! ```

mod asked;
mod cards;
mod changed;
mod decided;
mod heard;
mod left;
mod people;
mod spoken;
mod stored;
#[cfg(test)]
mod testing;

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::{Answer, AskGroup, Engine, GroupAnswer, Refusal};
use crate::group::{Circle, Group, Hash, Ik, When, Word, kind};
use crate::limits::{KEEP_MINUTES_MAX, TEXT_BYTES_MAX};
use crate::name::Nick;
use crate::petname::Petname;
use crate::secret::Said;

pub(super) use heard::Stray;
pub(super) use spoken::Spoken;
pub(super) use stored::Part;

/// Whether there are words in it, for which there must be room.
pub(super) fn brings_words(payload: &[u8]) -> bool {
    payload.first() == Some(&kind::TEXT)
}

/// All groups, and what is on its way to them or from them.
#[derive(Default)]
pub(super) struct Groups {
    all: BTreeMap<u32, Assembly>,
    /// What I said, by the number of its one copy.
    pub(super) spoken: BTreeMap<u64, Spoken>,
    /// What came in groups that I do not know.
    strays: BTreeMap<u64, Stray>,
    /// By the number under which one was asked for from the disk.
    fetching: BTreeMap<u64, u64>,
    /// Which records are to be written.
    dirty: BTreeSet<(u32, Part)>,
    /// Which are to be erased: of groups that I left.
    left: BTreeSet<(u32, Part)>,
}

/// One group, as I have part in it.
struct Assembly {
    /// What I call it; nothing before my yes.
    name: Option<Petname>,
    own: Own,
    /// By any computer of whom I muted, and why; each has a record.
    muted: BTreeMap<u32, (Ik, String)>,
    group: Group,
    /// Which records of it there are.
    records: BTreeSet<Part>,
}

/// What I know of a group that the others do not tell.
#[derive(Encode, Decode)]
struct Own {
    /// By what number it waits for my yes, and which friend asks.
    door: Option<(u32, u32)>,
    /// My computer in it, whatever identity I have by now.
    me: Ik,
    /// Minutes since 1970.
    since_min: u32,
    /// The same as the node's age.
    since: u32,
    /// How long I keep what is said in it, if not as long as all else.
    keep: Option<u32>,
    people: Vec<Person>,
    /// Texts whose turn came before my yes.
    turns: u32,
    /// Who was welcomed on my motion, and is to be made known to the others.
    to_make_known: Vec<Ik>,
    /// Motions that passed once.
    passed: Vec<Hash>,
    /// Whether I am in it no more.
    ended: bool,
}

/// A computer in a group.
#[derive(Clone, Copy, Encode, Decode)]
struct Person {
    computer: Ik,
    /// Which friend it is, whatever identity they have by now.
    friend: Option<u32>,
}

impl Groups {
    fn get(&self, no: u32) -> Option<&Assembly> {
        self.all.get(&no)
    }

    /// Their names, of those that have one.
    pub(super) fn names(&self) -> impl Iterator<Item = (u32, &Petname)> {
        let all = self.all.iter();
        all.filter_map(|(no, it)| Some((*no, it.name.as_ref()?)))
    }

    fn by_gid(&self, gid: &Hash) -> Option<u32> {
        let mut all = self.all.iter();
        let found = all.find(|(_, it)| it.group.gid() == *gid);
        found.map(|(no, _)| *no)
    }

    /// How many wait for my yes.
    pub(super) fn asked(&self) -> u32 {
        let doors = self.all.values().filter(|it| it.own.door.is_some());
        super::people::count(doors.count())
    }

    /// The group that waits for my yes under this number.
    pub(super) fn asking(&self, id: u32) -> Option<u32> {
        let asks = |it: &Assembly| it.own.door.is_some_and(|(door, _)| door == id);
        let mut all = self.all.iter();
        all.find(|(_, it)| asks(it)).map(|(no, _)| *no)
    }

    /// Whether somebody in a group of mine says that a friend's machine is in other hands.
    pub(super) fn is_reported(&self, friend: u32) -> bool {
        let reported = |it: &Assembly| {
            let theirs = it
                .own
                .people
                .iter()
                .filter(|one| one.friend == Some(friend));
            let mut known = theirs.filter_map(|one| it.group.person(&one.computer));
            known.any(|person| person.reported.is_some())
        };
        self.all.values().any(reported)
    }

    pub(super) fn keep_of(&self, no: u32) -> Option<u32> {
        self.get(no).and_then(|it| it.own.keep)
    }

    /// Keeps what is said in it so long. Says whether it is a group.
    pub(super) fn keep(&mut self, no: u32, keep: Option<u32>) -> bool {
        let found = self.all.get_mut(&no).map(|it| it.own.keep = keep);
        self.touch(no);
        found.is_some()
    }

    /// What I know of it is to be written.
    fn touch(&mut self, no: u32) {
        if self.all.contains_key(&no) {
            self.dirty.insert((no, Part::Mine));
        }
    }

    /// In which group I said this.
    pub(super) fn spoken_in(&self, id: u64) -> Option<u32> {
        self.spoken.get(&id).map(|it| it.group)
    }

    /// When the oldest of what I said there was written, minutes since 1970.
    pub(super) fn oldest_min(&self) -> Option<u32> {
        let awaited = self.spoken.values().filter(|it| it.awaited());
        awaited.map(Spoken::minute).min()
    }
}

impl Engine {
    pub(super) fn ask_group(&mut self, ask: AskGroup) -> Result<Answer, Refusal> {
        let answer = match ask {
            AskGroup::List => GroupAnswer::List(self.group_rows()),
            AskGroup::New(new) => self.found_group(*new)?,
            AskGroup::Show { name } => self.show_group(self.find_group(&name)?)?,
            AskGroup::Join { id, name } => self.join_group(id, &name)?,
            AskGroup::SendAll {
                name,
                text,
                limit_min,
            } => {
                let no = self.find_group(&name)?;
                return self.send_in_group(no, text, limit_min, true);
            }
            AskGroup::Propose {
                name,
                what,
                text,
                hours,
            } => self.propose(self.find_group(&name)?, what, text, hours)?,
            AskGroup::Answer {
                name,
                motion,
                position,
                reason,
            } => self.answer_motion(self.find_group(&name)?, motion, position, reason)?,
            AskGroup::Withdraw { name, motion } => {
                self.withdraw_motion(self.find_group(&name)?, motion)?
            }
            AskGroup::Amend {
                name,
                motion,
                text,
                hours,
            } => self.amend_motion(self.find_group(&name)?, motion, text, hours)?,
            AskGroup::Motion { name, motion } => {
                self.show_motion(self.find_group(&name)?, motion)?
            }
            AskGroup::Voice { name, computer } => {
                self.give_voice(self.find_group(&name)?, &computer)?
            }
            AskGroup::Leave { name } => self.leave_group(self.find_group(&name)?)?,
            AskGroup::Fork {
                name,
                to,
                with,
                since_min,
            } => self.fork_group(self.find_group(&name)?, &to, &with, since_min)?,
            AskGroup::Follow { name, side } => self.follow(self.find_group(&name)?, side)?,
            AskGroup::Mute {
                name,
                who,
                muted,
                reason,
            } => self.mute_there(self.find_group(&name)?, &who, muted, reason)?,
            AskGroup::Report { name, who, text } => {
                self.report(self.find_group(&name)?, &who, text)?
            }
        };
        Ok(Answer::Group(answer))
    }

    /// Now, as a group counts it.
    fn when(&self) -> When {
        When {
            age: self.age.minutes(),
            minute: self.now.minutes(),
        }
    }

    /// The group of exactly this name.
    pub(super) fn group_called(&self, name: &str) -> Option<u32> {
        let mut names = self.groups.names();
        names.find(|(_, other)| other.is(name)).map(|(no, _)| no)
    }

    fn find_group(&self, name: &str) -> Result<u32, Refusal> {
        if let Some(no) = self.group_called(name) {
            return Ok(no);
        }
        let petname = self.petname(self.find(name)?);
        Err(Refusal::NotAGroup { petname })
    }

    /// What was asked is for people.
    pub(super) fn only_a_group(&self, name: &str) -> Refusal {
        let found = self.group_called(name).map(|no| self.group_name(no));
        Refusal::OnlyAGroup {
            name: found.unwrap_or_default(),
        }
    }

    /// The conversations with somebody, one for each of their computers; or the one of a group.
    pub(super) fn conversations_of(&self, name: &str) -> Result<Vec<u32>, Refusal> {
        match self.group_called(name) {
            Some(no) => Ok(vec![no]),
            None => self.computers_of(name),
        }
    }

    /// My name for it; before my yes what its founders propose, clean.
    pub(super) fn group_name(&self, no: u32) -> String {
        let Some(it) = self.groups.get(no) else {
            return String::new();
        };
        let proposed = || Nick::of(&it.group.founding().name);
        match &it.name {
            Some(name) => name.as_str().to_owned(),
            None => proposed().map_or_else(String::new, |it| it.as_str().to_owned()),
        }
    }

    /// My name for whoever a conversation is with.
    pub(super) fn conversation(&self, no: u32) -> String {
        match self.friends.contains_key(&no) {
            true => self.petname(no),
            false => self.group_name(no),
        }
    }

    pub(super) fn call_group(&mut self, no: u32, to: Petname) {
        if let Some(it) = self.groups.all.get_mut(&no) {
            it.name = Some(to);
        }
        self.groups.touch(no);
    }

    /// What a group is to me from now on.
    pub(super) fn group_changed(&self, no: u32) -> Result<Answer, Refusal> {
        self.show_group(no).map(Answer::Group)
    }

    /// I write to a group: everybody who is to have it gets it in this step.
    pub(super) fn send_in_group(
        &mut self,
        no: u32,
        text: Said,
        limit: u32,
        to_all: bool,
    ) -> Result<Answer, Refusal> {
        let words = core::str::from_utf8(&text).ok();
        let words = words.filter(|words| !words.is_empty());
        let words = words.ok_or(Refusal::EmptyText)?;
        if text.len() > TEXT_BYTES_MAX {
            return Err(Refusal::TextTooLong);
        }
        if limit > KEEP_MINUTES_MAX {
            return Err(Refusal::BadLimit);
        }
        let circle = if to_all { Circle::All } else { Circle::Members };
        let word = Word::Text {
            circle,
            keep: limit,
            text: words,
        };
        // Who may say nothing here is told so before it is said that nobody hears it.
        if self.is_member(no) && self.reached(no, circle).is_empty() {
            return Err(Refusal::NobodyElse);
        }
        let id = self.say_there(no, word)?;
        let state = self.delivery(id);
        Ok(Answer::Sent { id, state })
    }

    /// I say something in a chain of mine. Gives the number of what was said.
    fn say_there(&mut self, no: u32, word: Word<'_>) -> Result<u64, Refusal> {
        let to = self.reached(no, Circle::All);
        let longest = match &word {
            Word::Text { text, .. } => text.len() + HEAD_BYTES,
            _ => HEAD_BYTES + crate::limits::MOTION_TEXT_BYTES_MAX,
        };
        self.room_for_copies(&to, longest)?;
        let (mid, when) = (self.entropy.bytes(), self.when());
        let refusal = decided::refusal_to(&word);
        let it = self.groups.all.get_mut(&no).ok_or(Refusal::NotJoined)?;
        let said = it.group.say(word, mid, when, &mut self.entropy);
        let (out, news) = said.map_err(refusal)?;
        let id = self.give_out(no, &out);
        self.follow_news(no, news, None);
        self.go_on_with(no);
        Ok(id)
    }
}

/// What stands before a text, at most.
const HEAD_BYTES: usize = 300;
