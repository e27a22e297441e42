//! What commands print with `--json` is what `docs/JSON.md` says: answers of real nodes, held against its
//! tables, key by key.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Map, Value};

use super::home::{Home, PATIENCE, until};
use super::running::Node;

#[path = "../tables.rs"]
mod tables;

use tables::{Key, Table, keys, tables};

const OBJECTS: &str = include_str!("../../docs/JSON.md");
const API: &str = include_str!("../../docs/API.md");

/// All objects of the document, by their names.
struct Objects(BTreeMap<String, Table>);

/// What does not fit, and where.
type Fits<T> = Result<T, String>;

impl Objects {
    fn read() -> Self {
        let tables = tables(OBJECTS).into_iter();
        Self(tables.map(|table| (table.heading.clone(), table)).collect())
    }

    /// Whether a whole answer is this object, with its version and no key more.
    fn whole(&self, name: &str, answer: &Value) -> Fits<()> {
        let map = answer.as_object().ok_or("no object")?;
        if map.get("v") != Some(&Value::from(1)) {
            return Err("no version".into());
        }
        let mut known = self.keys_of(name, map)?;
        known.insert("v".into());
        no_others(map, &known)
    }

    fn is(&self, is: &str, value: &Value) -> Fits<()> {
        let fits = match is {
            "any" => true,
            "string" => value.is_string(),
            "bool" => value.is_boolean(),
            "int" => value.is_u64() || value.is_i64(),
            "time" => value.as_str().is_some_and(is_time),
            "null" => value.is_null(),
            _ => return self.is_made_of(is, value),
        };
        fits.then_some(()).ok_or(format!("{value} is no {is}"))
    }

    fn is_made_of(&self, is: &str, value: &Value) -> Fits<()> {
        if let Some((one, other)) = is.split_once(" or ") {
            return self.is(one, value).or_else(|_| self.is(other, value));
        }
        let wrong = || format!("{value} is no {is}");
        if let Some(each) = is.strip_suffix("[]") {
            let mut list = value.as_array().ok_or_else(wrong)?.iter();
            return list.try_for_each(|value| self.is(each, value));
        }
        if let Some(types) = is.strip_prefix('[').and_then(|is| is.strip_suffix(']')) {
            let types: Vec<_> = types.split(", ").collect();
            let list = value.as_array().ok_or_else(wrong)?;
            let mut pairs = types.iter().zip(list);
            return match types.len() == list.len() {
                true => pairs.try_for_each(|(is, value)| self.is(is, value)),
                false => Err(wrong()),
            };
        }
        if let Some(word) = is.strip_prefix('"').and_then(|is| is.strip_suffix('"')) {
            return (value == word).then_some(()).ok_or_else(wrong);
        }
        self.is_named(is, value)
    }

    fn is_named(&self, name: &str, value: &Value) -> Fits<()> {
        let table = self.table(name)?;
        match table.head[0].as_str() {
            "word" => {
                let word = value.as_str().unwrap_or_default();
                let known = table.rows.iter().any(|row| row[0] == word);
                known.then_some(()).ok_or(format!("{value} is no {name}"))
            }
            "form" if value.is_string() => {
                let word = value.to_string();
                let known = table.rows.iter().any(|row| row[0] == word);
                known.then_some(()).ok_or(format!("{value} is no {name}"))
            }
            _ => {
                let map = value.as_object().ok_or(format!("{value} is no {name}"))?;
                no_others(map, &self.keys_of(name, map)?)
            }
        }
        .map_err(|why| format!("{name}: {why}"))
    }

    fn table(&self, name: &str) -> Fits<&Table> {
        self.0.get(name).ok_or(format!("there is no object {name}"))
    }

    /// The keys that an object of this name has among others; an error if one is missing or wrong.
    fn keys_of(&self, name: &str, map: &Map<String, Value>) -> Fits<BTreeSet<String>> {
        let table = self.table(name)?;
        match table.head[0].as_str() {
            "key" => self.take(&rows(table), map),
            "form" => table
                .rows
                .iter()
                .find_map(|row| {
                    let form = row[0].strip_prefix("{\"")?.strip_suffix('}')?;
                    let (key, is) = form.split_once("\": ")?;
                    let value = map.get(key)?;
                    Some(
                        self.is(is, value)
                            .map(|()| BTreeSet::from([key.to_owned()])),
                    )
                })
                .unwrap_or(Err(format!("no form of {name}"))),
            tag => {
                let word = map
                    .get(tag)
                    .and_then(Value::as_str)
                    .ok_or(format!("no {tag}"))?;
                let row = table.rows.iter().find(|row| row[0] == word);
                let row = row.ok_or(format!("{tag} is no {word} of {name}"))?;
                let mut known = self.take(&keys(&row[1]), map)?;
                known.insert(tag.to_owned());
                Ok(known)
            }
        }
    }

