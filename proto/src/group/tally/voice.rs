//! A seat's last word on a motion. Only its voice speaks for it: the computer with which it came in, then
//! the one that this one handed over to, and so on. What was said before a hand-over stands, as the
//! words of one person; what the old voice says after it is nothing.

use core::ops::Bound;
use std::collections::BTreeMap;

use super::held::Place;
use super::{Counting, Held};
use crate::group::{Hash, Ik, Position, Seat, What};

/// What was said of one motion by one computer.
#[derive(Clone, Copy)]
enum Word {
    Position(Position),
    Close,
}

/// Everything that was said, by whom, in the order of each chain.
pub(super) struct Voices {
    words: BTreeMap<(Hash, Ik), BTreeMap<Place, Word>>,
    hand_overs: BTreeMap<Ik, BTreeMap<Place, Ik>>,
}

impl Voices {
    /// Without what was said of motions: enough to know who speaks for whom.
    pub(super) fn of_hand_overs(held: &Held) -> Self {
        let mut hand_overs: BTreeMap<Ik, BTreeMap<Place, Ik>> = BTreeMap::new();
        for (name, counted) in held {
            if let Counting::Voice(to) = &counted.said {
                let of = hand_overs.entry(counted.author).or_default();
                of.insert(counted.place(name), *to);
            }
        }
        let words = BTreeMap::new();
        Self { words, hand_overs }
    }

    pub(super) fn of(held: &Held) -> Self {
        let mut voices = Self::of_hand_overs(held);
        for (name, counted) in held {
            let (place, author) = (counted.place(name), counted.author);
            let (motion, word) = match &counted.said {
                // Who proposes something wants it.
                Counting::Motion(_) => (name, Word::Position(Position::Agree)),
                Counting::Say { motion, position } => (motion, Word::Position(*position)),
                Counting::Close(motion) => (motion, Word::Close),
                Counting::Leave | Counting::Voice(_) => continue,
            };
            let words = voices.words.entry((*motion, author)).or_default();
            words.insert(place, word);
        }
        voices
    }

    /// What a seat said last of a motion, and whether nothing after it counts.
    pub(super) fn last_word(
        &self,
        motion: &Hash,
        what: &What,
        seat: &Seat,
    ) -> (Option<Position>, bool) {
        let mut last = None;
        for (voice, from, until) in self.turns(seat) {
            let Some(words) = self.words.get(&(*motion, voice)) else {
                continue;
            };
            for (_, word) in between(words, from, until) {
                match word {
                    Word::Close if !planted!(LateSayCounted) => return (last, true),
                    Word::Position(position) if fits(what, *position) => {
                        last = Some(*position);
                        if at_once(what) && *position != Position::Ask {
                            return (last, true);
                        }
                    }
                    _ => {}
                }
            }
        }
        (last, planted!(LateSayCounted) && last.is_some())
    }

    /// The voices of a seat, one after the other, each with the part of its chain in which it was.
    fn turns(&self, seat: &Seat) -> Vec<(Ik, Option<Place>, Option<Place>)> {
        if planted!(VoiceUnchecked) {
            return seat.computers.iter().map(|it| (*it, None, None)).collect();
        }
        let mut turns = Vec::new();
        let mut passed: BTreeMap<Ik, Place> = BTreeMap::new();
        let mut voice = seat.voice;
        // Each round uses up a hand-over, and looks at none twice.
        loop {
            let from = passed.get(&voice).copied();
            let hand_overs = self.hand_overs.get(&voice);
            let mut behind = hand_overs
                .into_iter()
                .flat_map(|it| between(it, from, None));
            let next = behind.find(|(_, to)| **to != voice && seat.computers.contains(to));
            turns.push((voice, from, next.map(|(place, _)| *place)));
            let Some((place, to)) = next else {
                return turns;
            };
            passed.insert(voice, *place);
            voice = *to;
        }
    }

    /// Who speaks for a seat now.
    pub(super) fn voice_now(&self, seat: &Seat) -> Ik {
        let turns = self.turns(seat);
        turns.last().map_or(seat.voice, |(voice, _, _)| *voice)
    }

    /// Whether the author of a motion took it back, before it was their last word.
    pub(super) fn withdrawn(&self, motion: &Hash, author: &Ik, what: &What) -> bool {
        let words = self.words.get(&(*motion, *author)).into_iter().flatten();
        let open = words.map(|(_, word)| *word);
        let mut open = open.take_while(|word| !matches!(word, Word::Close));
        !at_once(what) && open.any(|word| matches!(word, Word::Position(Position::Withdrawn)))
    }
}

/// What somebody said behind a place of their chain, and before another.
fn between<T>(
    said: &BTreeMap<Place, T>,
    from: Option<Place>,
    until: Option<Place>,
) -> impl Iterator<Item = (&Place, &T)> {
    let from = from.map_or(Bound::Unbounded, Bound::Excluded);
    let behind = said.range((from, Bound::Unbounded));
    behind.take_while(move |(place, _)| until.is_none_or(|until| **place < until))
}

/// Of these a position is its own close.
fn at_once(what: &What) -> bool {
    matches!(what, What::Suspend(_) | What::Lift(_))
}

/// Whether it can be said of such a motion. That a motion is taken back counts elsewhere.
fn fits(what: &What, position: Position) -> bool {
    match (what, position) {
        (_, Position::Ask | Position::Abstain) => true,
        (What::Poll { choices }, Position::Choice(choice)) => usize::from(choice) < choices.len(),
        (What::Poll { .. }, _) => false,
        (_, Position::Agree | Position::Object) => true,
        (_, Position::Choice(_) | Position::Withdrawn) => false,
    }
}
