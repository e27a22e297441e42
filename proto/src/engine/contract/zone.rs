//! Names of other people, as they are told to a person: whom I show to whom, and what friends call
//! others. A name that is not mine never stands without whose it is. PROTOCOL §6.

use super::{Contact, Somebody};

/// Somebody whom I show to a friend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownName {
    /// My name for them, under which they are shown.
    pub name: String,
    /// My name for the friend who sees it.
    pub to: String,
    /// What I say about them; empty for nothing.
    pub note: String,
    /// How long an answer is believed, in days.
    pub days: u8,
}

/// What is known of a name.
#[derive(Clone, PartialEq, Eq)]
pub struct Who {
    /// The friend of mine that it means, without safety words; nothing if it is none.
    pub person: Option<Box<Contact>>,
    /// What friends of mine call them: of `friend/name` that friend first. Of `friend/` everybody whom
    /// that friend names.
    pub names: Vec<EdgeName>,
    /// Whether the friend was asked.
    pub asking: Asking,
}

/// What a friend of mine calls somebody: their claim.
#[derive(Clone, PartialEq, Eq)]
pub struct EdgeName {
    /// The person, as that friend calls them: a [`Foreign::Edge`](crate::name::Foreign::Edge).
    pub who: Somebody,
    /// What they say about them, cleaned, in one line; empty for nothing.
    pub note: String,
    /// When they said so, minutes since 1970.
    pub told_min: u32,
    /// Until when it is believed, minutes since 1970.
    pub until_min: u32,
    /// My own name for the same person, if their key is one I know.
    pub known: Option<String>,
}

/// What came of the wish to ask a friend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Nobody was to be asked.
    No,
    /// The question is on its way; [`Event::Names`](super::Event::Names) has this number.
    UnderWay(u32),
    /// The friend is not there.
    Away,
    /// They were asked too often.
    TooOften,
}
