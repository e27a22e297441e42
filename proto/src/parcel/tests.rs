//! What every parcel promises: one bucket long, one pair of keys, and no bit of it to be turned.

use super::*;
use crate::identity::Point;
use crate::kdf::label;
use crate::kem::CT_BYTES;
use crate::secret::Header;

fn keys() -> (HeaderKeys, Key<Message>) {
    let header = HeaderKeys::new(Key::fill(|b| b.fill(1)));
    (header, Key::fill(|b| b.fill(2)))
}

fn point() -> Point {
    crate::identity::public(&Key::<crate::secret::RatchetScalar>::fill(|b| b.fill(5)))
}

fn sealed(core: &Core, payload: &[u8]) -> Vec<u8> {
    let (header, message) = keys();
    seal(
        core,
        &header,
        message,
        &[3; 32],
        [4; 24],
        Contents {
            ext: &vec![6; core.ext_len],
            payload,
            bucket: bucket_for(payload.len()).unwrap(),
        },
    )
}

fn opened(bytes: &[u8]) -> Result<Said, BadParcel> {
    let (header, message) = keys();
    let parcel = Parcel::parse(bytes).ok_or(BadParcel)?;
    if !parcel.fits(&header) {
        return Err(BadParcel);
    }
    let core = parcel.core(&header)?;
    assert_eq!(parcel.ext(&header, &core)?, vec![6; core.ext_len]);
    parcel.open(&core, &message, &[3; 32])
}

fn core(n: u32, pn: u32) -> Core {
    Core {
        kind: Kind::Ratchet,
        dh: Some(point()),
        pn,
        n,
        ext_len: 0,
    }
}

fn with_ext(ext_len: usize) -> Core {
    Core {
        ext_len,
        ..core(0, 0)
    }
}

#[test]
fn the_bucket_is_chosen_as_if_the_kem_field_were_there() {
    for (payload, bucket) in [
        (0, 2048),
        (724, 2048),
        (725, 8192),
        (6868, 8192),
        (6869, 65536),
        (64_212, 65536),
    ] {
        assert_eq!(bucket_for(payload), Some(bucket), "{payload} bytes");
    }
    assert_eq!(bucket_for(64_213), None);
    for payload in 0..=64_212 {
        let bucket = bucket_for(payload).unwrap();
        for ext in [0, CT_BYTES, EK_BYTES] {
            assert!(payload + OVERHEAD + ext <= bucket, "{payload} with {ext}");
        }
    }
}

#[test]
fn a_parcel_is_exactly_one_bucket_and_opens() {
    for length in [0, 1, 724, 725, 6868, 64_212] {
        let payload: Vec<u8> = (0..length).map(|n| n as u8).collect();
        for ext in [0, CT_BYTES, EK_BYTES] {
            let bytes = sealed(&with_ext(ext), &payload);
            assert_eq!(Some(bytes.len()), bucket_for(length));
            assert_eq!(&**opened(&bytes).unwrap(), payload.as_slice());
        }
    }
}

#[test]
fn every_single_bit_flip_is_refused() {
    for ext in [0, EK_BYTES] {
        let bytes = sealed(&with_ext(ext), b"salut");
        let (header, message) = keys();
        for bit in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let parcel = Parcel::parse(&bad).unwrap();
            let opens = parcel.fits(&header)
                && parcel
                    .core(&header)
                    .is_ok_and(|core| parcel.open(&core, &message, &[3; 32]).is_ok());
            assert!(!opens, "bit {bit} with a field of {ext}");
        }
    }
}

