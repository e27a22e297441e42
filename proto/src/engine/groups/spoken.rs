//! What I say in a group: on the disk once, a small entry for each computer it goes to, all sealed
//! from the one copy. It stays for as long as somebody may ask for it again. PROTOCOL §7 "Fan-out".
//!
//! ```text
//! fates.rs    what became of it
//! unsaid.rs   what is said no more
//! ```

mod fates;
mod unsaid;

use std::collections::BTreeSet;

use bincode::{Decode, Encode};

use crate::engine::people::count;
use crate::engine::saved::{Piece, Saved, pieces};
use crate::engine::{Engine, Refusal};
use crate::friend::What;
use crate::group::{self, Body, Circle, Head, Ik, Message, Out, OutWhat};
use crate::limits::{BODY_COST_BYTES, OUTBOX_PER_FRIEND_MAX};
use crate::message::{MessageId, Payload};
use crate::parcel::bucket_for;
use crate::secret::Said;
use crate::vault::Name;

/// Something I said, without its body.
#[derive(Clone, Encode, Decode)]
pub(in crate::engine) struct Spoken {
    pub group: u32,
    pub message: MessageId,
    /// What stands before the words; of what has none, nothing.
    head: Vec<u8>,
    /// Bytes that lie in the store behind it.
    length: u32,
    kind: Kind,
    /// When, minutes since 1970.
    minute: u32,
    /// The same as the node's age, in minutes.
    since: u32,
    /// To which friends, and what became of each copy.
    to: Vec<(u32, Copy)>,
    /// Whether no copy of it was under way any more once.
    settled: bool,
}

/// What it is.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
enum Kind {
    /// A text, which is a line of mine.
    Text { at: At, seq: u64, limit: u32 },
    /// Something else that has a place in my chain.
    Word { at: At },
    /// What the next one like it replaces.
    Beacon,
    /// All else.
    Aside,
}

/// Its place in my chains.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
struct At {
    circle: Circle,
    incarnation: u16,
    number: u32,
}

/// What became of a copy.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
enum Copy {
    UnderWay,
    Arrived,
    GivenUp,
}

impl At {
    fn of(head: &Head) -> Self {
        Self {
            circle: head.circle,
            incarnation: head.incarnation,
            number: head.number,
        }
    }
}

impl Spoken {
    fn at(&self) -> Option<At> {
        match self.kind {
            Kind::Text { at, .. } | Kind::Word { at } => Some(at),
            Kind::Beacon | Kind::Aside => None,
        }
    }

    /// Whether it is a line of mine whose fate nobody knows yet.
    pub(super) fn awaited(&self) -> bool {
        matches!(self.kind, Kind::Text { .. }) && !self.settled
    }

    pub(super) fn minute(&self) -> u32 {
        self.minute
    }

    /// The friends whose copy has come to this.
    fn whose(&self, came_to: Copy) -> impl Iterator<Item = u32> {
        let these = self.to.iter().filter(move |(_, copy)| *copy == came_to);
        these.map(|(no, _)| *no)
    }

    fn fate(&mut self, friend: u32, copy: Copy) {
        match self.to.iter_mut().find(|(no, _)| *no == friend) {
            Some((_, of)) => *of = copy,
            None => self.to.push((friend, copy)),
        }
    }
}

impl Engine {
    /// Whether what is so long can wait for all of these, and which of them have no room of their own:
    /// they ask for it when they miss it.
    pub(super) fn room_for_copies(&self, to: &[u32], length: usize) -> Result<(), Refusal> {
        if self.full {
            return Err(Refusal::DiskFull);
        }
        let cost = BODY_COST_BYTES + bucket_for(length).unwrap_or_default() as u64;
        let bytes = cost * to.len() as u64 + length as u64;
        let bears = self.outboxes_bear(to.len(), bytes) || planted!(OutboxUnbounded);
        bears.then_some(()).ok_or(Refusal::OutboxFull)
    }

    /// Whether one more copy can wait for this friend.
    fn may_wait_for(&self, no: u32) -> bool {
        let friend = self.friends.get(&no);
        friend.is_some_and(|f| !f.private.blocked && f.outbox.len() < OUTBOX_PER_FRIEND_MAX)
    }

    /// Says what the group gave out; all in one step. Gives its number.
    pub(super) fn give_out(&mut self, group: u32, out: &Out) -> u64 {
        self.groups.note(group);
        let id = self.speak_to(group, &out.to, (out.mid, &out.payload));
        if out.what == OutWhat::Genesis {
            out.to.iter().for_each(|new| self.make_known(group, new));
        }
        id
    }

