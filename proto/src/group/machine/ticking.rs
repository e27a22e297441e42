//! What time does: windows end, waits end, beacons are due, somebody is asked for what is missing,
//! somebody is told how the group stands. All is counted in my age, asleep or not.

use std::collections::BTreeMap;

use super::saved::Room;
use super::{Group, News, Out, OutWhat};
use crate::group::chains::{Chain, ChainKey};
use crate::group::digests;
use crate::group::people::When;
use crate::group::said::Body;
use crate::group::tally::Outcome;
use crate::group::{Beacon, Circle, Hash, Ik, Message, Missing, Role};
use crate::kdf::Entropy;
use crate::limits::{MISSING_AFTER_MINUTES, MISSING_MAX, POST_MINUTES};
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

    /// My last word on each motion whose window is over. Nobody waits for it where nothing more can
    /// come of the motion, and where a position was the last word itself.
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
            if planted!(CloseForgotten) {
                self.windows
                    .get_mut(&motion)
                    .into_iter()
                    .for_each(|it| it.closed = true);
                continue;
            }
            let mid = entropy.bytes();
            outs.push(self.put(Circle::Members, 0, Body::Close(motion), mid, when, entropy));
            news.extend(self.judge(when));
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

    fn beacons(&self, to: Vec<Ik>, circles: &[Circle], entropy: &mut Entropy, outs: &mut Vec<Out>) {
        let tally = &self.tally;
        for digests in digests::beacons(&self.chains, &tally.seats, circles) {
            let beacon = Message::Beacon(Beacon {
                gid: self.begun.gid,
                view: tally.view,
                digests,
            });
            outs.extend(beside(to.clone(), &beacon, OutWhat::Beacon, entropy));
        }
    }

    /// Chains of which something is missing, and when their author is asked for it, if they can be.
    fn holes(&self) -> impl Iterator<Item = (Hole, Option<u32>)> {
        let held = self.chains.iter().filter_map(|(key, chain)| {
            let told = digests::furthest(&self.people, key);
            let (first, last, behind) = chain.hole(told)?;
            let pause = if behind {
                MISSING_AFTER_MINUTES
            } else {
                DAY_MINUTES
            };
            let next = chain.asked.map(|asked| asked.saturating_add(pause));
            let after = || Some(chain.hole_since?.saturating_add(MISSING_AFTER_MINUTES));
            let hole = Hole {
                key: *key,
                first,
                last,
            };
            Some((hole, next.or_else(after).or(Some(0))))
        });
        let asks = |(hole, _): &(Hole, Option<u32>)| self.answers(hole);
        held.chain(self.unheld()).filter(asks)
    }

    /// Chains of which I hold nothing, and others do: the one that most told of, of each author.
    fn unheld(&self) -> impl Iterator<Item = (Hole, Option<u32>)> {
        let mut told: BTreeMap<ChainKey, (usize, u32)> = BTreeMap::new();
        for (_, person) in self.people.iter() {
            for ((author, circle), mark) in &person.marks {
                let key = ChainKey {
                    author: *author,
                    circle: *circle,
                    incarnation: mark.incarnation,
                };
                let (count, furthest) = told.entry(key).or_default();
                *count += 1;
                *furthest = mark.number.max(*furthest);
            }
        }
        told.retain(|key, _| self.lacks(key));
        let mut most: BTreeMap<(Ik, Circle), (usize, ChainKey, u32)> = BTreeMap::new();
        for (key, (count, furthest)) in told {
            let best = most
                .entry((key.author, key.circle))
                .or_insert((count, key, furthest));
            if count > best.0 {
                *best = (count, key, furthest);
            }
        }
        most.into_values().map(|(_, key, furthest)| {
            let hole = Hole {
                key,
                first: 1,
                last: furthest.min(MISSING_MAX),
            };
            let asked = self
                .people
                .get(&key.author)
                .and_then(|it| it.asked[key.circle.place()]);
            (
                hole,
                Some(asked.map_or(0, |asked| asked.saturating_add(DAY_MINUTES))),
            )
        })
    }

    /// Whether a chain of which others told is newer than all I hold of its author's, and began when I was
    /// there.
    fn lacks(&self, key: &ChainKey) -> bool {
        let newest = self.chains.newest(&key.author, key.circle);
        let newer = newest.is_none_or(|(held, _)| held.incarnation < key.incarnation);
        newer && !self.takes_up(key) && key.author != self.begun.me
    }

    /// Whether somebody sends me their chain of this circle, as far as I know.
    fn answers(&self, hole: &Hole) -> bool {
        let theirs = self.tally.seats.seat_of(&hole.key.author);
        let reads = hole.key.circle == Circle::All || self.member();
        let writes =
            theirs.is_some_and(|seat| seat.role == Role::Member || hole.key.circle == Circle::All);
        let other = hole.key.author != self.begun.me;
        other && reads && writes && !self.tally.silent_to(&hole.key.author)
    }

    /// Asks each author for what is missing of their words: only they can say them again.
    fn ask_for_missing(&mut self, when: When, entropy: &mut Entropy, outs: &mut Vec<Out>) {
        let holes = self.holes().filter(|_| !planted!(MissingNotAsked));
        let holes: Vec<_> = holes.collect();
        for (hole, at) in holes {
            let seen = self.chains.get(&hole.key).map(|chain| chain.hole_since);
            if seen == Some(None) {
                // It may be on its way.
                self.note_hole(&hole.key, |chain| chain.hole_since = Some(when.age));
            } else if at.is_some_and(|at| at <= when.age) {
                outs.extend(self.ask(&hole, entropy));
                self.note_asked(&hole, when.age);
            }
        }
        self.give_up(when);
    }

    fn note_hole(&mut self, key: &ChainKey, note: impl FnOnce(&mut Chain)) {
        if let Some(chain) = self.chains.get_mut(key) {
            note(chain);
        }
    }

    fn note_asked(&mut self, hole: &Hole, age: u32) {
        let key = &hole.key;
        match self.chains.get(key) {
            Some(_) => self.note_hole(key, |chain| {
                (chain.asked, chain.asked_to) = (Some(age), hole.last);
            }),
            None => self.people.get_mut(&key.author).asked[key.circle.place()] = Some(age),
        }
    }

    fn ask(&self, hole: &Hole, entropy: &mut Entropy) -> Option<Out> {
        let missing = Message::Missing(Missing {
            gid: self.begun.gid,
            view: self.tally.view,
            index: self.tally.seats.index_of(&hole.key.author)?,
            circle: hole.key.circle,
            incarnation: hole.key.incarnation,
            first: hole.first,
            last: hole.last,
        });
        beside(vec![hole.key.author], &missing, OutWhat::Missing, entropy)
    }

    /// What is missing for a month will not come any more.
    fn give_up(&mut self, when: When) {
        let old = |chain: &Chain| {
            let since = chain
                .hole_since
                .map(|since| since.saturating_add(POST_MINUTES));
            since.is_some_and(|until| until <= when.age)
        };
        let lost = self.chains.iter().filter(|(_, chain)| old(chain));
        let lost: Vec<ChainKey> = lost.map(|(key, _)| *key).collect();
        for key in lost {
            self.note_hole(&key, |chain| {
                chain.give_up();
                chain.hole_since = Some(when.age);
            });
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

/// What is missing of a chain.
struct Hole {
    key: ChainKey,
    first: u32,
    last: u32,
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
