//! The edge that follows another when one of both has a new identity. PROTOCOL §1 "A new identity".

use super::Edge;
use crate::identity::Point;
use crate::kdf::{self, label};
use crate::secret::{EdgeShare, Key};

impl Edge {
    /// My identity and the friend's, as this edge knows them.
    pub(crate) fn ends(&self) -> [&Point; 2] {
        [&self.me, &self.friend]
    }

    /// The edge between these two, once `new`, one of them, takes the place of an end of this one:
    /// from what both hold as long as this edge lives, and a share that was said in the session.
    pub(crate) fn renewed(&self, ends: [&Point; 2], new: &Point, share: &Key<EdgeShare>) -> Self {
        let fields = [
            self.recovery.expose().as_slice(),
            new.as_bytes(),
            share.expose(),
        ];
        let [me, friend] = ends;
        Self::first(kdf::derive(label::EDGE_IDENTITY, &fields), me, friend)
    }
}
