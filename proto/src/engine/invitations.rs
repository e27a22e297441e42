//! Invitations made and taken, while they wait: who may be invited, how many, until when. What is
//! ended is erased, so that no clock set back brings it to life. PROTOCOL §2a.

use std::collections::BTreeSet;

use super::saved::Saved;
use super::{Addr, Answer, Engine, Event, Refusal};
use crate::friend::Redial;
use crate::identity::Point;
use crate::invite::Code;
use crate::invite::exchange::InviteKeys;
use crate::limits::{
    INVITE_LIFETIME_SECONDS_MAX, INVITE_LIFETIME_SECONDS_MIN, INVITES_OPEN_MAX,
    INVITES_PER_DAY_MAX, NICK_BYTES_MAX, POST_MINUTES,
};
use crate::petname::Petname;
use crate::time::DAY_MINUTES;

/// An invitation that I made.
pub(super) struct Invite {
    pub code: Code,
    pub keys: InviteKeys,
    pub name: Petname,
    pub nick: String,
    /// Find tags of first messages that were answered: each once.
    pub asked: BTreeSet<[u8; 16]>,
    /// The friend it made.
    pub claimed: Option<u32>,
    /// Day since 1970, and how many were answered on it after the claim.
    pub retries: (u32, u32),
}

impl Invite {
    pub(super) fn new(code: Code, name: Petname, nick: String) -> Self {
        let keys = InviteKeys::of(&code);
        Self {
            code,
            keys,
            name,
            nick,
            asked: BTreeSet::new(),
            claimed: None,
            retries: (0, 0),
        }
    }
}

/// An invitation that I took.
pub(super) struct Join {
    pub code: Code,
    pub keys: InviteKeys,
    pub inviter: Point,
    pub name: Petname,
    pub nick: String,
    /// The friend that waits for the verdict, once the inviter was heard.
    pub friend: Option<u32>,
    pub redial: Redial,
}

impl Join {
    pub(super) fn new(code: Code, inviter: Point, name: Petname, nick: String) -> Self {
        let keys = InviteKeys::of(&code);
        Self {
            code,
            keys,
            inviter,
            name,
            nick,
            friend: None,
            redial: Redial::default(),
        }
    }
}

impl Engine {
    pub(super) fn unclaimed(&self) -> impl Iterator<Item = &Invite> {
        self.invites
            .values()
            .filter(|invite| invite.claimed.is_none())
    }

    pub(super) fn invite(
        &mut self,
        name: &str,
        lifetime_s: u64,
        addrs: Vec<Addr>,
        language: super::Language,
    ) -> Result<Answer, Refusal> {
        let name = self.free_name(name, None)?;
        if !(INVITE_LIFETIME_SECONDS_MIN..=INVITE_LIFETIME_SECONDS_MAX).contains(&lifetime_s) {
            return Err(Refusal::BadLifetime);
        }
        self.room_for_a_friend()?;
        let addrs = Code::fitting(if addrs.is_empty() {
            &self.listening
        } else {
            &addrs
        });
        if addrs.is_empty() {
            return Err(Refusal::NoAddress);
        }
        self.count_invitation()?;
        // 30 days of seconds fit u32 minutes by far.
        let expiry_min = self.now.minutes().saturating_add((lifetime_s / 60) as u32);
        let code = Code {
            expiry_min,
            ik: *self.me.point().as_bytes(),
            secret: Code::secret(|bytes| self.entropy.fill(bytes)),
            addrs,
            language,
        };
        let text = code.to_text().map_err(|_| Refusal::NoAddress)?.to_string();
        let no = self.counters.next_invite;
        self.counters.next_invite += 1;
        self.invites
            .insert(no, Invite::new(code, name, String::new()));
        self.mark(Saved::Invite(no));
        self.mark(Saved::Node);
        self.wake_by_minute(expiry_min);
        Ok(Answer::Invitation {
            code: text,
            expires_min: expiry_min,
        })
    }

    pub(super) fn count_invitation(&mut self) -> Result<(), Refusal> {
        let today = self.now.minutes() / DAY_MINUTES;
        let (day, made) = self.counters.invites;
        let made = if day == today { made } else { 0 };
        let open = self.invites.iter();
        let open = open.filter(|(no, it)| it.claimed.is_none() && self.opened_by(**no).is_none());
        if open.count() >= INVITES_OPEN_MAX || made >= INVITES_PER_DAY_MAX {
            return Err(Refusal::TooManyInvitations);
        }
        self.counters.invites = (today, made + 1);
        Ok(())
    }

