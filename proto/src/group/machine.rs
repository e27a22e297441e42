//! One group, as one computer in it holds it: the heart that everything said goes through.
//!
//! It is told what came in whose session and what its person wants to say, and gives what is to be
//! sent to whom and what changed. Pure: the time and the randomness are handed in; sessions, words
//! shown and disks are the engine's. Nobody is in an [`Out`] who is not on the list that it shows.
//! PROTOCOL §7.
//!
//! ```text
//! saying.rs     what I say, and to whom
//! taking.rs     what somebody says
//! ticking.rs    what time does: windows, beacons, waits
//! missing.rs    what I miss, and what others miss of mine
//! counting.rs   what counts, and how much of it
//! judging.rs    what was decided, and what follows
//! otherwise.rs  for whom a motion stands otherwise than for me
//! elders.rs     where the chains begin for me of those who were there before
//! newcomers.rs  how somebody begins, and is told how the group stands
//! offers.rs     what I am told of that, and believe
//! settle.rs     what is too old to change
//! fork.rs       where a group comes apart
//! saved.rs      records
//! ```

mod counting;
mod elders;
mod fork;
mod judging;
mod missing;
mod newcomers;
mod offers;
mod otherwise;
mod refusals;
mod saved;
mod saying;
mod settle;
mod taking;
mod ticking;

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::chains::Chains;
#[cfg(test)]
use super::chains::{Chain, ChainKey};
use super::digests::{self, Disagreement, Disagreements};
use super::frontier::Frontier;
use super::people::{People, Person, When};
use super::register::Register;
use super::tally::{Ground, Outcome, Standing, Tally};
use super::waiting::Waiting;
use super::windows::{Window, Windows};
use super::{Circle, Founding, Hash, Head, Ik, Motion, Position, Role, Seat, Seats, name_of};
use newcomers::Welcomed;
use offers::Offer;

pub(crate) use fork::Side;
pub(crate) use newcomers::founded;
pub(crate) use refusals::No;
pub(crate) use saved::Part;
pub(crate) use saying::{Out, OutWhat, Word};

/// What does not change: what makes the group this one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Begun {
    me: Ik,
    founding: Founding,
    gid: Hash,
    charter: String,
    since: When,
}

/// What changes seldom.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Core {
    /// Whether I said that I take part.
    joined: bool,
    /// The life in which I write: above any earlier one of mine in this group.
    incarnation: u16,
    /// What is settled, and what I began with.
    ground: Ground,
    /// How I came, if not as a founder.
    welcomed: Option<Welcomed>,
    /// Who waits for how the group stands, from me.
    to_welcome: BTreeSet<Ik>,
    /// When I last agreed to a suspension, in my age.
    agreed_to_suspend: Option<u32>,
    /// When I was last lifted from a suspension, in my age: nothing of what was said meanwhile is mine.
    lifted: Option<u32>,
    /// Whose words I held and forgot, after they were out for a month, and up to which, by circle: should
    /// they come back, nothing that I held is asked for.
    forgotten: BTreeMap<Ik, [Option<(u16, u32)>; 2]>,
    /// Sides with whom I did not go on: that they are apart is known.
    left_sides: BTreeSet<Hash>,
    /// Whether the group came apart when that was last looked at.
    split: bool,
}

/// What changes with nearly everything that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Lately {
    frontier: Frontier,
    /// Chains that changed since I last told of them.
    untold: BTreeSet<(Circle, Ik)>,
    /// When I tell of all chains again, in my age.
    beacon: u32,
    disagreements: Disagreements,
}

