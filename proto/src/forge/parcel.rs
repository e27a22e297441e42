//! One sealed parcel: its fields laid open, and a word in it changed so that it still opens.

use zeroize::Zeroizing;

use crate::parcel::{Changed, HeaderKeys, Parcel, change};
use crate::secret::{Header, Key, Message, Said};

/// The fields of a parcel, as far as the keys go.
#[derive(Clone)]
pub struct Laid {
    /// Its length, one of three.
    pub bucket: usize,
    /// Random bytes, in the clear.
    pub nonce: [u8; 24],
    /// Authenticates the header; names this very parcel.
    pub hdr_tag: [u8; 16],
    /// Authenticates everything.
    pub body_tag: [u8; 32],
    /// The header, if its key was given and fits.
    pub fields: Option<Fields>,
    /// The payload, if its key was given and fits.
    pub payload: Option<Said>,
}

/// What stands in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// 0 for a ratchet parcel, 1 for A1, 2 for A2.
    pub kind: u8,
    /// The sender's ratchet key; zeros in A1 and A2.
    pub dh: [u8; 32],
    /// Length of the sender's chain before.
    pub pn: u32,
    /// Number in its chain.
    pub n: u32,
    /// Length of its KEM field, in bytes.
    pub ext: usize,
}

/// Lays a parcel open. Without keys there is only what everybody sees: a length and noise.
///
/// # Errors
/// Nothing if it is no parcel at all: its length is no bucket.
pub fn parse(
    bytes: &[u8],
    header: Option<&Key<Header>>,
    body: Option<(&Key<Message>, &[u8; 32])>,
) -> Option<Laid> {
    let parcel = Parcel::parse(bytes)?;
    let core = header
        .map(HeaderKeys::of)
        .filter(|header| parcel.fits(header))
        .and_then(|header| parcel.core(&header).ok());
    Some(Laid {
        bucket: bytes.len(),
        nonce: *parcel.nonce(),
        hdr_tag: *parcel.hdr_tag,
        body_tag: *parcel.body_tag(),
        fields: core.map(|core| Fields {
            kind: core.kind as u8,
            dh: core.dh.map_or([0; 32], |dh| *dh.as_bytes()),
            pn: core.pn,
            n: core.n,
            ext: core.ext_len,
        }),
        payload: body
            .and_then(|(key, session)| parcel.open_unseen(key, session))
            .map(|(_, said)| said),
    })
}

/// Words to be changed: where in the payload, what stands there, and what shall.
#[derive(Clone, Copy)]
pub struct Edit<'a> {
    /// In bytes, from the first byte of the payload.
    pub offset: usize,
    /// What stands there now.
    pub old: &'a [u8],
    /// What shall stand there, of the same length.
    pub new: &'a [u8],
}

/// Why a parcel was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEdited {
    /// The keys do not open it.
    WrongKeys,
    /// The old words do not stand there.
    NotThere,
    /// The new words are longer or shorter than the old ones.
    OtherLength,
}

/// Changes words in a sealed parcel and makes its tag again: the stream is turned over bit by bit
/// where the words differ, without opening it. Whoever can read can do this, so a parcel that opens
/// does not show which of its two readers wrote it.
///
/// # Errors
/// [`NotEdited`].
pub fn edit(
    bytes: &[u8],
    session: &[u8; 32],
    key: &Key<Message>,
    edit: Edit<'_>,
) -> Result<Vec<u8>, NotEdited> {
    let Edit { offset, old, new } = edit;
    if old.len() != new.len() {
        return Err(NotEdited::OtherLength);
    }
    let parcel = Parcel::parse(bytes).ok_or(NotEdited::WrongKeys)?;
    let opened = parcel.open_unseen(key, session);
    let (ext_len, said) = opened.ok_or(NotEdited::WrongKeys)?;
    let end = offset.checked_add(old.len()).ok_or(NotEdited::NotThere)?;
    if said.get(offset..end) != Some(old) {
        return Err(NotEdited::NotThere);
    }
    let flips: Zeroizing<Vec<u8>> =
        Zeroizing::new(old.iter().zip(new).map(|(a, b)| a ^ b).collect());
    let changed = Changed {
        ext_len,
        offset,
        flips: &flips,
    };
    change(&parcel, key, session, changed).ok_or(NotEdited::NotThere)
}
