//! What I say: on the disk first, sealed as soon as there is a session with room, on the link as far
//! as its window allows, erased when the friend's node has it. PROTOCOL §4.5.

use super::doors::{Conn, Place};
use super::links::PARCEL;
use super::people::count;
use super::roads::addresses;
use super::saved::{Piece, Saved, pieces};
use super::{Answer, Body, ConnId, Delivery, Effect, Engine, Event, Refusal};
use crate::edge::Edge;
use crate::friend::{self, Copies, Entry, What};
use crate::history::{Line, Owner};
use crate::limits::{
    FETCHES_MAX, KEEP_MINUTES_MAX, LINK_WINDOW_BYTES, OUTBOX_PER_FRIEND_MAX, OUTBOX_PER_NODE_MAX,
    TEXT_BYTES_MAX, UNACKNOWLEDGED_MAX,
};
use crate::message::{self, MessageId, Payload, Text, Timer};
use crate::ratchet::Session;
use crate::secret::Said;
use crate::vault::Name;
use crate::zone::{UNASKED, ZoneAnswer};

impl Engine {
    /// A person writes: the text is on the disk, sealed if it can be, before they are told.
    pub(super) fn send_text(
        &mut self,
        to: &str,
        text: Said,
        limit: u32,
    ) -> Result<Answer, Refusal> {
        let computers = self.computers_of(to)?;
        if text.is_empty() || core::str::from_utf8(&text).is_err() {
            return Err(Refusal::EmptyText);
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err(Refusal::TextTooLong);
        }
        if limit > KEEP_MINUTES_MAX {
            return Err(Refusal::BadLimit);
        }
        let mut limit = limit;
        for no in &computers {
            self.not_blocked(*no)?;
            self.room_in_outbox(*no)?;
            let agreed = self.friends.get(no).map_or(0, |f| f.timer.agreed);
            limit = shorter(limit, agreed);
        }
        self.counters.next_seq += 1;
        let seq = self.counters.next_seq;
        let said = computers
            .iter()
            .filter_map(|no| self.write_to(*no, seq, limit, &text));
        let id = said.collect::<Vec<_>>().first().copied();
        Ok(Answer::Sent {
            id: id.ok_or(Refusal::OutboxFull)?,
            state: Delivery::Saved,
        })
    }

    /// One computer is to have a text; nothing if it was told as many as can be counted.
    fn write_to(&mut self, no: u32, seq: u64, limit: u32, text: &Said) -> Option<u64> {
        let friend = self.friends.get_mut(&no)?;
        let others_wait = friend.outbox.waits();
        friend.traffic.last_number = friend.traffic.last_number.checked_add(1)?;
        let said = friend::Said {
            number: friend.traffic.last_number,
            length: count(text.len()),
            limit,
            seq,
        };
        let id = self.new_entry(no, What::Text(said));
        self.put_pieces(Saved::Entry(id), Piece::Text, text);
        if !others_wait {
            self.seal_entry(no, id, text);
        }
        self.seal_waiting(no);
        self.flush(no);
        Some(id)
    }

    /// Whether one more message of mine can wait. Those for one friend take a quarter of all bytes at
    /// most, those for all friends likewise.
    pub(super) fn room_in_outbox(&self, no: u32) -> Result<(), Refusal> {
        if self.full {
            return Err(Refusal::DiskFull);
        }
        let theirs = self.friends.get(&no).map_or(0, |f| f.outbox.len());
        let full = theirs >= OUTBOX_PER_FRIEND_MAX || !self.outboxes_bear(1, 1);
        let full = full && !planted!(OutboxUnbounded);
        (!full).then_some(()).ok_or(Refusal::OutboxFull)
    }

    /// Whether so many more messages can wait, which take so many bytes.
    pub(super) fn outboxes_bear(&self, count: usize, bytes: u64) -> bool {
        let outboxes = || self.friends.values().map(|friend| &friend.outbox);
        let waits = outboxes().map(|outbox| outbox.len()).sum::<usize>();
        let taken = outboxes().map(|outbox| outbox.bytes()).sum::<u64>();
        waits + count <= OUTBOX_PER_NODE_MAX && taken + bytes <= self.settings.bodies_bytes / 4
    }

    /// A new message of mine in the outbox; its number is above all before it.
    pub(super) fn new_entry(&mut self, no: u32, what: What) -> u64 {
        let message = self.entropy.bytes();
        self.entry_of(no, what, message)
    }

