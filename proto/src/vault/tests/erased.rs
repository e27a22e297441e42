//! What was erased, renewed or locked anew: whoever kept every byte that ever stood on the disk opens
//! only what is alive.

use std::collections::BTreeSet;

use super::*;
use crate::secret::Tree;

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
