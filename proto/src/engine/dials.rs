//! When and where a friend is dialled again: several addresses at once, pauses that double and are
//! never the same for two nodes. PROTOCOL §3.

use core::cmp::Reverse;

use super::doors::{Conn, Whom};
use super::{Addr, ConnId, Engine};
use crate::friend::{Friend, Redial, Road, makes_sense};
use crate::limits::{
    ADDRS_AT_ONCE, BOX_DIALS_MAX, CIRCUIT_ATTEMPTS, DIALS_MAX, REDIAL_MS_MAX, REDIAL_MS_MIN,
    REDIAL_MS_ROUNDED,
};
use crate::profile::Ways;

const SECOND_MS: u64 = 1_000;

impl Engine {
    /// Other dials of the same friend are not needed any more.
    pub(super) fn stop_dials(&mut self, no: u32) {
        let needless = |conn: &Conn| match conn {
            Conn::Dialling { whom, .. } => *whom == Whom::Friend(no),
            Conn::Flown { friend, .. } => *friend == no,
            _ => false,
        };
        self.drop_conns(needless);
    }

    /// Nobody waits any more for what an invitation that I took was to bring.
    pub(super) fn stop_runs(&mut self, no: u32) {
        let of = |conn: &Conn| match conn {
            Conn::Dialling { whom, .. } => *whom == Whom::Join(no),
            Conn::Asking { join, .. } | Conn::Claiming { join, .. } => *join == no,
            _ => false,
        };
        self.drop_conns(of);
    }

