//! What token holders, thieves of flights and crowds can do to a keeper. THREATS, the attack table.

use super::rig::{Fate, Rig, TODAY, flight, keys, of_generation, parcel, token};
use crate::engine::Knock;
use crate::kdf::Entropy;
use crate::keeper::Input;
use crate::limits::{
    BUCKETS, KNOCK_BYTES, VISIT_PARCELS_MAX, VISITORS_AT_ONCE_MAX, VISITS_PER_MINUTE_MAX,
};
use crate::mailbox::deposit::Left;
use crate::mailbox::fetch;
use crate::secret::Said;
use crate::token::{Caveat, Token};

#[test]
fn a_token_is_one_visit_at_once_after_use_and_after_a_roll() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let first = rig.visit(&keys, token(&keys, 5));
    assert!(
        first.is_some() && rig.visit(&keys, token(&keys, 5)).is_none(),
        "at once"
    );
    rig.tell(Input::Closed(first.unwrap().conn));
    assert!(rig.visit(&keys, token(&keys, 5)).is_none(), "after use");
    assert!(rig.visit(&keys, of_generation(&keys, 2, 1)).is_some());
    assert!(rig.visit(&keys, token(&keys, 5)).is_none(), "after a roll");
    assert!(rig.visit(&keys, of_generation(&keys, 3, 1)).is_some());
    assert!(
        rig.visit(&keys, token(&keys, 5)).is_none(),
        "after its generation"
    );
    rig.restart();
    assert!(
        rig.visit(&keys, token(&keys, 5)).is_none(),
        "after a restart"
    );
}

#[test]
fn the_65th_parcel_of_a_visit_ends_it() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let mut visitor = rig.visit(&keys, token(&keys, 5)).unwrap();
    for _ in 0..VISIT_PARCELS_MAX {
        assert_eq!(visitor.leave(&mut rig, &parcel(1)), [Left::Stored]);
    }
    visitor.visit.cheat();
    assert_eq!(visitor.leave(&mut rig, &parcel(1)), []);
    assert!(!rig.is_open(visitor.conn));
    assert_eq!(rig.kept[0].parcels, VISIT_PARCELS_MAX);
}

#[test]
pub(super) fn a_flood_by_token_holders_fills_their_box_and_pushes_nothing_out() {
    let (mut rig, flooded, other) = (Rig::with(&[2]), keys(1), keys(2));
    rig.grant(1, 100 * 2048);
    rig.leave(&other, token(&other, 1), &[parcel(9)]);
    rig.leave(&flooded, token(&flooded, 0), &[parcel(7)]);
    let many = vec![parcel(8); VISIT_PARCELS_MAX as usize];
    let mut left: Vec<Left> = Vec::new();
    for number in 1..20 {
        left.extend(rig.leave(&flooded, token(&flooded, number), &many));
        rig.pass(1);
    }
    let stored = left.iter().filter(|left| **left == Left::Stored).count();
    assert_eq!(stored, 99, "as many as fit beside the first");
    assert_eq!(left.len(), 19 * many.len(), "each was answered");
    assert_eq!(rig.fetch(&other, 10), [(0, parcel(9))]);
    let (slot, first) = &rig.fetch(&flooded, 10)[0];
    assert_eq!((*slot, first), (0, &parcel(7)), "what came first stays");
}

#[test]
fn a_full_disk_takes_nothing_and_says_so() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    rig.leave(&keys, token(&keys, 1), &[parcel(1)]);
    rig.tell(Input::Room { full: true });
    assert!(rig.visit(&keys, token(&keys, 2)).unwrap().visit.is_full());
    assert_eq!(
        rig.leave(&keys, token(&keys, 3), &[parcel(2)]),
        [Left::Full]
    );
    assert_eq!(rig.fetch(&keys, 10), [(0, parcel(1))], "erasing goes on");
    rig.tell(Input::Room { full: false });
    assert_eq!(
        rig.leave(&keys, token(&keys, 4), &[parcel(2)]),
        [Left::Stored]
    );
}

