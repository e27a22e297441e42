//! Kith's core.

pub mod engine;
mod kdf;
pub mod link;
pub mod secret;
pub mod time;
pub mod vault;
