//! Who is not there: suspended after days of silence and let back by their own words, gone for good
//! as the founder, or back with a new computer. Everything typed in French.

use super::home::{Home, PATIENCE, until};
use super::meetings::{count, join, read_aloud, tick};
use super::members::{Person, clocks_move, found, friends, pass, together};

/// Waits until a motion stands like this: 0 for adopted, 1 for anything else.
fn result(one: &Person, kind: &str) -> i32 {
    let id = one.motion("collectif", kind);
    one.kith(&["group", "result", "collectif", &id]).code
}

#[test]
fn who_is_silent_for_a_week_is_sent_nothing_once_more_than_half_say_so_until_they_speak() {
    if !clocks_move() {
        return;
    }
    let mut people = friends(&["anne", "bob", "carole", "david"]);
    found(&people);
    people[3]
        .kith(&["send", "collectif", "à lundi", "--wait=60s"])
        .done();
    people[3].goes();
    let suspend = ["group", "propose", "collectif", "suspend", "david"];
    let early = people[0].kith(&suspend);
    let early = early.refused(77);
    assert!(early.contains("7 jours de silence"), "{early}");

    pass(&mut people, 7 * 24 + 1);
    people[0].kith(&suspend).done();
    people[1].agrees("collectif", "suspend");
    // Two of four are not more than half, though they are two of three who are there.
    let waits = people[1].kith(&["group", "show", "collectif"]).done();
    assert!(
        waits.contains("encore 1 oui (2 sur 4, il en faut 3)"),
        "{waits}"
    );
    assert_eq!(result(&people[1], "suspend"), 1);
    people[2].agrees("collectif", "suspend");
    for one in &people[..3] {
        one.sees("collectif", &["anne", "bob", "carole", "!david"]);
    }
    assert_eq!(result(&people[0], "suspend"), 0);
    let shown = people[0].kith(&["group", "show", "collectif"]).done();
    let said = "suspendu·e\u{a0}: rien ne lui est envoyé";
    assert!(shown.contains(said), "{shown}");

    // Nothing waits for him, and nothing is made for him.
    let sent = people[0].kith(&["send", "collectif", "sans lui", "--wait=60s"]);
    let said = sent.done();
    assert!(said.contains("Arrivé chez tout le monde"), "{said}");
    assert_eq!(people[0].group("collectif")["cost"]["parcels"], 2);
    let waiting = people[0].home.kith(&["contact", "show", "david", "--json"]);
    assert_eq!(waiting.json()["outbox"], 0, "nothing is sealed for him");
    let lift = ["group", "propose", "collectif", "lift", "david"];
    people[1].kith(&lift).refused(77);

    // His own words, and one who heard them.
    pass(&mut people, 1);
    people[3].comes();
    together(&people);
    people[3]
        .kith(&["send", "collectif", "me revoilà", "--wait=60s"])
        .done();
    assert_eq!(people[1].reads(3).last().unwrap().1, "me revoilà");
    people[1].kith(&lift).done();
    for one in &people[..3] {
        one.sees("collectif", &["anne", "bob", "carole", "david"]);
    }
    assert_eq!(people[0].group("collectif")["cost"]["parcels"], 3);
    people[0]
        .kith(&["send", "collectif", "bienvenue", "--wait=60s"])
        .done();
    // It follows words that he never gets, and is shown to him when he waited for them long enough.
    pass(&mut people, 26);
    let read = people[3].reads(1);
    assert_eq!(read, [("anne".to_owned(), "bienvenue".to_owned())]);
}

#[test]
fn without_the_computer_that_founded_it_a_group_admits_promotes_and_removes() {
    if !clocks_move() {
        return;
    }
    let mut people = friends(&["anne", "bob", "carole", "david", "emma", "zoé"]);
    found(&people[..5]);
    pass(&mut people, 24);
    // Her home and all that was in it.
    drop(people.remove(0));
    people[0]
        .kith(&["group", "propose", "collectif", "add", "zoé"])
        .done();
    people[1].agrees("collectif", "add");
    pass(&mut people, 2);
    people[4].joins("collectif");
    let all = ["anne", "bob", "carole", "david", "emma"];
    let watched = [&all[..], &["~zoé"]].concat();
    people
        .iter()
        .for_each(|one| one.sees("collectif", &watched));

    people[1]
        .kith(&["group", "propose", "collectif", "promote", "zoé"])
        .done();
    people[0].agrees("collectif", "promote");
    people[2].agrees("collectif", "promote");
    pass(&mut people, 2);
    let with_zoé = [&all[..], &["zoé"]].concat();
    people
        .iter()
        .for_each(|one| one.sees("collectif", &with_zoé));

    people[0]
        .kith(&["group", "propose", "collectif", "remove", "emma"])
        .done();
    for at in [1, 2, 4] {
        people[at].agrees("collectif", "remove");
    }
    pass(&mut people, 2);
    for at in [0, 1, 2, 4] {
        people[at].sees("collectif", &["anne", "bob", "carole", "david", "zoé"]);
    }
    let sent = people[4].kith(&["send", "collectif", "on continue", "--wait=3s"]);
    assert!(
        sent.out.contains("vu par 3 sur 4"),
        "anne is still in it: {sent:?}"
    );
    for at in [0, 1, 2] {
        assert_eq!(
            people[at].reads(1),
            [("zoé".to_owned(), "on continue".to_owned())]
        );
    }
    assert!(people[3].home.inbox().is_empty(), "emma is not");
}

