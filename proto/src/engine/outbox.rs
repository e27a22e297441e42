//! What I say: on the disk first, sealed as soon as there is a session with room, on the link as far
//! as its window allows, erased when the friend's node has it. PROTOCOL §4.5.

use super::doors::{Conn, Linked};
use super::links::PARCEL;
use super::people::count;
use super::saved::{Piece, Saved, pieces};
use super::{Answer, Body, ConnId, Delivery, Effect, Engine, Event, Refusal};
use crate::friend::Entry;
use crate::limits::{
    FETCHES_MAX, LINK_WINDOW_BYTES, OUTBOX_PER_FRIEND_MAX, OUTBOX_PER_NODE_MAX, TEXT_BYTES_MAX,
    UNACKNOWLEDGED_MAX,
};
use crate::message::{self, MessageId, Payload, Text};
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
        let full = friend.outbox.len() >= OUTBOX_PER_FRIEND_MAX || node_full;
        if full && !planted!(OutboxUnbounded) {
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
    pub(super) fn new_entry(&mut self, no: u32, text: Option<(u32, u32)>) -> u64 {
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
        if !planted!(CountersForgotten) {
            self.mark(Saved::Node);
        }
        id
    }

    /// Seals one entry, if there is a session with room. It will never be sealed under this number
    /// again: a resend repeats the bytes that are stored here.
    pub(super) fn seal_entry(&mut self, no: u32, id: u64, text: &[u8]) {
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
        if !planted!(SessionForgotten) {
            self.mark(Saved::Sessions(no));
        }
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

    pub(super) fn next_to_seal(&self, no: u32) -> Option<(u64, Option<(u32, u32)>)> {
        let friend = self.friends.get(&no)?;
        let session = friend.sessions.active.as_ref()?;
        let room = UNACKNOWLEDGED_MAX.saturating_sub(friend.outbox.sealed());
        let (id, entry) = friend.outbox.next_unsealed(room.min(FETCHES_MAX))?;
        session.can_seal().then_some((id, entry.text))
    }

    pub(super) fn fetch(&mut self, no: u32, id: u64, length: u32) {
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

    pub(super) fn carries_parcels(&self, conn: ConnId) -> bool {
        matches!(
            self.conns.get(&conn),
            Some(Conn::Link(Linked {
                greeted: true,
                stopped: false,
                ..
            }))
        )
    }

    /// The friend's node has these on its disk: they are erased here.
    pub(super) fn acknowledged(&mut self, no: u32, ids: &[MessageId]) {
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
}
