//! Beacons: a datagram by which friends on one network find each other, and which is noise to all others.
//!
//! Below the engine, which says when one leaves and what a heard one leads to; knows no friend, only
//! keys. A beacon says nothing but "whoever holds this key can reach me here": what follows is a dial,
//! and the door's handshake. PROTOCOL §3 "Beacons".

use crate::kdf::{self, Entropy};
use crate::limits::{BEACON_SLOT_MS, BEACON_TAGS};
use crate::secret::{Beacon, Key};
use crate::wire::Addr;

/// N, which makes each beacon's tags other ones.
const NONCE_BYTES: usize = 24;
/// Of a tag; a chance beacon fits one of 256 friends once in 2^48.
const TAG_BYTES: usize = 8;
/// A tag and a masked port.
const ENTRY_BYTES: usize = TAG_BYTES + 2;

type Entry = [u8; ENTRY_BYTES];

/// Which stretch of time tags belong to.
fn slot(wall_ms: u64) -> u64 {
    wall_ms / BEACON_SLOT_MS
}

/// `MAC(beacon, N | slot u64 | host)[..10]`: the tag, and what masks the port. The host is that of the
/// sender: from elsewhere a recorded beacon is nobody's.
fn entry(key: &Key<Beacon>, nonce: &[u8; NONCE_BYTES], slot: u64, host: &[u8]) -> Entry {
    kdf::mac(key, &[nonce, &slot.to_le_bytes(), host])
}

fn masked(mut entry: Entry, port: u16) -> Entry {
    let [.., low, high] = &mut entry;
    let [a, b] = port.to_le_bytes();
    (*low, *high) = (*low ^ a, *high ^ b);
    entry
}

/// A beacon from an address of mine for the friends who share these keys, at most
/// [`BEACON_TAGS`](crate::limits::BEACON_TAGS) of them. Where an entry stands says nothing.
pub(crate) fn seal(
    keys: &[Key<Beacon>],
    from: &Addr,
    wall_ms: u64,
    entropy: &mut Entropy,
) -> Vec<u8> {
    let nonce: [u8; NONCE_BYTES] = entropy.bytes();
    let mut entries: [Entry; BEACON_TAGS] = [[0; ENTRY_BYTES]; BEACON_TAGS];
    entries.iter_mut().for_each(|entry| entropy.fill(entry));
    for (to, key) in entries.iter_mut().zip(keys) {
        *to = masked(entry(key, &nonce, slot(wall_ms), from.host()), from.port());
    }
    shuffle(&mut entries, entropy);
    let entries = entries.iter().flatten().copied();
    nonce.into_iter().chain(entries).collect()
}

/// Any order is as likely as any other, up to a bias of 2^-26.
fn shuffle(entries: &mut [Entry; BEACON_TAGS], entropy: &mut Entropy) {
    for left in (1..entries.len()).rev() {
        let drawn = u32::from_le_bytes(entropy.bytes()) as usize % (left + 1);
        entries.swap(left, drawn);
    }
}

/// A beacon that came in.
pub(crate) struct Heard<'a> {
    nonce: &'a [u8; NONCE_BYTES],
    entries: &'a [Entry],
    from: Addr,
    slot: u64,
}

impl<'a> Heard<'a> {
    /// From this host, whatever its port. Nothing if it has another length.
    pub(crate) fn read(from: Addr, bytes: &'a [u8], wall_ms: u64) -> Option<Self> {
        let (nonce, entries) = bytes.split_first_chunk()?;
        let (entries, rest) = entries.as_chunks();
        (entries.len() == BEACON_TAGS && rest.is_empty()).then_some(Self {
            nonce,
            entries,
            from,
            slot: slot(wall_ms),
        })
    }

