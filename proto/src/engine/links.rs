//! Connections that speak: the Hello that comes first, frames, and what is told when one comes up or
//! goes. Which of two stays is in `choice.rs`. PROTOCOL §3 "Hello".

mod choice;

use super::doors::{Conn, Linked, Place, Whom};
use super::post::Heard;
use super::saved::Saved;
use super::{Body, ConnId, Effect, Engine, Event};
use crate::friend::{Friend, Redial, Road};
use crate::limits::REDIAL_MS_MIN;
use crate::link::hello;
use crate::ratchet::Standings;
use crate::secret::Said;

/// Frame types. §3
pub(super) const HELLO: u8 = 1;
pub(super) const PARCEL: u8 = 2;
pub(super) const ROOM: u8 = 3;

/// How far things were with a friend when a handshake began. Whatever the peer says on that link it
/// says later, so it must know at least this.
pub(super) struct Before {
    pub sessions: Standings,
    acknowledged: (u32, u32),
}

impl Before {
    /// The furthest parcel of mine that they had acknowledged in this session, if they had any.
    pub(super) fn acknowledged_in(&self, session: &[u8; 32]) -> Option<(u32, u32)> {
        let active = self.sessions.active.filter(|it| it.session == *session);
        active.and((self.acknowledged.0 > 0).then_some(self.acknowledged))
    }
}

impl Engine {
    /// Whether parcels flow between us and this friend.
    pub(super) fn greeted(&self, friend: &Friend) -> bool {
        friend.live.link.is_some_and(|conn| self.is_greeted(conn))
    }

    /// Whether the Hello of this friend's link showed that a disk went back in time.
    pub(super) fn is_stopped(&self, friend: &Friend) -> bool {
        let conn = friend.live.link.and_then(|conn| self.conns.get(&conn));
        matches!(conn, Some(Conn::Link(Linked { stopped: true, .. })))
    }

