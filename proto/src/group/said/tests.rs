//! What is said, as bytes and back: one of each, and what nobody says.

mod hostile;
mod refused;
mod written;

use super::head::BYTES_MAX;
use super::*;
use crate::group::{
    Founding, Motion, Outcome, Policy, Position, Preset, Role, Seat, Seats, What, charter,
};
use crate::limits::*;

const MID: Hash = [9; 16];

fn digest(index: u8, circle: Circle) -> Digest {
    Digest {
        index,
        circle,
        incarnation: 1,
        number: 7,
        head: [index; 16],
    }
}

fn head() -> Head {
    Head {
        incarnation: 3,
        number: 5,
        minute: 29_000_000,
        keep: 60,
        gid: [1; 16],
        view: [2; 16],
        circle: Circle::Members,
        prev: [3; 16],
        parents: (0..4).map(|n| [n; 16]).collect(),
        salt: [5; 16],
        digests: (0..4).map(|n| digest(n, Circle::Members)).collect(),
    }
}

fn chained(body: Body<'_>) -> Message<'_> {
    Message::Chained(Box::new(head()), body)
}

fn motion(what: What) -> Motion {
    Motion {
        base: [2; 16],
        rests_on: vec![[1; 16], [2; 16]],
        what,
        hours: 24,
        text: "Zoé, de la cantine".into(),
    }
}

fn genesis() -> Genesis {
    let seat = |n: u8| Seat::of(Role::Member, [n; 32]);
    let text = "On décide ensemble.";
    Genesis {
        founding: Founding {
            random: [4; 32],
            name: "cantine".into(),
            charter: charter(text),
            policy: Policy::default(),
            founders: vec![[1; 32], [2; 32], [3; 32]],
            parent: None,
        },
        charter: text.into(),
        policy: Policy::default(),
        seats: Seats::new((1..4).map(seat).collect()).unwrap(),
        suspended: vec![[2; 32]],
        settled: vec![[7; 16]],
        heads: vec![digest(0, Circle::Members), digest(0, Circle::All)],
        open: vec![[8; 16]],
        yours: [Some((7, 1)), None],
    }
}

fn again(message: &Message<'_>) -> Vec<u8> {
    let bytes = message.encode(&MID);
    let (mid, read) = decode(&bytes).unwrap();
    assert_eq!((mid, &read), (MID, message));
    bytes.to_vec()
}

fn refused(bytes: &[u8]) {
    assert_eq!(decode(bytes).unwrap_err(), Malformed);
}

/// Some of everything that can be said.
fn one_of_each() -> Vec<Message<'static>> {
    let whats = [
        What::Add([9; 32]),
        What::Promote([9; 32]),
        What::Remove([9; 32]),
        What::Suspend([9; 32]),
        What::Lift([9; 32]),
        What::Return {
            seat: [8; 32],
            computer: [9; 32],
        },
        What::Text { file: [0; 32] },
        What::Poll {
            choices: vec!["oui".into(), "non".into()],
        },
        What::Policy(Policy {
            preset: Preset::Of(5),
            ..Policy::default()
        }),
    ];
    let motions = whats.map(|what| chained(Body::Motion(motion(what))));
    let say = |position| {
        chained(Body::Say(Say {
            motion: [6; 16],
            position,
            reason: "trop tôt".into(),
        }))
    };
    let positions = [
        Position::Agree,
        Position::Object,
        Position::Ask,
        Position::Abstain,
        Position::Withdrawn,
        Position::Choice(7),
    ];
    let others = [
        chained(Body::Text("à demain")),
        chained(Body::Close([6; 16])),
        chained(Body::Leave),
        chained(Body::Voice([7; 32])),
        chained(Body::Report(Report {
            target: [7; 32],
            text: "saisie hier".into(),
        })),
        Message::Beacon(Beacon {
            gid: [1; 16],
            view: [2; 16],
            digests: vec![digest(5, Circle::Members), digest(2, Circle::All)],
            results: vec![
                ([3; 16], Outcome::Open { needs: 64 }),
                ([4; 16], Outcome::Passed),
                ([5; 16], Outcome::Unfounded),
            ],
        }),
        Message::Missing(Missing {
            gid: [1; 16],
            view: [2; 16],
            index: 63,
            circle: Circle::All,
            incarnation: 1,
            first: 2,
            last: 9,
        }),
        Message::Genesis(Box::new(genesis())),
    ];
    let says = positions.map(say);
    motions.into_iter().chain(says).chain(others).collect()
}
