//! A group that nobody owns, as people have one: eight nodes on loopback, everything typed in French.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use super::home::{PATIENCE, until};
use super::members::{clocks_move, found, friends, pass};

/// Founders, and one who comes later.
const NAMES: [&str; 8] = [
    "anne", "bob", "carole", "david", "emma", "farid", "gaëlle", "zoé",
];

#[test]
fn who_is_asked_into_a_group_reads_who_is_in_it_and_its_charter_before_saying_yes() {
    let people = friends(&NAMES[..3]);
    let (anne, bob) = (&people[0], &people[1]);
    let charter = anne.home.beside("charte.txt");
    fs::write(&charter, "Personne ne commande ici.\n").unwrap();
    let charter = charter.to_str().unwrap();
    let new = [
        "group",
        "new",
        "collectif",
        "--with",
        "bob,carole",
        "--charter",
        charter,
    ];
    anne.kith(&new).done();
    let read = until(PATIENCE, || {
        let said = bob.kith(&["waiting"]).done();
        said.contains("anne t'invite dans un groupe")
            .then_some(said)
    });
    let read = read.expect("nobody asked bob");
    for part in [
        "~\"collectif\"",
        "carole",
        "Personne ne commande ici.",
        "par consentement",
        "--as NOM",
    ] {
        assert!(read.contains(part), "{part}: {read}");
    }
    bob.joins("le jardin");
    let shown = bob.kith(&["group", "show", "le jardin"]).done();
    assert!(
        shown.contains("~\"collectif\" chez qui l'a fondé"),
        "{shown}"
    );
    // A group's name is one among those of people.
    anne.kith(&["group", "new", "bob", "--with", "carole"])
        .refused(65);
    anne.kith(&["group", "show", "bob"]).refused(65);
    anne.kith(&["group", "show", "nulle part"]).refused(67);
    // Whoever says no is not asked again, and nobody is told.
    let carole = &people[2];
    let asked = carole.home.kith(&["waiting", "--json"]).json();
    let id = asked["waiting"][0]["id"].as_u64().unwrap().to_string();
    carole.kith(&["waiting", "no", &id]).done();
    assert_eq!(
        carole.home.kith(&["group", "list", "--json"]).json()["groups"],
        Value::Array(vec![])
    );
}

#[test]
fn eight_found_a_group_talk_object_begin_again_elsewhere_and_leave() {
    let people = friends(&NAMES);
    let (anne, bob, carole) = (&people[0], &people[1], &people[2]);
    found(&people);

    // They talk; each sees who said it, by their own name for them.
    let sent = anne.kith(&["send", "collectif", "réunion mardi, 19 h", "--wait=60s"]);
    let said = sent.done();
    assert!(
        said.contains("Arrivé chez tout le monde dans #collectif."),
        "{said}"
    );
    for one in &people[1..] {
        let read = one.reads(1);
        assert_eq!(
            read,
            [("anne".to_owned(), "réunion mardi, 19 h".to_owned())]
        );
    }
    let history = anne.kith(&["history", "collectif"]).done();
    assert!(history.contains("réunion mardi, 19 h"), "{history}");

    // An objection blocks at once, and a script hears that it is not adopted.
    let text = ["group", "propose", "collectif", "text", "on prend le local"];
    anne.kith(&text).done();
    let id = carole.motion("collectif", "text");
    let objects = ["group", "answer", "collectif", &id, "objection"];
    carole.kith(&objects).refused(65);
    carole.kith(&[&objects[..], &["trop cher"]].concat()).done();
    let blocked = until(PATIENCE, || {
        let id = anne.motion("collectif", "text");
        let result = anne.kith(&["group", "result", "collectif", &id]);
        result.out.contains("trop cher").then_some(result)
    });
    assert_eq!(blocked.expect("the objection never came").code, 1);
    let minutes = anne.kith(&["group", "minutes", "collectif"]).done();
    assert!(minutes.contains("trop cher"), "{minutes}");

    // Some begin again elsewhere; who leaves keeps nothing.
    let fork = [
        "group",
        "fork",
        "collectif",
        "--as",
        "atelier",
        "--with",
        "bob,david",
    ];
    carole
        .kith(&[&fork[..], &["--history", "none"]].concat())
        .done();
    bob.joins("atelier");
    people[3].joins("atelier");
    carole.sees("atelier", &["bob", "carole", "david"]);
    let asked = carole.home.kith_alone(&["group", "leave", "collectif"]);
    assert_eq!(asked.code, 66, "a human is asked: {asked:?}");
    carole
        .kith(&["group", "leave", "collectif", "--yes"])
        .done();
    carole.kith(&["history", "collectif"]).refused(67);
    let left: Vec<_> = NAMES.into_iter().filter(|name| *name != "carole").collect();
    anne.sees("collectif", &left);
}

