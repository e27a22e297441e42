//! Connections that are still mute: whose flight it is, what may be answered, and the steps of an
//! invitation. Nothing is answered that is not on the disk; a stranger gets nothing. PROTOCOL §2a, §3.

use super::links::Before;
use super::meeting::Spoke;
use super::saved::Saved;
use super::{Addr, ConnId, Effect, Engine, Handle, Knock};
use crate::edge::Edge;
use crate::friend::Road;
use crate::invite::exchange::{Asking, Heard};
use crate::limits::{
    DOOR_STEP_MS, FLIGHT_BYTES, INVITE_FLIGHT_BYTES, KNOCK_BYTES, RECOVERY_LEAP,
    SHAKEN_PER_FRIEND_MAX,
};
use crate::link::{self, Dialled, Records, flight, stamps};

/// What a connection is, from its first byte to its last.
pub(super) enum Conn {
    /// TCP is being opened.
    Dialling { whom: Whom, road: Road },
    /// My flight to a friend was sent.
    Flown {
        friend: u32,
        root: [u8; 16],
        dialled: Dialled,
        road: Road,
        before: Before,
    },
    /// The handshake is done; the first record is awaited.
    Shaken {
        friend: u32,
        root: [u8; 16],
        stamp: Option<u64>,
        road: Option<Road>,
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
    /// A connection of a meeting.
    Spoke(Spoke),
}

/// A link that is up.
pub(super) struct Linked {
    pub friend: u32,
    /// The edge root it authenticated under.
    pub root: [u8; 16],
    pub dialled: bool,
    /// The road it came about on, if I dialled.
    pub road: Option<Road>,
    /// Whether who dialled has the lower of the two identities.
    pub by_lower: bool,
    /// What the peer's Hello is compared with.
    pub before: Before,
    /// Whether the peer's Hello was compared.
    pub greeted: bool,
    /// Whether what I say would not be understood, or one side went back in time: then no parcel
    /// leaves here.
    pub stopped: bool,
    /// Whether a new session has to begin here.
    pub apart: bool,
    /// The offer of a session that was answered here last, by its header tag.
    pub answered: Option<[u8; 16]>,
    pub place: Place,
}

/// How a link stands to the others of its friend.
pub(super) enum Place {
    /// It is the one that is used, or waits to be.
    Among,
    /// It came by the last resort, and carries only what belongs to these sessions.
    LastResort(Vec<[u8; 32]>),
    /// Its Hello is older than what a link that is in step has shown; nobody knows yet whether that
    /// one is alive. Until then what came last is kept here.
    Held(Vec<u8>),
    /// Likewise, and that one is alive: nothing but the handshake of a session without a past goes here.
    Stale,
}

/// Whom a dial is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Friend(u32),
    Join(u32),
    Meeting,
}

/// Whose door a flight knocks at.
enum Door {
    /// A friend's, and the name of the epoch whose tag the flight bears.
    Friend(u32, Option<[u8; 16]>),
    /// That of an edge which another took the place of, and whether the flight bears its tag.
    Former(u32, bool),
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
            Door::Friend(_, keys) => (FLIGHT_BYTES, keys.is_some()),
            Door::Former(_, tagged) => (FLIGHT_BYTES, *tagged),
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

    /// Every hint is tried, whichever fits, so that time tells nothing. Under which epoch a friend
    /// comes shows the tag, once the flight is whole.
    fn door(&self, bytes: &[u8]) -> Option<Door> {
        let (mut found, mut former) = (None, None);
        let head = flight::Head::read(bytes)?;
        for (no, friend) in &self.friends {
            for edge in friend.edges.doors() {
                if head.knocks(&edge.dialled().from.hint) {
                    found = Some((*no, edge));
                }
            }
            for door in friend.renewal.former.doors() {
                if head.knocks(&door.hint) {
                    former = Some((*no, &door.flight));
                }
            }
        }
        let epoch = |(no, edge): (u32, &Edge)| {
            let mut keys = edge.keys();
            let tagged = keys.find(|keys| flight::tagged(&keys.from.flight, bytes));
            Door::Friend(no, tagged.map(|keys| keys.name))
        };
        let tagged = |(no, key)| Door::Former(no, flight::tagged(key, bytes));
        let found = found.map(epoch).or(former.map(tagged));
        // Whom I blocked is nobody, from here on.
        let mut found = found.filter(|door| match door {
            Door::Friend(no, _) | Door::Former(no, _) => self.answers(*no),
            Door::Invite(_) => true,
        });
        for (no, invite) in &self.invites {
            if head.knocks(&invite.keys.hint) {
                let open = invite.claimed.is_none_or(|friend| self.answers(friend));
                found = open.then_some(Door::Invite(*no));
            }
        }
        found
    }

