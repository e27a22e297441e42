//! Whoever takes the disk and is told the passphrase reads what is alive, and nothing older.
//!
//! `KITH_MESSAGES=1500` makes it the long one, with 20 friends.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use kith_proto::vault::{RecordKey, Vault, VaultError};

use super::home::{Home, PATIENCE, until};
use super::running::Node;
use super::seizure::{Needles, Seized, canary};

/// Messages where nobody asks for more, both ways together.
const MESSAGES: usize = 150;
/// What the victim has not read at the end, of each friend who wrote last.
const UNREAD: usize = 3;
/// What waits at the end for a friend who is away.
const WAITING: usize = 4;
/// Old tables that are put in the place of the newest, one by one.
const TABLES: usize = 24;
/// How often somebody looks at the disk at least; as long everybody talks.
const LOOKS: usize = 16;
/// In what pieces a file is remembered, in bytes, and by how much they overlap: no word is longer.
const PIECE: usize = 4096;
const OVERLAP: usize = 64;

#[test]
fn a_seized_disk_opens_to_what_is_alive_and_to_nothing_older() {
    let messages = std::env::var("KITH_MESSAGES").ok();
    let messages = messages.map_or(MESSAGES, |number| number.parse().unwrap());
    let passphrase = canary();
    let mut circle = Circle::new(&passphrase, (messages / 75).clamp(5, 20));
    let (over, looks) = (AtomicBool::new(false), AtomicUsize::new(0));
    let ever = thread::scope(|scope| {
        let (victim, node) = (&circle.victim, &circle.node);
        let watch = scope.spawn(|| watch(victim, node, &passphrase, (&over, &looks)));
        let said = talk(&circle.victim, &circle.friends, messages, &looks);
        over.store(true, Relaxed);
        (watch.join().unwrap(), said)
    });
    let (ever, mut canaries) = ever;
    canaries.extend(circle.end());
    let last = Seized::of(&circle.victim, &circle.node);
    assert!(
        last.open(&canary(), None)
            .is_err_and(|error| error == VaultError::WrongPassphrase)
    );
    let (vault, tree) = last.open(&passphrase, None).unwrap();

    let alive = alive(&vault, &last);
    let count = |letter: u8| alive.get(&letter).copied().unwrap_or(0);
    assert_eq!(count(b's'), circle.friends.len(), "sessions: {alive:?}");
    assert_eq!(
        count(b'a'),
        UNREAD * (circle.friends.len() - 1),
        "{alive:?}"
    );
    assert_eq!(count(b'o'), WAITING, "{alive:?}");
    nothing_older_opens(&ever, &last, &vault);
    no_older_table_fits(&ever, &last, &tree, &passphrase);

    let mut needles = Needles::default();
    needles.add("the passphrase", passphrase.as_bytes());
    for text in &canaries {
        needles.add("a text", text.as_bytes());
    }
    for friend in &circle.friends {
        needles.add("a petname", friend.name.as_bytes());
        needles.add("an address", friend.home.address.as_bytes());
        for dialled in dialled(&friend.home.address) {
            needles.add("an address", &dialled);
        }
    }
    for bytes in ever.files.iter().chain(last.files().values()) {
        needles.find(bytes, |what, _| panic!("{what} can be read on the disk"));
    }
    eprintln!(
        "{messages} messages with {} friends, {} snapshots, {} values ever seen, {} of them alive; alive: {alive:?}",
        circle.friends.len(),
        ever.snapshots,
        ever.records.values().map(BTreeSet::len).sum::<usize>(),
        last.records().len(),
    );
}

/// One friend of the victim's: called `name` there, and there `victim`.
struct Friend {
    name: String,
    home: Home,
    node: Option<Node>,
}

/// The victim and all their friends.
struct Circle {
    victim: Home,
    node: Node,
    friends: Vec<Friend>,
}

impl Circle {
    fn new(passphrase: &str, count: usize) -> Self {
        let victim = Home::sealed(passphrase);
        let file = victim.passphrase(passphrase);
        let line = ["daemon", "--foreground", "--passphrase-file", &file];
        let node = victim.start_with(&mut victim.command(&line));
        let befriend = |_| {
            let (name, home) = (canary(), Home::new());
            let node = home.start();
            victim.befriend(&name, &home, "victim");
            // Nothing is kept that was read, so that exactly what waits is alive.
            victim.client().keep(&name, Some(0)).unwrap();
            Friend {
                name,
                home,
                node: Some(node),
            }
        };
        let friends: Vec<Friend> = (0..count).map(befriend).collect();
        victim.sees(count as u64);
        Self {
            victim,
            node,
            friends,
        }
    }

    /// All is read, but for some last words; those for a friend who is away wait.
    fn end(&mut self) -> Vec<String> {
        settle(&self.victim, &self.friends);
        let mut said = Vec::new();
        let (away, here) = self.friends.split_last_mut().unwrap();
        away.node = None;
        for friend in here.iter() {
            said.extend((0..UNREAD).map(|_| write(&friend.home, "victim")));
        }
        said.extend((0..WAITING).map(|_| write(&self.victim, &away.name)));
        let unread = (UNREAD * here.len()) as u32;
        let arrived = || {
            let status = self.victim.client().status().unwrap();
            let theirs = here.iter().map(|f| f.home.client().status().unwrap());
            let empty = theirs
                .map(|status| status.open.unwrap().outbox)
                .sum::<u32>()
                == 0;
            (status.open.unwrap().unread == unread && empty).then_some(())
        };
        until(PATIENCE, arrived).expect("the last words do not arrive");
        said
    }
}

