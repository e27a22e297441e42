//! What others left for me is fetched from those who keep it: at the start, whenever a keeper is there,
//! and from time to time. A keeper lets go of a parcel once it is on my disk. Whose each is its header
//! shows; what the keeper says of it counts for nothing. PROTOCOL §5 "Fetch".

use crate::engine::doors::{Conn, Whom};
use crate::engine::saved::Saved;
use crate::engine::{Addr, ConnId, Effect, Engine, Handle};
use crate::friend::Redial;
use crate::kdf;
use crate::limits::{DOOR_STEP_MS, FETCH_MS, FETCH_MS_MIN, FLIGHT_BYTES, VISIT_STEP_MS};
use crate::link::stamps;
use crate::mailbox::BoxKeys;
use crate::mailbox::fetch::{self, Kept, Knocking, Visit};
use crate::secret::Said;
use crate::time::{DAY_MINUTES, MINUTE_MS};

/// A visit at a box of mine.
pub(in crate::engine) struct Fetching {
    pub keeper: u32,
    /// Where the keeper was called.
    addr: Addr,
    keys: BoxKeys,
    stage: Stage,
}

enum Stage {
    /// My flight was sent.
    Knocking(Knocking),
    /// The box is open.
    Inside(Visit),
}

impl Engine {
    /// Looks into each box of mine when it is time.
    pub(in crate::engine) fn fetch_from_keepers(&mut self) {
        let keepers: Vec<_> = self.keepers().collect();
        for keeper in keepers {
            self.fetch_when_due(keeper);
        }
    }

    fn fetch_when_due(&mut self, keeper: u32) {
        let Some(friend) = self.friends.get(&keeper) else {
            return;
        };
        let visits = &friend.live.visits;
        let addrs = self.callable(&friend.addrs, visits.fetched_at);
        let Redial { at_ms, attempt } = visits.fetch;
        if at_ms > self.now.boot_ms {
            return self.wake_by(at_ms);
        }
        let addr = addrs.get(attempt as usize % addrs.len().max(1)).copied();
        let under_way = visits
            .fetching
            .is_some_and(|conn| self.conns.contains_key(&conn));
        let apt = !under_way && !friend.private.blocked;
        let (Some(addr), Some(mine)) = (addr.filter(|_| apt), self.mine(keeper)) else {
            return;
        };
        let handle = Handle(kdf::mac(&self.handles, &[b"fetch", &mine.id]));
        if !self.may_dial_a_box() {
            return;
        }
        let next = self.look_again(attempt);
        let conn = self.dial(Whom::Fetch(keeper), handle, addr);
        if let Some(friend) = self.friends.get_mut(&keeper) {
            friend.live.visits.fetching = Some(conn);
            friend.live.visits.fetch = next;
        }
        self.wake_by(next.at_ms);
    }

    /// When to look next, if this look comes to nothing.
    fn look_again(&mut self, attempt: u32) -> Redial {
        let pause = FETCH_MS_MIN << attempt.min(16);
        Redial {
            at_ms: self.after(pause.min(FETCH_MS)),
            attempt: attempt.saturating_add(1),
        }
    }

