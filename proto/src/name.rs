//! How somebody shows whom I gave no name: never as a name of mine would. PROTOCOL §6.
//!
//! A bare name is mine, a [`Petname`]. What others chose is a [`Foreign`], and its `Display` is the
//! only way to its letters: each form has a mark that no petname can have. Knows nothing of keys but
//! the two words that a stranger goes by.

use core::fmt;

use crate::identity::Point;
use crate::kdf::{self, label};
use crate::petname::{NameError, Petname, looks_like};
use crate::text::{CleanText, clean_nick};
use crate::words::{Language, words};

/// Somebody who has no name of mine, as they can be called all the same.
#[derive(Clone, PartialEq, Eq)]
pub enum Foreign {
    /// `~"Zoé 75"`: what they call themselves.
    Proposed(Nick),
    /// `bob/zoé`: what a friend of mine calls them.
    Edge {
        /// My name for that friend.
        by: Petname,
        /// The friend's name for them.
        label: Label,
    },
    /// `?lune-tigre`: nobody said how they are called.
    Unknown(Unknown),
}

impl Foreign {
    /// Whoever has this key, by what they call themselves, or by two words if nothing is left of that.
    pub fn of(nick: &str, point: &Point, language: Language) -> Self {
        match Nick::of(nick) {
            Some(nick) => Self::Proposed(nick),
            None => Self::Unknown(Unknown::of(point, language)),
        }
    }

    /// One of my names that this one could be taken for, were its marks not there.
    pub fn look_alike<'a>(
        &self,
        mine: impl IntoIterator<Item = &'a Petname>,
    ) -> Option<&'a Petname> {
        mine.into_iter().find(|petname| match self {
            // A long one of mine is compared as a nick would be cut.
            Self::Proposed(nick) => Nick::of(petname.as_str())
                .is_some_and(|mine| looks_like(mine.as_str(), nick.as_str())),
            Self::Edge { label, .. } => looks_like(petname.as_str(), label.as_str()),
            Self::Unknown(_) => false,
        })
    }

    /// What may stand in the question how I call them: a name there can be, and that nobody of mine
    /// could be taken for.
    pub fn proposal<'a>(&self, mine: impl IntoIterator<Item = &'a Petname>) -> Option<Petname> {
        let said = match self {
            Self::Proposed(nick) => nick.as_str(),
            Self::Edge { label, .. } => label.as_str(),
            Self::Unknown(_) => return None,
        };
        let proposal = Petname::parse(said).ok()?;
        self.look_alike(mine).is_none().then_some(proposal)
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proposed(nick) => nick.fmt(f),
            Self::Edge { by, label } => write!(f, "{}/{}", by.as_str(), label.as_str()),
            Self::Unknown(unknown) => write!(f, "?{}", unknown.as_str()),
        }
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Foreign(..)")
    }
}

/// What somebody calls themselves: cleaned, one line of at most 24 columns.
#[derive(Clone, PartialEq, Eq)]
pub struct Nick(CleanText);

impl Nick {
    /// What is left of it once cleaned; none if that is nothing.
    pub fn of(text: &str) -> Option<Self> {
        clean_nick(text).map(Self)
    }

    /// Without its marks: for programs, which see by its key what it is, and to be compared.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// `~"Zoé 75"`
impl fmt::Display for Nick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "~\"{}\"", self.as_str())
    }
}

impl fmt::Debug for Nick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nick(..)")
    }
}

/// What a friend calls somebody: spelled as a petname is, and none of mine.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label(String);

impl Label {
    /// A label somebody typed, in its one canonical form.
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        Petname::parse(typed).map(|spelled| Self(spelled.as_str().to_owned()))
    }

    /// A label that a peer sent: in its canonical form, or none.
    pub fn received(text: &str) -> Option<Self> {
        Self::parse(text).ok().filter(|label| label.0 == text)
    }

    /// Without its marks: for the wire, for programs, and to be compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name of mine, where I say it to somebody else.
impl From<&Petname> for Label {
    fn from(petname: &Petname) -> Self {
        Self(petname.as_str().to_owned())
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Label(..)")
    }
}

/// Two words that stand for a key. 22 bits: enough to tell strangers on a screen apart, and no proof
/// of anything, since keys with given words are quickly found.
#[derive(Clone, PartialEq, Eq)]
pub struct Unknown(String);

impl Unknown {
    /// `words(D("stranger words", point), 2)`. §6
    pub fn of(point: &Point, language: Language) -> Self {
        let hash: [u8; 3] = kdf::digest(label::STRANGER_WORDS, &[point.as_bytes()]);
        Self(words(&hash, 2, language).join("-"))
    }

    /// Two words that a program of ours wrote.
    pub fn read(text: &str) -> Option<Self> {
        let (first, second) = text.split_once('-')?;
        let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
        (is_word(first) && is_word(second)).then(|| Self(text.to_owned()))
    }

    /// The words, without their mark.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unknown(..)")
    }
}

#[cfg(test)]
mod tests;
