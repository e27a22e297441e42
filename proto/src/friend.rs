//! One friend: the edge's secrets, the session, the queue, and what was seen of theirs.
//!
//! State and its bookkeeping only: what is done with it, and when, is the engine's. PROTOCOL §2-4.

mod edges;
mod former;
mod live;
mod mailbox;
mod outbox;
mod private;
mod renewal;
mod roads;
mod seen;
mod sessions;
mod trust;
mod visits;
mod zone;

use crate::edge::EdgeKeys;
use crate::identity::{Identity, Point};
use crate::limits::{FRIEND_ADDRS_MAX, OFFER_REPEATS_MAX};
use crate::link::stamps::Stamps;
use crate::petname::Petname;
use crate::secret::{EdgeRoot, Key};
use crate::wire::Addr;
use crate::words::Language;

pub(crate) use edges::Edges;
pub(crate) use former::Door;
#[cfg(test)]
pub(crate) use former::Former;
pub(crate) use live::{Asked, Live, Redial};
pub(crate) use mailbox::{Boxes, Mine, Post, Theirs};
pub(crate) use outbox::{BoxWord, Copies, Entry, LeftAt, Outbox, Said, What};
pub(crate) use private::Private;
pub(crate) use renewal::{Announced, LastingRecord, Proposed, Renewal, RenewalRecord};
pub(crate) use roads::{Road, Roads, is_own_machine, is_public, is_somewhere, makes_sense};
#[cfg(test)]
pub(crate) use seen::SEEN_BLOCK;
pub(crate) use seen::{Seen, SeenEntry};
pub(crate) use sessions::{
    Offered, Parked, Pending, Place, Previous, Resets, Role, Sessions, Tried,
};
pub(crate) use trust::{Introduced, Trust};
pub(crate) use zone::{Saying, Shown, Told, Zone};

/// A friend, or somebody of whom we do not know yet whether they kept the edge.
pub(crate) struct Friend {
    pub petname: Petname,
    /// What they call themselves, as it came; cleaned where it is shown.
    pub nick: String,
    pub point: Point,
    pub since_min: u32,
    /// Whether I took their invitation: then I begin the session.
    pub joined: bool,
    /// Whether it is proved that they kept the edge. §2
    pub settled: bool,
    /// Whether a second person used the invitation that made this edge.
    pub copied: bool,
    /// Whether a link has authenticated: no root is added since then.
    pub linked: bool,
    pub edges: Edges,
    pub renewal: Renewal,
    pub addrs: Vec<Addr>,
    pub roads: Roads,
    pub language: Language,
    /// Argon2id of both points, once somebody asked for the words.
    pub safety: Option<[u8; 32]>,
    /// How long I keep what we say, in minutes, if not as long as with all others.
    pub keep: Option<u32>,
    pub timer: Timers,
    pub private: Private,
    pub trust: Trust,
    pub zone: Zone,
    pub traffic: Traffic,
    pub sessions: Sessions,
    pub seen: Seen,
    pub outbox: Outbox,
    pub post: Post,
    pub live: Live,
}

/// Small numbers that move with every contact.
#[derive(Clone, Default, bincode::Encode, bincode::Decode)]
pub(crate) struct Traffic {
    pub link_stamps: Stamps,
    pub ake_stamps: Stamps,
    /// The same two under the last resort: their floor moves only with a human's yes.
    pub recovery_stamps: Recovery,
    /// The last stamp I sent, at either door.
    pub last_stamp: u64,
    pub incarnation: u16,
    /// The number of my last message.
    pub last_number: u32,
    /// The author's incarnation and the last number of theirs that was shown.
    pub shown: (u16, u32),
    /// The furthest parcel of mine in the active session that they acknowledged: chain, number.
    pub acknowledged: (u32, u32),
    /// When the link was last up, minutes since 1970.
    pub last_seen_min: u32,
    pub rotation: Rotation,
}

/// Stamps of what came under the last resort.
#[derive(Clone, Default, bincode::Encode, bincode::Decode)]
pub(crate) struct Recovery {
    pub link: Stamps,
    pub ake: Stamps,
}

