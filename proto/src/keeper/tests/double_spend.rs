//! Every way in which one token may be shown again and again, by whoever holds it or recorded it, while
//! the power goes at any moment: never does more than one answer leave. All sequences are looked at.

use super::rig::{Fate, Rig, TODAY, flight, keys, of_generation, token};
use crate::mailbox::BoxKeys;
use crate::token::Caveat;

/// How far.
const LENGTH: u32 = 4;

/// The flights that are shown: three of one token, and one that rolls its generation out.
fn flights(keys: &BoxKeys) -> [Vec<u8>; 4] {
    let narrowed = token(keys, 5).narrowed(Caveat::NotAfter(TODAY));
    [
        flight(keys, token(keys, 5), 1).1,
        flight(keys, token(keys, 5), 2).1,
        flight(keys, narrowed.ok().unwrap(), 3).1,
        flight(keys, of_generation(keys, 3, 5), 4).1,
    ]
}

const FATES: [Fate; 3] = [Fate::Whole, Fate::NoCommit, Fate::NoEffects];

#[test]
fn no_order_of_flights_and_crashes_spends_a_token_twice() {
    let keys = keys(1);
    let flights = flights(&keys);
    let moves = flights.len() * FATES.len();
    let (mut answered, mut refused) = (0, 0);
    for mut sequence in 0..moves.pow(LENGTH) {
        let mut rig = Rig::with(&[1]);
        let (mut answers, mut rolled) = (0, false);
        for _ in 0..LENGTH {
            let (which, fate) = (
                sequence % flights.len(),
                sequence / flights.len() % FATES.len(),
            );
            sequence /= moves;
            let answer = rig.knock(&flights[which], FATES[fate]).1;
            if which == 3 {
                rolled |= FATES[fate] != Fate::NoCommit;
            } else if answer.is_some() {
                assert!(!rolled, "its generation is over");
                answers += 1;
            }
        }
        assert!(answers <= 1, "twice");
        answered += answers;
        refused += 1 - answers;
    }
    assert!(answered > 0 && refused > 0, "it goes both ways");
}