    /// The same of a message that has its name already.
    pub(super) fn entry_of(&mut self, no: u32, what: What, message: MessageId) -> u64 {
        self.counters.next_entry += 1;
        let id = self.counters.next_entry;
        let entry = Entry {
            friend: no,
            message,
            what,
            minute: self.now.minutes(),
            since: self.age.minutes(),
            sealed: None,
            copies: Copies::One,
        };
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.outbox.insert(id, entry);
        }
        self.mark(Saved::Entry(id));
        self.mark(Saved::Traffic(no));
        self.post_soon(no);
        if !planted!(CountersForgotten) {
            self.mark(Saved::Node);
        }
        id
    }

    /// Whether a message may be sealed now.
    fn may_seal(&self, no: u32) -> bool {
        let Some(friend) = self.friends.get(&no) else {
            return false;
        };
        let session = friend.sessions.active.as_ref();
        let may = friend.live.seals(self.now.boot_ms);
        let may = may && friend.outbox.sealed() < UNACKNOWLEDGED_MAX;
        may && session.is_some_and(Session::can_seal)
    }

    /// Seals one entry, if there is a session with room. Nothing is ever sealed under this number
    /// again: a resend repeats the bytes that are stored here, until another session takes over.
    pub(super) fn seal_entry(&mut self, no: u32, id: u64, text: &[u8]) {
        let may = self.may_seal(no);
        let other = self.introduction_words(no, id);
        let other = other.or_else(|| self.file_words(no, id, text));
        let other = other.or_else(|| self.group_words(no, id, text));
        let other = other.or_else(|| may.then(|| self.box_words(no, id)).flatten());
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if !may {
            return friend.outbox.not_sealed(id);
        }
        let Some(entry) = friend.outbox.get(id).filter(|entry| entry.waits()) else {
            return;
        };
        let payload = match entry.what {
            What::Confirm => Payload::Confirm,
            What::Timer(number, limit) => Payload::Timer(Timer { number, limit }),
            What::Addresses => {
                let life = friend.traffic.incarnation;
                let said = addresses(&mut friend.roads, life, &self.reach, self.age.minutes());
                self.dirty.insert(Saved::Roads(no));
                Payload::Addresses(said)
            }
            // What was said otherwise meanwhile is not said any more.
            What::EdgeRekey => {
                let ask = friend.edges.one().and_then(Edge::asked);
                ask.map_or(Payload::Confirm, Payload::EdgeRekey)
            }
            What::EdgeRekeyAck => {
                let answer = friend.edges.one().and_then(Edge::answer);
                answer.map_or(Payload::Confirm, Payload::EdgeRekeyAck)
            }
            What::NextIdentity => {
                let next = Self::next_identity(friend);
                next.map_or(Payload::Confirm, Payload::NextIdentity)
            }
            What::IntroAsk(_)
            | What::IntroAnswer(_)
            | What::IntroGive(_)
            | What::FileHead(_)
            | What::FileChunk(..)
            | What::FileWord(..)
            | What::Group(..)
            | What::Box(_)
            | What::Tokens(_)
            | What::Moved(_)
            | What::MoreTokens(_)
            | What::NoBox(_) => other.unwrap_or(Payload::Confirm),
            What::ZoneGone => Payload::ZoneAnswer(ZoneAnswer {
                of: UNASKED,
                records: Vec::new(),
            }),
            What::Text(said) | What::Copy(said) => Payload::Text(Text {
                incarnation: friend.traffic.incarnation,
                number: said.number,
                minute: entry.minute,
                keep: said.limit,
                text: Said::new(text.to_vec()),
            }),
        };
        let payload = message::encode(&entry.message, &payload);
        // A chain that ends waits for the friend's next parcel, which turns the ratchet.
        let age = self.age.minutes();
        let Some(session) = friend.sessions.active.as_mut() else {
            return;
        };
        let Ok(sealed) = session.seal(&payload, age, &mut self.entropy) else {
            return friend.outbox.not_sealed(id);
        };
        let number = session.number();
        let place = (sealed.chain, sealed.n, count(sealed.bytes.len()));
        friend.outbox.seal(id, place);
        self.put_pieces(Saved::Entry(id), Piece::Parcel, &sealed.bytes);
        self.sealed.insert(id, Said::new(sealed.bytes));
        self.mark(Saved::Entry(id));
        if !planted!(SessionForgotten) {
            self.mark_active(no);
            self.mark_blocks(no, number, sealed.changed);
        }
    }

    /// Seals what waited for a session, in the order it was written. Texts come from the disk, as
    /// many at once as can be sealed; while nothing can, none is asked for.
    pub(super) fn seal_waiting(&mut self, no: u32) {
        self.seal_late_anew(no);
        while let Some((id, body)) = self.next_to_seal(no) {
            match body {
                None => self.seal_entry(no, id, &[]),
                Some(names) => self.fetch(no, id, names),
            }
        }
        self.follow_ended(no);
    }

    /// The next message to be sealed, and where its text or piece lies if it has one.
    fn next_to_seal(&self, no: u32) -> Option<(u64, Option<Vec<Name>>)> {
        let friend = self.friends.get(&no)?;
        let session = friend.sessions.active.as_ref()?;
        let room = UNACKNOWLEDGED_MAX.saturating_sub(friend.outbox.sealed());
        let (id, entry) = friend.outbox.next_unsealed(room.min(FETCHES_MAX))?;
        let text = entry.text().map(|said| said.length as usize);
        let text = text.map(|length| pieces(Saved::Entry(id), Piece::Text, length));
        let body = text.or_else(|| self.chunk_of(entry.what));
        let body = body.or_else(|| self.copied(entry.what));
        let may = friend.live.seals(self.now.boot_ms);
        (may && session.can_seal()).then_some((id, body))
    }

    fn fetch(&mut self, no: u32, id: u64, names: Vec<Name>) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.outbox.fetching(id);
            self.then(Effect::Fetch { id, names });
        }
    }

    /// A text that waited was read from the disk. One that is not there is a damaged disk: it is
    /// not asked for again before the next start.
    pub(super) fn fetched(&mut self, id: u64, text: Option<Said>) {
        if self.checked(id, text.as_ref()) {
            return;
        }
        if self.stray_fetched(id, text.as_ref()) {
            return;
        }
        let Some(text) = self.fetched_to_leave(id, text) else {
            return;
        };
        let mut friends = self.friends.iter();
        let of = friends.find(|(_, friend)| friend.outbox.is_fetching(id));
        let Some(no) = of.map(|(no, _)| *no) else {
            return;
        };
        self.seal_entry(no, id, &text);
        self.seal_waiting(no);
        self.flush(no);
        self.leave_more(no);
    }

    /// Writes to the link what is sealed and not on it yet, as far as the window allows.
    pub(super) fn flush(&mut self, no: u32) {
        let Some(conn) = self.carrier(no) else {
            return;
        };
        let friend = self.friends.get_mut(&no);
        let Some(friend) = friend.filter(|friend| !friend.live.full) else {
            return;
        };
        while let Some((id, length)) = friend.outbox.next_for_link(LINK_WINDOW_BYTES) {
            let body = match self.sealed.remove(&id) {
                Some(parcel) => Body::Here(parcel),
                None => Body::Stored(pieces(Saved::Entry(id), Piece::Parcel, length)),
            };
            self.step.then.push(Effect::Frame {
                conn,
                kind: PARCEL,
                body,
            });
        }
    }

    /// By which link parcels of the session leave: the friend's, or else one under the last resort.
    pub(super) fn carrier(&self, no: u32) -> Option<ConnId> {
        let live = &self.friends.get(&no)?.live;
        let links = [live.link, live.beside].into_iter().flatten();
        links.into_iter().find(|conn| self.carries_parcels(*conn))
    }

    pub(super) fn carries_parcels(&self, conn: ConnId) -> bool {
        let Some(Conn::Link(link)) = self.conns.get(&conn) else {
            return false;
        };
        let friend = self.friends.get(&link.friend);
        let active = friend.and_then(|friend| friend.sessions.active.as_ref());
        let id = active.map(|session| session.progress().session);
        let belongs = match &link.place {
            Place::Among => true,
            Place::LastResort(common) => id.is_some_and(|id| common.contains(&id)),
            Place::Held(_) | Place::Stale => false,
        };
        link.greeted && !link.stopped && belongs
    }

    /// The friend's node has these on its disk: here they are history, if any is kept. That they
    /// arrived rests on that disk and is said at once.
    pub(super) fn acknowledged(&mut self, no: u32, ids: &[MessageId]) {
        for id in ids {
            let Some(friend) = self.friends.get_mut(&no) else {
                return;
            };
            let Some((id, entry)) = friend.outbox.take(id) else {
                continue;
            };
            let to = friend.petname.as_str().to_owned();
            // Of one that was sealed twice nobody knows which parcel came.
            if let Some((chain, n, _)) = entry.sealed.filter(|_| entry.copies == Copies::One) {
                friend.traffic.acknowledged = friend.traffic.acknowledged.max((chain, n));
                self.dirty.insert(Saved::Traffic(no));
            }
            self.settle_entry(id, &entry, true);
            if entry.what == What::Addresses {
                self.addresses_told(no);
            }
            self.chunk_arrived(no, entry.what);
            if let Some(said) = entry.awaited() {
                let id = self.settled_everywhere(no, id, said.seq);
                self.step.at_once.push(Event::Delivered { id, to });
            }
        }
    }

    /// A message of mine that does not wait any more: its parcel goes, its words are kept for a while.
    pub(super) fn settle_entry(&mut self, id: u64, entry: &Entry, arrived: bool) {
        if entry.sealed.is_some() {
            self.erase_pieces(Saved::Entry(id), Piece::Parcel, entry.parcel_bytes());
        }
        self.mark(Saved::Entry(id));
        self.forget_left(entry.friend, id);
        if let What::Copy(said) = entry.what {
            self.erase_pieces(Saved::Entry(id), Piece::Text, said.length as usize);
        }
        if let Some(said) = entry.awaited() {
            let line = Line {
                friend: entry.friend,
                seq: said.seq,
                minute: entry.minute,
                length: said.length,
                since: if arrived {
                    entry.since
                } else {
                    self.age.minutes()
                },
                limit: said.limit,
                arrived,
                from: None,
                to_all: false,
            };
            self.keep_line(Owner::Entry(id), line);
        }
        if let What::Group(of, _) = entry.what {
            self.copy_settled(of, entry.friend, arrived);
        }
    }
}

/// Of two numbers of minutes the shorter; 0 is for no limit.
fn shorter(a: u32, b: u32) -> u32 {
    match (a, b) {
        (0, limit) | (limit, 0) => limit,
        (a, b) => a.min(b),
    }
}
