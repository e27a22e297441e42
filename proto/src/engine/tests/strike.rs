//! A week of strike: many people whose computers are on a fifth of the time, a few who keep parcels and
//! are always on, and a network that is cut for days. Everything arrives in the time that post may take.
//!
//! `KITH_STRIKE=30,5,7,2` is the whole of it: people, keepers, days, of which so many without a network.
//! By itself it is small. It prints what it measured.

use std::collections::BTreeMap;

use super::net::Net;
use crate::engine::*;
use crate::limits::POST_MINUTES;
use crate::time::{DAY_MINUTES, MINUTE_MS};

struct Strike {
    net: Net,
    keepers: usize,
    /// Until which minute each computer stays as it is, and whether it is on.
    turns: Vec<(u32, bool)>,
    /// Who is a friend of whom, and under which name.
    friends: BTreeMap<(usize, usize), String>,
    minute: u32,
    draws: u64,
    /// What was said: when, and when it arrived.
    said: Vec<(u32, Option<u32>)>,
    /// How many events of each were looked at.
    looked: Vec<usize>,
}

/// A computer is on for so long on average, and off four times as long.
const ON_MINUTES: u32 = 90;
const MESSAGES_PER_PERSON_AND_DAY: u32 = 10;

impl Strike {
    fn new(people: usize, keepers: usize) -> Self {
        let count = people + keepers;
        let mut strike = Self {
            net: Net::new(count),
            keepers,
            turns: vec![(0, true); count],
            friends: BTreeMap::new(),
            minute: 0,
            draws: 0,
            said: Vec::new(),
            looked: vec![0; count],
        };
        // Each knows the next few on a ring, and two keepers.
        for one in keepers..count {
            for step in 1..=2 {
                let other = keepers + (one - keepers + step) % people;
                strike.befriend(one, other);
            }
            for step in 0..2.min(keepers) {
                strike.befriend(one, (one + step) % keepers);
            }
        }
        let boxes: Vec<_> = strike.friends.clone().into_iter().collect();
        for ((one, other), name) in boxes {
            if other < keepers && one >= keepers {
                let kib = 8192;
                let offered = strike.friends[&(other, one)].clone();
                let offer = AskMailbox::Offer { name: offered, kib };
                assert!(strike.net.ask(other, Request::Mailbox(offer)).is_ok());
                let ask = AskMailbox::Ask { name, kib };
                assert!(strike.net.ask(one, Request::Mailbox(ask)).is_ok());
            }
        }
        strike.net.pass(2);
        strike.net.carried = vec![0; count];
        strike
    }

    fn befriend(&mut self, one: usize, other: usize) {
        if one == other || self.friends.contains_key(&(one, other)) {
            return;
        }
        let (a, b) = (format!("p{one}"), format!("p{other}"));
        let code = self.net.invite(one, &b);
        self.net.accept(other, &code, &a);
        self.net.pass(1);
        self.friends.insert((one, other), b);
        self.friends.insert((other, one), a);
    }

    fn draw(&mut self, below: u32) -> u32 {
        self.draws += 1;
        let hash = blake3::hash(&self.draws.to_le_bytes());
        let drawn = u32::from_le_bytes(hash.as_bytes()[..4].try_into().unwrap());
        drawn % below.max(1)
    }

    /// One minute; without a network nobody reaches anybody.
    fn pass(&mut self, cut: bool, talks: bool) {
        self.minute += 1;
        self.net.now.wall_ms += MINUTE_MS;
        self.net.now.boot_ms += MINUTE_MS;
        for at in 0..self.turns.len() {
            self.turn(at);
            let reaches = self.turns[at].1 && !cut;
            match (reaches, self.net.away.contains(&at)) {
                (true, true) => self.net.comes(at),
                (false, false) => self.net.goes(at),
                _ => {}
            }
            if talks && at >= self.keepers {
                self.may_say(at);
            }
            if self.turns[at].1 {
                self.net.posts.push_back((at, crate::keeper::Input::Tick));
                self.net.queue.push_back((at, Input::Tick));
            }
        }
        self.net.run();
        (self.net.flights, self.net.sent) = (Vec::new(), Vec::new());
        self.net.ends.retain(|_, end| end.other.is_some());
        (0..self.turns.len()).for_each(|at| self.look(at));
    }

