//! A group that nobody owns, as people have one: eight nodes on loopback, everything typed in French.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::home::{Home, PATIENCE, Said, until};
use super::running::Node;

/// Founders, and one who comes later.
const NAMES: [&str; 8] = [
    "anne", "bob", "carole", "david", "emma", "farid", "gaëlle", "zoé",
];

/// Windows of an hour, and no days of watching: what takes days takes a restart here.
const SOON: [&str; 8] = [
    "--add-hours",
    "1",
    "--promote-hours",
    "1",
    "--hours",
    "1",
    "--spectator-days",
    "0",
];

/// Somebody, and what runs for them.
struct Person {
    name: &'static str,
    home: Home,
    node: Option<Node>,
}

impl Person {
    fn new(name: &'static str) -> Self {
        let home = Home::new();
        let node = Some(home.start());
        Self { name, home, node }
    }

    /// Types a command, in French.
    fn kith(&self, typed: &[&str]) -> Said {
        self.home.kith(&[typed, &["--lang", "fr"]].concat())
    }

    /// The group as this one's node has it.
    fn group(&self, name: &str) -> Value {
        self.home.kith(&["group", "show", name, "--json"]).json()
    }

    /// Who is in it here, each with a mark for who only watches.
    fn people(&self, name: &str) -> Vec<String> {
        let group = self.group(name);
        let people = group["people"].as_array().cloned().unwrap_or_default();
        let mut people: Vec<_> = people.iter().map(|one| self.called(one)).collect();
        people.sort();
        people
    }

    fn called(&self, one: &Value) -> String {
        let name = match &one["who"] {
            Value::String(_) => self.name.to_owned(),
            who => who["petname"].as_str().unwrap_or("?").to_owned(),
        };
        let marks = [("spectator", "~"), ("suspended", "!")];
        let marks = marks.iter().filter(|(key, _)| one[*key] == true);
        marks.map(|(_, mark)| *mark).collect::<String>() + &name
    }

    /// Waits until this is who is in it here.
    fn sees(&self, name: &str, people: &[&str]) {
        let mut wanted: Vec<_> = people.iter().map(|one| (*one).to_owned()).collect();
        wanted.sort();
        let seen = until(PATIENCE, || (self.people(name) == wanted).then_some(()));
        assert!(
            seen.is_some(),
            "{} sees {:?}, not {wanted:?}: {:#}",
            self.name,
            self.people(name),
            self.group(name)["motions"],
        );
    }

    /// The number of the motion that proposes this of somebody, once it is known here.
    fn motion(&self, group: &str, kind: &str) -> String {
        let found = until(PATIENCE, || {
            let motions = self.group(group)["motions"].as_array().cloned()?;
            let newest = motions
                .into_iter()
                .rfind(|one| one["what"]["type"] == kind)?;
            newest["id"].as_u64()
        });
        found.expect("it never came").to_string()
    }

    /// Says yes to the newest motion of this kind.
    fn agrees(&self, group: &str, kind: &str) {
        let id = self.motion(group, kind);
        self.kith(&["group", "answer", group, &id, "accord"]).done();
    }

    /// Says yes to the group that asks.
    fn joins(&self, name: &str) {
        let asked = until(PATIENCE, || {
            let waiting = self.home.kith(&["waiting", "--json"]).json();
            let waiting = waiting["waiting"].as_array().cloned()?;
            let asked = waiting.into_iter().find(|one| one["type"] == "group")?;
            asked["id"].as_u64()
        });
        let id = asked.expect("nobody asks").to_string();
        self.kith(&["waiting", "yes", &id, "--as", name]).done();
    }

    /// Texts of this group that are unread, with who said them.
    fn reads(&self, count: usize) -> Vec<(String, String)> {
        let mut read = Vec::new();
        until(PATIENCE, || {
            let new = self.home.inbox();
            let new = new.iter().filter(|one| one["group"].is_object());
            read.extend(new.map(|one| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (text(&one["from"]["petname"]), text(&one["text"]))
            }));
            (read.len() >= count).then_some(())
        });
        read
    }
}

