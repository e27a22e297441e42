//! Time as the shell tells it. The core never asks a clock. PROTOCOL §3 "Stamps": no clock is
//! trusted, a wall clock may jump by decades and nothing may break.
//!
//! How long things are kept is counted in the node's own [`Age`], which such jumps do not move.

use bincode::{Decode, Encode};

use crate::limits::{AGE_STORED_MINUTES, CLOCK_SET_MS, LEAP_BELIEVED_MS, LEAP_MS_MAX};

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
        u32::try_from(self.wall_ms / MINUTE_MS).unwrap_or(u32::MAX)
    }

    /// How far the wall clock is ahead of the boot clock.
    fn offset(self) -> i64 {
        signed(self.wall_ms).saturating_sub(signed(self.boot_ms))
    }
}

/// One minute, in milliseconds.
pub const MINUTE_MS: u64 = 60_000;
/// One hour, in milliseconds.
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
/// One day, in minutes.
pub const DAY_MINUTES: u32 = 24 * 60;

/// How old a node is: what lifetimes are counted in. PROTOCOL §8 "Age".
///
/// While the node runs the boot clock moves it. Over a stop only the wall clock can tell, which may
/// be wrong: a leap of more than a day counts once the node has run for a day and the clock still
/// says so. A clock that went back counts as no time at all.
pub(crate) struct Age {
    ms: u64,
    boot_ms: u64,
    offset: i64,
    doubt: Option<Doubt>,
}

/// A leap of the wall clock over a stop, not believed yet.
struct Doubt {
    ms: i64,
    /// How long the node has run with it.
    ran_ms: u64,
}

/// An age, what the wall clock shows at it, and the leap of that clock which is not believed yet with
/// the time the node has run with it: all in minutes.
#[derive(Clone, Copy, Default, Encode, Decode)]
pub(crate) struct AgeRecord {
    minutes: u32,
    wall_min: u32,
    leap_min: i64,
    ran_min: u32,
}

impl AgeRecord {
    /// Whether so much time lies behind it that it is stored anew as soon as a node starts. Else one that
    /// is never up for an hour would count each stop from the same day on, and soon doubt its clock for good.
    pub(crate) fn is_old(self, now: Now) -> bool {
        now.minutes().abs_diff(self.wall_min) >= AGE_STORED_MINUTES
    }
}

impl Age {
    /// Of a node that begins now.
    pub(crate) fn new(now: Now) -> Self {
        Self {
            ms: 0,
            boot_ms: now.boot_ms,
            offset: now.offset(),
            doubt: None,
        }
    }

    /// Of a node that starts again.
    pub(crate) fn restore(record: AgeRecord, now: Now) -> Self {
        let mut age = Self::new(now);
        age.ms = u64::from(record.minutes) * MINUTE_MS;
        let stopped_ms = u64::from(record.wall_min) * MINUTE_MS;
        let gap = signed(now.wall_ms).saturating_sub(signed(stopped_ms));
        let doubted = record.leap_min.saturating_mul(signed(MINUTE_MS));
        if doubted == 0 || !believed_at_once(gap) {
            age.leapt(doubted.saturating_add(gap));
            return age;
        }
        // Else a node that is switched off every night would doubt for ever.
        age.leapt(gap);
        age.doubt = Some(Doubt {
            ms: doubted,
            ran_ms: u64::from(record.ran_min) * MINUTE_MS,
        });
        age
    }

    /// Some time has passed. Says whether somebody set the clock: then the age is to be stored with
    /// what the clock shows now, or the next start would take it for a leap.
    pub(crate) fn look(&mut self, now: Now) -> bool {
        let ran_ms = now.boot_ms.saturating_sub(self.boot_ms);
        self.ms = self.ms.saturating_add(ran_ms);
        self.boot_ms = now.boot_ms;
        if let Some(doubt) = &mut self.doubt {
            doubt.ran_ms = doubt.ran_ms.saturating_add(ran_ms);
        }
        let by_ms = now.offset().saturating_sub(self.offset);
        let set = by_ms.unsigned_abs() >= CLOCK_SET_MS;
        if set {
            self.offset = now.offset();
            // What the boot clock counted is right all the same; what was doubted before may be
            // explained by it.
            if let Some(Doubt { ms, .. }) = self.doubt.take() {
                self.leapt(ms.saturating_add(by_ms));
            }
        }
        if let Some(doubt) = &self.doubt
            && doubt.ran_ms >= LEAP_BELIEVED_MS
        {
            self.ms = self.ms.saturating_add(doubt.ms.try_into().unwrap_or(0));
            self.doubt = None;
        }
        set
    }

