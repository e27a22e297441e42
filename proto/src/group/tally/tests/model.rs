//! Small groups of which every state is looked at, by `stateright`: the tally is the real one, only who
//! says what, and who hears what and when, is chosen.
//!
//! Four members and a spectator. The fourth lies: to each of the others they say what they like, and
//! have two computers for it. Two of the honest ones listen; what the third says can come to each of these
//! at any time, or never. A state is what the two hold.

#![allow(clippy::print_stderr, reason = "a search says how far it went")]
#![allow(
    clippy::disallowed_types,
    reason = "the searcher shares a model between its threads"
)]

#[cfg(feature = "planted")]
mod planted;
mod worlds;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use stateright::{Checker, HasDiscoveries, Model, Property};

use super::*;

/// Words, a bit each.
type Words = u32;

/// Something that can be said.
struct Word {
    author: u8,
    number: u32,
    name: Hash,
    said: Counting,
    /// What its author holds before they say it, if they are honest.
    needs: Words,
}

/// When a motion passes, by hand.
struct Takes {
    motion: usize,
    rests_on: Vec<usize>,
    /// Voices of the seats that decide, of whom so many must agree.
    of: Vec<u8>,
    yes: usize,
    blocks: bool,
    at_once: bool,
    /// Whether its author must be one of them.
    sponsor: bool,
}

/// A story, and what is known of it.
pub(super) struct World {
    room: Room,
    words: Vec<Word>,
    takes: Vec<Takes>,
    /// Honest members who listen.
    ears: [u8; 2],
    /// Who is sent nothing exactly as long as this motion passes.
    gone: Option<(usize, u8)>,
    /// What the spectator may say.
    watched: Vec<Vec<Counting>>,
    /// What else holds of whatever somebody holds.
    shown: fn(&World, Words, &Tally) -> bool,
    /// What must be seen somewhere, or the story shows nothing.
    somewhere: fn(&World, [&Seen; 2]) -> bool,
    seen: Mutex<HashMap<Words, Arc<Seen>>>,
    #[cfg(feature = "planted")]
    bug: Option<crate::planted::Bug>,
}

/// What somebody makes of the words they hold.
pub(super) struct Seen {
    /// Of each motion that is held: what was said of it and of all it rests on, and how it stands.
    standings: Vec<Option<(Words, Standing)>>,
    tally: Tally,
    by_hand: bool,
    watchers_are_nobody: bool,
    gone_is_gone: bool,
    shown: bool,
}

/// What the honest say without listening, and what those hold who listen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    said: Words,
    held: [Words; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Says(usize),
    Hears(usize, usize),
}

fn bit(word: usize) -> Words {
    1 << word
}

fn bits(words: &[usize]) -> Words {
    words.iter().fold(0, |all, word| all | bit(*word))
}

fn about(said: &Counting) -> Option<Hash> {
    match said {
        Counting::Say { motion, .. } | Counting::Close(motion) => Some(*motion),
        _ => None,
    }
}

impl World {
    fn held(&self, words: Words) -> Room {
        let mut room = self.room.clone();
        let those = self.words.iter().enumerate();
        for (_, word) in those.filter(|(at, _)| words & bit(*at) != 0) {
            room.hear_at(word.author, word.number, word.said.clone());
        }
        room
    }

    fn seen(&self, words: Words) -> Arc<Seen> {
        let lock = || self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = lock().get(&words) {
            return Arc::clone(seen);
        }
        #[cfg(feature = "planted")]
        crate::planted::plant(self.bug);
        let seen = Arc::new(self.look(words));
        lock().insert(words, Arc::clone(&seen));
        seen
    }

    fn look(&self, words: Words) -> Seen {
        let tally = self.held(words).tally();
        let result = |takes: &Takes| {
            let standing = tally.results.get(&self.words[takes.motion].name)?;
            let mut standing = standing.clone();
            // Who is out by now depends on other words too.
            standing.hangs_on.clear();
            Some((words & self.behind(takes.motion), standing))
        };
        let passed = |takes: &Takes| {
            let standing = tally.results.get(&self.words[takes.motion].name);
            standing.is_some_and(|it| it.outcome == Outcome::Passed)
        };
        let by_hand = self
            .takes
            .iter()
            .all(|it| passed(it) == self.passes(words, it));
        let gone_is_gone = self.gone.is_none_or(|(motion, person)| {
            let passes = self.passes(words, self.takes_of(motion));
            tally.silent_to(&ik(person)) == passes
        });
        Seen {
            standings: self.takes.iter().map(result).collect(),
            by_hand,
            watchers_are_nobody: self.without_watchers(words, &tally),
            gone_is_gone,
            shown: (self.shown)(self, words, &tally),
            tally,
        }
    }

