//! One computer of the world: a machine, its disk, and what its person saw. What a step changes is on
//! the disk before anything of it leaves; a crash forgets what is not.

use std::collections::BTreeMap;

use super::chance::Chance;
use crate::group::digests::Disagreement;
use crate::group::machine::{Group, News, No, Out, OutWhat, Part, Word};
use crate::group::{Circle, Genesis, Hash, Ik, When};
use crate::secret::Said;

/// Where in its author's chain a message stands.
pub(super) type At = (Circle, u16, u32);

/// A message as its author keeps it, to send it again.
#[derive(Clone)]
pub(super) struct Kept {
    pub to: Vec<Ik>,
    pub payload: Vec<u8>,
}

/// A message that a person saw, or will.
#[derive(Clone)]
pub(super) struct Seen {
    pub author: Ik,
    pub name: Hash,
    pub came: u32,
    pub shown: Option<u32>,
    /// Whether it was shown without what it follows.
    pub gap: bool,
}

/// What is on a disk.
#[derive(Clone, Default)]
pub(super) struct Disk {
    pub parts: BTreeMap<Part, Said>,
    pub kept: BTreeMap<At, Kept>,
    pub seen: Vec<Seen>,
}

pub(super) struct Node {
    pub me: Ik,
    pub group: Option<Group>,
    pub disk: Disk,
    /// What of that is not on the disk yet.
    pub kept: BTreeMap<At, Kept>,
    unwritten: Vec<At>,
    pub seen: Vec<Seen>,
    pub disagreements: Vec<Disagreement>,
    /// Nobody's node: it says what the world's liar wants.
    pub lies: bool,
    pub down_until: u32,
    /// This node's age when the world began.
    pub older: u32,
}

/// What leaves a node once it is committed.
#[derive(Default)]
pub(super) struct Step {
    pub outs: Vec<Out>,
    pub news: Vec<News>,
}

impl Node {
    pub(super) fn new(me: Ik, older: u32) -> Self {
        Self {
            me,
            group: None,
            disk: Disk::default(),
            kept: BTreeMap::new(),
            unwritten: Vec::new(),
            seen: Vec::new(),
            disagreements: Vec::new(),
            lies: false,
            down_until: 0,
            older,
        }
    }

    pub(super) fn when(&self, minute: u32) -> When {
        When {
            age: self.older + minute,
            minute: 29_500_000 + minute,
        }
    }

    /// The group, of a node that has one.
    pub(super) fn group(&self) -> &Group {
        self.group.as_ref().expect("no group here")
    }

    pub(super) fn is_in(&self) -> bool {
        let group = self.group.as_ref();
        group.is_some_and(|group| group.joined() && group.mine().is_some())
    }

    pub(super) fn begin(&mut self, genesis: Genesis, minute: u32) {
        let when = self.when(minute);
        self.group = Group::new(self.me, genesis, when).ok();
        self.group.as_mut().expect("a genesis").join(when);
    }

    pub(super) fn say(
        &mut self,
        word: Word<'_>,
        minute: u32,
        chance: &mut Chance,
    ) -> Result<Step, No> {
        let (when, mid) = (self.when(minute), chance.hash());
        let group = self.group.as_mut().ok_or(No::NotJoined)?;
        let (out, news) = group.say(word, mid, when, &mut chance.entropy())?;
        let step = Step {
            outs: vec![out],
            news,
        };
        self.note(&step, minute);
        Ok(step)
    }

    pub(super) fn take(&mut self, from: Ik, payload: &[u8], minute: u32) -> Option<Step> {
        let when = self.when(minute);
        let news = self.group.as_mut()?.take(from, payload, when).ok()?;
        let step = Step {
            outs: Vec::new(),
            news,
        };
        self.note(&step, minute);
        Some(step)
    }

    pub(super) fn tick(&mut self, minute: u32, chance: &mut Chance) -> Step {
        let when = self.when(minute);
        let Some(group) = self.group.as_mut() else {
            return Step::default();
        };
        let (outs, news) = group.tick(when, &mut chance.entropy());
        let step = Step { outs, news };
        self.note(&step, minute);
        step
    }

    fn note(&mut self, step: &Step, minute: u32) {
        for out in &step.outs {
            if let OutWhat::Chain {
                circle,
                incarnation,
                number,
            } = out.what
            {
                let kept = Kept {
                    to: out.to.clone(),
                    payload: out.payload.to_vec(),
                };
                let at = (circle, incarnation, number);
                self.kept.insert(at, kept);
                self.unwritten.push(at);
            }
        }
        let mut gap = false;
        for news in &step.news {
            match news {
                News::Text(text) => self.saw(text.author, text.name, minute, Some(minute)),
                News::Held(text) => self.saw(text.author, text.name, minute, None),
                News::Gap(_) => gap = true,
                News::Due { name, .. } => {
                    let mut seen = self.seen.iter_mut().rev();
                    let seen = seen.find(|seen| seen.name == *name && seen.shown.is_none());
                    let seen = seen.expect("what is due came before, and is due once");
                    (seen.shown, seen.gap) = (Some(minute), gap);
                    let (name, author) = (seen.name, seen.author);
                    // What the person reads next stands last.
                    let at = self
                        .seen
                        .iter()
                        .position(|it| it.name == name && it.author == author);
                    let seen = self.seen.remove(at.expect("it is there"));
                    self.seen.push(seen);
                }
                News::Disagreement(found) => self.disagreements.push(*found),
                _ => {}
            }
        }
    }

    fn saw(&mut self, author: Ik, name: Hash, came: u32, shown: Option<u32>) {
        self.seen.push(Seen {
            author,
            name,
            came,
            shown,
            gap: false,
        });
    }

    /// All that changed is on the disk.
    pub(super) fn commit(&mut self) {
        let Some(group) = self.group.as_mut() else {
            return;
        };
        for part in group.changed() {
            match group.record(part) {
                Some(body) => drop(self.disk.parts.insert(part, body)),
                None => drop(self.disk.parts.remove(&part)),
            }
        }
        for at in self.unwritten.drain(..) {
            self.disk.kept.insert(at, self.kept[&at].clone());
        }
        self.disk.seen = self.seen.clone();
    }

    /// The node is as its disk is.
    pub(super) fn crash(&mut self) {
        self.kept = self.disk.kept.clone();
        self.unwritten.clear();
        self.seen = self.disk.seen.clone();
        let parts = self.disk.parts.clone();
        let empty = parts.is_empty();
        let group = Group::restore(parts).ok().filter(|_| !empty);
        assert!(empty || group.is_some(), "a node's own records are bad");
        self.group = group;
    }

    /// Whether what is on the disk is all that the machine is.
    pub(super) fn check_disk(&self) {
        let Some(group) = &self.group else {
            return;
        };
        let live = group.parts().into_iter();
        let live: BTreeMap<Part, Said> = live
            .filter_map(|it| Some((it, group.record(it)?)))
            .collect();
        let stored = &self.disk.parts;
        let differ = live
            .iter()
            .find(|(part, body)| stored.get(part) != Some(body));
        assert!(
            differ.is_none(),
            "not stored as it is: {:?}",
            differ.map(|it| it.0)
        );
        let over = stored.keys().find(|part| !live.contains_key(part));
        assert!(over.is_none(), "stored and gone: {over:?}");
        let again = Group::restore(stored.clone()).expect("a node's own records");
        let differs = stored
            .keys()
            .find(|part| again.record(**part).as_ref() != stored.get(part));
        assert!(differs.is_none(), "not restored as it was: {differs:?}");
        assert_eq!(again.tally(), group.tally(), "another tally after a start");
    }
}
