//! An onion's name as Tor writes it, and back: base32 of the key, two bytes that check it, a version.

use data_encoding::BASE32_NOPAD;
use sha3::{Digest, Sha3_256};

const VERSION: u8 = 3;
/// A key, two bytes, a version.
const BYTES: usize = 35;

/// `xxx.onion`, 62 letters.
pub(crate) fn name(service: &[u8; 32]) -> String {
    let [a, b] = check(service);
    let bytes = [service.as_slice(), &[a, b, VERSION]].concat();
    BASE32_NOPAD.encode(&bytes).to_lowercase() + ".onion"
}

/// The key in a name without `.onion`, as Tor gives it.
pub(super) fn service(name: &str) -> Option<[u8; 32]> {
    let bytes = BASE32_NOPAD.decode(name.to_uppercase().as_bytes()).ok()?;
    let bytes: [u8; BYTES] = bytes.try_into().ok()?;
    let (service, rest) = bytes.split_first_chunk::<32>()?;
    let [a, b] = check(service);
    (rest == [a, b, VERSION]).then_some(*service)
}

fn check(service: &[u8; 32]) -> [u8; 2] {
    let mut hasher = Sha3_256::new();
    hasher.update(b".onion checksum");
    hasher.update(service);
    hasher.update([VERSION]);
    let [a, b, ..] = <[u8; 32]>::from(hasher.finalize());
    [a, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Tor project's own service.
    const KNOWN: &str = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid";

    #[test]
    fn a_name_is_read_as_it_is_written() {
        let key = service(KNOWN).unwrap();
        assert_eq!(name(&key), format!("{KNOWN}.onion"));
    }

    #[test]
    fn a_name_with_a_slip_is_none() {
        assert_eq!(service(&KNOWN.replacen('g', "h", 1)), None);
        assert_eq!(service(&KNOWN[..55]), None);
        assert_eq!(service(""), None);
        assert_eq!(service("facebookcorewwwi"), None);
    }
}