    /// All words on a motion and on what it rests on.
    fn behind(&self, motion: usize) -> Words {
        let name = Some(self.words[motion].name);
        let of = self.words.iter().enumerate();
        let of = of.filter(|(at, word)| *at == motion || about(&word.said) == name);
        let of = of.fold(0, |all, (at, _)| all | bit(at));
        let below = &self.takes_of(motion).rests_on;
        below.iter().fold(of, |all, it| all | self.behind(*it))
    }

    fn takes_of(&self, motion: usize) -> &Takes {
        let takes = self.takes.iter().find(|it| it.motion == motion);
        takes.expect("no such motion")
    }

    /// Whether a motion passes, as people would count it.
    fn passes(&self, words: Words, takes: &Takes) -> bool {
        let mut below = takes.rests_on.iter();
        let founded = below.all(|it| self.passes(words, self.takes_of(*it)));
        let last: Vec<_> = takes
            .of
            .iter()
            .map(|voice| (*voice, self.last(words, *voice, takes)))
            .collect();
        let agrees = |(_, word): &&(u8, _)| *word == (Some(Position::Agree), true);
        let author = self.words[takes.motion].author;
        let yes: Vec<u8> = last
            .iter()
            .filter(agrees)
            .map(|(voice, _)| *voice)
            .collect();
        let object = last.iter().any(|(_, it)| it.0 == Some(Position::Object));
        let sponsored = !takes.sponsor || yes.contains(&author);
        let held = words & bit(takes.motion) != 0;
        held && founded && sponsored && yes.len() >= takes.yes && !(takes.blocks && object)
    }

    /// What somebody said last of a motion, and whether they said that it is their last word.
    fn last(&self, words: Words, voice: u8, takes: &Takes) -> (Option<Position>, bool) {
        let name = self.words[takes.motion].name;
        let of = self.words.iter().enumerate();
        let of = of.filter(|(at, word)| words & bit(*at) != 0 && word.author == voice);
        let mut of: Vec<&Word> = of.map(|(_, word)| word).collect();
        of.sort_by_key(|word| word.number);
        let mut last = None;
        for word in of {
            match &word.said {
                Counting::Motion(_) if word.name == name => last = Some(Position::Agree),
                Counting::Say { motion, position } if *motion == name => last = Some(*position),
                Counting::Close(motion) if *motion == name => return (last, true),
                _ => continue,
            }
            if takes.at_once {
                return (last, true);
            }
        }
        (last, false)
    }

    /// Whether nothing that the spectator may say changes anything.
    fn without_watchers(&self, words: Words, tally: &Tally) -> bool {
        self.watched.iter().all(|said| {
            let mut room = self.held(words);
            let own: Vec<Hash> = said.iter().map(|it| room.hear(5, it.clone())).collect();
            let mut with = room.tally();
            with.results.retain(|name, _| !own.contains(name));
            with == *tally
        })
    }

    fn ear(&self, author: u8) -> Option<usize> {
        self.ears.iter().position(|ear| *ear == author)
    }

    fn is_honest(author: u8) -> bool {
        author <= 3
    }

    fn said(&self, state: &State, author: u8) -> Words {
        let all = self.ear(author).map_or(state.said, |ear| state.held[ear]);
        let of = self.words.iter().enumerate();
        let of = of.filter(|(at, word)| all & bit(*at) != 0 && word.author == author);
        of.fold(0, |all, (at, _)| all | bit(at))
    }

    /// What somebody may have heard who does not listen here: the liar tells them what they like.
    fn said_by_anybody(&self, state: &State) -> Words {
        let honest = (1..=3).fold(0, |all, author| all | self.said(state, author));
        let words = self.words.iter().enumerate();
        let lies = words.filter(|(_, word)| !Self::is_honest(word.author));
        lies.fold(honest, |all, (at, _)| all | bit(at))
    }

    fn may_say(&self, state: &State, at: usize) -> bool {
        let word = &self.words[at];
        let own = self.said(state, word.author);
        let ear = self.ear(word.author).map(|ear| state.held[ear]);
        let heard = ear.unwrap_or_else(|| self.said_by_anybody(state));
        // One word after the other.
        let next = own.count_ones() + 1 == word.number;
        if !next || word.needs & !heard != 0 || self.is_over(own, word) {
            return false;
        }
        match (&word.said, ear) {
            (Counting::Motion(motion), Some(held)) => {
                let seen = self.seen(held);
                (seen.tally.base, &seen.tally.frontier) == (motion.base, &motion.rests_on)
            }
            (Counting::Motion(motion), None) => motion.rests_on.is_empty(),
            _ => true,
        }
    }

