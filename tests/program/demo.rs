//! The demonstration is the first thing that anybody sees: each of its steps holds, and its journal
//! tells nothing, however much is asked of it.

use serde_json::Value;

use super::home::Home;

/// What the demonstration's people say and are called, in both languages.
const SAID: [&str; 14] = [
    "anne-demo",
    "bruno-demo",
    "camille-demo",
    "annette-demo",
    "meeting still on",
    "back room",
    "posters",
    "canal",
    "lorry",
    "behind the station",
    "together",
    "camille-de-bruno",
    "bruno-de-camille",
    "127.0.0.1",
];

#[test]
fn every_step_of_the_demonstration_holds_and_its_journal_names_nobody() {
    let home = Home::empty();
    let mut command = home.command(&["demo", "--json", "--lang", "en"]);
    command.env("KITH_LOG", "trace");
    let output = command.output().unwrap();
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(output.status.success(), "{lines:?}");
    let names: Vec<_> = lines
        .iter()
        .filter_map(|line| line["name"].as_str())
        .collect();
    let steps = [
        "nodes",
        "pair",
        "talk",
        "absent",
        "introduce",
        "alike",
        "meet",
        "stick",
        "kept",
        "token",
        "stranger",
        "wire",
        "forge",
        "wipe",
    ];
    assert_eq!(names, steps);
    assert!(
        lines
            .iter()
            .all(|line| line["ok"] == true && line["v"] == 1)
    );
    let fact = |step: usize, name: &str| lines[step][name].as_u64().unwrap();
    assert_eq!(fact(3, "arrived"), fact(3, "kept"));
    assert_eq!((fact(4, "agreed"), fact(4, "met")), (2, 0));
    assert_eq!(fact(5, "tried"), fact(5, "refused"));
    assert_eq!((fact(6, "people"), fact(6, "same_words")), (3, 3));
    assert_eq!((fact(7, "opened_by_carrier"), fact(7, "read")), (0, 1));
    assert_eq!((fact(8, "parcels"), fact(8, "together")), (1, 0));
    assert_eq!((fact(8, "keeper_hits"), fact(8, "read_by_keeper")), (0, 0));
    assert!(fact(8, "keeper_bytes") > 10_000 && fact(9, "tokens") >= 1);
    assert!(fact(9, "bytes_the_first_time") >= 512);
    assert_eq!(fact(9, "bytes_the_second_time"), 0);
    assert!(fact(10, "strangers") >= 4 && fact(10, "replayed") >= 1);
    assert_eq!(fact(10, "bytes_to_stranger"), 0);
    assert!(fact(11, "wire_bytes") > 10_000 && fact(11, "disk_bytes") > 100_000);
    assert_eq!(
        (fact(11, "hits"), fact(13, "hits"), fact(13, "bytes_left")),
        (0, 0, 0)
    );
    assert_eq!((fact(12, "parcels"), fact(12, "accepted")), (16, 16));
    assert!(lines[12]["alike"] == true && lines[12]["made_by_node"] == true);

    let journal = String::from_utf8(output.stderr).unwrap();
    assert!(
        journal.contains("node is up"),
        "the journal was open: {journal}"
    );
    for said in SAID {
        assert!(!journal.contains(said), "{said} in {journal}");
    }
    assert!(!journal.contains("KITH:"), "an invitation in {journal}");
}
