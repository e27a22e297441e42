//! The mute door between friends: hint, KKpsk0, records. PROTOCOL §3.

mod records;

pub use records::{BadRecord, RECORD_HEAD_BYTES, Records};
