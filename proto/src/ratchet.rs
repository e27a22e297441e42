//! A session: the double ratchet with header encryption between two friends. Each message has a key
//! of its own, used once and gone; now and then a turn also mixes in a KEM secret. PROTOCOL §4.2, §4.3.
//!
//! [`Session::seal`] and [`Session::open`] are the only doors. Opening computes on `&self` and gives
//! an [`Opened`] whose [`Advance`] is applied by [`Session::advance`] when everything else has been
//! checked: until then nothing has changed. Knows no friend, no network, no disk.

mod chain;
pub(crate) mod continuity;
pub(crate) mod handshake;
mod progress;
mod record;
mod skipped;
mod step;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod testing;

use crate::identity::{self, Point};
use crate::kdf::{self, Entropy, label};
use crate::limits::{CHAIN_PARCELS_MAX, OLD_CHAINS_MAX};
use crate::parcel::{self, Contents, Core, Kind, Parcel};
use crate::secret::{Chain, Header, KemShared, Key, Message, RatchetScalar, Root, Said, Split};

use chain::MessageChain;
use continuity::Past;
pub(crate) use progress::{Progress, RolledBack, Standing, Standings};
pub(crate) use record::{BlockRecord, SessionRecord};
use skipped::Skipped;
pub(crate) use skipped::{Block, SkippedKey, bound_skipped};
use step::{Brought, FieldTag, Step, Steps};

/// A chain I send on.
struct Sending {
    chain: MessageChain,
    header: Key<Header>,
    /// My ratchet key, which every parcel of the chain names.
    dh: Point,
}

/// The chain I receive on.
struct Receiving {
    chain: MessageChain,
    header: Key<Header>,
    /// The KEM field that each of its parcels bears.
    field: FieldTag,
}

/// A chain of the peer that came to its end: its late parcels are known by its header.
struct OldChain {
    number: u32,
    /// When it ended: the node's age in minutes.
    since: u32,
    header: Key<Header>,
    /// The KEM field that each of its parcels bears.
    field: FieldTag,
}

/// One session with one friend.
pub(crate) struct Session {
    id: [u8; 32],
    /// Names its records on this machine, alone.
    number: u32,
    past: Past,
    root: Key<Root>,
    sending: Option<Sending>,
    next_send_header: Key<Header>,
    receiving: Option<Receiving>,
    next_receive_header: Key<Header>,
    mine: Key<RatchetScalar>,
    theirs: Option<Point>,
    previous_sent: u32,
    sent_chains: u32,
    got_chains: u32,
    steps: Steps,
    old: Vec<OldChain>,
    skipped: Skipped,
}

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

/// The change that opening a parcel makes.
pub(crate) struct Advance(Change);

/// What opens a parcel, and what it would change.
type Located = (Core, Key<Message>, Change);

enum Change {
    /// A key kept for a late parcel was used.
    Late { chain: u32, n: u32 },
    /// The current chain moved forward.
    Forward {
        chain: MessageChain,
        skipped: Vec<SkippedKey>,
    },
    /// The peer turned the ratchet.
    Turn(Box<Turn>),
}

struct Turn {
    theirs: Point,
    root: Key<Root>,
    receiving: Receiving,
    next_receive_header: Key<Header>,
    skipped: Vec<SkippedKey>,
    step: Step,
}

/// One root step: `XOF of MAC keyed RK over ("root" || X(dh) || ss_kem or 32 zeros || 1 or 0)`.
fn root_step(
    root: &Key<Root>,
    mine: &Key<RatchetScalar>,
    theirs: &Point,
    kem: Option<&Key<KemShared>>,
) -> Option<(Key<Root>, Key<Chain>, Key<Header>)> {
    let shared: Key<Split> = identity::agree(mine, theirs).ok()?;
    let kem = kem.filter(|_| !planted!(KemSecretIgnored));
    let secret = kem.map_or(&[0; 32], Key::expose);
    let fields: [&[u8]; 4] = [b"root", shared.expose(), secret, &[kem.is_some().into()]];
    let mut out = zeroize::Zeroizing::new([0; 96]);
    kdf::mac_into(root, &fields, &mut *out);
    Some((part(&*out, 0), part(&*out, 1), part(&*out, 2)))
}

