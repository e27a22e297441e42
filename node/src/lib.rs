//! Network, disk, clock and randomness around the core.

pub mod home;
pub mod net;
pub mod store;
