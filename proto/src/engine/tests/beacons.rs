//! Friends on one network, whose addresses are no good any more.

use super::world::{ADDRS, World};
use super::*;
use crate::beacon::Heard;
use crate::edge::Edge;
use crate::engine::testing::with_friends;
use crate::limits::{BEACON_BYTES, BEACON_DIAL_PAUSE_MS, BEACON_MS_MAX, BEACON_TAGS};

/// Two friends who know no address of each other, and nothing is up between them.
fn apart() -> World {
    let mut world = World::friends();
    for n in 0..2 {
        world.friend(n).addrs.clear();
    }
    world.cut();
    world.run_for(5);
    world
}

fn is_linked(world: &mut World, n: usize) -> bool {
    world.friend(n).live.link.is_some()
}

fn dials(world: &World, n: usize) -> u64 {
    world.nodes[n].engine.next_conn / 2
}

/// Hands the other node what this one sent, as it would come from its address.
fn carry_beacons(world: &mut World, sender: usize) {
    for (addr, bytes) in core::mem::take(&mut world.nodes[sender].beacons) {
        let from = addr.at(5353);
        world.tell(1 - sender, Input::Beacon { from, bytes });
    }
}

fn near(world: &mut World) {
    (0..2).for_each(|n| world.tell(n, Input::Near(vec![ADDRS[n]])));
}

#[test]
fn friends_who_know_no_address_of_each_other_find_each_other_by_a_beacon() {
    let mut world = apart();
    world.run_for(120);
    assert!(!is_linked(&mut world, 0), "nobody knew where");
    near(&mut world);
    world.run_for(4);
    assert_eq!(world.nodes[1].beacons[0].1.len(), BEACON_BYTES);
    let (from, bytes) = world.nodes[1].beacons.remove(0);
    world.tell(0, Input::Beacon { from, bytes });
    world.run_for(4);
    assert!(is_linked(&mut world, 0) && is_linked(&mut world, 1));
    assert_eq!(world.friend(0).addrs, [ADDRS[1]], "and kept what was good");
}

#[test]
fn a_node_without_friends_says_and_hears_nothing() {
    let mut world = World::new();
    near(&mut world);
    world.run_for(600);
    let silent = |node: &world::Node| !node.hears && node.beacons.is_empty();
    assert!(world.nodes.iter().all(silent));
}

#[test]
fn friends_who_are_linked_need_no_beacon() {
    let mut world = World::friends();
    near(&mut world);
    world.run_for(600);
    assert!(world.nodes.iter().all(|node| node.beacons.is_empty()));
    assert!(world.nodes[0].hears, "the link may go at any time");
}

#[test]
fn whom_i_blocked_gets_no_beacon_and_is_not_heard() {
    let mut world = apart();
    near(&mut world);
    let (name, on) = (String::from("bob"), true);
    let block = Request::Block { name, blocked: on };
    assert!(world.ask(0, block).is_ok());
    world.run_for(120);
    assert!(!world.nodes[0].hears && world.nodes[0].beacons.is_empty());
    let before = dials(&world, 0);
    carry_beacons(&mut world, 1);
    world.run_for(5);
    assert_eq!(dials(&world, 0), before);
}

#[test]
fn beacons_come_seldom_when_nothing_changes_and_soon_when_something_does() {
    let mut world = apart();
    near(&mut world);
    world.run_for(3600);
    let sent = world.nodes[0].beacons.len();
    let most = 8 + 3_600_000 / (BEACON_MS_MAX as usize / 2);
    assert!((30..most).contains(&sent), "{sent} in an hour");
    world.tell(0, Input::Near(vec![ADDRS[0].at(7)]));
    world.run_for(4);
    assert!(
        world.nodes[0].beacons.len() > sent,
        "another address is told soon"
    );
}

#[test]
fn a_beacon_that_is_sent_again_and_again_brings_few_dials() {
    let mut world = apart();
    near(&mut world);
    world.run_for(4);
    world.reachable = false;
    let (from, bytes) = world.nodes[1].beacons.remove(0);
    let before = dials(&world, 0);
    for _ in 0..100 {
        for _ in 0..20 {
            let bytes = bytes.clone();
            world.tell(0, Input::Beacon { from, bytes });
        }
        world.run_for(1);
    }
    let dials = dials(&world, 0) - before;
    let most = 1 + 100_000 / (BEACON_DIAL_PAUSE_MS / 2);
    assert!((5..=most).contains(&dials), "{dials} in 100 seconds");
    let (from, bytes) = (Addr::V4([127, 0, 0, 7], 1), bytes);
    world.run_for(20);
    let before = world.nodes[0].engine.next_conn;
    world.tell(0, Input::Beacon { from, bytes });
    assert_eq!(
        world.nodes[0].engine.next_conn, before,
        "and from elsewhere none"
    );
}

#[test]
fn what_strangers_send_as_a_beacon_has_no_effect() {
    let mut world = apart();
    near(&mut world);
    world.run_for(4);
    let node = &mut world.nodes[0];
    for (draw, length) in [0, 1, BEACON_BYTES - 1, BEACON_BYTES, BEACON_BYTES + 1, 1472]
        .iter()
        .enumerate()
    {
        let (from, bytes) = (ADDRS[1], vec![draw as u8; *length]);
        node.engine
            .handle(world.now, [9; 32], Input::Beacon { from, bytes });
        assert!(node.engine.poll().is_none());
    }
}

#[test]
fn more_friends_than_a_beacon_has_place_for_have_their_turn() {
    let count = BEACON_TAGS + 30;
    let mut engine = with_friends(count as u32);
    let mut now = Now {
        wall_ms: 1_800_000_000_000,
        boot_ms: 10_000,
    };
    engine.handle(now, [1; 32], Input::Near(vec![ADDRS[0]]));
    let mut found = BTreeSet::new();
    for turn in 0..3 {
        now.boot_ms += 2 * BEACON_MS_MAX;
        engine.handle(now, [turn; 32], Input::Tick);
        while let Some(step) = engine.poll() {
            for effect in step.then {
                let Effect::Beacon { from, bytes } = effect else {
                    continue;
                };
                let heard = Heard::read(from, &bytes, now.wall_ms).unwrap();
                let mut of = 0;
                for (no, friend) in &engine.friends {
                    let key = friend.edges.iter().map(Edge::beacon_to).next().unwrap();
                    if heard.addr(&key).is_some() {
                        of += 1;
                        found.insert(*no);
                    }
                }
                assert_eq!(of, BEACON_TAGS);
            }
        }
    }
    assert_eq!(found.len(), count);
}
