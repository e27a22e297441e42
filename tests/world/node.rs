//! A node and its shell, which does what the daemon does: hand in what happened, gather the steps,
//! make them durable in one commit, and only then let the effects go.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::engine::{ConnId, Effect, Engine, Event as Shown, Input, Settings};
use kith_proto::limits::{BODIES_BYTES, KEEP_MINUTES, POST_MINUTES};
use kith_proto::profile::Ways;
use kith_proto::time::{DAY_MINUTES, Now};
use kith_proto::vault::{Commit, Erase, Put, Vault};

use super::chance::Chance;
use super::disk::{Disk, Torn, contains};
use super::end::End;
use super::ledger::{Change, changes_of};
use super::net::{addr_of, other_addr_of};
use super::people::Reader;
use super::post::Post;
use super::{Deed, Event, MS, SECOND, World};

/// The wall clock of a world's beginning: November 2026, in milliseconds since 1970.
pub(crate) const WALL_MS: i64 = 1_795_000_000_000;
pub(crate) struct Node {
    pub(crate) disk: Disk,
    /// What it keeps for friends, if it does.
    pub(crate) post: Option<Post>,
    pub(super) seed: u64,
    pub(crate) running: Option<Running>,
    /// Counts starts, so that what was meant for an earlier life is not given to a later one.
    pub(crate) life: u32,
    /// How far the wall clock is off.
    pub(crate) clock_ms: i64,
    /// Whether somebody set it: a node that stops at that moment may take it for a leap of time.
    pub(crate) clock_was_set: bool,
    /// What its person set.
    pub(crate) settings: Settings,
    /// Whether friends can reach it at two addresses.
    pub(crate) two_addrs: bool,
    /// Whether its shell takes each step at once, or all together when a commit begins.
    eager: bool,
    /// An older copy of its disk, and what its person had read by then.
    pub(crate) copy: Option<(Disk, (Reader, BTreeSet<usize>))>,
    /// A backup that its person made.
    pub(crate) backup: Option<Vec<u8>>,
    /// Whether it is behind a router: it can dial and not be dialled.
    pub(crate) hidden: bool,
    /// Whether its disk takes no commit, and whether the next one fails amid being written.
    pub(super) full: bool,
    pub(super) tight: bool,
    pub(super) fails: bool,
    /// Parcels that it opened and committed: a few of all.
    pub(super) opened: Vec<Vec<u8>>,
    heard: u64,
    /// What it told its person, of all lives.
    pub(crate) shown: Vec<Shown>,
    /// Commits that became durable, of all lives.
    pub(crate) commits: u64,
    pub(crate) chance: Chance,
}

/// What a crash takes.
pub(crate) struct Running {
    pub(crate) engine: Engine,
    pub(crate) vault: Vault,
    pub(super) ends: BTreeMap<ConnId, End>,
    steps: Vec<(Vec<Put>, Vec<Erase>)>,
    then: Vec<Effect>,
    committing: Option<Committing>,
    /// Parcels handed in since a step last remembered one as seen: what they changed may wait.
    heard: Vec<Vec<u8>>,
    /// Parcels that opened, and whose changes stand in the steps.
    parcels: Vec<Vec<u8>>,
    pub(super) next_inbound: u64,
    wake_ms: u64,
}

/// A commit under way, and what it lets go.
struct Committing {
    commit: Commit,
    changes: Vec<Change>,
    then: Vec<Effect>,
    parcels: Vec<Vec<u8>>,
}

/// How many opened parcels a node remembers.
const OPENED_MAX: usize = 16;
/// Where the tag of its header stands in a parcel.
const HDR_TAG: core::ops::Range<usize> = 88..104;

impl Running {
    fn new(vault: Vault, engine: Engine) -> Self {
        Self {
            engine,
            vault,
            ends: BTreeMap::new(),
            steps: Vec::new(),
            then: Vec::new(),
            committing: None,
            heard: Vec::new(),
            parcels: Vec::new(),
            next_inbound: 0,
            wake_ms: u64::MAX,
        }
    }

    /// Takes the steps that wait; gives what is to be shown at once.
    #[must_use]
    fn gather(&mut self) -> Vec<Shown> {
        let mut at_once = Vec::new();
        while let Some(step) = self.engine.poll() {
            at_once.extend(step.at_once);
            self.note_opened(&step.puts);
            if !(step.puts.is_empty() && step.erases.is_empty() && step.then.is_empty()) {
                self.steps.push((step.puts, step.erases));
                self.then.extend(step.then);
            }
        }
        at_once
    }

    /// What opened is remembered by its header's tag. An offer of a session, or what came on a link
    /// that is over, is not: it used no key.
    fn note_opened(&mut self, puts: &[Put]) {
        let seen = |put: &&Put| put.name.0.first() == Some(&b'd');
        let blocks: Vec<_> = puts.iter().filter(seen).collect();
        if blocks.is_empty() {
            return;
        }
        let heard = core::mem::take(&mut self.heard);
        let named = |tag: &[u8]| {
            let in_block = |block: &&Put| contains(&block.body, tag);
            blocks.iter().any(in_block)
        };
        let opened = heard
            .into_iter()
            .filter(|parcel| parcel.get(HDR_TAG).is_some_and(named));
        self.parcels.extend(opened);
    }
}

