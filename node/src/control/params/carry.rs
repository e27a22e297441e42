//! The parameters of what is carried by hand.

use serde::{Deserialize, Serialize};

/// Parameters of `carry.out`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarryOut {
    /// My petnames for whom it is; everybody if nobody is named.
    #[serde(default)]
    pub to: Vec<String>,
    /// Whether acknowledgements go with it, which are given out once; they do if nothing is said.
    #[serde(default = "yes")]
    pub acks: bool,
    /// How many bytes of this bundle earlier answers have given already.
    #[serde(default)]
    pub gathered: u32,
}

fn yes() -> bool {
    true
}

/// Parameters of `veille`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// Whether parcels shall go that say nothing; nothing to ask how it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
}

/// Parameters of `carry.read`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBundled {
    /// The parcel's number.
    pub id: u64,
}

/// Parameters of `carry.in`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarryIn {
    /// A part of a bundle from a multiple of 2048 bytes on, in base64.
    pub data: String,
    /// Whether nothing follows.
    pub last: bool,
}
