//! What persons ask of their node: invitations made and taken, friends, and words for each.
//!
//! Answers go back to who asked; what changes is on the disk before they do.

use super::cards::how;
use super::persons::awaited;
use super::saved::Saved;
use super::{Addr, Answer, AskId, Effect, Engine, How, Refusal, Request, Status};
use crate::friend::{
    Edges, Friend, Live, Outbox, Post, Private, Renewal, Roads, Seen, Sessions, Timers, Traffic,
    Trust, Zone,
};
use crate::identity::Point;
use crate::limits::{FRIENDS_MAX, REDIAL_MS_MIN};
use crate::petname::{Petname, near};
use crate::secret::{EdgeRoot, Key};
use crate::time::incarnation;
use std::collections::BTreeSet;

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
            Request::Group(ask) => self.ask_group(ask),
            Request::Send {
                to,
                text,
                limit_min,
            } => match self.group_called(&to) {
                Some(no) => self.send_in_group(no, text, limit_min, false),
                None => self.send_text(&to, text, limit_min),
            },
            Request::Inbox { after, max } => Ok(Answer::Inbox(self.read_inbox(after, max))),
            Request::Acknowledge { after, up_to, from } => {
                self.acknowledge(after, up_to, from.as_deref())
            }
            Request::Sent { id } => Ok(Answer::Sent {
                id,
                state: self.delivery(id),
            }),
            Request::Why { of } => self.why(&of),
            Request::History { name, before, max } => self.read_history(&name, before, max),
            Request::EraseHistory { name } => self.erase_history(name.as_deref()),
            Request::Keep { name, keep_min } => self.keep(&name, keep_min),
            Request::Timer { name, limit_min } => self.my_timer(&name, limit_min),
            Request::Rename { name, to } => self.rename(&name, &to),
            Request::Remove { name } => self.remove(&name),
            Request::Note { name, note } => self.note(&name, note),
            Request::Mute { name, muted } => self.mute(&name, muted),
            Request::Block { name, blocked } => self.block(&name, blocked),
            Request::JoinComputers { name, to } => self.join_computers(&name, &to),
            Request::DropComputer { name, place } => self.drop_computer(&name, place),
            Request::Publish {
                name,
                to,
                note,
                days,
            } => self.publish(&name, &to, note, days),
            Request::Unpublish { name, to } => self.unpublish(&name, to.as_deref()),
            Request::Published => Ok(self.published()),
            Request::Who { name, ask } => self.who(&name, ask),
            Request::Check { name, same } => self.judge(&name, same.as_deref()),
            Request::Meet(meet) => self.meet(*meet),
            Request::Compare { name, heard } => self.compare(&name, &heard),
            Request::Introduce { name, to, said } => self.introduce(&name, &to, said),
            Request::Waiting => Ok(Answer::Waiting(self.waiting_list())),
            Request::Welcome { id, name, language } => self.welcome(id, &name, language),
            Request::Decline { id } => self.decline(id),
            Request::Mailbox(ask) => self.mailbox(ask),
            Request::Tokens(ask) => self.tokens(ask),
            Request::OfferFile { to, name, bytes } => self.offer_file(&to, &name, bytes),
            Request::FillFile { id, index, bytes } => self.fill_file(id, index, &bytes),
            Request::CarryOut { to, acks, gathered } => self.carry_out(&to, acks, gathered),
            Request::ReadBundled { id } => self.read_bundled(id),
            Request::CarryIn { bytes, last } => self.carry_in(&bytes, last),
            Request::Cover(wanted) => Ok(self.cover(wanted)),
            Request::Files => Ok(Answer::Files(self.files())),
            Request::TakeFile { id } => self.take_file(id),
            Request::DropFile { id } => self.drop_file(id),
            Request::ReadFile { id, index } => self.read_file(id, index),
            Request::Renew => self.renew(),
            Request::Kept => Ok(Answer::Kept(self.kept())),
            Request::Backup(lock) => match self.back_up(&lock) {
                Ok(file) => Ok(Answer::Backup {
                    friends: count(self.friends.len()),
                    file,
                }),
                Err(_) => Err(Refusal::BackupTooLong),
            },
            Request::Edit { name, seq, text } => self.edit(&name, seq, &text),
            Request::Forge { name, spoken } => self.forge(&name, spoken),
            Request::Verify { name, file } => self.verify(&name, &file),
        };
        self.then(Effect::Answer { asker, answer });
    }

    fn status(&self) -> Status {
        let friends = || self.friends.values().filter(|friend| friend.settled);
        let here = friends().filter(|friend| self.greeted(friend));
        let here: BTreeSet<_> = here.map(|friend| &friend.petname).collect();
        let people: BTreeSet<_> = friends().map(|friend| &friend.petname).collect();
        Status {
            online: count(here.len()),
            offline: count(people.len() - here.len()),
            pending: count(self.joins.len() + self.unclaimed().count()),
            outbox: awaited(self.friends.values()) + self.awaited_in_groups(None),
            unread: count(self.inbox.readable()),
            history: count(self.history.len()),
            keep_min: self.settings.keep_min,
            full: self.full,
            to_check: count(friends().filter(|f| asks(f)).count()),
            waiting: self.introduced()
                + self.boxes_waiting()
                + self.files_asked()
                + self.groups.asked(),
            addresses: count(self.listening.len()),
        }
    }

    /// The friend of exactly this name, in whatever composition it was typed.
    pub(super) fn find(&self, name: &str) -> Result<u32, Refusal> {
        let mut friends = self.friends.iter();
        let found = friends.find(|(_, friend)| friend.petname.is(name));
        found.map(|(no, _)| *no).ok_or_else(|| {
            if self.group_called(name).is_some() {
                return self.only_a_group(name);
            }
            if let Some(petname) = self.waits(name) {
                return Refusal::NotYet { petname };
            }
            let friends = self.friends.values().map(|friend| &friend.petname);
            let groups = self.groups.names().map(|(_, name)| name);
            let near = near(name, friends.chain(groups))
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

    pub(super) fn room_for_a_friend(&self) -> Result<(), Refusal> {
        let promised = self.friends.len() + self.unclaimed().count() + self.joins.len();
        let promised = promised + self.agreed().count() + self.chosen().count();
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
            edges: Edges::default(),
            renewal: Renewal::default(),
            addrs: new.addrs,
            roads: Roads::told(self.reach.number),
            language: new.language,
            safety: None,
            keep: None,
            timer: Timers::default(),
            private: Private::default(),
            trust: Trust::default(),
            zone: Zone::default(),
            // Days since 2026 began: above any earlier life of this identity.
            traffic: Traffic {
                incarnation: incarnation(self.now.minutes()),
                ..Traffic::default()
            },
            sessions: Sessions::default(),
            seen: Seen::default(),
            outbox: Outbox::default(),
            post: Post::default(),
            live: Live::default(),
        };
        friend.add_root(new.root, self.me.newest());
        // The joiner dials first; should they not be able to, I do.
        friend.live.redial.at_ms = self.after(REDIAL_MS_MIN);
        self.wake_by(friend.live.redial.at_ms);
        self.friends.insert(no, friend);
        self.mark(Saved::Friend(no));
        self.mark(Saved::Traffic(no));
        self.mark(Saved::Node);
        no
    }
}

/// Whether the person has something to ask this friend by voice.
fn asks(friend: &Friend) -> bool {
    matches!(how(friend), How::Recheck | How::NewIdentity | How::Former)
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
