//! The store on a real disk, cut short and damaged by hand.

use std::collections::BTreeMap;

use kith_proto::secret::Said;
use kith_proto::vault::{self, Erase, Leaf, Lock, Name, Put, Repair, Vault, VaultError};
use tempfile::TempDir;

use super::*;

mod faults;
mod reclaims;
mod wal;

const LOCK: Lock<'static> = Lock::Device(&[3; 32]);

fn put(name: &str, place: Place, body: &str) -> Put {
    Put {
        name: Name(name.into()),
        place,
        leaf: Leaf(name.into()),
        renew: true,
        body: Said::new(body.into()),
    }
}

fn state(name: &str, body: &str) -> (Vec<Put>, Vec<Erase>) {
    (vec![put(name, Place::State, body)], vec![])
}

fn create(dir: &Path) -> (Vault, Store) {
    let (vault, header, first) = vault::create(&LOCK, [1; 32]).unwrap();
    let store = Store::create(dir, &header, &first).unwrap();
    (vault, store)
}

/// Opens store and vault, and repairs.
fn reopen(dir: &Path) -> (Vault, Store) {
    let mut store = Store::open(dir).unwrap();
    let (vault, repair) = unlock(&store).unwrap();
    if let Some(repair) = repair {
        store.repair(&repair).unwrap();
    }
    (vault, store)
}

fn unlock(store: &Store) -> Result<(Vault, Option<Repair>), VaultError> {
    let [a, b] = store.slot_copies().unwrap();
    let header = store.slot_header().unwrap();
    vault::open(&header, [&a, &b], &LOCK, [9; 32], |key| {
        store.get(key).ok().flatten()
    })
}

type Content = BTreeMap<String, String>;

fn content(vault: &Vault, store: &Store) -> Content {
    try_content(vault, store).unwrap()
}

fn try_content(vault: &Vault, store: &Store) -> Result<Content, VaultError> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let records = store.states().map(|record| {
        let (key, sealed) = record.map_err(|_| VaultError::DatabaseDamaged)?;
        let (name, body) = vault.open_record(&key, &sealed)?;
        Ok((text(&name.0), text(&body)))
    });
    records.collect()
}

fn of<const N: usize>(pairs: [(&str, &str); N]) -> Content {
    pairs.map(|(name, body)| (name.into(), body.into())).into()
}

/// A store with three commits, closed.
fn sample() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, mut store) = create(dir.path());
    for (seed, body) in [(2, "un"), (3, "deux"), (4, "trois")] {
        let commit = vault.plan([state("a", body)], [seed; 32]).unwrap();
        store.commit(&commit).unwrap();
    }
    dir
}

#[test]
fn what_was_committed_is_there_after_reopening() {
    let dir = sample();
    let (mut vault, mut store) = reopen(dir.path());
    assert_eq!(content(&vault, &store), of([("a", "trois")]));
    let puts = vec![put("b", Place::Body, "mot"), put("c", Place::State, "x")];
    let commit = vault.plan([(puts, vec![])], [5; 32]).unwrap();
    store.commit(&commit).unwrap();
    drop(store);
    let (vault, store) = reopen(dir.path());
    assert_eq!(content(&vault, &store), of([("a", "trois"), ("c", "x")]));
    let key = vault.key_of(Place::Body, &Name(b"b".to_vec()));
    let sealed = store.get(&key).unwrap().unwrap();
    assert_eq!(**vault.open_record(&key, &sealed).unwrap().1, *b"mot");
    assert!(store.bytes_on_disk().unwrap() > 3 * 4096);
}

#[test]
fn swept_records_are_gone() {
    let dir = sample();
    let (mut vault, mut store) = reopen(dir.path());
    let erase = Erase::Leaf(Leaf(b"a".to_vec()));
    let commit = vault.plan([(vec![], vec![erase])], [5; 32]).unwrap();
    store.commit(&commit).unwrap();
    let (key, sealed) = store.states().next().unwrap().unwrap();
    let erased = vault.open_record(&key, &sealed).map(drop);
    assert_eq!(erased, Err(VaultError::Erased));
    store.sweep(&[key]).unwrap();
    assert_eq!(store.states().count(), 0);
}

