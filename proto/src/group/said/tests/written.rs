//! Everything is read as it was written, and fits where it must.

use super::*;
use crate::parcel::bucket_for;

#[test]
fn everything_that_can_be_said_is_read_as_it_was_written() {
    for message in one_of_each() {
        again(&message);
    }
}

#[test]
fn nothing_stands_behind_the_last_field_and_nothing_is_missing() {
    for message in one_of_each() {
        let bytes = again(&message);
        let open_ended = matches!(
            message,
            Message::Chained(
                _,
                Body::Text(_) | Body::Motion(_) | Body::Say(_) | Body::Report(_)
            )
        );
        if !open_ended {
            refused(&[&bytes[..], &[0]].concat());
        }
        // What is cut inside its words may be another word.
        let sure = if open_ended { BYTES_MAX } else { bytes.len() };
        (0..sure).for_each(|short| refused(&bytes[..short]));
    }
}

#[test]
fn a_head_is_at_most_254_bytes_and_470_bytes_of_text_fit_the_smallest_parcel() {
    let text = "x".repeat(470);
    let bytes = again(&chained(Body::Text(&text)));
    assert_eq!(bytes.len() - text.len(), BYTES_MAX);
    assert_eq!(BYTES_MAX, 254);
    assert_eq!(bucket_for(bytes.len()), Some(BUCKETS[0]));
    assert_eq!(bucket_for(bytes.len() + 1), Some(BUCKETS[1]));
}

#[test]
fn a_full_beacon_fits_the_smallest_parcel_and_no_longer_one_would() {
    let beacon = |count: usize, motions: usize| {
        let digests = (0..count).map(|n| digest(n as u8, Circle::Members));
        Message::Beacon(Beacon {
            gid: [1; 16],
            view: [2; 16],
            digests: digests.collect(),
            results: (0..motions)
                .map(|n| ([n as u8; 16], Outcome::Blocked))
                .collect(),
        })
    };
    for (digests, motions) in [(BEACON_DIGESTS_MAX, 0), (0, 39), (20, 12)] {
        let bytes = again(&beacon(digests, motions));
        assert_eq!(bucket_for(bytes.len()), Some(BUCKETS[0]));
        refused(&beacon(digests, motions + 1).encode(&MID));
    }
    let more = beacon(BEACON_DIGESTS_MAX + 1, 0).encode(&MID);
    assert_eq!(bucket_for(more.len()), Some(BUCKETS[1]));
    refused(&more);
}

#[test]
fn the_longest_motion_and_the_largest_genesis_fit_a_parcel() {
    let mut longest = motion(What::Poll {
        choices: vec!["x".repeat(8); POLL_CHOICES_MAX],
    });
    longest.rests_on = (0..16).map(|n| [n; 16]).collect();
    longest.text = "x".repeat(MOTION_TEXT_BYTES_MAX - 64);
    let bytes = again(&chained(Body::Motion(longest.clone())));
    assert_eq!(bucket_for(bytes.len()), Some(BUCKETS[1]));
    longest.text.push('x');
    refused(&chained(Body::Motion(longest)).encode(&MID));

    let mut whole = genesis();
    let computers: Vec<[u8; 32]> = (0..64).map(|n| [n; 32]).collect();
    let seats = computers.iter().map(|it| Seat::of(Role::Member, *it));
    whole.seats = Seats::new(seats.collect()).unwrap();
    whole.suspended = computers.clone();
    whole.founding.founders = computers;
    whole.charter = "x".repeat(CHARTER_BYTES_MAX);
    whole.founding.charter = charter(&whole.charter);
    whole.settled = (0..16).map(|n| [n; 16]).collect();
    whole.open = (0..64).map(|n| [n; 16]).collect();
    let of = |circle| (0..64).map(move |n| digest(n, circle));
    whole.heads = of(Circle::Members).chain(of(Circle::All)).collect();
    let bytes = again(&Message::Genesis(Box::new(whole)));
    assert_eq!(bucket_for(bytes.len()), Some(BUCKETS[2]));
}
