//! Connections that are still mute: whose flight it is, what may be answered, and the steps of an
//! invitation. Nothing is answered that is not on the disk; a stranger gets nothing. PROTOCOL §2a, §3.

use super::links::Before;
use super::people::NewFriend;
use super::saved::Saved;
use super::{Addr, ConnId, Effect, Engine, Event, Handle, Knock};
use crate::identity::Point;
use crate::invite::exchange::{self, Asking, Claimed, Heard, Introduction, Verdict};
use crate::limits::{
    CLAIM_BYTES, DOOR_STEP_MS, FLIGHT_BYTES, INVITE_ASKS_MAX, INVITE_FLIGHT_BYTES,
    INVITE_RETRIES_PER_DAY_MAX, INVITE_RUNS_MAX, INVITE_TAGS_MAX, KNOCK_BYTES,
    SHAKEN_PER_FRIEND_MAX, VERDICT_MS,
};
use crate::link::{self, Dialled, Records, flight, stamps};
use crate::secret::{EdgeRoot, Key};
use crate::time::DAY_MINUTES;

/// What a connection is, from its first byte to its last.
pub(super) enum Conn {
    /// TCP is being opened.
    Dialling { whom: Whom, addr: Addr },
    /// My flight to a friend was sent.
    Flown {
        friend: u32,
        root: [u8; 16],
        dialled: Dialled,
        addr: Addr,
        before: Before,
    },
    /// The handshake is done; the first record is awaited.
    Shaken {
        friend: u32,
        root: [u8; 16],
        stamp: Option<u64>,
        addr: Option<Addr>,
        before: Before,
    },
    /// It carries frames.
    Link(Linked),
    /// I answered the first message of an invitation.
    Heard { invite: u32, heard: Heard },
    /// I sent the first message of an invitation.
    Asking {
        join: u32,
        asking: Asking,
        addr: Addr,
    },
    /// I sent the third; the verdict is awaited.
    Claiming {
        join: u32,
        records: Records,
        addr: Addr,
    },
}

/// A link that is up.
pub(super) struct Linked {
    pub friend: u32,
    pub dialled: bool,
    /// What the peer's Hello is compared with.
    pub before: Before,
    /// Whether the peer's Hello was compared.
    pub greeted: bool,
    /// Whether one side went back in time: then no parcel leaves here.
    pub stopped: bool,
    /// Whether an offer of a session was answered here.
    pub answered: bool,
}

/// Whom a dial is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Friend(u32),
    Join(u32),
}

/// Whose door a flight knocks at.
enum Door {
    Friend(u32, [u8; 16]),
    Invite(u32),
}

impl Engine {
    /// Judges the first bytes of an inbound connection: the first 40, then all of them. Changes
    /// nothing and may be called at any time, so a stranger never waits for the disk nor makes it work.
    pub fn knock(&self, bytes: &[u8]) -> Knock {
        let Some(door) = self.door(bytes) else {
            return Knock::Stranger;
        };
        let (length, tagged) = match &door {
            Door::Friend(no, root) => {
                let keys = self.friends.get(no).and_then(|friend| friend.root(root));
                (
                    FLIGHT_BYTES,
                    keys.is_some_and(|keys| flight::tagged(&keys.from.flight, bytes)),
                )
            }
            Door::Invite(no) => {
                let invite = self.invites.get(no);
                (
                    INVITE_FLIGHT_BYTES,
                    invite.is_some_and(|invite| flight::tagged(&invite.keys.flight, bytes)),
                )
            }
        };
        match bytes.len() {
            KNOCK_BYTES => Knock::More(length),
            whole if whole == length && tagged => Knock::Known,
            _ => Knock::Stranger,
        }
    }

    /// Every hint is tried, whichever fits, so that time tells nothing.
    fn door(&self, head: &[u8]) -> Option<Door> {
        let mut found = None;
        for (no, friend) in &self.friends {
            for root in &friend.roots {
                if flight::knocks(&root.from.hint, head) {
                    found = Some(Door::Friend(*no, root.name));
                }
            }
        }
        for (no, invite) in &self.invites {
            if flight::knocks(&invite.keys.hint, head) {
                found = Some(Door::Invite(*no));
            }
        }
        found
    }

    /// A whole first flight, whose tag was found good.
    pub(super) fn flight(&mut self, conn: ConnId, bytes: &[u8]) {
        let answered = match (self.knock(bytes), self.door(bytes)) {
            (Knock::Known, Some(Door::Friend(no, root))) => {
                self.answer_friend(conn, no, root, bytes)
            }
            (Knock::Known, Some(Door::Invite(no))) => self.answer_joiner(conn, no, bytes),
            _ => None,
        };
        if answered.is_none() {
            self.drop_conn(conn);
        }
    }