    /// Dials every friend whose pause is over, those who were tried least and seen last first. While I
    /// still retry their invitation, that is what is dialled instead.
    pub(super) fn dial_friends(&mut self) {
        let now_ms = self.now.boot_ms;
        let joining: Vec<_> = self.joins.values().filter_map(|join| join.friend).collect();
        let alone = self.friends.iter().filter(|(no, f)| {
            let on_edge = f.settled || !joining.contains(no);
            let ways = !f.addrs.is_empty() || f.roads.handle.is_some();
            self.is_sought(f) && ways && on_edge
        });
        let alone = alone.map(|(no, f)| (f.live.redial, f.traffic.last_seen_min, *no));
        let (mut due, later): (Vec<_>, Vec<_>) =
            alone.partition(|(redial, ..)| redial.at_ms <= now_ms);
        for (redial, ..) in later {
            self.wake_by(redial.at_ms);
        }
        due.sort_by_key(|(redial, seen, no)| (redial.attempt, Reverse(*seen), *no));
        let each = (self.dials_left() / due.len().max(1)).clamp(1, ADDRS_AT_ONCE);
        for (redial, _, no) in due {
            let next = self.dial_when_due(Whom::Friend(no), redial, each);
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.live.redial = next;
            }
        }
    }

    /// Dials those whose invitation I took and who have not said yes yet.
    pub(super) fn dial_inviters(&mut self) {
        let answers = |friend: Option<u32>| friend.is_none_or(|no| self.answers(no));
        let joins = self.joins.iter().filter(|(_, join)| answers(join.friend));
        let joins = joins.map(|(no, join)| (*no, join.redial));
        for (no, redial) in joins.collect::<Vec<_>>() {
            let next = self.dial_when_due(Whom::Join(no), redial, ADDRS_AT_ONCE);
            if let Some(join) = self.joins.get_mut(&no) {
                join.redial = next;
            }
        }
    }

    /// Dials so many of their addresses, unless something is under way.
    fn dial_all(&mut self, whom: Whom, attempt: u32, most: usize) {
        let under_way = |conn: &Conn| match (conn, whom) {
            (Conn::Dialling { whom: other, .. }, _) => *other == whom,
            (Conn::Flown { friend, .. } | Conn::Shaken { friend, .. }, Whom::Friend(no)) => {
                *friend == no
            }
            (Conn::Asking { join, .. } | Conn::Claiming { join, .. }, Whom::Join(no)) => {
                *join == no
            }
            _ => false,
        };
        if self.conns.values().any(under_way) {
            return;
        }
        let linked = matches!(whom, Whom::Friend(no) if self.has_link(no));
        if let Whom::Friend(no) = whom {
            let last_resort = !linked && self.tries_last_resort(no);
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.live.last_resort = last_resort;
            }
        }
        let (at_once, ways) = (most.min(self.dials_left()), self.settings.ways);
        let known = match whom {
            Whom::Friend(no) => self.friends.get(&no).map(|friend| {
                let here = [&self.listening[..], self.near.addrs()].concat();
                (&friend.point, turn(friend, &here, ways, attempt, at_once))
            }),
            Whom::Join(no) => self.joins.get(&no).map(|join| {
                let addrs = open(&join.code.addrs, ways);
                (&join.inviter, by_turns(&addrs, attempt, at_once))
            }),
            Whom::Meeting | Whom::Box(..) | Whom::Fetch(_) => None,
        };
        let Some((point, addrs)) = known else {
            return;
        };
        let handle = self.handle_of(point);
        for addr in addrs {
            self.dial(whom, handle, addr);
        }
        if let Whom::Friend(no) = whom
            && !linked
        {
            self.dial_through(no, attempt, self.dials_left());
        }
    }

    /// When a friend is dialled who has got this link: never, or now and then if it goes through somebody.
    pub(super) fn after_adoption(&mut self, conn: ConnId) -> Redial {
        if self.is_direct(conn) {
            return Redial::default();
        }
        let redial = self.after_attempt(Redial {
            at_ms: 0,
            attempt: CIRCUIT_ATTEMPTS,
        });
        self.wake_by(redial.at_ms);
        redial
    }

    /// Whether I look for another way to this friend: nothing leads to them, or only through somebody.
    pub(super) fn is_sought(&self, friend: &Friend) -> bool {
        let direct = |link| self.is_direct(link);
        !friend.live.link.is_some_and(direct) && !friend.private.blocked
    }

    fn has_link(&self, no: u32) -> bool {
        let friend = self.friends.get(&no);
        friend.is_some_and(|friend| friend.live.link.is_some())
    }

    pub(super) fn after_attempt(&mut self, redial: Redial) -> Redial {
        let pause = REDIAL_MS_MIN
            .saturating_mul(1 << redial.attempt.min(16))
            .min(REDIAL_MS_MAX);
        let at_ms = self.after(pause);
        Redial {
            at_ms: match pause >= REDIAL_MS_ROUNDED {
                true => at_ms.div_ceil(SECOND_MS).saturating_mul(SECOND_MS),
                false => at_ms,
            },
            attempt: redial.attempt.saturating_add(1),
        }
    }

    /// Dials if the pause is over, and says when to do it again. Without a place among the dials
    /// under way it was no attempt.
    fn dial_when_due(&mut self, whom: Whom, redial: Redial, most: usize) -> Redial {
        let next = if redial.at_ms > self.now.boot_ms {
            redial
        } else if self.dials_left() == 0 {
            self.wake_by(self.now.boot_ms.saturating_add(SECOND_MS));
            return redial;
        } else {
            // Counted before it begins: it chooses the root.
            let next = self.after_attempt(redial);
            self.dial_all(whom, redial.attempt, most);
            next
        };
        self.wake_by(next.at_ms);
        next
    }

    fn dials_left(&self) -> usize {
        DIALS_MAX.saturating_sub(self.dialling())
    }

    /// Whether one more box may be dialled; later, if not.
    pub(super) fn may_dial_a_box(&mut self) -> bool {
        let of_boxes = |conn: &&Conn| {
            let whom = match conn {
                Conn::Dialling { whom, .. } => *whom,
                _ => return false,
            };
            matches!(whom, Whom::Box(..) | Whom::Fetch(_))
        };
        let may = self.conns.values().filter(of_boxes).count() < BOX_DIALS_MAX;
        if !may {
            self.wake_by(self.now.boot_ms.saturating_add(SECOND_MS));
        }
        may
    }

    /// Where a keeper can be called, first where it answered last. Whoever gave these addresses: they lead by
    /// ways that are open to machines that can be there, as with friends.
    pub(super) fn callable(&self, addrs: &[Addr], worked: Option<Addr>) -> Vec<Addr> {
        let here = [&self.listening[..], self.near.addrs()].concat();
        let mut callable = open(addrs, self.settings.ways);
        callable.retain(|addr| makes_sense(addr, &here));
        callable.sort_by_key(|addr| Some(*addr) != worked);
        callable
    }

    /// How many dials are under way.
    pub(super) fn dialling(&self) -> usize {
        let dialling = |conn: &&Conn| matches!(conn, Conn::Dialling { .. });
        self.conns.values().filter(dialling).count()
    }

    /// The moment when a pause is over, between half of it and one and a half, so that nodes that
    /// fell together do not rise together.
    pub(super) fn after(&mut self, pause_ms: u64) -> u64 {
        let drawn = u64::from(u32::from_le_bytes(self.entropy.bytes())) % pause_ms.max(1);
        self.now.boot_ms.saturating_add(pause_ms / 2 + drawn)
    }
}

/// The addresses of a friend for this attempt: the one that worked last each time, the others by turns,
/// and of private ones only those that can be theirs from here. None but by a way that is open.
fn turn(friend: &Friend, here: &[Addr], ways: Ways, attempt: u32, at_once: usize) -> Vec<Addr> {
    let addrs = open(&friend.addrs, ways);
    let last = friend.roads.last.and_then(Road::addr);
    let last = last.filter(|addr| addrs.contains(addr));
    let others = addrs.iter().filter(|addr| Some(**addr) != last);
    let others: Vec<_> = others
        .filter(|addr| makes_sense(addr, here))
        .copied()
        .collect();
    let most = at_once.saturating_sub(usize::from(last.is_some()));
    let mut turn: Vec<_> = last.into_iter().collect();
    turn.extend(by_turns(&others, attempt, most));
    turn
}

/// Those that the person allows to be called.
pub(super) fn open(addrs: &[Addr], ways: Ways) -> Vec<Addr> {
    let open = addrs.iter().filter(|addr| ways.to(**addr).is_some());
    open.copied().collect()
}

/// So many of them, others at each attempt.
fn by_turns(addrs: &[Addr], attempt: u32, at_once: usize) -> Vec<Addr> {
    let first = (attempt as usize).saturating_mul(at_once) % addrs.len().max(1);
    let turn = addrs.iter().cycle().skip(first);
    turn.take(at_once.min(addrs.len())).copied().collect()
}
