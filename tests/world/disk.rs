//! A node's disk in memory: the database, the slot's three pages, and what was replaced on it. Commits
//! reach it whole or torn, as the head of `vault.rs` says a crash may leave them. Each write is
//! looked at: no word stands in it, no nonce comes twice, and what it replaced opens to nobody.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use kith_proto::engine::Engine;
use kith_proto::time::Now;
use kith_proto::vault::{
    self, Commit, Lock, Name, Place, RecordKey, Repair, SLOT_PAGE_BYTES, SlotCopy, Vault,
    VaultError,
};

use super::chance::Chance;
use super::ledger::{Change, Ledger};
use super::people::CANARY;

/// Links after which the edges of these worlds get new secrets: a storm has dozens.
#[cfg(feature = "testing")]
const LINKS_PER_EPOCH: u32 = 4;

/// Where a crash finds a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Torn {
    /// Nothing of it was written.
    Before,
    /// The database has it, the slot does not.
    Batch,
    /// Copy A is noise from some byte on, copy B is old.
    HalfOfA,
    /// Copy A is new, copy B is old.
    A,
    /// Copy A is new, copy B is noise from some byte on.
    HalfOfB,
    /// All of it was written, and nothing was done after it.
    Whole,
}

impl Torn {
    pub(crate) const ALL: [Self; 6] = [
        Self::Before,
        Self::Batch,
        Self::HalfOfA,
        Self::A,
        Self::HalfOfB,
        Self::Whole,
    ];
}

#[derive(Clone)]
pub(crate) struct Disk {
    device: [u8; 32],
    header: Arc<[u8]>,
    copies: [Arc<[u8]>; 2],
    records: BTreeMap<RecordKey, Arc<[u8]>>,
    /// What these records are.
    pub(crate) ledger: Ledger,
    /// Replaced since somebody last looked whether it can still be read.
    dead: Vec<(RecordKey, Arc<[u8]>)>,
    /// Replaced and without a key or a word of its own: may be read for as long as what it is about
    /// is there.
    lingering: Vec<(RecordKey, Arc<[u8]>)>,
    /// The value of each table of the key tree before the one that is there, and those that the last
    /// commit replaced.
    old_tables: BTreeMap<RecordKey, Arc<[u8]>>,
    last_tables: BTreeMap<RecordKey, Arc<[u8]>>,
    nonces: HashSet<[u8; NONCE_BYTES]>,
}

/// Where the nonce of a sealed record begins, and how long it is.
const NONCE_AT: usize = 1;
const NONCE_BYTES: usize = 24;

impl Disk {
    /// An empty disk with a vault on it.
    pub(crate) fn new(chance: &mut Chance) -> (Self, Vault) {
        let device = chance.entropy();
        let (vault, header, first) =
            vault::create(&Lock::Device(&device), chance.entropy()).unwrap();
        let blank: Arc<[u8]> = Arc::new([0; SLOT_PAGE_BYTES]);
        let mut disk = Self {
            device,
            header: header.as_bytes().as_slice().into(),
            copies: [blank.clone(), blank],
            records: BTreeMap::new(),
            ledger: Ledger::default(),
            dead: Vec::new(),
            lingering: Vec::new(),
            old_tables: BTreeMap::new(),
            last_tables: BTreeMap::new(),
            nonces: HashSet::new(),
        };
        disk.apply(&first, Vec::new());
        (disk, vault)
    }

    /// Makes a whole commit durable.
    pub(crate) fn apply(&mut self, commit: &Commit, changes: Vec<Change>) {
        self.batch(commit, changes);
        let page: Arc<[u8]> = commit.slot.as_bytes().as_slice().into();
        self.copies = [page.clone(), page];
    }

    fn batch(&mut self, commit: &Commit, changes: Vec<Change>) {
        self.last_tables.clear();
        for write in &commit.batch {
            let old = match &write.value {
                Some(value) => {
                    assert!(value.len() <= 4096, "sled spills longer values");
                    assert!(!contains(value, CANARY), "a name or a word on the disk");
                    let nonce = value[NONCE_AT..].first_chunk().unwrap();
                    assert!(self.nonces.insert(*nonce), "a nonce is used twice");
                    self.records.insert(write.key, value.as_slice().into())
                }
                None => self.records.remove(&write.key),
            };
            self.dead.extend(old.map(|old| (write.key, old)));
        }
        self.ledger.apply(changes);
    }

