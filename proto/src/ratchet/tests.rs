//! What a session promises, between two ends that share nothing but an edge.

mod bounds;
mod lives;
mod read_along;
mod steps;
mod stolen;
mod talk;

use super::handshake::{self, Offer};
use super::root::root_step;
use super::step::Step;
use super::*;
use crate::edge::EdgeKeys;
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::kem::EK_BYTES;
use crate::limits::{CHAIN_PARCELS_MAX, OLD_CHAINS_MAX, SKIPPED_PER_SESSION_MAX};
use crate::noise::Role;
use crate::parcel::{Kind, Parcel};

struct End {
    me: Identity,
    keys: EdgeKeys,
    entropy: Entropy,
}

fn ends() -> (End, End) {
    let a = Identity::from_seed(Key::fill(|b| b.fill(1)));
    let b = Identity::from_seed(Key::fill(|b| b.fill(2)));
    let root = || Key::fill(|b| b.fill(3));
    let keys_a = EdgeKeys::first(root(), a.point(), b.point());
    let keys_b = EdgeKeys::first(root(), b.point(), a.point());
    (
        End {
            me: a,
            keys: keys_a,
            entropy: Entropy::new([7; 32]),
        },
        End {
            me: b,
            keys: keys_b,
            entropy: Entropy::new([8; 32]),
        },
    )
}

/// Two ends of one session: the initiator's first.
pub(crate) fn sessions() -> (Session, Session, Entropy) {
    let (mut a, mut b) = ends();
    let offer = Offer::draw(&a.keys, Past::of_pairing(&a.keys.root), &mut a.entropy);
    let a1 = offer.parcel(&a.keys, &a.me, b.me.point(), 1).unwrap();
    let (theirs, a2) = answer(&mut b, a.me.point(), &a1).unwrap();
    let mine = finish(&a, b.me.point(), &offer, &a2).unwrap();
    assert_eq!(mine.id(), theirs.id());
    (mine, theirs, Entropy::new([9; 32]))
}

fn answer(end: &mut End, friend: &Point, a1: &[u8]) -> Option<(Session, Vec<u8>)> {
    let parcel = Parcel::parse(a1)?;
    parcel.fits(&end.keys.from.ake_header).then_some(())?;
    let payload = handshake::open(Kind::Ake1, &end.keys.from.ake_header, &parcel)?;
    let (_, noise) = handshake::split_offer(&payload)?;
    let past = Past::of_pairing(&end.keys.root);
    let (begun, a2) =
        handshake::respond(&end.keys, &end.me, friend, noise, &past, &mut end.entropy).ok()?;
    Some((begun.session, a2))
}

fn finish(end: &End, friend: &Point, offer: &Offer, a2: &[u8]) -> Option<Session> {
    let parcel = Parcel::parse(a2)?;
    let payload = handshake::open(Kind::Ake2, &end.keys.from.ake_header, &parcel)?;
    let begun = offer.finish(&end.keys, &end.me, friend, &payload).ok()?;
    Some(begun.session)
}

fn receive(session: &mut Session, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
    let opened = session.open(&Parcel::parse(bytes).unwrap())?;
    session.advance(opened.advance, 0);
    Ok(opened.payload.to_vec())
}

fn say(session: &mut Session, entropy: &mut Entropy, text: &str) -> Vec<u8> {
    session.seal(text.as_bytes(), 0, entropy).unwrap().bytes
}

fn state(session: &Session) -> Vec<u8> {
    let config = bincode::config::standard();
    let mut bytes = bincode::encode_to_vec(session.record(), config).unwrap();
    for block in session.blocks() {
        let record = session.block_record(block).unwrap();
        bytes.extend(bincode::encode_to_vec(record, config).unwrap());
    }
    bytes
}

/// A second one, from what is stored.
fn restored(session: &Session) -> Session {
    let blocks = session.blocks().into_iter();
    let blocks: Vec<_> = blocks
        .map(|block| (block, session.block_record(block).unwrap()))
        .collect();
    let blocks = blocks.iter().map(|(block, record)| (*block, record));
    Session::restore(&session.record(), blocks).unwrap()
}

#[test]
fn two_ends_talk_both_ways_through_many_turns() {
    let (mut a, mut b, mut entropy) = sessions();
    for turn in 0..20 {
        for n in 0..3 {
            let text = format!("a {turn} {n}");
            assert_eq!(
                receive(&mut b, &say(&mut a, &mut entropy, &text)).unwrap(),
                text.as_bytes()
            );
        }
        let text = format!("b {turn}");
        assert_eq!(
            receive(&mut a, &say(&mut b, &mut entropy, &text)).unwrap(),
            text.as_bytes()
        );
    }
    assert_eq!(a.progress().sent_chain, 20);
}

