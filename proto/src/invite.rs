//! The right to become my friend once, on paper or in a QR: its text, and the exchange that uses
//! it up. PROTOCOL §2a.

pub(crate) mod code;
pub(crate) mod exchange;

pub use code::*;
