//! Times and sizes, short enough to be read aloud.

use crate::words::{Words, msg};

/// `7 days`, `1 day 4 h`, `90 min`: at most two units, and never more than it is.
pub(crate) fn span(words: &Words, minutes: u32) -> String {
    let (days, hours) = (minutes / (24 * 60), minutes / 60 % 24);
    let units = [
        (days, msg!("span-days", count = days)),
        (hours, msg!("span-hours", count = hours)),
        (minutes % 60, msg!("span-minutes", count = minutes % 60)),
    ];
    let told = units.iter().skip_while(|(count, _)| *count == 0).take(2);
    let told = told.filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(_, unit)| words.say(unit)).collect();
    match told.is_empty() {
        true => words.say(&msg!("span-minutes", count = 0)),
        false => told.join(" "),
    }
}

/// `3 KiB`, `1.4 MiB`, `20 GiB`
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        1_048_576..104_857_600 => {
            let tenths = bytes.saturating_mul(10) / 1_048_576;
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
        104_857_600..10_737_418_240 => format!("{} MiB", bytes / 1_048_576),
        _ => format!("{} GiB", bytes / 1_073_741_824),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_node::control::shape::Language;

    #[test]
    fn a_span_has_at_most_two_units() {
        let words = Words::new(Language::English);
        for (minutes, told) in [
            (0, "0\u{a0}min"),
            (90, "1\u{a0}h 30\u{a0}min"),
            (24 * 60, "1\u{a0}day"),
            (7 * 24 * 60, "7\u{a0}days"),
            (24 * 60 + 61, "1\u{a0}day 1\u{a0}h"),
            (24 * 60 + 59, "1\u{a0}day"),
        ] {
            assert_eq!(span(&words, minutes), told);
        }
    }

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 1023, 1024, 1_048_575, 1_468_006, 512 << 20, 20 << 30];
        assert_eq!(
            sizes.map(size),
            [
                "0 B", "1023 B", "1 KiB", "1023 KiB", "1.3 MiB", "512 MiB", "20 GiB"
            ]
        );
    }
}
