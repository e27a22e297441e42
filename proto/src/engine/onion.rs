//! The onion service of this node, as far as the engine knows it: the one secret it is made of, so that
//! it has the same address after a restart. PROTOCOL §3 "Tor".
//!
//! What stands here needs no friend and no name. A locked node that shall be found at the same address
//! takes the secret to the compartment of what it holds for others; then this file goes with it.

use super::saved::Saved;
use super::{Effect, Engine};
use crate::kdf::{self, label};
use crate::limits::ONION_KEY_BYTES;
use crate::secret::{Key, Onion, Said};

impl Engine {
    /// Tor is to be used: it gets what our service is made of, drawn the first time.
    pub(super) fn publish_service(&mut self) {
        if self.onion.is_none() {
            self.onion = Some(self.entropy.key());
            self.mark(Saved::Onion);
        }
        let key = self.onion.as_ref().map(service_key);
        key.into_iter()
            .for_each(|key| self.then(Effect::Publish(key)));
    }
}

/// What Tor calls an expanded Ed25519 secret: a scalar in the form the curve wants, and 32 bytes more.
/// Tor alone uses it, to say which relays lead to the service; nothing of ours is ever signed.
fn service_key(secret: &Key<Onion>) -> Said {
    let mut key = Said::new(vec![0; ONION_KEY_BYTES]);
    kdf::derive_into(label::ONION_SERVICE, &[secret.expose()], &mut key);
    if let Some(scalar) = key.first_chunk_mut::<32>() {
        scalar[0] &= 0b1111_1000;
        scalar[31] = scalar[31] & 0b0111_1111 | 0b0100_0000;
    }
    key
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicU8, Ordering};

    use super::*;
    use crate::engine::{Input, Settings};
    use crate::profile::{Profile, Ways};
    use crate::time::Now;
    use crate::vault::Put;

    const NOW: Now = Now {
        boot_ms: 0,
        wall_ms: 1_900_000_000_000,
    };

    /// What a node with these ways gives to Tor when it starts, and its records.
    fn started(engine: &mut Engine, profile: Profile) -> (Option<Said>, Vec<Put>) {
        static DRAWS: AtomicU8 = AtomicU8::new(10);
        let ways = Ways::new(profile, false);
        let settings = Settings {
            ways,
            ..engine.settings
        };
        let entropy = [DRAWS.fetch_add(1, Ordering::Relaxed); 32];
        engine.handle(NOW, entropy, Input::Settings(settings));
        let step = engine.poll().unwrap_or_default();
        let key = step.then.into_iter().find_map(|effect| match effect {
            Effect::Publish(key) => Some(key),
            _ => None,
        });
        (key, step.puts)
    }

    #[test]
    fn a_service_has_the_same_key_after_a_restart() {
        let mut engine = Engine::create(NOW, [1; 32]);
        let (key, puts) = started(&mut engine, Profile::TorOnly);
        let key = key.unwrap();
        assert_eq!(key.len(), ONION_KEY_BYTES);
        assert_eq!((key[0] & 7, key[31] & 0xC0), (0, 0x40));
        let records = puts.into_iter().map(|put| (put.name, put.body));
        let mut again = Engine::open(NOW, [2; 32], records).unwrap();
        let (same, _) = started(&mut again, Profile::TorOnly);
        assert!(same.unwrap() == key);
        let mut other = Engine::create(NOW, [3; 32]);
        assert!(started(&mut other, Profile::TorOnly).0.unwrap() != key);
    }

    #[test]
    fn without_tor_there_is_no_service_and_no_secret() {
        let mut engine = Engine::create(NOW, [1; 32]);
        for profile in [Profile::Normal, Profile::LanOnly, Profile::Hostile] {
            let (key, puts) = started(&mut engine, profile);
            assert!(key.is_none());
            assert!(
                puts.iter()
                    .all(|put| Saved::of(&put.name) != Some(Saved::Onion))
            );
        }
    }
}
