//! What a keeper promises to those who may come.

use super::rig::{Fate, Rig, flight, keys, parcel, token};
use crate::engine::OpenError;
use crate::kdf::Entropy;
use crate::keeper::{Input, Keeper};
use crate::limits::{BUCKETS, FETCH_WINDOW_BYTES, FLIGHT_BYTES, KNOCK_BYTES, POST_MINUTES};
use crate::mailbox::deposit::Left;
use crate::mailbox::fetch::{self, Kept};
use crate::onion::service_key;
use crate::secret::{Key, Said};
use crate::time::{DAY_MINUTES, HOUR_MS};
use crate::vault::Name;

const STORED: &[Left] = &[Left::Stored];

#[test]
fn what_is_left_comes_out_once_in_its_order_and_is_gone() {
    let (mut rig, keys) = (Rig::with(&[1, 2]), keys(1));
    let parcels = [1, 2, 3].map(parcel);
    assert_eq!(
        rig.leave(&keys, token(&keys, 5), &parcels[..2]),
        [Left::Stored; 2]
    );
    assert_eq!(rig.leave(&keys, token(&keys, 9), &parcels[2..]), STORED);
    assert_eq!((rig.kept[0].parcels, rig.kept[0].bytes), (3, 3 * 2048));
    let fetched = rig.fetch(&keys, 10);
    let numbers: Vec<u32> = fetched.iter().map(|(slot, _)| *slot).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert!(fetched.iter().map(|(_, parcel)| parcel).eq(&parcels));
    assert_eq!((rig.kept[0].parcels, rig.kept[0].bytes), (0, 0));
    assert!(rig.bodies.is_empty());
    assert_eq!(rig.fetch(&keys, 11), []);
    rig.restart();
    assert_eq!(rig.leave(&keys, token(&keys, 10), &parcels[..1]), STORED);
    assert_eq!(
        rig.fetch(&keys, 12),
        [(3, parcel(1))],
        "no number comes twice"
    );
}

/// What is taken for damaged makes room for another.
#[test]
fn what_a_later_keeper_wrote_is_not_taken_for_damaged() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    assert_eq!(rig.leave(&keys, token(&keys, 5), &[parcel(1)]), STORED);
    let opened = |changed: &[u8], by: fn(u8) -> u8| {
        let newer = |(name, body): (&Vec<u8>, &Vec<u8>)| {
            let mut body = body.clone();
            body[0] = if name == changed {
                by(body[0])
            } else {
                body[0]
            };
            (Name(name.clone()), Said::new(body))
        };
        Keeper::open(rig.now, [2; 32], rig.state.iter().map(newer)).map(|_| ())
    };
    for name in rig.state.keys() {
        assert_eq!(opened(name, |version| version), Ok(()));
        assert_eq!(opened(name, |version| version + 1), Err(OpenError::TooNew));
        assert_eq!(
            opened(name, |version| version - 1),
            Err(OpenError::BadRecords)
        );
    }
}

#[test]
fn a_keeper_that_stops_half_way_loses_nothing_it_said_it_has() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let mut visitor = rig.visit(&keys, token(&keys, 5)).unwrap();
    assert_eq!(visitor.leave(&mut rig, &parcel(1)), STORED);
    // The next is on its way when the power goes, at each of the two moments.
    for fate in [Fate::NoCommit, Fate::NoEffects] {
        rig.tell_with(Input::Tick, fate);
    }
    assert_eq!(rig.fetch(&keys, 10), [(0, parcel(1))]);
    let mut there = 0;
    for (number, fate) in [(6, Fate::NoCommit), (7, Fate::NoEffects)] {
        let mut visitor = rig.visit(&keys, token(&keys, number)).unwrap();
        let bytes = visitor.visit.leave(parcel(2)).unwrap();
        let (head, rest) = bytes.split_at(visitor.visit.wants());
        rig.write(visitor.conn, head);
        let (conn, bytes) = (visitor.conn, rest.to_vec());
        rig.tell_with(Input::Bytes { conn, bytes }, fate);
        // Of neither anything was said.
        there += u32::from(fate == Fate::NoEffects);
        assert_eq!(rig.kept[0].parcels, there);
    }
}

