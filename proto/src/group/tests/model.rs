//! One story of which every state is looked at, by `stateright`, with the machines themselves: of four
//! members three remove the fourth. What is said comes to each of them at any time, in any order. In every
//! state it is tried what would be if somebody who removed the fourth spoke now, and the fourth then asked
//! them for all that was ever said.
//!
//! A state is what is on the three disks and under way. What the tally makes of what is held is looked at
//! in `tally/tests/model.rs`.

#![allow(clippy::print_stderr, reason = "a search says how far it went")]
#![allow(
    clippy::disallowed_types,
    reason = "the searcher wants a state to be shared between its threads"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stateright::{Checker, HasDiscoveries, Model, Property};

use super::world::{DAY, HOUR, genesis};
use crate::group::machine::{Group, News, Out, OutWhat, Part, Word};
use crate::group::{
    Circle, Ik, Message, Missing, Policy, Position, Role, Seat, Seats, What, When, decode,
};
use crate::kdf::Entropy;
use crate::secret::Said;

const LATER: &str = "who is removed reads nothing later";
/// Who is removed; the others are 0 to 2.
const REMOVED: usize = 3;
/// When the first words are said, and when the motion's window is over.
const TIMES: [u32; 2] = [HOUR, 4 * DAY];

fn ik(person: usize) -> Ik {
    [person as u8 + 1; 32]
}

fn person(ik: &Ik) -> usize {
    usize::from(ik[0]) - 1
}

type Disk = BTreeMap<(u8, u32, u32), Vec<u8>>;

/// One of the three.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    disk: Arc<Disk>,
    /// How much it said: from this its random numbers come.
    said: u8,
    agreed: bool,
    /// Whether it saw that the window is over.
    woke: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    nodes: [Node; 3],
    under_way: BTreeSet<(usize, usize, Vec<u8>)>,
    /// Which of the two times it is.
    time: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Somebody proposes it, or agrees.
    Agrees(usize),
    Comes(usize),
    /// Three days pass for everybody.
    Passes,
    /// Somebody's machine looks at the clock.
    Wakes(usize),
}

pub(super) struct Story {
    #[cfg(feature = "planted")]
    pub bug: Option<crate::planted::Bug>,
}

impl Node {
    fn group(&self) -> Group {
        let records = self.disk.iter().map(|((letter, no, piece), body)| {
            let part = Part::of(*letter, *no, *piece).expect("a part");
            (part, Said::new(body.clone()))
        });
        Group::restore(records.collect::<BTreeMap<_, _>>()).expect("its own records")
    }

    fn store(&mut self, group: &mut Group) {
        let disk = Arc::make_mut(&mut self.disk);
        for part in group.changed() {
            let place = (part.letter(), part.no, part.piece);
            match group.record(part) {
                Some(body) => drop(disk.insert(place, body.to_vec())),
                None => drop(disk.remove(&place)),
            }
        }
    }

    fn entropy(&mut self, me: usize) -> Entropy {
        self.said += 1;
        let mut seed = [0; 32];
        seed[..2].copy_from_slice(&[me as u8, self.said]);
        Entropy::new(seed)
    }
}

fn when(time: usize) -> When {
    When {
        age: TIMES[time],
        minute: 29_500_000 + TIMES[time],
    }
}

impl State {
    fn begins() -> Self {
        let seats = (0..=REMOVED).map(|it| Seat::of(Role::Member, ik(it)));
        let seats = Seats::new(seats.collect()).expect("seats");
        let genesis = genesis(seats, Policy::default(), 1);
        let node = |me: usize| {
            let begun = When {
                age: 0,
                minute: 29_500_000,
            };
            let mut group = Group::new(ik(me), genesis.clone(), begun).expect("a genesis");
            group.join(begun);
            let mut node = Node {
                disk: Arc::default(),
                said: 0,
                agreed: false,
                woke: false,
            };
            node.store(&mut group);
            node
        };
        Self {
            nodes: [0, 1, 2].map(node),
            under_way: BTreeSet::new(),
            time: 0,
        }
    }

    /// What leaves one of the three is under way to the others, unless it is the third's: nothing depends
    /// on what they say.
    fn sends(&mut self, from: usize, out: &Out) {
        if !matches!(out.what, OutWhat::Chain { .. }) || from == 2 {
            return;
        }
        for to in out.to.iter().map(person).filter(|to| *to != REMOVED) {
            let under_way = (from, to, out.payload.to_vec());
            self.under_way.insert(under_way);
        }
    }

    fn agrees(&mut self, me: usize) -> Option<()> {
        let group = self.nodes[me].group();
        let motion = group.motions().first().map(|(_, it)| it.name);
        let word = match motion {
            None => Word::Motion {
                what: What::Remove(ik(REMOVED)),
                hours: 0,
                text: "",
            },
            Some(motion) => Word::Say {
                motion,
                position: Position::Agree,
                reason: "",
            },
        };
        self.nodes[me].agreed = true;
        let mut group = self.nodes[me].group();
        let mut entropy = self.nodes[me].entropy(me);
        let mid = entropy.bytes();
        let (out, _) = group.say(word, mid, when(self.time), &mut entropy).ok()?;
        self.nodes[me].store(&mut group);
        self.sends(me, &out);
        Some(())
    }

