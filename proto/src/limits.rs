//! Every bound there is, its unit in its name, and why it is what it is. PROTOCOL, Appendix A.
//!
//! Full is an answer somebody sees, never a silent loss. A room for each subject; whoever reads a
//! bound says `limits::NAME` and need not know which.

mod control;
mod disk;
mod edges;
mod files;
mod groups;
mod invitations;
mod links;
mod mailboxes;
mod messages;
mod names;
mod network;
mod roads;
mod sessions;

pub use self::control::*;
pub use self::disk::*;
pub use self::edges::*;
pub use self::files::*;
pub use self::groups::*;
pub use self::invitations::*;
pub use self::links::*;
pub use self::mailboxes::*;
pub use self::messages::*;
pub use self::names::*;
pub use self::network::*;
pub use self::roads::*;
pub use self::sessions::*;
