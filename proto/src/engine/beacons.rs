//! Friends who are on the same network: when a beacon leaves, for whom, and the dial that a heard one
//! brings about. Nothing here is stored; who has no friends, or blocked them, says and hears nothing.
//! PROTOCOL §3 "Beacons".

use super::doors::{Conn, Whom};
use super::{Addr, Effect, Engine};
use crate::beacon::{Heard, seal};
use crate::edge::Edge;
use crate::friend::{Redial, Road};
use crate::limits::{
    BEACON_DIAL_PAUSE_MS, BEACON_DIALS_MAX, BEACON_MS_MAX, BEACON_MS_MIN, BEACON_TAGS, DIALS_MAX,
    NEAR_ADDRS_MAX,
};
use crate::secret::{Beacon, Key};

/// What this node has to do with its neighbours.
#[derive(Default)]
pub(super) struct Near {
    /// From where beacons go.
    addrs: Vec<Addr>,
    /// Whether the shell listens for them.
    hears: bool,
    /// When the next one leaves, and how many have left since something changed.
    next: Redial,
    /// How many left at all: where the turns of friends are.
    turn: usize,
}

impl Near {
    /// Whether friends are listened for.
    pub(super) fn hears(&self) -> bool {
        self.hears
    }

    /// Addresses that neighbours can use.
    pub(super) fn addrs(&self) -> &[Addr] {
        &self.addrs
    }
}

impl Engine {
    /// From other addresses than before: whoever is there hears of it soon.
    pub(super) fn near(&mut self, mut addrs: Vec<Addr>) {
        addrs.truncate(NEAR_ADDRS_MAX);
        if self.near.addrs != addrs {
            self.near.addrs = addrs;
            self.beacons_again();
        }
    }

    /// Something changed: the pauses between beacons are short again.
    pub(super) fn beacons_again(&mut self) {
        let at_ms = self.after(BEACON_MS_MIN);
        let attempt = 0;
        self.near.next = Redial { at_ms, attempt };
        self.wake_by(at_ms);
    }

    /// Sends beacons if that is due: one from each address, for friends who are not linked.
    pub(super) fn beacons(&mut self) {
        let known = self.friends.values().any(|friend| !friend.private.blocked);
        let hears = known && !self.near.addrs.is_empty();
        if core::mem::replace(&mut self.near.hears, hears) != hears {
            self.then(Effect::Hear(hears));
        }
        let sought = self
            .friends
            .values()
            .filter(|friend| self.is_sought(friend));
        let sought: Vec<_> = sought.map(|f| f.edges.iter().collect::<Vec<_>>()).collect();
        if sought.is_empty() || !hears {
            return;
        }
        let Redial { at_ms, attempt } = self.near.next;
        if at_ms > self.now.boot_ms {
            return self.wake_by(at_ms);
        }
        let turn = self.near.turn;
        let keys = keys(&sought, turn);
        let wall_ms = self.now.wall_ms;
        for from in self.near.addrs.clone() {
            let bytes = seal(&keys, &from, wall_ms, &mut self.entropy);
            self.then(Effect::Beacon { from, bytes });
        }
        self.near.turn = turn.wrapping_add(1);
        let pause = BEACON_MS_MIN
            .saturating_mul(1 << attempt.min(16))
            .min(BEACON_MS_MAX);
        let next = Redial {
            at_ms: self.after(pause),
            attempt: attempt.saturating_add(1),
        };
        self.wake_by(next.at_ms);
        self.near.next = next;
    }

    /// A beacon, or what somebody sends as if it were one. If it is a friend's who is sought they are
    /// dialled; nobody else learns that it was heard.
    pub(super) fn beacon(&mut self, from: Addr, bytes: &[u8]) {
        let Some(heard) = Heard::read(from, bytes, self.now.wall_ms) else {
            return;
        };
        if !self.near.hears {
            return;
        }
        let mut sought = self
            .friends
            .iter()
            .filter(|(_, friend)| self.is_sought(friend));
        let found = sought.find_map(|(no, friend)| {
            let mut keys = friend.edges.doors().map(Edge::beacon_from);
            let addr = keys.find_map(|key| heard.addr(&key))?;
            Some((*no, addr))
        });
        if let Some((no, addr)) = found {
            self.dial_near(no, addr);
        }
    }

    /// Dials where a friend's beacon came from, whatever else is under way.
    fn dial_near(&mut self, no: u32, addr: Addr) {
        let until_ms = self.after(BEACON_DIAL_PAUSE_MS);
        let full = self.dialling() >= DIALS_MAX + BEACON_DIALS_MAX;
        let same = |conn: &Conn| matches!(conn, Conn::Dialling { whom, road } if *whom == Whom::Friend(no) && *road == Road::Addr(addr));
        if full || self.conns.values().any(same) {
            return;
        }
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if friend.live.deaf_until_ms > self.now.boot_ms {
            return;
        }
        friend.live.deaf_until_ms = until_ms;
        let point = friend.point;
        self.dial(Whom::Friend(no), self.handle_of(&point), addr);
    }
}

/// The keys of one beacon: of each friend one edge, by turns while several may be the one; of more
/// friends than it has place for, by turns others.
fn keys(sought: &[Vec<&Edge>], turn: usize) -> Vec<Key<Beacon>> {
    let first = turn.wrapping_mul(BEACON_TAGS) % sought.len().max(1);
    let turns = sought.iter().cycle().skip(first);
    let edges = turns.take(sought.len().min(BEACON_TAGS));
    let edges = edges.filter_map(|edges| edges.get(turn % edges.len().max(1)));
    edges.map(|edge| edge.beacon_to()).collect()
}
