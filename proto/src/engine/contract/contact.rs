//! A friend as a person sees one: names, words to compare, whether and since when. Never a key, and of
//! addresses only how many.

use super::{Language, Outlook};
use crate::name::{Foreign, Nick};

/// Somebody who has no name of mine.
#[derive(Clone, PartialEq, Eq)]
pub struct Somebody {
    /// As they can be called all the same.
    pub called: Foreign,
    /// My name for somebody else that they could be taken for; whoever shows them says so.
    pub looks_like: Option<String>,
}

/// A friend, or somebody who is about to be one.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// My name for them.
    pub petname: String,
    /// What they call themselves.
    pub nick: Option<Nick>,
    /// My name for somebody else that this could be taken for; only
    /// [`Answer::Contact`](super::Answer::Contact) finds out.
    pub nick_looks_like: Option<String>,
    /// How we became friends; of several computers the one that needs me most, or that I know least.
    pub how: How,
    /// Whether the link to one of their computers is up now.
    pub online: bool,
    /// Whether it carries no messages, because one side's disk went back in time.
    pub stopped: bool,
    /// Whether their address takes connections and nobody answers there.
    pub silent: bool,
    /// Whether somebody in a group of mine says that a machine of theirs is in other hands.
    pub reported: bool,
    /// Four words to compare by voice, if a session waits for that here, or at the other side since I
    /// came back from a backup; else those of a new identity that waits, theirs or mine, which only
    /// [`Answer::Contact`](super::Answer::Contact) finds out; otherwise none.
    pub session_words: Vec<&'static str>,
    /// When the link was last up, minutes since 1970; 0 for never.
    pub last_seen_min: u32,
    /// When the edge was made, minutes since 1970.
    pub since_min: u32,
    /// When the invitation ends by which they are about to become a friend, minutes since 1970; 0 for
    /// none.
    pub expires_min: u32,
    /// Messages of theirs I have not acknowledged.
    pub unread: u32,
    /// Messages of mine they have not acknowledged.
    pub outbox: u32,
    /// Whether their node says that it has no room for messages now.
    pub full: bool,
    /// How long I keep what we say, in minutes; 0 for not at all.
    pub keep_min: u32,
    /// How long we agreed to keep it.
    pub timer: Timer,
    /// Whether I am a stranger to them: nothing is answered, taken or sent.
    pub blocked: bool,
    /// Whether what they say arrives unannounced.
    pub muted: bool,
    /// What I noted about them; empty for nothing.
    pub note: String,
    /// When we met in person, minutes since 1970; 0 for never.
    pub met_min: u32,
    /// When all twelve words were compared by voice, minutes since 1970; 0 for never.
    pub compared_min: u32,
    /// Who introduced them.
    pub introduced_by: Vec<Introducer>,
    /// Twelve words that both can compare; only in [`Answer::Contact`](super::Answer::Contact).
    pub safety_words: Vec<&'static str>,
    /// The list these are from.
    pub language: Language,
    /// Whether I am the one of us two who reads them aloud, and they the one who picks what they hear.
    pub reads: bool,
    /// Addresses at which I would dial them; a count, since addresses are nobody's business.
    pub addresses: u32,
    /// How things are with the computer that is used, or tried; none before they are a friend.
    pub outlook: Option<Outlook>,
    /// Their computers, one at least once they are a friend; what I say goes to all.
    pub computers: Vec<Computer>,
}

/// One computer of a friend.
#[derive(Clone, PartialEq, Eq)]
pub struct Computer {
    /// How it became one.
    pub how: How,
    /// Whether its link is up now.
    pub online: bool,
    /// When its link was last up, minutes since 1970; 0 for never.
    pub last_seen_min: u32,
    /// When its edge was made, minutes since 1970.
    pub since_min: u32,
    /// When it was met, minutes since 1970; 0 for never.
    pub met_min: u32,
    /// When its safety words were compared; 0 for never.
    pub compared_min: u32,
    /// Who introduced it.
    pub introduced_by: Vec<Introducer>,
    /// Twelve words that both can compare; only in [`Answer::Contact`](super::Answer::Contact).
    pub safety_words: Vec<&'static str>,
}

/// Who introduced a friend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introducer {
    /// My name for them; nothing if they are no friend any more.
    pub petname: Option<String>,
    /// When, minutes since 1970.
    pub minute: u32,
    /// What they said of the friend, as it came: not clean.
    pub said: String,
}

/// How long both of us keep what we say, in minutes; 0 for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    /// What I said.
    pub mine_min: u32,
    /// What they said.
    pub theirs_min: u32,
    /// What both said last: this holds.
    pub agreed_min: u32,
}

/// Where the trust in a friend's key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The same, and a second person used the invitation afterwards: either may be the one it was
    /// meant for, until the safety words were compared.
    Copied,
    /// To be checked again: they lost their state, or somebody else has their key. A session waits
    /// until its words were compared by voice.
    Recheck,
    /// They say that they have a new identity. It counts for nothing until its words were compared by
    /// voice.
    NewIdentity,
    /// I have a new identity that they have not confirmed.
    Announced,
    /// Since they were last there, somebody knocked under a former identity: they came back from an
    /// older backup, or somebody has a copy of one. The two do not find each other any more.
    Former,
}

impl How {
    /// Whether I found out myself whose key it is, by eye or ear; else it rests on a code, or on
    /// somebody's word.
    pub fn is_first_hand(self) -> bool {
        matches!(self, Self::Met | Self::Compared)
    }
}
