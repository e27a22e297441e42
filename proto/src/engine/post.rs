//! Parcels in and out: what I say is sealed and stored before it leaves, what a friend says is
//! stored before it is acknowledged, each message is shown once. PROTOCOL §4.1, §4.2, §4.5.

use super::doors::{Conn, Linked};
use super::links::PARCEL;
use super::people::count;
use super::saved::{Piece, Saved, pieces};
use super::{Answer, Body, ConnId, Delivery, Effect, Engine, Event, Refusal};
use crate::friend::{Entry, Friend, Pending};
use crate::inbox::Arrival;
use crate::limits::{
    ACK_PAUSE_DOUBLES_PARCELS, ACK_PAUSE_MS, FETCHES_MAX, LINK_WINDOW_BYTES, OUTBOX_PER_FRIEND_MAX,
    OUTBOX_PER_NODE_MAX, SKIPPED_PER_NODE_MAX, TEXT_BYTES_MAX, UNACKNOWLEDGED_MAX,
    UNREAD_PER_FRIEND_MAX, UNREAD_PER_NODE_MAX,
};
use crate::link::stamps;
use crate::message::{self, MessageId, Payload, Text};
use crate::parcel::{Kind, Parcel};
use crate::ratchet::handshake::{self, Offer};
use crate::ratchet::{Advance, OpenError, Opened, Session};
use crate::secret::Said;

impl Engine {
    /// A person writes: the text is on the disk, sealed if it can be, before they are told.
    pub(super) fn send_text(&mut self, to: &str, text: Said) -> Result<Answer, Refusal> {
        let no = self.find(to)?;
        if text.is_empty() || core::str::from_utf8(&text).is_err() {
            return Err(Refusal::EmptyText);
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err(Refusal::TextTooLong);
        }
        let all = self.friends.values().map(|friend| friend.outbox.len());
        let node_full = all.sum::<usize>() >= OUTBOX_PER_NODE_MAX;
        let Some(friend) = self.friends.get_mut(&no) else {
            return Err(Refusal::NoSuchFriend { near: Vec::new() });
        };
        if friend.outbox.len() >= OUTBOX_PER_FRIEND_MAX || node_full {
            return Err(Refusal::OutboxFull);
        }
        let others_wait = friend.outbox.waits();
        friend.traffic.last_number = friend
            .traffic
            .last_number
            .checked_add(1)
            .ok_or(Refusal::OutboxFull)?;
        let place = (friend.traffic.last_number, count(text.len()));
        let id = self.new_entry(no, Some(place));
        self.put_pieces(Saved::Entry(id), Piece::Text, &text);
        if !others_wait {
            self.seal_entry(no, id, &text);
        }
        self.seal_waiting(no);
        self.flush(no);
        Ok(Answer::Sent {
            id,
            state: Delivery::Saved,
        })
    }

