//! The stories: what can be said in each, by whom, and when it passes.

use super::*;

use Position::{Agree, Object};

const TEXT: What = What::Text { file: [0; 32] };

fn takes(of: &[u8], yes: usize) -> Takes {
    Takes {
        motion: 0,
        rests_on: Vec::new(),
        of: of.to_vec(),
        yes,
        blocks: false,
        at_once: false,
        sponsor: false,
    }
}

impl World {
    /// Three with a computer each, the liar with two, and the spectator.
    fn new(ears: [u8; 2]) -> Self {
        let mut seats: Vec<Seat> = (1..=4).map(|n| Seat::of(Role::Member, ik(n))).collect();
        seats[3].computers.push(ik(40));
        seats.push(Seat::of(Role::Spectator, ik(5)));
        Self {
            room: Room::seated(seats, Policy::default()),
            words: Vec::new(),
            takes: Vec::new(),
            ears,
            gone: None,
            watched: Vec::new(),
            shown: |_, _, _| true,
            somewhere: |_, _| true,
            seen: Mutex::default(),
            #[cfg(feature = "planted")]
            bug: None,
        }
    }

    /// A word that can be said once these are held; where it can be said already it needs less.
    fn word(&mut self, author: u8, number: u32, said: Counting, needs: Words) -> usize {
        let name = self.room.clone().hear_at(author, number, said.clone());
        if let Some(at) = self.words.iter().position(|word| word.name == name) {
            self.words[at].needs &= needs;
            return at;
        }
        self.words.push(Word {
            author,
            number,
            name,
            said,
            needs,
        });
        self.words.len() - 1
    }

    /// A motion that can be made where these are held.
    fn motion(&mut self, author: u8, number: u32, what: What, on: Words, takes: Takes) -> usize {
        let tally = self.held(on).tally();
        let motion = Motion {
            base: tally.base,
            rests_on: tally.frontier,
            what,
            hours: 0,
            text: String::new(),
        };
        let motion = self.word(author, number, Counting::Motion(motion), 0);
        self.takes.push(Takes { motion, ..takes });
        motion
    }

    fn position(&mut self, author: u8, number: u32, motion: usize, position: Position) -> usize {
        let name = self.words[motion].name;
        let said = Counting::Say {
            motion: name,
            position,
        };
        self.word(author, number, said, bit(motion))
    }

    fn close(&mut self, author: u8, number: u32, motion: usize) -> usize {
        let said = Counting::Close(self.words[motion].name);
        self.word(author, number, said, bit(motion))
    }

    /// One after the other, and then their last word.
    fn way(&mut self, author: u8, first: u32, motion: usize, positions: &[Position]) -> Words {
        let numbers = first..;
        let mut all = 0;
        for (number, position) in numbers.zip(positions) {
            all |= bit(self.position(author, number, motion, *position));
        }
        let last = first + positions.len() as u32;
        all | bit(self.close(author, last, motion))
    }

    /// What the spectator tries: for it, against it, and to come in by themselves.
    fn watch(&mut self, motion: usize) {
        let motion = self.words[motion].name;
        let say = |position| Counting::Say { motion, position };
        let own = Motion {
            base: self.room.tally().base,
            rests_on: Vec::new(),
            what: What::Promote(ik(5)),
            hours: 0,
            text: String::new(),
        };
        let close = Counting::Close(motion);
        self.watched = vec![
            vec![say(Agree), close.clone()],
            vec![say(Object), close, Counting::Motion(own)],
        ];
    }

    fn outcome(&self, seen: &Seen, motion: usize) -> Option<Outcome> {
        let standing = seen.tally.results.get(&self.words[motion].name);
        standing.map(|standing| standing.outcome)
    }

    fn has_both(&self, seen: [&Seen; 2], motion: usize, outcomes: [Outcome; 2]) -> bool {
        let [one, other] = seen.map(|it| self.outcome(it, motion));
        let [first, second] = outcomes.map(Some);
        (one, other) == (first, second) || (one, other) == (second, first)
    }
}

/// The first proposes a text; the second may change their mind.
pub(super) fn text(ears: [u8; 2]) -> World {
    let mut world = World::new(ears);
    let blocks = Takes {
        blocks: true,
        ..takes(&[1, 2, 3, 4], 2)
    };
    let text = world.motion(1, 1, TEXT, 0, blocks);
    world.close(1, 2, text);
    world.way(2, 1, text, &[Agree]);
    world.way(2, 1, text, &[Object, Agree]);
    world.way(3, 1, text, &[Agree]);
    for position in [Agree, Object] {
        world.position(4, 1, text, position);
    }
    world.close(4, 2, text);
    world.position(4, 3, text, Object);
    world.position(40, 1, text, Object);
    world.watch(text);
    world.somewhere = |world, seen| world.has_both(seen, 0, [Outcome::Passed, Outcome::Blocked]);
    world
}

