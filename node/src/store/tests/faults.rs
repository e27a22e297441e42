//! The store on a machine that refuses. Each test runs in a process of its own, on limits or a disk
//! of its own, so that it hits nobody else; what needs root is skipped with a sentence without it.

use std::process::Command;

use super::*;

/// In the child: the directory to work in.
const DIR: &str = "KITH_FAULT_DIR";
/// How a shell ends that was not allowed to make the disk.
const NOT_ALLOWED: i32 = 77;

/// Runs the test of this name again, as a child of a shell that first carries out `setup` with the
/// directory as `$1`; there, does the work.
fn elsewhere(name: &str, setup: &str, work: impl FnOnce(&Path)) {
    if let Some(dir) = std::env::var_os(DIR) {
        return work(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "sh", "-c"]);
    shell.arg(format!("{setup}; shift; exec \"$@\""));
    shell.arg("sh").arg(dir.path());
    shell.arg(std::env::current_exe().unwrap());
    shell.args(["--exact", &format!("store::tests::faults::{name}")]);
    shell.args(["--nocapture", "--test-threads=1"]);
    shell.env(DIR, dir.path());
    let ended = shell.output();
    let allowed = ended.as_ref().is_ok_and(|out| {
        let refused = String::from_utf8_lossy(&out.stderr).contains("unshare:");
        out.status.code() != Some(NOT_ALLOWED) && !refused
    });
    if !allowed {
        println!("{name}: skipped: this machine does not let us mount a disk of our own.");
        return;
    }
    let ended = ended.unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}\n{errors}");
    assert!(said.contains("1 passed"), "the test must have run: {said}");
}

const DISK_OF_24_MIB: &str = "mount -t tmpfs -o size=24m none \"$1\" || exit 77";

/// Commits until the store refuses; how many it took after `n`, and why it does not take more.
fn commit_until_refused(vault: &mut Vault, store: &mut Store, mut n: u32) -> (u32, StoreError) {
    loop {
        match try_commit(vault, store, n + 1) {
            Ok(()) => n += 1,
            Err(error) => return (n, error),
        }
        assert!(n < 100_000, "nothing refuses");
    }
}

/// Adds a record, and says in another one how many there are.
fn try_commit(vault: &mut Vault, store: &mut Store, n: u32) -> Result<(), StoreError> {
    let puts = vec![
        put("count", Place::State, &n.to_string()),
        put(&format!("m{n}"), Place::Body, &"x".repeat(3000)),
    ];
    let commit = vault.plan([(puts, vec![])], [n as u8; 32]).unwrap();
    store.commit(&commit)
}

/// How many records the store says it has; each of them opens.
fn counted(vault: &Vault, store: &Store) -> u32 {
    let count: u32 = match content(vault, store).get("count") {
        Some(count) => count.parse().unwrap(),
        None => return 0,
    };
    for n in 1..=count {
        let key = vault.key_of(Place::Body, &Name(format!("m{n}").into_bytes()));
        let sealed = store.get(&key).unwrap();
        if let Some(sealed) = sealed {
            vault.open_record(&key, &sealed).unwrap();
        }
    }
    count
}

/// Takes what the disk has left, but so much.
fn fill(dir: &Path, but_bytes: u64) -> PathBuf {
    let filler = dir.join("filler");
    let disk = rustix::fs::statvfs(dir).unwrap();
    let free = disk.f_bavail * disk.f_frsize;
    let _ = fs::write(&filler, vec![7; free.saturating_sub(but_bytes) as usize]);
    filler
}

#[test]
fn a_disk_that_fills_up_loses_nothing_and_can_be_opened_and_emptied() {
    let name = "a_disk_that_fills_up_loses_nothing_and_can_be_opened_and_emptied";
    elsewhere(name, DISK_OF_24_MIB, |dir| {
        let data = dir.join("data");
        fs::create_dir(&data).unwrap();
        let (mut vault, mut store) = create(&data);
        ballast::make(&data).unwrap();
        let filler = fill(dir, 3 << 20);
        let (count, error) = commit_until_refused(&mut vault, &mut store, 0);
        assert_eq!(error, StoreError::DiskFull);
        assert_eq!(
            try_commit(&mut vault, &mut store, 0),
            Err(StoreError::Stopped)
        );
        drop((vault, store));
        // To the last byte.
        fs::rename(&filler, dir.join("first filler")).unwrap();
        fill(dir, 0);

        let (mut vault, mut store) = reopen(&data);
        let counted = counted(&vault, &store);
        assert!((count..=count + 1).contains(&counted));
        assert!(!data.join("ballast").exists(), "it was needed");
        for n in 1..=counted {
            let name = format!("m{n}").into_bytes();
            let record = Erase::Record(Name(name.clone()), Place::Body);
            let erases = vec![record, Erase::Leaf(Leaf(name))];
            let commit = vault.plan([(vec![], erases)], [n as u8; 32]).unwrap();
            store.commit(&commit).unwrap();
        }
        assert_eq!(store.records(Place::Body).count(), 0);
    });
}

