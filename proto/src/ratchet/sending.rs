//! What goes out: each payload takes one key of the sending chain, and a new chain begins when there
//! is something to say after the peer's turn. The key is used and gone before the parcel exists; the
//! caller stores the new state before it leaves. PROTOCOL §4.2, §4.3.

use super::chain::MessageChain;
use super::root::root_step;
use super::{Block, Sending, Session};
use crate::identity;
use crate::kdf::Entropy;
use crate::limits::CHAIN_PARCELS_MAX;
use crate::parcel::{self, Contents, Core, HeaderKeys, Kind};

/// Why a payload could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealError {
    /// Nothing of the peer was received yet, so there is no key to seal under.
    NotYet,
    /// The chain has run its length; the peer must answer first.
    ChainEnds,
    /// More than the largest bucket holds.
    TooLong,
}

/// A sealed parcel, and its place in my sending order.
pub(crate) struct Sealed {
    /// One bucket long.
    pub bytes: Vec<u8>,
    /// Which of my chains.
    pub chain: u32,
    /// Which parcel of it.
    pub n: u32,
    /// What of the session is stored beside its record and changed.
    pub changed: Option<Block>,
}

impl Session {
    /// Whether something can be sealed now, or only after the peer's next parcel.
    pub(crate) fn can_seal(&self) -> bool {
        match &self.sending {
            Some(sending) => sending.chain.next() < CHAIN_PARCELS_MAX,
            None => self.theirs.is_some(),
        }
    }

    /// Whether the chain I send on has run its length.
    pub(crate) fn has_ended(&self) -> bool {
        self.unanswered() >= CHAIN_PARCELS_MAX
    }

    /// Parcels of the chain I send on: many, if nothing of it was answered.
    pub(crate) fn unanswered(&self) -> u32 {
        self.sending.as_ref().map_or(0, |s| s.chain.next())
    }

    /// Seals a payload into one parcel, at this age of the node in minutes. The message key is used
    /// and gone; the caller stores the new state before the parcel leaves.
    pub(crate) fn seal(
        &mut self,
        payload: &[u8],
        minute: u32,
        entropy: &mut Entropy,
    ) -> Result<Sealed, SealError> {
        let bucket = parcel::bucket_for(payload.len()).ok_or(SealError::TooLong)?;
        let mut changed = None;
        if self.sending.is_none() {
            changed = self.turn_sending(minute, entropy)?;
        }
        let Some(sending) = self.sending.as_mut() else {
            return Err(SealError::NotYet);
        };
        let n = sending.chain.next();
        let message = sending.chain.advance().map_err(|_| SealError::ChainEnds)?;
        let contents = Contents {
            ext: self.steps.field(),
            payload,
            bucket,
        };
        let core = Core {
            kind: Kind::Ratchet,
            dh: Some(sending.dh),
            pn: self.previous_sent,
            n,
            ext_len: contents.ext.len(),
        };
        let nonce = entropy.bytes();
        let (header, id) = (&sending.header, &self.id);
        let bytes = parcel::seal(&core, header, message, id, nonce, contents);
        self.steps.count();
        Ok(Sealed {
            bytes,
            chain: self.sent_chains,
            n,
            changed,
        })
    }

    /// The sending half of a root step, made when there is something to say. Says which block changed.
    pub(super) fn turn_sending(
        &mut self,
        minute: u32,
        entropy: &mut Entropy,
    ) -> Result<Option<Block>, SealError> {
        let theirs = self.theirs.ok_or(SealError::NotYet)?;
        let sent_chains = self
            .sent_chains
            .checked_add(1)
            .ok_or(SealError::ChainEnds)?;
        let mine = entropy.key();
        let shared = self.steps.begin_chain(minute, entropy)?;
        let (root, chain, next) =
            root_step(&self.root, &mine, &theirs, shared.as_ref()).ok_or(SealError::NotYet)?;
        let header = core::mem::replace(&mut self.next_send_header, next);
        self.sending = Some(Sending {
            chain: MessageChain::new(chain),
            header: HeaderKeys::new(header),
            dh: identity::public(&mine),
        });
        (self.root, self.mine) = (root, mine);
        self.past.step(&self.root);
        self.sent_chains = sent_chains;
        // What the peer offered becomes my answer.
        Ok(shared.map(|_| Block::FIELD))
    }
}
