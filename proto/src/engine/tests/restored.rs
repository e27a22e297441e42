//! Who comes back from a backup: the last resort, the words that both can say, and what a thief with
//! an old backup cannot do.

use super::epochs::epochs;
use super::world::World;
use crate::engine::*;
use crate::vault::{BackupLock, Cost, open_backup};

impl World {
    /// The file of a backup of this node.
    pub(super) fn backup(&mut self, n: usize) -> Vec<u8> {
        let lock = BackupLock::new(b"x", Cost::FLOOR, [9; 32]).unwrap();
        match self.ask(n, Request::Backup(Box::new(lock))) {
            Ok(Answer::Backup { file, .. }) => file,
            _ => panic!("no backup"),
        }
    }

    /// Its home is gone; it begins again from this file.
    pub(super) fn restore(&mut self, n: usize, file: &[u8]) {
        self.cut();
        self.deliver();
        let backup = open_backup(file, b"x").unwrap();
        let (engine, _) = Engine::restore(self.now, [77; 32], &backup).unwrap_or_else(|_| panic!());
        self.nodes[n].engine = engine;
        self.nodes[n].state.clear();
        self.nodes[n].bodies.clear();
        self.tell(n, Input::Listening(vec![super::world::ADDRS[n]]));
    }

    /// The words that this node shows for its friend.
    fn words(&mut self, n: usize) -> Vec<&'static str> {
        crate::engine::sessions::session_words(self.friend(n))
    }

    pub(super) fn say_yes(&mut self, n: usize) {
        let (name, words) = (["bob", "ada"][n].to_owned(), self.words(n).join(" "));
        let same = Some(words);
        assert!(self.ask(n, Request::Check { name, same }).is_ok());
    }
}

/// Node `n` comes back from a backup that was made so many rotations ago.
fn comes_back(n: usize, rotations: usize, cut: bool) {
    let other = 1 - n;
    let names = ["bob", "ada"];
    let mut world = World::rotating(1);
    world.talk();
    world.stay();
    let file = world.backup(n);
    world.rotate(rotations);
    let old = epochs(&mut world);
    world.cut();
    world.reachable = false;
    world.deliver();
    for _ in 0..3 {
        world.send(other, names[other], "pendant la perte").unwrap();
    }
    world.restore(n, &file);
    world.reachable = true;
    world.send(n, names[n], "de retour").unwrap();
    let before = world.texts(other).len();
    world.run_for(900);
    // Until a human says yes nothing is said on either side.
    assert_eq!(world.texts(other).len(), before, "{n} {rotations}");
    assert!(
        world.texts(n).is_empty() && !world.words(other).is_empty(),
        "{n} {rotations}"
    );
    assert!(
        world.friend(n).sessions.parked.is_none(),
        "who was restored knows it"
    );
    assert_eq!(world.words(n), world.words(other), "and can say them");
    if cut {
        world.cut();
        world.deliver();
    }
    world.say_yes(other);
    world.run_for(if cut { 5400 } else { 600 });
    assert_eq!(
        world.texts(n),
        vec!["pendant la perte"; 3],
        "{n} {rotations}"
    );
    assert_eq!(world.texts(other).last().unwrap(), "de retour");
    assert!((0..2).all(|n| world.words(n).is_empty()));
    let [a, b] = epochs(&mut world);
    assert!(a == b && a > old[other], "{n} {rotations}: {a} {b}");
    assert!((0..2).all(|n| world.nodes[n].engine.friends[&0].live.link.is_some()));
    assert!((0..2).all(|n| !world.friend(n).traffic.rotation.recovers));
    world.talk();
}

#[test]
fn who_comes_back_from_a_backup_talks_again_after_a_yes_and_nothing_queued_is_lost() {
    for n in 0..2 {
        comes_back(n, 0, false);
    }
}

#[test]
fn whoever_of_the_two_began_the_session_both_can_say_its_words() {
    for draws in 0..16 {
        let mut world = World::rotating(1000);
        world.talk();
        let file = world.backup(0);
        world.draws += draws;
        world.restore(0, &file);
        world.run_for(60);
        assert!(!world.words(1).is_empty(), "{draws}");
        assert_eq!(world.words(0), world.words(1), "{draws}");
        world.say_yes(1);
        world.run_for(60);
        assert!((0..2).all(|n| world.words(n).is_empty()), "{draws}");
    }
}

#[test]
fn while_a_human_is_asked_nobody_begins_another_session() {
    for n in 0..2 {
        let mut world = World::rotating(1000);
        let file = world.backup(n);
        world.restore(n, &file);
        world.run_for(900);
        let words = world.words(1 - n);
        assert_eq!(words, world.words(n));
        world.run_for(3 * 3600);
        assert_eq!(words, world.words(1 - n), "for hours the same words");
        world.say_yes(1 - n);
        world.run_for(600);
        world.talk();
    }
}

