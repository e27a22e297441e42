//! Everything has a bound, and whoever meets it is told: nothing is lost in silence, nothing grows
//! for ever.

use kith_proto::engine::Event;
use kith_proto::limits::{OUTBOX_PER_FRIEND_MAX, UNREAD_PER_FRIEND_MAX};

use crate::world::{Deed, HOUR, MINUTE, SECOND, World};

/// An outage long enough to fill the queue: the person is told, and what was taken arrives.
#[test]
fn a_full_outbox_is_said_and_what_is_in_it_arrives_in_order() {
    let mut world = World::new(1, 2);
    world.befriend(0, 1);
    world.people.short = true;
    world.later(0, Deed::Split(0, 1));
    world.run(MINUTE);
    for line in 0..OUTBOX_PER_FRIEND_MAX + 100 {
        world.say(0, 1);
        if line % 16 == 0 {
            world.run(SECOND);
        }
    }
    world.run(MINUTE);
    assert_eq!(world.people.lines_acknowledged(), OUTBOX_PER_FRIEND_MAX);
    assert!(world.nodes[0].disk.bodies() <= 2 * OUTBOX_PER_FRIEND_MAX);
    world.calm();
    for _ in 0..200 {
        world.run(10 * SECOND);
        world.read(1);
    }
    world.settle();
    assert_eq!(world.people.lines_read(1), OUTBOX_PER_FRIEND_MAX);
}

/// Nobody reads for long: the author keeps what has no room, and it comes once there is some.
#[test]
fn a_full_inbox_is_said_and_the_rest_comes_once_it_is_read() {
    let mut world = World::new(2, 2);
    world.befriend(0, 1);
    world.people.short = true;
    world.people.may_be_full = true;
    for line in 0..UNREAD_PER_FRIEND_MAX + 60 {
        world.say(0, 1);
        if line % 16 == 0 {
            world.run(SECOND);
        }
    }
    world.run(10 * MINUTE);
    let full = world.nodes[1].told(|event| matches!(event, Event::InboxFull { .. }));
    assert!(full > 0, "nobody was told");
    assert!(full < 1000, "they were told {full} times");
    assert_eq!(world.status(0).outbox, 60, "its author keeps it");
    assert!(world.nodes[1].disk.bodies() <= UNREAD_PER_FRIEND_MAX);
    for _ in 0..60 {
        world.run(MINUTE);
        world.read(1);
    }
    world.run(HOUR);
    world.settle();
    assert_eq!(world.people.lines_read(1), UNREAD_PER_FRIEND_MAX + 60);
}
