//! Groups on the local socket: who is in one, how it decides, what it costs to write there.

use serde::{Deserialize, Serialize};

use super::{Motion, Outcome, Somebody};

/// Result of `group.list`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// By name.
    pub groups: Vec<GroupRow>,
}

/// A group in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// My name for it.
    pub name: String,
    /// Whether I only watch.
    pub spectator: bool,
    /// People who decide, myself included.
    pub members: u32,
    /// People who watch.
    pub spectators: u32,
    /// Messages I have not read.
    pub unread: u32,
    /// Motions that wait for my answer.
    pub to_answer: u32,
    /// Motions of mine that an objection holds up.
    #[serde(default)]
    pub objected: u32,
    /// Whether the group has come apart and I did not say with whom I go on.
    pub split: bool,
}

/// Result of `group.show`, and of what changes a group.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// As in the list.
    #[serde(flatten)]
    pub row: GroupRow,
    /// What its founders call it, as it came.
    pub proposed: String,
    /// What everybody read before they joined, as it came; may be empty.
    pub charter: String,
    /// How it decides.
    pub policy: GroupPolicy,
    /// Since when I take part.
    pub since: String,
    /// My name for the group that this one left, if I am in it too.
    pub parent: Option<String>,
    /// Everybody, myself among them.
    pub people: Vec<Seated>,
    /// Oldest first, without what each said: `group.motion` has that. The newest, as many as fit.
    pub motions: Vec<Motion>,
    /// What does not fit together.
    pub doubts: Vec<Doubt>,
    /// If the group came apart: who is on each side. The first is mine.
    pub sides: Vec<Vec<Named>>,
    /// What a message of mine costs.
    pub cost: GroupCost,
}

/// By whose yes something passes: `"consent"`, `"majority"` or `{"of":5}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Enough agree and nobody objects.
    #[default]
    Consent,
    /// More than half of all members agree.
    Majority,
    /// So many agree.
    Of(u8),
}

/// How a group decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupPolicy {
    /// By whose yes.
    pub preset: Preset,
    /// Hours to answer whether somebody becomes a spectator, returns or is suspended.
    pub add_hours: u16,
    /// Hours to answer whether a spectator becomes a member.
    pub promote_hours: u16,
    /// Hours for all else.
    pub hours: u16,
    /// Days that somebody is a spectator before anybody can agree to a promotion.
    pub spectator_days: u8,
    /// Days of silence before anybody can agree to a suspension.
    pub silent_days: u8,
}

/// What a message of at most one parcel costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCost {
    /// To members alone.
    pub parcels: u32,
    /// Likewise.
    pub bytes: u32,
    /// To spectators too.
    pub parcels_all: u32,
    /// Likewise.
    pub bytes_all: u32,
}

/// Somebody in a group, as I call them: `"me"`, `{"petname":"zoé"}` or
/// `{"stranger":{"unknown":"lune-tigre"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// Myself.
    Me,
    /// A friend of mine.
    Petname(String),
    /// Nobody I have an edge to.
    Stranger(Somebody),
}

/// Somebody's place in a group.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seated {
    /// Who.
    pub who: Named,
    /// Whether they only watch.
    pub spectator: bool,
    /// Whether the group suspended them: nothing is sent to them.
    pub suspended: bool,
    /// Whether somebody told that their machine is in other hands.
    pub reported: bool,
    /// Whether I muted them here, and why.
    pub muted: Option<String>,
    /// How many computers they have in the group.
    pub computers: u32,
    /// How many of these I have no edge to: nothing of mine reaches them.
    pub unreached: u32,
    /// When something of theirs last came in this group.
    pub heard: Option<String>,
    /// Whether they took part yet.
    pub here: bool,
}

/// What does not fit together. Nobody is blamed: nobody can know who is right.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Doubt {
    /// Somebody tells something else of what an author said than I have.
    Disagreement {
        /// Whose words.
        author: Named,
        /// Who tells something else.
        teller: Named,
        /// The number of the message.
        number: u32,
    },
    /// Messages of somebody never came.
    Gap {
        /// Whose.
        author: Named,
        /// How many.
        count: u32,
    },
    /// Somebody holds other people for the group's.
    OtherSet {
        /// Who.
        who: Named,
        /// Since when.
        since: String,
    },
    /// A motion stands otherwise for somebody than for me: something said did not come to one of us.
    OtherResult {
        /// For whom.
        who: Named,
        /// Which, by its two words.
        motion: Vec<String>,
        /// How it stands for them.
        #[serde(flatten)]
        outcome: Outcome,
        /// Since when they tell so.
        since: String,
    },
}

/// Result of `group.leave`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftGroup {
    /// How many were told, or will be once they are there.
    pub told: u32,
}

/// A group that asks me, as it stands among those who wait.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// My name for who asks.
    pub by: String,
    /// What they call it, as it came.
    pub proposed: String,
    /// What everybody reads before they join, as it came; may be empty.
    pub charter: String,
    /// Everybody who is in it.
    pub people: Vec<Named>,
    /// Whether I would only watch at first.
    pub spectator: bool,
    /// How it decides.
    pub policy: GroupPolicy,
}

/// In which group a message came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InGroup {
    /// My name for it.
    pub name: String,
    /// Whether spectators have it too.
    pub to_all: bool,
}

/// To how many people a message of mine to a group came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBy {
    /// People on one of whose disks it is.
    pub seen: u32,
    /// People it is for, as far as I can reach them.
    pub of: u32,
}

/// What happened in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum GroupNews {
    /// A friend asks me into one.
    Asked {
        /// By what it is answered, among those who wait.
        id: u32,
        /// My name for the friend.
        by: String,
    },
    /// Somebody took part for the first time.
    Here {
        /// Who.
        who: Named,
    },
    /// A motion came.
    Proposed {
        /// Which.
        motion: u32,
    },
    /// A motion stands otherwise than before.
    Moved {
        /// Which.
        motion: u32,
        /// How.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// Somebody is in it, or in another role, from now on.
    In {
        /// Who.
        who: Named,
    },
    /// Somebody is not in it any more.
    Out {
        /// Who.
        who: Named,
    },
    /// I am not: nothing of it reaches me any more.
    Ended,
    /// Nobody sends to somebody for now.
    Suspended {
        /// Who.
        who: Named,
    },
    /// Everybody does again.
    Lifted {
        /// Who.
        who: Named,
    },
    /// Somebody's machine is said to be in other hands.
    Reported {
        /// Whose.
        who: Named,
        /// My name for who says so.
        by: String,
    },
    /// Something does not fit together: `group.show` says what.
    Doubt,
    /// The group has come apart: `group.show` has the sides.
    Split,
}