#[test]
fn who_lost_her_computer_has_her_seat_again_by_one_motion_of_two_who_met_her() {
    if !clocks_move() {
        return;
    }
    let mut people = friends(&["anne", "bob", "carole"]);
    found(&people);
    drop(people.remove(2));
    let mut people = meet_again(people, "carole");
    together(&people);

    // Her old computer is nobody's any more: the card calls it by two words.
    let group = people[0].group("collectif");
    let strangers = group["people"].as_array().unwrap().iter();
    let mut old = strangers.filter_map(|one| one["who"]["stranger"]["unknown"].as_str());
    let old = format!("?{}", old.next().expect("a stranger"));
    let shown = people[0].kith(&["group", "show", "collectif"]).done();
    assert!(shown.contains(&old), "{old}: {shown}");
    let back = ["group", "propose", "collectif", "return", &old];
    people[0]
        .kith(&[&back[..], &["--computer", "carole"]].concat())
        .done();
    people[1].agrees("collectif", "return");
    pass(&mut people, 2);
    people[2].joins("collectif");
    for one in &people {
        one.sees("collectif", &["anne", "bob", "carole"]);
    }
    let sent = people[2].kith(&["send", "collectif", "c'est moi", "--wait=60s"]);
    assert!(sent.done().contains("Arrivé chez tout le monde"));
    for one in &people[..2] {
        assert_eq!(
            one.reads(1),
            [("carole".to_owned(), "c'est moi".to_owned())]
        );
    }
}

/// All of them meet somebody whom they know, who has a new computer.
fn meet_again(people: Vec<Person>, back: &'static str) -> Vec<Person> {
    let mut seats = Vec::new();
    for one in people {
        let node = one.node.unwrap();
        join(&mut seats, (one.name, one.home, node), &["--replace", back]);
    }
    let home = Home::new();
    let node = home.start();
    join(&mut seats, (back, home, node), &[]);
    count(&mut seats);
    read_aloud(&mut seats);
    tick(&mut seats);
    let (last, others) = seats.split_last_mut().unwrap();
    for seat in &mut *others {
        // Who is a friend already keeps their name, unasked.
        seat.screen
            .sees(&format!("Quel petit nom donnes-TU à ~\"{back}\""));
        seat.screen.types(back);
    }
    for _ in &*others {
        last.screen.sees("Quel petit nom donnes-TU à ~\"");
        let nick = last.screen.sees("\"").trim_end_matches('"').to_owned();
        last.screen.types(&nick);
    }
    for seat in &mut seats {
        assert_eq!(seat.screen.ends(), 0);
    }
    let people = seats.into_iter().map(|seat| Person {
        name: seat.name,
        home: seat.home,
        node: Some(seat.node),
        ahead: 0,
    });
    people.collect()
}

#[test]
fn a_machine_in_other_hands_is_asked_about_before_anything_goes_there() {
    let people = friends(&["anne", "bob", "carole"]);
    found(&people);
    people[0]
        .kith(&["group", "report", "collectif", "carole", "prise lundi"])
        .done();
    let warned = until(PATIENCE, || {
        let shown = people[1].kith(&["group", "show", "collectif"]).done();
        shown.contains("machine dans d'autres mains").then_some(())
    });
    assert!(warned.is_some(), "bob never hears of it");
    for to in ["collectif", "carole"] {
        for one in &people[..2] {
            let send = ["send", to, "où es-tu ?", "--lang", "fr"];
            let asked = one.home.kith_alone(&send);
            assert_eq!(asked.code, 66, "a human is asked: {asked:?}");
            assert!(asked.err.contains("carole"), "{asked:?}");
        }
        people[1]
            .kith(&["send", to, "où es-tu ?", "--yes", "--wait=60s"])
            .done();
    }
}
