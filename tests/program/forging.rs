//! What anybody can make up proves nothing: transcripts of what was never said, and a history that
//! says what it is told to.

use std::fs;

use super::home::Home;
use super::running::Node;

const SCRIPT: &str = "# jamais dit\nmoi\u{a0}: on y va ?\nzoé: oui\nzoé: avec Paul\nme: bien\n";

/// Two friends who have talked.
fn friends() -> (Home, Home, [Node; 2]) {
    let (anne, zoe) = (Home::new(), Home::new());
    let up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "tu viens ?", "--wait=60s"])
        .done();
    zoe.inbox();
    zoe.kith(&["send", "anne", "oui, à 18 h", "--wait=60s"])
        .done();
    anne.inbox();
    (anne, zoe, up)
}

fn path(home: &Home, name: &str) -> String {
    home.beside(name).to_str().unwrap().to_owned()
}

#[test]
fn a_transcript_of_what_was_never_said_is_taken_by_the_node_and_costs_it_nothing() {
    let (anne, zoe, _up) = friends();
    let (script, file, other) = (
        path(&anne, "said"),
        path(&anne, "talk"),
        path(&anne, "other"),
    );
    fs::write(&script, SCRIPT).unwrap();
    let make = [
        "forge",
        "transcript",
        "--with",
        "zoé",
        "--script",
        &script,
        "--out",
        &file,
    ];
    let made = anne.kith(&make);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(made.out.is_empty() && !made.err.is_empty(), "{made:?}");
    assert_eq!(anne.kith(&make).code, 73, "never over another file");

    let said = anne
        .kith(&["forge", "verify", &file, "--lang", "fr"])
        .done();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    assert!(lines[0].ends_with(" moi\u{a0}: on y va ?"), "{said}");
    assert!(lines[2].ends_with(" l'autre\u{a0}: avec Paul"), "{said}");
    let said = anne.kith(&["forge", "verify", &file, "--with", "zoé", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let read = said.json();
    assert!(
        read["accepted"] == true && read["handshake"] == true,
        "{read}"
    );
    assert_eq!(read["texts"][1]["text"], "oui");
    let theirs = zoe.kith(&["forge", "verify", &file, "--with", "anne"]);
    assert_eq!(
        theirs.code, 1,
        "it is Anne's recording, not Zoé's: {theirs:?}"
    );

    let parsed = anne.kith(&["forge", "parse", &file, "--json"]).json();
    let parcels = parsed["parcels"].as_array().unwrap();
    assert_eq!(parcels.len(), 12);
    assert_eq!(parcels[6]["text"], "oui");
    let sealed = anne
        .kith(&["forge", "parse", &file, "--sealed", "--lang", "en"])
        .done();
    assert!(
        !sealed.contains("oui") && sealed.matches("noise").count() == 12,
        "{sealed}"
    );

    let edit = |at: &str, old: &str, new: &str| {
        let args = ["forge", "edit", "--at", at, "--old", old, "--new", new];
        anne.kith(&[&args[..], &["--out", &other, &file]].concat())
    };
    assert_eq!(edit("7", "oui", "jamais").code, 65);
    assert_eq!(edit("7", "nom", "non").code, 65);
    assert_eq!(edit("7:1", "oui", "non").code, 65);
    assert_eq!(edit("40", "oui", "non").code, 65);
    assert_eq!(edit("0", "oui", "non").code, 2);
    edit("7", "oui", "non").done();
    let read = anne
        .kith(&["forge", "verify", &other, "--with", "zoé", "--json"])
        .json();
    assert!(read["accepted"] == true, "{read}");
    assert_eq!(read["texts"][1]["text"], "non");

    // The friendship goes on as if nothing had been.
    let history = anne.kith(&["history", "zoé"]).done();
    assert!(!history.contains("Paul"), "{history}");
    zoe.kith(&["send", "anne", "à tout à l'heure", "--wait=60s"])
        .done();
    assert_eq!(anne.inbox().len(), 1);
    anne.kith(&["send", "zoé", "oui", "--wait=60s"]).done();
}

#[test]
fn what_is_no_script_or_no_transcript_is_refused_in_words() {
    let (anne, _zoe, _up) = friends();
    let script = path(&anne, "said");
    let make = |text: &str, with: &str| {
        fs::write(&script, text).unwrap();
        anne.kith(&[
            "forge",
            "transcript",
            "--with",
            with,
            "--script",
            &script,
            "--lang",
            "en",
        ])
    };
    let refused = make("me: hi\npaul: hello\n", "zoé");
    assert!(
        refused.code == 65 && refused.err.contains("Line 2"),
        "{refused:?}"
    );
    assert_eq!(make("paul: hello", "paul").code, 67);
    assert_eq!(make(&"me: hi\n".repeat(25), "zoé").code, 65);
    assert_eq!(make("", "zoé").code, 65);
    let nowhere = path(&anne, "none");
    assert_eq!(anne.kith(&["forge", "verify", &nowhere]).code, 66);
    let refused = anne.kith(&["forge", "verify", &script, "--lang", "en"]);
    assert!(
        refused.code == 65 && refused.err.contains("line 1"),
        "{refused:?}"
    );
    let made = make("me: hi", "zoé").done();
    let cut: Vec<&str> = made.lines().collect();
    let cut: Vec<&str> = [&cut[..4], &cut[6..]].concat();
    fs::write(&script, cut.join("\n")).unwrap();
    let refused = anne.kith(&["forge", "verify", &script, "--lang", "en"]);
    assert!(
        refused.code == 1 && refused.err.contains("parcel 1"),
        "{refused:?}"
    );
}

#[test]
fn a_line_of_the_history_says_what_it_is_told_to_have_said() {
    let (anne, zoe, _up) = friends();
    let texts = |home: &Home, name: &str| {
        let lines = home.kith(&["history", name, "--json"]).json()["lines"].clone();
        let lines = lines.as_array().unwrap().clone();
        let texts = lines
            .iter()
            .map(|line| line["text"].as_str().unwrap().to_owned());
        texts.collect::<Vec<_>>()
    };
    let edited = anne.kith(&["edit", "zoé", "1", "non, je reste", "--lang", "en"]);
    assert!(edited.out.ends_with(" zoé: non, je reste\n"), "{edited:?}");
    anne.kith(&["edit", "zoé", "2", &"vas-y ! ".repeat(700)])
        .done();
    assert_eq!(
        texts(&anne, "zoé"),
        ["vas-y ! ".repeat(700).as_str(), "non, je reste"]
    );
    anne.kith(&["edit", "zoé", "2", "vas-y !"]).done();
    assert_eq!(texts(&anne, "zoé"), ["vas-y !", "non, je reste"]);
    assert_eq!(
        texts(&zoe, "anne"),
        ["tu viens ?", "oui, à 18 h"],
        "one's own copy alone"
    );
    assert_eq!(anne.kith(&["edit", "zoé", "3", "x"]).code, 65);
    assert_eq!(anne.kith(&["edit", "zoé", "0", "x"]).code, 2);
    assert_eq!(anne.kith(&["edit", "zoé", "1", ""]).code, 65);
    assert_eq!(anne.kith(&["edit", "paul", "1", "x"]).code, 67);
}
