//! A network in two halves: each goes on deciding; healed, both hold the same, or two lists are shown
//! and each person says with whom they go on. Everything typed in French.

use super::home::{PATIENCE, until};
use super::members::{Person, clocks_move, found, friends, pass, together};

/// Anne, Bob, Carole and David in a group.
fn four() -> Vec<Person> {
    let people = friends(&["anne", "bob", "carole", "david"]);
    found(&people);
    people
}

/// Of these two alone the nodes run: the one proposes, the other agrees, and time passes until it is
/// decided. Meanwhile nothing of the others comes.
fn decide_alone(people: &mut [Person], [by, with]: [usize; 2], what: &[&str]) {
    people.iter_mut().for_each(Person::goes);
    people[by].comes();
    people[with].comes();
    together(people);
    let propose = [&["group", "propose", "collectif"], what].concat();
    people[by].kith(&propose).done();
    people[with].agrees("collectif", what[0]);
    pass(people, 2);
}

fn heal(people: &mut [Person]) {
    people.iter_mut().for_each(Person::comes);
    together(people);
}

#[test]
fn two_halves_of_a_group_go_on_deciding_and_hold_the_same_once_they_meet() {
    if !clocks_move() {
        return;
    }
    let mut people = four();
    decide_alone(&mut people, [0, 1], &["text", "on garde le local"]);
    decide_alone(&mut people, [2, 3], &["text", "on vend le camion"]);
    let minutes = people[2].kith(&["group", "minutes", "collectif"]).done();
    assert!(
        minutes.contains("on vend le camion") && !minutes.contains("on garde"),
        "{minutes}"
    );
    heal(&mut people);
    for one in &people {
        let whole = until(PATIENCE, || {
            let minutes = one.kith(&["group", "minutes", "collectif"]).done();
            let both =
                minutes.contains("on garde le local") && minutes.contains("on vend le camion");
            (both && minutes.matches("adoptée\u{a0}: 2 oui sur 4").count() == 2).then_some(())
        });
        assert!(whole.is_some(), "{} does not hold both", one.name);
        assert_eq!(one.group("collectif")["split"], false);
    }
}

#[test]
fn two_sides_that_excluded_each_other_are_both_shown_and_followed_alone_or_together() {
    if !clocks_move() {
        return;
    }
    let mut people = four();
    decide_alone(&mut people, [0, 1], &["remove", "david"]);
    people[0].sees("collectif", &["anne", "bob", "carole"]);
    decide_alone(&mut people, [2, 3], &["remove", "anne"]);
    people[2].sees("collectif", &["bob", "carole", "david"]);
    // Nobody chooses for them, and nothing is to be followed before they hear of each other.
    people[2]
        .kith(&["group", "follow", "collectif", "1"])
        .refused(65);
    heal(&mut people);

    // Bob and Carole are on both lists.
    for (one, other) in [(&people[1], "carole"), (&people[2], "bob")] {
        let shown = until(PATIENCE, || {
            let shown = one.kith(&["group", "show", "collectif"]).done();
            shown.contains("Le groupe s'est séparé").then_some(shown)
        });
        let shown = shown.expect("nobody says that it has come apart");
        for side in [
            format!("le tien\u{a0}: toi, {other}\n"),
            format!("\u{a0}: toi, anne, {other}\n"),
            format!("\u{a0}: toi, {other}, david\n"),
        ] {
            assert!(shown.contains(&side), "{side}: {shown}");
        }
        assert!(shown.contains("kith group follow collectif 1"), "{shown}");
    }
    people[1]
        .kith(&["group", "follow", "collectif", "4"])
        .refused(65);
    let number = side_with(&people[2], "david");
    people[2]
        .kith(&["group", "follow", "collectif", &number])
        .done();
    people[2].sees("collectif", &["bob", "carole", "david"]);
    people[1]
        .kith(&["group", "follow", "collectif", "both"])
        .done();
    people[1].sees("collectif", &["anne", "bob", "carole", "david"]);
    for at in [1, 2] {
        assert_eq!(people[at].group("collectif")["split"], false);
    }
    // What Carole says goes to her side alone, what Bob says to everybody.
    people[2]
        .kith(&["send", "collectif", "sans anne", "--wait=60s"])
        .done();
    people[1]
        .kith(&["send", "collectif", "ensemble", "--wait=60s"])
        .done();
    assert_eq!(people[1].group("collectif")["cost"]["parcels"], 3);
    // Who misses what lies before it waits a day for that.
    pass(&mut people, 26);
    let ensemble = ("bob".to_owned(), "ensemble".to_owned());
    assert_eq!(people[0].reads(1), std::slice::from_ref(&ensemble));
    let mut read = people[3].reads(2);
    read.sort();
    assert_eq!(
        read,
        [ensemble, ("carole".to_owned(), "sans anne".to_owned())]
    );

    // Whoever was on one list alone is offered the choice once that has lasted for a week.
    pass(&mut people, 7 * 24);
    let offered = until(PATIENCE, || {
        let shown = people[0].kith(&["group", "show", "collectif"]).done();
        shown.contains("Le groupe s'est séparé").then_some(())
    });
    assert!(offered.is_some(), "anne is offered nothing");
    people[0]
        .kith(&["group", "follow", "collectif", "both"])
        .done();
    people[0].sees("collectif", &["anne", "bob", "carole", "david"]);
}

/// The number of the side of two others on which somebody is.
fn side_with(one: &Person, name: &str) -> String {
    let group = one.group("collectif");
    let sides = group["sides"].as_array().unwrap();
    let has = |side: &serde_json::Value| {
        let people = side.as_array().unwrap();
        people.iter().any(|who| who["petname"] == name)
    };
    let at = sides.iter().position(has).expect("no such side");
    (at + 1).to_string()
}
