//! Times and sizes, short enough to be read aloud.

use crate::words::{Msg, Value, Words, msg};

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

/// So many bytes, to be said in a sentence: each language writes them in its own way.
pub(crate) fn size(bytes: u64) -> Value {
    Value::Bytes(bytes)
}

/// `3 KiB`, `1.4 MiB`, `20 GiB`
pub(crate) fn sized(bytes: u64) -> Msg {
    match bytes {
        0..1024 => msg!("size-bytes", count = bytes),
        1024..1_048_576 => msg!("size-kib", count = bytes / 1024),
        1_048_576..104_857_600 => {
            let tenths = bytes.saturating_mul(10) / 1_048_576;
            msg!("size-mib-tenths", whole = tenths / 10, tenths = tenths % 10)
        }
        104_857_600..10_737_418_240 => msg!("size-mib", count = bytes / 1_048_576),
        _ => msg!("size-gib", count = bytes / 1_073_741_824),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::every_language;
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
        for (bytes, in_french, in_english) in [
            (0, "0 o", "0 B"),
            (1023, "1023 o", "1023 B"),
            (1024, "1 Kio", "1 KiB"),
            (1_048_575, "1023 Kio", "1023 KiB"),
            (1_468_006, "1,3 Mio", "1.3 MiB"),
            (512 << 20, "512 Mio", "512 MiB"),
            (20 << 30, "20 Gio", "20 GiB"),
        ] {
            for (words, told) in every_language().iter().zip([in_french, in_english]) {
                let said = words.say(&msg!("status-disk", size = size(bytes), max = size(0)));
                assert!(
                    said.replace('\u{a0}', " ").contains(&format!(" {told} ")),
                    "{said}"
                );
            }
        }
    }
}
