//! A disk with other contents: pages and records that are torn, swapped, older, or wrong inside a seal
//! that is right. Opening gives an error or a node; what opens as a record is what was written there.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use kith_proto::engine::{Addr, Engine, Input, Request, Settings};
use kith_proto::limits::{BODIES_BYTES, KEEP_MINUTES, POST_MINUTES};
use kith_proto::secret::Said;
use kith_proto::time::Now;
use kith_proto::vault::{
    self, Commit, Erase, Leaf, Lock, Name, Place, Put, RecordKey, SLOT_PAGE_BYTES, Vault, testing,
};

use super::pair::{Pair, Snapshot};
use super::script::Script;

const DEVICE_KEY: [u8; 32] = [7; 32];
const ORDERS_MAX: usize = 24;

/// Runs the script.
pub fn store(data: &[u8]) {
    let mut script = Script(data);
    match script.u8() & 1 {
        0 => vault_opens_or_not(&mut script),
        _ => engine_opens_or_not(&mut script),
    }
}

/// The database and the slot after a few commits, and what they were before.
struct Sealed {
    header: Vec<u8>,
    /// Each page that ever stood in a copy.
    pages: Vec<Vec<u8>>,
    /// Each value that ever stood in the database, oldest first.
    values: Vec<(RecordKey, Vec<u8>)>,
    now: BTreeMap<RecordKey, Vec<u8>>,
    /// Each name and body that was ever written.
    written: Vec<(Place, Name, Vec<u8>)>,
    clock: Now,
    /// Opens everything that is there now, for damage inside a seal.
    vault: Vault,
}

impl Sealed {
    fn of(snapshot: &Snapshot) -> Self {
        let lock = Lock::Device(&DEVICE_KEY);
        let (vault, header, first) = vault::create(&lock, [1; 32]).expect("a vault");
        let mut sealed = Self {
            header: header.as_bytes().to_vec(),
            pages: Vec::new(),
            values: Vec::new(),
            now: BTreeMap::new(),
            written: Vec::new(),
            clock: snapshot.now,
            vault,
        };
        sealed.commit(first);
        let [disk, _] = &snapshot.disks;
        for (place, records) in [(Place::State, &disk.state), (Place::Body, &disk.bodies)] {
            for (name, body) in records {
                sealed.write(place, name, b"older");
                sealed.write(place, name, body);
            }
        }
        sealed
    }

    fn write(&mut self, place: Place, name: &Name, body: &[u8]) {
        let put = Put {
            name: name.clone(),
            place,
            leaf: Leaf(name.0.clone()),
            renew: place == Place::State,
            body: Said::new(body.to_vec()),
        };
        let draw = [self.written.len() as u8; 32];
        let commit = self.vault.plan([(vec![put], vec![])], draw);
        self.commit(commit.expect("a commit"));
        self.written.push((place, name.clone(), body.to_vec()));
    }

    fn commit(&mut self, Commit { batch, slot }: Commit) {
        self.pages.push(slot.as_bytes().to_vec());
        for write in batch {
            match write.value {
                Some(value) => {
                    self.values.push((write.key, value.clone()));
                    self.now.insert(write.key, value);
                }
                None => drop(self.now.remove(&write.key)),
            }
        }
    }
}

pub(crate) fn base() -> &'static Snapshot {
    static BASE: OnceLock<Snapshot> = OnceLock::new();
    BASE.get_or_init(|| {
        // Friends whose edge has had other secrets, with words under way, and invitations given and
        // taken.
        let mut pair = Pair::friends();
        pair.rotate_links = 1;
        for _ in 0..3 {
            (0..2).for_each(|n| pair.crash(n));
            pair.run_for(10);
        }
        let _ = pair.invite(0, "dora");
        pair.cut();
        pair.send(0, "bob", "waits");
        pair.send(1, "ada", &"waits long ".repeat(600));
        pair.deliver_one();
        let mut other = Pair::strangers();
        let code = other.invite(0, "eve").expect("an invitation");
        let code = code.as_str();
        pair.accept(0, code, "fay");
        pair.snapshot()
    })
}

