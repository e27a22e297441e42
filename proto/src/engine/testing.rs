//! What a node's records hold, laid bare for tests that look where it must not be; in no program.

use super::{BadRecords, Engine};
use crate::secret::Said;
use crate::time::Now;
use crate::vault::Name;

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
