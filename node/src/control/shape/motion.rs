//! Motions on the local socket: what is proposed, what each said, how it stands and why.

use serde::{Deserialize, Serialize};

use super::{GroupPolicy, Named};

/// Result of `group.motion`, and of what is said of a motion.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Motion {
    /// By what it is answered, among those of its group here.
    pub id: u32,
    /// Two words by which everybody in the group can name it, as long as they use one language.
    pub words: Vec<String>,
    /// Who proposes it.
    pub by: Named,
    /// What.
    pub what: Proposed,
    /// In their words, as they came.
    pub text: String,
    /// When it came, or I made it.
    pub since: String,
    /// When my window ends.
    pub until: String,
    /// How it stands.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How many agree.
    pub agree: u32,
    /// How many it takes.
    pub needed: u32,
    /// How many decide.
    pub of: u32,
    /// What I said, if I did.
    pub mine: Option<Position>,
    /// Whether I can still say something.
    pub open_to_me: bool,
    /// Of a poll: how many chose each.
    pub counts: Vec<u32>,
    /// What each said, as far as it is known here.
    #[serde(default)]
    pub says: Vec<Say>,
    /// Who decided about it and decides no more, if it hangs on what they said: others may count otherwise.
    #[serde(default)]
    pub hangs_on: Vec<Named>,
}

/// How a motion stands, here and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It waits.
    Open {
        /// For so many more yeses; 0 if only for windows to end.
        needs: u8,
    },
    /// It passed.
    Passed,
    /// It passed, and something that came late undid it.
    Undone,
    /// Somebody objects.
    Blocked,
    /// All windows are over, or it is too old, and too few agreed.
    Failed,
    /// Its author took it back.
    Withdrawn,
    /// What it rests on does not hold here.
    Unfounded,
}

/// What is proposed.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Proposed {
    /// Somebody becomes a spectator.
    Add {
        /// Who.
        who: Named,
    },
    /// A spectator becomes a member.
    Promote {
        /// Who.
        who: Named,
    },
    /// Somebody is no longer in it.
    Remove {
        /// Who.
        who: Named,
    },
    /// Nobody sends to somebody who is silent.
    Suspend {
        /// Who.
        who: Named,
    },
    /// Everybody sends to them again.
    Lift {
        /// Who.
        who: Named,
    },
    /// Somebody is back with a new computer.
    Return {
        /// Who.
        who: Named,
    },
    /// A text.
    Text {
        /// The BLAKE3 of a file that goes with it, in hex.
        file: Option<String>,
    },
    /// Which of these, as they came.
    Poll {
        /// In order.
        choices: Vec<String>,
    },
    /// How the group decides from then on.
    Policy {
        /// All of it.
        policy: GroupPolicy,
    },
}

/// What somebody says of a motion; `{"choice":2}` of a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Yes.
    Agree,
    /// No.
    Object,
    /// A question first.
    Ask,
    /// Without me.
    Abstain,
    /// One of a poll's choices, from 1.
    Choice(u8),
}

/// What somebody said of a motion.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// Who.
    pub who: Named,
    /// What.
    pub position: Position,
    /// Why, as it came.
    pub reason: String,
    /// Whether it is their last word.
    pub last: bool,
}
