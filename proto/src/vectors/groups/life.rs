//! What was said in a group from its first day on, in every way that it can be decided.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::hex;
use super::said::{head, motion};
use super::{founding, ik, seats};
use crate::group::*;

/// What was said in a group from its first day on, and what came of it.
pub(super) struct Story {
    pub ground: Ground,
    pub held: Held,
    chains: BTreeMap<Ik, (u32, Hash)>,
    pub told: Vec<Value>,
}

impl Story {
    fn say(&mut self, author: u8, body: Body<'_>) -> Hash {
        let (gid, author) = (founding().gid(), ik(author));
        let first = first_head(&gid, &author, 1, Circle::Members);
        let (number, chain) = self.chains.entry(author).or_insert((0, first));
        *number += 1;
        let (number, prev) = (*number, *chain);
        let head = Head {
            incarnation: 1,
            number,
            parents: Vec::new(),
            prev,
            digests: Vec::new(),
            ..head(Circle::Members)
        };
        let said = Counting::of(&body).unwrap();
        let payload = Message::Chained(Box::new(head), body).encode(&[number as u8; 16]);
        let name = name_of(&author, &payload);
        *chain = next_head(&prev, &name);
        self.told.push(
            json!({"author": hex(author), "bytes": hex(&payload[..]), "name": hex(name),
            "chain": hex(*chain)}),
        );
        let counted = Counted {
            author,
            incarnation: 1,
            number,
            said,
        };
        self.held.insert(name, counted);
        name
    }

    fn propose(&mut self, author: u8, what: What) -> Hash {
        let tally = Tally::of(&self.ground, &self.held);
        let motion = Motion {
            base: tally.base,
            rests_on: tally.frontier,
            ..motion(what, "")
        };
        self.say(author, Body::Motion(motion))
    }

    fn position(&mut self, author: u8, motion: Hash, position: Position) {
        let reason = String::new();
        self.say(
            author,
            Body::Say(Say {
                motion,
                position,
                reason,
            }),
        );
    }

    fn yes(&mut self, authors: impl IntoIterator<Item = u8>, motion: Hash) {
        for author in authors {
            self.position(author, motion, Position::Agree);
            self.say(author, Body::Close(motion));
        }
    }

    fn decide(&mut self, authors: &[u8], what: What) -> Hash {
        let motion = self.propose(authors[0], what);
        self.yes(authors.iter().copied(), motion);
        motion
    }
}

pub(super) fn lived() -> Story {
    let mut story = Story {
        ground: Ground::new(seats(), Policy::default()),
        held: Held::new(),
        chains: BTreeMap::new(),
        told: Vec::new(),
    };
    let early = story.propose(3, What::Text { file: [0; 32] });
    story.decide(&[1, 2], What::Add(ik(9)));
    story.decide(&[2, 1], What::Promote(ik(9)));
    let undone = story.decide(&[1, 3], What::Add(ik(8)));
    story.decide(&[1, 2, 3], What::Promote(ik(8)));
    story.yes([9, 2], early);
    story.position(17, undone, Position::Object);
    story.position(9, undone, Position::Object);
    let choices = ["lundi", "mardi", "jamais"].map(String::from);
    let poll = story.propose(
        9,
        What::Poll {
            choices: choices.to_vec(),
        },
    );
    story.position(1, poll, Position::Choice(1));
    story.say(1, Body::Voice(ik(17)));
    story.position(1, poll, Position::Choice(2));
    story.position(17, poll, Position::Choice(0));
    story.position(2, poll, Position::Choice(0));
    let suspend = story.propose(2, What::Suspend(ik(4)));
    story.position(17, suspend, Position::Agree);
    story.position(3, suspend, Position::Agree);
    story.position(4, suspend, Position::Object);
    story.position(9, suspend, Position::Agree);
    let removed = story.decide(&[2, 17, 9], What::Remove(ik(3)));
    story.position(4, removed, Position::Object);
    let back = What::Return {
        seat: ik(4),
        computer: ik(20),
    };
    story.decide(&[2, 9], back);
    let taken_back = story.propose(2, What::Text { file: [1; 32] });
    story.position(2, taken_back, Position::Withdrawn);
    story.propose(3, What::Add(ik(7)));
    story.say(9, Body::Leave);
    story.decide(&[2, 17], What::Add(ik(3)));
    let policy = Policy {
        preset: Preset::Majority,
        ..Policy::default()
    };
    story.decide(&[2, 17], What::Policy(policy));
    let failed = story.propose(2, What::Text { file: [2; 32] });
    story.position(17, failed, Position::Abstain);
    story.say(17, Body::Close(failed));
    story
}
