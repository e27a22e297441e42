//! Friends as they are shown: one card for each person, put together from all of their computers, and
//! what of it needs a human first. Shows; changes nothing but safety words that are found out once.
//! PROTOCOL §2 "Trust", §6.

use super::people::count;
use super::persons::awaited;
use super::renewal::identity_words;
use super::saved::Saved;
use super::sessions::session_words;
use super::trust::provenance;
use super::{Answer, Computer, Contact, Engine, How, Language, Refusal, Timer};
use crate::friend::Friend;
use crate::identity::{safety_hash, safety_words};
use crate::name::{Foreign, Nick};
use crate::petname::Petname;

impl Engine {
    pub(super) fn contacts(&self) -> Vec<Contact> {
        let friends = self.friends.keys().filter(|no| self.is_first(**no));
        let friends = friends.filter_map(|no| self.card(*no));
        let joins = self.joins.values().filter(|join| join.friend.is_none());
        let joins = joins.map(|join| self.waiting(&join.name, How::Joining, join.code.expiry_min));
        let open = self.invites.iter().filter(|(_, it)| it.claimed.is_none());
        let invites = open.map(|(no, invite)| {
            let introduced = self.opened_by(*no).is_some();
            let how = if introduced {
                How::Joining
            } else {
                How::Invited
            };
            self.waiting(&invite.name, how, invite.code.expiry_min)
        });
        let mut all: Vec<_> = friends.chain(joins).chain(invites).collect();
        all.sort_by(|a, b| a.petname.cmp(&b.petname));
        all
    }

    pub(super) fn waiting(&self, name: &Petname, how: How, expires_min: u32) -> Contact {
        Contact {
            petname: name.as_str().to_owned(),
            nick: None,
            nick_looks_like: None,
            how,
            online: false,
            stopped: false,
            silent: false,
            reported: false,
            session_words: Vec::new(),
            last_seen_min: 0,
            since_min: 0,
            expires_min,
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
            outlook: None,
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
        let unread = computers.iter().map(|no| self.inbox.of(*no).alone);
        Some(Contact {
            petname: first.petname.as_str().to_owned(),
            nick: Nick::of(&first.nick),
            nick_looks_like: None,
            how: how(least),
            online: all.iter().any(|it| self.greeted(it)),
            stopped: all.iter().any(|it| self.is_stopped(it)),
            silent: all.iter().all(|it| is_silent(it)),
            reported: computers.iter().any(|no| self.groups.is_reported(*no)),
            session_words: all
                .iter()
                .map(|it| asked_words(it))
                .find(|it| !it.is_empty())
                .unwrap_or_default(),
            last_seen_min: all.iter().map(|it| it.traffic.last_seen_min).max()?,
            since_min: all.iter().map(|it| it.since_min).min()?,
            expires_min: 0,
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
            outlook: self.outlook(self.used(&computers)?),
            computers: all.iter().map(|it| self.computer(it)).collect(),
        })
    }

    /// Of a person's computers the one that is there, or was last.
    fn used(&self, computers: &[u32]) -> Option<u32> {
        let seen = |no: &&u32| {
            let friend = self.friends.get(no);
            friend.map(|it| (self.greeted(it), it.traffic.last_seen_min))
        };
        computers.iter().max_by_key(seen).copied()
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
