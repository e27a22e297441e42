//! Whether the clock on the wall can be right.

use jiff::Timestamp;

use super::{Check, Facts, Verdict};
use crate::view;
use crate::when::Clock;
use crate::words::{Msg, Words, msg};

/// 2026-01-01, UTC, in seconds: no clock that is right says less to this program.
const PROGRAM_BORN: i64 = 1_767_225_600;

fn check(name: &'static str, verdict: Verdict, says: Msg) -> Check {
    Check::new("time", name, verdict, says)
}

pub(super) fn checks(words: &Words, facts: &Facts) -> Vec<Check> {
    let day = Clock::now().day(&facts.now.to_string());
    let clock = match facts.now < Timestamp::from_second(PROGRAM_BORN).unwrap_or_default() {
        true => check(
            "clock",
            Verdict::Fail,
            msg!("doctor-clock-wrong", day = day),
        )
        .command("timedatectl set-ntp true"),
        false => check("clock", Verdict::Ok, msg!("doctor-clock", day = day)),
    };
    let leap = facts.kept().map_or(0, |kept| kept.leap_min);
    let minutes = u32::try_from(leap.unsigned_abs()).unwrap_or(u32::MAX);
    let time = view::span(words, minutes);
    let leap = match leap {
        0 => return vec![clock],
        1.. => msg!("doctor-leap-ahead", time = time),
        _ => msg!("doctor-leap-back", time = time),
    };
    vec![clock, check("leap", Verdict::Warn, leap).command("date")]
}
