//! Cover between two engines: nothing by default, a parcel a minute on demand, nothing that anybody is
//! shown or answered, and never in the way of what people say.

use super::world::World;
use crate::engine::*;
use crate::limits::{BUCKETS, COVER_CHAIN_MAX};

impl World {
    fn cover(&mut self, n: usize, wanted: Option<bool>) -> (bool, u32, u32) {
        match self.ask(n, Request::Cover(wanted)) {
            Ok(Answer::Cover { on, links, friends }) => (on, links, friends),
            _ => panic!("no answer"),
        }
    }

    /// How many parcels pass in so many minutes.
    fn parcels_in(&mut self, minutes: u64) -> u32 {
        let before = self.losses.sent;
        self.run_for(minutes * 60);
        self.losses.sent - before
    }
}

#[test]
fn no_parcel_says_nothing_before_somebody_asks_for_it() {
    let mut world = World::friends();
    assert_eq!(world.cover(0, None), (false, 1, 1));
    assert_eq!(world.parcels_in(10), 0);
}

#[test]
fn one_parcel_a_minute_says_nothing_and_nobody_answers_or_is_told() {
    let mut world = World::friends();
    world.nodes.iter_mut().for_each(|node| node.events.clear());
    assert_eq!(world.cover(0, Some(true)), (true, 1, 1));
    let passed = world.parcels_in(60);
    assert!(
        (40..=90).contains(&passed),
        "{passed} in an hour, of one side"
    );
    assert!(world.texts(1).is_empty() && world.nodes[1].events.is_empty());
    assert_eq!(
        world.friend(0).outbox.len() + world.friend(1).outbox.len(),
        0
    );
    world.cover(1, Some(true));
    let both = world.parcels_in(60);
    assert!((90..=170).contains(&both), "{both} of both");
    world.cover(0, Some(false));
    world.cover(1, Some(false));
    assert_eq!(world.parcels_in(10), 0);
    world.send(0, "bob", "salut").unwrap();
    world.run_for(2);
    assert_eq!(world.texts(1), ["salut"]);
}

#[test]
fn on_the_line_it_is_a_parcel_like_a_short_text() {
    let mut world = World::friends();
    world.cover(0, Some(true));
    let frame = |world: &mut World| {
        for _ in 0..200 {
            let frame = world.queue.iter().find_map(|(n, input)| match input {
                Input::Frame { kind, body, .. } if *n == 1 => Some((*kind, body.clone())),
                _ => None,
            });
            if let Some(frame) = frame {
                world.deliver();
                return frame;
            }
            world.now.boot_ms += 1_000;
            world.tell(0, Input::Tick);
        }
        panic!("nothing leaves")
    };
    let (kind, dummy) = frame(&mut world);
    world.send(0, "bob", "salut").unwrap();
    let (same, text) = frame(&mut world);
    assert_eq!((kind, dummy.len()), (same, BUCKETS[0]));
    assert_eq!(dummy.len(), text.len());
    let equal = dummy.iter().zip(&text).filter(|(a, b)| a == b);
    assert!(equal.count() < 40, "nothing in common but by chance");
}

#[test]
fn a_chain_that_nobody_answers_keeps_room_for_texts() {
    let mut world = World::friends();
    world.cover(0, Some(true));
    let passed = world.parcels_in(40 * 60);
    assert!(passed <= COVER_CHAIN_MAX + 2, "{passed} in 40 hours");
    world.send(0, "bob", "encore là").unwrap();
    world.run_for(2);
    assert_eq!(world.texts(1), ["encore là"]);
    assert!(world.parcels_in(30) >= 15, "an answer turned the chain");
}

#[test]
fn it_ends_with_the_link_and_with_the_node() {
    let mut world = World::friends();
    world.cover(0, Some(true));
    world.reachable = false;
    world.cut();
    assert_eq!(world.parcels_in(10), 0);
    assert_eq!(world.cover(0, None), (true, 0, 1));
    world.reachable = true;
    world.run_for(20 * 60);
    assert!(world.parcels_in(10) >= 4);
    world.stop(0);
    world.run_for(60);
    assert_eq!(world.cover(0, None), (false, 1, 1));
}
