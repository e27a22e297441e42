//! Two get to know each other through a third, on real nodes, as people do it.

use kith_node::control::shape::{How, WaitsAs};

use super::home::{Home, PATIENCE, until};
use super::screens::{LANGUAGES, Screen};

/// The number under which somebody waits for a yes here.
fn asked(home: &Home) -> String {
    let id = until(PATIENCE, || {
        let waiting = home.client().waiting().unwrap().waiting;
        let asked = |it: &WaitsAs| matches!(it, WaitsAs::Introduced { .. });
        waiting.iter().find(|it| asked(&it.waits)).map(|it| it.id)
    });
    id.expect("nobody is introduced").to_string()
}

#[test]
fn anne_introduces_zoe_and_bob_who_both_say_yes_and_talk() {
    for lang in LANGUAGES {
        let [anne, zoe, bob] = [Home::new(), Home::new(), Home::new()];
        let _up = [anne.start(), zoe.start(), bob.start()];
        anne.befriend("zoé", &zoe, "anne");
        anne.befriend("bob", &bob, "anne");
        let mut screen = Screen::new(lang);
        screen.run(&anne, &["waiting"], "");
        screen.run(
            &anne,
            &[
                "introduce",
                "zoé",
                "bob",
                "--say",
                "on milite ensemble depuis 2 ans",
            ],
            "",
        );
        screen.run(&anne, &["introduce", "bob", "zoé"], "");
        screen.run(&anne, &["introduce", "zoé", "zoé"], "");
        let (at_zoe, at_bob) = (asked(&zoe), asked(&bob));
        screen.run(&zoe, &["status"], "");
        screen.run(&zoe, &["waiting"], "");
        screen.run(&zoe, &["waiting", "yes", &at_zoe, "--as", "anne"], "");
        screen.run(&zoe, &["waiting", "yes", &at_zoe, "--as", "bobine"], "");
        screen.run(&zoe, &["waiting"], "");
        until(PATIENCE, || {
            let said = anne.client().waiting().unwrap().waiting;
            let WaitsAs::Introducing { friends } = &said.first()?.waits else {
                return None;
            };
            friends.iter().any(|friend| friend.agreed).then_some(())
        })
        .expect("Anne hears of the first yes");
        screen.run(&anne, &["waiting", "list"], "");
        assert_eq!(zoe.client().contacts().unwrap().contacts.len(), 1);
        screen.run(&bob, &["waiting", "yes", &at_bob, "--as", "zoé.b"], "");
        for (home, name) in [(&zoe, "bobine"), (&bob, "zoé.b")] {
            let state = until(PATIENCE, || {
                let contact = home.client().contact(name).ok()?;
                (contact.state == How::Introduced && contact.online).then_some(contact)
            });
            let contact = state.expect("they find each other");
            assert_eq!(contact.introduced_by[0].petname.as_deref(), Some("anne"));
        }
        screen.run(&zoe, &["contact", "list"], "");
        screen.run(&zoe, &["contact", "show", "bobine"], "");
        bob.kith(&["send", "zoé.b", "salut", "--wait=60s"]).done();
        screen.run(&zoe, &["inbox"], "");
        anne.kith(&["down"]).done();
        zoe.kith(&["contact", "rm", "anne", "--yes"]).done();
        screen.run(&zoe, &["contact", "show", "bobine"], "");
        screen.run(&zoe, &["waiting"], "");
        screen.compare("introduction");
    }
}

#[test]
fn a_no_is_told_to_nobody() {
    let [anne, zoe, bob] = [Home::new(), Home::new(), Home::new()];
    let _up = [anne.start(), zoe.start(), bob.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.befriend("bob", &bob, "anne");
    anne.kith(&["introduce", "zoé", "bob"]).done();
    zoe.kith(&["waiting", "no", &asked(&zoe)]).done();
    bob.kith(&["waiting", "yes", &asked(&bob), "--as", "zoé"])
        .done();
    // What is said later has overtaken nothing: an answer would be there before it.
    zoe.kith(&["send", "anne", "salut", "--wait=60s"]).done();
    bob.kith(&["send", "anne", "salut", "--wait=60s"]).done();
    let waiting = anne.client().waiting().unwrap().waiting;
    let WaitsAs::Introducing { friends } = &waiting[0].waits else {
        panic!("Anne waits");
    };
    let said: Vec<_> = friends
        .iter()
        .map(|it| (it.petname.as_str(), it.agreed))
        .collect();
    assert_eq!(said, [("zoé", false), ("bob", true)]);
    assert_eq!(
        zoe.kith(&["waiting", "--json"])
            .out
            .matches("\"id\"")
            .count(),
        0
    );
}
