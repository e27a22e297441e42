//! The edge to one friend: one, or as long as nobody knows which of them both kept, a few candidates
//! that runs of an invitation made. PROTOCOL §2.

use crate::edge::{Edge, EdgeKeys};
use crate::identity::Point;
use crate::limits::CANDIDATE_ROOTS_MAX;
use crate::secret::{EdgeRoot, Key};

/// The likeliest last; one once there is a session. Empty only while a friend is being made.
#[derive(Default)]
pub(crate) struct Edges(Vec<Edge>);

impl Edges {
    /// As they were stored; nothing if there are none, or more than can have been.
    pub(crate) fn restore(edges: Vec<Edge>) -> Option<Self> {
        (1..=CANDIDATE_ROOTS_MAX)
            .contains(&edges.len())
            .then_some(Self(edges))
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Edge> {
        self.0.iter()
    }

    /// Adds the root of one more run of the invitation; the newest stay. Gives its name.
    pub(crate) fn add(&mut self, root: Key<EdgeRoot>, me: &Point, friend: &Point) -> [u8; 16] {
        let edge = Edge::first(root, me, friend);
        let name = edge.dialled().name;
        self.0.push(edge);
        if self.0.len() > CANDIDATE_ROOTS_MAX {
            self.0.remove(0);
        }
        name
    }

    /// All under which the friend may come.
    pub(crate) fn all(&self) -> impl Iterator<Item = &EdgeKeys> {
        self.0.iter().flat_map(Edge::keys)
    }

    /// Those of this name.
    pub(crate) fn keys(&self, name: &[u8; 16]) -> Option<&EdgeKeys> {
        self.all().find(|keys| keys.name == *name)
    }

    /// The edge, once it is known which one.
    pub(crate) fn one(&self) -> Option<&Edge> {
        match self.0.as_slice() {
            [edge] => Some(edge),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn one_mut(&mut self) -> Option<&mut Edge> {
        match self.0.as_mut_slice() {
            [edge] => Some(edge),
            _ => None,
        }
    }

    /// What I dial under: the newest, by turns while several edges may be the one; of one edge the
    /// epoch that the friend is known to hold, by turns while that meets silence.
    pub(crate) fn to_dial(&self, attempt: u32, silences: u32) -> Option<&EdgeKeys> {
        let last = self.0.len().checked_sub(1)?;
        let edge = self.0.get(last - attempt as usize % self.0.len())?;
        let held = edge.keys().filter(|keys| !keys.is_recovery()).count();
        edge.keys().nth(silences as usize % held.max(1))
    }

    /// What I dial as the last resort.
    pub(crate) fn last_resort(&self) -> Option<&EdgeKeys> {
        self.0.last().map(Edge::last_resort)
    }

    /// Puts the edge that has these keys where it is tried first.
    pub(crate) fn prefer(&mut self, name: &[u8; 16]) {
        self.0.sort_by_key(|edge| edge.has(name));
    }

    /// Forgets all edges but the one that has these keys. Says whether there were others.
    pub(crate) fn keep(&mut self, name: &[u8; 16]) -> bool {
        let before = self.0.len();
        self.0.retain(|edge| edge.has(name));
        self.0.len() < before
    }

    /// The friend showed that they hold this epoch. Says whether that was news.
    pub(crate) fn proved(&mut self, name: &[u8; 16]) -> bool {
        self.0.iter_mut().any(|edge| edge.proved(name))
    }

    /// The friend spoke under this epoch: no older one is needed. Says whether that was news.
    pub(crate) fn settle(&mut self, name: &[u8; 16]) -> bool {
        self.0.iter_mut().any(|edge| edge.settle(name))
    }
}
