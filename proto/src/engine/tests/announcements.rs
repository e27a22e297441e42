//! One new identity after another: the newest is asked about, in whatever order they are heard of.

use super::renewal::{asked, ends, newest};
use super::world::World;
use crate::engine::links::PARCEL;
use crate::engine::*;
use crate::limits::IDENTITIES_TOLD_PER_DAY_MAX;

#[test]
fn an_identity_that_is_renewed_again_before_it_was_confirmed_leaves_nothing_behind() {
    let mut world = World::two();
    world.renew(0);
    world.run_for(20);
    world.renew(0);
    world.run_for(20);
    assert_eq!(world.nodes[0].engine.me.former(), 1);
    assert_eq!(asked(&mut world, 0).1, asked(&mut world, 1).1);
    world.confirm(1);
    world.run_for(20);
    // Twice before anything of it arrived.
    world.renew(0);
    world.renew(0);
    world.run_for(20);
    world.confirmed_they_talk();
}

#[test]
fn an_identity_that_is_renewed_again_while_one_is_being_settled_takes_its_place_afterwards() {
    for (who, restarts) in [(0, false), (1, false), (0, true), (1, true)] {
        for steps in 0..20 {
            let mut world = World::two();
            world.renew(who);
            world.run_for(10);
            world.confirm(1 - who);
            world.steps(steps);
            world.renew(who);
            if restarts {
                world.starts_again(who);
            }
            world.run_for(900);
            if world.how(1 - who) == How::NewIdentity {
                world.confirm(1 - who);
                world.run_for(60);
            }
            world.is_renewed();
            world.talks();
        }
    }
}

#[test]
fn announcements_that_overtake_each_other_leave_the_newest() {
    for who in 0..2 {
        let mut world = World::two();
        world.renew(who);
        let mut late = core::mem::take(&mut world.queue);
        assert_eq!(late.len(), 1);
        world.renew(who);
        world.run_for(5);
        world.queue.append(&mut late);
        world.run_for(5);
        let newest = newest(&world, who);
        let theirs = world.friend(1 - who).renewal.theirs.as_ref().unwrap();
        assert!(theirs.point == newest);
        world.confirm(1 - who);
        world.run_for(60);
        world.is_renewed();
        world.talks();
    }
}

#[cfg(feature = "planted")]
#[test]
fn bugs_planted_in_announcements_are_found() {
    use super::renewal::cut_at;
    use crate::planted::{Bug, plant};
    let restarts = || assert!(cut_at(0, 0, &[0]));
    let promises: [(_, fn()); 2] = [
        (
            Bug::AnnouncementsOvertake,
            announcements_that_overtake_each_other_leave_the_newest,
        ),
        (Bug::AnnouncementForgotten, restarts),
    ];
    for (bug, promise) in promises {
        promise();
        plant(Some(bug));
        let kept = std::panic::catch_unwind(promise).is_ok();
        plant(None);
        assert!(!kept, "{bug:?}");
    }
}

/// What was acknowledged, and nobody heard so, is known there: what it says now would not be read.
#[test]
fn an_announcement_that_came_and_was_not_acknowledged_is_made_anew_for_the_edge_that_follows() {
    for who in 0..2 {
        let mut world = World::two();
        world.renew(1 - who);
        world.run_for(20);
        world.lost = Some((1 - who, PARCEL));
        world.renew(who);
        world.confirm(who);
        world.run_for(5);
        assert_eq!(world.how(1 - who), How::NewIdentity, "it came");
        world.lost = None;
        world.cut();
        world.run_for(60);
        assert_eq!(ends(&mut world, who)[1], newest(&world, 1 - who));
        world.confirm(1 - who);
        world.run_for(60);
        world.is_renewed();
        world.talks();
    }
}

#[test]
fn identities_without_end_are_asked_about_one_at_a_time_and_told_thrice_a_day() {
    let mut world = World::two();
    let is_told = |event: &Event| matches!(event, Event::NewIdentity { .. });
    for day in 1..3 {
        for _ in 0..6 {
            world.renew(0);
            world.run_for(20);
            let newest = newest(&world, 0);
            assert!(world.friend(1).renewal.theirs.as_ref().unwrap().point == newest);
        }
        let told = day * IDENTITIES_TOLD_PER_DAY_MAX as usize;
        assert_eq!(world.told(1, is_told), told, "day {day}");
        assert!(world.answer(1, None).is_ok());
        world.leap_day();
        world.run_for(10);
    }
    // The last one can be confirmed as well as the first.
    for _ in 0..6 {
        world.renew(0);
        world.run_for(20);
    }
    world.confirmed_they_talk();
}
