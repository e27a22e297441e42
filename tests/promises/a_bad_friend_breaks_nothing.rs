//! A friend's node that says what no node would say; and clocks, post and losses that are nobody's
//! fault. Attacks 5, 31, 36, 67 and 69 of ATTACKS.

use kith_proto::engine::{Answer, Input, Refusal, Request};
use kith_proto::limits::{BUCKETS, FRAME_BYTES_MAX, ROOM_WORDS_PER_MINUTE_MAX, TEXT_BYTES_MAX};
use kith_proto::secret::Said;

use crate::world::{Chance, DAY, Deed, HOUR, MINUTE, NAMES, PARCEL, SECOND, World, each_seed};

const HELLO: u8 = 1;
const ROOM: u8 = 3;

fn assert_they_talk(world: &mut World) {
    let before = world.people.lines_acknowledged();
    world.say(0, 1);
    world.say(1, 0);
    world.run(5 * SECOND);
    world.settle();
    assert_eq!(world.people.lines_acknowledged(), before + 2);
}

/// Attacks 5 and 36: bad parcels of every size in good records, again and again.
#[test]
fn junk_in_good_records_is_dropped_and_the_link_stays() {
    let mut world = World::new(36, 2);
    world.befriend(0, 1);
    let commits = world.nodes[1].commits;
    let mut chance = Chance::new(36, "junk");
    for round in 0..300 {
        let length = match round % 6 {
            0 => BUCKETS[0],
            1 => BUCKETS[1],
            2 => BUCKETS[2],
            3 => FRAME_BYTES_MAX,
            4 => 0,
            _ => chance.below(70_000).min(FRAME_BYTES_MAX as u64) as usize,
        };
        let kind = if round % 7 == 0 {
            3 + chance.below(253) as u8
        } else {
            PARCEL
        };
        world.send_frame(0, 1, kind, &chance.bytes(length));
        world.run(50_000);
    }
    world.run(MINUTE);
    assert_eq!(world.nodes[1].commits, commits, "junk makes the disk work");
    assert_eq!(world.links(0, 1), 1);
    assert_they_talk(&mut world);
}

/// A Hello that is none, or comes twice, ends that link and no friendship.
#[test]
fn a_hello_out_of_place_costs_the_link_and_nothing_else() {
    for body in [
        vec![],
        vec![0],
        vec![5; 241],
        vec![4; 193],
        vec![0; FRAME_BYTES_MAX],
    ] {
        let mut world = World::new(37, 2);
        world.befriend(0, 1);
        world.send_frame(0, 1, HELLO, &body);
        let over = |world: &World| world.links(0, 1) == 0;
        assert!(world.run_until(SECOND, over), "{} bytes", body.len());
        world.run(MINUTE);
        assert_they_talk(&mut world);
    }
}

/// A word about room that means nothing ends the link; one that is not true harms its author alone.
#[test]
fn a_friend_who_lies_about_room_waits_for_their_own_post() {
    for body in [&[][..], &[2], &[0, 0], &[1, 0], &[255; 1000]] {
        let mut world = World::new(39, 2);
        world.befriend(0, 1);
        world.send_frame(0, 1, ROOM, body);
        let over = |world: &World| world.links(0, 1) == 0;
        assert!(world.run_until(SECOND, over), "{} bytes", body.len());
        world.run(MINUTE);
        assert_they_talk(&mut world);
    }
    let mut world = World::new(39, 2);
    world.befriend(0, 1);
    world.send_frame(1, 0, ROOM, &[0]);
    world.run(SECOND);
    world.say(0, 1);
    world.run(MINUTE);
    assert_eq!(world.status(0).outbox, 1);
    (0..3).for_each(|_| world.send_frame(1, 0, ROOM, &[1]));
    world.run(SECOND);
    assert_eq!(world.status(0).outbox, 0);
    // Each such word could make a window of parcels go again.
    (0..ROOM_WORDS_PER_MINUTE_MAX).for_each(|_| world.send_frame(1, 0, ROOM, &[1]));
    let over = |world: &World| world.links(0, 1) == 0;
    assert!(world.run_until(SECOND, over));
    world.settle();
}

