//! What a home holds, groups among it, is read by the builds that come: `vectors/home4.json` is one of
//! version 4 that was written once, and is never written again. PROTOCOL §10.
//!
//! Another `VERSION` gets a file of its own, which `KITH_BLESS=1` writes where there is none.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::decided::days;
use super::*;
use crate::engine::tests::net::Disk;
use crate::vectors::{hex, unhex};

fn place() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/home4.json")
}

fn text() -> Proposal {
    Proposal::Text { file: None }
}

/// Ada's: of each kind of thing that groups and friends leave on a disk, one.
fn lived() -> Net {
    let mut net = all_friends(5, 5);
    net.found(0, &[1, 2, 3]);
    net.tell(0, "bonjour");
    assert!(net.propose(1, text()).is_ok());
    net.pass(2);
    for at in [0, 2, 3] {
        assert!(net.answer(at, Position::Agree).is_ok());
    }
    assert!(net.propose(0, Proposal::Add("eva".into())).is_ok());
    net.pass(2);
    for at in [1, 2, 3] {
        assert!(net.answer(at, Position::Agree).is_ok());
    }
    days(&mut net, 4);
    net.join(4);
    net.tell_all(0, "bienvenue");
    net.pass(5);
    net.goes(3);
    days(&mut net, 8);
    assert!(net.propose(2, Proposal::Suspend("dan".into())).is_ok());
    net.pass(2);
    for at in [0, 1] {
        assert!(net.answer(at, Position::Agree).is_ok());
    }
    net.pass(5);
    opens(&mut net);
    net
}

/// What is not settled yet.
fn opens(net: &mut Net) {
    let choices = vec!["mardi".to_owned(), "jeudi".to_owned()];
    assert!(net.propose(2, Proposal::Poll { choices }).is_ok());
    net.pass(2);
    assert!(net.answer(0, Position::Choice(2)).is_ok());
    assert!(net.propose(0, text()).is_ok());
    net.pass(2);
    assert!(net.answer(1, Position::Object).is_ok());
    net.tell(1, "pas lu encore");
    net.say(2, "ada", "à toi seule");
    net.pass(2);
    net.say(0, "dan", "quand tu reviens");
    net.invite(0, "fay");
    let note = Request::Note {
        name: "bob".into(),
        note: "de la cantine".into(),
    };
    assert!(net.ask(0, note).is_ok());
    let timer = Request::Timer {
        name: "cle".into(),
        limit_min: 60,
    };
    assert!(net.ask(0, timer).is_ok());
    net.pass(2);
}

fn write() {
    let net = lived();
    let records = net.nodes[0].disk.iter();
    let records: Vec<_> = records
        .map(|(name, body)| json!([hex(&name.0), hex(&body[..])]))
        .collect();
    let home = json!({
        "what": "PROTOCOL §10. A home of version 4, its records by name, as it was in November 2026.",
        "wall_ms": net.now.wall_ms,
        "records": records,
    });
    fs::write(place(), serde_json::to_string_pretty(&home).unwrap() + "\n").unwrap();
}

/// A node that goes on from what is kept, alone, an hour later.
fn read() -> Net {
    let home: Value = serde_json::from_slice(&fs::read(place()).unwrap()).unwrap();
    let bytes = |it: &Value| unhex(it.as_str().unwrap());
    let record = |it: &Value| (Name(bytes(&it[0])), Said::new(bytes(&it[1])));
    let disk: Disk = home["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(record)
        .collect();
    let mut net = Net::new(1);
    // Its keeper, which begins here, has written by then.
    net.pass(1);
    net.nodes[0].disk = disk;
    net.now.wall_ms = home["wall_ms"].as_u64().unwrap() + 3_600_000;
    net.starts_again(0);
    net
}

#[test]
fn a_home_that_was_written_once_is_read_by_each_build_of_its_version() {
    if std::env::var_os("KITH_BLESS").is_some() && !place().exists() {
        write();
    }
    let mut net = read();
    let card = net.whole(0);
    let outcomes: Vec<_> = card.motions.iter().map(|it| it.outcome).collect();
    let (passed, open) = (Outcome::Passed, Outcome::Open { needs: 0 });
    assert_eq!(
        outcomes,
        [passed, passed, passed, open, Outcome::Blocked],
        "two that were agreed on, a suspension, a poll, what is objected to"
    );
    assert_eq!((card.row.members, card.row.spectators), (4, 1));
    assert_eq!((card.row.objected, card.row.to_answer), (1, 0));
    let dan = Named::Friend("dan".into());
    assert!(card.people.iter().any(|it| it.who == dan && it.suspended));
    assert_eq!(card.charter, "On mange ensemble.");
    assert_eq!(net.words(0), ["pas lu encore", "à toi seule"]);
    friends_are_as_they_were(&mut net);
    // It goes on from there.
    net.tell(0, "encore");
    days(&mut net, 40);
    assert!(net.whole(0).motions.is_empty(), "all that is over by then");
}

fn friends_are_as_they_were(net: &mut Net) {
    let Ok(Answer::Contacts(friends)) = net.ask(0, Request::Contacts) else {
        panic!("no contacts")
    };
    let names: Vec<_> = friends.iter().map(|it| it.petname.as_str()).collect();
    assert_eq!(names, ["bob", "cle", "dan", "eva", "fay"]);
    assert_eq!(friends[0].note, "de la cantine");
    assert_eq!(friends[1].timer.mine_min, 60);
    assert!(friends[2].outbox > 0, "what was said to Dan waits");
}
