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

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::identity::Point;
use crate::kdf::{self, label};
use crate::kem::{CT_BYTES, EK_BYTES};
use crate::limits::{BUCKETS, CHAIN_PARCELS_MAX};
use crate::secret::{Header, Key, Message, MessageMac, Said, sweep};
use crate::wire::{Reader, Writer};

const NONCE: usize = 24;
const CORE: usize = 64;
const HDR_TAG: usize = 16;
const HEAD: usize = NONCE + CORE + HDR_TAG;
const BODY_TAG: usize = 32;
const LENGTH: usize = 4;
/// Everything in a parcel that is not ext or payload, in bytes.
const OVERHEAD: usize = HEAD + LENGTH + BODY_TAG;

/// What a parcel is, in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A ratchet parcel.
    Ratchet = 0,
    /// First message of an AKE.
    Ake1 = 1,
    /// Its answer.
    Ake2 = 2,
}

/// The header's core: 64 bytes, masked on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Core {
    pub kind: Kind,
    /// The sender's ratchet key; none in AKE parcels.
    pub dh: Option<Point>,
    /// Length of the sender's previous chain.
    pub pn: u32,
    /// Number in its chain.
    pub n: u32,
    /// Length of the KEM field, in bytes: nothing, a ciphertext or a key.
    pub ext_len: usize,
}

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

fn header_mac(key: &Key<Header>, nonce: &[u8], hdr_ct: &[u8]) -> [u8; HDR_TAG] {
    let mac: Key<Header> = kdf::derive(label::HEADER_MAC, &[key.expose()]);
    kdf::mac(&mac, &[b"h", nonce, hdr_ct])
}

fn header_stream(key: &Key<Header>, nonce: &[u8; NONCE], bytes: &mut [u8]) {
    let enc: Key<Header> = kdf::derive(label::HEADER_ENC, &[key.expose()]);
    kdf::stream(&enc, nonce, bytes);
}

/// Masks the KEM field, or shows it again.
fn ext_stream(key: &Key<Header>, nonce: &[u8; NONCE], bytes: &mut [u8]) {
    if bytes.is_empty() {
        return;
    }
    let mut beside = *nonce;
    beside[NONCE - 1] ^= 1;
    header_stream(key, &beside, bytes);
}

/// `mk_mac` comes from `mk_enc`: whoever can read can forge.
fn message_mac(key: &Key<Message>, session: &[u8; 32], parts: [&[u8]; 5]) -> [u8; BODY_TAG] {
    let mac: Key<MessageMac> = kdf::derive(label::MESSAGE_MAC, &[key.expose()]);
    let [nonce, hdr_ct, hdr_tag, ext_ct, body_ct] = parts;
    kdf::mac(
        &mac,
        &[b"b", session, nonce, hdr_ct, hdr_tag, ext_ct, body_ct],
    )
}

impl Core {
    /// `ver1|flags1|bucket1|0|dh 32|pn u32|n u32|ext_len u16|18 zeros`
    pub(crate) fn encode(&self, bucket: usize) -> Vec<u8> {
        let index = BUCKETS
            .iter()
            .position(|&b| b == bucket)
            .unwrap_or_default();
        let mut to = Writer::new();
        to.bytes(&[1, self.kind as u8, index as u8, 0]);
        to.bytes(self.dh.as_ref().map_or(&[0; 32], |point| point.as_bytes()));
        to.u32(self.pn);
        to.u32(self.n);
        // One of the lengths that `decode` takes.
        to.u16(self.ext_len as u16);
        to.bytes(&[0; 18]);
        to.into_vec()
    }

