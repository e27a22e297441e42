//! A group on the disk: what I alone know of it, whom I muted there, and the group's own records, each
//! renewed whenever it changes. Nothing of a group that I left stays. PROTOCOL §8.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assembly, Groups, Own};
use crate::engine::BadRecords;
use crate::engine::saved::{Saved, decode, encode, whole, within};
use crate::friend::Friend;
use crate::group::{self, Group};
use crate::limits::{GROUP_COMPUTERS_MAX, GROUPS_MAX, REASON_BYTES_MAX};
use crate::petname::Petname;
use crate::secret::Said;

/// A record of a group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Part {
    /// What I know of it that the others do not tell.
    Mine,
    /// Somebody whom I muted in it.
    Muted(u32),
    /// One of the group's own.
    Theirs(group::Part),
}

impl Part {
    fn place(self) -> (u64, u32) {
        match self {
            Self::Mine => (0, 0),
            Self::Muted(n) => (1, n),
            Self::Theirs(part) => {
                let room = (u64::from(part.letter()) + 1) << 32;
                (room | u64::from(part.no), part.piece)
            }
        }
    }

    fn of((a, b): (u64, u32)) -> Option<Self> {
        Some(match (a, b) {
            (0, 0) => Self::Mine,
            (0, _) => return None,
            (1, n) => Self::Muted(n),
            (a, piece) => {
                let letter = u8::try_from((a >> 32).checked_sub(1)?).ok()?;
                let no = (a & u64::from(u32::MAX)) as u32;
                Self::Theirs(group::Part::of(letter, no, piece)?)
            }
        })
    }
}

impl Assembly {
    fn record(&self, part: Part) -> Option<Said> {
        match part {
            Part::Mine => {
                let name = self.name.as_ref().map(|name| name.as_str().to_owned());
                Some(encode((name, &self.own)))
            }
            Part::Muted(n) => self.muted.get(&n).map(encode),
            Part::Theirs(part) => self.group.record(part).map(|body| whole(&body)),
        }
    }

    /// Whether an engine can have written this.
    fn can_be(&self, next: u32, friends: &BTreeMap<u32, Friend>) -> bool {
        let short = self
            .muted
            .values()
            .all(|(_, why)| why.len() <= REASON_BYTES_MAX);
        let few =
            self.muted.len() <= GROUP_COMPUTERS_MAX && self.own.people.len() <= GROUP_COMPUTERS_MAX;
        let known = |no: u32| no < next || friends.contains_key(&no);
        let people = self.own.people.iter().filter_map(|person| person.friend);
        let named = self.name.is_some() != self.own.door.is_some();
        short && few && named && people.into_iter().all(known)
    }
}

impl Groups {
    /// Records that are to be written or erased.
    pub(in crate::engine) fn take_marks(&mut self) -> BTreeSet<Saved> {
        let dirty = core::mem::take(&mut self.dirty);
        for (no, part) in &dirty {
            if let Some(it) = self.all.get_mut(no) {
                match it.record(*part) {
                    Some(_) => it.records.insert(*part),
                    None => it.records.remove(part),
                };
            }
        }
        let left = core::mem::take(&mut self.left);
        let all = dirty.into_iter().chain(left);
        all.map(|(no, part)| {
            let (a, b) = part.place();
            Saved::Group(no, a, b)
        })
        .collect()
    }

    /// What stands in one; nothing if what it is about is gone.
    pub(in crate::engine) fn record(&self, no: u32, place: (u64, u32)) -> Option<Said> {
        self.all.get(&no)?.record(Part::of(place)?)
    }

    /// A group as it was stored.
    pub(in crate::engine) fn restore(
        &mut self,
        no: u32,
        stored: &[((u64, u32), &Said)],
    ) -> Result<(), BadRecords> {
        let (mut own, mut muted) = (None, BTreeMap::new());
        let (mut theirs, mut records) = (Vec::new(), BTreeSet::new());
        for (place, body) in stored {
            let part = Part::of(*place).ok_or(BadRecords)?;
            records.insert(part);
            match part {
                Part::Mine => own = Some(decode::<(Option<String>, Own)>(body)?),
                Part::Muted(n) => drop(muted.insert(n, decode(body)?)),
                Part::Theirs(part) => theirs.push((part, within(body)?)),
            }
        }
        let (name, own) = own.ok_or(BadRecords)?;
        let name = name.map(|name| Petname::parse(&name)).transpose();
        let assembly = Assembly {
            name: name.map_err(|_| BadRecords)?,
            own,
            muted,
            group: Group::restore(theirs).map_err(|_| BadRecords)?,
            records,
        };
        self.all.insert(no, assembly);
        Ok(())
    }

    /// Whether all of them, and what was said in them, can stand beside these friends.
    pub(in crate::engine) fn fit(&self, next: u32, friends: &BTreeMap<u32, Friend>) -> bool {
        let all = self.all.iter();
        let mut all =
            all.map(|(no, it)| *no < next && !friends.contains_key(no) && it.can_be(next, friends));
        self.all.len() <= GROUPS_MAX && all.all(|fits| fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::groups::Person;
    use crate::limits::{
        MOTIONS_MAX, MOTIONS_PER_SEAT_MAX, PETNAME_BYTES_MAX, RECORD_BODY_BYTES_MAX,
    };

    #[test]
    fn the_largest_record_of_a_group_of_mine_fits_the_vault() {
        const WIDE: u32 = u32::MAX;
        let person = Person {
            computer: [255; 32],
            friend: Some(WIDE),
        };
        let own = Own {
            door: Some((WIDE, WIDE)),
            me: [255; 32],
            since_min: WIDE,
            since: WIDE,
            keep: Some(WIDE),
            people: vec![person; GROUP_COMPUTERS_MAX],
            turns: WIDE,
            to_make_known: vec![[255; 32]; MOTIONS_PER_SEAT_MAX],
            passed: vec![[255; 16]; MOTIONS_MAX],
            ended: true,
        };
        let name = Some("n".repeat(PETNAME_BYTES_MAX));
        assert!(encode((name, &own)).len() <= RECORD_BODY_BYTES_MAX);
        let muted = ([255u8; 32], "r".repeat(REASON_BYTES_MAX));
        assert!(encode(muted).len() <= RECORD_BODY_BYTES_MAX);
    }
}
