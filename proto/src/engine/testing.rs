//! What a node's records hold, laid bare for tests that look where it must not be, and what a friend's
//! changed program could send; in no program.

use super::people::NewFriend;
use super::{BadRecords, Engine};
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::message::{self, Payload};
use crate::petname::Petname;
use crate::ratchet::testing;
pub use crate::ratchet::testing::Odd;
use crate::secret::{Key, Said};
use crate::time::Now;
use crate::vault::Name;
use crate::words::Language;

/// Every secret of every session in these records, and the message keys that come next, each with
/// what it is.
///
/// # Errors
/// If they are not what one engine wrote.
pub fn secrets(
    records: impl IntoIterator<Item = (Name, Said)>,
) -> Result<Vec<(&'static str, [u8; 32])>, BadRecords> {
    let now = Now {
        wall_ms: 0,
        boot_ms: 0,
    };
    let engine = Engine::open(now, [0; 32], records)?;
    let friends = engine.friends.values();
    let sessions = friends.flat_map(|friend| friend.sessions.all());
    Ok(sessions
        .flat_map(|(_, session)| session.secrets())
        .collect())
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

/// A parcel of the session with the node's first friend, which moves on as if it had been sent.
pub fn seal(engine: &mut Engine, odd: &Odd<'_>, entropy: [u8; 32]) -> Option<Vec<u8>> {
    let friend = engine.friends.values_mut().next()?;
    let session = friend.sessions.active.as_mut()?;
    session.seal_odd(odd, &mut Entropy::new(entropy))
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
