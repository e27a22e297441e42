//! Why a message waits, from the engine's words to those of the socket.

use kith_proto::engine as core;

use crate::control::shape::{KeptBy, Outlook, Waits, Why, utc};

impl From<core::Why> for Why {
    fn from(why: core::Why) -> Self {
        Self {
            id: why.id,
            to: why.to,
            kept: KeptBy::of(&why.state),
            state: why.state.into(),
            outlook: why.outlook.map(Into::into),
        }
    }
}

impl From<core::Outlook> for Outlook {
    fn from(outlook: core::Outlook) -> Self {
        Self {
            waits: outlook.waits.into(),
            last_seen: (outlook.last_seen_min > 0).then(|| utc(outlook.last_seen_min)),
            since: utc(outlook.since_min),
            addresses: outlook.addresses,
            near: outlook.near,
            through: outlook.through,
            trying: outlook.trying,
            next_min: outlook.next_min,
        }
    }
}

impl From<core::Waits> for Waits {
    fn from(waits: core::Waits) -> Self {
        match waits {
            core::Waits::Nothing => Self::Nothing,
            core::Waits::Blocked => Self::Blocked,
            core::Waits::Unpaired => Self::Unpaired,
            core::Waits::Check => Self::Check,
            core::Waits::Stopped => Self::Stopped,
            core::Waits::Starting => Self::Starting,
            core::Waits::Full => Self::Full,
            core::Waits::Silent => Self::Silent,
            core::Waits::Never => Self::Never,
            core::Waits::NoAddress => Self::NoAddress,
            core::Waits::Shut => Self::Shut,
            core::Waits::Away => Self::Away,
        }
    }
}
