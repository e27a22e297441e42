//! What waits for a friend who is away goes to somebody who keeps it: after a while that is drawn, some
//! parcels at a time, each visit with a token of its own. What is kept still goes by a link, should one
//! come up; it opens once. PROTOCOL §5 "Deposit".

use std::collections::{BTreeSet, VecDeque};

use crate::engine::doors::{Conn, Whom};
use crate::engine::saved::{Piece, Saved, pieces};
use crate::engine::{Addr, ConnId, Effect, Engine, Event, Handle};
use crate::friend::LeftAt;
use crate::kdf;
use crate::limits::{
    DOOR_STEP_MS, FLIGHT_BYTES, LEAVE_AGAIN_MINUTES, LEAVING_AT_ONCE, POST_MINUTES, RELAY_MS_MAX,
    RELAY_MS_MIN, VISIT_STEP_MS,
};
use crate::mailbox::deposit::{self, Knocking, Left, Visit};
use crate::mailbox::{BoxId, Door};
use crate::message::{self, MessageId, Payload};
use crate::secret::Said;
use crate::time::{HOUR_MS, MINUTE_MS};

/// A visit at a box of a friend's.
pub(in crate::engine) struct Leaving {
    pub friend: u32,
    place: u32,
    id: BoxId,
    /// A friend of mine at whose address it is.
    keeper: Option<u32>,
    stage: Stage,
}

enum Stage {
    /// My flight was sent.
    Knocking(Knocking, Door),
    /// I was let in.
    Inside(Inside),
}

/// A visit under way.
struct Inside {
    visit: Visit,
    /// Parcels that are being read from the disk.
    wanted: BTreeSet<u64>,
    /// What was left and not answered yet.
    unanswered: VecDeque<Item>,
}

/// Something to leave.
#[derive(Clone, PartialEq, Eq)]
enum Item {
    /// A message of mine.
    Entry(u64),
    /// These are on my disk.
    Acks(Vec<MessageId>),
    /// The first word of a session.
    Offer,
    /// The second, to this offer.
    Answer([u8; 16]),
}

impl Engine {
    /// Whether nothing goes to this friend by a link.
    fn is_away(&self, no: u32) -> bool {
        let friend = self.friends.get(&no);
        friend.is_some_and(|f| {
            let live = &f.live;
            f.settled && !f.private.blocked && live.link.is_none() && live.beside.is_none()
        })
    }

    /// Something begins to wait: if the friend stays away it goes to a keeper, not at once.
    pub(in crate::engine) fn post_soon(&mut self, no: u32) {
        let drawn = u64::from(u32::from_le_bytes(self.entropy.bytes()));
        let pause = RELAY_MS_MIN + drawn % (RELAY_MS_MAX - RELAY_MS_MIN);
        let at_ms = self.now.boot_ms.saturating_add(pause);
        let friend = self.friends.get_mut(&no);
        let Some(friend) = friend.filter(|friend| !friend.post.held.is_empty()) else {
            return;
        };
        let at_ms = *friend.live.visits.leave_at_ms.get_or_insert(at_ms);
        self.wake_by(at_ms);
    }

    /// Begins the visits that are due.
    pub(in crate::engine) fn leave_with_keepers(&mut self) {
        let friends = self.friends.iter();
        let with_box = friends.filter(|(_, friend)| !friend.post.held.is_empty());
        for no in with_box.map(|(no, _)| *no).collect::<Vec<_>>() {
            self.leave_when_due(no);
        }
    }

    fn leave_when_due(&mut self, no: u32) {
        let now_ms = self.now.boot_ms;
        if self.is_away(no) {
            self.ask_for_tokens(no);
        }
        let waits = self.is_away(no) && self.something_waits(no);
        let under_way = |conn: ConnId| self.conns.contains_key(&conn);
        let leaving = self.friends.get(&no).and_then(|f| f.live.visits.leaving);
        if leaving.is_some_and(under_way) {
            return;
        }
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let visits = &mut friend.live.visits;
        visits.leaving = None;
        match visits.leave_at_ms {
            _ if !waits => visits.leave_at_ms = None,
            None => self.post_soon(no),
            Some(at_ms) if at_ms > now_ms => self.wake_by(at_ms),
            Some(_) => {
                friend.live.by_post = true;
                self.seal_waiting(no);
                let again_ms = self.begin_visit(no);
                self.leave_again_at(no, again_ms);
            }
        }
    }

