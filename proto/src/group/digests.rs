//! What others told of chains, beside what I hold: who tells something else, who holds how much, what
//! all agree on. Nobody can know from it who lies, and nothing follows by itself: it is said, and people
//! ask each other aloud. PROTOCOL §7 "Consistency".

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::chains::{Chain, ChainKey, Chains};
use super::people::{Mark, People};
use super::{Circle, Digest, Ik, Seats};
use crate::limits::{BEACON_DIGESTS_MAX, GROUP_DIGESTS_MAX};

/// Somebody tells something else of an author's chain than I hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub(crate) struct Disagreement {
    pub author: Ik,
    /// The author, if two things came from them directly.
    pub teller: Ik,
    pub circle: Circle,
    pub incarnation: u16,
    /// The number from which on it is so, as far as I know.
    pub number: u32,
}

/// All that does not agree: of each author and teller the first of each life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Disagreements {
    all: BTreeMap<(Ik, Ik, Circle), (u16, u32)>,
}

impl Disagreements {
    /// Keeps one; gives whether it was not known.
    pub(crate) fn add(&mut self, found: Disagreement) -> bool {
        if planted!(EquivocationHidden) {
            return false;
        }
        let at = (found.author, found.teller, found.circle);
        let this = (found.incarnation, found.number);
        match self.all.get(&at) {
            // A later life's takes the place of an earlier one's; of one life the first stays.
            Some((life, number)) if *life > this.0 || *life == this.0 && *number <= this.1 => false,
            known => {
                let new = known.is_none_or(|(life, _)| *life != this.0);
                self.all.insert(at, this);
                new
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Disagreement> {
        let one = |(at, what): (&(Ik, Ik, Circle), &(u16, u32))| Disagreement {
            author: at.0,
            teller: at.1,
            circle: at.2,
            incarnation: what.0,
            number: what.1,
        };
        self.all.iter().map(one)
    }

    /// Forgets what is about others than these.
    pub(crate) fn keep_only(&mut self, those: &BTreeSet<Ik>) {
        let known = |(author, teller, _): &(Ik, Ik, Circle)| {
            those.contains(author) && those.contains(teller)
        };
        self.all.retain(|at, _| known(at));
    }
}

/// Takes in what somebody told, by their set of people; gives what does not agree.
pub(crate) fn told(
    people: &mut People,
    chains: &Chains,
    teller: Ik,
    seats: &Seats,
    digests: &[Digest],
) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for digest in digests {
        let Some(author) = seats.computer(digest.index) else {
            continue;
        };
        let key = ChainKey {
            author: *author,
            circle: digest.circle,
            incarnation: digest.incarnation,
        };
        let mark = Mark {
            incarnation: digest.incarnation,
            number: digest.number,
            head: digest.head,
        };
        found.extend(compare(chains, teller, &key, &mark));
        let newest = &people
            .get(&teller)
            .and_then(|it| it.marks.get(&(*author, digest.circle)));
        let further = |old: &&Mark| (old.incarnation, old.number) < (mark.incarnation, mark.number);
        if newest.as_ref().is_none_or(further) {
            let marks = &mut people.get_mut(&teller).marks;
            marks.insert((*author, digest.circle), mark);
        }
    }
    found
}

fn compare(chains: &Chains, teller: Ik, key: &ChainKey, mark: &Mark) -> Option<Disagreement> {
    let mine = chains.get(key)?.head_at(mark.number)?;
    (mine != mark.head).then_some(Disagreement {
        author: key.author,
        teller,
        circle: key.circle,
        incarnation: key.incarnation,
        number: mark.number,
    })
}

/// A chain of mine went on to this number: gives who told something else of it before.
pub(crate) fn compare_all(
    people: &People,
    chains: &Chains,
    key: &ChainKey,
    numbers: [u32; 2],
) -> Vec<Disagreement> {
    let at = (key.author, key.circle);
    let marks = people
        .iter()
        .filter_map(|(it, person)| Some((*it, *person.marks.get(&at)?)));
    let marks = marks
        .filter(|(_, mark)| mark.incarnation == key.incarnation && numbers.contains(&mark.number));
    marks
        .filter_map(|(teller, mark)| compare(chains, teller, key, &mark))
        .collect()
}

/// The furthest that anybody told of a chain.
pub(crate) fn furthest(people: &People, key: &ChainKey) -> u32 {
    let marks = people
        .iter()
        .filter_map(|(_, it)| it.marks.get(&(key.author, key.circle)));
    let of_life = marks.filter(|mark| mark.incarnation == key.incarnation);
    of_life.map(|mark| mark.number).max().unwrap_or_default()
}

/// How far at least two told of a chain: one alone may tell anything.
pub(crate) fn told_by_two(people: &People, key: &ChainKey) -> u32 {
    let marks = people
        .iter()
        .filter_map(|(_, it)| it.marks.get(&(key.author, key.circle)));
    let of_life = marks.filter(|mark| mark.incarnation == key.incarnation);
    let mut numbers: Vec<u32> = of_life.map(|mark| mark.number).collect();
    numbers.sort_unstable();
    numbers.into_iter().rev().nth(1).unwrap_or_default()
}

/// How far all of these agree with me on a chain, as they told.
pub(crate) fn agreed(people: &People, chains: &Chains, key: &ChainKey, of: &[Ik]) -> Option<u32> {
    let chain = chains.get(key)?;
    let mut least = chain.whole();
    for computer in of.iter().filter(|computer| **computer != key.author) {
        let mark = people.get(computer)?.marks.get(&(key.author, key.circle))?;
        let same = chain
            .head_at(mark.number)
            .is_none_or(|mine| mine == mark.head);
        if mark.incarnation != key.incarnation || !same {
            return None;
        }
        least = least.min(mark.number);
    }
    Some(least)
}

/// What I hold of a chain, as I tell it in my set.
pub(crate) fn digest_of(
    chains: &Chains,
    seats: &Seats,
    author: &Ik,
    circle: Circle,
) -> Option<Digest> {
    let (key, chain) = chains.newest(author, circle)?;
    digest(seats.index_of(author)?, key, chain)
}

fn digest(index: u8, key: &ChainKey, chain: &Chain) -> Option<Digest> {
    let number = chain.told();
    Some(Digest {
        index,
        circle: key.circle,
        incarnation: key.incarnation,
        number,
        head: chain.head_at(number).filter(|_| number > 0)?,
    })
}

/// What I hold of the chains of these circles, as many to a beacon as it has room for; at least one
/// beacon, which says that I am there. My own are among them: of what reached nobody nobody else tells.
/// So are those of earlier lives, in which only a liar goes on.
pub(crate) fn beacons(chains: &Chains, seats: &Seats, circles: &[Circle]) -> Vec<Vec<Digest>> {
    let of = |author| {
        let lives = circles.iter().flat_map(move |c| chains.of(author, *c));
        lives.filter_map(|(key, chain)| digest(seats.index_of(author)?, key, chain))
    };
    let mut all: Vec<Digest> = seats.computers().flat_map(of).collect();
    all.sort_by_key(Digest::key);
    if all.is_empty() {
        return vec![all];
    }
    all.chunks(BEACON_DIGESTS_MAX).map(<[_]>::to_vec).collect()
}

/// What a message carries: a few of the chains of its circle that changed since I last told of them.
/// They are told of now.
pub(crate) fn carried(
    untold: &mut BTreeSet<(Circle, Ik)>,
    chains: &Chains,
    seats: &Seats,
    circle: Circle,
) -> Vec<Digest> {
    let those = untold.iter().filter(|(of, _)| *of == circle).copied();
    let those: Vec<_> = those.take(GROUP_DIGESTS_MAX).collect();
    untold.retain(|it| !those.contains(it));
    let digests = those
        .iter()
        .filter_map(|(_, author)| digest_of(chains, seats, author, circle));
    let mut digests: Vec<_> = digests.collect();
    digests.sort_by_key(Digest::key);
    digests
}