#[test]
fn visits_in_a_minute_are_counted_and_cost_no_token_beyond() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let numbers = 0..VISITS_PER_MINUTE_MAX as u16;
    for number in numbers {
        let visitor = rig.visit(&keys, token(&keys, number)).unwrap();
        rig.tell(Input::Closed(visitor.conn));
    }
    assert!(rig.visit(&keys, token(&keys, 100)).is_none());
    assert!(
        rig.come(&keys, 10).is_some(),
        "its owner has a count of its own"
    );
    rig.pass(1);
    assert!(rig.visit(&keys, token(&keys, 100)).is_some());
}

#[test]
fn an_owner_who_comes_too_often_makes_the_disk_do_nothing() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let flight = |stamp| {
        fetch::visit(&keys, stamp, &mut Entropy::new([4; 32]))
            .unwrap()
            .1
    };
    for stamp in 0..u64::from(VISITS_PER_MINUTE_MAX) {
        assert!(rig.knock(&flight(stamp + 1), Fate::Whole).1.is_some());
    }
    let commits = rig.commits;
    for stamp in 1_000..2_000 {
        assert_eq!(rig.knock(&flight(stamp), Fate::Whole).1, None);
    }
    assert_eq!(rig.commits, commits);
    rig.pass(1);
    assert!(rig.knock(&flight(1_000), Fate::Whole).1.is_some());
}

#[test]
fn a_crowd_inside_keeps_its_places_and_nothing_is_spent_of_who_waits() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let inside = 0..VISITORS_AT_ONCE_MAX as u16;
    let inside: Vec<_> = inside
        .filter_map(|n| rig.visit(&keys, token(&keys, n)))
        .collect();
    assert_eq!(inside.len(), VISITORS_AT_ONCE_MAX);
    assert!(rig.visit(&keys, token(&keys, 100)).is_none());
    rig.tell(Input::Closed(inside[3].conn));
    assert!(rig.visit(&keys, token(&keys, 100)).is_some());
}

#[test]
pub(super) fn a_narrowed_token_is_let_in_as_it_was_narrowed_and_opens_nothing_once_its_day_is_over()
{
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let narrow = |number, caveat| token(&keys, number).narrowed(caveat).ok().unwrap();
    let today = || Caveat::NotAfter(TODAY);
    assert_eq!(
        rig.leave(&keys, narrow(1, today()), &[parcel(1)]),
        [Left::Stored]
    );
    let only = || Caveat::bound_to(&parcel(2));
    assert_eq!(
        rig.leave(&keys, narrow(2, only()), &[parcel(2)]),
        [Left::Stored]
    );
    let mut visitor = rig.visit(&keys, narrow(3, only())).unwrap();
    visitor.visit.cheat();
    assert_eq!(visitor.leave(&mut rig, &parcel(3)), []);
    assert!(!rig.is_open(visitor.conn));
    // Whoever has only the narrowed one cannot show what it came from.
    let it = narrow(4, today());
    let key = crate::secret::Key::fill(|b| b.copy_from_slice(it.key().expose()));
    let prefix = Token::given(it.serial(), Default::default(), key);
    assert!(rig.visit(&keys, prefix).is_none());
    assert!(rig.visit(&keys, it).is_some(), "which spent nothing");
    rig.pass(24 * 60);
    assert!(rig.visit(&keys, narrow(5, today())).is_none());
}

#[test]
fn only_the_fourth_last_generation_dies_for_friends_who_were_away() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    for generation in 0..3 {
        assert!(
            rig.visit(&keys, of_generation(&keys, generation, 1))
                .is_some()
        );
    }
    rig.restart();
    for generation in 0..3 {
        assert!(
            rig.visit(&keys, of_generation(&keys, generation, 2))
                .is_some()
        );
    }
    assert!(rig.visit(&keys, of_generation(&keys, 3, 1)).is_some());
    assert!(rig.visit(&keys, of_generation(&keys, 0, 3)).is_none());
    for generation in 1..4 {
        assert!(
            rig.visit(&keys, of_generation(&keys, generation, 3))
                .is_some()
        );
    }
}

