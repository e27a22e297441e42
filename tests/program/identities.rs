//! A new identity, which friends confirm by voice: real daemons, and the screens of both.

use kith_node::control::shape::How;

use super::home::{Home, PATIENCE, until};
use super::screens::{LANGUAGES, Screen};

/// Waits until this node says so of its friend.
fn stands(home: &Home, friend: &str, how: How) {
    let seen = until(PATIENCE, || {
        let state = home.client().contact(friend).unwrap().state;
        (state == how).then_some(())
    });
    assert!(seen.is_some(), "{friend} never becomes {how:?}");
}

/// The words that this node shows about its friend.
fn words(home: &Home, friend: &str) -> String {
    let contact = home.client().contact(friend).unwrap();
    contact.session_words.join(" ")
}

#[test]
fn a_new_identity_is_told_confirmed_by_voice_or_refused_and_nothing_is_lost() {
    for lang in LANGUAGES {
        let (anne, zoe) = (Home::new(), Home::new());
        let (_anne, node) = (anne.start(), zoe.start());
        anne.befriend("zoé", &zoe, "anne");
        let mut screen = Screen::new(lang);
        screen.run(&zoe, &["identity"], "");
        screen.run(&zoe, &["identity", "new", "--no-input"], "");
        screen.run(&zoe, &["identity", "new", "--yes"], "");
        stands(&anne, "zoé", How::NewIdentity);
        screen.run(&anne, &["status"], "");
        screen.run(&anne, &["inbox"], "");
        screen.run(&anne, &["contact", "list"], "");
        screen.run(&anne, &["contact", "check", "zoé"], "");
        screen.run(&zoe, &["identity"], "");
        screen.run(&zoe, &["contact", "check", "anne"], "");
        let said = words(&anne, "zoé");
        assert_eq!(said, words(&zoe, "anne"), "the same on both screens");
        screen.hide(&said, "words");
        // Until then all goes on, and other words change nothing.
        zoe.kith(&["send", "anne", "avant", "--wait=60s"]).done();
        screen.run(
            &anne,
            &["contact", "check", "zoé", "--yes", "un deux trois quatre"],
            "",
        );
        drop(node);
        anne.kith(&["send", "zoé", "pendant"]);
        screen.run(&anne, &["contact", "check", "zoé", "--yes", &said], "");
        screen.hide(&said, "words");
        let _again = zoe.start();
        stands(&zoe, "anne", How::Code);
        stands(&anne, "zoé", How::Compared);
        zoe.kith(&["send", "anne", "après", "--wait=60s"]).done();
        let texts = |home: &Home| -> Vec<_> {
            let inbox = home.inbox();
            inbox.iter().map(|line| line["text"].clone()).collect()
        };
        assert_eq!(texts(&anne), ["avant", "après"]);
        assert_eq!(texts(&zoe), ["pendant"]);
        screen.run(&zoe, &["identity"], "");
        let safety = |home: &Home, name| home.client().contact(name).unwrap().safety_words;
        let twelve = safety(&anne, "zoé");
        assert_eq!(twelve, safety(&zoe, "anne"));
        assert!(twelve.join(" ").starts_with(&said));

        screen.run(&anne, &["identity", "new", "--yes"], "");
        stands(&zoe, "anne", How::NewIdentity);
        screen.run(&zoe, &["contact", "check", "anne", "--no"], "");
        stands(&zoe, "anne", How::Code);
        anne.kith(&["send", "zoé", "sous l'ancienne", "--wait=60s"])
            .done();
        assert_eq!(texts(&zoe), ["sous l'ancienne"]);
        assert_eq!(safety(&zoe, "anne"), twelve);

        anne.kith(&["invite", "--as", "lise"]).done();
        screen.run(&anne, &["identity", "new", "--yes"], "");
        screen.compare("identity");
    }
}