#[test]
fn a_commit_cut_short_anywhere_is_whole_or_absent_after_reopening() {
    for written in 0..=3 {
        let dir = sample();
        let (mut vault, store) = reopen(dir.path());
        let commit = vault.plan([state("a", "quatre")], [5; 32]).unwrap();
        if written >= 1 {
            store.write(&commit.batch).unwrap();
        }
        if written >= 2 {
            store.slot.write(SlotCopy::A, &commit.slot).unwrap();
        }
        if written >= 3 {
            store.slot.write(SlotCopy::B, &commit.slot).unwrap();
        }
        drop(store);
        let body = if written == 0 { "trois" } else { "quatre" };
        let (vault, store) = reopen(dir.path());
        assert_eq!(content(&vault, &store), of([("a", body)]));
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        assert!(unlock(&store).unwrap().1.is_none(), "mended once for all");
    }
}

#[test]
fn full_records_never_spill_into_files_that_nobody_syncs() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, mut store) = create(dir.path());
    let body = "x".repeat(kith_proto::limits::RECORD_BODY_BYTES_MAX);
    for round in 0..6u8 {
        let names = (0..200).map(|i| format!("{round}/{i}"));
        let puts = names.map(|name| put(&name, Place::Body, &body)).collect();
        let commit = vault.plan([(puts, vec![])], [round; 32]).unwrap();
        store.commit(&commit).unwrap();
    }
    drop(store);
    let blobs = dir.path().join("db/blobs");
    assert_eq!(fs::read_dir(&blobs).unwrap().count(), 0);
    let (_, store) = reopen(dir.path());
    assert_eq!(store.records(Place::Body).count(), 1200);
    drop(store);
    fs::write(blobs.join("7"), "x").unwrap();
    let error = Store::open(dir.path()).map(drop);
    assert_eq!(error, Err(StoreError::DatabaseDamaged));
}

#[test]
fn a_snapshot_that_a_crash_cut_short_is_no_damage() {
    for written in ["", "cut short"] {
        let dir = sample();
        let snapshot = dir.path().join("db/snap.FFFFFFFFFFFFFFFF.generating");
        fs::write(&snapshot, written).unwrap();
        let (vault, store) = reopen(dir.path());
        assert_eq!(content(&vault, &store), of([("a", "trois")]));
        assert!(!snapshot.exists());
    }
}

#[test]
fn a_store_made_by_half_is_recognised_and_never_made_anew() {
    let (_, header, first) = vault::create(&LOCK, [1; 32]).unwrap();
    let open = |dir: &Path| Store::open(dir).map(drop).unwrap_err();
    let again = |dir: &Path| Store::create(dir, &header, &first).map(drop).unwrap_err();

    let dir = tempfile::tempdir().unwrap();
    assert_eq!(open(dir.path()), StoreError::Missing);
    slot::announce(dir.path()).unwrap();
    assert_eq!(open(dir.path()), StoreError::Unfinished);
    let database = Database::create(&dir.path().join("db")).unwrap();
    assert_eq!(again(dir.path()), StoreError::Unfinished);
    database.write(1, &first.batch).unwrap();
    drop(database);
    assert_eq!(open(dir.path()), StoreError::Unfinished);
    Wal::create(dir.path()).unwrap();
    assert_eq!(open(dir.path()), StoreError::Unfinished);
    slot::finish(dir.path(), &header, &first.slot).unwrap();
    reopen(dir.path());
    assert_eq!(again(dir.path()), StoreError::Exists);
}

#[test]
fn a_missing_file_is_named_and_not_made_anew() {
    let (_, header, first) = vault::create(&LOCK, [1; 32]).unwrap();
    let cases = [
        ("root.slot", StoreError::SlotMissing),
        ("db", StoreError::DatabaseMissing),
        ("db/db", StoreError::DatabaseDamaged),
        ("db/conf", StoreError::DatabaseDamaged),
    ];
    for (file, error) in cases {
        let dir = sample();
        fs::rename(dir.path().join(file), dir.path().join("aside")).unwrap();
        assert_eq!(Store::open(dir.path()).map(drop), Err(error), "{file}");
        assert!(Store::create(dir.path(), &header, &first).is_err());
        fs::rename(dir.path().join("aside"), dir.path().join(file)).unwrap();
        let (vault, store) = reopen(dir.path());
        assert_eq!(content(&vault, &store), of([("a", "trois")]));
    }
}

