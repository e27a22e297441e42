//! What `docs/API.md` says of commands and refusals is so: every command stands there with methods that
//! exist and objects that `docs/JSON.md` has, every reason with the code that the program ends with.

use std::collections::BTreeSet;

use clap::Command;
use kith_node::control::client::CallError;
use kith_node::control::shape::{Language, Refusal};
use serde_json::{Map, Value, json};

use super::command;
use crate::exit::Failed;
use crate::words::Words;

#[path = "../../../tests/tables.rs"]
mod tables;

use tables::{Table, keys, tables};

const API: &str = include_str!("../../../docs/API.md");
const OBJECTS: &str = include_str!("../../../docs/JSON.md");

/// Those tables of the API whose first column has this head.
fn of(head: &'static str) -> impl Iterator<Item = Table> {
    let tables = tables(API).into_iter();
    tables.filter(move |table| table.head.first().is_some_and(|first| first == head))
}

fn rows(head: &'static str) -> Vec<Vec<String>> {
    of(head).flat_map(|table| table.rows).collect()
}

/// Commands that do something: `kith` alone, and all that have none below them.
fn leaves(command: &Command, path: &str, all: &mut BTreeSet<String>) {
    let path = format!("{path} {}", command.get_name());
    if !command.has_subcommands() {
        all.insert(path.trim().to_owned());
    }
    for verb in command.get_subcommands() {
        leaves(verb, &path, all);
    }
}

#[test]
fn every_command_stands_in_the_document_and_no_other() {
    let mut commands = BTreeSet::from(["kith".to_owned()]);
    leaves(&command(&Words::new(Language::English)), "", &mut commands);
    let document: BTreeSet<_> = rows("command")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(commands, document);
}

#[test]
fn what_a_command_asks_is_a_method_and_what_it_prints_an_object() {
    let methods: BTreeSet<_> = rows("method")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let objects: BTreeSet<_> = tables(OBJECTS)
        .into_iter()
        .map(|table| table.heading)
        .collect();
    let both = rows("method").into_iter().map(|row| row[2].clone());
    let printed = rows("command").into_iter().map(|row| row[2].clone());
    for object in both.chain(printed).flat_map(|cell| split(&cell, " or ")) {
        assert!(objects.contains(&object), "no object {object}");
    }
    let asked = rows("command").into_iter().flat_map(|row| keys_of(&row[1]));
    for method in asked {
        assert!(methods.contains(&method), "no method {method}");
    }
}

/// A lone name lost its back quotes with those of its cell.
fn keys_of(cell: &str) -> Vec<String> {
    match cell.contains('`') {
        true => keys(cell).into_iter().map(|key| key.name).collect(),
        false => split(cell, ", "),
    }
}

fn split(cell: &str, by: &str) -> Vec<String> {
    let parts = cell.split(by).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

#[test]
fn the_bot_that_the_document_shows_is_the_one_that_is_tried() {
    let bot = include_str!("../../../docs/echo.py");
    assert!(API.contains(&format!("```python\n{bot}```\n")));
    assert!(bot.lines().count() < 25, "short enough to be read");
}

/// The words that an enum knows, as it says when it is given another.
fn known<T: serde::de::DeserializeOwned>(tag: &str) -> BTreeSet<String> {
    let wrong = serde_json::from_value::<T>(json!({ tag: "surely_unknown" }));
    let told = wrong
        .err()
        .map(|wrong| wrong.to_string())
        .unwrap_or_default();
    let words = told.split('`').skip(3).step_by(2);
    words.map(str::to_owned).collect()
}

#[test]
fn every_reason_stands_in_the_document_with_the_code_the_program_ends_with() {
    let document: BTreeSet<_> = rows("reason")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(known::<Refusal>("reason"), document);
    for row in rows("reason") {
        let mut refusal = Map::from_iter([("reason".to_owned(), json!(row[0]))]);
        for key in keys(&row[1]) {
            let value: Value = match key.is.as_str() {
                "string" => json!("zoé"),
                "string[]" => json!([]),
                "int" => json!(1),
                "Trouble" => json!("system"),
                other => panic!("{other}"),
            };
            refusal.insert(key.name, value);
        }
        let refusal: Refusal = serde_json::from_value(refusal.into()).unwrap();
        let written = serde_json::to_value(&refusal).unwrap();
        let keys_written = written.as_object().map_or(0, Map::len);
        assert_eq!(keys_written, keys(&row[1]).len() + 1, "{}", row[0]);
        let exit = Failed::from(CallError::Refused(refusal)).exit;
        assert_eq!(exit.0.to_string(), row[2], "{}", row[0]);
    }
}
