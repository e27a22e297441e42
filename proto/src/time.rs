//! Time as the shell tells it. The core never asks a clock. PROTOCOL §3 "Stamps": no clock is
//! trusted, a wall clock may jump by decades and nothing may break.

/// What the shell's two clocks show when it calls the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970, as this machine believes; may jump either way.
    pub wall_ms: u64,
    /// Milliseconds since some fixed moment before the engine was opened; never goes back.
    pub boot_ms: u64,
}

impl Now {
    /// Whole minutes since 1970, the precision that is stored and sent; saturates in the year 10136.
    pub fn minutes(self) -> u32 {
        u32::try_from(self.wall_ms / 60_000).unwrap_or(u32::MAX)
    }
}

/// One minute, in milliseconds.
pub const MINUTE_MS: u64 = 60_000;
/// One hour, in milliseconds.
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
/// One day, in minutes.
pub const DAY_MINUTES: u32 = 24 * 60;
