//! The seeded world: whole nodes (real engines, real vaults, real records) with virtual clocks,
//! disks and a network of byte streams, in one process. The same seed is the same world.
//!
//! What goes wrong in it, each at a moment the seed decides:
//! * slow: a flight of bytes takes up to 3 s; others of the same connection wait behind it (TCP)
//! * cut: a connection ends amid its bytes; each end learns of it when it learns of it (up to 30 s)
//! * refused, blackholed: a dial ends at once, or after 10 s
//! * split: two nodes do not reach each other, for as long as the split lasts
//! * hidden: a node can dial and cannot be dialled; vanished: its friends never learn that it went
//! * mute, bag: one node's parcels are lost, or all are caught and brought by another road
//! * replay: somebody on the wire sends an answered first flight again, at once or much later
//! * stray: a parcel leaves its link and comes by another road, late, out of order, perhaps twice
//! * stumble: a node stops right after it sent something
//! * crash: a node stops at any moment; a commit under way is written not at all, whole, or torn
//!   (database without slot, copy A without copy B, half a page), also while a torn slot is repaired
//! * eager, lazy: a shell takes each step at once (even seeds), or all when a commit begins (odd)
//! * flip: a bit of what comes out of a connection is another one: that connection dies
//! * tight, full, fail: a disk is nearly full, takes no commit for a while (the node stops), or fails
//!   amid one
//! * copy, back: a disk is copied, and later the copy is put back, whole home and all
//! * backup, restore: a backup is made, and later the home is gone and begins again from it
//! * renew, confirm: a person begins a new identity; the others compare its words, sooner or later
//! * clock: a wall clock jumps by a month, to 1970 or to 2106
//!
//! A storm's friends have known each other for a month: their edges get new secrets amid it.
//!
//! Who keeps parcels for friends has a keeper beside the engine, in a vault and on a disk of its own.
//!
//! Checked all the time: nothing but noise on wires and disks, no byte to a stranger, each text
//! once and in its author's order, no key under another's name. At the end: nothing lost that was acknowledged, nothing kept,
//! two friends speak in one session, and whose friend lost their home was asked to compare words.

mod backup;
mod bare;
mod blocked;
mod chance;
mod checks;
mod disk;
mod end;
mod floods;
mod ledger;
mod named;
mod net;
mod node;
mod outside;
mod people;
mod post;
mod rollback;
mod shell;
pub(crate) mod shrink;
mod storm;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use bare::{Bare, Copier};
pub(crate) use blocked::blocked_friend;
pub(crate) use chance::{Chance, each_seed};
pub(crate) use disk::{Disk, Torn};
pub(crate) use floods::{full_inbox, full_outbox, lost_parcels};
pub(crate) use named::impostors;
pub(crate) use net::{Letter, Weather};
pub(crate) use node::Node;
pub(crate) use outside::{chi_square, first_flights};
pub(crate) use people::{NAMES, People};
pub(crate) use rollback::{much_older_disk, older_disk, same_disk};
pub(crate) use shell::PARCEL;
pub(crate) use shrink::each_storm;
pub(crate) use storm::{Storm, crowd};

use kith_proto::engine::{ConnId, Input};
use kith_proto::limits::KEEP_MINUTES;
use net::Wire;
use outside::Tap;

pub(crate) const MS: u64 = 1_000;
pub(crate) const SECOND: u64 = 1_000 * MS;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;
/// How long what was read is kept, and a little more: a clock that leapt is doubted for a day.
const KEPT: u64 = KEEP_MINUTES as u64 * MINUTE + 2 * DAY;

/// Something that will happen.
pub(crate) enum Event {
    /// A node's shell hands something to its engine.
    Give {
        node: usize,
        life: u32,
        input: Input,
    },
    /// The disk says that a commit is durable.
    Committed { node: usize, life: u32 },
    /// The same of the keeper's.
    PostCommitted { node: usize, life: u32 },
    /// A node's shell hands something to its keeper.
    Post {
        node: usize,
        life: u32,
        input: kith_proto::keeper::Input,
    },
    /// The engine asked to be woken.
    Tick { node: usize, life: u32 },
    /// A connection reaches its listener.
    Reaches { wire: usize },
    /// Bytes come out of a connection.
    Arrives {
        wire: usize,
        side: usize,
        bytes: Vec<u8>,
    },
    /// One end learns that the connection is over.
    Over { wire: usize, side: usize },
    /// One end has waited long enough for bytes.
    Deadline {
        node: usize,
        life: u32,
        conn: ConnId,
        turn: u32,
    },
    /// Somebody brings a parcel.
    Carried { node: usize, bytes: Vec<u8> },
    /// A first flight is sent again by somebody on the wire.
    Replay { node: usize, flight: Vec<u8> },
    /// The test's script.
    Deed(Deed),
}

