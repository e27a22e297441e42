//! What `tests/bench` measures, behind a door of its own: two ends of a session, two ends of a link,
//! a node with many friends. In no program.

use crate::edge::EdgeKeys;
use crate::engine::testing::with_friends;
use crate::engine::{Engine, Knock};
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::link;
use crate::message::{self, Payload, Text};
use crate::parcel::{Kind, Parcel};
use crate::ratchet::Session;
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::{self, Offer};
use crate::secret::{Key, Said};

/// Two friends on one machine, and what they say.
pub struct Pair {
    me: [Identity; 2],
    keys: [EdgeKeys; 2],
    sessions: [Session; 2],
    saying: Payload,
}

/// Why a measurement went wrong: it never should.
#[derive(Debug)]
pub struct Broken;

impl Pair {
    /// Two friends with a session, made by a handshake, and the text that they send each other.
    ///
    /// # Errors
    /// Never, as long as the handshake is right.
    pub fn meet(text: &[u8]) -> Result<Self, Broken> {
        let identity = |byte| Identity::from_seed(Key::fill(|bytes| bytes.fill(byte)));
        let me = [identity(1), identity(2)];
        let keys = |mine: usize, theirs: usize| {
            let root = Key::fill(|bytes| bytes.fill(3));
            EdgeKeys::first(root, me[mine].point(), me[theirs].point())
        };
        let keys = [keys(0, 1), keys(1, 0)];
        let sessions = shake_hands(&me, &keys).ok_or(Broken)?;
        let saying = Payload::Text(Text {
            incarnation: 1,
            number: 1,
            minute: 1,
            keep: 0,
            text: Said::new(text.to_vec()),
        });
        Ok(Self {
            me,
            keys,
            sessions,
            saying,
        })
    }

    /// What the engine does to say the text: lays it, and seals it with fresh entropy.
    ///
    /// # Errors
    /// If the chain has ended.
    pub fn seal(&mut self, by: usize, entropy: [u8; 32]) -> Result<Vec<u8>, Broken> {
        let mut entropy = Entropy::new(entropy);
        let payload = message::encode(&entropy.bytes(), &self.saying);
        let sealed = self.sessions[by].seal(&payload, 0, &mut entropy);
        Ok(sealed.map_err(|_| Broken)?.bytes)
    }

    /// What the engine does to hear it. The length of the text, in bytes.
    ///
    /// # Errors
    /// If the parcel does not open.
    pub fn open(&mut self, by: usize, parcel: &[u8]) -> Result<usize, Broken> {
        let parcel = Parcel::parse(parcel).ok_or(Broken)?;
        let opened = self.sessions[by].open(&parcel).map_err(|_| Broken)?;
        self.sessions[by].advance(opened.advance, 0);
        match message::decode(&opened.payload) {
            Ok((_, Payload::Text(text))) => Ok(text.text.len()),
            _ => Err(Broken),
        }
    }

    /// A whole handshake of a session, both sides.
    ///
    /// # Errors
    /// Never, as long as the handshake is right.
    pub fn shake_hands(&mut self) -> Result<(), Broken> {
        self.sessions = shake_hands(&self.me, &self.keys).ok_or(Broken)?;
        Ok(())
    }

    /// A whole handshake of a link, both sides: flight, answer, the keys of the records.
    ///
    /// # Errors
    /// Never, as long as the handshake is right.
    pub fn link(&self, entropy: [u8; 32]) -> Result<(), Broken> {
        let [i, r] = &self.me;
        let [of_i, of_r] = &self.keys;
        let mut entropy = Entropy::new(entropy);
        let (dialled, flight) =
            link::dial(of_i, i, r.point(), 1, &mut entropy).map_err(|_| Broken)?;
        let (answer, _) =
            link::answer(of_r, r, i.point(), &flight, &mut entropy).map_err(|_| Broken)?;
        let finished = dialled.finish(of_i, &answer);
        finished.map(|_| ()).map_err(|_| Broken)
    }
}

fn shake_hands(me: &[Identity; 2], keys: &[EdgeKeys; 2]) -> Option<[Session; 2]> {
    let [i, r] = me;
    let [of_i, of_r] = keys;
    let mut entropy = Entropy::new([4; 32]);
    let offer = Offer::draw(of_i, Past::of_pairing(&of_i.root), &mut entropy);
    let a1 = offer.parcel(of_i, i, r.point(), 1).ok()?;
    let payload = handshake::open(Kind::Ake1, &of_r.from.ake_header, &Parcel::parse(&a1)?)?;
    let (_, noise) = handshake::split_offer(&payload)?;
    let past = Past::of_pairing(&of_r.root);
    let (theirs, a2) = handshake::respond(of_r, r, i.point(), noise, &past, &mut entropy).ok()?;
    let payload = handshake::open(Kind::Ake2, &of_i.from.ake_header, &Parcel::parse(&a2)?)?;
    let mine = offer.finish(of_i, i, r.point(), &payload).ok()?;
    Some([mine.session, theirs.session])
}

/// A node with many friends, and strangers at its door.
pub struct Door(Engine);

impl Door {
    /// A node that has so many friends.
    pub fn of(friends: u32) -> Self {
        Self(with_friends(friends))
    }

    /// Whether these first bytes are turned away as a stranger's.
    pub fn turns_away(&self, bytes: &[u8]) -> bool {
        self.0.knock(bytes) == Knock::Stranger
    }
}