#[test]
pub(super) fn an_answer_leaves_after_its_token_is_spent_on_the_disk() {
    for fate in [Fate::NoCommit, Fate::NoEffects, Fate::Whole] {
        let (mut rig, keys) = (Rig::with(&[1]), keys(1));
        let (_, bytes) = flight(&keys, token(&keys, 5), 3);
        let (_, answer) = rig.knock(&bytes, fate);
        assert_eq!(answer.is_some(), fate == Fate::Whole);
        rig.restart();
        // Spent stays spent, also if its answer never left; what was not stored was not answered.
        let again = rig.knock(&bytes, Fate::Whole).1.is_some();
        assert_eq!(again, fate == Fate::NoCommit);
    }
}

#[test]
pub(super) fn an_owner_is_answered_after_their_stamp_is_on_the_disk() {
    for fate in [Fate::NoCommit, Fate::NoEffects, Fate::Whole] {
        let (mut rig, keys) = (Rig::with(&[1]), keys(1));
        let (_, bytes) = fetch::visit(&keys, 5, &mut Entropy::new([4; 32])).unwrap();
        let (_, answer) = rig.knock(&bytes, fate);
        assert_eq!(answer.is_some(), fate == Fate::Whole);
        rig.restart();
        let again = rig.knock(&bytes, Fate::Whole).1.is_some();
        assert_eq!(again, fate == Fate::NoCommit);
    }
}

#[test]
fn an_owner_is_sent_no_more_than_it_can_take_and_only_once_it_is_there() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let large = Said::new(vec![5; BUCKETS[2]]);
    let parcels = [large.clone(), large.clone(), large.clone(), parcel(1)];
    assert_eq!(
        rig.leave(&keys, token(&keys, 5), &parcels),
        [Left::Stored; 4]
    );
    let mut home = rig.come(&keys, 10).unwrap();
    let first = home.hear(&mut rig);
    assert_eq!(first.len() * BUCKETS[2], FETCH_WINDOW_BYTES);
    assert!(home.hear(&mut rig).is_empty(), "until one is safe");
    home.delete(&mut rig, &keys, 0, &large);
    assert_eq!(home.hear(&mut rig).len(), 1);
    home.delete(&mut rig, &keys, 1, &large);
    let last = Kept::Parcel {
        slot: 3,
        parcel: parcel(1),
    };
    assert_eq!(home.hear(&mut rig), [last]);
    // What was not deleted is there the next time.
    rig.tell(Input::Closed(home.conn));
    assert_eq!(rig.fetch(&keys, 11).len(), 2);
}

#[test]
pub(super) fn only_a_good_receipt_deletes() {
    let (mut rig, keys) = (Rig::with(&[1, 2]), keys(1));
    rig.leave(&keys, token(&keys, 5), &[parcel(1), parcel(2)]);
    for (stamp, slot, of) in [(10, 0, 2), (11, 1, 1), (12, 7, 1)] {
        let mut home = rig.come(&keys, stamp).unwrap();
        home.hear(&mut rig);
        home.delete(&mut rig, &keys, slot, &parcel(of));
        assert!(!rig.is_open(home.conn));
    }
    assert_eq!(rig.kept[0].parcels, 2);
    let mut home = rig.come(&keys, 13).unwrap();
    home.hear(&mut rig);
    home.delete(&mut rig, &self::keys(2), 0, &parcel(1));
    assert!(!rig.is_open(home.conn), "by the key of another box");
    assert_eq!(rig.fetch(&keys, 14).len(), 2);
}