/// What changed, for who shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// A text came and is due to be shown.
    Text(Text),
    /// A text came and waits for those before it: to be kept, and shown once it is due.
    Held(Text),
    /// A text that waited is due to be shown, or shown all the same: it waited long enough.
    Due {
        /// Its author.
        author: Ik,
        /// By what its arrival is known.
        mid: Hash,
        /// Its name.
        name: Hash,
    },
    /// Somebody took part for the first time.
    Here(Ik),
    /// A motion came.
    Proposed(Hash),
    /// A motion stands otherwise than before.
    Moved {
        /// Which.
        motion: Hash,
        /// How it stood; nothing if that was never told.
        from: Option<Outcome>,
        /// How it stands.
        to: Outcome,
    },
    /// Somebody is in it, or in another role.
    In(Ik),
    /// Somebody is not in it any more.
    Out(Ik),
    /// I am not.
    Ended,
    /// Nobody sends to this seat for now.
    Suspended(Ik),
    /// Everybody does again.
    Lifted(Ik),
    /// Somebody says that a machine is in other hands.
    Reported {
        /// Whose.
        target: Ik,
        /// Who says so.
        by: Ik,
    },
    /// Two tell different things of what an author said.
    Disagreement(Disagreement),
    /// Something of somebody never came; what followed it is shown.
    Gap(Ik),
    /// Somebody shows other people than I hold for the group's.
    OtherSet(Ik),
    /// A motion stands otherwise for somebody than for me, since half a day.
    OtherResult(Ik),
    /// The group has come apart.
    Split,
    /// Somebody misses messages of mine: the engine sends again to them, and to nobody else, what it
    /// still has.
    Resend {
        /// To whom.
        to: Ik,
        /// Of which chain.
        circle: Circle,
        /// Of which life.
        incarnation: u16,
        /// From this number
        first: u32,
        /// to this one.
        last: u32,
    },
}

impl News {
    /// Whether something is not as it should be, and nothing follows from it but that people know.
    pub(crate) fn is_doubt(&self) -> bool {
        matches!(
            self,
            Self::Disagreement(_) | Self::Gap(_) | Self::OtherSet(_) | Self::OtherResult(_)
        )
    }
}

/// A text that came, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// Who wrote it.
    pub author: Ik,
    /// By what its arrival is known.
    pub mid: Hash,
    /// Its name.
    pub name: Hash,
    /// What stands before its words.
    pub head: Box<Head>,
    /// Where in its payload they begin.
    pub text_at: usize,
}

/// How much of each is held.
#[cfg(test)]
pub(crate) struct Counts {
    pub waiting: usize,
    pub motions: usize,
    pub offers: usize,
    pub windows: usize,
    /// How often it was asked what all that comes to.
    pub judged: usize,
}

/// One group.
pub(crate) struct Group {
    begun: Begun,
    core: Core,
    lately: Lately,
    /// Sets that were mine before this one, the newest last.
    past: Vec<Seats>,
    offers: BTreeMap<Hash, Offer>,
    chains: Chains,
    people: People,
    waiting: Waiting,
    register: Register,
    windows: Windows,
    /// What all that comes to.
    tally: Tally,
    /// Records that changed since somebody asked.
    dirty: BTreeSet<Part>,
    /// How many pieces the records of each kind had.
    pieces: BTreeMap<(saved::Room, u32), u32>,
    #[cfg(test)]
    judged: usize,
}

/// A motion, and how it stands for me.
pub(crate) struct HeldMotion<'a> {
    /// Its name.
    pub name: Hash,
    /// Who proposed it.
    pub author: Ik,
    /// What they proposed.
    pub motion: &'a Motion,
    /// How it stands, and who said what.
    pub standing: &'a Standing,
    /// Since when I know it, and until when I can answer.
    pub window: &'a Window,
    /// What I said, if I did.
    pub mine: Option<Position>,
    /// Whether I can still say something.
    pub open_to_me: bool,
}

impl Group {
    pub(crate) fn gid(&self) -> Hash {
        self.begun.gid
    }

    pub(crate) fn founding(&self) -> &Founding {
        &self.begun.founding
    }

    /// What everybody reads before they join. Not clean.
    pub(crate) fn charter(&self) -> &str {
        &self.begun.charter
    }

