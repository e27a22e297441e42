//! Two friends one of whom stands on an older disk: both begin a session at once, while parcels are
//! lost, nodes stop and connections end. One session comes of it, and what waited is read once.

use super::calm::each_once;
use super::friends::two_friends_drawn;
use super::scene::{Item, NAMES, PARCEL, Scene};
use super::search::{Moves, Often, Sentence, Story};

pub(crate) fn story() -> Story {
    drawn("")
}

/// The same with another randomness: which of two offers stands is drawn.
pub(crate) fn drawn(nick: &str) -> Story {
    let older = two_friends_drawn(nick);
    let mut scene = Scene::new(&older);
    assert!(scene.talk([(0, NAMES[1]), (1, NAMES[0])]));
    // Sealed, and under way to a disk that is put back.
    scene.say(1, NAMES[0]);
    let mut starts = scene.starts();
    starts[0].disk = older[0].disk.clone();
    Story {
        starts: starts.into(),
        moves: Moves::Frames,
        often: Often {
            says: [1, 0],
            faults: 1,
            cuts: 1,
            loses: 1,
            restarts: 1,
            again: 1,
            ..Often::default()
        },
        always: &[ONCE, ARRIVED],
        in_the_end: ("they talk in one session, and all is read", ends),
        somewhere: SOMEWHERE,
        #[cfg(feature = "planted")]
        bug: None,
    }
}

const ONCE: Sentence = ("nothing is shown twice", |scene| {
    (0..2).all(|n| each_once(&scene.texts(n)))
});

const ARRIVED: Sentence = ("what is acknowledged is on the friend's disk", |scene| {
    scene.is_kept(0, 1) && scene.is_kept(1, 0)
});

const SOMEWHERE: &[Sentence] = &[
    ("two offers cross", |scene| {
        let mut ends = scene.nodes.iter().flat_map(|node| node.ends.values());
        ends.all(|end| matches!(end.coming.front(), Some(Item::Frame(PARCEL, _))))
    }),
    ("both are in the new session", |scene| {
        (0..2).all(|n| scene.renewed(n))
    }),
    ("one is in it and the other is not", |scene| {
        scene.renewed(0) != scene.renewed(1)
    }),
];

fn ends(scene: &mut Scene) -> bool {
    scene.calm(30);
    let once = (0..2).all(|n| each_once(&scene.texts(n)));
    once && scene.all_arrived(0, 1) && scene.talk([(0, NAMES[1]), (1, NAMES[0])])
}

#[test]
fn two_who_begin_at_once_end_in_one_session_whatever_is_lost() {
    story().hold("glare", 500);
}
