//! What I say in a group: on the disk once, a small entry for each computer it goes to, all sealed
//! from the one copy. It stays for as long as somebody may ask for it again. PROTOCOL §7 "Fan-out".

use std::collections::BTreeSet;

use bincode::{Decode, Encode};

use crate::engine::people::count;
use crate::engine::saved::{Piece, Saved, pieces};
use crate::engine::{Body as Stored, Delivery, Engine, Event, Line as Row, Refusal, SeenBy};
use crate::friend::What;
use crate::group::{self, Body, Circle, Head, Ik, Message, Out, OutWhat};
use crate::history::{Line, Owner};
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

    /// A beacon that was not sealed yet says nothing that the next one does not.
    fn take_back_beacon(&mut self, group: u32, no: u32) {
        let spoken = self.groups.spoken.iter();
        let beacons = spoken.filter(|(_, it)| it.group == group && it.kind == Kind::Beacon);
        let beacons: BTreeSet<_> = beacons.map(|(id, _)| *id).collect();
        self.take_back_copies(no, |id| beacons.contains(&id));
    }

    /// Takes out what waits for a friend and was not sealed, of what I said in groups.
    pub(super) fn take_back_copies(&mut self, no: u32, which: impl Fn(u64) -> bool) {
        let outbox = self.friends.get(&no).map(|friend| &friend.outbox);
        let waits = outbox.into_iter().flat_map(|outbox| outbox.entries());
        let waits = waits.filter_map(|(id, entry)| match entry.what {
            What::Group(of, _) if entry.sealed.is_none() && which(of) => Some(id),
            _ => None,
        });
        let waits: Vec<_> = waits.collect();
        waits.into_iter().for_each(|id| self.drop_copy(no, id));
    }

    /// Takes out one copy, sealed or not: it is not sent any more.
    pub(super) fn drop_copy(&mut self, no: u32, id: u64) {
        let friend = self.friends.get_mut(&no);
        if let Some(entry) = friend.and_then(|friend| friend.outbox.take_out(id)) {
            self.settle_entry(id, &entry, false);
        }
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

    /// A copy is on its friend's disk, or will never be.
    pub(in crate::engine) fn copy_settled(&mut self, of: u64, no: u32, arrived: bool) {
        let Some(spoken) = self.groups.spoken.get_mut(&of) else {
            return;
        };
        spoken.fate(
            no,
            if arrived {
                Copy::Arrived
            } else {
                Copy::GivenUp
            },
        );
        self.mark(Saved::Entry(of));
        self.settle_spoken(of);
    }

    /// No copy is under way any more: a text becomes a line, and what nobody can ask for goes.
    fn settle_spoken(&mut self, id: u64) {
        let Some(spoken) = self.groups.spoken.get_mut(&id) else {
            return;
        };
        let under_way = spoken.to.iter().any(|(_, copy)| *copy == Copy::UnderWay);
        if under_way || core::mem::replace(&mut spoken.settled, true) {
            return;
        }
        let spoken = spoken.clone();
        match spoken.kind {
            Kind::Beacon | Kind::Aside => self.forget_spoken(id),
            Kind::Word { .. } => {
                self.wake_by_age(spoken.since.saturating_add(self.settings.post_min))
            }
            Kind::Text { at, seq, limit } => {
                let arrived = spoken.whose(Copy::Arrived).next().is_some();
                let to = self.group_name(spoken.group);
                let line = Line {
                    friend: spoken.group,
                    seq,
                    minute: spoken.minute,
                    length: spoken.length,
                    since: if arrived {
                        spoken.since
                    } else {
                        self.age.minutes()
                    },
                    limit,
                    arrived,
                    from: None,
                    to_all: at.circle == Circle::All,
                };
                self.keep_line(Owner::Entry(id), line);
                match arrived {
                    true => self.step.at_once.push(Event::Delivered { id, to }),
                    false => {
                        self.remember_given_up(id);
                        self.show(Event::NotArrived { id, to });
                    }
                }
            }
        }
    }

    /// What I said is not here any more, in no copy that could be sealed.
    pub(super) fn forget_spoken(&mut self, id: u64) {
        if let Some(spoken) = self.groups.spoken.remove(&id) {
            self.mark(Saved::Entry(id));
            if self.history.get(Owner::Entry(id)).is_none() {
                self.erase_pieces(Saved::Entry(id), Piece::Text, spoken.length as usize);
            }
        }
    }

    /// What was said since this age or earlier and is settled: nobody gets it again.
    pub(in crate::engine) fn forget_old_words(&mut self, last: u32) {
        let old = |spoken: &&Spoken| spoken.settled && spoken.since <= last;
        let all = self.groups.spoken.iter();
        let over: Vec<_> = all.filter(|(_, it)| old(it)).map(|(id, _)| *id).collect();
        over.into_iter().for_each(|id| self.forget_spoken(id));
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

    /// How far a text of mine has come; nothing if it is none, or it is only a line now.
    pub(in crate::engine) fn delivery_in_group(&self, id: u64) -> Option<Delivery> {
        let spoken = self.groups.spoken.get(&id)?;
        let Kind::Text { .. } = spoken.kind else {
            return None;
        };
        let seen = self.people_among(spoken.whose(Copy::Arrived));
        let of = self.people_among(spoken.to.iter().map(|(no, _)| *no));
        Some(match (seen, spoken.settled) {
            (0, true) => Delivery::NotArrived,
            (seen, true) if seen >= of => Delivery::Delivered,
            (seen, _) => Delivery::Seen(SeenBy { seen, of }),
        })
    }

    /// The first friend on whose disk it is not yet.
    pub(super) fn waited_for(&self, id: u64) -> Option<u32> {
        let spoken = self.groups.spoken.get(&id)?;
        spoken.whose(Copy::UnderWay).next()
    }

    /// How many people these computers belong to.
    fn people_among(&self, computers: impl Iterator<Item = u32>) -> u32 {
        let first = computers.filter_map(|no| self.computers(no).first().copied());
        count(first.collect::<BTreeSet<_>>().len())
    }

    /// Texts of mine that are under way in groups, or in one.
    pub(in crate::engine) fn awaited_in_groups(&self, group: Option<u32>) -> u32 {
        let spoken = self.groups.spoken.values();
        let spoken = spoken.filter(|it| group.is_none_or(|group| it.group == group));
        count(spoken.filter(|it| it.awaited()).count())
    }

    /// Lines of mine in a group that are not settled.
    pub(in crate::engine) fn lines_under_way(&self, group: u32) -> impl Iterator<Item = Row> {
        let spoken = self.groups.spoken.iter();
        let awaited = spoken.filter(move |(_, it)| it.group == group && it.awaited());
        awaited.filter_map(|(id, spoken)| {
            let Kind::Text { at, seq, limit } = spoken.kind else {
                return None;
            };
            let words = pieces(Saved::Entry(*id), Piece::Text, spoken.length as usize);
            Some(Row {
                from: None,
                to_all: at.circle == Circle::All,
                seq,
                mine: self.delivery_in_group(*id),
                minute: spoken.minute,
                left_min: None,
                limit_min: limit,
                text: Stored::Stored(words),
            })
        })
    }

    /// Everything I said in a group that I leave goes, but what is sealed already, and the word that I
    /// leave: the one copy of that stays until nobody waits for it.
    pub(super) fn forget_my_words(&mut self, group: u32, but: Option<u64>) {
        let spoken = self.groups.spoken.iter();
        let mine = spoken.filter(|(id, it)| it.group == group && Some(**id) != but);
        let mine: BTreeSet<_> = mine.map(|(id, _)| *id).collect();
        let friends: Vec<_> = self.friends.keys().copied().collect();
        // Before the copies are settled, or each would still make a line.
        for id in &mine {
            if let Some(spoken) = self.groups.spoken.get_mut(id) {
                spoken.settled = true;
            }
        }
        for no in friends {
            self.take_back_copies(no, |id| mine.contains(&id));
        }
        mine.into_iter().for_each(|id| self.forget_spoken(id));
        // Nobody can ask for that word again: it goes with its last copy.
        if let Some(id) = but
            && let Some(last) = self.groups.spoken.get_mut(&id)
        {
            last.kind = Kind::Aside;
            if last.settled {
                self.forget_spoken(id);
            }
            self.mark(Saved::Entry(id));
        }
    }

    /// Nothing more of a group goes to this friend: what waits for them is taken out, sealed or not.
    pub(super) fn say_no_more(&mut self, group: u32, no: u32) {
        let outbox = self.friends.get(&no).map(|friend| &friend.outbox);
        let waits = outbox.into_iter().flat_map(|outbox| outbox.entries());
        let of = |id: &u64| {
            self.groups
                .spoken
                .get(id)
                .is_some_and(|it| it.group == group)
        };
        let waits = waits.filter_map(|(id, entry)| match entry.what {
            What::Group(it, _) if of(&it) => Some(id),
            _ => None,
        });
        let waits: Vec<_> = waits.collect();
        waits.into_iter().for_each(|id| self.drop_copy(no, id));
    }
}
