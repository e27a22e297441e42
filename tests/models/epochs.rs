//! Two friends who see each other again after a month, when both ask for new secrets, while parcels are
//! lost or come late, nodes stop, connections end, and a disk may go back to before: whoever dials is
//! known, in the end under new secrets alone, and whatever went back is brought together again.
//!
//! What a node holds shows at its door: it knows a flight that was written down there as long as it has
//! the secrets under which that was made.

use kith_proto::engine::Knock;

use super::calm::each_once;
use super::friends::two_friends;
use super::scene::{Item, NAMES, Node, Scene, Start};
use super::search::{Moves, Often, Sentence, Story};

const DAY: u64 = 24 * 3_600_000;

pub(crate) fn story() -> Story {
    Story {
        starts: a_month_later().into(),
        moves: Moves::Frames,
        often: Often {
            faults: 2,
            loses: 1,
            restarts: 1,
            again: 1,
            ..Often::default()
        },
        always: &[ONCE, KNOWN],
        in_the_end: ("they talk under new secrets, and have no others", ends),
        somewhere: &SOMEWHERE[..1],
        #[cfg(feature = "planted")]
        bug: None,
    }
}

/// Each holds two, and both dial: the one under the new ones, the other one under the old ones.
pub(crate) fn forgetting() -> Story {
    Story {
        starts: both_held().into(),
        moves: Moves::Handshakes,
        often: Often {
            faults: 1,
            cuts: 1,
            wakes: [1, 0],
            loses: 0,
            again: 0,
            ..story().often
        },
        somewhere: SOMEWHERE,
        ..story()
    }
}

/// They get new secrets and a line that waited, and a disk goes back to what it was at any moment
/// before.
pub(crate) fn older() -> Story {
    Story {
        starts: with_a_line(a_month_later()).into(),
        often: Often {
            faults: 1,
            copies: 1,
            rolls_back: 1,
            ..Often::default()
        },
        always: &[ONCE],
        in_the_end: ("they talk, after a day under new secrets", ends_after_a_day),
        somewhere: OLDER_SOMEWHERE,
        ..story()
    }
}

/// Two friends who have not seen each other for longer than secrets are to last. A flight from when
/// they did was written down at each door.
fn a_month_later() -> Vec<Start> {
    let mut scene = Scene::new(&two_friends());
    scene.shake();
    assert!(scene.nodes.iter().all(|node| node.flight.is_some()));
    let later = |start: Start| {
        let mut alone = Scene::new(&[start]);
        (0..31).for_each(|_| alone.wait(0, DAY));
        alone.starts().remove(0)
    };
    scene.starts().into_iter().map(later).collect()
}

/// The same two, who have given each other new secrets and still hold the old ones.
fn both_held() -> Vec<Start> {
    let mut scene = Scene::new(&a_month_later());
    scene.deliver(|_| true);
    scene.starts()
}

/// Bob has written meanwhile.
fn with_a_line(mut starts: Vec<Start>) -> Vec<Start> {
    let mut alone = Scene::new(&starts.split_off(1));
    alone.say(0, NAMES[0]);
    starts.extend(alone.nodes.iter().map(Node::start));
    starts
}

const ONCE: Sentence = ("nothing is shown twice", |scene| {
    (0..2).all(|n| each_once(&scene.texts(n)))
});

const KNOWN: Sentence = ("whoever dials is known", |scene| scene.both_are_known());

const SOMEWHERE: &[Sentence] = &[
    ("neither has the old secrets any more", |scene| {
        (0..2).all(|n| scene.has_forgotten(n))
    }),
    ("one has them and the other has not", |scene| {
        scene.has_forgotten(0) != scene.has_forgotten(1)
    }),
];

const OLDER_SOMEWHERE: &[Sentence] = &[(
    "one has forgotten the old secrets, and somebody dials in vain",
    |scene| !scene.both_are_known() && (0..2).any(|n| scene.has_forgotten(n)),
)];

impl Scene {
    /// Whether the first flight of the friend's would not be known on this disk any more.
    fn has_forgotten(&self, n: usize) -> bool {
        let node = &self.nodes[n];
        let engine = node.disk.open(node.now());
        let flight = node.flight.as_ref();
        flight.is_some_and(|flight| engine.knock(flight) == Knock::Stranger)
    }

    /// Whether each is known to the other if both start now and dial.
    fn both_are_known(&self) -> bool {
        let starts: Vec<_> = self.nodes.iter().map(Node::start).collect();
        let scene = Self::new(&starts);
        scene.nodes.iter().all(|node| {
            let mut coming = node.ends.values().filter_map(|end| end.coming.front());
            coming.any(|item| match item {
                Item::Bytes(flight) => node.engine.knock(flight) == Knock::Known,
                _ => false,
            })
        })
    }

    /// First the one dials, then the other.
    fn dial_both_ways(&mut self) {
        for n in 0..2 {
            self.cut_all();
            self.wait(n, 10_000);
            self.deliver(|_| true);
        }
    }
}

fn talk(scene: &mut Scene) -> bool {
    scene.dial_both_ways();
    let once = (0..2).all(|n| each_once(&scene.texts(n)));
    once && scene.talk([(0, NAMES[1]), (1, NAMES[0])])
}

fn ends(scene: &mut Scene) -> bool {
    scene.calm(1);
    let forgotten = |scene: &Scene| (0..2).all(|n| scene.has_forgotten(n));
    talk(scene) && scene.both_are_known() && forgotten(scene)
}

/// The last resort is tried once an hour. What a friend cannot answer is asked otherwise after a day.
fn ends_after_a_day(scene: &mut Scene) -> bool {
    scene.calm(6);
    let talk_before = talk(scene);
    (0..2).for_each(|n| scene.wait(n, DAY + 3_600_000));
    talk_before && ends(scene)
}

#[test]
fn whatever_is_lost_of_a_rotation_whoever_dials_is_known() {
    story().hold("epochs", 100);
}

#[test]
fn old_secrets_are_forgotten_only_when_nobody_dials_under_them() {
    forgetting().hold("epochs, forgetting", 100);
}

#[test]
fn whenever_a_disk_goes_back_they_talk_again() {
    older().hold("epochs, older disk", 100);
}
