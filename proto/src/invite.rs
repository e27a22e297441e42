//! The right to become my friend once, on paper or in a QR. PROTOCOL §2a.

mod code;
pub use code::*;
