//! The key tree over the records: seals, plans commits, erases. (interface only, for now)

use crate::secret::Said;

/// A record's logical name; on the disk only its keyed hash stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub Vec<u8>);

/// A leaf of the key tree by its logical name: what one destroys at once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf(pub Vec<u8>);

/// Where a record stands: read whole at start, or fetched when needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// State and indexes.
    State,
    /// Pieces of texts and parcels.
    Body,
}

/// A record to write.
pub struct Put {
    /// Its name; a record of this name is replaced.
    pub name: Name,
    /// Where it stands.
    pub place: Place,
    /// Under which leaf it is sealed.
    pub leaf: Leaf,
    /// Whether the leaf gets a new key with this write, which destroys all that the old one sealed.
    pub renew: bool,
    /// At most `RECORD_BODY_BYTES_MAX` bytes.
    pub body: Said,
}

/// Something to destroy.
pub enum Erase {
    /// A record.
    Record(Name, Place),
    /// A leaf's key, and with it all that it sealed.
    Leaf(Leaf),
}
