//! How a command ends: a code that scripts can rely on, and why, for the person.
//!
//! The codes are those of sysexits where one fits; `kith help exit-codes` lists them.

mod refused;

use std::process::ExitCode;

use kith_node::control::client::CallError;

use crate::words::{Msg, msg};

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exit(pub(crate) u8);

impl Exit {
    /// Done.
    pub(crate) const OK: Self = Self(0);
    /// A negative answer: nothing new, not so.
    pub(crate) const NO: Self = Self(1);
    /// The command line is not understood.
    pub(crate) const USAGE: Self = Self(2);
    /// A bad code, a text over the limit.
    pub(crate) const DATA: Self = Self(65);
    /// A question could not be asked.
    pub(crate) const NO_INPUT: Self = Self(66);
    /// Nobody is called so.
    pub(crate) const NO_USER: Self = Self(67);
    /// The node is not running.
    pub(crate) const UNAVAILABLE: Self = Self(69);
    /// A mistake of ours.
    pub(crate) const SOFTWARE: Self = Self(70);
    /// Something stands where something was to be made.
    pub(crate) const CANNOT_CREATE: Self = Self(73);
    /// A disk failed, or a wipe left something.
    pub(crate) const IO: Self = Self(74);
    /// Not yet: saved and not delivered, or too much at once.
    pub(crate) const TRY_LATER: Self = Self(75);
    /// Words that two people compared differ: somebody stands between them.
    pub(crate) const PROTOCOL: Self = Self(76);
    /// Refused, or locked.
    pub(crate) const REFUSED: Self = Self(77);
    /// The settings are wrong.
    pub(crate) const CONFIG: Self = Self(78);
    /// Ctrl-C.
    pub(crate) const INTERRUPTED: Self = Self(130);

    /// Ended by a signal, as a shell tells it.
    pub(crate) fn by(signal: i32) -> Self {
        Self(128_u8.saturating_add(u8::try_from(signal).unwrap_or(0)))
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failed {
    /// The code.
    pub(crate) exit: Exit,
    /// One sentence; none when silence is right, or it was said already.
    pub(crate) why: Option<Msg>,
    /// What to do now.
    pub(crate) hint: Option<Msg>,
}

/// What helps against most that ends so, where nothing better was said.
pub(crate) fn usual_hint(exit: Exit, verb: Option<&str>) -> Option<Msg> {
    Some(match exit {
        Exit::DATA | Exit::NO_INPUT | Exit::CANNOT_CREATE | Exit::REFUSED => {
            let command = verb.map_or("kith help".to_owned(), |verb| format!("kith help {verb}"));
            msg!("hint-verb", command = command)
        }
        Exit::NO_USER => msg!("hint-people"),
        Exit::UNAVAILABLE | Exit::SOFTWARE | Exit::IO => msg!("hint-doctor"),
        Exit::TRY_LATER => msg!("hint-later"),
        Exit::PROTOCOL => msg!("hint-in-person"),
        Exit::CONFIG => msg!("hint-config"),
        _ => return None,
    })
}

/// How every verb ends.
pub(crate) type Outcome = Result<Exit, Failed>;

impl Failed {
    /// With one sentence.
    pub(crate) fn new(exit: Exit, why: Msg) -> Self {
        Self {
            exit,
            why: Some(why),
            hint: None,
        }
    }

    /// Without a word.
    pub(crate) fn quiet(exit: Exit) -> Self {
        Self {
            exit,
            why: None,
            hint: None,
        }
    }

    /// It was not the passphrase.
    pub(crate) fn wrong_passphrase() -> Self {
        Self::new(Exit::REFUSED, msg!("run-wrong-passphrase"))
            .hint(msg!("run-wrong-passphrase-hint"))
    }

    /// Whether it was that.
    pub(crate) fn is_wrong_passphrase(&self) -> bool {
        let why = self.why.as_ref();
        why.is_some_and(|why| why.key == "run-wrong-passphrase")
    }

    /// And what to do now.
    pub(crate) fn hint(mut self, hint: Msg) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl From<CallError> for Failed {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Down => {
                Self::new(Exit::UNAVAILABLE, msg!("node-down")).hint(msg!("node-down-hint"))
            }
            CallError::Lost => Self::new(Exit::UNAVAILABLE, msg!("node-lost")),
            CallError::Garbled => {
                Self::new(Exit::SOFTWARE, msg!("node-garbled")).hint(msg!("node-garbled-hint"))
            }
            CallError::Refused(refusal) => refused::sentence(refusal),
            CallError::Locked => {
                Self::new(Exit::REFUSED, msg!("node-locked")).hint(msg!("node-locked-hint"))
            }
        }
    }
}
