//! Connections that are still mute: whose flight it is, what may be answered, and the steps of an
//! invitation. Who knocks here is in `inbound.rs`. Nothing is answered that is not on the disk; a
//! stranger gets nothing. PROTOCOL §2a, §3.

mod inbound;

use super::links::Before;
use super::mailboxes::{Fetching, Leaving};
use super::meeting::Spoke;
use super::saved::Saved;
use super::{Addr, ConnId, Effect, Engine, Handle};
use crate::friend::Road;
use crate::invite::exchange::{Asking, Heard};
use crate::limits::{DOOR_STEP_MS, FLIGHT_BYTES, RECOVERY_LEAP};
use crate::link::{self, Dialled, Records, stamps};

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
        through: bool,
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
    /// I leave something in a friend's box.
    Leaving(Box<Leaving>),
    /// I fetch what is in mine.
    Fetching(Box<Fetching>),
}

/// A link that is up.
pub(super) struct Linked {
    pub friend: u32,
    /// The edge root it authenticated under.
    pub root: [u8; 16],
    pub dialled: bool,
    /// Whether it goes through a friend of both.
    pub through: bool,
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
    /// A friend's box, by its place.
    Box(u32, u32),
    /// A box of mine that this friend keeps.
    Fetch(u32),
}

impl Engine {
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
            Some(Conn::Dialling {
                whom: Whom::Box(no, place),
                road: Road::Addr(addr),
            }) => self.knock_to_leave(conn, no, place, addr),
            Some(Conn::Dialling {
                whom: Whom::Fetch(no),
                road: Road::Addr(addr),
            }) => self.knock_to_fetch(conn, no, addr),
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
                        through: road.addr().is_none(),
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
            Some(Conn::Leaving(leaving)) => self.leaving_heard(conn, leaving, bytes),
            Some(Conn::Fetching(fetching)) => self.fetching_heard(conn, *fetching, bytes),
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
            Conn::Dialling { whom, .. } => match whom {
                Whom::Friend(of) | Whom::Box(of, _) | Whom::Fetch(of) => *of == no,
                Whom::Join(_) | Whom::Meeting => false,
            },
            Conn::Leaving(leaving) => leaving.friend == no,
            Conn::Fetching(fetching) => fetching.keeper == no,
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
    pub(super) fn dial(&mut self, whom: Whom, handle: Handle, addr: Addr) -> ConnId {
        let conn = self.new_dial(whom, Road::Addr(addr));
        self.then(Effect::Dial { conn, handle, addr });
        conn
    }

    /// The number of a connection that is being opened.
    pub(super) fn new_dial(&mut self, whom: Whom, road: Road) -> ConnId {
        let conn = ConnId(self.next_conn);
        self.next_conn += 2;
        self.conns.insert(conn, Conn::Dialling { whom, road });
        conn
    }
}