/// What a script lets happen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    /// A person writes to another.
    Say {
        from: usize,
        to: usize,
    },
    /// A person reads and, at times, forgets what was read.
    Read(usize),
    Crash(usize),
    Start(usize),
    /// A wall clock jumps.
    Clock {
        node: usize,
        by_ms: i64,
    },
    /// A disk is nearly full, and its node is told.
    Tight(usize),
    /// A disk has no room for any commit, and has some again.
    Full(usize),
    Room(usize),
    /// A disk fails amid the next commit.
    Fail(usize),
    /// All connections between two end, and none can be made.
    Split(usize, usize),
    Heal(usize, usize),
    /// A node moves behind a router.
    Hide(usize),
    /// Somebody copies a disk; later the copy is put back, and the node starts on it.
    Copy(usize),
    Back(usize),
    /// A person makes a backup; later their home is gone, and begins again from it.
    Backup(usize),
    Restore(usize),
    /// A person begins a new identity; one compares the words of those they are asked about.
    Renew(usize),
    Confirm(usize),
}

pub(crate) struct World {
    /// Microseconds since the world began.
    pub(crate) now: u64,
    pub(crate) nodes: Vec<Node>,
    pub(crate) people: People,
    pub(crate) weather: Weather,
    /// Parcels are put here instead of on their link, if there is a bag.
    pub(crate) bag: Option<Vec<Letter>>,
    /// The parcels of this node are lost on their way.
    pub(crate) mute: Option<usize>,
    pub(crate) chance: Chance,
    /// Whether parcels came by other roads.
    strayed: bool,
    wires: Vec<Wire>,
    splits: BTreeSet<(usize, usize)>,
    /// The session in which each node said last that it speaks with another.
    speaks_in: BTreeMap<(usize, usize), [u8; 32]>,
    /// The flight that each node answered last.
    answered: BTreeMap<usize, Vec<u8>>,
    pub(crate) tap: Tap,
    named: named::Named,
    events: BTreeMap<(u64, u64), Event>,
    scheduled: u64,
    done: u64,
    trace: blake3::Hasher,
}

impl World {
    /// `nodes` fresh nodes, running.
    pub(crate) fn new(seed: u64, nodes: usize) -> Self {
        let disks = (0..nodes).map(|_| None).collect();
        Self::with(seed, disks, 0)
    }

    /// Nodes on disks that already have a history; the world's people have none.
    pub(crate) fn on(seed: u64, disks: &[Disk]) -> Self {
        Self::later_on(seed, disks, 0)
    }

    /// Likewise, at a moment of that history's clocks.
    pub(crate) fn later_on(seed: u64, disks: &[Disk], now: u64) -> Self {
        Self::with(seed, disks.iter().cloned().map(Some).collect(), now)
    }

    fn with(seed: u64, disks: Vec<Option<Disk>>, now: u64) -> Self {
        let count = disks.len();
        let mut world = Self {
            now,
            nodes: Vec::new(),
            people: People::new(count),
            weather: Weather::CALM,
            bag: None,
            mute: None,
            chance: Chance::new(seed, "world"),
            strayed: false,
            wires: Vec::new(),
            splits: BTreeSet::new(),
            speaks_in: BTreeMap::new(),
            answered: BTreeMap::new(),
            tap: Tap::default(),
            named: named::Named::default(),
            events: BTreeMap::new(),
            scheduled: 0,
            done: 0,
            trace: blake3::Hasher::new(),
        };
        for (index, disk) in disks.into_iter().enumerate() {
            world.nodes.push(Node::new(index, seed, disk));
        }
        (0..count).for_each(|node| world.start(node));
        world
    }

    /// What clocks show, `now` microseconds after a world began.
    pub(crate) fn clock(now: u64) -> kith_proto::time::Now {
        Node::clock(now, 0)
    }

    pub(crate) fn after(&mut self, delay: u64, event: Event) {
        self.scheduled += 1;
        self.events
            .insert((self.now + delay, self.scheduled), event);
    }

    pub(crate) fn later(&mut self, delay: u64, deed: Deed) {
        self.after(delay, Event::Deed(deed));
    }

    /// Lets the next thing happen; false if nothing would before `until`.
    fn step(&mut self, until: u64) -> bool {
        let Some(entry) = self.events.first_entry().filter(|e| e.key().0 <= until) else {
            self.now = self.now.max(until);
            return false;
        };
        let ((at, _), event) = entry.remove_entry();
        self.now = at;
        self.chance.at(at);
        self.done += 1;
        self.trace.update(&at.to_le_bytes());
        match event {
            Event::Give { node, life, input } => self.give_in(node, life, input),
            Event::Committed { node, life } => self.committed(node, life),
            Event::PostCommitted { node, life } => self.post_committed(node, life),
            Event::Post { node, life, input } => self.give_post_in(node, life, input),
            Event::Tick { node, life } => self.tick(node, life),
            Event::Reaches { wire } => self.reaches(wire),
            Event::Arrives { wire, side, bytes } => self.arrives(wire, side, bytes),
            Event::Over { wire, side } => self.over(wire, side),
            Event::Deadline {
                node,
                life,
                conn,
                turn,
            } => self.deadline(node, life, conn, turn),
            Event::Carried { node, bytes } => self.give(node, Input::Parcel(bytes)),
            Event::Replay { node, flight } => drop(self.stranger(node, &flight)),
            Event::Deed(deed) => self.deed(deed),
        }
        true
    }