    fn turn(&mut self, at: usize) {
        let (until, on) = self.turns[at];
        if at < self.keepers || until > self.minute {
            return;
        }
        let mean = if on { 4 * ON_MINUTES } else { ON_MINUTES };
        let lasts = mean / 2 + self.draw(mean);
        self.turns[at] = (self.minute + lasts, !on);
    }

    fn may_say(&mut self, at: usize) {
        if !self.turns[at].1 || self.draw(DAY_MINUTES / 5 / MESSAGES_PER_PERSON_AND_DAY) > 0 {
            return;
        }
        let friends = self.friends.iter();
        let friends = friends.filter(|((one, other), _)| *one == at && *other >= self.keepers);
        let names: Vec<_> = friends.map(|(_, name)| name.clone()).collect();
        let to = names[self.draw(names.len() as u32) as usize].clone();
        let text = self.said.len().to_string();
        self.said.push((self.minute, None));
        self.net.say(at, &to, &text);
    }

    /// What arrived in this minute.
    fn look(&mut self, at: usize) {
        let events = &self.net.nodes[at].events;
        let new = &events[core::mem::replace(&mut self.looked[at], events.len())..];
        if !new
            .iter()
            .any(|event| matches!(event, Event::Message { .. }))
        {
            return;
        }
        loop {
            let texts = self.net.reads(at);
            for text in &texts {
                let (_, arrived) = &mut self.said[text.parse::<usize>().unwrap()];
                assert_eq!(arrived.replace(self.minute), None, "shown twice");
            }
            if texts.is_empty() {
                return;
            }
        }
    }

    fn waits(&self) -> usize {
        self.said
            .iter()
            .filter(|(_, arrived)| arrived.is_none())
            .count()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how large the strike is says whoever runs the tests"
)]
fn size() -> Vec<u32> {
    let size = std::env::var("KITH_STRIKE").unwrap_or_else(|_| "6,2,2,1".into());
    size.split(',').map(|n| n.parse().unwrap()).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "what was measured is shown")]
fn a_week_of_strike_delivers_everything_in_the_time_of_the_post() {
    let size = size();
    let [people, keepers, days, cut] = size[..] else {
        panic!("people, keepers, days, days without a network");
    };
    let mut strike = Strike::new(people as usize, keepers as usize);
    let cut_from = (days - cut) / 2 * DAY_MINUTES;
    for minute in 0..days * DAY_MINUTES {
        let cut = (cut_from..cut_from + cut * DAY_MINUTES).contains(&minute);
        strike.pass(cut, true);
    }
    let (said, late) = (strike.said.len(), strike.waits());
    while strike.waits() > 0 && strike.minute < days * DAY_MINUTES + POST_MINUTES {
        strike.pass(false, false);
    }
    assert_eq!(strike.waits(), 0, "of {said} some never arrived");
    let mut took: Vec<_> = strike
        .said
        .iter()
        .map(|(at, there)| there.unwrap() - at)
        .collect();
    took.sort_unstable();
    let part = |n: usize| took[(took.len() * n / 100).min(took.len() - 1)];
    let carried = &strike.net.carried;
    let (of_keepers, of_people) = carried.split_at(keepers as usize);
    let mean = |all: &[u64]| all.iter().sum::<u64>() / all.len().max(1) as u64 / 1024;
    eprintln!(
        "{people} people, {keepers} keepers, {days} days, {cut} without a network: {said} messages, \
         {late} under way at the end; minutes to arrive: median {}, p99 {}, longest {}; \
         KiB sent by a person {}, by a keeper {}",
        part(50),
        part(99),
        part(100),
        mean(of_people),
        mean(of_keepers),
    );
}
