//! The constructions: fields that cannot be confused, short cuts that hash like all else, streams.

use std::collections::BTreeSet;

use super::*;
use crate::secret::Root;

#[test]
fn no_two_labels_are_the_same() {
    let unique: BTreeSet<_> = CONTEXTS.iter().collect();
    assert_eq!(unique.len(), label::ALL.len());
}

#[test]
fn fields_cannot_slide_into_each_other() {
    let a: [u8; 32] = digest(label::CHAIN, &[b"ab", b"c"]);
    let b: [u8; 32] = digest(label::CHAIN, &[b"a", b"bc"]);
    assert_ne!(a, b);
}

/// The documented way, piece by piece.
fn plainly(mut hasher: blake3::Hasher, fields: &[&[u8]]) -> [u8; 32] {
    each_part(fields, |part| {
        hasher.update(part);
    });
    *hasher.finalize().as_bytes()
}

#[test]
fn what_fits_a_block_and_what_is_long_are_hashed_like_all_else() {
    let key = Key::<Root>::fill(|b| b.fill(1));
    for length in [
        0, 1, 24, 32, 55, 56, 57, 64, 65, 128, 500, 1016, 1017, 1020, 1021, 2039, 2040, 5000,
    ] {
        let long: Vec<u8> = (0..length).map(|n| n as u8).collect();
        for fields in [&[&long[..]][..], &[b"", &long]] {
            let keyed = blake3::Hasher::new_keyed(key.expose());
            assert_eq!(mac::<_, 32>(&key, fields), plainly(keyed, fields));
            let derived = blake3::Hasher::new_derive_key("kith 2026 v1 chain");
            assert_eq!(digest(label::CHAIN, fields), plainly(derived, fields));
        }
    }
}

#[test]
fn a_short_message_under_many_keys_has_the_tags_it_has_alone() {
    for (byte, nonce) in [[0; 24], [0xFF; 24], [3; 24]].iter().enumerate() {
        let key = Key::<Root>::fill(|b| b.fill(byte as u8));
        let tag: [u8; 16] = mac(&key, &[b"find", nonce]);
        let short = ShortMessage::new(&[b"find", nonce]).unwrap();
        assert_eq!(short.mac(&key).to_le_bytes(), tag);
    }
    assert!(ShortMessage::new(&[b"find", &[0; 53]]).is_none());
}

#[test]
fn entropy_is_the_expansion_of_what_was_given_draw_after_draw() {
    let mut whole = vec![0; 500];
    let mut hasher = blake3::Hasher::new_derive_key("kith 2026 v1 entropy");
    hasher.update(&[7; 32]).finalize_xof().fill(&mut whole);
    let mut entropy = Entropy::new([7; 32]);
    let mut drawn = Vec::new();
    for length in [0, 1, 63, 64, 65, 24, 200, 83] {
        let mut draw = vec![0; length];
        entropy.fill(&mut draw);
        drawn.extend(draw);
    }
    assert_eq!(drawn, whole);
}

#[test]
fn a_stream_is_the_same_whatever_its_length() {
    let key = Key::<Root>::fill(|b| b.fill(1));
    let mut whole = vec![0; 1024];
    XChaCha20::new(key.expose().into(), &[2; 24].into()).apply_keystream(&mut whole);
    for length in 0..whole.len() {
        let mut part = vec![0; length];
        stream(&key, &[2; 24], &mut part);
        assert_eq!(part, whole[..length]);
    }
}

#[test]
fn a_stream_applied_twice_is_nothing() {
    let key = Key::<Root>::fill(|b| b.fill(1));
    let mut text = *b"salut";
    stream(&key, &[2; 24], &mut text);
    assert_ne!(&text, b"salut");
    stream(&key, &[2; 24], &mut text);
    assert_eq!(&text, b"salut");
}