    /// What was replaced opens to nobody, not even to who has this disk and its lock. But for the
    /// indexes of messages that are still there, which hold no key and no word.
    pub(crate) fn check_dead(&mut self, vault: &Vault) {
        for (key, value) in core::mem::take(&mut self.dead) {
            if key.place().is_none() {
                self.old_tables.insert(key, value.clone());
                self.last_tables.insert(key, value);
            } else if let Ok((name, _)) = vault.open_record(&key, &value) {
                let letter = name.0[0];
                let index = matches!(letter, b'a' | b'o') && name.0.len() == 21;
                assert!(index, "{:?} can still be read", char::from(letter));
                self.lingering.push((key, value));
            }
        }
    }

    /// Leaves of a commit what a crash leaves.
    pub(crate) fn tear(
        &mut self,
        commit: &Commit,
        changes: Vec<Change>,
        torn: Torn,
        chance: &mut Chance,
    ) {
        let new = commit.slot.as_bytes();
        if torn != Torn::Before {
            self.batch(commit, changes);
        }
        match torn {
            Torn::Before | Torn::Batch => {}
            Torn::HalfOfA => self.tear_page(0, new, chance),
            Torn::A => self.copies[0] = new.as_slice().into(),
            Torn::HalfOfB => {
                self.copies[0] = new.as_slice().into();
                self.tear_page(1, new, chance);
            }
            Torn::Whole => self.copies = [0, 1].map(|_| new.as_slice().into()),
        }
    }

    fn tear_page(&mut self, copy: usize, new: &[u8; SLOT_PAGE_BYTES], chance: &mut Chance) {
        let kept = chance.below(SLOT_PAGE_BYTES as u64) as usize;
        let noise = chance.bytes(SLOT_PAGE_BYTES - kept);
        self.copies[copy] = [&new[..kept], &noise].concat().into();
    }

    /// Starts the node that is on this disk. A crash may come while the slot is repaired, and another
    /// one while that is.
    pub(crate) fn open(&mut self, now: Now, chance: &mut Chance) -> (Vault, Engine) {
        let vault = self.unlocked(chance);
        let state = self.state(&vault);
        assert_eq!(state.len(), self.ledger.states(), "records of state");
        let engine = Engine::open(now, chance.entropy(), state).unwrap();
        #[cfg(feature = "testing")]
        let engine = engine.rotating_after(LINKS_PER_EPOCH);
        (vault, engine)
    }

    /// Its vault, once what a crash left of the slot is repaired.
    pub(super) fn unlocked(&mut self, chance: &mut Chance) -> Vault {
        let (mut vault, mut repair) = self.unlock(chance);
        while repair.is_some() && chance.one_in(3) {
            self.repair(repair.take(), Some(chance));
            (vault, repair) = self.unlock(chance);
        }
        self.repair(repair, None);
        self.check_dead(&vault);
        vault
    }

    pub(crate) fn unlock(&self, chance: &mut Chance) -> (Vault, Option<Repair>) {
        let fetch = |key: &RecordKey| self.records.get(key).map(|value| value.to_vec());
        self.unlock_with(chance, fetch).unwrap()
    }

    fn unlock_with(
        &self,
        chance: &mut Chance,
        fetch: impl FnMut(&RecordKey) -> Option<Vec<u8>>,
    ) -> Result<(Vault, Option<Repair>), VaultError> {
        let copies = [&*self.copies[0], &*self.copies[1]];
        let lock = Lock::Device(&self.device);
        vault::open(&self.header, copies, &lock, chance.entropy(), fetch)
    }

    /// With no table of the key tree that was replaced does this disk open, and not with all those
    /// that the last commit replaced.
    pub(crate) fn check_old_tables(&self, chance: &mut Chance) {
        let single = self
            .old_tables
            .iter()
            .map(|(key, value)| BTreeMap::from([(*key, value.clone())]));
        for old in single.chain([self.last_tables.clone()]) {
            let mut asked = false;
            let opened = self.unlock_with(chance, |key| {
                asked |= old.contains_key(key);
                let value = old.get(key).or_else(|| self.records.get(key));
                value.map(|value| value.to_vec())
            });
            assert!(opened.is_err() || !asked, "an old table can still be read");
        }
    }

