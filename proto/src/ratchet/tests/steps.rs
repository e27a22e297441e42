//! What a KEM step promises. Attacks 4 and 29 of ATTACKS.

use super::super::step::Offer;
use super::talk::{Talk, bears};
use super::*;
use crate::kem::CT_BYTES;
use crate::limits::{KEM_STEP_MESSAGES, KEM_STEP_MINUTES};

#[test]
fn a_step_is_taken_after_fifty_parcels() {
    let mut talk = Talk::new();
    let (mut fields, mut previous) = (Vec::new(), 0);
    for turn in 0..4 * KEM_STEP_MESSAGES {
        let by = (turn % 2) as usize;
        talk.pass(by);
        let field = bears(&talk.ends[by]);
        match field {
            0 => assert_ne!(previous, EK_BYTES, "an offer is answered at once"),
            CT_BYTES => assert_eq!(previous, EK_BYTES),
            _ => fields.push(turn),
        }
        previous = field;
    }
    // The parcel that answers is the first of the next fifty.
    assert_eq!(fields, [50, 101, 152]);
    assert_eq!(talk.answered, [1, 2]);
    assert_eq!(talk.finished, [2, 1]);
}

#[test]
fn a_step_is_taken_after_a_day_and_not_before() {
    let mut talk = Talk::new();
    talk.exchange(2);
    talk.minute = KEM_STEP_MINUTES - 1;
    talk.exchange(2);
    assert_eq!(talk.answered, [0, 0]);
    talk.minute += 1;
    talk.exchange(2);
    assert_eq!(talk.answered, [0, 1]);
    talk.exchange(10);
    assert_eq!(talk.answered, [0, 1], "the next one waits for another day");
}

#[test]
fn every_parcel_of_a_chain_bears_its_field_and_any_of_them_is_enough() {
    for first in 0..3 {
        let mut talk = Talk::due();
        let offers = [(); 3].map(|()| talk.say(0, "offer").unwrap());
        assert!(talk.hear(1, &offers[first]).is_ok());
        let answers = [(); 3].map(|()| talk.say(1, "answer").unwrap());
        assert!(talk.hear(0, &answers[2 - first]).is_ok());
        for n in 0..3 {
            let late = talk.hear(1, &offers[n]);
            assert_eq!(late.is_ok(), n != first);
            assert_eq!(talk.hear(0, &answers[n]).is_ok(), n != 2 - first);
        }
        talk.exchange(3);
        assert_eq!((talk.answered, talk.finished), ([0, 1], [1, 0]));
    }
}

/// Attack 4: what was offered is looked at before it is used.
#[test]
fn a_key_with_unreduced_coefficients_is_refused_and_changes_nothing() {
    let mut talk = Talk::due();
    talk.say(0, "lost").unwrap();
    let Step::Offered(Offer { ek, .. }) = &mut talk.ends[0].steps.step else {
        panic!("a step is due");
    };
    let good = ek[..2].to_vec();
    (ek[0], ek[1]) = (0xFF, ek[1] | 0x0F);
    let bad = talk.say(0, "bad").unwrap();
    assert_eq!(talk.hear(1, &bad), Err(OpenError::Bad));
    let Step::Offered(Offer { ek, .. }) = &mut talk.ends[0].steps.step else {
        panic!("it is still open");
    };
    ek[..2].copy_from_slice(&good);
    talk.exchange(3);
    assert_eq!((talk.answered, talk.finished), ([0, 1], [1, 0]));
}

/// Attack 4: changed on the way, or made by a peer who says one thing and mixes in another.
#[test]
fn a_changed_ciphertext_is_refused_and_changes_nothing() {
    let mut talk = Talk::due();
    talk.pass(0);
    let good = talk.say(1, "answer").unwrap();
    for at in [104, 700, 104 + CT_BYTES - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert_eq!(talk.hear(0, &bad), Err(OpenError::Bad), "byte {at}");
    }
    let Step::Answered(ct) = &mut talk.ends[1].steps.step else {
        panic!("it answers");
    };
    ct[77] ^= 1;
    let other = talk.say(1, "another").unwrap();
    assert_eq!(talk.hear(0, &other), Err(OpenError::Bad));
    assert_eq!(talk.hear(0, &good).unwrap(), b"answer");
}

/// What the parcels of one end bear, said otherwise for one parcel.
fn bearing(talk: &mut Talk, by: usize, step: Step) -> Vec<u8> {
    let honest = core::mem::replace(&mut talk.ends[by].steps.step, step);
    let bytes = talk.say(by, "forged").unwrap();
    talk.ends[by].steps.step = honest;
    bytes
}