    fn leapt(&mut self, ms: i64) {
        if believed_at_once(ms) {
            self.ms = self.ms.saturating_add(ms.unsigned_abs());
        } else {
            self.doubt = Some(Doubt { ms, ran_ms: 0 });
        }
    }

    /// In whole minutes.
    pub(crate) fn minutes(&self) -> u32 {
        u32::try_from(self.ms / MINUTE_MS).unwrap_or(u32::MAX)
    }

    /// By how many minutes the wall clock leapt, as long as that is not believed.
    pub(crate) fn leap_min(&self) -> i64 {
        let doubt = self.doubt.as_ref();
        doubt.map_or(0, |doubt| doubt.ms / signed(MINUTE_MS))
    }

    /// What to store now.
    pub(crate) fn record(&self, now: Now) -> AgeRecord {
        let ran_ms = self.doubt.as_ref().map_or(0, |doubt| doubt.ran_ms);
        AgeRecord {
            minutes: self.minutes(),
            wall_min: now.minutes(),
            leap_min: self.leap_min(),
            ran_min: u32::try_from(ran_ms / MINUTE_MS).unwrap_or(u32::MAX),
        }
    }
}

/// Whether the wall clock may have gone so far over a stop.
fn believed_at_once(ms: i64) -> bool {
    u64::try_from(ms).is_ok_and(|ms| ms <= LEAP_MS_MAX)
}

fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

