//! What became of what I said in a group: of each copy whether it arrived, of a text how far it has come,
//! and when it is a line like any other. PROTOCOL §7.

use std::collections::BTreeSet;

use super::{Copy, Kind};
use crate::engine::people::count;
use crate::engine::saved::{Piece, Saved, pieces};
use crate::engine::{Body as Stored, Delivery, Engine, Event, Line as Row, SeenBy};
use crate::group::Circle;
use crate::history::{Line, Owner};

impl Engine {
    /// A copy is on its friend's disk, or will never be.
    pub(in crate::engine) fn copy_settled(&mut self, of: u64, no: u32, arrived: bool) {
        let Some(spoken) = self.groups.spoken.get_mut(&of) else {
            return;
        };
        spoken.fate(
            no,
            if arrived {
                Copy::Arrived
            } else {
                Copy::GivenUp
            },
        );
        self.mark(Saved::Entry(of));
        self.settle_spoken(of);
    }

    /// No copy is under way any more: a text becomes a line, and what nobody can ask for goes.
    pub(super) fn settle_spoken(&mut self, id: u64) {
        let Some(spoken) = self.groups.spoken.get_mut(&id) else {
            return;
        };
        let under_way = spoken.to.iter().any(|(_, copy)| *copy == Copy::UnderWay);
        if under_way || core::mem::replace(&mut spoken.settled, true) {
            return;
        }
        let spoken = spoken.clone();
        match spoken.kind {
            Kind::Beacon | Kind::Aside => self.forget_spoken(id),
            Kind::Word { .. } => {
                self.wake_by_age(spoken.since.saturating_add(self.settings.post_min))
            }
            Kind::Text { at, seq, limit } => {
                let arrived = spoken.whose(Copy::Arrived).next().is_some();
                let to = self.group_name(spoken.group);
                let line = Line {
                    friend: spoken.group,
                    seq,
                    minute: spoken.minute,
                    length: spoken.length,
                    since: if arrived {
                        spoken.since
                    } else {
                        self.age.minutes()
                    },
                    limit,
                    arrived,
                    from: None,
                    to_all: at.circle == Circle::All,
                };
                self.keep_line(Owner::Entry(id), line);
                match arrived {
                    true => self.step.at_once.push(Event::Delivered { id, to }),
                    false => {
                        self.remember_given_up(id);
                        self.show(Event::NotArrived { id, to });
                    }
                }
            }
        }
    }

    /// How far a text of mine has come; nothing if it is none, or it is only a line now.
    pub(in crate::engine) fn delivery_in_group(&self, id: u64) -> Option<Delivery> {
        let spoken = self.groups.spoken.get(&id)?;
        let Kind::Text { .. } = spoken.kind else {
            return None;
        };
        let seen = self.people_among(spoken.whose(Copy::Arrived));
        let of = self.people_among(spoken.to.iter().map(|(no, _)| *no));
        Some(match (seen, spoken.settled) {
            (0, true) => Delivery::NotArrived,
            (seen, true) if seen >= of => Delivery::Delivered,
            (seen, _) => Delivery::Seen(SeenBy { seen, of }),
        })
    }

    /// The first friend on whose disk it is not yet.
    pub(in crate::engine::groups) fn waited_for(&self, id: u64) -> Option<u32> {
        let spoken = self.groups.spoken.get(&id)?;
        spoken.whose(Copy::UnderWay).next()
    }

    /// How many people these computers belong to.
    fn people_among(&self, computers: impl Iterator<Item = u32>) -> u32 {
        let first = computers.filter_map(|no| self.computers(no).first().copied());
        count(first.collect::<BTreeSet<_>>().len())
    }

    /// Texts of mine that are under way in groups, or in one.
    pub(in crate::engine) fn awaited_in_groups(&self, group: Option<u32>) -> u32 {
        let spoken = self.groups.spoken.values();
        let spoken = spoken.filter(|it| group.is_none_or(|group| it.group == group));
        count(spoken.filter(|it| it.awaited()).count())
    }

    /// Lines of mine in a group that are not settled.
    pub(in crate::engine) fn lines_under_way(&self, group: u32) -> impl Iterator<Item = Row> {
        let spoken = self.groups.spoken.iter();
        let awaited = spoken.filter(move |(_, it)| it.group == group && it.awaited());
        awaited.filter_map(|(id, spoken)| {
            let Kind::Text { at, seq, limit } = spoken.kind else {
                return None;
            };
            let words = pieces(Saved::Entry(*id), Piece::Text, spoken.length as usize);
            Some(Row {
                from: None,
                to_all: at.circle == Circle::All,
                seq,
                mine: self.delivery_in_group(*id),
                minute: spoken.minute,
                left_min: None,
                limit_min: limit,
                text: Stored::Stored(words),
            })
        })
    }
}
