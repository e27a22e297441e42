//! How a session begins: `Noise_KKpsk0` with ML-KEM mixed in, carried in two parcels that look like
//! all others. PROTOCOL §4.1.
//!
//! [`Offer`] is the initiator's A1, [`respond`] makes A2, the first ratchet parcel is A3. No user
//! text is ever in A1. Whether a stamp is fresh, and what is stored when, is the engine's.

use crate::edge::EdgeKeys;
use crate::identity::{self, Point};
use crate::kdf::{self, Entropy, label};
use crate::kem::{self, CT_BYTES, EK_BYTES, Opener};
use crate::limits::BUCKETS;
use crate::noise::{self, BadHandshake, Finished, Handshake, Role, Speaker, TAG_BYTES};
use crate::parcel::{self, Contents, Core, Kind, Parcel};
use crate::ratchet::{Session, SessionKeys};
use crate::secret::{
    Continuity, HandshakeSeed, Header, Identity as IdentityPurpose, KemShared, Key, Said,
};
use crate::wire::{Reader, Writer};

pub(super) const PROLOGUE: &str = "kith/ake/1";
const VERSION: u8 = 1;
const SUITE: u8 = 1;
/// Continuity ids an offer names.
const CONTINUITY_IDS: usize = 8;
const ID_BYTES: usize = 8;
/// Payload of A1's Noise message, in bytes.
const OFFER_BYTES: usize = 2 + EK_BYTES + CONTINUITY_IDS * ID_BYTES;

/// `C_0` of a new edge and its id: what makes the first session continuous with the pairing.
fn first_continuity(keys: &EdgeKeys) -> (Key<Continuity>, [u8; ID_BYTES]) {
    let secret: Key<Continuity> = kdf::derive(label::CONTINUITY, &[keys.root.expose()]);
    let id = kdf::digest(label::CONTINUITY_ID, &[secret.expose()]);
    (secret, id)
}

/// Seals an AKE message into the smallest bucket.
fn seal(kind: Kind, header: &Key<Header>, payload: &[u8], nonce: [u8; 24]) -> Vec<u8> {
    let core = Core {
        kind,
        dh: None,
        pn: 0,
        n: 0,
        ext_len: 0,
    };
    let contents = Contents {
        ext: &[],
        payload,
        bucket: BUCKETS[0],
    };
    let message = parcel::ake_key(header, &nonce);
    parcel::seal(&core, header, message, &[0; 32], nonce, contents)
}

/// Opens an AKE parcel whose header fits, if it is of this kind.
pub(crate) fn open(kind: Kind, header: &Key<Header>, parcel: &Parcel<'_>) -> Option<Said> {
    let core = parcel.core(header).ok()?;
    (core.kind == kind).then_some(())?;
    parcel
        .open(&core, &parcel::ake_key(header, parcel.nonce()), &[0; 32])
        .ok()
}

fn session_keys(
    done: &Finished,
    shared: &Key<KemShared>,
    keys: &EdgeKeys,
    cont: &Key<Continuity>,
) -> SessionKeys {
    SessionKeys::derive(&[
        done.k_i.expose(),
        done.k_r.expose(),
        shared.expose(),
        keys.secret.expose(),
        cont.expose(),
        &done.hash,
    ])
}

/// An offer that awaits its answer. snow's state cannot be stored, so what it was made from is: the
/// same entropy makes the same handshake again.
pub(crate) struct Offer {
    seed: Key<HandshakeSeed>,
    epoch: u32,
}

impl Offer {
    /// Draws an offer; send [`parcel`](Self::parcel).
    pub(crate) fn draw(keys: &EdgeKeys, entropy: &mut Entropy) -> Self {
        Self {
            seed: entropy.key(),
            epoch: keys.epoch,
        }
    }

    /// As it was stored.
    pub(crate) fn restore(seed: Key<HandshakeSeed>, epoch: u32) -> Self {
        Self { seed, epoch }
    }

    /// For its sealed record alone.
    pub(crate) fn parts(&self) -> (&Key<HandshakeSeed>, u32) {
        (&self.seed, self.epoch)
    }

    /// The scalar of its Noise ephemeral, which whoever made the offer knows: see [`rebuild`](Self::rebuild).
    pub(crate) fn ephemeral(&self) -> Key<IdentityPurpose> {
        let mut entropy = Entropy::new(*self.seed.expose());
        Opener::draw(&mut entropy);
        noise::ephemeral(&mut entropy)
    }

