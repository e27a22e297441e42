//! What friends say: opened on paper, then state, message and acknowledgement change together; shown
//! once, in its author's order; refused when there is no room. PROTOCOL §4.2, §4.5.

use super::people::count;
use super::saved::{Piece, Saved};
use super::{ConnId, Engine, Event, groups};
use crate::friend::Role;
use crate::inbox::Arrival;
use crate::limits::{UNREAD_PER_FRIEND_MAX, UNREAD_PER_NODE_MAX};
use crate::message::{self, MessageId, Payload, Text};
use crate::parcel::Parcel;
use crate::ratchet::{self, Advance, Opened};

/// What was in a parcel that opened.
pub(super) enum Heard {
    /// Acknowledgements only.
    Ack,
    /// A text, or a piece of a file, for which there is no room.
    Refused,
    /// Something else.
    More,
}

impl Engine {
    /// A parcel that came by another road: whose it is, its header shows. Says whether that was its
    /// end here: not if this node has no room. One for which its author alone left none is not waited
    /// for, or it would keep all that lies behind it: they have it still, and leave it again.
    pub(super) fn carried(&mut self, bytes: &[u8]) -> bool {
        let friends: Vec<_> = self.friends.keys().copied().collect();
        for no in friends {
            match self.parcel(no, None, bytes) {
                Some(Heard::Refused) => return !self.has_room_of_their_own(no, 2),
                Some(_) => break,
                None => {}
            }
        }
        true
    }

    /// A parcel that may be this friend's. Whatever is wrong with it: nothing happens.
    pub(super) fn parcel(&mut self, no: u32, conn: Option<ConnId>, bytes: &[u8]) -> Option<Heard> {
        let parcel = Parcel::parse(bytes).filter(|_| self.answers(no))?;
        let friend = self.friends.get_mut(&no)?;
        if let Some(id) = friend.seen.message_of(parcel.hdr_tag) {
            // A replay: acknowledged again, and nothing else; once in an hour if it did not come on
            // the friend's own link.
            let id = *id;
            match conn {
                Some(_) => self.owe_ack(no, id, conn),
                None => self.came_again(no, id),
            }
            return None;
        }
        let ake = friend
            .edges
            .all()
            .find(|keys| parcel.fits(&keys.from.ake_header))
            .map(|keys| keys.name);
        // What comes of it shows in the state; a parcel refused at any step changes nothing.
        match ake {
            Some(root) => self.ake(no, conn, root, &parcel).map(|()| Heard::More),
            None => self.letter(no, conn, &parcel),
        }
    }

    /// A ratchet parcel: everything is checked on paper, then state, message and acknowledgement
    /// change together.
    fn letter(&mut self, no: u32, conn: Option<ConnId>, parcel: &Parcel<'_>) -> Option<Heard> {
        let (role, Opened { payload, advance }) = self.open_parcel(no, parcel)?;
        let (id, payload) = message::decode(&payload).ok()?;
        if role == Role::Parked {
            if planted!(ParkedSpeaks) {
                self.friends.get_mut(&no)?.seen.insert(*parcel.hdr_tag, id);
            }
            return None;
        }
        let friend = self.friends.get(&no)?;
        // After one that was refused all are, until it can come: in its place a gap would keep the
        // later ones from being shown, and they would take the room that it waits for.
        let refuses = friend.live.refused || !self.has_room(no, 1);
        let words = match &payload {
            Payload::Text(_) => true,
            Payload::Group(said) => groups::brings_words(said),
            _ => false,
        };
        if words && !friend.seen.knows(&id) && refuses {
            self.refuse(no);
            if planted!(AckRefused) {
                self.owe_ack(no, id, conn);
            }
            return Some(Heard::Refused);
        }
        // Room for a piece was promised; only the disk itself can have none.
        if let Payload::FileChunk(chunk) = &payload
            && self.full
            && self.wants_chunk(no, chunk).is_some()
        {
            self.refuse(no);
            return Some(Heard::Refused);
        }
        let friend = self.friends.get(&no)?;
        let place = friend.sessions.place_of(role, &advance)?;
        let begins = role == Role::Pending;
        if begins && !self.session_confirmed(no, conn)? {
            return Some(Heard::More);
        }
        let news = self.take(no, role, (*parcel.hdr_tag, id), advance)?;
        let session = self.heard_in(no, role)?;
        let heard = match payload {
            Payload::Ack(_) | Payload::Dummy => Heard::Ack,
            _ => Heard::More,
        };
        if matches!(heard, Heard::More) {
            self.owe_ack(no, id, conn);
        }
        match payload {
            Payload::Group(said) if !news => {
                let _ = self.they_say_again_in_group(no, &said);
            }
            _ if !news => {}
            Payload::Text(text) => self.arrive(no, text),
            Payload::Ack(ids) => self.acknowledged(no, &ids),
            Payload::Addresses(said) => self.they_moved(no, said),
            Payload::Timer(timer) => self.their_timer(no, timer),
            Payload::EdgeRekey(ask) => self.they_ask(no, conn, &session, &ask),
            Payload::EdgeRekeyAck(answer) => self.they_answered(no, &answer),
            Payload::NextIdentity(next) => {
                let _ = self.they_announce(no, role, place, &next);
            }
            Payload::ZoneAsk(ask) => {
                let _ = self.they_ask_names(no, conn, id, &ask);
            }
            Payload::ZoneAnswer(answer) => {
                let _ = self.they_answer_names(no, answer);
            }
            Payload::IntroAsk(ask) => {
                let _ = self.they_introduce(no, ask);
            }
            Payload::IntroAnswer(answer) => {
                let _ = self.they_agreed(no, &answer);
            }
            Payload::IntroGive(give) => {
                let _ = self.they_give(no, &give);
            }
            Payload::Box(word) => {
                let _ = self.they_say_of_box(no, word);
            }
            Payload::Tokens(tokens) => {
                let _ = self.they_say_of_tokens(no, &tokens);
            }
            Payload::FileHead(head) => {
                let _ = self.they_offer_file(no, &head);
            }
            Payload::FileChunk(chunk) => {
                let _ = self.they_send_chunk(no, &chunk);
            }
            Payload::FileWord(id, word) => {
                let _ = self.they_say_of_file(no, &id, word);
            }
            Payload::Group(said) => {
                let _ = self.they_say_in_group(no, &said);
            }
            Payload::Confirm | Payload::Dummy | Payload::Unknown => {}
        }
        // The friend spoke, be it what is known: the ratchet can turn, and a chain that had ended goes on.
        self.seal_waiting(no);
        self.flush(no);
        (news || begins).then_some(heard)
    }

