//! What a session holds, laid bare for tests that look where it must not be, and parcels that no node
//! makes; in no program.

use super::chain::MessageChain;
use super::continuity::Past;
use super::handshake::Offer;
use super::step::Step;
use super::{Session, handshake};
use crate::edge::EdgeKeys;
use crate::identity::{Identity, Point};
use crate::kdf::Entropy;
use crate::noise::Role;
use crate::parcel::{self, Contents, Core, HeaderKeys, Kind};

/// A parcel of the session as only a changed program makes it.
pub struct Odd<'a> {
    /// Begin a chain though nothing was answered.
    pub turn: bool,
    /// Length of the chain before, as the header says; as it is if nothing.
    pub pn: Option<u32>,
    /// The KEM field, of 0, 1088 or 1184 bytes; as it is if nothing.
    pub ext: Option<&'a [u8]>,
    /// What is said.
    pub payload: &'a [u8],
}

impl Session {
    /// Seals it, if it fits a parcel and a chain can be begun. A chain that begins out of turn leaves
    /// another field behind, so [`super::Block::FIELD`] has changed each time.
    pub(crate) fn seal_odd(&mut self, odd: &Odd<'_>, entropy: &mut Entropy) -> Option<Vec<u8>> {
        let bucket = parcel::bucket_for(odd.payload.len())?;
        if odd.turn && self.theirs.is_some() {
            let ended = self.sending.take();
            self.previous_sent = ended.map_or(self.previous_sent, |s| s.chain.next());
        }
        if self.sending.is_none() {
            self.turn_sending(1, entropy).ok()?;
        }
        let sending = self.sending.as_mut()?;
        let ext = odd.ext.unwrap_or(self.steps.field());
        let core = Core {
            kind: Kind::Ratchet,
            dh: Some(sending.dh),
            pn: odd.pn.unwrap_or(self.previous_sent),
            n: sending.chain.next(),
            ext_len: ext.len(),
        };
        let message = sending.chain.advance().ok()?;
        let payload = odd.payload;
        let contents = Contents {
            ext,
            payload,
            bucket,
        };
        let (header, nonce) = (&sending.header, entropy.bytes());
        Some(parcel::seal(
            &core, header, message, &self.id, nonce, contents,
        ))
    }
}

/// A1 with this stamp, whose Noise message says this.
pub(crate) fn offer(
    (keys, me, friend): (&EdgeKeys, &Identity, &Point),
    stamp: u64,
    payload: &[u8],
    entropy: &mut Entropy,
) -> Option<Vec<u8>> {
    let role = Role::Initiator;
    let noise = keys.handshake(handshake::PROLOGUE, me, friend, role, entropy);
    let noise = noise.ok()?.write(payload).ok()?;
    let payload = [stamp.to_le_bytes().as_slice(), &noise].concat();
    parcel::bucket_for(payload.len()).filter(|bucket| *bucket == crate::limits::BUCKETS[0])?;
    let header = &keys.to.ake_header;
    Some(handshake::seal(
        Kind::Ake1,
        header,
        &payload,
        entropy.bytes(),
    ))
}

/// Message keys that a chain makes next: more than any test uses up.
const AHEAD: usize = 8;

/// A secret, and what it is.
pub(crate) type Secret = (&'static str, [u8; 32]);

/// The values by which two who remember the same past know it.
pub(crate) fn of_past(past: &Past) -> impl Iterator<Item = Secret> {
    let kept = past.keep().into_iter();
    kept.map(|value| ("continuity value", *value.key().expose()))
}

/// What an offer that nobody has answered was made from, and what it names.
pub(crate) fn of_offer(offer: &Offer) -> Vec<Secret> {
    let (seed, past) = offer.laid_bare();
    let made = [
        ("offer seed", *seed.expose()),
        ("offer ephemeral", *offer.ephemeral().expose()),
    ];
    made.into_iter().chain(of_past(past)).collect()
}

impl Session {
    /// Every secret of the session, and the message keys that come next, each with what it is.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = vec![
            ("root key", *self.root.expose()),
            ("ratchet scalar", *self.mine.expose()),
            ("next header key", *self.next_send_header.expose()),
        ];
        if let Some(sending) = &self.sending {
            secrets.extend(of_header(&sending.header));
            secrets.extend(of_chain(&sending.chain));
        }
        if let Some(receiving) = &self.receiving {
            secrets.extend(of_header(&receiving.header));
            secrets.extend(of_chain(&receiving.chain));
        }
        if let Step::Offered(offer) = &self.steps.step {
            secrets.push(("KEM seed", *offer.seed().expose()));
        }
        secrets.extend(self.old.iter().flat_map(|old| of_header(&old.header)));
        let next = of_header(&self.next_receive_header);
        secrets.extend(next.map(|(_, key)| ("next header key", key)));
        let late = self.skipped.blocks().into_iter();
        let late = late.flat_map(|block| self.skipped.block(block));
        secrets.extend(late.map(|(_, _, key)| ("late key", *key.expose())));
        secrets.extend(of_past(&self.past));
        // A scalar that was never drawn is no secret.
        secrets.retain(|(_, bytes)| *bytes != [0; 32]);
        secrets
    }
}

#[cfg(test)]
impl Session {
    /// What the parcels of the chain that it sends on bear.
    pub(crate) fn step_taken(&self) -> &'static str {
        match self.steps.step {
            Step::Offered(_) => "offer",
            Step::Answered(_) => "answer",
            Step::Closed | Step::Asked(_) => "none",
        }
    }
}

fn of_header(header: &HeaderKeys) -> impl Iterator<Item = Secret> {
    header
        .laid_bare()
        .into_iter()
        .map(|key| ("header key", key))
}

fn of_chain(chain: &MessageChain) -> Vec<Secret> {
    let mut chain = chain.copy();
    let mut secrets = Vec::new();
    for _ in 0..AHEAD {
        secrets.push(("chain key", *chain.key().expose()));
        let message = chain.advance();
        secrets.extend(message.ok().map(|key| ("message key", *key.expose())));
    }
    secrets
}

/// How far a session got: the last chain and the number in it, sent and received.
#[cfg(test)]
pub(crate) fn progress(sent: (u32, u32), got: (u32, u32)) -> super::Progress {
    super::Progress {
        session: [7; 32],
        sent_chain: sent.0,
        sent_n: sent.1,
        got_chain: got.0,
        got_n: got.1,
    }
}
