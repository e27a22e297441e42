//! Messages on a stick and on paper, between nodes that never reach each other.

use std::fs;

use super::home::Home;

/// Two friends who cannot reach each other any more.
fn apart() -> [Home; 2] {
    let [anne, zoe] = [Home::new(), Home::new()];
    {
        let _nodes = [anne.start(), zoe.start()];
        anne.befriend("zoé", &zoe, "anne");
        anne.kith(&["send", "zoé", "bonjour", "--wait=60s"]).done();
        zoe.inbox();
    }
    [anne, zoe]
}

#[test]
fn a_stick_carries_what_waits_and_brings_back_that_it_arrived() {
    let [anne, zoe] = apart();
    // One at a time: they never meet.
    let node = anne.start();
    for n in 0..12 {
        anne.kith(&["send", "zoé", &format!("message {n}")]).done();
    }
    let stick = anne.beside("bundle");
    let stick = stick.to_str().unwrap();
    let said = anne.kith(&["carry", "out", stick, "--lang", "en"]).done();
    assert!(
        said.contains("12 sealed messages for 1 friend, 1.0\u{a0}MiB"),
        "{said}"
    );
    anne.kith(&["carry", "out", stick]).refused(73);
    let bytes = fs::read(stick).unwrap();
    assert_eq!(bytes.len(), 1 << 20);
    assert_eq!(
        anne.kith(&["carry", "in", stick]).code,
        1,
        "not for its author"
    );
    drop(node);

    let node = zoe.start();
    let half = zoe.beside("half");
    fs::write(&half, &bytes[..(1 << 19) + 777]).unwrap();
    for path in [half.to_str().unwrap(), stick, stick] {
        zoe.kith(&["carry", "in", path]);
    }
    let texts: Vec<_> = zoe
        .inbox()
        .iter()
        .map(|m| m["text"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<_> = (0..12).map(|n| format!("message {n}")).collect();
    assert_eq!(texts, expected, "each once, in order");
    let back = zoe.beside("back");
    let back = back.to_str().unwrap();
    zoe.kith(&["carry", "out", back, "--for", "anne"]).done();
    drop(node);

    let _node = anne.start();
    assert_eq!(anne.status()["outbox"], 12);
    anne.kith(&["carry", "in", back]).done();
    assert_eq!(anne.status()["outbox"], 0);
}

#[test]
fn one_short_message_goes_on_paper_as_a_picture_or_as_text() {
    let [anne, zoe] = apart();
    let node = anne.start();
    anne.kith(&["send", "zoé", "sous le pavé"]).done();
    let picture = anne.beside("code.png");
    let picture = picture.to_str().unwrap();
    anne.kith(&["carry", "out", picture, "--qr"]).refused(2);
    anne.kith(&["carry", "out", picture, "--qr", "--for", "zoé"])
        .done();
    let text = anne
        .kith(&["carry", "out", "-", "--qr", "--for", "zoé"])
        .done();
    assert!(text.starts_with("KITHP:"), "{text}");
    drop(node);
    let _node = zoe.start();
    zoe.kith(&["carry", "in", picture]).done();
    assert_eq!(zoe.inbox()[0]["text"], "sous le pavé");
    let typed = zoe.kith_reading(&["carry", "in", "-"], text.to_lowercase());
    assert_eq!(typed.code, 1, "it came before");
}

#[test]
fn what_is_no_bundle_brings_nothing() {
    let [anne, _] = apart();
    let _node = anne.start();
    let path = anne.beside("x");
    for bytes in [
        vec![],
        vec![7; 100],
        vec![0; 3 << 20],
        b"KITHP:0000".to_vec(),
    ] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(anne.kith(&["carry", "in", path.to_str().unwrap()]).code, 1);
    }
    fs::write(&path, vec![1; (16 << 20) + 1]).unwrap();
    anne.kith(&["carry", "in", path.to_str().unwrap()])
        .refused(65);
    anne.kith(&["carry", "in", anne.beside("none").to_str().unwrap()])
        .refused(66);
    anne.kith(&["carry", "out", path.to_str().unwrap()])
        .refused(73);
}
