//! What counts of what was said: by whom, where in their chain, what.

use std::collections::BTreeMap;

use crate::group::{Body, Hash, Ik, Motion, Position};

/// By the names of the messages.
pub(crate) type Held = BTreeMap<Hash, Counted>;

/// Something that counts, as it came in its author's own session.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Counted {
    /// Which computer said it.
    pub author: Ik,
    pub incarnation: u16,
    /// In its author's chain of members; a leave may stand in the other.
    pub number: u32,
    pub said: Counting,
}

/// What it is.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum Counting {
    /// Its author's first word on it is yes.
    Motion(Motion),
    Say {
        motion: Hash,
        position: Position,
    },
    Close(Hash),
    Leave,
    Voice(Ik),
}

impl Counting {
    /// What counts of what was said; nothing of words and reports.
    pub(crate) fn of(body: &Body<'_>) -> Option<Self> {
        Some(match body {
            Body::Motion(motion) => Self::Motion(motion.clone()),
            Body::Say(say) => Self::Say {
                motion: say.motion,
                position: say.position,
            },
            Body::Close(motion) => Self::Close(*motion),
            Body::Leave => Self::Leave,
            Body::Voice(computer) => Self::Voice(*computer),
            Body::Text(_) | Body::Report(_) => return None,
        })
    }
}

/// Where something stands among all that its author said. Two with the same numbers come from an author
/// who said different things to different people: the order by name is as good as any.
pub(super) type Place = (u16, u32, Hash);

impl Counted {
    pub(super) fn place(&self, name: &Hash) -> Place {
        (self.incarnation, self.number, *name)
    }
}
