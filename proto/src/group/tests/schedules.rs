//! Many schedules: talk, motions, splits of up to two weeks, crashes, newcomers, two without an edge, a
//! liar. At the end everything comes, and what must hold then holds.

use super::chance::each_seed;
use super::liar;
use super::watch;
use super::world::{DAY, HOUR, World};
use crate::group::{Ik, Policy};

/// What a schedule has.
pub(super) struct Plan {
    pub founders: usize,
    pub others: usize,
    pub days: u32,
    pub liar: bool,
    pub stranger: bool,
}

pub(super) fn plan(seed: u64) -> Plan {
    let founders = match seed % 50 {
        0 => 12 + (seed / 50 % 19) as usize,
        1..=9 => 7 + (seed % 5) as usize,
        _ => 4 + (seed % 3) as usize,
    };
    Plan {
        founders,
        others: 1 + (seed % 2) as usize,
        days: if founders > 11 {
            4
        } else {
            4 + (seed % 40) as u32
        },
        liar: seed.is_multiple_of(3),
        stranger: seed.is_multiple_of(7),
    }
}

/// Runs one, up to its end; what must hold at every step is checked on the way.
pub(super) fn run(seed: u64, plan: &Plan) -> World {
    let policy = Policy {
        spectator_days: (seed % 3) as u8,
        ..Policy::default()
    };
    let mut world = World::new(seed, plan.founders, plan.others, policy);
    let founders: Vec<Ik> = world.founders.iter().copied().collect();
    if plan.liar {
        let ik = liar::one_of(&mut world.chance, &founders);
        world.corrupt(ik);
    }
    if plan.stranger {
        world.strangers = Some((founders[0], founders[1]));
    }
    let until = plan.days * DAY;
    while world.minute < until {
        let pause = world.chance.minutes(10, 6 * HOUR);
        world.run(pause);
        day(&mut world);
    }
    end(&mut world);
    world
}

fn day(world: &mut World) {
    if world.chance.one_in(60) {
        let all = world.all();
        let side = all.into_iter().filter(|_| world.chance.one_in(2)).collect();
        let minutes = world.chance.minutes(HOUR, 14 * DAY);
        world.split(side, minutes);
    }
    if world.liar.is_some() && world.chance.one_in(12) {
        world.liar_acts();
        return;
    }
    let honest = world.honest();
    if let Some(ik) = world.chance.pick(&honest) {
        world.act(ik);
    }
}

/// The net is whole, everybody is up, nothing is lost any more, and a few days go by. How motions stand
/// can change still, by what is settled on one node today and on another tomorrow; who differs then is told
/// of it twice, a day and half a day apart, before that is shown.
pub(super) fn end(world: &mut World) {
    world
        .nodes
        .values_mut()
        .for_each(|node| node.down_until = 0);
    world.heal();
    world.all().into_iter().for_each(|ik| world.wake(ik));
    world.run(6 * DAY);
    world.remember_results();
    world.run(3 * DAY);
}

#[test]
fn honest_members_hold_the_same_or_are_told_that_they_do_not() {
    each_seed(
        "honest_members_hold_the_same_or_are_told_that_they_do_not",
        150,
        |seed| {
            let world = run(seed, &plan(seed));
            watch::finally(&world);
        },
    );
}
