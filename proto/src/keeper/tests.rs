//! A keeper with a disk that may lose what was not committed, and its visitors and owners.

mod attacks;
mod double_spend;
mod flood;
#[cfg(feature = "planted")]
mod planted;
mod rig;
mod visits;
