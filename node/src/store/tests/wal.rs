//! The write-ahead log cut short, damaged, gone, and overtaken by the database.

use kith_proto::limits::WAL_BYTES;

use super::*;

/// A store with a record "a" that a hundred commits wrote, one after the other; the log began
/// anew in between. Still open: the database has not synced the last of them.
fn a_hundred() -> (TempDir, Vault, Store) {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, mut store) = create(dir.path());
    for n in 1..=100 {
        let commit = vault.plan([filled(n)], [n; 32]).unwrap();
        store.commit(&commit).unwrap();
    }
    (dir, vault, store)
}

/// Record "a", which says `n`, beside something long.
fn filled(n: u8) -> (Vec<Put>, Vec<Erase>) {
    let long = put("long", Place::Body, &"x".repeat(3000));
    (vec![put("a", Place::State, &n.to_string()), long], vec![])
}

/// What a cut of the power leaves of it: the files as they are.
fn cut(dir: &TempDir) -> TempDir {
    let left = tempfile::tempdir().unwrap();
    copy(dir.path(), left.path());
    left
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (entry, to) = (
            entry.as_ref().unwrap(),
            to.join(entry.as_ref().unwrap().file_name()),
        );
        match entry.file_type().unwrap().is_dir() {
            true => {
                fs::create_dir(&to).unwrap();
                copy(&entry.path(), &to);
            }
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

fn says(dir: &Path) -> String {
    let (vault, store) = reopen(dir);
    content(&vault, &store)["a"].clone()
}

fn wal(dir: &TempDir) -> Vec<u8> {
    fs::read(dir.path().join("wal")).unwrap()
}

/// Where the run of entries ends.
fn end(wal: &[u8]) -> usize {
    let mut end = 0;
    let mut number = None;
    loop {
        let head = &wal[end + 32..end + 44];
        let this = u64::from_le_bytes(head[..8].try_into().unwrap());
        if number.is_some_and(|number| this != number + 1) {
            return end;
        }
        number = Some(this);
        end += 44 + u32::from_le_bytes(head[8..].try_into().unwrap()) as usize;
    }
}

#[test]
fn what_only_the_log_has_is_there_after_a_cut() {
    let (dir, mut vault, mut store) = a_hundred();
    for n in 101..=140 {
        let commit = vault.plan([filled(n)], [n; 32]).unwrap();
        store.commit(&commit).unwrap();
        let left = cut(&dir);
        assert_eq!(says(left.path()), n.to_string());
        assert_eq!(says(left.path()), n.to_string(), "and after another start");
    }
}

#[test]
fn an_entry_cut_short_anywhere_never_was() {
    let (dir, mut vault, store) = a_hundred();
    let commit = vault.plan([filled(101)], [5; 32]).unwrap();
    let before = cut(&dir);
    let first = end(&wal(&before));
    store.write(&commit.batch).unwrap();
    let whole = wal(&dir);
    let second = end(&whole);
    assert!(
        second > first,
        "it began anew just now: choose another number"
    );
    for kept in [first, first + 1, first + 31, first + 44, second - 1, second] {
        let left = cut(&before);
        let torn = [&whole[..kept], &wal(&before)[kept..]].concat();
        fs::write(left.path().join("wal"), torn).unwrap();
        let said = says(left.path());
        assert_eq!(said, if kept == second { "101" } else { "100" }, "{kept}");
    }
}

#[test]
fn a_database_that_is_ahead_of_its_log_is_not_set_back() {
    let (dir, _, store) = a_hundred();
    store.empty_wal().unwrap();
    let whole = wal(&dir);
    for at in [0, 40, end(&whole) / 2, end(&whole) - 1] {
        let left = cut(&dir);
        assert_eq!(says(left.path()), "100", "whole");
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(left.path().join("wal"), damaged).unwrap();
        assert_eq!(says(left.path()), "100", "byte {at}");
    }
}

#[test]
fn a_log_that_is_gone_short_or_damaged_is_damage() {
    let (dir, _, _) = a_hundred();
    let path = |left: &TempDir| left.path().join("wal");
    let length = |left: &TempDir, bytes: u64| {
        let file = File::options().write(true).open(path(left));
        file.unwrap().set_len(bytes).unwrap();
    };
    let cases: [&dyn Fn(&TempDir); 4] = [
        &|left| fs::remove_file(path(left)).unwrap(),
        &|left| length(left, 700),
        &|left| length(left, 2 * WAL_BYTES as u64),
        &|left| {
            let mut damaged = wal(left);
            damaged[end(&wal(left)) / 2] ^= 1;
            fs::write(path(left), damaged).unwrap();
        },
    ];
    for (case, damage) in cases.iter().enumerate() {
        let left = cut(&dir);
        damage(&left);
        let opened = Store::open(left.path()).map(|store| unlock(&store).is_ok());
        assert_ne!(opened, Ok(true), "case {case}");
    }
}

#[test]
fn a_commit_longer_than_the_log_is_made_durable_all_the_same() {
    let (dir, mut vault, mut store) = a_hundred();
    let names = (0..200).map(|n| put(&format!("{n}"), Place::Body, &"x".repeat(3000)));
    let long = [put("a", Place::State, "long")].into_iter().chain(names);
    let commit = vault.plan([(long.collect(), vec![])], [5; 32]).unwrap();
    store.commit(&commit).unwrap();
    assert_eq!(says(cut(&dir).path()), "long");
    let commit = vault.plan([filled(7)], [6; 32]).unwrap();
    store.commit(&commit).unwrap();
    assert_eq!(says(cut(&dir).path()), "7");
}