    /// Whether there is room for a message of this friend, even if so many times as many were here.
    /// Of all texts and parcels, unread ones take half; of that one friend's take a quarter.
    pub(super) fn has_room(&self, no: u32, times: usize) -> bool {
        let all = self.inbox.total();
        planted!(UnreadUnbounded)
            || !self.full
                && self.has_room_of_their_own(no, times)
                && all.count * times < UNREAD_PER_NODE_MAX
                && all.bytes * (times as u64) < self.settings.bodies_bytes / 2
    }

    /// The same, as far as it is this friend's doing.
    fn has_room_of_their_own(&self, no: u32, times: usize) -> bool {
        let (theirs, most) = (self.inbox.of(no), self.settings.bodies_bytes / 8);
        let (strays, bytes) = self.groups.strays_of(no);
        let (count, bytes) = (theirs.count + strays, theirs.bytes + bytes);
        count * times < UNREAD_PER_FRIEND_MAX && bytes * (times as u64) < most
    }

    /// Moves the session on and remembers the parcel. A message known from another parcel is not
    /// taken a second time, only acknowledged. Says whether it is news.
    fn take(
        &mut self,
        no: u32,
        role: Role,
        (tag, id): ([u8; 16], MessageId),
        advance: Advance,
    ) -> Option<bool> {
        let age = self.age.minutes();
        let friend = self.friends.get_mut(&no)?;
        let session = match role {
            Role::Previous => friend.sessions.previous.as_mut().map(|it| &mut it.session),
            _ => friend.sessions.active.as_mut(),
        }?;
        let changed = session.advance(advance, age);
        let number = session.number();
        let known = friend.seen.knows(&id);
        let (block, forgotten) = friend.seen.insert(tag, id);
        self.dirty.insert(Saved::Session(no, number));
        self.mark_blocks(no, number, changed);
        if !planted!(DedupeForgotten) {
            self.dirty.insert(Saved::Seen(no, block));
        }
        self.dirty
            .extend(forgotten.map(|block| Saved::Seen(no, block)));
        self.bound_skipped();
        Some(!known)
    }

    /// Keeps all sessions together within the node's bound.
    fn bound_skipped(&mut self) {
        let friends = self.friends.iter_mut();
        let sessions = friends.flat_map(|(no, f)| {
            let all = f.sessions.all_mut();
            all.map(|session| ((*no, session.number()), session))
        });
        for ((no, number), block) in ratchet::bound_skipped(sessions) {
            self.dirty
                .extend([Saved::Block(no, number, block), Saved::Session(no, number)]);
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
            limit: text.keep,
            seq: None,
            group: None,
        };
        self.inbox.insert(id, arrival);
        self.skip_gap(no, (text.incarnation, text.number));
        self.put_pieces(Saved::Arrival(id), Piece::Text, &text.text);
        self.mark(Saved::Arrival(id));
        self.mark(Saved::Node);
        self.show_due(no);
    }

    /// This disk does not know any more which texts of a friend have come: those that wait for others
    /// wait no longer, or the next one will not.
    pub(super) fn expect_gap(&mut self, no: u32) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.sessions.gap = true;
        }
        self.mark(Saved::Sessions(no));
        self.ask_for_pieces_again(no);
        if let Some(first) = self.inbox.first_held(no) {
            self.skip_gap(no, first);
            self.show_due(no);
        }
    }

    /// The first text after a disk went back waits for none before it: its author knows that those
    /// arrived, and this disk does not.
    fn skip_gap(&mut self, no: u32, (incarnation, number): (u16, u32)) {
        let friend = self.friends.get_mut(&no);
        let Some(friend) = friend.filter(|friend| friend.sessions.gap) else {
            return;
        };
        friend.sessions.gap = false;
        let before = (incarnation, number.saturating_sub(1));
        friend.traffic.shown = friend.traffic.shown.max(before);
        self.dirty.extend([Saved::Sessions(no), Saved::Traffic(no)]);
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
            if !planted!(PlaceForgotten) {
                self.mark(Saved::Arrival(id));
            }
            self.mark(Saved::Node);
            let from = from.clone();
            self.tell_of(
                no,
                Event::Message {
                    seq,
                    from,
                    group: None,
                },
            );
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
}