    /// A whole first flight, whose tag was found good.
    pub(super) fn flight(&mut self, conn: ConnId, bytes: &[u8]) {
        let answered = match (self.knock(bytes), self.door(bytes)) {
            (Knock::Known, Some(Door::Friend(no, Some(root)))) => {
                self.answer_friend(conn, no, root, bytes)
            }
            (Knock::Known, Some(Door::Invite(no))) => self.answer_joiner(conn, no, bytes),
            (Knock::Known, Some(Door::Former(no, _))) => {
                self.former_knocks(no);
                None
            }
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
        let (keys, [me, them]) = friend.edges.between(&root)?;
        let stamp = link::stamp_of(keys, bytes)?;
        let stamps = match keys.is_recovery() {
            true => &mut friend.traffic.recovery_stamps.link,
            false => &mut friend.traffic.link_stamps,
        };
        let new = stamps.accept(stamp);
        if friend.live.was_answered(flight::find_of(bytes)?) || !new {
            return None;
        }
        let answer = link::answer(keys, self.me.of(me), them, bytes, &mut self.entropy);
        if answer.is_err() {
            friend.live.failed(self.now);
        }
        let point = friend.point;
        // They hold this epoch: that is on the disk before they can see that I know.
        if answer.is_ok() && friend.edges.proved(&root) {
            self.dirty.insert(Saved::Friend(no));
        }
        if !planted!(TheirStampForgotten) {
            self.mark(Saved::Traffic(no));
        }
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
                road: None,
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

    /// A connection that I asked for is open.
    pub(super) fn connected(&mut self, conn: ConnId) {
        let done = match self.conns.remove(&conn) {
            Some(Conn::Dialling {
                whom: Whom::Friend(no),
                road,
            }) => self.fly(conn, no, road),
            Some(Conn::Dialling {
                whom: Whom::Join(no),
                road: Road::Addr(addr),
            }) => self.ask(conn, no, addr),
            Some(Conn::Dialling {
                whom: Whom::Meeting,
                ..
            }) => self.call_host(conn),
            _ => None,
        };
        if done.is_none() {
            self.drop_conn(conn);
        }
    }

    /// Sends my flight to a friend; its stamp is stored before.
    fn fly(&mut self, conn: ConnId, no: u32, road: Road) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        let leap = match friend.live.last_resort {
            true => RECOVERY_LEAP,
            false => 0,
        };
        let last = friend.traffic.last_stamp.saturating_add(leap);
        let stamp = stamps::next(last, self.now.wall_ms);
        friend.traffic.last_stamp = stamp;
        let keys = friend.root_to_dial()?;
        let root = keys.name;
        let (keys, [me, them]) = friend.edges.between(&root)?;
        let flown = link::dial(keys, self.me.of(me), them, stamp, &mut self.entropy);
        self.mark(Saved::Traffic(no));
        let (dialled, bytes) = flown.ok()?;
        let before = self.before(no);
        self.conns.insert(
            conn,
            Conn::Flown {
                friend: no,
                root,
                dialled,
                road,
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

    /// The bytes that a mute connection was to read.
    pub(super) fn door_bytes(&mut self, conn: ConnId, bytes: &[u8]) {
        let done = match self.conns.remove(&conn) {
            Some(Conn::Flown {
                friend,
                root,
                dialled,
                road,
                before,
            }) => self
                .shaken(friend, root, dialled, bytes)
                .map(|(handle, records)| {
                    let shaken = Conn::Shaken {
                        friend,
                        root,
                        stamp: None,
                        road: Some(road),
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
            Some(Conn::Spoke(spoke)) => self.spoke(conn, spoke, bytes),
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

    pub(super) fn drop_conn(&mut self, conn: ConnId) {
        self.conns.remove(&conn);
        self.then(Effect::Close(conn));
    }

    /// Closes all connections with a friend.
    pub(super) fn drop_conns_of(&mut self, no: u32) {
        self.drop_conns(|conn| match conn {
            Conn::Dialling { whom, .. } => *whom == Whom::Friend(no),
            Conn::Flown { friend, .. }
            | Conn::Shaken { friend, .. }
            | Conn::Link(Linked { friend, .. }) => *friend == no,
            Conn::Heard { .. } | Conn::Asking { .. } | Conn::Claiming { .. } | Conn::Spoke(_) => {
                false
            }
        });
    }

    /// Closes all connections of a kind.
    pub(super) fn drop_conns(&mut self, which: impl Fn(&Conn) -> bool) {
        let conns = self.conns.iter().filter(|(_, conn)| which(conn));
        let conns: Vec<_> = conns.map(|(conn, _)| *conn).collect();
        conns.into_iter().for_each(|conn| self.drop_conn(conn));
    }

    /// Asks for a dial and remembers whom it is for.
    pub(super) fn dial(&mut self, whom: Whom, handle: Handle, addr: Addr) {
        let conn = self.new_dial(whom, Road::Addr(addr));
        self.then(Effect::Dial { conn, handle, addr });
    }

    /// The number of a connection that is being opened.
    pub(super) fn new_dial(&mut self, whom: Whom, road: Road) -> ConnId {
        let conn = ConnId(self.next_conn);
        self.next_conn += 2;
        self.conns.insert(conn, Conn::Dialling { whom, road });
        conn
    }
}
