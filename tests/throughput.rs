//! How fast two nodes talk, end to end, against the same disk's bare `fdatasync`.
//!
//! ```text
//! cargo bench -p kith --bench throughput [-- SECONDS [UNDER_WAY...]]
//! ```
//!
//! Two daemons on loopback; what is counted was typed, sealed, durable, on the wire, opened, durable
//! there, and acknowledged. Fdatasyncs are counted with `perf` where it may.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement ends by panicking and prints what it found"
)]

mod program {
    mod home;
    mod running;

    pub(super) mod pace;
}

fn main() {
    let numbers = std::env::args().filter_map(|arg| arg.parse().ok());
    let numbers: Vec<usize> = numbers.collect();
    let (seconds, widths) = match numbers.split_first() {
        Some((seconds, [])) => (*seconds, program::pace::UNDER_WAY),
        Some((seconds, widths)) => (*seconds, widths),
        None => (5, program::pace::UNDER_WAY),
    };
    program::pace::measure(seconds as u64, widths);
}
