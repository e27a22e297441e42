//! What nobody says: each list has one spelling, each field an end.

use super::*;

#[test]
fn lists_have_one_spelling_and_an_end() {
    let mut two = head();
    two.parents = vec![[2; 16], [1; 16]];
    refused(&Message::Chained(Box::new(two.clone()), Body::Leave).encode(&MID));
    two.parents = vec![[1; 16], [1; 16]];
    refused(&Message::Chained(Box::new(two.clone()), Body::Leave).encode(&MID));
    two.parents = (0..5).map(|n| [n; 16]).collect();
    refused(&Message::Chained(Box::new(two.clone()), Body::Leave).encode(&MID));
    two.parents.clear();
    two.digests = vec![digest(1, Circle::Members), digest(0, Circle::Members)];
    refused(&Message::Chained(Box::new(two.clone()), Body::Leave).encode(&MID));
    two.digests = vec![digest(64, Circle::Members)];
    refused(&Message::Chained(Box::new(two), Body::Leave).encode(&MID));
    let mut many = motion(What::Add([9; 32]));
    many.rests_on = (0..17).map(|n| [n; 16]).collect();
    refused(&chained(Body::Motion(many)).encode(&MID));
}

#[test]
fn what_decides_is_said_to_members_alone_and_carries_their_digests_alone() {
    let mut all = head();
    all.circle = Circle::All;
    refused(&Message::Chained(Box::new(all.clone()), Body::Leave).encode(&MID));
    all.digests = vec![digest(1, Circle::All)];
    for message in one_of_each() {
        let Message::Chained(_, body) = message else {
            continue;
        };
        let may = matches!(body, Body::Text(_) | Body::Leave);
        let message = Message::Chained(Box::new(all.clone()), body);
        assert_eq!(decode(&message.encode(&MID)).is_ok(), may);
    }
}

#[test]
fn what_a_motion_does_not_have_is_zeros() {
    let add = again(&chained(Body::Motion(motion(What::Add([9; 32])))));
    // Behind the head, base, two names, what and hours, target.
    let new = BYTES_MAX + 16 + 1 + 32 + 1 + 2 + 32;
    let mut other = add.clone();
    other[new] = 1;
    refused(&other);
    let mut hours = add.clone();
    hours[new - 33] = 0xff;
    refused(&hours);
    let mut what = add;
    what[new - 35] = 10;
    refused(&what);
    refused(
        &chained(Body::Motion(motion(What::Poll {
            choices: vec!["un".into()],
        })))
        .encode(&MID),
    );
    let empty = vec![String::new(), "un".into()];
    refused(&chained(Body::Motion(motion(What::Poll { choices: empty }))).encode(&MID));
}

#[test]
fn what_is_missing_is_a_range_that_somebody_can_have() {
    let missing = |first, last| {
        let missing = Missing {
            gid: [1; 16],
            view: [2; 16],
            index: 0,
            circle: Circle::Members,
            incarnation: 0,
            first,
            last,
        };
        decode(&Message::Missing(missing).encode(&MID)).is_ok()
    };
    assert!(missing(1, 1) && missing(1, 1024) && missing(u32::MAX, u32::MAX));
    assert!(!missing(0, 1) && !missing(2, 1) && !missing(1, 1025));
}

#[test]
fn a_genesis_whose_parts_do_not_fit_together_is_refused() {
    let encode = |genesis: Genesis| Message::Genesis(Box::new(genesis)).encode(&MID);
    let mut other = genesis();
    other.charter.push('!');
    refused(&encode(other));
    for at in [17, 33] {
        let mut bytes = encode(genesis()).to_vec();
        bytes[at] ^= 1;
        refused(&bytes);
    }
    let mut second = genesis();
    second.seats = Seats::new(vec![Seat {
        role: Role::Member,
        computers: vec![[1; 32], [2; 32]],
        voice: [1; 32],
    }])
    .unwrap();
    // Suspended by another computer than the first of its seat.
    refused(&encode(second));
}

#[test]
fn words_are_utf_8_and_have_an_end() {
    let mut bytes = again(&chained(Body::Text("à demain")));
    bytes.push(0xff);
    refused(&bytes);
    refused(&chained(Body::Text("")).encode(&MID));
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    refused(&chained(Body::Text(&long)).encode(&MID));
    let report = |length| {
        chained(Body::Report(Report {
            target: [1; 32],
            text: "x".repeat(length),
        }))
    };
    again(&report(REASON_BYTES_MAX));
    refused(&report(REASON_BYTES_MAX + 1).encode(&MID));
}

#[test]
fn the_same_bytes_of_another_author_are_another_message() {
    let bytes = again(&chained(Body::Leave));
    assert_ne!(name_of(&[1; 32], &bytes), name_of(&[2; 32], &bytes));
}