/// More in a minute are not looked at: the last one must not wait for an hour.
#[test]
fn an_offer_that_was_one_too_many_in_a_minute_is_answered_soon() {
    for draws in 0..8 {
        let mut world = World::rotating(1000);
        world.talk();
        let file = world.backup(0);
        world.draws += draws;
        world.run_for(60 - world.now.boot_ms / 1000 % 60);
        for _ in 0..4 {
            let older = world.nodes[0].state.clone();
            world.talk();
            world.nodes[0].state = older;
            world.restart(0);
            world.run_for(1);
        }
        world.restore(0, &file);
        world.run_for(180);
        assert!(!world.words(1).is_empty(), "{draws}");
        assert_eq!(world.words(0), world.words(1), "{draws}");
    }
}

#[test]
fn a_backup_from_before_two_rotations_is_found_by_the_last_resort() {
    for n in 0..2 {
        for rotations in 1..3 {
            comes_back(n, rotations, false);
        }
    }
    comes_back(0, 2, true);
}

#[test]
fn both_come_back_from_backups_and_find_each_other() {
    for rotations in 0..2 {
        let mut world = World::rotating(1000);
        world.talk();
        let files = [0, 1].map(|n| world.backup(n));
        if rotations > 0 {
            world
                .nodes
                .iter_mut()
                .for_each(|node| node.engine.rotate_links = 1);
            world.cut();
            world.run_for(10);
            world.stay();
        }
        (0..2).for_each(|n| world.restore(n, &files[n]));
        world.run_for(900);
        for n in 0..2 {
            if world.friend(n).sessions.parked.is_some() {
                world.say_yes(n);
            }
        }
        world.run_for(600);
        world.talk();
    }
}

#[test]
fn a_restored_node_stamps_and_numbers_above_all_that_it_ever_sent() {
    let mut world = World::rotating(1000);
    let file = world.backup(0);
    world.talk();
    world.talk();
    let before = world.friend(0).traffic.clone();
    // Its clock stands at 1970.
    let now = core::mem::replace(&mut world.now.wall_ms, 0);
    world.restore(0, &file);
    let after = world.friend(0).traffic.clone();
    assert!(after.last_stamp > before.last_stamp && after.incarnation > before.incarnation);
    world.now.wall_ms = now;
    world.run_for(60);
    assert!(!world.words(1).is_empty());
}

#[test]
fn a_second_restore_with_a_wrong_clock_gets_past_the_first_one() {
    let mut world = World::rotating(1000);
    let file = world.backup(0);
    world.restore(0, &file);
    world.run_for(60);
    world.say_yes(1);
    world.run_for(60);
    world.talk();
    let now = core::mem::replace(&mut world.now.wall_ms, 0);
    world.restore(0, &file);
    // Only the restored one can be dialled by nobody.
    world.friend(1).addrs.clear();
    world.run_for(3 * 3600);
    world.now.wall_ms = now;
    assert!(!world.words(1).is_empty());
}

#[cfg(feature = "planted")]
#[test]
fn a_bug_planted_in_a_restore_is_found() {
    use crate::planted::{Bug, plant};
    plant(Some(Bug::RestoreReusesNumbers));
    let promise = a_restored_node_stamps_and_numbers_above_all_that_it_ever_sent;
    let kept = std::panic::catch_unwind(promise).is_ok();
    plant(None);
    assert!(!kept);
}

/// Ada's home runs on; a thief dials Bob with an old backup of hers.
#[test]
fn a_thief_who_recovers_every_hour_moves_nothing() {
    let mut world = World::rotating(1000);
    world.talk();
    let file = world.backup(0);
    let real = core::mem::replace(
        &mut world.nodes[0].engine,
        Engine::create(world.now, [1; 32]),
    );
    let (state, bodies) = (world.nodes[0].state.clone(), world.nodes[0].bodies.clone());
    let active = |world: &mut World| *world.friend(1).sessions.active.as_ref().unwrap().id();
    let before = active(&mut world);
    let stamps = world.friend(1).traffic.clone();
    for _ in 0..5 {
        world.restore(0, &file);
        world.run_for(3700);
    }
    assert!(!world.words(1).is_empty(), "the human is asked");
    assert_eq!(active(&mut world), before, "the session goes on");
    assert_eq!(epochs(&mut world)[1], 0);
    let after = &world.friend(1).traffic;
    assert!(after.ake_stamps == stamps.ake_stamps, "no floor moved");
    assert!(
        world.texts(0).is_empty(),
        "and nothing was said to the thief"
    );
    // The real one comes back.
    world.cut();
    world.deliver();
    (
        world.nodes[0].engine,
        world.nodes[0].state,
        world.nodes[0].bodies,
    ) = (real, state, bodies);
    world.cut();
    for conn in world.nodes[0]
        .engine
        .conns
        .keys()
        .copied()
        .collect::<Vec<_>>()
    {
        world.tell(0, Input::Closed(conn));
    }
    world.run_for(700);
    assert_eq!(active(&mut world), before);
    world.send(1, "ada", "toujours là").unwrap();
    world.run_for(5);
    assert_eq!(world.texts(0).last().unwrap(), "toujours là");
}
