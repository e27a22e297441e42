//! The wire: effects of engines and keepers carried out, bytes handed over, connections cut.

use super::{End, Net};
use crate::engine::*;
use crate::keeper;
use crate::limits::KNOCK_BYTES;
use crate::vault::{Erase, Place};

impl Net {
    pub(in crate::engine::tests) fn run_posts(&mut self) {
        while let Some((at, input)) = self.posts.pop_front() {
            self.draws += 1;
            let mut entropy = [1; 32];
            entropy[..8].copy_from_slice(&self.draws.to_le_bytes());
            self.nodes[at].keeper.handle(self.now, entropy, input);
            while let Some(step) = self.nodes[at].keeper.poll() {
                let node = &mut self.nodes[at];
                for put in step.puts {
                    let on = match put.place {
                        Place::State => &mut node.shelf,
                        Place::Body => &mut node.parcels,
                    };
                    on.insert(put.name, put.body);
                }
                for erase in step.erases {
                    if let Erase::Record(name, _) = erase {
                        node.shelf.remove(&name);
                        node.parcels.remove(&name);
                    }
                }
                let then = step.then.into_iter();
                then.for_each(|effect| self.carry_out_for_keeper(at, effect));
            }
        }
    }

    pub(in crate::engine::tests) fn carry_out_for_keeper(
        &mut self,
        at: usize,
        effect: keeper::Effect,
    ) {
        match effect {
            keeper::Effect::Write { conn, bytes } => self.write(at, conn, bytes),
            keeper::Effect::Read { conn, bytes, .. } => {
                self.end(at, conn).wanted = Some(bytes);
                self.deliver(at, conn);
            }
            keeper::Effect::Close(conn) => self.close(at, conn),
            keeper::Effect::Fetch { conn, slot, names } => {
                let parcels = &self.nodes[at].parcels;
                let pieces = names.iter().map(|name| parcels.get(name));
                let parcel: Option<Vec<&Said>> = pieces.collect();
                let parcel = parcel.map(|pieces| {
                    Said::new(pieces.into_iter().flat_map(|it| it.to_vec()).collect())
                });
                let fetched = keeper::Input::Fetched { conn, slot, parcel };
                self.posts.push_back((at, fetched));
            }
            keeper::Effect::Kept(kept) => self.queue.push_back((at, Input::Kept(kept))),
        }
    }

    pub(in crate::engine::tests) fn carry_out(&mut self, at: usize, effect: Effect) {
        match effect {
            Effect::Dial { conn, addr, .. } => self.dial(at, conn, addr),
            Effect::Write { conn, bytes } => self.write(at, conn, bytes),
            Effect::Read { conn, bytes, .. } => {
                self.end(at, conn).wanted = Some(bytes);
                self.deliver(at, conn);
            }
            Effect::Link { conn, .. } => {
                self.end(at, conn).linked = true;
                if let Some((other, its)) = self.end(at, conn).other
                    && self.end(other, its).linked
                {
                    self.queue.push_back((at, Input::Opened(conn)));
                    self.queue.push_back((other, Input::Opened(its)));
                }
            }
            Effect::Frame { conn, kind, body } => {
                let body = self.body(at, body);
                self.sent.push((at, body.len()));
                self.carried[at] += body.len().next_multiple_of(512) as u64 + 512;
                if self.is_lost() {
                    return self.cut(at, conn);
                }
                if let Some((other, conn)) = self.end(at, conn).other {
                    self.queue
                        .push_back((other, Input::Frame { conn, kind, body }));
                }
            }
            Effect::Fetch { id, names } => {
                let node = &self.nodes[at];
                // What the same step asked for and erased is not there any more, and nobody waits for it.
                let gone = names.iter().any(|name| !node.disk.contains_key(name));
                let mut friends = node.engine.friends.values();
                let waits = friends.any(|friend| friend.outbox.get(id).is_some());
                assert!(!(gone && waits), "what is to leave is not on the disk");
                let here = node.torn != Some(id) && !gone;
                let text = here.then(|| Said::new(self.body(at, Body::Stored(names))));
                self.queue.push_back((at, Input::Fetched { id, text }));
            }
            Effect::Close(conn) => self.close(at, conn),
            Effect::Show(event) => self.nodes[at].events.push(event),
            Effect::Answer { answer, .. } => self.nodes[at].answers.push(answer),
            Effect::DialThrough { conn, .. } => {
                self.queue.push_back((at, Input::Closed(conn)));
            }
            Effect::Probe(_)
            | Effect::Hear(_)
            | Effect::Beacon { .. }
            | Effect::OpenMeeting
            | Effect::CloseMeeting
            | Effect::Publish(_) => {}
            Effect::Keep(grant) => self.posts.push_back((at, keeper::Input::Keep(grant))),
            Effect::Unkeep(id) => self.posts.push_back((at, keeper::Input::Unkeep(id))),
        }
    }

