//! Friends' parcels in the world: a keeper beside the engine of a node, in a vault and on a disk of its
//! own, whose commits are torn as the engine's are. What its steps let go leaves after their commit.

use std::collections::BTreeSet;

use kith_proto::engine::{
    Answer, AskMailbox, AskTokens, ConnId, Event as Shown, Input as ToEngine, Request,
};
use kith_proto::keeper::{Effect, Input, Keeper};
use kith_proto::secret::Said;
use kith_proto::vault::{Commit, Leaf, Name, Place, Put, Vault};

use super::chance::Chance;
use super::disk::{Disk, Torn, contains};
use super::people::{CANARY, name_of};
use super::{Event, MINUTE, MS, Node, World};

/// What a node keeps for friends: stays when it stops.
pub(crate) struct Post {
    pub(crate) disk: Disk,
    desk: Option<Desk>,
    /// Commits that became durable, of all lives.
    pub(crate) commits: u64,
    chance: Chance,
}

/// What a crash takes.
struct Desk {
    keeper: Keeper,
    vault: Vault,
    committing: Option<(Commit, Vec<Effect>)>,
    wake_ms: u64,
}

impl Desk {
    fn new(keeper: Keeper, vault: Vault) -> Self {
        Self {
            keeper,
            vault,
            committing: None,
            wake_ms: u64::MAX,
        }
    }
}

impl Post {
    /// On an empty disk.
    fn new(node: usize, seed: u64, now: kith_proto::time::Now) -> Self {
        let mut chance = Chance::of(seed, "post", node as u64);
        let (mut disk, mut vault) = Disk::new(&mut chance);
        let mut keeper = Keeper::create(now, chance.entropy());
        let first = keeper.poll().unwrap();
        let commit = vault.plan([(first.puts, first.erases)], chance.entropy());
        disk.apply(&commit.unwrap(), Vec::new());
        Self {
            disk,
            desk: Some(Desk::new(keeper, vault)),
            commits: 0,
            chance,
        }
    }

    /// Its disk, with a record that tells something.
    fn with_planted(&self, word: &[u8], chance: &mut Chance) -> Disk {
        let mut disk = self.disk.clone();
        let (mut vault, _) = disk.unlock(chance);
        let put = Put {
            name: Name(b"p".repeat(9)),
            place: Place::State,
            leaf: Leaf(b"p".repeat(9)),
            renew: false,
            body: Said::new([b"before ", word, b" after"].concat()),
        };
        let commit = vault.plan([(vec![put], Vec::new())], chance.entropy());
        disk.apply(&commit.unwrap(), Vec::new());
        disk
    }

    pub(super) fn keeper(&self) -> Option<&Keeper> {
        self.desk.as_ref().map(|desk| &desk.keeper)
    }

    pub(crate) fn is_committing(&self) -> bool {
        self.desk
            .as_ref()
            .is_some_and(|desk| desk.committing.is_some())
    }

    /// What a commit under way is when the node stops.
    pub(super) fn crash(&mut self, torn: Option<Torn>) {
        let under_way = self.desk.take().and_then(|desk| desk.committing);
        if let Some((commit, _)) = under_way {
            let torn = torn.unwrap_or_else(|| *self.chance.pick(&Torn::ALL));
            self.disk.tear(&commit, Vec::new(), torn, &mut self.chance);
        }
    }
}

impl World {
    /// The keeper of a node that starts; without one, it says that there are no boxes.
    pub(super) fn open_post(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        let now = Node::clock(self.now, it.clock_ms);
        if let Some(post) = &mut it.post {
            let chance = post.chance.at(self.now);
            let vault = post.disk.unlocked(chance);
            let keeper = Keeper::open(now, chance.entropy(), post.disk.state(&vault)).unwrap();
            post.desk = Some(Desk::new(keeper, vault));
            let post_min = it.settings.post_min;
            self.give_post(node, Input::Settings { post_min });
        }
    }

