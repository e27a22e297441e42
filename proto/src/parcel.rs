//! One sealed parcel, exactly one bucket long, readable only by whom it is for. PROTOCOL §4.2.
//!
//! ```text
//! 0   24  N         random
//! 24  64  hdr_ct    STREAM(HK_enc, N, core)
//! 88  16  hdr_tag   MAC(HK_mac, "h" || N || hdr_ct)[..16]
//! 104 E   ext_ct    STREAM(HK_enc, N with its last byte xor 1, a KEM field of 0, 1088 or 1184 bytes)
//! ..  B   body_ct   STREAM(mk_enc, N, len u32 | payload | zeros)
//! end 32  body_tag  MAC(mk_mac, "b" || session_id || N || hdr_ct || hdr_tag || ext_ct || body_ct)
//! ```
//!
//! The keys come from the ratchet or from the AKE; this file knows layouts, not conversations.

mod change;
mod header;
mod keys;
#[cfg(test)]
mod tests;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::kdf;
use crate::kem::EK_BYTES;
use crate::limits::BUCKETS;
use crate::secret::{Key, Message, Said};

pub(crate) use change::{Changed, change};
pub(crate) use header::{Core, Kind};
use keys::message_mac;
pub(crate) use keys::{HeaderKeys, ake_key};

const NONCE: usize = 24;
const CORE: usize = 64;
const HDR_TAG: usize = 16;
const HEAD: usize = NONCE + CORE + HDR_TAG;
const BODY_TAG: usize = 32;
const LENGTH: usize = 4;
/// Everything in a parcel that is not ext or payload, in bytes.
const OVERHEAD: usize = HEAD + LENGTH + BODY_TAG;

/// What goes into a parcel, and how long that is.
#[derive(Clone, Copy)]
pub(crate) struct Contents<'a> {
    /// The KEM field, as long as the core says.
    pub ext: &'a [u8],
    /// What is said.
    pub payload: &'a [u8],
    /// A bucket that has room for both.
    pub bucket: usize,
}

/// The parcel is not one its keys would have made. One answer for every reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadParcel;

/// The smallest bucket for a payload, always as if the largest KEM field were there, so that sizes
/// never show the KEM. Nothing if it fits none.
pub(crate) fn bucket_for(payload: usize) -> Option<usize> {
    BUCKETS
        .into_iter()
        .find(|bucket| payload <= bucket - OVERHEAD - EK_BYTES)
}

/// Seals contents that `bucket_for` found room for. The message key is consumed.
pub(crate) fn seal(
    core: &Core,
    header: &HeaderKeys,
    message: Key<Message>,
    session: &[u8; 32],
    nonce: [u8; NONCE],
    contents: Contents<'_>,
) -> Vec<u8> {
    let Contents {
        ext,
        payload,
        bucket,
    } = contents;
    let mut hdr_ct = core.encode(bucket);
    header.stream(&nonce, &mut hdr_ct);
    let hdr_tag = header.tag(&nonce, &hdr_ct);
    // Each part is encrypted where it will stand.
    let mut bytes = Vec::with_capacity(bucket);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&hdr_ct);
    bytes.extend_from_slice(&hdr_tag);
    bytes.extend_from_slice(ext);
    bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes.resize(bucket - BODY_TAG, 0);
    let (_, rest) = bytes.split_at_mut(HEAD);
    let (ext_ct, body) = rest.split_at_mut(ext.len());
    header.stream_ext(&nonce, ext_ct);
    #[cfg(feature = "planted")]
    if planted!(PlainParcel) && crate::planted::one_in_a_thousand(&nonce) {
        bytes.resize(bucket, 0);
        return bytes;
    }
    kdf::stream(&message, &nonce, body);
    let body_tag = message_mac(&message, session, [&nonce, &hdr_ct, &hdr_tag, ext_ct, body]);
    bytes.extend_from_slice(&body_tag);
    bytes
}

/// A parcel whose length is a bucket, and nothing more known yet.
#[derive(Clone, Copy)]
pub(crate) struct Parcel<'a> {
    bytes: &'a [u8],
    nonce: &'a [u8; NONCE],
    hdr_ct: &'a [u8],
    /// Names this very parcel: a copy has the same one.
    pub hdr_tag: &'a [u8; HDR_TAG],
    body_tag: &'a [u8; BODY_TAG],
}

impl<'a> Parcel<'a> {
    /// Anything whose length is a bucket.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        BUCKETS.contains(&bytes.len()).then_some(())?;
        let (rest, body_tag) = bytes.split_last_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (hdr_ct, rest) = rest.split_at_checked(CORE)?;
        let (hdr_tag, _) = rest.split_first_chunk()?;
        Some(Self {
            bytes,
            nonce,
            hdr_ct,
            hdr_tag,
            body_tag,
        })
    }

    /// Whether this header key made it.
    pub(crate) fn fits(&self, header: &HeaderKeys) -> bool {
        let tag = u128::from_le_bytes(header.tag(self.nonce, self.hdr_ct));
        bool::from(tag.ct_eq(&u128::from_le_bytes(*self.hdr_tag)))
    }

    /// The core, once [`fits`](Self::fits) said yes.
    pub(crate) fn core(&self, header: &HeaderKeys) -> Result<Core, BadParcel> {
        let mut core = Zeroizing::new([0; CORE]);
        core.copy_from_slice(self.hdr_ct);
        header.stream(self.nonce, &mut *core);
        Core::decode(&*core, self.bytes.len()).ok_or(BadParcel)
    }

    /// Authenticates the whole parcel.
    pub(crate) fn body_tag(&self) -> &[u8; BODY_TAG] {
        self.body_tag
    }

    /// The nonce, from which an AKE parcel's body key is derived.
    pub(crate) fn nonce(&self) -> &[u8; NONCE] {
        self.nonce
    }

    /// The KEM field, for the header key and the core that it showed.
    pub(crate) fn ext(&self, header: &HeaderKeys, core: &Core) -> Result<Vec<u8>, BadParcel> {
        let mut ext = self.parts(core).ok_or(BadParcel)?.0.to_vec();
        header.stream_ext(self.nonce, &mut ext);
        Ok(ext)
    }

    /// `ext_ct` and `body_ct`.
    fn parts(&self, core: &Core) -> Option<(&'a [u8], &'a [u8])> {
        let end = self.bytes.len().checked_sub(BODY_TAG)?;
        self.bytes.get(HEAD..end)?.split_at_checked(core.ext_len)
    }

    /// Checks the body under its message key and opens it.
    pub(crate) fn open(
        &self,
        core: &Core,
        message: &Key<Message>,
        session: &[u8; 32],
    ) -> Result<Said, BadParcel> {
        let (ext_ct, body_ct) = self.parts(core).ok_or(BadParcel)?;
        let tag = message_mac(
            message,
            session,
            [self.nonce, self.hdr_ct, self.hdr_tag, ext_ct, body_ct],
        );
        if !bool::from(tag.as_slice().ct_eq(self.body_tag)) {
            return Err(BadParcel);
        }
        let mut body = Said::new(body_ct.to_vec());
        kdf::stream(message, self.nonce, &mut body);
        let (length, rest) = body.split_first_chunk::<LENGTH>().ok_or(BadParcel)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| BadParcel)?;
        let (_, zeros) = rest.split_at_checked(length).ok_or(BadParcel)?;
        // All of them, always: many bytes at a time.
        if zeros.iter().fold(0, |any, byte| any | byte) != 0 {
            return Err(BadParcel);
        }
        // What was said stays where it was opened.
        body.truncate(LENGTH + length);
        body.drain(..LENGTH);
        Ok(body)
    }
}
