//! The table of attacks in THREATS is true: it has all of them, and each test that it names is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ATTACKS: usize = 101;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The tests that the table names for each attack: file and name. None where it is open.
fn table() -> Vec<(usize, Vec<(String, String)>)> {
    let threats = fs::read_to_string(root().join("docs/THREATS.md")).unwrap();
    let mut rows = Vec::new();
    for line in threats.lines() {
        let cells: Vec<_> = line.split(" | ").collect();
        let [number, _, tests] = cells[..] else {
            continue;
        };
        let Ok(number) = number.trim_start_matches("| ").parse() else {
            continue;
        };
        let named = tests.split('`').filter_map(|name| name.split_once("::"));
        let named: Vec<_> = named
            .map(|(file, test)| (file.to_owned(), test.to_owned()))
            .collect();
        assert!(
            !named.is_empty() || tests.contains("open: "),
            "{number}: {tests}"
        );
        rows.push((number, named));
    }
    rows
}

/// Whether this file holds a test of this name that runs.
fn is_there(file: &str, test: &str) -> bool {
    let Ok(text) = fs::read_to_string(root().join(file)) else {
        return false;
    };
    let Some((before, _)) = text.split_once(&format!("fn {test}(")) else {
        return false;
    };
    // Its attributes stand between what was before it and its name.
    let attributes = before.rsplit('}').next().unwrap_or(before);
    let runs = attributes.contains("#[test]") || attributes.contains("#[tokio::test");
    runs && !attributes.contains("#[ignore")
}

#[test]
fn the_table_has_every_attack_and_every_test_that_it_names_is_there() {
    let table = table();
    let numbers: Vec<_> = table.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=ATTACKS).collect::<Vec<_>>());
    for (number, tests) in &table {
        for (file, test) in tests {
            assert!(
                is_there(file, test),
                "attack {number}: no test {file}::{test}"
            );
        }
    }
    assert!(!is_there("proto/src/link.rs", "nobody_wrote_this"));
    assert!(!is_there("proto/src/link.rs", "dial"), "no test");
}

/// What a comment above a test says it shows, the table says too.
#[test]
fn every_test_that_names_an_attack_stands_in_its_row() {
    let table: BTreeMap<_, _> = table().into_iter().collect();
    let mut named = 0;
    let mut files = Vec::new();
    for room in ["proto/src", "node/src", "cli/src", "tests"] {
        sources(&root().join(room), &mut files);
    }
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for said in text.split("/// Attack").skip(1) {
            let numbers = said
                .trim_start_matches('s')
                .split([':', ',', '.'])
                .next()
                .unwrap();
            let numbers = numbers.split_whitespace().map_while(|word| match word {
                "and" => Some(None),
                word => word.parse::<usize>().ok().map(Some),
            });
            let after = said.split_once("fn ").map(|(_, after)| after);
            let test = after.and_then(|after| after.split('(').next()).unwrap();
            for number in numbers.flatten() {
                let row = &table[&number];
                let has = row.iter().any(|(_, name)| name == test);
                assert!(has, "attack {number}: {test} of {}", file.display());
                named += 1;
            }
        }
    }
    assert!(named > 30, "{named}");
}

fn sources(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}
