//! What I alone decided about a friend. Nothing of it is ever sent. PROTOCOL §3 "Blocked".

use bincode::{Decode, Encode};

/// As it is stored, too.
#[derive(Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Private {
    /// Whether I am a stranger to them: nothing of theirs is answered or taken, nothing is sent.
    pub blocked: bool,
    /// Whether what they say arrives unannounced.
    pub muted: bool,
    /// What I want to remember about them.
    pub note: String,
}
