//! What I miss of others' words, and what they miss of mine: only an author can say it again. How often
//! anybody is asked, and is sent the same, has a bound. PROTOCOL §7 "Consistency".

use core::cmp::Ordering;
use core::ops::RangeInclusive;
use std::collections::BTreeMap;

use super::ticking::beside;
use super::{Group, News, Out, OutWhat};
use crate::group::chains::{Chain, ChainKey};
use crate::group::digests;
use crate::group::people::When;
use crate::group::{Circle, Ik, Message, Missing, Role};
use crate::kdf::Entropy;
use crate::limits::{
    ELDERS_ASKED_DAYS, MISSING_AFTER_MINUTES, MISSING_MAX, POST_MINUTES, SENT_AGAIN_MINUTES,
};
use crate::time::DAY_MINUTES;

/// What is missing of a chain.
pub(super) struct Hole {
    key: ChainKey,
    first: u32,
    last: u32,
}

impl Group {
    /// Somebody misses messages of mine: they get those that were for them, if they are on the list, and
    /// what they were just sent again not once more.
    pub(super) fn take_missing(
        &mut self,
        from: Ik,
        missing: &Missing,
        when: When,
        news: &mut Vec<News>,
    ) {
        let me = self.begun.me;
        let asks_me = self
            .known(&missing.view)
            .and_then(|it| it.computer(missing.index))
            == Some(&me);
        if !asks_me || !self.readers(missing.circle).contains(&from) {
            return;
        }
        self.hear(from, missing.view, when, news);
        let (circle, life) = (missing.circle, missing.incarnation);
        let key = ChainKey {
            author: me,
            circle,
            incarnation: life,
        };
        let Some(top) = self.chains.get(&key).map(|chain| chain.top()) else {
            return;
        };
        let asked = (missing.first, missing.last.min(top));
        let mut again = Vec::new();
        for (first, last) in self.not_just_sent(&from, &key, asked, when.age) {
            let part = self.for_them(from, &key, first, last);
            if !part.is_empty() {
                self.note_sent_again(&from, &key, (first, last), when.age);
            }
            again.extend(part);
        }
        news.extend(again.into_iter().map(|(first, last)| News::Resend {
            to: from,
            circle,
            incarnation: life,
            first,
            last,
        }));
    }

    /// What somebody was sent again just now: from which number to which.
    fn just_sent(&self, to: &Ik, key: &ChainKey, age: u32) -> Option<(u32, u32)> {
        let again = &self.people.get(to)?.sent_again[key.circle.place()];
        let (at, first, last) = *again.get(&key.incarnation)?;
        let lately = age < at.saturating_add(SENT_AGAIN_MINUTES);
        (lately && !planted!(SentAgainAtOnce)).then_some((first, last))
    }

    /// What somebody asks for and was not sent again just now, before that and behind it, as much as is sent
    /// at once.
    fn not_just_sent(
        &self,
        to: &Ik,
        key: &ChainKey,
        (first, last): (u32, u32),
        age: u32,
    ) -> Vec<(u32, u32)> {
        let sent = self.just_sent(to, key, age);
        let parts = sent.map_or([(first, last), (1, 0)], |(from, until)| {
            let before = (first, last.min(from.saturating_sub(1)));
            [before, (first.max(until.saturating_add(1)), last)]
        });
        let mut left = MISSING_MAX;
        let mut wanted = Vec::new();
        for (first, last) in parts {
            let last = last.min(first.saturating_add(left).saturating_sub(1));
            if first <= last && left > 0 {
                left = left.saturating_sub(last - first + 1);
                wanted.push((first, last));
            }
        }
        wanted
    }

    /// What lies between two parts that were sent counts as sent.
    fn note_sent_again(&mut self, to: &Ik, key: &ChainKey, sent: (u32, u32), age: u32) {
        let before = self.just_sent(to, key, age).unwrap_or(sent);
        let (first, last) = (sent.0.min(before.0), sent.1.max(before.1));
        let chains = &self.chains;
        let again = &mut self.people.get_mut(to).sent_again[key.circle.place()];
        let held = |life: &u16| {
            let key = ChainKey {
                incarnation: *life,
                ..*key
            };
            chains.get(&key).is_some()
        };
        again.retain(|life, _| held(life));
        again.insert(key.incarnation, (age, first, last));
    }

