//! What was said stays as long as it was said it would, and no longer.

use serde_json::Value;

use super::home::{Home, PATIENCE, until};

impl Home {
    /// What is kept of a conversation, oldest first.
    fn history(&self, name: &str) -> Vec<Value> {
        let said = self.kith(&["history", name, "--json"]);
        assert!([0, 1].contains(&said.code), "{said:?}");
        said.json()["lines"].as_array().unwrap().clone()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let lines = self.history(name);
        let texts = lines.iter().map(|line| line["text"].as_str().unwrap());
        texts.map(str::to_owned).collect()
    }

    /// Waits until so many messages are here to be read.
    fn gets(&self, count: u64) {
        let there = || (self.status()["unread"] == count).then_some(());
        until(PATIENCE, there).expect("a message does not come");
    }
}

#[test]
fn what_was_read_stays_on_both_sides_in_order_with_what_became_of_it() {
    let (anne, zoe) = (Home::new(), Home::new());
    let (_anne, node) = (anne.start(), zoe.start());
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "tu viens ?", "--wait=60s"])
        .done();
    assert_eq!(
        zoe.texts("anne"),
        [""; 0],
        "what was not read is no history"
    );
    zoe.inbox();
    zoe.kith(&["send", "anne", "oui, de tout cœur", "--wait=60s"])
        .done();
    anne.inbox();
    drop(node);
    anne.sees(0);
    anne.kith(&["send", "zoé", "à 18 h"]).done();

    assert_eq!(zoe.kith(&["history", "anne"]).code, 69);
    let _zoe = zoe.start();
    zoe.gets(1);
    let all = ["tu viens ?", "oui, de tout cœur"];
    assert_eq!(zoe.texts("anne"), all, "over a restart");
    until(PATIENCE, || (anne.status()["outbox"] == 0).then_some(())).expect("it arrives");
    assert_eq!(anne.texts("zoé"), [&all[..], &["à 18 h"]].concat());

    let told = anne.kith(&["history", "zoé", "--lang", "fr", "--last", "2"]);
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 2, "{told:?}");
    assert!(
        lines[0].ends_with(" zoé\u{a0}: oui, de tout cœur"),
        "{told:?}"
    );
    assert!(
        lines[1].ends_with(" moi (arrivé)\u{a0}: à 18 h"),
        "{told:?}"
    );
    assert!(told.err.contains("7\u{a0}jours"), "{told:?}");

    let found = |words: &str| anne.kith(&["history", "zoé", "--grep", words, "--json"]);
    assert_eq!(found("COEUR").json()["lines"][0]["text"], all[1]);
    assert_eq!(found("absent").code, 1);
}

#[test]
fn nothing_is_kept_where_nothing_shall_be() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "un", "--wait=60s"]).done();
    anne.kith(&["send", "zoé", "deux", "--wait=60s"]).done();
    zoe.inbox();
    assert_eq!(zoe.status()["history"], 2);
    zoe.kith(&["history", "anne", "--keep", "none"]).done();
    assert_eq!(zoe.status()["history"], 0, "what was there goes too");
    anne.kith(&["send", "zoé", "trois", "--wait=60s"]).done();
    assert_eq!(zoe.inbox().len(), 1);
    assert_eq!(zoe.texts("anne"), [""; 0]);
    assert_eq!(
        anne.texts("zoé").len(),
        3,
        "one side says nothing of the other"
    );

    let asked = anne.kith_alone(&["history", "zoé", "--erase"]);
    assert_eq!(asked.code, 66, "{asked:?}");
    assert_eq!(anne.texts("zoé").len(), 3, "nobody agreed");
    anne.kith(&["history", "zoé", "--erase", "--yes"]).done();
    assert_eq!(anne.texts("zoé"), [""; 0]);
    let gone = anne.kith(&["history", "zoé"]);
    assert_eq!((gone.code, gone.out.as_str()), (1, ""));
}

#[test]
fn a_timer_holds_once_both_said_the_same() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let mut screen = zoe.talk(&["chat", "anne", "--plain", "--lang", "en"]);
    screen.hears("anne");
    let said = anne.kith(&["history", "zoé", "--timer", "1d", "--lang", "en"]);
    assert!(said.done().starts_with("You propose"));
    screen.hears("anne said how long");
    screen.hears("kith history anne --timer 1d");
    let said = zoe.kith(&["history", "anne", "--timer", "1d", "--lang", "en"]);
    assert!(said.done().starts_with("You agree"));
    let agreed = || {
        let timer = anne.client().contact("zoé").ok()?.timer;
        (timer.agreed_min == 24 * 60).then_some(())
    };
    until(PATIENCE, agreed).expect("the other side never hears of it");
    anne.kith(&["send", "zoé", "court", "--wait=60s"]).done();
    let line = screen.hears("court");
    assert!(line.contains("1\u{a0}day at most"), "{line}");
    let refused = anne.kith(&["history", "zoé", "--timer", "400d"]);
    refused.refused(65);
}

#[test]
fn a_message_with_a_minute_to_live_is_gone_after_it_on_both_sides() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "brûle", "--ttl", "1m", "--wait=60s"])
        .done();
    anne.kith(&["send", "zoé", "reste", "--wait=60s"]).done();
    let read = zoe.kith(&["inbox", "--lang", "en"]).done();
    assert!(read.contains("(1\u{a0}min at most): brûle"), "{read}");
    assert_eq!(zoe.texts("anne"), ["brûle", "reste"]);
    for (home, name) in [(&anne, "zoé"), (&zoe, "anne")] {
        let gone = || (home.texts(name) == ["reste"]).then_some(());
        until(PATIENCE, gone).expect("it does not go");
    }
}
