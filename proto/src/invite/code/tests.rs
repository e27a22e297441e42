//! Texts of invitations: laid as the vectors say, read however they were typed, and none by accident.

use proptest::prelude::*;
use serde_json::Value;

use super::base32::ALPHABET;
use super::*;

const V4: Addr = Addr::V4([192, 0, 2, 1], 4711);
const V6: Addr = Addr::V6([0x20; 16], 4711);
const ONION: Addr = Addr::Onion([0x33; 32], 4711);

fn code(addrs: &[Addr]) -> Code {
    Code {
        expiry_min: 29_900_000,
        ik: [0xA5; 32],
        secret: Code::secret(|secret| *secret = *b"sixteen bytes!!!"),
        addrs: addrs.to_vec(),
        language: Language::French,
    }
}

fn text(code: &Code) -> String {
    code.to_text().unwrap().to_string()
}

fn assert_same(a: &Code, b: &Code) {
    assert!(a.secret.same(&b.secret));
    assert_eq!(
        (a.expiry_min, a.ik, a.language),
        (b.expiry_min, b.ik, b.language)
    );
    assert_eq!(a.addrs, b.addrs);
}

fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../vectors/invite_code.json")).unwrap()
}

/// Any bytes, with the check and the text that they would have.
fn sealed(mut bytes: Vec<u8>) -> String {
    bytes.extend(check(&bytes));
    let mut text = PREFIX.to_string();
    to_base32(&bytes, &mut text);
    text
}

#[test]
fn codes_are_laid_as_the_vectors_say() {
    for case in vectors()["codes"].as_array().unwrap() {
        let what = &case["what"];
        let said = case["text"].as_str().unwrap();
        let read = Code::parse(said).unwrap();
        assert_eq!(
            read.expiry_min,
            case["expiry_min"].as_u64().unwrap() as u32,
            "{what}"
        );
        assert_eq!(read.ik.to_vec(), hex(&case["ik"]), "{what}");
        assert_eq!(read.secret.expose()[..16], hex(&case["secret"]), "{what}");
        let mut addrs = Writer::new();
        read.addrs
            .iter()
            .for_each(|addr| addr.encode(&mut addrs).unwrap());
        assert_eq!(addrs.into_vec(), hex(&case["addrs"]), "{what}");
        assert_eq!(
            read.language == Language::English,
            case["english"],
            "{what}"
        );
        assert_eq!(*read.to_bytes().unwrap(), hex(&case["bytes"]), "{what}");
        assert_eq!(text(&read), said, "{what}");
    }
}

#[test]
fn what_is_no_code_is_told_apart_as_the_vectors_say() {
    for case in vectors()["no_codes"].as_array().unwrap() {
        let error = Code::parse(case["text"].as_str().unwrap()).unwrap_err();
        assert_eq!(format!("{error:?}"), case["error"], "{}", case["what"]);
    }
}

#[test]
fn texts_are_as_long_as_was_computed() {
    for (addrs, characters) in [
        (&[][..], 98),
        (&[V4], 109),
        (&[V4, V6], 140),
        (&[ONION], 154),
        (&[V4, V4, V6], 151),
    ] {
        let text = text(&code(addrs));
        assert_eq!(text.len(), characters);
        // The 45 characters of a QR's alphanumeric mode.
        let qr = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || " $%*+-./:".contains(c);
        assert!(text.chars().all(qr));
    }
}

#[test]
fn addresses_that_do_not_fit_are_not_written() {
    for addrs in [&[V4; 4][..], &[ONION, V4], &[V6, V6]] {
        assert_eq!(code(addrs).to_text(), Err(Malformed));
    }
    assert_eq!(Code::fitting(&[V4, ONION, V6, V4, V4]), [V4, V6, V4]);
    assert_eq!(Code::fitting(&[ONION, V4]), [ONION]);
    assert_eq!(Code::fitting(&[]), []);
}

#[test]
fn a_secret_of_another_length_is_not_written() {
    let code = Code {
        secret: Key::fill(|key| key.fill(1)),
        ..code(&[])
    };
    assert_eq!(code.to_text(), Err(Malformed));
}

