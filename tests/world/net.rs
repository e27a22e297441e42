//! The network: byte streams between nodes, and what the weather does to them.

use kith_proto::engine::{Addr, ConnId, Input};

use super::{Deed, Event, MS, SECOND, World};

/// Each fault comes once in so many chances; 0 is never.
#[derive(Clone, Copy)]
pub(crate) struct Weather {
    pub(crate) slow: u64,
    pub(crate) cut: u64,
    pub(crate) refused: u64,
    pub(crate) blackholed: u64,
    pub(crate) replay: u64,
    pub(crate) slow_disk: u64,
    pub(crate) flip: u64,
    pub(crate) stray: u64,
    pub(crate) stumble: u64,
}

/// One kind of fault in a weather.
type Fault = fn(&mut Weather) -> &mut u64;

impl Weather {
    /// All of them, by name.
    pub(crate) const FAULTS: [(&str, Fault); 9] = [
        ("slow", |weather| &mut weather.slow),
        ("cut", |weather| &mut weather.cut),
        ("refused", |weather| &mut weather.refused),
        ("blackholed", |weather| &mut weather.blackholed),
        ("replay", |weather| &mut weather.replay),
        ("slow-disk", |weather| &mut weather.slow_disk),
        ("flip", |weather| &mut weather.flip),
        ("stray", |weather| &mut weather.stray),
        ("stumble", |weather| &mut weather.stumble),
    ];
    pub(crate) const CALM: Self = Self {
        flip: 0,
        stray: 0,
        stumble: 0,
        slow: 0,
        cut: 0,
        refused: 0,
        blackholed: 0,
        replay: 0,
        slow_disk: 0,
    };
    pub(crate) const STORM: Self = Self {
        flip: 200,
        stray: 15,
        stumble: 150,
        slow: 12,
        cut: 40,
        refused: 6,
        blackholed: 8,
        replay: 3,
        slow_disk: 10,
    };
}

/// One parcel, caught before it went into a record.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) bytes: Vec<u8>,
}

/// Who holds one end of a connection.
#[derive(Clone, Copy)]
pub(super) struct Holder {
    pub(super) node: usize,
    pub(super) conn: ConnId,
}

/// A connection. Side 0 dialled, side 1 listened.
pub(super) struct Wire {
    pub(super) holders: [Option<Holder>; 2],
    pub(super) listener: usize,
    pub(super) cut: bool,
    ready: [u64; 2],
    /// The dialler's first bytes, until they are a flight.
    pub(super) flight: Vec<u8>,
    /// Whether its listener said anything.
    pub(super) answered: bool,
    /// No node dialled it: what came back, and whether anything may.
    pub(super) stranger: Option<(Vec<u8>, bool)>,
}

/// Node `n` listens here.
pub(crate) fn addr_of(node: usize) -> Addr {
    Addr::V4([10, 0, 0, node as u8], 4242)
}

/// Another address of the same node.
pub(crate) fn other_addr_of(node: usize) -> Addr {
    Addr::V4([10, 0, 1, node as u8], 4242)
}

fn node_at(addr: Addr) -> usize {
    match addr {
        Addr::V4([10, 0, 0 | 1, node], 4242) => node.into(),
        _ => usize::MAX,
    }
}

impl World {
    /// A node dials.
    pub(super) fn dial(&mut self, node: usize, conn: ConnId, addr: Addr) {
        let listener = node_at(addr);
        let wire = self.new_wire(listener, Some(Holder { node, conn }));
        let chance = &mut self.chance;
        let away = self
            .nodes
            .get(listener)
            .is_none_or(|listener| listener.hidden)
            || self
                .splits
                .contains(&(node.min(listener), node.max(listener)));
        let event = if away || chance.one_in(self.weather.blackholed) {
            (10 * SECOND, Event::Over { wire, side: 0 })
        } else if chance.one_in(self.weather.refused) {
            (chance.below(50 * MS), Event::Over { wire, side: 0 })
        } else {
            (self.delay(), Event::Reaches { wire })
        };
        self.after(event.0, event.1);
    }

    pub(super) fn new_wire(&mut self, listener: usize, dialler: Option<Holder>) -> usize {
        let stranger = dialler.is_none().then_some((Vec::new(), false));
        self.wires.push(Wire {
            holders: [dialler, None],
            listener,
            cut: false,
            ready: [0; 2],
            flight: Vec::new(),
            answered: false,
            stranger,
        });
        self.wires.len() - 1
    }

    pub(super) fn reaches(&mut self, wire: usize) {
        let (listener, cut) = (self.wires[wire].listener, self.wires[wire].cut);
        let accepted = (!cut).then(|| self.accept(listener, wire)).flatten();
        let Some(conn) = accepted else {
            return self.after(MS, Event::Over { wire, side: 0 });
        };
        self.wires[wire].holders[1] = Some(Holder {
            node: listener,
            conn,
        });
        let dialler = self.wires[wire].holders[0];
        if let Some(Holder { node, conn }) = dialler.filter(|h| self.holds(wire, h.node, h.conn)) {
            self.connected(node, conn);
        }
    }

    fn delay(&mut self) -> u64 {
        if self.chance.one_in(self.weather.slow) {
            self.chance.below(3 * SECOND)
        } else {
            self.chance.between(MS, 40 * MS)
        }
    }

    /// Bytes go onto the wire.
    pub(super) fn send(&mut self, wire: usize, side: usize, bytes: Vec<u8>) {
        self.look_at(wire, side, &bytes);
        if self.chance.one_in(4) {
            let length = self.chance.below(bytes.len() as u64) as usize;
            let (first, rest) = bytes.split_at(length);
            self.packet(wire, side, first.to_vec());
            self.packet(wire, side, rest.to_vec());
        } else {
            self.packet(wire, side, bytes);
        }
        if self.chance.one_in(self.weather.cut) {
            self.cut(wire);
        }
        let sender = self.wires[wire].holders[side].map(|holder| holder.node);
        if let Some(node) = sender.filter(|_| self.chance.one_in(self.weather.stumble)) {
            self.stumble(node);
        }
    }