    pub(in crate::engine::tests) fn end(&mut self, at: usize, conn: ConnId) -> &mut End {
        self.ends.entry((at, conn)).or_default()
    }

    pub(in crate::engine::tests) fn body(&self, at: usize, body: Body) -> Vec<u8> {
        match body {
            Body::Here(bytes) => bytes.to_vec(),
            Body::Stored(names) => names
                .iter()
                .flat_map(|name| self.nodes[at].disk[name].to_vec())
                .collect(),
        }
    }

    pub(in crate::engine::tests) fn dial(&mut self, at: usize, conn: ConnId, addr: Addr) {
        let (Addr::V4(_, port) | Addr::Onion(_, port)) = addr else {
            return self.queue.push_back((at, Input::Closed(conn)));
        };
        let other = usize::from(port) - 1;
        let shut = self.nodes[at].engine.settings.ways.to(addr).is_none();
        let nobody = other >= self.nodes.len() || shut && matches!(addr, Addr::V4(..));
        let cut = self.is_apart(at, other);
        if nobody || cut || self.away.contains(&at) || self.away.contains(&other) {
            return self.queue.push_back((at, Input::Closed(conn)));
        }
        self.draws += 1;
        let its = ConnId(2 * self.draws);
        self.end(at, conn).other = Some((other, its));
        let end = self.end(other, its);
        (end.other, end.knocking) = (Some((at, conn)), true);
        self.queue.push_back((at, Input::Connected(conn)));
    }

    pub(in crate::engine::tests) fn write(&mut self, at: usize, conn: ConnId, bytes: Vec<u8>) {
        self.carried[at] += bytes.len() as u64;
        if (self.loses)(at, &bytes) || self.is_lost() {
            return self.cut(at, conn);
        }
        if let Some((other, its)) = self.end(at, conn).other {
            self.end(other, its).came.extend(&bytes);
            self.deliver(other, its);
            self.flights.push(bytes);
        }
    }

    pub(in crate::engine::tests) fn is_lost(&mut self) -> bool {
        let number = self.passed;
        self.passed += 1;
        (self.lost)(number)
    }

    pub(in crate::engine::tests) fn deliver(&mut self, at: usize, conn: ConnId) {
        let end = self.ends.entry((at, conn)).or_default();
        if end.knocking && !end.came.is_empty() {
            let bytes = core::mem::take(&mut end.came);
            end.knocking = false;
            if self.nodes[at].keeper.knock(&bytes) == Knock::Known {
                self.end(at, conn).kept = true;
                let flight = keeper::Input::Flight { conn, bytes };
                return self.posts.push_back((at, flight));
            }
            let Knock::More(length) = self.nodes[at].engine.knock(&bytes[..KNOCK_BYTES]) else {
                return self.close(at, conn);
            };
            assert_eq!(length, bytes.len());
            assert_eq!(self.nodes[at].engine.knock(&bytes), Knock::Known);
            self.queue.push_back((
                at,
                Input::Flight {
                    conn,
                    bytes,
                    through: false,
                },
            ));
        } else if let Some(wanted) = end.wanted.filter(|wanted| *wanted <= end.came.len()) {
            let bytes = end.came.drain(..wanted).collect();
            end.wanted = None;
            match end.kept {
                true => self
                    .posts
                    .push_back((at, keeper::Input::Bytes { conn, bytes })),
                false => self.queue.push_back((at, Input::Bytes { conn, bytes })),
            }
        }
    }

    pub(in crate::engine::tests) fn close(&mut self, at: usize, conn: ConnId) {
        if let Some((other, its)) = self.end(at, conn).other.take() {
            let end = self.end(other, its);
            end.other = None;
            match end.kept {
                true => self.posts.push_back((other, keeper::Input::Closed(its))),
                false => self.queue.push_back((other, Input::Closed(its))),
            }
        }
    }

    /// Cuts a connection for both.
    pub(in crate::engine::tests) fn cut(&mut self, at: usize, conn: ConnId) {
        self.close(at, conn);
        self.queue.push_back((at, Input::Closed(conn)));
    }
}
