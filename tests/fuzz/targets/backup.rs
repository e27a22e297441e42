//! A backup with other contents: a file that is torn or changed, a header that asks for anything, and
//! whatever can stand under the right seal. Opening gives an error or what was sealed; restoring gives
//! an error, or a node that starts again from what it wrote and does what it is asked.

use std::sync::OnceLock;

use kith_proto::engine::{Answer, Engine, Request};
use kith_proto::limits::{BACKUP_BYTES, KEEP_MINUTES_MAX, POST_MINUTES_MAX};
use kith_proto::time::Now;
use kith_proto::vault::{self, Backup, BackupLock, Cost, SLOT_PAGE_BYTES, VaultError, testing};

use super::pair::{Disk, Pair};
use super::script::Script;
use super::store;

const PASSPHRASE: &[u8] = b"un deux trois quatre";
const ORDERS_MAX: usize = 24;
/// Where in the header it stands what a guess costs.
const COST: std::ops::Range<usize> = 18..30;

struct Base {
    lock: BackupLock,
    file: Vec<u8>,
    now: Now,
}

impl Base {
    /// Opens a file without the guess.
    fn open(&self, file: &[u8]) -> Result<Backup, VaultError> {
        testing::open_backup(&self.lock, file)
    }
}

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let lock = BackupLock::new(PASSPHRASE, Cost::FLOOR, [3; 32]).expect("a lock");
        let snapshot = store::base();
        let mut pair = Pair::from(snapshot);
        let file = sealed_by(&mut pair, &lock).expect("a backup");
        let now = snapshot.now;
        Base { lock, file, now }
    })
}

/// A backup of the first node.
fn sealed_by(pair: &mut Pair, lock: &BackupLock) -> Option<Vec<u8>> {
    let lock = Box::new(testing::same_lock(lock));
    match pair.ask(0, Request::Backup(lock)) {
        Ok(Answer::Backup { file, .. }) if !file.is_empty() => Some(file),
        _ => None,
    }
}

/// Runs the script.
pub fn backup(data: &[u8]) {
    let mut script = Script(data);
    match script.u8() & 3 {
        0 => changed_file(&mut script),
        1 => changed_inside(&mut script),
        2 => changed_contents(&mut script),
        _ => {
            let length = script.0.len().saturating_sub(8);
            let (contents, rest) = script.0.split_at(length);
            restores_or_not(&testing::backup(contents), &mut Script(rest));
        }
    }
}

fn changed_file(script: &mut Script<'_>) {
    let base = base();
    let mut file = base.file.clone();
    for _ in 0..ORDERS_MAX {
        if script.is_over() {
            break;
        }
        let order = script.u8();
        match order & 7 {
            0 => file.resize(
                BACKUP_BYTES[usize::from(order >> 3) % BACKUP_BYTES.len()],
                0,
            ),
            _ => script.damage(&mut file),
        }
        if order & 128 == 128 && file.len() >= SLOT_PAGE_BYTES {
            let (head, sum) = file[..SLOT_PAGE_BYTES].split_at_mut(SLOT_PAGE_BYTES - 32);
            sum.copy_from_slice(&testing::sum(head));
        }
    }
    // Above the floor a guess is as dear as the header says, and no search can wait for it.
    let dear = file.get(COST).is_some_and(|cost| *cost != base.file[COST]);
    let same_head = file.get(..SLOT_PAGE_BYTES) == base.file.get(..SLOT_PAGE_BYTES);
    let opened = match (same_head, dear) {
        (true, _) => base.open(&file),
        (false, true) => return,
        (false, false) => vault::open_backup(&file, PASSPHRASE),
    };
    match opened {
        Ok(_) => assert!(file == base.file, "another file opens"),
        Err(VaultError::WrongPassphrase | VaultError::SlotDamaged | VaultError::SlotTooNew) => {}
        Err(other) => panic!("no word for this: {other}"),
    }
}

/// Lengths and padding under the right seal.
fn changed_inside(script: &mut Script<'_>) {
    let base = base();
    let change = |text: &mut Vec<u8>| {
        let length = text.len();
        for _ in 0..=script.u8() & 3 {
            script.damage(text);
        }
        if script.u8() & 1 == 0 {
            text.resize(length, 0);
        }
    };
    let Some(file) = testing::changed_backup(&base.lock, &base.file, change) else {
        return;
    };
    if let Ok(backup) = base.open(&file) {
        assert!(BACKUP_BYTES.contains(&file.len()));
        restores_or_not(&backup, script);
    }
}

fn changed_contents(script: &mut Script<'_>) {
    let base = base();
    let good = base.open(&base.file).ok().expect("a backup");
    let mut contents = testing::contents(&good).to_vec();
    for _ in 0..=script.u8() & 7 {
        script.damage(&mut contents);
    }
    restores_or_not(&testing::backup(&contents), script);
}

fn restores_or_not(backup: &Backup, script: &mut Script<'_>) {
    let base = base();
    let mut now = base.now;
    let minutes = i64::from(script.u32() as i32);
    now.wall_ms = now.wall_ms.saturating_add_signed(minutes * 60_000);
    let Ok((engine, restored)) = Engine::restore(now, [4; 32], backup) else {
        return;
    };
    let settings = restored.settings;
    assert!(settings.keep_min <= KEEP_MINUTES_MAX && settings.post_min <= POST_MINUTES_MAX);
    let mut pair = Pair::beside_a_newcomer(engine, Disk::default(), now, 66);
    // The first step is on the disk: from here on it is a node like any other.
    pair.crash(0);
    store::lives(&mut pair, script);
    pair.crash(0);
    let again = sealed_by(&mut pair, &base.lock).expect("a node can be backed up");
    let again = base.open(&again).ok().expect("its own lock opens it");
    let again = Engine::restore(now, [5; 32], &again);
    assert!(again.is_ok(), "a node's own backup is refused");
}
