//! Friends on the local socket: who they are called, where the trust in them comes from, and how long
//! both keep what they say.

use serde::{Deserialize, Serialize};

use super::{Language, Nick, Outlook};

/// Result of `contact.list`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// All of them.
    pub contacts: Vec<Contact>,
}

/// A friend, or somebody about to be one. Result of `contact.show`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// My name for them.
    pub petname: String,
    /// What they call themselves.
    pub nick: Option<Nick>,
    /// My name for somebody else that this could be taken for; only in `contact.show`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nick_looks_like: Option<String>,
    /// How we became friends.
    pub state: How,
    /// Whether the link is up.
    pub online: bool,
    /// Whether it carries no messages, because one side's disk went back in time.
    pub stopped: bool,
    /// Whether their address takes connections and nobody answers there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
    /// Whether somebody in a group of mine says that a machine of theirs is in other hands.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reported: bool,
    /// Four words to compare by voice, if a session waits for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_words: Vec<String>,
    /// When it was last up.
    pub last_seen: Option<String>,
    /// When we became friends.
    pub since: String,
    /// When the invitation ends by which they are about to become one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Messages of theirs not acknowledged here.
    pub unread: u32,
    /// Messages of mine not acknowledged there.
    pub outbox: u32,
    /// Whether their node says that it has no room for messages now.
    pub full: bool,
    /// How long I keep what we say, in minutes; 0 for not at all.
    pub keep_min: u32,
    /// How long both of us keep it.
    pub timer: Timer,
    /// Whether I am a stranger to them: nothing is answered, taken or sent.
    #[serde(default)]
    pub blocked: bool,
    /// Whether what they say arrives unannounced.
    #[serde(default)]
    pub muted: bool,
    /// What I noted about them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When we met in person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<String>,
    /// When all twelve words were compared by voice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<String>,
    /// Who introduced them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub introduced_by: Vec<Introducer>,
    /// How things are with the computer that is used, or tried; none before they are a friend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
    /// Their computers; what I say goes to all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub computers: Vec<Computer>,
    /// Twelve words both can compare; only in `contact.show`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub safety_words: Vec<String>,
    /// The list these are from.
    #[serde(default)]
    pub language: Language,
    /// Whether I am the one of us two who reads them aloud, and they the one who picks what they hear.
    #[serde(default)]
    pub reads: bool,
}

/// One computer of a friend.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computer {
    /// How it became one.
    pub state: How,
    /// Whether its link is up.
    pub online: bool,
    /// When it was last up.
    pub last_seen: Option<String>,
    /// When it became one.
    pub since: String,
    /// When it was met in person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<String>,
    /// When all twelve words were compared by voice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<String>,
    /// Who introduced it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub introduced_by: Vec<Introducer>,
    /// Twelve words both can compare; only in `contact.show`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub safety_words: Vec<String>,
}

/// Who introduced a friend.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introducer {
    /// My name for them; nothing if they are no friend any more.
    pub petname: Option<String>,
    /// When.
    pub time: String,
    /// What they said of the friend, as it came: not clean.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}

/// How long both sides keep what they say, in minutes; 0 for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// What I said.
    pub mine_min: u32,
    /// What they said.
    pub theirs_min: u32,
    /// What both said last: this holds.
    pub agreed_min: u32,
}

/// Where the trust in a friend comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// I gave an invitation that nobody has used yet.
    Invited,
    /// I took an invitation and wait for the other computer.
    Joining,
    /// We met in person.
    Met,
    /// We compared all twelve words by voice, and have not met.
    Compared,
    /// A friend introduced us; we have not met.
    Introduced,
    /// An invitation was used; we have not met.
    Code,
    /// The same, and a second person used it too.
    Copied,
    /// To be checked again: a session waits until its words were compared by voice.
    Recheck,
    /// They say that they have a new identity, which counts for nothing until its words were compared
    /// by voice.
    NewIdentity,
    /// I have a new identity that they have not confirmed.
    Announced,
    /// Somebody knocks under a former identity: from an older backup, theirs or a copy.
    Former,
}

/// Result of `identity.new`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// How many friends have to confirm.
    pub friends: u32,
}

/// Result of `contact.rm`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Messages of mine that had not arrived and are gone now.
    pub outbox: u32,
    /// Messages of theirs that I had not read and are gone now.
    pub unread: u32,
}
