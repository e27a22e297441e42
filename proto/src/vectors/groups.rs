//! What a group is called, what is said in it, and what a short life of one decided.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{hex, hold};
use crate::group::*;
use crate::wire::Writer;

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

fn digest(index: u8, circle: Circle) -> Digest {
    Digest {
        index,
        circle,
        incarnation: 330,
        number: 7,
        head: [index; 16],
    }
}

fn shown_digest(digest: &Digest) -> Value {
    let circle = u8::from(digest.circle == Circle::All);
    json!({"index": digest.index, "circle": circle, "inc": digest.incarnation, "aseq": digest.number,
        "head": hex(digest.head)})
}

fn head(circle: Circle) -> Head {
    Head {
        incarnation: 330,
        number: 5,
        minute: 29_000_000,
        keep: 60,
        gid: founding().gid(),
        view: seats().view(),
        circle,
        prev: [3; 16],
        parents: vec![[1; 16], [2; 16]],
        salt: [5; 16],
        digests: vec![digest(0, circle), digest(4, circle)],
    }
}

fn shown_head(head: &Head) -> Value {
    let digests: Vec<Value> = head.digests.iter().map(shown_digest).collect();
    json!({"inc": head.incarnation, "aseq": head.number, "minute": head.minute, "ttl": head.keep,
        "gid": hex(head.gid), "view": hex(head.view), "circle": u8::from(head.circle == Circle::All),
        "prev": hex(head.prev), "parents": head.parents.iter().map(hex).collect::<Vec<_>>(),
        "salt": hex(head.salt), "digests": digests})
}

fn chained(circle: Circle, body: Body<'_>, shown: Value) -> Value {
    let head = head(circle);
    let as_shown = shown_head(&head);
    let message = Message::Chained(Box::new(head), body);
    let mut said = outside(&message, shown);
    said["head"] = as_shown;
    said
}

fn outside(message: &Message<'_>, shown: Value) -> Value {
    let mid = [9; 16];
    let bytes = message.encode(&mid);
    assert_eq!(decode(&bytes).as_ref(), Ok(&(mid, message.clone())));
    json!({"kind": message.kind(), "mid": hex(mid), "body": shown, "bytes": hex(&bytes[..])})
}

fn motion(what: What, text: &str) -> Motion {
    Motion {
        base: seats().view(),
        rests_on: vec![[1; 16], [2; 16]],
        what,
        hours: 24,
        text: text.into(),
    }
}

fn motions() -> Vec<Value> {
    let policy = Policy {
        preset: Preset::Of(3),
        ..Policy::default()
    };
    let (nobody, of_policy) = ([0; 32], written(|to| policy.encode(to)) + &hex([0; 16]));
    let choices = ["lundi", "mardi"].map(String::from);
    let back = What::Return {
        seat: ik(4),
        computer: ik(20),
    };
    let whats = [
        (What::Add(ik(9)), 1, ik(9), hex(nobody)),
        (What::Promote(ik(9)), 2, ik(9), hex(nobody)),
        (What::Remove(ik(4)), 3, ik(4), hex(nobody)),
        (What::Suspend(ik(4)), 4, ik(4), hex(nobody)),
        (What::Lift(ik(4)), 5, ik(4), hex(nobody)),
        (back, 6, ik(4), hex(ik(20))),
        (What::Text { file: [7; 32] }, 7, nobody, hex([7; 32])),
        (
            What::Poll {
                choices: choices.to_vec(),
            },
            8,
            nobody,
            hex(nobody),
        ),
        (What::Policy(policy), 9, nobody, of_policy),
    ];
    let shown = whats.map(|(what, number, target, new)| {
        let choices = if number == 8 { &choices[..] } else { &[] };
        let shown = json!({"base": hex(seats().view()), "rests_on": [hex([1; 16]), hex([2; 16])],
            "what": number, "hours": 24, "target": hex(target), "new": new, "choices": choices, "text": "à midi"});
        chained(Circle::Members, Body::Motion(motion(what, "à midi")), shown)
    });
    shown.into()
}

fn messages() -> Vec<Value> {
    let (say, target) = ([6; 16], ik(4));
    let positions = [
        (Position::Agree, 1),
        (Position::Object, 2),
        (Position::Choice(1), 17),
    ];
    let says = positions.map(|(position, number)| {
        let reason = String::from("trop tôt");
        let shown = json!({"motion": hex(say), "position": number, "reason": reason});
        let body = Body::Say(Say {
            motion: say,
            position,
            reason,
        });
        chained(Circle::Members, body, shown)
    });
    let report = Report {
        target,
        text: "saisie".into(),
    };
    let (gid, view) = (founding().gid(), seats().view());
    let digests = vec![digest(0, Circle::Members), digest(0, Circle::All)];
    let as_shown: Vec<Value> = digests.iter().map(shown_digest).collect();
    let missing = Missing {
        gid,
        view,
        index: 3,
        circle: Circle::All,
        incarnation: 330,
        first: 2,
        last: 9,
    };
    let genesis = Genesis {
        founding: founding(),
        charter: CHARTER.into(),
        policy: Policy::default(),
        seats: seats(),
        suspended: vec![ik(3)],
        settled: vec![[7; 16]],
        heads: digests.clone(),
        open: vec![[8; 16]],
    };
    let of_genesis = json!({"charter": CHARTER, "suspended": [3], "settled": [hex([7; 16])],
        "heads": as_shown, "open": [hex([8; 16])]});
    let beacon = Message::Beacon(Beacon { gid, view, digests });
    let others = [
        chained(
            Circle::All,
            Body::Text("à demain"),
            json!({"text": "à demain"}),
        ),
        chained(
            Circle::Members,
            Body::Close(say),
            json!({"motion": hex(say)}),
        ),
        chained(Circle::All, Body::Leave, json!({})),
        chained(
            Circle::Members,
            Body::Voice(ik(17)),
            json!({"computer": hex(ik(17))}),
        ),
        chained(
            Circle::Members,
            Body::Report(report),
            json!({"target": hex(target), "text": "saisie"}),
        ),
        outside(
            &beacon,
            json!({"gid": hex(gid), "view": hex(view), "digests": as_shown}),
        ),
        outside(
            &Message::Missing(missing),
            json!({"gid": hex(gid), "view": hex(view), "index": 3, "circle": 1,
            "inc": 330, "first": 2, "last": 9}),
        ),
        outside(&Message::Genesis(Box::new(genesis)), of_genesis),
    ];
    motions().into_iter().chain(says).chain(others).collect()
}

