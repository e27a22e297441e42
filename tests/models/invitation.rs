//! An invitation that two people hold, the one it was made for and one who copied it, while its three
//! nodes stop, connections end between any two messages, and the invitation ends or is taken back: it
//! makes one friend at most, who is on the inviter's disk before anybody is told yes.

use std::ops::Range;

use kith_proto::engine::{Contact, Event, How};

use super::scene::{NAMES, Scene, Start};
use super::search::{Moves, Often, Sentence, Story};

/// Two use it at once.
pub(crate) fn story() -> Story {
    Story {
        starts: held_by(2).into(),
        moves: Moves::Handshakes,
        often: Often {
            faults: 1,
            cuts: 1,
            restarts: 1,
            // What happens to the one may as well happen to the other.
            spared: Some(2),
            ..Often::default()
        },
        always: &[ONE_FRIEND, ONE_YES, SAVED],
        in_the_end: ("who is a friend is one on both sides, and can talk", ends),
        somewhere: SOMEWHERE,
        #[cfg(feature = "planted")]
        bug: None,
    }
}

/// One uses it; it is taken back, or its time is over for one of them, at any moment.
pub(crate) fn over() -> Story {
    Story {
        starts: held_by(1).into(),
        often: Often {
            ends: 1,
            spared: None,
            ..story().often
        },
        always: &[ONE_FRIEND, ONE_YES, SAVED, OVER],
        somewhere: OVER_SOMEWHERE,
        ..story()
    }
}

/// One uses it, and tries once more, while two things go wrong.
pub(crate) fn again() -> Story {
    Story {
        starts: held_by(1).into(),
        often: Often {
            faults: 2,
            wakes: [0, 1],
            spared: None,
            ..story().often
        },
        somewhere: &SOMEWHERE[..1],
        ..story()
    }
}

/// The inviter, and so many who hold the invitation.
fn held_by(joiners: usize) -> Vec<Start> {
    let mut scene = Scene::strangers(1 + joiners);
    let code = scene.invite();
    (1..=joiners).for_each(|n| scene.accept(n, &code, NAMES[n]));
    scene.starts()
}

/// The friend whom the invitation made, by the name that they gave themselves.
fn friend(scene: &mut Scene) -> Option<usize> {
    let contacts = scene.contacts(0).into_iter();
    let nick = contacts.filter_map(|contact| contact.nick).next()?;
    NAMES.iter().position(|name| *name == nick.as_str())
}

fn joiners(scene: &Scene) -> Range<usize> {
    1..scene.nodes.len()
}

fn friends(scene: &mut Scene) -> usize {
    let made = |contact: &Contact| contact.how != How::Invited;
    scene.contacts(0).into_iter().filter(made).count()
}

/// Whether this joiner has the inviter as a friend.
fn has_friend(scene: &mut Scene, n: usize) -> bool {
    let contacts = scene.contacts(n);
    contacts.iter().any(|contact| contact.how != How::Joining)
}

fn is_told_yes(scene: &Scene, n: usize) -> bool {
    scene.shows(n, |event| matches!(event, Event::Paired { .. }))
}

fn is_told_no(scene: &Scene, n: usize) -> bool {
    scene.shows(n, |event| matches!(event, Event::Expired { .. }))
}

fn is_copied(scene: &Scene) -> bool {
    scene.shows(0, |event| matches!(event, Event::Copied { .. }))
}

/// Whether the invitation is over and nobody had claimed it.
fn is_over(scene: &Scene) -> bool {
    scene.taken_back || is_told_no(scene, 0)
}

const ONE_FRIEND: Sentence = ("an invitation makes one friend", |scene| {
    friends(scene) <= 1
});

const ONE_YES: Sentence = ("no two are told yes", |scene| {
    joiners(scene).filter(|n| is_told_yes(scene, *n)).count() <= 1
});

const SAVED: Sentence = (
    "who has a friend was told yes, and is on the inviter's disk",
    |scene| {
        joiners(scene).all(|n| {
            let has = has_friend(scene, n);
            let told = is_told_yes(scene, n);
            has == told && (!told || friend(&mut scene.alone(0)) == Some(n))
        })
    },
);

const OVER: Sentence = ("what is over makes no friend", |scene| {
    !is_over(scene) || friends(scene) == 0 && !joiners(scene).any(|n| is_told_yes(scene, n))
});

const SOMEWHERE: &[Sentence] = &[
    ("the first is told yes", |scene| is_told_yes(scene, 1)),
    ("the second is told yes", |scene| is_told_yes(scene, 2)),
    ("the inviter hears of a second person", |scene| {
        is_copied(scene)
    }),
    ("a friend of the inviter's was not told yet", |scene| {
        friends(scene) > 0 && !joiners(scene).any(|n| is_told_yes(scene, n))
    }),
];

const OVER_SOMEWHERE: &[Sentence] = &[
    ("it is taken back while one waits for the yes", |scene| {
        scene.taken_back && joiners(scene).any(|n| waits_for_yes(scene, n))
    }),
    ("its time is over while one waits for the yes", |scene| {
        is_told_no(scene, 0) && joiners(scene).any(|n| waits_for_yes(scene, n))
    }),
    ("a friend is told yes after its time", |scene| {
        let late = scene.nodes[0].now_ms > 3_600_000;
        late && joiners(scene).any(|n| is_told_yes(scene, n))
    }),
];

/// Whether this joiner keeps an edge of which they do not know whether the inviter has it.
fn waits_for_yes(scene: &mut Scene, n: usize) -> bool {
    let contacts = scene.contacts(n);
    contacts.iter().any(|contact| contact.since_min > 0) && !has_friend(scene, n)
}

/// Both go on trying as long as they may. Whom it made a friend of has one; all others are told that
/// it ended; and nothing of this changes any more.
fn ends(scene: &mut Scene) -> bool {
    scene.calm(3);
    let friend = friend(scene);
    let agreed = |scene: &mut Scene| {
        joiners(scene).all(|n| has_friend(scene, n) == (friend == Some(n)))
            && friends(scene) == usize::from(friend.is_some())
            && is_over(scene) == friend.is_none()
    };
    let talk = |scene: &mut Scene| {
        friend.is_none_or(|friend| scene.talk([(0, NAMES[1]), (friend, NAMES[0])]))
    };
    if !agreed(scene) || !talk(scene) {
        return false;
    }
    // A yes may be on its way as long as any post.
    (0..scene.nodes.len()).for_each(|n| scene.wait(n, 31 * 24 * 3_600_000));
    scene.calm(1);
    let told = joiners(scene).all(|n| is_told_no(scene, n) == (friend != Some(n)));
    told && agreed(scene)
}

#[test]
fn of_two_who_hold_an_invitation_one_is_the_friend_whoever_stops_when() {
    story().hold("invitation", 200);
}

#[test]
fn whatever_is_lost_of_a_yes_both_sides_end_with_the_same() {
    again().hold("invitation, again", 100);
}

#[test]
fn an_invitation_that_is_over_makes_nobody_a_friend() {
    over().hold("invitation, over", 500);
}