    /// Whether there is anything that could be sealed for them, or left with a keeper.
    fn something_waits(&self, no: u32) -> bool {
        let Some(friend) = self.friends.get(&no) else {
            return false;
        };
        let (now_ms, live) = (self.now.boot_ms, &friend.live);
        let acks = live.acks_at_ms().is_some() || live.visits.replays_at_ms().is_some();
        let session = friend.sessions.active.as_ref();
        let seals = session.is_some_and(|session| session.can_seal());
        let offer = self.must_offer_by_post(no) && live.visits.may_leave_offer(now_ms);
        let answer = friend.sessions.pending.as_ref();
        let answer = answer.is_some_and(|it| live.visits.may_leave_answer(&it.offer_tag, now_ms));
        (acks || friend.outbox.waits()) && seals
            || offer
            || answer
            || friend.outbox.to_leave(self.left_since()).next().is_some()
    }

    /// What was left before this age and is not acknowledged is left again.
    fn left_since(&self) -> u32 {
        (self.age.minutes() + 1).saturating_sub(LEAVE_AGAIN_MINUTES)
    }

    /// Dials a keeper, if there is something to leave. Says when to look again otherwise.
    fn begin_visit(&mut self, no: u32) -> Option<u64> {
        let soon = self.now.boot_ms.saturating_add(MINUTE_MS);
        let Some(friend) = self.friends.get(&no) else {
            return Some(soon);
        };
        if self.items(no, &BTreeSet::new()).is_empty() {
            // Being read from the disk, or to be acknowledged later.
            let replays = friend.live.visits.replays_at_ms().unwrap_or(0);
            return Some(soon.max(replays));
        }
        let about_tokens = self.is_about_tokens(no);
        let (now_ms, visits) = (self.now.boot_ms, &friend.live.visits);
        let rests = |place: u32| visits.rests_until(place, now_ms);
        let usable = friend.post.held.iter();
        let usable = usable.filter(|(_, it)| it.may_visit(about_tokens) && !it.addrs.is_empty());
        let usable: Vec<_> = usable.map(|(place, held)| (*place, held)).collect();
        let free = usable.iter().filter(|(place, _)| rests(*place).is_none());
        // The one that gave the least trouble, then the richest.
        let best = free
            .min_by_key(|(place, held)| (visits.failures(*place), core::cmp::Reverse(held.len())));
        let Some((place, held)) = best else {
            let next = usable.iter().filter_map(|(place, _)| rests(*place)).min();
            return Some(next.unwrap_or(now_ms.saturating_add(HOUR_MS)));
        };
        let turn = visits.failures(*place) as usize % held.addrs.len().max(1);
        let (place, id, addr) = (*place, held.id, held.addrs.get(turn).copied());
        let handle = Handle(kdf::mac(&self.handles, &[b"box", &id]));
        let conn = self.dial(Whom::Box(no, place), handle, addr?);
        self.friends.get_mut(&no)?.live.visits.leaving = Some(conn);
        None
    }

