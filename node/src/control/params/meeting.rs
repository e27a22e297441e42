//! The parameters of what `kith meet` asks.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::control::shape::Language;

/// Parameters of `meet`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meet {
    /// What the others see of me.
    pub nick: String,
    /// The word list, if I open it.
    pub language: Language,
    /// What keeps out whoever is not in the room.
    #[serde(default)]
    pub secret: RoomSecret,
    /// Where it is; nothing to open one.
    #[serde(default)]
    pub join: Option<SocketAddr>,
    /// The friend whose name goes to their new computer.
    #[serde(default)]
    pub replace: Option<String>,
}

/// What keeps out whoever is not in the room.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomSecret {
    /// Nothing.
    #[default]
    None,
    /// Words that are drawn, where I open it.
    Draw,
    /// These, as they were typed.
    Words(String),
}

/// Parameters of `meet.count`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The computers that take part, mine included.
    pub count: u8,
}

/// Parameters of `meet.picked`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picked {
    /// Which line was read aloud, from 0; nothing for none of them.
    pub line: Option<u8>,
}

/// Parameters of `meet.heard`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    /// Who, by their number.
    pub who: u8,
    /// Whether they said their nickname and "same".
    pub same: bool,
}

/// Parameters of `meet.keep`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepPerson {
    /// Who, by their number.
    pub who: u8,
    /// What I will call them; nothing not to keep them.
    pub petname: Option<String>,
}
