//! The only constructor of snow in the workspace: every handshake comes from here, with our own
//! resolver, so that no point is used unchecked and no randomness is asked from the system.
//!
//! snow's own resolver accepts points of low order; ours refuses them and their twins, and the
//! handshake ends. Knows four patterns and their prologues, nothing of who is behind a key.
//! A [`StandIn`] plays a party whose scalar is not known: that this works is what makes a
//! handshake deniable. PROTOCOL "Three facts", §1, §4.4.

use blake2::{Blake2s256, Digest};
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use snow::params::{CipherChoice, DHChoice, HashChoice, NoiseParams};
use snow::resolvers::CryptoResolver;
use snow::types::{Cipher, Dh, Hash, Random};
use zeroize::Zeroize;

use crate::identity::{self, Identity, Point};
use crate::kdf::Entropy;
use crate::secret::{HandshakeSeed, Identity as IdentityPurpose, Key, Psk, Split};

/// Length of a Noise authentication tag, in bytes.
pub(crate) const TAG_BYTES: usize = 16;

/// A handshake pattern that Kith uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Both know each other: links and sessions. Two messages.
    KKpsk0,
    /// The initiator knows the responder: invitations. Three messages.
    XKpsk0,
}

impl Pattern {
    fn name(self) -> &'static str {
        match self {
            Self::KKpsk0 => "Noise_KKpsk0_25519_ChaChaPoly_BLAKE2s",
            Self::XKpsk0 => "Noise_XKpsk0_25519_ChaChaPoly_BLAKE2s",
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

/// Plays the owner of a point without its scalar, toward points whose scalars are known: what the
/// owner would agree with them is what they agree with the owner.
pub(crate) struct StandIn {
    point: Point,
    known: [Key<IdentityPurpose>; 2],
}

impl StandIn {
    /// Whoever forges knows their own identity's scalar, and the ephemeral one they will use.
    pub(crate) fn new(point: Point, me: &Identity, ephemeral: Key<IdentityPurpose>) -> Self {
        let known = [copy(me.scalar()), ephemeral];
        Self { point, known }
    }

    fn agree(&self, with: &Point) -> Result<Key<Split>, snow::Error> {
        let mut known = self.known.iter();
        let scalar = known.find(|scalar| identity::public(scalar) == *with);
        identity::agree(scalar.ok_or(snow::Error::Dh)?, &self.point).map_err(|_| snow::Error::Dh)
    }

    fn copy(&self) -> Self {
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
            Speaker::Own(scalar) => (None, scalar.expose()),
            // Where snow wants a scalar it gets the point: it only hands it to our `set`.
            Speaker::StandIn(them) => (Some(them.copy()), them.point.as_bytes()),
        };
        let resolver = Checked {
            seed: entropy.key(),
            stand_in,
        };
        let mut builder = snow::Builder::with_resolver(params, Box::new(resolver))
            .prologue(self.prologue)?
            .psk(0, self.psk.expose())?
            .local_private_key(me)?;
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

/// X25519 with checked points, ChaCha20-Poly1305, BLAKE2s, randomness from given entropy.
struct Checked {
    seed: Key<HandshakeSeed>,
    /// Who plays the static key, if nobody here has its scalar.
    stand_in: Option<StandIn>,
}

impl CryptoResolver for Checked {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(Given(Entropy::new(*self.seed.expose()))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        matches!(choice, DHChoice::Curve25519).then(|| {
            Box::new(CheckedDh {
                scalar: Key::fill(|_| ()),
                public: [0; 32],
                stand_in: self.stand_in.as_ref().map(StandIn::copy),
            }) as Box<dyn Dh>
        })
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        matches!(choice, HashChoice::Blake2s)
            .then(|| Box::new(Blake2s(Blake2s256::new())) as Box<dyn Hash>)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        matches!(choice, CipherChoice::ChaChaPoly).then(|| {
            Box::new(ChaChaPoly {
                key: Key::fill(|_| ()),
            }) as Box<dyn Cipher>
        })
    }
}

struct Given(Entropy);

impl Random for Given {
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), snow::Error> {
        self.0.fill(dest);
        Ok(())
    }
}

struct CheckedDh {
    scalar: Key<IdentityPurpose>,
    public: [u8; 32],
    /// In place of a static scalar; an ephemeral one is always drawn.
    stand_in: Option<StandIn>,
}

impl CheckedDh {
    fn renew(&mut self, scalar: Key<IdentityPurpose>) {
        self.stand_in = None;
        self.public = *identity::public(&scalar).as_bytes();
        self.scalar = scalar;
    }
}

impl Dh for CheckedDh {
    fn name(&self) -> &'static str {
        "25519"
    }

    fn pub_len(&self) -> usize {
        32
    }

    fn priv_len(&self) -> usize {
        32
    }

    fn set(&mut self, privkey: &[u8]) {
        // snow sets static keys alone.
        if let Some(them) = &self.stand_in {
            self.public = *them.point.as_bytes();
            return;
        }
        // snow has checked the length against `priv_len`.
        self.renew(Key::fill(|bytes| {
            bytes
                .iter_mut()
                .zip(privkey)
                .for_each(|(to, from)| *to = *from)
        }));
    }

    fn generate(&mut self, rng: &mut dyn Random) -> Result<(), snow::Error> {
        let mut drawn = Ok(());
        let scalar = Key::fill(|bytes| drawn = rng.try_fill_bytes(bytes));
        drawn?;
        self.renew(scalar);
        Ok(())
    }

    fn pubkey(&self) -> &[u8] {
        &self.public
    }

    fn privkey(&self) -> &[u8] {
        self.scalar.expose()
    }

    fn dh(&self, pubkey: &[u8], out: &mut [u8]) -> Result<(), snow::Error> {
        let bytes: [u8; 32] = pubkey
            .get(..32)
            .and_then(|b| b.try_into().ok())
            .ok_or(snow::Error::Dh)?;
        let point = Point::parse(bytes).map_err(|_| snow::Error::Dh)?;
        let shared: Key<Split> = match &self.stand_in {
            Some(them) => them.agree(&point)?,
            None => identity::agree(&self.scalar, &point).map_err(|_| snow::Error::Dh)?,
        };
        out.get_mut(..32)
            .ok_or(snow::Error::Dh)?
            .copy_from_slice(shared.expose());
        Ok(())
    }
}

struct ChaChaPoly {
    key: Key<Split>,
}

impl ChaChaPoly {
    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(self.key.expose().into())
    }

