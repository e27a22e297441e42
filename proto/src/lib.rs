//! Kith's core.

pub mod engine;
pub mod identity;
mod kdf;
pub mod limits;
pub mod link;
mod noise;
pub mod secret;
pub mod time;
pub mod vault;
pub mod words;
