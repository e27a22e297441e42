//! Storms: what people do and what goes wrong meanwhile, drawn from a seed; as a list that can be
//! cut down, printed and read back.

use core::fmt;
use std::sync::OnceLock;

use kith_proto::limits::ROTATE_MINUTES;

use super::{Chance, DAY, Deed, Disk, HOUR, MINUTE, MS, SECOND, Weather, World};

/// What happens to friends who talk.
#[derive(Clone)]
pub(crate) struct Storm {
    pub(crate) seed: u64,
    /// Two or three; the second is a friend of all.
    pub(crate) people: usize,
    pub(crate) weather: Weather,
    /// In milliseconds from the storm's beginning.
    pub(crate) deeds: Vec<(u64, Deed)>,
}

/// How long they talk.
const LONG: u64 = 4 * MINUTE;

impl Storm {
    /// A mix of all faults, another one for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed, "storm");
        let people = if chance.one_in(4) { 3 } else { 2 };
        let mut storm = Self {
            seed,
            people,
            weather: Weather::STORM,
            deeds: Vec::new(),
        };
        storm.talk(&mut chance);
        storm.falls(&mut chance);
        storm.disks(&mut chance);
        storm.clocks(&mut chance);
        storm.outages(&mut chance);
        storm.copies(&mut chance);
        storm.restores(&mut chance);
        storm.renewals(&mut chance);
        storm.deeds.sort_by_key(|(at, _)| *at);
        storm
    }

    fn then(&mut self, at: u64, deed: Deed) {
        self.deeds.push((at / MS, deed));
    }

    /// A few lines at a time, as people write, and looks at what came.
    fn talk(&mut self, chance: &mut Chance) {
        for _ in 0..chance.between(3, 6) {
            let from = chance.below(self.people as u64) as usize;
            let to = if from == 1 {
                *chance.pick(&[0, self.people - 1])
            } else {
                1
            };
            let to = if from == 1 && to == 1 { 0 } else { to };
            let mut at = chance.below(LONG);
            for _ in 0..chance.between(1, 6) {
                self.then(at, Deed::Say { from, to });
                at += chance.below(2 * SECOND);
            }
            self.then(chance.below(LONG + MINUTE), Deed::Read(to));
        }
    }

    fn node(&self, chance: &mut Chance) -> usize {
        chance.below(self.people as u64) as usize
    }

    /// Nodes stop, some of them right after something was said, and start again soon or late.
    fn falls(&mut self, chance: &mut Chance) {
        for _ in 0..chance.between(1, 5) {
            let talk = chance.pick(&self.deeds).0 * MS;
            let at = if chance.one_in(2) {
                talk + chance.below(200 * MS)
            } else {
                chance.below(LONG)
            };
            let node = self.node(chance);
            self.then(at, Deed::Crash(node));
            let longest = if chance.one_in(6) { HOUR } else { 5 * SECOND };
            self.then(at + chance.below(longest), Deed::Start(node));
        }
    }

    /// Disks fill up and have room again, or fail.
    fn disks(&mut self, chance: &mut Chance) {
        if chance.one_in(4) {
            let (at, node) = (chance.below(LONG), self.node(chance));
            self.then(at, Deed::Tight(node));
            self.then(at + chance.below(2 * MINUTE), Deed::Room(node));
        }
        if chance.one_in(4) {
            let (at, node) = (chance.below(LONG), self.node(chance));
            self.then(at, Deed::Full(node));
            self.then(at + chance.below(2 * MINUTE), Deed::Room(node));
        }
        for _ in 0..chance.below(3) {
            let (at, node) = (chance.below(LONG), self.node(chance));
            self.then(at, Deed::Fail(node));
        }
    }

    /// Clocks jump by a month, to 1970 or to 2106.
    fn clocks(&mut self, chance: &mut Chance) {
        const MONTH: i64 = 30 * 86_400_000;
        if chance.one_in(3) {
            let by_ms = *chance.pick(&[MONTH, -MONTH, -1_795_000_000_000, 2_499_000_000_000]);
            let (at, node) = (chance.below(LONG), self.node(chance));
            self.then(at, Deed::Clock { node, by_ms });
        }
    }

    /// Somebody cannot be dialled. Two cannot reach each other; at times for longer than anybody waits for order.
    fn outages(&mut self, chance: &mut Chance) {
        if chance.one_in(4) {
            let node = chance.below(2) as usize;
            self.then(0, Deed::Hide(node));
        }
        if chance.one_in(2) {
            let at = chance.below(LONG);
            // After a day a clock that jumped is believed, and what waits for a month is given up.
            let long = chance.one_in(8) && !self.jumps();
            let longest = if long { 3 * DAY } else { 5 * MINUTE };
            self.then(at, Deed::Split(0, 1));
            self.then(at + chance.below(longest), Deed::Heal(0, 1));
        }
    }

    /// Disks are copied and copies are put back, at times those of two friends at once.
    fn copies(&mut self, chance: &mut Chance) {
        if !chance.one_in(3) || self.jumps() {
            return;
        }
        for _ in 0..chance.between(1, 3) {
            let (at, node) = (chance.below(LONG), self.node(chance));
            self.then(at, Deed::Copy(node));
            self.then(at + chance.below(2 * MINUTE), Deed::Back(node));
        }
    }

    /// Homes are lost and begin again from a backup that was made before, at times by both of two
    /// friends, or twice from the same.
    fn restores(&mut self, chance: &mut Chance) {
        if !chance.one_in(6) || self.jumps() {
            return;
        }
        for _ in 0..chance.between(1, 3) {
            let (at, node) = (chance.below(LONG), self.node(chance));
            self.then(at, Deed::Backup(node));
            self.then(at + chance.below(3 * MINUTE), Deed::Restore(node));
        }
    }

    /// Somebody begins a new identity, and the others compare its words at some moment, or when the storm is
    /// over (seldom: the words take half a second). Not where disks go back: what is older than an identity finds nobody, on purpose.
    fn renewals(&mut self, chance: &mut Chance) {
        if !chance.one_in(6) || self.goes_back() {
            return;
        }
        for _ in 0..chance.between(1, 3) {
            let at = chance.below(LONG);
            // Of two the second has another friend, who is not there to be told.
            let node = if self.people == 2 {
                0
            } else {
                self.node(chance)
            };
            self.then(at, Deed::Renew(node));
            for friend in (0..self.people).filter(|friend| friend.abs_diff(node) == 1) {
                self.then(at + chance.below(2 * MINUTE), Deed::Confirm(friend));
            }
        }
    }

    /// Whether somebody does not know any more what was said.
    fn goes_back(&self) -> bool {
        let back = |(_, deed): &(u64, Deed)| matches!(deed, Deed::Back(_) | Deed::Restore(_));
        self.deeds.iter().any(back)
    }

    /// Whether a clock jumps in it.
    fn jumps(&self) -> bool {
        let jumps = |(_, deed): &(u64, Deed)| matches!(deed, Deed::Clock { .. });
        self.deeds.iter().any(jumps)
    }

    /// The world of this storm when all of it is over, and all is checked.
    pub(crate) fn pass(&self) -> World {
        let Friends { disks, until } = friends();
        let away = Chance::new(self.seed, "away").below(AWAY);
        let mut world = World::later_on(self.seed, &disks[..self.people], until + away);
        world.run(SECOND);
        world.weather = self.weather;
        // Who believes that a month went by waits for nobody.
        let tight = |(_, deed): &(u64, Deed)| matches!(deed, Deed::Tight(_));
        world.people.may_be_full = self.deeds.iter().any(tight);
        world.people.any_order = self.jumps() || self.goes_back();
        for (at, deed) in &self.deeds {
            world.later(at * MS, *deed);
        }
        let last = self.deeds.last().map_or(0, |(at, _)| at * MS);
        world.run(last + SECOND);
        world.settle();
        let friends = [(0, 1), (2, 1)];
        world.check_sessions(&friends[..self.people - 1]);
        world
    }
}

