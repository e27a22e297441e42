//! Questions to a person at a terminal: what is refused is said and asked again, and what waits for an
//! answer is told where one looks.

use kith_node::control::shape::Event;

use super::home::{Home, PATIENCE, until};
use super::members::{found, friends};
use super::terminal::Terminal;

const ROOM: (u16, u16) = (24, 200);

/// Waits until it was shown so often.
fn shows_again(terminal: &Terminal, what: &str, times: usize) {
    let there = || (terminal.contents().matches(what).count() == times).then_some(());
    until(PATIENCE, there).unwrap_or_else(|| panic!("{times} {what:?}: {}", terminal.contents()));
}

#[test]
fn half_an_invitation_is_gone_on_with_and_a_name_that_is_refused_is_asked_for_again() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    let mut accept = zoe.terminal(ROOM, &["accept", "--lang", "en"]);
    accept.shows("Invitation:");
    accept.types("\n");
    accept.shows("That is not a whole invitation yet.");
    // More than the shortest one has, and not all of this one.
    let (one, other) = code.trim().split_at(96);
    accept.types(&format!("{one}\n"));
    shows_again(&accept, "That is not a whole invitation yet.", 2);
    accept.types(&format!("{other}\n"));
    accept.shows("What do you call");
    accept.types("moi\n");
    accept.shows("This name is reserved.");
    accept.shows("kith help names");
    shows_again(&accept, "What do you call", 2);
    accept.types("?\n");
    accept.shows("That cannot be a name.");
    shows_again(&accept, "What do you call", 3);
    accept.types("anne\n");
    accept.shows("anne: linked by code.");
    assert_eq!(accept.ends(), 0);
}

#[test]
fn a_passphrase_that_is_mistyped_is_asked_for_again_and_not_for_ever() {
    let home = Home::sealed("six mots tirés au hasard, dit-on");
    let asked = |times: usize| {
        let mut up = home.terminal(ROOM, &["up", "--lang", "en"]);
        for time in 1..=times {
            shows_again(&up, "Passphrase:", time);
            until(PATIENCE, || (!up.is_cooked()).then_some(())).expect("it is shown");
            up.types("autre chose\n");
            shows_again(&up, "is not the passphrase.", time);
        }
        up
    };
    let mut never = asked(3);
    assert_eq!(never.ends(), 77);
    let said = never.contents();
    assert!(
        said.contains("capitals") && !said.contains("help daemon"),
        "{said}"
    );
    let mut late = asked(2);
    shows_again(&late, "Passphrase:", 3);
    until(PATIENCE, || (!late.is_cooked()).then_some(())).expect("it is shown");
    late.types("six mots tirés au hasard, dit-on\n");
    late.shows("node running");
    assert_eq!(late.ends(), 0);
    home.kith(&["lock"]).done();
    let mut locked = asked(1);
    shows_again(&locked, "Passphrase:", 2);
    until(PATIENCE, || (!locked.is_cooked()).then_some(())).expect("it is shown");
    locked.types("six mots tirés au hasard, dit-on\n");
    locked.shows("node running");
    assert_eq!(locked.ends(), 0);
    home.kith(&["down"]).done();
}

#[test]
fn the_first_words_to_somebody_not_met_are_asked_about_at_a_terminal() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let send = |text: &str| anne.terminal(ROOM, &["send", "zoé", text, "--lang", "en"]);
    let mut no = send("un secret");
    no.shows("Nothing proves yet who will read it");
    no.shows("Send it? [y/N]");
    no.types("\n");
    no.shows("Not sent.");
    assert_eq!(no.ends(), 1);
    let mut yes = send("salut");
    yes.shows("Send it? [y/N]");
    yes.types("y\n");
    yes.shows("Delivered to zoé.");
    assert_eq!(yes.ends(), 0);
    let mut next = send("encore");
    next.shows("Delivered to zoé.");
    assert_eq!(next.ends(), 0);
    assert!(!next.contents().contains("Send it?"));
    let texts: Vec<_> = zoe.inbox().iter().map(|m| m["text"].clone()).collect();
    assert_eq!(texts, ["salut", "encore"]);
}

#[test]
fn an_inbox_tells_what_waits_for_an_answer_and_what_gives_it() {
    let people = friends(&["anne", "zoé", "bob"]);
    found(&people);
    let [first, second, third] = &people[..] else {
        panic!("three");
    };
    let poll = ["group", "propose", "collectif", "poll", "quel soir"];
    let choices = ["--choices", "mardi,samedi"];
    first.kith(&[&poll[..], &choices].concat()).done();
    first.kith(&["send", "collectif", "lisez"]).done();
    second.motion("collectif", "poll");
    let is_there = || (second.home.status()["unread"] == 1).then_some(());
    until(PATIENCE, is_there).expect("it never comes");
    let asked =
        "1 proposition attend ta réponse. Lire et répondre\u{a0}: kith group show collectif";
    let read = second.kith(&["inbox"]);
    assert!(read.err.contains(asked), "{read:?}");
    assert_eq!(read.code, 0, "{read:?}");
    let nothing = second.kith(&["inbox"]);
    assert!(nothing.err.contains(asked), "{nothing:?}");
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""));
    assert_eq!(second.kith(&["inbox", "--json"]).err, "");

    first
        .kith(&["mailbox", "ask", third.name, "--quota", "1MiB"])
        .done();
    let waits = || {
        let said = third.kith(&["inbox"]);
        said.err
            .contains("1 demande attend ton oui ou ton non\u{a0}: kith waiting")
            .then_some(())
    };
    until(PATIENCE, waits).expect("nothing is said of who asks");
}

#[test]
fn whoever_listens_hears_that_what_was_kept_is_gone() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "un secret", "--wait=60s"])
        .done();
    for erases in [&["--keep", "none"][..], &["--erase", "--yes"]] {
        let mut events = anne.client().subscribe().unwrap();
        anne.kith(&[&["history", "zoé"], erases].concat()).done();
        let heard = || match events.next(Some(PATIENCE)).unwrap() {
            Some(Event::History) => Some(()),
            _ => None,
        };
        until(PATIENCE, heard).expect("nobody is told");
    }
}