#[test]
fn every_other_length_is_refused() {
    let bytes = sealed(&core(0, 0), b"salut");
    for cut in 0..bytes.len() {
        assert!(opened(&bytes[..cut]).is_err());
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(opened(&longer).is_err());
    longer.resize(8192, 0);
    assert!(opened(&longer).is_err(), "another bucket");
}

#[test]
fn a_chain_number_beyond_the_bound_is_refused_before_hashing() {
    for (n, pn) in [
        (1280, 0),
        (0, 1281),
        (1 << 31, 0),
        (u32::MAX, 0),
        (0, u32::MAX),
    ] {
        assert!(opened(&sealed(&core(n, pn), b"")).is_err(), "n {n} pn {pn}");
    }
    assert!(opened(&sealed(&core(1279, 1280), b"")).is_ok());
}

/// Attack 4: a field has one of three lengths, and none in a handshake.
#[test]
fn a_kem_field_of_another_length_is_refused() {
    for ext_len in [1, 32, 1087, 1089, 1183, 1185, 1912, 65_535] {
        let core = with_ext(ext_len).encode(2048);
        assert!(Core::decode(&core, 2048).is_none(), "{ext_len}");
    }
    for ext_len in [0, CT_BYTES, EK_BYTES] {
        let mut core = with_ext(ext_len).encode(2048);
        assert!(Core::decode(&core, 2048).is_some());
        core[1] = Kind::Ake1 as u8;
        core[4..36].fill(0);
        let taken = Core::decode(&core, 2048).is_some();
        assert_eq!(taken, ext_len == 0, "in a handshake");
    }
}

#[test]
fn padding_and_reserved_bytes_must_be_zero() {
    let (header, message) = keys();
    let forge = |at_core: Option<usize>, at_body: Option<usize>| {
        let mut hdr_ct = core(0, 0).encode(2048);
        if let Some(at) = at_core {
            hdr_ct[at] ^= 1;
        }
        header.stream(&[4; 24], &mut hdr_ct);
        let hdr_tag = header.tag(&[4; 24], &hdr_ct);
        let mut body = vec![0; 2048 - HEAD - BODY_TAG];
        if let Some(at) = at_body {
            body[at] ^= 1;
        }
        kdf::stream(&message, &[4; 24], &mut body);
        let tag = message_mac(
            &message,
            &[3; 32],
            [&[4; 24], &hdr_ct, &hdr_tag, &[], &body],
        );
        [[4; 24].as_slice(), &hdr_ct, &hdr_tag, &body, &tag].concat()
    };
    assert!(opened(&forge(None, None)).is_ok());
    for reserved in [0, 2, 3].into_iter().chain(44..64) {
        assert!(
            opened(&forge(Some(reserved), None)).is_err(),
            "core byte {reserved}"
        );
    }
    assert!(
        opened(&forge(None, Some(4))).is_err(),
        "padding after an empty payload"
    );
    assert!(
        opened(&forge(None, Some(3))).is_err(),
        "a length beyond the body"
    );
}

/// Attack 1: `dh` travels in the core, so it is checked there.
#[test]
fn a_ratchet_key_of_low_order_is_refused() {
    let mut zero = core(0, 0).encode(2048);
    assert!(Core::decode(&zero, 2048).is_some());
    for first in [0, 1] {
        zero[4..36].fill(0);
        zero[4] = first;
        assert!(Core::decode(&zero, 2048).is_none());
        zero[35] |= 0x80;
        assert!(Core::decode(&zero, 2048).is_none(), "with the high bit");
    }
}

/// Attack 60: keys that are near to the right ones, or come from them.
#[test]
fn a_parcel_opens_under_one_pair_of_keys_only() {
    let bytes = sealed(&with_ext(CT_BYTES), b"salut");
    let parcel = Parcel::parse(&bytes).unwrap();
    let (header, message) = keys();
    let core = parcel.core(&header).unwrap();
    for bit in 0..256 {
        let flipped = |key: &[u8; 32]| {
            let mut near = *key;
            near[bit / 8] ^= 1 << (bit % 8);
            near
        };
        let near: Key<Header> = Key::fill(|b| *b = flipped(header.key().expose()));
        assert!(!parcel.fits(&HeaderKeys::new(near)));
        let near = Key::fill(|b| *b = flipped(message.expose()));
        assert!(parcel.open(&core, &near, &[3; 32]).is_err());
    }
    for label in label::ALL {
        let derived = kdf::derive(*label, &[header.key().expose()]);
        assert!(!parcel.fits(&HeaderKeys::new(derived)));
        let derived = kdf::derive(*label, &[message.expose()]);
        assert!(parcel.open(&core, &derived, &[3; 32]).is_err());
    }
    // Nor does another cut between field and body, which the header's key would have to make.
    for ext_len in [0, EK_BYTES] {
        let other = Core {
            ext_len,
            ..core.clone()
        };
        assert!(parcel.open(&other, &message, &[3; 32]).is_err());
    }
}

#[test]
fn a_parcel_of_another_session_does_not_open() {
    let bytes = sealed(&core(0, 0), b"salut");
    let (header, message) = keys();
    let parcel = Parcel::parse(&bytes).unwrap();
    assert!(parcel.fits(&header));
    let core = parcel.core(&header).unwrap();
    assert!(parcel.open(&core, &message, &[9; 32]).is_err());
}