fn vault_opens_or_not(script: &mut Script<'_>) {
    static SEALED: OnceLock<std::sync::Mutex<Sealed>> = OnceLock::new();
    let sealed = SEALED.get_or_init(|| Sealed::of(base()).into());
    let sealed = sealed.lock().unwrap_or_else(|broken| broken.into_inner());
    let mut header = sealed.header.clone();
    let last = sealed.pages.len() - 1;
    let mut copies = [sealed.pages[last].clone(), sealed.pages[last].clone()];
    let mut records = sealed.now.clone();
    let keys: Vec<_> = records.keys().copied().collect();
    let mut inside = false;
    for _ in 0..ORDERS_MAX {
        if script.is_over() {
            break;
        }
        let order = script.u8();
        let key = keys[script.index(keys.len()).unwrap_or(0)];
        match order % 9 {
            0 => {
                script.damage(&mut header);
                if order & 128 != 0 && header.len() == SLOT_PAGE_BYTES {
                    let (head, sum) = header.split_at_mut(SLOT_PAGE_BYTES - 32);
                    sum.copy_from_slice(&testing::sum(head));
                }
            }
            1 => script.damage(&mut copies[usize::from(order >> 7)]),
            2 => {
                let at = script.index(sealed.pages.len()).unwrap_or(last);
                copies[usize::from(order >> 7)] = sealed.pages[at].clone();
            }
            3 => {
                if let Some(value) = records.get_mut(&key) {
                    script.damage(value);
                }
            }
            4 => drop(records.remove(&key)),
            5 => {
                let at = script.index(sealed.values.len()).unwrap_or(0);
                records.insert(key, sealed.values[at].1.clone());
            }
            6 => {
                let at = script.index(sealed.values.len()).unwrap_or(0);
                let (key, value) = sealed.values[at].clone();
                records.insert(key, value);
            }
            _ => {
                let change = |plain: &mut Vec<u8>| script.damage(plain);
                let old = sealed.now.get(&key).map_or(&[][..], Vec::as_slice);
                if let Some(value) = testing::changed(&sealed.vault, &key, old, change) {
                    records.insert(key, value);
                    inside = true;
                }
            }
        }
    }
    let lock = Lock::Device(&DEVICE_KEY);
    let _ = vault::needs_passphrase(&header);
    let copies = [copies[0].as_slice(), copies[1].as_slice()];
    let opened = vault::open(&header, copies, &lock, [5; 32], |key| {
        records.get(key).cloned()
    });
    let Ok((mut vault, _)) = opened else { return };
    let mut state = Vec::new();
    for (key, value) in records.iter().filter(|(key, _)| key.place().is_some()) {
        let Ok((name, body)) = vault.open_record(key, value) else {
            continue;
        };
        let place = key.place().expect("a record");
        let was = |(at, named, held): &(Place, Name, Vec<u8>)| {
            *at == place && *named == name && *held == **body
        };
        assert!(
            inside || sealed.written.iter().any(was),
            "nobody wrote this record"
        );
        assert!(
            inside || vault.key_of(place, &name) == *key,
            "a record in another's place"
        );
        if place == Place::State {
            state.push((name, body));
        }
    }
    let name = Name(b"new".to_vec());
    let put = Put {
        name: name.clone(),
        place: Place::State,
        leaf: Leaf(b"new".to_vec()),
        renew: true,
        body: Said::new(vec![1]),
    };
    let _ = vault.plan(
        [(vec![put], vec![Erase::Record(name, Place::State)])],
        [6; 32],
    );
    let _ = Engine::open(sealed.clock, [4; 32], state);
}

fn engine_opens_or_not(script: &mut Script<'_>) {
    let base = base();
    let mut disk = base.disks[usize::from(script.u8() & 1)].clone();
    for _ in 0..ORDERS_MAX {
        let order = script.u8();
        let names: Vec<_> = disk.state.keys().cloned().collect();
        let Some(at) = script.index(names.len()) else {
            break;
        };
        let name = names[at].clone();
        match order % 8 {
            0 => break,
            1 => drop(disk.state.remove(&name)),
            2 => {
                // One record's bytes under the name of another, or of none.
                let body = disk.state.get(&name).cloned();
                let mut name = names[script.index(names.len()).unwrap_or(0)].clone();
                script.damage(&mut name.0);
                disk.state.extend(body.map(|body| (name, body)));
            }
            3 => {
                let body = Said::new(script.long().to_vec());
                disk.state.insert(name, body);
            }
            _ => {
                if let Some(body) = disk.state.get_mut(&name) {
                    script.damage(body);
                }
            }
        }
    }
    let mut now = base.now;
    now.wall_ms = now
        .wall_ms
        .saturating_add_signed(i64::from(script.u32() as i32) * 60_000);
    let engine = Engine::open(now, [4; 32], disk.state.clone());
    if let Ok(engine) = engine {
        let mut pair = Pair::beside_a_newcomer(engine, disk, now, 66);
        pair.strict = false;
        lives(&mut pair, script);
    }
}

/// A node that took such records for its own still does whatever it is asked.
pub(crate) fn lives(pair: &mut Pair, script: &mut Script<'_>) {
    let settings = Settings {
        post_min: POST_MINUTES,
        keep_min: KEEP_MINUTES,
        bodies_bytes: BODIES_BYTES,
        ways: kith_proto::profile::Ways::default(),
        hurries: false,
    };
    pair.tell(0, Input::Settings(settings));
    pair.tell(0, Input::Listening(vec![Addr::V4([127, 0, 0, 1], 1)]));
    let (after, before, max) = (0, u64::MAX, u32::MAX);
    let _ = pair.ask(0, Request::Inbox { after, max });
    let _ = pair.ask(0, Request::Contacts);
    let _ = pair.ask(0, Request::Kept);
    for name in ["bob", "ada", "fay"].map(String::from) {
        let _ = pair.ask(
            0,
            Request::History {
                name: name.clone(),
                before,
                max,
            },
        );
        pair.send(0, &name, "encore");
        let (text, limit_min) = (Said::new(b"x".to_vec()), u32::MAX);
        let to = name.clone();
        let _ = pair.ask(
            0,
            Request::Send {
                to,
                text,
                limit_min,
            },
        );
        let keep_min = Some(1);
        let _ = pair.ask(0, Request::Keep { name, keep_min });
    }
    if let Some(code) = pair.invite(0, "gus") {
        pair.accept(1, &code, "ada");
    }
    pair.run_for(3);
    let (up_to, from) = (u64::MAX, None);
    let _ = pair.ask(
        0,
        Request::Acknowledge {
            after: 0,
            up_to,
            from,
        },
    );
    pair.pass(u64::from(script.u32()) * 1_000);
    pair.run_for(1);
    let _ = pair.ask(0, Request::EraseHistory { name: None });
    let _ = pair.ask(0, Request::Remove { name: "bob".into() });
    pair.status(0);
}