/// The `index`-th 32 bytes of an expanded secret.
fn part<P>(bytes: &[u8], index: usize) -> Key<P> {
    Key::fill(|to| {
        to.iter_mut()
            .zip(bytes.iter().skip(32 * index))
            .for_each(|(to, from)| *to = *from)
    })
}

/// The keys a handshake leaves to both: `RK_0 | HK_I | NHK_R | session_id`.
pub(crate) struct SessionKeys {
    root: Key<Root>,
    header_i: Key<Header>,
    next_header_r: Key<Header>,
    id: [u8; 32],
}

impl SessionKeys {
    /// Expands `D("session", k_i || k_r || ss_kem || E || cont || h)`.
    pub(crate) fn derive(fields: &[&[u8]; 6]) -> Self {
        let mut out = zeroize::Zeroizing::new([0; 128]);
        kdf::derive_into(label::SESSION, fields, &mut *out);
        let mut id = [0; 32];
        id.copy_from_slice(&out[96..]);
        Self {
            root: part(&*out, 0),
            header_i: part(&*out, 1),
            next_header_r: part(&*out, 2),
            id,
        }
    }
}

impl Session {
    /// The initiator's side: it knows the responder's ratchet key and may send at once.
    pub(crate) fn initiate(keys: SessionKeys, theirs: Point) -> Self {
        let SessionKeys {
            root,
            header_i,
            next_header_r,
            id,
        } = keys;
        // The first root step draws a fresh scalar; this one is never used.
        Self::begin(
            id,
            root,
            header_i,
            next_header_r,
            Key::fill(|_| ()),
            Some(theirs),
        )
    }

    /// The responder's side: it waits for the initiator's first parcel.
    pub(crate) fn respond(keys: SessionKeys, mine: Key<RatchetScalar>) -> Self {
        let SessionKeys {
            root,
            header_i,
            next_header_r,
            id,
        } = keys;
        Self::begin(id, root, next_header_r, header_i, mine, None)
    }

    fn begin(
        id: [u8; 32],
        root: Key<Root>,
        next_send_header: Key<Header>,
        next_receive_header: Key<Header>,
        mine: Key<RatchetScalar>,
        theirs: Option<Point>,
    ) -> Self {
        Self {
            id,
            number: 0,
            past: Past::begin(&root),
            root,
            sending: None,
            next_send_header,
            receiving: None,
            next_receive_header,
            mine,
            theirs,
            previous_sent: 0,
            sent_chains: 0,
            got_chains: 0,
            steps: Steps::default(),
            old: Vec::new(),
            skipped: Skipped::default(),
        }
    }

    /// Names the session on both sides; known to nobody else.
    pub(crate) fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// Names its records on this machine.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// Gives it that number, before it is stored for the first time.
    pub(crate) fn numbered(self, number: u32) -> Self {
        Self { number, ..self }
    }

    /// What of its past it remembers.
    pub(crate) fn past(&self) -> &Past {
        &self.past
    }

    /// It takes the place of one with this past.
    pub(crate) fn inherit(&mut self, past: &Past) {
        self.past.inherit(past);
    }

    /// How many sending chains were begun.
    pub(crate) fn sent_chains(&self) -> u32 {
        self.sent_chains
    }