    pub(super) fn accept(
        &mut self,
        code: &str,
        name: &str,
        nick: String,
    ) -> Result<Answer, Refusal> {
        let code = Code::parse(code).map_err(|_| Refusal::BadCode)?;
        let inviter = Point::parse(code.ik).map_err(|_| Refusal::BadCode)?;
        if inviter == *self.me.point() {
            return Err(Refusal::OwnCode);
        }
        // Somebody of whom nothing was heard since: another code of theirs may do better.
        let waiting = self.friend_of(&inviter);
        waiting.map_or(Ok(()), |no| self.not_blocked(no))?;
        if let Some(friend) = waiting
            .and_then(|no| self.friends.get(&no))
            .filter(|f| f.settled)
        {
            return Err(Refusal::AlreadyFriend {
                petname: friend.petname.as_str().to_owned(),
            });
        }
        let mut joins = self.joins.values();
        let before = joins.find(|join| join.inviter == inviter).is_some();
        if code.expiry_min <= self.now.minutes() {
            return Err(Refusal::CodeExpired);
        }
        if nick.len() > NICK_BYTES_MAX {
            return Err(Refusal::BadName);
        }
        let name = self.free_name(name, Some(&inviter))?;
        if waiting.is_none() && !before {
            self.room_for_a_friend()?;
        }
        let expires_min = code.expiry_min;
        self.take_up(code, inviter, name, nick);
        Ok(Answer::Accepted { expires_min })
    }

    /// From now on I try to use this one, in the place of another by the same inviter.
    pub(super) fn take_up(
        &mut self,
        code: Code,
        inviter: Point,
        name: Petname,
        nick: String,
    ) -> u32 {
        let waiting = self.friend_of(&inviter);
        let before = self.joins.iter().find(|(_, join)| join.inviter == inviter);
        let before = before.map(|(no, _)| *no);
        let no = before.unwrap_or(self.counters.next_invite);
        self.counters.next_invite += u32::from(before.is_none());
        if let Some(friend) = waiting.and_then(|no| self.friends.get_mut(&no)) {
            friend.petname = name.clone();
        }
        // Runs of the code before this one hold up those of the new one.
        self.stop_runs(no);
        let mut join = Join::new(code, inviter, name, nick);
        join.friend = waiting;
        self.joins.insert(no, join);
        self.dirty.extend(waiting.map(Saved::Friend));
        self.mark(Saved::Join(no));
        self.mark(Saved::Node);
        self.wake_by(self.now.boot_ms);
        no
    }

    /// Ends the invitations whose time has come. What is ended is erased, so that no clock set back
    /// brings it to life.
    pub(super) fn end_invitations(&mut self) {
        let minute = self.now.minutes();
        let linked = |no: &u32| self.friends.get(no).is_none_or(|friend| friend.linked);
        let ended: Vec<_> = self
            .invites
            .iter()
            .filter(|(_, invite)| match &invite.claimed {
                None => invite.code.expiry_min <= minute,
                // Till its end it tells of a second person; then only the joiner still needs it.
                Some(no) => {
                    invite
                        .code
                        .expiry_min
                        .saturating_add(if linked(no) { 0 } else { POST_MINUTES })
                        <= minute
                }
            })
            .map(|(no, _)| *no)
            .collect();
        for no in ended {
            self.end_invite(no);
        }
        let ended: Vec<_> = self
            .joins
            .iter()
            .filter(|(_, join)| {
                let more = if join.friend.is_some() {
                    POST_MINUTES
                } else {
                    0
                };
                join.code.expiry_min.saturating_add(more) <= minute
            })
            .map(|(no, _)| *no)
            .collect();
        for no in ended {
            self.end_join(no);
        }
        let ends = self.invites.values().map(|invite| invite.code.expiry_min);
        let ends = ends.chain(self.joins.values().map(|join| join.code.expiry_min));
        if let Some(minute) = ends.filter(|end| *end > minute).min() {
            self.wake_by_minute(minute);
        }
    }

    pub(super) fn end_invite(&mut self, no: u32) {
        if let Some(invite) = self.invites.remove(&no) {
            if !planted!(EndForgotten) {
                self.mark(Saved::Invite(no));
            }
            if invite.claimed.is_none() {
                self.show(Event::Expired {
                    petname: invite.name.as_str().to_owned(),
                });
            }
        }
    }

    /// The edge stands without a verdict: a link came first, or the inviter took an invitation of
    /// mine. Another run would only make roots that one of us does not hold.
    pub(super) fn join_is_used_up(&mut self, inviter: &Point) {
        let theirs = |(_, join): &(&u32, &Join)| join.inviter == *inviter;
        if let Some(no) = self.joins.iter().find(theirs).map(|(no, _)| *no) {
            self.joins.remove(&no);
            self.mark(Saved::Join(no));
        }
    }

    /// The edge of one who was heard and said nothing stays: they may have kept it, and may dial.
    pub(super) fn end_join(&mut self, no: u32) {
        if let Some(join) = self.joins.remove(&no) {
            self.mark(Saved::Join(no));
            self.show(Event::Expired {
                petname: join.name.as_str().to_owned(),
            });
        }
    }
}
