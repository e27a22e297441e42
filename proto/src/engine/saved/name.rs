//! The names of the engine's records, and of the pieces of texts and parcels: what each is about, and
//! the leaf whose key seals it. Knows nothing of what stands in them. PROTOCOL §8.

use crate::limits::CHUNK_BYTES;
use crate::ratchet::Block;
use crate::vault::{Leaf, Name};

/// A record of state, by what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Saved {
    Identity,
    Node,
    Friend(u32),
    Traffic(u32),
    Sessions(u32),
    /// One session, by its number.
    Session(u32, u32),
    Answer(u32),
    Third(u32),
    Block(u32, u32, Block),
    Seen(u32, u64),
    Invite(u32),
    Join(u32),
    Entry(u64),
    Arrival(u64),
    /// My former identities.
    Former,
    /// A new identity, mine or this friend's.
    Renewal(u32),
    /// What I alone decided about this friend.
    Private(u32),
    /// Where the trust in this friend's key comes from.
    Trust(u32),
    /// Whom of my friends I show this one.
    Shown(u32),
    /// What this friend calls somebody, by its place.
    Heard(u32, u32),
    /// An introduction, by its number.
    Introduction(u32),
    /// How many there were.
    Introductions,
    /// How this friend is reached, and what they know of how I am.
    Roads(u32),
    /// Where I can be reached.
    Reach,
    /// What my onion service is made of.
    Onion,
    /// Which boxes this friend and I keep for each other.
    Boxes(u32),
    /// Tokens of a box of this friend's, by its place.
    Held(u32, u32),
    /// Where a message of mine was left.
    Left(u64),
    /// A file, by its number.
    File(u32),
    /// A piece of it: what a leaf is for, no record.
    Chunk(u32, u32),
    /// A part of a group, by the group's number and its own two.
    Group(u32, u64, u32),
    /// What came in a group that I do not know.
    Stray(u64),
}

impl Saved {
    /// Its logical name: a letter and big-endian numbers.
    pub(super) fn name(self) -> Name {
        let (letter, a, b, c): (u8, u64, Option<u64>, Option<u32>) = match self {
            Self::Identity => (b'i', 0, None, None),
            Self::Node => (b'n', 0, None, None),
            Self::Friend(no) => (b'f', no.into(), None, None),
            Self::Traffic(no) => (b't', no.into(), None, None),
            Self::Sessions(no) => (b's', no.into(), None, None),
            Self::Session(no, number) => (b'r', no.into(), Some(number.into()), None),
            Self::Answer(no) => (b'2', no.into(), None, None),
            Self::Third(no) => (b'3', no.into(), None, None),
            Self::Block(no, number, block) => {
                let chain = u64::from(number) << 32 | u64::from(block.chain);
                (b'k', no.into(), Some(chain), Some(block.index))
            }
            Self::Seen(no, block) => (b'd', no.into(), Some(block), None),
            Self::Invite(no) => (b'v', no.into(), None, None),
            Self::Join(no) => (b'j', no.into(), None, None),
            Self::Entry(id) => (b'o', id, None, None),
            Self::Arrival(id) => (b'a', id, None, None),
            Self::Former => (b'p', 0, None, None),
            Self::Renewal(no) => (b'w', no.into(), None, None),
            Self::Private(no) => (b'q', no.into(), None, None),
            Self::Trust(no) => (b'h', no.into(), None, None),
            Self::Shown(no) => (b'z', no.into(), None, None),
            Self::Heard(no, place) => (b'e', no.into(), Some(place.into()), None),
            Self::Introduction(no) => (b'y', no.into(), None, None),
            Self::Introductions => (b'x', 0, None, None),
            Self::Roads(no) => (b'g', no.into(), None, None),
            Self::Reach => (b'g', 0, Some(1), None),
            Self::Onion => (b'm', 0, None, None),
            Self::Boxes(no) => (b'b', no.into(), None, None),
            Self::Left(id) => (b'c', id, None, None),
            Self::Held(no, place) => (b'u', no.into(), Some(place.into()), None),
            Self::File(no) => (b'l', no.into(), None, None),
            Self::Chunk(no, index) => (b'l', no.into(), Some(1), Some(index)),
            Self::Group(no, part, index) => (b'G', no.into(), Some(part), Some(index)),
            Self::Stray(id) => (b'S', id, None, None),
        };
        let mut name = vec![letter];
        name.extend(a.to_be_bytes());
        name.extend(b.unwrap_or_default().to_be_bytes());
        name.extend(c.unwrap_or_default().to_be_bytes());
        Name(name)
    }

