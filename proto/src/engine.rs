//! A whole node without I/O. (contract only, for now)

mod contract;
pub use contract::*;