#[test]
fn between_two_chains_the_last_one_still_counts_as_sent() {
    let (mut a, mut b, mut entropy) = sessions();
    receive(&mut b, &say(&mut a, &mut entropy, "a 0")).unwrap();
    receive(&mut a, &say(&mut b, &mut entropy, "b 0")).unwrap();
    let (mine, theirs) = (a.progress(), b.progress());
    assert_eq!((mine.sent_chain, mine.sent_n), (1, 1));
    assert_eq!(theirs.compare(Some(&theirs), &mine), None);
    assert_eq!(mine.compare(Some(&mine), &theirs), None);
}

#[test]
fn the_answerer_cannot_speak_before_it_heard() {
    let (_, mut b, mut entropy) = sessions();
    assert_eq!(b.seal(b"x", 0, &mut entropy).err(), Some(SealError::NotYet));
}

#[test]
fn a_chain_that_ended_goes_on_when_the_peer_has_spoken() {
    let (mut a, mut b, mut entropy) = sessions();
    assert!(!b.can_seal());
    let mut last = Vec::new();
    for _ in 0..CHAIN_PARCELS_MAX {
        assert!(a.can_seal());
        last = say(&mut a, &mut entropy, "again");
    }
    assert!(!a.can_seal());
    let refused = a.seal(b"one more", 0, &mut entropy).err();
    assert_eq!(refused, Some(SealError::ChainEnds));
    receive(&mut b, &last).unwrap();
    receive(&mut a, &say(&mut b, &mut entropy, "heard")).unwrap();
    assert!(a.can_seal());
    receive(&mut b, &say(&mut a, &mut entropy, "next chain")).unwrap();
}

#[test]
fn a_bag_of_a_thousand_shuffled_parcels_opens_each_once() {
    let (mut a, mut b, mut entropy) = sessions();
    let mut bag: Vec<_> = (0..1000)
        .map(|n| (n, say(&mut a, &mut entropy, &n.to_string())))
        .collect();
    // A fixed shuffle: multiplication by a number prime to 1000.
    bag.sort_by_key(|(n, _)| (n * 617) % 1000);
    for (n, bytes) in &bag {
        assert_eq!(receive(&mut b, bytes).unwrap(), n.to_string().as_bytes());
    }
    for (_, bytes) in &bag {
        assert_eq!(
            receive(&mut b, bytes),
            Err(OpenError::Used),
            "a key is used once"
        );
    }
    assert_eq!(b.skipped_len(), 0);
}

#[test]
fn late_parcels_of_past_chains_still_open() {
    let (mut a, mut b, mut entropy) = sessions();
    let mut late = Vec::new();
    for turn in 0..10 {
        late.push(say(&mut a, &mut entropy, &format!("late {turn}")));
        let now = say(&mut a, &mut entropy, "now");
        receive(&mut b, &now).unwrap();
        let back = say(&mut b, &mut entropy, "back");
        receive(&mut a, &back).unwrap();
    }
    for (turn, bytes) in late.iter().enumerate() {
        assert_eq!(
            receive(&mut b, bytes).unwrap(),
            format!("late {turn}").as_bytes()
        );
        assert_eq!(receive(&mut b, bytes), Err(OpenError::Used));
    }
}

#[test]
fn a_refused_parcel_leaves_the_state_byte_for_byte_as_it_was() {
    let (mut a, mut b, mut entropy) = sessions();
    receive(&mut b, &say(&mut a, &mut entropy, "first")).unwrap();
    let before = state(&b);
    let good = say(&mut a, &mut entropy, "second");
    for byte in [0, 30, 90, 110, 1000, 2040] {
        let mut bad = good.clone();
        bad[byte] ^= 0x10;
        assert!(b.open(&Parcel::parse(&bad).unwrap()).is_err());
        assert_eq!(state(&b), before);
    }
    assert_eq!(receive(&mut b, &good).unwrap(), b"second");
}

#[test]
fn what_one_end_said_is_not_accepted_back_by_it() {
    let (mut a, mut b, mut entropy) = sessions();
    let hello = say(&mut a, &mut entropy, "hello");
    assert_eq!(receive(&mut a, &hello), Err(OpenError::NotOurs));
    receive(&mut b, &hello).unwrap();
    let back = say(&mut b, &mut entropy, "back");
    assert_eq!(receive(&mut b, &back), Err(OpenError::NotOurs));
}