#[test]
fn a_parcel_waits_the_post_time_and_no_day_more() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    rig.leave(&keys, token(&keys, 5), &[parcel(1)]);
    rig.pass(POST_MINUTES.into());
    assert_eq!(rig.kept[0].parcels, 1);
    rig.leave(&keys, token(&keys, 6), &[parcel(2)]);
    rig.pass(u64::from(DAY_MINUTES) + 60);
    assert_eq!(rig.kept[0].parcels, 1);
    assert_eq!(rig.fetch(&keys, 10), [(1, parcel(2))]);
}

#[test]
fn a_keeper_that_is_up_for_a_minute_a_day_lets_go_what_waited_the_post_time() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    rig.leave(&keys, token(&keys, 5), &[parcel(1)]);
    for _ in 0..POST_MINUTES / (23 * 60) + 2 {
        assert_eq!(rig.kept[0].parcels, 1);
        rig.now.wall_ms += 23 * HOUR_MS;
        rig.restart();
        rig.pass(1);
    }
    assert_eq!(rig.kept[0].parcels, 0);
}

#[test]
fn a_box_that_is_taken_back_leaves_nothing_behind() {
    let (mut rig, keys) = (Rig::with(&[2]), keys(1));
    let (state, bodies) = (rig.state.len(), rig.bodies.len());
    rig.grant(1, 1 << 20);
    let mut visitor = rig.visit(&keys, token(&keys, 5)).unwrap();
    visitor.leave(&mut rig, &parcel(1));
    rig.tell(Input::Unkeep(*keys.id()));
    assert!(!rig.is_open(visitor.conn));
    assert_eq!((rig.state.len(), rig.bodies.len()), (state, bodies));
    assert_eq!(rig.kept.len(), 1);
    assert!(rig.visit(&keys, token(&keys, 6)).is_none());
    rig.restart();
    assert!(rig.come(&keys, 10).is_none());
}

#[test]
fn another_quota_keeps_what_is_there_and_what_was_spent() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    rig.leave(&keys, token(&keys, 5), &[parcel(1)]);
    rig.grant(1, 2048);
    assert_eq!(
        (rig.kept.len(), rig.kept[0].parcels, rig.kept[0].quota_bytes),
        (1, 1, 2048)
    );
    assert!(rig.visit(&keys, token(&keys, 5)).is_none());
    let visitor = rig.visit(&keys, token(&keys, 6)).unwrap();
    assert!(visitor.visit.is_full());
    rig.grant(1, 4096);
    assert_eq!(
        rig.leave(&keys, token(&keys, 7), &[parcel(2), parcel(3)]),
        [Left::Stored, Left::Full]
    );
}

#[test]
fn a_stranger_and_whoever_has_no_key_get_not_a_byte() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let commits = rig.commits;
    for bytes in [
        vec![0; FLIGHT_BYTES],
        flight(&self::keys(2), token(&self::keys(2), 5), 3).1,
    ] {
        assert_eq!(rig.knock(&bytes, Fate::Whole).1, None);
    }
    let (_, mut bytes) = flight(&keys, token(&keys, 5), 3);
    bytes[KNOCK_BYTES] ^= 1;
    assert_eq!(rig.knock(&bytes, Fate::Whole).1, None);
    assert_eq!(rig.commits, commits, "and make the disk do nothing");
}

#[test]
fn the_onion_service_is_the_same_after_a_restart_and_another_when_it_is_told() {
    let mut rig = Rig::with(&[1]);
    assert_eq!(rig.keeper.service(), None);
    let secret = |byte| Key::fill(|bytes| bytes.fill(byte));
    rig.tell(Input::Service(secret(5)));
    let first = rig.keeper.service();
    assert_eq!(first, Some(service_key(&secret(5))));
    rig.restart();
    assert_eq!(rig.keeper.service(), first);
    rig.tell(Input::Service(secret(6)));
    rig.restart();
    assert_eq!(rig.keeper.service(), Some(service_key(&secret(6))));
}