    pub(crate) fn joined(&self) -> bool {
        self.core.joined
    }

    /// Who is in it, what was decided.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// My own seat; none once I am out.
    pub(crate) fn mine(&self) -> Option<&Seat> {
        self.tally.seats.seat_of(&self.begun.me)
    }

    /// Whether I decide here.
    pub(crate) fn member(&self) -> bool {
        self.mine().is_some_and(|seat| seat.role == Role::Member)
    }

    /// What came of somebody, and what they show.
    pub(crate) fn person(&self, computer: &Ik) -> Option<&Person> {
        self.people.get(computer)
    }

    /// All motions, oldest first, each with its number here.
    pub(crate) fn motions(&self) -> Vec<(u32, HeldMotion<'_>)> {
        let all = self.windows.iter().filter_map(|(name, window)| {
            let (author, motion) = self.register.motion(name)?;
            let mine = self.my_position(name);
            let held = HeldMotion {
                name: *name,
                author: *author,
                motion,
                standing: self.tally.results.get(name)?,
                window,
                mine,
                open_to_me: !window.closed && self.member(),
            };
            Some((window.no, held))
        });
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(no, _)| *no);
        all
    }

    /// What I said last of a motion; who proposes something agrees.
    fn my_position(&self, motion: &Hash) -> Option<Position> {
        let me = &self.begun.me;
        let said = self.register.says(me, motion).last().map(|(it, _)| *it);
        let proposed = || {
            let (author, _) = self.register.motion(motion)?;
            (author == me).then_some(Position::Agree)
        };
        said.or_else(proposed)
    }

    /// Why somebody said what they said last of a motion. Not clean.
    pub(crate) fn reason(&self, author: &Ik, motion: &Hash) -> &str {
        let says = self.register.says(author, motion);
        says.last().map_or("", |(_, reason)| reason)
    }

    /// Where two tell different things.
    pub(crate) fn disagreements(&self) -> impl Iterator<Item = Disagreement> {
        self.lately.disagreements.iter()
    }

    /// Of whom messages never came, and how many.
    pub(crate) fn gaps(&self) -> Vec<(Ik, u32)> {
        let mut gaps: BTreeMap<Ik, u32> = BTreeMap::new();
        for (key, chain) in self.chains.iter() {
            let missing = chain
                .lost
                .saturating_add(chain.missing(digests::told_by_two(&self.people, key)));
            let of = gaps.entry(key.author).or_default();
            *of = of.saturating_add(missing);
        }
        gaps.into_iter()
            .filter(|(_, missing)| *missing > 0)
            .collect()
    }

    /// Who shows other people than mine, and since when.
    pub(crate) fn other_views(&self) -> impl Iterator<Item = (&Ik, When)> {
        self.people.iter().filter_map(|(computer, person)| {
            let since = person.shown?.other_since?;
            self.tally
                .seats
                .seat_of(computer)
                .map(|_| (computer, since))
        })
    }

    /// One chain, as far as I hold it.
    #[cfg(test)]
    pub(crate) fn chain(&self, author: Ik, circle: Circle, incarnation: u16) -> Option<&Chain> {
        let key = ChainKey {
            author,
            circle,
            incarnation,
        };
        self.chains.get(&key)
    }

    /// How much of each is held.
    #[cfg(test)]
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            waiting: self.waiting.numbers().count(),
            motions: self.register.motions().count(),
            offers: self.offers.len(),
            windows: self.windows.iter().count(),
            judged: self.judged,
        }
    }

    /// All that counts.
    #[cfg(test)]
    pub(crate) fn held(&self) -> &super::Held {
        self.register.held()
    }

    fn mark(&mut self, room: saved::Room) {
        self.dirty.insert(Part::whole(room, 0));
    }
}

/// The name of a payload of somebody's.
fn named(author: &Ik, payload: &[u8]) -> Hash {
    name_of(author, payload)
}
