//! Two friends who dial each other at the same moment end with one link, the same for both; and a
//! link that died without a word gives way. Attack 90 of ATTACKS.

use crate::world::{Deed, Disk, MINUTE, MS, SECOND, Weather, World, each_seed};

fn two_friends() -> Vec<Disk> {
    let mut world = World::new(90, 2);
    world.befriend(0, 1);
    world.nodes.into_iter().map(|node| node.disk).collect()
}

/// Both see each other, over one link, and what they say arrives.
fn assert_one_link(world: &mut World) {
    assert_eq!(world.links(0, 1), 1, "links that both ends hold");
    for node in 0..2 {
        assert_eq!(world.open_links(node), 1, "node {node} holds links");
        assert_eq!(world.status(node).online, 1, "node {node} sees nobody");
    }
    let before = world.people.lines_acknowledged();
    world.say(0, 1);
    world.say(1, 0);
    world.run(2 * SECOND);
    (0..2).for_each(|node| world.read(node));
    world.run(SECOND);
    assert_eq!(world.people.waiting(), 0);
    assert_eq!(world.people.lines_acknowledged(), before + 2);
}

#[test]
fn of_two_links_dialled_at_once_the_same_one_stays_at_both_ends() {
    let disks = two_friends();
    each_seed("of_two_links_dialled_at_once", 1000, |seed| {
        let mut world = World::on(seed, &disks);
        world.weather = Weather {
            slow: 4,
            slow_disk: 5,
            ..Weather::CALM
        };
        let settled = |world: &World| world.links(0, 1) == 1;
        assert!(world.run_until(MINUTE, settled), "no link at all");
        world.run(30 * SECOND);
        // Had each end kept another one, both would be closed and they would dial again.
        assert!(world.dials() <= 2, "{} dials", world.dials());
        world.weather = Weather::CALM;
        assert_one_link(&mut world);
    });
}

#[test]
fn a_link_that_died_without_a_word_gives_way() {
    let disks = two_friends();
    each_seed("a_link_that_died", 60, |seed| {
        let mut world = World::on(seed, &disks);
        let linked = |world: &World| world.links(0, 1) == 1;
        assert!(world.run_until(MINUTE, linked));
        world.run(SECOND);
        let gone = (seed % 2) as usize;
        world.say(1 - gone, gone);
        world.vanish(gone);
        world.say(1 - gone, gone);
        world.later(100 * MS, Deed::Start(gone));
        world.run(MINUTE);
        world.read(gone);
        world.run(SECOND);
        assert_one_link(&mut world);
    });
}

#[test]
fn a_friend_at_two_addresses_is_linked_once() {
    each_seed("a_friend_at_two_addresses", 100, |seed| {
        let mut world = World::new(seed, 2);
        world.listen_twice(0);
        world.listen_twice(1);
        world.befriend(0, 1);
        for _ in 0..5 {
            world.cut_all();
            world.run(MINUTE);
        }
        world.run(2 * MINUTE);
        assert_one_link(&mut world);
    });
}
