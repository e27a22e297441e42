//! Parcels that come by another road than their author's link: shuffled, doubled, days late, handed
//! in by somebody who is no friend. Attacks 8, 9, 10 and 67 of ATTACKS.

use kith_proto::engine::{ConnId, Input};

use crate::world::{
    Bare, Chance, DAY, Deed, Disk, HOUR, Letter, MINUTE, SECOND, Torn, World, each_seed,
};

/// Two friends with a session, and a bag of the parcels that carry `lines` of theirs.
fn bag_of(seed: u64, lines: u64) -> (World, Vec<Letter>) {
    let mut world = World::new(seed, 2);
    world.befriend(0, 1);
    world.bag = Some(Vec::new());
    for line in 0..lines {
        let from = (line % 3 == 0) as usize;
        world.say(from, 1 - from);
        world.run(SECOND);
    }
    let bag = world.bag.take().unwrap();
    assert_eq!(
        (bag.len() as u64, world.people.waiting() as u64),
        (lines, lines)
    );
    // Nothing goes by the link: it is for the bag to bring it.
    world.later(0, Deed::Split(0, 1));
    world.run(HOUR);
    (world, bag)
}

fn carry(world: &mut World, letter: &Letter) {
    world.give(letter.to, Input::Parcel(letter.bytes.clone()));
}

#[test]
fn shuffled_and_doubled_parcels_are_each_shown_once_and_in_order() {
    each_seed("shuffled_and_doubled", 100, |seed| {
        let mut chance = Chance::new(seed, "bag");
        let (mut world, mut bag) = bag_of(seed, 20);
        bag.extend(bag.clone());
        chance.shuffle(&mut bag);
        for letter in &bag {
            carry(&mut world, letter);
            // To whom it is not for, it is noise.
            world.give(letter.from, Input::Parcel(letter.bytes.clone()));
            if chance.one_in(6) {
                let node = chance.below(2) as usize;
                world.crash(node, None);
                world.start(node);
                // What was not durable may not have come: it comes again.
                carry(&mut world, letter);
            }
            world.run(chance.below(HOUR / 4));
            world.read(letter.to);
        }
        bag.iter().for_each(|letter| carry(&mut world, letter));
        world.run(SECOND);
        (0..2).for_each(|node| world.read(node));
        world.run(SECOND);
        assert_eq!(world.people.waiting(), 0, "the bag had all of it");
        world.settle();
    });
}

#[test]
fn what_comes_weeks_late_is_still_shown_once() {
    each_seed("what_comes_weeks_late", 60, |seed| {
        let mut chance = Chance::new(seed, "bag");
        let (mut world, mut bag) = bag_of(seed, 12);
        // After a day nobody waits for what was said before.
        world.people.any_order = true;
        for node in 0..2 {
            world.nodes[node].post_days(90);
            world.crash(node, None);
            world.start(node);
        }
        chance.shuffle(&mut bag);
        for letter in &bag {
            carry(&mut world, letter);
            world.run(chance.below(4 * DAY));
            world.read(letter.to);
        }
        world.settle();
    });
}

/// Attack 8: at once, after a restart, after a crash before the first one was durable.
#[test]
fn a_replayed_parcel_is_shown_once_whatever_lies_between() {
    for torn in Torn::ALL {
        let (mut world, bag) = bag_of(8, 6);
        for letter in &bag {
            carry(&mut world, letter);
            carry(&mut world, letter);
            world.crash(letter.to, Some(torn));
            world.start(letter.to);
            carry(&mut world, letter);
            world.run(SECOND);
            world.crash(letter.to, None);
            world.start(letter.to);
            carry(&mut world, letter);
            world.run(MINUTE);
            world.read(letter.to);
        }
        world.settle();
    }
}

/// A twin of a node on its disk, for looking at one input alone.
fn twin(disk: &Disk, seed: u64) -> Bare {
    let mut chance = Chance::new(seed, "twin");
    let (_, engine) = disk.clone().open(World::clock(0), &mut chance);
    let mut twin = Bare::with(engine, chance);
    twin.tell(Input::Tick);
    twin
}

/// Attack 9: what a node said is handed back to it. Attacks 5 to 7: it is changed on the way.
#[test]
fn a_parcel_that_is_not_for_me_or_was_changed_leaves_no_trace() {
    let (world, bag) = bag_of(9, 6);
    let mut chance = Chance::new(9, "flips");
    for letter in &bag {
        let mut author = twin(&world.nodes[letter.from].disk, 1);
        assert!(
            author
                .tell(Input::Parcel(letter.bytes.clone()))
                .to_nothing()
        );
        let mut reader = twin(&world.nodes[letter.to].disk, 1);
        for _ in 0..200 {
            let mut changed = letter.bytes.clone();
            let bit = chance.below(changed.len() as u64 * 8) as usize;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                reader.tell(Input::Parcel(changed)).to_nothing(),
                "bit {bit}"
            );
        }
        for length in [0, 1, 40, 2047, 2049, 8192, 65_536, 70_000] {
            let mut changed = letter.bytes.clone();
            changed.resize(length, 0);
            if length != letter.bytes.len() {
                assert!(
                    reader.tell(Input::Parcel(changed)).to_nothing(),
                    "{length} bytes"
                );
            }
        }
        // Untouched by all that, it opens what it is for, exactly as one that saw nothing.
        let mut other = twin(&world.nodes[letter.to].disk, 1);
        let led = reader.tell(Input::Parcel(letter.bytes.clone()));
        let expected = other.tell(Input::Parcel(letter.bytes.clone()));
        assert!(!led.to_nothing());
        assert_eq!(led.names(), expected.names());
    }
}

/// Attack 10: flights are no parcels, parcels are no flights.
#[test]
fn parcels_handed_in_at_other_doors_lead_to_nothing() {
    let (world, bag) = bag_of(10, 6);
    for letter in &bag {
        let mut reader = twin(&world.nodes[letter.to].disk, 1);
        for kind in [0, 1, 2, 3, 255] {
            let (conn, body) = (ConnId(2), letter.bytes.clone());
            let frame = Input::Frame { conn, kind, body };
            assert!(reader.tell(frame).to_nothing(), "on a link that is none");
        }
    }
}
