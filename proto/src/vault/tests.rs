//! What the vault promises, on a disk that can be torn.

mod erased;
mod torn;

use std::collections::BTreeMap;

use super::*;

const DEVICE: [u8; 32] = [3; 32];
const LOCK: Lock<'static> = Lock::Device(&DEVICE);

fn passphrase(text: &str) -> Lock<'_> {
    Lock::Passphrase {
        text: text.as_bytes(),
        cost: Cost::FLOOR,
    }
}

/// A disk, and everything that ever stood on it.
#[derive(Clone)]
struct Disk {
    header: Vec<u8>,
    copies: [Vec<u8>; 2],
    records: BTreeMap<RecordKey, Vec<u8>>,
    history: Vec<(RecordKey, Vec<u8>)>,
}

impl Disk {
    fn new(lock: &Lock<'_>) -> (Vault, Self) {
        let (vault, header, first) = create(lock, [1; 32]).unwrap();
        let page = first.slot.as_bytes().to_vec();
        let mut disk = Self {
            header: header.as_bytes().to_vec(),
            copies: [page.clone(), page],
            records: BTreeMap::new(),
            history: Vec::new(),
        };
        disk.batch(&first.batch);
        (vault, disk)
    }

    fn batch(&mut self, batch: &[Write]) {
        for write in batch {
            match &write.value {
                Some(value) => {
                    assert!(value.len() <= 4096);
                    self.history.push((write.key, value.clone()));
                    self.records.insert(write.key, value.clone());
                }
                None => drop(self.records.remove(&write.key)),
            }
        }
    }

    fn commit(&mut self, commit: &Commit) {
        self.batch(&commit.batch);
        self.copies = [0, 1].map(|_| commit.slot.as_bytes().to_vec());
    }

    fn try_open(&self, lock: &Lock<'_>) -> Result<(Vault, Option<Repair>), VaultError> {
        let copies = [&self.copies[0][..], &self.copies[1][..]];
        open(&self.header, copies, lock, [8; 32], |key| {
            self.records.get(key).cloned()
        })
    }

    /// Opens, and repairs as the shell must.
    fn open(&mut self) -> Vault {
        let (vault, repair) = self.try_open(&LOCK).unwrap();
        if let Some(repair) = repair {
            self.copies = [0, 1].map(|_| repair.page.as_bytes().to_vec());
        }
        vault
    }

    /// All records that open, by name.
    fn content(&self, vault: &Vault) -> BTreeMap<Name, Vec<u8>> {
        let places = self.records.iter().filter(|(key, _)| key.place().is_some());
        places
            .filter_map(|(key, value)| match vault.open_record(key, value) {
                Ok((name, body)) => Some((name, body.to_vec())),
                Err(VaultError::Erased) => None,
                Err(other) => panic!("{other}"),
            })
            .collect()
    }

    fn open_again(&self) -> Vault {
        self.clone().open()
    }
}

fn name(text: &str) -> Name {
    Name(text.as_bytes().to_vec())
}

fn leaf(text: &str) -> Leaf {
    Leaf(text.as_bytes().to_vec())
}

fn put(record: &str, under: &str, renew: bool, body: &str) -> Put {
    Put {
        name: name(record),
        place: Place::State,
        leaf: leaf(under),
        renew,
        body: Said::new(body.as_bytes().to_vec()),
    }
}

fn one(puts: Vec<Put>, erases: Vec<Erase>) -> [(Vec<Put>, Vec<Erase>); 1] {
    [(puts, erases)]
}

#[test]
fn a_wrong_lock_is_told_from_a_damaged_slot_and_changes_nothing() {
    let (_, disk) = Disk::new(&passphrase("juste"));
    let error = |lock| disk.try_open(&lock).map(drop).unwrap_err();
    assert_eq!(error(passphrase("faux")), VaultError::WrongPassphrase);
    assert_eq!(error(LOCK), VaultError::NeedsPassphrase);
    assert!(disk.try_open(&passphrase("juste")).unwrap().1.is_none());
    assert!(needs_passphrase(&disk.header).unwrap());
    let (_, disk) = Disk::new(&LOCK);
    let error = |lock| disk.try_open(&lock).map(drop).unwrap_err();
    assert_eq!(error(Lock::Device(&[4; 32])), VaultError::WrongDeviceKey);
    assert_eq!(error(passphrase("juste")), VaultError::NeedsDeviceKey);
}

#[test]
fn a_slot_asks_neither_for_nothing_nor_for_a_terabyte() {
    let costs = [
        (1024, 2, 1),
        (19 * 1024, 1, 1),
        (1 << 30, 2, 1),
        (19 * 1024, 2, 17),
        (0, 0, 0),
    ];
    for (memory_kib, passes, lanes) in costs {
        let cost = Cost {
            memory_kib,
            passes,
            lanes,
        };
        let lock = Lock::Passphrase { text: b"x", cost };
        assert_eq!(create(&lock, [1; 32]).map(drop), Err(VaultError::Cost));
    }
    // The same in a header whose sum is right.
    let (_, mut disk) = Disk::new(&passphrase("x"));
    disk.header[18..22].copy_from_slice(&u32::MAX.to_le_bytes());
    let sum = blake3::hash(&disk.header[..4064]);
    disk.header[4064..].copy_from_slice(sum.as_bytes());
    let error = disk.try_open(&passphrase("x")).map(drop).unwrap_err();
    assert_eq!(error, VaultError::SlotDamaged);
}

#[test]
fn steps_count_in_their_order_and_erases_after_puts_within_one() {
    let (mut vault, mut disk) = Disk::new(&LOCK);
    let steps = [
        (
            vec![put("a", "l", false, "1"), put("b", "l", false, "1")],
            vec![],
        ),
        (
            vec![put("a", "l", false, "2")],
            vec![Erase::Record(name("b"), Place::State)],
        ),
        (
            vec![put("b", "l", false, "3"), put("c", "m", false, "3")],
            vec![Erase::Leaf(leaf("m"))],
        ),
    ];
    disk.commit(&vault.plan(steps, [5; 32]).unwrap());
    let content = disk.content(&disk.open_again());
    assert_eq!(
        content,
        [(name("a"), b"2".to_vec()), (name("b"), b"3".to_vec())].into()
    );
}

#[test]
fn a_refused_plan_changes_nothing() {
    let (mut vault, mut disk) = Disk::new(&LOCK);
    let long = "x".repeat(crate::limits::RECORD_BODY_BYTES_MAX + 1);
    let puts = vec![put("a", "l", true, "1"), put("b", "l", true, &long)];
    let refused = vault.plan(one(puts, vec![]), [5; 32]).map(drop);
    assert_eq!(refused, Err(VaultError::TooLarge));
    let puts = vec![put("a", "l", true, &long[1..])];
    disk.commit(&vault.plan(one(puts, vec![]), [6; 32]).unwrap());
    assert_eq!(disk.content(&disk.open_again()).len(), 1);
}
