//! What friends call other people. I show a friend whom I choose, under my own name for them, and
//! nobody by default; a friend is asked live, answers for themselves alone, and what they said is
//! believed for some days. A name that is not shown and one that is not there are answered alike.
//! PROTOCOL §6.

use super::links::PARCEL;
use super::saved::Saved;
use super::{Answer, Asking, ConnId, EdgeName, Engine, Event, Refusal, ShownName, Who};
use crate::friend::{Asked, Friend, Saying, Shown, Told, What};
use crate::identity::Point;
use crate::limits::{
    ZONE_ASKS_PER_DAY_MAX, ZONE_ASKS_PER_MINUTE_MAX, ZONE_DAYS_MAX, ZONE_HEARD_MAX,
    ZONE_NOTE_BYTES_MAX, ZONE_NOTES_BYTES_MAX, ZONE_RECORDS_MAX, ZONE_SHOWN_MAX,
    ZONE_SHOWN_NOTES_BYTES_MAX,
};
use crate::message::{self, MessageId, Payload};
use crate::name::{Foreign, Label};
use crate::text::clean_body;
use crate::time::DAY_MINUTES;
use crate::zone::{self, Tag, UNASKED, ZoneAnswer, ZoneAsk, ZoneRecord};

impl Engine {
    /// From now on this friend hears, if they ask, what I call that one.
    pub(super) fn publish(
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
    pub(super) fn unpublish(&mut self, name: &str, to: Option<&str>) -> Result<Answer, Refusal> {
        let persons = self.computers_of(name)?;
        let to = to.map(|to| self.computers_of(to)).transpose()?;
        let all: Vec<_> = self.friends.keys().copied().collect();
        let gone = self.shown_of(&persons, to.as_ref().unwrap_or(&all));
        self.withdraw(&persons, to.as_deref());
        Ok(Answer::Shown(gone))
    }

    /// Whom I show to whom.
    pub(super) fn published(&self) -> Answer {
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
    pub(super) fn withdraw(&mut self, persons: &[u32], to: Option<&[u32]>) {
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
    pub(super) fn show_without(&mut self, gone: u32) {
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
    pub(super) fn show_the_same(&mut self, added: u32, as_to: u32) {
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
    pub(super) fn they_ask_names(
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

    /// Says something that is neither kept nor repeated: if it is lost nobody waits for it long.
    pub(super) fn say_now(
        &mut self,
        no: u32,
        conn: ConnId,
        payload: &Payload,
    ) -> Option<MessageId> {
        let age = self.age.minutes();
        let friend = self.friends.get_mut(&no)?;
        if !friend.live.in_step {
            return None;
        }
        let session = friend.sessions.active.as_mut()?;
        let id = self.entropy.bytes();
        let bytes = message::encode(&id, payload);
        let sealed = session.seal(&bytes, age, &mut self.entropy).ok()?;
        let number = session.number();
        self.mark_active(no);
        self.mark_blocks(no, number, sealed.changed);
        self.send_frame(conn, PARCEL, sealed.bytes);
        Some(id)
    }

    /// What is known of a name: of one of mine, or of `friend/name`, where the friend is asked if wanted.
    pub(super) fn who(&mut self, name: &str, ask: bool) -> Result<Answer, Refusal> {
        self.expire_names();
        let Some((by, label)) = name.split_once('/') else {
            let no = self.find(name)?;
            let person = Some(self.card_of(no)?);
            let names = self.called_by_others(no);
            let asking = Asking::No;
            return Ok(Answer::Who(Box::new(Who {
                person,
                names,
                asking,
            })));
        };
        if label.contains('/') {
            return Err(Refusal::TooManyLabels);
        }
        let by = self.computers_of(by)?;
        let label = match label.trim() {
            "" => None,
            label => Some(Label::parse(label).map_err(|_| Refusal::BadName)?),
        };
        let asking = match ask {
            true => self.ask_names(&by, label.clone()),
            false => Asking::No,
        };
        let label = label.as_ref().map(Label::as_str);
        let names = self.told_by(&by, label);
        let person = names.first().filter(|_| label.is_some());
        let person = person.and_then(|name| self.find(name.known.as_ref()?).ok());
        let mut who = Who {
            person: person.map(|no| self.card_of(no)).transpose()?,
            names,
            asking,
        };
        if let Some(no) = person {
            let others = self.called_by_others(no).into_iter();
            let first = who.names.first().map(|name| name.who.clone());
            let others = others.filter(|name| first.as_ref() != Some(&name.who));
            who.names.extend(others);
        }
        Ok(Answer::Who(Box::new(who)))
    }

    /// Puts a question to the first of a friend's computers that is there.
    fn ask_names(&mut self, by: &[u32], label: Option<Label>) -> Asking {
        let (now, age) = (self.now, self.age.minutes());
        let there = |no: &u32| Some((self.carrier(*no)?, self.friends.get(no)?, *no));
        let Some((conn, friend, no)) = by.iter().find_map(there) else {
            return Asking::Away;
        };
        let (minute, day) = friend.live.names_asked.of(now, age);
        if minute >= ZONE_ASKS_PER_MINUTE_MAX || day >= ZONE_ASKS_PER_DAY_MAX {
            return Asking::TooOften;
        }
        let ask = ZoneAsk { label };
        let Some(id) = self.say_now(no, conn, &Payload::ZoneAsk(ask.clone())) else {
            return Asking::Away;
        };
        let [a, b, c, d, ..] = id;
        let ask_no = u32::from_le_bytes([a, b, c, d]);
        let label = ask.label.map(|label| label.as_str().to_owned());
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.names_asked.count(now, age);
            friend.live.asks_names(Asked { id, label });
        }
        Asking::UnderWay(ask_no)
    }

    /// A friend answers what I asked. Nothing else is taken, but that something holds no more.
    pub(super) fn they_answer_names(&mut self, no: u32, answer: ZoneAnswer) -> Option<()> {
        let ZoneAnswer { of, records } = answer;
        if of == UNASKED {
            let gone = records.iter().filter(|record| record.days == 0);
            match records.is_empty() {
                true => self.forget_names(no, None),
                false => gone.for_each(|it| self.forget_names(no, Some(it.label.as_str()))),
            }
            return Some(());
        }
        let friend = self.friends.get_mut(&no)?;
        let Asked { id, label } = friend.live.answered_names(&of)?;
        let petname = friend.petname.as_str().to_owned();
        self.forget_names(no, label.as_deref());
        for computers in records.chunk_by(|a, b| a.label == b.label) {
            let [first, ..] = computers else { continue };
            let asked = label.as_ref().is_none_or(|it| it == first.label.as_str());
            if asked && first.days > 0 {
                self.remember_name(no, first, computers.iter().map(|it| it.tag).collect());
            }
        }
        let [a, b, c, d, ..] = id;
        let ask = u32::from_le_bytes([a, b, c, d]);
        self.show(Event::Names { petname, ask });
        Some(())
    }

    fn remember_name(&mut self, no: u32, record: &ZoneRecord, tags: Vec<Tag>) {
        self.room_for_a_name(no);
        let (minute, age) = (self.now.minutes(), self.age.minutes());
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let until = age.saturating_add(u32::from(record.days) * DAY_MINUTES);
        let told = Told {
            label: record.label.as_str().to_owned(),
            tags,
            note: one_line(&record.note),
            minute,
            until,
        };
        let place = friend.zone.free_place();
        friend.zone.heard.insert(place, told);
        self.mark(Saved::Heard(no, place));
        self.wake_by_age(until);
    }

    /// Of too many names those of one friend go first, then those that would go next.
    fn room_for_a_name(&mut self, no: u32) {
        let heard = |f: &Friend| f.zone.heard.len();
        let theirs = self.friends.get(&no).map_or(0, heard);
        let only = (theirs >= ZONE_RECORDS_MAX).then_some(no);
        let all: usize = self.friends.values().map(heard).sum();
        if only.is_none() && all < ZONE_HEARD_MAX {
            return;
        }
        let of = self.friends.iter_mut();
        let of = of.filter(|(no, _)| only.is_none_or(|only| only == **no));
        let names = of.flat_map(|(no, friend)| {
            let heard = friend.zone.heard.iter();
            heard.map(|(place, told)| (told.until, *no, *place))
        });
        if let Some((_, no, place)) = names.min() {
            self.forget_places(no, &[place]);
        }
    }

    /// What a friend called others is not believed any more.
    pub(super) fn forget_names(&mut self, no: u32, label: Option<&str>) {
        let friend = self.friends.get(&no);
        let places = friend.map_or_else(Vec::new, |f| f.zone.places(label));
        self.forget_places(no, &places);
    }

    fn forget_places(&mut self, no: u32, places: &[u32]) {
        for place in places {
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.zone.heard.remove(place);
            }
            self.mark(Saved::Heard(no, *place));
        }
    }

    /// Names whose time is over.
    pub(super) fn expire_names(&mut self) {
        let age = self.age.minutes();
        let mut over = Vec::new();
        for (no, friend) in &self.friends {
            let heard = friend.zone.heard.iter();
            let past = heard.filter(|(_, told)| told.until <= age && !planted!(NamesStay));
            over.extend(past.map(|(place, _)| (*no, *place)));
        }
        over.into_iter()
            .for_each(|(no, place)| self.forget_places(no, &[place]));
        let heard = self.friends.values().flat_map(|f| f.zone.heard.values());
        if let Some(next) = heard.map(|told| told.until).min() {
            self.wake_by_age(next);
        }
    }

    /// What other friends call this one, as far as they told me.
    fn called_by_others(&self, person: u32) -> Vec<EdgeName> {
        let theirs = self.computers(person);
        let points = theirs
            .iter()
            .filter_map(|no| Some(self.friends.get(no)?.point));
        let points: Vec<_> = points.collect();
        let mut names = Vec::new();
        for friend in self.friends.values() {
            let tags = points.iter().filter_map(|point| tag_of(friend, point));
            let tags: Vec<_> = tags.collect();
            let meant = |told: &&Told| told.tags.iter().any(|tag| tags.contains(tag));
            let heard = friend.zone.heard.values().filter(meant);
            names.extend(heard.filter_map(|told| self.edge_name(friend, told, Some(person))));
        }
        in_order(names)
    }

    /// What one friend calls others, or whom they call so.
    fn told_by(&self, by: &[u32], label: Option<&str>) -> Vec<EdgeName> {
        let mut names = Vec::new();
        for friend in by.iter().filter_map(|no| self.friends.get(no)) {
            let known = self.friends.iter();
            let known = known.filter_map(|(no, other)| Some((tag_of(friend, &other.point)?, *no)));
            let known: Vec<(Tag, u32)> = known.collect();
            let heard = friend.zone.heard.values();
            let meant = heard.filter(|told| label.is_none_or(|label| told.label == label));
            names.extend(meant.filter_map(|told| {
                let person = known.iter().find(|(tag, _)| told.tags.contains(tag));
                self.edge_name(friend, told, person.map(|(_, no)| *no))
            }));
        }
        in_order(names)
    }

    /// A claim of this friend's; whom of mine it means if their key is known, and for whom else it
    /// could be taken.
    fn edge_name(&self, by: &Friend, told: &Told, person: Option<u32>) -> Option<EdgeName> {
        let known = person.and_then(|no| self.friends.get(&no));
        let label = Label::received(&told.label)?;
        let by = by.petname.clone();
        let left = told.until.saturating_sub(self.age.minutes());
        Some(EdgeName {
            who: self.somebody(Foreign::Edge { by, label }, known.map(|it| &it.point)),
            note: told.note.clone(),
            told_min: told.minute,
            until_min: self.now.minutes().saturating_add(left),
            known: known.map(|it| it.petname.as_str().to_owned()),
        })
    }
}

/// How a friend would tag the owner of this key. Nobody is recognised before the edge is known.
fn tag_of(friend: &Friend, person: &Point) -> Option<Tag> {
    if friend.zone.heard.is_empty() {
        return None;
    }
    let key = friend.edges.one()?.zone(false);
    Some(zone::tag(&key, person))
}

/// What several computers of one friend say alike is said once.
fn in_order(mut names: Vec<EdgeName>) -> Vec<EdgeName> {
    names.sort_by_cached_key(|name| (name.who.called.to_string(), name.known.clone()));
    names.dedup_by(|a, b| a.known.is_some() && a.known == b.known && a.who.called == b.who.called);
    names
}

/// Cleaned, and in one line.
fn one_line(text: &str) -> String {
    let clean = clean_body(text);
    clean.lines().collect::<Vec<_>>().join(" ")
}
