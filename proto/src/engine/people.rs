//! What persons ask of their node: invitations made and taken, friends, and words for each.
//!
//! Answers go back to who asked; what changes is on the disk before they do.

use super::saved::{Piece, Saved, pieces};
use super::{
    Addr, Answer, AskId, Body, Contact, Delivery, Effect, Engine, How, Message, Refusal, Request,
    Status,
};
use crate::friend::{Friend, Live, Outbox, Seen, Sessions, Traffic};
use crate::identity::{Point, safety_hash, safety_words};
use crate::inbox::Arrival;
use crate::limits::{FRIENDS_MAX, INBOX_ANSWER_MAX, REDIAL_MS_MIN};
use crate::petname::{NameError, Petname, looks_like, near};
use crate::secret::{EdgeRoot, Key};
use crate::text::clean_nick;
use crate::time::DAY_MINUTES;

impl Engine {
    pub(super) fn asked(&mut self, asker: AskId, request: Request) {
        let answer = match request {
            Request::Status => Ok(Answer::Status(self.status())),
            Request::Invite {
                name,
                lifetime_s,
                addrs,
                language,
            } => self.invite(&name, lifetime_s, addrs, language),
            Request::Accept { code, name, nick } => self.accept(&code, &name, nick),
            Request::Contacts => Ok(Answer::Contacts(self.contacts())),
            Request::Contact { name } => self.contact(&name),
            Request::Send { to, text } => self.send_text(&to, text),
            Request::Inbox { after, max } => Ok(Answer::Inbox(self.read_inbox(after, max))),
            Request::Acknowledge { up_to, from } => self.acknowledge(up_to, from.as_deref()),
            Request::Sent { id } => Ok(Answer::Sent {
                id,
                state: self.delivery(id),
            }),
        };
        self.then(Effect::Answer { asker, answer });
    }

    fn status(&self) -> Status {
        let friends = || self.friends.values().filter(|friend| friend.settled);
        let online = friends().filter(|friend| self.greeted(friend)).count();
        Status {
            online: count(online),
            offline: count(friends().count() - online),
            pending: count(self.joins.len() + self.unclaimed().count()),
            outbox: count(
                self.friends
                    .values()
                    .map(|friend| friend.outbox.texts())
                    .sum(),
            ),
            unread: count(self.inbox.readable()),
            addresses: count(self.listening.len()),
        }
    }

    /// The friend of exactly this name, in whatever composition it was typed.
    pub(super) fn find(&self, name: &str) -> Result<u32, Refusal> {
        let mut friends = self.friends.iter();
        let found = friends.find(|(_, friend)| friend.petname.is(name));
        found.map(|(no, _)| *no).ok_or_else(|| {
            let all = self.friends.values().map(|friend| &friend.petname);
            let near = near(name, all)
                .into_iter()
                .map(|name| name.as_str().to_owned())
                .collect();
            Refusal::NoSuchFriend { near }
        })
    }

    /// The friend with this key, if there is one.
    pub(super) fn friend_of(&self, point: &Point) -> Option<u32> {
        let mut friends = self.friends.iter();
        let found = friends.find(|(_, friend)| friend.point == *point);
        found.map(|(no, _)| *no)
    }

    /// A name that nobody has, nor one that looks the same; `but` whoever waits may keep theirs.
    pub(super) fn free_name(&self, typed: &str, but: Option<&Point>) -> Result<Petname, Refusal> {
        let name = Petname::parse(typed).map_err(|error| match error {
            NameError::Reserved => Refusal::ReservedName,
            _ => Refusal::BadName,
        })?;
        let friends = self.friends.values().map(|f| (Some(&f.point), &f.petname));
        let invites = self.unclaimed().map(|invite| (None, &invite.name));
        let joins = self.joins.values().map(|j| (Some(&j.inviter), &j.name));
        let taken = friends
            .chain(invites)
            .chain(joins)
            .filter(|(point, _)| but.is_none() || *point != but)
            .find(|(_, other)| looks_like(other.as_str(), name.as_str()));
        match taken {
            Some((_, other)) => Err(Refusal::NameTaken {
                petname: other.as_str().to_owned(),
            }),
            None => Ok(name),
        }
    }

    pub(super) fn room_for_a_friend(&self) -> Result<(), Refusal> {
        let promised = self.friends.len() + self.unclaimed().count() + self.joins.len();
        if promised < FRIENDS_MAX {
            Ok(())
        } else {
            Err(Refusal::TooManyFriends)
        }
    }

    /// Makes a friend out of what an exchange proved.
    pub(super) fn befriend(&mut self, new: NewFriend) -> u32 {
        let no = self.counters.next_friend;
        self.counters.next_friend += 1;
        let mut friend = Friend {
            petname: new.petname,
            nick: new.nick,
            point: new.point,
            since_min: self.now.minutes(),
            joined: new.joined,
            settled: !new.joined,
            copied: false,
            linked: false,
            roots: Vec::new(),
            addrs: new.addrs,
            language: new.language,
            safety: None,
            // Days since 2026 began: above any earlier life of this identity.
            traffic: Traffic {
                incarnation: self.incarnation(),
                ..Traffic::default()
            },
            sessions: Sessions::default(),
            seen: Seen::default(),
            outbox: Outbox::default(),
            live: Live::default(),
        };
        friend.add_root(new.root, &self.me);
        // The joiner dials first; should they not be able to, I do.
        friend.live.redial.at_ms = self.after(REDIAL_MS_MIN);
        self.wake_by(friend.live.redial.at_ms);
        self.friends.insert(no, friend);
        self.mark(Saved::Friend(no));
        self.mark(Saved::Traffic(no));
        self.mark(Saved::Node);
        no
    }