    fn comes(&mut self, at: usize) -> Option<()> {
        let (from, to, payload) = self.under_way.iter().nth(at)?.clone();
        self.under_way.remove(&(from, to, payload.clone()));
        let mut group = self.nodes[to].group();
        let news = group.take(ik(from), &payload, when(self.time));
        assert!(news.is_ok(), "an honest payload: {:?}", decode(&payload));
        self.nodes[to].store(&mut group);
        Some(())
    }

    fn wakes(&mut self, me: usize) {
        let mut group = self.nodes[me].group();
        let mut entropy = self.nodes[me].entropy(me);
        let (outs, _) = group.tick(when(self.time), &mut entropy);
        self.nodes[me].woke = true;
        self.nodes[me].store(&mut group);
        outs.iter().for_each(|out| self.sends(me, out));
    }

    /// Whether the fourth would read what somebody, who has removed them, said now: told at once, or on
    /// asking, with the set that the other holds and their place in it.
    fn would_be_read(&self, me: usize) -> bool {
        let mut group = self.nodes[me].group();
        if !group.tally().silent_to(&ik(REMOVED)) {
            return false;
        }
        let mut entropy = self.nodes[me].clone().entropy(me);
        let (circle, mid) = (Circle::Members, entropy.bytes());
        let (keep, text) = (0, "à demain");
        let word = Word::Text { circle, keep, text };
        let said = group.say(word, mid, when(self.time), &mut entropy);
        let (out, _) = said.expect("a member speaks");
        let OutWhat::Chain {
            number,
            incarnation,
            ..
        } = out.what
        else {
            panic!("a text is in a chain");
        };
        let tally = group.tally();
        let index = tally.seats.computers().position(|it| *it == ik(me));
        let missing = Missing {
            gid: group.gid(),
            view: tally.view,
            index: index.expect("a seat") as u8,
            circle,
            incarnation,
            first: 1,
            last: 100,
        };
        let payload = Message::Missing(missing).encode(&[9; 16]);
        let news = group.take(ik(REMOVED), &payload, when(self.time));
        let again = |news: &News| matches!(news, News::Resend { last, .. } if *last >= number);
        out.to.contains(&ik(REMOVED)) || news.expect("well formed").iter().any(again)
    }
}

impl Story {
    fn plant(&self) {
        #[cfg(feature = "planted")]
        crate::planted::plant(self.bug);
    }
}

impl Model for Story {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        vec![State::begins()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        let heard = |me: usize| !state.nodes[me].group().motions().is_empty();
        for (me, node) in state.nodes.iter().enumerate() {
            // The first proposes, the second agrees; what the third says changes nothing.
            if !node.agreed && state.time == 0 && (me == 0 || me == 1 && heard(me)) {
                actions.push(Move::Agrees(me));
            }
            if state.time == 1 && !node.woke {
                actions.push(Move::Wakes(me));
            }
        }
        actions.extend((0..state.under_way.len()).map(Move::Comes));
        if state.time == 0 && state.nodes[1].agreed {
            actions.push(Move::Passes);
        }
    }

    fn next_state(&self, state: &State, step: Move) -> Option<State> {
        self.plant();
        let mut next = state.clone();
        match step {
            Move::Agrees(me) => next.agrees(me)?,
            Move::Comes(at) => next.comes(at)?,
            Move::Passes => next.time = 1,
            Move::Wakes(me) => next.wakes(me),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(LATER, |story: &Self, state: &State| {
                story.plant();
                !(0..3).any(|me| state.would_be_read(me))
            }),
            Property::always("who heard all has removed them", |_, state: &State| {
                let over = state.time == 1 && state.under_way.is_empty();
                let over = over && state.nodes.iter().all(|node| node.woke);
                let out = |node: &Node| node.group().tally().silent_to(&ik(REMOVED));
                !over || state.nodes.iter().all(out)
            }),
            Property::sometimes("one knows and another does not", |_, state: &State| {
                let out = |node: &Node| node.group().tally().silent_to(&ik(REMOVED));
                let [one, other, _] = &state.nodes;
                out(one) && !out(other)
            }),
        ]
    }
}

/// Whether somebody removed reads what is said later, in any state.
fn leaks(story: Story) -> bool {
    let checker = story.checker().finish_when(HasDiscoveries::AnyFailures);
    let checker = checker.spawn_bfs().join();
    let (states, steps) = (checker.unique_state_count(), checker.state_count());
    let longest = checker.max_depth() - 1;
    eprintln!("a removal by machines: {states} states, {steps} steps, roads of up to {longest}");
    let leaks = checker.discovery(LATER).is_some();
    if !leaks {
        checker.assert_properties();
        assert!(states > 1000, "{states} states show little");
    }
    leaks
}

#[test]
fn who_is_removed_reads_nothing_that_is_said_later_whatever_comes_when_and_whomever_they_ask() {
    assert!(!leaks(Story {
        #[cfg(feature = "planted")]
        bug: None,
    }));
}

#[cfg(feature = "planted")]
pub(super) fn finds(bug: crate::planted::Bug) -> bool {
    let found = leaks(Story { bug: Some(bug) });
    crate::planted::plant(None);
    found
}
