//! Motions, between the engine's words and those of the socket.

use data_encoding::HEXLOWER;
use kith_proto::engine as core;

use crate::control::params::Proposal;
use crate::control::shape::{Motion, Outcome, Position, Proposed, Say, utc};

impl From<core::MotionCard> for Motion {
    fn from(card: core::MotionCard) -> Self {
        Self {
            id: card.id,
            words: card.words.into_iter().map(str::to_owned).collect(),
            by: card.by.into(),
            what: card.what.into(),
            text: card.text,
            since: utc(card.since_min),
            until: utc(card.until_min),
            outcome: card.outcome.into(),
            agree: card.agree,
            needed: card.needed,
            of: card.of,
            mine: card.mine.map(Into::into),
            open_to_me: card.open_to_me,
            counts: card.counts,
            says: card.says.into_iter().map(Into::into).collect(),
            hangs_on: card.hangs_on.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<core::Outcome> for Outcome {
    fn from(outcome: core::Outcome) -> Self {
        match outcome {
            core::Outcome::Open { needs } => Self::Open { needs },
            core::Outcome::Passed => Self::Passed,
            core::Outcome::Undone => Self::Undone,
            core::Outcome::Blocked => Self::Blocked,
            core::Outcome::Failed => Self::Failed,
            core::Outcome::Withdrawn => Self::Withdrawn,
            core::Outcome::Unfounded => Self::Unfounded,
        }
    }
}

impl From<core::ProposalCard> for Proposed {
    fn from(card: core::ProposalCard) -> Self {
        use core::ProposalCard as Card;
        match card {
            Card::Add(who) => Self::Add { who: who.into() },
            Card::Promote(who) => Self::Promote { who: who.into() },
            Card::Remove(who) => Self::Remove { who: who.into() },
            Card::Suspend(who) => Self::Suspend { who: who.into() },
            Card::Lift(who) => Self::Lift { who: who.into() },
            Card::Return(who) => Self::Return { who: who.into() },
            Card::Text { file } => Self::Text {
                file: file.map(|hash| HEXLOWER.encode(&hash)),
            },
            Card::Poll(choices) => Self::Poll { choices },
            Card::Policy(policy) => Self::Policy {
                policy: policy.into(),
            },
        }
    }
}

impl From<core::SayCard> for Say {
    fn from(say: core::SayCard) -> Self {
        Self {
            who: say.who.into(),
            position: say.position.into(),
            reason: say.reason,
            last: say.last,
        }
    }
}

impl From<core::Position> for Position {
    fn from(position: core::Position) -> Self {
        match position {
            core::Position::Agree => Self::Agree,
            core::Position::Object => Self::Object,
            core::Position::Ask => Self::Ask,
            core::Position::Abstain => Self::Abstain,
            core::Position::Choice(number) => Self::Choice(number),
        }
    }
}

impl From<Position> for core::Position {
    fn from(position: Position) -> Self {
        match position {
            Position::Agree => Self::Agree,
            Position::Object => Self::Object,
            Position::Ask => Self::Ask,
            Position::Abstain => Self::Abstain,
            Position::Choice(number) => Self::Choice(number),
        }
    }
}

impl Proposal {
    /// In the engine's words; nothing if a file's hash is not 32 bytes of hex.
    pub(in crate::control) fn read(self) -> Option<core::Proposal> {
        Some(match self {
            Self::Add { who } => core::Proposal::Add(who),
            Self::Promote { who } => core::Proposal::Promote(who),
            Self::Remove { who } => core::Proposal::Remove(who),
            Self::Suspend { who } => core::Proposal::Suspend(who),
            Self::Lift { who } => core::Proposal::Lift(who),
            Self::Return { who, computer } => core::Proposal::Return { who, computer },
            Self::Text { file: None } => core::Proposal::Text { file: None },
            Self::Text { file: Some(hex) } => core::Proposal::Text {
                file: Some(hash(&hex)?),
            },
            Self::Poll { choices } => core::Proposal::Poll { choices },
            Self::Policy { policy } => core::Proposal::Policy(policy.into()),
        })
    }
}

fn hash(hex: &str) -> Option<[u8; 32]> {
    HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
}