impl Node {
    pub(super) fn new(index: usize, seed: u64, disk: Option<Disk>) -> Self {
        // A disk that has a history had its chances in the world where it was made.
        let what = if disk.is_some() { "node again" } else { "node" };
        let mut chance = Chance::of(seed, what, index as u64);
        let disk = disk.unwrap_or_else(|| {
            let now = Node::clock(0, 0);
            let (mut disk, mut vault) = Disk::new(&mut chance);
            let mut engine = Engine::create(now, chance.entropy());
            let first = engine.poll().map(|step| (step.puts, step.erases)).unwrap();
            let changes = changes_of(&first.0, &first.1);
            disk.apply(&vault.plan([first], chance.entropy()).unwrap(), changes);
            disk
        });
        Self {
            disk,
            post: None,
            seed,
            running: None,
            life: 0,
            clock_ms: 0,
            clock_was_set: false,
            settings: Settings {
                post_min: POST_MINUTES,
                keep_min: KEEP_MINUTES,
                bodies_bytes: BODIES_BYTES,
                ways: Ways::default(),
                hurries: false,
            },
            two_addrs: false,
            eager: seed.is_multiple_of(2),
            copy: None,
            backup: None,
            hidden: false,
            full: false,
            tight: false,
            fails: false,
            opened: Vec::new(),
            heard: 0,
            shown: Vec::new(),
            commits: 0,
            chance,
        }
    }

    /// Both clocks, `now` microseconds after the world began.
    pub(crate) fn clock(now: u64, off_ms: i64) -> Now {
        let boot_ms = now / MS + 1_000;
        let wall_ms = WALL_MS
            .saturating_add(boot_ms as i64)
            .saturating_add(off_ms);
        Now {
            wall_ms: wall_ms.max(0) as u64,
            boot_ms,
        }
    }

    /// How long post may take, from the next start on.
    pub(crate) fn post_days(&mut self, days: u32) {
        self.settings.post_min = days * DAY_MINUTES;
    }

    /// Remembers some of the parcels that it opened.
    fn opened(&mut self, parcels: Vec<Vec<u8>>) {
        for parcel in parcels {
            self.heard += 1;
            let at = self.chance.below(self.heard) as usize;
            if self.opened.len() < OPENED_MAX {
                self.opened.push(parcel);
            } else if at < OPENED_MAX {
                self.opened[at] = parcel;
            }
        }
    }

    pub(crate) fn told(&self, what: impl Fn(&Shown) -> bool) -> usize {
        self.shown.iter().filter(|event| what(event)).count()
    }
}

impl World {
    /// Starts a node that is down.
    pub(crate) fn start(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        if it.running.is_some() {
            return;
        }
        it.life += 1;
        let now = Node::clock(self.now, it.clock_ms);
        let (vault, engine) = it.disk.open(now, it.chance.at(self.now));
        it.running = Some(Running::new(vault, engine));
        let settings = it.settings;
        self.give(node, Input::Settings(settings));
        if self.nodes[node].tight {
            self.room(node, false);
        }
        self.open_post(node);
        self.listen(node);
        self.replay_to(node);
    }

    /// A node's disk has room for more, or has none.
    pub(crate) fn room(&mut self, node: usize, room: bool) {
        self.give(node, Input::Room { full: !room });
    }

    /// What was destroyed on a running node's disk can be read by nobody.
    pub(crate) fn check_forgotten(&self, node: usize) {
        let Node { disk, running, .. } = &self.nodes[node];
        if let Some(running) = running {
            disk.check_forgotten(&running.vault);
        }
    }

    fn listen(&mut self, node: usize) {
        let mut addrs = vec![addr_of(node)];
        let second = self.nodes[node].two_addrs.then(|| other_addr_of(node));
        addrs.extend(second);
        self.give(node, Input::Listening(addrs));
    }

    /// From now on a node can be reached at two addresses.
    pub(crate) fn listen_twice(&mut self, node: usize) {
        self.nodes[node].two_addrs = true;
        self.listen(node);
    }

    /// Stops a node without a warning; `torn` says what is left of a commit under way.
    pub(crate) fn crash(&mut self, node: usize, torn: Option<Torn>) {
        let it = &mut self.nodes[node];
        it.chance.at(self.now);
        let Some(running) = it.running.take() else {
            return;
        };
        if let Some(post) = &mut it.post {
            post.crash(torn);
        }
        if let Some(Committing {
            commit, changes, ..
        }) = running.committing
        {
            let torn = torn.unwrap_or_else(|| *it.chance.pick(&Torn::ALL));
            it.disk.tear(&commit, changes, torn, &mut it.chance);
        }
        self.people.crashed(node);
        for end in running.ends.values() {
            self.cut(end.wire);
        }
    }

