//! A bug for each thing that must hold, planted in the real code: the world finds every one of them,
//! and cuts the storm that shows it down to what a person can follow. Needs the feature `planted`.

#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, and uses a part of the world"
)]

mod world;

use kith_proto::planted::{Bug, plant};
use world::{Storm, full_inbox, full_outbox, lost_parcels, survives};

/// Storms in which a bug has to be found.
const STORMS: u64 = 1000;

/// What shows a bug.
enum Scene {
    /// Any storm, sooner or later.
    Storms,
    /// More than there is room for.
    Flood(fn()),
}

fn scene_of(bug: Bug) -> Scene {
    match bug {
        Bug::OutboxUnbounded => Scene::Flood(full_outbox),
        Bug::UnreadUnbounded | Bug::AckRefused | Bug::SeenUnbounded => Scene::Flood(full_inbox),
        Bug::SkippedUnbounded => Scene::Flood(lost_parcels),
        _ => Scene::Storms,
    }
}

/// The first storm that shows the planted bug, and what did not hold.
fn find() -> Option<(Storm, String)> {
    (0..STORMS).find_map(|seed| {
        let storm = Storm::new(seed);
        let why = storm.survived().err()?;
        Some((storm, why))
    })
}

/// Looks for every `of`th bug: two tests run at once.
fn all_are_found(of: usize) {
    let mut missed = Vec::new();
    for bug in Bug::ALL.into_iter().skip(of).step_by(2) {
        plant(Some(bug));
        let found = match scene_of(bug) {
            Scene::Storms => find().map(|(storm, why)| (storm.seed + 1, why)),
            Scene::Flood(flood) => survives(flood).err().map(|why| (1, why)),
        };
        plant(None);
        match found {
            Some((storms, why)) => {
                let first = why.lines().next().unwrap_or_default();
                eprintln!("{bug:?}: after {storms} storms: {first}");
            }
            None => missed.push(bug),
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}

#[test]
fn every_planted_bug_is_found() {
    all_are_found(0);
}

#[test]
fn and_so_is_every_other() {
    all_are_found(1);
}

#[test]
fn without_a_bug_the_same_storms_pass() {
    plant(None);
    for seed in 0..400 {
        Storm::new(seed).must_pass("any_storm");
    }
}

#[test]
fn a_storm_that_fails_shrinks_to_ten_operations() {
    for bug in [
        Bug::SessionForgotten,
        Bug::AckNumberForgotten,
        Bug::PlaceForgotten,
    ] {
        plant(Some(bug));
        let (storm, _) = find().unwrap();
        let small = storm.shrunk();
        let again = Storm::read(small.seed, &small.to_string()).unwrap();
        let fails = again.survived().is_err();
        plant(None);
        eprintln!(
            "{bug:?}: {} operations left of {}: {small}",
            small.operations(),
            storm.operations()
        );
        assert!(fails, "not as it was printed");
        assert!(small.operations() <= 10);
    }
}
