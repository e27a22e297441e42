//! However the three parcels that begin a session are lost, doubled or interrupted: there is one
//! session, and each line is shown once. Attacks 26 and 70 of ATTACKS.

use std::collections::BTreeSet;

use kith_proto::engine::Input;

use crate::world::{Chance, Deed, Letter, MINUTE, SECOND, World, each_seed};

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

/// Attack 70: any of the first parcels lost, nodes that stop, links that are cut.
#[test]
fn any_subset_of_the_first_parcels_may_be_lost() {
    each_seed("any_subset_of_the_first", 128, |seed| {
        let mut chance = Chance::new(seed, "script");
        let mut world = before_the_session(seed);
        world.later(0, Deed::Say { from: 0, to: 1 });
        world.later(0, Deed::Say { from: 1, to: 0 });
        for round in 0..7 {
            for letter in posted(&mut world) {
                let lost = seed >> round & 1 == 1;
                let times = if lost { 0 } else { 1 + chance.below(2) };
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
        world.bag = None;
        world.cut_all();
        world.settle();
        assert_eq!(
            (world.people.lines_read(0), world.people.lines_read(1)),
            (1, 1)
        );
    });
}