    fn take(&self, keys: &[Key], map: &Map<String, Value>) -> Fits<BTreeSet<String>> {
        let mut known = BTreeSet::new();
        for key in keys {
            match (key.name.as_str(), map.get(&key.name)) {
                ("...", _) => match self.keys_of(&key.is, map) {
                    Ok(more) => known.extend(more),
                    Err(_) if key.optional && !self.begins(&key.is, map) => {}
                    Err(why) => return Err(why),
                },
                ("*", _) => known.extend(map.keys().cloned()),
                (name, Some(value)) => {
                    self.is(&key.is, value)
                        .map_err(|why| format!("{name}: {why}"))?;
                    known.insert(name.to_owned());
                }
                (_, None) if key.optional => {}
                (name, None) => return Err(format!("{name} is missing")),
            }
        }
        Ok(known)
    }

    /// Whether any key of the object is there.
    fn begins(&self, name: &str, map: &Map<String, Value>) -> bool {
        let table = self.table(name).ok();
        table.is_some_and(|table| rows(table).iter().any(|key| map.contains_key(&key.name)))
    }
}

/// The keys of a table that lists them.
fn rows(table: &Table) -> Vec<Key> {
    let keys = table.rows.iter().map(|row| Key {
        name: row[0].clone(),
        optional: row[1].ends_with(", or absent"),
        is: row[1].trim_end_matches(", or absent").to_owned(),
    });
    keys.collect()
}

fn no_others(map: &Map<String, Value>, known: &BTreeSet<String>) -> Fits<()> {
    let other = map.keys().find(|key| !known.contains(*key));
    other.map_or(Ok(()), |key| Err(format!("{key} is in no table")))
}

/// `2026-11-21T13:03:00Z`
fn is_time(text: &str) -> bool {
    let shape = "dddd-dd-ddTdd:dd:00Z";
    let fits = |(c, of): (char, char)| c == of || (of == 'd' && c.is_ascii_digit());
    text.len() == shape.len() && text.chars().zip(shape.chars()).all(fits)
}

/// A command that prints an object, and those it was seen to print.
struct Seen {
    objects: Objects,
    prints: BTreeMap<String, String>,
    left: BTreeSet<String>,
}

impl Seen {
    fn nothing() -> Self {
        let tables = tables(API).into_iter();
        let commands = tables.filter(|table| table.head[0] == "command");
        let rows = commands.flat_map(|table| table.rows);
        let prints: BTreeMap<_, _> = rows
            .filter(|row| !row[2].is_empty())
            .map(|row| (row[0].clone(), row[2].clone()))
            .collect();
        Self {
            objects: Objects::read(),
            left: prints.keys().cloned().collect(),
            prints,
        }
    }

    /// What the command prints, line by line, is one of what the document says.
    fn run(&mut self, home: &Home, typed: &[&str]) -> Value {
        let said = home.kith(&[typed, &["--json"]].concat());
        // 69: no node, which `status` says as an object.
        assert!([0, 1, 69].contains(&said.code), "{typed:?}: {said:?}");
        assert!(!said.out.is_empty(), "{typed:?}: {said:?}");
        let mut last = Value::Null;
        for line in said.out.lines() {
            last = serde_json::from_str(line).unwrap_or_else(|_| panic!("{typed:?}: {line}"));
            self.holds(typed, &last);
        }
        last
    }

    fn holds(&mut self, typed: &[&str], answer: &Value) {
        let line = format!("kith {}", typed.join(" "));
        let is_of =
            |command: &&String| line == **command || line.starts_with(&format!("{command} "));
        let command = self
            .prints
            .keys()
            .filter(is_of)
            .max_by_key(|command| command.len());
        let command = command.expect(&line).clone();
        let wrong: Vec<_> = self.prints[&command]
            .split(" or ")
            .map(|name| {
                self.objects
                    .whole(name, answer)
                    .map_err(|why| format!("{name}: {why}"))
            })
            .collect();
        assert!(
            wrong.iter().any(Result::is_ok),
            "{line}: {wrong:#?}\n{answer:#}"
        );
        self.left.remove(&command);
    }
}

