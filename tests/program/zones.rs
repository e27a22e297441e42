//! What friends call others, among three computers: Anne asks Bob, who shows her whom he chose.

use super::home::{Home, PATIENCE, until};
use super::screens::{LANGUAGES, Screen};

/// Anne, Bob and Zoé; Anne calls Zoé Lise.
fn three() -> [Home; 3] {
    let [anne, bob, zoé] = [Home::new(), Home::new(), Home::new()];
    for home in [&anne, &bob, &zoé] {
        home.kith(&["up"]).done();
    }
    anne.befriend("bob", &bob, "anne");
    bob.befriend("zoé", &zoé, "bob");
    anne.befriend("lise", &zoé, "anne");
    // Whoever has heard from the other can be asked.
    for (home, name) in [(&anne, "bob"), (&bob, "anne")] {
        home.kith(&["send", name, "salut", "--wait=60s"]).done();
    }
    [anne, bob, zoé]
}

impl Home {
    fn who(&self, name: &str) -> serde_json::Value {
        self.kith(&["who", name, "--json"]).json()
    }
}

#[test]
fn a_friend_is_asked_what_they_call_others_and_answers_for_whom_they_chose() {
    let [anne, bob, _zoé] = three();
    let nobody = anne.kith(&["who", "bob/zoé", "--lang", "fr"]);
    assert_eq!(nobody.code, 67, "{nobody:?}");
    assert!(nobody.out.contains("ne te montre personne"), "{nobody:?}");

    let unasked = bob.kith_alone(&["name", "publish", "zoé", "--to", "anne", "--lang", "fr"]);
    assert_eq!(unasked.code, 66, "{unasked:?}");
    assert!(unasked.err.contains("demande-lui d'abord"), "{unasked:?}");
    assert_eq!(
        bob.kith(&["name", "list", "--json"]).json()["shown"],
        serde_json::json!([])
    );

    let note = "on milite ensemble";
    bob.kith(&[
        "name", "publish", "zoé", "--to", "anne", "--note", note, "--yes",
    ])
    .done();
    let found = anne.who("bob/zoé");
    assert_eq!(found["asking"], "answered");
    assert_eq!(found["person"]["petname"], "lise");
    assert_eq!(found["names"][0]["edge"], serde_json::json!(["bob", "zoé"]));
    assert_eq!(found["names"][0]["known"], "lise");
    assert_eq!(found["names"][0]["note"], note);
    let shown = anne.kith(&["who", "bob/zoé", "--lang", "fr"]).done();
    assert!(shown.starts_with("bob/zoé\n"), "{shown}");
    assert!(shown.contains(note) && shown.contains("lise"), "{shown}");
    let friend = anne.kith(&["who", "lise", "--lang", "fr"]).done();
    assert!(
        friend.starts_with("lise\n") && friend.contains("zoé"),
        "{friend}"
    );
    assert_eq!(anne.kith(&["who", "bob/"]).done().lines().count(), 2);
    let tree = anne
        .kith(&["contact", "list", "--tree", "--lang", "en"])
        .done();
    let rows: Vec<&str> = tree.lines().collect();
    assert!(rows[0].starts_with("bob: by code"), "{tree}");
    assert_eq!(rows[1], "  bob/zoé: your lise");
    assert!(rows[2].starts_with("lise: by code") && rows.len() == 3);

    // Three labels, and what is no name.
    anne.kith(&["who", "bob/zoé/anne"]).refused(65);
    anne.kith(&["who", "bob/?lune-tigre"]).refused(65);
    anne.kith(&["who", "personne"]).refused(67);
    // Who asks too fast is told to come back, not that there is nobody.
    let code = || anne.kith(&["who", "bob/caro"]).code;
    assert!((0..30).any(|_| code() == 75));
}

#[test]
fn what_was_said_is_shown_until_its_time_and_forgotten_once_it_is_taken_back() {
    let [anne, bob, _zoé] = three();
    bob.kith(&[
        "name", "publish", "zoé", "--to", "anne", "--days", "1", "--yes",
    ])
    .done();
    anne.kith(&["who", "bob/zoé"]).done();
    bob.kith(&["down"]).done();
    anne.sees(1);
    let told = anne.kith(&["who", "bob/zoé", "--lang", "fr"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.err.contains("n'est pas là pour répondre"), "{told:?}");
    assert!(told.out.contains("valable"), "{told:?}");
    let never = anne.kith(&["who", "bob/caro", "--lang", "fr"]);
    assert_eq!(never.code, 67, "{never:?}");
    // Over a restart too.
    anne.kith(&["down"]).done();
    anne.kith(&["up"]).done();
    assert_eq!(anne.who("bob/zoé")["names"][0]["edge"][1], "zoé");

    bob.kith(&["up"]).done();
    let gone = bob
        .kith(&["name", "unpublish", "zoé", "--lang", "fr"])
        .done();
    assert!(gone.contains("anne"), "{gone}");
    let known = || anne.kith(&["who", "bob/zoé", "--no-ask"]).code;
    until(PATIENCE, || (known() == 67).then_some(())).expect("forgotten");
    assert_eq!(bob.kith(&["name", "unpublish", "zoé"]).code, 1);
}

#[test]
fn another_name_and_an_end_are_no_longer_shown() {
    let [anne, bob, _zoé] = three();
    bob.kith(&["name", "publish", "zoé", "--to", "anne", "--yes"])
        .done();
    anne.kith(&["who", "bob/zoé"]).done();
    let renamed = bob.kith(&["contact", "rename", "zoé", "camille", "--lang", "fr"]);
    assert!(renamed.err.contains("était montré à anne"), "{renamed:?}");
    assert!(
        bob.kith(&["name", "list", "--lang", "fr"])
            .done()
            .contains("personne")
    );
    assert_eq!(anne.kith(&["who", "bob/camille"]).code, 67);
    assert_eq!(anne.kith(&["who", "bob/zoé"]).code, 67);
}

#[test]
fn the_screens_of_names() {
    for lang in LANGUAGES {
        let [anne, bob, _zoé] = three();
        let mut screen = Screen::new(lang);
        screen.run(&bob, &["name", "list"], "");
        screen.run(
            &bob,
            &["name", "publish", "zoé", "--to", "anne", "--no-input"],
            "",
        );
        let note = "on milite ensemble";
        let publish = [
            "name", "publish", "zoé", "--to", "anne", "--note", note, "--yes",
        ];
        screen.run(&bob, &publish, "");
        screen.run(
            &bob,
            &["name", "publish", "anne", "--to", "anne", "--yes"],
            "",
        );
        screen.run(&bob, &["name", "list"], "");
        screen.run(&anne, &["who", "bob/zoé"], "");
        screen.run(&anne, &["who", "bob/caro"], "");
        screen.run(&anne, &["who", "bob/"], "");
        screen.run(&anne, &["who", "lise"], "");
        screen.run(&anne, &["who", "bob/zoé/anne"], "");
        screen.run(&anne, &["contact", "rm", "lise", "--yes"], "");
        screen.run(&anne, &["who", "bob/zoé"], "");
        screen.run(&bob, &["contact", "rename", "zoé", "camille"], "");
        screen.run(&bob, &["name", "unpublish", "camille"], "");
        screen.compare("names");
    }
}
