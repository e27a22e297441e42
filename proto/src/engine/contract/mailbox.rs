//! Boxes in which friends keep parcels for each other, and the tokens of them, as a person sees them.
//! No key, no serial and no address.

/// What a person wants of a box in which a friend keeps parcels.
pub enum AskMailbox {
    /// How all of them are.
    List,
    /// I would keep parcels for a friend; they are told, and need not ask my human.
    Offer {
        /// My petname for them.
        name: String,
        /// At most so many KiB.
        kib: u32,
    },
    /// A friend is asked to keep mine.
    Ask {
        /// My petname for them.
        name: String,
        /// At most so many KiB.
        kib: u32,
    },
    /// As much as I keep for a friend from now on.
    Quota {
        /// My petname for them.
        name: String,
        /// At most so many KiB.
        kib: u32,
    },
    /// I keep nothing for this friend any more, nor they for me.
    End {
        /// My petname for them.
        name: String,
    },
}

/// What a person wants of the tokens that friends have.
pub enum AskTokens {
    /// Who has how many.
    List,
    /// A friend gets some more.
    Grant {
        /// My petname for them.
        name: String,
    },
    /// All tokens of the box that a friend keeps are worth nothing any more: a new box takes its place.
    Revoke {
        /// My petname for who keeps it.
        name: String,
    },
}

/// What a friend and I keep for each other.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailboxOfMine {
    /// What I asked for, in KiB.
    pub asked_kib: u32,
    /// What they granted, in KiB, if they did.
    pub granted_kib: Option<u32>,
    /// When it was last looked into, minutes since 1970; 0 for never.
    pub fetched_min: u32,
}

/// A box of a friend's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Tokens that a friend has of a box of mine, or I of one of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCount {
    /// My name for the friend.
    pub petname: String,
    /// Who keeps the box, if it is mine.
    pub keeper: Option<String>,
    /// How many tokens the friend got of it in all; of a box of theirs, how many are left.
    pub tokens: u32,
}
