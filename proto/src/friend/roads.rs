//! How one friend is reached, and what they were told of how I am: their newest list, the road that
//! worked last, which of my lists they have. Stored apart from the friend. PROTOCOL §3 "Roads".

use std::collections::BTreeSet;

use bincode::{Decode, Encode};

use crate::limits::FRIEND_ADDRS_MAX;
use crate::message::Addresses;
use crate::wire::{Addr, Scope};

/// One way to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Road {
    /// To an address.
    Addr(Addr),
    /// Through this friend, by number.
    Through(u32),
}

impl Road {
    /// Its address, if it is one.
    pub(crate) fn addr(self) -> Option<Addr> {
        match self {
            Self::Addr(addr) => Some(addr),
            Self::Through(_) => None,
        }
    }

    /// The friend in between, if there is one.
    pub(crate) fn via(self) -> Option<u32> {
        match self {
            Self::Addr(_) => None,
            Self::Through(via) => Some(via),
        }
    }
}

/// As it is stored, too.
#[derive(Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Roads {
    /// The number of the newest list of theirs.
    heard: (u16, u32),
    /// The addresses on it.
    theirs: Vec<Addr>,
    /// What leads to them through a friend of both.
    pub handle: Option<[u8; 16]>,
    /// The road that worked last.
    pub last: Option<Road>,
    /// The number of my list that they have.
    pub told: u32,
    /// The number of my list that was sealed for them last, and when, in minutes of the node's age.
    pub sealed: (u32, u32),
}

impl Roads {
    /// Of a new friend: pairing told them where I am.
    pub(crate) fn told(number: u32) -> Self {
        Self {
            told: number,
            ..Self::default()
        }
    }

    /// A link came about on this road; says whether the last one came on another.
    pub(crate) fn worked(&mut self, road: Road) -> bool {
        self.last.replace(road) != Some(road)
    }

    /// They are to be found elsewhere from now on. Of the addresses that are known those go that they
    /// gave up; the new ones come first, but for the one that worked last. Says whether it was news.
    pub(crate) fn moved(&mut self, known: &mut Vec<Addr>, said: Addresses) -> bool {
        if said.number <= self.heard {
            return false;
        }
        self.heard = said.number;
        self.handle = said.handle;
        let said = said.addrs.into_iter().map(Addr::canonical);
        let mut new: Vec<_> = said.filter(is_somewhere).collect();
        let mut seen = BTreeSet::new();
        new.retain(|addr| seen.insert(*addr));
        let gone = |addr: &Addr| self.theirs.contains(addr) && !new.contains(addr);
        let last = self.last.and_then(Road::addr);
        let last = last.filter(|addr| !gone(addr));
        let others = known.iter().filter(|addr| !gone(addr));
        let all = last.iter().chain(&new).chain(others).copied();
        let mut seen = BTreeSet::new();
        let all = all.filter(|addr| seen.insert(*addr));
        *known = all.take(FRIEND_ADDRS_MAX).collect();
        self.theirs = new;
        true
    }

    /// The addresses on their newest list.
    pub(crate) fn theirs(&self) -> &[Addr] {
        &self.theirs
    }
}

/// Whether it names a machine at all.
pub(crate) fn is_somewhere(addr: &Addr) -> bool {
    !matches!(addr.scope(), Scope::Nowhere | Scope::Interface)
}

/// Whether it is found on this machine alone.
pub(crate) fn is_own_machine(addr: &Addr) -> bool {
    addr.scope() == Scope::Machine
}

/// Whether it is found from everywhere.
pub(crate) fn is_public(addr: &Addr) -> bool {
    addr.scope() == Scope::World
}

