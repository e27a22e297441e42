//! The sessions with one friend: the one that speaks, the one that spoke before it, and those that
//! are about to, after a handshake or a human's word. At most one of each. PROTOCOL §4.1.

use crate::edge::EdgeKeys;
use crate::limits::RESETS_PER_DAY_MAX;
use crate::parcel::Parcel;
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::Offer;
use crate::ratchet::{Advance, OpenError, Opened, Progress, Session, Standings};
use crate::time::DAY_MINUTES;

/// All sessions with one friend, and the handshake under way.
#[derive(Default)]
pub(crate) struct Sessions {
    /// Mine, unanswered.
    pub offer: Option<Offered>,
    /// Theirs, answered: it waits for their first parcel.
    pub pending: Option<Pending>,
    /// The one I speak in.
    pub active: Option<Session>,
    /// The one before: heard, for as long as post may take.
    pub previous: Option<Previous>,
    /// One that shares no past with the others: it waits for a human, sends nothing, and drops what
    /// comes.
    pub parked: Option<Parked>,
    /// The number of the last session that was made.
    pub last: u32,
    /// Whether a new one must begin, though both sides may remember the same: a fork was seen.
    pub wanted: bool,
    /// Whether this node knows from its own disk that its sessions are gone or old. Then a new one
    /// without a past asks nobody here; a peer's word never sets it.
    pub lost_here: bool,
    /// Whether texts that came before are not known here any more: then the next one to come waits
    /// for none.
    pub gap: bool,
    pub resets: Resets,
}

/// An offer of mine that nobody has answered.
pub(crate) struct Offered {
    pub offer: Offer,
    pub stamp: u64,
    /// The edge root it was made under: that of the link it first went by.
    pub root: [u8; 16],
}

/// A session whose A2 was sent and whose A3 has not come.
pub(crate) struct Pending {
    pub session: Session,
    /// Whether it goes on from a past that both remember.
    pub continuous: bool,
    /// The stamp and the header tag of the A1 that it answers.
    pub stamp: u64,
    pub offer_tag: [u8; 16],
    /// The edge root it was made under.
    pub root: [u8; 16],
    /// A2, to be sent again byte for byte.
    pub answer: Vec<u8>,
}

/// The session before the active one.
pub(crate) struct Previous {
    pub session: Session,
    /// Since when, in minutes of the node's age.
    pub since: u32,
}

/// A session about which the human has to decide.
pub(crate) struct Parked {
    pub session: Session,
    /// If I began it: A3, a confirmation, to be sent again byte for byte, so that the other side
    /// asks its human too.
    pub third: Option<Vec<u8>>,
}

/// Where a parcel stands: the number of its session, that of its chain there, and its own in the chain.
/// The author sealed the higher one later.
pub(crate) type Place = (u32, u32, u32);

/// What a session is to this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one it speaks in.
    Active,
    /// The one before.
    Previous,
    /// One whose A3 it awaits.
    Pending,
    /// One about which its human has to decide.
    Parked,
}

/// What came of a parcel.
pub(crate) enum Tried {
    /// It belongs to this session, and nothing has changed yet.
    Opened(Role, Box<Opened>),
    /// Somebody else made it with the keys of the peer.
    Forked,
    /// It is nobody's, or wrong.
    Refused,
}

/// How often something was begun anew on one day of the node's age.
#[derive(Clone, Copy, Default, bincode::Encode, bincode::Decode)]
pub(crate) struct Resets {
    day: u32,
    offers: u32,
    replaced: u32,
}

impl Resets {
    fn today(&mut self, age: u32) -> &mut Self {
        let day = age / DAY_MINUTES;
        if self.day != day {
            *self = Self {
                day,
                ..Self::default()
            };
        }
        self
    }

    /// Counts one more offer of mine; says whether it is one too many.
    pub(crate) fn offer(&mut self, age: u32) -> bool {
        let today = self.today(age);
        today.offers = today.offers.saturating_add(1);
        today.offers > RESETS_PER_DAY_MAX
    }

