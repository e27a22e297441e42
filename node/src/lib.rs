//! Network, disk, clock and randomness around the core.

pub mod config;
pub mod control;
pub mod home;
pub mod run;
pub mod store;
