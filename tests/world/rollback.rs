//! An older copy of a disk is put back, and what must come of it.

use kith_proto::engine::Event;

use super::{Chance, Disk, HOUR, MINUTE, SECOND, World};

fn two_friends() -> Vec<Disk> {
    let mut world = World::new(17, 2);
    world.befriend(0, 1);
    world.nodes.into_iter().map(|node| node.disk).collect()
}

fn talk(world: &mut World, chance: &mut Chance, speakers: &[usize]) {
    for _ in 0..chance.between(1, 6) {
        let from = *chance.pick(speakers);
        world.say(from, 1 - from);
        world.run(chance.below(2 * SECOND));
        if chance.one_in(3) {
            world.read(1 - from);
        }
    }
    world.run(SECOND);
}

/// The disk of `victim` goes back to what it is now while these speak.
fn roll_back(world: &mut World, chance: &mut Chance, victim: usize, speakers: &[usize]) {
    world.copy_disk(victim);
    if !speakers.is_empty() {
        talk(world, chance, speakers);
    }
    (0..2).for_each(|node| world.read(node));
    world.run(SECOND);
    world.put_back(victim);
    world.run(chance.below(HOUR));
}

/// Somebody's disk goes back: both sides are told, one session comes of it, and whatever anybody
/// says from then on is read once.
pub(crate) fn older_disk(seed: u64) {
    let mut chance = Chance::new(seed, "script");
    let mut world = World::on(seed, &two_friends());
    world.run(MINUTE);
    if chance.one_in(2) {
        talk(&mut world, &mut chance, &[0, 1]);
    }
    let victim = (seed % 2) as usize;
    // One side alone, or both: whoever hears a line answers it with a parcel.
    let speakers: [&[usize]; 3] = [&[0], &[1], &[0, 1]];
    let speakers = speakers[(seed / 2 % 3) as usize];
    roll_back(&mut world, &mut chance, victim, speakers);
    world.start(victim);
    if chance.one_in(2) {
        // They write before there is anybody who could tell.
        world.say(victim, 1 - victim);
    }
    world.run(10 * MINUTE);
    for node in 0..2 {
        let is_mine = node == victim;
        let told = world.nodes[node]
            .told(|event| matches!(event, Event::RolledBack { mine, .. } if *mine == is_mine));
        assert!(told > 0, "node {node} was not told whose disk it is");
        let renewed = world.nodes[node].told(|event| matches!(event, Event::Renewed { .. }));
        assert!(
            (1..=4).contains(&renewed),
            "node {node}: {renewed} sessions"
        );
        assert!(!world.contacts(node)[0].stopped, "node {node} is stopped");
    }
    talk(&mut world, &mut chance, &[0, 1]);
    world.settle();
}

/// A disk goes back further than both remember: both people are asked, nothing is taken before each of
/// them has compared the words, and then all of it comes.
pub(crate) fn much_older_disk(seed: u64) {
    let mut chance = Chance::new(seed, "script");
    let mut world = World::on(seed, &two_friends());
    world.run(MINUTE);
    let victim = (seed % 2) as usize;
    world.copy_disk(victim);
    for turn in 0..24 {
        world.say(turn % 2, 1 - turn % 2);
        world.run(2 * SECOND);
    }
    (0..2).for_each(|node| world.read(node));
    world.run(SECOND);
    // What the other one says now is sealed, and goes to nobody.
    world.crash(victim, None);
    world.say(1 - victim, victim);
    world.run(SECOND);
    world.put_back(victim);
    world.people.slow = true;
    world.start(victim);
    world.say(victim, 1 - victim);
    world.run(10 * MINUTE);
    for node in 0..2 {
        let asked = world.nodes[node].told(|event| matches!(event, Event::ToCheck { .. }));
        assert!(asked > 0, "node {node} is not asked");
    }
    let read = [0, 1].map(|node| world.people.lines_read(node));
    let first = chance.below(2) as usize;
    world.compare_all(first);
    world.run(MINUTE);
    (0..2).for_each(|node| world.read(node));
    world.run(SECOND);
    let still = [0, 1].map(|node| world.people.lines_read(node));
    assert_eq!(read, still, "something came before both had compared");
    world.compare_all(1 - first);
    world.run(MINUTE);
    world.people.slow = false;
    (0..2).for_each(|node| world.say(node, 1 - node));
    world.settle();
}

/// The copy is of the same moment: there is nothing to be told.
pub(crate) fn same_disk(seed: u64) {
    let mut chance = Chance::new(seed, "script");
    let mut world = World::on(seed, &two_friends());
    world.run(MINUTE);
    talk(&mut world, &mut chance, &[0, 1]);
    (0..2).for_each(|node| world.read(node));
    world.run(MINUTE);
    roll_back(&mut world, &mut chance, (seed % 2) as usize, &[]);
    world.people.may_roll_back = false;
    world.settle();
    talk(&mut world, &mut chance, &[0, 1]);
    world.settle();
}
