//! People at one table become friends by comparing four words once, over a host whom nobody trusts:
//! commit, fix the list, open, compare, and only then shake hands in pairs. PROTOCOL §2c.
//!
//! Pure steps that know no connection and no friend: [`Guest`] is one participant, [`Host`] passes on
//! what they say. Who asks the people, and what goes to the disk, is the engine's.

mod entry;
mod frame;
mod guest;
mod host;
mod list;
mod pair;
mod secret;
mod star;

pub(crate) use frame::{Frame, Sorry};
pub(crate) use guest::{Guest, Peer, Seen, Unfit};
pub(crate) use host::{Host, Passed};
pub(crate) use pair::{Keep, KeepChoice};
pub(crate) use secret::RoomWords;
pub(crate) use star::{Calling, STAR_BYTES, answer};

#[cfg(test)]
mod tests;
