//! The parameters of what is asked of a group.

use serde::{Deserialize, Serialize};

use crate::control::shape::{GroupPolicy, Position};

/// Parameters of `group.new`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// What I call it, and propose that the others call it.
    pub name: String,
    /// My petnames for the founders besides me.
    pub with: Vec<String>,
    /// What everybody reads before they join.
    #[serde(default)]
    pub charter: String,
    /// How it decides; as the program advises if it is missing.
    #[serde(default)]
    pub policy: GroupPolicy,
}

/// Parameters of `group.show` and `group.leave`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfGroup {
    /// My name for it.
    pub name: String,
}

/// Parameters of `group.join`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinGroup {
    /// Which, from `waiting.list`.
    pub id: u32,
    /// What I will call it.
    pub name: String,
}

/// Parameters of `group.propose`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// My name for the group.
    pub name: String,
    /// What.
    pub what: Proposal,
    /// In my words.
    #[serde(default)]
    pub text: String,
    /// How long people have to answer, in hours; 0 as the group's policy says.
    #[serde(default)]
    pub hours: u16,
}

/// What is proposed; people by my petnames, or as the group's card calls them.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Proposal {
    /// A friend of mine becomes a spectator.
    Add {
        /// Who.
        who: String,
    },
    /// A spectator becomes a member.
    Promote {
        /// Who.
        who: String,
    },
    /// Somebody is no longer in it.
    Remove {
        /// Who.
        who: String,
    },
    /// Nobody sends to somebody who is silent.
    Suspend {
        /// Who.
        who: String,
    },
    /// Everybody sends to them again.
    Lift {
        /// Who.
        who: String,
    },
    /// Somebody is back with a new computer.
    Return {
        /// Whose seat.
        who: String,
        /// My petname for the new computer.
        computer: String,
    },
    /// A text.
    Text {
        /// The BLAKE3 of a file that goes with it, in hex.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
    },
    /// Which of these.
    Poll {
        /// 2 to 8.
        choices: Vec<String>,
    },
    /// How the group decides from then on.
    Policy {
        /// All of it.
        policy: GroupPolicy,
    },
}

/// Parameters of `group.answer`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerMotion {
    /// My name for the group.
    pub name: String,
    /// Which, from `group.show`.
    pub motion: u32,
    /// What I say.
    pub position: Position,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Parameters of `group.motion` and `group.withdraw`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfMotion {
    /// My name for the group.
    pub name: String,
    /// Which, from `group.show`.
    pub motion: u32,
}

/// Parameters of `group.amend`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amend {
    /// My name for the group.
    pub name: String,
    /// Which, from `group.show`.
    pub motion: u32,
    /// In other words.
    pub text: String,
    /// As in [`Propose`].
    #[serde(default)]
    pub hours: u16,
}

/// Parameters of `group.fork`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForkGroup {
    /// My name for the old one.
    pub name: String,
    /// What I call the new one.
    pub to: String,
    /// My petnames for who is asked into it.
    pub with: Vec<String>,
    /// Which lines of mine to keep under the new name, by the minute since 1970 of the oldest; none
    /// if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_min: Option<u32>,
}

/// Parameters of `group.follow`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// My name for the group.
    pub name: String,
    /// One of its sides, from 1; all if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<u8>,
}

/// Parameters of `group.mute`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MuteMember {
    /// My name for the group.
    pub name: String,
    /// My petname for them.
    pub who: String,
    /// Whether they are muted from now on; else they are not any more.
    pub muted: bool,
    /// Why, for me alone.
    #[serde(default)]
    pub reason: String,
}

/// Parameters of `group.voice`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandVoice {
    /// My name for the group.
    pub name: String,
    /// My petname for another computer of mine.
    pub computer: String,
}

/// Parameters of `group.report`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// My name for the group.
    pub name: String,
    /// My petname for them.
    pub who: String,
    /// What I know.
    pub text: String,
}
