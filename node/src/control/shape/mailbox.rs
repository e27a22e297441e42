//! Boxes in which friends keep parcels for each other, on the local socket.

use kith_proto::engine as core;
use serde::{Deserialize, Serialize};

use super::utc;

/// Result of `mailbox.list`, and of every other method of mailboxes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailboxes {
    /// By name.
    pub mailboxes: Vec<Mailbox>,
}

/// What a friend and I keep for each other.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// My name for them.
    pub petname: String,
    /// What they keep for me.
    pub mine: Option<MailboxOfMine>,
    /// What I keep for them.
    pub theirs: Option<MailboxOfTheirs>,
    /// What I said I would keep for them, in KiB; 0 for nothing.
    pub offer_kib: u32,
    /// What they said they would keep for me, in KiB; 0 for nothing.
    pub offered_kib: u32,
}

/// A box of mine.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxOfMine {
    /// What I asked for, in KiB.
    pub asked_kib: u32,
    /// What they granted, in KiB, if they did.
    pub granted_kib: Option<u32>,
    /// When it was last looked into.
    pub fetched: Option<String>,
}

/// A box of a friend's.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxOfTheirs {
    /// What they asked for, in KiB.
    pub asked_kib: u32,
    /// What I granted, in KiB, if I did.
    pub granted_kib: Option<u32>,
    /// By what the question is answered that waits for me.
    pub id: u32,
    /// Parcels that are in it now.
    pub parcels: u32,
    /// How long all of them are, in bytes.
    pub bytes: u64,
}

/// Result of `token.list`, and of every other method of tokens.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Tokens of boxes of mine that friends got.
    pub given: Vec<TokenCount>,
    /// Tokens of boxes of theirs that are here.
    pub held: Vec<TokenCount>,
}

/// Tokens of one box.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCount {
    /// My name for the friend.
    pub petname: String,
    /// Who keeps the box, if it is mine.
    pub keeper: Option<String>,
    /// How many the friend got in all; of a box of theirs, how many are left.
    pub tokens: u32,
}

/// Who keeps a message of mine for whom it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBy {
    /// My name for them; nothing if they are no friend of mine.
    pub by: Option<String>,
    /// Until when.
    pub until: String,
}

impl KeptBy {
    /// Of a message that somebody keeps.
    pub(in crate::control) fn of(state: &core::Delivery) -> Option<Self> {
        match state {
            core::Delivery::Kept { by, until_min } => Some(Self {
                by: by.clone(),
                until: utc(*until_min),
            }),
            _ => None,
        }
    }
}

impl From<core::Mailbox> for Mailbox {
    fn from(mailbox: core::Mailbox) -> Self {
        Self {
            petname: mailbox.petname,
            mine: mailbox.mine.map(|mine| MailboxOfMine {
                asked_kib: mine.asked_kib,
                granted_kib: mine.granted_kib,
                fetched: (mine.fetched_min > 0).then(|| utc(mine.fetched_min)),
            }),
            theirs: mailbox.theirs.map(|theirs| MailboxOfTheirs {
                asked_kib: theirs.asked_kib,
                granted_kib: theirs.granted_kib,
                id: theirs.id,
                parcels: theirs.parcels,
                bytes: theirs.bytes,
            }),
            offer_kib: mailbox.offer_kib,
            offered_kib: mailbox.offered_kib,
        }
    }
}

impl From<core::TokenCount> for TokenCount {
    fn from(count: core::TokenCount) -> Self {
        Self {
            petname: count.petname,
            keeper: count.keeper,
            tokens: count.tokens,
        }
    }
}
