//! Bundles of sealed parcels that somebody carries, as they are told to whoever writes or reads the file.

use crate::secret::Said;

/// What a bundle is made of.
#[derive(Clone, Default)]
pub struct Bundle {
    /// Parcels of mine that wait, in the order in which they shall lie: each is read by its number.
    pub parcels: Vec<Bundled>,
    /// Acknowledgements, made for this bundle alone, 2048 bytes each.
    pub acks: Vec<Said>,
    /// For how many friends.
    pub friends: u32,
    /// Messages that are being read from the disk to be sealed: ask again.
    pub reading: u32,
    /// Messages that cannot go with it: nothing can be sealed for that friend now, or it is full.
    pub left: u32,
}

/// One parcel of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bundled {
    /// Its number.
    pub id: u64,
    /// 2048, 8192 or 65536.
    pub bytes: u32,
}

/// What a part of a bundle brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Bytes that need not be given again: the next part begins behind them.
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