fn any_offer() -> Step {
    Step::Offered(Offer::new(Key::fill(|b| b.fill(5))))
}

fn any_answer() -> Step {
    Step::Answered(Box::new([7; CT_BYTES]))
}

/// Attack 29: a chain that must answer does, or nothing of it is taken.
#[test]
fn a_step_cannot_be_left_out() {
    let mut talk = Talk::due();
    talk.pass(0);
    talk.say(1, "lost").unwrap();
    for step in [Step::Closed, any_offer(), any_answer()] {
        let forged = bearing(&mut talk, 1, step);
        assert_eq!(talk.hear(0, &forged), Err(OpenError::Bad));
    }
    // Nor by a peer that mixes nothing in.
    let mut other = Talk::due();
    other.pass(0);
    other.ends[1].steps = Steps::default();
    let silent = other.say(1, "no step").unwrap();
    assert_eq!(bears(&other.ends[1]), 0);
    assert_eq!(other.hear(0, &silent), Err(OpenError::Bad));
}

#[test]
fn a_field_that_a_chain_should_not_bear_is_refused() {
    // An answer that nobody asked for begins a chain.
    let mut talk = Talk::new();
    talk.exchange(2);
    talk.say(0, "lost").unwrap();
    let forged = bearing(&mut talk, 0, any_answer());
    assert_eq!(talk.hear(1, &forged), Err(OpenError::Bad));
    // One that began without a field goes on with one.
    talk.pass(0);
    for step in [any_answer(), any_offer()] {
        let forged = bearing(&mut talk, 0, step);
        assert_eq!(talk.hear(1, &forged), Err(OpenError::Bad));
    }
    talk.exchange(2);
}

#[test]
fn all_parcels_of_a_chain_bear_the_same_field_the_late_ones_too() {
    let mut talk = Talk::due();
    let late: Vec<_> = [Step::Closed, any_offer(), any_answer()]
        .into_iter()
        .map(|step| {
            // The first one, too, only to use its number up.
            if talk.ends[0].sending.is_none() {
                talk.say(0, "first").unwrap();
            }
            bearing(&mut talk, 0, step)
        })
        .collect();
    let honest = talk.say(0, "honest").unwrap();
    talk.pass(0);
    for forged in &late {
        assert_eq!(talk.hear(1, forged), Err(OpenError::Bad), "of this chain");
    }
    talk.pass(1);
    talk.pass(0);
    talk.restart(1);
    for forged in &late {
        assert_eq!(talk.hear(1, forged), Err(OpenError::Bad), "of an old one");
    }
    assert_eq!(talk.hear(1, &honest).unwrap(), b"honest");
    assert_eq!(talk.hear(1, &honest), Err(OpenError::Used));
}

#[test]
fn a_step_makes_no_record_longer_than_its_own() {
    let config = bincode::config::standard();
    let length = |s: &Session| bincode::encode_to_vec(s.record(), config).unwrap().len();
    let mut talk = Talk::new();
    talk.exchange(KEM_STEP_MESSAGES / 2 - 1);
    talk.pass(0);
    let closed = [0, 1].map(|end| length(&talk.ends[end]));
    talk.pass(1);
    talk.pass(0);
    // An offer: the seed, and no block.
    assert_eq!(length(&talk.ends[0]), closed[0] + KEM_SEED_BYTES);
    assert_eq!(talk.ends[0].blocks(), []);
    // Who heard it keeps the key, then the answer, beside the session.
    assert_eq!(length(&talk.ends[1]), closed[1] + FIELD_TAG_BYTES);
    assert_eq!(talk.ends[1].blocks(), [Block::FIELD]);
    let sealed = talk.ends[1].seal(b"answer", 0, &mut talk.entropy).unwrap();
    assert_eq!(sealed.changed, Some(Block::FIELD));
    let sealed_again = talk.ends[1].seal(b"more", 0, &mut talk.entropy).unwrap();
    assert_eq!(sealed_again.changed, None, "written once for a chain");
    talk.hear(0, &sealed.bytes).unwrap();
    let next = talk.say(0, "turn").unwrap();
    let parcel = Parcel::parse(&next).unwrap();
    let opened = talk.ends[1].open(&parcel).unwrap();
    assert!(
        talk.ends[1]
            .advance(opened.advance, 0)
            .contains(&Block::FIELD)
    );
    assert_eq!(talk.ends[1].block_record(Block::FIELD).map(|_| ()), None);
}

const KEM_SEED_BYTES: usize = 32;
const FIELD_TAG_BYTES: usize = 16;