    /// Which of these messages of mine somebody is to have: what was said since I send to them, and before
    /// that, while they were suspended, what decides something.
    fn for_them(&self, to: Ik, key: &ChainKey, first: u32, last: u32) -> Vec<(u32, u32)> {
        let person = self.people.get(&to);
        let since = person.and_then(|it| it.sent_from[key.circle.place()]);
        let Some((life, number)) = since else {
            return Vec::new();
        };
        let mut parts = self.decided_before(&to, key, first..=last, (life, number));
        let first = match key.incarnation.cmp(&life) {
            _ if planted!(ResentFromTheFirst) => first,
            Ordering::Less => return parts,
            Ordering::Equal => first.max(number),
            Ordering::Greater => first,
        };
        if first <= last {
            parts.push((first, last));
        }
        parts
    }

    /// What of it decides something, and was said while somebody was suspended.
    fn decided_before(
        &self,
        to: &Ik,
        key: &ChainKey,
        wanted: RangeInclusive<u32>,
        until: (u16, u32),
    ) -> Vec<(u32, u32)> {
        let since = self.people.get(to).and_then(|it| it.counted_from);
        let Some(since) = since.filter(|_| key.circle == Circle::Members) else {
            return Vec::new();
        };
        let life = key.incarnation;
        let mine = self.register.numbers_of(&key.author, life);
        let mine = mine.filter(|number| wanted.contains(number));
        let mine = mine.filter(|number| (since..until).contains(&(life, *number)));
        mine.map(|number| (number, number)).collect()
    }

    /// Chains of which something is missing, and when their author is asked for it, if they can be.
    pub(super) fn holes(&self) -> impl Iterator<Item = (Hole, Option<u32>)> {
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
        told.retain(|key, (_, furthest)| self.lacks(key) && self.new_from(key) <= *furthest);
        let mut most: BTreeMap<(Ik, Circle), (usize, ChainKey, u32)> = BTreeMap::new();
        for (key, (count, furthest)) in told {
            let best = most
                .entry((key.author, key.circle))
                .or_insert((count, key, furthest));
            if count > best.0 {
                *best = (count, key, furthest);
            }
        }
        most.into_values()
            .map(|(_, key, furthest)| {
                let elder = self.takes_up(&key);
                let begun = self.begun_with(&key.author, key.circle);
                let begun = begun.filter(|(life, _)| *life == key.incarnation && elder);
                let (first, last) = match begun {
                    Some((_, first)) => {
                        (first, furthest.min(first.saturating_add(MISSING_MAX - 1)))
                    }
                    None if elder => (furthest.saturating_sub(MISSING_MAX - 1).max(1), furthest),
                    None => (1, furthest.min(MISSING_MAX)),
                };
                let first = first.max(self.new_from(&key));
                let hole = Hole { key, first, last };
                let author = self.people.get(&key.author);
                let asked = author.and_then(|it| it.asked[key.circle.place()]);
                // Who was there before me may have said nothing to me yet.
                let lately = begun.is_some()
                    || self.came_since(key.circle, asked)
                    || self.is_back_since(&key.author, asked);
                let days = if elder && !lately {
                    ELDERS_ASKED_DAYS
                } else {
                    1
                };
                let next = asked.map_or(0, |asked| asked.saturating_add(days * DAY_MINUTES));
                (hole, Some(next))
            })
            .filter(|(hole, _)| hole.first <= hole.last)
    }

    /// Whether a chain of which others told is newer than all I hold of its author's.
    fn lacks(&self, key: &ChainKey) -> bool {
        let newest = self.chains.newest(&key.author, key.circle);
        let newer = newest.is_none_or(|(held, _)| held.incarnation < key.incarnation);
        newer && key.author != self.begun.me
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
    pub(super) fn ask_for_missing(
        &mut self,
        when: When,
        entropy: &mut Entropy,
        outs: &mut Vec<Out>,
    ) {
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
            Some(_) => self.note_hole(key, |chain| chain.ask(hole.last, age)),
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
}
