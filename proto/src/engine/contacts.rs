//! Friends as they are shown, called otherwise, and left. A name never moves to another key by
//! itself; whoever is left is told nothing, and nothing of them stays here. PROTOCOL §2, §6.

use super::doors::Conn;
use super::invitations::Invite;
use super::people::count;
use super::renewal::identity_words;
use super::saved::{Piece, Saved};
use super::sessions::session_words;
use super::trust::provenance;
use super::{Answer, Contact, Engine, How, Language, Refusal, Somebody, Timer};
use crate::friend::Friend;
use crate::identity::{Point, safety_hash, safety_words};
use crate::name::{Foreign, Nick};
use crate::petname::{NameError, Petname, looks_like};

/// Who has a name, or will have it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearer {
    /// A friend.
    Friend(u32),
    /// Whoever uses an invitation of mine.
    Invited(u32),
    /// Whoever gave the invitation that I took.
    Joining(u32),
}

impl Engine {
    pub(super) fn contacts(&self) -> Vec<Contact> {
        let friends = self
            .friends
            .iter()
            .map(|(no, friend)| self.card(*no, friend));
        let joins = self.joins.values().filter(|join| join.friend.is_none());
        let joins = joins.map(|join| self.waiting(&join.name, How::Joining));
        let invites = self
            .unclaimed()
            .map(|invite| self.waiting(&invite.name, How::Invited));
        let mut all: Vec<_> = friends.chain(joins).chain(invites).collect();
        all.sort_by(|a, b| a.petname.cmp(&b.petname));
        all
    }

    fn waiting(&self, name: &Petname, how: How) -> Contact {
        Contact {
            petname: name.as_str().to_owned(),
            nick: None,
            nick_looks_like: None,
            how,
            online: false,
            stopped: false,
            silent: false,
            session_words: Vec::new(),
            last_seen_min: 0,
            since_min: 0,
            unread: 0,
            outbox: 0,
            full: false,
            keep_min: self.settings.keep_min,
            timer: Timer::default(),
            blocked: false,
            muted: false,
            note: String::new(),
            met_min: 0,
            compared_min: 0,
            introduced_by: Vec::new(),
            safety_words: Vec::new(),
            language: Language::French,
            reads: false,
            addresses: 0,
        }
    }

    fn card(&self, no: u32, friend: &Friend) -> Contact {
        Contact {
            petname: friend.petname.as_str().to_owned(),
            nick: Nick::of(&friend.nick),
            nick_looks_like: None,
            how: how(friend),
            online: self.greeted(friend),
            stopped: self.is_stopped(friend),
            silent: is_silent(friend),
            session_words: match session_words(friend) {
                none if none.is_empty() => identity_words(friend),
                words => words,
            },
            last_seen_min: friend.traffic.last_seen_min,
            since_min: friend.since_min,
            unread: count(self.inbox.of(no).count),
            outbox: count(friend.outbox.texts()),
            full: friend.live.full,
            keep_min: self.keep_of(no),
            timer: timer(friend),
            blocked: friend.private.blocked,
            muted: friend.private.muted,
            note: friend.private.note.clone(),
            // Nobody was met before they have confirmed it.
            met_min: if friend.settled {
                friend.trust.met_min
            } else {
                0
            },
            compared_min: friend.trust.compared_min,
            introduced_by: self.introducers(friend),
            safety_words: Vec::new(),
            language: friend.language,
            reads: friend.edges.ends().is_some_and(|[me, them]| me < them),
            addresses: count(friend.addrs.len()),
        }
    }

    pub(super) fn contact(&mut self, name: &str) -> Result<Answer, Refusal> {
        let no = self.find(name)?;
        let nick_looks_like = self.friends.get(&no).and_then(|friend| {
            let called = Foreign::Proposed(Nick::of(&friend.nick)?);
            self.somebody(called, Some(&friend.point)).looks_like
        });
        let nobody = || Refusal::NoSuchFriend { near: Vec::new() };
        // There is nobody to compare with before the other side has answered.
        if let Some(friend) = self.friends.get_mut(&no).filter(|f| f.settled) {
            let known = friend.safety.is_some();
            let [me, them] = friend.edges.ends().ok_or_else(nobody)?;
            let hash = friend.safety.get_or_insert_with(|| safety_hash(me, them));
            let words = safety_words(hash, friend.language);
            if friend.measure() {
                self.dirty.insert(Saved::Renewal(no));
            }
            if !known {
                self.mark(Saved::Friend(no));
            }
            let mut card = self.card_of(no)?;
            card.safety_words = words;
            card.nick_looks_like = nick_looks_like;
            return Ok(Answer::Contact(card));
        }
        let mut card = self.card_of(no)?;
        card.nick_looks_like = nick_looks_like;
        Ok(Answer::Contact(card))
    }

