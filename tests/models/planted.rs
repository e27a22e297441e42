//! A bug planted in the real code: the search finds it, by the shortest road.

use kith_proto::planted::Bug;

use super::search::Story;
use super::{glare, outbox};

fn finds(story: fn() -> Story, bug: Bug) {
    let bug = Some(bug);
    let Some((what, road)) = Story { bug, ..story() }.broken() else {
        panic!("{bug:?} is not found");
    };
    eprintln!("{bug:?}: not so that {what}: {road:?}");
}

#[test]
fn an_acknowledgement_before_the_commit_is_found() {
    finds(outbox::story, Bug::AckFirst);
}

#[test]
fn two_answered_offers_are_found_and_what_stays_in_an_old_session() {
    finds(glare::story, Bug::GlareBothWin);
    finds(glare::story, Bug::ResetWithoutResealing);
}