    fn leave_again_at(&mut self, no: u32, at_ms: Option<u64>) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.leave_at_ms = at_ms;
        }
        at_ms.into_iter().for_each(|at_ms| self.wake_by(at_ms));
    }

    fn is_about_tokens(&self, no: u32) -> bool {
        let outbox = self.friends.get(&no).map(|friend| &friend.outbox);
        let since = self.left_since();
        outbox.is_some_and(|outbox| {
            let mut all = outbox.to_leave(since);
            all.any(|(_, entry)| entry.what.is_about_tokens())
        })
    }

    /// What there is to leave now: words about tokens first, since they open the next visit; then
    /// what a session begins with.
    fn items(&self, no: u32, without: &BTreeSet<u64>) -> Vec<Item> {
        let Some(friend) = self.friends.get(&no) else {
            return Vec::new();
        };
        let (now_ms, live) = (self.now.boot_ms, &friend.live);
        let entries = friend.outbox.to_leave(self.left_since());
        let entries = entries.filter(|(id, _)| !without.contains(id));
        let (first, rest): (Vec<_>, Vec<_>) =
            entries.partition(|(_, entry)| entry.what.is_about_tokens());
        let pending = friend.sessions.pending.as_ref();
        let answer = pending.map(|pending| pending.offer_tag);
        let answer = answer.filter(|tag| live.visits.may_leave_answer(tag, now_ms));
        let offer = self.must_offer_by_post(no) && live.visits.may_leave_offer(now_ms);
        let mut acks = live.acks_of_any();
        if let Some(again) = live.visits.replays_due(now_ms) {
            let again = again.iter().filter(|id| !acks.contains(id));
            let again: Vec<_> = again.copied().collect();
            acks.extend(again);
            acks.truncate(crate::limits::ACK_IDS_MAX);
        }
        let session = friend.sessions.active.as_ref();
        let speaks = session.is_some_and(|session| session.can_seal());
        let entry = |(id, _): (u64, _)| Item::Entry(id);
        let mut items: Vec<_> = first.into_iter().map(entry).collect();
        items.extend(answer.map(Item::Answer));
        items.extend(offer.then_some(Item::Offer));
        items.extend((speaks && !acks.is_empty()).then_some(Item::Acks(acks)));
        items.extend(rest.into_iter().map(entry));
        items
    }

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
        self.mark(Saved::Held(no, place));
        let (knocking, bytes) = deposit::visit(&door, token, &mut self.entropy).ok()?;
        let leaving = Leaving {
            friend: no,
            place,
            id,
            keeper,
            stage: Stage::Knocking(knocking, door),
        };
        self.conns.insert(conn, Conn::Leaving(Box::new(leaving)));
        self.friends.get_mut(&no)?.live.visits.leaving = Some(conn);
        self.then(Effect::Write { conn, bytes });
        self.read_on(conn, FLIGHT_BYTES, DOOR_STEP_MS);
        self.top_up(no, place);
        Some(())
    }

    pub(super) fn read_on(&mut self, conn: ConnId, bytes: usize, within_ms: u32) {
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
        mut leaving: Box<Leaving>,
        bytes: &[u8],
    ) -> Option<()> {
        let heard = match leaving.stage {
            Stage::Knocking(knocking, door) => {
                let visit = knocking.finish(&door, bytes).ok();
                let visit = visit.filter(|visit| !visit.is_full());
                let Some(visit) = visit else {
                    self.box_rests(leaving.friend, leaving.place);
                    return None;
                };
                leaving.stage = Stage::Inside(Inside {
                    visit,
                    wanted: BTreeSet::new(),
                    unanswered: VecDeque::new(),
                });
                Some(())
            }
            Stage::Inside(mut inside) => {
                let told = inside.visit.hear(bytes).ok();
                let stage = (leaving.friend, leaving.place, leaving.id, leaving.keeper);
                let heard = told.and_then(|told| self.answered_by(stage, &mut inside, told));
                leaving.stage = Stage::Inside(inside);
                heard
            }
        };
        let no = leaving.friend;
        if heard.is_none() {
            self.leaving_closed(*leaving);
            return None;
        }
        self.conns.insert(conn, Conn::Leaving(leaving));
        self.leave_more(no);
        if let Some(Conn::Leaving(leaving)) = self.conns.get(&conn)
            && let Stage::Inside(inside) = &leaving.stage
        {
            let wants = inside.visit.wants();
            self.read_on(conn, wants, VISIT_STEP_MS);
        }
        Some(())
    }

    /// What became of parcels that were left, in their order.
    fn answered_by(
        &mut self,
        (no, place, id, keeper): (u32, u32, BoxId, Option<u32>),
        inside: &mut Inside,
        told: Vec<Left>,
    ) -> Option<()> {
        for left in told {
            let item = inside.unanswered.pop_front()?;
            if left == Left::Full {
                self.box_rests(no, place);
                return None;
            }
            self.left(no, &item, (id, keeper));
        }
        Some(())
    }

    /// The box has no room, or its keeper lets nobody in: another one is tried.
    fn box_rests(&mut self, no: u32, place: u32) {
        let now_ms = self.now.boot_ms;
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.full(place, now_ms);
            friend.live.visits.leaving = None;
        }
        self.leave_again_at(no, None);
        self.post_soon(no);
    }

    /// Somebody keeps it.
    fn left(&mut self, no: u32, item: &Item, (id, keeper): (BoxId, Option<u32>)) {
        let (now_ms, age) = (self.now.boot_ms, self.age.minutes());
        let until_min = self.now.minutes().saturating_add(POST_MINUTES);
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
                self.mark(Saved::Left(*entry));
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

    /// My name for who keeps it.
    pub(in crate::engine) fn keeper_name(&self, at: &LeftAt) -> Option<String> {
        let friend = self.friends.get(&at.keeper?)?;
        Some(friend.petname.as_str().to_owned())
    }

    /// Nobody has to keep this any more.
    pub(in crate::engine) fn forget_left(&mut self, no: u32, id: u64) {
        let friend = self.friends.get_mut(&no);
        if friend.is_some_and(|friend| friend.outbox.take_back(id)) {
            self.mark(Saved::Left(id));
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
        for item in &inside.unanswered {
            if let Item::Entry(id) = item {
                without.insert(*id);
            }
        }
        let under_way = |item: &Item| match item {
            Item::Entry(_) => false,
            // One parcel of each at a time.
            Item::Acks(_) => inside
                .unanswered
                .iter()
                .any(|it| matches!(it, Item::Acks(_))),
            other => inside.unanswered.contains(other),
        };
        let items = self.items(no, &without);
        items.into_iter().find(|item| !under_way(item))
    }

    /// Leaves one thing; a parcel that lies on the disk is read first.
    fn leave_item(&mut self, conn: ConnId, no: u32, item: Item) -> Option<()> {
        let parcel = match &item {
            Item::Entry(id) => match self.sealed.remove(id) {
                Some(parcel) => parcel,
                None => return self.fetch_to_leave(conn, no, *id),
            },
            Item::Acks(ids) => Said::new(self.seal_acks(no, ids)?),
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
        let bytes = inside.visit.leave(parcel).ok()?;
        inside.unanswered.push_back(item);
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
        if let Some(parcel) = bytes.filter(|_| still)
            && self.leave_parcel(conn, Item::Entry(id), parcel).is_none()
        {
            self.end_visit(conn, no, false);
        }
        self.leave_more(no);
        None
    }

    /// What is acknowledged goes into a parcel of its own, under the session that speaks.
    fn seal_acks(&mut self, no: u32, ids: &[MessageId]) -> Option<Vec<u8>> {
        let (age, now_ms) = (self.age.minutes(), self.now.boot_ms);
        let friend = self.friends.get_mut(&no)?;
        if friend.live.visits.replays_due(now_ms).is_some() {
            friend.live.visits.take_replays(now_ms);
        }
        let session = friend.sessions.active.as_mut()?;
        let payload = message::encode(&self.entropy.bytes(), &Payload::Ack(ids.to_vec()));
        let sealed = session.seal(&payload, age, &mut self.entropy).ok()?;
        let number = session.number();
        self.mark_active(no);
        self.mark_blocks(no, number, sealed.changed);
        Some(sealed.bytes)
    }

    /// Ends a visit. If more waits another one begins, with another token.
    fn end_visit(&mut self, conn: ConnId, no: u32, well: bool) {
        let Some(Conn::Leaving(leaving)) = self.conns.remove(&conn) else {
            return;
        };
        self.then(Effect::Close(conn));
        match well {
            false => self.leaving_closed(*leaving),
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

    /// A visit is over before all was said.
    pub(in crate::engine) fn leaving_closed(&mut self, leaving: Leaving) {
        self.leaving_failed(leaving.friend, leaving.place);
    }

    /// A keeper could not be reached, or broke off: it rests a while, and another one is tried.
    pub(in crate::engine) fn leaving_failed(&mut self, no: u32, place: u32) {
        let now_ms = self.now.boot_ms;
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.failed(place, now_ms);
            friend.live.visits.leaving = None;
        }
        self.leave_again_at(no, None);
        self.post_soon(no);
    }

    /// A message that is known came again by a keeper: acknowledged again within the hour.
    pub(in crate::engine) fn came_again(&mut self, no: u32, id: MessageId) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.came_again(id);
            self.post_soon(no);
        }
    }
}

impl Inside {
    /// Whether the token admits more.
    fn room(&self) -> bool {
        self.visit.left() as usize > self.wanted.len()
    }
}
