//! The newest messages of each circle that came to me and nothing names yet: what a message of mine names
//! as before it. Mine are not among them: each follows the one before by its number. PROTOCOL §7.

use bincode::{Decode, Encode};

use super::{Circle, Hash};
use crate::limits::{FRONTIER_MAX, GROUP_PARENTS_MAX};

/// The newest messages of each circle that came to me and nothing names yet, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Frontier([Vec<Hash>; 2]);

impl Frontier {
    /// A message came: what it names, and what its author said before, is behind it.
    pub(crate) fn add(&mut self, circle: Circle, name: Hash, behind: &[Hash]) {
        self.named(circle, behind);
        let names = self.of(circle);
        names.retain(|it| *it != name);
        names.push(name);
        if names.len() > FRONTIER_MAX {
            names.remove(0);
        }
    }

    /// I named these.
    pub(crate) fn named(&mut self, circle: Circle, behind: &[Hash]) {
        self.of(circle).retain(|it| !behind.contains(it));
    }

    /// What a message of mine names, sorted.
    pub(crate) fn parents(&self, circle: Circle) -> Vec<Hash> {
        let names = self.0.get(circle.place()).map_or(&[][..], Vec::as_slice);
        let newest = names.iter().rev().take(GROUP_PARENTS_MAX);
        let mut parents: Vec<Hash> = newest.copied().collect();
        parents.sort_unstable();
        parents
    }

    fn of(&mut self, circle: Circle) -> &mut Vec<Hash> {
        let [members, all] = &mut self.0;
        match circle {
            Circle::Members => members,
            Circle::All => all,
        }
    }
}
