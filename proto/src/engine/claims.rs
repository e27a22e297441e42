//! An invitation being used, from the first message to the verdict, on both sides. The first to claim
//! it is the one; what makes a friend is on the disk before the message that says so. PROTOCOL §2a.

use super::doors::Conn;
use super::people::NewFriend;
use super::saved::Saved;
use super::{Addr, ConnId, Effect, Engine, Event};
use crate::identity::Point;
use crate::invite::exchange::{self, Asking, Claimed, Heard, Introduction, Verdict};
use crate::limits::{
    CLAIM_BYTES, INVITE_ASKS_MAX, INVITE_FLIGHT_BYTES, INVITE_RETRIES_PER_DAY_MAX, INVITE_RUNS_MAX,
    INVITE_TAGS_MAX, VERDICT_MS,
};
use crate::link::{Records, flight};
use crate::petname::Petname;
use crate::secret::{EdgeRoot, Key};
use crate::time::DAY_MINUTES;

impl Engine {
    /// Message 1 of an invitation: each is answered once, and not too many of them.
    pub(super) fn answer_joiner(&mut self, conn: ConnId, no: u32, bytes: &[u8]) -> Option<()> {
        let today = self.now.minutes() / DAY_MINUTES;
        let runs = self
            .conns
            .values()
            .filter(|c| matches!(c, Conn::Heard { invite, .. } if *invite == no));
        let runs = runs.count();
        let find = flight::find_of(bytes)?;
        let invite = self.invites.get_mut(&no)?;
        if invite.claimed.is_none() && invite.code.expiry_min <= self.now.minutes() {
            self.end_invite(no);
            return None;
        }
        if runs >= INVITE_RUNS_MAX || invite.asked.contains(&find) {
            return None;
        }
        if invite.claimed.is_some() {
            let (day, answered) = invite.retries;
            let answered = if day == today { answered } else { 0 };
            if answered >= INVITE_RETRIES_PER_DAY_MAX {
                return None;
            }
            // No tag makes room for another: whoever recorded a message 1 could have it answered.
            if invite.asked.len() >= INVITE_TAGS_MAX {
                return None;
            }
            invite.retries = (today, answered + 1);
        } else if invite.asked.len() >= INVITE_ASKS_MAX {
            self.end_invite(no);
            return None;
        }
        invite.asked.insert(find);
        let heard = exchange::hear(&invite.keys, self.me.newest(), bytes, &mut self.entropy);
        self.mark(Saved::Invite(no));
        let (heard, bytes) = heard.ok()?;
        self.conns.insert(conn, Conn::Heard { invite: no, heard });
        self.then(Effect::Write { conn, bytes });
        self.then(Effect::Read {
            conn,
            bytes: CLAIM_BYTES,
            within_ms: VERDICT_MS,
        });
        Some(())
    }

    /// Sends message 1 of an invitation that I took.
    pub(super) fn ask(&mut self, conn: ConnId, no: u32, addr: Addr) -> Option<()> {
        let join = self.joins.get(&no)?;
        let (asking, bytes) = exchange::ask(
            &join.keys,
            self.me.newest(),
            &join.inviter,
            &mut self.entropy,
        )
        .ok()?;
        self.conns.insert(
            conn,
            Conn::Asking {
                join: no,
                asking,
                addr,
            },
        );
        self.then(Effect::Write { conn, bytes });
        self.then(Effect::Read {
            conn,
            bytes: INVITE_FLIGHT_BYTES,
            within_ms: VERDICT_MS,
        });
        Some(())
    }

    /// Message 2 was good: the edge goes to the disk as `waiting`, then message 3 leaves. One run at
    /// a time passes here.
    pub(super) fn claim(
        &mut self,
        conn: ConnId,
        no: u32,
        asking: Asking,
        addr: Addr,
        bytes: &[u8],
    ) -> Option<()> {
        let busy = self
            .conns
            .values()
            .any(|c| matches!(c, Conn::Claiming { join, .. } if *join == no));
        let join = self.joins.get(&no).filter(|_| !busy)?;
        let me = Introduction {
            nick: join.nick.clone(),
            addrs: self.listening.clone(),
        };
        let claim = asking
            .claim(&join.keys, bytes, &me, &mut self.entropy)
            .ok()?;
        match join.friend {
            Some(friend) => {
                self.friends
                    .get_mut(&friend)?
                    .add_root(claim.root, self.me.newest());
                self.mark(Saved::Friend(friend));
                self.befriended_by_theirs(no, friend, false);
            }
            None => {
                let new = NewFriend {
                    petname: join.name.clone(),
                    nick: String::new(),
                    point: join.inviter,
                    joined: true,
                    addrs: join.code.addrs.clone(),
                    language: join.code.language,
                    root: claim.root,
                };
                let friend = self.befriend(new);
                self.joins.get_mut(&no)?.friend = Some(friend);
                self.mark(Saved::Join(no));
                self.befriended_by_theirs(no, friend, true);
            }
        }
        self.conns.insert(
            conn,
            Conn::Claiming {
                join: no,
                records: claim.records,
                addr,
            },
        );
        self.then(Effect::Write {
            conn,
            bytes: claim.message,
        });
        self.then(Effect::Read {
            conn,
            bytes: CLAIM_BYTES,
            within_ms: VERDICT_MS,
        });
        Some(())
    }

