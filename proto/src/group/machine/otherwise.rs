//! For whom a motion stands otherwise than for me. Who holds the same words has the same result; so whoever
//! tells another one holds other words, whatever they are: of an author who said different things, or
//! nothing to one of us, of somebody who is out and is not asked any more. Nothing follows from it but that
//! both of us are shown it. PROTOCOL §7 "Consistency".

use super::{Group, News};
use crate::group::people::{Otherwise, When};
use crate::group::tally::Outcome;
use crate::group::{Hash, Ik, Role};
use crate::limits::{OTHERWISE_MAX, OTHERWISE_MINUTES};

/// A motion that stands otherwise for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OtherResult {
    /// For whom.
    pub teller: Ik,
    /// Which.
    pub motion: Hash,
    /// How it stands for them, as they last told.
    pub outcome: Outcome,
    /// Since when they tell so.
    pub since: When,
}

impl Group {
    /// A member tells how motions stand for them.
    pub(super) fn take_results(
        &mut self,
        from: Ik,
        told: &[(Hash, Outcome)],
        when: When,
        news: &mut Vec<News>,
    ) {
        if !self.member() || !self.decides(&from) || planted!(ResultsNotCompared) {
            return;
        }
        let results = &self.tally.results;
        let otherwise = &mut self.people.get_mut(&from).otherwise;
        let before = otherwise.values().any(lasts);
        otherwise.retain(|name, _| results.contains_key(name));
        for (name, outcome) in told {
            let other = results.get(name).is_some_and(|it| it.outcome != *outcome);
            if !other {
                otherwise.remove(name);
            } else if otherwise.len() < OTHERWISE_MAX || otherwise.contains_key(name) {
                let since = otherwise.get(name).map_or(when, |it| it.since);
                let it = Otherwise {
                    outcome: *outcome,
                    since,
                    last: when.age,
                };
                otherwise.insert(*name, it);
            }
        }
        if !before && otherwise.values().any(lasts) {
            news.push(News::OtherResult(from));
        }
    }

    fn decides(&self, computer: &Ik) -> bool {
        let seat = self.tally.seats.seat_of(computer);
        seat.is_some_and(|seat| seat.role == Role::Member)
    }

    /// Motions that stand otherwise for members than for me, and have for a while.
    pub(crate) fn other_results(&self) -> Vec<OtherResult> {
        let people = self.people.iter().filter(|(it, _)| self.decides(it));
        let told = people.flat_map(|(teller, person)| {
            let those = person.otherwise.iter().filter(|(_, it)| lasts(it));
            those.map(move |(motion, it)| OtherResult {
                teller: *teller,
                motion: *motion,
                outcome: it.outcome,
                since: it.since,
            })
        });
        let other = |it: &OtherResult| {
            let mine = self.tally.results.get(&it.motion);
            mine.is_some_and(|mine| mine.outcome != it.outcome)
        };
        told.filter(other).collect()
    }
}

/// Whether they told so for a while: until then words may be on their way.
fn lasts(told: &Otherwise) -> bool {
    told.last.saturating_sub(told.since.age) >= OTHERWISE_MINUTES
}
