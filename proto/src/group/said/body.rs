//! What is said in a chain, behind its head. PROTOCOL §7.

use super::{Circle, hashes, kind, read_hashes, utf8};
use crate::group::{Hash, Ik, Motion, Policy, Position, What};
use crate::limits::{
    MOTION_HOURS_MAX, MOTION_RESTS_MAX, MOTION_TEXT_BYTES_MAX, POLL_CHOICES_MAX, REASON_BYTES_MAX,
    TEXT_BYTES_MAX,
};
use crate::wire::{Malformed, Reader, Writer};

/// What somebody says of a motion: `motion 16 | position u8 | reason`.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Say {
    pub motion: Hash,
    pub position: Position,
    /// UTF-8, may be empty. Not clean.
    pub reason: String,
}

/// That somebody's machine is in other hands: `target IK 32 | text`.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Report {
    /// Any computer of theirs.
    pub target: Ik,
    /// UTF-8, may be empty. Not clean.
    pub text: String,
}

/// What stands behind a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    /// UTF-8, not empty. Not clean.
    Text(&'a str),
    Motion(Motion),
    Say(Say),
    /// What was said of this motion was the last word.
    Close(Hash),
    Leave,
    /// This computer of the same seat speaks from now on.
    Voice(Ik),
    Report(Report),
}

impl<'a> Body<'a> {
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Text(_) => kind::TEXT,
            Self::Motion(_) => kind::MOTION,
            Self::Say(_) => kind::SAY,
            Self::Close(_) => kind::CLOSE,
            Self::Leave => kind::LEAVE,
            Self::Voice(_) => kind::VOICE,
            Self::Report(_) => kind::REPORT,
        }
    }

    pub(super) fn encode(&self, to: &mut Writer) {
        match self {
            Self::Text(text) => to.bytes(text.as_bytes()),
            Self::Motion(motion) => motion.encode(to),
            Self::Say(say) => {
                to.bytes(&say.motion);
                to.u8(say.position.encode());
                to.bytes(say.reason.as_bytes());
            }
            Self::Close(motion) => to.bytes(motion),
            Self::Leave => {}
            Self::Voice(computer) => to.bytes(computer),
            Self::Report(report) => {
                to.bytes(&report.target);
                to.bytes(report.text.as_bytes());
            }
        }
    }

    /// What decides is for members alone.
    pub(super) fn decode(
        kind: u8,
        circle: Circle,
        from: &mut Reader<'a>,
    ) -> Result<Self, Malformed> {
        if circle == Circle::All && !matches!(kind, kind::TEXT | kind::LEAVE) {
            return Err(Malformed);
        }
        Ok(match kind {
            kind::TEXT => {
                let text = utf8(from.rest(), TEXT_BYTES_MAX)?;
                Self::Text((!text.is_empty()).then_some(text).ok_or(Malformed)?)
            }
            kind::MOTION => Self::Motion(Motion::decode(from)?),
            kind::SAY => Self::Say(Say {
                motion: from.array()?,
                position: Position::decode(from.u8()?)?,
                reason: utf8(from.rest(), REASON_BYTES_MAX)?.to_owned(),
            }),
            kind::CLOSE => Self::Close(from.array()?),
            kind::LEAVE => Self::Leave,
            kind::VOICE => Self::Voice(from.array()?),
            kind::REPORT => Self::Report(Report {
                target: from.array()?,
                text: utf8(from.rest(), REASON_BYTES_MAX)?.to_owned(),
            }),
            _ => return Err(Malformed),
        })
    }
}

/// The first of a poll's choices.
const CHOICE: u8 = 16;

impl Position {
    fn encode(self) -> u8 {
        match self {
            Self::Agree => 1,
            Self::Object => 2,
            Self::Ask => 3,
            Self::Abstain => 4,
            Self::Withdrawn => 5,
            Self::Choice(choice) => CHOICE.saturating_add(choice),
        }
    }

    fn decode(byte: u8) -> Result<Self, Malformed> {
        Ok(match byte {
            1 => Self::Agree,
            2 => Self::Object,
            3 => Self::Ask,
            4 => Self::Abstain,
            5 => Self::Withdrawn,
            _ => {
                let choice = byte.checked_sub(CHOICE).ok_or(Malformed)?;
                let can_be = usize::from(choice) < POLL_CHOICES_MAX;
                Self::Choice(can_be.then_some(choice).ok_or(Malformed)?)
            }
        })
    }
}