/// Everybody talks with the victim and reads now and then, until enough was said and somebody looked
/// often enough; what was said.
fn talk(victim: &Home, friends: &[Friend], messages: usize, looks: &AtomicUsize) -> Vec<String> {
    let mut said = Vec::new();
    for number in 0.. {
        if number >= messages && looks.load(Relaxed) >= LOOKS {
            break;
        }
        let friend = &friends[number / 2 % friends.len()];
        said.push(match number % 2 {
            0 => write(&friend.home, "victim"),
            _ => write(victim, &friend.name),
        });
        if number % 7 == 0 {
            victim.read_all();
        }
        if number % 11 == 0 {
            friend.home.read_all();
        }
    }
    settle(victim, friends);
    said
}

fn write(home: &Home, to: &str) -> String {
    let text = format!("{} {}", canary(), canary());
    home.say(to, &text).unwrap();
    text
}

/// Until nobody has anything to say or to read.
fn settle(victim: &Home, friends: &[Friend]) {
    let homes = || friends.iter().map(|friend| &friend.home).chain([victim]);
    let settled = until(PATIENCE, || {
        homes().for_each(|home| drop(home.read_all()));
        let open = homes().map(|home| home.client().status().unwrap().open.unwrap());
        let busy: u32 = open.map(|open| open.outbox + open.unread).sum();
        (busy == 0).then_some(())
    });
    settled.expect("messages do not arrive");
}

/// Everything that was on the disk at some moment.
#[derive(Default)]
struct Ever {
    snapshots: usize,
    /// All files, cut into pieces that overlap, each once.
    files: BTreeSet<Vec<u8>>,
    records: BTreeMap<RecordKey, BTreeSet<Vec<u8>>>,
    tree: BTreeMap<RecordKey, BTreeSet<Vec<u8>>>,
    /// How many records opened with the slot of their own moment.
    opened: usize,
}

/// Looks at the disk again and again.
fn watch(
    victim: &Home,
    node: &Node,
    passphrase: &str,
    (over, looks): (&AtomicBool, &AtomicUsize),
) -> Ever {
    let mut ever = Ever::default();
    while !over.load(Relaxed) {
        let seized = Seized::of(victim, node);
        let (vault, tree) = seized.open(passphrase, None).unwrap();
        for (key, value) in seized.records() {
            ever.opened += usize::from(vault.open_record(&key, &value).is_ok());
            ever.records.entry(key).or_default().insert(value);
        }
        for (key, value) in tree {
            ever.tree.entry(key).or_default().insert(value);
        }
        for bytes in seized.files().values() {
            let from = (0..bytes.len()).step_by(PIECE);
            let pieces = from.map(|from| &bytes[from..bytes.len().min(from + PIECE + OVERLAP)]);
            ever.files.extend(pieces.map(<[u8]>::to_vec));
        }
        ever.snapshots += 1;
        looks.store(ever.snapshots, Relaxed);
        // Not to wait for anything: so that the talk is not held all the time.
        thread::sleep(Duration::from_millis(20));
    }
    ever
}

/// How many records of state open, by the letter that their names begin with.
fn alive(vault: &Vault, seized: &Seized) -> BTreeMap<u8, usize> {
    let mut alive = BTreeMap::new();
    for (name, _) in seized.state(vault) {
        *alive.entry(name.0[0]).or_default() += 1;
    }
    alive
}

/// What was seen at any time opens only if it is what stands there now, or an older word about a
/// message that is still alive.
fn nothing_older_opens(ever: &Ever, last: &Seized, vault: &Vault) {
    let now = last.records();
    let alive: BTreeSet<Vec<u8>> = now
        .iter()
        .filter_map(|(key, value)| Some(vault.open_record(key, value).ok()?.0.0))
        .collect();
    let mut older = 0;
    for (key, values) in &ever.records {
        for value in values.iter().filter(|value| now.get(key) != Some(*value)) {
            older += 1;
            let Ok((name, _)) = vault.open_record(key, value) else {
                continue;
            };
            let letter = char::from(name.0[0]);
            let excused = "oai".contains(letter) && alive.contains(&name.0);
            assert!(excused, "an old record {letter:?} opens");
        }
    }
    assert!(older > 100, "too few versions were seen: {older}");
    assert!(ever.opened > 100, "nothing ever opened: {}", ever.opened);
}

/// An old table or root, put in the place of today's, does not open.
fn no_older_table_fits(
    ever: &Ever,
    last: &Seized,
    now: &BTreeMap<RecordKey, Vec<u8>>,
    passphrase: &str,
) {
    let older: Vec<_> = ever
        .tree
        .iter()
        .flat_map(|(key, values)| values.iter().map(move |value| (key, value)))
        .filter(|(key, value)| now.get(key).is_some_and(|now| now != *value))
        .collect();
    assert!(older.len() > TABLES, "too few tables were seen");
    for (key, value) in older.iter().step_by(older.len() / TABLES) {
        let opened = last.open(passphrase, Some((key, value)));
        assert!(opened.is_err(), "an old table opens");
    }
}

/// An address as the records hold it: either order of the port's bytes.
fn dialled(address: &str) -> Vec<Vec<u8>> {
    let address: SocketAddr = address.parse().unwrap();
    let std::net::IpAddr::V4(ip) = address.ip() else {
        return Vec::new();
    };
    let port = address.port();
    [port.to_be_bytes(), port.to_le_bytes()]
        .map(|port| [&ip.octets()[..], &port].concat())
        .to_vec()
}