    pub(in crate::engine) fn of(name: &Name) -> Option<Self> {
        let (&letter, rest) = name.0.split_first()?;
        let (a, rest) = rest.split_first_chunk()?;
        let (b, rest) = rest.split_first_chunk()?;
        let (a, b) = (u64::from_be_bytes(*a), u64::from_be_bytes(*b));
        let c = u32::from_be_bytes(rest.try_into().ok()?);
        let no = u32::try_from(a).ok();
        let saved = match letter {
            b'i' => Self::Identity,
            b'n' => Self::Node,
            b'f' => Self::Friend(no?),
            b't' => Self::Traffic(no?),
            b's' => Self::Sessions(no?),
            b'r' => Self::Session(no?, u32::try_from(b).ok()?),
            b'2' => Self::Answer(no?),
            b'3' => Self::Third(no?),
            b'k' => Self::Block(
                no?,
                u32::try_from(b >> 32).ok()?,
                Block {
                    chain: (b & u64::from(u32::MAX)) as u32,
                    index: c,
                },
            ),
            b'd' => Self::Seen(no?, b),
            b'v' => Self::Invite(no?),
            b'j' => Self::Join(no?),
            b'o' => Self::Entry(a),
            b'a' => Self::Arrival(a),
            b'p' => Self::Former,
            b'w' => Self::Renewal(no?),
            b'q' => Self::Private(no?),
            b'h' => Self::Trust(no?),
            b'z' => Self::Shown(no?),
            b'e' => Self::Heard(no?, u32::try_from(b).ok()?),
            b'y' => Self::Introduction(no?),
            b'x' => Self::Introductions,
            b'g' if b == 0 => Self::Roads(no?),
            b'g' => Self::Reach,
            b'm' => Self::Onion,
            b'b' => Self::Boxes(no?),
            b'c' => Self::Left(a),
            b'u' => Self::Held(no?, u32::try_from(b).ok()?),
            b'l' if b == 0 => Self::File(no?),
            b'l' => Self::Chunk(no?, c),
            b'G' => Self::Group(no?, b, c),
            b'S' => Self::Stray(a),
            _ => return None,
        };
        (saved.name() == *name).then_some(saved)
    }

    /// Every record has a leaf of its own; texts lie under that of their entry.
    pub(super) fn leaf(self) -> Leaf {
        Leaf(self.name().0)
    }

    /// Whether each write destroys what was written before: old versions hold keys and names, tell of
    /// every contact, and could be put back. Not where a text lies under the same leaf.
    pub(super) fn renews(self) -> bool {
        !matches!(self, Self::Entry(_) | Self::Arrival(_) | Self::Stray(_))
    }
}

/// The pieces of a text or a parcel that belong to an entry or an arrival.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::engine) enum Piece {
    Text,
    Parcel,
}

/// A parcel goes when it was acknowledged and its text may stay: it has a leaf of its own.
pub(super) fn piece_leaf(owner: Saved, kind: Piece) -> Leaf {
    let mut leaf = owner.leaf();
    if kind == Piece::Parcel {
        leaf.0.push(b'p');
    }
    leaf
}

pub(super) fn piece(owner: Saved, piece: Piece, index: usize) -> Name {
    let mut name = owner.name();
    name.0.push(match piece {
        Piece::Text => b't',
        Piece::Parcel => b'p',
    });
    name.0.extend((index as u32).to_be_bytes());
    name
}

/// The names of all pieces of a body of this length.
pub(in crate::engine) fn pieces(owner: Saved, kind: Piece, length: usize) -> Vec<Name> {
    (0..length.div_ceil(CHUNK_BYTES))
        .map(|index| piece(owner, kind, index))
        .collect()
}