    /// Every field is checked here, before any chain is hashed forward.
    pub(crate) fn decode(bytes: &[u8], bucket: usize) -> Option<Self> {
        let mut from = Reader::new(bytes);
        if from.u8().ok()? != 1 {
            return None;
        }
        let kind = match from.u8().ok()? {
            0 => Kind::Ratchet,
            1 => Kind::Ake1,
            2 => Kind::Ake2,
            _ => return None,
        };
        let claimed = BUCKETS.get(usize::from(from.u8().ok()?))?;
        if *claimed != bucket || from.u8().ok()? != 0 {
            return None;
        }
        let dh: [u8; 32] = from.array().ok()?;
        let (pn, n) = (from.u32().ok()?, from.u32().ok()?);
        let ext_len = usize::from(from.u16().ok()?);
        from.zeros(18).ok()?;
        from.finish().ok()?;
        if n >= CHAIN_PARCELS_MAX
            || pn > CHAIN_PARCELS_MAX
            || ![0, CT_BYTES, EK_BYTES].contains(&ext_len)
        {
            return None;
        }
        let dh = match kind {
            Kind::Ratchet => Some(Point::parse(dh).ok()?),
            _ if dh != [0; 32] || pn != 0 || n != 0 || ext_len != 0 => return None,
            _ => None,
        };
        Some(Self {
            kind,
            dh,
            pn,
            n,
            ext_len,
        })
    }
}

