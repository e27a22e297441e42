//! Invitations that cross, and a joiner to whom the verdict was lost.

use super::world::World;
use crate::engine::*;
use crate::limits::POST_MINUTES;

#[test]
fn two_invitations_that_cross_make_one_friend_and_one_session_on_each_side() {
    for first in 0..2 {
        let mut world = World::new();
        let codes = [world.invite(0, "inv"), world.invite(1, "inv")];
        world.reachable = false;
        world.accept(0, &codes[1], "bob");
        world.accept(1, &codes[0], "ada");
        world.reachable = true;
        world.now.boot_ms += 20_000;
        (0..2).for_each(|n| world.tell((first + n) % 2, Input::Tick));
        world.run_for(120);
        for n in 0..2 {
            assert_eq!(world.nodes[n].engine.friends.len(), 1);
            assert!(world.nodes[n].engine.joins.is_empty());
            let paired = world.nodes[n]
                .events
                .iter()
                .filter(|e| matches!(e, Event::Paired { .. }));
            assert_eq!(paired.count(), 1);
        }
        for (n, words) in ["hello", "bonjour"].into_iter().enumerate() {
            let name = world.friend(n).petname.as_str().to_owned();
            world.send(n, &name, words).unwrap();
        }
        world.run_for(5);
        assert_eq!(
            (world.texts(0), world.texts(1)),
            (vec!["bonjour".into()], vec!["hello".into()])
        );
    }
}

/// Bob claimed Ada's invitation, and the verdict was lost with his connection.
fn verdict_lost() -> World {
    let mut world = World::new();
    let code = world.invite(0, "bob");
    world.accept(1, &code, "ada");
    while world.nodes[0].engine.friends.is_empty() {
        let (n, input) = world.queue.pop_front().unwrap();
        world.tell(n, input);
    }
    world
        .queue
        .retain(|(_, input)| matches!(input, Input::Closed(_)));
    world.reachable = false;
    world.cut();
    world.deliver();
    assert!(!world.friend(1).settled && world.friend(0).settled);
    world
}

#[test]
fn a_link_that_comes_before_the_verdict_ends_the_joining() {
    let mut world = verdict_lost();
    world.nodes[1]
        .engine
        .joins
        .values_mut()
        .for_each(|join| join.redial.at_ms = u64::MAX);
    world.reachable = true;
    world.run_for(10);
    assert!(world.friend(1).settled && world.nodes[1].engine.joins.is_empty());
    assert!(world.nodes[1].events.contains(&Event::Paired {
        petname: "ada".into()
    }));
}

#[test]
fn a_joiner_who_never_heard_the_verdict_dials_the_edge_once_the_invitation_is_over() {
    let mut world = verdict_lost();
    world.friend(0).addrs.clear();
    world.now.wall_ms += 60_000 * u64::from(POST_MINUTES + 61);
    world.reachable = true;
    world.run_for(4000);
    assert!(world.friend(1).settled && world.friend(1).sessions.active.is_some());
}

#[test]
fn another_code_of_an_inviter_who_was_never_heard_again_is_taken() {
    let mut world = verdict_lost();
    world.nodes[0].engine.friends.clear();
    world.nodes[0].engine.invites.clear();
    world.reachable = true;
    let code = world.invite(0, "robert");
    world.accept(1, &code, "ada2");
    world.run_for(30);
    world.send(1, "ada2", "at last").unwrap();
    world.run_for(5);
    assert_eq!(world.texts(0), ["at last"]);
    assert_eq!(world.nodes[1].engine.friends.len(), 1);
}
