//! A commit torn at any point, and bytes that were flipped or were never a vault's.

use proptest::prelude::*;

use super::*;

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
