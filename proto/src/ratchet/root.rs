//! Where a session's keys come from: the handshake's secrets at its start, and the root step with
//! which every chain begins. Holds no state of its own. PROTOCOL §4.1, §4.2.

use crate::identity::{self, Point};
use crate::kdf::{self, label};
use crate::secret::{Chain, Header, KemShared, Key, RatchetScalar, Root, Split};

/// One root step: `XOF of MAC keyed RK over ("root" || X(dh) || ss_kem or 32 zeros || 1 or 0)`.
pub(super) fn root_step(
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
    pub(super) root: Key<Root>,
    pub(super) header_i: Key<Header>,
    pub(super) next_header_r: Key<Header>,
    pub(super) id: [u8; 32],
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
