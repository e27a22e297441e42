//! What was taken for sending, while nodes stop and connections end at any moment: on one disk or the
//! other at every moment, acknowledged only once it is on the friend's, shown once and in order.

use super::calm::each_once;
use super::friends::two_friends;
use super::scene::Scene;
use super::search::{Moves, Often, Sentence, Story};

pub(crate) fn story() -> Story {
    Story {
        starts: two_friends().into(),
        moves: Moves::Frames,
        often: Often {
            says: [1, 1],
            faults: 1,
            cuts: 1,
            restarts: 1,
            again: 1,
            ..Often::default()
        },
        always: &[ACKNOWLEDGED, TAKEN, ONCE],
        in_the_end: ("all of it is read, once and in order", all_is_read),
        somewhere: SOMEWHERE,
        #[cfg(feature = "planted")]
        bug: None,
    }
}

const ACKNOWLEDGED: Sentence = ("what is acknowledged is on the friend's disk", |scene| {
    scene.is_kept(0, 1) && scene.is_kept(1, 0)
});

const TAKEN: Sentence = ("what was taken is on one of the two disks", |scene| {
    [(0, 1), (1, 0)].into_iter().all(|(from, to)| {
        let saved = scene.texts_saved(to);
        let mut said = scene.nodes[from].said.iter();
        let waits = scene.alone(from).status(0).outbox as usize;
        let missing = said.by_ref().filter(|(_, text)| !saved.contains(text));
        missing.count() <= waits
    })
});

const ONCE: Sentence = (
    "nothing is shown twice, or before what was said before it",
    |scene| {
        (0..2).all(|n| {
            let texts = scene.texts(n);
            each_once(&texts) && texts.is_sorted()
        })
    },
);

const SOMEWHERE: &[Sentence] = &[
    ("something arrived, and its author does not know", |scene| {
        scene.texts(1).len() > scene.delivered(0).len() + EARLIER
    }),
    ("both have said all, and know that it arrived", |scene| {
        scene.delivered(0).len() == 1 && scene.delivered(1).len() == 1
    }),
];

/// What friends said to each other before a story begins.
const EARLIER: usize = 1;

fn all_is_read(scene: &mut Scene) -> bool {
    scene.calm(30);
    scene.all_arrived(0, 1) && scene.all_arrived(1, 0)
}

#[test]
fn what_is_acknowledged_is_on_the_friends_disk_whenever_a_node_stops() {
    story().hold("outbox", 2_000);
}
