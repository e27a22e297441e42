//! New secrets while friends talk, and the last resort: whatever is lost on the way, they go on talking.

use super::world::{Losses, World};
use crate::edge::Edge;
use crate::engine::links::PARCEL;
use crate::engine::*;
use crate::vault::{BackupLock, Cost, open_backup};

/// The highest epoch each holds.
fn epochs(world: &mut World) -> [u32; 2] {
    [0, 1].map(|n| world.friend(n).edges.one().unwrap().highest())
}

fn held(world: &mut World, n: usize) -> usize {
    world.friend(n).edges.all().count() - 1
}

impl World {
    /// Friends whose edges get new secrets after so many links.
    fn rotating(links: u32) -> Self {
        let mut world = Self::friends();
        world.run_for(10);
        for node in &mut world.nodes {
            node.engine.rotate_links = links;
        }
        world
    }

    /// No more new secrets.
    fn stay(&mut self) {
        let nodes = self.nodes.iter_mut();
        nodes.for_each(|node| node.engine.rotate_links = 1000);
    }

    /// As it comes back from its disk, once all that was under way has come.
    pub(super) fn restart(&mut self, n: usize) {
        self.cut();
        self.deliver();
        self.stop(n);
    }

    /// So many times new secrets, and the ones before forgotten.
    fn rotate(&mut self, times: usize) {
        for _ in 0..times {
            let nodes = self.nodes.iter_mut();
            nodes.for_each(|node| node.engine.rotate_links = 1);
            self.cut();
            self.run_for(10);
            self.stay();
            self.cut();
            self.run_for(10);
        }
    }

    /// Puts an older edge in the place of the one there is.
    fn put_back(&mut self, n: usize, edge: &crate::edge::EdgeRecord) {
        let me = *self.nodes[n].engine.me.point();
        let friend = self.friend(n);
        let edge = Edge::restore(edge, &me, &friend.point).unwrap();
        friend.edges = crate::friend::Edges::restore(vec![edge]).unwrap();
    }

    fn talk(&mut self) {
        for n in 0..2 {
            let before = self.texts(1 - n).len();
            self.send(n, ["bob", "ada"][n], "encore").unwrap();
            self.run_for(5);
            assert_eq!(self.texts(1 - n).len(), before + 1);
        }
    }
}

#[test]
fn an_edge_gets_new_secrets_after_so_many_links_and_forgets_the_old_ones() {
    let mut world = World::rotating(3);
    for _ in 0..12 {
        world.cut();
        world.run_for(10);
    }
    let [a, b] = epochs(&mut world);
    assert!(a == b && a >= 2, "{a} {b}");
    world.stay();
    world.cut();
    world.run_for(10);
    for n in 0..2 {
        assert_eq!(held(&mut world, n), 1);
        let edge = world.friend(n).edges.one().unwrap();
        assert!(edge.asked().is_none() && edge.answer().is_none());
        assert!(world.friend(n).outbox.len() == 0);
    }
    world.talk();
}

#[test]
fn an_edge_gets_new_secrets_after_a_month() {
    let mut world = World::rotating(1000);
    for _ in 0..31 {
        let day = 24 * 3600 * 1000;
        (world.now.boot_ms, world.now.wall_ms) = (world.now.boot_ms + day, world.now.wall_ms + day);
        world.run_for(1);
    }
    assert_eq!(epochs(&mut world), [1, 1]);
    world.talk();
}

#[test]
fn whatever_is_lost_of_a_rotation_and_whoever_restarts_they_go_on_talking() {
    for lost in 0..2 {
        for restarts in 0..3 {
            let mut world = World::rotating(2);
            world.lost = Some((lost, PARCEL));
            for round in 0..6 {
                world.cut();
                world.run_for(10);
                if round == 3 && restarts < 2 {
                    world.restart(restarts);
                }
            }
            world.lost = None;
            world.cut();
            for _ in 0..8 {
                world.run_for(10);
                world.cut();
            }
            world.run_for(10);
            let [a, b] = epochs(&mut world);
            assert!(a == b && a > 0, "{lost} {restarts}: {a} {b}");
            world.talk();
        }
    }
}

#[test]
fn two_whose_epochs_are_apart_find_each_other_by_the_last_resort_in_silence() {
    for old in 0..2 {
        let mut world = World::rotating(2);
        let record = world.friend(old).edges.one().unwrap().backup();
        for _ in 0..12 {
            world.cut();
            world.run_for(10);
        }
        assert!(epochs(&mut world)[1 - old] >= 2);
        world.stay();
        world.put_back(old, &record);
        world.cut();
        world.nodes.iter_mut().for_each(|node| node.events.clear());
        world.run_for(900);
        let [a, b] = epochs(&mut world);
        assert!(a == b && a >= 3, "{old}: {a} {b}");
        let alarm = |event: &Event| matches!(event, Event::RolledBack { .. });
        assert!(!world.nodes.iter().any(|node| node.events.iter().any(alarm)));
        assert!((0..2).all(|n| world.nodes[n].engine.friends[&0].live.link.is_some()));
        world.talk();
    }
}