    fn nonce(counter: u64) -> Nonce {
        let mut nonce = Nonce::default();
        nonce[4..].copy_from_slice(&counter.to_le_bytes());
        nonce
    }
}

impl Cipher for ChaChaPoly {
    fn name(&self) -> &'static str {
        "ChaChaPoly"
    }

    fn set(&mut self, key: &[u8; 32]) {
        self.key = Key::fill(|bytes| bytes.copy_from_slice(key));
    }

    fn encrypt(&self, nonce: u64, authtext: &[u8], plaintext: &[u8], out: &mut [u8]) -> usize {
        let (text, rest) = out.split_at_mut(plaintext.len());
        text.copy_from_slice(plaintext);
        // Fails only beyond 256 GiB; an empty tag then makes the other end refuse.
        let tag = self
            .cipher()
            .encrypt_inout_detached(&Self::nonce(nonce), authtext, text.into())
            .unwrap_or_default();
        rest[..TAG_BYTES].copy_from_slice(&tag);
        plaintext.len() + TAG_BYTES
    }

    fn decrypt(
        &self,
        nonce: u64,
        authtext: &[u8],
        ciphertext: &[u8],
        out: &mut [u8],
    ) -> Result<usize, snow::Error> {
        let length = ciphertext
            .len()
            .checked_sub(TAG_BYTES)
            .ok_or(snow::Error::Decrypt)?;
        let (text, tag) = ciphertext.split_at(length);
        let tag = Tag::try_from(tag).map_err(|_| snow::Error::Decrypt)?;
        let out = out.get_mut(..length).ok_or(snow::Error::Decrypt)?;
        out.copy_from_slice(text);
        self.cipher()
            .decrypt_inout_detached(&Self::nonce(nonce), authtext, out.into(), &tag)
            .map_err(|_| snow::Error::Decrypt)?;
        Ok(length)
    }
}

struct Blake2s(Blake2s256);

