//! A node may stop at any moment, amid any commit: what it told its person is safe is safe, and
//! nothing is shown a second time.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::world::{
    Chance, DAY, Deed, Disk, HOUR, MINUTE, MS, SECOND, Torn, Weather, World, each_seed,
};

/// The disks of two friends who have a session.
fn two_friends() -> Vec<Disk> {
    let mut world = World::new(7, 2);
    world.befriend(0, 1);
    world.nodes.into_iter().map(|node| node.disk).collect()
}

/// Two friends talk after a pause; the node `victim` then stops amid its `nth` commit, which is `torn`.
/// Says whether a KEM step was open meanwhile.
fn stop_at(disks: &[Disk], pause: u64, victim: usize, nth: u64, torn: Torn) -> bool {
    let mut world = World::on(nth, disks);
    world.run(pause);
    let nth = world.nodes[victim].commits + nth;
    for at in 0..6 {
        world.later(SECOND + at * 30 * MS, Deed::Say { from: 0, to: 1 });
        world.later(SECOND + at * 30 * MS, Deed::Say { from: 1, to: 0 });
        world.later(2 * SECOND + at * 100 * MS, Deed::Read((at % 2) as usize));
    }
    let step = Cell::new(false);
    let amid = |world: &World| {
        let open = |node: &crate::world::Node| node.disk.ledger.has_step();
        step.set(step.get() || world.nodes.iter().any(open));
        world.nodes[victim].commits == nth && world.is_committing(victim)
    };
    if world.run_until(10 * SECOND, amid) {
        world.crash(victim, Some(torn));
        world.later(SECOND, Deed::Start(victim));
        world.run(10 * SECOND);
    }
    world.settle();
    step.get()
}

#[test]
fn a_node_that_stops_amid_any_commit_loses_nothing_and_shows_nothing_twice() {
    let disks = two_friends();
    each_seed("a_node_that_stops", 2 * 24 * 6, |seed| {
        let (victim, nth, torn) = (seed % 2, seed / 2 % 24, seed / 48 % 6);
        stop_at(&disks, 0, victim as usize, nth, Torn::ALL[torn as usize]);
    });
}

#[test]
fn a_node_that_stops_amid_a_kem_step_finishes_it() {
    let disks = two_friends();
    let steps = AtomicUsize::new(0);
    each_seed("a_node_that_stops_amid_a_kem_step", 2 * 24 * 6, |seed| {
        let (victim, nth, torn) = (seed % 2, seed / 2 % 24, seed / 48 % 6);
        let torn = Torn::ALL[torn as usize];
        let open = stop_at(&disks, DAY + HOUR, victim as usize, nth, torn);
        steps.fetch_add(open.into(), Ordering::Relaxed);
    });
    assert!(steps.into_inner() > 200, "there were steps");
}

/// Three people talk in a storm while their nodes stop and start at random moments.
fn falling(seed: u64) -> World {
    let mut world = World::new(seed, 3);
    world.befriend(0, 1);
    world.befriend(2, 1);
    world.weather = Weather::STORM;
    let mut chance = Chance::new(seed, "script");
    for _ in 0..30 {
        let from = chance.below(3) as usize;
        let to = if from == 1 { *chance.pick(&[0, 2]) } else { 1 };
        world.later(chance.below(10 * MINUTE), Deed::Say { from, to });
        world.later(chance.below(12 * MINUTE), Deed::Read(to));
    }
    for _ in 0..12 {
        let (at, node) = (chance.below(10 * MINUTE), chance.below(3) as usize);
        world.later(at, Deed::Crash(node));
        let longest = if chance.one_in(6) { HOUR } else { 5 * SECOND };
        world.later(at + chance.below(longest), Deed::Start(node));
    }
    world.run(12 * MINUTE);
    world
}

#[test]
fn nodes_that_fall_all_the_time_lose_nothing_and_show_nothing_twice() {
    each_seed("nodes_that_fall_all_the_time", 200, |seed| {
        falling(seed).settle()
    });
}

#[test]
fn clocks_that_jump_by_months_and_decades_lose_nothing() {
    each_seed("clocks_that_jump", 60, |seed| {
        let mut world = World::new(seed, 2);
        world.befriend(0, 1);
        world.weather = Weather::STORM;
        let mut chance = Chance::new(seed, "script");
        let (month, to_1970, to_2106) = (30 * 86_400_000, -1_795_000_000_000, 2_499_000_000_000);
        for _ in 0..20 {
            let from = chance.below(2) as usize;
            world.later(chance.below(HOUR), Deed::Say { from, to: 1 - from });
            world.later(chance.below(HOUR), Deed::Read(from));
            let by_ms = *chance.pick(&[month, -month, to_1970, to_2106, -to_1970, -to_2106]);
            let node = chance.below(2) as usize;
            world.later(chance.below(HOUR), Deed::Clock { node, by_ms });
            let at = chance.below(HOUR);
            world.later(at, Deed::Crash(node));
            world.later(at + SECOND, Deed::Start(node));
        }
        world.run(HOUR);
        world.settle();
    });
}

#[test]
fn an_outage_of_two_weeks_loses_nothing() {
    let disks = two_friends();
    each_seed("an_outage_of_two_weeks", 10, |seed| {
        let mut world = World::on(seed, &disks);
        world.run(SECOND);
        world.later(0, Deed::Split(0, 1));
        for hour in 0..14 * 24 {
            world.later(hour * HOUR, Deed::Say { from: 0, to: 1 });
            world.later(hour * HOUR, Deed::Say { from: 1, to: 0 });
        }
        world.run(14 * DAY);
        assert_eq!(world.people.waiting(), 2 * 14 * 24);
        world.settle();
    });
}