const NOBODY: Ik = [0; 32];

impl What {
    /// Its number, whom it is about, what comes of them; zeros for what it does not have.
    fn fields(&self) -> (u8, Ik, [u8; 32]) {
        match self {
            Self::Add(target) => (1, *target, NOBODY),
            Self::Promote(target) => (2, *target, NOBODY),
            Self::Remove(target) => (3, *target, NOBODY),
            Self::Suspend(target) => (4, *target, NOBODY),
            Self::Lift(target) => (5, *target, NOBODY),
            Self::Return { seat, computer } => (6, *seat, *computer),
            Self::Text { file } => (7, NOBODY, *file),
            Self::Poll { .. } => (8, NOBODY, NOBODY),
            Self::Policy(policy) => (9, NOBODY, policy_field(policy)),
        }
    }

    fn of(what: u8, target: Ik, new: [u8; 32], choices: Vec<String>) -> Result<Self, Malformed> {
        let whole = match what {
            1 => Self::Add(target),
            2 => Self::Promote(target),
            3 => Self::Remove(target),
            4 => Self::Suspend(target),
            5 => Self::Lift(target),
            6 => Self::Return {
                seat: target,
                computer: new,
            },
            7 => Self::Text { file: new },
            8 if choices.len() >= 2 => {
                let nothing = target == NOBODY && new == NOBODY;
                return nothing.then_some(Self::Poll { choices }).ok_or(Malformed);
            }
            9 => {
                let mut from = Reader::new(&new);
                let policy = Policy::decode(&mut from)?;
                Self::Policy(policy)
            }
            _ => return Err(Malformed),
        };
        // What it does not have is zeros.
        let one_spelling = whole.fields() == (what, target, new) && choices.is_empty();
        one_spelling.then_some(whole).ok_or(Malformed)
    }
}

/// `policy 16 | 16 zeros`.
fn policy_field(policy: &Policy) -> [u8; 32] {
    let mut to = Writer::new();
    policy.encode(&mut to);
    to.bytes(&[0; 16]);
    Reader::new(to.written()).array().unwrap_or_default()
}

impl Motion {
    /// `base 16 | n u8 | n x mhash 16 | what u8 | hours u16 | target IK 32 | new IK 32 | n u8 | n x (len
    /// u16 | choice) | text`.
    fn encode(&self, to: &mut Writer) {
        let (what, target, new) = self.what.fields();
        let choices: &[String] = match &self.what {
            What::Poll { choices } => choices,
            _ => &[],
        };
        to.bytes(&self.base);
        hashes(to, &self.rests_on);
        to.u8(what);
        to.u16(self.hours);
        to.bytes(&target);
        to.bytes(&new);
        to.u8(choices.len() as u8);
        for choice in choices {
            to.u16(choice.len() as u16);
            to.bytes(choice.as_bytes());
        }
        to.bytes(self.text.as_bytes());
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (base, rests_on) = (from.array()?, read_hashes(from, MOTION_RESTS_MAX)?);
        let (what, hours) = (from.u8()?, from.u16()?);
        let (target, new) = (from.array()?, from.array()?);
        // The choices count as text.
        let left = from.left();
        if hours > MOTION_HOURS_MAX || left > 1 + 2 * POLL_CHOICES_MAX + MOTION_TEXT_BYTES_MAX {
            return Err(Malformed);
        }
        let choices = read_choices(from)?;
        let of_choices: usize = choices.iter().map(String::len).sum();
        let room = MOTION_TEXT_BYTES_MAX.checked_sub(of_choices);
        let text = utf8(from.rest(), room.ok_or(Malformed)?)?.to_owned();
        Ok(Self {
            base,
            rests_on,
            what: What::of(what, target, new, choices)?,
            hours,
            text,
        })
    }
}

fn read_choices(from: &mut Reader<'_>) -> Result<Vec<String>, Malformed> {
    let count = usize::from(from.u8()?);
    if count > POLL_CHOICES_MAX {
        return Err(Malformed);
    }
    let mut choices = Vec::new();
    for _ in 0..count {
        let length = usize::from(from.u16()?);
        let choice = utf8(from.take(length)?, MOTION_TEXT_BYTES_MAX)?;
        choices.push(choice.to_owned());
    }
    let said = choices.iter().all(|choice: &String| !choice.is_empty());
    said.then_some(choices).ok_or(Malformed)
}
