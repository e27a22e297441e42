//! What the vault promises, on a disk that can be torn.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

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
        body: Zeroizing::new(body.as_bytes().to_vec()),
    }
}

fn one(puts: Vec<Put>, erases: Vec<Erase>) -> [(Vec<Put>, Vec<Erase>); 1] {
    [(puts, erases)]
}

/// A vault with two records, and a commit that changes, adds, and erases.
fn halfway() -> (Disk, Commit, [BTreeMap<Name, Vec<u8>>; 2]) {
    let (mut vault, mut disk) = Disk::new(&LOCK);
    let puts = vec![
        put("r", "ratchet", true, "1"),
        put("old", "day 1", false, "x"),
    ];
    disk.commit(&vault.plan(one(puts, vec![]), [2; 32]).unwrap());
    let before = disk.content(&vault);
    let puts = vec![
        put("r", "ratchet", true, "2"),
        put("new", "day 2", false, "y"),
    ];
    let erases = vec![
        Erase::Record(name("old"), Place::State),
        Erase::Leaf(leaf("day 1")),
    ];
    let commit = vault.plan(one(puts, erases), [3; 32]).unwrap();
    let mut done = disk.clone();
    done.commit(&commit);
    let after = done.content(&vault);
    assert_eq!((before.len(), after.len()), (2, 2));
    (disk, commit, [before, after])
}

/// A page of which the first `kept` bytes are the new ones; `0` leaves noise at its end.
fn torn(old: &[u8], new: &[u8], kept: usize) -> Vec<u8> {
    [&new[..kept], &old[kept..]].concat()
}

#[test]
fn a_commit_torn_at_any_point_reopens_as_before_or_as_after() {
    let (start, commit, [before, after]) = halfway();
    let new = &commit.slot.as_bytes()[..];
    let mut written = start.clone();
    written.batch(&commit.batch);
    for copy in [0, 1] {
        for kept in [0, 1, 24, 512, 2048, 3584, 4095, 4096] {
            let mut disk = written.clone();
            if copy == 1 {
                disk.copies[0] = new.to_vec();
            }
            disk.copies[copy] = torn(&start.copies[copy], new, kept);
            let vault = disk.open();
            assert_eq!(disk.content(&vault), after, "copy {copy}, {kept} bytes");
            assert!(disk.try_open(&LOCK).unwrap().1.is_none(), "mended once");
        }
    }
    let mut disk = start.clone();
    let vault = disk.open();
    assert_eq!(disk.content(&vault), before);
}

#[test]
fn a_crash_while_repairing_a_torn_commit_loses_nothing() {
    let (start, commit, [_, after]) = halfway();
    let new = &commit.slot.as_bytes()[..];
    let noise = vec![0xA5; SLOT_PAGE_BYTES];
    let old = &start.copies[0];
    let states: [[&[u8]; 2]; 7] = [
        [old, old],
        [&noise, old],
        [new, old],
        [new, &noise],
        [old, new],
        [&noise, new],
        [new, new],
    ];
    for copies in states {
        let mut disk = start.clone();
        disk.batch(&commit.batch);
        disk.copies = copies.map(<[u8]>::to_vec);
        let Some(repair) = disk.try_open(&LOCK).unwrap().1 else {
            assert_eq!(copies, [new, new]);
            continue;
        };
        let place = |copy| usize::from(copy == SlotCopy::B);
        let [first, second] = repair.order.map(place);
        for kept in [0, 700, 4096] {
            let mut torn_first = disk.clone();
            let page = &repair.page.as_bytes()[..];
            torn_first.copies[first] = torn(&noise, page, kept);
            let vault = torn_first.open();
            assert_eq!(torn_first.content(&vault), after);
            let mut torn_second = disk.clone();
            torn_second.copies[first] = page.to_vec();
            torn_second.copies[second] = torn(&noise, page, kept);
            let vault = torn_second.open();
            assert_eq!(torn_second.content(&vault), after);
        }
    }
}

#[test]
fn a_stale_copy_is_always_rewritten() {
    let (start, commit, _) = halfway();
    for stale in [0, 1] {
        let mut disk = start.clone();
        disk.commit(&commit);
        disk.copies[stale] = start.copies[stale].clone();
        let vault = disk.open();
        assert_ne!(disk.copies[stale], start.copies[stale]);
        let slot = Slot::unlock(slot::SLOT, &disk.header, &LOCK).unwrap();
        let old = slot.newest([&start.copies[0]; 2]).unwrap().0;
        for page in &disk.copies {
            let (roots, _) = slot.newest([page, page]).unwrap();
            assert!(!roots.now.same(&old.now) && !roots.next.same(&old.now));
            assert!(roots.now.same(&vault.roots.now));
        }
    }
}