/// Something that is looked for until it is there.
fn found<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until(PATIENCE, look).unwrap_or_else(|| panic!("no {what}"))
}

/// Anne, Bob and Zoé; the first two are friends of the third and not of each other.
struct People {
    anne: Home,
    bob: Home,
    zoe: Home,
    _up: [Node; 3],
}

fn people() -> People {
    let (anne, bob, zoe) = (Home::new(), Home::new(), Home::new());
    let up = [anne.start(), bob.start(), zoe.start()];
    zoe.befriend("anne", &anne, "zoé");
    zoe.befriend("bob", &bob, "zoé");
    zoe.sees(2);
    People {
        anne,
        bob,
        zoe,
        _up: up,
    }
}

fn waits(home: &Home, kind: &str) -> String {
    found(kind, || {
        let waiting = home.kith(&["waiting", "--json"]).json();
        let waiting = waiting["waiting"].as_array().cloned()?;
        let it = waiting.into_iter().find(|one| one["type"] == kind)?;
        Some(it["id"].as_u64()?.to_string())
    })
}

fn talk(seen: &mut Seen, people: &People) {
    let People { anne, zoe, .. } = people;
    seen.run(zoe, &["send", "anne", "Salut\u{202e}", "--wait=60s"]);
    seen.run(anne, &["inbox", "--peek"]);
    assert_eq!(seen.run(anne, &["inbox", "--ack", "0"])["count"], 0);
    seen.run(anne, &["inbox"]);
    seen.run(anne, &["inbox"]);
    seen.run(anne, &["send", "zoé", "ça va", "--ttl", "2d", "--wait=60s"]);
    let said = zoe.talk(&["inbox", "--follow", "--json"]).hears("ça va");
    seen.holds(&["inbox"], &serde_json::from_str(&said).unwrap());
    seen.run(zoe, &["why", "anne"]);
    seen.run(zoe, &["history", "anne"]);
    seen.run(zoe, &["history", "anne", "--keep", "2d"]);
    seen.run(zoe, &["history", "anne", "--timer", "1d"]);
    seen.run(zoe, &["edit", "anne", "1", "autre chose"]);
    seen.run(zoe, &["history", "anne", "--erase", "--yes"]);
}

fn know_people(seen: &mut Seen, people: &People) {
    let People { anne, bob, zoe, .. } = people;
    let list = seen.run(zoe, &["contact", "list"]);
    assert_eq!(list["contacts"].as_array().unwrap().len(), 2);
    let shown = seen.run(zoe, &["contact", "show", "anne"]);
    assert_eq!(shown["safety_words"].as_array().unwrap().len(), 12);
    seen.run(zoe, &["contact", "note", "anne", "du marché"]);
    for verb in ["mute", "block"] {
        seen.run(zoe, &["contact", verb, "anne"]);
        seen.run(zoe, &["contact", verb, "anne", "--off"]);
    }
    seen.run(zoe, &["contact", "rename", "bob", "robert"]);
    seen.run(zoe, &["contact", "rename", "robert", "bob"]);
    zoe.sees(2);
    seen.run(zoe, &["introduce", "anne", "bob", "--say", "du quartier"]);
    for (home, name) in [(anne, "bob"), (bob, "anne")] {
        let id = waits(home, "introduced");
        seen.run(home, &["waiting", "list"]);
        home.kith(&["waiting", "yes", &id, "--as", name]).done();
    }
    anne.sees(2);
    seen.run(anne, &["contact", "show", "bob"]);
    let tree = seen.run(anne, &["contact", "list", "--tree"]);
    assert_eq!(tree["people"][1]["introduced"][0], "bob");
    seen.run(zoe, &["invite", "--list"]);
    seen.run(zoe, &["waiting", "list"]);
    seen.run(
        zoe,
        &[
            "name", "publish", "anne", "--to", "bob", "--note", "voisine", "--yes",
        ],
    );
    seen.run(zoe, &["name", "list"]);
    seen.run(bob, &["who", "zoé/"]);
    seen.run(bob, &["who", "anne", "--no-ask"]);
    seen.run(zoe, &["name", "unpublish", "anne"]);
}

