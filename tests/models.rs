//! Small worlds of which every state is looked at, by `stateright`: the engines are the program's own,
//! only what happens to them is chosen. What each looks for and how far it goes stands in its file;
//! `docs/models/RESULTS.md` has the numbers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says the road to it"
)]

mod models {
    pub(crate) mod calm;
    pub(crate) mod epochs;
    pub(crate) mod friends;
    pub(crate) mod glare;
    pub(crate) mod invitation;
    pub(crate) mod outbox;
    #[cfg(feature = "planted")]
    mod planted;
    pub(crate) mod scene;
    pub(crate) mod search;
}
