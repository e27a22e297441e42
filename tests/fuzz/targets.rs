//! What the fuzzers run, one function a target; `cargo test` runs the same functions over the
//! committed corpora. A function panics if something does not hold that must, and returns otherwise.

// Tests may panic; what holds secrets cannot be shown by `expect`.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::ok_expect,
    clippy::panic
)]

mod targets {
    pub(crate) mod backup;
    pub(crate) mod control;
    pub(crate) mod decoders;
    pub(crate) mod friend;
    pub(crate) mod mailbox;
    pub(crate) mod pair;
    pub(crate) mod records;
    pub(crate) mod script;
    pub(crate) mod store;
    pub(crate) mod stranger;
    pub(crate) mod wal;
}

pub use targets::backup::backup;
pub use targets::control::control;
pub use targets::decoders::decoders;
pub use targets::friend::friend;
pub use targets::mailbox::mailbox;
pub use targets::store::store;
pub use targets::stranger::stranger;
pub use targets::wal::wal;
