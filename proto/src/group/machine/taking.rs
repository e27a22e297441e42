//! What somebody says, as it comes out of their own session. Nothing is refused for its order; what
//! cannot be is Malformed, and what does not count is passed over in silence.

use super::saved::Room;
use super::{Group, News, Text, named};
use crate::group::chains::{ChainKey, Link, Place};
use crate::group::digests::{self, Disagreement};
use crate::group::people::{Shown, When};
use crate::group::register::counting;
use crate::group::said::Body;
use crate::group::tally::Counting;
use crate::group::waiting::{Due, Waiter};
use crate::group::{
    Beacon, Circle, Digest, Hash, Head, Ik, Message, Role, Seats, What, decode, first_head,
};
use crate::wire::Malformed;

/// A message of somebody's chain, as it came.
struct Came<'a> {
    from: Ik,
    mid: Hash,
    head: Box<Head>,
    payload: &'a [u8],
    when: When,
}

impl Group {
    /// Somebody's payload, which came in that computer's own session.
    pub(crate) fn take(
        &mut self,
        from: Ik,
        payload: &[u8],
        when: When,
    ) -> Result<Vec<News>, Malformed> {
        let (mid, message) = decode(payload)?;
        if message.gid() != self.begun.gid || from == self.begun.me {
            return Err(Malformed);
        }
        let mut news = Vec::new();
        match message {
            Message::Chained(head, body) => {
                let came = Came {
                    from,
                    mid,
                    head,
                    payload,
                    when,
                };
                news = self.take_chained(came, &body)?;
            }
            Message::Beacon(beacon) => self.take_beacon(from, &beacon, when, &mut news),
            Message::Missing(missing) => {
                // Who is on the list comes first: nobody else is sent anything again.
                if !planted!(AnsweredUnbelieving) {
                    self.believe(when, &mut news);
                }
                self.take_missing(from, &missing, when, &mut news);
                return Ok(news);
            }
            Message::Genesis(genesis) => self.take_genesis(from, *genesis, when, &mut news),
        }
        self.believe(when, &mut news);
        Ok(news)
    }

    fn take_beacon(&mut self, from: Ik, beacon: &Beacon, when: When, news: &mut Vec<News>) {
        if self.tally.seats.seat_of(&from).is_none() {
            return;
        }
        self.hear(from, beacon.view, when, news);
        self.told(from, beacon.view, &beacon.digests, news);
        self.take_results(from, &beacon.results, when, news);
    }

    fn take_chained(&mut self, came: Came<'_>, body: &Body<'_>) -> Result<Vec<News>, Malformed> {
        let (from, head) = (came.from, &came.head);
        let first = first_head(&self.begun.gid, &from, head.incarnation, head.circle);
        if (head.number == 1) != (head.prev == first) {
            return Err(Malformed);
        }
        let mut news = Vec::new();
        if !self.listens(&from, head.circle, body) {
            return Ok(news);
        }
        self.hear(from, head.view, came.when, &mut news);
        let link = Link {
            prev: head.prev,
            name: named(&from, came.payload),
        };
        if !self.link(&ChainKey::of(from, head), head.number, link, &mut news) {
            return Ok(news);
        }
        self.told(from, head.view, &head.digests, &mut news);
        if let Body::Report(report) = body {
            self.reported(report.target, from, &mut news);
        }
        if let Some((said, reason)) = counting(body) {
            let is_motion = matches!(said, Counting::Motion(_));
            let kept = self.count(from, head, link.name, said, reason, came.when);
            if is_motion && kept.held {
                news.push(News::Proposed(link.name));
            }
            if kept.judged {
                news.extend(self.judge(came.when));
            }
        }
        self.queue(came, link.name, body, &mut news);
        Ok(news)
    }

    /// Whether I take such a message of somebody's at all. What decides something is taken of everybody
    /// who is or was in it, or was proposed: whether it counts the tally says. A text is of who is a
    /// member now; one that came too early for me to know is a gap, and asked for once they are.
    fn listens(&self, from: &Ik, circle: Circle, body: &Body<'_>) -> bool {
        let mine = self.mine().map(|seat| seat.role);
        if mine == Some(Role::Spectator) && circle == Circle::Members {
            return false;
        }
        match body {
            Body::Text(_) | Body::Report(_) => {
                let theirs = self.tally.seats.seat_of(from).map(|seat| seat.role);
                mine.is_some() && theirs == Some(Role::Member)
            }
            _ => self.concerns(from),
        }
    }

    /// Whether somebody is in it, was in it since what is settled, or was proposed by who is or was: those
    /// may be in for others who hold what I do not yet. Whom only these propose may come again, or nobody
    /// could count all whom one liar names.
    pub(super) fn concerns(&self, computer: &Ik) -> bool {
        let sets = [&self.tally.seats, &self.core.ground.seats];
        let seated = |it: &Ik| sets.iter().any(|seats| seats.seat_of(it).is_some());
        let names = |what: &What| match what {
            What::Add(target) => target == computer,
            What::Return { computer: new, .. } => new == computer,
            _ => false,
        };
        let mut motions = self.register.motions();
        seated(computer)
            || motions.any(|(_, author, motion)| {
                names(&motion.what) && (seated(author) || planted!(AnybodyProposes))
            })
    }