    /// Whether its author's last word on what it is about was said.
    fn is_over(&self, own: Words, word: &Word) -> bool {
        let mut of = self.words.iter().enumerate();
        let close = |it: &Word| matches!(it.said, Counting::Close(_));
        of.any(|(at, it)| own & bit(at) != 0 && close(it) && about(&it.said) == about(&word.said))
    }

    /// Whether it can come to somebody: of two liars' words with one number only the first is taken.
    fn may_hear(&self, state: &State, ear: usize, at: usize) -> bool {
        let (word, held) = (&self.words[at], state.held[ear]);
        if Self::is_honest(word.author) {
            return held & bit(at) == 0 && self.said(state, word.author) & bit(at) != 0;
        }
        let mut of = self.words.iter().enumerate();
        let same = |it: &Word| (it.author, it.number) == (word.author, word.number);
        !of.any(|(other, it)| same(it) && held & bit(other) != 0)
    }

    /// Looks at every state; panics with the shortest road to one where something does not hold.
    fn hold(self, name: &str) {
        let checker = self.checker().finish_when(HasDiscoveries::AnyFailures);
        let checker = checker.spawn_bfs().join();
        let (states, steps) = (checker.unique_state_count(), checker.state_count());
        let longest = checker.max_depth() - 1;
        eprintln!("{name}: {states} states, {steps} steps, roads of up to {longest}");
        checker.assert_properties();
        assert!(states > 1000, "{states} states show little");
    }

    fn both(&self, state: &State) -> [Arc<Seen>; 2] {
        state.held.map(|held| self.seen(held))
    }
}

fn each(which: fn(&Seen) -> bool, world: &World, state: &State) -> bool {
    world.both(state).iter().all(|seen| which(seen))
}

impl Model for World {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            said: 0,
            held: [0, 0],
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        for (at, word) in self.words.iter().enumerate() {
            if Self::is_honest(word.author) && self.may_say(state, at) {
                actions.push(Move::Says(at));
            }
            let ears = (0..2).filter(|ear| self.may_hear(state, *ear, at));
            actions.extend(ears.map(|ear| Move::Hears(ear, at)));
        }
    }

    fn next_state(&self, state: &State, step: Move) -> Option<State> {
        let mut next = state.clone();
        match step {
            Move::Says(at) => match self.ear(self.words[at].author) {
                Some(ear) => next.held[ear] |= bit(at),
                None => next.said |= bit(at),
            },
            Move::Hears(ear, at) => next.held[ear] |= bit(at),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("the same words have the same result", |world, state| {
                let [one, other] = world.both(state);
                let both = one.standings.iter().zip(&other.standings);
                both.flat_map(|(a, b)| Some((a.as_ref()?, b.as_ref()?)))
                    .all(|(a, b)| a.0 != b.0 || a.1 == b.1)
            }),
            Property::always(
                "a motion passes as people would count it",
                |world, state| each(|seen| seen.by_hand, world, state),
            ),
            Property::always("who watches counts for nothing", |world, state| {
                each(|seen| seen.watchers_are_nobody, world, state)
            }),
            Property::always("nothing is sent to who is out", |world, state| {
                each(|seen| seen.gone_is_gone, world, state)
            }),
            Property::always(
                "decisions that exclude each other are shown",
                |world, state| each(|seen| seen.shown, world, state),
            ),
            Property::sometimes("what the story is about happens", |world, state| {
                let [one, other] = world.both(state);
                (world.somewhere)(world, [&one, &other])
            }),
        ]
    }
}

#[test]
fn a_text_passes_for_nobody_who_holds_an_objection_whatever_a_liar_says_to_whom() {
    worlds::text([1, 2]).hold("a text, its author and another");
    worlds::text([2, 3]).hold("a text, two others");
}

#[test]
fn a_liar_who_is_removed_is_sent_nothing_by_whoever_knows() {
    worlds::removal([1, 2]).hold("a removal, its author and another");
    worlds::removal([2, 3]).hold("a removal, two others");
}

#[test]
fn what_rests_on_something_that_falls_falls_with_it() {
    worlds::newcomer([1, 2]).hold("a newcomer");
}

#[test]
fn who_is_suspended_decides_nothing_and_is_sent_nothing() {
    worlds::suspension([1, 2]).hold("a suspension");
}

#[test]
fn two_lists_that_a_liar_makes_are_shown_as_two() {
    worlds::feud([1, 2]).hold("removals of each other");
}
