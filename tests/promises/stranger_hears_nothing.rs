//! Who is not a friend gets not a byte, whatever they send and however often; and it costs the node
//! nothing. Attacks 10, 30, 68 and 95 of ATTACKS.

use kith_proto::engine::{ConnId, Effect, Input, Knock};

use crate::world::{Bare, Chance, HOUR, MINUTE, MS, SECOND, World, each_seed, first_flights};

#[test]
fn nothing_a_stranger_sends_is_answered() {
    let mut world = World::new(30, 2);
    world.befriend(0, 1);
    let flights = first_flights(&world);
    let commits = world.nodes[0].commits;
    let mut chance = Chance::new(30, "prober");
    for round in 0..400 {
        let mut bytes = match round % 4 {
            0 => chance.bytes(1536),
            // Every first flight there was was answered, so each is a replay now.
            1 => chance.pick(&flights).clone(),
            2 => [&chance.pick(&flights)[..40], &chance.bytes(1496)].concat(),
            _ => b"\x13/multistream/1.0.0\nGET / HTTP/1.1\r\n\r\n".repeat(30),
        };
        bytes.truncate(chance.below(1600) as usize + 1);
        world.stranger(0, &bytes);
        world.run(chance.below(SECOND));
    }
    world.run(2 * MINUTE);
    assert_eq!(
        world.nodes[0].commits, commits,
        "strangers make the disk work"
    );
    assert_eq!(world.links(0, 1), 1, "and a friend is not disturbed");
}

/// Attack 30: one byte a second.
#[test]
fn a_prober_that_sends_byte_by_byte_is_closed_and_hears_nothing() {
    let mut world = World::new(31, 2);
    world.befriend(0, 1);
    let flight = first_flights(&world).swap_remove(0);
    let wire = world.stranger(1, &flight[..1]);
    for byte in &flight[1..] {
        world.run(SECOND);
        world.outsider_sends(wire, &[*byte]);
    }
    assert!(world.is_over(wire), "nobody waits for him");
}

/// Attack 10, its half that doors can see: what belongs to one door is noise to all others.
#[test]
fn what_was_said_at_one_door_is_noise_at_every_other() {
    let mut world = World::new(10, 3);
    let code = world.invite(0, 1, 3600);
    world.accept_code(1, 0, &code);
    world.run(MINUTE);
    let other = world.invite(0, 2, 3600);
    world.accept_code(2, 0, &other);
    world.run(MINUTE);
    let parcels = {
        world.bag = Some(Vec::new());
        world.say(0, 1);
        world.say(1, 0);
        world.run(SECOND);
        world.bag.take().unwrap()
    };
    let mut heard = first_flights(&world);
    heard.extend(parcels.into_iter().map(|letter| letter.bytes));
    for node in 0..3 {
        let commits = world.nodes[node].commits;
        for bytes in &heard {
            // As a flight at the door, with and without what would fill it up.
            world.stranger(node, bytes);
            world.stranger(node, &[&bytes[..], &[0; 1536]].concat());
            // As a parcel that somebody carried.
            if bytes.len() != 2048 {
                world.give(node, Input::Parcel(bytes.clone()));
            }
        }
        world.run(MINUTE);
        assert_eq!(world.nodes[node].commits, commits, "node {node}");
    }
}

/// Attack 68: whoever recorded `N | find` of a friend makes junk with it.
#[test]
fn a_recorded_hint_with_junk_behind_it_opens_no_door_a_hundred_thousand_times() {
    let mut world = World::new(68, 2);
    world.befriend(0, 1);
    let flights = first_flights(&world);
    let engine = &world.nodes[0].running.as_ref().unwrap().engine;
    let mut chance = Chance::new(68, "junk");
    let known = |flight: &&Vec<u8>| engine.knock(&flight[..40]) == Knock::More(512);
    let flight = flights.iter().find(known).expect("a flight to node 0");
    let mut junk = [&flight[..40], &chance.bytes(472)].concat();
    for _ in 0..100_000 {
        let at = 40 + chance.below(472) as usize;
        junk[at] ^= 1 << chance.below(8);
        assert_eq!(engine.knock(&junk), Knock::Stranger);
    }
}

/// Attack 95: recorded flights of a friend use up nothing of that friend's budget.
#[test]
fn ten_thousand_replays_do_not_keep_the_friend_out() {
    each_seed("ten_thousand_replays", 1, |seed| {
        let mut world = World::new(seed, 2);
        world.befriend(0, 1);
        let flights = first_flights(&world);
        world.cut_all();
        for round in 0..10_000 {
            world.stranger(round % 2, &flights[round % flights.len()]);
            if round % 10 == 0 {
                world.run(MS);
            }
        }
        let linked = |world: &World| world.links(0, 1) == 1;
        assert!(world.run_until(MINUTE, linked), "the friend is kept out");
    });
}

/// Attack 8, at the door: the node stops right after it answered, and somebody sends the flight again.
#[test]
fn an_answered_flight_is_not_answered_again_by_a_node_that_restarted() {
    each_seed("an_answered_flight", 40, |seed| {
        let mut world = World::new(seed, 2);
        world.befriend(0, 1);
        let node = (seed % 2) as usize;
        for _ in 0..4 {
            world.cut_all();
            let before = first_flights(&world).len();
            let answered = |world: &World| first_flights(world).len() > before;
            assert!(world.run_until(MINUTE, answered));
            // The first record of the link has not come: only the stamp tells a replay.
            world.crash(node, None);
            world.start(node);
            for flight in first_flights(&world) {
                world.stranger(node, &flight);
            }
            world.run(SECOND);
        }
    });
}

/// A fresh node with no friends sends no packet.
#[test]
fn a_node_without_friends_dials_nobody() {
    let mut node = Bare::new(8);
    for hour in 0..48 {
        node.now_ms = hour * HOUR / MS;
        let led = node.tell(Input::Tick);
        assert!(led.then.is_empty());
    }
    let flight = Input::Flight {
        conn: ConnId(2),
        bytes: vec![7; 512],
        through: false,
    };
    let led = node.tell(flight);
    assert!(led.puts.is_empty() && matches!(led.then[..], [Effect::Close(ConnId(2))]));
}
