//! Names of other people on the local socket: whom I show to whom, and what friends call others. A name
//! that is not mine never comes without whose it is.

use serde::{Deserialize, Serialize};

use super::{Contact, Somebody};

/// Result of `name.publish`, `name.unpublish` (what is not shown any more) and `name.list`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// By name, then by who sees it.
    pub shown: Vec<ShownName>,
}

/// Somebody whom I show to a friend.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownName {
    /// My name for them, under which they are shown.
    pub name: String,
    /// My name for the friend who sees it.
    pub to: String,
    /// What I say about them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How long an answer is believed, in days.
    pub days: u8,
}

/// Result of `who`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The friend that the name means.
    pub person: Option<Contact>,
    /// What friends call them, or everybody whom one friend names.
    pub names: Vec<EdgeName>,
    /// Whether the friend was asked.
    pub asking: Asking,
}

/// What a friend of mine calls somebody: their claim.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeName {
    /// The person, as that friend calls them: `"edge":["bob","zoé"]`.
    #[serde(flatten)]
    pub who: Somebody,
    /// What they say about them, in one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When they said so.
    pub told: String,
    /// Until when it is believed.
    pub until: String,
    /// My own name for the same person, if their key is one I know.
    pub known: Option<String>,
}

/// What came of the wish to ask a friend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    /// Nobody was to be asked.
    No,
    /// The question is on its way; the event `names` has this number.
    UnderWay(u32),
    /// The friend answered: this is said by a program that waited for it, never by the node.
    Answered,
    /// The friend is not there.
    Away,
    /// They were asked too often.
    TooOften,
}
