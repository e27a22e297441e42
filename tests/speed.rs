//! How fast the world is: events in a second of processor time, with the real ratchet and the real
//! vault. `cargo bench -p kith-proto --bench world`; `-- 200 300000` for 200 nodes and so many events.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement says what it found, and uses a part of the world"
)]

mod world;

use world::{Chance, Deed, HOUR, MINUTE, SECOND, Weather, World};

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
    world.settle();
    world
}

/// Seconds of processor time this thread has had.
fn processor_seconds() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = spent.split(' ').next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

fn main() {
    let begun = processor_seconds();
    let mut events = 0;
    for seed in 0..100 {
        events += falling(seed).events_done();
    }
    let took = processor_seconds() - begun;
    println!(
        "{events} events in {took:.2} s: {:.0} a second",
        events as f64 / took
    );
}
