//! What a node's records hold, laid bare for tests that look where it must not be, and what a friend's
//! changed program could send; in no program.

use super::people::NewFriend;
use super::saved::Saved;
use super::{Engine, OpenError};
use crate::edge::{Edge, EdgeKeys};
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::message::{self, Payload};
use crate::petname::Petname;
pub use crate::ratchet::testing::Odd;
use crate::ratchet::{Block, testing};
use crate::secret::{Key, Said};
use crate::time::Now;
use crate::vault::Name;
use crate::words::Language;

/// Every secret of every friendship in these records: of edges, offers, sessions and invitations, and
/// the message keys that come next, each with what it is. None of the node's identity.
///
/// # Errors
/// If they are not what one engine wrote.
pub fn secrets(
    records: impl IntoIterator<Item = (Name, Said)>,
) -> Result<Vec<(&'static str, [u8; 32])>, OpenError> {
    let now = Now {
        wall_ms: 0,
        boot_ms: 0,
    };
    let engine = Engine::open(now, [0; 32], records)?;
    let mut secrets = Vec::new();
    for friend in engine.friends.values() {
        let sessions = friend.sessions.all();
        secrets.extend(sessions.flat_map(|(_, session)| session.secrets()));
        let offer = friend.sessions.offer.iter();
        secrets.extend(offer.flat_map(|offered| testing::of_offer(&offered.offer)));
        secrets.extend(friend.edges.all().flat_map(of_epoch));
        let asked = friend.edges.iter().filter_map(Edge::asked);
        secrets.extend(asked.map(|ask| ("edge share", *ask.share)));
        let former = friend.renewal.former.doors();
        secrets.extend(former.flat_map(|door| {
            [
                ("former hint", *door.hint.expose()),
                ("former flight key", *door.flight.expose()),
            ]
        }));
        let answers = friend.edges.iter().filter_map(Edge::answer);
        secrets.extend(answers.map(|answer| ("edge share", *answer.share)));
    }
    let made = engine.invites.values().map(|it| (&it.code, &it.keys));
    let taken = engine.joins.values().map(|it| (&it.code, &it.keys));
    secrets.extend(made.chain(taken).flat_map(|(code, keys)| {
        [
            // Half of the array is its secret, and half zeros.
            ("invitation secret", *code.secret.expose()),
            ("invitation hint", *keys.hint.expose()),
            ("invitation flight key", *keys.flight.expose()),
        ]
    }));
    Ok(secrets)
}

/// The identity in these records, and those of its friends.
///
/// # Errors
/// If they are not what one engine wrote.
pub fn points(records: impl IntoIterator<Item = (Name, Said)>) -> Result<Vec<[u8; 32]>, OpenError> {
    let now = Now {
        wall_ms: 0,
        boot_ms: 0,
    };
    let engine = Engine::open(now, [0; 32], records)?;
    let friends = engine.friends.values().map(|friend| &friend.point);
    let all = [engine.me.point()].into_iter().chain(friends);
    Ok(all.map(|point| *point.as_bytes()).collect())
}

/// The keys of one epoch of an edge, or of its last resort.
fn of_epoch(keys: &EdgeKeys) -> Vec<(&'static str, [u8; 32])> {
    let mut secrets = vec![
        ("edge root", *keys.root.expose()),
        ("epoch secret", *keys.secret.expose()),
        ("edge psk", *keys.psk.expose()),
    ];
    for way in [&keys.to, &keys.from] {
        secrets.extend([
            ("edge hint", *way.hint.expose()),
            ("flight key", *way.flight.expose()),
            ("wrap key", *way.wrap.expose()),
        ]);
        let header = way.ake_header.laid_bare();
        secrets.extend(header.map(|key| ("handshake header key", key)));
    }
    secrets
}

/// A node that has so many friends, whom it never met.
pub fn with_friends(count: u32) -> Engine {
    let now = Now {
        wall_ms: 1_800_000_000_000,
        boot_ms: 0,
    };
    let mut engine = Engine::create(now, [1; 32]);
    for no in 0..count {
        let seed = Key::fill(|bytes| bytes[..4].copy_from_slice(&no.to_le_bytes()));
        let Ok(petname) = Petname::parse(&format!("ami.{no}")) else {
            continue;
        };
        engine.befriend(NewFriend {
            petname,
            nick: String::new(),
            point: *Identity::from_seed(seed).point(),
            joined: false,
            root: Key::fill(|bytes| bytes[..4].copy_from_slice(&no.to_le_bytes())),
            addrs: Vec::new(),
            language: Language::French,
        });
    }
    engine
}

impl Engine {
    /// Edges get new secrets after so many links: in a test nobody waits for a thousand.
    #[must_use]
    pub fn rotating_after(self, links: u32) -> Self {
        Self {
            rotate_links: links,
            ..self
        }
    }
}

/// A parcel of the session with the node's first friend, which moves on as if it had been sent, and is
/// written with what comes next.
pub fn seal(engine: &mut Engine, odd: &Odd<'_>, entropy: [u8; 32]) -> Option<Vec<u8>> {
    let (no, friend) = engine.friends.iter_mut().next()?;
    let (no, session) = (*no, friend.sessions.active.as_mut()?);
    let number = session.number();
    let parcel = session.seal_odd(odd, &mut Entropy::new(entropy));
    engine.mark(Saved::Session(no, number));
    engine.mark_blocks(no, number, [Block::FIELD]);
    parcel
}

/// An offer of a session to the node's first friend: this stamp, and these bytes under the handshake.
pub fn offer(engine: &Engine, stamp: u64, bytes: &[u8], entropy: [u8; 32]) -> Option<Vec<u8>> {
    let friend = engine.friends.values().next()?;
    let ends = (
        friend.edges.all().next()?,
        engine.me.newest(),
        &friend.point,
    );
    testing::offer(ends, stamp, bytes, &mut Entropy::new(entropy))
}

/// What a friend may answer when the node has asked them for new secrets: this epoch, this share, and
/// the tag that goes with them. Nothing if it has not asked.
pub fn answer(engine: &Engine, epoch: u32, share: [u8; 32]) -> Option<Vec<u8>> {
    let friend = engine.friends.values().next()?;
    let answer = friend.edges.one()?.odd_answer(epoch, share)?;
    Some(message::encode(&[7; 16], &Payload::EdgeRekeyAck(answer)).to_vec())
}
