//! The secrets two friends share, and the keys one epoch of them gives: for the link's door and for
//! the session's handshake. Erase them and the friendship is gone from this disk.
//!
//! Below everything that speaks to a friend; knows no state of any conversation. PROTOCOL §2.

mod rotation;

use zeroize::Zeroizing;

use crate::identity::Point;
use crate::kdf::{self, Entropy, label};
use crate::noise::{BadHandshake, Handshake, Pattern, Role, Setup, Speaker};
use crate::parcel::HeaderKeys;
use crate::secret::{
    EdgeEpoch, EdgeRecovery, EdgeRoot, Flight, Hint, KemShared, Key, Meeting, Psk, Split, Wrap,
};

pub(crate) use rotation::{Answer, Ask, Edge, EdgeRecord, Share};

/// The epoch that is no epoch: its keys come from the recovery secret alone. §2
pub(crate) const RECOVERY: u32 = u32::MAX;

/// The keys of one direction, from one friend to the other.
pub(crate) struct Way {
    /// Finds a friend's flight among strangers'.
    pub hint: Key<Hint>,
    /// Authenticates a flight before any Diffie-Hellman.
    pub flight: Key<Flight>,
    /// Masks the handshake.
    pub wrap: Key<Wrap>,
    /// HHK: header key of AKE parcels.
    pub ake_header: HeaderKeys,
}

impl Way {
    fn copy(&self) -> Self {
        Self {
            hint: copy(&self.hint),
            flight: copy(&self.flight),
            wrap: copy(&self.wrap),
            ake_header: HeaderKeys::of(self.ake_header.key()),
        }
    }
}

/// For the side that a forger plays.
fn copy<P>(key: &Key<P>) -> Key<P> {
    Key::fill(|bytes| bytes.copy_from_slice(key.expose()))
}

/// The keys of one epoch of an edge, seen from my side.
pub(crate) struct EdgeKeys {
    /// Which epoch; 0 is the one that pairing made, [`RECOVERY`] the last resort.
    pub epoch: u32,
    /// Tells the epochs and candidates of one edge apart, on this machine alone.
    pub name: [u8; 16],
    /// ER, which all else here comes from; RE in [`RECOVERY`].
    pub root: Key<EdgeRoot>,
    /// E, which goes into each session key.
    pub secret: Key<EdgeEpoch>,
    /// Of the Noise handshakes.
    pub psk: Key<Psk>,
    /// From me to my friend.
    pub to: Way,
    /// From my friend to me.
    pub from: Way,
}

impl EdgeKeys {
    /// All keys of epoch 0, from its root alone.
    pub(crate) fn first(root: Key<EdgeRoot>, me: &Point, friend: &Point) -> Self {
        let recovery = recovery(&root);
        Self::of(0, root, &recovery, me, friend)
    }

    /// All keys of an epoch. The hints are those of the edge, whatever the epoch.
    fn of(
        epoch: u32,
        root: Key<EdgeRoot>,
        recovery: &Key<EdgeRecovery>,
        me: &Point,
        friend: &Point,
    ) -> Self {
        let secret: Key<EdgeEpoch> = kdf::derive(label::EDGE_EPOCH, &[root.expose()]);
        let way = |from: &Point, to: &Point| {
            let (from, to) = (from.as_bytes().as_slice(), to.as_bytes().as_slice());
            Way {
                hint: kdf::derive(label::EDGE_HINT, &[recovery.expose(), from, to]),
                flight: kdf::derive(label::EDGE_FLIGHT, &[secret.expose(), from, to]),
                wrap: kdf::derive(label::EDGE_WRAP, &[secret.expose(), from, to]),
                ake_header: HeaderKeys::new(kdf::derive(
                    label::EDGE_AKE_HEADER,
                    &[secret.expose(), from, to],
                )),
            }
        };
        let (to, from) = (way(me, friend), way(friend, me));
        let psk: Key<Psk> = kdf::derive(label::EDGE_PSK, &[secret.expose()]);
        let name = kdf::mac(&psk, &[b"name"]);
        Self {
            epoch,
            name,
            root,
            secret,
            psk,
            to,
            from,
        }
    }

    /// Whether these are the keys of the last resort.
    pub(crate) fn is_recovery(&self) -> bool {
        self.epoch == RECOVERY
    }

    /// The same keys seen from the friend's side: both ends hold them all.
    pub(crate) fn mirrored(&self) -> Self {
        Self {
            epoch: self.epoch,
            name: self.name,
            root: copy(&self.root),
            secret: copy(&self.secret),
            psk: copy(&self.psk),
            to: self.from.copy(),
            from: self.to.copy(),
        }
    }

    /// Starts `Noise_KKpsk0` under this epoch; the prologue keeps links and sessions apart.
    pub(crate) fn handshake<'a>(
        &self,
        protocol: &str,
        me: impl Into<Speaker<'a>>,
        friend: &Point,
        role: Role,
        entropy: &mut Entropy,
    ) -> Result<Handshake, BadHandshake> {
        Setup {
            pattern: Pattern::KKpsk0,
            role,
            prologue: &prologue(protocol, &self.epoch.to_le_bytes()),
            psk: &self.psk,
            me: me.into(),
            other: Some(friend),
        }
        .start(entropy)
    }
}

/// RE of an edge, from the root that pairing made.
fn recovery(first: &Key<EdgeRoot>) -> Key<EdgeRecovery> {
    kdf::derive(label::EDGE_RECOVERY, &[first.expose()])
}

/// What a pairing agreed on, from which both compute the same edge root.
pub(crate) struct Agreed<'a> {
    pub k_i: &'a Key<Split>,
    pub k_r: &'a Key<Split>,
    pub kem: &'a Key<KemShared>,
    pub meeting: &'a Key<Meeting>,
    pub r_i: &'a [u8; 32],
    pub r_r: &'a [u8; 32],
    pub hash: &'a [u8; 32],
}

impl Agreed<'_> {
    /// ER_0.
    pub(crate) fn root(&self) -> Key<EdgeRoot> {
        kdf::derive(
            label::EDGE_ROOT,
            &[
                self.k_i.expose(),
                self.k_r.expose(),
                self.kem.expose(),
                self.meeting.expose(),
                self.r_i,
                self.r_r,
                self.hash,
            ],
        )
    }
}

/// A Noise prologue: a text, then raw bytes.
pub(crate) fn prologue(text: &str, rest: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([text.as_bytes(), rest].concat())
}