/// Seals contents that `bucket_for` found room for. The message key is consumed.
pub(crate) fn seal(
    core: &Core,
    header: &Key<Header>,
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
    header_stream(header, &nonce, &mut hdr_ct);
    let hdr_tag = header_mac(header, &nonce, &hdr_ct);
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
    ext_stream(header, &nonce, ext_ct);
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

/// An opened body: mostly padding, erased when dropped, in one sweep and not byte by byte.
struct Swept(Vec<u8>);

impl Drop for Swept {
    fn drop(&mut self) {
        sweep(&mut self.0);
    }
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
    pub(crate) fn fits(&self, header: &Key<Header>) -> bool {
        let tag = u128::from_le_bytes(header_mac(header, self.nonce, self.hdr_ct));
        bool::from(tag.ct_eq(&u128::from_le_bytes(*self.hdr_tag)))
    }

    /// The core, once [`fits`](Self::fits) said yes.
    pub(crate) fn core(&self, header: &Key<Header>) -> Result<Core, BadParcel> {
        let mut core = Zeroizing::new([0; CORE]);
        core.copy_from_slice(self.hdr_ct);
        header_stream(header, self.nonce, &mut *core);
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
    pub(crate) fn ext(&self, header: &Key<Header>, core: &Core) -> Result<Vec<u8>, BadParcel> {
        let mut ext = self.parts(core).ok_or(BadParcel)?.0.to_vec();
        ext_stream(header, self.nonce, &mut ext);
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
        let mut body = Swept(body_ct.to_vec());
        kdf::stream(message, self.nonce, &mut body.0);
        let (length, rest) = body.0.split_first_chunk::<LENGTH>().ok_or(BadParcel)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| BadParcel)?;
        let (payload, zeros) = rest.split_at_checked(length).ok_or(BadParcel)?;
        // All of them, always: many bytes at a time.
        if zeros.iter().fold(0, |any, byte| any | byte) != 0 {
            return Err(BadParcel);
        }
        Ok(Zeroizing::new(payload.to_vec()))
    }
}

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

/// The body key of an AKE parcel: `D("ake body", HHK || N)`.
pub(crate) fn ake_key(header: &Key<Header>, nonce: &[u8; NONCE]) -> Key<Message> {
    kdf::derive(label::AKE_BODY, &[header.expose(), nonce])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> (Key<Header>, Key<Message>) {
        (Key::fill(|b| b.fill(1)), Key::fill(|b| b.fill(2)))
    }

    fn point() -> Point {
        crate::identity::public(&Key::<crate::secret::RatchetScalar>::fill(|b| b.fill(5)))
    }

    fn sealed(core: &Core, payload: &[u8]) -> Vec<u8> {
        let (header, message) = keys();
        seal(
            core,
            &header,
            message,
            &[3; 32],
            [4; 24],
            Contents {
                ext: &vec![6; core.ext_len],
                payload,
                bucket: bucket_for(payload.len()).unwrap(),
            },
        )
    }

    fn opened(bytes: &[u8]) -> Result<Said, BadParcel> {
        let (header, message) = keys();
        let parcel = Parcel::parse(bytes).ok_or(BadParcel)?;
        if !parcel.fits(&header) {
            return Err(BadParcel);
        }
        let core = parcel.core(&header)?;
        assert_eq!(parcel.ext(&header, &core)?, vec![6; core.ext_len]);
        parcel.open(&core, &message, &[3; 32])
    }

    fn core(n: u32, pn: u32) -> Core {
        Core {
            kind: Kind::Ratchet,
            dh: Some(point()),
            pn,
            n,
            ext_len: 0,
        }
    }

    fn with_ext(ext_len: usize) -> Core {
        Core {
            ext_len,
            ..core(0, 0)
        }
    }

    #[test]
    fn the_bucket_is_chosen_as_if_the_kem_field_were_there() {
        for (payload, bucket) in [
            (0, 2048),
            (724, 2048),
            (725, 8192),
            (6868, 8192),
            (6869, 65536),
            (64_212, 65536),
        ] {
            assert_eq!(bucket_for(payload), Some(bucket), "{payload} bytes");
        }
        assert_eq!(bucket_for(64_213), None);
        for payload in 0..=64_212 {
            let bucket = bucket_for(payload).unwrap();
            for ext in [0, CT_BYTES, EK_BYTES] {
                assert!(payload + OVERHEAD + ext <= bucket, "{payload} with {ext}");
            }
        }
    }

    #[test]
    fn a_parcel_is_exactly_one_bucket_and_opens() {
        for length in [0, 1, 724, 725, 6868, 64_212] {
            let payload: Vec<u8> = (0..length).map(|n| n as u8).collect();
            for ext in [0, CT_BYTES, EK_BYTES] {
                let bytes = sealed(&with_ext(ext), &payload);
                assert_eq!(Some(bytes.len()), bucket_for(length));
                assert_eq!(&**opened(&bytes).unwrap(), payload.as_slice());
            }
        }
    }

    #[test]
    fn every_single_bit_flip_is_refused() {
        for ext in [0, EK_BYTES] {
            let bytes = sealed(&with_ext(ext), b"salut");
            let (header, message) = keys();
            for bit in 0..bytes.len() * 8 {
                let mut bad = bytes.clone();
                bad[bit / 8] ^= 1 << (bit % 8);
                let parcel = Parcel::parse(&bad).unwrap();
                let opens = parcel.fits(&header)
                    && parcel
                        .core(&header)
                        .is_ok_and(|core| parcel.open(&core, &message, &[3; 32]).is_ok());
                assert!(!opens, "bit {bit} with a field of {ext}");
            }
        }
    }

    #[test]
    fn every_other_length_is_refused() {
        let bytes = sealed(&core(0, 0), b"salut");
        for cut in 0..bytes.len() {
            assert!(opened(&bytes[..cut]).is_err());
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(opened(&longer).is_err());
        longer.resize(8192, 0);
        assert!(opened(&longer).is_err(), "another bucket");
    }

    #[test]
    fn a_chain_number_beyond_the_bound_is_refused_before_hashing() {
        for (n, pn) in [
            (1280, 0),
            (0, 1281),
            (1 << 31, 0),
            (u32::MAX, 0),
            (0, u32::MAX),
        ] {
            assert!(opened(&sealed(&core(n, pn), b"")).is_err(), "n {n} pn {pn}");
        }
        assert!(opened(&sealed(&core(1279, 1280), b"")).is_ok());
    }

    /// Attack 4: a field has one of three lengths, and none in a handshake.
    #[test]
    fn a_kem_field_of_another_length_is_refused() {
        for ext_len in [1, 32, 1087, 1089, 1183, 1185, 1912, 65_535] {
            let core = with_ext(ext_len).encode(2048);
            assert!(Core::decode(&core, 2048).is_none(), "{ext_len}");
        }
        for ext_len in [0, CT_BYTES, EK_BYTES] {
            let mut core = with_ext(ext_len).encode(2048);
            assert!(Core::decode(&core, 2048).is_some());
            core[1] = Kind::Ake1 as u8;
            core[4..36].fill(0);
            let taken = Core::decode(&core, 2048).is_some();
            assert_eq!(taken, ext_len == 0, "in a handshake");
        }
    }

    #[test]
    fn padding_and_reserved_bytes_must_be_zero() {
        let (header, message) = keys();
        let forge = |at_core: Option<usize>, at_body: Option<usize>| {
            let mut hdr_ct = core(0, 0).encode(2048);
            if let Some(at) = at_core {
                hdr_ct[at] ^= 1;
            }
            header_stream(&header, &[4; 24], &mut hdr_ct);
            let hdr_tag = header_mac(&header, &[4; 24], &hdr_ct);
            let mut body = vec![0; 2048 - HEAD - BODY_TAG];
            if let Some(at) = at_body {
                body[at] ^= 1;
            }
            kdf::stream(&message, &[4; 24], &mut body);
            let tag = message_mac(
                &message,
                &[3; 32],
                [&[4; 24], &hdr_ct, &hdr_tag, &[], &body],
            );
            [[4; 24].as_slice(), &hdr_ct, &hdr_tag, &body, &tag].concat()
        };
        assert!(opened(&forge(None, None)).is_ok());
        for reserved in [0, 2, 3].into_iter().chain(44..64) {
            assert!(
                opened(&forge(Some(reserved), None)).is_err(),
                "core byte {reserved}"
            );
        }
        assert!(
            opened(&forge(None, Some(4))).is_err(),
            "padding after an empty payload"
        );
        assert!(
            opened(&forge(None, Some(3))).is_err(),
            "a length beyond the body"
        );
    }

    /// Attack 1: `dh` travels in the core, so it is checked there.
    #[test]
    fn a_ratchet_key_of_low_order_is_refused() {
        let mut zero = core(0, 0).encode(2048);
        assert!(Core::decode(&zero, 2048).is_some());
        for first in [0, 1] {
            zero[4..36].fill(0);
            zero[4] = first;
            assert!(Core::decode(&zero, 2048).is_none());
            zero[35] |= 0x80;
            assert!(Core::decode(&zero, 2048).is_none(), "with the high bit");
        }
    }

    /// Attack 60: keys that are near to the right ones, or come from them.
    #[test]
    fn a_parcel_opens_under_one_pair_of_keys_only() {
        let bytes = sealed(&with_ext(CT_BYTES), b"salut");
        let parcel = Parcel::parse(&bytes).unwrap();
        let (header, message) = keys();
        let core = parcel.core(&header).unwrap();
        for bit in 0..256 {
            let flipped = |key: &[u8; 32]| {
                let mut near = *key;
                near[bit / 8] ^= 1 << (bit % 8);
                near
            };
            assert!(!parcel.fits(&Key::fill(|b| *b = flipped(header.expose()))));
            let near = Key::fill(|b| *b = flipped(message.expose()));
            assert!(parcel.open(&core, &near, &[3; 32]).is_err());
        }
        for label in label::ALL {
            assert!(!parcel.fits(&kdf::derive(*label, &[header.expose()])));
            let derived = kdf::derive(*label, &[message.expose()]);
            assert!(parcel.open(&core, &derived, &[3; 32]).is_err());
        }
        // Nor does another cut between field and body, which the header's key would have to make.
        for ext_len in [0, EK_BYTES] {
            let other = Core {
                ext_len,
                ..core.clone()
            };
            assert!(parcel.open(&other, &message, &[3; 32]).is_err());
        }
    }

    #[test]
    fn a_parcel_of_another_session_does_not_open() {
        let bytes = sealed(&core(0, 0), b"salut");
        let (header, message) = keys();
        let parcel = Parcel::parse(&bytes).unwrap();
        assert!(parcel.fits(&header));
        let core = parcel.core(&header).unwrap();
        assert!(parcel.open(&core, &message, &[9; 32]).is_err());
    }
}