/// Whether a machine with these addresses can find another at this one: a private one only if it has
/// one of the same kind itself. Who knows no address of its own tries all.
pub(crate) fn makes_sense(addr: &Addr, mine: &[Addr]) -> bool {
    match addr.scope() {
        Scope::World => true,
        there => mine.is_empty() || mine.iter().any(|mine| mine.scope() == there),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(last: u8) -> Addr {
        Addr::V4([198, 51, 100, last], 9)
    }

    fn list(number: u32, addrs: &[Addr]) -> Addresses {
        Addresses {
            number: (1, number),
            addrs: addrs.to_vec(),
            handle: None,
        }
    }

    #[test]
    fn a_newer_list_takes_the_place_of_the_one_before_and_an_older_one_does_not() {
        let (mut roads, mut known) = (Roads::default(), vec![v4(1)]);
        assert!(roads.moved(&mut known, list(2, &[v4(2), v4(3)])));
        assert_eq!(known, [v4(2), v4(3), v4(1)], "the invitation's stays");
        assert!(!roads.moved(&mut known, list(2, &[v4(9)])));
        assert!(!roads.moved(&mut known, list(1, &[v4(9)])));
        assert!(roads.moved(&mut known, list(3, &[v4(4)])));
        assert_eq!(known, [v4(4), v4(1)]);
        let mut restored = list(1, &[v4(5)]);
        restored.number.0 = 2;
        assert!(roads.moved(&mut known, restored), "a later life");
        assert_eq!(roads.theirs(), [v4(5)]);
    }

    #[test]
    fn what_worked_last_stays_first_until_they_give_it_up() {
        let (mut roads, mut known) = (Roads::default(), vec![v4(1)]);
        roads.last = Some(Road::Addr(v4(1)));
        roads.moved(&mut known, list(1, &[v4(2)]));
        assert_eq!(known, [v4(1), v4(2)], "of a router, say: it is on no list");
        roads.last = Some(Road::Addr(v4(2)));
        roads.moved(&mut known, list(2, &[v4(3), v4(2)]));
        assert_eq!(known, [v4(2), v4(3), v4(1)]);
        roads.moved(&mut known, list(3, &[v4(3)]));
        assert_eq!(known, [v4(3), v4(1)]);
    }

    #[test]
    fn addresses_are_bounded_once_each_and_name_a_machine() {
        let mut known: Vec<_> = (0..8).map(v4).collect();
        let mut roads = Roads::default();
        let odd = [
            Addr::V4([0; 4], 9),
            Addr::V4([255; 4], 9),
            Addr::V4([239, 1, 1, 1], 9),
            Addr::V6([0; 16], 9),
            Addr::V6([0xFF; 16], 9),
            v4(99),
            v4(99),
        ];
        roads.moved(&mut known, list(1, &odd));
        assert_eq!(known.len(), FRIEND_ADDRS_MAX);
        assert_eq!(known[..2], [v4(99), v4(0)]);
    }

    #[test]
    fn a_private_address_is_tried_from_networks_of_its_kind_alone() {
        let home = Addr::V4([192, 168, 1, 7], 9);
        let there = Addr::V4([192, 168, 1, 8], 9);
        let office = Addr::V4([10, 0, 0, 8], 9);
        let here = Addr::V4([127, 0, 0, 1], 9);
        assert!(makes_sense(&there, &[home]) && !makes_sense(&office, &[home]));
        assert!(!makes_sense(&here, &[home]) && makes_sense(&here, &[here]));
        assert!(makes_sense(&v4(1), &[home]) && makes_sense(&Addr::Onion([1; 32], 9), &[home]));
        let disguised =
            |host: [u8; 4]| Addr::V6(core::net::Ipv4Addr::from(host).to_ipv6_mapped().octets(), 9);
        for host in [[127, 0, 0, 1], [10, 0, 0, 8], [100, 64, 0, 1]] {
            assert!(
                !makes_sense(&disguised(host), &[home]),
                "{host:?} in disguise"
            );
        }
        assert!(makes_sense(&disguised([192, 168, 1, 8]), &[home]));
        let unique_local = Addr::V6([0xFD; 16], 9);
        assert!(!makes_sense(&unique_local, &[home]));
        for addr in [there, office, here, v4(1), unique_local] {
            assert!(makes_sense(&addr, &[]), "who knows nothing of itself");
        }
    }
}
