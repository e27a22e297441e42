//! Whom I show to whom, and what a friend who asks is answered. PROTOCOL §6.

use super::one_line;
use crate::engine::saved::Saved;
use crate::engine::{Answer, ConnId, Engine, Refusal, ShownName};
use crate::friend::{Saying, Shown, What};
use crate::limits::{
    ZONE_ASKS_PER_DAY_MAX, ZONE_ASKS_PER_MINUTE_MAX, ZONE_DAYS_MAX, ZONE_NOTE_BYTES_MAX,
    ZONE_NOTES_BYTES_MAX, ZONE_SHOWN_MAX, ZONE_SHOWN_NOTES_BYTES_MAX,
};
use crate::message::{MessageId, Payload};
use crate::name::Label;
use crate::time::DAY_MINUTES;
use crate::zone::{self, ZoneAnswer, ZoneAsk, ZoneRecord};

impl Engine {
    /// From now on this friend hears, if they ask, what I call that one.
    pub(in crate::engine) fn publish(
        &mut self,
        name: &str,
        to: &str,
        note: String,
        days: u8,
    ) -> Result<Answer, Refusal> {
        let (persons, to) = (self.settled(name)?, self.settled(to)?);
        if persons == to {
            return Err(Refusal::ShownToThemselves);
        }
        if !(1..=ZONE_DAYS_MAX).contains(&days) {
            return Err(Refusal::BadDays);
        }
        if note.len() > ZONE_NOTE_BYTES_MAX || one_line(&note) != note {
            return Err(Refusal::BadSaying);
        }
        for no in &to {
            self.not_blocked(*no)?;
        }
        self.room_to_show(&persons, &to, note.len())?;
        for no in &to {
            let note = note.clone();
            self.show_to(*no, &persons, Saying { note, days });
        }
        Ok(Answer::Shown(self.shown_of(&persons, &to)))
    }

