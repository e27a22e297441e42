//! A parcel opened on paper: whose header it is, which key it asks for, and what the session would
//! become. Computes on `&self` and changes nothing; `advance` takes the step. PROTOCOL §4.2.

use super::advance::{Advance, Change, Turn};
use super::chain::MessageChain;
use super::root::root_step;
use super::step::{self, Brought, FieldTag};
use super::{Receiving, Session, SkippedKey, copy};
use crate::limits::CHAIN_PARCELS_MAX;
use crate::parcel::{Core, HeaderKeys, Kind, Parcel};
use crate::secret::{Header, Key, Message, Said};

/// Why a parcel did not open. None of this is told to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenError {
    /// Made under no header key of this session.
    NotOurs,
    /// Made by the peer's keys, but its number was used by another parcel before.
    Used,
    /// Made under our header key, and wrong.
    Bad,
}

/// A parcel that opened; nothing has changed yet.
pub(crate) struct Opened {
    /// What it said.
    pub payload: Said,
    /// What the session becomes.
    pub advance: Advance,
}

/// What opens a parcel, and what it would change.
type Located = (Core, Key<Message>, Change);

impl Session {
    /// Opens a parcel, on paper only: the session is as before until [`advance`](Self::advance).
    pub(crate) fn open(&self, parcel: &Parcel<'_>) -> Result<Opened, OpenError> {
        let (core, key, change) = self.locate(parcel)?;
        let payload = parcel
            .open(&core, &key, &self.id)
            .map_err(|_| OpenError::Bad)?;
        Ok(Opened {
            payload,
            advance: Advance(change),
        })
    }

    /// The header key and the message key of a parcel that would open: what a friend who keeps
    /// everything keeps. For transcripts alone. §4.4
    pub(crate) fn keys_of(
        &self,
        parcel: &Parcel<'_>,
    ) -> Result<(Key<Header>, Key<Message>), OpenError> {
        let (_, key, _) = self.locate(parcel)?;
        let current = self.receiving.iter().map(|r| &r.header);
        let old = self.old.iter().map(|old| &old.header);
        let mut headers = current.chain([&self.next_receive_header]).chain(old);
        let header = headers.find(|header| parcel.fits(header));
        let header = header.ok_or(OpenError::NotOurs)?;
        Ok((copy(header.key()), key))
    }

    /// Whether this header is the peer's, by its tag alone.
    pub(crate) fn knows(&self, parcel: &Parcel<'_>) -> bool {
        let current = self.receiving.iter().map(|r| &r.header);
        let old = self.old.iter().map(|old| &old.header);
        let mut headers = current.chain([&self.next_receive_header]).chain(old);
        headers.any(|header| parcel.fits(header))
    }

    /// Whether a parcel that did not open shows two authors with the same keys: its header is the
    /// peer's and names a number that another parcel has used, or a ratchet key beside the one of
    /// its chain. Said of the newest chain only, all of whose numbers are accounted for.
    pub(crate) fn is_forked_by(&self, parcel: &Parcel<'_>) -> bool {
        let newest = self.receiving.as_ref();
        let Some(receiving) = newest.filter(|r| parcel.fits(&r.header)) else {
            return false;
        };
        let Ok(core) = self.core(parcel, &receiving.header) else {
            return false;
        };
        let used = core.n < receiving.chain.next()
            && self.skipped.get(self.got_chains, core.n).is_none()
            && !self.skipped.has_forgotten(self.got_chains);
        used || core.dh != self.theirs
    }

    /// The core and the key of a parcel, and what the session becomes should it open.
    fn locate(&self, parcel: &Parcel<'_>) -> Result<Located, OpenError> {
        if let Some(receiving) = self.receiving.as_ref().filter(|r| parcel.fits(&r.header)) {
            let core = self.core(parcel, &receiving.header)?;
            let (header, field) = (&receiving.header, receiving.field);
            if core.n < receiving.chain.next() {
                return self.locate_late(parcel, core, header, self.got_chains, field);
            }
            // One chain has one ratchet key, and one field.
            if core.dh != self.theirs || tag_of(parcel, header, &core)? != field {
                return Err(OpenError::Bad);
            }
            return self.locate_forward(receiving, core);
        }
        if parcel.fits(&self.next_receive_header) {
            let core = self.core(parcel, &self.next_receive_header)?;
            return self.locate_turn(parcel, core);
        }
        let old = self
            .old
            .iter()
            .find(|old| parcel.fits(&old.header))
            .ok_or(OpenError::NotOurs)?;
        let core = self.core(parcel, &old.header)?;
        self.locate_late(parcel, core, &old.header, old.number, old.field)
    }

