//! The two clocks the core is told: the wall's, which may lie, and the boot clock, which goes on
//! while the machine sleeps and never goes back.

use std::time::{SystemTime, UNIX_EPOCH};

use kith_proto::time::Now;
use rustix::time::{ClockId, clock_gettime};

/// What both show now. A wall clock before 1970 shows 0.
pub(crate) fn now() -> Now {
    let wall = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let boot = clock_gettime(ClockId::Boottime);
    let ms = |seconds: i64, nanos: i64| {
        u64::try_from(seconds).unwrap_or(0).saturating_mul(1000)
            + u64::try_from(nanos / 1_000_000).unwrap_or(0)
    };
    Now {
        wall_ms: u64::try_from(wall.as_millis()).unwrap_or(u64::MAX),
        boot_ms: ms(boot.tv_sec, boot.tv_nsec),
    }
}