    /// Somebody with this key, if it is known, and whom else of mine they could be taken for.
    pub(super) fn somebody(&self, called: Foreign, point: Option<&Point>) -> Somebody {
        let others = self.bearers();
        let others = others.filter(|(_, key, _)| point.is_none() || *key != point);
        let alike = called.look_alike(others.map(|(_, _, name)| name));
        let looks_like = alike.map(|name| name.as_str().to_owned());
        Somebody { called, looks_like }
    }

    pub(super) fn card_of(&self, no: u32) -> Result<Box<Contact>, Refusal> {
        let friend = self.friends.get(&no);
        let card = friend.map(|friend| Box::new(self.card(no, friend)));
        card.ok_or(Refusal::NoSuchFriend { near: Vec::new() })
    }

    /// Everybody who has a name here: who, with which key if it is known, and how they are called.
    fn bearers(&self) -> impl Iterator<Item = (Bearer, Option<&Point>, &Petname)> {
        let friends = self.friends.iter();
        let friends = friends.map(|(no, f)| (Bearer::Friend(*no), Some(&f.point), &f.petname));
        let open = |(_, invite): &(&u32, &Invite)| invite.claimed.is_none();
        let invites = self.invites.iter().filter(open);
        let invites = invites.map(|(no, invite)| (Bearer::Invited(*no), None, &invite.name));
        let joins = self.joins.iter();
        let joins = joins.map(|(no, j)| (Bearer::Joining(*no), Some(&j.inviter), &j.name));
        friends.chain(invites).chain(joins)
    }

    /// A name that nobody has, nor one that looks the same; `but` whoever waits may keep theirs.
    pub(super) fn free_name(&self, typed: &str, but: Option<&Point>) -> Result<Petname, Refusal> {
        self.free_name_for(typed, |_, point| but.is_some() && point == but)
    }

    fn free_name_for(
        &self,
        typed: &str,
        is_theirs: impl Fn(Bearer, Option<&Point>) -> bool,
    ) -> Result<Petname, Refusal> {
        let name = Petname::parse(typed).map_err(|error| match error {
            NameError::Reserved => Refusal::ReservedName,
            _ => Refusal::BadName,
        })?;
        let taken = self
            .bearers()
            .filter(|(who, point, _)| !is_theirs(*who, *point))
            .find(|(_, _, other)| looks_like(other.as_str(), name.as_str()));
        match taken {
            Some((_, _, other)) => Err(Refusal::NameTaken {
                petname: other.as_str().to_owned(),
            }),
            None => Ok(name),
        }
    }

    /// Whoever has exactly this name, a friend before one who waits.
    fn bearer(&self, name: &str) -> Result<Bearer, Refusal> {
        let mut bearers = self.bearers();
        match bearers.find(|(_, _, other)| other.is(name)) {
            Some((who, _, _)) => Ok(who),
            None => self.find(name).map(Bearer::Friend),
        }
    }

    /// The name of somebody who has not answered an invitation, or whose invitation I took.
    pub(super) fn waits(&self, name: &str) -> Option<String> {
        let mut bearers = self.bearers();
        let (_, _, found) = bearers.find(|(_, _, other)| other.is(name))?;
        Some(found.as_str().to_owned())
    }

    /// Calls somebody otherwise; whoever waits keeps the name when they become a friend.
    pub(super) fn rename(&mut self, name: &str, to: &str) -> Result<Answer, Refusal> {
        let who = self.bearer(name)?;
        let point = match who {
            Bearer::Friend(no) => self.friends.get(&no).map(|friend| friend.point),
            Bearer::Joining(no) => self.joins.get(&no).map(|join| join.inviter),
            Bearer::Invited(_) => None,
        };
        let to = self.free_name_for(to, |other, key| {
            other == who || (point.is_some() && key == point.as_ref())
        })?;
        match who {
            Bearer::Friend(no) => self.call(no, &to),
            Bearer::Invited(no) => {
                if let Some(invite) = self.invites.get_mut(&no) {
                    invite.name = to.clone();
                }
                self.mark(Saved::Invite(no));
            }
            Bearer::Joining(_) => {}
        }
        for (no, join) in &mut self.joins {
            if Some(join.inviter) == point {
                join.name = to.clone();
                self.dirty.insert(Saved::Join(*no));
            }
        }
        let card = match who {
            Bearer::Friend(no) => self.card_of(no)?,
            Bearer::Invited(_) => Box::new(self.waiting(&to, How::Invited)),
            Bearer::Joining(_) => Box::new(self.waiting(&to, How::Joining)),
        };
        Ok(Answer::Changed(card))
    }

