//! A new identity at either end, as long as the edge does not stand under it: what I announced, and
//! what the friend did and my human has not confirmed. PROTOCOL §1 "A new identity".

use bincode::{Decode, Encode};

use super::former::{Former, FormerRecord};
use super::sessions::Place;
use crate::edge::Edge;
use crate::identity::{BadPoint, Point, safety_hash};
use crate::kdf::Entropy;
use crate::secret::{EdgeShare, Kept, Key};

/// What is under way with one friend.
#[derive(Default)]
pub(crate) struct Renewal {
    /// My new identity, until the friend's first session under it.
    pub mine: Option<Announced>,
    /// Theirs, until mine with them.
    pub theirs: Option<Proposed>,
    /// Where the last parcel stands in which they announced one: parcels overtake each other.
    pub heard: Place,
    /// One of theirs that my human did not believe.
    pub refused: Option<Point>,
    /// The edges that others took the place of.
    pub former: Former,
}

/// An identity of mine that a friend is told.
pub(crate) struct Announced {
    pub point: Point,
    /// From which the next edge comes, and from the one that stands.
    pub share: Key<EdgeShare>,
    /// Whether it is in the outbox, or was.
    pub told: bool,
    /// Argon2id of both points, once somebody asked for the words.
    pub safety: Option<[u8; 32]>,
}

/// An identity that a friend says is theirs.
pub(crate) struct Proposed {
    pub point: Point,
    /// Nothing once the edge has changed otherwise: they will tell it again.
    pub share: Option<Key<EdgeShare>>,
    /// Whether my human compared the words.
    pub confirmed: bool,
    pub safety: Option<[u8; 32]>,
}

/// As it is stored.
#[derive(Encode, Decode)]
pub(crate) struct RenewalRecord {
    lasting: LastingRecord,
    heard: Place,
    former: FormerRecord,
}

/// As much of it as a backup holds, where sessions are counted anew.
#[derive(Encode, Decode)]
pub(crate) struct LastingRecord {
    /// My identity in the edge that stands.
    me: [u8; 32],
    mine: Option<AnnouncedRecord>,
    theirs: Option<ProposedRecord>,
    refused: Option<[u8; 32]>,
}

#[derive(Encode, Decode)]
struct AnnouncedRecord {
    point: [u8; 32],
    share: Kept<EdgeShare>,
    told: bool,
    safety: Option<[u8; 32]>,
}

#[derive(Encode, Decode)]
struct ProposedRecord {
    point: [u8; 32],
    share: Option<Kept<EdgeShare>>,
    confirmed: bool,
    safety: Option<[u8; 32]>,
}

impl Announced {
    /// With a share that nobody knows yet.
    pub(crate) fn draw(point: Point, entropy: &mut Entropy) -> Self {
        Self {
            point,
            share: entropy.key(),
            told: false,
            safety: None,
        }
    }
}

impl Renewal {
    /// The edges that may follow this one.
    pub(crate) fn edges(&self, edge: &Edge) -> Vec<Edge> {
        let [me, friend] = edge.ends();
        let mine = self.mine.as_ref();
        let mine = mine.map(|it| edge.renewed([&it.point, friend], &it.point, &it.share));
        let theirs = self.theirs.as_ref().filter(|it| it.confirmed);
        let theirs = theirs.and_then(|it| {
            let share = it.share.as_ref()?;
            Some(edge.renewed([me, &it.point], &it.point, share))
        });
        mine.into_iter().chain(theirs).collect()
    }

    /// Whether nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.mine.is_none() && self.theirs.is_none()
    }

    /// An identity of theirs about which my human is asked.
    pub(crate) fn asked(&self) -> Option<&Proposed> {
        self.theirs.as_ref().filter(|it| !it.confirmed)
    }

    /// Finds out what both compare, which takes half a second: of the friend's new identity and me, or
    /// of mine and them. Says whether that was news.
    pub(crate) fn measure(&mut self, [me, friend]: [&Point; 2]) -> bool {
        let theirs = self.theirs.as_mut().filter(|it| !it.confirmed);
        let mine = self.mine.as_mut();
        let theirs = theirs.map(|it| (&mut it.safety, [&it.point, me]));
        let (safety, [new, other]) =
            match theirs.or(mine.map(|it| (&mut it.safety, [&it.point, friend]))) {
                Some(both) if both.0.is_none() => both,
                _ => return false,
            };
        *safety = Some(safety_hash(new, other));
        true
    }

    /// What both compare, once it was found out.
    pub(crate) fn safety(&self) -> Option<&[u8; 32]> {
        match (self.asked(), &self.mine) {
            (Some(theirs), _) => theirs.safety.as_ref(),
            (None, Some(mine)) => mine.safety.as_ref(),
            (None, None) => None,
        }
    }

    /// To be stored, unless there is nothing to say beside `me` being who I am everywhere.
    pub(crate) fn record(&self, me: &Point, newest: &Point) -> Option<RenewalRecord> {
        let mine = self.mine.as_ref().map(|it| AnnouncedRecord {
            point: *it.point.as_bytes(),
            share: it.share.keep(),
            told: it.told,
            safety: it.safety,
        });
        let theirs = self.theirs.as_ref().map(|it| ProposedRecord {
            point: *it.point.as_bytes(),
            share: it.share.as_ref().map(Key::keep),
            confirmed: it.confirmed,
            safety: it.safety,
        });
        let idle = self.is_idle() && self.refused.is_none() && self.former.is_empty();
        (!idle || me != newest).then_some(RenewalRecord {
            lasting: LastingRecord {
                me: *me.as_bytes(),
                mine,
                theirs,
                refused: self.refused.map(|point| *point.as_bytes()),
            },
            heard: self.heard,
            former: self.former.record(),
        })
    }
}

impl RenewalRecord {
    /// My identity in the edge that stands; nothing if it is no point.
    pub(crate) fn me(&self) -> Option<Point> {
        Point::parse(self.lasting.me).ok()
    }

    /// What it says; nothing if it cannot have been.
    pub(crate) fn renewal(self) -> Option<Renewal> {
        let LastingRecord {
            mine,
            theirs,
            refused,
            ..
        } = self.lasting;
        Some(Renewal {
            mine: mine.map(AnnouncedRecord::read).transpose().ok()?,
            theirs: theirs.map(ProposedRecord::read).transpose().ok()?,
            heard: self.heard,
            refused: refused.map(Point::parse).transpose().ok()?,
            former: self.former.read()?,
        })
    }

    /// As much as a backup holds: what was in the outbox is not there any more.
    pub(crate) fn lasting(self) -> LastingRecord {
        let mine = self.lasting.mine.map(|mine| AnnouncedRecord {
            told: false,
            ..mine
        });
        LastingRecord {
            mine,
            ..self.lasting
        }
    }
}

impl From<LastingRecord> for RenewalRecord {
    fn from(lasting: LastingRecord) -> Self {
        Self {
            lasting,
            heard: Place::default(),
            former: FormerRecord::default(),
        }
    }
}

impl AnnouncedRecord {
    fn read(self) -> Result<Announced, BadPoint> {
        Ok(Announced {
            point: Point::parse(self.point)?,
            share: self.share.key(),
            told: self.told,
            safety: self.safety,
        })
    }
}

impl ProposedRecord {
    fn read(self) -> Result<Proposed, BadPoint> {
        Ok(Proposed {
            point: Point::parse(self.point)?,
            share: self.share.as_ref().map(Kept::key),
            confirmed: self.confirmed,
            safety: self.safety,
        })
    }
}
