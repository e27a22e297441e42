//! Groups of engines, with real sessions, in whatever can happen to them: people talk, propose and
//! answer, networks come apart for up to two weeks, computers stop in the middle of a step and start
//! again on their disks, some join late, and one member's program lies.
//!
//! `KITH_GROUPS=200` is how many schedules, `KITH_GROUP_SEED=17` one of them alone. By itself it is few.
//!
//! ```text
//! acts.rs     what people and the network do
//! liar.rs     what the one whose program was changed says
//! checks.rs   what holds at any moment, and what holds in the end
//! ```

mod acts;
mod checks;
mod liar;

use std::collections::{BTreeMap, BTreeSet};

use super::super::net::Net;
use super::{NAMES, all_friends};
use crate::engine::*;
use liar::Liar;

const NAME: &str = "cantine";
const HOUR_MS: u64 = 3_600_000;
/// Hours that the faults last in all: nothing is older than the post when they end.
const FAULTS_HOURS: u64 = 16 * 24;
/// Hours after which a group has settled what can still be settled: whoever missed something asked
/// its author, windows ended, and whoever holds other people for the group's has shown that for a week.
const CALM_HOURS: u64 = 13 * 24;
/// So many hours that what was said in the storm is no business of anybody's any more.
const LONG_HOURS: u64 = 40 * 24;

/// A text that somebody said.
struct Told {
    by: usize,
    text: String,
    to_all: bool,
    /// Who was on the list that its author was shown then, without those who were suspended.
    to: BTreeSet<usize>,
}

pub(super) struct Storm {
    net: Net,
    seed: u64,
    draws: u64,
    hours: u64,
    /// So many were there at the beginning, from the first on.
    founders: usize,
    liar: Option<Liar>,
    told: Vec<Told>,
    /// What each could read, with whom it is from, in order.
    shown: Vec<Vec<(String, String)>>,
    /// What each said of a motion, by its words.
    said: BTreeMap<(usize, Vec<&'static str>), Vec<Position>>,
    /// Who left by themselves.
    gone: BTreeSet<usize>,
    /// Who stops at its next step, as time passes.
    stops: Option<(usize, bool)>,
    /// What happened, to be read if something does not hold.
    trace: Vec<String>,
}

impl Storm {
    fn new(seed: u64) -> Self {
        let mut storm = Self {
            net: Net::new(0),
            seed,
            draws: 0,
            hours: 0,
            founders: 0,
            liar: None,
            told: Vec::new(),
            shown: Vec::new(),
            said: BTreeMap::new(),
            gone: BTreeSet::new(),
            stops: None,
            trace: Vec::new(),
        };
        let count = 5 + storm.draw(4) as usize;
        storm.net = all_friends(count, count);
        storm.shown = vec![Vec::new(); count];
        storm.founds(count);
        storm
    }

    /// One or two are not in it yet; of the founders most say yes at once.
    fn founds(&mut self, count: usize) {
        let outside = 1 + self.draw(2) as usize;
        self.founders = count - outside;
        let with: Vec<_> = (1..self.founders).collect();
        let policy = GroupPolicy {
            preset: match self.draw(4) {
                0 => Preset::Majority,
                1 => Preset::Of(2),
                _ => Preset::Consent,
            },
            add_hours: 12,
            promote_hours: 24,
            hours: 36,
            spectator_days: self.draw(3) as u8,
            silent_days: 7,
        };
        self.net.found_as(0, &with, policy);
        for at in with {
            if self.draw(4) > 0 {
                self.net.join(at);
            }
        }
        if self.draw(3) > 0 {
            self.liar = Some(Liar::new(1, 7));
        }
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.draws += 1;
        let of = [self.seed.to_le_bytes(), self.draws.to_le_bytes()].concat();
        let hash = blake3::hash(&of);
        let drawn = u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap());
        drawn % below.max(1)
    }

    fn count(&self) -> usize {
        self.net.nodes.len()
    }

    /// Everybody whose program is ours.
    fn honest(&self) -> Vec<usize> {
        let liar = self.liar.as_ref().map(|it| it.at);
        (0..self.count()).filter(|at| Some(*at) != liar).collect()
    }

    fn card(&mut self, at: usize) -> Option<GroupCard> {
        let name = NAME.into();
        match self.net.group(at, AskGroup::Show { name }) {
            Ok(GroupAnswer::Group(card)) => Some(*card),
            _ => None,
        }
    }

    /// Goes through it, and gives how much of what was said was looked at in the end.
    fn pass(mut self) -> usize {
        while self.hours < FAULTS_HOURS {
            self.something_happens();
            self.holds();
        }
        self.calms();
        self.ends_well()
    }

    /// The faults end, whoever is asked says yes, and time passes.
    fn calms(&mut self) {
        self.trace.push("calm".into());
        self.net.lost = |_| false;
        self.net.splits(BTreeMap::new());
        (0..self.count()).for_each(|at| self.net.comes(at));
        (0..self.count()).for_each(|at| self.joins(at));
        let hours = if self.seed % 3 == 2 {
            LONG_HOURS
        } else {
            CALM_HOURS
        };
        for passed in 0..hours / 4 {
            self.hours_pass(4);
            if passed % 12 == 0 {
                (0..self.count()).for_each(|at| self.joins(at));
            }
        }
        (0..self.count()).for_each(|at| self.reads(at));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how many schedules says whoever runs the tests"
)]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Goes through these schedules; says which failed.
#[expect(clippy::print_stderr, reason = "what failed can be had again")]
fn each(seeds: impl Iterator<Item = u64>) -> usize {
    let (mut looked, mut failed) = (0, Vec::new());
    for seed in seeds {
        match std::panic::catch_unwind(|| Storm::new(seed).pass()) {
            Ok(texts) => looked += texts,
            Err(_) => {
                eprintln!("KITH_GROUP_SEED={seed} repeats it");
                failed.push(seed);
            }
        }
    }
    assert!(failed.is_empty(), "failed: {failed:?}");
    looked
}

const FEW: u64 = 6;

/// Of even seeds or of odd ones, so that two threads share them.
fn some(odd: u64) {
    if let Some(seed) = number("KITH_GROUP_SEED") {
        each(core::iter::once(seed).filter(|seed| seed % 2 == odd));
        return;
    }
    let all = number("KITH_GROUPS").unwrap_or(FEW);
    let texts = each((0..all).filter(|seed| seed % 2 == odd));
    assert!(
        texts as u64 > 10 * (all / 2),
        "too little was said: {texts}"
    );
}

#[test]
fn whatever_happens_to_a_group_each_text_is_shown_once_and_all_decide_the_same_or_see_that_they_do_not()
 {
    some(0);
}

#[test]
fn the_same_holds_for_other_groups_at_the_same_time() {
    some(1);
}
