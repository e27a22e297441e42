//! Waste and how it is given back.

use super::*;

fn body(n: u32) -> String {
    "x".repeat(n as usize % 3000)
}

/// Commits `n` as the record `m{n}` and erases the one that came `live` before.
fn commit(vault: &mut Vault, store: &mut Store, n: u32, live: u32) {
    let puts = vec![put(&format!("m{n}"), Place::State, &body(n))];
    let erases = n
        .checked_sub(live)
        .map(|old| format!("m{old}").into_bytes());
    let erases = erases.into_iter().flat_map(|old| {
        let record = Erase::Record(Name(old.clone()), Place::State);
        [record, Erase::Leaf(Leaf(old))]
    });
    let commit = vault
        .plan([(puts, erases.collect())], [n as u8; 32])
        .unwrap();
    store.commit(&commit).unwrap();
}

/// A store that holds forty records and the waste of fifteen hundred.
fn wasteful(dir: &Path) -> (Vault, Store) {
    let (mut vault, mut store) = create(dir);
    (0..1500).for_each(|n| commit(&mut vault, &mut store, n, 40));
    (vault, store)
}

fn expected(last: u32) -> Content {
    let live = last + 1 - 40..=last;
    live.map(|n| (format!("m{n}"), body(n))).collect()
}

#[test]
fn a_reclaim_gives_waste_back_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, mut store) = wasteful(dir.path());
    store.empty_wal().unwrap();
    let (before, live) = (store.bytes_on_disk().unwrap(), store.live_bytes());
    store.reclaim().unwrap();
    assert_eq!(store.live_bytes(), live);
    let after = store.bytes_on_disk().unwrap();
    assert!(after < before / 2, "{after} of {before}");
    // A little of sled's own stands beside what lives.
    assert!(after < live + live / 2 + (1 << 20), "{after} for {live}");
    assert_eq!(content(&vault, &store), expected(1499));
    (1500..1520).for_each(|n| commit(&mut vault, &mut store, n, 40));
    drop(store);
    let (vault, mut store) = reopen(dir.path());
    assert_eq!(content(&vault, &store), expected(1519));
    store.reclaim().unwrap();
    assert_eq!(content(&vault, &store), expected(1519));
}

#[test]
fn what_lives_is_counted_alike_along_the_way_and_at_opening() {
    let dir = tempfile::tempdir().unwrap();
    let (_, mut store) = wasteful(dir.path());
    let keys: Vec<_> = store.states().map(|record| record.unwrap().0).collect();
    store.sweep(&keys[..7]).unwrap();
    store.sweep(&keys[..9]).unwrap();
    let live = store.live_bytes();
    drop(store);
    assert_eq!(Store::open(dir.path()).unwrap().live_bytes(), live);
}

#[test]
fn a_reclaim_that_fails_before_it_replaces_anything_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, mut store) = wasteful(dir.path());
    let in_the_way = dir.path().join("db.new");
    fs::write(&in_the_way, "x").unwrap();
    assert!(store.reclaim().is_err());
    assert!(!store.has_stopped());
    commit(&mut vault, &mut store, 1500, 40);
    assert_eq!(content(&vault, &store), expected(1500));
}

#[test]
fn a_database_under_the_name_of_its_copy_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let (vault, store) = wasteful(dir.path());
    drop((vault, store));
    fs::rename(dir.path().join("db"), dir.path().join("db.next")).unwrap();
    assert!(slot_header(dir.path()).is_ok());
    let (_, header, first) = vault::create(&LOCK, [1; 32]).unwrap();
    let again = Store::create(dir.path(), &header, &first).map(drop);
    assert_eq!(again, Err(StoreError::Exists));
    let (vault, store) = reopen(dir.path());
    assert_eq!(content(&vault, &store), expected(1499));
}
