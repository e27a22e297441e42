//! One visit at a box, from the call to its end: the token, the flight, parcels and what the keeper says of
//! each. PROTOCOL §5 "Deposit".

use std::collections::{BTreeSet, VecDeque};

use super::{Inside, Item, Leaving, Stage};
use crate::engine::doors::Conn;
use crate::engine::saved::{Piece, Saved, pieces};
use crate::engine::{Addr, ConnId, Effect, Engine, Event};
use crate::friend::LeftAt;
use crate::limits::{
    BOX_REST_MS_MAX, BOX_SILENT_MS_MAX, BUCKETS, DOOR_STEP_MS, FLIGHT_BYTES, LEAVING_AT_ONCE,
    POST_MINUTES, VISIT_STEP_MS,
};
use crate::mailbox::BoxId;
use crate::mailbox::deposit::{self, Left};
use crate::message::MessageId;
use crate::secret::Said;

impl Engine {
    /// The keeper's computer answers the call: the token is spent from here on, whatever comes of it.
    pub(in crate::engine) fn knock_to_leave(
        &mut self,
        conn: ConnId,
        no: u32,
        place: u32,
        addr: Addr,
    ) -> Option<()> {
        let about_tokens = self.is_about_tokens(no);
        let there = |(of, friend): (&u32, &crate::friend::Friend)| {
            (*of != no && friend.addrs.contains(&addr)).then_some(*of)
        };
        let keeper = self.friends.iter().find_map(there);
        let friend = self.friends.get_mut(&no)?;
        friend.live.visits.leaving = None;
        let held = friend.post.held.get_mut(&place)?;
        let (id, door) = (held.id, held.door());
        let token = held.take(about_tokens)?;
        if !planted!(TokenSpentTwice) {
            self.mark(Saved::Held(no, place));
        }
        let (knocking, bytes) = deposit::visit(&door, token, &mut self.entropy).ok()?;
        let leaving = Leaving {
            friend: no,
            place,
            id,
            keeper,
            addr,
            stage: Stage::Knocking(knocking, door),
        };
        self.conns.insert(conn, Conn::Leaving(Box::new(leaving)));
        self.friends.get_mut(&no)?.live.visits.leaving = Some(conn);
        self.then(Effect::Write { conn, bytes });
        self.read_on(conn, FLIGHT_BYTES, DOOR_STEP_MS);
        self.top_up(no, place);
        Some(())
    }

    pub(in crate::engine::mailboxes) fn read_on(
        &mut self,
        conn: ConnId,
        bytes: usize,
        within_ms: u32,
    ) {
        self.then(Effect::Read {
            conn,
            bytes,
            within_ms,
        });
    }

    /// The keeper says something. Whatever does not fit ends the visit; what was not answered goes
    /// again by another.
    pub(in crate::engine) fn leaving_heard(
        &mut self,
        conn: ConnId,
        leaving: Box<Leaving>,
        bytes: &[u8],
    ) -> Option<()> {
        let no = leaving.friend;
        let leaving = match leaving.stage {
            Stage::Knocking(..) => self.let_in(*leaving, bytes),
            Stage::Inside(_) => self.answered_by(*leaving, bytes),
        }?;
        self.conns.insert(conn, Conn::Leaving(Box::new(leaving)));
        self.leave_more(no);
        if let Some(Conn::Leaving(leaving)) = self.conns.get(&conn)
            && let Stage::Inside(inside) = &leaving.stage
        {
            let wants = inside.visit.wants();
            self.read_on(conn, wants, VISIT_STEP_MS);
        }
        Some(())
    }