    /// Stamp first, and stored; only then the Diffie-Hellman, and the answer after the commit.
    fn answer_friend(&mut self, conn: ConnId, no: u32, root: [u8; 16], bytes: &[u8]) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        if friend.live.failed_too_often(self.now) {
            return None;
        }
        let keys = friend.roots.iter().find(|keys| keys.name == root)?;
        let stamp = link::stamp_of(keys, bytes)?;
        if !friend.traffic.link_stamps.accept(stamp) {
            return None;
        }
        let answer = link::answer(keys, &self.me, &friend.point, bytes, &mut self.entropy);
        if answer.is_err() {
            friend.live.failed(self.now);
        }
        let point = friend.point;
        self.mark(Saved::Traffic(no));
        let (bytes, records) = answer.ok()?;
        let handle = self.handle_of(&point);
        self.bound_shaken(no);
        let before = self.before(no);
        self.conns.insert(
            conn,
            Conn::Shaken {
                friend: no,
                root,
                stamp: Some(stamp),
                addr: None,
                before,
            },
        );
        self.then(Effect::Write { conn, bytes });
        self.then(Effect::Link {
            conn,
            handle,
            records: Box::new(records),
        });
        Some(())
    }

    /// Makes room for one more answered flight of a friend.
    fn bound_shaken(&mut self, no: u32) {
        let answered = |conn: &Conn| matches!(conn, Conn::Shaken { friend, stamp: Some(_), .. } if *friend == no);
        let mut shaken = self.conns.iter().filter(|(_, conn)| answered(conn));
        let oldest = shaken.next().map(|(conn, _)| *conn);
        if let Some(oldest) = oldest.filter(|_| shaken.count() + 1 >= SHAKEN_PER_FRIEND_MAX) {
            self.closed(oldest);
            self.drop_conn(oldest);
        }
    }

    /// Message 1 of an invitation: each is answered once, and not too many of them.
    fn answer_joiner(&mut self, conn: ConnId, no: u32, bytes: &[u8]) -> Option<()> {
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
        let heard = exchange::hear(&invite.keys, &self.me, bytes, &mut self.entropy);
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

    /// A connection that I asked for is open.
    pub(super) fn connected(&mut self, conn: ConnId) {
        let done = match self.conns.remove(&conn) {
            Some(Conn::Dialling {
                whom: Whom::Friend(no),
                addr,
            }) => self.fly(conn, no, addr),
            Some(Conn::Dialling {
                whom: Whom::Join(no),
                addr,
            }) => self.ask(conn, no, addr),
            _ => None,
        };
        if done.is_none() {
            self.drop_conn(conn);
        }
    }

    /// Sends my flight to a friend; its stamp is stored before.
    fn fly(&mut self, conn: ConnId, no: u32, addr: Addr) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        let stamp = stamps::next(friend.traffic.last_stamp, self.now.wall_ms);
        friend.traffic.last_stamp = stamp;
        let keys = friend.root_to_dial()?;
        let flown = link::dial(keys, &self.me, &friend.point, stamp, &mut self.entropy);
        let root = keys.name;
        self.mark(Saved::Traffic(no));
        let (dialled, bytes) = flown.ok()?;
        let before = self.before(no);
        self.conns.insert(
            conn,
            Conn::Flown {
                friend: no,
                root,
                dialled,
                addr,
                before,
            },
        );
        self.then(Effect::Write { conn, bytes });
        self.then(Effect::Read {
            conn,
            bytes: FLIGHT_BYTES,
            within_ms: DOOR_STEP_MS,
        });
        Some(())
    }

    /// Sends message 1 of an invitation that I took.
    fn ask(&mut self, conn: ConnId, no: u32, addr: Addr) -> Option<()> {
        let join = self.joins.get(&no)?;
        let (asking, bytes) =
            exchange::ask(&join.keys, &self.me, &join.inviter, &mut self.entropy).ok()?;
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

    /// The bytes that a mute connection was to read.
    pub(super) fn door_bytes(&mut self, conn: ConnId, bytes: &[u8]) {
        let done = match self.conns.remove(&conn) {
            Some(Conn::Flown {
                friend,
                root,
                dialled,
                addr,
                before,
            }) => self
                .shaken(friend, root, dialled, bytes)
                .map(|(handle, records)| {
                    let shaken = Conn::Shaken {
                        friend,
                        root,
                        stamp: None,
                        addr: Some(addr),
                        before,
                    };
                    self.conns.insert(conn, shaken);
                    self.then(Effect::Link {
                        conn,
                        handle,
                        records,
                    });
                }),
            Some(Conn::Asking { join, asking, addr }) => {
                self.claim(conn, join, asking, addr, bytes)
            }
            Some(Conn::Heard { invite, heard }) => self.claimed(conn, invite, heard, bytes),
            Some(Conn::Claiming {
                join,
                records,
                addr,
            }) => self.verdict(join, records, addr, bytes),
            _ => None,
        };
        if done.is_none() {
            self.drop_conn(conn);
        }
    }

    /// The answer to my flight was good: whose link it is, and its records.
    fn shaken(
        &self,
        no: u32,
        root: [u8; 16],
        dialled: Dialled,
        bytes: &[u8],
    ) -> Option<(Handle, Box<Records>)> {
        let friend = self.friends.get(&no)?;
        let records = Box::new(dialled.finish(friend.root(&root)?, bytes).ok()?);
        Some((self.handle_of(&friend.point), records))
    }

    /// Message 2 was good: the edge goes to the disk as `waiting`, then message 3 leaves. One run at
    /// a time passes here.
    fn claim(
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
                    .add_root(claim.root, &self.me);
                self.mark(Saved::Friend(friend));
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
    fn claimed(&mut self, conn: ConnId, no: u32, heard: Heard, bytes: &[u8]) -> Option<()> {
        let invite = self.invites.get(&no)?;
        let claimed = heard.claimed(&invite.keys, bytes).ok()?;
        let Claimed {
            joiner,
            root,
            about,
            mut records,
        } = claimed;
        match invite.claimed {
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

    fn claimed_first(
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
        let friend_no = match self.friend_of(&joiner) {
            Some(friend) => self.crossed(friend, root, about)?,
            None => {
                let new = NewFriend {
                    petname: invite.name.clone(),
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
        self.join_is_used_up(&joiner);
        self.invites.get_mut(&no)?.claimed = Some(friend_no);
        self.mark(Saved::Invite(no));
        let petname = self.friends.get(&friend_no)?.petname.as_str().to_owned();
        self.show(Event::Paired { petname });
        Some(())
    }

    /// Somebody I know and never linked with: an earlier invitation got stuck, or we took each
    /// other's at once. Then the run in which the lower IK joins stands, so that they keep one edge
    /// and one of them begins the session. The other run hears nothing.
    fn crossed(&mut self, no: u32, root: Key<EdgeRoot>, about: Introduction) -> Option<u32> {
        let me = *self.me.point();
        let joining = self.joins.values().any(|join| join.friend == Some(no));
        let friend = self
            .friends
            .get_mut(&no)
            .filter(|friend| !friend.linked && (!joining || friend.point < me))?;
        friend.add_root(root, &self.me);
        if !core::mem::replace(&mut friend.settled, true) {
            friend.joined = false;
        }
        friend.nick = about.nick;
        let addrs = about.addrs.into_iter().rev();
        addrs.for_each(|addr| friend.add_addr(addr));
        self.mark(Saved::Friend(no));
        Some(no)
    }

    /// The honest joiner's retry makes one more candidate, until a link has chosen; anybody else
    /// holds a copy of the invitation.
    fn claimed_again(
        &mut self,
        invite: u32,
        friend_no: u32,
        joiner: &Point,
        root: Key<EdgeRoot>,
    ) -> Option<()> {
        let friend = self.friends.get_mut(&friend_no);
        match friend.filter(|friend| friend.point == *joiner) {
            Some(friend) if friend.linked => None,
            Some(friend) => {
                friend.add_root(root, &self.me);
                self.mark(Saved::Friend(friend_no));
                Some(())
            }
            None => {
                let petname = self.invites.get(&invite)?.name.as_str().to_owned();
                self.show(Event::Copied { petname });
                None
            }
        }
    }

    /// The verdict: accepted, the edge is settled, the invitation used up, the link dialled at once.
    fn verdict(&mut self, no: u32, mut records: Records, addr: Addr, bytes: &[u8]) -> Option<()> {
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

    pub(super) fn drop_conn(&mut self, conn: ConnId) {
        self.conns.remove(&conn);
        self.then(Effect::Close(conn));
    }

    /// Asks for a dial and remembers whom it is for.
    pub(super) fn dial(&mut self, whom: Whom, handle: Handle, addr: Addr) {
        let conn = ConnId(self.next_conn);
        self.next_conn += 2;
        self.conns.insert(conn, Conn::Dialling { whom, addr });
        self.then(Effect::Dial { conn, handle, addr });
    }
}
