//! A bug planted in the tally: the search finds it, by the shortest road.

use super::worlds::{newcomer, removal, suspension, text};
use super::*;
use crate::planted::{Bug, plant};

fn finds(mut world: World, bug: Bug) {
    // What was there before the story is without it.
    plant(None);
    world.bug = Some(bug);
    let checker = world.checker().finish_when(HasDiscoveries::AnyFailures);
    let checker = checker.spawn_bfs().join();
    let found = checker.discoveries().into_iter().find(|(name, _)| {
        let property = checker.model().property(name);
        property.expectation.discovery_is_failure()
    });
    let (name, road) = found.unwrap_or_else(|| panic!("{bug:?} is not found"));
    let moves = road.into_actions().len();
    eprintln!("{bug:?}: not so that {name}, after {moves} moves");
}

#[test]
fn yeses_of_whom_does_not_decide_and_objections_that_nobody_hears_are_found() {
    finds(text([1, 2]), Bug::ObjectIgnored);
    finds(text([1, 2]), Bug::SpectatorCounted);
    finds(text([1, 2]), Bug::VoiceUnchecked);
    finds(text([1, 2]), Bug::LateSayCounted);
    finds(removal([1, 2]), Bug::TargetCounted);
}

#[test]
fn decisions_on_what_does_not_hold_are_found() {
    finds(newcomer([1, 2]), Bug::RestsUnchecked);
    finds(suspension([1, 2]), Bug::SuspendedCounted);
}
