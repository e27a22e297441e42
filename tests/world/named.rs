//! Which name each key has on every disk. Here everybody is called the same by all, and says to be
//! somebody else: a key that has a name never gets another, whatever comes over the wire.

use std::collections::BTreeMap;

use kith_proto::vault::Put;

use super::{Chance, SECOND, World};

/// The names of keys, from every record of a friend that was ever written.
#[derive(Default)]
pub(super) struct Named(BTreeMap<Vec<u8>, Vec<u8>>);

impl Named {
    /// Only a human calls somebody otherwise: what was known of names begins anew.
    pub(super) fn a_human_renames(&mut self) {
        self.0.clear();
    }

    /// Each key with its name.
    pub(super) fn keys(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
        self.0.iter().map(|(key, name)| (key.clone(), name.clone()))
    }

    /// Looks at what a step writes.
    pub(super) fn check(&mut self, puts: &[Put]) {
        for put in puts.iter().filter(|put| put.name.0.first() == Some(&b'f')) {
            // Behind the version of its layout.
            let (petname, rest) = text(&put.body[1..]);
            let (_, rest) = text(rest);
            let key = rest.get(..32).unwrap();
            let known = self.0.entry(key.to_vec()).or_insert(petname.to_vec());
            assert!(known == petname, "a key has another name");
        }
    }
}

/// A text behind its length, and what follows it.
fn text(record: &[u8]) -> (&[u8], &[u8]) {
    let (length, rest) = record.split_first().unwrap();
    rest.split_at(usize::from(*length))
}

/// Three make friends with each other; each joiner says to be the third.
pub(crate) fn impostors(seed: u64) {
    let mut chance = Chance::new(seed, "script");
    let mut world = World::new(seed, 3);
    for (inviter, joiner) in [(0, 1), (1, 2), (2, 0)] {
        world.befriend(inviter, joiner);
        world.say(inviter, joiner);
        if chance.below(2) == 0 {
            world.crash(joiner, None);
            world.start(joiner);
        }
        world.run(chance.below(60 * SECOND));
    }
    world.settle();
    assert_eq!(world.named.0.len(), 3, "three keys");
}
