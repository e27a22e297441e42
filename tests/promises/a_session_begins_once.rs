//! However the three parcels that begin a session are lost, doubled or interrupted: there is one
//! session, and each line is shown once. Attacks 26 and 70 of ATTACKS.

use std::collections::BTreeSet;

use kith_proto::engine::Input;

use crate::world::{Chance, Deed, Disk, Letter, MINUTE, SECOND, World, each_seed};

/// Two friends who are linked, and none of whose parcels has arrived.
fn before_the_session(seed: u64) -> World {
    let mut world = World::new(seed, 2);
    world.bag = Some(Vec::new());
    world.befriend(0, 1);
    world
}

fn posted(world: &mut World) -> Vec<Letter> {
    world.run(SECOND);
    world.bag.replace(Vec::new()).unwrap()
}

/// Attack 26: the first parcel a thousand times.
#[test]
fn one_offer_has_one_answer_however_often_it_comes() {
    let mut world = before_the_session(26);
    let mut offers = posted(&mut world);
    for node in [1, 0, 1] {
        world.crash(node, None);
        world.start(node);
        world.run(MINUTE);
        offers.extend(posted(&mut world));
    }
    assert!(offers.len() >= 3 && offers.iter().all(|letter| letter.from == 1));
    let offers: BTreeSet<_> = offers.into_iter().map(|letter| letter.bytes).collect();
    assert_eq!(offers.len(), 1, "an offer is repeated byte for byte");
    let offer = offers.into_iter().next().unwrap();
    let mut answers = BTreeSet::new();
    for round in 0..1000 {
        world.give(0, Input::Parcel(offer.clone()));
        if round % 250 == 249 {
            world.crash(0, None);
            world.start(0);
            world.run(MINUTE);
        }
        answers.extend(
            posted(&mut world)
                .into_iter()
                .filter(|l| l.from == 0)
                .map(|l| l.bytes),
        );
    }
    assert_eq!(answers.len(), 1, "and so is its answer");
}

/// Parcels are carried by hand, round by round: those of a round whose bit is set are lost, others come
/// once or twice; after each round links are cut, or a node stops.
fn lose(world: &mut World, chance: &mut Chance, lost: u64) {
    for round in 0..8 {
        for letter in posted(world) {
            let times = if lost >> round & 1 == 1 {
                0
            } else {
                1 + chance.below(2)
            };
            for _ in 0..times {
                world.give(letter.to, Input::Parcel(letter.bytes.clone()));
            }
        }
        match chance.below(3) {
            0 => world.cut_all(),
            1 => {
                let node = chance.below(2) as usize;
                world.crash(node, None);
                world.start(node);
            }
            _ => {}
        }
        world.run(MINUTE);
    }
}

/// A line each way, through all of that; then nothing is lost any more.
fn both_write_while_some_is_lost(world: &mut World, chance: &mut Chance, seed: u64) {
    world.later(0, Deed::Say { from: 0, to: 1 });
    world.later(0, Deed::Say { from: 1, to: 0 });
    lose(world, chance, seed);
    world.bag = None;
    world.cut_all();
    world.settle();
}

/// Two friends who have a session, which has turned as often.
fn friends_of(turns: usize) -> Vec<Disk> {
    let mut world = World::new(70, 2);
    world.befriend(0, 1);
    for turn in 0..turns {
        world.say(turn % 2, 1 - turn % 2);
        world.run(5 * SECOND);
        (0..2).for_each(|node| world.read(node));
    }
    world.run(SECOND);
    world.nodes.into_iter().map(|node| node.disk).collect()
}

/// Attack 70 again, when one or both disks went back a little, or further than both remember: whatever
/// is lost of the handshakes that follow, one session comes of them.
#[test]
fn any_subset_of_a_later_handshake_may_be_lost() {
    let disks = friends_of(1);
    each_seed("any_subset_of_a_later", 512, |seed| {
        let mut chance = Chance::new(seed, "script");
        let mut world = World::on(seed, &disks);
        world.run(MINUTE);
        let victims: &[usize] = [&[0][..], &[1], &[0, 1]][(seed / 256 % 3) as usize];
        victims.iter().for_each(|node| world.copy_disk(*node));
        for turn in 0..1 + chance.below(3) * 5 {
            world.say((turn % 2) as usize, 1 - (turn % 2) as usize);
            world.run(5 * SECOND);
        }
        (0..2).for_each(|node| world.read(node));
        world.run(SECOND);
        victims.iter().for_each(|node| world.put_back(*node));
        world.bag = Some(Vec::new());
        (0..2).for_each(|node| world.start(node));
        let before = [0, 1].map(|node| world.people.lines_read(node));
        both_write_while_some_is_lost(&mut world, &mut chance, seed);
        let read = [0, 1].map(|node| world.people.lines_read(node));
        assert!(read[0] > before[0] && read[1] > before[1]);
        assert!((0..2).all(|node| !world.contacts(node)[0].stopped));
    });
}

/// Attack 70: any of the first parcels lost, nodes that stop, links that are cut.
#[test]
fn any_subset_of_the_first_parcels_may_be_lost() {
    each_seed("any_subset_of_the_first", 128, |seed| {
        let mut chance = Chance::new(seed, "script");
        let mut world = before_the_session(seed);
        both_write_while_some_is_lost(&mut world, &mut chance, seed);
        assert_eq!(
            (world.people.lines_read(0), world.people.lines_read(1)),
            (1, 1)
        );
    });
}