    /// A node that just sent something stops, and soon starts again.
    pub(super) fn stumble(&mut self, node: usize) {
        let at = self.chance.below(60 * MS);
        self.later(at, Deed::Crash(node));
        let pause = self.chance.below(2 * SECOND);
        self.later(at + pause, Deed::Start(node));
    }

    pub(super) fn packet(&mut self, wire: usize, side: usize, bytes: Vec<u8>) {
        let at = (self.now + self.delay()).max(self.wires[wire].ready[side]);
        self.wires[wire].ready[side] = at;
        let side = 1 - side;
        self.after(at - self.now, Event::Arrives { wire, side, bytes });
    }

    pub(super) fn arrives(&mut self, wire: usize, side: usize, mut bytes: Vec<u8>) {
        self.trace.update(&bytes);
        let to = &mut self.wires[wire];
        if to.cut {
            return;
        }
        let chance = &mut self.chance;
        let flipped = chance.one_in(self.weather.flip) && !bytes.is_empty();
        if flipped {
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << chance.below(8);
        }
        if let (0, Some((heard, may))) = (side, &mut to.stranger) {
            assert!(*may, "a stranger was answered");
            heard.extend_from_slice(&bytes);
        }
        let holder = to.holders[side].filter(|holder| self.holds(wire, holder.node, holder.conn));
        if let Some(Holder { node, conn }) = holder {
            self.feed(node, conn, &bytes);
            if flipped {
                self.spoil(node, conn);
            }
        }
    }

    /// The connection ends here and now; its ends learn of it later.
    pub(super) fn cut(&mut self, wire: usize) {
        if core::mem::replace(&mut self.wires[wire].cut, true) {
            return;
        }
        for side in [0, 1] {
            let soon = self.chance.one_in(2);
            let delay = self.chance.below(if soon { 100 * MS } else { 30 * SECOND });
            self.after(delay, Event::Over { wire, side });
        }
    }

    /// One end closes properly: what it sent before still arrives.
    pub(super) fn shut(&mut self, wire: usize, side: usize) {
        self.wires[wire].holders[side] = None;
        let other = 1 - side;
        let at = self.wires[wire].ready[side].max(self.now + 10 * MS);
        self.after(at - self.now, Event::Over { wire, side: other });
    }

    pub(super) fn over(&mut self, wire: usize, side: usize) {
        if let Some(Holder { node, conn }) = self.wires[wire].holders[side].take() {
            self.wires[wire].cut = true;
            if self.holds(wire, node, conn) {
                self.ended(node, conn);
            }
        }
    }

    /// Whether this life of the node has it: the next one counts its connections anew.
    pub(super) fn holds(&self, wire: usize, node: usize, conn: ConnId) -> bool {
        self.wire_of(node, conn) == Some(wire)
    }

    /// A muxer's ping: whether the other end is there to answer.
    pub(super) fn ping(&mut self, node: usize, conn: ConnId, at: usize) {
        let wire = &self.wires[at];
        let held = |holder: &Option<Holder>| holder.is_some_and(|h| self.holds(at, h.node, h.conn));
        let alive = !wire.cut && wire.holders.iter().all(held);
        let delay = if alive { 60 * MS } else { 10 * SECOND };
        let life = self.nodes[node].life;
        let input = Input::Probed { conn, alive };
        self.after(delay, Event::Give { node, life, input });
    }

    pub(super) fn split(&mut self, a: usize, b: usize) {
        self.splits.insert((a.min(b), a.max(b)));
        for wire in 0..self.wires.len() {
            let held = |node| {
                self.wires[wire]
                    .holders
                    .iter()
                    .flatten()
                    .any(|h| h.node == node)
            };
            if held(a) && held(b) {
                self.cut(wire);
            }
        }
    }

    /// The connections over which two nodes exchange records now, as both see it.
    pub(crate) fn links(&self, a: usize, b: usize) -> usize {
        let both = |wire: &&Wire| {
            let speaks = |node| {
                let mut holders = wire.holders.iter().flatten();
                holders.any(|holder| holder.node == node && self.speaks(*holder))
            };
            !wire.cut && speaks(a) && speaks(b)
        };
        self.wires.iter().filter(both).count()
    }

    pub(super) fn speaks(&self, holder: Holder) -> bool {
        let running = self.nodes[holder.node].running.as_ref();
        let end = running.and_then(|running| running.ends.get(&holder.conn));
        end.is_some_and(super::end::End::speaks)
    }

    /// How many connections were ever dialled.
    pub(crate) fn dials(&self) -> usize {
        self.wires.len()
    }

    /// How many links a node believes in.
    pub(crate) fn open_links(&self, node: usize) -> usize {
        let running = self.nodes[node].running.as_ref();
        let ends = running
            .into_iter()
            .flat_map(|running| running.ends.values());
        ends.filter(|end| end.speaks()).count()
    }

    /// A node stops, and no end of its connections ever learns of it.
    pub(crate) fn vanish(&mut self, node: usize) {
        let held = |wire: &Wire| wire.holders.iter().flatten().any(|h| h.node == node);
        for wire in self.wires.iter_mut().filter(|wire| held(wire)) {
            wire.cut = true;
        }
        self.crash(node, None);
    }

    /// All connections end.
    pub(crate) fn cut_all(&mut self) {
        (0..self.wires.len()).for_each(|wire| self.cut(wire));
    }
}
