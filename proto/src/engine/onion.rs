//! The onion service of this node, as far as the engine knows it: the one secret it is made of, so that
//! it has the same address after a restart. PROTOCOL §3 "Tor".
//!
//! The secret names nobody: a node that keeps parcels for friends gives it to the keeper too, so that it
//! is found at the same address while it is locked.

use super::saved::Saved;
use super::{Effect, Engine};

impl Engine {
    /// Tor is to be used: it gets what our service is made of, drawn the first time.
    pub(super) fn publish_service(&mut self) {
        if self.onion.is_none() {
            self.onion = Some(self.entropy.key());
            self.mark(Saved::Onion);
        }
        if let Some(secret) = &self.onion {
            let secret = secret.keep().key();
            self.then(Effect::Publish(secret));
        }
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicU8, Ordering};

    use super::*;
    use crate::engine::{Input, Settings};
    use crate::limits::ONION_KEY_BYTES;
    use crate::onion::service_key;
    use crate::profile::{Profile, Ways};
    use crate::secret::Said;
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
            Effect::Publish(secret) => Some(service_key(&secret)),
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
