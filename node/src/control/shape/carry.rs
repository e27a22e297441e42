//! Bundles that are carried by hand, on the local socket.

use data_encoding::BASE64;
use kith_proto::engine as core;
use kith_proto::limits::{COVER_MS, COVER_WIRE_BYTES};
use serde::{Deserialize, Serialize};

/// Result of `carry.out`.
#[derive(Serialize, Deserialize)]
pub struct Bundle {
    /// The number and the length in bytes of each parcel, to be laid in any order.
    pub parcels: Vec<(u64, u32)>,
    /// Acknowledgements, in base64.
    pub acks: Vec<String>,
    /// For how many friends.
    pub friends: u32,
    /// Whether there is more to come: ask again, and keep the acknowledgements.
    pub more: bool,
    /// Messages that cannot go with it.
    pub left: u32,
}

/// Result of `veille`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Whether parcels go that say nothing.
    pub on: bool,
    /// On so many links now.
    pub links: u32,
    /// On so many at most: all friends.
    pub friends: u32,
    /// What each link takes a day, on the wire, in bytes.
    pub link_bytes_a_day: u64,
}

/// Result of `carry.in`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Bytes that need not be given again.
    pub used: u32,
    /// Parcels that were for me and new.
    pub opened: u32,
    /// Parcels that were for me and had come before.
    pub known: u32,
    /// My petnames for their authors.
    pub from: Vec<String>,
    /// Whether something was for me for which there is no room.
    pub full: bool,
}

impl Bundle {
    /// The bytes of an acknowledgement; none if they are none.
    pub fn ack(ack: &str) -> Option<Vec<u8>> {
        BASE64.decode(ack.as_bytes()).ok()
    }
}

impl Cover {
    /// With what it costs.
    pub fn of(on: bool, links: u32, friends: u32) -> Self {
        let a_day = 24 * 3600 * 1000 / COVER_MS;
        Self {
            on,
            links,
            friends,
            link_bytes_a_day: a_day * COVER_WIRE_BYTES,
        }
    }
}

impl Carried {
    /// Of nothing.
    pub fn none() -> Self {
        core::Carried::default().into()
    }

    /// And what another part brought.
    pub fn add(&mut self, more: Self) {
        self.used = self.used.saturating_add(more.used);
        self.opened = self.opened.saturating_add(more.opened);
        self.known = self.known.saturating_add(more.known);
        self.full |= more.full;
        self.from.extend(more.from);
        self.from.sort();
        self.from.dedup();
    }
}

impl From<core::Bundle> for Bundle {
    fn from(bundle: core::Bundle) -> Self {
        let parcels = bundle.parcels.iter().map(|one| (one.id, one.bytes));
        Self {
            parcels: parcels.collect(),
            acks: bundle.acks.iter().map(|ack| BASE64.encode(ack)).collect(),
            friends: bundle.friends,
            more: bundle.reading > 0,
            left: bundle.left,
        }
    }
}

impl From<core::Carried> for Carried {
    fn from(carried: core::Carried) -> Self {
        Self {
            used: carried.used,
            opened: carried.opened,
            known: carried.known,
            from: carried.from,
            full: carried.full,
        }
    }
}
