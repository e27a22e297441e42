//! Those who are no node: somebody who sees every wire, records it and sends some of it again;
//! strangers who connect; and a friend's node that says what no node says.

use std::collections::HashMap;

use kith_proto::engine::Body;
use kith_proto::secret::Said;

use super::disk::contains;
use super::people::CANARY;
use super::{DAY, Event, MS, SECOND, World};

/// What somebody counts who sees every wire.
pub(crate) struct Tap {
    /// How often each byte came.
    pub(crate) counts: [u64; 256],
    /// The same of the first and the second byte of what is sent at once.
    pub(crate) heads: [[u64; 256]; 2],
    /// How many parcels left a node.
    pub(crate) parcels: u64,
    /// What was sealed under each nonce, by its last bytes.
    sealed: HashMap<[u8; 24], [u8; 16]>,
}

impl Tap {
    /// A parcel is noise too, whoever carries it, and always the same under the same nonce.
    pub(super) fn parcel(&mut self, bytes: &[u8]) {
        assert!(!contains(bytes, CANARY), "a name or a word in a parcel");
        self.parcels += 1;
        self.sealed_once(bytes);
    }

    fn sealed_once(&mut self, bytes: &[u8]) {
        if let (Some(nonce), Some(end)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let before = *self.sealed.entry(*nonce).or_insert(*end);
            assert_eq!(before, *end, "a nonce is used twice");
        }
    }

    /// Nothing but noise was on the wires. Far above what noise comes to: once in 10^15.
    pub(super) fn check(&self) {
        for counts in [&self.counts, &self.heads[0], &self.heads[1]] {
            let total: u64 = counts.iter().sum();
            let found = chi_square(counts);
            assert!(total < 32 || found < 600.0, "no noise on the wire: {found}");
        }
    }
}

/// Pearson's chi-square of 256 equally likely bytes: about 255, hardly ever 400.
pub(crate) fn chi_square(counts: &[u64; 256]) -> f64 {
    let total: u64 = counts.iter().sum();
    let expected = total as f64 / 256.0;
    let deviation = |count: &u64| (*count as f64 - expected).powi(2) / expected;
    counts.iter().map(deviation).sum()
}

impl Default for Tap {
    fn default() -> Self {
        Self {
            counts: [0; 256],
            heads: [[0; 256]; 2],
            parcels: 0,
            sealed: HashMap::new(),
        }
    }
}

impl World {
    /// What is on the wire is noise; a first flight that was answered may be sent again.
    pub(super) fn look_at(&mut self, wire: usize, side: usize, bytes: &[u8]) {
        for byte in bytes {
            self.tap.counts[usize::from(*byte)] += 1;
        }
        for (head, byte) in self.tap.heads.iter_mut().zip(bytes) {
            head[usize::from(*byte)] += 1;
        }
        assert!(!contains(bytes, CANARY), "a name or a word on the wire");
        let tapped = &mut self.wires[wire];
        if side == 0 && tapped.flight.is_empty() {
            tapped.flight = bytes.to_vec();
            self.tap.sealed_once(bytes);
        } else if side == 1 && !core::mem::replace(&mut tapped.answered, true) {
            let (node, flight) = (tapped.listener, tapped.flight.clone());
            self.answered.insert(node, flight.clone());
            // Before the first record comes, only a stamp on the disk tells a replay.
            if self.chance.one_in(self.weather.stumble / 10) {
                self.stumble(node);
            }
            if self.chance.one_in(self.weather.replay) {
                for longest in [SECOND, DAY] {
                    let (delay, flight) = (self.chance.below(longest), flight.clone());
                    self.after(delay, Event::Replay { node, flight });
                }
            }
        }
    }

    /// A node that just started is asked again what it answered last.
    pub(super) fn replay_to(&mut self, node: usize) {
        let flight = self.answered.get(&node).cloned();
        if let Some(flight) = flight.filter(|_| self.chance.one_in(self.weather.replay)) {
            let delay = self.chance.below(50 * MS);
            self.after(delay, Event::Replay { node, flight });
        }
    }

    /// Nobody plays its first flights to this node again.
    pub(super) fn forget_flights(&mut self, node: usize) {
        self.answered.remove(&node);
        let same = |event: &Event| matches!(event, Event::Replay { node: its, .. } if *its == node);
        self.events.retain(|_, event| !same(event));
    }

    /// Somebody who is no node connects and sends these bytes: not a byte may come back.
    pub(crate) fn stranger(&mut self, node: usize, bytes: &[u8]) -> usize {
        let wire = self.new_wire(node, None);
        self.reaches(wire);
        self.packet(wire, 0, bytes.to_vec());
        wire
    }

    /// As [`stranger`](Self::stranger), but somebody who may be answered.
    pub(crate) fn outsider(&mut self, node: usize, bytes: &[u8]) -> usize {
        let wire = self.stranger(node, bytes);
        self.wires[wire].stranger = Some((Vec::new(), true));
        wire
    }

    /// More bytes on such a connection.
    pub(crate) fn outsider_sends(&mut self, wire: usize, bytes: &[u8]) {
        self.packet(wire, 0, bytes.to_vec());
    }

    /// Such a connection is closed by who made it.
    pub(crate) fn close_outsider(&mut self, wire: usize) {
        self.shut(wire, 0);
    }

    /// What came back on such a connection.
    pub(crate) fn heard(&self, wire: usize) -> &[u8] {
        self.wires[wire]
            .stranger
            .as_ref()
            .map_or(&[], |(heard, _)| heard)
    }

    /// Whether the node has closed this connection.
    pub(crate) fn is_over(&self, wire: usize) -> bool {
        let holder = self.wires[wire].holders[1];
        !holder.is_some_and(|holder| self.holds(wire, holder.node, holder.conn))
    }

    /// A friend's node says on its link what no node says.
    pub(crate) fn send_frame(&mut self, from: usize, to: usize, kind: u8, body: &[u8]) {
        let wire = self.wires.iter().position(|wire| {
            let between = |node| wire.holders.iter().flatten().any(|h| h.node == node);
            let live = !wire.cut && wire.holders.iter().flatten().all(|h| self.speaks(*h));
            live && between(from) && between(to)
        });
        let wire = wire.expect("a link between them");
        let mut holders = self.wires[wire].holders.into_iter().flatten();
        let conn = holders
            .find(|holder| holder.node == from)
            .map(|holder| holder.conn);
        let body = Body::Here(Said::new(body.to_vec()));
        self.frame(from, conn.expect("its end"), kind, &body);
    }
}

/// The first bytes of all connections that nodes dialled and whose flight was answered.
pub(crate) fn first_flights(world: &World) -> Vec<Vec<u8>> {
    let answered = world.wires.iter().filter(|wire| wire.answered);
    answered.map(|wire| wire.flight.clone()).collect()
}
