//! All keys of one invitation, the same for whoever holds its text, and the handshake and the edge
//! root that come of them. PROTOCOL §2a.

use crate::edge::{Agreed, prologue};
use crate::identity::Point;
use crate::invite::Code;
use crate::kdf::{self, Entropy, label};
use crate::limits::INVITE_SECRET_BYTES;
use crate::noise::{BadHandshake, Finished, Handshake, Pattern, Role, Setup, Speaker};
use crate::secret::{EdgeRoot, Flight, Hint, Invitation, KemShared, Key, Meeting, Psk, Wrap};

/// All keys of one invitation, the same for whoever holds its text.
pub(crate) struct InviteKeys {
    pub hint: Key<Hint>,
    pub flight: Key<Flight>,
    pub(super) wrap_j: Key<Wrap>,
    pub(super) wrap_i: Key<Wrap>,
    psk: Key<Psk>,
    meeting: Key<Meeting>,
    id: [u8; 32],
}

impl InviteKeys {
    /// `S = D("invite", secret || IK || expiry u32)`, and what comes from it.
    pub(crate) fn of(code: &Code) -> Self {
        let secret = &code.secret.expose()[..INVITE_SECRET_BYTES];
        let s: Key<Invitation> = kdf::derive(
            label::INVITE,
            &[secret, &code.ik, &code.expiry_min.to_le_bytes()],
        );
        let s = [s.expose().as_slice()];
        Self {
            hint: kdf::derive(label::INVITE_HINT, &s),
            flight: kdf::derive(label::INVITE_FLIGHT, &s),
            wrap_j: kdf::derive(label::INVITE_WRAP_J, &s),
            wrap_i: kdf::derive(label::INVITE_WRAP_I, &s),
            psk: kdf::derive(label::INVITE_PSK, &s),
            meeting: kdf::derive(label::INVITE_MEETING, &s),
            id: kdf::digest(label::INVITE_ID, &s),
        }
    }

    pub(super) fn start<'a>(
        &self,
        me: impl Into<Speaker<'a>>,
        other: Option<&Point>,
        role: Role,
        entropy: &mut Entropy,
    ) -> Result<Handshake, BadHandshake> {
        let prologue = prologue("kith/invite/1", &self.id);
        Setup {
            pattern: Pattern::XKpsk0,
            role,
            prologue: &prologue,
            psk: &self.psk,
            me: me.into(),
            other,
        }
        .start(entropy)
    }

    pub(super) fn root(
        &self,
        done: &Finished,
        kem: &Key<KemShared>,
        r_i: &[u8; 32],
        r_r: &[u8; 32],
    ) -> Key<EdgeRoot> {
        let (k_i, k_r, hash) = (&done.k_i, &done.k_r, &done.hash);
        Agreed {
            k_i,
            k_r,
            kem,
            meeting: &self.meeting,
            r_i,
            r_r,
            hash,
        }
        .root()
    }
}