    fn rebuild<'a>(
        &self,
        keys: &EdgeKeys,
        me: impl Into<Speaker<'a>>,
        friend: &Point,
    ) -> Result<(Handshake, Opener, Vec<u8>, Entropy), BadHandshake> {
        let mut entropy = Entropy::new(*self.seed.expose());
        let (opener, ek) = Opener::draw(&mut entropy);
        let mut handshake = keys.handshake(PROLOGUE, me, friend, Role::Initiator, &mut entropy)?;
        let (_, id) = first_continuity(keys);
        let mut payload = Writer::new();
        payload.bytes(&[VERSION, SUITE]);
        payload.bytes(&ek);
        payload.bytes(&id);
        payload.bytes(&[0; (CONTINUITY_IDS - 1) * ID_BYTES]);
        let first = handshake.write(&payload.into_vec())?;
        Ok((handshake, opener, first, entropy))
    }

    /// A1: `stamp u64 | Noise1{ver | suite | ek | 8 x cont_id}`. The same stamp gives the same bytes.
    pub(crate) fn parcel<'a>(
        &self,
        keys: &EdgeKeys,
        me: impl Into<Speaker<'a>>,
        friend: &Point,
        stamp: u64,
    ) -> Result<Vec<u8>, BadHandshake> {
        let (_, _, first, mut entropy) = self.rebuild(keys, me, friend)?;
        let payload = [stamp.to_le_bytes().as_slice(), &first].concat();
        Ok(seal(
            Kind::Ake1,
            &keys.to.ake_header,
            &payload,
            entropy.bytes(),
        ))
    }

    /// Reads A2's payload: the session, which may send at once. The offer is used up by the caller.
    pub(crate) fn finish<'a>(
        &self,
        keys: &EdgeKeys,
        me: impl Into<Speaker<'a>>,
        friend: &Point,
        answer: &[u8],
    ) -> Result<Session, BadHandshake> {
        let (mut handshake, opener, _, _) = self.rebuild(keys, me, friend)?;
        let payload = handshake.read(answer)?;
        let (ct, theirs, named) = read_answer(&payload).ok_or(BadHandshake)?;
        let (continuity, id) = first_continuity(keys);
        // Another id, or none, is a discontinuity: never taken for the session that was asked for.
        if named != id {
            return Err(BadHandshake);
        }
        let shared = opener.open(ct).map_err(|_| BadHandshake)?;
        let done = handshake.finish()?;
        Ok(Session::initiate(
            session_keys(&done, &shared, keys, &continuity),
            theirs,
        ))
    }
}

fn read_answer(payload: &[u8]) -> Option<(&[u8], Point, [u8; ID_BYTES])> {
    let mut from = Reader::new(payload);
    if from.array::<2>().ok()? != [VERSION, SUITE] {
        return None;
    }
    let ct = from.take(CT_BYTES).ok()?;
    let theirs = Point::parse(from.array().ok()?).ok()?;
    let id = from.array().ok()?;
    from.finish().ok()?;
    Some((ct, theirs, id))
}

/// Splits A1's payload into its stamp, to be checked and stored first, and its Noise message.
pub(crate) fn split_offer(payload: &[u8]) -> Option<(u64, &[u8])> {
    let (stamp, noise) = payload.split_first_chunk::<8>()?;
    (noise.len() == 32 + OFFER_BYTES + TAG_BYTES).then_some((u64::from_le_bytes(*stamp), noise))
}

/// The scalar of the Noise ephemeral with which [`respond`] answers from this entropy.
pub(crate) fn answer_ephemeral(mut entropy: Entropy) -> Key<IdentityPurpose> {
    noise::ephemeral(&mut entropy)
}

/// Answers A1's Noise message: the session, which waits for A3, and the parcel A2.
pub(crate) fn respond<'a>(
    keys: &EdgeKeys,
    me: impl Into<Speaker<'a>>,
    friend: &Point,
    offer: &[u8],
    entropy: &mut Entropy,
) -> Result<(Session, Vec<u8>), BadHandshake> {
    let mut handshake = keys.handshake(PROLOGUE, me, friend, Role::Responder, entropy)?;
    let payload = handshake.read(offer)?;
    let (continuity, id) = first_continuity(keys);
    let ek = read_offer(&payload, &id).ok_or(BadHandshake)?;
    let (ct, shared) = kem::encapsulate(ek, entropy).map_err(|_| BadHandshake)?;
    let mine = entropy.key();
    let mut answer = Writer::new();
    answer.bytes(&[VERSION, SUITE]);
    answer.bytes(&ct);
    answer.bytes(identity::public(&mine).as_bytes());
    answer.bytes(&id);
    let second = handshake.write(&answer.into_vec())?;
    let done = handshake.finish()?;
    let session = Session::respond(session_keys(&done, &shared, keys, &continuity), mine);
    Ok((
        session,
        seal(Kind::Ake2, &keys.to.ake_header, &second, entropy.bytes()),
    ))
}

/// The encapsulation key, if version and suite are ours and the pairing is named: never a step down.
fn read_offer<'a>(payload: &'a [u8], id: &[u8; ID_BYTES]) -> Option<&'a [u8]> {
    let mut from = Reader::new(payload);
    if from.array::<2>().ok()? != [VERSION, SUITE] {
        return None;
    }
    let ek = from.take(EK_BYTES).ok()?;
    let mut ids = from.take(CONTINUITY_IDS * ID_BYTES).ok()?.chunks(ID_BYTES);
    from.finish().ok()?;
    ids.any(|named| named == id).then_some(ek)
}
