//! Where the trust in a friend's key comes from, as it happened: no level, and nothing that rises by
//! itself. Never sent. PROTOCOL §2 "Trust".

use bincode::{Decode, Encode};

use crate::limits::{INTRODUCERS_MAX, INTRODUCTION_NOTE_BYTES_MAX};

/// As it is stored, too; all of it empty for somebody who came by a code, and nothing since.
#[derive(Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Trust {
    /// When we met in person, minutes since 1970; 0 for never.
    pub met_min: u32,
    /// When all twelve safety words were compared by voice; 0 for never.
    pub compared_min: u32,
    /// Whether an introduction made the edge, and no code that I was given or gave.
    pub by_introduction: bool,
    /// Who introduced them, the first ones.
    pub introduced: Vec<Introduced>,
}

/// A friend's word for who somebody is.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Introduced {
    /// The friend's number; they may have been removed since.
    pub by: u32,
    /// Minutes since 1970.
    pub minute: u32,
    /// What they said of them, as it came; cleaned where it is shown.
    pub said: String,
}

impl Trust {
    /// Remembers one more who introduced them; each counts once. Says whether that was news.
    pub(crate) fn add(&mut self, introduced: Introduced) -> bool {
        let known = self.introduced.iter().any(|it| it.by == introduced.by);
        let news = !known && self.introduced.len() < INTRODUCERS_MAX;
        if news {
            self.introduced.push(introduced);
        }
        news
    }

    /// They have another key, of which a human compared words by voice: what was known of the one
    /// before says nothing of it.
    pub(crate) fn begin_anew(&mut self, minute: u32) {
        *self = Self {
            compared_min: minute,
            ..Self::default()
        };
    }

    /// The same as a backup holds it: who introduced them and when, without what they said.
    pub(crate) fn without_words(mut self) -> Self {
        self.introduced.iter_mut().for_each(|it| it.said.clear());
        self
    }

    /// Whether a node wrote this whose last friend had a number below `friends`.
    pub(crate) fn is_sound(&self, friends: u32) -> bool {
        let sound =
            |it: &Introduced| it.by < friends && it.said.len() <= INTRODUCTION_NOTE_BYTES_MAX;
        self.introduced.len() <= INTRODUCERS_MAX && self.introduced.iter().all(sound)
    }
}