    /// Somebody copies the disk.
    pub(crate) fn copy_disk(&mut self, node: usize) {
        let copy = (self.nodes[node].disk.clone(), self.remember(node));
        self.nodes[node].copy = Some(copy);
    }

    /// The node stops, and the copy of its disk is put back.
    pub(crate) fn put_back(&mut self, node: usize) {
        self.crash(node, None);
        if let Some((disk, known)) = self.nodes[node].copy.clone() {
            self.nodes[node].disk = disk;
            // The older disk has keys of what it had not opened.
            self.nodes[node].opened.clear();
            // Nor does it know which flights were answered since.
            self.forget_flights(node);
            self.forget_since(node, known);
        }
    }

    pub(crate) fn is_committing(&self, node: usize) -> bool {
        let running = self.nodes[node].running.as_ref();
        running.is_some_and(|running| running.committing.is_some())
    }

    pub(super) fn give_in(&mut self, node: usize, life: u32, input: Input) {
        if self.nodes[node].life == life {
            self.give(node, input);
        }
    }

    /// Hands something to the engine of a node, if it runs.
    pub(crate) fn give(&mut self, node: usize, input: Input) {
        let it = &mut self.nodes[node];
        let now = Node::clock(self.now, it.clock_ms);
        let Some(running) = &mut it.running else {
            return;
        };
        match &input {
            Input::Frame { kind, body, .. } if *kind == super::PARCEL => {
                running.heard.push(body.clone());
            }
            Input::Parcel(bytes) => running.heard.push(bytes.clone()),
            _ => {}
        }
        running
            .engine
            .handle(now, it.chance.at(self.now).entropy(), input);
        if it.eager {
            let at_once = running.gather();
            self.show_all(node, at_once);
        }
        self.commit(node);
        self.wake(node);
    }

    /// Begins a commit of all that waits, unless one runs.
    fn commit(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        let Some(running) = it.running.as_mut().filter(|r| r.committing.is_none()) else {
            return;
        };
        let at_once = running.gather();
        let steps = core::mem::take(&mut running.steps);
        let then = core::mem::take(&mut running.then);
        self.show_all(node, at_once);
        let it = &mut self.nodes[node];
        let changes = steps
            .iter()
            .flat_map(|(puts, erases)| changes_of(puts, erases));
        let changes: Vec<_> = changes.collect();
        steps.iter().for_each(|(puts, _)| self.named.check(puts));
        if changes.is_empty() {
            return self.release(node, then);
        }
        let Some(running) = it.running.as_mut() else {
            return;
        };
        it.chance.at(self.now);
        let commit = running.vault.plan(steps, it.chance.entropy()).unwrap();
        running.committing = Some(Committing {
            commit,
            changes,
            then,
            parcels: core::mem::take(&mut running.parcels),
        });
        let slow = it.chance.one_in(self.weather.slow_disk);
        let delay = it.chance.between(MS, if slow { SECOND } else { 15 * MS });
        let life = it.life;
        self.after(delay, Event::Committed { node, life });
    }

    pub(super) fn committed(&mut self, node: usize, life: u32) {
        let it = &mut self.nodes[node];
        let committing = it.running.as_ref().is_some_and(|r| r.committing.is_some());
        if it.life != life || !committing {
            return;
        }
        if it.full || core::mem::take(&mut it.fails) {
            return self.commit_fails(node);
        }
        let running = it.running.as_mut();
        let Some(done) = running.and_then(|running| running.committing.take()) else {
            return;
        };
        it.disk.apply(&done.commit, done.changes);
        if let Some(running) = &it.running {
            it.disk.check_dead(&running.vault);
        }
        it.commits += 1;
        it.opened(done.parcels);
        self.release(node, done.then);
        self.commit(node);
    }

    fn show_all(&mut self, node: usize, events: Vec<Shown>) {
        for event in events {
            self.show(node, event);
        }
    }

    /// The disk refuses a commit that it has no room for, or fails amid it: the node stops, and is
    /// started again by whoever watches over it.
    fn commit_fails(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        let refused = it.full.then_some(Torn::Before);
        let pause = it.chance.between(SECOND, 20 * SECOND);
        self.crash(node, refused);
        self.later(pause, Deed::Start(node));
    }

    fn wake(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        let Some(running) = &mut it.running else {
            return;
        };
        let wake_ms = running.engine.wake_at();
        if core::mem::replace(&mut running.wake_ms, wake_ms) != wake_ms {
            let now_ms = Node::clock(self.now, 0).boot_ms;
            let (life, delay) = (it.life, wake_ms.saturating_sub(now_ms) * MS);
            self.after(delay, Event::Tick { node, life });
        }
    }

    pub(super) fn tick(&mut self, node: usize, life: u32) {
        let it = &mut self.nodes[node];
        let Some(running) = it.running.as_mut().filter(|_| it.life == life) else {
            return;
        };
        if running.wake_ms <= Node::clock(self.now, 0).boot_ms {
            running.wake_ms = u64::MAX;
            self.give(node, Input::Tick);
        }
    }
}
