//! Friends as they are shown, called otherwise, and left. A name never moves to another key by
//! itself; whoever is left is told nothing, and nothing of them stays here. PROTOCOL §2, §6.

use super::doors::Conn;
use super::invitations::Invite;
use super::people::count;
use super::persons::awaited;
use super::renewal::identity_words;
use super::saved::{Piece, Saved};
use super::sessions::session_words;
use super::trust::provenance;
use super::{Answer, Computer, Contact, Engine, How, Language, Refusal, Somebody, Timer};
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
    /// Whoever is introduced to me, and I said yes.
    Agreed(u32),
}

impl Engine {
    pub(super) fn contacts(&self) -> Vec<Contact> {
        let friends = self.friends.keys().filter(|no| self.is_first(**no));
        let friends = friends.filter_map(|no| self.card(*no));
        let joins = self.joins.values().filter(|join| join.friend.is_none());
        let joins = joins.map(|join| self.waiting(&join.name, How::Joining));
        let open = self.invites.iter().filter(|(_, it)| it.claimed.is_none());
        let invites = open.map(|(no, invite)| {
            let introduced = self.opened_by(*no).is_some();
            let how = if introduced {
                How::Joining
            } else {
                How::Invited
            };
            self.waiting(&invite.name, how)
        });
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
            computers: Vec::new(),
        }
    }

    /// The person whose computer this is.
    fn card(&self, no: u32) -> Option<Contact> {
        let computers = self.computers(no);
        let first = self.friends.get(computers.first()?)?;
        let all: Vec<_> = computers
            .iter()
            .filter_map(|no| self.friends.get(no))
            .collect();
        let least = self.friends.get(&self.least_known(no))?;
        let unread = computers.iter().map(|no| self.inbox.of(*no).count);
        Some(Contact {
            petname: first.petname.as_str().to_owned(),
            nick: Nick::of(&first.nick),
            nick_looks_like: None,
            how: how(least),
            online: all.iter().any(|it| self.greeted(it)),
            stopped: all.iter().any(|it| self.is_stopped(it)),
            silent: all.iter().all(|it| is_silent(it)),
            session_words: all
                .iter()
                .map(|it| asked_words(it))
                .find(|it| !it.is_empty())
                .unwrap_or_default(),
            last_seen_min: all.iter().map(|it| it.traffic.last_seen_min).max()?,
            since_min: all.iter().map(|it| it.since_min).min()?,
            unread: count(unread.sum()),
            outbox: awaited(all.iter().copied()),
            full: all.iter().any(|it| it.live.full),
            keep_min: self.keep_of(no),
            timer: timer(first),
            blocked: first.private.blocked,
            muted: first.private.muted,
            note: first.private.note.clone(),
            met_min: met_min(least),
            compared_min: least.trust.compared_min,
            introduced_by: self.introducers(least),
            safety_words: Vec::new(),
            language: least.language,
            reads: least.edges.ends().is_some_and(|[me, them]| me < them),
            addresses: count(all.iter().map(|it| it.addrs.len()).sum()),
            computers: all.iter().map(|it| self.computer(it)).collect(),
        })
    }

    /// Of a person's computers the one that needs me most, or that I know least.
    pub(super) fn least_known(&self, no: u32) -> u32 {
        let friend = |no: &u32| self.friends.get(no).map(|friend| known(how(friend)));
        let computers = self.computers(no).into_iter();
        computers.min_by_key(friend).unwrap_or(no)
    }

    fn computer(&self, friend: &Friend) -> Computer {
        Computer {
            how: how(friend),
            online: self.greeted(friend),
            last_seen_min: friend.traffic.last_seen_min,
            since_min: friend.since_min,
            met_min: met_min(friend),
            compared_min: friend.trust.compared_min,
            introduced_by: self.introducers(friend),
            safety_words: Vec::new(),
        }
    }

    pub(super) fn contact(&mut self, name: &str) -> Result<Answer, Refusal> {
        let computers = self.computers_of(name)?;
        let words: Vec<_> = computers.iter().map(|no| self.safety(*no)).collect();
        let first = computers.first().copied().unwrap_or_default();
        let nick_looks_like = self.friends.get(&first).and_then(|friend| {
            let called = Foreign::Proposed(Nick::of(&friend.nick)?);
            self.somebody(called, Some(&friend.point)).looks_like
        });
        let mut card = self.card_of(first)?;
        card.nick_looks_like = nick_looks_like;
        let least = computers
            .iter()
            .position(|no| *no == self.least_known(first));
        card.safety_words = least
            .and_then(|at| words.get(at).cloned())
            .unwrap_or_default();
        for (computer, words) in card.computers.iter_mut().zip(words) {
            computer.safety_words = words;
        }
        Ok(Answer::Contact(card))
    }

    /// Somebody with this key, if it is known, and whom else of mine they could be taken for.
    pub(super) fn somebody(&self, called: Foreign, point: Option<&Point>) -> Somebody {
        let theirs = point.and_then(|point| self.friends.get(&self.friend_of(point)?));
        let theirs = theirs.map(|friend| &friend.petname);
        let others = self.bearers();
        let others = others
            .filter(|(_, key, name)| point.is_none() || (*key != point && Some(*name) != theirs));
        let alike = called.look_alike(others.map(|(_, _, name)| name));
        let looks_like = alike.map(|name| name.as_str().to_owned());
        Somebody { called, looks_like }
    }

    /// There is nobody to compare with before the other side has answered.
    fn safety(&mut self, no: u32) -> Vec<&'static str> {
        let Some(friend) = self.friends.get_mut(&no).filter(|f| f.settled) else {
            return Vec::new();
        };
        let known = friend.safety.is_some();
        let Some([me, them]) = friend.edges.ends() else {
            return Vec::new();
        };
        let hash = friend.safety.get_or_insert_with(|| safety_hash(me, them));
        let words = safety_words(hash, friend.language);
        if friend.measure() {
            self.dirty.insert(Saved::Renewal(no));
        }
        if !known {
            self.mark(Saved::Friend(no));
        }
        words
    }

    /// What somebody is to me from now on.
    pub(super) fn changed(&self, name: &str) -> Result<Answer, Refusal> {
        Ok(Answer::Changed(self.card_of(self.find(name)?)?))
    }

    pub(super) fn card_of(&self, no: u32) -> Result<Box<Contact>, Refusal> {
        let card = self.card(no).map(Box::new);
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
        let agreed = self.agreed();
        let agreed = agreed.map(|(no, name)| (Bearer::Agreed(no), None, name));
        friends.chain(invites).chain(joins).chain(agreed)
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
            Bearer::Invited(_) | Bearer::Agreed(_) => None,
        };
        let computers = match who {
            Bearer::Friend(no) => self.computers(no),
            Bearer::Invited(_) | Bearer::Joining(_) | Bearer::Agreed(_) => Vec::new(),
        };
        let to = self.free_name_for(to, |other, key| {
            let mine = matches!(other, Bearer::Friend(no) if computers.contains(&no));
            mine || other == who || (point.is_some() && key == point.as_ref())
        })?;
        match who {
            Bearer::Friend(_) => computers.iter().for_each(|no| self.call(*no, &to)),
            Bearer::Invited(no) => {
                if let Some(invite) = self.invites.get_mut(&no) {
                    invite.name = to.clone();
                }
                self.mark(Saved::Invite(no));
            }
            Bearer::Agreed(no) => self.call_agreed(no, &to),
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
            Bearer::Joining(_) | Bearer::Agreed(_) => Box::new(self.waiting(&to, How::Joining)),
        };
        Ok(Answer::Changed(card))
    }

    pub(super) fn call(&mut self, no: u32, to: &Petname) {
        self.withdraw(&[no], None);
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
            Bearer::Friend(no) => return Ok(self.leave_all(no)),
            Bearer::Invited(no) => self.take_back(no),
            Bearer::Joining(no) => self.stop_joining(no),
            Bearer::Agreed(no) => drop(self.decline(no)?),
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

    pub(super) fn stop_joining(&mut self, no: u32) {
        self.stop_runs(no);
        self.joins.remove(&no);
        self.mark(Saved::Join(no));
    }

    /// Leaves a person, whichever computers they have.
    fn leave_all(&mut self, no: u32) -> Answer {
        let computers = self.computers(no);
        let friends = computers.iter().filter_map(|no| self.friends.get(no));
        let outbox = awaited(friends);
        let unread = computers.into_iter().map(|no| self.leave(no)).sum();
        self.make_room();
        Answer::Removed { outbox, unread }
    }

    /// Erases the edge, the session, and every word. To the other side I am somebody who is never
    /// there.
    pub(super) fn leave(&mut self, no: u32) -> u32 {
        self.drop_conns_of(no);
        let joins = self.joins.iter().filter(|(_, j)| j.friend == Some(no));
        let joins: Vec<_> = joins.map(|(join, _)| *join).collect();
        joins.into_iter().for_each(|join| self.stop_joining(join));
        let made = self.invites.iter().filter(|(_, i)| i.claimed == Some(no));
        let made: Vec<_> = made.map(|(invite, _)| *invite).collect();
        made.into_iter().for_each(|invite| self.take_back(invite));
        let unread = self.erase_unread(no);
        self.erase_lines(&self.history.of(Some(no)));
        self.show_without(no);
        if let Some(friend) = self.friends.remove(&no) {
            self.erase_friend(no, &friend);
            self.introducer_left(no);
            self.forget_former();
        }
        unread
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
        let heard = friend.zone.heard.keys();
        self.dirty
            .extend(heard.map(|place| Saved::Heard(no, *place)));
        self.dirty.extend([
            Saved::Friend(no),
            Saved::Traffic(no),
            Saved::Sessions(no),
            Saved::Answer(no),
            Saved::Third(no),
            Saved::Renewal(no),
            Saved::Private(no),
            Saved::Trust(no),
            Saved::Shown(no),
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

/// When I met somebody: nobody was met before they have confirmed it.
fn met_min(friend: &Friend) -> u32 {
    if friend.settled {
        friend.trust.met_min
    } else {
        0
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

/// Words that a human is asked to compare; none if there is nothing to ask.
pub(super) fn asked_words(friend: &Friend) -> Vec<&'static str> {
    match session_words(friend) {
        none if none.is_empty() => identity_words(friend),
        words => words,
    }
}

/// Of several computers the person is shown as the one with the lowest.
fn known(how: How) -> u8 {
    match how {
        How::Recheck => 0,
        How::NewIdentity => 1,
        How::Former => 2,
        How::Copied => 3,
        How::Announced => 4,
        How::Invited | How::Joining => 5,
        How::Code => 6,
        How::Introduced => 7,
        How::Compared => 8,
        How::Met => 9,
    }
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