#[test]
fn a_disk_too_full_to_open_on_is_said_to_be_full_and_opens_when_there_is_room() {
    let name = "a_disk_too_full_to_open_on_is_said_to_be_full_and_opens_when_there_is_room";
    elsewhere(name, DISK_OF_24_MIB, |dir| {
        let data = dir.join("data");
        fs::create_dir(&data).unwrap();
        let (mut vault, mut store) = create(&data);
        let filler = fill(dir, 3 << 20);
        let (count, _) = commit_until_refused(&mut vault, &mut store, 0);
        drop((vault, store));
        fs::rename(&filler, dir.join("first filler")).unwrap();
        let filler = fill(dir, 0);
        for _ in 0..5 {
            match Store::open(&data) {
                Ok(store) => assert!(unlock(&store).is_ok()),
                Err(error) => assert_eq!(error, StoreError::DiskFull),
            }
        }
        fs::remove_file(filler).unwrap();
        fs::remove_file(dir.join("first filler")).unwrap();
        let (mut vault, mut store) = reopen(&data);
        let counted = counted(&vault, &store);
        assert!((count..=count + 1).contains(&counted));
        try_commit(&mut vault, &mut store, counted + 1).unwrap();
    });
}

#[test]
fn a_reclaim_without_room_for_it_changes_nothing() {
    let name = "a_reclaim_without_room_for_it_changes_nothing";
    elsewhere(name, DISK_OF_24_MIB, |dir| {
        let data = dir.join("data");
        fs::create_dir(&data).unwrap();
        let (mut vault, mut store) = create(&data);
        (1..=1000).for_each(|n| try_commit(&mut vault, &mut store, n).unwrap());
        let filler = fill(dir, 3 << 20);
        assert_eq!(store.reclaim(), Err(StoreError::DiskFull));
        assert!(!store.has_stopped());
        assert!(!data.join("db.new").exists());
        try_commit(&mut vault, &mut store, 1001).unwrap();
        fs::remove_file(filler).unwrap();
        store.reclaim().unwrap();
        assert_eq!(counted(&vault, &store), 1001);
    });
}

#[test]
fn a_disk_that_can_only_be_read_is_said_to_be_so_and_opens_afterwards() {
    let name = "a_disk_that_can_only_be_read_is_said_to_be_so_and_opens_afterwards";
    elsewhere(name, DISK_OF_24_MIB, |dir| {
        let data = dir.join("data");
        fs::create_dir(&data).unwrap();
        let (mut vault, mut store) = create(&data);
        try_commit(&mut vault, &mut store, 1).unwrap();
        drop((vault, store));
        let remount = |how: &str| {
            let mut mount = Command::new("mount");
            mount.args(["-o", &format!("remount,{how}")]).arg(dir);
            assert!(mount.status().unwrap().success());
        };
        remount("ro");
        assert_eq!(Store::open(&data).map(drop), Err(StoreError::ReadOnly));
        assert!(slot_header(&data).is_ok(), "it is only looked at");
        remount("rw");
        let (vault, store) = reopen(&data);
        assert_eq!(counted(&vault, &store), 1);
    });
}

#[test]
fn without_descriptors_an_open_store_works_and_a_closed_one_says_what_is_missing() {
    let name = "without_descriptors_an_open_store_works_and_a_closed_one_says_what_is_missing";
    elsewhere(name, "ulimit -n 64", |dir| {
        let (mut vault, mut store) = create(dir);
        let all = || -> Vec<File> {
            let next = || File::open("/dev/null").ok();
            std::iter::from_fn(next).collect()
        };
        let mut held = all();
        try_commit(&mut vault, &mut store, 1).unwrap();
        assert_eq!(store.reclaim(), Err(StoreError::NoDescriptors));
        assert!(!store.has_stopped());
        try_commit(&mut vault, &mut store, 2).unwrap();
        drop((vault, store));
        held.extend(all());
        for left in 0..12 {
            held.truncate(held.len() - usize::from(left > 0));
            if let Err(error) = Store::open(dir).map(drop) {
                assert_eq!(error, StoreError::NoDescriptors, "{left} left");
            }
        }
        drop(held);
        let (vault, store) = reopen(dir);
        assert_eq!(counted(&vault, &store), 2);
    });
}

#[test]
fn a_bound_on_file_sizes_is_a_full_disk() {
    let name = "a_bound_on_file_sizes_is_a_full_disk";
    // In blocks of 512 bytes; the signal would end the process.
    elsewhere(name, "trap '' XFSZ; ulimit -S -f 8192", |dir| {
        let (mut vault, mut store) = create(dir);
        let (count, error) = commit_until_refused(&mut vault, &mut store, 0);
        assert_eq!(error, StoreError::DiskFull);
        assert!(count > 100);
        drop((vault, store));
        let (resource, mut limit) = (rustix::process::Resource::Fsize, unlimited());
        limit.maximum = rustix::process::getrlimit(resource).maximum;
        rustix::process::setrlimit(resource, limit).unwrap();
        let (vault, store) = reopen(dir);
        let counted = counted(&vault, &store);
        assert!((count..=count + 1).contains(&counted));
    });
}

fn unlimited() -> rustix::process::Rlimit {
    rustix::process::Rlimit {
        current: None,
        maximum: None,
    }
}
