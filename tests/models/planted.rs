//! A bug planted in the real code: the search finds it, by the shortest road.

use kith_proto::planted::{Bug, plant};

use super::search::Story;
use super::{epochs, glare, invitation, outbox};

fn finds(story: impl Fn() -> Story, bug: Bug) {
    assert!(is_found(story, bug), "{bug:?} is not found");
}

fn is_found(story: impl Fn() -> Story, bug: Bug) -> bool {
    // What was before the story is without it.
    plant(None);
    let story = Story {
        bug: Some(bug),
        ..story()
    };
    let Some((what, road)) = story.broken() else {
        return false;
    };
    let moves = road.len();
    eprintln!("{bug:?}: not so that {what}, after {moves} moves: {road:?}");
    true
}

#[test]
fn an_acknowledgement_before_the_commit_is_found() {
    finds(outbox::story, Bug::AckFirst);
}

#[test]
fn two_answered_offers_are_found_and_what_stays_in_an_old_session() {
    finds(glare::story, Bug::GlareBothWin);
    // Whose offer stands is drawn, and where it is the one whose texts wait nothing is lost by this.
    let mut draws = ["", "b", "bo", "bob"].into_iter();
    let bug = Bug::ResetWithoutResealing;
    assert!(draws.any(|nick| is_found(|| glare::drawn(nick), bug)));
}

#[test]
fn a_yes_before_the_commit_and_a_claim_that_is_forgotten_are_found() {
    finds(invitation::story, Bug::EffectsFirst);
    finds(invitation::story, Bug::ClaimForgotten);
    finds(invitation::over, Bug::EndForgotten);
}

#[test]
fn old_secrets_that_go_too_early_or_never_are_found() {
    finds(epochs::story, Bug::OldEpochErasedEarly);
    finds(epochs::forgetting, Bug::OldEpochKept);
}
