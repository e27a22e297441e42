//! Another name, and the end of a friendship: both stay on this side.

use super::home::{Home, PATIENCE, until};

#[test]
fn another_name_changes_nothing_for_the_friend() {
    let (anne, zoe) = (Home::new(), Home::new());
    let (_anne, node) = (anne.start(), zoe.start());
    anne.befriend("zoé", &zoe, "anne");
    let words = |name| anne.client().contact(name).unwrap().safety_words;
    let before = words("zoé");
    let renamed = anne.kith(&["contact", "rename", "zoé", "lise", "--lang", "en"]);
    assert!(renamed.done().contains("lise from now on"));
    anne.kith(&["send", "zoé", "qui ?"]).refused(67);
    anne.kith(&["send", "lise", "toi", "--wait=60s"]).done();
    let inbox = zoe.inbox();
    assert_eq!(inbox[0]["from"]["petname"], "anne");
    assert_eq!(words("lise"), before);
    anne.kith(&["contact", "rename", "lise", "me"]).refused(65);
    anne.kith(&["contact", "rename", "personne", "x"])
        .refused(67);
    drop(node);
    let _again = zoe.start();
    zoe.kith(&["send", "anne", "bien", "--wait=60s"]).done();
    assert_eq!(anne.inbox()[0]["from"]["petname"], "lise");
}

#[test]
fn whoever_is_removed_is_told_nothing_and_keeps_what_they_wrote() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    zoe.kith(&["send", "anne", "lu plus tard", "--wait=60s"])
        .done();
    let asked = anne.kith_alone(&["contact", "rm", "zoé", "--lang", "en"]);
    assert_eq!(asked.code, 66, "{asked:?}");
    assert!(asked.err.contains("1 new message"), "{asked:?}");
    assert_eq!(anne.client().contacts().unwrap().contacts.len(), 1);

    let mut events = zoe.client().subscribe().unwrap();
    let removed = anne.kith(&["contact", "rm", "zoé", "--yes", "--json"]);
    assert_eq!(removed.json()["unread"], 1);
    assert_eq!(anne.client().contacts().unwrap().contacts.len(), 0);
    assert_eq!(anne.kith(&["inbox"]).code, 1, "what was not read went too");
    zoe.sees(0);
    let heard = events.next(Some(PATIENCE)).unwrap();
    let offline = format!("{heard:?}");
    assert!(
        offline.contains("Offline"),
        "an absence, no more: {offline}"
    );
    let sent = zoe.kith(&["send", "anne", "tu es là ?", "--wait=2s", "--json"]);
    assert_eq!(sent.code, 75, "{sent:?}");
    assert_eq!(sent.json()["state"], "saved");
    assert_eq!(zoe.status()["outbox"], 1);
    assert_eq!(
        zoe.kith(&["history", "anne", "--json"]).json()["lines"][0]["mine"],
        "delivered"
    );
}

#[test]
fn a_note_is_mine_until_it_is_erased() {
    let (anne, zoe) = (Home::new(), Home::new());
    let up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let noted = anne.kith(&["contact", "note", "zoé", "au jardin", "--json"]);
    assert_eq!(noted.json()["note"], "au jardin");
    anne.kith(&["contact", "note", "zoé", &"n".repeat(1001)])
        .refused(65);
    drop(up);
    let _again = anne.start();
    let shown = anne
        .kith(&["contact", "show", "zoé", "--lang", "en"])
        .done();
    assert!(shown.contains("noted      au jardin"), "{shown}");
    anne.kith(&["contact", "note", "zoé", ""]).done();
    assert!(
        !anne
            .kith(&["contact", "show", "zoé", "--lang", "en"])
            .done()
            .contains("noted")
    );
}

#[test]
fn whoever_is_muted_is_heard_when_i_ask() {
    let (anne, zoe, bruno) = (Home::new(), Home::new(), Home::new());
    let _up = [anne.start(), zoe.start(), bruno.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.befriend("bruno", &bruno, "anne");
    anne.kith(&["contact", "mute", "zoé"]).done();
    let mut follow = anne.talk(&["inbox", "--follow"]);
    let mut chat = anne.talk(&["chat", "zoé", "--plain", "--lang", "en"]);
    assert!(chat.hears("zoé").contains("zoé (muted)"));
    let says = |who: &Home, text| drop(who.kith(&["send", "anne", text, "--wait=60s"]).done());
    // Only one of the two that read may take what it shows.
    drop(chat);
    says(&zoe, "tout bas");
    says(&bruno, "tout haut");
    assert!(follow.hears("tout").ends_with("tout haut"));
    says(&zoe, "encore");
    says(&bruno, "plus haut");
    assert!(follow.hears("bruno").ends_with("plus haut"));
    let left = || (anne.status()["unread"] == 2).then_some(());
    until(PATIENCE, left).expect("hers alone");
    let inbox = anne.inbox();
    assert_eq!(
        (&inbox[0]["text"], &inbox[1]["text"]),
        (&"tout bas".into(), &"encore".into())
    );
    assert_eq!(inbox[0]["from"]["muted"], true);
    anne.kith(&["contact", "mute", "zoé", "--off"]).done();
    says(&zoe, "et maintenant ?");
    assert!(follow.hears("zoé").ends_with("maintenant ?"));
}

#[test]
fn whoever_is_blocked_hears_nothing_until_they_are_not_any_more() {
    let (anne, zoe) = (Home::new(), Home::new());
    let up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let blocked = anne.kith(&["contact", "block", "zoé", "--json"]);
    assert_eq!(blocked.json()["blocked"], true);
    zoe.sees(0);
    let refused = anne.kith(&["send", "zoé", "non", "--lang", "en"]);
    assert_eq!(refused.code, 77, "{refused:?}");
    assert!(refused.err.contains("You blocked zoé"), "{refused:?}");
    let list = anne.kith(&["contact", "list", "--lang", "en"]).done();
    assert!(list.contains("zoé (blocked)"), "{list}");
    let sent = zoe.kith(&["send", "anne", "tu es là ?", "--wait=2s", "--json"]);
    assert_eq!(sent.json()["state"], "saved");
    // Neither by a node that starts anew.
    drop(up);
    let _again = [anne.start(), zoe.start()];
    let sent = zoe.kith(&["send", "anne", "allô ?", "--wait=2s"]);
    assert_eq!(sent.code, 75, "{sent:?}");
    assert_eq!(anne.status()["unread"], 0);
    anne.kith(&["contact", "block", "zoé", "--off"]).done();
    anne.sees(1);
    let words = || Some(anne.status()["unread"].as_u64()? == 2).filter(|both| *both);
    until(PATIENCE, words).expect("what waited");
    let inbox = anne.inbox();
    assert_eq!(inbox[0]["text"], "tu es là ?");
    assert_eq!(inbox[1]["text"], "allô ?");
}

#[test]
fn an_invitation_that_was_taken_back_opens_nothing() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    let back = anne.kith(&["contact", "rm", "zoé", "--yes", "--lang", "en"]);
    assert!(back.done().contains("taken back"));
    let late = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code);
    assert!(late.done().contains("not answering"));
    assert_eq!(anne.status()["friends"]["online"], 0);
    // Whoever took it can give it up, and the name is free again.
    zoe.kith(&["contact", "rm", "anne", "--yes"]).done();
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    let joined = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code);
    assert!(joined.done().contains("linked by code"));
    until(PATIENCE, || {
        (anne.status()["friends"]["online"] == 1).then_some(())
    })
    .expect("friends");
}