fn give_files(seen: &mut Seen, people: &People) {
    let People { anne, zoe, .. } = people;
    let (file, copy) = (zoe.beside("photo.jpg"), anne.beside("copie.jpg"));
    fs::write(&file, vec![7; 200_000]).unwrap();
    seen.run(zoe, &["send", "anne", "--file", file.to_str().unwrap()]);
    let id = waits(anne, "file");
    seen.run(zoe, &["file", "list"]);
    seen.run(anne, &["waiting", "list"]);
    seen.run(anne, &["waiting", "yes", &id]);
    seen.run(
        anne,
        &["file", "save", &id, copy.to_str().unwrap(), "--wait=90s"],
    );
    // Something waits for the stick only while she is not there.
    anne.kith(&["down"]).done();
    zoe.sees(1);
    zoe.kith(&["send", "anne", "par la poste"]).done();
    let stick = zoe.beside("stick");
    let stick = stick.to_str().unwrap();
    seen.run(zoe, &["carry", "out", stick]);
    anne.kith(&["up"]).done();
    seen.run(anne, &["carry", "in", stick]);
    zoe.sees(2);
}

fn keep_parcels(seen: &mut Seen, people: &People) {
    let People { anne, bob, zoe, .. } = people;
    seen.run(zoe, &["mailbox", "ask", "anne"]);
    let id = waits(anne, "mailbox");
    seen.run(anne, &["waiting", "list"]);
    anne.kith(&["waiting", "yes", &id]).done();
    // What was offered is granted without a question.
    seen.run(bob, &["mailbox", "offer", "zoé", "--quota", "4MiB"]);
    seen.run(zoe, &["mailbox", "ask", "bob", "--quota", "4MiB"]);
    found("box", || {
        let boxes = bob.kith(&["mailbox", "list", "--json"]).json();
        boxes["mailboxes"][0]["theirs"].is_object().then_some(())
    });
    seen.run(bob, &["mailbox", "quota", "zoé", "--quota", "3MiB"]);
    found("tokens", || {
        let held = anne.kith(&["token", "list", "--json"]).json();
        held["held"]
            .as_array()
            .is_some_and(|held| !held.is_empty())
            .then_some(())
    });
    for home in [anne, bob, zoe] {
        seen.run(home, &["mailbox", "list"]);
        seen.run(home, &["token", "list"]);
    }
    seen.run(zoe, &["token", "revoke", "anne"]);
    seen.run(zoe, &["token", "grant", "anne"]);
    seen.run(bob, &["mailbox", "rm", "zoé"]);
    seen.run(zoe, &["veille", "on"]);
    seen.run(zoe, &["veille", "off"]);
}

fn decide(seen: &mut Seen, people: &People) {
    let People { anne, bob, zoe, .. } = people;
    seen.run(
        zoe,
        &[
            "group", "new", "jardin", "--with", "anne,bob", "--hours", "1",
        ],
    );
    for home in [anne, bob] {
        let id = waits(home, "group");
        seen.run(home, &["waiting", "list"]);
        seen.run(home, &["waiting", "yes", &id, "--as", "jardin"]);
    }
    seen.run(zoe, &["group", "list"]);
    seen.run(
        zoe,
        &["send", "jardin", "bonjour à tout le monde", "--wait=60s"],
    );
    found("message", || (!anne.inbox().is_empty()).then_some(()));
    seen.run(zoe, &["history", "jardin"]);
    let motion = seen.run(zoe, &["group", "propose", "jardin", "text", "on y va"]);
    let own = motion["id"].as_u64().unwrap().to_string();
    let id = found("motion", || {
        let group = anne.kith(&["group", "show", "jardin", "--json"]).json();
        Some(group["motions"][0]["id"].as_u64()?.to_string())
    });
    seen.run(anne, &["group", "show", "jardin"]);
    seen.run(
        anne,
        &["group", "answer", "jardin", &id, "object", "trop tôt"],
    );
    seen.run(zoe, &["group", "result", "jardin", &own]);
    seen.run(zoe, &["group", "amend", "jardin", &own, "on y va demain"]);
    let poll = [
        "group",
        "propose",
        "jardin",
        "poll",
        "quand",
        "--choices",
        "lundi,mardi",
    ];
    let poll = seen.run(zoe, &poll)["id"].as_u64().unwrap().to_string();
    seen.run(zoe, &["group", "withdraw", "jardin", &poll]);
    seen.run(zoe, &["group", "minutes", "jardin"]);
    seen.run(zoe, &["group", "mute", "jardin", "bob", "--why", "bruit"]);
    seen.run(
        zoe,
        &["group", "report", "jardin", "bob", "son téléphone est pris"],
    );
    seen.run(zoe, &["group", "show", "jardin"]);
    seen.run(
        zoe,
        &[
            "group", "fork", "jardin", "--as", "potager", "--with", "anne",
        ],
    );
    seen.run(zoe, &["group", "leave", "jardin", "--yes"]);
}