/// The disk of `old` goes back beyond a rotation while the other one has a text for it; what it has
/// itself has long arrived. `dials` has found the other one by the last resort; both see their words.
fn goes_back_beyond_a_rotation(old: usize, dials: usize) -> World {
    let (other, names) = (1 - old, ["bob", "ada"]);
    let mut world = World::rotating(1000);
    world.talk();
    world.lost = Some((other, PARCEL));
    world.send(old, names[old], "déjà arrivé").unwrap();
    world.run_for(5);
    world.lost = None;
    let disk = (
        world.nodes[old].state.clone(),
        world.nodes[old].bodies.clone(),
    );
    world.rotate(1);
    world.cut();
    world.reachable = false;
    world.deliver();
    world.send(other, names[other], "pendant").unwrap();
    (world.nodes[old].state, world.nodes[old].bodies) = disk;
    world.stop(old);
    world.friend(1 - dials).addrs.clear();
    world.reachable = true;
    world.run_for(900);
    assert!((0..2).all(|n| world.friend(n).sessions.parked.is_some()));
    world
}

#[test]
fn who_went_back_beyond_a_rotation_gets_new_secrets_after_both_said_yes() {
    for old in 0..2 {
        for (first, dials) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let mut world = goes_back_beyond_a_rotation(old, dials);
            let before = epochs(&mut world);
            world.say_yes(first);
            world.run_for(60);
            world.say_yes(1 - first);
            world.run_for(60);
            let [a, b] = epochs(&mut world);
            assert!(a == b && a > before[0].max(before[1]), "{old}: {a} {b}");
            assert_eq!(world.texts(old).last().unwrap(), "pendant");
            world.run_for(900);
            assert!((0..2).all(|n| world.nodes[n].engine.friends[&0].live.link.is_some()));
            world.talk();
        }
    }
}

#[test]
fn what_waits_is_sealed_as_soon_as_the_friend_speaks_be_it_of_what_is_known() {
    for old in 0..2 {
        let mut world = goes_back_beyond_a_rotation(old, old);
        let before = epochs(&mut world);
        world.say_yes(1 - old);
        world.run_for(1);
        assert_eq!(world.friend(1 - old).outbox.sealed(), 0, "it cannot yet");
        // Of what the other one says its ask is lost, and the text that is known arrives.
        world.losses = Losses {
            lost: !0b10,
            ..Losses::default()
        };
        world.say_yes(old);
        world.deliver();
        assert_eq!(epochs(&mut world), before, "nothing else was heard");
        assert!(world.friend(1 - old).outbox.sealed() > 0);
    }
}

#[test]
fn an_ask_that_a_friend_cannot_answer_is_followed_by_one_that_they_can() {
    for old in 0..2 {
        let mut world = World::rotating(1000);
        let disk = world.nodes[old].state.clone();
        world.nodes[old].engine.rotate_links = 1;
        world.lost = Some((1 - old, PARCEL));
        world.cut();
        world.run_for(10);
        // The answer is on its way, and the asker's disk goes back to before it asked.
        let held = epochs(&mut world);
        assert!(held[old] == 0 && held[1 - old] == 1);
        world.lost = None;
        world.nodes[old].state = disk;
        world.stop(old);
        for _ in 0..4 {
            world.cut();
            let day = 24 * 3600 * 1000;
            (world.now.boot_ms, world.now.wall_ms) =
                (world.now.boot_ms + day, world.now.wall_ms + day);
            world.run_for(30);
        }
        let [a, b] = epochs(&mut world);
        assert!(a == b && a >= 2, "{a} {b}");
        world.talk();
    }
}

#[test]
fn a_friend_who_is_away_is_never_dialled_under_the_last_resort() {
    let mut world = World::rotating(1000);
    world.reachable = false;
    world.cut();
    for _ in 0..48 {
        world.now.boot_ms += 3600 * 1000;
        world.run_for(1);
        assert!((0..2).all(|n| !world.friend(n).live.last_resort));
    }
    world.reachable = true;
    world.run_for(700);
    world.talk();
    assert_eq!(epochs(&mut world), [0, 0]);
}

#[test]
fn the_last_resort_is_dialled_once_an_hour() {
    let mut world = World::rotating(1000);
    // Bob is there and knows nobody any more.
    world.cut();
    world.deliver();
    world.nodes[1].engine.friends.clear();
    let mut dials = 0;
    let mut last = 0;
    for _ in 0..3 * 3600 {
        world.run_for(1);
        let at = world.friend(0).live.last_resort_at_ms;
        dials += u32::from(core::mem::replace(&mut last, at) != at);
    }
    assert!((2..=3).contains(&dials), "{dials}");
}

impl World {
    /// The file of a backup of this node.
    fn backup(&mut self, n: usize) -> Vec<u8> {
        let lock = BackupLock::new(b"x", Cost::FLOOR, [9; 32]).unwrap();
        match self.ask(n, Request::Backup(Box::new(lock))) {
            Ok(Answer::Backup { file, .. }) => file,
            _ => panic!("no backup"),
        }
    }

    /// Its home is gone; it begins again from this file.
    fn restore(&mut self, n: usize, file: &[u8]) {
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

    fn say_yes(&mut self, n: usize) {
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
fn a_restore_that_uses_old_numbers_is_found() {
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
