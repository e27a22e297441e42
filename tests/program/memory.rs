//! What a running node still knows: of what is over, nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::Duration;

use kith_node::control::client::Client;
use kith_node::control::{params, shape};
use kith_proto::engine::testing::secrets;

use super::home::{Home, PATIENCE, until};
use super::running::Node;
use super::seizure::{Needles, Seized, canary};

#[test]
fn nothing_that_is_over_stays_in_the_memory_of_a_running_node() {
    let passphrase = format!("{} {}", canary(), canary());
    let [anne, zoe] = [Home::sealed(&passphrase), Home::sealed(&passphrase)];
    let file = anne.passphrase(&passphrase);
    let start = |home: &Home| {
        home.start_with(&mut home.command(&["daemon", "--foreground", "--passphrase-file", &file]))
    };
    let nodes = [start(&anne), start(&zoe)];
    if Memory::of(&nodes[0]).is_none() {
        eprintln!("skipped: this user may not read the memory of another process");
        return;
    }
    anne.befriend("zoé", &zoe, "anne");
    anne.sees(1);
    for (home, name) in [(&anne, "zoé"), (&zoe, "anne")] {
        home.client().keep(name, Some(0)).unwrap();
    }

    // A person's window that stays open through all of it.
    let mut windows = [anne.client(), zoe.client()];
    // Both know that the session stands.
    let mut said = vec![write(&mut windows[0], "zoé")];
    read(&mut windows[1], 1);
    quiet(&anne);
    quiet(&zoe);
    // A chain that nobody answers stays where the disk shows it: its next message key is known.
    nodes[1].hold();
    said.push(write(&mut windows[0], "zoé"));
    let before = Seized::of(&anne, &nodes[0]);
    said.extend([write(&mut windows[0], "zoé"), write(&mut windows[0], "zoé")]);
    nodes[1].go_on();
    said.push(write(&mut windows[1], "anne"));
    read(&mut windows[1], 3);
    read(&mut windows[0], 1);
    // One more each way, so that both have turned the ratchet since.
    said.push(write(&mut windows[0], "zoé"));
    said.push(write(&mut windows[1], "anne"));
    read(&mut windows[1], 1);
    read(&mut windows[0], 1);
    quiet(&anne);
    quiet(&zoe);

    let after = [Seized::of(&anne, &nodes[0]), Seized::of(&zoe, &nodes[1])];
    let now: Vec<_> = after
        .iter()
        .flat_map(|seized| keys(seized, &passphrase))
        .collect();
    let mut gone = Needles::default();
    gone.add("the passphrase", passphrase.as_bytes());
    said.iter()
        .for_each(|text| gone.add("a text", text.as_bytes()));
    for (what, key) in keys(&before, &passphrase) {
        if now.iter().all(|(_, held)| *held != key) {
            gone.add(what, &key);
        }
    }
    assert!(gone.count("message key") > 2, "{:?}", gone.of_what());
    let mut held = Needles::default();
    now.iter().for_each(|(what, key)| held.add(what, key));

    // What just ended may take a moment to be freed: a connection, a commit.
    let clean = until(Duration::from_secs(20), || {
        let found = nodes
            .iter()
            .map(|node| Memory::of(node).unwrap().find(&gone));
        let found: Vec<_> = found.collect();
        if found.iter().all(BTreeMap::is_empty) {
            return Some(());
        }
        eprintln!("{found:?}");
        thread::sleep(Duration::from_millis(500));
        None
    });
    let held = Memory::of(&nodes[0]).unwrap().find(&held);
    assert!(
        held.contains_key("chain key"),
        "the scan sees nothing: {held:?}"
    );
    clean.expect("what is over is still there");
}

/// Says something that nobody said before.
pub(super) fn write(window: &mut Client, to: &str) -> String {
    let text = canary();
    let send = params::Send {
        to: to.into(),
        text: text.clone(),
        limit_min: 0,
    };
    window.send(&send).unwrap();
    text
}

/// Reads so many messages once they came, and lets the node forget them.
pub(super) fn read(window: &mut Client, count: usize) {
    let come = until(PATIENCE, || {
        let messages = window.inbox(0, 50).unwrap().messages;
        (messages.len() == count).then_some(messages)
    });
    let up_to = come.expect("a message does not come").last().unwrap().seq;
    window.acknowledge(up_to, None).unwrap();
}

/// Waits until the friend has everything.
pub(super) fn quiet(home: &Home) {
    let empty = |status: shape::Status| (status.open?.outbox == 0).then_some(());
    let quiet = until(PATIENCE, || empty(home.client().status().unwrap()));
    quiet.expect("a message is not acknowledged");
}

pub(super) fn keys(seized: &Seized, passphrase: &str) -> Vec<(&'static str, [u8; 32])> {
    let (vault, _) = seized.open(passphrase, None).unwrap();
    secrets(seized.state(&vault)).unwrap()
}

/// What a process may read and write.
pub(super) struct Memory(Vec<(String, Vec<u8>)>);

impl Memory {
    /// `None` if we may not look.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let (pid, page) = (node.pid(), 4096);
        let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
        let mut regions = Vec::new();
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (range, rights) = (words.next()?, words.next()?);
            let (from, to) = range.split_once('-')?;
            let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
            if !rights.starts_with("rw") {
                continue;
            }
            let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
            // Guard pages inside a region read as errors: page by page then.
            if memory.read_exact_at(&mut bytes, from).is_err() {
                for (at, part) in (from..to).step_by(page).zip(bytes.chunks_mut(page)) {
                    let _ = memory.read_exact_at(part, at);
                }
            }
            regions.push((line.to_owned(), bytes));
        }
        (!regions.is_empty()).then_some(Self(regions))
    }

    /// How many copies of each kind there are, and in which region the last one lies.
    pub(super) fn find(&self, needles: &Needles) -> BTreeMap<&'static str, (usize, String)> {
        let mut found: BTreeMap<&'static str, (usize, String)> = BTreeMap::new();
        for (region, bytes) in &self.0 {
            needles.find(bytes, |what, at| {
                let found = found.entry(what).or_default();
                *found = (found.0 + 1, format!("{region} + {at:#x}"));
            });
        }
        found
    }
}
