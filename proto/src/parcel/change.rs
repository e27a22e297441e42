//! What whoever holds a message key can do to its parcel: read it without the header, and change what
//! it says so that nothing shows. For transcripts; no parcel that leaves goes through here.
//! PROTOCOL §4.4.

use super::{BODY_TAG, Core, HEAD, Kind, LENGTH, Parcel, message_mac};
use crate::kem::{CT_BYTES, EK_BYTES};
use crate::secret::{Key, Message, Said};

impl Parcel<'_> {
    /// The payload, and the length of the KEM field before it, by the message key alone: without the
    /// header that says it, each length is tried.
    pub(crate) fn open_unseen(
        &self,
        message: &Key<Message>,
        session: &[u8; 32],
    ) -> Option<(usize, Said)> {
        [0, CT_BYTES, EK_BYTES].into_iter().find_map(|ext_len| {
            let core = Core {
                kind: Kind::Ratchet,
                dh: None,
                pn: 0,
                n: 0,
                ext_len,
            };
            let said = self.open(&core, message, session).ok()?;
            Some((ext_len, said))
        })
    }
}

/// Bits of a payload that shall be the other way round.
pub(crate) struct Changed<'a> {
    /// Length of the KEM field, in bytes.
    pub ext_len: usize,
    /// Where, in bytes from the payload's first.
    pub offset: usize,
    /// Which, XORed in.
    pub flips: &'a [u8],
}

/// Turns bits of the payload over in the stream itself, and makes the body tag again: whoever can
/// read can do this. Nothing if they do not lie in the body. PROTOCOL §4.4.
pub(crate) fn change(
    parcel: &Parcel<'_>,
    key: &Key<Message>,
    session: &[u8; 32],
    changed: Changed<'_>,
) -> Option<Vec<u8>> {
    let mut bytes = parcel.bytes.to_vec();
    let (rest, tag) = bytes.split_last_chunk_mut::<BODY_TAG>()?;
    let (ext_ct, body) = rest
        .get_mut(HEAD..)?
        .split_at_mut_checked(changed.ext_len)?;
    let begins = LENGTH.checked_add(changed.offset)?;
    let end = begins.checked_add(changed.flips.len())?;
    let words = body.get_mut(begins..end)?;
    words
        .iter_mut()
        .zip(changed.flips)
        .for_each(|(byte, flip)| *byte ^= flip);
    *tag = message_mac(
        key,
        session,
        [parcel.nonce, parcel.hdr_ct, parcel.hdr_tag, ext_ct, body],
    );
    Some(bytes)
}
