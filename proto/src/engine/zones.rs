//! What friends call other people. I show a friend whom I choose, under my own name for them, and
//! nobody by default; a friend is asked live, answers for themselves alone, and what they said is
//! believed for some days. A name that is not shown and one that is not there are answered alike.
//! PROTOCOL §6.

use super::links::PARCEL;
use super::saved::Saved;
use super::{Answer, Asking, ConnId, EdgeName, Engine, Event, Refusal, ShownName, Who};
use crate::friend::{Asked, Friend, Saying, Told, What};
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
        let (person, no) = (self.settled(name)?, self.settled(to)?);
        if person == no {
            return Err(Refusal::ShownToThemselves);
        }
        if !(1..=ZONE_DAYS_MAX).contains(&days) {
            return Err(Refusal::BadDays);
        }
        if note.len() > ZONE_NOTE_BYTES_MAX || one_line(&note) != note {
            return Err(Refusal::BadSaying);
        }
        self.not_blocked(no)?;
        self.room_to_show(no, person, note.len())?;
        let Some(friend) = self.friends.get_mut(&no) else {
            return Err(Refusal::NoSuchFriend { near: Vec::new() });
        };
        let saying = Saying { note, days };
        let before = friend.zone.shown.names.insert(person, saying.clone());
        self.mark(Saved::Shown(no));
        if before.is_some_and(|before| before != saying) {
            self.call_back_names(no);
        }
        Ok(Answer::Shown(self.shown_of(Some(person), Some(no))))
    }

    /// A friend with whom everything is settled.
    fn settled(&self, name: &str) -> Result<u32, Refusal> {
        let no = self.find(name)?;
        let friend = self.friends.get(&no).filter(|friend| !friend.settled);
        match friend {
            Some(friend) => Err(Refusal::NotYet {
                petname: friend.petname.as_str().to_owned(),
            }),
            None => Ok(no),
        }
    }

    fn room_to_show(&self, no: u32, person: u32, note: usize) -> Result<(), Refusal> {
        let before = |f: &Friend| f.zone.shown.names.get(&person).map(|it| it.note.len());
        let before = self.friends.get(&no).and_then(before);
        let all = || self.friends.values().map(|friend| &friend.zone.shown);
        let names = all().map(|shown| shown.names.len()).sum::<usize>();
        let notes = all().map(|shown| shown.note_bytes()).sum::<usize>();
        let theirs = self
            .friends
            .get(&no)
            .map_or(0, |f| f.zone.shown.note_bytes());
        let more = |bytes: usize| bytes - before.unwrap_or(0) + note;
        let fits = (before.is_some() || names < ZONE_SHOWN_MAX)
            && more(theirs) <= ZONE_NOTES_BYTES_MAX
            && more(notes) <= ZONE_SHOWN_NOTES_BYTES_MAX;
        fits.then_some(()).ok_or(Refusal::TooMuchShown)
    }

    /// Shows somebody no more: to this friend, or to all. They forget it at the next contact.
    pub(super) fn unpublish(&mut self, name: &str, to: Option<&str>) -> Result<Answer, Refusal> {
        let person = self.find(name)?;
        let to = to.map(|to| self.find(to)).transpose()?;
        let gone = self.shown_of(Some(person), to);
        self.withdraw(person, to);
        Ok(Answer::Shown(gone))
    }

    /// Whom I show to whom.
    pub(super) fn published(&self) -> Answer {
        Answer::Shown(self.shown_of(None, None))
    }

    fn shown_of(&self, person: Option<u32>, to: Option<u32>) -> Vec<ShownName> {
        let mut shown = Vec::new();
        for (no, friend) in &self.friends {
            for (one, saying) in &friend.zone.shown.names {
                let meant = person.is_none_or(|person| person == *one)
                    && to.is_none_or(|to| to == *no)
                    && self.friends.contains_key(one);
                if meant {
                    shown.push(ShownName {
                        name: self.petname(*one),
                        to: self.petname(*no),
                        note: saying.note.clone(),
                        days: saying.days,
                    });
                }
            }
        }
        shown.sort_by(|a, b| (&a.name, &a.to).cmp(&(&b.name, &b.to)));
        shown
    }

    /// Nobody is shown this person any more, or this friend is not: who is called otherwise from now on,
    /// or is no friend of mine, is not who I chose to show.
    pub(super) fn withdraw(&mut self, person: u32, to: Option<u32>) {
        let friends = self.friends.iter_mut();
        let of = friends.filter(|(no, _)| to.is_none_or(|to| to == **no));
        let mut told = Vec::new();
        for (no, friend) in of {
            if friend.zone.shown.names.remove(&person).is_some() {
                told.push(*no);
            }
        }
        for no in told {
            self.mark(Saved::Shown(no));
            self.call_back_names(no);
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
        let records = shown.filter_map(|(person, saying)| {
            let person = self.friends.get(person)?;
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
        records.sort_by(|a, b| a.label.cmp(&b.label));
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
        let by = self.find(by)?;
        let label = match label.trim() {
            "" => None,
            label => Some(Label::parse(label).map_err(|_| Refusal::BadName)?),
        };
        let asking = match ask {
            true => self.ask_names(by, label.clone()),
            false => Asking::No,
        };
        let label = label.as_ref().map(Label::as_str);
        let names = self.told_by(by, label);
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

    /// Puts a question to a friend who is there.
    fn ask_names(&mut self, no: u32, label: Option<Label>) -> Asking {
        let (now, age) = (self.now, self.age.minutes());
        let conn = self.carrier(no).filter(|_| self.answers(no));
        let Some((conn, friend)) = conn.zip(self.friends.get_mut(&no)) else {
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
        for record in records {
            let asked = label.as_ref().is_none_or(|it| it == record.label.as_str());
            if asked && record.days > 0 {
                self.remember_name(no, record);
            }
        }
        let [a, b, c, d, ..] = id;
        let ask = u32::from_le_bytes([a, b, c, d]);
        self.show(Event::Names { petname, ask });
        Some(())
    }

    fn remember_name(&mut self, no: u32, record: ZoneRecord) {
        self.room_for_a_name(no);
        let (minute, age) = (self.now.minutes(), self.age.minutes());
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let until = age.saturating_add(u32::from(record.days) * DAY_MINUTES);
        let told = Told {
            label: record.label.as_str().to_owned(),
            tag: record.tag,
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
        let Some(point) = self.friends.get(&person).map(|friend| friend.point) else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for friend in self.friends.values() {
            let Some(tag) = tag_of(friend, &point) else {
                continue;
            };
            let heard = friend.zone.heard.values().filter(|told| told.tag == tag);
            names.extend(heard.filter_map(|told| self.edge_name(friend, told, Some(person))));
        }
        names.sort_by_key(|name| name.who.called.to_string());
        names
    }

    /// What one friend calls others, or whom they call so.
    fn told_by(&self, no: u32, label: Option<&str>) -> Vec<EdgeName> {
        let Some(friend) = self.friends.get(&no) else {
            return Vec::new();
        };
        let known = self.friends.iter();
        let known = known.filter_map(|(no, other)| Some((tag_of(friend, &other.point)?, *no)));
        let known: Vec<(Tag, u32)> = known.collect();
        let heard = friend.zone.heard.values();
        let meant = heard.filter(|told| label.is_none_or(|label| told.label == label));
        let names = meant.filter_map(|told| {
            let person = known.iter().find(|(tag, _)| *tag == told.tag);
            self.edge_name(friend, told, person.map(|(_, no)| *no))
        });
        let mut names: Vec<_> = names.collect();
        names.sort_by_key(|name| name.who.called.to_string());
        names
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

/// Cleaned, and in one line.
fn one_line(text: &str) -> String {
    let clean = clean_body(text);
    clean.lines().collect::<Vec<_>>().join(" ")
}
