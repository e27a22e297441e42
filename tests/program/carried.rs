//! Messages that a friend keeps for another, on real nodes: who writes and who reads are never there
//! together, and who keeps them is locked.

use kith_node::control::shape::{Delivery, WaitsAs};

use super::home::{Home, PATIENCE, until};
use super::screens::{LANGUAGES, Screen};

const PASSPHRASE: &str = "huit mots tirés au hasard, dit-on";

/// Zoé asks Bob to keep, his human says yes, and Anne may leave something there.
fn bob_keeps(zoe: &Home, bob: &Home, anne: &Home, screen: &mut Screen) {
    screen.run(zoe, &["mailbox"], "");
    screen.run(zoe, &["mailbox", "ask", "bob"], "");
    let asked = until(PATIENCE, || {
        let waiting = bob.client().waiting().unwrap().waiting;
        let asks = |it: &WaitsAs| matches!(it, WaitsAs::Mailbox { .. });
        waiting.iter().find(|it| asks(&it.waits)).map(|it| it.id)
    });
    let id = asked.expect("bob is asked").to_string();
    screen.run(bob, &["waiting"], "");
    screen.run(bob, &["waiting", "yes", &id], "");
    let given = until(PATIENCE, || {
        let held = anne.client().tokens().unwrap().held;
        held.first().map(|it| it.tokens)
    });
    assert_eq!(given, Some(16));
    let looked = until(PATIENCE, || {
        let mine = zoe.client().mailboxes().unwrap().mailboxes;
        mine.into_iter().find_map(|it| it.mine?.fetched)
    });
    looked.expect("zoé looks into her box");
    screen.run(zoe, &["mailbox"], "");
    screen.run(bob, &["mailbox"], "");
    screen.run(zoe, &["token"], "");
    screen.run(anne, &["token"], "");
}

#[test]
fn a_locked_friend_keeps_what_one_writes_until_the_other_is_there() {
    for lang in LANGUAGES {
        let (zoe, bob, anne) = (Home::new(), Home::sealed(PASSPHRASE), Home::new());
        let file = bob.passphrase(PASSPHRASE);
        let mut screen = Screen::new(lang);
        let at_zoe = zoe.start();
        let at_anne = anne.start();
        bob.kith(&["up", "--passphrase-file", &file]).done();
        zoe.befriend("bob", &bob, "zoé");
        zoe.befriend("anne", &anne, "zoé");
        bob_keeps(&zoe, &bob, &anne, &mut screen);
        drop(at_zoe);
        anne.sees(0);
        // The power goes at Bob's, and nobody is there to unlock it.
        bob.kith(&["down"]).done();
        bob.kith_alone(&["up"]).done();
        assert_eq!(bob.status()["locked"], true);
        let wait = ["send", "zoé", "on se voit à dix-huit heures", "--wait=90s"];
        let said = anne.kith(&[&wait[..], &["--at-least", "kept", "--json"]].concat());
        let sent: serde_json::Value = serde_json::from_str(&said.done()).unwrap();
        assert_eq!(sent["state"], "kept");
        screen.run(&anne, &["history", "zoé"], "");
        for (_, bytes) in bob.files() {
            let words = "dix-huit heures".as_bytes();
            assert!(!bytes.windows(words.len()).any(|it| it == words));
        }
        drop(at_anne);
        let _at_zoe = zoe.start();
        let there = until(PATIENCE, || (zoe.status()["unread"] == 1).then_some(()));
        there.expect("it arrives though nobody is there but Bob, who is locked");
        assert_eq!(zoe.inbox()[0]["text"], "on se voit à dix-huit heures");
        // Anne hears so once both are there.
        let _at_anne = anne.start();
        let id = sent["id"].as_u64().unwrap();
        until(PATIENCE, || {
            let sent = anne.client().send_state(id).ok()?;
            (sent.state == Delivery::Delivered).then_some(())
        })
        .expect("it arrived");
        screen.compare("mailbox");
    }
}
