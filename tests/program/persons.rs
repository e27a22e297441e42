//! One person with several computers, as people have it: what is written goes to each, one name stands
//! for all, and one that is lost is given up with one command.

use super::home::Home;

#[test]
fn a_person_with_two_computers_is_one_name_and_loses_nothing_with_one_of_them() {
    let (anne, laptop, tower) = (Home::new(), Home::new(), Home::new());
    let (_anne, lost, _tower) = (anne.start(), laptop.start(), tower.start());
    anne.befriend("zoé", &laptop, "anne");
    anne.befriend("tour", &tower, "anne");
    let asked = anne.kith_alone(&["contact", "join", "tour", "zoé"]);
    assert_eq!(asked.code, 66, "a human is asked: {asked:?}");
    let joined = anne.kith(&["contact", "join", "tour", "zoé", "--yes", "--lang", "fr"]);
    assert!(joined.done().contains("tour s'appelle désormais zoé"));
    anne.kith(&["send", "tour", "qui ?"]).refused(67);
    // What is refused anyhow is refused before anybody is asked.
    for (refused, code) in [
        (["join", "zoé", "zoé"], 65),
        (["join", "tour", "zoé"], 67),
        (["drop", "zoé", "3"], 65),
        (["drop", "zoé", "0"], 65),
    ] {
        let refused = anne.kith_alone(&[&["contact"], &refused[..]].concat());
        assert_eq!(refused.code, code, "{refused:?}");
    }
    anne.kith(&["send", "zoé", "à dix-huit heures", "--wait=60s"])
        .done();
    for computer in [&laptop, &tower] {
        computer.sees(1);
        assert_eq!(computer.inbox()[0]["text"], "à dix-huit heures");
    }
    laptop
        .kith(&["send", "anne", "du portable", "--wait=60s"])
        .done();
    tower
        .kith(&["send", "anne", "de la tour", "--wait=60s"])
        .done();
    let shown = anne
        .kith(&["contact", "show", "zoé", "--lang", "fr"])
        .done();
    for number in ["\n    1  ", "\n    2  "] {
        assert_eq!(
            shown.matches(number).count(),
            2,
            "its state, its words: {shown}"
        );
    }
    let read = ["verify", "zoé", "--lang", "fr", "--no-input"];
    assert!(anne.kith(&read).done().contains("le numéro 1 dans"));
    let lines = anne.kith(&["inbox", "--json"]).json();
    assert_eq!(
        lines["messages"].as_array().map(Vec::len),
        Some(2),
        "{lines}"
    );

    // Giving a computer up erases nobody, and has a word of its own.
    let mut asked = anne.paper(&["contact", "drop", "zoé", "1", "--lang", "fr"]);
    asked.sees("Écris «\u{a0}abandonner\u{a0}» pour le faire");
    asked.types("effacer");
    asked.sees("Rien n'a changé.");
    assert_eq!(asked.ends(), 1);

    drop(lost);
    anne.kith(&["contact", "drop", "zoé", "3", "--yes"])
        .refused(65);
    anne.kith(&["contact", "drop", "zoé", "1", "--yes"]).done();
    anne.kith(&["contact", "drop", "zoé", "1", "--yes"])
        .refused(65);
    let history = anne.kith(&["history", "zoé", "--json"]).json();
    assert_eq!(
        history["lines"].as_array().map(Vec::len),
        Some(3),
        "{history}"
    );
    anne.kith(&["send", "zoé", "et toi ?", "--wait=60s"]).done();
    assert_eq!(anne.client().contacts().unwrap().contacts.len(), 1);
}
