//! Times and sizes as they are typed behind an option. Whoever typed another hears which units there are.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use kith_node::config::{Bytes, Minutes};

use crate::words::{Msg, msg};

/// What an option takes, where something else was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// From seconds to days.
    Duration,
    /// From minutes to days.
    Lifetime,
    /// The same, or none, or as with everybody.
    Keep,
    /// The same, or off.
    Timer,
    /// Bytes.
    Size,
}

impl Takes {
    /// In words.
    pub(crate) fn told(self) -> Msg {
        match self {
            Self::Duration => msg!("takes-duration"),
            Self::Lifetime => msg!("takes-lifetime"),
            Self::Keep => msg!("takes-keep"),
            Self::Timer => msg!("takes-timer"),
            Self::Size => msg!("takes-size"),
        }
    }
}

/// For clap alone: people hear [`Takes::told`].
impl fmt::Display for Takes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Error for Takes {}

/// `30s`, `15m`, `24h` or `7d`.
pub(crate) fn duration(text: &str) -> Result<Duration, Takes> {
    let unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => 24 * 60 * 60,
        _ => return Err(Takes::Duration),
    };
    let count = text.get(..text.len() - 1).unwrap_or("");
    let count: u64 = count.parse().map_err(|_| Takes::Duration)?;
    let seconds = count.checked_mul(unit).ok_or(Takes::Duration)?;
    Ok(Duration::from_secs(seconds))
}

/// How long something is kept, in minutes: `30m`, `12h` or `7d`; never 0, which is no time at all.
pub(crate) fn lifetime(text: &str) -> Result<u32, Takes> {
    match Minutes::try_from(text.to_owned()) {
        Ok(Minutes(minutes @ 1..)) => Ok(minutes),
        Ok(Minutes(0)) | Err(_) => Err(Takes::Lifetime),
    }
}

/// `20MiB`, in KiB.
pub(crate) fn kib(text: &str) -> Result<u32, Takes> {
    let bytes = Bytes::try_from(text.to_owned()).map_err(|_| Takes::Size)?;
    u32::try_from(bytes.0 / 1024).map_err(|_| Takes::Size)
}

#[cfg(test)]
mod tests {
    use kith_proto::limits::MAILBOX_KIB;

    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("7d"), Ok(Duration::from_secs(604_800)));
        for wrong in ["", "30", "h", "-1h", "1.5h", "99999999999999999999d", "3é"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert!(duration(&format!("{}d", u64::MAX)).is_err());
    }

    #[test]
    fn a_lifetime_is_never_nothing() {
        assert_eq!(lifetime("90m"), Ok(90));
        assert_eq!(lifetime("7d"), Ok(7 * 24 * 60));
        for wrong in ["none", "0d", "7", "30s", "-1d", "99999999999d"] {
            assert!(lifetime(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_quota_is_written_with_its_unit() {
        assert_eq!(kib("20MiB"), Ok(20 * 1024));
        assert_eq!(kib("20Mio"), Ok(20 * 1024), "as French screens write it");
        assert_eq!(kib("8 MiB"), Ok(MAILBOX_KIB));
        for wrong in ["", "20", "20kB", "-1MiB", "99999999999GiB"] {
            assert!(kib(wrong).is_err(), "{wrong}");
        }
    }
}
