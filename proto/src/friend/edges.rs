//! The edge to one friend: one, or as long as nobody knows which of them both kept, a few candidates
//! that runs of an invitation made; and those that follow it when one of us has a new identity.
//! PROTOCOL §1, §2.

use crate::edge::{Edge, EdgeKeys};
use crate::identity::Point;
use crate::limits::CANDIDATE_ROOTS_MAX;
use crate::secret::{EdgeRoot, Key};

#[derive(Default)]
pub(crate) struct Edges {
    /// The likeliest last; one once there is a session. Empty only while a friend is being made.
    now: Vec<Edge>,
    /// With a new identity at either end: one of them takes the place of all others with the first
    /// session under it.
    next: Vec<Edge>,
}

impl Edges {
    /// As they were stored; nothing if there are none, or more than can have been.
    pub(crate) fn restore(now: Vec<Edge>) -> Option<Self> {
        let next = Vec::new();
        (1..=CANDIDATE_ROOTS_MAX)
            .contains(&now.len())
            .then_some(Self { now, next })
    }

    /// All that stand now.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Edge> {
        self.now.iter()
    }

    /// These, and those that may follow.
    pub(crate) fn doors(&self) -> impl Iterator<Item = &Edge> {
        self.now.iter().chain(&self.next)
    }

    /// From now on these may follow.
    pub(crate) fn may_follow(&mut self, next: Vec<Edge>) {
        self.next = next;
    }

    /// The one that follows when the friend is no longer who this was.
    pub(crate) fn follows(&self, friend: &Point) -> Option<&Edge> {
        self.next.iter().find(|edge| edge.ends()[1] != friend)
    }

    /// Adds the root of one more run of the invitation; the newest stay. Gives its name.
    pub(crate) fn add(&mut self, root: Key<EdgeRoot>, me: &Point, friend: &Point) -> [u8; 16] {
        let edge = Edge::first(root, me, friend);
        let name = edge.dialled().name;
        self.now.push(edge);
        if self.now.len() > CANDIDATE_ROOTS_MAX {
            self.now.remove(0);
        }
        name
    }

    /// All under which the friend may come.
    pub(crate) fn all(&self) -> impl Iterator<Item = &EdgeKeys> {
        self.doors().flat_map(Edge::keys)
    }

    /// Those of this name.
    pub(crate) fn keys(&self, name: &[u8; 16]) -> Option<&EdgeKeys> {
        self.all().find(|keys| keys.name == *name)
    }

    /// The edge that has keys of this name.
    pub(crate) fn of(&self, name: &[u8; 16]) -> Option<&Edge> {
        self.doors().find(|edge| edge.has(name))
    }

    /// The keys of this name, and between whom: my identity, then the friend's.
    pub(crate) fn between(&self, name: &[u8; 16]) -> Option<(&EdgeKeys, [&Point; 2])> {
        let edge = self.of(name)?;
        let keys = edge.keys().find(|keys| keys.name == *name)?;
        Some((keys, edge.ends()))
    }

    /// My identity and the friend's, as they stand now.
    pub(crate) fn ends(&self) -> Option<[&Point; 2]> {
        self.now.last().map(Edge::ends)
    }

    /// The edge, once it is known which one.
    pub(crate) fn one(&self) -> Option<&Edge> {
        match self.now.as_slice() {
            [edge] => Some(edge),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn one_mut(&mut self) -> Option<&mut Edge> {
        match self.now.as_mut_slice() {
            [edge] => Some(edge),
            _ => None,
        }
    }

    /// What I dial under: the newest, by turns while several edges may be the one; of one edge the
    /// epoch that the friend is known to hold. While that meets silence, by turns with the other
    /// epoch, and with the edges that may follow: the friend may have gone on already.
    pub(crate) fn to_dial(&self, attempt: u32, silences: u32) -> Option<&EdgeKeys> {
        let last = self.now.len().checked_sub(1)?;
        let edge = self.now.get(last - attempt as usize % self.now.len())?;
        let held = edge.keys().filter(|keys| !keys.is_recovery());
        let held: Vec<_> = held.chain(self.next.iter().map(Edge::dialled)).collect();
        held.get(silences as usize % held.len().max(1)).copied()
    }

    /// What I dial as the last resort, likewise by turns.
    pub(crate) fn last_resort(&self, attempt: u32) -> Option<&EdgeKeys> {
        let turns: Vec<_> = self.now.last().into_iter().chain(&self.next).collect();
        let edge = turns.get(attempt as usize % turns.len().max(1))?;
        Some(edge.last_resort())
    }

    /// Puts the edge that has these keys where it is tried first.
    pub(crate) fn prefer(&mut self, name: &[u8; 16]) {
        self.now.sort_by_key(|edge| edge.has(name));
    }

    /// A session began under these keys: forgets all edges but theirs. One that may follow is not
    /// forgotten for one that stands now. Says whether there were others.
    pub(crate) fn keep(&mut self, name: &[u8; 16]) -> bool {
        if let Some(at) = self.next.iter().position(|edge| edge.has(name)) {
            self.now = vec![self.next.swap_remove(at)];
            self.next.clear();
            return true;
        }
        let before = self.now.len();
        // The epoch may be gone meanwhile: then its edge is not known by this name any more.
        if self.now.iter().any(|edge| edge.has(name)) {
            self.now.retain(|edge| edge.has(name));
        }
        self.now.len() < before
    }

    /// The friend showed that they hold this epoch. Says whether that was news.
    pub(crate) fn proved(&mut self, name: &[u8; 16]) -> bool {
        self.now.iter_mut().any(|edge| edge.proved(name))
    }

    /// The friend spoke under this epoch: no older one is needed. Says whether that was news.
    pub(crate) fn settle(&mut self, name: &[u8; 16]) -> bool {
        self.now.iter_mut().any(|edge| edge.settle(name))
    }
}
