//! What a group is called, what is said in it (`groups/said.rs`), and what a short life of one decided
//! (`groups/life.rs`).

mod life;
mod said;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{hex, hold};
use crate::group::*;
use crate::wire::Writer;
use life::lived;
use said::messages;

const CHARTER: &str = "On décide ensemble.";

fn ik(n: u8) -> Ik {
    [n; 32]
}

/// Four people; the first has two computers.
fn seats() -> Seats {
    let mut seats: Vec<Seat> = (2..=4).map(|n| Seat::of(Role::Member, ik(n))).collect();
    seats.push(Seat {
        role: Role::Member,
        computers: vec![ik(1), ik(17)],
        voice: ik(1),
    });
    Seats::new(seats).unwrap()
}

fn founding() -> Founding {
    let mut founders: Vec<Ik> = seats().computers().copied().collect();
    founders.sort();
    Founding {
        random: [4; 32],
        name: "cantine".into(),
        charter: charter(CHARTER),
        policy: Policy::default(),
        founders,
        parent: None,
    }
}

fn written(write: impl FnOnce(&mut Writer)) -> String {
    let mut to = Writer::new();
    write(&mut to);
    hex(to.written())
}

#[test]
fn a_group_says_and_decides_what_is_kept() {
    let story = lived();
    let tally = Tally::of(&story.ground, &story.held);
    let results: BTreeMap<String, Value> = tally
        .results
        .iter()
        .map(|(name, it)| {
            let outcome = match it.outcome {
                Outcome::Open { .. } => "open",
                Outcome::Passed => "passed",
                Outcome::Blocked => "blocked",
                Outcome::Failed => "failed",
                Outcome::Withdrawn => "withdrawn",
                Outcome::Unfounded => "unfounded",
            };
            let standing = json!([outcome, it.agree, it.needed, it.of, it.counts]);
            (hex(name), standing)
        })
        .collect();
    let seen = |outcome: &str| results.values().any(|it| it[0] == outcome);
    let all = [
        "open",
        "passed",
        "blocked",
        "failed",
        "withdrawn",
        "unfounded",
    ];
    assert!(all.into_iter().all(seen), "{results:?}");
    let founding = founding();
    let computed = json!({
        "what": "PROTOCOL §7. A group of IKs 01.., 02.., 03.., 04.., where 01.. and 11.. are one seat; its messages, and a life of it.",
        "policy": written(|to| founding.policy.encode(to)),
        "charter": {"text": CHARTER, "digest": hex(founding.charter)},
        "random": hex(founding.random), "name": founding.name,
        "founding": written(|to| founding.encode(to)), "gid": hex(founding.gid()),
        "seats": [[hex(ik(1)), hex(ik(17))], [hex(ik(2))], [hex(ik(3))], [hex(ik(4))]],
        "set_and_voices": written(|to| seats().encode(to)), "view": hex(seats().view()),
        "chain_of_all": hex(first_head(&founding.gid(), &ik(1), 330, Circle::All)),
        "messages": messages(),
        "life": {
            "said": story.told, "results": results,
            "set_and_voices": written(|to| tally.seats.encode(to)), "view": hex(tally.view),
            "suspended": tally.suspended.iter().map(hex).collect::<Vec<_>>(),
            "policy": written(|to| tally.policy.encode(to)),
            "frontier": tally.frontier.iter().map(hex).collect::<Vec<_>>(),
            "base": hex(tally.base),
        },
    });
    hold("group", &computed);
}