    fn show_to(&mut self, no: u32, persons: &[u32], saying: Saying) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let names = &mut friend.zone.shown.names;
        let key = persons.iter().find(|one| names.contains_key(one));
        let Some(key) = key.or(persons.first()) else {
            return;
        };
        let before = names.insert(*key, saying.clone());
        self.mark(Saved::Shown(no));
        if before.is_some_and(|before| before != saying) {
            self.call_back_names(no);
        }
    }

    /// The computers of a friend with whom everything is settled.
    fn settled(&self, name: &str) -> Result<Vec<u32>, Refusal> {
        let no = self.find(name)?;
        let friend = self.friends.get(&no).filter(|friend| !friend.settled);
        match friend {
            Some(friend) => Err(Refusal::NotYet {
                petname: friend.petname.as_str().to_owned(),
            }),
            None => Ok(self.computers(no)),
        }
    }

    fn room_to_show(&self, persons: &[u32], to: &[u32], note: usize) -> Result<(), Refusal> {
        let shown = |no: &u32| self.friends.get(no).map(|friend| &friend.zone.shown);
        let before = |no: &u32| {
            let names = &shown(no)?.names;
            let saying = persons.iter().find_map(|one| names.get(one))?;
            Some(saying.note.len())
        };
        let all = || self.friends.values().map(|friend| &friend.zone.shown);
        let names = all().map(|shown| shown.names.len()).sum::<usize>();
        let new = to.iter().filter(|no| before(no).is_none()).count();
        let notes = all().map(|shown| shown.note_bytes()).sum::<usize>();
        let gone: usize = to.iter().filter_map(before).sum();
        let long = to.iter().any(|no| {
            let theirs = shown(no).map_or(0, Shown::note_bytes);
            theirs - before(no).unwrap_or(0) + note > ZONE_NOTES_BYTES_MAX
        });
        let fits = !long
            && (new == 0 || names + new <= ZONE_SHOWN_MAX)
            && notes - gone + to.len() * note <= ZONE_SHOWN_NOTES_BYTES_MAX;
        fits.then_some(()).ok_or(Refusal::TooMuchShown)
    }

    /// Shows somebody no more: to this friend, or to all. They forget it at the next contact.
    pub(in crate::engine) fn unpublish(
        &mut self,
        name: &str,
        to: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let persons = self.computers_of(name)?;
        let to = to.map(|to| self.computers_of(to)).transpose()?;
        let all: Vec<_> = self.friends.keys().copied().collect();
        let gone = self.shown_of(&persons, to.as_ref().unwrap_or(&all));
        self.withdraw(&persons, to.as_deref());
        Ok(Answer::Shown(gone))
    }

    /// Whom I show to whom.
    pub(in crate::engine) fn published(&self) -> Answer {
        let all: Vec<_> = self.friends.keys().copied().collect();
        Answer::Shown(self.shown_of(&all, &all))
    }

    fn shown_of(&self, persons: &[u32], to: &[u32]) -> Vec<ShownName> {
        let mut shown = Vec::new();
        for no in to.iter().filter(|no| self.is_first(**no)) {
            let names = self.friends.get(no).map(|friend| &friend.zone.shown.names);
            let names = names.into_iter().flatten();
            let meant = names.filter(|(one, _)| persons.contains(one));
            shown.extend(meant.map(|(one, saying)| ShownName {
                name: self.petname(*one),
                to: self.petname(*no),
                note: saying.note.clone(),
                days: saying.days,
            }));
        }
        shown.sort_by(|a, b| (&a.name, &a.to).cmp(&(&b.name, &b.to)));
        shown
    }

    /// Nobody is shown this person any more, or these computers are not: who is called otherwise from
    /// now on, or is no friend of mine, is not who I chose to show.
    pub(in crate::engine) fn withdraw(&mut self, persons: &[u32], to: Option<&[u32]>) {
        let friends = self.friends.iter_mut();
        let mut told = Vec::new();
        for (no, friend) in friends.filter(|(no, _)| to.is_none_or(|to| to.contains(no))) {
            let names = &mut friend.zone.shown.names;
            let before = names.len();
            names.retain(|one, _| !persons.contains(one));
            if names.len() < before {
                told.push(*no);
            }
        }
        told.into_iter().for_each(|no| self.call_back_names(no));
    }

    /// This computer is about to go: whoever was shown the person is shown those that are left.
    pub(in crate::engine) fn show_without(&mut self, gone: u32) {
        let left = self.computers(gone).into_iter().find(|no| *no != gone);
        let Some(left) = left else {
            return self.withdraw(&[gone], None);
        };
        let mut told = Vec::new();
        for (no, friend) in &mut self.friends {
            let names = &mut friend.zone.shown.names;
            if let Some(saying) = names.remove(&gone) {
                names.insert(left, saying);
                told.push(*no);
            }
        }
        told.into_iter().for_each(|no| self.call_back_names(no));
    }

    /// This computer is the same person's as that one from now on: it is shown whom that one is, if
    /// there is room for as much.
    pub(in crate::engine) fn show_the_same(&mut self, added: u32, as_to: u32) {
        self.call_back_names(added);
        if let Some(friend) = self.friends.get_mut(&added) {
            friend.zone.shown.names.clear();
        }
        let names = self.friends.get(&as_to);
        let names = names.map_or_else(Default::default, |f| f.zone.shown.names.clone());
        let all = || self.friends.values().map(|friend| &friend.zone.shown);
        let count: usize = all().map(|shown| shown.names.len()).sum();
        let notes: usize = all().map(Shown::note_bytes).sum();
        let new = Shown {
            names,
            held_until: 0,
        };
        let fits = count + new.names.len() <= ZONE_SHOWN_MAX
            && notes + new.note_bytes() <= ZONE_SHOWN_NOTES_BYTES_MAX;
        if let Some(friend) = self.friends.get_mut(&added).filter(|_| fits) {
            friend.zone.shown.names = new.names;
        }
    }

    /// What I showed a friend holds no more, if they may still hold some: at the next contact they
    /// forget all of it, which tells less than to name what changed, and may ask again.
    fn call_back_names(&mut self, no: u32) {
        let age = self.age.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let until = core::mem::take(&mut friend.zone.shown.held_until);
        self.mark(Saved::Shown(no));
        if until > age && !planted!(WithdrawnUntold) {
            self.say(no, What::ZoneGone, true);
        }
    }

    /// A friend asks what I call others, or whom I call so.
    pub(in crate::engine) fn they_ask_names(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        id: MessageId,
        ask: &ZoneAsk,
    ) -> Option<()> {
        let (now, age) = (self.now, self.age.minutes());
        let friend = self.friends.get_mut(&no)?;
        let asked = friend.live.asked_for_names.count(now, age);
        if asked.0 > 2 * ZONE_ASKS_PER_MINUTE_MAX || asked.1 > 2 * ZONE_ASKS_PER_DAY_MAX {
            return None;
        }
        let friend = self.friends.get(&no)?;
        let key = friend.edges.one()?.zone(true);
        let everybody = Saying {
            note: String::new(),
            days: ZONE_DAYS_MAX,
        };
        let all = self.friends.keys().map(|person| (person, &everybody));
        let all = all.filter(|_| planted!(UnshownAnswered));
        let shown = friend.zone.shown.names.iter().chain(all);
        let computers = shown.flat_map(|(one, saying)| {
            let computers = self.computers(*one).into_iter();
            computers.map(move |no| (no, saying))
        });
        let records = computers.filter_map(|(no, saying)| {
            let person = self.friends.get(&no)?;
            let label = Label::from(&person.petname);
            let meant = ask.label.as_ref().is_none_or(|it| *it == label);
            meant.then(|| ZoneRecord {
                label,
                tag: zone::tag(&key, &person.point),
                note: saying.note.clone(),
                days: saying.days,
            })
        });
        let mut records: Vec<_> = records.collect();
        records.sort_by(|a, b| (&a.label, a.tag).cmp(&(&b.label, b.tag)));
        let days = records.iter().map(|record| record.days).max().unwrap_or(0);
        let until = age.saturating_add(u32::from(days) * DAY_MINUTES);
        let friend = self.friends.get_mut(&no)?;
        if days > 0 && friend.zone.shown.held_until < until {
            friend.zone.shown.held_until = until;
            self.mark(Saved::Shown(no));
        }
        let answer = Payload::ZoneAnswer(ZoneAnswer { of: id, records });
        let carries = conn.filter(|conn| self.carries_parcels(*conn));
        let conn = carries.or_else(|| self.carrier(no))?;
        self.say_now(no, conn, &answer).map(drop)
    }
}