    /// A keeper of mine is there.
    pub(in crate::engine) fn look_soon(&mut self, no: u32) {
        let at_ms = self.now.boot_ms;
        if self.mine(no).is_none() {
            return;
        }
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.visits.fetch = Redial { at_ms, attempt: 0 };
            self.wake_by(at_ms);
        }
    }

    /// The keeper's computer answers the call. The stamp is stored before it is sent.
    pub(in crate::engine) fn knock_to_fetch(
        &mut self,
        conn: ConnId,
        keeper: u32,
        addr: Addr,
    ) -> Option<()> {
        // A count that begins anew with each day: whoever takes the keeper's disk reads from it on which
        // day I came last, not when, and a disk of mine that went back is let in again the day after.
        let day_ms = u64::from(self.now.minutes() / DAY_MINUTES * DAY_MINUTES) * MINUTE_MS;
        let friend = self.friends.get_mut(&keeper)?;
        friend.live.visits.fetching = None;
        let mine = friend.post.boxes.mine.as_mut()?;
        mine.stamp = stamps::next(mine.stamp, day_ms);
        let (keys, stamp) = (mine.keys(), mine.stamp);
        self.mark(Saved::Boxes(keeper));
        let (knocking, bytes) = fetch::visit(&keys, stamp, &mut self.entropy).ok()?;
        self.friends.get_mut(&keeper)?.live.visits.fetching = Some(conn);
        let fetching = Fetching {
            keeper,
            addr,
            keys,
            stage: Stage::Knocking(knocking),
        };
        self.conns.insert(conn, Conn::Fetching(Box::new(fetching)));
        self.then(Effect::Write { conn, bytes });
        self.read_on(conn, FLIGHT_BYTES, DOOR_STEP_MS);
        Some(())
    }

    /// The keeper says something.
    pub(in crate::engine) fn fetching_heard(
        &mut self,
        conn: ConnId,
        mut fetching: Fetching,
        bytes: &[u8],
    ) -> Option<()> {
        let keeper = fetching.keeper;
        let heard = match fetching.stage {
            Stage::Knocking(knocking) => {
                let keys = &fetching.keys;
                self.box_opens(conn, keys, knocking, bytes)
                    .map(|visit| (visit, true))
            }
            Stage::Inside(mut visit) => {
                let kept = visit.hear(bytes).ok();
                let goes_on =
                    kept.and_then(|kept| self.take_out(conn, &fetching.keys, &mut visit, kept));
                goes_on.map(|goes_on| (visit, goes_on))
            }
        };
        let Some((visit, goes_on)) = heard else {
            self.fetching_failed(keeper);
            return None;
        };
        if let Some(friend) = self.friends.get_mut(&keeper) {
            friend.live.visits.fetched_at = Some(fetching.addr);
        }
        if !goes_on {
            self.fetched_all(keeper);
            return None;
        }
        let wants = visit.wants();
        fetching.stage = Stage::Inside(visit);
        self.conns.insert(conn, Conn::Fetching(Box::new(fetching)));
        self.read_on(conn, wants, VISIT_STEP_MS);
        Some(())
    }

    /// The answer to my flight: what makes the keeper begin.
    fn box_opens(
        &mut self,
        conn: ConnId,
        keys: &BoxKeys,
        knocking: Knocking,
        bytes: &[u8],
    ) -> Option<Visit> {
        let (visit, bytes) = knocking.finish(keys, bytes).ok()?;
        self.then(Effect::Write { conn, bytes });
        Some(visit)
    }

    /// Takes what came; it may go there once the step that holds it is on the disk here. One for
    /// which this node has no room stays there, and so do those behind it: that was no look into the box.
    fn take_out(
        &mut self,
        conn: ConnId,
        keys: &BoxKeys,
        visit: &mut Visit,
        kept: Vec<Kept>,
    ) -> Option<bool> {
        for kept in kept {
            let (slot, parcel): (u32, Said) = match kept {
                Kept::Parcel { slot, parcel } => (slot, parcel),
                Kept::All => return Some(false),
            };
            if !self.carried(&parcel) && !planted!(LetGoUnread) {
                return None;
            }
            let bytes = visit.delete(keys, slot, &parcel).ok()?;
            self.then(Effect::Write { conn, bytes });
        }
        Some(true)
    }

    /// The box is empty, as far as its keeper says.
    fn fetched_all(&mut self, keeper: u32) {
        let minute = self.now.minutes();
        let at_ms = self.after(FETCH_MS);
        let Some(friend) = self.friends.get_mut(&keeper) else {
            return;
        };
        friend.live.visits.fetching = None;
        friend.live.visits.fetch = Redial { at_ms, attempt: 0 };
        if let Some(mine) = friend.post.boxes.mine.as_mut() {
            mine.fetched_min = minute;
        }
        self.mark(Saved::Boxes(keeper));
        self.wake_by(at_ms);
    }

    /// Nobody answered, or what they said does not fit: later again.
    pub(in crate::engine) fn fetching_failed(&mut self, keeper: u32) {
        if let Some(friend) = self.friends.get_mut(&keeper) {
            friend.live.visits.fetching = None;
        }
    }
}
