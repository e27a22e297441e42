//! Introductions on the disk: one record each, and one for the numbers.

use bincode::{Decode, Encode};

use super::{End, Introduction, Made, Offered, Stage};
use crate::engine::{Addr, Language};
use crate::identity::Point;
use crate::invite::Code;
use crate::limits::INTRODUCTION_NOTE_BYTES_MAX;
use crate::name::Label;
use crate::petname::Petname;
use crate::secret::{Invitation, Kept};

pub(in crate::engine) use super::Counts as IntroductionsRecord;

/// As it is stored.
#[derive(Encode, Decode)]
pub(in crate::engine) enum IntroductionRecord {
    Made {
        id: [u8; 16],
        friends: [u32; 2],
        yes: [Option<Option<CodeRecord>>; 2],
        said: String,
        minute: u32,
        since: u32,
        given: Option<bool>,
    },
    Offered {
        id: [u8; 16],
        by: u32,
        label: String,
        said: String,
        minute: u32,
        since: u32,
        stage: StageRecord,
    },
}

#[derive(Encode, Decode)]
pub(in crate::engine) enum StageRecord {
    Asked,
    Agreed(String, Option<CodeRecord>),
    Opened(u32, [u8; 32]),
    Taken(u32),
}

#[derive(Encode, Decode)]
pub(in crate::engine) struct CodeRecord {
    expiry_min: u32,
    ik: [u8; 32],
    secret: Kept<Invitation>,
    addrs: Vec<Addr>,
    language: Language,
}

impl CodeRecord {
    fn of(code: &Code) -> Self {
        Self {
            expiry_min: code.expiry_min,
            ik: code.ik,
            secret: code.secret.keep(),
            addrs: code.addrs.clone(),
            language: code.language,
        }
    }

    fn code(self) -> Code {
        Code {
            expiry_min: self.expiry_min,
            ik: self.ik,
            secret: self.secret.key(),
            addrs: self.addrs,
            language: self.language,
        }
    }
}

impl Introduction {
    pub(in crate::engine) fn record(&self) -> IntroductionRecord {
        let code = |code: &Option<Code>| code.as_ref().map(CodeRecord::of);
        match self {
            Self::Made(made) => IntroductionRecord::Made {
                id: made.id,
                friends: made.ends.each_ref().map(|end| end.friend),
                yes: made.ends.each_ref().map(|end| end.yes.as_ref().map(code)),
                said: made.said.clone(),
                minute: made.minute,
                since: made.since,
                given: made.given,
            },
            Self::Offered(it) => IntroductionRecord::Offered {
                id: it.id,
                by: it.by,
                label: it.label.as_str().to_owned(),
                said: it.said.clone(),
                minute: it.minute,
                since: it.since,
                stage: match &it.stage {
                    Stage::Asked => StageRecord::Asked,
                    Stage::Agreed { name, code: mine } => {
                        StageRecord::Agreed(name.as_str().to_owned(), code(mine))
                    }
                    Stage::Opened { invite, other } => {
                        StageRecord::Opened(*invite, *other.as_bytes())
                    }
                    Stage::Taken { join } => StageRecord::Taken(*join),
                },
            },
        }
    }
}

impl IntroductionRecord {
    /// What it says; nothing if no engine can have written it.
    pub(in crate::engine) fn introduction(self) -> Option<Introduction> {
        let said = match &self {
            Self::Made { said, .. } | Self::Offered { said, .. } => said,
        };
        if said.len() > INTRODUCTION_NOTE_BYTES_MAX {
            return None;
        }
        Some(match self {
            Self::Made {
                id,
                friends: [a, b],
                yes: [first, second],
                said,
                minute,
                since,
                given,
            } => {
                let end = |friend, yes: Option<Option<CodeRecord>>| End {
                    friend,
                    yes: yes.map(|code| code.map(CodeRecord::code)),
                };
                Introduction::Made(Made {
                    id,
                    ends: [end(a, first), end(b, second)],
                    said,
                    minute,
                    since,
                    given,
                })
            }
            Self::Offered {
                id,
                by,
                label,
                said,
                minute,
                since,
                stage,
            } => Introduction::Offered(Offered {
                id,
                by,
                label: Label::received(&label)?,
                said,
                minute,
                since,
                stage: stage.stage()?,
            }),
        })
    }
}

impl StageRecord {
    fn stage(self) -> Option<Stage> {
        Some(match self {
            Self::Asked => Stage::Asked,
            Self::Agreed(name, code) => Stage::Agreed {
                name: Petname::parse(&name).ok()?,
                code: code.map(CodeRecord::code),
            },
            Self::Opened(invite, other) => Stage::Opened {
                invite,
                other: Point::parse(other).ok()?,
            },
            Self::Taken(join) => Stage::Taken { join },
        })
    }
}

#[cfg(test)]
impl IntroductionRecord {
    /// Every list as long, every number as wide as it can be.
    pub(in crate::engine) fn largest() -> Self {
        use crate::limits::{INVITE_ADDRS_MAX, PETNAME_BYTES_MAX};
        let code = || CodeRecord {
            expiry_min: u32::MAX,
            ik: [255; 32],
            secret: crate::secret::Key::fill(|_| ()).keep(),
            addrs: vec![Addr::V6([255; 16], u16::MAX); INVITE_ADDRS_MAX],
            language: Language::English,
        };
        let long = |bytes: usize| "n".repeat(bytes);
        Self::Offered {
            id: [255; 16],
            by: u32::MAX,
            label: long(PETNAME_BYTES_MAX),
            said: long(INTRODUCTION_NOTE_BYTES_MAX),
            minute: u32::MAX,
            since: u32::MAX,
            stage: StageRecord::Agreed(long(PETNAME_BYTES_MAX), Some(code())),
        }
    }
}
