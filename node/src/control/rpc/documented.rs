//! What `docs/API.md` says of the methods is what they are: the same ones, with the same parameters.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Asked, Fault, parse};
use crate::control::shape::GroupPolicy;

#[path = "../../../../tests/tables.rs"]
mod tables;

use tables::{Key, Table, keys, tables};

const DOCUMENT: &str = include_str!("../../../../docs/API.md");

fn methods() -> Vec<(String, String)> {
    let is_of_methods = |table: &Table| table.head.first().is_some_and(|head| head == "method");
    let tables = tables(DOCUMENT).into_iter().filter(is_of_methods);
    let rows = tables.flat_map(|table| table.rows);
    rows.map(|row| (row[0].clone(), row[1].clone())).collect()
}

fn ask(method: &str, params: &Value) -> Result<Asked, Fault> {
    let line = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    parse(&line.to_string()).1
}

fn takes(method: &str, params: &Value) -> bool {
    !matches!(
        ask(method, params),
        Err(Fault::BadParams(_) | Fault::NoSuchMethod)
    )
}

#[test]
fn the_document_has_the_methods_of_the_code_and_no_others() {
    let sources = [include_str!("method.rs"), include_str!("group.rs")];
    let texts = sources.iter().flat_map(|text| text.split('"'));
    let code: BTreeSet<_> = texts
        .filter(|text| !matches!(ask(text, &json!({})), Err(Fault::NoSuchMethod)))
        .map(str::to_owned)
        .collect();
    let document: BTreeSet<_> = methods().into_iter().map(|(name, _)| name).collect();
    assert!(
        code.len() > 80,
        "methods are found by their names in the code"
    );
    assert_eq!(code, document);
    assert_eq!(methods().len(), document.len(), "each stands there once");
}

/// Something of that type that every method takes.
fn any(key: &Key) -> Value {
    match (key.name.as_str(), key.is.as_str()) {
        ("join", _) => json!("127.0.0.1:7"),
        (_, "string") => json!("AAAA"),
        (_, "int") => json!(1),
        (_, "bool") => json!(true),
        (_, "Language") => json!("fr"),
        (_, "RoomSecret") => json!({ "words": "un deux" }),
        (_, "GroupPolicy") => json!(GroupPolicy::default()),
        (_, "Proposal") => json!({ "type": "add", "who": "zoé" }),
        (_, "Position") => json!({ "choice": 2 }),
        (_, "Spoken[]") => json!([{ "mine": true, "text": "Salut" }]),
        (_, "string[]") => json!([]),
        (name, other) => panic!("{name}: {other}"),
    }
}

fn object<'a>(keys: impl IntoIterator<Item = &'a Key>) -> Value {
    let pairs = keys.into_iter().map(|key| (key.name.clone(), any(key)));
    Value::Object(pairs.collect::<Map<_, _>>())
}

#[test]
fn each_method_takes_the_parameters_of_the_document_and_no_others() {
    for (method, with) in methods() {
        let keys = keys(&with);
        if with.starts_with("one of ") {
            assert!(
                keys.iter().all(|key| takes(&method, &object([key]))),
                "{method}"
            );
            assert!(
                !takes(&method, &object(&keys)) && !takes(&method, &json!({})),
                "{method}"
            );
            continue;
        }
        assert!(takes(&method, &object(&keys)), "{method}: {with}");
        let needed = keys.iter().filter(|key| !key.optional);
        assert!(
            takes(&method, &object(needed.clone())),
            "{method} takes less"
        );
        for missing in needed {
            let others = keys.iter().filter(|key| key.name != missing.name);
            assert!(
                !takes(&method, &object(others)),
                "{method} needs {missing:?}"
            );
        }
        let mut more = object(&keys);
        more["surely_unknown"] = json!(1);
        assert!(!takes(&method, &more), "{method} takes anything");
        for key in &keys {
            let mut wrong = object(&keys);
            wrong[&key.name] = json!({ "surely": "wrong" });
            assert!(!takes(&method, &wrong), "{method}: {key:?} is of that type");
        }
    }
}