    /// Hands something to the keeper of a node, if it has one and runs.
    pub(super) fn give_post(&mut self, node: usize, input: Input) {
        let it = &mut self.nodes[node];
        let now = Node::clock(self.now, it.clock_ms);
        let Some(post) = &mut it.post else { return };
        let entropy = post.chance.at(self.now).entropy();
        if let Some(desk) = &mut post.desk {
            desk.keeper.handle(now, entropy, input);
            self.commit_post(node);
            self.wake_post(node);
        }
    }

    pub(super) fn give_post_in(&mut self, node: usize, life: u32, input: Input) {
        if self.nodes[node].life == life {
            self.give_post(node, input);
        }
    }

    /// A friend is granted a box: the first one makes the store.
    pub(super) fn keep(&mut self, node: usize, grant: kith_proto::keeper::BoxGrant) {
        let it = &mut self.nodes[node];
        let now = Node::clock(self.now, it.clock_ms);
        it.post.get_or_insert_with(|| Post::new(node, it.seed, now));
        self.give_post(node, Input::Keep(grant));
    }

    fn commit_post(&mut self, node: usize) {
        while let Some(post) = self.nodes[node].post.as_mut() {
            let Some(desk) = post.desk.as_mut().filter(|it| it.committing.is_none()) else {
                return;
            };
            let Some(step) = desk.keeper.poll() else {
                return;
            };
            if step.puts.is_empty() && step.erases.is_empty() {
                self.release_post(node, step.then);
                continue;
            }
            let entropy = post.chance.at(self.now).entropy();
            let commit = desk.vault.plan([(step.puts, step.erases)], entropy);
            desk.committing = Some((commit.unwrap(), step.then));
            let delay = post.chance.between(MS, 15 * MS);
            let life = self.nodes[node].life;
            self.after(delay, Event::PostCommitted { node, life });
        }
    }

    pub(super) fn post_committed(&mut self, node: usize, life: u32) {
        let it = &mut self.nodes[node];
        let Some(post) = it.post.as_mut().filter(|_| it.life == life) else {
            return;
        };
        let Some(desk) = &mut post.desk else { return };
        let Some((commit, then)) = desk.committing.take() else {
            return;
        };
        post.disk.apply(&commit, Vec::new());
        post.disk.check_dead(&desk.vault);
        post.commits += 1;
        self.release_post(node, then);
        self.commit_post(node);
    }

    fn release_post(&mut self, node: usize, effects: Vec<Effect>) {
        let life = self.nodes[node].life;
        for effect in effects {
            match effect {
                Effect::Write { conn, bytes } => self.write(node, conn, bytes),
                Effect::Read {
                    conn,
                    bytes,
                    within_ms,
                } => self.read_for(node, conn, bytes, within_ms),
                Effect::Close(conn) => self.close(node, conn),
                Effect::Fetch { conn, slot, names } => {
                    let post = self.nodes[node].post.as_ref().unwrap();
                    let vault = &post.desk.as_ref().unwrap().vault;
                    let parcel = post.disk.body(vault, &names).map(Said::new);
                    let input = Input::Fetched { conn, slot, parcel };
                    self.after(0, Event::Post { node, life, input });
                }
                Effect::Kept(kept) => {
                    let input = ToEngine::Kept(kept);
                    self.after(0, Event::Give { node, life, input });
                }
            }
        }
    }

    fn wake_post(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        let desk = it.post.as_mut().and_then(|post| post.desk.as_mut());
        let Some(desk) = desk else { return };
        let wake_ms = desk.keeper.wake_at();
        if core::mem::replace(&mut desk.wake_ms, wake_ms) != wake_ms {
            let now_ms = Node::clock(self.now, 0).boot_ms;
            let (life, delay) = (it.life, wake_ms.saturating_sub(now_ms) * MS);
            let input = Input::Tick;
            self.after(delay, Event::Post { node, life, input });
        }
    }

    /// Somebody keeps for a friend of theirs, and other friends of that one may leave something there.
    pub(crate) fn agree_on_box(&mut self, keeper: usize, owner: usize) {
        const KIB: u32 = 8192;
        let (name, kib) = (name_of(owner), KIB);
        let offer = Request::Mailbox(AskMailbox::Offer { name, kib });
        assert!(self.request(keeper, offer).is_ok());
        self.run(MINUTE);
        let name = name_of(keeper);
        let ask = Request::Mailbox(AskMailbox::Ask { name, kib });
        assert!(self.request(owner, ask).is_ok());
        self.run(MINUTE);
    }

