//! Plays a party of a handshake whose scalar nobody here has: that this works is what makes a
//! handshake deniable. Knows the scalars of whoever forges, and no other. PROTOCOL §4.4.

use crate::identity::{self, Identity, Point};
use crate::kdf::Entropy;
use crate::secret::{HandshakeSeed, Identity as IdentityPurpose, Key, Split};

/// Plays the owner of a point without its scalar, toward points whose scalars are known: what the
/// owner would agree with them is what they agree with the owner.
pub(crate) struct StandIn {
    pub(super) point: Point,
    known: [Key<IdentityPurpose>; 2],
}

impl StandIn {
    /// Whoever forges knows their own identity's scalar, and the ephemeral one they will use.
    pub(crate) fn new(point: Point, me: &Identity, ephemeral: Key<IdentityPurpose>) -> Self {
        let known = [copy(me.scalar()), ephemeral];
        Self { point, known }
    }

    pub(super) fn agree(&self, with: &Point) -> Result<Key<Split>, snow::Error> {
        let mut known = self.known.iter();
        let scalar = known.find(|scalar| identity::public(scalar) == *with);
        identity::agree(scalar.ok_or(snow::Error::Dh)?, &self.point).map_err(|_| snow::Error::Dh)
    }

    pub(super) fn copy(&self) -> Self {
        let [me, ephemeral] = &self.known;
        Self {
            point: self.point,
            known: [copy(me), copy(ephemeral)],
        }
    }
}

/// Once more, for the library that owns its keys.
fn copy(key: &Key<IdentityPurpose>) -> Key<IdentityPurpose> {
    Key::fill(|bytes| bytes.copy_from_slice(key.expose()))
}

/// The ephemeral scalar of the handshake that will take the next draw of `entropy`.
pub(crate) fn ephemeral(entropy: &mut Entropy) -> Key<IdentityPurpose> {
    Entropy::new(*entropy.key::<HandshakeSeed>().expose()).key()
}