    /// Counts a session that took another's place and asked nobody.
    pub(crate) fn replaced(&mut self, age: u32) {
        let today = self.today(age);
        today.replaced = today.replaced.saturating_add(1);
    }

    /// Whether the next one must ask.
    pub(crate) fn ask(&mut self, age: u32) -> bool {
        self.today(age).replaced >= RESETS_PER_DAY_MAX
    }
}

impl Sessions {
    /// All of them, with what each is.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Role, &Session)> {
        let previous = self.previous.as_ref().map(|it| &it.session);
        let pending = self.pending.as_ref().map(|it| &it.session);
        let parked = self.parked.as_ref().map(|it| &it.session);
        let all = [
            (Role::Active, self.active.as_ref()),
            (Role::Pending, pending),
            (Role::Parked, parked),
            (Role::Previous, previous),
        ];
        let there = |(role, session): (Role, Option<_>)| session.map(|session| (role, session));
        all.into_iter().filter_map(there)
    }

    /// The same, to be changed.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Session> {
        let active = self.active.iter_mut();
        let previous = self.previous.iter_mut().map(|it| &mut it.session);
        let pending = self.pending.iter_mut().map(|it| &mut it.session);
        let parked = self.parked.iter_mut().map(|it| &mut it.session);
        active.chain(previous).chain(pending).chain(parked)
    }

    /// Tries a ratchet parcel with each of them, on paper only.
    pub(crate) fn open(&self, parcel: &Parcel<'_>) -> Tried {
        for (role, session) in self.all() {
            match session.open(parcel) {
                Ok(opened) => return Tried::Opened(role, Box::new(opened)),
                Err(OpenError::NotOurs) => {}
                Err(OpenError::Used | OpenError::Bad) => {
                    let forked = role == Role::Active && session.is_forked_by(parcel);
                    return if forked {
                        Tried::Forked
                    } else {
                        Tried::Refused
                    };
                }
            }
        }
        Tried::Refused
    }

    /// The session of this number.
    pub(crate) fn numbered(&self, number: u32) -> Option<&Session> {
        self.all()
            .map(|(_, session)| session)
            .find(|session| session.number() == number)
    }

    /// Where a parcel that opened stands among all of this friend.
    pub(crate) fn place_of(&self, role: Role, advance: &Advance) -> Option<Place> {
        let (_, session) = self.all().find(|(its, _)| *its == role)?;
        let (chain, n) = session.place_of(advance);
        Some((session.number(), chain, n))
    }

    /// Gives a new session its number.
    pub(crate) fn number(&mut self, session: Session) -> Session {
        self.last = self.last.wrapping_add(1);
        session.numbered(self.last)
    }

    /// What a new session can go on from: the active one's past; that of the pairing, if there never
    /// was any; nothing, if there was and it is gone.
    pub(crate) fn past(&self, keys: &EdgeKeys) -> Past {
        match &self.active {
            // Whoever comes by the last resort shows no past.
            _ if keys.is_recovery() => Past::default(),
            Some(session) => session.past().aside(),
            None if self.lost_here || keys.epoch > 0 => Past::default(),
            None => Past::of_pairing(&keys.root),
        }
    }

    /// How far each of them got.
    pub(crate) fn standings(&self) -> Standings {
        let of = |role: Role| -> Option<Progress> {
            let mut all = self.all();
            let found = all.find(|(its, _)| *its == role);
            found.map(|(_, session)| session.progress())
        };
        Standings {
            active: of(Role::Active),
            previous: of(Role::Previous),
            pending: of(Role::Pending),
            parked: of(Role::Parked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resets_are_counted_by_the_day() {
        let mut resets = Resets::default();
        for _ in 0..RESETS_PER_DAY_MAX {
            assert!(!resets.ask(DAY_MINUTES - 1) && !resets.offer(DAY_MINUTES - 1));
            resets.replaced(DAY_MINUTES - 1);
        }
        assert!(resets.ask(DAY_MINUTES - 1) && resets.offer(DAY_MINUTES - 1));
        assert!(!resets.ask(DAY_MINUTES) && !resets.offer(DAY_MINUTES));
    }
}