#[test]
fn seven_admit_an_eighth_promote_and_remove() {
    if !clocks_move() {
        return;
    }
    let mut people = friends(&NAMES);
    found(&people[..7]);
    // Somebody comes to watch: a yes besides that of who proposes, and no objection.
    let proposed = people[1].kith(&["group", "propose", "collectif", "add", "zoé"]);
    assert!(proposed.done().contains("que zoé vienne regarder"));
    for one in &people[..7] {
        one.agrees("collectif", "add");
    }
    pass(&mut people, 2);
    people[7].joins("collectif");
    let mut names = NAMES.to_vec();
    names[7] = "~zoé";
    people[0].sees("collectif", &names);
    // Only what is said to her too reaches her, and she says nothing there.
    let said = ["send", "collectif", "entre nous", "--wait=60s"];
    people[0].kith(&said).done();
    let said = [
        "send",
        "collectif",
        "--spectators",
        "bienvenue",
        "--wait=60s",
    ];
    people[0].kith(&said).done();
    assert_eq!(
        people[7].reads(1),
        [("anne".to_owned(), "bienvenue".to_owned())]
    );
    people[7].kith(&["send", "collectif", "merci"]).refused(77);

    people[1]
        .kith(&["group", "propose", "collectif", "promote", "zoé"])
        .done();
    for one in &people[..7] {
        one.agrees("collectif", "promote");
    }
    pass(&mut people, 2);
    people[0].sees("collectif", &NAMES);
    people[7].sees("collectif", &NAMES);

    // Two thirds of the others are enough to remove somebody.
    people[0]
        .kith(&["group", "propose", "collectif", "remove", "farid"])
        .done();
    for one in people.iter().filter(|one| one.name != "farid") {
        one.agrees("collectif", "remove");
    }
    pass(&mut people, 2);
    let left: Vec<_> = NAMES.into_iter().filter(|name| *name != "farid").collect();
    for one in people.iter().filter(|one| one.name != "farid") {
        one.sees("collectif", &left);
    }
    let said = ["send", "collectif", "sans lui", "--wait=60s"];
    people[0].kith(&said).done();
    let late = people[5].home.inbox();
    assert!(late.iter().all(|one| one["text"] != "sans lui"), "{late:?}");
    let minutes = people[0].kith(&["group", "minutes", "collectif"]).done();
    assert!(minutes.contains("que farid n'en soit plus"), "{minutes}");
}

/// How long nothing happens before it is said that nothing does.
const A_MOMENT: Duration = Duration::from_secs(2);

#[test]
fn a_message_to_a_group_is_seen_by_those_who_are_there_and_by_the_others_later() {
    let mut people = friends(&NAMES[..3]);
    found(&people);
    people[2].goes();
    let sent = people[0].kith(&["send", "collectif", "qui est là ?", "--wait=5s"]);
    assert_eq!(sent.code, 75, "{sent:?}");
    assert!(sent.out.contains("vu par 1 sur 2"), "{sent:?}");
    std::thread::sleep(A_MOMENT);
    let shown = people[0].kith(&["history", "collectif"]).done();
    assert!(shown.contains("vu par 1 sur 2"), "{shown}");
    people[2].comes();
    assert_eq!(
        people[2].reads(1),
        [("anne".to_owned(), "qui est là ?".to_owned())]
    );
    let shown = until(PATIENCE, || {
        let shown = people[0].kith(&["history", "collectif"]).done();
        shown.contains("(arrivé").then_some(())
    });
    assert!(shown.is_some(), "it is said that everybody has it");
}

#[test]
fn what_is_too_long_is_told_by_its_own_sentence() {
    let people = friends(&["anne", "bob"]);
    found(&people);
    let anne = &people[0];
    anne.kith(&["group", "propose", "collectif", "text", "court"])
        .done();
    let id = anne.motion("collectif", "text");
    let (page, paragraph) = ("a".repeat(5000), "a".repeat(600));
    let text = "a".repeat(64 * 1024);
    let choices = format!("oui,{page}");
    let cases: [(&[&str], &str); 8] = [
        (&["send", "collectif", &text], "Le texte est trop long"),
        (
            &["group", "propose", "collectif", "text", &page],
            "Ce que tu proposes",
        ),
        (
            &[
                "group",
                "propose",
                "collectif",
                "add",
                "zoé",
                "--say",
                &page,
            ],
            "Ce que tu proposes",
        ),
        (
            &[
                "group",
                "propose",
                "collectif",
                "poll",
                "quoi",
                "--choices",
                &choices,
            ],
            "Ce que tu proposes",
        ),
        (
            &["group", "amend", "collectif", &id, &page],
            "Ce que tu proposes",
        ),
        (
            &["group", "answer", "collectif", &id, "question", &paragraph],
            "512 octets",
        ),
        (
            &["group", "report", "collectif", "bob", &paragraph],
            "512 octets",
        ),
        (
            &["group", "mute", "collectif", "bob", "--why", &paragraph],
            "512 octets",
        ),
    ];
    for (typed, said) in cases {
        let refused = anne.kith(typed);
        let refused = refused.refused(65);
        assert!(refused.contains(said), "{said}: {refused}");
    }
    let long = anne.home.beside("longue.txt");
    fs::write(&long, "a".repeat(9000)).unwrap();
    let charter = ["--charter", long.to_str().unwrap()];
    let new = ["group", "new", "autre", "--with", "bob"];
    let refused = anne.kith(&[&new[..], &charter].concat());
    assert!(
        refused.refused(65).contains("La charte est trop longue"),
        "{refused:?}"
    );
}
