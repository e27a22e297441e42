//! Two ends of a link without a network, for tests; in no program.

use super::Records;
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::noise::{Pattern, Role, Setup};
use crate::secret::Key;

/// Two ends of a link that shook hands, dialler first. The same keys at each call.
#[allow(clippy::unwrap_used)]
pub fn linked() -> (Records, Records) {
    let identity = |n| Identity::from_seed(Key::fill(|b| b.fill(n)));
    let (a, b, psk) = (identity(1), identity(2), Key::fill(|b| b.fill(3)));
    let start = |me: &Identity, other: &Identity, role, seed| {
        Setup {
            pattern: Pattern::KKpsk0,
            role,
            prologue: b"kith/link/1".as_slice(),
            psk: &psk,
            me: me.into(),
            other: Some(other.point()),
        }
        .start(&mut Entropy::new([seed; 32]))
        .unwrap()
    };
    let mut i = start(&a, &b, Role::Initiator, 4);
    let mut r = start(&b, &a, Role::Responder, 5);
    r.read(&i.write(b"").unwrap()).unwrap();
    i.read(&r.write(b"").unwrap()).unwrap();
    (
        Records::new(i.finish().unwrap(), Role::Initiator),
        Records::new(r.finish().unwrap(), Role::Responder),
    )
}