/// So many people, everybody a friend of everybody.
fn friends(names: &[&'static str]) -> Vec<Person> {
    let people: Vec<_> = names.iter().map(|name| Person::new(name)).collect();
    for (at, one) in people.iter().enumerate() {
        for other in &people[at + 1..] {
            one.home.befriend(other.name, &other.home, one.name);
        }
    }
    for one in &people {
        one.home.sees(people.len() as u64 - 1);
    }
    people
}

/// A group of all of them, founded by the first.
fn found(people: &[Person]) {
    let (first, others) = people.split_first().unwrap();
    let charter = first.home.beside("charte.txt");
    fs::write(&charter, "Personne ne commande ici.\n").unwrap();
    let with: Vec<_> = others.iter().map(|one| one.name).collect();
    let with = with.join(",");
    let charter = charter.to_str().unwrap();
    let new = [
        "group",
        "new",
        "collectif",
        "--with",
        &with,
        "--charter",
        charter,
    ];
    let said = first.kith(&[&new[..], &SOON].concat()).done();
    assert!(
        said.contains("#collectif est fondé et attend les autres."),
        "{said}"
    );
    for one in others {
        one.joins("collectif");
    }
    let names: Vec<_> = people.iter().map(|one| one.name).collect();
    for one in people {
        one.sees("collectif", &names);
    }
}

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
        said.contains("anne te demande dans un groupe")
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
    if !Path::new(FAKETIME).exists() {
        eprintln!("skipped: libfaketime is not installed (apt install faketime)");
        return;
    }
    let mut people = friends(&NAMES);
    found(&people[..7]);
    // Somebody comes to watch: a yes besides that of who proposes, and no objection.
    let proposed = people[1].kith(&["group", "propose", "collectif", "add", "zoé"]);
    assert!(proposed.done().contains("zoé vient regarder"));
    for one in &people[..7] {
        one.agrees("collectif", "add");
    }
    all_later(&mut people, 2);
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
    all_later(&mut people, 4);
    people[0].sees("collectif", &NAMES);
    people[7].sees("collectif", &NAMES);

    // Two thirds of the others are enough to remove somebody.
    people[0]
        .kith(&["group", "propose", "collectif", "remove", "farid"])
        .done();
    for one in people.iter().filter(|one| one.name != "farid") {
        one.agrees("collectif", "remove");
    }
    all_later(&mut people, 6);
    let left: Vec<_> = NAMES.into_iter().filter(|name| *name != "farid").collect();
    for one in people.iter().filter(|one| one.name != "farid") {
        one.sees("collectif", &left);
    }
    let said = ["send", "collectif", "sans lui", "--wait=60s"];
    people[0].kith(&said).done();
    let late = people[5].home.inbox();
    assert!(late.iter().all(|one| one["text"] != "sans lui"), "{late:?}");
    let minutes = people[0].kith(&["group", "minutes", "collectif"]).done();
    assert!(minutes.contains("farid n'en est plus"), "{minutes}");
}

/// Lies about the wall clock, as the file `clock` says, and about no other.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/// Starts everybody's node anew, so many hours after the test began.
fn all_later(people: &mut [Person], hours: u32) {
    for one in &mut *people {
        later(one, &format!("+{hours}h"));
    }
    for one in &*people {
        one.home.sees(people.len() as u64 - 1);
    }
}

/// Starts somebody's node anew, with a clock that is ahead by so much.
fn later(person: &mut Person, ahead: &str) {
    drop(person.node.take());
    let clock = person.home.beside("clock");
    fs::write(&clock, ahead).unwrap();
    let mut command = person.home.command(&["daemon", "--foreground"]);
    command
        .env("LD_PRELOAD", FAKETIME)
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    person.node = Some(person.home.start_with(&mut command));
}

/// How long nothing happens before it is said that nothing does.
const A_MOMENT: Duration = Duration::from_secs(2);

#[test]
fn a_message_to_a_group_is_seen_by_those_who_are_there_and_by_the_others_later() {
    let mut people = friends(&NAMES[..3]);
    found(&people);
    drop(people[2].node.take());
    let sent = people[0].kith(&["send", "collectif", "qui est là ?", "--wait=5s"]);
    assert_eq!(sent.code, 75, "{sent:?}");
    assert!(sent.out.contains("vu par 1 sur 2"), "{sent:?}");
    std::thread::sleep(A_MOMENT);
    let shown = people[0].kith(&["history", "collectif"]).done();
    assert!(shown.contains("vu par 1 sur 2"), "{shown}");
    people[2].node = Some(people[2].home.start());
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
