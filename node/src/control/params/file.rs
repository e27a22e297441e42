//! The parameters of what is asked about files.

use serde::{Deserialize, Serialize};

/// Parameters of `file.offer`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferFile {
    /// My petname for whom it is for.
    pub to: String,
    /// What it is called.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
}

/// Parameters of `file.fill`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillFile {
    /// Which, from `file.offer`.
    pub id: u32,
    /// The piece's place, 0 for the first.
    pub index: u32,
    /// 63,488 bytes in base64, the last one what is left.
    pub data: String,
}

/// Parameters of `file.read`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadFile {
    /// Which.
    pub id: u32,
    /// The piece's place, 0 for the first.
    pub index: u32,
}