    fn core(&self, parcel: &Parcel<'_>, header: &HeaderKeys) -> Result<Core, OpenError> {
        parcel
            .core(header)
            .ok()
            .filter(|core| core.kind == Kind::Ratchet)
            .ok_or(OpenError::Bad)
    }

    fn locate_late(
        &self,
        parcel: &Parcel<'_>,
        core: Core,
        header: &HeaderKeys,
        chain: u32,
        field: FieldTag,
    ) -> Result<Located, OpenError> {
        let n = core.n;
        let key = self.skipped.get(chain, n).ok_or(OpenError::Used)?;
        if tag_of(parcel, header, &core)? != field {
            return Err(OpenError::Bad);
        }
        Ok((core, copy(key), Change::Late { chain, n }))
    }

    fn locate_forward(&self, receiving: &Receiving, core: Core) -> Result<Located, OpenError> {
        let mut chain = receiving.chain.copy();
        let skipped = skip_to(&mut chain, self.got_chains, core.n)?;
        let message = chain.advance().map_err(|_| OpenError::Bad)?;
        Ok((core, message, Change::Forward { chain, skipped }))
    }

    fn locate_turn(&self, parcel: &Parcel<'_>, core: Core) -> Result<Located, OpenError> {
        let theirs = core.dh.ok_or(OpenError::Bad)?;
        let mut skipped = Vec::new();
        if let Some(receiving) = &self.receiving {
            let mut rest = receiving.chain.copy();
            if core.pn > rest.next() {
                skipped = skip_to(&mut rest, self.got_chains, core.pn)?;
            }
        }
        let number = self.got_chains.checked_add(1).ok_or(OpenError::Bad)?;
        let field = field(parcel, &self.next_receive_header, &core)?;
        let Brought { shared, step } = self.steps.brings(&field)?;
        let (root, chain, next_receive_header) =
            root_step(&self.root, &self.mine, &theirs, shared.as_ref()).ok_or(OpenError::Bad)?;
        let mut chain = MessageChain::new(chain);
        skipped.extend(skip_to(&mut chain, number, core.n)?);
        let message = chain.advance().map_err(|_| OpenError::Bad)?;
        let turn = Turn {
            theirs,
            root,
            chain,
            field: step::tag_of(&field),
            next_receive_header: HeaderKeys::new(next_receive_header),
            skipped,
            step,
        };
        Ok((core, message, Change::Turn(Box::new(turn))))
    }
}

/// What names the field that a parcel bears; most bear none.
fn tag_of(parcel: &Parcel<'_>, header: &HeaderKeys, core: &Core) -> Result<FieldTag, OpenError> {
    match core.ext_len {
        0 => Ok(None),
        _ => Ok(step::tag_of(&field(parcel, header, core)?)),
    }
}

fn field(parcel: &Parcel<'_>, header: &HeaderKeys, core: &Core) -> Result<Vec<u8>, OpenError> {
    parcel.ext(header, core).map_err(|_| OpenError::Bad)
}

/// Walks a chain to number `n`, keeping the keys of the parcels that are late. `n` was bounded by
/// the parcel's checks.
fn skip_to(chain: &mut MessageChain, number: u32, n: u32) -> Result<Vec<SkippedKey>, OpenError> {
    if n > CHAIN_PARCELS_MAX {
        return Err(OpenError::Bad);
    }
    let mut skipped = Vec::new();
    while chain.next() < n {
        let at = chain.next();
        let key = chain.advance().map_err(|_| OpenError::Bad)?;
        skipped.push(SkippedKey {
            chain: number,
            n: at,
            key,
        });
    }
    Ok(skipped)
}