    /// Message 3 was good: the first to come is the one, in the same breath; another is an alarm.
    pub(super) fn claimed(
        &mut self,
        conn: ConnId,
        no: u32,
        heard: Heard,
        bytes: &[u8],
    ) -> Option<()> {
        let invite = self.invites.get(&no)?;
        let claimed = heard.claimed(&invite.keys, bytes).ok()?;
        let Claimed {
            joiner,
            root,
            about,
            mut records,
        } = claimed;
        let before = invite.claimed;
        if !self.is_open_to(no, &joiner) {
            return None;
        }
        match before {
            Some(friend) => self.claimed_again(no, friend, &joiner, root)?,
            None => self.claimed_first(no, joiner, root, about)?,
        }
        // The addresses of the invitation: if it named others than where we listen, it knew why.
        let invite = self.invites.get(&no)?;
        let me = Introduction {
            nick: invite.nick.clone(),
            addrs: invite.code.addrs.clone(),
        };
        let bytes = exchange::seal_verdict(&mut records, Verdict::Accepted, &me)?;
        self.then(Effect::Write { conn, bytes });
        self.then(Effect::Close(conn));
        Some(())
    }

    pub(super) fn claimed_first(
        &mut self,
        no: u32,
        joiner: Point,
        root: Key<EdgeRoot>,
        about: Introduction,
    ) -> Option<()> {
        let invite = self.invites.get(&no)?;
        if joiner == *self.me.point() || invite.code.expiry_min <= self.now.minutes() {
            return None;
        }
        let known = self.friend_of(&joiner);
        let friend_no = match known {
            Some(friend) if !self.answers(friend) => return None,
            Some(friend) => self.crossed(friend, root, about)?,
            None => {
                let mut petname = invite.name.clone();
                if planted!(NickIsPetname)
                    && let Ok(nick) = Petname::parse(&about.nick)
                {
                    petname = nick;
                }
                let new = NewFriend {
                    petname,
                    nick: about.nick,
                    point: joiner,
                    joined: false,
                    addrs: about.addrs,
                    language: invite.code.language,
                    root,
                };
                self.befriend(new)
            }
        };
        self.befriended_by_mine(no, friend_no, known.is_none());
        self.join_is_used_up(&joiner);
        self.invites.get_mut(&no)?.claimed = Some(friend_no);
        if !planted!(ClaimForgotten) {
            self.mark(Saved::Invite(no));
        }
        let petname = self.friends.get(&friend_no)?.petname.as_str().to_owned();
        self.show(Event::Paired { petname });
        Some(())
    }

    /// Somebody I know and never linked with: an earlier invitation got stuck, or we took each
    /// other's at once. Then the run in which the lower IK joins stands, so that they keep one edge
    /// and one of them begins the session. The other run hears nothing.
    pub(super) fn crossed(
        &mut self,
        no: u32,
        root: Key<EdgeRoot>,
        about: Introduction,
    ) -> Option<u32> {
        let me = *self.me.point();
        let joining = self.joins.values().any(|join| join.friend == Some(no));
        let friend = self
            .friends
            .get_mut(&no)
            .filter(|friend| !friend.linked && (!joining || friend.point < me))?;
        friend.add_root(root, self.me.newest());
        if !core::mem::replace(&mut friend.settled, true) {
            friend.joined = false;
        }
        friend.nick = about.nick;
        let addrs = about.addrs.into_iter().rev();
        addrs.for_each(|addr| friend.add_addr(addr));
        self.mark(Saved::Friend(no));
        Some(no)
    }

    /// The honest joiner's retry makes one more candidate, until there is a link; anybody else
    /// holds a copy of the invitation.
    pub(super) fn claimed_again(
        &mut self,
        invite: u32,
        friend_no: u32,
        joiner: &Point,
        root: Key<EdgeRoot>,
    ) -> Option<()> {
        let friend = self.friends.get_mut(&friend_no);
        match friend {
            Some(friend) if friend.point == *joiner => {
                if friend.linked {
                    return None;
                }
                friend.add_root(root, self.me.newest());
                self.mark(Saved::Friend(friend_no));
                Some(())
            }
            other => {
                // Which of the two it was meant for, only the words can tell: said until they do.
                if let Some(friend) = other {
                    friend.copied = true;
                    self.mark(Saved::Friend(friend_no));
                }
                let petname = self.invites.get(&invite)?.name.as_str().to_owned();
                self.show(Event::Copied { petname });
                None
            }
        }
    }

    /// The verdict: accepted, the edge is settled, the invitation used up, the link dialled at once.
    pub(super) fn verdict(
        &mut self,
        no: u32,
        mut records: Records,
        addr: Addr,
        bytes: &[u8],
    ) -> Option<()> {
        let (verdict, about) = exchange::open_verdict(&mut records, bytes)?;
        if verdict == Verdict::Waiting {
            return None;
        }
        let friend_no = self.joins.remove(&no)?.friend?;
        self.mark(Saved::Join(no));
        let friend = self.friends.get_mut(&friend_no)?;
        friend.settled = true;
        friend.nick = about.nick;
        about
            .addrs
            .into_iter()
            .rev()
            .for_each(|addr| friend.add_addr(addr));
        friend.add_addr(addr);
        friend.live.redial = Default::default();
        let petname = friend.petname.as_str().to_owned();
        self.mark(Saved::Friend(friend_no));
        self.show(Event::Paired { petname });
        self.wake_by(self.now.boot_ms);
        // The connection has said all it had to.
        None
    }
}
