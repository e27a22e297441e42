//! The only constructor of snow in the workspace: every handshake comes from here, with our own
//! resolver, so that no point is used unchecked and no randomness is asked from the system.
//!
//! Knows three patterns and their prologues, nothing of who is behind a key: that may also be a
//! [`StandIn`]. PROTOCOL "Three facts", §1, §4.4.

mod resolver;
mod stand_in;
#[cfg(test)]
mod tests;

use snow::params::NoiseParams;
use zeroize::Zeroize;

use crate::identity::{Identity, Point};
use crate::kdf::Entropy;
use crate::secret::{Identity as IdentityPurpose, Key, Psk, Split};

use resolver::Checked;
pub(crate) use stand_in::{StandIn, ephemeral};

/// Length of a Noise authentication tag, in bytes.
pub(crate) const TAG_BYTES: usize = 16;

/// A handshake pattern that Kith uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Both know each other: links and sessions. Two messages.
    KKpsk0,
    /// The initiator knows the responder: invitations. Three messages.
    XKpsk0,
    /// Nobody is known: the star of a meeting. Two messages.
    NNpsk0,
}

impl Pattern {
    fn name(self) -> &'static str {
        match self {
            Self::KKpsk0 => "Noise_KKpsk0_25519_ChaChaPoly_BLAKE2s",
            Self::XKpsk0 => "Noise_XKpsk0_25519_ChaChaPoly_BLAKE2s",
            Self::NNpsk0 => "Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s",
        }
    }
}

/// A handshake message did not authenticate, or held a point we refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadHandshake;

impl From<snow::Error> for BadHandshake {
    // Why it failed can serve an attacker; nobody is told.
    fn from(_: snow::Error) -> Self {
        Self
    }
}

/// Which end of a handshake one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Sends the first message.
    Initiator,
    /// Answers it.
    Responder,
}

/// The identity that speaks in a handshake.
#[derive(Clone, Copy)]
pub(crate) enum Speaker<'a> {
    /// One's own.
    Own(&'a Key<IdentityPurpose>),
    /// Somebody else's, played by a forger.
    StandIn(&'a StandIn),
    /// None: the pattern has no static key.
    Nobody,
}

impl<'a> From<&'a Identity> for Speaker<'a> {
    fn from(me: &'a Identity) -> Self {
        Self::Own(me.scalar())
    }
}

impl<'a> From<&'a StandIn> for Speaker<'a> {
    fn from(them: &'a StandIn) -> Self {
        Self::StandIn(them)
    }
}

/// What a handshake is made of.
pub(crate) struct Setup<'a> {
    pub pattern: Pattern,
    pub role: Role,
    pub prologue: &'a [u8],
    pub psk: &'a Key<Psk>,
    pub me: Speaker<'a>,
    /// The other's static point, where the pattern has it known beforehand.
    pub other: Option<&'a Point>,
}

/// A handshake under way.
pub(crate) struct Handshake {
    state: Box<snow::HandshakeState>,
}

impl Setup<'_> {
    /// Starts the handshake; its ephemeral key comes from `entropy`, so the same entropy makes the
    /// same messages (§4.1 rebuilds an initiator this way).
    pub(crate) fn start(self, entropy: &mut Entropy) -> Result<Handshake, BadHandshake> {
        let params: NoiseParams = self.pattern.name().parse()?;
        let (stand_in, me) = match self.me {
            Speaker::Own(scalar) => (None, Some(scalar.expose())),
            // Where snow wants a scalar it gets the point: it only hands it to our `set`.
            Speaker::StandIn(them) => (Some(them.copy()), Some(them.point.as_bytes())),
            Speaker::Nobody => (None, None),
        };
        let resolver = Checked {
            seed: entropy.key(),
            stand_in,
        };
        let mut builder = snow::Builder::with_resolver(params, Box::new(resolver))
            .prologue(self.prologue)?
            .psk(0, self.psk.expose())?;
        if let Some(me) = me {
            builder = builder.local_private_key(me)?;
        }
        if let Some(other) = self.other {
            builder = builder.remote_public_key(other.as_bytes())?;
        }
        let state = match self.role {
            Role::Initiator => builder.build_initiator()?,
            Role::Responder => builder.build_responder()?,
        };
        Ok(Handshake {
            state: Box::new(state),
        })
    }
}

impl Handshake {
    /// The next message, with a payload.
    pub(crate) fn write(&mut self, payload: &[u8]) -> Result<Vec<u8>, BadHandshake> {
        // The largest message has two points, two tags and its payload.
        let mut message = vec![0; payload.len() + 2 * 32 + 2 * TAG_BYTES];
        let used = self.state.write_message(payload, &mut message)?;
        message.truncate(used);
        Ok(message)
    }

    /// Reads the next message and gives its payload.
    pub(crate) fn read(
        &mut self,
        message: &[u8],
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, BadHandshake> {
        let mut payload = zeroize::Zeroizing::new(vec![0; message.len()]);
        let used = self.state.read_message(message, &mut payload)?;
        payload.truncate(used);
        Ok(payload)
    }

    /// The other's static point, once it is known; checked like any other.
    pub(crate) fn other(&self) -> Result<Point, BadHandshake> {
        let bytes = self.state.get_remote_static().ok_or(BadHandshake)?;
        Point::parse(bytes.try_into().map_err(|_| BadHandshake)?).map_err(|_| BadHandshake)
    }

    /// Ends a handshake whose messages have all passed.
    pub(crate) fn finish(mut self) -> Result<Finished, BadHandshake> {
        if !self.state.is_handshake_finished() {
            return Err(BadHandshake);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(self.state.get_handshake_hash());
        let (mut i, mut r) = self.state.dangerously_get_raw_split();
        let k_i = Key::fill(|bytes| bytes.copy_from_slice(&i));
        let k_r = Key::fill(|bytes| bytes.copy_from_slice(&r));
        i.zeroize();
        r.zeroize();
        Ok(Finished {
            k_i,
            k_r,
            hash,
            transport: Box::new(self.state.into_transport_mode()?),
        })
    }
}

/// What a finished handshake leaves: `k_i`, `k_r`, `h`, and its transport.
pub(crate) struct Finished {
    pub k_i: Key<Split>,
    pub k_r: Key<Split>,
    pub hash: [u8; 32],
    pub transport: Box<snow::TransportState>,
}
