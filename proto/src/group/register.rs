//! What decides something, as I hold it: motions, positions with their reasons, ends, leaves, voices.
//! How much of one author is held has a bound for each kind of it, and beyond it the first in the chain
//! stay: whoever has the whole chain holds the same, in whatever order it came. Judges nothing: that is
//! the tally's.

use core::mem;
use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::tally::{Counted, Counting, Held};
use super::{Body, Hash, Head, Ik, Motion, Position};
use crate::limits::{
    CLOSES_PER_AUTHOR_MAX, LEAVES_PER_AUTHOR_MAX, MOTIONS_PER_AUTHOR_MAX, SAYS_MAX,
    SAYS_PER_AUTHOR_MAX, VOICES_PER_AUTHOR_MAX,
};

/// What is kept of one beside what counts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Beside {
    /// Its author's reason, if it is a position. Not clean.
    pub reason: String,
    /// My age when it came.
    pub since: u32,
}

/// One of them, as it is stored.
pub(crate) type Entry = (Hash, Counted, Beside);

/// All of them.
#[derive(Default)]
pub(crate) struct Register {
    held: Held,
    beside: BTreeMap<Hash, (u32, Beside)>,
    /// In the order of each author's chain.
    places: BTreeSet<(Ik, u16, u32, Hash)>,
    next_no: u32,
    changed: BTreeSet<u32>,
}

/// What became of something that was to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Added {
    /// Whether it is held.
    pub held: bool,
    /// Whether something later of its author's is held no more for it.
    pub pushed_out: bool,
}

/// What counts of a message; nothing for a text or a report.
pub(crate) fn counting(body: &Body<'_>) -> Option<(Counting, String)> {
    let reason = match body {
        Body::Say(say) => say.reason.clone(),
        _ => String::new(),
    };
    Some((Counting::of(body)?, reason))
}

/// How much of this kind is held of one author.
fn held_at_most(said: &Counting) -> usize {
    match said {
        Counting::Motion(_) => MOTIONS_PER_AUTHOR_MAX,
        Counting::Say { .. } => SAYS_PER_AUTHOR_MAX,
        Counting::Close(_) if planted!(ClosesFew) => SAYS_PER_AUTHOR_MAX,
        Counting::Close(_) => CLOSES_PER_AUTHOR_MAX,
        Counting::Voice(_) => VOICES_PER_AUTHOR_MAX,
        Counting::Leave => LEAVES_PER_AUTHOR_MAX,
    }
}

/// The motion that something is about; of a motion none.
pub(crate) fn about(said: &Counting) -> Option<Hash> {
    match said {
        Counting::Say { motion, .. } | Counting::Close(motion) => Some(*motion),
        Counting::Motion(_) | Counting::Leave | Counting::Voice(_) => None,
    }
}

impl Register {
    /// As it was stored.
    pub(crate) fn restore(entries: BTreeMap<u32, Entry>) -> Self {
        let mut register = Self::default();
        for (no, (name, counted, beside)) in entries {
            register.next_no = no.saturating_add(1);
            register.put(no, name, counted, beside);
        }
        register
    }

    fn put(&mut self, no: u32, name: Hash, counted: Counted, beside: Beside) {
        let place = (counted.author, counted.incarnation, counted.number, name);
        self.places.insert(place);
        self.beside.insert(name, (no, beside));
        self.held.insert(name, counted);
    }

    /// The numbers of what counts, in one life of an author's.
    pub(crate) fn numbers_of(&self, author: &Ik, incarnation: u16) -> impl Iterator<Item = u32> {
        let from = (*author, incarnation, 0, [0; 16]);
        let to = (*author, incarnation, u32::MAX, [u8::MAX; 16]);
        self.places
            .range(from..=to)
            .map(|(_, _, number, _)| *number)
    }

    /// All that counts, as the tally reads it.
    pub(crate) fn held(&self) -> &Held {
        &self.held
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Hash, &Counted, &Beside)> {
        let both = self.held.iter().zip(self.beside.values());
        both.map(|((name, counted), (_, beside))| (name, counted, beside))
    }

    /// My age when something came.
    pub(crate) fn since(&self, name: &Hash) -> Option<u32> {
        self.beside.get(name).map(|(_, beside)| beside.since)
    }

