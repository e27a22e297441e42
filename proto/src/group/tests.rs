//! A world of groups: machines in virtual time, with a pairwise stub for sessions between them. Seeded:
//! a failure prints its seed, and `KITH_SEED` replays it; `KITH_SCHEDULES` says how many there are.

mod attacks;
mod author;
mod bounds;
mod chance;
mod comers;
mod equivocation;
mod floods;
mod liar;
mod lives;
mod model;
mod newcomers;
mod node;
mod otherwise;
#[cfg(feature = "planted")]
mod planted;
mod policies;
mod refusals;
mod schedules;
mod spectators;
mod watch;
mod world;