    fn repair(&mut self, repair: Option<Repair>, crash: Option<&mut Chance>) {
        let Some(Repair { page, order }) = repair else {
            return;
        };
        let [first, second] = order.map(|copy| usize::from(copy == SlotCopy::B));
        let page = page.as_bytes();
        match crash {
            None => self.copies = [0, 1].map(|_| page.as_slice().into()),
            Some(chance) => {
                let torn = if chance.one_in(2) { first } else { second };
                self.copies[first] = page.as_slice().into();
                self.tear_page(torn, page, chance);
            }
        }
    }

    pub(crate) fn state(&self, vault: &Vault) -> Vec<(Name, kith_proto::secret::Said)> {
        let at = |key: &RecordKey| key.place() == Some(Place::State);
        let state = self.records.iter().filter(|(key, _)| at(key));
        state
            .filter_map(|(key, value)| match vault.open_record(key, value) {
                Ok(record) => Some(record),
                Err(VaultError::Erased) => None,
                Err(other) => panic!("a record of ours: {other}"),
            })
            .collect()
    }

    /// All that lies here, as it lies and as its lock opens it.
    pub(crate) fn everything(&self, vault: &Vault) -> Vec<Vec<u8>> {
        let raw = self.records.values().map(|value| value.to_vec());
        let opened = self.records.iter();
        let opened = opened.filter_map(|(key, value)| vault.open_record(key, value).ok());
        let opened = opened.map(|(Name(name), body)| [&name[..], &body].concat());
        let slot = self
            .copies
            .iter()
            .chain([&self.header])
            .map(|it| it.to_vec());
        raw.chain(opened).chain(slot).collect()
    }

    /// The pieces of one body joined; nothing if one of them is gone.
    pub(crate) fn body(&self, vault: &Vault, names: &[Name]) -> Option<Vec<u8>> {
        let mut joined = Vec::new();
        for name in names {
            let key = vault.key_of(Place::Body, name);
            let (_, body) = vault.open_record(&key, self.records.get(&key)?).ok()?;
            joined.extend_from_slice(&body);
        }
        Some(joined)
    }

    /// What lies here of texts that came: the beginning of each.
    pub(crate) fn texts_that_came(&self, vault: &Vault) -> Vec<Vec<u8>> {
        let at = |key: &RecordKey| key.place() == Some(Place::Body);
        let bodies = self.records.iter().filter(|(key, _)| at(key));
        let opened = bodies.filter_map(|(key, value)| vault.open_record(key, value).ok());
        let first = |name: &Name| name.0[0] == b'a' && name.0.ends_with(&[0; 4]);
        let texts = opened.filter(|(name, _)| first(name));
        texts.map(|(_, text)| text.to_vec()).collect()
    }

    /// How many pieces of texts and parcels lie here.
    pub(crate) fn bodies(&self) -> usize {
        let at = |key: &&RecordKey| key.place() == Some(Place::Body);
        self.records.keys().filter(at).count()
    }

    /// How many records of state.
    pub(crate) fn states(&self) -> usize {
        let at = |key: &&RecordKey| key.place() == Some(Place::State);
        self.records.keys().filter(at).count()
    }

    /// Of what was ever replaced nothing can be read any more.
    pub(crate) fn check_forgotten(&self, vault: &Vault) {
        for (key, value) in &self.lingering {
            let kept = vault.open_record(key, value).is_ok();
            assert!(
                !kept,
                "the index of a message that is gone can still be read"
            );
        }
    }
}

/// Whether `bytes` hold `word`. Wherever it stood, it would cover one of the bytes looked at.
pub(crate) fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let mut ends = bytes
        .iter()
        .enumerate()
        .skip(word.len() - 1)
        .step_by(word.len());
    ends.any(|(at, byte)| {
        word.contains(byte) && {
            let around = at + 1 - word.len()..bytes.len().min(at + word.len());
            bytes[around].windows(word.len()).any(|place| place == word)
        }
    })
}