    /// Lets so much time pass.
    pub(crate) fn run(&mut self, time: u64) {
        let until = self.now + time;
        while self.step(until) {}
    }

    /// Lets time pass until something holds; says whether it came to hold within `time`.
    pub(crate) fn run_until(&mut self, time: u64, holds: impl Fn(&Self) -> bool) -> bool {
        let until = self.now + time;
        loop {
            if holds(self) {
                return true;
            }
            if !self.step(until) {
                return holds(self);
            }
        }
    }

    fn deed(&mut self, deed: Deed) {
        match deed {
            Deed::Say { from, to } => self.say(from, to),
            Deed::Read(node) => self.read(node),
            Deed::Crash(node) => self.crash(node, None),
            Deed::Start(node) => self.start(node),
            Deed::Clock { node, by_ms } => {
                self.nodes[node].clock_ms += by_ms;
                self.nodes[node].clock_was_set = true;
                // A shell looks at the clock every few seconds.
                self.give(node, Input::Tick);
            }
            Deed::Full(node) => self.nodes[node].full = true,
            Deed::Tight(node) => {
                self.nodes[node].tight = true;
                self.room(node, false);
            }
            Deed::Room(node) => {
                (self.nodes[node].full, self.nodes[node].tight) = (false, false);
                self.room(node, true);
            }
            Deed::Fail(node) => self.nodes[node].fails = true,
            Deed::Split(a, b) => self.split(a, b),
            Deed::Hide(node) => self.nodes[node].hidden = true,
            Deed::Copy(node) => self.copy_disk(node),
            Deed::Back(node) => {
                self.put_back(node);
                self.start(node);
            }
            Deed::Backup(node) => self.back_up(node),
            Deed::Restore(node) => {
                self.restore(node);
                self.start(node);
            }
            Deed::Renew(node) => self.renew(node),
            Deed::Confirm(node) => self.confirm_all(node),
            Deed::Heal(a, b) => drop(self.splits.remove(&(a.min(b), a.max(b)))),
        }
    }

    /// How many events happened so far.
    pub(crate) fn events_done(&self) -> u64 {
        self.done
    }

    /// A hash of all that happened so far.
    pub(crate) fn trace(&self) -> [u8; 32] {
        *self.trace.finalize().as_bytes()
    }

    /// Faults end: all nodes run, all reach each other, clocks stay.
    pub(crate) fn calm(&mut self) {
        self.weather = Weather::CALM;
        self.splits.clear();
        let mut tight = Vec::new();
        for node in &mut self.nodes {
            (node.full, node.fails) = (false, false);
            tight.push(core::mem::take(&mut node.tight));
        }
        self.events
            .retain(|_, event| !matches!(event, Event::Deed(_)));
        for (node, was_tight) in tight.into_iter().enumerate() {
            self.start(node);
            if was_tight {
                self.room(node, true);
            }
        }
    }

    /// Faults end, and time passes until all that was acknowledged has been read; then all is checked.
    pub(crate) fn settle(&mut self) {
        self.calm();
        // What an older disk has forgotten is waited for, as any line before another.
        if self.people.may_roll_back {
            self.run(DAY + HOUR);
        }
        // A friend who was away for long is dialled every ten minutes; a new identity that could not begin
        // is begun again every hour.
        let hours = if self.people.renewed.is_empty() {
            0
        } else {
            24
        };
        for minute in 0..60 + hours {
            // What came by another road may have been acknowledged on a link that was dead already:
            // its author repeats it on the next one.
            if minute == 5 && self.strayed {
                self.cut_all();
            }
            self.run(if minute < 60 { MINUTE } else { HOUR });
            for node in 0..self.nodes.len() {
                self.compare_all(node);
                self.confirm_all(node);
                self.read(node);
            }
            self.run(SECOND);
            if self.is_settled() {
                break;
            }
        }
        // What was read is kept for a week.
        self.run(KEPT);
        self.check_end();
    }

    /// Whether nobody waits for anything.
    pub(crate) fn is_settled(&mut self) -> bool {
        let read = self.people.waiting() == 0 && self.people.unread() == 0;
        // Nodes also say what no person wrote, such as new secrets.
        let said = |node: &Node| node.disk.bodies() == 0;
        read && (0..self.nodes.len()).all(|node| self.status(node).outbox == 0)
            && self.nodes.iter().all(said)
            && !self.is_anybody_asked()
    }
}
