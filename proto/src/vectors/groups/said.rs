//! Each message of a group, as bytes.

use serde_json::{Value, json};

use super::super::hex;
use super::{CHARTER, founding, ik, seats, written};
use crate::group::*;

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

pub(super) fn head(circle: Circle) -> Head {
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

pub(super) fn motion(what: What, text: &str) -> Motion {
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

pub(super) fn messages() -> Vec<Value> {
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
        yours: [None, Some((330, 4))],
    };
    let of_genesis = json!({"charter": CHARTER, "suspended": [3], "settled": [hex([7; 16])],
        "heads": as_shown, "open": [hex([8; 16])], "yours": [{"inc": 0, "aseq": 0}, {"inc": 330, "aseq": 4}]});
    let results = vec![
        ([7; 16], Outcome::Passed),
        ([8; 16], Outcome::Open { needs: 2 }),
    ];
    let of_beacon = json!({"gid": hex(gid), "view": hex(view), "digests": as_shown, "results": [
        {"motion": hex([7; 16]), "outcome": "passed"},
        {"motion": hex([8; 16]), "outcome": "open", "needs": 2}]});
    let beacon = Message::Beacon(Beacon {
        gid,
        view,
        digests,
        results,
    });
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
        outside(&beacon, of_beacon),
        outside(
            &Message::Missing(missing),
            json!({"gid": hex(gid), "view": hex(view), "index": 3, "circle": 1,
            "inc": 330, "first": 2, "last": 9}),
        ),
        outside(&Message::Genesis(Box::new(genesis)), of_genesis),
    ];
    motions().into_iter().chain(says).chain(others).collect()
}