/// Attack 36, at its source: what no friend may receive, no person can send.
#[test]
fn a_text_that_is_too_long_empty_or_broken_is_refused_where_it_is_written() {
    let mut world = World::new(38, 2);
    world.befriend(0, 1);
    let mut send = |text: Vec<u8>| {
        let to = NAMES[1].to_owned();
        world.request(
            0,
            Request::Send {
                to,
                text: Said::new(text),
                limit_min: 0,
            },
        )
    };
    assert_eq!(
        send(vec![b'a'; TEXT_BYTES_MAX + 1]).err(),
        Some(Refusal::TextTooLong)
    );
    assert_eq!(send(vec![]).err(), Some(Refusal::EmptyText));
    assert_eq!(send(vec![0xFF]).err(), Some(Refusal::EmptyText));
    assert!(matches!(
        send(vec![b'a'; TEXT_BYTES_MAX]),
        Ok(Answer::Sent { .. })
    ));
}

/// Attacks 31 and 67: a computer whose clock shows 2106, and then, without a battery, 1970.
#[test]
fn a_clock_of_1970_or_2106_locks_nobody_out() {
    let (to_1970, to_2106) = (-1_795_000_000_000, 2_499_000_000_000);
    each_seed("a_clock_of_1970", 20, |seed| {
        let mut world = World::new(seed, 2);
        world.befriend(0, 1);
        for clock_ms in [to_2106, to_1970, 0, to_1970, to_2106] {
            // It has to be let in by the other, who cannot dial it.
            world.nodes[0].hidden = true;
            world.nodes[0].clock_ms = clock_ms;
            world.crash(0, None);
            world.start(0);
            let linked = |world: &World| world.links(0, 1) == 1;
            assert!(world.run_until(HOUR, linked), "locked out at {clock_ms}");
            world.run(SECOND);
            assert_they_talk(&mut world);
        }
    });
}

/// Attack 67: the handshake of a session spends a month in somebody's pocket.
#[test]
fn a_first_parcel_that_was_29_days_in_the_post_still_begins_the_session() {
    let mut world = World::new(67, 2);
    world.bag = Some(Vec::new());
    world.befriend(0, 1);
    world.say(0, 1);
    world.say(1, 0);
    world.run(29 * DAY);
    let posted = world.bag.replace(Vec::new()).unwrap();
    assert!(!posted.is_empty());
    for letter in posted {
        world.give(letter.to, Input::Parcel(letter.bytes));
    }
    world.run(MINUTE);
    // Its answer comes by the link.
    let answers = world.bag.take().unwrap();
    for letter in answers {
        world.give(letter.to, Input::Parcel(letter.bytes));
    }
    world.run(MINUTE);
    world.settle();
    assert_they_talk(&mut world);
}

/// Attack 69: any subset of the acknowledgements is lost, and then all of them.
#[test]
fn lost_acknowledgements_cost_a_resend_and_show_nothing_twice() {
    each_seed("lost_acknowledgements", 40, |seed| {
        let mut chance = Chance::new(seed, "acks");
        let mut world = World::new(seed, 2);
        world.befriend(0, 1);
        let odds = [0, 2, 4, 1][seed as usize % 4];
        world.bag = Some(Vec::new());
        for _ in 0..60 {
            world.say(0, 1);
            world.run(SECOND);
            for letter in world.bag.replace(Vec::new()).unwrap() {
                let lost = letter.to == 0 && !chance.one_in(odds);
                if !lost {
                    world.give(letter.to, Input::Parcel(letter.bytes));
                }
            }
            if chance.one_in(10) {
                world.cut_all();
                world.run(MINUTE);
            }
        }
        world.bag = None;
        world.cut_all();
        world.settle();
        assert_eq!(world.people.lines_read(1), 60);
    });
}

/// Attack 69, on links: a long queue arrives at once, and the link dies before anything comes back.
#[test]
fn a_link_that_dies_after_each_burst_wears_no_session_out() {
    each_seed("a_link_that_dies_after_each_burst", 2, |seed| {
        let mut world = World::new(seed, 2);
        world.befriend(0, 1);
        world.people.short = true;
        world.later(0, Deed::Split(0, 1));
        world.run(MINUTE);
        for _ in 0..300 {
            world.say(0, 1);
            world.run(SECOND);
        }
        for _ in 0..8 {
            world.mute = Some(1);
            world.later(0, Deed::Heal(0, 1));
            world.run(20 * MINUTE);
            world.later(0, Deed::Split(0, 1));
            world.run(MINUTE);
        }
        world.mute = None;
        world.settle();
        assert_eq!(world.people.lines_read(1), 300);
    });
}
