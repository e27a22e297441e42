//! What a node's shell does between engine and network: carries out effects, keeps the ends of
//! connections, and closes what takes too long.

use kith_proto::engine::{Body, ConnId, Effect, Input};
use kith_proto::keeper::Input as ToPost;
use kith_proto::link::Records;
use kith_proto::secret::Said;
use kith_proto::vault::Name;

use super::end::End;
use super::net::Letter;
use super::node::Running;
use super::post::Post;
use super::{Event, MINUTE, MS, SECOND, World};

/// The frame type of a Hello.
const HELLO: u8 = 1;
/// The frame type of a parcel.
pub(crate) const PARCEL: u8 = 2;

impl World {
    /// Carries out effects: all they rest on is on the disk.
    pub(super) fn release(&mut self, node: usize, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Dial { conn, addr, .. } => {
                    let wire = self.wires.len();
                    self.end(node, conn, End::dialling(wire));
                    self.dial(node, conn, addr);
                }
                // Here friends have addresses.
                Effect::DialThrough { conn, .. } => self.soon(node, Input::Closed(conn)),
                Effect::Write { conn, bytes } => self.write(node, conn, bytes),
                Effect::Read {
                    conn,
                    bytes,
                    within_ms,
                } => self.read_for(node, conn, bytes, within_ms),
                Effect::Link { conn, records, .. } => self.speak(node, conn, *records),
                Effect::Frame { conn, kind, body } => self.frame(node, conn, kind, &body),
                Effect::Fetch { id, names } => {
                    let text = self.stored(node, &names).map(Said::new);
                    self.soon(node, Input::Fetched { id, text });
                }
                Effect::OpenMeeting | Effect::CloseMeeting | Effect::Publish(_) => {}
                Effect::Keep(grant) => self.keep(node, grant),
                Effect::Unkeep(id) => self.give_post(node, ToPost::Unkeep(id)),
                Effect::Probe(conn) => {
                    if let Some(wire) = self.wire_of(node, conn) {
                        self.ping(node, conn, wire);
                    }
                }
                Effect::Hear(_) | Effect::Beacon { .. } => {}
                Effect::Close(conn) => self.close(node, conn),
                Effect::Show(event) => self.show(node, event),
                Effect::Answer { asker, answer } => self.answered(node, asker, answer),
            }
        }
    }

    fn soon(&mut self, node: usize, input: Input) {
        let life = self.nodes[node].life;
        self.after(0, Event::Give { node, life, input });
    }

    fn running(&mut self, node: usize) -> Option<&mut Running> {
        self.nodes[node].running.as_mut()
    }

    pub(super) fn stored(&self, node: usize, names: &[Name]) -> Option<Vec<u8>> {
        let it = &self.nodes[node];
        it.disk.body(&it.running.as_ref()?.vault, names)
    }

    fn end(&mut self, node: usize, conn: ConnId, end: End) {
        if let Some(running) = self.running(node) {
            running.ends.insert(conn, end);
        }
    }

    fn place_of(&self, node: usize, conn: ConnId) -> Option<(usize, usize)> {
        let running = self.nodes[node].running.as_ref()?;
        running.ends.get(&conn).map(|end| (end.wire, end.side))
    }

    pub(super) fn wire_of(&self, node: usize, conn: ConnId) -> Option<usize> {
        self.place_of(node, conn).map(|(wire, _)| wire)
    }

    pub(super) fn accept(&mut self, node: usize, wire: usize) -> Option<ConnId> {
        let running = self.nodes.get_mut(node)?.running.as_mut()?;
        running.next_inbound += 2;
        let conn = ConnId(running.next_inbound);
        self.end(node, conn, End::accepted(wire));
        self.expect(node, conn, 5 * SECOND);
        Some(conn)
    }

    pub(super) fn connected(&mut self, node: usize, conn: ConnId) {
        self.soon(node, Input::Connected(conn));
    }

    /// Closes a connection that is no further by then.
    fn expect(&mut self, node: usize, conn: ConnId, within: u64) {
        let life = self.nodes[node].life;
        let end = self
            .running(node)
            .and_then(|running| running.ends.get(&conn));
        if let Some(turn) = end.map(|end| end.turn) {
            self.after(
                within,
                Event::Deadline {
                    node,
                    life,
                    conn,
                    turn,
                },
            );
        }
    }

    pub(super) fn deadline(&mut self, node: usize, life: u32, conn: ConnId, turn: u32) {
        let same_life = self.nodes[node].life == life;
        let end = self
            .running(node)
            .and_then(|running| running.ends.get(&conn));
        if end.is_some_and(|end| same_life && end.turn == turn && !end.speaks()) {
            let at_box = self.is_at_box(node, conn);
            self.close(node, conn);
            self.told(node, at_box, Input::Closed(conn));
        }
    }

    pub(super) fn close(&mut self, node: usize, conn: ConnId) {
        let end = self
            .running(node)
            .and_then(|running| running.ends.remove(&conn));
        if let Some(end) = end {
            self.shut(end.wire, end.side);
        }
    }

    pub(super) fn ended(&mut self, node: usize, conn: ConnId) {
        let end = self.running(node).and_then(|r| r.ends.remove(&conn));
        if let Some(end) = end {
            self.told(node, end.at_box, Input::Closed(conn));
        }
    }

    pub(super) fn write(&mut self, node: usize, conn: ConnId, bytes: Vec<u8>) {
        let end = self.running(node).and_then(|r| r.ends.get(&conn));
        if let Some((wire, side)) = end.map(|end| {
            assert!(!end.is_strange(), "a stranger is answered");
            (end.wire, end.side)
        }) {
            self.send(wire, side, bytes);
        }
    }

    pub(super) fn read_for(&mut self, node: usize, conn: ConnId, bytes: usize, within_ms: u32) {
        if let Some(end) = self.running(node).and_then(|r| r.ends.get_mut(&conn)) {
            end.read(bytes);
            self.expect(node, conn, u64::from(within_ms) * MS);
            self.feed(node, conn, &[]);
        }
    }

    fn speak(&mut self, node: usize, conn: ConnId, records: Records) {
        let Some(end) = self.running(node).and_then(|r| r.ends.get_mut(&conn)) else {
            return;
        };
        let first = end.speak(records);
        let (wire, side) = (end.wire, end.side);
        if first.is_empty() {
            self.expect(node, conn, 10 * SECOND);
        } else {
            self.send(wire, side, first);
            self.soon(node, Input::Opened(conn));
        }
        self.feed(node, conn, &[]);
    }

    pub(super) fn frame(&mut self, node: usize, conn: ConnId, kind: u8, body: &Body) {
        let bytes = match body {
            Body::Here(bytes) => Some(bytes.to_vec()),
            Body::Stored(names) => self.stored(node, names),
        };
        // What was acknowledged meanwhile is not there any more.
        let Some(bytes) = bytes else {
            return;
        };
        if kind == PARCEL {
            self.tap.parcel(&bytes);
        }
        let rekey = self.chance.one_in(64);
        let Some((wire, side)) = self.place_of(node, conn) else {
            return;
        };
        if kind == HELLO {
            self.greets(node, wire, side, &bytes);
        }
        if kind == PARCEL && self.mute == Some(node) {
            return;
        }
        if let (PARCEL, Some(bag)) = (kind, &mut self.bag) {
            let to = self.wires[wire].holders[1 - side].map(|holder| holder.node);
            return bag.extend(to.map(|to| Letter {
                from: node,
                to,
                bytes,
            }));
        }
        if kind == PARCEL && self.chance.one_in(self.weather.stray) {
            return self.go_astray(wire, side, &bytes);
        }
        let end = self.running(node).and_then(|r| r.ends.get_mut(&conn));
        if let Some(sealed) = end.and_then(|end| end.frame(kind, &bytes, rekey)) {
            self.send(wire, side, sealed);
        }
    }

    /// In which session a node says that it speaks.
    fn greets(&mut self, node: usize, wire: usize, side: usize, hello: &[u8]) {
        let active = hello.get(1..33).and_then(|id| id.try_into().ok());
        let to = self.wires[wire].holders[1 - side].map(|holder| holder.node);
        if let (Some(to), Some(id)) = (to, active) {
            self.speaks_in.insert((node, to), id);
        }
    }

    /// A parcel leaves its link and is brought by another road, later, and perhaps a second time.
    fn go_astray(&mut self, wire: usize, side: usize, bytes: &[u8]) {
        let Some(to) = self.wires[wire].holders[1 - side].map(|holder| holder.node) else {
            return;
        };
        self.strayed = true;
        for _ in 0..1 + self.chance.below(2) {
            let (delay, bytes) = (self.chance.below(MINUTE), bytes.to_vec());
            self.after(delay, Event::Carried { node: to, bytes });
        }
    }

    /// A bit was changed in what one end got last.
    pub(super) fn spoil(&mut self, node: usize, conn: ConnId) {
        let end = self.running(node).and_then(|r| r.ends.get_mut(&conn));
        if let Some(end) = end.filter(|end| end.speaks()) {
            end.spoiled = true;
        }
    }

    /// Bytes that arrived at one end.
    pub(super) fn feed(&mut self, node: usize, conn: ConnId, bytes: &[u8]) {
        if let Some(end) = self.running(node).and_then(|r| r.ends.get_mut(&conn)) {
            end.arrived(bytes);
        }
        // Each thing told may close this connection, or crash nobody: look anew each time.
        loop {
            let it = &mut self.nodes[node];
            let Some(running) = &mut it.running else {
                return;
            };
            let Some(end) = running.ends.get_mut(&conn) else {
                return;
            };
            let keeper = it.post.as_ref().and_then(Post::keeper);
            let turn = end.turn;
            match end.next(&running.engine, keeper, conn) {
                Ok(Some(input)) => {
                    assert!(!end.spoiled, "a changed record was believed");
                    let at_box = end.at_box;
                    self.told(node, at_box, input);
                }
                Ok(None) => {
                    if end.turn != turn {
                        let patience = self.chance.between(10 * SECOND, 60 * SECOND);
                        self.expect(node, conn, patience);
                    }
                    return;
                }
                Err(_) => {
                    // Only links have records here: a keeper reads its own.
                    self.close(node, conn);
                    return self.give(node, Input::Closed(conn));
                }
            }
        }
    }
}
