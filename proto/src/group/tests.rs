//! A world of groups: machines in virtual time, with a pairwise stub for sessions between them. Seeded:
//! a failure prints its seed, and `KITH_SEED` replays it; `KITH_SCHEDULES` says how many there are.

mod attacks;
mod bounds;
mod chance;
mod liar;
mod lives;
mod node;
#[cfg(feature = "planted")]
mod planted;
mod refusals;
mod schedules;
mod watch;
mod world;
