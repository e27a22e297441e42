//! Two friends write to each other, whatever the network does.

use crate::world::{Chance, Deed, HOUR, MINUTE, SECOND, Weather, World, each_seed};

/// A world in which three people are friends and talk through a storm.
fn stormy(seed: u64) -> World {
    let mut world = World::new(seed, 3);
    world.befriend(0, 1);
    world.befriend(2, 1);
    world.weather = Weather::STORM;
    let mut chance = Chance::new(seed, "script");
    for _ in 0..40 {
        let from = chance.below(3) as usize;
        let to = if from == 1 { *chance.pick(&[0, 2]) } else { 1 };
        world.later(chance.below(20 * MINUTE), Deed::Say { from, to });
        world.later(chance.below(25 * MINUTE), Deed::Read(to));
    }
    for _ in 0..2 {
        let at = chance.below(15 * MINUTE);
        world.later(at, Deed::Split(0, 1));
        world.later(at + chance.below(HOUR), Deed::Heal(0, 1));
    }
    world.run(20 * MINUTE);
    world
}

#[test]
fn friends_talk() {
    let mut world = World::new(1, 2);
    world.befriend(0, 1);
    for _ in 0..10 {
        world.say(0, 1);
        world.say(1, 0);
        world.run(SECOND);
    }
    world.settle();
    assert_eq!(
        (world.people.lines_read(0), world.people.lines_read(1)),
        (10, 10)
    );
}

#[test]
fn each_line_arrives_once_and_in_order_through_cuts_delays_and_splits() {
    each_seed("each_line_arrives_once", 200, |seed| stormy(seed).settle());
}

#[test]
fn the_same_seed_is_the_same_world() {
    for seed in 0..3 {
        let run = || {
            let mut world = stormy(seed);
            world.settle();
            world.trace()
        };
        assert_eq!(run(), run());
    }
    assert_ne!(stormy(1).trace(), stormy(2).trace());
}