    /// A new message of mine in the outbox; its number is above all before it.
    fn new_entry(&mut self, no: u32, text: Option<(u32, u32)>) -> u64 {
        self.counters.next_entry += 1;
        let id = self.counters.next_entry;
        let entry = Entry {
            friend: no,
            message: self.entropy.bytes(),
            text,
            minute: self.now.minutes(),
            sealed: None,
        };
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.outbox.insert(id, entry);
        }
        self.mark(Saved::Entry(id));
        self.mark(Saved::Traffic(no));
        self.mark(Saved::Node);
        id
    }

    /// Seals one entry, if there is a session with room. It will never be sealed under this number
    /// again: a resend repeats the bytes that are stored here.
    fn seal_entry(&mut self, no: u32, id: u64, text: &[u8]) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let full = friend.outbox.sealed() >= UNACKNOWLEDGED_MAX;
        let Some(session) = friend.sessions.active.as_mut().filter(|_| !full) else {
            return friend.outbox.not_sealed(id);
        };
        let Some(entry) = friend.outbox.get(id).filter(|entry| entry.sealed.is_none()) else {
            return;
        };
        let payload = match entry.text {
            None => Payload::Confirm,
            Some((number, _)) => Payload::Text(Text {
                incarnation: friend.traffic.incarnation,
                number,
                minute: entry.minute,
                keep: 0,
                text: Said::new(text.to_vec()),
            }),
        };
        let payload = message::encode(&entry.message, &payload);
        // A chain that ends waits for the friend's next parcel, which turns the ratchet.
        let Ok(sealed) = session.seal(&payload, &mut self.entropy) else {
            return friend.outbox.not_sealed(id);
        };
        let place = (sealed.chain, sealed.n, count(sealed.bytes.len()));
        friend.outbox.seal(id, place);
        self.put_pieces(Saved::Entry(id), Piece::Parcel, &sealed.bytes);
        self.mark(Saved::Entry(id));
        self.mark(Saved::Sessions(no));
    }

    /// Seals what waited for a session, in the order it was written. Texts come from the disk, as
    /// many at once as can be sealed; while nothing can, none is asked for.
    pub(super) fn seal_waiting(&mut self, no: u32) {
        while let Some((id, text)) = self.next_to_seal(no) {
            match text {
                None => self.seal_entry(no, id, &[]),
                Some((_, length)) => self.fetch(no, id, length),
            }
        }
    }

    fn next_to_seal(&self, no: u32) -> Option<(u64, Option<(u32, u32)>)> {
        let friend = self.friends.get(&no)?;
        let session = friend.sessions.active.as_ref()?;
        let room = UNACKNOWLEDGED_MAX.saturating_sub(friend.outbox.sealed());
        let (id, entry) = friend.outbox.next_unsealed(room.min(FETCHES_MAX))?;
        session.can_seal().then_some((id, entry.text))
    }

    fn fetch(&mut self, no: u32, id: u64, length: u32) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.outbox.fetching(id);
            let names = pieces(Saved::Entry(id), Piece::Text, length as usize);
            self.then(Effect::Fetch { id, names });
        }
    }

    /// A text that waited was read from the disk. One that is not there is a damaged disk: it is
    /// not asked for again before the next start.
    pub(super) fn fetched(&mut self, id: u64, text: Option<Said>) {
        let mut friends = self.friends.iter();
        let of = friends.find(|(_, friend)| friend.outbox.is_fetching(id));
        let (Some(no), Some(text)) = (of.map(|(no, _)| *no), text) else {
            return;
        };
        self.seal_entry(no, id, &text);
        self.seal_waiting(no);
        self.flush(no);
    }

    /// Writes to the link what is sealed and not on it yet, as far as the window allows.
    pub(super) fn flush(&mut self, no: u32) {
        let link = self.friends.get(&no).and_then(|friend| friend.live.link);
        let Some(conn) = link.filter(|conn| self.carries_parcels(*conn)) else {
            return;
        };
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        while let Some((id, length)) = friend.outbox.next_for_link(LINK_WINDOW_BYTES) {
            let names = pieces(Saved::Entry(id), Piece::Parcel, length);
            self.step.then.push(Effect::Frame {
                conn,
                kind: PARCEL,
                body: Body::Stored(names),
            });
        }
    }

    fn carries_parcels(&self, conn: ConnId) -> bool {
        matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked {
                greeted: true,
                stopped: false,
                ..
            }))
        )
    }

    /// The joiner begins the session: A1 at each link-up until A2 came, always the same bytes.
    pub(super) fn offer(&mut self, no: u32, conn: ConnId) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let needed = friend.joined && friend.sessions.active.is_none();
        let Some(keys) = friend.roots.last().filter(|_| needed) else {
            return;
        };
        if friend.sessions.offer.is_none() {
            let stamp = stamps::next(friend.traffic.last_stamp, self.now.wall_ms);
            friend.traffic.last_stamp = stamp;
            friend.sessions.offer = Some((Offer::draw(keys, &mut self.entropy), stamp));
            self.dirty.extend([Saved::Sessions(no), Saved::Traffic(no)]);
        }
        let Some((offer, stamp)) = &friend.sessions.offer else {
            return;
        };
        if let Ok(parcel) = offer.parcel(keys, &self.me, &friend.point, *stamp) {
            self.send_frame(conn, PARCEL, parcel);
        }
    }

    /// A parcel that came by another road: whose it is, its header shows.
    pub(super) fn carried(&mut self, bytes: &[u8]) {
        let friends: Vec<_> = self.friends.keys().copied().collect();
        friends
            .into_iter()
            .for_each(|no| self.parcel(no, None, bytes));
    }

    /// A parcel that may be this friend's. Whatever is wrong with it: nothing happens.
    pub(super) fn parcel(&mut self, no: u32, conn: Option<ConnId>, bytes: &[u8]) {
        let Some(parcel) = Parcel::parse(bytes) else {
            return;
        };
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if let Some(id) = friend.seen.message_of(parcel.hdr_tag) {
            // A replay: acknowledged again on the friend's own link, and nothing else.
            let id = *id;
            if conn.is_some() {
                self.owe_ack(no, id, conn);
            }
            return;
        }
        let ake = friend
            .roots
            .iter()
            .find(|keys| parcel.fits(&keys.from.ake_header))
            .map(|keys| keys.name);
        // What comes of it shows in the state; a parcel refused at any step changes nothing.
        let _ = match ake {
            Some(root) => self.ake(no, conn, root, &parcel),
            None => self.letter(no, conn, &parcel),
        };
    }

    fn ake(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        root: [u8; 16],
        parcel: &Parcel<'_>,
    ) -> Option<()> {
        let header = &self.friends.get(&no)?.root(&root)?.from.ake_header;
        if let Some(offer) = handshake::open(Kind::Ake1, header, parcel) {
            self.answer_offer(no, conn, root, parcel.hdr_tag, &offer)
        } else {
            let answer = handshake::open(Kind::Ake2, header, parcel)?;
            self.session_begins(no, root, &answer)
        }
    }

    /// A1: the stamp is stored before A2 leaves; the same A1 gets the same A2, never another.
    fn answer_offer(
        &mut self,
        no: u32,
        conn: Option<ConnId>,
        root: [u8; 16],
        tag: &[u8; 16],
        offer: &[u8],
    ) -> Option<()> {
        // A joiner offers once on each link; more would pile up answers that it does not read.
        if conn.is_some_and(|conn| self.has_answered(conn)) {
            return None;
        }
        let friend = self.friends.get_mut(&no)?;
        if friend.sessions.active.is_some() {
            return None;
        }
        let again = friend
            .sessions
            .pending
            .as_ref()
            .filter(|pending| pending.offer_tag == *tag);
        if again.is_none() {
            let (stamp, noise) = handshake::split_offer(offer)?;
            if !friend.traffic.ake_stamps.accept(stamp) {
                return None;
            }
            self.dirty.insert(Saved::Traffic(no));
            let keys = friend.roots.iter().find(|keys| keys.name == root)?;
            let (session, answer) =
                handshake::respond(keys, &self.me, &friend.point, noise, &mut self.entropy).ok()?;
            friend.sessions.pending = Some(Pending {
                session,
                stamp,
                offer_tag: *tag,
                answer,
            });
            self.dirty.extend([Saved::Sessions(no), Saved::Answer(no)]);
        }
        let answer = friend.sessions.pending.as_ref()?.answer.clone();
        let conn = conn.or(friend.live.link)?;
        if let Some(Conn::Link(link)) = self.conns.get_mut(&conn) {
            link.answered = true;
        }
        self.send_frame(conn, PARCEL, answer);
        Some(())
    }

    fn has_answered(&self, conn: ConnId) -> bool {
        matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked { answered: true, .. }))
        )
    }

    /// A2: the session is here; A3 is the first thing there is to say, or a confirmation.
    fn session_begins(&mut self, no: u32, root: [u8; 16], answer: &[u8]) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        let keys = friend.roots.iter().find(|keys| keys.name == root)?;
        let (offer, _) = friend.sessions.offer.as_ref()?;
        let session = offer.finish(keys, &self.me, &friend.point, answer).ok()?;
        friend.sessions.active = Some(session);
        friend.sessions.offer = None;
        let silent = friend.outbox.len() == 0;
        self.mark(Saved::Sessions(no));
        if silent {
            self.new_entry(no, None);
        }
        self.seal_waiting(no);
        self.flush(no);
        Some(())
    }

    /// A ratchet parcel: everything is checked on paper, then state, message and acknowledgement
    /// change together.
    fn letter(&mut self, no: u32, conn: Option<ConnId>, parcel: &Parcel<'_>) -> Option<()> {
        let friend = self.friends.get(&no)?;
        let active = friend
            .sessions
            .active
            .as_ref()
            .map(|session| session.open(parcel));
        let (opened, begins) = match active {
            Some(Ok(opened)) => (opened, false),
            Some(Err(OpenError::Used | OpenError::Bad)) => return None,
            Some(Err(OpenError::NotOurs)) | None => (
                friend
                    .sessions
                    .pending
                    .as_ref()?
                    .session
                    .open(parcel)
                    .ok()?,
                true,
            ),
        };
        let Opened { payload, advance } = opened;
        let (id, payload) = message::decode(&payload).ok()?;
        if matches!(payload, Payload::Text(_)) && !friend.seen.knows(&id) && !self.has_room(no, 1) {
            self.refuse(no);
            return None;
        }
        if begins {
            self.session_confirmed(no)?;
        }
        let news = self.take(no, *parcel.hdr_tag, id, advance)?;
        if !matches!(payload, Payload::Ack(_)) {
            self.owe_ack(no, id, conn);
        }
        if !news {
            return None;
        }
        match payload {
            Payload::Text(text) => self.arrive(no, text),
            Payload::Ack(ids) => self.acknowledged(no, &ids),
            Payload::Confirm | Payload::Unknown => {}
        }
        // The friend spoke, so the ratchet can turn: a chain that had ended goes on.
        self.seal_waiting(no);
        self.flush(no);
        Some(())
    }

    /// Whether there is room for a message of this friend, even if so many times as many were here.
    fn has_room(&self, no: u32, times: usize) -> bool {
        self.inbox.count(no) * times < UNREAD_PER_FRIEND_MAX
            && self.inbox.len() * times < UNREAD_PER_NODE_MAX
    }

    /// A text for which there is no room: its author keeps it. The person is told once.
    fn refuse(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if !core::mem::replace(&mut friend.live.refused, true) {
            let petname = friend.petname.as_str().to_owned();
            self.show(Event::InboxFull { petname });
        }
    }

    /// Half of the room is free again: friends whose messages were refused send them at a new link.
    pub(super) fn make_room(&mut self) {
        let refused = self.friends.iter().filter(|(_, f)| f.live.refused);
        let refused: Vec<_> = refused.map(|(no, _)| *no).collect();
        for no in refused {
            if self.has_room(no, 2) {
                self.renew_link(no);
            }
        }
    }

    /// A3 came: the pending session is the session.
    fn session_confirmed(&mut self, no: u32) -> Option<()> {
        let friend = self.friends.get_mut(&no)?;
        let pending = friend.sessions.pending.take()?;
        friend.traffic.ake_stamps.settle(pending.stamp);
        friend.sessions.active = Some(pending.session);
        self.dirty
            .extend([Saved::Sessions(no), Saved::Answer(no), Saved::Traffic(no)]);
        Some(())
    }

    /// Moves the session on and remembers the parcel. A message known from another parcel is not
    /// taken a second time, only acknowledged. Says whether it is news.
    fn take(&mut self, no: u32, tag: [u8; 16], id: MessageId, advance: Advance) -> Option<bool> {
        let minute = self.now.minutes();
        let friend = self.friends.get_mut(&no)?;
        let changed = friend.sessions.active.as_mut()?.advance(advance, minute);
        let known = friend.seen.knows(&id);
        let (block, forgotten) = friend.seen.insert(tag, id);
        self.dirty.insert(Saved::Sessions(no));
        self.dirty
            .extend(changed.into_iter().map(|block| Saved::Skipped(no, block)));
        self.dirty.insert(Saved::Seen(no, block));
        self.dirty
            .extend(forgotten.map(|block| Saved::Seen(no, block)));
        self.bound_skipped();
        Some(!known)
    }

    /// Keeps all sessions together within the node's bound: the largest gives way.
    fn bound_skipped(&mut self) {
        let held =
            |f: &crate::friend::Friend| f.sessions.active.as_ref().map_or(0, |s| s.skipped_len());
        let mut total: usize = self.friends.values().map(held).sum();
        while total > SKIPPED_PER_NODE_MAX {
            let Some((no, friend)) = self
                .friends
                .iter_mut()
                .max_by_key(|(_, friend)| held(friend))
            else {
                return;
            };
            let forgotten = friend
                .sessions
                .active
                .as_mut()
                .and_then(|session| session.forget_oldest_skipped());
            self.dirty
                .extend(forgotten.map(|block| Saved::Skipped(*no, block)));
            total -= 1;
        }
    }

    fn arrive(&mut self, no: u32, text: Text) {
        let minute = self.now.minutes();
        self.counters.next_arrival += 1;
        let id = self.counters.next_arrival;
        let arrival = Arrival {
            friend: no,
            incarnation: text.incarnation,
            number: text.number,
            received_min: minute,
            claimed_min: text.minute,
            length: count(text.text.len()),
            seq: None,
        };
        self.inbox.insert(id, arrival);
        self.put_pieces(Saved::Arrival(id), Piece::Text, &text.text);
        self.mark(Saved::Arrival(id));
        self.mark(Saved::Node);
        self.show_due(no);
    }

    /// Shows what is next in its author's order.
    fn show_due(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let (due, shown) = self.inbox.due(no, friend.traffic.shown, self.now.minutes());
        let moved = core::mem::replace(&mut friend.traffic.shown, shown) != shown;
        let from = friend.petname.as_str().to_owned();
        if moved {
            self.mark(Saved::Traffic(no));
        }
        for id in due {
            self.counters.next_seq += 1;
            let seq = self.counters.next_seq;
            self.inbox.show(id, seq);
            self.mark(Saved::Arrival(id));
            self.mark(Saved::Node);
            self.show(Event::Message {
                seq,
                from: from.clone(),
            });
        }
        if let Some(minute) = self.inbox.next_due_min(no) {
            self.wake_by_minute(minute);
        }
    }

    /// Shows what waited too long for its predecessors.
    pub(super) fn show_overdue(&mut self) {
        let friends: Vec<_> = self.friends.keys().copied().collect();
        friends.into_iter().for_each(|no| self.show_due(no));
    }

    /// The friend's node has these on its disk: they are erased here.
    fn acknowledged(&mut self, no: u32, ids: &[MessageId]) {
        for id in ids {
            let Some(friend) = self.friends.get_mut(&no) else {
                return;
            };
            let Some((id, entry)) = friend.outbox.take(id) else {
                continue;
            };
            let to = friend.petname.as_str().to_owned();
            if let Some((chain, n, bytes)) = entry.sealed {
                friend.traffic.acknowledged = friend.traffic.acknowledged.max((chain, n));
                self.dirty.insert(Saved::Traffic(no));
                self.erase_pieces(Saved::Entry(id), Piece::Parcel, bytes as usize);
            }
            self.mark(Saved::Entry(id));
            if let Some((_, length)) = entry.text {
                self.erase_pieces(Saved::Entry(id), Piece::Text, length as usize);
                self.show(Event::Delivered { id, to });
            }
        }
    }

    /// Notes that a message is to be acknowledged, soon: others may go with it.
    fn owe_ack(&mut self, no: u32, id: MessageId, conn: Option<ConnId>) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let session = friend.sessions.active.as_ref();
        let doubled = session.map_or(0, Session::unanswered) / ACK_PAUSE_DOUBLES_PARCELS;
        let pause = ACK_PAUSE_MS << doubled.min(32);
        let at_ms = self.now.boot_ms.saturating_add(pause);
        let at_ms = friend.live.acknowledge(id, conn, at_ms);
        self.wake_by(at_ms);
    }

    /// Finds out when the next acknowledgements are due.
    pub(super) fn wake_for_acks(&mut self) {
        let at_ms = self.friends.values().filter_map(|f| f.live.acks_at_ms());
        if let Some(at_ms) = at_ms.filter(|at_ms| *at_ms > self.now.boot_ms).min() {
            self.wake_by(at_ms);
        }
    }

    /// Acknowledges what was committed, in as few parcels as possible. One that is lost costs the
    /// friend a resend, which is acknowledged again.
    pub(super) fn send_acks(&mut self) {
        let now_ms = self.now.boot_ms;
        let owed = |f: &Friend| f.live.acks_at_ms().is_some_and(|at_ms| at_ms <= now_ms);
        let due = self.friends.iter().filter(|(_, f)| owed(f));
        for no in due.map(|(no, _)| *no).collect::<Vec<_>>() {
            while let Some((conn, parcel)) = self.next_acks(no) {
                self.mark(Saved::Sessions(no));
                self.send_frame(conn, PARCEL, parcel);
            }
        }
    }

    /// A chain that ended acknowledges nothing until the friend turns the ratchet.
    fn next_acks(&mut self, no: u32) -> Option<(ConnId, Vec<u8>)> {
        let friend = self.friends.get(&no)?;
        let open = |conn: &ConnId| self.carries_parcels(*conn);
        let by = |came_on: Option<ConnId>| came_on.filter(open).or(friend.live.link.filter(open));
        let (conn, ids) = friend.live.next_acks(by)?;
        let friend = self.friends.get_mut(&no)?;
        let session = friend.sessions.active.as_mut()?;
        let payload = message::encode(&self.entropy.bytes(), &Payload::Ack(ids.clone()));
        let sealed = session.seal(&payload, &mut self.entropy).ok()?;
        friend.live.forget_acks(&ids);
        Some((conn, sealed.bytes))
    }
}