    /// Whether the chain I send on has run its length.
    pub(crate) fn has_ended(&self) -> bool {
        self.unanswered() >= CHAIN_PARCELS_MAX
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

    /// How far this session got, for the Hello of a link.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            session: self.id,
            sent_chain: self.sent_chains,
            // A chain that ended goes on counting until the next one begins.
            sent_n: self
                .sending
                .as_ref()
                .map_or(self.previous_sent, |s| s.chain.next()),
            got_chain: self.got_chains,
            got_n: self.receiving.as_ref().map_or(0, |r| r.chain.next()),
        }
    }

    /// Whether something can be sealed now, or only after the peer's next parcel.
    pub(crate) fn can_seal(&self) -> bool {
        match &self.sending {
            Some(sending) => sending.chain.next() < CHAIN_PARCELS_MAX,
            None => self.theirs.is_some(),
        }
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
    fn turn_sending(
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
            header,
            dh: identity::public(&mine),
        });
        (self.root, self.mine) = (root, mine);
        self.past.step(&self.root);
        self.sent_chains = sent_chains;
        // What the peer offered becomes my answer.
        Ok(shared.map(|_| Block::FIELD))
    }

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
        Ok((header.map(copy).ok_or(OpenError::NotOurs)?, key))
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

    fn core(&self, parcel: &Parcel<'_>, header: &Key<Header>) -> Result<Core, OpenError> {
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
        header: &Key<Header>,
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
        let header = copy(&self.next_receive_header);
        let receiving = Receiving {
            chain,
            header,
            field: step::tag_of(&field),
        };
        let turn = Turn {
            theirs,
            root,
            receiving,
            next_receive_header,
            skipped,
            step,
        };
        Ok((core, message, Change::Turn(Box::new(turn))))
    }

    /// Takes the step that an opened parcel asks for, at this age of the node in minutes. Says which
    /// blocks of skipped keys changed.
    pub(crate) fn advance(&mut self, advance: Advance, minute: u32) -> Vec<Block> {
        let changed = match advance.0 {
            Change::Late { chain, n } => self.skipped.take(chain, n).into_iter().collect(),
            Change::Forward { chain, skipped } => {
                if let Some(receiving) = self.receiving.as_mut().filter(|_| !planted!(ChainKeyKept))
                {
                    receiving.chain = chain;
                }
                self.skipped.keep(skipped, minute)
            }
            Change::Turn(turn) => self.turn_receiving(*turn, minute),
        };
        self.steps.count();
        changed
    }

    fn turn_receiving(&mut self, turn: Turn, minute: u32) -> Vec<Block> {
        let Turn {
            theirs,
            root,
            receiving,
            next_receive_header,
            skipped,
            step,
        } = turn;
        if let Some(ended) = self.receiving.replace(receiving) {
            self.old.push(OldChain {
                number: self.got_chains,
                since: minute,
                header: ended.header,
                field: ended.field,
            });
        }
        self.got_chains = self.got_chains.saturating_add(1);
        self.theirs = Some(theirs);
        self.root = root;
        self.past.step(&self.root);
        self.next_receive_header = next_receive_header;
        // My next seal begins a new chain.
        if let Some(ended) = self.sending.take() {
            self.previous_sent = ended.chain.next();
        }
        let mut changed = self.skipped.keep(skipped, minute);
        let stored = self.steps.stored().is_some();
        self.steps.take(step, minute);
        if stored || self.steps.stored().is_some() {
            changed.push(Block::FIELD);
        }
        // Its length is known now: of a chain without skipped keys nothing is late.
        self.old.retain(|old| self.skipped.has(old.number));
        if self.old.len() > OLD_CHAINS_MAX {
            let forgotten = self.old.remove(0);
            changed.extend(self.skipped.forget_chain(forgotten.number));
        }
        changed
    }

    /// Forgets skipped keys and chains that wait since this minute of the node's age or longer: post
    /// takes no more time. Says which blocks changed, and whether the session itself did.
    pub(crate) fn forget_since(&mut self, minute: u32) -> (Vec<Block>, bool) {
        let (before, mut changed) = (self.old.len(), self.skipped.forget_since(minute));
        let ended: Vec<_> = self.old.extract_if(.., |old| old.since <= minute).collect();
        for old in ended {
            changed.extend(self.skipped.forget_chain(old.number));
        }
        (changed, self.old.len() < before)
    }
}

/// What names the field that a parcel bears; most bear none.
fn tag_of(parcel: &Parcel<'_>, header: &Key<Header>, core: &Core) -> Result<FieldTag, OpenError> {
    match core.ext_len {
        0 => Ok(None),
        _ => Ok(step::tag_of(&field(parcel, header, core)?)),
    }
}

fn field(parcel: &Parcel<'_>, header: &Key<Header>, core: &Core) -> Result<Vec<u8>, OpenError> {
    parcel.ext(header, core).map_err(|_| OpenError::Bad)
}

/// A key for the state that does not exist yet, or to open a parcel on paper.
fn copy<P>(key: &Key<P>) -> Key<P> {
    Key::fill(|bytes| bytes.copy_from_slice(key.expose()))
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

#[cfg(test)]
mod tests;