    /// Somebody of the group gave a sign of life, and shows whom they hold for it.
    pub(super) fn hear(&mut self, from: Ik, view: Hash, when: When, news: &mut Vec<News>) {
        let mine = self.tally.view;
        let person = self.people.get_mut(&from);
        if person.heard.is_none() {
            news.push(News::Here(from));
        }
        person.heard = Some(when);
        let before = person.shown.and_then(|shown| shown.other_since);
        let other_since = (view != mine).then(|| before.unwrap_or(when));
        person.shown = Some(Shown {
            view,
            other_since,
            last: when.age,
        });
        let was_mine = self.past.iter().any(|seats| seats.view() == view);
        if other_since.is_some() && before.is_none() && !was_mine {
            news.push(News::OtherSet(from));
        }
    }

    /// Gives a message its place; whether it is new.
    fn link(&mut self, key: &ChainKey, number: u32, link: Link, news: &mut Vec<News>) -> bool {
        let itself = Disagreement {
            author: key.author,
            teller: key.author,
            circle: key.circle,
            incarnation: key.incarnation,
            number,
        };
        match self.chains.place(key, number, &link) {
            Place::Double => planted!(ShownTwice),
            Place::Old => false,
            Place::Other => {
                self.disagree(itself, news);
                false
            }
            Place::New { fits } => {
                self.chains.link(key, number, link, self.below(key));
                if !fits {
                    self.disagree(itself, news);
                }
                let numbers = [number, number.saturating_sub(1)];
                let others = digests::compare_all(&self.people, &self.chains, key, numbers);
                others.into_iter().for_each(|it| self.disagree(it, news));
                self.lately.untold.insert((key.circle, key.author));
                self.mark(Room::Lately);
                true
            }
        }
    }

    fn disagree(&mut self, found: Disagreement, news: &mut Vec<News>) {
        if self.lately.disagreements.add(found) {
            news.push(News::Disagreement(found));
        }
        self.mark(Room::Lately);
    }

    /// What somebody told of others' chains, numbered by their set; what is in a set that I do not know
    /// waits until I do.
    pub(super) fn told(&mut self, from: Ik, view: Hash, digests: &[Digest], news: &mut Vec<News>) {
        let Some(seats) = self.known(&view).cloned() else {
            self.people.get_mut(&from).unread = Some((view, digests.to_vec()));
            return;
        };
        let found = digests::told(&mut self.people, &self.chains, from, &seats, digests);
        found.into_iter().for_each(|it| self.disagree(it, news));
    }

    /// A set that is mine, or was.
    pub(super) fn known(&self, view: &Hash) -> Option<&Seats> {
        if *view == self.tally.view {
            return Some(&self.tally.seats);
        }
        self.past.iter().rev().find(|seats| seats.view() == *view)
    }

    pub(super) fn reported(&mut self, target: Ik, by: Ik, news: &mut Vec<News>) {
        let Some(seat) = self.tally.seats.seat_of(&target) else {
            return;
        };
        for computer in seat.computers.clone() {
            self.people.get_mut(&computer).reported = Some(by);
        }
        news.push(News::Reported { target, by });
    }

    /// A message waits for those before it, or is due, and with it what waited for it.
    fn queue(&mut self, came: Came<'_>, name: Hash, body: &Body<'_>, news: &mut Vec<News>) {
        let head = came.head;
        let text = match body {
            Body::Text(text) => came.payload.len().checked_sub(text.len()),
            _ => None,
        };
        let waiter = Waiter {
            name,
            key: ChainKey::of(came.from, &head),
            number: head.number,
            mid: came.mid,
            text: text.is_some(),
            parents: self.awaited(&came.from, &head, came.when.age),
            since: came.when.age,
        };
        let behind = self.behind(&waiter.key, &head);
        self.lately.frontier.add(head.circle, name, &behind);
        let ready = self.waiting.ready(&waiter, &self.chains);
        if let Some(text_at) = text {
            let text = Text {
                author: came.from,
                mid: came.mid,
                name,
                head,
                text_at,
            };
            news.push(if ready {
                News::Text(text)
            } else {
                News::Held(text)
            });
        }
        if ready {
            self.release(came.when, news);
        } else {
            let due = self.waiting.add(waiter);
            due.into_iter().for_each(|due| self.show(due, news));
        }
    }

    /// What a message waits for. Who is new in a circle knows nothing of what was said before, and waits
    /// for nothing on the first day, nor with the first message of each who was there: that one follows
    /// what was the newest then, and they may have said nothing since.
    fn awaited(&self, author: &Ik, head: &Head, age: u32) -> Vec<Hash> {
        let first = || self.begins_for_me(&ChainKey::of(*author, head), head.number);
        if self.is_new_in(head.circle, age) || (first() && !planted!(FirstOfElderWaits)) {
            return Vec::new();
        }
        head.parents.clone()
    }

    /// Shows all that need not wait any more.
    pub(super) fn release(&mut self, when: When, news: &mut Vec<News>) {
        for due in self.waiting.take_due(&self.chains, when.age) {
            self.show(due, news);
        }
    }

    pub(super) fn show(&mut self, due: Due, news: &mut Vec<News>) {
        let (author, waiter) = (due.waiter.key.author, due.waiter);
        if due.gap {
            news.push(News::Gap(author));
        }
        if waiter.text {
            let (mid, name) = (waiter.mid, waiter.name);
            news.push(News::Due { author, mid, name });
        }
    }
}
