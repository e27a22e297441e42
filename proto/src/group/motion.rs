//! What can be proposed in a group, and how one can answer. PROTOCOL §7 "Motions".

use super::{Hash, Ik, Policy};

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum What {
    /// 1: somebody becomes a spectator.
    Add(Ik),
    /// 2: a spectator becomes a member. Any computer of theirs.
    Promote(Ik),
    /// 3: somebody is no longer in it.
    Remove(Ik),
    /// 4: nobody sends to them until it is lifted.
    Suspend(Ik),
    /// 5: everybody sends to them again.
    Lift(Ik),
    /// 6: somebody comes back with a new computer, which becomes their voice.
    Return {
        /// Any computer of their seat.
        seat: Ik,
        /// The new one, in nobody's seat.
        computer: Ik,
    },
    /// 7: a text; with the BLAKE3 of a file if one goes with it.
    Text {
        /// All zeros for none.
        file: [u8; 32],
    },
    /// 8: which of these, 2 to 8.
    Poll {
        /// Each not empty, UTF-8, not clean.
        choices: Vec<String>,
    },
    /// 9: how the group decides from then on.
    Policy(Policy),
}

/// A motion as its author made it.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Motion {
    /// The view it was made in.
    pub base: Hash,
    /// The newest passed motions and leaves behind its base, sorted; at most
    /// [`MOTION_RESTS_MAX`](crate::limits::MOTION_RESTS_MAX).
    pub rests_on: Vec<Hash>,
    pub what: What,
    /// How long people have to answer, from when each first saw it; 0 where the policy says it.
    pub hours: u16,
    /// In its author's words, UTF-8, may be empty. Not clean.
    pub text: String,
}

/// What somebody says of a motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum Position {
    /// 1
    Agree,
    /// 2: with a reason.
    Object,
    /// 3
    Ask,
    /// 4
    Abstain,
    /// 5: by its author.
    Withdrawn,
    /// 16 and more: of a poll, from 0.
    Choice(u8),
}
