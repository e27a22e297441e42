//! A group with no root: nobody owns it, no key is the group's, nothing in it is signed.
//!
//! What is said goes to each computer of the group in that friend's own session, the same bytes to
//! all. Who is in it follows from what was decided, and what was decided follows from what each
//! author said: a pure function. Knows friends only by their keys; names, sessions and disks are the
//! engine's. PROTOCOL §7.
//!
//! ```text
//! seats.rs     who is in it: people, their computers, their voice
//! policy.rs    how a group decides, fixed when it is founded
//! founding.rs  what makes a group this one
//! said.rs      what is said in it, as bytes: heads and bodies
//! motion.rs    what can be proposed and answered
//! tally.rs     what was decided
//! machine.rs   one group, as one computer holds it
//! chains.rs    what each said, by number; waiting.rs, frontier.rs what comes after what
//! digests.rs   what others told of that; people.rs of whom what is known
//! register.rs  what counts; windows.rs until when I can answer
//! ```

mod chains;
mod digests;
mod founding;
mod frontier;
mod machine;
mod motion;
mod people;
mod policy;
mod register;
mod said;
mod seats;
mod tally;
#[cfg(test)]
mod tests;
mod waiting;
mod windows;

/// A computer of somebody in a group: its identity's point, 32 bytes, not checked here.
pub(crate) type Ik = [u8; 32];

/// A digest of 16 bytes: the name of a group, of a set of seats, of a message, the head of a chain.
pub(crate) type Hash = [u8; 16];

pub(crate) use founding::{Founding, charter};
pub(crate) use machine::{
    Group, HeldMotion, News, No, Out, OutWhat, Part, Side, Text, Word, founded,
};
pub(crate) use motion::{Motion, Position, What};
pub(crate) use people::When;
pub(crate) use policy::{Policy, Preset};
pub(crate) use said::{
    Beacon, Body, Circle, Digest, Genesis, Head, Message, Missing, Report, Say, decode, first_head,
    kind, name_of, next_head,
};
pub(crate) use seats::{Role, Seat, Seats};
#[cfg(test)]
pub(crate) use tally::{Counted, Counting, Ground, Held, Tally};
pub(crate) use tally::{Outcome, Standing};