#[test]
fn skipped_keys_stay_within_their_bound_and_the_oldest_go() {
    let (mut a, mut b, mut entropy) = sessions();
    let mut late = Vec::new();
    for _ in 0..4 {
        for _ in 0..900 {
            late.push(say(&mut a, &mut entropy, "late"));
        }
        let now = say(&mut a, &mut entropy, "now");
        receive(&mut b, &now).unwrap();
        let back = say(&mut b, &mut entropy, "back");
        receive(&mut a, &back).unwrap();
    }
    assert_eq!(b.skipped_len(), SKIPPED_PER_SESSION_MAX);
    assert_eq!(
        receive(&mut b, &late[0]),
        Err(OpenError::NotOurs),
        "its key is gone, and so is its chain"
    );
    assert!(receive(&mut b, &late[3599]).is_ok());
}

#[test]
fn a_session_survives_the_record_with_its_late_parcels() {
    let (mut a, mut b, mut entropy) = sessions();
    let late = say(&mut a, &mut entropy, "late");
    let now = say(&mut a, &mut entropy, "now");
    let opened = b.open(&Parcel::parse(&now).unwrap()).unwrap();
    let blocks = b.advance(opened.advance, 5);
    assert_eq!(blocks, [Block { chain: 1, index: 0 }]);
    let mut again = restored(&b);
    assert_eq!(state(&again), state(&b));
    assert_eq!(receive(&mut again, &late).unwrap(), b"late");
    assert!(
        again.block_record(blocks[0]).is_none(),
        "the block is empty, its leaf can go"
    );
}

#[test]
fn an_offer_is_the_same_bytes_each_time_it_is_made() {
    let (mut a, b) = ends();
    let offer = Offer::draw(&a.keys, Past::of_pairing(&a.keys.root), &mut a.entropy);
    let once = offer.parcel(&a.keys, &a.me, b.me.point(), 5).unwrap();
    assert_eq!(once, offer.parcel(&a.keys, &a.me, b.me.point(), 5).unwrap());
    assert_eq!(once.len(), 2048);
}

#[test]
fn an_offer_of_another_edge_or_identity_is_refused() {
    let (mut a, mut b) = ends();
    let mallory = Identity::from_seed(Key::fill(|x| x.fill(9)));
    let offer = Offer::draw(&a.keys, Past::of_pairing(&a.keys.root), &mut a.entropy);
    let a1 = offer.parcel(&a.keys, &a.me, b.me.point(), 1).unwrap();
    assert!(
        answer(&mut b, mallory.point(), &a1).is_none(),
        "unknown key share"
    );
    let other = EdgeKeys::first(Key::fill(|x| x.fill(4)), b.me.point(), a.me.point());
    b.keys = other;
    assert!(answer(&mut b, a.me.point(), &a1).is_none());
}

#[test]
fn a_flag_or_suite_that_was_changed_ends_the_handshake() {
    let (mut a, mut b) = ends();
    for (at, value) in [(0, 2), (1, 0), (1, 2)] {
        let mut handshake = a
            .keys
            .handshake(
                handshake::PROLOGUE,
                &a.me,
                b.me.point(),
                Role::Initiator,
                &mut a.entropy,
            )
            .unwrap();
        let mut payload = vec![1, 1];
        payload.extend([0; EK_BYTES + 64]);
        payload[at] = value;
        let noise = handshake.write(&payload).unwrap();
        assert!(
            handshake::respond(
                &b.keys,
                &b.me,
                a.me.point(),
                &noise,
                &Past::default(),
                &mut b.entropy
            )
            .is_err(),
            "byte {at} = {value}"
        );
    }
}

#[test]
fn a_changed_kem_ciphertext_never_gives_a_session_that_talks() {
    let (mut a, mut b) = ends();
    let offer = Offer::draw(&a.keys, Past::of_pairing(&a.keys.root), &mut a.entropy);
    let a1 = offer.parcel(&a.keys, &a.me, b.me.point(), 1).unwrap();
    let (_, a2) = answer(&mut b, a.me.point(), &a1).unwrap();
    for at in [200, 700, 1200] {
        let mut bad = a2.clone();
        bad[at] ^= 1;
        assert!(finish(&a, b.me.point(), &offer, &bad).is_none());
    }
    assert!(finish(&a, b.me.point(), &offer, &a2).is_some());
}

#[test]
fn two_healthy_ends_never_look_rolled_back_to_each_other() {
    let (mut a, mut b, mut entropy) = sessions();
    let healthy = |a: &Session, b: &Session| {
        assert_eq!(
            a.progress().compare(Some(&a.progress()), &b.progress()),
            None
        );
        assert_eq!(
            b.progress().compare(Some(&b.progress()), &a.progress()),
            None
        );
    };
    for turn in 0..3 {
        healthy(&a, &b);
        for _ in 0..=turn {
            let there = say(&mut a, &mut entropy, "there");
            healthy(&a, &b);
            receive(&mut b, &there).unwrap();
            healthy(&a, &b);
        }
        let back = say(&mut b, &mut entropy, "back");
        healthy(&a, &b);
        receive(&mut a, &back).unwrap();
        healthy(&a, &b);
    }
}
