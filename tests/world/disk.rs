//! A node's disk in memory: the database, the slot's three pages, and everything that ever stood on
//! it. Commits reach it whole or torn, as the head of `vault.rs` says a crash may leave them.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::engine::Engine;
use kith_proto::time::Now;
use kith_proto::vault::{
    self, Commit, Lock, Name, Place, RecordKey, Repair, SLOT_PAGE_BYTES, SlotCopy, Vault,
    VaultError,
};

use super::chance::Chance;

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
    header: Vec<u8>,
    copies: [Vec<u8>; 2],
    records: BTreeMap<RecordKey, Vec<u8>>,
    /// Every record that was ever written: a log-structured file forgets nothing.
    history: BTreeSet<(RecordKey, Vec<u8>)>,
}

impl Disk {
    /// An empty disk with a vault on it.
    pub(crate) fn new(chance: &mut Chance) -> (Self, Vault) {
        let device = chance.entropy();
        let (vault, header, first) =
            vault::create(&Lock::Device(&device), chance.entropy()).unwrap();
        let mut disk = Self {
            device,
            header: header.as_bytes().to_vec(),
            copies: [vec![0; SLOT_PAGE_BYTES], vec![0; SLOT_PAGE_BYTES]],
            records: BTreeMap::new(),
            history: BTreeSet::new(),
        };
        disk.apply(&first);
        (disk, vault)
    }

    /// Makes a whole commit durable.
    pub(crate) fn apply(&mut self, commit: &Commit) {
        self.batch(commit);
        self.copies = [0, 1].map(|_| commit.slot.as_bytes().to_vec());
    }

    fn batch(&mut self, commit: &Commit) {
        for write in &commit.batch {
            match &write.value {
                Some(value) => {
                    assert!(value.len() <= 4096, "sled spills longer values");
                    self.records.insert(write.key, value.clone());
                    self.history.insert((write.key, value.clone()));
                }
                None => drop(self.records.remove(&write.key)),
            }
        }
    }

    /// Leaves of a commit what a crash leaves.
    pub(crate) fn tear(&mut self, commit: &Commit, torn: Torn, chance: &mut Chance) {
        let new = commit.slot.as_bytes();
        if torn != Torn::Before {
            self.batch(commit);
        }
        match torn {
            Torn::Before | Torn::Batch => {}
            Torn::HalfOfA => self.tear_page(0, new, chance),
            Torn::A => self.copies[0] = new.to_vec(),
            Torn::HalfOfB => {
                self.copies[0] = new.to_vec();
                self.tear_page(1, new, chance);
            }
            Torn::Whole => self.copies = [0, 1].map(|_| new.to_vec()),
        }
    }

    fn tear_page(&mut self, copy: usize, new: &[u8; SLOT_PAGE_BYTES], chance: &mut Chance) {
        let kept = chance.below(SLOT_PAGE_BYTES as u64) as usize;
        let noise = chance.bytes(SLOT_PAGE_BYTES - kept);
        self.copies[copy] = [&new[..kept], &noise].concat();
    }

    /// Starts the node that is on this disk. A crash may come while the slot is repaired.
    pub(crate) fn open(&mut self, now: Now, chance: &mut Chance) -> (Vault, Engine) {
        let (mut vault, mut repair) = self.unlock(chance);
        if repair.is_some() && chance.one_in(3) {
            self.repair(repair.take(), Some(chance));
            (vault, repair) = self.unlock(chance);
        }
        self.repair(repair, None);
        let engine = Engine::open(now, chance.entropy(), self.state(&vault)).unwrap();
        (vault, engine)
    }

    fn unlock(&self, chance: &mut Chance) -> (Vault, Option<Repair>) {
        let copies = [&*self.copies[0], &*self.copies[1]];
        let lock = Lock::Device(&self.device);
        let fetch = |key: &RecordKey| self.records.get(key).cloned();
        vault::open(&self.header, copies, &lock, chance.entropy(), fetch).unwrap()
    }

    fn repair(&mut self, repair: Option<Repair>, crash: Option<&mut Chance>) {
        let Some(Repair { page, order }) = repair else {
            return;
        };
        let [first, second] = order.map(|copy| usize::from(copy == SlotCopy::B));
        let page = page.as_bytes();
        match crash {
            None => self.copies = [0, 1].map(|_| page.to_vec()),
            Some(chance) => {
                let torn = if chance.one_in(2) { first } else { second };
                self.copies[first] = page.to_vec();
                self.tear_page(torn, page, chance);
            }
        }
    }

    fn state(&self, vault: &Vault) -> Vec<(Name, kith_proto::secret::Said)> {
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

    /// The names of records that were overwritten or removed and can still be read by who has this
    /// disk and its lock: what was said, what keys were used.
    pub(crate) fn not_erased(&self, vault: &Vault) -> Vec<Name> {
        let gone = |(key, value): &&(RecordKey, Vec<u8>)| self.records.get(key) != Some(value);
        let gone = self.history.iter().filter(gone);
        gone.filter(|(key, _)| key.place().is_some())
            .filter_map(|(key, value)| vault.open_record(key, value).ok())
            .map(|(name, _)| name)
            .collect()
    }

    /// Whether a word stands anywhere on the disk as it is.
    pub(crate) fn shows(&self, word: &[u8]) -> bool {
        let values = self.history.iter().map(|(_, value)| value);
        let pages = self.copies.iter().chain([&self.header]);
        values.chain(pages).any(|bytes| contains(bytes, word))
    }
}

/// Whether `bytes` hold `word`.
pub(crate) fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let first = word[0];
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
    starts
        .into_iter()
        .any(|(at, _)| bytes[at..].starts_with(word))
}