/// When the edge got its last epoch, and when it is to get another.
#[derive(Clone, Default, bincode::Encode, bincode::Decode)]
pub(crate) struct Rotation {
    /// In minutes of the node's age.
    pub since: u32,
    /// Links since then.
    pub links: u32,
    /// When I last asked for one, in minutes of the node's age.
    pub asked: u32,
    /// Whether this node came back from a backup, and dials the last resort until a new epoch stands.
    pub recovers: bool,
    /// Sessions that were made under the last resort, and the stamps of the offers they came from.
    pub made: Vec<([u8; 32], u64)>,
}

/// How long both of us would like to keep what we say, in minutes; 0 for no limit.
#[derive(Clone, Copy, Default, bincode::Encode, bincode::Decode)]
pub(crate) struct Timers {
    /// What I said last, and how many times I said something.
    pub mine: (u32, u32),
    /// What they said, likewise.
    pub theirs: (u32, u32),
    /// What both said last: it holds until both say something else.
    pub agreed: u32,
}

impl Timers {
    /// Somebody said something: it holds once the other says the same.
    pub(crate) fn agree(&mut self) {
        if self.mine.0 == self.theirs.0 {
            self.agreed = self.mine.0;
        }
    }
}

impl Friend {
    /// Adds the root of one more run of the invitation.
    pub(crate) fn add_root(&mut self, root: Key<EdgeRoot>, me: &Identity) -> [u8; 16] {
        self.edges.add(root, me.point(), &self.point)
    }

    /// The keys of this name.
    pub(crate) fn root(&self, name: &[u8; 16]) -> Option<&EdgeKeys> {
        self.edges.keys(name)
    }

    /// The keys I dial or shake hands under.
    pub(crate) fn root_to_dial(&self) -> Option<&EdgeKeys> {
        // The attempt under way is counted already.
        let attempt = self.live.redial.attempt.saturating_sub(1);
        match self.live.last_resort {
            true => self.edges.last_resort(self.live.last_resorts),
            false => self.edges.to_dial(attempt, self.live.silences()),
        }
    }

    /// A link under these keys has authenticated, so both hold them: their edge is the first to be
    /// tried from now on, and older epochs of it are not needed. The other edges stay until a session
    /// has begun: two links at once may have authenticated under two, and each side may have seen
    /// another one first. Says whether that was news.
    pub(crate) fn prefer_root(&mut self, name: &[u8; 16]) -> bool {
        let news = !self.linked || !self.settled;
        self.edges.prefer(name);
        (self.linked, self.settled) = (true, true);
        self.edges.settle(name) || news
    }

    /// The session began under this root, which both know of each other: it is the one. Says
    /// whether others were forgotten. Of an edge between other identities a door stays, at which a
    /// knock is known.
    pub(crate) fn keep_root(&mut self, name: &[u8; 16], age: u32) -> bool {
        let before = self.edges.one().map(|edge| Door::of(edge, age));
        let ends = self.edges.ends().map(|[me, them]| [*me, *them]);
        let news = self.edges.keep(name);
        let follows = self.edges.ends().map(|[me, them]| [*me, *them]) != ends;
        if follows && !planted!(FormerDoorForgotten) {
            before
                .into_iter()
                .for_each(|door| self.renewal.former.add(door));
        }
        news
    }

    /// Whether an offer of mine was sent so often that nobody can be there who would answer it.
    pub(crate) fn offers_in_vain(&self) -> bool {
        self.sessions.offer.is_some() && self.live.offers_sent > OFFER_REPEATS_MAX
    }

    /// The stamps of offers under these keys.
    pub(crate) fn stamps_of_offers(&mut self, name: &[u8; 16]) -> Option<&mut Stamps> {
        let last_resort = self.edges.keys(name)?.is_recovery();
        Some(match last_resort {
            true => &mut self.traffic.recovery_stamps.ake,
            false => &mut self.traffic.ake_stamps,
        })
    }

    /// Whether the line at this place is a text of mine that has not arrived.
    pub(crate) fn waits(&self, seq: u64) -> bool {
        let mut texts = self.outbox.entries().filter_map(|(_, entry)| entry.text());
        texts.any(|said| said.seq == seq)
    }

    /// Adds an address to try, newest first.
    pub(crate) fn add_addr(&mut self, addr: Addr) {
        self.addrs.retain(|known| *known != addr);
        self.addrs.insert(0, addr);
        self.addrs.truncate(FRIEND_ADDRS_MAX);
    }
}