/// Everything that somebody with all that ever stood on the disk, the slot as it is now and its
/// lock can read: follows every key to every value it opens.
fn attack(disk: &Disk, lock: &Lock<'_>) -> BTreeSet<(Name, Vec<u8>)> {
    let slot = Slot::unlock(slot::SLOT, &disk.header, lock).unwrap();
    let mut keys = Vec::new();
    for page in &disk.copies {
        let (roots, _) = slot.newest([page, page]).unwrap();
        keys.extend([roots.now, roots.next]);
    }
    let mut read = BTreeSet::new();
    let mut opened = BTreeSet::new();
    while let Some(key) = keys.pop() {
        for (number, (record_key, value)) in disk.history.iter().enumerate() {
            let sealed = match record_key.place() {
                Some(_) => &value[..value.len() - 20],
                None => value,
            };
            let Some(plain) = seal::open::<Tree>(&key, record_key.as_bytes(), sealed) else {
                continue;
            };
            if record_key.place().is_some() {
                let (name, body) = record::unpadded(&plain).unwrap();
                read.insert((name, body.to_vec()));
            } else if opened.insert(number) {
                // Any 32 bytes of a table may be a key.
                keys.extend(
                    (0..=plain.len() - 32)
                        .step_by(8)
                        .map(|at| Key::fill(|bytes| bytes.copy_from_slice(&plain[at..at + 32]))),
                );
            }
        }
    }
    read
}

#[test]
fn all_that_ever_stood_on_the_disk_opens_only_what_is_alive() {
    let lock = passphrase("quatre mots bien choisis");
    let (mut vault, mut disk) = Disk::new(&lock);
    let mut alive = BTreeSet::new();
    for turn in 0..40u8 {
        let peer = format!("peer {}", turn % 3);
        let text = format!("text {turn}");
        let puts = vec![
            put(&peer, &peer, true, &format!("state {turn}")),
            put(&text, &format!("bucket {}", turn / 10), false, "salut"),
        ];
        let ends = (turn % 10 == 9 && turn < 30).then(|| leaf(&format!("bucket {}", turn / 10)));
        let erases = ends.into_iter().map(Erase::Leaf).collect();
        disk.commit(&vault.plan(one(puts, erases), [turn; 32]).unwrap());
        if turn >= 37 {
            alive.insert((name(&peer), format!("state {turn}").into_bytes()));
        }
        if turn >= 30 {
            alive.insert((name(&text), b"salut".to_vec()));
        }
    }
    assert!(disk.history.len() > 40 * 4);
    assert_eq!(attack(&disk, &lock), alive);
    let shown: BTreeSet<_> = disk.content(&vault).into_iter().collect();
    assert_eq!(shown, alive);
}

#[test]
fn the_attack_does_find_what_was_not_erased() {
    let (mut vault, mut disk) = Disk::new(&LOCK);
    for body in ["1", "2"] {
        let puts = vec![put("a", "never renewed", false, body)];
        disk.commit(&vault.plan(one(puts, vec![]), [4; 32]).unwrap());
    }
    assert_eq!(attack(&disk, &LOCK).len(), 2);
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

impl Disk {
    fn open_again(&self) -> Vault {
        self.clone().open()
    }
}

#[test]
fn a_step_that_renews_keeps_its_own_puts_and_ends_earlier_ones() {
    let (mut vault, mut disk) = Disk::new(&LOCK);
    disk.commit(
        &vault
            .plan(one(vec![put("z", "l", false, "0")], vec![]), [5; 32])
            .unwrap(),
    );
    let steps = [
        (vec![put("a", "l", true, "1")], vec![]),
        (
            vec![put("b", "l", false, "2"), put("c", "l", true, "2")],
            vec![],
        ),
    ];
    disk.commit(&vault.plan(steps, [6; 32]).unwrap());
    let names: Vec<_> = disk.content(&disk.open_again()).into_keys().collect();
    assert_eq!(names, [name("b"), name("c")]);
}

#[test]
fn a_leaf_erased_and_written_again_in_one_commit_has_another_key() {
    let (mut vault, mut disk) = Disk::new(&LOCK);
    disk.commit(
        &vault
            .plan(one(vec![put("a", "l", false, "1")], vec![]), [5; 32])
            .unwrap(),
    );
    let steps = [
        (vec![], vec![Erase::Leaf(leaf("l"))]),
        (vec![put("b", "l", false, "2")], vec![]),
    ];
    disk.commit(&vault.plan(steps, [6; 32]).unwrap());
    assert_eq!(attack(&disk, &LOCK), [(name("b"), b"2".to_vec())].into());
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

#[test]
fn nothing_on_the_disk_shows_a_name_or_a_word() {
    let (mut vault, mut disk) = Disk::new(&LOCK);
    let puts = vec![put(
        "friend/zoé",
        "leaf of zoé",
        false,
        "rendez-vous à midi",
    )];
    disk.commit(&vault.plan(one(puts, vec![]), [5; 32]).unwrap());
    let canaries: [&[u8]; 3] = ["zoé".as_bytes(), b"leaf", b"midi"];
    for (key, value) in &disk.history {
        let bytes = [key.as_bytes(), &value[..]].concat();
        for canary in canaries {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary));
        }
    }
}

