//! How a session begins: `Noise_KKpsk0` with ML-KEM mixed in, carried in two parcels that look like
//! all others. PROTOCOL §4.1.
//!
//! [`Offer`] is the initiator's A1, [`respond`] makes A2, the first ratchet parcel is A3. No user
//! text is ever in A1. Whether a stamp is fresh, and what is stored when, is the engine's.

use crate::edge::EdgeKeys;
use crate::identity::{self, Point};
use crate::kdf::{self, Entropy, label};
use crate::kem::{self, CT_BYTES, EK_BYTES, Opener};
use crate::limits::{BUCKETS, CONTINUITY_VALUES};
use crate::noise::{self, BadHandshake, Finished, Handshake, Role, Speaker, TAG_BYTES};
use crate::parcel::{self, Contents, Core, HeaderKeys, Kind, Parcel};
use crate::ratchet::continuity::{PAST_ID_BYTES, Past, PastId};
use crate::ratchet::{Session, SessionKeys};
use crate::secret::{
    Continuity, HandshakeSeed, Identity as IdentityPurpose, KemShared, Kept, Key, Said,
};
use crate::wire::{Reader, Writer};

pub(super) const PROLOGUE: &str = "kith/ake/1";
const VERSION: u8 = 1;
const SUITE: u8 = 1;
/// Payload of A1's Noise message, in bytes.
const OFFER_BYTES: usize = 2 + EK_BYTES + CONTINUITY_VALUES * PAST_ID_BYTES;
/// Where a past in common would be named, and is none.
const NO_PAST: PastId = [0; PAST_ID_BYTES];

/// What a handshake gave.
pub(crate) struct Begun {
    /// Mine may send at once if I began; otherwise it waits for A3.
    pub session: Session,
    /// Whether it goes on from a past that both sides remember.
    pub continuous: bool,
}

/// Seals an AKE message into the smallest bucket.
pub(super) fn seal(kind: Kind, header: &HeaderKeys, payload: &[u8], nonce: [u8; 24]) -> Vec<u8> {
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
pub(crate) fn open(kind: Kind, header: &HeaderKeys, parcel: &Parcel<'_>) -> Option<Said> {
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
    cont: Option<&Key<Continuity>>,
) -> SessionKeys {
    SessionKeys::derive(&[
        done.k_i.expose(),
        done.k_r.expose(),
        shared.expose(),
        keys.secret.expose(),
        cont.map_or(&[0; 32], |cont| cont.expose()),
        &done.hash,
    ])
}

/// An offer that awaits its answer. snow's state cannot be stored, so what it was made from is: the
/// same entropy makes the same handshake again.
pub(crate) struct Offer {
    seed: Key<HandshakeSeed>,
    epoch: u32,
    /// What it names: the session goes on meanwhile.
    past: Past,
}

#[cfg(test)]
impl OfferRecord {
    /// As large as it can become.
    pub(crate) fn largest() -> Self {
        let kept = |_| Key::fill(|_| ()).keep();
        Self {
            seed: Key::fill(|_| ()).keep(),
            epoch: u32::MAX,
            past: (0..CONTINUITY_VALUES).map(kept).collect(),
        }
    }
}

/// An offer on its way to the vault and back.
#[derive(bincode::Encode, bincode::Decode)]
pub(crate) struct OfferRecord {
    seed: Kept<HandshakeSeed>,
    epoch: u32,
    past: Vec<Kept<Continuity>>,
}

impl Offer {
    /// Draws an offer that names this past; send [`parcel`](Self::parcel).
    pub(crate) fn draw(keys: &EdgeKeys, past: Past, entropy: &mut Entropy) -> Self {
        Self {
            seed: entropy.key(),
            epoch: keys.epoch,
            past,
        }
    }

    /// The first of an edge, from these 32 bytes: what both have in common is the pairing.
    pub(crate) fn first(seed: Key<HandshakeSeed>, keys: &EdgeKeys) -> Self {
        Self {
            seed,
            epoch: keys.epoch,
            past: Past::of_pairing(&keys.root),
        }
    }

    /// As it was stored.
    pub(crate) fn restore(record: &OfferRecord) -> Self {
        Self {
            seed: record.seed.key(),
            epoch: record.epoch,
            past: Past::restore(&record.past),
        }
    }

    /// For the vault.
    pub(crate) fn record(&self) -> OfferRecord {
        OfferRecord {
            seed: self.seed.keep(),
            epoch: self.epoch,
            past: self.past.keep(),
        }
    }

    /// The scalar of its Noise ephemeral, which whoever made the offer knows: see [`rebuild`](Self::rebuild).
    pub(crate) fn ephemeral(&self) -> Key<IdentityPurpose> {
        let mut entropy = Entropy::new(*self.seed.expose());
        Opener::draw(&mut entropy);
        noise::ephemeral(&mut entropy)
    }

    /// All that it keeps secret, for tests that look where it must not be.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn laid_bare(&self) -> (&Key<HandshakeSeed>, &Past) {
        (&self.seed, &self.past)
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
        let mut payload = Writer::new();
        payload.bytes(&[VERSION, SUITE]);
        payload.bytes(&ek);
        self.past.ids().iter().for_each(|id| payload.bytes(id));
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
    ) -> Result<Begun, BadHandshake> {
        let (mut handshake, opener, _, _) = self.rebuild(keys, me, friend)?;
        let payload = handshake.read(answer)?;
        let (ct, theirs, named) = read_answer(&payload).ok_or(BadHandshake)?;
        // Zeros say that nothing is in common; a name that I did not list says nothing at all.
        let cont = match named {
            NO_PAST => None,
            named => Some(self.past.get(&named).ok_or(BadHandshake)?),
        };
        let shared = opener.open(ct).map_err(|_| BadHandshake)?;
        let done = handshake.finish()?;
        Ok(Begun {
            session: Session::initiate(session_keys(&done, &shared, keys, cont), theirs),
            continuous: cont.is_some(),
        })
    }

    /// What decides between this offer and one that crosses it.
    pub(crate) fn tie(&self) -> [u8; 32] {
        tie_of(identity::public(&self.ephemeral()).as_bytes())
    }
}

