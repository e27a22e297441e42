//! Groups, from the engine's words to those of the socket.

use kith_proto::engine as core;

use crate::control::shape::{
    Doubt, Group, GroupCost, GroupNews, GroupPolicy, GroupRow, InGroup, Named, Preset, Seated,
    SeenBy, Welcome, utc,
};

impl From<core::GroupRow> for GroupRow {
    fn from(row: core::GroupRow) -> Self {
        Self {
            name: row.name,
            spectator: row.spectator,
            members: row.members,
            spectators: row.spectators,
            unread: row.unread,
            to_answer: row.to_answer,
            objected: row.objected,
            split: row.split,
        }
    }
}

/// All of it but its motions, of which only some may fit.
impl From<core::GroupCard> for Group {
    fn from(card: core::GroupCard) -> Self {
        Self {
            row: card.row.into(),
            proposed: card.proposed,
            charter: card.charter,
            policy: card.policy.into(),
            since: utc(card.since_min),
            parent: card.parent,
            people: card.people.into_iter().map(Into::into).collect(),
            motions: Vec::new(),
            doubts: card.doubts.into_iter().map(Into::into).collect(),
            sides: card.sides.into_iter().map(all_named).collect(),
            cost: card.cost.into(),
        }
    }
}

fn all_named(people: Vec<core::Named>) -> Vec<Named> {
    people.into_iter().map(Into::into).collect()
}

impl From<core::GroupPolicy> for GroupPolicy {
    fn from(policy: core::GroupPolicy) -> Self {
        Self {
            preset: match policy.preset {
                core::Preset::Consent => Preset::Consent,
                core::Preset::Majority => Preset::Majority,
                core::Preset::Of(count) => Preset::Of(count),
            },
            add_hours: policy.add_hours,
            promote_hours: policy.promote_hours,
            hours: policy.hours,
            spectator_days: policy.spectator_days,
            silent_days: policy.silent_days,
        }
    }
}

impl From<GroupPolicy> for core::GroupPolicy {
    fn from(policy: GroupPolicy) -> Self {
        Self {
            preset: match policy.preset {
                Preset::Consent => core::Preset::Consent,
                Preset::Majority => core::Preset::Majority,
                Preset::Of(count) => core::Preset::Of(count),
            },
            add_hours: policy.add_hours,
            promote_hours: policy.promote_hours,
            hours: policy.hours,
            spectator_days: policy.spectator_days,
            silent_days: policy.silent_days,
        }
    }
}

/// As the program advises.
impl Default for GroupPolicy {
    fn default() -> Self {
        core::GroupPolicy::default().into()
    }
}

impl From<core::GroupCost> for GroupCost {
    fn from(cost: core::GroupCost) -> Self {
        Self {
            parcels: cost.parcels,
            bytes: cost.bytes,
            parcels_all: cost.parcels_all,
            bytes_all: cost.bytes_all,
        }
    }
}

impl From<core::Named> for Named {
    fn from(named: core::Named) -> Self {
        match named {
            core::Named::Me => Self::Me,
            core::Named::Friend(petname) => Self::Petname(petname),
            core::Named::Stranger(somebody) => Self::Stranger(somebody.into()),
        }
    }
}

impl From<core::Seated> for Seated {
    fn from(seated: core::Seated) -> Self {
        Self {
            who: seated.who.into(),
            spectator: seated.spectator,
            suspended: seated.suspended,
            reported: seated.reported,
            muted: seated.muted,
            computers: seated.computers,
            unreached: seated.unreached,
            heard: (seated.heard_min > 0).then(|| utc(seated.heard_min)),
            here: seated.here,
        }
    }
}

impl From<core::Doubt> for Doubt {
    fn from(doubt: core::Doubt) -> Self {
        match doubt {
            core::Doubt::Disagreement {
                author,
                teller,
                number,
            } => Self::Disagreement {
                author: author.into(),
                teller: teller.into(),
                number,
            },
            core::Doubt::Gap { author, count } => Self::Gap {
                author: author.into(),
                count,
            },
            core::Doubt::OtherSet { who, since_min } => Self::OtherSet {
                who: who.into(),
                since: utc(since_min),
            },
            core::Doubt::OtherResult {
                who,
                motion,
                outcome,
                since_min,
            } => Self::OtherResult {
                who: who.into(),
                motion: motion.into_iter().map(str::to_owned).collect(),
                outcome: outcome.into(),
                since: utc(since_min),
            },
        }
    }
}

impl From<core::Welcome> for Welcome {
    fn from(welcome: core::Welcome) -> Self {
        Self {
            by: welcome.by,
            proposed: welcome.proposed,
            charter: welcome.charter,
            people: all_named(welcome.people),
            spectator: welcome.spectator,
            policy: welcome.policy.into(),
        }
    }
}

impl From<core::InGroup> for InGroup {
    fn from(group: core::InGroup) -> Self {
        Self {
            name: group.name,
            to_all: group.to_all,
        }
    }
}

impl SeenBy {
    /// Of a message that is not everywhere yet.
    pub(in crate::control) fn of(state: &core::Delivery) -> Option<Self> {
        match state {
            core::Delivery::Seen(core::SeenBy { seen, of }) => Some(Self {
                seen: *seen,
                of: *of,
            }),
            _ => None,
        }
    }
}

impl From<core::GroupNews> for GroupNews {
    fn from(news: core::GroupNews) -> Self {
        use core::GroupNews as From;
        match news {
            From::Asked { id, by } => Self::Asked { id, by },
            From::Here(who) => Self::Here { who: who.into() },
            From::Proposed { motion } => Self::Proposed { motion },
            From::Moved { motion, outcome } => Self::Moved {
                motion,
                outcome: outcome.into(),
            },
            From::In(who) => Self::In { who: who.into() },
            From::Out(who) => Self::Out { who: who.into() },
            From::Ended => Self::Ended,
            From::Suspended(who) => Self::Suspended { who: who.into() },
            From::Lifted(who) => Self::Lifted { who: who.into() },
            From::Reported { who, by } => Self::Reported {
                who: who.into(),
                by,
            },
            From::Doubt => Self::Doubt,
            From::Split => Self::Split,
        }
    }
}