    pub(super) fn is_greeted(&self, conn: ConnId) -> bool {
        matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked { greeted: true, .. }))
        )
    }

    /// Both ends have authenticated: this root is the one we share, this stamp is spent.
    pub(super) fn opened(&mut self, conn: ConnId) {
        let Some(Conn::Shaken {
            friend: no,
            root,
            stamp,
            road,
            through,
            before,
        }) = self.conns.remove(&conn)
        else {
            return self.drop_conn(conn);
        };
        // Another root may have been kept since the handshake: then this one is nobody's any more.
        let friend = self.friends.get_mut(&no);
        let Some(friend) = friend.filter(|friend| friend.root(&root).is_some()) else {
            return self.drop_conn(conn);
        };
        let ends = friend.edges.of(&root).map(|edge| edge.ends());
        let by_lower = ends.is_some_and(|[me, them]| road.is_some() == (me < them));
        let waited = !friend.settled;
        if friend.prefer_root(&root) {
            self.dirty.insert(Saved::Friend(no));
        }
        let last_resort = friend.root(&root).is_some_and(|keys| keys.is_recovery());
        friend.live.heard();
        // Under the last resort only a human moves the floor.
        if let Some(stamp) = stamp.filter(|_| !last_resort) {
            friend.traffic.link_stamps.settle(stamp);
            self.dirty.insert(Saved::Traffic(no));
        }
        let (point, petname) = (friend.point, friend.petname.as_str().to_owned());
        self.join_is_used_up(&point);
        road.into_iter().for_each(|road| self.road_worked(no, road));
        if waited {
            self.show(Event::Paired { petname });
        }
        let dialled = road.is_some();
        self.conns.insert(
            conn,
            Conn::Link(Linked {
                friend: no,
                root,
                dialled,
                through,
                by_lower,
                before,
                greeted: false,
                stopped: false,
                apart: false,
                answered: None,
                place: match last_resort {
                    true => Place::LastResort(Vec::new()),
                    false => Place::Among,
                },
            }),
        );
        let hello = hello::encode(&self.standings(no));
        self.send_frame(conn, HELLO, hello);
        match self.friends.get(&no).and_then(|friend| friend.live.link) {
            _ if last_resort => self.put_beside(no, Some(conn)),
            // Whether it may take the other's place shows its Hello.
            Some(_) => self.wait_as_spare(no, conn),
            None => self.adopt(no, conn),
        }
    }

    /// This one is tried first the next time.
    fn road_worked(&mut self, no: u32, road: Road) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let addr = road.addr();
        if let Some(addr) = addr.filter(|addr| friend.addrs.first() != Some(addr)) {
            friend.add_addr(addr);
            self.dirty.insert(Saved::Friend(no));
        }
        if friend.roads.worked(road) {
            self.dirty.insert(Saved::Roads(no));
        }
    }

    pub(super) fn before(&self, no: u32) -> Before {
        let friend = self.friends.get(&no);
        Before {
            sessions: self.standings(no),
            acknowledged: friend.map_or((0, 0), |friend| friend.traffic.acknowledged),
        }
    }

    fn standings(&self, no: u32) -> Standings {
        let friend = self.friends.get(&no);
        friend.map_or_else(Standings::default, |friend| friend.sessions.standings())
    }

    /// A frame came in on a link. Says what was in a parcel that opened.
    pub(super) fn frame(&mut self, conn: ConnId, kind: u8, body: &[u8]) -> Option<Heard> {
        let Some(Conn::Link(link)) = self.conns.get(&conn) else {
            return None;
        };
        let no = link.friend;
        match (link.greeted, kind) {
            (false, HELLO) => self.hello(no, conn, body),
            (true, PARCEL) if self.is_held(conn) => self.hold(conn, body),
            (true, PARCEL) => return self.parcel(no, Some(conn), body),
            (true, ROOM) => self.their_room(no, conn, body),
            // Nothing goes before the Hello, and it goes once.
            (false, _) | (true, HELLO) => self.lost(no, conn),
            // Kinds of a later version.
            (true, _) => {}
        }
        None
    }

    /// Compares where each session stands on both sides before any parcel moves.
    fn hello(&mut self, no: u32, conn: ConnId, body: &[u8]) {
        let Ok(theirs) = hello::decode(body) else {
            return self.lost(no, conn);
        };
        self.compare_sessions(no, conn, &theirs);
        let link = self.friends.get(&no).and_then(|friend| friend.live.link);
        if link == Some(conn) {
            self.online(no, conn);
        } else if self.is_last_resort(conn) {
            self.greeted_beside(no, conn, &theirs);
        } else if self.is_held(conn) {
            self.put_stale(no, conn);
        } else {
            self.choose(no, conn);
        }
    }

    fn online(&mut self, no: u32, conn: ConnId) {
        let minute = self.now.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        friend.traffic.last_seen_min = minute;
        let petname = friend.petname.as_str().to_owned();
        let news = !core::mem::replace(&mut friend.live.online, true);
        self.mark(Saved::Traffic(no));
        if news {
            self.tell_of(no, Event::Online { petname });
        }
        self.settle_sessions(no, conn);
        // What a stop left unsealed beside a session.
        self.seal_waiting(no);
        self.flush(no);
        self.rotate_when_due(no);
        self.tell_addresses(no);
        self.give_missing(no);
        self.look_soon(no);
    }

    /// Ends an open link: the peer broke the protocol, or must begin again.
    pub(super) fn lost(&mut self, no: u32, conn: ConnId) {
        self.then(Effect::Close(conn));
        self.conns.remove(&conn);
        self.link_down(no, conn);
    }

    /// A connection is over.
    pub(super) fn closed(&mut self, conn: ConnId) {
        match self.conns.remove(&conn) {
            Some(Conn::Link(link)) => self.link_down(link.friend, conn),
            Some(Conn::Shaken {
                friend,
                stamp: Some(_),
                ..
            }) => {
                if let Some(friend) = self.friends.get_mut(&friend) {
                    friend.live.failed(self.now);
                }
            }
            Some(Conn::Flown { friend, .. }) => {
                let friend = self.friends.get_mut(&friend);
                // Who speaks to me through a friend is not silent, whoever is at their address now.
                if let Some(friend) = friend.filter(|friend| friend.live.link.is_none()) {
                    friend.live.silence(self.now);
                }
            }
            Some(
                Conn::Spoke(_)
                | Conn::Dialling {
                    whom: Whom::Meeting,
                    ..
                },
            ) => self.spoke_closed(conn),
            Some(Conn::Dialling {
                whom: Whom::Box(no, place),
                ..
            }) => self.leaving_failed(no, place),
            Some(Conn::Leaving(leaving)) => self.leaving_closed(*leaving),
            Some(Conn::Dialling {
                whom: Whom::Fetch(no),
                ..
            }) => self.fetching_failed(no),
            Some(Conn::Fetching(fetching)) => self.fetching_failed(fetching.keeper),
            _ => {}
        }
    }

    fn link_down(&mut self, no: u32, conn: ConnId) {
        let soon = self.after(REDIAL_MS_MIN);
        let minute = self.now.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if friend.live.spare == Some(conn) {
            friend.live.spare = None;
        }
        if friend.live.beside == Some(conn) {
            return self.put_beside(no, None);
        }
        if friend.live.stale == Some(conn) {
            friend.live.stale = None;
        }
        if friend.live.link != Some(conn) {
            return;
        }
        if let Some(spare) = friend.live.spare.take() {
            return self.adopt(no, spare);
        }
        friend.outbox.call_back();
        friend.live.link = None;
        friend.live.dropped_by = friend.roads.last.and_then(Road::via);
        friend.live.redial = Redial {
            at_ms: soon,
            attempt: 0,
        };
        self.wake_by(soon);
        self.beacons_again();
        self.drop_stale(no);
        self.offline(no, minute);
    }

    /// All connections with a friend end, and none takes another's place.
    pub(super) fn part(&mut self, no: u32) {
        self.drop_conns_of(no);
        let minute = self.now.minutes();
        if let Some(Friend { live, outbox, .. }) = self.friends.get_mut(&no) {
            (live.link, live.spare, live.beside, live.stale) = (None, None, None, None);
            outbox.call_back();
        }
        self.offline(no, minute);
    }

    fn offline(&mut self, no: u32, minute: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if core::mem::take(&mut friend.live.online) {
            friend.traffic.last_seen_min = minute;
            let petname = friend.petname.as_str().to_owned();
            self.mark(Saved::Traffic(no));
            self.tell_of(no, Event::Offline { petname });
        }
    }

    pub(super) fn send_frame(&mut self, conn: ConnId, kind: u8, body: Vec<u8>) {
        self.then(Effect::Frame {
            conn,
            kind,
            body: Body::Here(Said::new(body)),
        });
    }
}
