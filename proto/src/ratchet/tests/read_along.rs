//! What somebody reads who broke X25519, or copied one side once: up to the next step or turn, and no
//! further; and what is left of the key that opened an answer.

use super::super::step::Offer;
use super::talk::Talk;
use super::*;
use crate::limits::KEM_STEP_MESSAGES;

/// Whoever broke X25519, and so knows every ratchet scalar; and who may have a copy of an open offer.
struct Breaker {
    root: Key<Root>,
    offer: Option<Offer>,
}

impl Breaker {
    fn new(session: &Session) -> Self {
        let offer = match restored(session).steps.step {
            Step::Offered(offer) => Some(offer),
            _ => None,
        };
        let root = Key::fill(|b| b.copy_from_slice(session.root.expose()));
        Self { root, offer }
    }

    /// Follows an end that has just begun a chain. Says whether the root is known.
    fn follow(&mut self, end: &Session) -> bool {
        let brought = match &end.steps.step {
            Step::Answered(ct) => self.offer.take().map(|offer| {
                let steps = Steps {
                    step: Step::Offered(offer),
                    ..Steps::default()
                };
                steps.brings(&**ct).unwrap().shared.unwrap()
            }),
            _ => None,
        };
        let theirs = end.theirs.unwrap();
        let (root, ..) = root_step(&self.root, &end.mine, &theirs, brought.as_ref()).unwrap();
        self.root = root;
        self.root.same(&end.root)
    }
}

fn who_breaks_x25519_is_blind_after_one_step() {
    let mut talk = Talk::new();
    talk.exchange(1);
    let mut breaker = Breaker::new(&talk.ends[0]);
    let mut blind = false;
    for turn in 0..2 * KEM_STEP_MESSAGES {
        let by = (turn % 2) as usize;
        talk.pass(by);
        blind |= matches!(talk.ends[by].steps.step, Step::Answered(_));
        let knows = breaker.follow(&talk.ends[by]);
        assert_eq!(knows, !blind, "turn {turn}");
    }
    assert!(blind);
}

#[test]
fn who_breaks_x25519_reads_along_until_the_next_step_and_no_further() {
    who_breaks_x25519_is_blind_after_one_step();
}

#[test]
fn a_copied_offer_opens_its_own_step_and_no_other() {
    let mut talk = Talk::due();
    talk.pass(0);
    let mut breaker = Breaker::new(&talk.ends[0]);
    assert!(breaker.offer.is_some());
    let mut steps = 0;
    for turn in 1..3 * KEM_STEP_MESSAGES {
        let by = (turn % 2) as usize;
        talk.pass(by);
        steps += usize::from(matches!(talk.ends[by].steps.step, Step::Answered(_)));
        assert_eq!(breaker.follow(&talk.ends[by]), steps < 2);
    }
    assert!(steps > 2);
}

#[test]
fn a_thief_who_copied_one_side_reads_nothing_after_a_turn_each_way() {
    for exchanges in [3, 25, 26] {
        let mut talk = Talk::new();
        talk.exchange(exchanges);
        let mut thief = restored(&talk.ends[0]);
        talk.pass(0);
        let bytes = talk.say(1, "still").unwrap();
        talk.hear(0, &bytes).unwrap();
        // It sees that one chain more begins, and not what is in it.
        assert_eq!(receive(&mut thief, &bytes), Err(OpenError::Bad));
        for _ in 0..2 * KEM_STEP_MESSAGES {
            talk.pass(0);
            let bytes = talk.say(1, "blind").unwrap();
            assert_eq!(receive(&mut thief, &bytes), Err(OpenError::NotOurs));
            talk.hear(0, &bytes).unwrap();
        }
    }
}

fn seeds(session: &Session) -> usize {
    let secrets = session.secrets().into_iter();
    secrets.filter(|(what, _)| *what == "KEM seed").count()
}

fn the_key_that_opened_an_answer_is_gone() {
    let mut talk = Talk::due();
    talk.pass(0);
    assert_eq!(seeds(&talk.ends[0]), 1);
    talk.pass(1);
    assert_eq!((seeds(&talk.ends[0]), seeds(&talk.ends[1])), (0, 0));
}

#[test]
fn what_opened_an_answer_is_erased_with_it() {
    the_key_that_opened_an_answer_is_gone();
}

#[cfg(feature = "planted")]
#[test]
fn every_bug_planted_inside_is_found() {
    use crate::planted::{Bug, plant};
    for bug in Bug::INSIDE {
        let check: fn() = match bug {
            Bug::KemSecretIgnored => who_breaks_x25519_is_blind_after_one_step,
            _ => the_key_that_opened_an_answer_is_gone,
        };
        plant(Some(bug));
        let found = std::panic::catch_unwind(check).is_err();
        plant(None);
        assert!(found, "{bug:?}");
    }
}
