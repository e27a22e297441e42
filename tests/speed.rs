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

use world::Storm;

/// Seconds of processor time this thread has had.
fn processor_seconds() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = spent.split(' ').next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

fn main() {
    let begun = processor_seconds();
    let mut events = 0;
    for seed in 0..400 {
        events += Storm::new(seed).pass().events_done();
    }
    let took = processor_seconds() - begun;
    println!(
        "{events} events in {took:.2} s: {:.0} a second",
        events as f64 / took
    );
}