proptest! {
    #[test]
    fn a_flipped_bit_is_an_error_or_is_mended(
        place in 0usize..100,
        byte in 0usize..4096,
        bit in 0u8..8,
    ) {
        let (start, commit, [_, after]) = halfway();
        let mut disk = start;
        disk.commit(&commit);
        let keys: Vec<_> = disk.records.keys().copied().collect();
        let (copies, records) = (disk.copies.len(), keys.len());
        let target = place % (1 + copies + records);
        let bytes = match target {
            0 => &mut disk.header,
            1 | 2 => &mut disk.copies[target - 1],
            _ => disk.records.get_mut(&keys[target - 3]).unwrap(),
        };
        let at = byte % bytes.len();
        bytes[at] ^= 1 << bit;
        match disk.try_open(&LOCK) {
            Err(error) if target == 0 => prop_assert_eq!(error, VaultError::SlotDamaged),
            Err(error) => prop_assert_eq!(error, VaultError::DatabaseDamaged),
            Ok((vault, repair)) if target <= 2 => {
                prop_assert!(repair.is_some());
                prop_assert_eq!(disk.content(&vault), after);
            }
            Ok((vault, _)) => {
                let key = keys[target - 3];
                let error = vault.open_record(&key, &disk.records[&key]).map(drop);
                prop_assert_eq!(error, Err(VaultError::DatabaseDamaged));
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_open_nothing(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
        let (vault, mut disk) = Disk::new(&LOCK);
        let key = vault.key_of(Place::Body, &name("a"));
        let error = vault.open_record(&key, &bytes).map(drop);
        prop_assert_eq!(error, Err(VaultError::DatabaseDamaged));
        disk.copies = [bytes.clone(), bytes.clone()];
        prop_assert_eq!(disk.try_open(&LOCK).map(drop), Err(VaultError::SlotDamaged));
        disk.header = bytes;
        prop_assert_eq!(disk.try_open(&LOCK).map(drop), Err(VaultError::SlotDamaged));
    }
}

/// Puts the disk's slot behind another lock.
fn relock(vault: &mut Vault, disk: &mut Disk, lock: &Lock<'_>) {
    let slot = new_slot(lock, [21; 32]).unwrap();
    let [header, page] = vault.relock(slot, [22; 32]).unwrap();
    disk.header = header.as_bytes().to_vec();
    disk.copies = [0, 1].map(|_| page.as_bytes().to_vec());
}

#[test]
fn another_lock_opens_the_same_records_and_the_former_one_nothing() {
    let (mut vault, mut disk) = Disk::new(&passphrase("avant"));
    let commit = |vault: &mut Vault, disk: &mut Disk, body| {
        let step = one(vec![put("a", "leaf", true, body)], vec![]);
        disk.commit(&vault.plan(step, [4; 32]).unwrap());
    };
    commit(&mut vault, &mut disk, "1");
    let before = disk.clone();
    relock(&mut vault, &mut disk, &passphrase("plus tard"));
    let (reopened, repair) = disk.try_open(&passphrase("plus tard")).unwrap();
    assert!(repair.is_none());
    let key = reopened.key_of(Place::State, &Name("a".into()));
    let sealed = &disk.records[&key];
    assert_eq!(&reopened.open_record(&key, sealed).unwrap().1[..], b"1");
    assert_eq!(
        disk.try_open(&passphrase("avant")).map(drop),
        Err(VaultError::WrongPassphrase)
    );
    let mixed = Disk {
        header: before.header.clone(),
        ..disk.clone()
    };
    assert_eq!(
        mixed.try_open(&passphrase("avant")).map(drop),
        Err(VaultError::SlotDamaged)
    );
    // The vault that was relocked goes on with the new slot.
    commit(&mut vault, &mut disk, "2");
    assert!(disk.try_open(&passphrase("plus tard")).is_ok());
    // And the former slot, had somebody kept it, does not open what was written since.
    let kept = Disk {
        header: before.header,
        copies: before.copies,
        ..disk
    };
    assert_eq!(
        kept.try_open(&passphrase("avant")).map(drop),
        Err(VaultError::DatabaseDamaged)
    );
}