    /// Where its sender can be dialled, if it is for who shares this key with them.
    pub(crate) fn addr(&self, key: &Key<Beacon>) -> Option<Addr> {
        let slots = self.slot.saturating_sub(1)..=self.slot.saturating_add(1);
        let port = slots.into_iter().find_map(|slot| {
            let mine = entry(key, self.nonce, slot, self.from.host());
            let fits = |other: &&Entry| other[..TAG_BYTES] == mine[..TAG_BYTES];
            let [.., low, high] = *self.entries.iter().find(fits)?;
            let [.., a, b] = mine;
            Some(u16::from_le_bytes([low ^ a, high ^ b]))
        })?;
        (port != 0).then(|| self.from.at(port))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::limits::BEACON_BYTES;

    const FROM: Addr = Addr::V4([192, 168, 1, 7], 20_000);
    const WALL_MS: u64 = 1_800_000_000_000;

    fn key(n: u8) -> Key<Beacon> {
        Key::fill(|bytes| bytes.fill(n))
    }

    fn sealed(keys: u8, seed: u8) -> Vec<u8> {
        let keys: Vec<_> = (0..keys).map(key).collect();
        seal(&keys, &FROM, WALL_MS, &mut Entropy::new([seed; 32]))
    }

    fn heard(bytes: &[u8], n: u8) -> Option<Addr> {
        Heard::read(FROM.at(9), bytes, WALL_MS)?.addr(&key(n))
    }

    /// The bytes of entry 0 before they are shuffled, worked out with the `blake3` crate's own door.
    #[test]
    fn an_entry_is_what_the_protocol_says() {
        let mut said = Vec::new();
        for field in [
            [3; 24].as_slice(),
            &125_000_u64.to_le_bytes(),
            &[192, 168, 1, 7],
        ] {
            said.extend((field.len() as u32).to_le_bytes());
            said.extend(field);
        }
        let mac = blake3::keyed_hash(&[5; 32], &said);
        let entry = entry(&key(5), &[3; 24], slot(WALL_MS), FROM.host());
        assert_eq!(entry, mac.as_bytes()[..10]);
        let port = masked(entry, 0x4e20);
        assert_eq!(port[..8], entry[..8]);
        assert_eq!([port[8] ^ 0x20, port[9] ^ 0x4e], entry[8..]);
    }

    #[test]
    fn friends_learn_the_port_and_others_nothing() {
        let bytes = sealed(BEACON_TAGS as u8, 1);
        assert_eq!(bytes.len(), BEACON_BYTES);
        for n in 0..BEACON_TAGS as u8 {
            assert_eq!(heard(&bytes, n), Some(FROM));
        }
        assert_eq!(heard(&bytes, 200), None);
    }

    #[test]
    fn all_beacons_have_one_length_and_share_no_entry() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..40 {
            let bytes = sealed(seed % 5, seed);
            assert_eq!(bytes.len(), BEACON_BYTES, "whatever the number of friends");
            let entries = bytes[NONCE_BYTES..].chunks(ENTRY_BYTES);
            assert!(seen.insert(bytes[..NONCE_BYTES].to_vec()));
            entries.for_each(|entry| assert!(seen.insert(entry.to_vec())));
        }
    }

    /// Of one friend: else its place would say how many come before it.
    #[test]
    fn an_entry_can_stand_anywhere() {
        let mut places = std::collections::BTreeSet::new();
        for seed in 0..=255 {
            let bytes = sealed(1, seed);
            let nonce = bytes.first_chunk().unwrap();
            let tag = entry(&key(0), nonce, slot(WALL_MS), FROM.host());
            let mut entries = bytes[NONCE_BYTES..].chunks(ENTRY_BYTES);
            places.insert(entries.position(|entry| entry[..8] == tag[..8]).unwrap());
        }
        assert!(places.len() > 50, "{} places in 256 beacons", places.len());
    }

    #[test]
    fn from_another_address_a_recorded_beacon_is_nobodys() {
        let bytes = sealed(3, 1);
        for elsewhere in [
            Addr::V4([192, 168, 1, 8], 20_000),
            Addr::V6([0; 16], 20_000),
        ] {
            let heard = Heard::read(elsewhere, &bytes, WALL_MS).unwrap();
            assert_eq!(heard.addr(&key(0)), None);
        }
    }

    #[test]
    fn half_a_day_later_a_recorded_beacon_is_nobodys() {
        let bytes = sealed(3, 1);
        let at = |wall_ms| Heard::read(FROM, &bytes, wall_ms).unwrap().addr(&key(0));
        for near in [WALL_MS - BEACON_SLOT_MS, WALL_MS + BEACON_SLOT_MS] {
            assert_eq!(at(near), Some(FROM), "clocks differ");
        }
        for far in [
            0,
            WALL_MS - 2 * BEACON_SLOT_MS,
            WALL_MS + 3 * BEACON_SLOT_MS,
            u64::MAX,
        ] {
            assert_eq!(at(far), None);
        }
    }

    #[test]
    fn port_0_leads_nowhere() {
        let from = Addr::V4([10, 0, 0, 1], 0);
        let bytes = seal(&[key(1)], &from, WALL_MS, &mut Entropy::new([1; 32]));
        let heard = Heard::read(from, &bytes, WALL_MS).unwrap();
        assert_eq!(heard.addr(&key(1)), None);
    }

    proptest! {
        #[test]
        fn what_is_no_beacon_is_nobodys(bytes in prop::collection::vec(any::<u8>(), 0..1600)) {
            prop_assert_eq!(heard(&bytes, 1), None);
        }

        /// One entry's tag in a beacon for two: the other still reads it, whatever was done to the rest.
        #[test]
        fn a_broken_entry_breaks_no_other(at in 0..BEACON_TAGS, flip in 1..=255_u8) {
            let mut bytes = sealed(2, 1);
            bytes[NONCE_BYTES + at * ENTRY_BYTES] ^= flip;
            let reached = [heard(&bytes, 0), heard(&bytes, 1)];
            prop_assert!(reached.iter().flatten().count() >= 1);
            prop_assert!(reached.iter().flatten().all(|addr| *addr == FROM));
        }
    }
}