#[test]
fn a_code_is_read_however_it_was_typed() {
    let written = code(&[V4, V6]);
    let text = text(&written);
    let body = text.strip_prefix("KITH:").unwrap();
    let pieces: Vec<_> = body
        .as_bytes()
        .chunks(5)
        .map(|c| str::from_utf8(c).unwrap())
        .collect();
    for typed in [
        text.clone(),
        text.to_lowercase(),
        body.to_string(),
        body.to_lowercase(),
        format!("kith {body}"),
        format!("KlTH:{body}"),
        format!("\u{FEFF}  Kith : {}\r\n", pieces.join(" ")),
        pieces.join("-").replace('0', "o").replace('1', "l"),
        pieces.join("\n").replace('0', "O").replace('1', "I"),
        pieces.join("\u{2011}").replace('1', "L").replace('1', "i"),
    ] {
        assert_same(&Code::parse(&typed).unwrap(), &written);
    }
}

#[test]
fn every_wrong_symbol_is_caught() {
    for addrs in [&[][..], &[V4], &[ONION]] {
        let text = text(&code(addrs));
        for at in PREFIX.len()..text.len() {
            for wrong in ALPHABET
                .iter()
                .chain(b"U!:")
                .filter(|c| **c != text.as_bytes()[at])
            {
                let mut typed = text.clone().into_bytes();
                typed[at] = *wrong;
                let typed = String::from_utf8(typed).unwrap();
                assert_eq!(Code::parse(&typed).unwrap_err(), CodeError::Mistyped);
            }
        }
    }
}

#[test]
fn swapped_missing_and_doubled_symbols_are_caught() {
    let text = text(&code(&[V4]));
    for at in PREFIX.len()..text.len() {
        let (mut missing, mut doubled) = (text.clone(), text.clone());
        missing.remove(at);
        doubled.insert(at, char::from(text.as_bytes()[at]));
        let mut swapped = text.clone().into_bytes();
        if at + 1 < swapped.len() && swapped[at] != swapped[at + 1] {
            swapped.swap(at, at + 1);
            let swapped = String::from_utf8(swapped).unwrap();
            assert_eq!(Code::parse(&swapped).unwrap_err(), CodeError::Mistyped);
        }
        assert_eq!(Code::parse(&missing).unwrap_err(), CodeError::Mistyped);
        assert_eq!(Code::parse(&doubled).unwrap_err(), CodeError::Mistyped);
    }
}

#[test]
fn a_sound_check_does_not_excuse_a_wrong_layout() {
    let bytes = code(&[V4]).to_bytes().unwrap();
    let length = bytes.len() - CHECK_BYTES;
    let body = &bytes[..length];
    assert!(Code::parse(&sealed(body.to_vec())).is_ok());
    for reserved in 3..8 {
        let mut bytes = body.to_vec();
        bytes[1] |= 1 << reserved;
        assert_eq!(
            Code::parse(&sealed(bytes)).unwrap_err(),
            CodeError::Mistyped
        );
    }
    for (at, value) in [(1, 0), (1, 2), (54, 5), (length - 2, 0)] {
        let mut bytes = body.to_vec();
        bytes[at] = value;
        if at == length - 2 {
            bytes[at + 1] = 0;
        }
        assert_eq!(
            Code::parse(&sealed(bytes)).unwrap_err(),
            CodeError::Mistyped,
            "{at}"
        );
    }
    for shorter in 1..length {
        assert!(Code::parse(&sealed(body[..shorter].to_vec())).is_err());
    }
    let mut longer = body.to_vec();
    longer[1] = 3;
    longer.extend_from_slice(&body[54..]);
    longer.extend([6; 19]);
    assert!(
        Code::parse(&sealed(longer.clone())).is_ok(),
        "33 bytes of addresses fit"
    );
    longer.push(0);
    assert_eq!(
        Code::parse(&sealed(longer)).unwrap_err(),
        CodeError::Mistyped
    );
}

#[test]
fn a_version_to_come_is_named_as_such() {
    let mut bytes = vec![2];
    bytes.extend([9; 80]);
    assert_eq!(Code::parse(&sealed(bytes)).unwrap_err(), CodeError::Version);
}

#[test]
fn a_code_does_not_print_itself() {
    assert_eq!(format!("{:?}", code(&[V4])), "Code(..)");
}

proptest! {
    #[test]
    fn a_code_comes_back(expiry_min: u32, ik: [u8; 32], secret: [u8; 16], english: bool, ports in prop::collection::vec(1..=u16::MAX, 0..4)) {
        let written = Code {
            expiry_min,
            ik,
            secret: Code::secret(|to| *to = secret),
            addrs: ports.into_iter().map(|port| Addr::V4([10, 0, 0, 1], port)).collect(),
            language: if english { Language::English } else { Language::French },
        };
        assert_same(&Code::parse(&text(&written)).unwrap(), &written);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "(KITH:)?[ -~]{0,200}|\\PC{0,200}") {
        prop_assert!(Code::parse(&text).is_err());
    }
}