impl Hash for Blake2s {
    fn name(&self) -> &'static str {
        "BLAKE2s"
    }

    fn block_len(&self) -> usize {
        64
    }

    fn hash_len(&self) -> usize {
        32
    }

    fn reset(&mut self) {
        self.0 = Blake2s256::new();
    }

    fn input(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn result(&mut self, out: &mut [u8]) {
        let hash = self.0.finalize_reset();
        out[..32].copy_from_slice(&hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends() -> (Identity, Identity, Key<Psk>) {
        let identity = |n| Identity::from_seed(Key::fill(|b| b.fill(n)));
        (identity(1), identity(2), Key::fill(|b| b.fill(3)))
    }

    fn kk(me: &Identity, other: &Identity, psk: &Key<Psk>, role: Role, seed: u8) -> Handshake {
        Setup {
            pattern: Pattern::KKpsk0,
            role,
            prologue: b"kith/link/1",
            psk,
            me: me.into(),
            other: Some(other.point()),
        }
        .start(&mut Entropy::new([seed; 32]))
        .unwrap()
    }

    #[test]
    fn both_ends_leave_a_handshake_with_the_same_keys() {
        let (a, b, psk) = ends();
        let (mut i, mut r) = (
            kk(&a, &b, &psk, Role::Initiator, 4),
            kk(&b, &a, &psk, Role::Responder, 5),
        );
        let first = i.write(b"ver").unwrap();
        assert_eq!(first.len(), 48 + 3);
        assert_eq!(&**r.read(&first).unwrap(), b"ver");
        let second = r.write(b"").unwrap();
        i.read(&second).unwrap();
        let (i, r) = (i.finish().unwrap(), r.finish().unwrap());
        assert!(i.k_i.same(&r.k_i) && i.k_r.same(&r.k_r));
        assert_eq!(i.hash, r.hash);
    }

    #[test]
    fn the_same_entropy_makes_the_same_first_message() {
        let (a, b, psk) = ends();
        let mut once = kk(&a, &b, &psk, Role::Initiator, 4);
        let mut again = kk(&a, &b, &psk, Role::Initiator, 4);
        assert_eq!(once.write(b"x").unwrap(), again.write(b"x").unwrap());
    }

    #[test]
    fn an_ephemeral_of_low_order_ends_the_handshake() {
        let (a, b, psk) = ends();
        let mut i = kk(&a, &b, &psk, Role::Initiator, 4);
        let first = i.write(b"").unwrap();
        for e in [[0u8; 32], core::array::from_fn(|n| u8::from(n == 0))] {
            let mut forged = first.clone();
            forged[..32].copy_from_slice(&e);
            assert!(kk(&b, &a, &psk, Role::Responder, 5).read(&forged).is_err());
        }
        let mut dh = CheckedDh {
            scalar: Key::fill(|b| b.fill(7)),
            public: [0; 32],
            stand_in: None,
        };
        dh.set(&[7; 32]);
        assert!(matches!(
            dh.dh(&[0; 32], &mut [0; 32]),
            Err(snow::Error::Dh)
        ));
    }

    #[test]
    fn another_prologue_is_another_handshake() {
        let (a, b, psk) = ends();
        let mut i = kk(&a, &b, &psk, Role::Initiator, 4);
        let first = i.write(b"").unwrap();
        let mut r = Setup {
            pattern: Pattern::KKpsk0,
            role: Role::Responder,
            prologue: b"kith/ake/1",
            psk: &psk,
            me: (&b).into(),
            other: Some(a.point()),
        }
        .start(&mut Entropy::new([5; 32]))
        .unwrap();
        assert!(r.read(&first).is_err());
    }

    /// Attack 2: another resolver, or another curve, would bring unchecked points back.
    #[test]
    fn there_is_one_constructor_of_snow_and_one_curve_in_the_tree() {
        let lock = include_str!("../../Cargo.lock");
        assert_eq!(lock.matches("name = \"curve25519-dalek\"").count(), 1);
        let manifest = include_str!("../../Cargo.toml");
        let snow = manifest
            .lines()
            .find(|line| line.starts_with("snow = "))
            .unwrap();
        assert!(
            snow.contains("default-features = false") && snow.contains("[\"risky-raw-split\"]"),
            "{snow}"
        );
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap();
        let mut builders = Vec::new();
        for krate in ["proto/src", "node/src", "cli/src"] {
            files_with("snow::Builder", &root.join(krate), &mut builders);
        }
        assert_eq!(builders, [root.join("proto/src/noise.rs")]);
    }

    fn files_with(text: &str, dir: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_with(text, &path, found);
            } else if std::fs::read_to_string(&path).unwrap().contains(text) {
                found.push(path);
            }
        }
    }
}