    /// Says one thing to these computers.
    pub(super) fn speak_to(
        &mut self,
        group: u32,
        to: &[Ik],
        (message, payload): (MessageId, &Said),
    ) -> u64 {
        let to: BTreeSet<_> = to.iter().filter_map(|ik| self.reach(group, ik)).collect();
        let to = to.into_iter().filter(|no| self.may_wait_for(*no));
        let to: Vec<_> = to.collect();
        let (kind, text) = self.kind_of(payload);
        let text_at = payload.len() - text;
        let (head, body) = match text {
            0 => (&[][..], payload.as_slice()),
            _ => payload.split_at(text_at),
        };
        self.counters.next_entry += 1;
        let id = self.counters.next_entry;
        let spoken = Spoken {
            group,
            message,
            head: head.to_vec(),
            length: count(body.len()),
            kind,
            minute: self.now.minutes(),
            since: self.age.minutes(),
            to: to.iter().map(|no| (*no, Copy::UnderWay)).collect(),
            settled: false,
        };
        if kind == Kind::Beacon {
            to.iter().for_each(|no| self.take_back_beacon(group, *no));
        }
        let length = count(payload.len());
        self.groups.spoken.insert(id, spoken);
        self.put_pieces(Saved::Entry(id), Piece::Text, body);
        self.mark(Saved::Entry(id));
        for no in &to {
            self.copy_to(*no, (id, length), message, Some(body));
        }
        self.settle_spoken(id);
        id
    }

    /// What it is, and how many of its last bytes are the words of a text.
    fn kind_of(&mut self, payload: &[u8]) -> (Kind, usize) {
        match group::decode(payload).map(|(_, said)| said) {
            Ok(Message::Chained(head, Body::Text(text))) => {
                self.counters.next_seq += 1;
                self.mark(Saved::Node);
                let (seq, limit) = (self.counters.next_seq, head.keep);
                let at = At::of(&head);
                (Kind::Text { at, seq, limit }, text.len())
            }
            Ok(Message::Chained(head, _)) => (Kind::Word { at: At::of(&head) }, 0),
            Ok(Message::Beacon(_)) => (Kind::Beacon, 0),
            _ => (Kind::Aside, 0),
        }
    }

    /// One more copy goes to a friend; sealed at once if its body is at hand.
    fn copy_to(&mut self, no: u32, of: (u64, u32), message: MessageId, body: Option<&[u8]>) {
        let others_wait = self.friends.get(&no).is_some_and(|f| f.outbox.waits());
        let entry = self.entry_of(no, What::Group(of.0, of.1), message);
        if let Some(body) = body.filter(|_| !others_wait) {
            self.seal_entry(no, entry, body);
        }
        self.seal_waiting(no);
        self.flush(no);
    }

    /// Where the body lies from which a copy is sealed.
    pub(in crate::engine) fn copied(&self, what: What) -> Option<Vec<Name>> {
        let What::Group(of, _) = what else {
            return None;
        };
        let length = self.groups.spoken.get(&of)?.length;
        (length > 0).then(|| pieces(Saved::Entry(of), Piece::Text, length as usize))
    }

    /// What an entry of the outbox says in a group; nothing if that was erased meanwhile.
    pub(in crate::engine) fn group_words(&self, no: u32, id: u64, body: &[u8]) -> Option<Payload> {
        let What::Group(of, _) = self.friends.get(&no)?.outbox.get(id)?.what else {
            return None;
        };
        let spoken = self.groups.spoken.get(&of)?;
        let whole = body.len() == spoken.length as usize;
        whole.then(|| Payload::Group(Said::new([&spoken.head, body].concat())))
    }

    /// Somebody misses messages of mine: what of them is still here goes to them again.
    pub(super) fn say_again(
        &mut self,
        group: u32,
        no: u32,
        wanted: impl Fn(Circle, u16, u32) -> bool,
    ) {
        let again = self.groups.spoken.iter().filter(|(_, spoken)| {
            let at = spoken.at().filter(|_| spoken.group == group);
            at.is_some_and(|at| wanted(at.circle, at.incarnation, at.number))
        });
        let again = again.map(|(id, it)| (*id, it.message, count(it.head.len()) + it.length));
        for (id, message, length) in again.collect::<Vec<_>>() {
            let friend = self.friends.get(&no);
            let waits =
                |of: &crate::friend::Entry| matches!(of.what, What::Group(it, _) if it == id);
            let waits = friend.is_none_or(|f| f.outbox.has(waits));
            if waits || !self.may_wait_for(no) {
                continue;
            }
            if let Some(spoken) = self.groups.spoken.get_mut(&id) {
                spoken.fate(no, Copy::UnderWay);
            }
            self.mark(Saved::Entry(id));
            self.copy_to(no, (id, length), message, None);
        }
    }
}
