//! Times and sizes as people write them in the settings: `7d`, `12 h`, `none`; `512 MiB`.

use serde::{Deserialize, Serialize};

/// Minutes, written as a number and `m`, `h` or `d`; `none` for 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Minutes(pub u32);

/// Bytes, written as a number and `MiB` or `GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes(pub u64);

/// The largest unit first: what is written is the shortest that says the same.
const TIMES: [(&str, u64); 3] = [("d", 24 * 60), ("h", 60), ("m", 1)];
const SIZES: [(&str, u64); 2] = [("GiB", 1 << 30), ("MiB", 1 << 20)];
/// The same in French, which is read and never written.
const SIZES_FRENCH: [(&str, u64); 2] = [("Gio", 1 << 30), ("Mio", 1 << 20)];

impl TryFrom<String> for Minutes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim() == "none" {
            return Ok(Self(0));
        }
        let minutes = amount(&text, &TIMES).and_then(|minutes| u32::try_from(minutes).ok());
        minutes.map(Self).ok_or("not a time such as 7d or 12h")
    }
}

impl From<Minutes> for String {
    fn from(Minutes(minutes): Minutes) -> Self {
        match minutes {
            0 => "none".to_owned(),
            minutes => written(minutes.into(), &TIMES, ""),
        }
    }
}

impl TryFrom<String> for Bytes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = amount(&text, &SIZES).or_else(|| amount(&text, &SIZES_FRENCH));
        bytes.map(Self).ok_or("not a size such as 512 MiB")
    }
}

impl From<Bytes> for String {
    fn from(Bytes(bytes): Bytes) -> Self {
        written(bytes, &SIZES, " ")
    }
}

fn amount(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let (unit, times) = units.iter().find(|(unit, _)| text.ends_with(unit))?;
    let count: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
    count.checked_mul(*times)
}

fn written(amount: u64, units: &[(&str, u64)], between: &str) -> String {
    let whole = units
        .iter()
        .find(|(_, times)| amount.is_multiple_of(*times));
    let (unit, times) = whole.unwrap_or(&units[units.len() - 1]);
    format!("{}{between}{unit}", amount / times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for text in ["7d", "12h", "90m", "none"] {
            let minutes = Minutes::try_from(text.to_owned()).unwrap();
            assert_eq!(String::from(minutes), text);
        }
        for text in ["512 MiB", "2 GiB"] {
            let bytes = Bytes::try_from(text.to_owned()).unwrap();
            assert_eq!(String::from(bytes), text);
        }
        assert_eq!(Minutes::try_from("24 h".to_owned()), Ok(Minutes(24 * 60)));
        for text in ["64MiB", "64 Mio"] {
            assert_eq!(Bytes::try_from(text.to_owned()), Ok(Bytes(64 << 20)));
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "7",
            "d",
            "-1d",
            "1.5h",
            "7w",
            "99999999999999999999d",
            "4294967295d",
        ] {
            assert!(Minutes::try_from(text.to_owned()).is_err(), "{text}");
        }
        for text in ["", "512", "MiB", "512 MB", "-1 GiB", "99999999999999 GiB"] {
            assert!(Bytes::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
