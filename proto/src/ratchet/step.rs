//! The KEM step that rides a turn of the ratchet: one side's chain offers a key, the other's next chain
//! answers, and what only the two can compute goes into that chain's root step. PROTOCOL §4.3.
//!
//! A step is open on one side at a time, since chains alternate. Knows no parcel and no clock.

use super::{OpenError, SealError};
use crate::kdf::{self, Entropy, label};
use crate::kem::{self, BadKem, CT_BYTES, EK_BYTES, Opener};
use crate::limits::{KEM_STEP_MESSAGES, KEM_STEP_MINUTES};
use crate::secret::{KemSeed, KemShared, Key};

/// Names the field that all parcels of one chain bear; nothing if they bear none.
pub(super) type FieldTag = Option<[u8; 16]>;

/// What names a field.
pub(super) fn tag_of(field: &[u8]) -> FieldTag {
    (!field.is_empty()).then(|| kdf::digest(label::KEM_FIELD, &[field]))
}

/// A key pair that I offered. What opens the answer is made again from the seed when it comes.
pub(super) struct Offer {
    seed: Key<KemSeed>,
    pub(super) ek: Box<[u8; EK_BYTES]>,
}

impl Offer {
    pub(super) fn new(seed: Key<KemSeed>) -> Self {
        let (_, ek) = Opener::draw(&mut Entropy::new(*seed.expose()));
        Self {
            seed,
            ek: Box::new(ek),
        }
    }

    /// For its sealed record alone.
    pub(super) fn seed(&self) -> &Key<KemSeed> {
        &self.seed
    }

    fn open(&self, ct: &[u8]) -> Result<Key<KemShared>, BadKem> {
        let (opener, _) = Opener::draw(&mut Entropy::new(*self.seed.expose()));
        opener.open(ct)
    }
}

/// Where the step stands, and so what the parcels I seal bear.
#[derive(Default)]
pub(super) enum Step {
    /// None is open.
    #[default]
    Closed,
    /// I offered: each parcel of the chain I send on bears the key.
    Offered(Offer),
    /// The peer offered: my next chain answers.
    Asked(Box<[u8; EK_BYTES]>),
    /// I answered: each parcel of the chain I send on bears the ciphertext.
    Answered(Box<[u8; CT_BYTES]>),
}

/// When the next step is due, and how far this one is.
#[derive(Default)]
pub(super) struct Steps {
    pub(super) step: Step,
    /// Parcels sealed and opened since the last one.
    pub(super) messages: u32,
    /// The node's age in minutes at the last one, or at my first parcel.
    pub(super) since: Option<u32>,
}

/// What a chain of the peer brings with its field, on paper.
pub(super) struct Brought {
    /// Goes into the chain's root step.
    pub(super) shared: Option<Key<KemShared>>,
    /// What the step becomes.
    pub(super) step: Step,
}

impl Steps {
    /// What a parcel that I seal now bears.
    pub(super) fn field(&self) -> &[u8] {
        match &self.step {
            Step::Offered(offer) => &*offer.ek,
            Step::Answered(ct) => &**ct,
            Step::Closed | Step::Asked(_) => &[],
        }
    }

    /// The long part of what has to be stored, which stays the same for a whole chain; an offer comes
    /// from its seed.
    pub(super) fn stored(&self) -> Option<&[u8]> {
        match &self.step {
            Step::Asked(ek) => Some(&**ek),
            Step::Answered(ct) => Some(&**ct),
            Step::Closed | Step::Offered(_) => None,
        }
    }

    pub(super) fn count(&mut self) {
        self.messages = self.messages.saturating_add(1);
    }

    fn is_due(&self, minute: u32) -> bool {
        let waited = self.since.map(|since| minute.saturating_sub(since));
        self.messages >= KEM_STEP_MESSAGES || waited >= Some(KEM_STEP_MINUTES)
    }

    fn finished(&mut self, minute: u32) {
        (self.messages, self.since) = (0, Some(minute));
    }

    /// A chain of mine begins: it answers what the peer offered, or offers if a step is due. Gives what
    /// goes into its root step.
    pub(super) fn begin_chain(
        &mut self,
        minute: u32,
        entropy: &mut Entropy,
    ) -> Result<Option<Key<KemShared>>, SealError> {
        self.since.get_or_insert(minute);
        let (step, shared) = match &self.step {
            Step::Asked(ek) => {
                // It was checked when it came.
                let (ct, shared) =
                    kem::encapsulate(&**ek, entropy).map_err(|_| SealError::NotYet)?;
                self.finished(minute);
                (Step::Answered(Box::new(ct)), Some(shared))
            }
            _ if self.is_due(minute) => (Step::Offered(Offer::new(entropy.key())), None),
            _ => (Step::Closed, None),
        };
        self.step = step;
        Ok(shared)
    }

    /// A chain of the peer begins with this field: the answer to what I offered and nothing else, or
    /// else an offer or nothing.
    pub(super) fn brings(&self, field: &[u8]) -> Result<Brought, OpenError> {
        let (shared, step) = match (&self.step, field.len()) {
            (Step::Offered(offer), CT_BYTES) => {
                let shared = offer.open(field).map_err(|_| OpenError::Bad)?;
                (Some(shared), Step::Closed)
            }
            (Step::Offered(_), _) => return Err(OpenError::Bad),
            (_, 0) => (None, Step::Closed),
            (_, EK_BYTES) => {
                let ek = kem::check(field).map_err(|_| OpenError::Bad)?;
                (None, Step::Asked(Box::new(*ek)))
            }
            _ => return Err(OpenError::Bad),
        };
        Ok(Brought { shared, step })
    }

    /// Takes the step that a chain of the peer asked for.
    pub(super) fn take(&mut self, step: Step, minute: u32) {
        if matches!(self.step, Step::Offered(_)) {
            self.finished(minute);
            if planted!(DecapsulationKeyKept) {
                return;
            }
        }
        self.step = step;
    }
}