    /// The answer to my flight.
    fn let_in(&mut self, leaving: Leaving, bytes: &[u8]) -> Option<Leaving> {
        let (no, place) = (leaving.friend, leaving.place);
        let Stage::Knocking(knocking, door) = leaving.stage else {
            return None;
        };
        let Ok(visit) = knocking.finish(&door, bytes) else {
            self.visit_failed(no, place, BOX_SILENT_MS_MAX);
            return None;
        };
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.works(place, leaving.addr);
        }
        if visit.is_full() {
            self.box_rests(no, place);
            return None;
        }
        let stage = Stage::Inside(Inside {
            visit,
            wanted: BTreeSet::new(),
            unanswered: VecDeque::new(),
            full_for: None,
        });
        Some(Leaving { stage, ..leaving })
    }

    /// What became of parcels that were left, in their order. Where a long one found no room there may
    /// be some for shorter ones.
    fn answered_by(&mut self, mut leaving: Leaving, bytes: &[u8]) -> Option<Leaving> {
        let (no, at) = (leaving.friend, (leaving.id, leaving.keeper));
        let Stage::Inside(inside) = &mut leaving.stage else {
            return None;
        };
        let told = inside.visit.hear(bytes).ok();
        let told = told.and_then(|told| {
            let answered = told.into_iter();
            let answered = answered.map(|left| Some((inside.unanswered.pop_front()?, left)));
            answered.collect::<Option<Vec<_>>>()
        });
        let Some(told) = told else {
            self.leaving_closed(leaving);
            return None;
        };
        for ((item, length), left) in told {
            match left {
                Left::Stored => self.left(no, &item, at),
                Left::Full => {
                    let most = inside.full_for.unwrap_or(length);
                    inside.full_for = Some(most.min(length));
                }
            }
        }
        Some(leaving)
    }

    /// Somebody keeps it.
    fn left(&mut self, no: u32, item: &Item, (id, keeper): (BoxId, Option<u32>)) {
        let (now_ms, age) = (self.now.boot_ms, self.age.minutes());
        // As far as its keeper keeps it as long as others do.
        let longest = self.settings.post_min.min(POST_MINUTES);
        let until_min = self.now.minutes().saturating_add(longest);
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        match item {
            Item::Offer => friend.live.visits.offer_left(now_ms),
            Item::Answer(tag) => friend.live.visits.answer_left(*tag, now_ms),
            Item::Acks(ids) => friend.live.forget_acks(ids),
            Item::Entry(entry) => {
                let to = friend.petname.as_str().to_owned();
                let said = friend.outbox.get(*entry).and_then(|it| it.awaited());
                let at = LeftAt {
                    id,
                    keeper,
                    age,
                    until_min,
                };
                let by = self.keeper_name(&at);
                let friend = self.friends.get_mut(&no);
                let news = friend.is_some_and(|friend| friend.outbox.leave(*entry, at));
                if !planted!(LeftForgotten) {
                    self.mark(Saved::Left(*entry));
                }
                if news && said.is_some() {
                    self.show(Event::Kept {
                        id: *entry,
                        to,
                        by,
                        until_min,
                    });
                }
            }
        }
    }

    /// Leaves what there is, if a visit is under way; ends it when that was all.
    pub(in crate::engine) fn leave_more(&mut self, no: u32) {
        let friend = self.friends.get(&no);
        let Some(conn) = friend.and_then(|friend| friend.live.visits.leaving) else {
            return;
        };
        loop {
            let Some(Conn::Leaving(leaving)) = self.conns.get(&conn) else {
                return;
            };
            let Stage::Inside(inside) = &leaving.stage else {
                return;
            };
            let busy = inside.wanted.len() + inside.unanswered.len();
            let next = match inside.room() {
                true => self.next_item(no, inside),
                false => None,
            };
            match next {
                Some(item) if busy < LEAVING_AT_ONCE => {
                    if self.leave_item(conn, no, item).is_none() {
                        return self.end_visit(conn, no, false);
                    }
                }
                None if busy == 0 => return self.end_visit(conn, no, true),
                _ => return,
            }
        }
    }

    fn next_item(&self, no: u32, inside: &Inside) -> Option<Item> {
        let mut without = inside.wanted.clone();
        let unanswered = || inside.unanswered.iter().map(|(item, _)| item);
        for item in unanswered() {
            if let Item::Entry(id) = item {
                without.insert(*id);
            }
        }
        let under_way = |item: &Item| match item {
            Item::Entry(_) => false,
            // One parcel of each at a time.
            Item::Acks(_) => unanswered().any(|it| matches!(it, Item::Acks(_))),
            other => unanswered().any(|it| it == other),
        };
        let outbox = &self.friends.get(&no)?.outbox;
        let fits = |item: &Item| {
            inside.full_for.is_none_or(|full_for| match item {
                Item::Entry(id) => outbox
                    .get(*id)
                    .is_some_and(|it| it.parcel_bytes() < full_for),
                Item::Acks(_) => BUCKETS[0] < full_for,
                Item::Offer | Item::Answer(_) => false,
            })
        };
        let mut items = self.items(no, &without).into_iter();
        items.find(|item| !under_way(item) && fits(item))
    }

    /// Leaves one thing; a parcel that lies on the disk is read first.
    fn leave_item(&mut self, conn: ConnId, no: u32, item: Item) -> Option<()> {
        let parcel = match &item {
            Item::Entry(id) => match self.sealed.remove(id) {
                Some(parcel) => parcel,
                None => return self.fetch_to_leave(conn, no, *id),
            },
            Item::Acks(ids) => Said::new(self.acks_to_leave(no, ids)?),
            Item::Offer => Said::new(self.offer_by_post(no)?),
            Item::Answer(_) => {
                let pending = self.friends.get(&no)?.sessions.pending.as_ref()?;
                Said::new(pending.answer.clone())
            }
        };
        self.leave_parcel(conn, item, parcel)
    }

    fn leave_parcel(&mut self, conn: ConnId, item: Item, parcel: Said) -> Option<()> {
        let Some(Conn::Leaving(leaving)) = self.conns.get_mut(&conn) else {
            return None;
        };
        let Stage::Inside(inside) = &mut leaving.stage else {
            return None;
        };
        let length = parcel.len();
        let bytes = inside.visit.leave(parcel).ok()?;
        inside.unanswered.push_back((item, length));
        self.then(Effect::Write { conn, bytes });
        Some(())
    }

    fn fetch_to_leave(&mut self, conn: ConnId, no: u32, id: u64) -> Option<()> {
        let length = self.friends.get(&no)?.outbox.get(id)?.parcel_bytes();
        let Some(Conn::Leaving(leaving)) = self.conns.get_mut(&conn) else {
            return None;
        };
        if let Stage::Inside(inside) = &mut leaving.stage {
            inside.wanted.insert(id);
        }
        let names = pieces(Saved::Entry(id), Piece::Parcel, length);
        self.then(Effect::Fetch { id, names });
        Some(())
    }

    /// Something was read from the disk. If it is a parcel to be left it is; what is not is given back.
    pub(in crate::engine) fn fetched_to_leave(
        &mut self,
        id: u64,
        bytes: Option<Said>,
    ) -> Option<Said> {
        let wanted = self.conns.iter_mut().find_map(|(conn, it)| {
            let Conn::Leaving(leaving) = it else {
                return None;
            };
            let Stage::Inside(inside) = &mut leaving.stage else {
                return None;
            };
            let no = leaving.friend;
            inside.wanted.remove(&id).then_some((*conn, no))
        });
        let Some((conn, no)) = wanted else {
            return bytes;
        };
        // Meanwhile it may have been acknowledged, or sealed anew.
        let entry = self.friends.get(&no).and_then(|f| f.outbox.get(id));
        let still = entry.is_some_and(|entry| !entry.waits());
        // A piece of it is gone from the disk: asked for again at once, it would be so for ever.
        if still
            && bytes.is_none()
            && let Some(friend) = self.friends.get_mut(&no)
        {
            friend.live.visits.unreadable.insert(id);
        }
        if let Some(parcel) = bytes.filter(|_| still)
            && self.leave_parcel(conn, Item::Entry(id), parcel).is_none()
        {
            self.end_visit(conn, no, false);
        }
        self.leave_more(no);
        None
    }

    /// What is acknowledged, also what came again.
    fn acks_to_leave(&mut self, no: u32, ids: &[MessageId]) -> Option<Vec<u8>> {
        let now_ms = self.now.boot_ms;
        let visits = &mut self.friends.get_mut(&no)?.live.visits;
        if visits.replays_due(now_ms).is_some() {
            visits.take_replays(now_ms);
        }
        self.seal_acks(no, ids)
    }

    /// Ends a visit. If more waits another one begins, with another token.
    fn end_visit(&mut self, conn: ConnId, no: u32, well: bool) {
        let Some(Conn::Leaving(leaving)) = self.conns.remove(&conn) else {
            return;
        };
        self.then(Effect::Close(conn));
        match well {
            false => self.leaving_closed(*leaving),
            true if leaving.found_no_room() => self.box_rests(no, leaving.place),
            true => {
                if let Some(friend) = self.friends.get_mut(&no) {
                    friend.live.visits.succeeded(leaving.place);
                    friend.live.visits.leaving = None;
                }
                self.leave_again_at(no, None);
                if self.something_waits(no) {
                    self.post_soon(no);
                }
            }
        }
    }

    /// A visit is over before all was said. Where nobody answers each costs a token: they become rare.
    pub(in crate::engine) fn leaving_closed(&mut self, leaving: Leaving) {
        let longest_ms = match leaving.stage {
            Stage::Knocking(..) => BOX_SILENT_MS_MAX,
            Stage::Inside(_) => BOX_REST_MS_MAX,
        };
        self.visit_failed(leaving.friend, leaving.place, longest_ms);
    }
}

impl Leaving {
    /// Whether something was refused.
    fn found_no_room(&self) -> bool {
        matches!(&self.stage, Stage::Inside(inside) if inside.full_for.is_some())
    }
}

impl Inside {
    /// Whether the token admits more.
    fn room(&self) -> bool {
        self.visit.left() as usize > self.wanted.len()
    }
}