    /// How often somebody may leave something for others.
    pub(crate) fn tokens(&mut self, node: usize) -> u32 {
        match self.request(node, Request::Tokens(AskTokens::List)) {
            Ok(Answer::Tokens { held, .. }) => held.iter().map(|it| it.tokens).sum(),
            _ => panic!("no tokens"),
        }
    }

    /// What is at a keeper's door is for the keeper, all else for the engine.
    pub(super) fn told(&mut self, node: usize, at_box: bool, input: ToEngine) {
        match input {
            ToEngine::Flight { conn, bytes, .. } if at_box => {
                self.give_post(node, Input::Flight { conn, bytes });
            }
            ToEngine::Bytes { conn, bytes } if at_box => {
                self.give_post(node, Input::Bytes { conn, bytes });
            }
            ToEngine::Closed(conn) if at_box => self.give_post(node, Input::Closed(conn)),
            input => self.give(node, input),
        }
    }

    pub(super) fn is_at_box(&self, node: usize, conn: ConnId) -> bool {
        let running = self.nodes[node].running.as_ref();
        let end = running.and_then(|running| running.ends.get(&conn));
        end.is_some_and(|end| end.at_box)
    }

    /// Which of these words stand on a disk whose lock is open: in any record of it, or raw.
    pub(crate) fn found_on(disk: &Disk, chance: &mut Chance, words: &[Vec<u8>]) -> BTreeSet<usize> {
        let (vault, _) = disk.unlock(chance);
        let all = disk.everything(&vault);
        let stands = |word: &[u8]| all.iter().any(|bytes| contains(bytes, word));
        let found = words.iter().enumerate().filter(|(_, word)| stands(word));
        found.map(|(number, _)| number).collect()
    }

    /// What tells who somebody is: all that is said and every name begins with the first, and the keys of
    /// all follow, each with the name that goes with it.
    pub(crate) fn telling(&self) -> Vec<Vec<u8>> {
        let keys = self.named.keys().flat_map(|(key, name)| [key, name]);
        [vec![CANARY.to_vec()], keys.collect()].concat()
    }

    /// Whether a node has a parcel of somebody's.
    pub(crate) fn keeps_something(&self, node: usize) -> bool {
        let post = self.nodes[node].post.as_ref();
        post.is_some_and(|post| post.disk.bodies() > 0)
    }

    /// Which lines of its person a node said that somebody keeps.
    pub(crate) fn told_kept(&self, node: usize) -> Vec<usize> {
        let lines = self.people.lines.iter().enumerate();
        let mine = lines.filter(|(_, line)| line.from == node && line.acknowledged.is_some());
        let kept = mine.filter(|(_, line)| {
            let told = |event: &Shown| matches!(event, Shown::Kept { id, .. } if Some(*id) == line.acknowledged);
            self.nodes[node].told(told) > 0
        });
        kept.map(|(number, _)| number).collect()
    }

    /// Whether somebody has read a line.
    pub(crate) fn has_read(&self, node: usize, line: usize) -> bool {
        self.people.readers[node].lines.contains(&line)
    }

    /// Who keeps knows its own friends; its keeper knows nobody. Somebody who takes the disk of `node`
    /// and both its locks finds no word, no name and no key with what is kept for others.
    pub(crate) fn check_keeper(&self, node: usize) {
        let telling = self.telling();
        let mut chance = Chance::new(self.now, "thief");
        let it = &self.nodes[node];
        let post = it.post.as_ref().expect("it keeps something");
        let found = Self::found_on(&post.disk, &mut chance, &telling);
        assert_eq!(found, BTreeSet::new(), "a keeper's disk tells of somebody");
        // What is planted there is found, one by one.
        for (number, word) in telling.iter().enumerate() {
            let planted = post.with_planted(word, &mut chance);
            let found = Self::found_on(&planted, &mut chance, &telling);
            assert!(found.contains(&number), "the search misses it");
        }
    }
}
