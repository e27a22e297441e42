//! A session: the double ratchet with header encryption between two friends. Each message has a key
//! of its own, used once and gone. PROTOCOL §4.2.
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
#[cfg(any(test, feature = "testing"))]
mod testing;

use crate::identity::{self, Point};
use crate::kdf::{self, Entropy, label};
use crate::limits::{CHAIN_PARCELS_MAX, OLD_CHAINS_MAX};
use crate::parcel::{self, Core, Kind, Parcel};
use crate::secret::{Chain, Header, Key, RatchetScalar, Root, Said, Split};

use chain::MessageChain;
use continuity::Past;
pub(crate) use progress::{Progress, RolledBack, Standing, Standings};
pub(crate) use record::{SessionRecord, SkippedRecord};
use skipped::Skipped;
pub(crate) use skipped::{Block, SkippedKey};

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
}

/// A chain of the peer that came to its end: its late parcels are known by its header.
struct OldChain {
    number: u32,
    /// When it ended: the node's age in minutes.
    since: u32,
    header: Key<Header>,
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
}

/// One root step: `XOF of MAC keyed RK over ("root" || X(dh) || 32 zeros || 0)`. The zeros stand
/// where a KEM step puts its secret.
fn root_step(
    root: &Key<Root>,
    mine: &Key<RatchetScalar>,
    theirs: &Point,
) -> Option<(Key<Root>, Key<Chain>, Key<Header>)> {
    let shared: Key<Split> = identity::agree(mine, theirs).ok()?;
    let mut out = zeroize::Zeroizing::new([0; 96]);
    kdf::mac_into(root, &[b"root", shared.expose(), &[0; 32], &[0]], &mut *out);
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

    /// Seals a payload into one parcel. The message key is used and gone; the caller stores the new
    /// state before the parcel leaves.
    pub(crate) fn seal(
        &mut self,
        payload: &[u8],
        entropy: &mut Entropy,
    ) -> Result<Sealed, SealError> {
        let bucket = parcel::bucket_for(payload.len()).ok_or(SealError::TooLong)?;
        if self.sending.is_none() {
            self.turn_sending(entropy)?;
        }
        let Some(sending) = self.sending.as_mut() else {
            return Err(SealError::NotYet);
        };
        let n = sending.chain.next();
        let message = sending.chain.advance().map_err(|_| SealError::ChainEnds)?;
        let core = Core {
            kind: Kind::Ratchet,
            dh: Some(sending.dh),
            pn: self.previous_sent,
            n,
        };
        let nonce = entropy.bytes();
        let bytes = parcel::seal(
            &core,
            &sending.header,
            message,
            &self.id,
            nonce,
            payload,
            bucket,
        );
        Ok(Sealed {
            bytes,
            chain: self.sent_chains,
            n,
        })
    }

    /// The sending half of a root step, made when there is something to say.
    fn turn_sending(&mut self, entropy: &mut Entropy) -> Result<(), SealError> {
        let theirs = self.theirs.ok_or(SealError::NotYet)?;
        let mine = entropy.key();
        let (root, chain, next) = root_step(&self.root, &mine, &theirs).ok_or(SealError::NotYet)?;
        let header = core::mem::replace(&mut self.next_send_header, next);
        self.sending = Some(Sending {
            chain: MessageChain::new(chain),
            header,
            dh: identity::public(&mine),
        });
        (self.root, self.mine) = (root, mine);
        self.past.step(&self.root);
        self.sent_chains = self.sent_chains.saturating_add(1);
        Ok(())
    }

    /// Opens a parcel, on paper only: the session is as before until [`advance`](Self::advance).
    pub(crate) fn open(&self, parcel: &Parcel<'_>) -> Result<Opened, OpenError> {
        if let Some(receiving) = self.receiving.as_ref().filter(|r| parcel.fits(&r.header)) {
            let core = self.core(parcel, &receiving.header)?;
            if core.n < receiving.chain.next() {
                return self.open_late(parcel, self.got_chains, core.n);
            }
            // One chain has one ratchet key.
            if core.dh != self.theirs {
                return Err(OpenError::Bad);
            }
            return self.open_forward(parcel, receiving, core.n);
        }
        if parcel.fits(&self.next_receive_header) {
            let core = self.core(parcel, &self.next_receive_header)?;
            return self.open_turn(parcel, &core);
        }
        let old = self
            .old
            .iter()
            .find(|old| parcel.fits(&old.header))
            .ok_or(OpenError::NotOurs)?;
        let core = self.core(parcel, &old.header)?;
        self.open_late(parcel, old.number, core.n)
    }

    fn core(&self, parcel: &Parcel<'_>, header: &Key<Header>) -> Result<Core, OpenError> {
        parcel
            .core(header)
            .ok()
            .filter(|core| core.kind == Kind::Ratchet)
            .ok_or(OpenError::Bad)
    }

    fn open_late(&self, parcel: &Parcel<'_>, chain: u32, n: u32) -> Result<Opened, OpenError> {
        let key = self.skipped.get(chain, n).ok_or(OpenError::Used)?;
        let payload = parcel.open(key, &self.id).map_err(|_| OpenError::Bad)?;
        Ok(Opened {
            payload,
            advance: Advance(Change::Late { chain, n }),
        })
    }

    fn open_forward(
        &self,
        parcel: &Parcel<'_>,
        receiving: &Receiving,
        n: u32,
    ) -> Result<Opened, OpenError> {
        let mut chain = receiving.chain.copy();
        let skipped = skip_to(&mut chain, self.got_chains, n)?;
        let message = chain.advance().map_err(|_| OpenError::Bad)?;
        let payload = parcel
            .open(&message, &self.id)
            .map_err(|_| OpenError::Bad)?;
        Ok(Opened {
            payload,
            advance: Advance(Change::Forward { chain, skipped }),
        })
    }

    fn open_turn(&self, parcel: &Parcel<'_>, core: &Core) -> Result<Opened, OpenError> {
        let theirs = core.dh.ok_or(OpenError::Bad)?;
        let mut skipped = Vec::new();
        if let Some(receiving) = &self.receiving {
            let mut rest = receiving.chain.copy();
            if core.pn > rest.next() {
                skipped = skip_to(&mut rest, self.got_chains, core.pn)?;
            }
        }
        let number = self.got_chains.checked_add(1).ok_or(OpenError::Bad)?;
        let (root, chain, next_receive_header) =
            root_step(&self.root, &self.mine, &theirs).ok_or(OpenError::Bad)?;
        let mut chain = MessageChain::new(chain);
        skipped.extend(skip_to(&mut chain, number, core.n)?);
        let message = chain.advance().map_err(|_| OpenError::Bad)?;
        let payload = parcel
            .open(&message, &self.id)
            .map_err(|_| OpenError::Bad)?;
        let header = copy(&self.next_receive_header);
        let receiving = Receiving { chain, header };
        let turn = Turn {
            theirs,
            root,
            receiving,
            next_receive_header,
            skipped,
        };
        Ok(Opened {
            payload,
            advance: Advance(Change::Turn(Box::new(turn))),
        })
    }

    /// Takes the step that an opened parcel asks for, at this age of the node in minutes. Says which
    /// blocks of skipped keys changed.
    pub(crate) fn advance(&mut self, advance: Advance, minute: u32) -> Vec<Block> {
        match advance.0 {
            Change::Late { chain, n } => self.skipped.take(chain, n).into_iter().collect(),
            Change::Forward { chain, skipped } => {
                if let Some(receiving) = self.receiving.as_mut().filter(|_| !planted!(ChainKeyKept))
                {
                    receiving.chain = chain;
                }
                self.skipped.keep(skipped, minute)
            }
            Change::Turn(turn) => self.turn_receiving(*turn, minute),
        }
    }

    fn turn_receiving(&mut self, turn: Turn, minute: u32) -> Vec<Block> {
        let Turn {
            theirs,
            root,
            receiving,
            next_receive_header,
            skipped,
        } = turn;
        if let Some(ended) = self.receiving.replace(receiving) {
            self.old.push(OldChain {
                number: self.got_chains,
                since: minute,
                header: ended.header,
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

/// The header key a turn makes current, for the state that does not exist yet.
fn copy(key: &Key<Header>) -> Key<Header> {
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
}

#[cfg(test)]
mod tests;
