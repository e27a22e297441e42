//! Kith's core: everything a node decides, without a clock, a socket, a file, a thread or a lock.
//!
//! # The road of a line
//! A person's line comes in as an [`engine::Request`]. The [`engine`] finds the friend, the ratchet
//! seals the line under a key that is used once, the parcel makes it one bucket long, and a frame
//! carries it over the friend's [`link`]. On the other side the same files, read backwards, end in
//! an [`engine::Event`]. What must survive becomes records that the [`vault`] seals; the shell writes
//! them, then lets the effects go.
//!
//! # What holds everywhere
//! * A stranger hears nothing: not a byte, whatever was wrong.
//! * Nothing can be signed; every authenticator can be made by its receiver.
//! * Saved before sent, erased before sent, committed before acknowledged.
//! * No petname moves to another key by itself.
//! * Every bound stands in [`limits`] with its reason.
//!
//! Modules stand in the order of the road; a file uses those below it.

#[macro_use]
pub mod planted;

pub mod engine;
pub mod forge;
pub mod keeper;

pub mod file;
mod friend;
mod group;
mod history;
mod inbox;

pub mod invite;
pub mod link;
mod meeting;
pub mod vault;

mod beacon;
mod edge;
mod mailbox;
mod message;
mod ratchet;
mod token;
mod zone;

mod kem;
mod noise;
mod parcel;

pub mod identity;
mod kdf;
pub mod limits;
pub mod name;
pub mod onion;
pub mod paper;
pub mod petname;
pub mod profile;
pub mod secret;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
pub mod time;
pub mod wire;
pub mod words;

#[cfg(feature = "testing")]
pub mod bench;
#[cfg(test)]
mod vectors;
