//! Whatever bytes come: they are refused, or have one spelling.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn any_head_is_read_as_it_was_written(
        numbers in any::<(u16, u32, u32, u32)>(),
        hashes in any::<(Hash, Hash, Hash, Hash)>(),
        all in any::<bool>(),
        parents in btree_set(any::<Hash>(), 0..=4),
        digests in btree_map((0u8..64, any::<u16>()), (1u32.., any::<Hash>()), 0..=4),
        text in ".{1,40}",
    ) {
        let circle = if all { Circle::All } else { Circle::Members };
        let digests = digests.into_iter().map(|((index, incarnation), (number, head))| {
            Digest { index, circle, incarnation, number, head }
        });
        let head = Head {
            incarnation: numbers.0,
            number: numbers.1.max(1),
            minute: numbers.2,
            keep: numbers.3,
            gid: hashes.0,
            view: hashes.1,
            circle,
            prev: hashes.2,
            parents: parents.into_iter().collect(),
            salt: hashes.3,
            digests: digests.collect(),
        };
        again(&Message::Chained(Box::new(head), Body::Text(&text)));
    }

    #[test]
    fn hostile_bytes_are_refused_or_have_one_spelling(
        kind in 31u8..43,
        mut rest in vec(any::<u8>(), 0..600),
        tame in any::<bool>(),
    ) {
        if tame {
            rest.iter_mut().for_each(|byte| *byte &= 3);
        }
        rest.insert(0, kind);
        if let Ok((mid, message)) = decode(&rest) {
            prop_assert_eq!(message.encode(&mid).to_vec(), rest);
        }
    }

    #[test]
    fn one_wrong_byte_is_refused_or_said_again_as_it_came(
        which in 0usize..23,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let message = &one_of_each()[which];
        let mut bytes = message.encode(&MID).to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((mid, message)) = decode(&bytes) {
            prop_assert_eq!(message.encode(&mid).to_vec(), bytes);
        }
    }
}
