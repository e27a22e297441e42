//! What time does: windows end, waits end, beacons are due. All is counted in my age, asleep or not.

use super::saved::Room;
use super::{Group, News, Out, OutWhat};
use crate::group::chains::ChainKey;
use crate::group::digests;
use crate::group::people::When;
use crate::group::said::{Body, DIGEST_BYTES, RESULT_BYTES};
use crate::group::tally::Outcome;
use crate::group::{Beacon, Circle, Hash, Ik, Message};
use crate::kdf::Entropy;
use crate::limits::BEACON_ROOM;
use crate::time::DAY_MINUTES;

impl Group {
    /// What is to be sent by now, and what changed.
    pub(crate) fn tick(&mut self, when: When, entropy: &mut Entropy) -> (Vec<Out>, Vec<News>) {
        let (mut outs, mut news) = (Vec::new(), Vec::new());
        self.release(when, &mut news);
        self.settle(when, &mut news);
        if self.core.joined && self.mine().is_some() {
            self.close_windows(when, entropy, &mut outs, &mut news);
            self.tell_newcomers(when, entropy, &mut outs);
            self.tell_all(when, entropy, &mut outs);
            self.ask_for_missing(when, entropy, &mut outs);
        }
        outs.iter_mut().for_each(|out| self.leave_out(out));
        self.look_for_split(&mut news);
        self.prune();
        (outs, news)
    }

    /// When [`Self::tick`] has something to do, in my age. What is looked at once a day comes with the
    /// beacon.
    pub(crate) fn next_age(&self) -> u32 {
        let acts = self.core.joined && self.mine().is_some();
        let beacon = acts.then_some(self.lately.beacon);
        let windows = self.windows.next_age().filter(|_| acts && self.is_voice());
        let newcomers = (acts && !self.core.to_welcome.is_empty()).then_some(0);
        let holes = self.holes().filter_map(|(_, asked)| asked);
        let asks = holes.min().filter(|_| acts);
        let others = [beacon, windows, newcomers, asks, self.waiting.next_age()];
        others.into_iter().flatten().min().unwrap_or(u32::MAX)
    }

    /// My last word on each motion whose window is over; none where what I said was it already. Also on
    /// what is decided, or unfounded, as I see it: others may hold more than I do, or less. What has passed
    /// is undone by an objection that comes late, and then waits for my yes; what rests on something that I
    /// do not hold yet counts once I do; and a poll is over only when everybody closed it.
    fn close_windows(
        &mut self,
        when: When,
        entropy: &mut Entropy,
        outs: &mut Vec<Out>,
        news: &mut Vec<News>,
    ) {
        if !self.is_voice() {
            return;
        }
        for motion in self.windows.over(when.age) {
            if self.said_at_once(&motion) || planted!(CloseForgotten) {
                self.windows
                    .get_mut(&motion)
                    .into_iter()
                    .for_each(|it| it.closed = true);
                continue;
            }
            let mid = entropy.bytes();
            let (out, counts) =
                self.put(Circle::Members, 0, Body::Close(motion), mid, when, entropy);
            outs.push(out);
            if counts {
                news.extend(self.judge(when));
            }
        }
    }

    /// Once a day, and when my set is another: I am there, and this is what I hold.
    fn tell_all(&mut self, when: When, entropy: &mut Entropy, outs: &mut Vec<Out>) {
        if when.age < self.lately.beacon {
            return;
        }
        self.lately.beacon = when.age.saturating_add(DAY_MINUTES);
        self.lately.untold.clear();
        self.mark(Room::Lately);
        let members = self.readers(Circle::Members);
        let others = self
            .readers(Circle::All)
            .into_iter()
            .filter(|it| !members.contains(it));
        let spectators: Vec<Ik> = others.collect();
        let both = [Circle::Members, Circle::All];
        let circles = if self.member() { &both[..] } else { &both[1..] };
        self.beacons(members, circles, entropy, outs);
        let of_all = if planted!(SpectatorTold) {
            circles
        } else {
            &both[1..]
        };
        self.beacons(spectators, of_all, entropy, outs);
    }

    /// How motions stand is told where digests leave room, and in more beacons if there is none left.
    fn beacons(&self, to: Vec<Ik>, circles: &[Circle], entropy: &mut Entropy, outs: &mut Vec<Out>) {
        let tally = &self.tally;
        let to_members = circles.contains(&Circle::Members);
        let results = tally.results.iter().filter(|_| to_members);
        let mut results = results.map(|(name, it)| (*name, it.outcome)).peekable();
        let mut chunks = digests::beacons(&self.chains, &tally.seats, circles).into_iter();
        let mut next = chunks.next();
        while next.is_some() || results.peek().is_some() {
            let digests = next.take().unwrap_or_default();
            let room = BEACON_ROOM.saturating_sub(DIGEST_BYTES * digests.len());
            let beacon = Message::Beacon(Beacon {
                gid: self.begun.gid,
                view: tally.view,
                digests,
                results: results.by_ref().take(room / RESULT_BYTES).collect(),
            });
            outs.extend(beside(to.clone(), &beacon, OutWhat::Beacon, entropy));
            next = chunks.next();
        }
    }

    /// Forgets what everybody holds: nobody will tell anything else of it.
    fn prune(&mut self) {
        let keys: Vec<ChainKey> = self.chains.iter().map(|(key, _)| *key).collect();
        for key in keys {
            let readers = self.readers(key.circle);
            if let Some(agreed) = digests::agreed(&self.people, &self.chains, &key, &readers) {
                self.chains.agreed(&key, agreed);
            }
        }
    }

    /// Whether a motion still waits for a result.
    pub(super) fn is_open(&self, motion: &Hash) -> bool {
        let standing = self.tally.results.get(motion);
        standing.is_some_and(|it| matches!(it.outcome, Outcome::Open { .. }))
    }
}

/// A payload that stands in no chain; nothing if nobody is there to get it.
pub(super) fn beside(
    to: Vec<Ik>,
    message: &Message<'_>,
    what: OutWhat,
    entropy: &mut Entropy,
) -> Option<Out> {
    if to.is_empty() {
        return None;
    }
    let mid = entropy.bytes();
    Some(Out {
        to,
        kind: message.kind(),
        payload: message.encode(&mid),
        mid,
        what,
    })
}
