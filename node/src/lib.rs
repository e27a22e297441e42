//! Network, disk, clock and randomness around the core: what a node is on one machine.
//!
//! The road: `control` (what a person's program asks) → `shell` (the engine's thread) → `net` (the
//! friend's machine); beside it `committer` (the disk's thread), `store` and
//! `home` (what is on the disk). `run` starts all of them.

pub mod run;

mod committer;
pub mod control;
mod shell;

pub mod home;
pub mod net;
pub mod store;

mod clock;
pub mod config;
pub mod health;
mod hook;
pub mod interrupt;
pub mod journal;
pub mod supervisor;

/// 32 bytes of the system's randomness; without it nothing may go on.
///
/// # Errors
/// If the system has none.
pub fn random() -> std::io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}
