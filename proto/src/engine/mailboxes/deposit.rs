//! What waits for a friend who is away goes to somebody who keeps it: after a while that is drawn, some
//! parcels at a time, each visit with a token of its own. What is kept still goes by a link, should one
//! come up; it opens once. What happens at the box itself is in `visit.rs`. PROTOCOL §5 "Deposit".

mod visit;

use std::collections::{BTreeSet, VecDeque};

use crate::engine::doors::Whom;
use crate::engine::saved::Saved;
use crate::engine::{Addr, ConnId, Engine, Handle};
use crate::friend::LeftAt;
use crate::kdf;
use crate::limits::{
    BOX_REST_MS_MAX, LEAVE_AGAIN_MINUTES, RELAY_MS_MAX, RELAY_MS_MIN, REPLAY_MS_MAX, REPLAY_MS_MIN,
};
use crate::mailbox::deposit::{Knocking, Visit};
use crate::mailbox::{BoxId, Door};
use crate::message::MessageId;
use crate::time::{HOUR_MS, MINUTE_MS};

const SECOND_MS: u64 = 1_000;

/// A visit at a box of a friend's.
pub(in crate::engine) struct Leaving {
    pub friend: u32,
    place: u32,
    id: BoxId,
    /// A friend of mine at whose address it is.
    keeper: Option<u32>,
    /// Which that is.
    addr: Addr,
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
    /// What was left and not answered yet, and how long each is.
    unanswered: VecDeque<(Item, usize)>,
    /// For what is so long there was no room.
    full_for: Option<usize>,
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
        let at_ms = match self.settings.hurries || planted!(LeftAtOnce) {
            true => self.now.boot_ms,
            false => self.drawn_between(RELAY_MS_MIN, RELAY_MS_MAX),
        };
        let latest_ms = self.now.boot_ms.saturating_add(RELAY_MS_MAX);
        let friend = self.friends.get_mut(&no);
        let Some(friend) = friend.filter(|friend| !friend.post.held.is_empty()) else {
            return;
        };
        // What is due later, and a box that rests, are looked at again by then.
        let known = friend.live.visits.leave_at_ms;
        let at_ms = known.filter(|known| *known <= latest_ms).unwrap_or(at_ms);
        friend.live.visits.leave_at_ms = Some(at_ms);
        self.wake_by(at_ms);
    }

    fn drawn_between(&mut self, least_ms: u64, most_ms: u64) -> u64 {
        let drawn = u64::from(u32::from_le_bytes(self.entropy.bytes()));
        let pause = least_ms + drawn % (most_ms - least_ms);
        self.now.boot_ms.saturating_add(pause)
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
        let usable = usable.filter(|(_, held)| held.may_visit(about_tokens));
        // Whoever is found by no way that is open is left alone.
        let callable = |place: u32, addrs: &[Addr]| self.callable(addrs, visits.worked(place));
        let usable = usable.map(|(place, held)| (*place, held, callable(*place, &held.addrs)));
        let usable: Vec<_> = usable.filter(|(.., addrs)| !addrs.is_empty()).collect();
        let free = usable.iter().filter(|(place, ..)| rests(*place).is_none());
        // What was left in vain goes elsewhere, if it can; then the box that gave the least trouble is
        // the best, then the richest.
        let since = self.left_since();
        let best = free.min_by_key(|(place, held, _)| {
            let in_vain = friend.outbox.was_left_in_vain(&held.id, since);
            let failures = visits.failures(*place, now_ms);
            (in_vain, failures, core::cmp::Reverse(held.len()))
        });
        let Some((place, held, addrs)) = best else {
            let next = usable.iter().filter_map(|(place, ..)| rests(*place)).min();
            return Some(next.unwrap_or(now_ms.saturating_add(HOUR_MS)));
        };
        let turn = visits.failures(*place, now_ms) as usize % addrs.len().max(1);
        let (place, id, addr) = (*place, held.id, addrs.get(turn).copied());
        if !self.may_dial_a_box() {
            return Some(now_ms.saturating_add(SECOND_MS));
        }
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
        let unreadable = &live.visits.unreadable;
        let entries = entries.filter(|(id, _)| !without.contains(id) && !unreadable.contains(id));
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

    /// The box has no room: another one is tried.
    fn box_rests(&mut self, no: u32, place: u32) {
        let now_ms = self.now.boot_ms;
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.full(place, now_ms);
            friend.live.visits.leaving = None;
        }
        self.leave_again_at(no, None);
        self.post_soon(no);
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

    /// A keeper could not be reached: it rests a while, and another one is tried.
    pub(in crate::engine) fn leaving_failed(&mut self, no: u32, place: u32) {
        self.visit_failed(no, place, BOX_REST_MS_MAX);
    }

    /// A visit came to nothing, and the next one may be after so long at most.
    fn visit_failed(&mut self, no: u32, place: u32, longest_ms: u64) {
        let now_ms = self.now.boot_ms;
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.failed(place, now_ms, longest_ms);
            friend.live.visits.leaving = None;
        }
        self.leave_again_at(no, None);
        self.post_soon(no);
    }

    /// A message that is known came again by a keeper: acknowledged again after a while.
    pub(in crate::engine) fn came_again(&mut self, no: u32, id: MessageId) {
        let at_ms = self.drawn_between(REPLAY_MS_MIN, REPLAY_MS_MAX);
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.came_again(id, at_ms);
            self.post_soon(no);
        }
    }
}