    fn incarnation(&self) -> u16 {
        const DAYS_TO_2026: u32 = 20_454;
        let days = (self.now.minutes() / DAY_MINUTES).saturating_sub(DAYS_TO_2026);
        u16::try_from(days).unwrap_or(u16::MAX - 1).max(1)
    }

    fn contacts(&self) -> Vec<Contact> {
        let friends = self
            .friends
            .iter()
            .map(|(no, friend)| self.card(*no, friend));
        let waiting = |name: &Petname, how| Contact {
            petname: name.as_str().to_owned(),
            nick: None,
            how,
            online: false,
            stopped: false,
            last_seen_min: 0,
            since_min: 0,
            unread: 0,
            outbox: 0,
            safety_words: Vec::new(),
            addresses: 0,
        };
        let joins = self.joins.values().filter(|join| join.friend.is_none());
        let joins = joins.map(|join| waiting(&join.name, How::Joining));
        let invites = self
            .unclaimed()
            .map(|invite| waiting(&invite.name, How::Invited));
        let mut all: Vec<_> = friends.chain(joins).chain(invites).collect();
        all.sort_by(|a, b| a.petname.cmp(&b.petname));
        all
    }

    fn card(&self, no: u32, friend: &Friend) -> Contact {
        Contact {
            petname: friend.petname.as_str().to_owned(),
            nick: clean_nick(&friend.nick).map(|nick| nick.as_str().to_owned()),
            how: how(friend),
            online: self.greeted(friend),
            stopped: self.is_stopped(friend),
            last_seen_min: friend.traffic.last_seen_min,
            since_min: friend.since_min,
            unread: count(self.inbox.of(no).count),
            outbox: count(friend.outbox.texts()),
            safety_words: Vec::new(),
            addresses: count(friend.addrs.len()),
        }
    }

    fn contact(&mut self, name: &str) -> Result<Answer, Refusal> {
        let no = self.find(name)?;
        let mine = *self.me.point();
        let mut card = match self.friends.get(&no) {
            Some(friend) => self.card(no, friend),
            None => return Err(Refusal::NoSuchFriend { near: Vec::new() }),
        };
        // There is nobody to compare with before the other side has answered.
        if let Some(friend) = self.friends.get_mut(&no).filter(|f| f.settled) {
            let known = friend.safety.is_some();
            let hash = *friend
                .safety
                .get_or_insert_with(|| safety_hash(&mine, &friend.point));
            card.safety_words = safety_words(&hash, friend.language);
            if !known {
                self.mark(Saved::Friend(no));
            }
        }
        Ok(Answer::Contact(Box::new(card)))
    }

    fn petname(&self, no: u32) -> String {
        let friend = self.friends.get(&no);
        friend.map_or_else(String::new, |f| f.petname.as_str().to_owned())
    }

    fn read_inbox(&self, after: u64, max: u32) -> Vec<Message> {
        let max = usize::try_from(max.min(INBOX_ANSWER_MAX)).unwrap_or_default();
        let message = |(seq, id, arrival): (u64, u64, &Arrival)| Message {
            seq,
            from: self.petname(arrival.friend),
            how: self.friends.get(&arrival.friend).map_or(How::Code, how),
            received_min: arrival.received_min,
            claimed_min: arrival.claimed_min,
            text: Body::Stored(pieces(
                Saved::Arrival(id),
                Piece::Text,
                arrival.length as usize,
            )),
        };
        self.inbox.after(after).take(max).map(message).collect()
    }

    fn acknowledge(&mut self, up_to: u64, from: Option<&str>) -> Result<Answer, Refusal> {
        let from = from.map(|name| self.find(name)).transpose()?;
        let taken = self.inbox.up_to(up_to, from);
        for id in &taken {
            if let Some(arrival) = self.inbox.forget(*id) {
                self.erase_pieces(Saved::Arrival(*id), Piece::Text, arrival.length as usize);
                self.mark(Saved::Arrival(*id));
            }
        }
        self.make_room();
        Ok(Answer::Acknowledged {
            count: count(taken.len()),
        })
    }

    fn delivery(&self, id: u64) -> Delivery {
        if self
            .friends
            .values()
            .any(|friend| friend.outbox.get(id).is_some())
        {
            Delivery::Saved
        } else if id > 0 && id <= self.counters.next_entry {
            Delivery::Delivered
        } else {
            Delivery::Unknown
        }
    }
}

/// What is known of a friend at the moment of pairing.
pub(super) struct NewFriend {
    pub petname: Petname,
    pub nick: String,
    pub point: Point,
    pub joined: bool,
    pub addrs: Vec<Addr>,
    pub language: super::Language,
    pub root: Key<EdgeRoot>,
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Where the trust in a friend comes from, as far as they go.
fn how(friend: &Friend) -> How {
    match friend.settled {
        true if friend.copied => How::Copied,
        true => How::Code,
        false => How::Joining,
    }
}