fn make_up(seen: &mut Seen, people: &People) {
    let zoe = &people.zoe;
    let (script, file) = (zoe.beside("said"), zoe.beside("talk"));
    fs::write(&script, "me: on y va ?\nanne: oui\n").unwrap();
    let (script, file) = (script.to_str().unwrap(), file.to_str().unwrap());
    let make = [
        "forge",
        "transcript",
        "--with",
        "anne",
        "--script",
        script,
        "--out",
        file,
    ];
    assert_eq!(zoe.kith(&make).code, 0);
    seen.run(zoe, &["forge", "parse", file]);
    seen.run(zoe, &["forge", "verify", file]);
    seen.run(zoe, &["forge", "verify", file, "--with", "anne"]);
}

fn look_after_the_node(seen: &mut Seen, people: &People) {
    let (anne, zoe) = (&people.anne, &people.zoe);
    seen.run(zoe, &["status"]);
    seen.run(zoe, &["doctor"]);
    seen.run(zoe, &["config", "list"]);
    seen.run(zoe, &["config", "get", "disk.max"]);
    seen.run(zoe, &["config", "set", "messages.keep", "2d"]);
    seen.run(zoe, &["config", "unset", "messages.keep"]);
    let renewed = seen.run(zoe, &["identity", "new", "--yes"]);
    assert_eq!(renewed["friends"], 2);
    seen.run(anne, &["contact", "rm", "bob", "--yes"]);
    anne.kith(&["down"]).done();
    assert_eq!(seen.run(anne, &["status"])["state"], "down");
    seen.run(anne, &["doctor"]);
}

/// They take a table, other clocks, a split, another computer or a lost state, and have tests of their
/// own; what they print is what others print.
const ELSEWHERE: [&str; 10] = [
    "kith",
    "kith contact check",
    "kith contact drop",
    "kith contact join",
    "kith demo",
    "kith events",
    "kith group follow",
    "kith group voice",
    "kith meet",
    "kith verify",
];

#[test]
fn what_commands_print_for_programs_is_what_the_document_says() {
    let (mut seen, people) = (Seen::nothing(), people());
    talk(&mut seen, &people);
    know_people(&mut seen, &people);
    give_files(&mut seen, &people);
    keep_parcels(&mut seen, &people);
    decide(&mut seen, &people);
    make_up(&mut seen, &people);
    look_after_the_node(&mut seen, &people);
    let left: Vec<_> = seen.left.iter().map(String::as_str).collect();
    assert_eq!(left, ELSEWHERE, "seen by nobody");
}

#[test]
fn an_answer_with_another_key_or_without_one_is_seen() {
    let objects = Objects::read();
    let good = serde_json::json!({ "v": 1, "id": 7, "state": "saved" });
    assert_eq!(objects.whole("Sent", &good), Ok(()));
    for (key, value) in [
        ("id", "seven".into()),
        ("state", "lost".into()),
        ("more", 1.into()),
    ] {
        let mut wrong = good.clone();
        wrong[key] = value;
        assert!(objects.whole("Sent", &wrong).is_err(), "{key}");
    }
    for key in ["v", "id", "state"] {
        let mut wrong = good.clone();
        wrong.as_object_mut().unwrap().remove(key);
        assert!(objects.whole("Sent", &wrong).is_err(), "{key}");
    }
}

#[test]
fn every_type_of_the_documents_is_one_that_can_be_checked() {
    let objects = Objects::read();
    let of_keys = |table: &Table| match table.head[1].as_str() {
        "is" => rows(table),
        "with" => table.rows.iter().flat_map(|row| keys(&row[1])).collect(),
        _ => Vec::new(),
    };
    for key in objects.0.values().flat_map(of_keys) {
        let names = key.is.split(|c: char| !c.is_alphanumeric() && c != '"');
        let names = names.filter(|name| name.starts_with(char::is_uppercase));
        for name in names {
            assert!(objects.0.contains_key(name), "{key:?}");
        }
        if let Err(why) = objects.is(&key.is, &Value::from(0.5)) {
            assert!(!why.contains("there is no object"), "{why}");
        }
    }
}