/// The number of an author's life that begins at a minute since 1970: days since 2026 began, at least
/// 1, so that it is above any earlier life of the same identity. PROTOCOL §4.5.
pub(crate) fn incarnation(minute: u32) -> u16 {
    const DAYS_TO_2026: u32 = 20_454;
    let days = (minute / DAY_MINUTES).saturating_sub(DAYS_TO_2026);
    u16::try_from(days).unwrap_or(u16::MAX - 1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: u64 = DAY_MINUTES as u64 * MINUTE_MS;
    const TODAY_MS: u64 = 20_000 * DAY_MS;

    fn now(wall_ms: u64, boot_ms: u64) -> Now {
        Now { wall_ms, boot_ms }
    }

    /// A node that was one day old when it stopped, started `gap_ms` later by its wall clock.
    fn started(gap_ms: i64) -> (Age, u64) {
        let mut age = Age::new(now(TODAY_MS, 0));
        let _ = age.look(now(TODAY_MS + DAY_MS, DAY_MS));
        let record = age.record(now(TODAY_MS + DAY_MS, DAY_MS));
        let wall_ms = (signed(TODAY_MS + DAY_MS) + gap_ms) as u64;
        (Age::restore(record, now(wall_ms, 5)), wall_ms)
    }

    #[test]
    fn a_night_without_power_counts() {
        let (age, _) = started(signed(DAY_MS / 2));
        assert_eq!((age.minutes(), age.leap_min()), (DAY_MINUTES * 3 / 2, 0));
    }

    #[test]
    fn a_leap_of_a_month_counts_only_after_a_day() {
        let (mut age, wall_ms) = started(signed(30 * DAY_MS));
        assert_eq!(age.minutes(), DAY_MINUTES);
        assert_eq!(age.leap_min(), i64::from(30 * DAY_MINUTES));
        let _ = age.look(now(wall_ms + DAY_MS / 2, 5 + DAY_MS / 2));
        assert_eq!(age.minutes(), DAY_MINUTES * 3 / 2);
        let _ = age.look(now(wall_ms + DAY_MS, 5 + DAY_MS));
        assert_eq!((age.minutes(), age.leap_min()), (32 * DAY_MINUTES, 0));
    }

    #[test]
    fn a_clock_that_is_put_right_in_time_never_counted() {
        let (mut age, wall_ms) = started(signed(30 * DAY_MS + DAY_MS / 4));
        let _ = age.look(now(wall_ms - 30 * DAY_MS + HOUR_MS, 5 + HOUR_MS));
        let (minutes, leap) = (age.minutes(), age.leap_min());
        assert_eq!((minutes, leap), (DAY_MINUTES * 5 / 4 + 60, 0));
    }

    #[test]
    fn a_doubt_survives_another_stop() {
        let (mut age, wall_ms) = started(signed(30 * DAY_MS));
        let _ = age.look(now(wall_ms + HOUR_MS, 5 + HOUR_MS));
        let record = age.record(now(wall_ms + HOUR_MS, 5 + HOUR_MS));
        let again = Age::restore(record, now(wall_ms + 2 * HOUR_MS - 30 * DAY_MS, 9));
        assert_eq!((again.minutes(), again.leap_min()), (DAY_MINUTES + 120, 0));
    }

    #[test]
    fn a_leap_is_believed_after_a_day_of_running_though_the_node_stops_every_night() {
        const RUN_MS: u64 = DAY_MS / 3;
        let (mut age, mut wall_ms) = started(signed(3 * DAY_MS));
        for day in 1..=3 {
            wall_ms += RUN_MS;
            let _ = age.look(now(wall_ms, 5 + RUN_MS));
            let nights = (day - 1) * DAY_MINUTES + DAY_MINUTES / 3;
            let leap = if day < 3 { 0 } else { 3 * DAY_MINUTES };
            assert_eq!(age.minutes(), DAY_MINUTES + nights + leap, "day {day}");
            let record = age.record(now(wall_ms, 5 + RUN_MS));
            wall_ms += DAY_MS - RUN_MS;
            age = Age::restore(record, now(wall_ms, 5));
        }
        assert_eq!((age.minutes(), age.leap_min()), (7 * DAY_MINUTES, 0));
    }

    #[test]
    fn a_clock_in_1970_that_is_put_right_costs_nothing() {
        let (mut age, _) = started(-signed(TODAY_MS));
        assert_eq!(age.minutes(), DAY_MINUTES);
        assert!(age.leap_min() < 0);
        let _ = age.look(now(TODAY_MS + DAY_MS + 2 * HOUR_MS, 5 + HOUR_MS));
        // The hour before the start is known now; the one after was counted already.
        assert_eq!((age.minutes(), age.leap_min()), (DAY_MINUTES + 120, 0));
    }

    #[test]
    fn a_clock_that_was_set_before_a_stop_is_no_leap_after_it() {
        let mut age = Age::new(now(TODAY_MS, 0));
        let ahead = TODAY_MS + 30 * DAY_MS;
        assert!(!age.look(now(TODAY_MS + HOUR_MS, HOUR_MS)));
        assert!(age.look(now(ahead, 2 * HOUR_MS)), "to be stored");
        let record = age.record(now(ahead, 2 * HOUR_MS));
        let again = Age::restore(record, now(ahead + HOUR_MS, 0));
        assert_eq!((again.minutes(), again.leap_min()), (180, 0));
    }

    #[test]
    fn a_clock_that_is_set_while_the_node_runs_moves_nothing() {
        let mut age = Age::new(now(TODAY_MS, 0));
        for (wall_ms, boot_ms) in [
            (0, HOUR_MS),
            (TODAY_MS * 3, 2 * HOUR_MS),
            (u64::MAX, 3 * HOUR_MS),
            (TODAY_MS, 4 * HOUR_MS),
        ] {
            let _ = age.look(now(wall_ms, boot_ms));
            assert_eq!(u64::from(age.minutes()) * MINUTE_MS, boot_ms);
        }
    }
}
