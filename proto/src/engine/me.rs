//! Who this node is, and who it was to friends who have not confirmed a newer identity. A former one
//! is erased with the last edge that stands under it. PROTOCOL §1 "A new identity".

use crate::identity::{Identity, Point};
use crate::secret::{Kept, Seed};

/// My identities: the newest, and former ones that some edge still needs.
pub(super) struct Me {
    newest: Identity,
    former: Vec<Identity>,
}

impl Me {
    pub(super) fn new(newest: Identity) -> Self {
        let former = Vec::new();
        Self { newest, former }
    }

    /// With former ones, as they were stored.
    pub(super) fn with(newest: Identity, seeds: &[Kept<Seed>]) -> Self {
        let former = seeds.iter().map(|seed| Identity::from_seed(seed.key()));
        let former = former.collect();
        Self { newest, former }
    }

    /// The one that new friends get to know.
    pub(super) fn newest(&self) -> &Identity {
        &self.newest
    }

    /// Its public key.
    pub(super) fn point(&self) -> &Point {
        self.newest.point()
    }

    fn all(&self) -> impl Iterator<Item = &Identity> {
        core::iter::once(&self.newest).chain(&self.former)
    }

    /// The one with this public key; the newest if it is none of mine, under which nothing opens then.
    pub(super) fn of(&self, point: &Point) -> &Identity {
        let mut all = self.all();
        let found = all.find(|one| one.point() == point);
        found.unwrap_or(&self.newest)
    }

    /// Whether this is one of mine.
    pub(super) fn is(&self, point: &Point) -> bool {
        self.all().any(|one| one.point() == point)
    }

    /// How many former ones there are.
    pub(super) fn former(&self) -> usize {
        self.former.len()
    }

    /// From now on this is who I am.
    pub(super) fn become_new(&mut self, new: Identity) {
        let before = core::mem::replace(&mut self.newest, new);
        self.former.push(before);
    }

    /// Forgets former ones that nothing needs. Says whether there were any.
    pub(super) fn forget(&mut self, needed: impl Fn(&Point) -> bool) -> bool {
        let before = self.former.len();
        self.former.retain(|one| needed(one.point()));
        self.former.len() < before
    }

    /// The former ones, to be stored; nothing if there are none.
    pub(super) fn seeds(&self) -> Option<Vec<Kept<Seed>>> {
        let seeds = self.former.iter().map(|one| one.seed().keep());
        (!self.former.is_empty()).then(|| seeds.collect())
    }
}
