//! What friends call other people. I show a friend whom I choose, under my own name for them, and
//! nobody by default; a friend is asked live, answers for themselves alone, and what they said is
//! believed for some days. A name that is not shown and one that is not there are answered alike.
//! PROTOCOL §6.

mod heard;
mod shown;

use super::links::PARCEL;
use super::{Answer, Asking, ConnId, EdgeName, Engine, Refusal, Who};
use crate::friend::{Friend, Told};
use crate::identity::Point;
use crate::message::{self, MessageId, Payload};
use crate::name::{Foreign, Label};
use crate::text::clean_body;
use crate::zone::{self, Tag};

impl Engine {
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
