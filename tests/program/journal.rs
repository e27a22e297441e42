//! What the daemon prints about itself names nobody and nothing, even when asked to print all.

use std::fs;

use super::home::{Home, find};

#[test]
fn the_journal_at_trace_holds_no_name_no_word_no_address_and_no_key() {
    let (anne, zoe) = (Home::new(), Home::new());
    let traced = |home: &Home| {
        let mut daemon = home.command(&["daemon", "--foreground"]);
        home.start_with(daemon.env("KITH_LOG", "trace"))
    };
    let mut nodes = [traced(&anne), traced(&zoe)];
    let code = anne.kith(&["invite", "--as", "tante-zoé"]).done();
    let joined = zoe.kith_reading(
        &["accept", "--as", "anne-lise", "--nick", "Zézette"],
        code.clone(),
    );
    joined.done();
    // All that can go well or wrong: a thief, a refusal, a cut, a stranger, a message for later.
    let thief = Home::new();
    let _thief = thief.start();
    thief
        .kith_reading(&["accept", "--as", "anne-lise"], code.clone())
        .done();
    anne.kith(&["send", "tante-zoé", "rendez-vous au canal", "--wait=60s"])
        .done();
    anne.kith(&["send", "inconnue-célèbre", "perdu"])
        .refused(67);
    anne.kith_reading(&["accept", "--as", "lise"], code.clone())
        .refused(65);
    drop(std::net::TcpStream::connect(&anne.address));
    nodes[1].strike();
    anne.kith(&["send", "tante-zoé", "rendez-vous au canal"])
        .done();
    nodes[1] = traced(&zoe);
    zoe.kith(&["send", "anne-lise", "rendez-vous au canal", "--wait=60s"])
        .done();
    let words = anne.client().contact("tante-zoé").unwrap().safety_words;
    for home in [&anne, &zoe] {
        home.kith(&["down"]).done();
    }

    let mut secrets: Vec<String> = [
        "tante-zoé",
        "anne-lise",
        "Zézette",
        "inconnue-célèbre",
        "rendez-vous",
        "127.",
        "perdu",
    ]
    .map(String::from)
    .into();
    secrets.push(words[..2].join(" "));
    let address = anne.address.split(':').next_back().unwrap();
    secrets.push(address.to_owned());
    let letters = code.trim().strip_prefix("KITH:").unwrap();
    secrets.extend(spellings_of(letters));
    for home in [&anne, &zoe] {
        let printed = fs::read(home.beside("printed")).unwrap();
        let printed = String::from_utf8(printed).unwrap();
        assert!(
            printed.contains("node is up"),
            "the journal is not open: {printed}"
        );
        for secret in &secrets {
            let said = find(
                printed.to_lowercase().as_bytes(),
                secret.to_lowercase().as_bytes(),
            );
            assert_eq!(said, None, "{secret} in the journal:\n{printed}");
        }
    }
}

/// The invitation, its key and its secret, as careless code would print them: in bases 16, 32 and
/// 64, or as a list of numbers.
fn spellings_of(letters: &str) -> Vec<String> {
    const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let value = |letter| CROCKFORD.find(letter).unwrap() as u8;
    let bits: Vec<u8> = letters.chars().flat_map(|l| split(value(l), 5)).collect();
    let bytes: Vec<u8> = bits.chunks_exact(8).map(join).collect();
    // PROTOCOL §2a: `ver | flags | expiry 4 | key 32 | secret 16`.
    let (key, secret) = (&bytes[6..38], &bytes[38..54]);
    let mut spelled = vec![letters[..20].to_owned()];
    for bytes in [key, secret] {
        let bits: Vec<u8> = bytes.iter().flat_map(|byte| split(*byte, 8)).collect();
        for (alphabet, width) in [
            ("0123456789abcdef", 4),
            (CROCKFORD, 5),
            ("abcdefghijklmnopqrstuvwxyz234567", 5),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                6,
            ),
        ] {
            let digits = bits.chunks_exact(width).take(12).map(join);
            spelled.push(
                digits
                    .map(|at| alphabet.as_bytes()[at as usize] as char)
                    .collect(),
            );
        }
        let list = format!("{:?}", &bytes[..4]);
        spelled.push(list.trim_matches(['[', ']']).to_owned());
    }
    spelled
}

/// The lowest `width` bits of a number, highest first.
fn split(number: u8, width: u32) -> impl Iterator<Item = u8> {
    (0..width).rev().map(move |at| number >> at & 1)
}

fn join(bits: &[u8]) -> u8 {
    bits.iter().fold(0, |number, bit| number << 1 | bit)
}

#[test]
fn a_secret_is_found_however_it_is_spelled() {
    let spelled = spellings_of(&"0123456789ABCDEFGHJKMNPQRSTVWXYZ".repeat(3)[..93]);
    // 00443214c74254b635cf84653a56d7c675be77df is what these letters say.
    assert!(spelled.iter().any(|s| s == "54b635cf8465"), "{spelled:?}");
    assert!(
        spelled.iter().any(|s| s == "84, 182, 53, 207"),
        "{spelled:?}"
    );
}
