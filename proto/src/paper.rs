//! One sealed parcel as a line of text, for a code on paper. PROTOCOL §5 "By hand".

use zeroize::Zeroizing;

use crate::invite::code::base32::{from_base32, is_filler, straightened, to_base32};
use crate::limits::BUCKETS;

/// How such a line begins.
pub const PREFIX: &str = "KITHP:";

/// A parcel of the smallest bucket as text: capitals and digits, as codes hold them best. None for another
/// length.
pub fn write(parcel: &[u8]) -> Option<String> {
    let mut text = PREFIX.to_owned();
    (parcel.len() == BUCKETS[0]).then(|| to_base32(parcel, &mut text))?;
    Some(text)
}

/// Whether a text wants to be one.
pub fn is_one(text: &str) -> bool {
    let start = text.trim_start().get(..PREFIX.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// The parcel that a text holds, in any case and with blanks anywhere. None if it holds none.
pub fn read(text: &str) -> Option<Vec<u8>> {
    let symbols = is_one(text).then(|| text.trim_start().get(PREFIX.len()..))??;
    // Twice what one has: blanks between.
    if symbols.len() > 4 * BUCKETS[0] {
        return None;
    }
    let symbols = symbols.chars().filter(|c| !is_filler(*c)).map(straightened);
    let symbols = Zeroizing::new(symbols.collect::<Vec<_>>());
    let mut parcel = Vec::with_capacity(BUCKETS[0]);
    from_base32(&symbols, &mut parcel).ok()?;
    (parcel.len() == BUCKETS[0]).then_some(parcel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_comes_back_from_paper_as_it_was() {
        let parcel: Vec<u8> = (0..2048u32).map(|n| (n * n / 3) as u8).collect();
        let text = write(&parcel).unwrap();
        assert_eq!(text.len(), PREFIX.len() + 3277);
        assert_eq!(read(&text).unwrap(), parcel);
        let spaced: String = text.to_lowercase().chars().flat_map(|c| [c, ' ']).collect();
        assert!(!is_one(&spaced), "but not within its first letters");
        let broken = format!("{} \n{}", &text[..1000].to_lowercase(), &text[1000..]);
        assert_eq!(read(&broken).unwrap(), parcel);
        assert!(write(&parcel[1..]).is_none());
        for wrong in [
            &text[..text.len() - 1],
            &text[1..],
            "KITHP:",
            "",
            "KITHP:é",
            &format!("{text}0"),
        ] {
            assert!(read(wrong).is_none());
        }
    }
}
