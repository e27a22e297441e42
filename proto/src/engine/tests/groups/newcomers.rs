//! A newcomer among thirty who are there one hour in five: let in, asked, made known to the others.

use super::*;

const MEMBERS: usize = 30;
const NEW: usize = 30;
const SLOT_MIN: u64 = 30;

/// Who is there in a slot: about a fifth of all.
fn is_there(at: usize, slot: u64) -> bool {
    let seen = blake3::hash(&[&at.to_le_bytes()[..], &slot.to_le_bytes()].concat());
    u16::from(seen.as_bytes()[0]) * 5 < 256
}

impl Net {
    /// Half an hour in which only some are there.
    fn slot(&mut self, slot: u64) {
        for at in 0..=NEW {
            match is_there(at, slot) {
                true if self.away.contains(&at) => {
                    self.comes(at);
                    let addr = Addr::V4([0; 4], at as u16 + 1);
                    self.queue.push_back((at, Input::Listening(vec![addr])));
                }
                false if !self.away.contains(&at) => self.goes(at),
                _ => {}
            }
        }
        for _ in 0..3 {
            self.now.wall_ms += SLOT_MIN * 20_000;
            self.now.boot_ms += SLOT_MIN * 20_000;
            self.tick();
        }
    }

    /// Whoever is there says yes to everybody who is introduced.
    fn welcome_all(&mut self) {
        for at in 0..=NEW {
            if self.away.contains(&at) {
                continue;
            }
            let Ok(Answer::Waiting(waiting)) = self.ask(at, Request::Waiting) else {
                panic!("no list")
            };
            for it in waiting {
                let WaitsAs::Introduced { somebody, .. } = it.waits else {
                    continue;
                };
                let label = somebody.called.to_string();
                let name = label.rsplit('/').next().unwrap_or_default().to_owned();
                let (id, language) = (it.id, Language::French);
                let _ = self.ask(at, Request::Welcome { id, name, language });
            }
        }
    }

    /// How many members hold a set of so many people.
    fn holding(&mut self, people: usize) -> usize {
        let mut holding = 0;
        for at in 0..MEMBERS {
            holding += usize::from(self.whole(at).people.len() == people);
        }
        holding
    }

    fn knows(&self, at: usize, other: usize) -> bool {
        let mut friends = self.nodes[at].engine.friends.values();
        friends.any(|friend| friend.settled && friend.petname.is(NAMES[other]))
    }
}

#[test]
fn a_newcomer_joins_thirty_who_are_there_a_fifth_of_the_time_within_a_week() {
    let mut net = all_friends(MEMBERS + 1, MEMBERS);
    net.befriend(0, NEW);
    net.pass(5);
    let others: Vec<_> = (1..MEMBERS).collect();
    net.found(0, &others);
    net.pass(5);
    let (mut slot, mut agreed) = (0, 0);
    assert!(net.propose(0, Proposal::Add(NAMES[NEW].into())).is_ok());
    let (mut joined, mut all_know) = (None, None);
    while slot < 7 * 24 * 60 / SLOT_MIN && all_know.is_none() {
        net.slot(slot);
        slot += 1;
        for at in 1..4 {
            let knows = !net.whole(at).motions.is_empty();
            if agreed & 1 << at == 0 && knows && net.answer(at, Position::Agree).is_ok() {
                agreed |= 1 << at;
            }
        }
        if joined.is_none() && net.asked(NEW).is_some() {
            net.join(NEW);
            joined = Some(slot);
        }
        net.welcome_all();
        if slot % 4 == 0 {
            let in_it = net.holding(MEMBERS + 1);
            let edges = (0..MEMBERS).filter(|at| net.knows(*at, NEW) && net.knows(NEW, *at));
            let edges = edges.count();
            all_know = (in_it == MEMBERS && edges == MEMBERS && joined.is_some()).then_some(slot);
        }
    }
    let edges = (0..MEMBERS).filter(|at| net.knows(*at, NEW)).count();
    let in_it = net.holding(MEMBERS + 1);
    assert!(joined.is_some(), "asked and joined");
    assert_eq!(in_it, MEMBERS, "in everybody's set");
    assert_eq!(
        edges, MEMBERS,
        "an edge to everybody; asked after {joined:?} slots"
    );
}
