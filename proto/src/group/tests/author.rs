//! Somebody whose every message is made by hand, and a node among such people.

use super::node::Node;
use super::world::genesis;
use crate::group::machine::{Group, News, Word};
use crate::group::{
    Body, Circle, Hash, Head, Ik, Message, Motion, Policy, Position, Role, Say, Seat, Seats, What,
    first_head, name_of, next_head,
};

/// Their chain of members.
pub(super) struct Author {
    pub me: Ik,
    number: u32,
    prev: Hash,
}

impl Author {
    pub(super) fn new(group: &Group, me: Ik) -> Self {
        let prev = first_head(&group.gid(), &me, 3, Circle::Members);
        Self {
            me,
            number: 0,
            prev,
        }
    }

    pub(super) fn says(&mut self, group: &Group, body: Body<'_>, parents: Vec<Hash>) -> Vec<u8> {
        self.number += 1;
        let head = Head {
            incarnation: 3,
            number: self.number,
            minute: 0,
            keep: 0,
            gid: group.gid(),
            view: group.tally().view,
            circle: Circle::Members,
            prev: self.prev,
            parents,
            salt: [0; 16],
            digests: Vec::new(),
        };
        let message = Message::Chained(Box::new(head), body);
        let payload = message.encode(&[0; 16]).to_vec();
        self.prev = next_head(&self.prev, &name_of(&self.me, &payload));
        payload
    }

    /// Proposes something to a node; gives its name.
    pub(super) fn proposes(&mut self, node: &mut Node, what: What, minute: u32) -> Hash {
        let motion = motion(node.group(), what);
        let payload = self.says(node.group(), Body::Motion(motion), Vec::new());
        node.take(self.me, &payload, minute).expect("a motion");
        name_of(&self.me, &payload)
    }

    /// Says to a node what they think of a motion.
    pub(super) fn answers(&mut self, node: &mut Node, motion: Hash, position: Position) {
        let reason = "parce que".to_owned();
        let body = Body::Say(Say {
            motion,
            position,
            reason,
        });
        let payload = self.says(node.group(), body, Vec::new());
        node.take(self.me, &payload, 1).expect("a position");
    }

    pub(super) fn closes(&mut self, node: &mut Node, motion: Hash) {
        let payload = self.says(node.group(), Body::Close(motion), Vec::new());
        node.take(self.me, &payload, 1).expect("an end");
    }
}

/// A motion as it is made where a node stands.
pub(super) fn motion(group: &Group, what: What) -> Motion {
    Motion {
        base: group.tally().base,
        rests_on: group.tally().frontier.clone(),
        what,
        hours: 0,
        text: String::new(),
    }
}

/// A text that nobody proposed before.
pub(super) fn text(number: usize) -> What {
    let mut file = [1; 32];
    file[..8].copy_from_slice(&(number as u64).to_le_bytes());
    What::Text { file }
}

/// The node of the first of some founders, all members; the last has four computers.
pub(super) fn hall(seats: u8) -> (Node, Vec<Ik>) {
    let ik = |n: u8| [n; 32];
    let mut all: Vec<Seat> = (1..seats).map(|n| Seat::of(Role::Member, ik(n))).collect();
    let computers: Vec<Ik> = (seats..seats + 4).map(ik).collect();
    all.push(Seat {
        role: Role::Member,
        voice: computers[0],
        computers,
    });
    let mut node = Node::new(ik(1), 1000);
    let seats = Seats::new(all).expect("seats");
    let everybody = seats.computers().copied().collect();
    node.begin(genesis(seats, Policy::default(), 1), 0);
    (node, everybody)
}

/// Proposes something as whose node it is.
pub(super) fn propose(what: What) -> Word<'static> {
    let (hours, text) = (0, "");
    Word::Motion { what, hours, text }
}

/// What of this asks for something to be sent again: from which number to which.
pub(super) fn again(news: &[News]) -> Vec<(u32, u32)> {
    let again = news.iter().filter_map(|news| match news {
        News::Resend { first, last, .. } => Some((*first, *last)),
        _ => None,
    });
    again.collect()
}