/// The first proposes that the liar goes.
pub(super) fn removal(ears: [u8; 2]) -> World {
    let mut world = World::new(ears);
    let remove = world.motion(1, 1, What::Remove(ik(4)), 0, takes(&[1, 2, 3], 2));
    world.close(1, 2, remove);
    world.way(2, 1, remove, &[Agree]);
    world.way(2, 1, remove, &[Object, Agree]);
    world.way(3, 1, remove, &[Agree]);
    for position in [Agree, Object] {
        world.position(4, 1, remove, position);
    }
    world.close(4, 2, remove);
    world.position(40, 1, remove, Agree);
    world.watch(remove);
    world.gone = Some((remove, 4));
    world.somewhere = |world, [one, other]| {
        world.outcome(one, 0) == Some(Outcome::Passed) && other.standings[0].is_some()
    };
    world
}

/// The first proposes somebody, and once that passed the second that they become a member. The liar objects
/// to the one or to the other.
pub(super) fn newcomer(ears: [u8; 2]) -> World {
    let mut world = World::new(ears);
    let add = world.motion(
        1,
        1,
        What::Add(ik(9)),
        0,
        Takes {
            blocks: true,
            sponsor: true,
            ..takes(&[1, 2, 3, 4], 2)
        },
    );
    let closed = world.close(1, 2, add);
    let agreed = world.way(2, 1, add, &[Agree]);
    let promote = world.motion(
        2,
        3,
        What::Promote(ik(9)),
        bit(add) | bit(closed) | agreed,
        Takes {
            rests_on: vec![add],
            blocks: true,
            ..takes(&[1, 2, 3, 4], 2)
        },
    );
    world.close(2, 4, promote);
    world.way(3, 1, promote, &[Agree]);
    for position in [Agree, Object] {
        world.position(4, 1, add, position);
    }
    world.close(4, 2, add);
    world.position(4, 3, promote, Object);
    world.watch(promote);
    world.somewhere = |world, seen| {
        let promote = world.takes[1].motion;
        world.has_both(seen, promote, [Outcome::Passed, Outcome::Unfounded])
    };
    world
}

/// All three suspend the liar, who decides about a text afterwards all the same.
pub(super) fn suspension(ears: [u8; 2]) -> World {
    let mut world = World::new(ears);
    let at_once = Takes {
        at_once: true,
        ..takes(&[1, 2, 3], 3)
    };
    let suspend = world.motion(1, 1, What::Suspend(ik(4)), 0, at_once);
    let second = world.position(2, 1, suspend, Agree);
    world.position(2, 1, suspend, Object);
    let third = world.position(3, 1, suspend, Agree);
    let on = bits(&[suspend, second, third]);
    let text = Takes {
        rests_on: vec![suspend],
        blocks: true,
        ..takes(&[1, 2, 3], 2)
    };
    let text = world.motion(2, 2, TEXT, on, text);
    world.close(2, 3, text);
    world.way(1, 2, text, &[Agree]);
    world.way(3, 2, text, &[Agree]);
    world.position(4, 1, suspend, Object);
    for position in [Agree, Object] {
        world.position(4, 2, text, position);
    }
    world.close(4, 3, text);
    world.watch(text);
    world.gone = Some((suspend, 4));
    world.somewhere = |world, [one, other]| {
        let text = world.takes[1].motion;
        [one, other].map(|it| world.outcome(it, text)) == [Some(Outcome::Passed); 2]
    };
    world
}

/// The first wants the liar out; the liar wants the second out, or the third, as they please whom they
/// tell it.
pub(super) fn feud(ears: [u8; 2]) -> World {
    let mut world = World::new(ears);
    let liar = world.motion(1, 1, What::Remove(ik(4)), 0, takes(&[1, 2, 3], 2));
    let second = world.motion(4, 1, What::Remove(ik(2)), 0, takes(&[1, 3, 4], 2));
    let third = world.motion(4, 1, What::Remove(ik(3)), 0, takes(&[1, 2, 4], 2));
    world.close(1, 2, liar);
    world.way(2, 1, liar, &[Agree]);
    world.way(3, 1, second, &[Agree]);
    world.way(1, 3, third, &[Agree]);
    world.close(4, 2, second);
    world.close(4, 2, third);
    world.watch(liar);
    world.gone = Some((liar, 4));
    world.shown = |world, words, tally| {
        let [liar, second, _] = &world.takes[..] else {
            return false;
        };
        let both = world.passes(words, liar) && world.passes(words, second);
        let wanted = world.last(words, 2, liar).0 == Some(Agree);
        !(both && wanted && tally.conflicts.is_empty())
    };
    world.somewhere = |_, [one, _]| !one.tally.conflicts.is_empty();
    world
}