/// What was said in a group from its first day on, and what came of it.
struct Story {
    ground: Ground,
    held: Held,
    chains: BTreeMap<Ik, (u32, Hash)>,
    told: Vec<Value>,
}

impl Story {
    fn say(&mut self, author: u8, body: Body<'_>) -> Hash {
        let (gid, author) = (founding().gid(), ik(author));
        let first = first_head(&gid, &author, 1, Circle::Members);
        let (number, chain) = self.chains.entry(author).or_insert((0, first));
        *number += 1;
        let (number, prev) = (*number, *chain);
        let head = Head {
            incarnation: 1,
            number,
            parents: Vec::new(),
            prev,
            digests: Vec::new(),
            ..head(Circle::Members)
        };
        let said = Counting::of(&body).unwrap();
        let payload = Message::Chained(Box::new(head), body).encode(&[number as u8; 16]);
        let name = name_of(&author, &payload);
        *chain = next_head(&prev, &name);
        self.told.push(
            json!({"author": hex(author), "bytes": hex(&payload[..]), "name": hex(name),
            "chain": hex(*chain)}),
        );
        let counted = Counted {
            author,
            incarnation: 1,
            number,
            said,
        };
        self.held.insert(name, counted);
        name
    }

    fn propose(&mut self, author: u8, what: What) -> Hash {
        let tally = Tally::of(&self.ground, &self.held);
        let motion = Motion {
            base: tally.base,
            rests_on: tally.frontier,
            ..motion(what, "")
        };
        self.say(author, Body::Motion(motion))
    }

    fn position(&mut self, author: u8, motion: Hash, position: Position) {
        let reason = String::new();
        self.say(
            author,
            Body::Say(Say {
                motion,
                position,
                reason,
            }),
        );
    }

    fn yes(&mut self, authors: impl IntoIterator<Item = u8>, motion: Hash) {
        for author in authors {
            self.position(author, motion, Position::Agree);
            self.say(author, Body::Close(motion));
        }
    }

    fn decide(&mut self, authors: &[u8], what: What) -> Hash {
        let motion = self.propose(authors[0], what);
        self.yes(authors.iter().copied(), motion);
        motion
    }
}

fn lived() -> Story {
    let mut story = Story {
        ground: Ground::new(seats(), Policy::default()),
        held: Held::new(),
        chains: BTreeMap::new(),
        told: Vec::new(),
    };
    let early = story.propose(3, What::Text { file: [0; 32] });
    story.decide(&[1, 2], What::Add(ik(9)));
    story.decide(&[2, 1], What::Promote(ik(9)));
    let undone = story.decide(&[1, 3], What::Add(ik(8)));
    story.decide(&[1, 2, 3], What::Promote(ik(8)));
    story.yes([9, 2], early);
    story.position(17, undone, Position::Object);
    story.position(9, undone, Position::Object);
    let choices = ["lundi", "mardi", "jamais"].map(String::from);
    let poll = story.propose(
        9,
        What::Poll {
            choices: choices.to_vec(),
        },
    );
    story.position(1, poll, Position::Choice(1));
    story.say(1, Body::Voice(ik(17)));
    story.position(1, poll, Position::Choice(2));
    story.position(17, poll, Position::Choice(0));
    story.position(2, poll, Position::Choice(0));
    let suspend = story.propose(2, What::Suspend(ik(4)));
    story.position(17, suspend, Position::Agree);
    story.position(3, suspend, Position::Agree);
    story.position(4, suspend, Position::Object);
    story.position(9, suspend, Position::Agree);
    let removed = story.decide(&[2, 17, 9], What::Remove(ik(3)));
    story.position(4, removed, Position::Object);
    let back = What::Return {
        seat: ik(4),
        computer: ik(20),
    };
    story.decide(&[2, 9], back);
    let taken_back = story.propose(2, What::Text { file: [1; 32] });
    story.position(2, taken_back, Position::Withdrawn);
    story.propose(3, What::Add(ik(7)));
    story.say(9, Body::Leave);
    story.decide(&[2, 17], What::Add(ik(3)));
    let policy = Policy {
        preset: Preset::Majority,
        ..Policy::default()
    };
    story.decide(&[2, 17], What::Policy(policy));
    let failed = story.propose(2, What::Text { file: [2; 32] });
    story.position(17, failed, Position::Abstain);
    story.say(17, Body::Close(failed));
    story
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