/// `D("tie", e)` of A1's Noise message, which begins with its ephemeral key: of two offers that cross
/// the smaller stands.
pub(crate) fn tie_of(noise: &[u8]) -> [u8; 32] {
    let e = noise.first_chunk::<32>().unwrap_or(&[255; 32]);
    kdf::digest(label::TIE, &[e])
}

fn read_answer(payload: &[u8]) -> Option<(&[u8], Point, PastId)> {
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

/// Answers A1's Noise message, going on from this past if it names it: the session, which waits for
/// A3, and the parcel A2.
pub(crate) fn respond<'a>(
    keys: &EdgeKeys,
    me: impl Into<Speaker<'a>>,
    friend: &Point,
    offer: &[u8],
    past: &Past,
    entropy: &mut Entropy,
) -> Result<(Begun, Vec<u8>), BadHandshake> {
    let mut handshake = keys.handshake(PROLOGUE, me, friend, Role::Responder, entropy)?;
    let payload = handshake.read(offer)?;
    let (ek, ids) = read_offer(&payload).ok_or(BadHandshake)?;
    let common = past.common(&ids);
    let (id, cont) = common.map_or((NO_PAST, None), |(id, cont)| (id, Some(cont)));
    let (ct, shared) = kem::encapsulate(ek, entropy).map_err(|_| BadHandshake)?;
    let mine = entropy.key();
    let mut answer = Writer::new();
    answer.bytes(&[VERSION, SUITE]);
    answer.bytes(&ct);
    answer.bytes(identity::public(&mine).as_bytes());
    answer.bytes(&id);
    let second = handshake.write(&answer.into_vec())?;
    let done = handshake.finish()?;
    let begun = Begun {
        session: Session::respond(session_keys(&done, &shared, keys, cont), mine),
        continuous: cont.is_some(),
    };
    Ok((
        begun,
        seal(Kind::Ake2, &keys.to.ake_header, &second, entropy.bytes()),
    ))
}

/// The encapsulation key and the past that is named, if version and suite are ours: never a step
/// down.
fn read_offer(payload: &[u8]) -> Option<(&[u8], Vec<PastId>)> {
    let mut from = Reader::new(payload);
    if from.array::<2>().ok()? != [VERSION, SUITE] {
        return None;
    }
    let ek = from.take(EK_BYTES).ok()?;
    let ids = (0..CONTINUITY_VALUES).map(|_| from.array().ok());
    let ids = ids.collect::<Option<_>>()?;
    from.finish().ok()?;
    Some((ek, ids))
}