/// A crowd: each with four friends, in a storm, until so much has happened.
pub(crate) fn crowd(seed: u64, people: usize, events: u64) -> World {
    let mut world = World::new(seed, people);
    let edges: Vec<_> = (0..people)
        .flat_map(|one| [1, 7].map(|far| (one, (one + far) % people)))
        .collect();
    for (one, other) in &edges {
        world.befriend(*one, *other);
    }
    world.weather = Weather::STORM;
    let mut chance = Chance::new(seed, "crowd");
    while world.events_done() < events {
        for _ in 0..people {
            let (one, other) = *chance.pick(&edges);
            let (from, to) = if chance.one_in(2) {
                (one, other)
            } else {
                (other, one)
            };
            world.later(chance.below(MINUTE), Deed::Say { from, to });
            world.later(chance.below(MINUTE), Deed::Read(one));
        }
        world.run(MINUTE);
    }
    world
}

/// Three people, of whom the second is a friend of both others, and until when they lived.
struct Friends {
    disks: Vec<Disk>,
    until: u64,
}

/// How long all were away at most before a storm begins, and when before the end of their month they
/// left: so their edges come due before, amid, or after it.
const AWAY: u64 = 8 * MINUTE;
const DUE: u64 = 7 * MINUTE;

fn friends() -> &'static Friends {
    static FRIENDS: OnceLock<Friends> = OnceLock::new();
    FRIENDS.get_or_init(|| {
        let mut world = World::new(3, 3);
        world.befriend(0, 1);
        world.befriend(2, 1);
        world.run(u64::from(ROTATE_MINUTES) * MINUTE - DUE - world.now);
        // How old they are is stored with what a new link changes.
        world.cut_all();
        world.run(MINUTE);
        let until = world.now;
        let disks = world.nodes.into_iter().map(|node| node.disk);
        Friends {
            disks: disks.collect(),
            until,
        }
    })
}

