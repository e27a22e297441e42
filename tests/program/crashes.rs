//! Power goes, and what was acknowledged stays: `kill -9` at any moment, on either side.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use super::home::{Home, PATIENCE, until};
use super::running::Node;

/// Rounds of a storm where nobody asks for more.
const ROUNDS: u64 = 25;

#[test]
fn nothing_acknowledged_is_lost_or_shown_twice_when_nodes_are_killed() {
    let seed = number("KITH_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let rounds = number("KITH_ROUNDS").unwrap_or(ROUNDS);
    eprintln!("KITH_SEED={seed} KITH_ROUNDS={rounds}");
    let mut dice = Dice(seed);
    let homes = [Home::new(), Home::new()];
    let mut nodes = [homes[0].start(), homes[1].start()];
    homes[0].befriend("ami", &homes[1], "ami");
    let mut ends = [End::default(), End::default()];
    for round in 0..rounds {
        if round > 0 && dice.below(4) > 0 {
            // Otherwise they may be killed before they found each other again.
            homes[0].sees(1);
        }
        storm(&homes, &mut nodes, &mut ends, &mut dice);
    }
    calm(&homes, &mut ends);
    for (name, from, to) in [("forth", 0, 1), ("back", 1, 0)] {
        check(&format!("seed {seed}, {name}"), &ends[from], &ends[to]);
    }
    let saved = ends[0].saved.len() + ends[1].saved.len();
    eprintln!("{rounds} rounds, {saved} messages acknowledged and read once, in order");
}

/// What one side did and saw.
#[derive(Default)]
struct End {
    /// The numbers that were sent.
    tried: u64,
    /// Those for which `send` said that they are safe.
    saved: Vec<u64>,
    /// What was read, by its number in the inbox.
    read: BTreeMap<u64, String>,
}

impl End {
    /// Sends the next number; whether the node said that it is safe.
    fn send(&mut self, home: &Home) -> bool {
        self.tried += 1;
        let number = self.tried.to_string();
        let safe = home.kith(&["send", "ami", &number]).code == 0;
        self.saved.extend(safe.then_some(self.tried));
        safe
    }

    /// Reads some of what came. A reader who is cut off after a print sees the same numbers again.
    fn read(&mut self, home: &Home, max: &str) -> usize {
        let said = home.kith(&["inbox", "--json", "--max", max]);
        let Ok(inbox) = serde_json::from_str::<serde_json::Value>(&said.out) else {
            return 0;
        };
        let messages = inbox["messages"].as_array().unwrap();
        for message in messages {
            let seq = message["seq"].as_u64().unwrap();
            let text = message["text"].as_str().unwrap().to_owned();
            let before = self.read.insert(seq, text.clone());
            assert!(before.is_none_or(|before| before == text), "{seq} changed");
        }
        messages.len()
    }
}

/// Both talk and read while one node, or both, are killed and started again.
fn storm(homes: &[Home; 2], nodes: &mut [Node; 2], ends: &mut [End; 2], dice: &mut Dice) {
    let over = AtomicBool::new(false);
    let victims: &[usize] = [&[0][..], &[1], &[0, 1]][dice.below(3)];
    let moment = Duration::from_millis(dice.below(200) as u64);
    thread::scope(|scope| {
        for (home, end) in homes.iter().zip(ends) {
            let over = &over;
            scope.spawn(move || {
                while !over.load(Relaxed) {
                    end.send(home);
                    if end.tried % 3 == 0 {
                        end.read(home, "4");
                    }
                }
            });
        }
        // Not to wait for anything: to strike at a moment that nobody chose.
        thread::sleep(moment);
        victims.iter().for_each(|victim| nodes[*victim].strike());
        over.store(true, Relaxed);
    });
    for victim in victims {
        nodes[*victim] = homes[*victim].start();
    }
}

/// No more kills: everything arrives.
fn calm(homes: &[Home; 2], ends: &mut [End; 2]) {
    for (home, end) in homes.iter().zip(ends.iter_mut()) {
        assert!(end.send(home), "a node that runs refuses a message");
    }
    let last = [ends[0].tried, ends[1].tried].map(|last| last.to_string());
    for (at, other) in [(0, 1), (1, 0)] {
        let there = until(PATIENCE, || {
            ends[at].read(&homes[at], "5000");
            let newest = ends[at].read.values().next_back();
            newest
                .is_some_and(|text| *text == last[other])
                .then_some(())
        });
        there.expect("the last message never came");
        assert_eq!(ends[at].read(&homes[at], "5000"), 0, "and nothing after it");
    }
}

fn check(what: &str, author: &End, reader: &End) {
    let read: Vec<u64> = reader.read.values().map(|n| n.parse().unwrap()).collect();
    for two in read.windows(2) {
        assert!(two[0] < two[1], "{what}: {} came before {}", two[0], two[1]);
    }
    for number in &author.saved {
        let found = read.binary_search(number);
        assert!(found.is_ok(), "{what}: {number} was safe, and is lost");
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Chance that can be replayed: splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

#[test]
fn a_reader_killed_before_it_forgets_loses_nothing() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    for round in 0..5 {
        let text = format!("mot {round}");
        anne.kith(&["send", "zoé", &text, "--wait=60s"]).done();
        // It has the message, printed it, and never says so.
        let mut client = zoe.client();
        let messages = client.inbox(0, 10).unwrap().messages;
        assert_eq!(messages.len(), 1);
        drop(client);
        // And one that is killed while it reads.
        let reader = zoe.talk(&["inbox", "--follow", "--peek"]);
        drop(reader);
        let read = zoe.inbox();
        assert_eq!(read.len(), 1, "{read:?}");
        assert_eq!(read[0]["text"], *text);
    }
}

#[test]
fn two_readers_at_once_both_hear_and_the_node_forgets_once() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let mut events = zoe.client().subscribe().unwrap();
    let mut one = zoe.talk(&["inbox", "--follow", "--peek"]);
    let mut two = zoe.talk(&["inbox", "--follow", "--peek"]);
    anne.kith(&["send", "zoé", "à tous", "--wait=60s"]).done();
    one.hears("à tous");
    two.hears("à tous");
    let heard = std::iter::from_fn(|| events.next(Some(PATIENCE)).unwrap());
    let mut heard = heard.map(|event| format!("{event:?}"));
    assert!(heard.any(|event| event.contains("Message")));
    assert_eq!(zoe.inbox().len(), 1);
    assert_eq!(zoe.kith(&["inbox"]).code, 1);
}