    /// What an author said, in their order.
    pub(crate) fn of(&self, author: &Ik) -> impl Iterator<Item = (&Hash, &Counted)> {
        let first = (*author, 0, 0, Hash::default());
        let last = (*author, u16::MAX, u32::MAX, [u8::MAX; 16]);
        let places = self.places.range(first..=last);
        places.filter_map(|(_, _, _, name)| self.held.get_key_value(name))
    }

    /// The motion with this name, and who proposed it.
    pub(crate) fn motion(&self, name: &Hash) -> Option<(&Ik, &Motion)> {
        let counted = self.held.get(name)?;
        match &counted.said {
            Counting::Motion(motion) => Some((&counted.author, motion)),
            _ => None,
        }
    }

    pub(crate) fn motions(&self) -> impl Iterator<Item = (&Hash, &Ik, &Motion)> {
        let named = |name| {
            self.motion(name)
                .map(|(author, motion)| (name, author, motion))
        };
        self.held.keys().filter_map(named)
    }

    /// What an author said of a motion, with the reasons, in their order.
    pub(crate) fn says(&self, author: &Ik, motion: &Hash) -> Vec<(Position, &str)> {
        let of = self
            .of(author)
            .filter_map(|(name, counted)| match counted.said {
                Counting::Say { motion, position } => Some((name, motion, position)),
                _ => None,
            });
        let of = of.filter(|(_, about, _)| about == motion);
        let reason = |name| {
            self.beside
                .get(name)
                .map_or("", |(_, it)| it.reason.as_str())
        };
        of.map(|(name, _, position)| (position, reason(name)))
            .collect()
    }

    /// Holds one, if it is among the first of its author's.
    pub(crate) fn add(
        &mut self,
        author: Ik,
        head: &Head,
        name: Hash,
        said: Counting,
        beside: Beside,
    ) -> Added {
        if self.held.contains_key(&name) {
            // Its chain was forgotten, and it came again.
            return Added {
                held: false,
                pushed_out: false,
            };
        }
        let counted = Counted {
            author,
            incarnation: head.incarnation,
            number: head.number,
            said: said.clone(),
        };
        let no = self.next_no;
        self.next_no = no.saturating_add(1);
        self.changed.insert(no);
        self.put(no, name, counted, beside);
        let before = self.held.len();
        if !planted!(MotionsUnbounded) {
            self.bound(&author, &said);
        }
        let held = self.held.contains_key(&name);
        let pushed_out = held && self.held.len() < before;
        Added { held, pushed_out }
    }

    /// What is over the bound on one motion goes before all is counted, or what was to go would push out
    /// what was to stay.
    fn bound(&mut self, author: &Ik, said: &Counting) {
        if let Counting::Say { motion: about, .. } = said {
            let same =
                |it: &Counting| matches!(it, Counting::Say { motion, .. } if motion == about);
            self.keep_first(author, SAYS_MAX, same);
        }
        let kind = mem::discriminant(said);
        let of_kind = |it: &Counting| mem::discriminant(it) == kind;
        self.keep_first(author, held_at_most(said), of_kind);
    }

    fn keep_first(&mut self, author: &Ik, most: usize, which: impl Fn(&Counting) -> bool) {
        let those = self.of(author).filter(|(_, counted)| which(&counted.said));
        let over: Vec<Hash> = those.skip(most).map(|(name, _)| *name).collect();
        over.iter().for_each(|name| self.remove(name));
    }

    pub(crate) fn remove(&mut self, name: &Hash) {
        let (Some(counted), Some((no, _))) = (self.held.remove(name), self.beside.remove(name))
        else {
            return;
        };
        let place = (counted.author, counted.incarnation, counted.number, *name);
        self.places.remove(&place);
        self.changed.insert(no);
    }

    /// Whose record has this number.
    pub(crate) fn by_no(&self, no: u32) -> Option<Entry> {
        let (name, (_, beside)) = self.beside.iter().find(|(_, (it, _))| *it == no)?;
        let counted = self.held.get(name)?;
        Some((*name, counted.clone(), beside.clone()))
    }

    #[cfg(test)]
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.beside.values().map(|(no, _)| *no)
    }

    /// The records that changed since this was last asked.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<u32> {
        mem::take(&mut self.changed)
    }
}