/// As [`Storm::read`] reads it: `3 slow cut; 1200 say 0 1; 1300 crash 1`.
impl fmt::Display for Storm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.people)?;
        let mut weather = self.weather;
        for (name, fault) in Weather::FAULTS {
            if *fault(&mut weather) != 0 {
                write!(f, " {name}")?;
            }
        }
        for (at, deed) in &self.deeds {
            write!(f, "; {at} {deed}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Say { from, to } => write!(f, "say {from} {to}"),
            Self::Read(node) => write!(f, "read {node}"),
            Self::Crash(node) => write!(f, "crash {node}"),
            Self::Start(node) => write!(f, "start {node}"),
            Self::Clock { node, by_ms } => write!(f, "clock {node} {by_ms}"),
            Self::Tight(node) => write!(f, "tight {node}"),
            Self::Full(node) => write!(f, "full {node}"),
            Self::Room(node) => write!(f, "room {node}"),
            Self::Fail(node) => write!(f, "fail {node}"),
            Self::Split(a, b) => write!(f, "split {a} {b}"),
            Self::Hide(node) => write!(f, "hide {node}"),
            Self::Copy(node) => write!(f, "copy {node}"),
            Self::Back(node) => write!(f, "back {node}"),
            Self::Backup(node) => write!(f, "backup {node}"),
            Self::Restore(node) => write!(f, "restore {node}"),
            Self::Renew(node) => write!(f, "renew {node}"),
            Self::Confirm(node) => write!(f, "confirm {node}"),
            Self::Heal(a, b) => write!(f, "heal {a} {b}"),
        }
    }
}

fn deed(words: &[&str]) -> Option<Deed> {
    let [name, rest @ ..] = words else {
        return None;
    };
    let number = |at: usize| rest.get(at)?.parse::<usize>().ok();
    Some(match (*name, number(0)?) {
        ("say", from) => Deed::Say {
            from,
            to: number(1)?,
        },
        ("read", node) => Deed::Read(node),
        ("crash", node) => Deed::Crash(node),
        ("start", node) => Deed::Start(node),
        ("clock", node) => Deed::Clock {
            node,
            by_ms: rest.get(1)?.parse().ok()?,
        },
        ("tight", node) => Deed::Tight(node),
        ("full", node) => Deed::Full(node),
        ("room", node) => Deed::Room(node),
        ("fail", node) => Deed::Fail(node),
        ("hide", node) => Deed::Hide(node),
        ("copy", node) => Deed::Copy(node),
        ("back", node) => Deed::Back(node),
        ("backup", node) => Deed::Backup(node),
        ("restore", node) => Deed::Restore(node),
        ("renew", node) => Deed::Renew(node),
        ("confirm", node) => Deed::Confirm(node),
        ("split", a) => Deed::Split(a, number(1)?),
        ("heal", a) => Deed::Heal(a, number(1)?),
        _ => return None,
    })
}

impl Storm {
    /// A storm as it was printed.
    pub(crate) fn read(seed: u64, text: &str) -> Option<Self> {
        let mut parts = text
            .split(';')
            .map(|part| part.split_whitespace().collect::<Vec<_>>());
        let head = parts.next()?;
        let (people, named) = head.split_first()?;
        let mut weather = Weather::STORM;
        for (name, fault) in Weather::FAULTS {
            if !named.contains(&name) {
                *fault(&mut weather) = 0;
            }
        }
        let deeds = parts.map(|words| {
            let (at, rest) = words.split_first()?;
            Some((at.parse().ok()?, deed(rest)?))
        });
        Some(Self {
            seed,
            people: people.parse().ok()?,
            weather,
            deeds: deeds.collect::<Option<_>>()?,
        })
    }
}
