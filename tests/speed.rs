//! How fast the world is: events in a second of processor time, with the real ratchet and the real
//! vault. `cargo bench -p kith-proto --bench world`: a thousand storms; `-- 200 300000`: a crowd of 200
//! nodes until so many events have happened.

#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement says what it found, and uses a part of the world"
)]

mod world;

use world::{Storm, crowd};

/// Seconds of processor time this thread has had.
fn processor_seconds() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = spent.split(' ').next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

/// What `cargo bench` was given after `--`, as numbers.
fn numbers() -> Vec<u64> {
    std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect()
}

fn main() {
    let begun = processor_seconds();
    let events = match numbers()[..] {
        [people, events, ..] => {
            let mut world = crowd(1, people as usize, events);
            world.settle();
            world.events_done()
        }
        [storms] => storms_of(storms),
        [] => storms_of(1000),
    };
    let took = processor_seconds() - begun;
    println!(
        "{events} events in {took:.2} s: {:.0} a second",
        events as f64 / took
    );
}

fn storms_of(seeds: u64) -> u64 {
    (0..seeds)
        .map(|seed| Storm::new(seed).pass().events_done())
        .sum()
}