#[test]
fn a_damaged_slot_is_named() {
    let dir = sample();
    let path = dir.path().join("root.slot");
    let whole = fs::read(&path).unwrap();
    for length in [0, 1, 4096, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let error = Store::open(dir.path()).map(drop);
        assert_eq!(error, Err(StoreError::SlotDamaged));
    }
    fs::write(&path, vec![0xA5; whole.len()]).unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(unlock(&store).map(drop), Err(VaultError::SlotDamaged));
}

/// Either the store says so at once, or the vault does when the key tree does not open, or the
/// damage hit what nobody needs any more and everything is still there.
fn is_named_or_harmless(dir: &Path) {
    let opened = shielded(|| {
        let store = match Store::open(dir) {
            Ok(store) => store,
            Err(error) => {
                assert!(
                    matches!(
                        error,
                        StoreError::DatabaseDamaged | StoreError::Io(Part::Database, _)
                    ),
                    "{error:?}"
                );
                return Ok(());
            }
        };
        match unlock(&store).and_then(|(vault, _)| try_content(&vault, &store)) {
            Ok(content) => assert_eq!(content, of([("a", "trois")])),
            Err(error) => assert_eq!(error, VaultError::DatabaseDamaged),
        }
        Ok(())
    });
    assert_eq!(opened, Ok(()));
}

#[test]
fn a_truncated_database_is_an_error_and_no_panic() {
    let dir = sample();
    let file = dir.path().join("db/db");
    let whole = fs::read(&file).unwrap();
    let ends = [
        0,
        1,
        19,
        20,
        512,
        4096,
        8192,
        whole.len() / 2,
        whole.len() - 1,
    ];
    for length in ends {
        let copy = copy_of(dir.path());
        let end = length.min(whole.len());
        fs::write(copy.path().join("db/db"), &whole[..end]).unwrap();
        is_named_or_harmless(copy.path());
    }
}

#[test]
fn a_corrupted_database_is_an_error_and_no_panic() {
    let dir = sample();
    let whole = fs::read(dir.path().join("db/db")).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    for step in 0..48 {
        let copy = copy_of(dir.path());
        let mut damaged = whole.clone();
        for byte in damaged
            .iter_mut()
            .skip(used * step / 48)
            .take(1 + step % 40)
        {
            *byte ^= 0x5A;
        }
        fs::write(copy.path().join("db/db"), &damaged).unwrap();
        is_named_or_harmless(copy.path());
    }
    for file in ["conf", "db"] {
        let copy = copy_of(dir.path());
        fs::write(copy.path().join("db").join(file), [0xFF; 64]).unwrap();
        is_named_or_harmless(copy.path());
    }
}

fn copy_of(dir: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_into(dir, copy.path());
    copy
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn after_a_failed_write_the_store_refuses_everything_until_reopened() {
    let dir = sample();
    let (mut vault, mut store) = reopen(dir.path());
    let commit = vault.plan([state("a", "quatre")], [5; 32]).unwrap();
    store.slot.make_read_only(dir.path());
    let error = store.commit(&commit).unwrap_err();
    assert!(matches!(error, StoreError::Io(Part::Slot, _)));
    let key = vault.key_of(Place::State, &Name(b"a".to_vec()));
    assert_eq!(store.get(&key), Err(StoreError::Stopped));
    assert_eq!(store.commit(&commit), Err(StoreError::Stopped));
    assert_eq!(store.states().next(), Some(Err(StoreError::Stopped)));
    drop(store);
    let (vault, store) = reopen(dir.path());
    assert_eq!(content(&vault, &store), of([("a", "quatre")]));
}

impl SlotFile {
    fn make_read_only(&mut self, dir: &Path) {
        self.0 = File::open(dir.join(slot::FILE)).unwrap();
    }
}