#[test]
fn flights_of_a_box_replayed_ten_thousand_times_use_nothing_up() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    let (_, deposit) = flight(&keys, token(&keys, 1), 3);
    let (_, fetch) = fetch::visit(&keys, 5, &mut Entropy::new([4; 32])).unwrap();
    assert!(rig.knock(&deposit, Fate::Whole).1.is_some());
    assert!(rig.knock(&fetch, Fate::Whole).1.is_some());
    let commits = rig.commits;
    for _ in 0..5_000 {
        assert_eq!(rig.knock(&deposit, Fate::Whole).1, None);
        assert_eq!(rig.knock(&fetch, Fate::Whole).1, None);
    }
    assert_eq!(rig.commits, commits, "the disk has nothing to do");
    assert!(rig.visit(&keys, token(&keys, 2)).is_some());
    assert!(rig.come(&keys, 6).is_some());
    rig.restart();
    assert_eq!(rig.knock(&fetch, Fate::Whole).1, None);
    // A flight of the owner's that was held back and comes late is older than the last that counted.
    let (_, late) = fetch::visit(&keys, 4, &mut Entropy::new([4; 32])).unwrap();
    assert_eq!(rig.knock(&late, Fate::Whole).1, None);
}

#[test]
fn a_flight_that_was_held_back_gets_an_answer_and_not_one_parcel() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    rig.leave(&keys, token(&keys, 1), &[parcel(1)]);
    let (_, held_back) = fetch::visit(&keys, 5, &mut Entropy::new([4; 32])).unwrap();
    let (conn, answer) = rig.knock(&held_back, Fate::Whole);
    assert_eq!(answer.map(|answer| answer.len()), Some(512));
    rig.write(conn, &[0; 512]);
    assert!(rig.heard(conn).is_empty() && !rig.is_open(conn));
    assert_eq!(rig.fetch(&keys, 6).len(), 1);
}

#[test]
fn an_owner_who_has_not_said_a_whole_record_is_told_nothing() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    rig.leave(&keys, token(&keys, 1), &[parcel(1)]);
    let (knocking, bytes) = fetch::visit(&keys, 5, &mut Entropy::new([4; 32])).unwrap();
    let (conn, answer) = rig.knock(&bytes, Fate::Whole);
    let (_, greeting) = knocking.finish(&keys, &answer.unwrap()).unwrap();
    let (length, rest) = greeting.split_at(2);
    rig.write(conn, length);
    assert!(rig.heard(conn).is_empty());
    rig.write(conn, rest);
    assert!(!rig.heard(conn).is_empty());
}

#[test]
fn junk_behind_a_recorded_head_costs_no_more_than_its_tag() {
    let (rig, keys) = (Rig::with(&[1]), keys(1));
    let (_, bytes) = flight(&keys, token(&keys, 1), 3);
    let junk = [&bytes[..KNOCK_BYTES], &[7; 472]].concat();
    assert_eq!(rig.keeper.knock(&junk), Knock::Stranger);
}

#[test]
fn what_is_no_parcel_is_not_kept() {
    let (mut rig, keys) = (Rig::with(&[1]), keys(1));
    for (number, length) in [(1, 0), (2, 2047), (3, 2049), (4, BUCKETS[2] + 1)] {
        let mut visitor = rig.visit(&keys, token(&keys, number)).unwrap();
        let bytes = visitor.visit.leave(Said::new(vec![1; length])).unwrap();
        rig.write(visitor.conn, &bytes);
        assert_eq!(visitor.hear(&mut rig), Ok(Vec::new()));
        assert!(!rig.is_open(visitor.conn));
    }
    assert_eq!(rig.kept[0].parcels, 0);
}
