//! More than there is room for: what fills each queue, and what must hold while it is full.

use kith_proto::engine::Event;
use kith_proto::limits::{
    BUCKETS, LINK_WINDOW_BYTES, OUTBOX_PER_FRIEND_MAX, SKIPPED_PER_SESSION_MAX,
    UNREAD_PER_FRIEND_MAX,
};

use super::{Deed, HOUR, MINUTE, MS, SECOND, World};

/// An outage long enough to fill the queue: the person is told, and what was taken arrives.
pub(crate) fn full_outbox() {
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
pub(crate) fn full_inbox() {
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
    // And so on: what was seen long ago is forgotten.
    for _ in 0..200 {
        world.say(0, 1);
        world.run(SECOND);
        world.read(1);
    }
    world.settle();
}

/// Thousands of acknowledgements are lost, each in a parcel of its own, chain after chain: of the
/// keys that are kept for them the oldest go. The disk's own bound is looked at with each commit.
pub(crate) fn lost_parcels() {
    let mut world = World::new(3, 2);
    world.befriend(0, 1);
    world.people.short = true;
    // A link bears so many before one is answered.
    let parcels = (LINK_WINDOW_BYTES / BUCKETS[0]) as u64 - 12;
    for _ in 0..SKIPPED_PER_SESSION_MAX as u64 / parcels + 2 {
        world.mute = Some(1);
        for parcel in 0..parcels {
            world.say(0, 1);
            // The longer a chain is, the longer acknowledgements wait for each other.
            world.run((40 * MS) << (parcel / 64));
        }
        world.mute = None;
        // One that arrives tells of all that did not.
        world.say(1, 0);
        world.run(HOUR);
        world.cut_all();
        world.run(10 * MINUTE);
        for _ in 0..20 {
            (0..2).for_each(|node| world.read(node));
            world.run(SECOND);
        }
    }
    world.settle();
}
