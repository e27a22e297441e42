//! Times as a person reads them: local, to the minute. The wire and the disk keep UTC.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use crate::words::{Words, msg};

/// A sender's clock may be off by so much before its claim is worth a word.
const CLAIM_SLACK: SignedDuration = SignedDuration::from_mins(2);

/// The person's clock and time zone.
pub(crate) struct Clock {
    now: DateTime,
    zone: TimeZone,
}

impl Clock {
    /// As it is now.
    pub(crate) fn now() -> Self {
        Self::at(&Zoned::now())
    }

    /// As it is then and there.
    pub(crate) fn at(now: &Zoned) -> Self {
        Self {
            now: now.datetime(),
            zone: now.time_zone().clone(),
        }
    }

    /// `14:03`, now.
    pub(crate) fn hour(&self) -> String {
        self.now.strftime("%H:%M").to_string()
    }

    /// `14:03` today, `2026-11-20 14:03` any other day.
    pub(crate) fn stamp(&self, utc: &str) -> String {
        match self.local(utc) {
            Some(time) if time.date() == self.now.date() => time.strftime("%H:%M").to_string(),
            Some(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
            None => crate::view::name(utc),
        }
    }

    /// `2026-11-20`
    pub(crate) fn day(&self, utc: &str) -> String {
        match self.local(utc) {
            Some(time) => time.strftime("%Y-%m-%d").to_string(),
            None => crate::view::name(utc),
        }
    }

    /// `20 November 2026`
    pub(crate) fn long_day(&self, words: &Words, utc: &str) -> String {
        match self.local(utc) {
            Some(time) => long_day(words, time),
            None => crate::view::name(utc),
        }
    }

    /// The same of today.
    pub(crate) fn today(&self, words: &Words) -> String {
        long_day(words, self.now)
    }

    /// `20 November 2026 at 18:00`: for what is read on another day.
    pub(crate) fn moment(&self, words: &Words, utc: &str) -> String {
        let Some(time) = self.local(utc) else {
            return crate::view::name(utc);
        };
        let (date, hour) = (long_day(words, time), time.strftime("%H:%M").to_string());
        words.say(&msg!("time-date", date = date, hour = hour))
    }

    /// When it arrived, and when its author says it was written, if that is another time.
    pub(crate) fn arrival(&self, words: &Words, received: &str, claimed: &str) -> String {
        let arrived = self.stamp(received);
        let times: Option<(Timestamp, Timestamp)> = received.parse().ok().zip(claimed.parse().ok());
        match times {
            Some((got, said)) if got.duration_since(said).abs() > CLAIM_SLACK => {
                let same_day = self.day(received) == self.day(claimed);
                let said = match self.local(claimed) {
                    Some(time) if same_day => time.strftime("%H:%M").to_string(),
                    _ => self.stamp(claimed),
                };
                words.say(&msg!("time-claimed", time = arrived, claimed = said))
            }
            _ => arrived,
        }
    }

    /// `today 18:00`, `tomorrow 18:00`, or the date.
    pub(crate) fn until(&self, words: &Words, utc: &str) -> String {
        let Some(time) = self.local(utc) else {
            return crate::view::name(utc);
        };
        let hour = time.strftime("%H:%M").to_string();
        let tomorrow = self.now.date().checked_add(1.day()).ok();
        if time.date() == self.now.date() {
            words.say(&msg!("time-today", hour = hour))
        } else if Some(time.date()) == tomorrow {
            words.say(&msg!("time-tomorrow", hour = hour))
        } else {
            let date = time.strftime("%Y-%m-%d").to_string();
            words.say(&msg!("time-date", date = date, hour = hour))
        }
    }

    fn local(&self, utc: &str) -> Option<DateTime> {
        let time: Timestamp = utc.parse().ok()?;
        Some(self.zone.to_datetime(time))
    }
}

/// When a day begins here, `2026-11-20`, in minutes since 1970.
pub(crate) fn day_begins(text: &str) -> Option<u32> {
    let day: Date = text
        .parse()
        .ok()
        .filter(|_| text.len() == "2026-11-20".len())?;
    let begins = day.to_zoned(TimeZone::system()).ok()?;
    u32::try_from(begins.timestamp().as_second() / 60).ok()
}

fn long_day(words: &Words, time: DateTime) -> String {
    words.say(&msg!(
        "day-long",
        day = i64::from(time.day()),
        month = i64::from(time.month()),
        year = time.year().to_string()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_node::control::shape::Language;

    fn clock() -> Clock {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let now: Timestamp = "2026-11-21T13:30:00Z".parse().unwrap();
        Clock::at(&now.to_zoned(zone))
    }

    #[test]
    fn times_are_local_and_dated_when_not_today() {
        assert_eq!(clock().hour(), "14:30");
        assert_eq!(clock().stamp("2026-11-21T13:03:00Z"), "14:03");
        assert_eq!(clock().stamp("2026-11-20T23:30:00Z"), "00:30");
        assert_eq!(clock().stamp("2026-11-20T13:03:00Z"), "2026-11-20 14:03");
        assert_eq!(
            clock().stamp("\u{1b}[2J"),
            "\u{241b}[2J".replace('\u{241b}', &crate::view::name("\u{1b}"))
        );
    }

    #[test]
    fn a_day_can_be_read_aloud() {
        let told = |language, utc| clock().long_day(&Words::new(language), utc);
        let english = "20 November 2026";
        assert_eq!(told(Language::English, "2026-11-20T13:00:00Z"), english);
        let french = "1er\u{a0}février 2026";
        assert_eq!(told(Language::French, "2026-01-31T23:30:00Z"), french);
        assert_eq!(
            told(Language::French, "2026-12-09T13:00:00Z"),
            "9\u{a0}décembre 2026"
        );
    }

    #[test]
    fn a_claim_is_shown_when_it_differs_by_more_than_two_minutes() {
        let words = Words::new(Language::English);
        let arrival = |claimed| clock().arrival(&words, "2026-11-21T13:03:00Z", claimed);
        assert_eq!(arrival("2026-11-21T13:01:00Z"), "14:03");
        assert_eq!(arrival("2026-11-21T13:05:00Z"), "14:03");
        assert_eq!(arrival("2026-11-21T08:12:00Z"), "14:03 (says 09:12)");
        assert_eq!(arrival("2026-11-21T13:06:00Z"), "14:03 (says 14:06)");
        assert_eq!(
            arrival("2026-11-19T13:06:00Z"),
            "14:03 (says 2026-11-19 14:06)"
        );
    }

    #[test]
    fn an_end_is_told_by_its_day() {
        let words = Words::new(Language::English);
        let until = |utc| clock().until(&words, utc);
        assert_eq!(until("2026-11-21T17:00:00Z"), "today at 18:00");
        assert_eq!(until("2026-11-22T17:00:00Z"), "tomorrow at 18:00");
        assert_eq!(until("2026-11-28T17:00:00Z"), "2026-11-28 at 18:00");
        let moment = clock().moment(&words, "2026-11-28T17:00:00Z");
        assert_eq!(moment, "28 November 2026 at 18:00");
    }
}
