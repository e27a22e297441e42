//! New secrets while friends talk, and the last resort: whatever is lost on the way, they go on talking.

use super::world::{Losses, World};
use crate::edge::Edge;
use crate::engine::links::PARCEL;
use crate::engine::*;

/// The highest epoch each holds.
pub(super) fn epochs(world: &mut World) -> [u32; 2] {
    [0, 1].map(|n| world.friend(n).edges.one().unwrap().highest())
}

fn held(world: &mut World, n: usize) -> usize {
    world.friend(n).edges.all().count() - 1
}

impl World {
    /// Friends whose edges get new secrets after so many links.
    pub(super) fn rotating(links: u32) -> Self {
        let mut world = Self::friends();
        world.run_for(10);
        for node in &mut world.nodes {
            node.engine.rotate_links = links;
        }
        world
    }

    /// No more new secrets.
    pub(super) fn stay(&mut self) {
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
    pub(super) fn rotate(&mut self, times: usize) {
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

    pub(super) fn talk(&mut self) {
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
fn a_clock_beyond_all_years_is_not_always_a_month_later() {
    let mut world = World::friends();
    world.run_for(10);
    let ever = u64::from(u32::MAX) * crate::time::MINUTE_MS;
    (world.now.boot_ms, world.now.wall_ms) = (ever, ever);
    world.run_for(30);
    let [a, b] = epochs(&mut world);
    assert!(a == b && a <= 2, "{a} {b}");
}

#[test]
fn an_edge_gets_new_secrets_after_a_month() {
    let mut world = World::rotating(1000);
    world.pass_days(31);
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
            world.leap_day();
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
