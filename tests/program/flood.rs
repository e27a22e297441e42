//! A friend who says more than anybody can hold: refused in words, and the others go on.
//!
//! `KITH_SECONDS=600` makes it the long one.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use kith_node::control::client::CallError;
use kith_node::control::shape::{Event, Refusal};

use super::home::{Home, PATIENCE, until};

/// How long where nobody asks for more.
const SECONDS: u64 = 15;
/// The least that a node takes for its cap, in bytes.
const CAP: u64 = 64 << 20;
/// Windows in which the flood is typed.
const WINDOWS: usize = 4;
/// Within which another friend's message arrives, even here.
const SOON: Duration = Duration::from_secs(10);

#[test]
fn a_flood_stays_under_the_cap_and_others_are_heard_meanwhile() {
    let seconds = std::env::var("KITH_SECONDS").ok();
    let seconds = seconds.map_or(SECONDS, |number| number.parse().unwrap());
    let [victim, flooder, friend] = [Home::new(), Home::new(), Home::new()];
    victim.set("[disk]\nmax = \"64MiB\"\n");
    let _up = [victim.start(), flooder.start(), friend.start()];
    victim.befriend("flot", &flooder, "victime");
    victim.befriend("amie", &friend, "victime");
    victim.sees(2);

    let over = AtomicBool::new(false);
    let refusals = Mutex::new(BTreeMap::new());
    let (said, most, slowest) = thread::scope(|scope| {
        let (over, refusals) = (&over, &refusals);
        let windows: Vec<_> = (0..WINDOWS)
            .map(|window| {
                scope.spawn({
                    let flooder = &flooder;
                    move || flood(flooder, window, over, refusals)
                })
            })
            .collect();
        let disk = scope.spawn(|| watch(&victim.data(""), over));
        let mut slowest = Duration::ZERO;
        let began = Instant::now();
        let mut events = victim.client().subscribe().unwrap();
        while began.elapsed() < Duration::from_secs(seconds) {
            slowest = slowest.max(talk(&friend, &mut events));
            thread::sleep(Duration::from_millis(500));
        }
        over.store(true, Relaxed);
        let said: u64 = windows
            .into_iter()
            .map(|window| window.join().unwrap())
            .sum();
        (said, disk.join().unwrap(), slowest)
    });
    let refusals = refusals.into_inner().unwrap();
    let flooded = flooder.client().contact("victime").unwrap();
    eprintln!(
        "{seconds} s: {said} said, {} wait unsaid, {most} bytes at most of {CAP}, slowest other friend {slowest:?}, refused: {refusals:?}",
        flooded.outbox,
    );
    assert!(most <= CAP, "{most} bytes on the disk");
    assert!(slowest <= SOON, "another friend waited {slowest:?}");
    assert!(!refusals.is_empty(), "nobody ever said no");
    // What was not taken is still with its author, and the victim can read on.
    let before = victim.client().status().unwrap().open.unwrap().unread;
    assert!(before > 0);
    assert!(!victim.client().inbox(0, 50).unwrap().messages.is_empty());
}

/// Says as much as is taken; how much that was.
fn flood(
    home: &Home,
    window: usize,
    over: &AtomicBool,
    refusals: &Mutex<BTreeMap<String, u64>>,
) -> u64 {
    let (short, long) = ("flot ".repeat(100), "flot ".repeat(1400));
    let mut said = 0;
    while !over.load(Relaxed) {
        let text = if (said + window as u64).is_multiple_of(4) {
            &short
        } else {
            &long
        };
        match home.say("victime", text) {
            Ok(_) => said += 1,
            Err(CallError::Refused(refusal @ (Refusal::OutboxFull | Refusal::DiskFull))) => {
                let mut refusals = refusals.lock().unwrap();
                *refusals.entry(format!("{refusal:?}")).or_default() += 1;
                drop(refusals);
                thread::sleep(Duration::from_millis(20));
            }
            Err(other) => panic!("the flooder's node broke: {other:?}"),
        }
    }
    said
}

/// The most that a directory took at any moment, in bytes.
fn watch(dir: &Path, over: &AtomicBool) -> u64 {
    let mut most = 0;
    while !over.load(Relaxed) {
        most = most.max(taken(dir));
        thread::sleep(Duration::from_millis(50));
    }
    most
}

fn taken(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let sizes = entries.filter_map(|entry| {
        let data = entry.metadata().ok()?;
        let below = if data.is_dir() {
            taken(&entry.path())
        } else {
            0
        };
        Some(data.blocks() * 512 + below)
    });
    sizes.sum()
}

/// One message of another friend's: how long until the victim could read it.
fn talk(friend: &Home, events: &mut kith_node::control::client::Events) -> Duration {
    let began = Instant::now();
    until(PATIENCE, || friend.say("victime", "et moi ?").ok()).expect("refused for ever");
    loop {
        match events.next(Some(PATIENCE)).unwrap() {
            Some(Event::Message { from, .. }) if from == "amie" => return began.elapsed(),
            Some(_) => {}
            None => panic!("another friend's message never came"),
        }
    }
}
