//! People who are in groups: each with a home and a node, typing in French. Where clocks must move,
//! nodes start anew with one that is ahead, by libfaketime.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::home::{Home, PATIENCE, Said, until};
use super::running::Node;

/// Windows of an hour, and no days of watching: what takes days takes a restart here.
pub(super) const SOON: [&str; 8] = [
    "--add-hours",
    "1",
    "--promote-hours",
    "1",
    "--hours",
    "1",
    "--spectator-days",
    "0",
];

/// Lies about the wall clock, as the file `clock` says, and about no other.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/// Hours that a clock may have gone over a stop: beyond a day a node does not believe it at once.
const STEP: u32 = 23;

/// Whether clocks can be moved; else it is said that they cannot.
pub(super) fn clocks_move() -> bool {
    let there = Path::new(FAKETIME).exists();
    if !there {
        eprintln!("skipped: libfaketime is not installed (apt install faketime)");
    }
    there
}

/// Somebody, and what runs for them.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) home: Home,
    pub(super) node: Option<Node>,
    /// Hours by which their clock is ahead.
    pub(super) ahead: u32,
}

impl Person {
    pub(super) fn new(name: &'static str) -> Self {
        let home = Home::new();
        let node = Some(home.start());
        Self {
            name,
            home,
            node,
            ahead: 0,
        }
    }

    /// Their node is gone, as by a cut of the power.
    pub(super) fn goes(&mut self) {
        drop(self.node.take());
    }

    /// Their node starts anew, by the clock that they have by now.
    pub(super) fn comes(&mut self) {
        self.goes();
        let clock = self.home.beside("clock");
        fs::write(&clock, format!("+{}h", self.ahead)).unwrap();
        let mut command = self.home.command(&["daemon", "--foreground"]);
        if self.ahead > 0 {
            command
                .env("LD_PRELOAD", FAKETIME)
                .env("FAKETIME_TIMESTAMP_FILE", &clock)
                .env("FAKETIME_NO_CACHE", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        self.node = Some(self.home.start_with(&mut command));
    }

    /// Types a command, in French.
    pub(super) fn kith(&self, typed: &[&str]) -> Said {
        self.home.kith(&[typed, &["--lang", "fr"]].concat())
    }

    /// The group as this one's node has it.
    pub(super) fn group(&self, name: &str) -> Value {
        self.home.kith(&["group", "show", name, "--json"]).json()
    }

    /// Who is in it here, each with a mark for who only watches.
    pub(super) fn people(&self, name: &str) -> Vec<String> {
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
    pub(super) fn sees(&self, name: &str, people: &[&str]) {
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
    pub(super) fn motion(&self, group: &str, kind: &str) -> String {
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
    pub(super) fn agrees(&self, group: &str, kind: &str) {
        let id = self.motion(group, kind);
        self.kith(&["group", "answer", group, &id, "accord"]).done();
    }

    /// Says yes to the group that asks.
    pub(super) fn joins(&self, name: &str) {
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
    pub(super) fn reads(&self, count: usize) -> Vec<(String, String)> {
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
pub(super) fn friends(names: &[&'static str]) -> Vec<Person> {
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
pub(super) fn found(people: &[Person]) {
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

/// So many hours pass for everybody; those whose nodes run start them again, and are together.
pub(super) fn pass(people: &mut [Person], hours: u32) {
    let mut left = hours;
    while left > 0 {
        let step = left.min(STEP);
        left -= step;
        for one in &mut *people {
            one.ahead += step;
            if one.node.is_some() {
                one.comes();
            }
        }
        together(people);
    }
}

/// All whose nodes run see each other.
pub(super) fn together(people: &[Person]) {
    let up = || people.iter().filter(|one| one.node.is_some());
    let others = up().count() as u64 - 1;
    up().for_each(|one| one.home.sees(others));
}
