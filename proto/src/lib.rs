//! Kith's core.

mod edge;
pub mod engine;
mod friend;
pub mod identity;
pub mod invite;
mod kdf;
mod kem;
pub mod limits;
pub mod link;
mod message;
mod noise;
mod parcel;
pub mod petname;
mod ratchet;
pub mod secret;
pub mod text;
pub mod time;
pub mod vault;
pub mod wire;
pub mod words;