    pub(super) fn call(&mut self, no: u32, to: &Petname) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.petname = to.clone();
        }
        self.mark(Saved::Friend(no));
        for (invite_no, invite) in &mut self.invites {
            if invite.claimed == Some(no) {
                invite.name = to.clone();
                self.dirty.insert(Saved::Invite(*invite_no));
            }
        }
    }

    /// Ends a friendship here, or takes back an invitation.
    pub(super) fn remove(&mut self, name: &str) -> Result<Answer, Refusal> {
        match self.bearer(name)? {
            Bearer::Friend(no) => return Ok(self.leave(no)),
            Bearer::Invited(no) => self.take_back(no),
            Bearer::Joining(no) => self.stop_joining(no),
        }
        Ok(Answer::Removed {
            outbox: 0,
            unread: 0,
        })
    }

    pub(super) fn take_back(&mut self, no: u32) {
        let runs = |conn: &Conn| matches!(conn, Conn::Heard { invite, .. } if *invite == no);
        self.drop_conns(runs);
        self.invites.remove(&no);
        if !planted!(EndForgotten) {
            self.mark(Saved::Invite(no));
        }
    }

    fn stop_joining(&mut self, no: u32) {
        self.stop_runs(no);
        self.joins.remove(&no);
        self.mark(Saved::Join(no));
    }

    /// Erases the edge, the session, and every word. To the other side I am somebody who is never
    /// there.
    pub(super) fn leave(&mut self, no: u32) -> Answer {
        self.drop_conns_of(no);
        let joins = self.joins.iter().filter(|(_, j)| j.friend == Some(no));
        let joins: Vec<_> = joins.map(|(join, _)| *join).collect();
        joins.into_iter().for_each(|join| self.stop_joining(join));
        let made = self.invites.iter().filter(|(_, i)| i.claimed == Some(no));
        let made: Vec<_> = made.map(|(invite, _)| *invite).collect();
        made.into_iter().for_each(|invite| self.take_back(invite));
        let unread = self.erase_unread(no);
        self.erase_lines(&self.history.of(Some(no)));
        let Some(friend) = self.friends.remove(&no) else {
            return Answer::Removed { outbox: 0, unread };
        };
        self.erase_friend(no, &friend);
        self.forget_former();
        self.make_room();
        Answer::Removed {
            outbox: count(friend.outbox.texts()),
            unread,
        }
    }

    fn erase_unread(&mut self, no: u32) -> u32 {
        let unread = self.inbox.all_of(no);
        for id in &unread {
            if let Some(arrival) = self.inbox.forget(*id) {
                self.erase_pieces(Saved::Arrival(*id), Piece::Text, arrival.length as usize);
                self.mark(Saved::Arrival(*id));
            }
        }
        count(unread.len())
    }

    /// Everything of a friend who is not in the list any more.
    fn erase_friend(&mut self, no: u32, friend: &Friend) {
        for (id, entry) in friend.outbox.entries() {
            let length = entry.text().map_or(0, |said| said.length);
            self.erase_pieces(Saved::Entry(id), Piece::Text, length as usize);
            if entry.sealed.is_some() {
                self.erase_pieces(Saved::Entry(id), Piece::Parcel, entry.parcel_bytes());
            }
            self.mark(Saved::Entry(id));
        }
        // Nobody may be told that one of these arrived.
        self.counters.forgotten = self.counters.next_entry;
        for (_, session) in friend.sessions.all() {
            self.forget_session(no, session);
        }
        let seen = friend.seen.blocks().map(|block| Saved::Seen(no, block));
        self.dirty.extend(seen);
        self.dirty.extend([
            Saved::Friend(no),
            Saved::Traffic(no),
            Saved::Sessions(no),
            Saved::Answer(no),
            Saved::Third(no),
            Saved::Renewal(no),
            Saved::Private(no),
            Saved::Trust(no),
            Saved::Node,
        ]);
    }

    pub(super) fn petname(&self, no: u32) -> String {
        let friend = self.friends.get(&no);
        friend.map_or_else(String::new, |f| f.petname.as_str().to_owned())
    }
}

/// What was said of how long both keep what they say.
pub(super) fn timer(friend: &Friend) -> Timer {
    Timer {
        mine_min: friend.timer.mine.0,
        theirs_min: friend.timer.theirs.0,
        agreed_min: friend.timer.agreed,
    }
}

/// Whether dials meet silence; whom I blocked is not dialled.
fn is_silent(friend: &Friend) -> bool {
    let alone = friend.settled && friend.live.link.is_none() && !friend.private.blocked;
    alone && friend.live.is_silent()
}

/// Whether somebody knocked under a former identity since the friend was last there.
fn knocks_as_former(friend: &Friend) -> bool {
    let since = friend.traffic.last_seen_min;
    !friend.live.online && friend.renewal.former.knocked_since(since)
}

/// Where the trust in a friend comes from, as far as they go.
pub(super) fn how(friend: &Friend) -> How {
    match friend.settled {
        true if friend.sessions.parked.is_some() => How::Recheck,
        true if friend.renewal.asked().is_some() => How::NewIdentity,
        true if knocks_as_former(friend) => How::Former,
        true if friend.copied => How::Copied,
        true if friend.renewal.mine.is_some() => How::Announced,
        true => provenance(&friend.trust),
        false => How::Joining,
    }
}
