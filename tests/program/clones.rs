//! A home that was copied, and a copy that was put back: real directories, real daemons. What the two
//! people see of it, what is lost, and whom it stops. PROTOCOL §3 "Hello", §4.7.

use std::fs;

use serde_json::Value;

use super::home::{Home, PATIENCE, gather, until};
use super::running::{Node, Talk};

/// Two friends who have said a word each; Zoé's node is down.
fn friends() -> (Home, Home, Node) {
    let (anne, zoe) = (Home::new(), Home::new());
    let (up, down) = (anne.start(), zoe.start());
    anne.befriend("zoé", &zoe, "anne");
    talk(&anne, &zoe, 1);
    drop(down);
    anne.sees(0);
    (anne, zoe, up)
}

/// Each says something, and it arrives.
fn talk(anne: &Home, zoe: &Home, times: usize) {
    for n in 0..times {
        let n = n.to_string();
        anne.kith(&["send", "zoé", &n, "--wait=60s"]).done();
        zoe.kith(&["send", "anne", &n, "--wait=60s"]).done();
    }
}

/// Another home with the same disk: only where it listens is its own.
fn copy(home: &Home) -> Home {
    let twin = Home::empty();
    put(home, &twin);
    twin
}

/// The disk of one home takes the place of the other's.
fn put(from: &Home, to: &Home) {
    let _ = fs::remove_dir_all(to.data(""));
    let mut files = Default::default();
    gather(&from.data(""), &mut files);
    for (path, bytes) in files {
        let path = to.data("").join(path.strip_prefix(from.data("")).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Both languages, on one screen each, from now on.
fn screens(home: &Home) -> [Talk; 2] {
    ["fr", "en"].map(|lang| {
        let mut screen = home.talk(&["chat", "--plain", "--lang", lang]);
        // It listens before it greets.
        screen.hears("/quit");
        screen
    })
}

/// What the two screens say, up to the words that are to be compared.
fn hear(screens: &mut [Talk; 2], said: [&str; 2]) {
    for (screen, said) in screens.iter_mut().zip(said) {
        screen.hears(said);
    }
}

/// Two computers speak as one friend, and words are to be compared: on both screens.
fn hear_of_two(mut screens: [Talk; 2]) {
    hear(
        &mut screens,
        [
            "deux ordinateurs parlent à la même place",
            "two computers speak in the same place",
        ],
    );
    hear(
        &mut screens,
        ["comparez ces quatre mots", "compare these four words"],
    );
}

/// The four words that this home shows for a friend, once it does.
fn words(home: &Home, friend: &str) -> String {
    let asked = || Some(home.client().contact(friend).unwrap().session_words);
    let words = until(PATIENCE, || asked().filter(|words| words.len() == 4));
    words.expect("nobody is asked").join(" ")
}

/// This home asks its person, in these words.
fn asks(home: &Home, friend: &str) -> String {
    let words = words(home, friend);
    for (lang, said, how) in [
        (
            "fr",
            "quelqu'un d'autre parle à sa place",
            "à vérifier de nouveau",
        ),
        (
            "en",
            "somebody else speaks in their place",
            "to be checked again",
        ),
    ] {
        let check = home.kith(&["contact", "check", friend, "--lang", lang]);
        assert_eq!(check.code, 1, "{check:?}");
        assert!(
            check.out.contains(said) && check.out.contains(&words),
            "{check:?}"
        );
        let list = home.kith(&["contact", "list", "--lang", lang]).done();
        assert!(list.contains(how), "{list}");
    }
    words
}

/// This home asks nobody.
fn is_quiet(home: &Home, friend: &str) {
    assert_eq!(home.kith(&["contact", "check", friend]).code, 0);
}

/// All lines of a conversation: of whom, and what became of it.
fn lines(home: &Home, friend: &str) -> Vec<Value> {
    home.read_all();
    let said = home.kith(&["history", friend, "--json"]);
    assert!([0, 1].contains(&said.code), "{said:?}");
    said.json()["lines"].as_array().unwrap().clone()
}

/// All that a friend ever said here, sorted.
fn heard(home: &Home, friend: &str) -> Vec<String> {
    let lines = lines(home, friend).into_iter();
    let theirs = lines.filter(|line| line["mine"].is_null());
    let mut texts: Vec<_> = theirs
        .map(|line| line["text"].as_str().unwrap().to_owned())
        .collect();
    texts.sort();
    texts
}

/// Waits until the friend has said this, which is there once.
fn hears(home: &Home, friend: &str, what: &str) {
    let count = || {
        heard(home, friend)
            .iter()
            .filter(|text| *text == what)
            .count()
    };
    let once = until(PATIENCE, || Some(count()).filter(|count| *count > 0));
    assert_eq!(once, Some(1), "{what}: {:?}", heard(home, friend));
}

/// Attack 94.
#[test]
fn a_home_that_runs_twice_is_said_in_words_and_stops_neither_the_link_nor_the_post() {
    let (anne, zoe, _anne) = friends();
    let twin = copy(&zoe);
    let _zoe = zoe.start();
    talk(&anne, &zoe, 1);
    let seen = screens(&anne);
    let _twin = twin.start();
    twin.kith(&["send", "anne", "de la copie"]);
    hear_of_two(seen);
    let asked = asks(&anne, "zoé");
    assert_eq!(asks(&twin, "anne"), asked, "the same on both screens");
    is_quiet(&zoe, "anne");
    talk(&anne, &zoe, 1);
    let late = twin.kith(&["send", "anne", "encore", "--wait=1s"]);
    assert_eq!(late.code, 75, "saved, and said so: {late:?}");
    let wrong = anne.kith(&["contact", "check", "zoé", "--yes", "un", "deux"]);
    assert_eq!(wrong.code, 65, "{wrong:?}");

    // Different words: the copy is forgotten, and nobody else noticed anything.
    let no = anne.kith(&["contact", "check", "zoé", "--no", "--lang", "fr"]);
    assert!(no.done().contains("Rien de ce qu'elle a dit n'a été pris"));
    is_quiet(&anne, "zoé");
    talk(&anne, &zoe, 1);
    assert!(!heard(&anne, "zoé").contains(&"de la copie".to_owned()));
}

/// Attacks 24 and 94, §4.7: who copied the home speaks first, and is taken for Zoé until she comes.
#[test]
fn a_thief_who_speaks_first_is_taken_for_the_friend_until_she_comes_and_no_longer() {
    let (anne, zoe, _anne) = friends();
    let twin = copy(&zoe);
    let _thief = twin.start();
    talk(&anne, &twin, 2);
    anne.kith(&["send", "zoé", "avant son retour", "--wait=60s"])
        .done();
    let seen = screens(&anne);
    let _zoe = zoe.start();
    zoe.kith(&["send", "anne", "c'est moi"]);
    hear_of_two(seen);
    let asked = asks(&zoe, "anne");
    assert_eq!(asks(&anne, "zoé"), asked);
    for (home, friend) in [(&anne, "zoé"), (&zoe, "anne")] {
        home.kith(&["contact", "check", friend, "--yes", &asked])
            .done();
    }
    hears(&anne, "zoé", "c'est moi");
    anne.kith(&["send", "zoé", "pour toi seule", "--wait=60s"])
        .done();
    hears(&zoe, "anne", "pour toi seule");
    assert!(!heard(&twin, "anne").contains(&"pour toi seule".to_owned()));
}

/// Attacks 22 and 72: a little back, twice. It is said on both screens, in words; whatever waited on
/// either side arrives, and once.
#[test]
fn a_home_that_went_back_a_little_loses_nothing_that_waited_and_shows_nothing_twice() {
    let (anne, zoe, mut node) = friends();
    let older = Home::empty();
    drop(node);
    let down = zoe.start();
    zoe.kith(&["send", "anne", "en attente"]);
    drop(down);
    put(&zoe, &older);
    node = anne.start();
    let down = zoe.start();
    hears(&anne, "zoé", "en attente");
    anne.kith(&["send", "zoé", "entre les deux", "--wait=60s"])
        .done();
    drop(down);
    anne.sees(0);
    anne.kith(&["send", "zoé", "pendant"]);

    // The friend's screens.
    put(&older, &zoe);
    let mut seen = screens(&anne);
    let down = zoe.start();
    hear(
        &mut seen,
        [
            "le disque de «\u{a0}zoé\u{a0}» a reculé dans le temps",
            "zoé's disk went back in time",
        ],
    );
    hear(
        &mut seen,
        [
            "reprend dans une nouvelle session",
            "goes on in a new session",
        ],
    );
    drop(seen);
    hears(&zoe, "anne", "pendant");
    zoe.kith(&["send", "anne", "après", "--wait=60s"]).done();
    drop(down);

    // And her own.
    put(&zoe, &older);
    let down = zoe.start();
    anne.kith(&["send", "zoé", "perdu", "--wait=60s"]).done();
    drop((down, node));
    put(&older, &zoe);
    let _zoe = zoe.start();
    let mut seen = screens(&zoe);
    let _anne = anne.start();
    hear(
        &mut seen,
        [
            "ce disque a reculé dans le temps",
            "this disk went back in time",
        ],
    );
    drop(seen);
    anne.kith(&["send", "zoé", "enfin", "--wait=60s"]).done();
    zoe.kith(&["send", "anne", "oui", "--wait=60s"]).done();
    assert_eq!(
        heard(&anne, "zoé"),
        ["0", "après", "en attente", "oui"],
        "each once"
    );
    let waits = |line: &Value| line["mine"] == "saved" || line["mine"] == "not_arrived";
    assert!(!lines(&anne, "zoé").iter().any(waits));
    is_quiet(&anne, "zoé");
    is_quiet(&zoe, "anne");
}
